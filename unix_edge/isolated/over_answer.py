"""Overlays and shutters of an image on their way out of the decode child: a JSON object and a block of bits.

All planes that lie on the image leave as one mask of its size. The parent believes nothing, as of stored values.
"""

from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from ..dicom.overlays import read_overlays
from ..dicom.shutters import MAX_PLACE, MAX_VERTICES, Disc, Polygon, Rectangle, Shutter, read_shutters
from ..dicom.transforms import read_numbers
from ..sentences import Sentence

_MOST_LEFT_OUT = 32
_KINDS = {"rectangle": Rectangle, "disc": Disc, "polygon": Polygon}


@dataclass(frozen=True, slots=True, eq=False)
class Over:
    """What a file lays over its image."""

    overlay: NDArray[np.bool_] | None = None
    """Where any of its overlay planes is drawn, (Rows, Columns); None where it has none."""
    shutters: tuple[Shutter, ...] = ()
    shutter_gray: int = 0
    """The P-Value that covers what is shuttered, 0 black to 65535 white."""


def read_over(dataset: Dataset, shape: tuple[int, int], frame: int) -> tuple[Over, tuple[Sentence, ...]]:
    """Return what lies over a frame, from 0, of an image, and sentences on what was left out."""
    planes, undrawn = read_overlays(dataset, frame)
    shutters, unshut = read_shutters(dataset)
    overlay: NDArray[np.bool_] | None = np.zeros(shape, np.bool_) if planes else None
    for plane in planes:
        assert overlay is not None
        overlay |= plane.mask(*shape)
    gray = int((read_numbers(dataset, "ShutterPresentationValue") or [0])[0])
    return Over(overlay, shutters, min(max(gray, 0), 65535)), (undrawn + unshut)[:_MOST_LEFT_OUT]


def pack_over(over: Over, left_out: tuple[Sentence, ...]) -> tuple[dict[str, Any], bytes]:
    """Return what is said of it, and the mask's bits."""
    said = {
        "overlay": over.overlay is not None,
        "shutters": [describe_shutter(each) for each in over.shutters],
        "gray": over.shutter_gray,
        "left_out": [each.as_json() for each in left_out],
    }
    return said, b"" if over.overlay is None else np.packbits(over.overlay).tobytes()


def over_length(said: Any, shape: tuple[int, int]) -> int:
    """Return how many bytes follow."""
    return -(-shape[0] * shape[1] // 8) if said["overlay"] is True else 0


def unpack_over(said: Any, shape: tuple[int, int], block: bytes) -> tuple[Over, tuple[Sentence, ...]]:
    """Rebuild what `pack_over` packed, from a block of `over_length`.

    Raises:
        ValueError: What is said cannot be; KeyError, TypeError or AttributeError where it is of another kind.
    """
    shutters, left_out, gray = said["shutters"], said["left_out"], said["gray"]
    if len(shutters) > len(_KINDS) or len(left_out) > _MOST_LEFT_OUT:
        raise ValueError
    if type(gray) is not int or not 0 <= gray <= 65535:
        raise ValueError
    overlay = None
    if block:
        bits = np.unpackbits(np.frombuffer(block, np.uint8), count=shape[0] * shape[1])
        overlay = bits.reshape(shape).view(np.bool_)
    return Over(overlay, tuple(rebuild_shutter(each) for each in shutters), gray), tuple(
        map(Sentence.from_json, left_out)
    )


def describe_shutter(shutter: Shutter) -> dict[str, Any]:
    """Return a shutter as it travels."""
    kind = next(name for name, each in _KINDS.items() if isinstance(shutter, each))
    return {"kind": kind, "places": list(astuple(shutter))}


def rebuild_shutter(said: Any) -> Shutter:
    """Return the shutter that `describe_shutter` described.

    Raises:
        ValueError, KeyError or TypeError: It is none.
    """
    kind, places = said["kind"], said["places"]
    if kind == "polygon":
        (vertices,) = places
        if not 3 <= len(vertices) <= MAX_VERTICES:
            raise ValueError
        return Polygon(tuple((_place(row), _place(column)) for row, column in vertices))
    shape = {"rectangle": Rectangle, "disc": Disc}[kind]
    return shape(*(_place(each) for each in places))


def _place(value: object) -> int:
    if type(value) is not int or abs(value) > MAX_PLACE:
        raise ValueError
    return value
