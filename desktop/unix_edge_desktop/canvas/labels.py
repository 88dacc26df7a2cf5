"""Where what is written of measurements stands: where a person put it, else where it hides as little as can be."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from ..image.images import ViewImage
from ..image.measuring import Measurement
from ..image.viewport import Point
from .scene import Scene

_WIDTH = 240
_INSIDE = 4
"""Pixels of the view between its edge and what is written."""


@dataclass(frozen=True, slots=True)
class Label:
    """One text of a measurement, in the widget's coordinates."""

    of: int
    """Which of the scene's measurements; one more than there are of what is half drawn."""
    index: int
    """Which of its texts: 0 beside it, then those at its lines."""
    lines: tuple[str, ...]
    box: QRectF
    leads_to: QPointF | None
    """Where a line leads from a text that a person moved; None of another."""


def lay_labels(scene: Scene, image: ViewImage, metrics: QFontMetricsF, *, live: bool) -> list[Label]:
    """Return all that is written of measurements; what a person put somewhere is what the rest makes way for.

    Args:
        scene: What is painted.
        image: The scene's, or without its words.
        metrics: Of the font.
        live: With what is half drawn.
    """
    drawn = [*scene.measurements, *([scene.pending] if live and scene.pending is not None else [])]
    shapes = [_area(scene, each.points) for each in drawn]
    boxes: list[QRectF] = []
    texts = [
        (of, index, tuple(wrap(said, metrics)), points)
        for of, measurement in enumerate(drawn)
        for index, (said, points) in enumerate(_texts(measurement, image, scene))
        if said
    ]
    found = []
    for of, index, lines, points in sorted(texts, key=lambda each: drawn[each[0]].label(each[1]) is None):
        place, leads_to = drawn[of].label(index), None
        if place is None:
            box = _place(scene, metrics, lines, _area(scene, points), boxes, shapes)
        else:
            box = _inside(scene, QPointF(*scene.to_widget(place)), metrics, lines)
            leads_to = _nearest(scene, drawn[of], box)
        boxes.append(box)
        found.append(Label(of, index, lines, box, leads_to))
    return found


def wrap(lines: Sequence[str], metrics: QFontMetricsF, most: float = _WIDTH, gap: str = " ") -> list[str]:
    """Break long lines at spaces, or at another gap."""
    rows: list[str] = []
    for line in lines:
        row = ""
        for word in line.split(gap):
            longer = f"{row}{gap}{word}" if row else word
            if row and metrics.horizontalAdvance(longer) > most:
                rows.append(row)
                longer = word
            row = longer
        rows.append(row)
    return rows


def _texts(measurement: Measurement, image: ViewImage, scene: Scene) -> list[tuple[tuple[str, ...], Sequence[Point]]]:
    """Return each text, and the points beside which it stands; of one that is half drawn only those of its lines."""
    whole = len(measurement.points) == measurement.count
    said = measurement.lines(image, scene.translate) if whole else ()
    beside = measurement.points[-1:] if measurement.has_words else measurement.points
    texts: list[tuple[tuple[str, ...], Sequence[Point]]] = [(said, beside)]
    at_lines = measurement.line_texts(image, scene.translate)
    for text, path in zip(at_lines, measurement.paths, strict=False):  # most kinds say nothing at their lines
        texts.append(((text,), [measurement.points[each] for each in path]))
    return texts


def _area(scene: Scene, points: Sequence[Point]) -> QRectF:
    """Return the box around points of the image, in the widget's coordinates."""
    across, down = zip(*(scene.to_widget(point) for point in points), strict=True)
    return QRectF(QPointF(min(across), min(down)), QPointF(max(across), max(down))).adjusted(-6, -6, 6, 6)


def _place(
    scene: Scene,
    metrics: QFontMetricsF,
    lines: Sequence[str],
    area: QRectF,
    labels: Sequence[QRectF],
    shapes: Sequence[QRectF],
) -> QRectF:
    """Return where a label goes: of the places around a measurement, held inside the view, that which hides least.

    What is written is not to be hidden, wherever there is a place that only hides what is drawn.
    """
    width, height = _size(metrics, lines)
    middle = area.center()
    corners = [
        (area.right() + 4, middle.y() - height / 2),
        (area.right() + 4, area.top()),
        (area.right() + 4, area.bottom() - height),
        (middle.x() - width / 2, area.bottom() + 4),
        (middle.x() - width / 2, area.top() - height - 4),
        (area.left() - width - 4, middle.y() - height / 2),
        (area.right() - width, area.bottom() + 4),
        (area.left(), area.bottom() + 4),
    ]
    boxes = [_inside(scene, QPointF(x, y), metrics, lines) for x, y in corners]

    return min(boxes, key=lambda box: (_hidden(box, labels), _hidden(box, shapes)))


def _hidden(box: QRectF, others: Sequence[QRectF]) -> float:
    """Return how much of others a box covers."""
    overlaps = [box.intersected(other) for other in others]
    return sum(max(each.width(), 0) * max(each.height(), 0) for each in overlaps)


def _inside(scene: Scene, corner: QPointF, metrics: QFontMetricsF, lines: Sequence[str]) -> QRectF:
    """Return the box of a label from its upper left corner, moved into the view."""
    width, height = _size(metrics, lines)
    x = min(max(corner.x(), _INSIDE), max(scene.width - width - _INSIDE, _INSIDE))
    y = min(max(corner.y(), _INSIDE), max(scene.height - height - _INSIDE, _INSIDE))
    return QRectF(x, y, width, height)


def _size(metrics: QFontMetricsF, lines: Sequence[str]) -> tuple[float, float]:
    return max(map(metrics.horizontalAdvance, lines)) + 6, metrics.lineSpacing() * len(lines)


def _nearest(scene: Scene, measurement: Measurement, box: QRectF) -> QPointF:
    """Return the place on a measurement that is nearest to a label."""
    places = [QPointF(*scene.to_widget(point)) for point in measurement.anchors()]
    return min(places, key=lambda place: (place - box.center()).manhattanLength())
