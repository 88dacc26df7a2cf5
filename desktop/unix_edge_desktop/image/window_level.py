"""Window and level: presets, dragging, inversion, and the image as it is seen in a view.

Shades come from `show_to_reader` of `unix_edge.dicom.grayscale` alone, so an image is inverted once, whoever asks.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from unix_edge.dicom.grayscale import Lut, StoredImage, Voi, VoiFunction, Window, apply_voi, show_to_reader
from unix_edge.sentences import translatable

from .images import Preset, ViewImage
from .viewport import Point, Size, Viewport, to_image, to_view

MANUAL = translatable("Manual")
STATE = translatable("Presentation state")
"""Names of windows that a reader, and a presentation state, made."""
DRAG_LENGTH = 400
"""Pixels of the mouse in which the width doubles, or the brightness runs through the whole window."""
_NARROWEST, _WIDEST = 1 / 64, 8.0
"""Of the data's range, what a drag can reach."""
_MARGIN = 4


@dataclass(frozen=True, slots=True, eq=False)
class WindowState:
    """How stored values become gray."""

    voi: Voi
    name: str
    inverted: bool = False
    """By the reader, on top of what the file says."""


def first_window(image: ViewImage) -> WindowState:
    """Return what an image is opened with: the file's first preset, else, or where that ruins it, its percentiles."""
    return _from_preset(image.presets[-1 if image.stored.first_preset_ruins else 0], inverted=False)


def is_same_voi(one: Voi, other: Voi) -> bool:
    """Return whether two are the same window, or the same table."""
    if isinstance(one, Lut) and isinstance(other, Lut):
        return (one.first, one.bits) == (other.first, other.bits) and np.array_equal(one.entries, other.entries)
    return one == other


def choose_preset(image: ViewImage, state: WindowState, number: int) -> WindowState | None:
    """Return the preset of a key from 1 to 9; None where there is none."""
    if not 1 <= number <= min(9, len(image.presets)):
        return None
    return _from_preset(image.presets[number - 1], inverted=state.inverted)


def auto_window(image: ViewImage, state: WindowState) -> WindowState:
    """Return the percentiles' window."""
    return _from_preset(image.presets[-1], inverted=state.inverted)


def invert(state: WindowState) -> WindowState:
    """Exchange black and white."""
    return replace(state, inverted=not state.inverted)


def drag(image: ViewImage, start: WindowState, across: float, up: float) -> WindowState:
    """Return the window after a drag from where it began: right is wider, up is brighter.

    Steps are parts of the window held within the data's own range, so that neither a header's vast window nor a narrow
    one makes a small drag jump; the level stays within the data, so that the image never becomes all white or black.
    """
    window = as_window(image, start.voi)
    low, high = image.auto.center - image.auto.width / 2, image.auto.center + image.auto.width / 2
    spread = high - low
    step = min(max(window.width, spread * _NARROWEST), spread * 4) / DRAG_LENGTH
    least = min(max(spread * _NARROWEST, 1.0 if window.function is VoiFunction.LINEAR else 0.0), window.width)
    width = min(max(window.width + across * step, least), max(spread * _WIDEST, window.width))
    # Brighter is a lower level, unless the least value is white.
    brighter = 1 if _is_inverted(image.stored, start) else -1
    center = window.center + brighter * up * step
    center = min(max(center, min(low, window.center)), max(high, window.center))
    dragged = replace(window, center=center, width=width)
    if isinstance(start.voi, Lut):
        return replace(start, voi=_stretch(start.voi, window, dragged), name=MANUAL)
    return replace(start, voi=dragged, name=MANUAL)


