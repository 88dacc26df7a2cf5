"""Overlay planes: what lies over an image in its own file (PS3.3 C.9.2).

They come from a stranger: nothing is allocated before its size is checked, and what cannot be shown is named.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from ..limits import MAX_FRAMES, MAX_SIDE
from ..sentences import Sentence
from .filing import one_line

Mask = NDArray[np.bool_]

_GROUPS = range(0x6000, 0x6020, 2)
_LARGEST_PLACE = 1 << 15
"""How far from the image an origin is believed to lie, in pixels."""
_MAX_LABEL = 64


class OverlayKind(StrEnum):
    """Overlay Type (60xx,0040)."""

    GRAPHICS = "G"
    REGION = "R"


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One frame of an overlay plane."""

    group: int
    """0x6000 to 0x601E."""
    kind: OverlayKind
    bits: Mask
    """(Overlay Rows, Overlay Columns)."""
    row: int
    column: int
    """Overlay Origin: where the plane's first pixel lies, the image's first being 1, 1; it may lie outside."""
    label: str = ""
    description: str = ""
    """Overlay Label and Description, the file's own words."""

    def mask(self, rows: int, columns: int) -> Mask:
        """Return the plane as it lies on an image of that size; what lies outside is cut off."""
        mask = np.zeros((rows, columns), np.bool_)
        top, left = self.row - 1, self.column - 1
        rows_in, columns_in = self.bits.shape
        high, low = max(top, 0), min(top + rows_in, rows)
        first, last = max(left, 0), min(left + columns_in, columns)
        if high < low and first < last:
            mask[high:low, first:last] = self.bits[high - top : low - top, first - left : last - left]
        return mask


class _OverlayError(ValueError):
    def __init__(self, problem: Sentence) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_overlays(dataset: Dataset, frame: int = 0) -> tuple[tuple[Overlay, ...], tuple[Sentence, ...]]:
    """Return the overlay planes that lie on a frame, from 0, and which were left out, with the reason.

    Planes embedded in the unused bits of the pixel data, which DICOM has retired, are among those left out.
    """
    overlays, left_out = [], []
    for group in _GROUPS:
        if (group, 0x0010) not in dataset and (group, 0x3000) not in dataset:
            continue
        try:
            overlay = _read_overlay(dataset, group, frame)
        except _OverlayError as error:
            left_out.append(Sentence("Overlay {0} was left out: {1}.", f"{group:04X}", error.problem))
        else:
            overlays += [overlay] if overlay else []
    return tuple(overlays), tuple(left_out)


def _read_overlay(dataset: Dataset, group: int, frame: int) -> Overlay | None:
    """Return a plane's bits for a frame; None where it has none for it.

    Raises:
        _OverlayError: It cannot be shown.
    """
    depth, position = _whole(dataset, group, 0x0100, 1), _whole(dataset, group, 0x0102, 0)
    data = _value(dataset, group, 0x3000)
    if depth != 1 or position != 0 or data is None:
        raise _OverlayError(Sentence("it is embedded in the high bits of the pixel data, which is not supported"))
    rows, columns = _whole(dataset, group, 0x0010, 0), _whole(dataset, group, 0x0011, 0)
    if not (1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE):
        raise _OverlayError(Sentence("its rows and columns are not from 1 to {0}", MAX_SIDE))
    origin = _value(dataset, group, 0x0050)
    places = [1, 1] if origin is None else list(origin) if hasattr(origin, "__iter__") else []
    if len(places) != 2 or not all(type(each) is int and abs(each) <= _LARGEST_PLACE for each in places):
        raise _OverlayError(Sentence("its origin is no place near the image"))
    try:
        kind = OverlayKind(str(_value(dataset, group, 0x0040)))
    except ValueError:
        raise _OverlayError(Sentence("its type is neither graphics nor region")) from None
    frames, first = _whole(dataset, group, 0x0015, 1), _whole(dataset, group, 0x0051, 1)
    if not (1 <= frames <= MAX_FRAMES and 1 <= first <= MAX_FRAMES):
        raise _OverlayError(Sentence("its frames are not from 1 to {0}", MAX_FRAMES))
    # A plane that says nothing of frames lies on all of them.
    place = frame - (first - 1) if (group, 0x0015) in dataset or (group, 0x0051) in dataset else 0
    size = rows * columns
    if not isinstance(data, bytes) or len(data) * 8 < frames * size:
        raise _OverlayError(Sentence("its data are cut short"))
    if not 0 <= place < frames:
        return None
    bits = _unpack(data, place * size, size, swapped=_is_big_endian(dataset) and dataset[group, 0x3000].VR == "OW")
    words = [str(_value(dataset, group, each) or "") for each in (0x1500, 0x0022)]
    label, description = (one_line(each, _MAX_LABEL) for each in words)
    return Overlay(group, kind, bits.reshape(rows, columns), places[0], places[1], label, description)


def _unpack(data: bytes, start: int, count: int, *, swapped: bool) -> Mask:
    """Return `count` bits, the first of each byte its lowest (PS3.5 8.1.2)."""
    first, last = start // 8 // 2 * 2, -(-(start + count) // 16) * 2
    packed = np.frombuffer(data[first:last], np.uint8)
    if swapped:
        packed = packed[: packed.size // 2 * 2].reshape(-1, 2)[:, ::-1].ravel()
    bits = np.unpackbits(packed, bitorder="little")
    return bits[start - 8 * first :][:count].astype(np.bool_)


def _whole(dataset: Dataset, group: int, element: int, usual: int) -> int:
    """Return a whole number, `usual` where it is absent or empty."""
    value = _value(dataset, group, element)
    try:
        return usual if value is None or value == "" else int(value)
    except (TypeError, ValueError, OverflowError):
        raise _OverlayError(Sentence("its description is broken")) from None


def _value(dataset: Dataset, group: int, element: int) -> Any:
    try:
        return dataset[group, element].value
    except Exception:  # absent, or what pydicom raises on a value that its VR does not allow
        return None


def _is_big_endian(dataset: Dataset) -> bool:
    return getattr(dataset, "original_encoding", (None, True))[1] is False
