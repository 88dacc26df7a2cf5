"""Measurements in image coordinates: lengths, angles, the cardiothoracic ratio, regions, single values, and arrows.

A distance gets number, unit and label from the spacing alone, together; what cannot be measured is "-". A class is all
there is of a kind: its tool, its keys, how it is drawn, filed and kept follow from what it says of itself, once `KINDS`
names it.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from unix_edge.sentences import Sentence, translatable

from ..words.translated import QT_TRANSLATE_NOOP
from .images import ViewImage
from .viewport import Point

NOTHING = "-"
MOST_WORDS = 256
"""Characters of what a reader writes at an arrow."""
_BARB = math.radians(25)
"""Between an arrow and each of its barbs."""
_DEGREE = "\N{DEGREE SIGN}"
Translate = Callable[[str], str]


class Outline(Enum):
    """What is drawn of a measurement."""

    LINES = "lines"
    """Along its `paths`."""
    CROSS = "cross"
    RECTANGLE = "rectangle"
    """Upright, between two corners."""
    ELLIPSE = "ellipse"
    """Upright, between two corners."""


@dataclass(frozen=True, slots=True)
class Measurement(ABC):
    """Points that a person set, and what is measured by them."""

    points: tuple[Point, ...]
    labels: tuple[Point | None, ...] = ()
    """Where texts begin that a person moved: what is written beside it, then at each line; None of those in place."""
    words: str = ""
    """What a person wrote at it, on one line."""

    kind: ClassVar[str]
    """In files and in the names of tools; never changed."""
    text: ClassVar[str]
    """In menus; translated in the context "Actions"."""
    key: ClassVar[str]
    icon: ClassVar[str]
    """The path of an SVG on a grid of 24."""
    count: ClassVar[int]
    """How many points it has."""
    of_spacing: ClassVar[bool] = False
    """Whether its numbers depend on what a distance means."""
    outline: ClassVar[Outline] = Outline.LINES
    paths: ClassVar[tuple[tuple[int, ...], ...]] = ()
    """Of its points, those that lines join, one after the other."""
    is_level: ClassVar[bool] = False
    """Whether its lines are drawn level, as the image is seen."""
    asks: ClassVar[tuple[str, ...]] = ()
    """What is asked for on the view, a sentence for each of its lines, while its tool is chosen."""
    has_words: ClassVar[bool] = False
    """Whether a person writes at it, at its last point."""
    has_head: ClassVar[bool] = False
    """Whether it points at its first point."""

    @abstractmethod
    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return what is written beside it."""

    def line_texts(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return what is written at each of its lines that has both ends; of most kinds nothing."""
        return ()

    def refusal(self) -> Sentence | None:
        """Return why it cannot be what it is meant to be, once it has all its points."""
        return None

    def segments(self) -> tuple[tuple[Point, Point], ...]:
        """Return the lines that are drawn, once it has all its points."""
        return tuple((self.points[start], self.points[end]) for path in self.paths for start, end in pairwise(path))

    def anchors(self) -> tuple[Point, ...]:
        """Return what a line from a text that was moved may lead to: its points, and the middles of its lines."""
        return (*self.points, *(_middle(*ends) for ends in self.segments()))

    def label(self, index: int) -> Point | None:
        """Return where a person put a text: 0 what is written beside it, then at each line; None where none did."""
        return self.labels[index] if index < len(self.labels) else None

    def with_label(self, index: int, place: Point) -> Self:
        """Return it with a text elsewhere."""
        labels = [self.label(each) for each in range(max(len(self.labels), index + 1))]
        labels[index] = place
        return replace(self, labels=tuple(labels))

    def with_words(self, words: str) -> Self:
        """Return it with what a person writes at it."""
        return replace(self, words=words)

    def moved(self, across: float, down: float) -> Self:
        """Return it elsewhere, with its texts."""
        points = tuple((x + across, y + down) for x, y in self.points)
        labels = tuple(each and (each[0] + across, each[1] + down) for each in self.labels)
        return replace(self, points=points, labels=labels)

    def with_point(self, index: int, point: Point) -> Self:
        """Return it with one of its points elsewhere."""
        return replace(self, points=(*self.points[:index], point, *self.points[index + 1 :]))


class Length(Measurement):
    """A distance, with what it means."""

    kind, count, of_spacing = "length", 2, True
    text, key, icon = QT_TRANSLATE_NOOP("Actions", "Length"), "D", "M4 20L20 4M3 16l5 5M16 3l5 5"
    paths = ((0, 1),)

    def value(self, image: ViewImage) -> float:
        """Return the distance in the spacing's unit."""
        (x0, y0), (x1, y1) = self.points
        return image.spacing.length(y1 - y0, x1 - x0)

    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return number and label; the label begins with the unit."""
        return (f"{self.value(image):.1f} {translate(image.spacing.label)}",)


class Angle(Measurement):
    """The angle between two lines from one point, which is the second of the three."""

    kind, count = "angle", 3
    text, key, icon = QT_TRANSLATE_NOOP("Actions", "Angle"), "A", "M19 19H4L15 5M12 19a7 7 0 0 0-3-6"
    paths = ((0, 1, 2),)

    def value(self, image: ViewImage) -> float | None:
        """Return degrees from 0 to 180; None where an arm has no length."""
        end, vertex, other = self.points
        return _angle(image, (vertex, end), (vertex, other))

    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return the angle."""
        return (_degrees(self.value(image)),)


class Cobb(Measurement):
    """The angle between two lines that need not meet, from 0 to 90 degrees."""

    kind, count = "cobb", 4
    text, key, icon = QT_TRANSLATE_NOOP("Actions", "Cobb angle"), "B", "M4 8l13-4M4 16l14 4M10 6.2v11.5"
    paths = ((0, 1), (2, 3))

    def value(self, image: ViewImage) -> float | None:
        """Return degrees; None where a line has no length."""
        angle = _angle(image, *self.segments())
        return None if angle is None else min(angle, 180 - angle)

    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return the angle."""
        return (f"{translate('Cobb')} {_degrees(self.value(image))}",)


class CardiothoracicRatio(Measurement):
    """Two level lines: the width of the heart, then that of the thorax, which is never the smaller one."""

    kind, count, of_spacing = "ctr", 4, True
    text, key = QT_TRANSLATE_NOOP("Actions", "Cardiothoracic ratio"), "C"
    icon = "M8 10h7M4 16h16M8 8v4M15 8v4M4 14v4M20 14v4"
    paths = ((0, 1), (2, 3))
    is_level = True
    asks = (
        translatable("Mark the greatest width of the heart, from border to border. Esc leaves the tool."),
        translatable("Now mark the greatest inner width of the thorax, from border to border. Esc leaves the tool."),
    )

    def value(self) -> float | None:
        """Return the ratio; None where the thorax has no width."""
        heart, thorax = (math.dist(*line) for line in self.segments())
        return heart / thorax if thorax else None

    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return the ratio with two digits; none above 1."""
        ratio = self.value()
        return (f"{translate('CTR')} {NOTHING if ratio is None or ratio > 1 else f'{ratio:.2f}'}",)

    def line_texts(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return both widths, each with its name and what a distance means."""
        names = (translate("Heart"), translate("Thorax"))
        ends = [(self.points[start], self.points[end]) for start, end in self.paths if end < len(self.points)]
        widths = [image.spacing.length(y1 - y0, x1 - x0) for (x0, y0), (x1, y1) in ends]
        label = translate(image.spacing.label)
        drawn = zip(names, widths, strict=False)  # half drawn it has the heart's alone
        return tuple(f"{name} {width:.1f} {label}" for name, width in drawn)

    def refusal(self) -> Sentence | None:
        """Return why there is no such ratio: a width is 0, or the heart's is the greater one."""
        heart, thorax = (math.dist(*line) for line in self.segments())
        if not heart or not thorax:
            return Sentence("A line of the ratio has no length; nothing was changed. Mark each from border to border.")
        if heart > thorax:
            return Sentence(
                "The heart cannot be wider than the thorax; nothing was changed. Mark the heart first, then the thorax."
            )
        return None

    def with_point(self, index: int, point: Point) -> Self:
        """Return it with an end elsewhere; the line stays level, along the image axis on which it lies."""
        partner = index ^ 1
        (x0, y0), (x1, y1) = self.points[:2]
        x, y = self.points[partner]
        other = (x, point[1]) if abs(x1 - x0) >= abs(y1 - y0) else (point[0], y)
        points = list(self.points)
        points[index], points[partner] = point, other
        return replace(self, points=tuple(points))


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the modality values in a region."""

    n: int
    mean: float
    deviation: float
    """Of the sample, divided by n - 1; 0 of one pixel."""
    least: float
    largest: float
    median: float


_KNOWN: "WeakKeyDictionary[ViewImage, dict[tuple[str, tuple[Point, ...]], Statistics | None]]" = WeakKeyDictionary()
_MOST_KNOWN = 64


class Region(Measurement):
    """A region between two corners; its pixels are those whose middle lies in it."""

    count, of_spacing = 2, True

    def box(self) -> tuple[Point, Point]:
        """Return its upper left and lower right corner."""
        (x0, y0), (x1, y1) = self.points
        return (min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))

    def anchors(self) -> tuple[Point, ...]:
        """Return the middles of its sides."""
        (x0, y0), (x1, y1) = self.box()
        across, down = _middle((x0, y0), (x1, y1))
        return (across, y0), (x1, down), (across, y1), (x0, down)

    @abstractmethod
    def share(self) -> float:
        """Return how much of its box it fills."""

    @abstractmethod
    def covers(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.bool_]:
        """Return which points lie in it."""

    def statistics(self, image: ViewImage) -> Statistics | None:
        """Return what the values in it are; None where it holds no pixel of the image, or only padding."""
        known, what = _KNOWN.setdefault(image, {}), (self.kind, self.points)
        if what not in known:  # asked for at every repaint
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[what] = self._measure(image)
        return known[what]

    def _measure(self, image: ViewImage) -> Statistics | None:
        (x0, y0), (x1, y1) = self.box()
        rows, columns = image.shape
        c0, c1 = max(0, math.floor(x0)), min(columns, math.ceil(x1))
        r0, r1 = max(0, math.floor(y0)), min(rows, math.ceil(y1))
        if c1 <= c0 or r1 <= r0:
            return None
        values = image.values(slice(r0, r1), slice(c0, c1))
        values = values[self.covers(np.arange(c0, c1)[None] + 0.5, np.arange(r0, r1)[:, None] + 0.5)]
        values = values[~np.isnan(values)]
        if not values.size:
            return None
        deviation = float(values.std(ddof=1)) if values.size > 1 else 0.0
        least, largest, median = float(values.min()), float(values.max()), float(np.median(values))
        return Statistics(values.size, float(values.mean()), deviation, least, largest, median)

    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return the statistics, of colours those of their luminance, then the area with what it means."""
        found = self.statistics(image)
        if found is None:
            return (NOTHING,)
        (x0, y0), (x1, y1) = self.box()
        area = (x1 - x0) * (y1 - y0) * self.share() * image.spacing.row * image.spacing.column
        label = translate(image.spacing.label).removeprefix(image.spacing.unit)
        return (
            *(() if image.stored.colour is None else (translate("luminance"),)),
            f"{translate('mean')} {found.mean:.1f}  {translate('SD')} {found.deviation:.1f}",
            f"{translate('min')} {found.least:g}  {translate('max')} {found.largest:g}  "
            f"{translate('median')} {found.median:g}",
            f"{translate('n')} {found.n}",
            f"{translate('area')} {area:.1f} {image.spacing.unit}\N{SUPERSCRIPT TWO}{label}",
        )


class RectangleROI(Region):
    """An upright rectangle."""

    kind, outline = "rectangle", Outline.RECTANGLE
    text, key = QT_TRANSLATE_NOOP("Actions", "Rectangle statistics"), "Q"
    icon = "M4 6h16v12H4zM8 14h2M12 14h4"

    def share(self) -> float:
        """Return all of it."""
        return 1.0

    def covers(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.bool_]:
        """Return which points lie in it."""
        (x0, y0), (x1, y1) = self.box()
        return (x >= x0) & (x < x1) & (y >= y0) & (y < y1)


class EllipseROI(Region):
    """An upright ellipse that just fits between the corners."""

    kind, outline = "ellipse", Outline.ELLIPSE
    text, key = QT_TRANSLATE_NOOP("Actions", "Ellipse statistics"), "E"
    icon = "M12 6c5 0 8 3 8 6s-3 6-8 6-8-3-8-6 3-6 8-6M9 12h6"

    def share(self) -> float:
        """Return that of an ellipse."""
        return math.pi / 4

    def covers(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.bool_]:
        """Return which points lie in it."""
        (x0, y0), (x1, y1) = self.box()
        if x1 <= x0 or y1 <= y0:
            return np.zeros(np.broadcast_shapes(x.shape, y.shape), bool)
        across, down = (2 * x - x0 - x1) / (x1 - x0), (2 * y - y0 - y1) / (y1 - y0)
        return across**2 + down**2 <= 1


class Probe(Measurement):
    """The modality value of one pixel."""

    kind, count, outline = "probe", 1, Outline.CROSS
    text, key, icon = QT_TRANSLATE_NOOP("Actions", "Probe"), "P", "M12 3v6M12 15v6M3 12h6M15 12h6"

    def value(self, image: ViewImage) -> float | None:
        """Return the value; None outside the image and where nothing was imaged."""
        column, row = (math.floor(each) for each in self.points[0])
        if not (0 <= row < image.shape[0] and 0 <= column < image.shape[1]):
            return None
        value = float(image.values(slice(row, row + 1), slice(column, column + 1))[0, 0])
        return None if math.isnan(value) else value

    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return the value, of a colour what it is made of and its luminance, then its column and row from 0."""
        value = self.value(image)
        column, row = (math.floor(each) for each in self.points[0])
        if value is None:
            return (NOTHING,)
        said = f"{value:g}"
        if (colour := image.colour_at(row, column)) is not None:
            said = "R {} G {} B {}  ".format(*colour) + f"{translate('luminance')} {said}"
        return (f"{said}  ({column}, {row})",)


class Arrow(Measurement):
    """An arrow to what is meant, and what a person wrote at its other end, which may be nothing."""

    kind, count, has_words, has_head = "arrow", 2, True, True
    text, key, icon = QT_TRANSLATE_NOOP("Actions", "Arrow with text"), "J", "M4 4l9 9M4 10V4h6M12 16h8M16 16v5"
    paths = ((0, 1),)

    def lines(self, image: ViewImage, translate: Translate = str) -> tuple[str, ...]:
        """Return what was written."""
        return (self.words,) if self.words else ()


def barbs(tip: Point, tail: Point, length: float) -> tuple[Point, Point, Point]:
    """Return the ends of an arrow's barbs, with its tip between them; both barbs are so long."""
    way = math.atan2(tail[1] - tip[1], tail[0] - tip[0])
    one, other = (
        (tip[0] + length * math.cos(way + turn), tip[1] + length * math.sin(way + turn)) for turn in (-_BARB, _BARB)
    )
    return one, tip, other


KINDS: dict[str, type[Measurement]] = {
    each.kind: each for each in (Length, Angle, Cobb, CardiothoracicRatio, RectangleROI, EllipseROI, Probe, Arrow)
}


def calibrate_by(image: ViewImage, line: Length, millimetres: float) -> ViewImage:
    """Return the image with the spacing at which a line is so long; the pixels keep their shape.

    Raises:
        SettingsError: The line or the length is none above 0.
    """
    length = line.value(image)
    factor = millimetres / length if length > 0 else 0.0
    return image.calibrate((image.spacing.row * factor, image.spacing.column * factor))


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _angle(image: ViewImage, one: Sequence[Point], other: Sequence[Point]) -> float | None:
    """Return the angle between two lines in degrees, pixels taken as they are shaped."""
    (ax, ay), (bx, by) = (
        ((end[0] - start[0]) * image.spacing.column, (end[1] - start[1]) * image.spacing.row)
        for start, end in (one, other)
    )
    if math.hypot(ax, ay) == 0 or math.hypot(bx, by) == 0:
        return None
    return abs(math.degrees(math.atan2(ax * by - ay * bx, ax * bx + ay * by)))


def _degrees(angle: float | None) -> str:
    return NOTHING if angle is None else f"{angle:.1f}{_DEGREE}"