def _stretch(lut: Lut, window: Window, dragged: Window) -> Lut:
    """Return a table as far shifted, and its curve as much stretched, as a window was by a drag."""
    ratio = dragged.width / window.width
    ends = dragged.center + (lut.first + np.array([0, len(lut.entries) - 1]) - window.center) * ratio
    first = math.floor(ends[0])
    inputs = np.arange(first, math.ceil(ends[1]) + 1, dtype=np.float64)
    places = window.center + (inputs - dragged.center) / ratio - lut.first
    entries = np.interp(places, np.arange(len(lut.entries)), lut.entries)
    return replace(lut, first=first, entries=np.round(entries).astype(np.uint16))


def as_window(image: ViewImage, voi: Voi) -> Window:
    """Return a window to begin a drag from; of a LUT the line through its quarter and three quarters."""
    if isinstance(voi, Window):
        return voi
    inputs = voi.first + np.arange(len(voi.entries), dtype=np.float64)
    shades = apply_voi(inputs, voi)
    rising = shades if shades[-1] >= shades[0] else shades[::-1]
    quarter, three = (int(np.argmax(rising >= share * rising.max())) for share in (0.25, 0.75))
    width = max(2.0 * (three - quarter), image.auto.width * _NARROWEST)
    middle = inputs[0] + (quarter + three) / 2 if rising is shades else inputs[-1] - (quarter + three) / 2
    return Window(float(middle), width, VoiFunction.LINEAR_EXACT)


def read_out(state: WindowState) -> str:
    """Return width and level in digits, or that there is a table."""
    if isinstance(state.voi, Lut):
        return "VOI LUT"
    digits = 0 if state.voi.width >= 50 else max(0, 2 - math.floor(math.log10(state.voi.width)))
    return f"W {state.voi.width:.{min(digits, 9)}f} L {state.voi.center:.{min(digits, 9)}f}"


def render(
    image: ViewImage, state: WindowState, viewport: Viewport, size: Size, *, draft: bool = False
) -> NDArray[np.uint8]:
    """Return what is seen of an image, (height, width), or (height, width, 3) of one in colour, black around it.

    Args:
        image: What is shown.
        state: How it becomes gray.
        viewport: How it lies in the view.
        size: The view's width and height.
        draft: Take one stored value for each pixel of the view, as while the mouse is dragged.
    """
    stored = as_seen(image, state)
    if draft:
        return _sample(stored, state.voi, viewport, size)
    return _resample(stored, state.voi, viewport, size)


def as_seen(image: ViewImage, state: WindowState) -> StoredImage:
    """Return the stored values with the polarity in which they are seen."""
    return replace(image.stored, inverted=_is_inverted(image.stored, state))


def _sample(stored: StoredImage, voi: Voi, viewport: Viewport, size: Size) -> NDArray[np.uint8]:
    """Map one value for each pixel of the view; the turned axes are exchanged by transposing, which costs nothing."""
    columns, rows = _indices(viewport, size, 0), _indices(viewport, size, 1)
    seen = _black(size, () if stored.colour is None else (3,))
    height, width = stored.stored.shape
    (across, columns), (down, rows) = _inside(columns, width), _inside(rows, height)
    if not columns.size or not rows.size:
        return seen
    # Rows, then columns, unchecked as they are inside: a quarter of the time that both at once take.
    part = stored.take(lambda values: values.take(rows, 0, mode="clip").take(columns, 1, mode="clip"))
    shades = show_to_reader(part, voi)
    if viewport.quarters % 2:
        seen[across, down] = shades.swapaxes(0, 1)
    else:
        seen[down, across] = shades
    return seen


def _black(size: Size, channels: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.zeros((size[1], size[0], *channels), np.uint8)


def _indices(viewport: Viewport, size: Size, axis: int) -> NDArray[np.intp]:
    """Return the columns (0) or rows (1) that are seen, along the axis of the view on which they lie."""
    along = axis if viewport.quarters % 2 == 0 else 1 - axis
    first, second = (to_image(viewport, size, (at, at))[axis] for at in (0.5, 1.5))
    places: NDArray[Any] = first + (second - first) * np.arange(size[along])
    indices: NDArray[np.intp] = np.floor(places).astype(np.intp)
    return indices


def _inside(indices: NDArray[np.intp], count: int) -> tuple[slice, NDArray[np.intp]]:
    """Return which of ordered indices are of the image: they lie together."""
    places = np.flatnonzero((indices >= 0) & (indices < count))
    within = slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0)
    return within, indices[within]


