"""A presentation state's drawings and words over an image.

They come from a stranger: lines are drawn one by one, for Qt takes minutes to stroke one that crosses itself a hundred
times, and no more of them than a view is drawn with in a moment.
"""

import math
from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from unix_edge.dicom.graphics import Annotation, Circle, Drawing, Ellipse, Point, Polyline, Text
from unix_edge.dicom.presentation_state import PresentationState

from ..image.viewport import Point as Place

ToWidget = Callable[[Place], Place]
"""Where a point of the image is, in the widget's coordinates."""
COLOUR = QColor("#8dff9a")
"""Of a state's drawings and of overlay planes: none of them is a measurement of the reader's."""
MOST_LINES = 2000
"""Of all drawings together, that are drawn; words count as ten."""
_SMOOTH = 300
"""Lines up to which they are drawn smoothly, and areas filled."""
_ROUND = 64
"""Lines that a circle is drawn with."""
_CROSS = 6
"""Pixels that a point's mark reaches."""


def choose_drawings(state: PresentationState) -> tuple[Annotation, ...]:
    """Return as many of a state's drawings as are drawn; those of higher layers later."""
    order = {layer.name: layer.order for layer in state.layers}
    left, chosen = MOST_LINES, []
    for each in sorted(state.annotations, key=lambda each: order.get(each.layer, 0)):
        if _count(each) <= left:
            left -= _count(each)
            chosen.append(each)
    return tuple(chosen)


def paint_drawings(
    painter: QPainter, to_widget: ToWidget, annotations: tuple[Annotation, ...]
) -> list[tuple[QPointF, list[str]]]:
    """Draw a state's lines; return its words and where they begin, in the widget's coordinates."""
    smooth = sum(map(_count, annotations)) <= _SMOOTH
    lines: list[QLineF] = []
    words = []
    for each in annotations:
        if isinstance(each, Text):
            pointer, place = _place_words(painter, to_widget, each)
            lines += pointer
            words.append((place, each.words.split("\n")))
            continue
        places = [QPointF(*to_widget(place)) for place in _outline(each)]
        if isinstance(each, Point):
            across, down = QPointF(_CROSS, 0), QPointF(0, _CROSS)
            lines += [QLineF(places[0] - reach, places[0] + reach) for reach in (across, down)]
            continue
        if each.filled and smooth:
            painter.setPen(QPen(QColor(0, 0, 0, 0)))
            painter.setBrush(QColor(COLOUR.red(), COLOUR.green(), COLOUR.blue(), 90))
            painter.drawPolygon(QPolygonF(places))
        lines += [QLineF(start, end) for start, end in pairwise(places)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    for pen in (QPen(QColor(0, 0, 0, 200), 3.5), QPen(COLOUR, 1.5)):  # dark, then light: seen on any ground
        painter.setPen(pen)
        painter.drawLines(lines)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return words


def _count(annotation: Annotation) -> int:
    if isinstance(annotation, Text):
        return 10
    if isinstance(annotation, Polyline):
        return len(annotation.points)
    return 2 if isinstance(annotation, Point) else _ROUND


def _outline(drawing: Drawing) -> tuple[Place, ...]:
    """Return the points of the image that a drawing goes through."""
    if isinstance(drawing, Point):
        return (drawing.at,)
    if isinstance(drawing, Polyline):
        return drawing.points
    if isinstance(drawing, Circle):
        radius = math.dist(drawing.center, drawing.edge)
        return _round(drawing.center, (radius, 0.0), (0.0, radius))
    assert isinstance(drawing, Ellipse)
    (one, other), (first, last) = drawing.major, drawing.minor
    middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    return _round(middle, _half(one, other), _half(first, last))


def _round(middle: Place, one: Place, other: Place) -> tuple[Place, ...]:
    """Return points on an ellipse by its middle and two half axes."""
    angles = [2 * math.pi * step / _ROUND for step in range(_ROUND + 1)]
    turns = [(math.cos(angle), math.sin(angle)) for angle in angles]
    return tuple((middle[0] + c * one[0] + s * other[0], middle[1] + c * one[1] + s * other[1]) for c, s in turns)


def _half(one: Place, other: Place) -> Place:
    return (other[0] - one[0]) / 2, (other[1] - one[1]) / 2


def _place_words(painter: QPainter, to_widget: ToWidget, text: Text) -> tuple[list[QLineF], QPointF]:
    """Return where words begin, in the corner of their box or else beside their anchor, and a line to the anchor."""
    anchor = None if text.anchor is None else QPointF(*to_widget(text.anchor))
    if text.box is None:
        assert anchor is not None
        return [], anchor + QPointF(8, 4)
    box = QRectF(*(QPointF(*to_widget(corner)) for corner in text.box)).normalized()
    pointer = []
    if anchor is not None and text.anchor_visible:
        nearest = QPointF(min(max(anchor.x(), box.left()), box.right()), box.center().y())
        pointer = [QLineF(nearest, anchor)]
    metrics = painter.fontMetrics()
    free = box.width() - max(metrics.horizontalAdvance(line) for line in text.words.split("\n"))
    indent = {"LEFT": 0.0, "CENTER": free / 2, "RIGHT": free}[text.justification]
    return pointer, box.topLeft() + QPointF(max(indent, 0.0), 0)
