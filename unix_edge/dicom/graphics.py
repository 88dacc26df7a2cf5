"""Drawings and words on an image, as presentation states hold them (PS3.3 C.10.5, C.10.7).

All places are (column, row) in pixels: 0, 0 is the outer corner of the first pixel and 1, 1 its inner one, so that the
image ends at Columns, Rows. They are kept in single precision.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from pydicom import Dataset

from ..errors import PresentationStateError
from ..sentences import Sentence
from .filing import is_value, items, one_line, plain_lines, short_text
from .transforms import read_numbers, read_text
from .writing import LO, ST

Place = tuple[float, float]
"""(column, row)."""

MAX_POINTS = 100_000
"""Of all drawings together, that are read."""
_FARTHEST = 1e6
JUSTIFICATIONS = ("LEFT", "CENTER", "RIGHT")


@dataclass(frozen=True, slots=True)
class GraphicLayer:
    """A layer; those of a higher order lie above."""

    name: str
    """A Code String: at most 16 capitals, digits, spaces and underscores."""
    order: int = 1
    description: str = ""
    gray: int | None = None
    """The recommended P-Value, 0 black to 65535 white."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point."""

    layer: str
    at: Place


@dataclass(frozen=True, slots=True)
class Polyline:
    """A line through points; closed where the last is the first."""

    layer: str
    points: tuple[Place, ...]
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle."""

    layer: str
    center: Place
    edge: Place
    """Any point on it."""
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse by the ends of its axes."""

    layer: str
    major: tuple[Place, Place]
    minor: tuple[Place, Place]
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Words beside an anchor, in a box, or both."""

    layer: str
    words: str
    anchor: Place | None = None
    box: tuple[Place, Place] | None = None
    """Its top left and bottom right corners as they are displayed."""
    anchor_visible: bool = False
    """A line from the words to the anchor is to be shown."""
    justification: str = "LEFT"


Drawing = Point | Polyline | Circle | Ellipse
Annotation = Drawing | Text


def read_layers(dataset: Dataset) -> tuple[GraphicLayer, ...]:
    """Return the layers, the lowest first."""
    layers = []
    for item in items(dataset, "GraphicLayerSequence"):
        order = read_numbers(item, "GraphicLayerOrder") or [0]
        gray = read_numbers(item, "GraphicLayerRecommendedDisplayGrayscaleValue")
        description = one_line(read_text(item, "GraphicLayerDescription"), LO)
        layers.append(GraphicLayer(_layer(item), int(order[0]), description, int(gray[0]) if gray else None))
    return tuple(sorted(layers, key=lambda layer: layer.order))


def read_annotations(groups: Iterable[Dataset]) -> tuple[tuple[Annotation, ...], tuple[Sentence, ...]]:
    """Return what the items of GraphicAnnotationSequence hold, and sentences on what was left out."""
    annotations: list[Annotation] = []
    left_out: Counter[Sentence] = Counter()
    points = 0
    for group in groups:
        layer = _layer(group)
        left_out[Sentence("compound graphics are not supported")] += len(items(group, "CompoundGraphicSequence"))
        for item in items(group, "GraphicObjectSequence"):
            places = _places(item, "GraphicData")
            points += len(places or ())
            if points > MAX_POINTS:
                left_out[Sentence("there are more than {0} points", f"{MAX_POINTS:,}")] += 1
                continue
            drawing = _read_drawing(item, layer, places)
            if isinstance(drawing, Sentence):
                left_out[drawing] += 1
            else:
                annotations.append(drawing)
        for item in items(group, "TextObjectSequence"):
            text = _read_text_object(item, layer)
            if isinstance(text, Sentence):
                left_out[text] += 1
            else:
                annotations.append(text)
    return tuple(annotations), tuple(
        Sentence("1 of the annotations was left out: {0}.", reason)
        if count == 1
        else Sentence("{0} of the annotations were left out: {1}.", count, reason)
        for reason, count in left_out.items()
        if count
    )


def annotation_items(annotations: Iterable[Annotation]) -> list[Dataset]:
    """Return the items of GraphicAnnotationSequence, one for each layer.

    Raises:
        PresentationStateError: A place is no number, or a text is empty, too long or nowhere.
    """
    groups: dict[str, tuple[list[Dataset], list[Dataset]]] = {}
    for each in annotations:
        drawings, texts = groups.setdefault(each.layer, ([], []))
        if isinstance(each, Text):
            texts.append(_text_item(each))
        else:
            drawings.append(_drawing_item(each))
    written = []
    for layer, (drawings, texts) in groups.items():
        item = Dataset()
        item.GraphicLayer = layer
        if texts:
            item.TextObjectSequence = texts
        if drawings:
            item.GraphicObjectSequence = drawings
        written.append(item)
    return written


def layer_items(layers: Iterable[GraphicLayer], annotations: Iterable[Annotation]) -> list[Dataset]:
    """Return the items of GraphicLayerSequence; a layer that is drawn on and not declared comes last.

    Raises:
        PresentationStateError: A layer's name is no Code String, or given twice.
    """
    declared = list(layers)
    top = max((layer.order for layer in declared), default=0)
    names = [layer.name for layer in declared]
    used = dict.fromkeys(each.layer for each in annotations if each.layer not in names)
    declared += [GraphicLayer(name, top + place) for place, name in enumerate(used, 1)]
    if len(set(names)) < len(names) or not all(layer.name and is_value("CS", layer.name) for layer in declared):
        raise PresentationStateError(
            Sentence("a layer's name is taken or has other than 16 capitals and digits"), "written"
        )
    written = []
    for layer in declared:
        item = Dataset()
        item.GraphicLayer, item.GraphicLayerOrder = layer.name, layer.order
        if layer.gray is not None:
            item.GraphicLayerRecommendedDisplayGrayscaleValue = layer.gray
        if layer.description:
            item.GraphicLayerDescription = short_text(layer.description)
        written.append(item)
    return written


def _read_drawing(item: Dataset, layer: str, places: tuple[Place, ...] | None) -> Drawing | Sentence:
    """Return a drawing, or the reason why there is none."""
    if read_text(item, "GraphicAnnotationUnits") != "PIXEL":
        return Sentence("they are placed on the screen and not on the image")
    if places is None or read_numbers(item, "NumberOfGraphicPoints") not in ([], [len(places)]):
        return Sentence("they contradict themselves")
    filled = read_text(item, "GraphicFilled") == "Y"
    match read_text(item, "GraphicType"), places:
        case "POINT", (at,):
            return Point(layer, at)
        case "POLYLINE", (_, _, *_):
            return Polyline(layer, places, filled)
        case "CIRCLE", (center, edge):
            return Circle(layer, center, edge, filled)
        case "ELLIPSE", (a, b, c, d):
            return Ellipse(layer, (a, b), (c, d), filled)
        case "INTERPOLATED", _:
            return Sentence("interpolated curves are not supported")
    return Sentence("they contradict themselves")


def _read_text_object(item: Dataset, layer: str) -> Text | Sentence:
    """Return words and where they are, or the reason why there are none."""
    words = plain_lines(read_text(item, "UnformattedTextValue"))[:ST]
    anchor, box = _places(item, "AnchorPoint"), None
    if read_text(item, "AnchorPointAnnotationUnits") != "PIXEL" or anchor is None or len(anchor) != 1:
        anchor = None
    if read_text(item, "BoundingBoxAnnotationUnits") == "PIXEL":
        corners = [_places(item, f"BoundingBox{name}HandCorner") for name in ("TopLeft", "BottomRight")]
        if corners[0] and corners[1]:
            box = (corners[0][0], corners[1][0])
    if anchor is None and box is None:
        return Sentence("they are placed on the screen and not on the image")
    if not words:
        return Sentence("they contradict themselves")
    justification = read_text(item, "BoundingBoxTextHorizontalJustification")
    return Text(
        layer,
        words,
        anchor[0] if anchor else None,
        box,
        read_text(item, "AnchorPointVisibility") == "Y",
        justification if justification in JUSTIFICATIONS else "LEFT",
    )


def _drawing_item(drawing: Drawing) -> Dataset:
    places: tuple[Place, ...]
    match drawing:
        case Point(_, at):
            kind, places, closed = "POINT", (at,), False
        case Polyline(_, points):
            kind, places, closed = "POLYLINE", points, points[:1] == points[-1:]
        case Circle(_, center, edge):
            kind, places, closed = "CIRCLE", (center, edge), True
        case Ellipse(_, major, minor):
            kind, places, closed = "ELLIPSE", (*major, *minor), True
        case _:
            assert_never(drawing)
    item = Dataset()
    item.GraphicAnnotationUnits, item.GraphicDimensions = "PIXEL", 2
    item.NumberOfGraphicPoints = len(places)
    if kind == "POLYLINE" and len(places) < 2:
        raise PresentationStateError(Sentence("a line has fewer than two points"), "written")
    item.GraphicData = [number for place in places for number in _checked(place)]
    item.GraphicType = kind
    if closed:
        item.GraphicFilled = "Y" if getattr(drawing, "filled", False) else "N"
    return item


def _text_item(text: Text) -> Dataset:
    words = plain_lines(text.words).replace("\n", "\r\n")
    if not words or len(words.encode()) > ST or (text.anchor is None and text.box is None):
        raise PresentationStateError(Sentence("a text is empty, longer than {0} bytes, or nowhere", ST), "written")
    item = Dataset()
    item.UnformattedTextValue = words
    if text.anchor is not None:
        item.AnchorPointAnnotationUnits = "PIXEL"
        item.AnchorPoint = _checked(text.anchor)
        item.AnchorPointVisibility = "Y" if text.anchor_visible else "N"
    if text.box is not None:
        item.BoundingBoxAnnotationUnits = "PIXEL"
        item.BoundingBoxTopLeftHandCorner, item.BoundingBoxBottomRightHandCorner = map(_checked, text.box)
        item.BoundingBoxTextHorizontalJustification = text.justification
    return item


def _checked(place: Place) -> list[float]:
    if not all(math.isfinite(each) and abs(each) <= _FARTHEST for each in place):
        raise PresentationStateError(Sentence("a place is far outside the image"), "written")
    return [float(each) for each in place]


def _places(item: Dataset, keyword: str) -> tuple[Place, ...] | None:
    """Return an element's pairs, or None where there are none or one is far outside any image."""
    numbers = read_numbers(item, keyword)
    if not numbers or len(numbers) % 2 or any(abs(each) > _FARTHEST for each in numbers):
        return None
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _layer(item: Dataset) -> str:
    return one_line(read_text(item, "GraphicLayer"), 16)
