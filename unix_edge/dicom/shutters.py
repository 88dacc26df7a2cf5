"""Display shutters of an image or a presentation state: what of it is not meant to be shown (PS3.3 C.7.6.11)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from pydicom import Dataset

from ..errors import PresentationStateError
from ..sentences import Sentence
from .transforms import read_numbers

MAX_PLACE = 1 << 15
"""How far from the image an edge or a centre is believed to lie, in pixels."""
MAX_VERTICES = 4096


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangular shutter: its edges, pixels counted from 1, themselves still shown."""

    left: int
    right: int
    upper: int
    lower: int


@dataclass(frozen=True, slots=True)
class Disc:
    """A circular shutter."""

    row: int
    column: int
    radius: int
    """In pixels along a row."""


@dataclass(frozen=True, slots=True)
class Polygon:
    """A polygonal shutter."""

    vertices: tuple[tuple[int, int], ...]
    """(row, column) each; the first is not repeated."""


Shutter = Rectangle | Disc | Polygon


_BITMAP = Sentence("A bitmap shutter was left out: only rectangles, circles and polygons are shown.")
_UNKNOWN = Sentence("A shutter of unknown shape was left out: only rectangles, circles and polygons are shown.")
_CONTRADICTS = {
    "RECTANGULAR": Sentence("The rectangular shutter was left out: it contradicts itself."),
    "CIRCULAR": Sentence("The circular shutter was left out: it contradicts itself."),
    "POLYGONAL": Sentence("The polygonal shutter was left out: it contradicts itself."),
}


def read_shutters(dataset: Dataset) -> tuple[tuple[Shutter, ...], tuple[Sentence, ...]]:
    """Return the display shutters of an image or a presentation state, and which were left out, with the reason.

    Only what lies within all of them is meant to be shown.
    """
    shutters: list[Shutter] = []
    left_out = []
    for shape in _texts(dataset, "ShutterShape"):
        read = _SHUTTERS.get(shape)
        if read is None:
            left_out.append(_BITMAP if shape == "BITMAP" else _UNKNOWN)
            continue
        try:
            shutters.append(read(dataset))
        except ValueError:
            left_out.append(_CONTRADICTS[shape])
    return tuple(shutters), tuple(left_out)


def shutter_mask(shutters: Iterable[Shutter], rows: int, columns: int, aspect: float = 1.0) -> NDArray[np.bool_]:
    """Return which pixels of an image (rows, columns) are to be shown: those within every shutter.

    Args:
        shutters: As they were read; none hides nothing.
        rows: Of the image.
        columns: Of the image.
        aspect: The distance between rows over that between columns, so that a disc is one where pixels are not square.
    """
    shown = np.ones((rows, columns), np.bool_)
    for shutter in shutters:
        match shutter:
            case Rectangle(left, right, upper, lower):
                shown[: max(upper - 1, 0)] = shown[max(lower, 0) :] = False
                shown[:, : max(left - 1, 0)] = shown[:, max(right, 0) :] = False
            case Disc(row, column, radius):
                down = (np.arange(1, rows + 1) - row) * aspect
                across = np.arange(1, columns + 1, dtype=np.float64) - column
                shown &= across**2 <= (float(radius) ** 2 - down**2)[:, None]  # numbers a side, not an area
            case Polygon(vertices):
                canvas = Image.new("1", (columns, rows))
                ImageDraw.Draw(canvas).polygon([(column - 1, row - 1) for row, column in vertices], fill=1)
                shown &= np.asarray(canvas)
            case _:
                assert_never(shutter)
    return shown


def put_shutters(dataset: Dataset, shutters: Iterable[Shutter], gray: int) -> None:
    """Set a presentation state's display shutters, at most one of each shape.

    Args:
        dataset: The presentation state.
        shutters: As they are read.
        gray: The P-Value that covers what is shuttered, 0 black to 65535 white.

    Raises:
        PresentationStateError: There are two of a shape, which DICOM does not know.
    """
    shapes = []
    for shutter in shutters:
        match shutter:
            case Rectangle(left, right, upper, lower):
                shapes.append("RECTANGULAR")
                dataset.ShutterLeftVerticalEdge, dataset.ShutterRightVerticalEdge = left, right
                dataset.ShutterUpperHorizontalEdge, dataset.ShutterLowerHorizontalEdge = upper, lower
            case Disc(row, column, radius):
                shapes.append("CIRCULAR")
                dataset.CenterOfCircularShutter, dataset.RadiusOfCircularShutter = [row, column], radius
            case Polygon(vertices):
                shapes.append("POLYGONAL")
                dataset.VerticesOfThePolygonalShutter = [place for vertex in vertices for place in vertex]
            case _:
                assert_never(shutter)
    if len(set(shapes)) < len(shapes):
        raise PresentationStateError(Sentence("it has two shutters of one shape"), "written")
    if shapes:
        dataset.ShutterShape = shapes
        dataset.ShutterPresentationValue = gray


def _read_rectangle(dataset: Dataset) -> Rectangle:
    names = ("LeftVertical", "RightVertical", "UpperHorizontal", "LowerHorizontal")
    left, right, upper, lower = (_places(dataset, f"Shutter{name}Edge", 1)[0] for name in names)
    if left > right or upper > lower:
        raise ValueError
    return Rectangle(left, right, upper, lower)


def _read_disc(dataset: Dataset) -> Disc:
    row, column = _places(dataset, "CenterOfCircularShutter", 2)
    (radius,) = _places(dataset, "RadiusOfCircularShutter", 1)
    if radius < 1:
        raise ValueError
    return Disc(row, column, radius)


def _read_polygon(dataset: Dataset) -> Polygon:
    flat = _places(dataset, "VerticesOfThePolygonalShutter")
    if len(flat) % 2 or not 6 <= len(flat) <= 2 * MAX_VERTICES:
        raise ValueError
    vertices = tuple(zip(flat[::2], flat[1::2], strict=True))
    return Polygon(vertices[:-1] if vertices[0] == vertices[-1] and len(vertices) > 3 else vertices)


_SHUTTERS: dict[str, Callable[[Dataset], Shutter]] = {
    "RECTANGULAR": _read_rectangle,
    "CIRCULAR": _read_disc,
    "POLYGONAL": _read_polygon,
}


def _places(dataset: Dataset, keyword: str, count: int | None = None) -> list[int]:
    numbers = read_numbers(dataset, keyword)
    if not numbers or (count is not None and len(numbers) != count):
        raise ValueError
    if not all(abs(each) <= MAX_PLACE and each == int(each) for each in numbers):
        raise ValueError
    return [int(each) for each in numbers]


def _texts(dataset: Dataset, keyword: str) -> list[str]:
    try:
        value = dataset.get(keyword)
    except Exception:  # what pydicom raises on a value that its VR does not allow
        return []
    several = [value] if isinstance(value, str) else list(value or [])
    return list(dict.fromkeys(str(each) for each in several))[:16]
