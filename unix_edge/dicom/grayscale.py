"""Stored values to the gray that is shown: Modality LUT, VOI, and exactly one inversion (PS3.3 C.11).

Every step is a function of one stored value alone, so a picture is one look-up table laid over the stored values.
The model and the reader go through the same tables: the model with the image's `first_voi`, the reader with any.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from ..sentences import Sentence

FloatArray = NDArray[np.float64]
_CHUNK = 1 << 20
"""Pixels looked up at a time: numpy widens an index to 8 bytes."""
_LEAST_LEFT = 1 / 4
"""Of what the percentiles leave of a picture, the least that a file's preset must. Those of true radiographs leave 0.86
of the grays or more, and 0.96 of what is neither black nor white (docs/adr/0007-a-window-that-ruins-the-picture.md)."""
_LEAST_LEFT_OF_A_SLICE = 1 / 16
"""The same where a window picks one tissue out of many, as in CT: true ones leave 0.37 and 0.19."""
_SMALLEST_JUDGED = 64 * 64 + 1
"""Pixels of the smallest picture whose preset is judged; a smaller one is a test ramp or a thumbnail."""


class ImageWarning(Enum):
    """What a reader should know of an image that was read; sentences of ours, never text of the file."""

    SHAPE = Sentence(
        "Presentation LUT Shape contradicts Photometric Interpretation; Photometric Interpretation was followed."
    )
    PRESET = Sentence("A window or VOI LUT of the file cannot be used and was left out.")
    RUINED = Sentence(
        "The window or VOI LUT of the file leaves too little of the picture; it is shown from its 0.5 to its 99.5 "
        "percentile instead."
    )
    MODALITY = Sentence("The Modality LUT of the file leaves too little of the picture.")
    PADDING = Sentence("The file's pixel padding cannot be used and was ignored.")
    BLANK = Sentence("All pixels are alike: the image has no content.")
    COLOUR = Sentence("The image is in colour; what is measured, and what the model sees, is its luminance.")
    FRAMES = Sentence("The file holds several frames; one of them was read.")
    TEXT = Sentence("Some text of the header could not be decoded.")
    PROGRAM = Sentence("The file begins like a program; do not copy or run it.")


class VoiFunction(StrEnum):
    """VOI LUT Function (0028,1056), PS3.3 C.11.2.1.2 and C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Rescale:
    """Rescale Slope and Intercept (PS3.3 C.11.1.1.2)."""

    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Lut:
    """An item of the Modality LUT or VOI LUT Sequence (PS3.3 C.11.1.1.1, C.11.2.1.1)."""

    first: int
    """The input value that is mapped to the first entry; all below it are, too."""
    entries: NDArray[np.uint16]
    bits: int
    """Of each entry, 8 to 16, as the file declares them."""
    explanation: str = ""
    """LUT Explanation (0028,3003), the file's own words."""

    @property
    def largest(self) -> int:
        """What stands for white: the largest number of its bits, unless its entries contradict them.

        Writers declare 16 bits for entries of 12, and fewer than entries need. Where no entry uses the uppermost bit,
        or one has more bits than are declared, white is what the entries reach. No fewer than 8 can be declared.
        """
        declared, reached = (1 << self.bits) - 1, int(self.entries.max())
        contradicts = reached > declared or (self.bits > 8 and 0 < reached <= declared // 2)
        return reached if contradicts else declared


@dataclass(frozen=True, slots=True)
class Window:
    """A window, in modality values; `width` is at least 1 where LINEAR, above 0 else."""

    center: float
    width: float
    function: VoiFunction = VoiFunction.LINEAR
    explanation: str = ""
    """Window Center & Width Explanation (0028,1055), the file's own words."""


Modality = Rescale | Lut
Voi = Window | Lut


@dataclass(frozen=True, slots=True, eq=False)
class StoredImage:
    """One frame's stored values and everything that says how to show them."""

    stored: NDArray[Any]
    """(Rows, Columns), 8- or 16-bit integers."""
    modality: Modality = Rescale()
    presets: tuple[Voi, ...] = ()
    """What the file offers, in its order: VOI LUTs, then windows."""
    inverted: bool = False
    """MONOCHROME1: the least value is white."""
    padding: tuple[int, int] | None = None
    """The least and the largest stored value that mean that nothing was imaged there; both are shown black."""
    warnings: tuple[ImageWarning, ...] = ()
    first_preset_ruins: bool | None = None
    """Whether the first preset ruins the picture (`judge_first_preset`); None: not judged yet."""
    colour: NDArray[np.uint8] | None = None
    """(Rows, Columns, 3), the red, green and blue whose luminance the stored values are; None of a gray image."""

    @property
    def nbytes(self) -> int:
        """Bytes of its pixels."""
        return self.stored.nbytes + (0 if self.colour is None else self.colour.nbytes)

    def take(self, cut: Callable[[NDArray[Any]], NDArray[Any]]) -> "StoredImage":
        """Return a part of its pixels, cut out of arrays whose first axes are rows and columns."""
        return replace(self, stored=cut(self.stored), colour=None if self.colour is None else cut(self.colour))


def show_to_model(image: StoredImage) -> NDArray[np.uint8]:
    """Show an image as the model always sees it: by its `first_voi`, never by a reader's window."""
    return show(image, first_voi(image))


def first_voi(image: StoredImage) -> Voi:
    """Return the file's first preset, else, or where that ruins the picture, the percentiles' window."""
    if image.first_preset_ruins is None:
        image = judge_first_preset(image)
    return percentile_window(image) if image.first_preset_ruins or not image.presets else image.presets[0]


def describe_voi(image: StoredImage, voi: Voi) -> str:
    """Say how the model saw an image, by its `first_voi`, in letters and numbers without words of the file."""
    if isinstance(voi, Lut):
        how = f"VOI LUT of {len(voi.entries)} entries from {voi.first}, {voi.bits} bits"
    else:
        how = f"{voi.function} window, center {voi.center:.10g}, width {voi.width:.10g}".replace("+", "")
    if image.presets and voi is image.presets[0]:
        return f"{how}: the file's first"
    why = ", for the file's own ruins the picture" if image.presets else ""
    return f"{how}: 0.5 to 99.5 percentile{why}"


def judge_first_preset(image: StoredImage, *, cross_sectional: bool = False) -> StoredImage:
    """Say whether an image's first preset ruins the picture, and warn if that or its Modality LUT does.

    A model drafts as fluently from a white rectangle as from a radiograph. A preset ruins where it leaves far fewer
    grays, or far less between black and white, than the percentiles' window does: a table of one value, a window that
    lies beside the data, a window of width 1.

    Args:
        image: What was stored.
        cross_sectional: It is a slice, as of CT, and no projection.
    """
    if image.stored.size < _SMALLEST_JUDGED:
        return replace(image, first_preset_ruins=False)
    counts = count_values(image)
    least = _LEAST_LEFT_OF_A_SLICE if cross_sectional else _LEAST_LEFT

    def is_ruined(left: tuple[int, int], could: tuple[int, int]) -> bool:
        return any(one < least * other for one, other in zip(left, could, strict=True))

    could = _measure_what_is_left(image, percentile_window(image, counts), counts)
    ruins = bool(image.presets) and is_ruined(_measure_what_is_left(image, image.presets[0], counts), could)
    warnings = (*image.warnings, ImageWarning.RUINED) if ruins else image.warnings
    if isinstance(image.modality, Lut):
        plain = replace(image, modality=Rescale())
        if is_ruined(could, _measure_what_is_left(plain, percentile_window(plain, counts), counts)):
            warnings = (*warnings, ImageWarning.MODALITY)
    return replace(image, first_preset_ruins=ruins, warnings=warnings)


def _measure_what_is_left(image: StoredImage, voi: Voi, counts: NDArray[np.int64]) -> tuple[int, int]:
    """Return how many grays a window shows, and how many pixels between black and white."""
    pixels = np.bincount(make_table(image, voi), weights=counts, minlength=256)
    return int(np.count_nonzero(pixels)), int(pixels[1:255].sum())


def show(image: StoredImage, voi: Voi) -> NDArray[np.uint8]:
    """Return the image (Rows, Columns) in gray: 0 black, 255 white.

    Args:
        image: What was stored.
        voi: One of the image's presets, its `percentile_window`, or any window.
    """
    return look_up(make_table(image, voi), image.stored)


def show_to_reader(image: StoredImage, voi: Voi) -> NDArray[np.uint8]:
    """Return the image as a person sees it: in gray, or if it is in colour (Rows, Columns, 3) in red, green and blue.

    The window of the luminance is laid over each of the three, so that contrast is changed and colours are inverted.
    """
    if image.colour is None:
        return show(image, voi)
    return look_up(make_table(image, voi), image.colour)


def look_up(table: NDArray[np.uint8], values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the table's entry of each value, by its bits as an unsigned number, in little more memory than both."""
    indices = _as_indices(values)
    shown = np.empty(indices.size, np.uint8)
    for start in range(0, indices.size, _CHUNK):
        shown[start : start + _CHUNK] = table[indices[start : start + _CHUNK]]
    return shown.reshape(values.shape)


def make_table(image: StoredImage, voi: Voi) -> NDArray[np.uint8]:
    """Return the gray of every value that the image's dtype can hold, ordered by its bits as an unsigned number."""
    ramp = _every_value(image.stored.dtype)
    shades = apply_voi(apply_modality(ramp, image.modality), voi)
    if image.inverted:
        shades = 1 - shades
    # Rounded before it is rounded: shades of a tie must not differ between MONOCHROME1 and 2 by the last bit.
    table = np.floor(np.round(shades * 255, 6) + 0.5).astype(np.uint8)
    table[_is_padding(ramp, image.padding)] = 0
    return table


def count_values(image: StoredImage) -> NDArray[np.int64]:
    """Return how often every value, in the order of `make_table`, was imaged; padding counts only where all is."""
    ramp, indices = _every_value(image.stored.dtype), _as_indices(image.stored)
    counts = np.zeros(ramp.size, np.int64)
    for start in range(0, indices.size, _CHUNK):
        counts += np.bincount(indices[start : start + _CHUNK], minlength=ramp.size)
    imaged = np.where(_is_padding(ramp, image.padding), 0, counts)
    return imaged if imaged.any() else counts


def percentile_window(image: StoredImage, counts: NDArray[np.int64] | None = None) -> Window:
    """Return the window from the 0.5 to the 99.5 percentile of the image's modality values, padding left out.

    Args:
        image: What was stored.
        counts: The image's `count_values`, where they are known.
    """
    values = apply_modality(_every_value(image.stored.dtype), image.modality)
    order = np.argsort(values, kind="stable")
    imaged = count_values(image) if counts is None else counts
    values, imaged = values[order], imaged[order]
    window = _window_of_percentiles(values, imaged)
    for _ in range(2):  # a burned-in mark may be at one end or at both
        if image.stored.size < _SMALLEST_JUDGED or not _is_spoilt(window, values, imaged):
            break
        kept = _leave_out_a_mark(values, imaged)
        window = _window_of_percentiles(values, kept)
        imaged = kept
    return window


def _window_of_percentiles(values: FloatArray, imaged: NDArray[np.int64]) -> Window:
    """Return the window over ordered values, each imaged so often."""
    ranks = np.cumsum(imaged)

    def percentile(share: float) -> float:
        place = (ranks[-1] - 1) * share
        below, above = values[np.searchsorted(ranks, [np.floor(place), np.ceil(place)], side="right")]
        return float(below + (above - below) * (place - np.floor(place)))

    low, high = percentile(0.005), percentile(0.995)
    if high <= low:
        low, high = percentile(0), percentile(1)
    if high <= low:
        high = low + 1
    return Window((low + high) / 2, high - low, VoiFunction.LINEAR_EXACT)


def _is_spoilt(window: Window, values: FloatArray, imaged: NDArray[np.int64]) -> bool:
    """Tell whether a window leaves far fewer grays than there are values: something lies far from all the rest."""
    seen = values[imaged > 0]
    shades = np.clip((seen - window.center) / window.width + 0.5, 0, 1) * 255
    return len(np.unique(shades.astype(np.uint8))) < _LEAST_LEFT * min(len(np.unique(seen)), 256)


def _leave_out_a_mark(values: FloatArray, imaged: NDArray[np.int64]) -> NDArray[np.int64]:
    """Leave out the end that lies further from its neighbour, as a letter burned in with the largest number."""
    seen = np.flatnonzero(imaged)
    if len(seen) < 3:
        return imaged
    first, last = values[seen[1]] - values[seen[0]], values[seen[-1]] - values[seen[-2]]
    kept = imaged.copy()
    kept[seen[0] if first > last else seen[-1]] = 0
    return kept


def apply_modality(stored: NDArray[Any], modality: Modality) -> FloatArray:
    """Map stored values to modality values (PS3.3 C.11.1)."""
    if isinstance(modality, Lut):
        return _look_up(stored.astype(np.float64), modality).astype(np.float64)
    return stored.astype(np.float64) * modality.slope + modality.intercept


def apply_voi(values: FloatArray, voi: Voi) -> FloatArray:
    """Map modality values to 0..1 (PS3.3 C.11.2.1.1, C.11.2.1.2.1, C.11.2.1.3.1, C.11.2.1.3.2)."""
    if isinstance(voi, Lut):
        return np.clip(_look_up(values, voi) / voi.largest, 0, 1)
    match voi.function:
        case VoiFunction.LINEAR:
            if voi.width == 1:
                return (values > voi.center - 0.5).astype(np.float64)
            return np.clip((values - (voi.center - 0.5)) / (voi.width - 1) + 0.5, 0, 1)
        case VoiFunction.LINEAR_EXACT:
            return np.clip((values - voi.center) / voi.width + 0.5, 0, 1)
        case VoiFunction.SIGMOID:
            # 1 / (1 + exp(-4 (x - c) / w)), in the form that does not overflow.
            return 0.5 * (1 + np.tanh(2 * (values - voi.center) / voi.width))
        case _:
            assert_never(voi.function)


def _look_up(values: FloatArray, lut: Lut) -> NDArray[np.uint16]:
    places = np.clip(np.round(values) - lut.first, 0, len(lut.entries) - 1)
    return lut.entries[places.astype(np.intp)]


def _every_value(dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return every value of an integer dtype of 1 or 2 bytes, ordered by its bits read as an unsigned number."""
    unsigned = np.dtype(f"u{dtype.itemsize}")
    return np.arange(1 << 8 * dtype.itemsize).astype(unsigned).view(dtype)


def _as_indices(stored: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(stored).ravel().view(np.dtype(f"u{stored.dtype.itemsize}"))


def _is_padding(ramp: NDArray[Any], padding: tuple[int, int] | None) -> NDArray[np.bool_]:
    if padding is None:
        return np.zeros(ramp.shape, bool)
    return (ramp >= padding[0]) & (ramp <= padding[1])