def _resample(stored: StoredImage, voi: Voi, viewport: Viewport, size: Size) -> NDArray[np.uint8]:
    """Map the part that is seen at its own resolution, then scale it."""

    def shades(rows: slice, columns: slice) -> NDArray[np.uint8]:
        return show_to_reader(stored.take(lambda values: values[rows, columns]), voi)

    return lay(stored.stored.shape, shades, viewport, size, channels=() if stored.colour is None else (3,))


def lay(
    shape: tuple[int, ...],
    shades: Callable[[slice, slice], NDArray[np.uint8]],
    viewport: Viewport,
    size: Size,
    kernels: tuple[Image.Resampling, Image.Resampling] = (Image.Resampling.HAMMING, Image.Resampling.BICUBIC),
    channels: tuple[int, ...] = (),
) -> NDArray[np.uint8]:
    """Return what is seen of a picture as large as an image, (height, width, *channels), 0 around it.

    Args:
        shape: Rows and columns of the image.
        shades: Gives the picture's values in some rows and columns.
        viewport: How it lies in the view.
        size: The view's width and height.
        kernels: By which it is made smaller and larger.
        channels: (3,) of a picture in colour.
    """
    rows, columns = shape
    seen = _black(size, channels)
    # Whole pixels of the view, so that the image's edge lies where measurements see it.
    (x0, x1), (y0, y1) = _spans(to_view(viewport, size, (0, 0)), to_view(viewport, size, (columns, rows)))
    x0, y0, x1, y1 = max(0, round(x0)), max(0, round(y0)), min(size[0], round(x1)), min(size[1], round(y1))
    if x1 <= x0 or y1 <= y0:
        return seen
    target = (y1 - y0, x1 - x0) if viewport.quarters % 2 else (x1 - x0, y1 - y0)
    across, down = _spans(to_image(viewport, size, (x0, y0)), to_image(viewport, size, (x1, y1)))
    if viewport.zoom == viewport.aspect == 1:  # pixel for pixel: nothing is to be blurred
        across, down = _whole(across, target[0], columns), _whole(down, target[1], rows)
    left, right, top, bottom = max(across[0], 0), min(across[1], columns), max(down[0], 0), min(down[1], rows)
    # With a margin, so that the part's edge is interpolated from what lies beyond it.
    c0, c1 = max(0, math.floor(left) - _MARGIN), min(columns, math.ceil(right) + _MARGIN)
    r0, r1 = max(0, math.floor(top) - _MARGIN), min(rows, math.ceil(bottom) + _MARGIN)
    part = Image.fromarray(shades(slice(r0, r1), slice(c0, c1)))
    kernel = kernels[0] if target[0] < right - left else kernels[1]
    scaled = np.asarray(part.resize(target, kernel, (left - c0, top - r0, right - c0, bottom - r0)))
    if viewport.mirrored:
        scaled = scaled[:, ::-1]
    seen[y0:y1, x0:x1] = np.rot90(scaled, -viewport.quarters)
    return seen


def _spans(one: Point, other: Point) -> tuple[Point, Point]:
    """Return the least and the largest x, and the least and the largest y."""
    across, down = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return (across[0], across[1]), (down[0], down[1])


def _whole(span: Point, length: int, most: int) -> Point:
    start = min(max(round(span[0]), 0), max(most - length, 0))
    return start, min(start + length, most)


def _is_inverted(stored: StoredImage, state: WindowState) -> bool:
    return stored.inverted != state.inverted


def _from_preset(preset: Preset, *, inverted: bool) -> WindowState:
    return WindowState(preset.voi, preset.name, inverted)
