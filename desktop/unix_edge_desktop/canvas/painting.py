"""What is drawn over an image: measurements, the four corners, letters of orientation, banner, lens and focus."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF

from unix_edge.dicom.graphics import Text

from ..image.corner_text import SYNTHETIC, write_corners
from ..image.images import ViewImage
from ..image.measuring import Measurement, Outline, barbs
from ..image.viewport import Point, find_markers
from .drawings import COLOUR, paint_drawings
from .labels import lay_labels, wrap
from .scene import Scene

TEXT = QColor("#ffffff")
GROUND = QColor(0, 0, 0, 175)
LINE = QColor("#ffd84a")
SELECTED = QColor("#5ee7ff")
BANNER = QColor("#8c1d00")
FOCUS = QColor("#4aa3ff")
ACTIVE = QColor("#7b8894")
_MARGIN = 8
_CLEAR = 26
"""Pixels of half a view that are left to its margin and the letters of orientation beside what is in its corners."""
_MOST_ROWS = 3
"""That a line in a corner is broken into."""
_HANDLE = 4
_HEAD = 14
"""Pixels of the barbs of an arrow."""
LENS_SIDE, LENS_ZOOM = 220, 2.0


@dataclass(frozen=True, slots=True)
class Lens:
    """What is around the mouse, larger."""

    at: Point
    """In the widget's coordinates."""
    picture: QImage
    covers: QImage | None


def paint_message(painter: QPainter, area: QRect, message: str) -> None:
    """Write what is said in place of an image."""
    painter.setPen(TEXT)
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), message)


def paint_scene(painter: QPainter, scene: Scene, covers: QImage | None, lens: Lens | None) -> None:
    """Draw everything but the image's own pixels, in the widget's coordinates; `covers` is what the layers lay."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if covers is not None:
        painter.drawImage(QRectF(0, 0, scene.width, scene.height), covers)
    _paint_drawings(painter, scene, words=True)
    _paint_measurements(painter, scene, scene.image, live=True)
    _paint_cursor(painter, scene)
    if lens is not None:
        _paint_lens(painter, lens)
    _paint_texts(painter, scene, hide_patient=scene.hide_patient)
    _paint_asked(painter, scene)
    if scene.is_key:
        _paint_star(painter, scene)


def paint_ring(painter: QPainter, area: QRect, *, focused: bool) -> None:
    """Draw a thin line around the view that has the focus, a quiet one around the active one of several without it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(FOCUS if focused else ACTIVE, 1))
    painter.drawRect(area.adjusted(0, 0, -1, -1))


def paint_copy(painter: QPainter, scene: Scene, *, drawings: bool, words: bool, patient: bool) -> None:
    """Draw over a copy of the view what belongs in one: nothing that is selected, half drawn or pointed at.

    Args:
        painter: Of the copy.
        scene: What is seen.
        drawings: With measurements and a presentation state's drawings.
        words: With what a person wrote at those; it may name the patient.
        patient: With the corners' text on patient and study, and all that the file has of words.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if drawings:
        _paint_drawings(painter, scene, words=words)
        image = scene.image if patient else scene.image.without_words()
        measured = scene if words else replace(scene, measurements=tuple(m.with_words("") for m in scene.measurements))
        _paint_measurements(painter, measured, image, live=False)
    _paint_texts(painter, scene, hide_patient=not patient)


def _paint_drawings(painter: QPainter, scene: Scene, *, words: bool) -> None:
    """Draw what a presentation state holds, with its words or without."""
    drawn = tuple(each for each in scene.annotations if words or not isinstance(each, Text))
    for place, lines in paint_drawings(painter, scene.to_widget, drawn):
        _write(painter, lines, place, COLOUR, Qt.AlignmentFlag.AlignLeft)


def _paint_measurements(painter: QPainter, scene: Scene, image: ViewImage, *, live: bool) -> None:
    """Draw all that was measured, then what is written of it."""
    drawn = [(each, live and index == scene.selected) for index, each in enumerate(scene.measurements)]
    if live and scene.pending is not None:
        drawn.append((scene.pending, True))
    for measurement, selected in drawn:
        _paint_shape(painter, scene, measurement, selected=selected)
    labels = lay_labels(scene, image, QFontMetricsF(painter.font()), live=live)
    for label in labels:
        if label.leads_to is not None:
            _paint_leader(painter, label.box, label.leads_to)
    for label in labels:
        colour = SELECTED if drawn[label.of][1] else LINE
        _write(painter, label.lines, label.box.topLeft() + QPointF(3, 0), colour, Qt.AlignmentFlag.AlignLeft)


def _paint_leader(painter: QPainter, box: QRectF, place: QPointF) -> None:
    """Draw a thin line from a text that was moved to its measurement; none where they touch."""
    if box.contains(place):
        return
    x, y = (
        min(max(at, low), high)
        for at, low, high in ((place.x(), box.left(), box.right()), (place.y(), box.top(), box.bottom()))
    )
    for pen in (QPen(QColor(0, 0, 0, 200), 2.5), QPen(LINE, 0.8, Qt.PenStyle.DashLine)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, y), place)


def _paint_shape(painter: QPainter, scene: Scene, measurement: Measurement, *, selected: bool) -> None:
    """Draw one: its lines twice, dark then light, so that it is seen on any ground; handles where it is selected."""
    places = [QPointF(*scene.to_widget(point)) for point in measurement.points]
    path = _outline(scene, measurement, places)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor(0, 0, 0, 200), 3.5), QPen(SELECTED if selected else LINE, 1.5)):
        painter.setPen(pen)
        painter.drawPath(path)
    if selected:
        painter.setBrush(SELECTED)
        painter.setPen(QPen(QColor(0, 0, 0), 1))
        for place in places:
            painter.drawRect(QRectF(place.x() - _HANDLE, place.y() - _HANDLE, 2 * _HANDLE, 2 * _HANDLE))


def _outline(scene: Scene, measurement: Measurement, places: list[QPointF]) -> QPainterPath:
    path = QPainterPath()
    if measurement.outline is Outline.CROSS:
        for dx, dy in ((6, 0), (0, 6)):
            path.moveTo(places[0] - QPointF(dx, dy))
            path.lineTo(places[0] + QPointF(dx, dy))
    elif measurement.outline is Outline.LINES:
        for joined in measurement.paths:
            for start, end in pairwise(joined):
                if end < len(places):
                    path.moveTo(places[start])
                    path.lineTo(places[end])
        if measurement.has_head and places[0] != places[-1]:
            tip, tail = ((each.x(), each.y()) for each in (places[0], places[-1]))
            path.addPolygon(QPolygonF([QPointF(*each) for each in barbs(tip, tail, _HEAD)]))
    elif len(places) == 2:
        box = QRectF(places[0], places[1]).normalized()
        path.addEllipse(box) if measurement.outline is Outline.ELLIPSE else path.addRect(box)
    return path


def _write(
    painter: QPainter, lines: Sequence[str], corner: QPointF, colour: QColor, side: Qt.AlignmentFlag, most: float = 1e6
) -> float:
    """Write lines on a dark ground from their upper corner on that side; return where they end."""
    metrics = QFontMetricsF(painter.font())
    y = corner.y()
    for line in lines:
        text = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, most)
        width = metrics.horizontalAdvance(text)
        x = corner.x() - (width if side is Qt.AlignmentFlag.AlignRight else 0)
        painter.fillRect(QRectF(x - 3, y, width + 6, metrics.lineSpacing()), GROUND)
        painter.setPen(colour)
        painter.drawText(QPointF(x, y + metrics.ascent()), text)
        y += metrics.lineSpacing()
    return y


def _paint_texts(painter: QPainter, scene: Scene, *, hide_patient: bool) -> None:
    """Write what stays in its place whatever is drawn."""
    top = _paint_banner(painter, scene)
    _paint_markers(painter, scene, top)
    _paint_corners(painter, scene, top, hide_patient=hide_patient)


def _paint_corners(painter: QPainter, scene: Scene, top: float, *, hide_patient: bool) -> None:
    corners = write_corners(
        scene.image,
        scene.window_state,
        scene.viewport.zoom,
        state=scene.text_state,
        hide_patient=hide_patient,
        prior=scene.prior,
        translate=scene.translate,
        show_date=scene.show_date,
    )
    metrics = QFontMetricsF(painter.font())
    spacing = metrics.lineSpacing()
    left, right, bottom = _MARGIN, scene.width - _MARGIN, scene.height - _MARGIN
    most = scene.width / 2 - _CLEAR
    start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    for said, x, side, above in (
        (corners.top_left, left, start, True),
        (corners.top_right, right, end, True),
        (corners.bottom_left, left, start, False),
        (corners.bottom_right, right, end, False),
    ):
        lines = _break_lines(said, metrics, most)
        y = top + _MARGIN if above else bottom - spacing * len(lines)
        _write(painter, lines, QPointF(x, y), TEXT, side, most)


def _break_lines(lines: Sequence[str], metrics: QFontMetricsF, most: float) -> list[str]:
    """Break lines that have no room, between parts or else words, where all of them then has room in a few lines.

    Of others the middle is left out; of a date and a time that would be the year, of a prior its age.
    """
    broken: list[str] = []
    for line in lines:
        ways = (wrap([line], metrics, most, gap) for gap in ("  ", " "))
        fit = (rows for rows in ways if len(rows) <= _MOST_ROWS and max(map(metrics.horizontalAdvance, rows)) <= most)
        broken += next(fit, [line])
    return broken


def _paint_banner(painter: QPainter, scene: Scene) -> float:
    """Draw the mark of an image that shows nobody, whatever else is hidden; return where it ends."""
    if not scene.image.synthetic:
        return 0.0
    font = QFont(painter.font())
    font.setBold(True)
    painter.save()
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    lines = wrap([scene.translate(SYNTHETIC)], metrics, scene.width - 8)
    area = QRectF(0, 0, scene.width, metrics.height() * len(lines) + 8)
    painter.fillRect(area, BANNER)
    painter.setPen(TEXT)
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), "\n".join(lines))
    painter.restore()
    return area.height()


def _paint_markers(painter: QPainter, scene: Scene, top: float) -> None:
    markers = find_markers(scene.viewport, scene.image.orientation)
    if markers is None:
        return
    font = QFont(painter.font())
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 1.5)
    painter.save()
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    height, middle = metrics.lineSpacing(), (scene.width / 2, scene.height / 2)
    start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    _write(painter, [markers.left], QPointF(_MARGIN, middle[1] - height / 2), TEXT, start)
    _write(painter, [markers.right], QPointF(scene.width - _MARGIN, middle[1] - height / 2), TEXT, end)
    for letters, y in ((markers.top, top + _MARGIN), (markers.bottom, scene.height - _MARGIN - height)):
        x = middle[0] - metrics.horizontalAdvance(letters) / 2
        _write(painter, [letters], QPointF(x, y), TEXT, start)
    painter.restore()


def _paint_cursor(painter: QPainter, scene: Scene) -> None:
    """Draw the crosshair that the arrow keys move."""
    if scene.key_cursor is None:
        return
    x, y = scene.to_widget(scene.key_cursor)
    for pen in (QPen(QColor(0, 0, 0, 200), 3), QPen(SELECTED, 1)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x - 14, y), QPointF(x + 14, y))
        painter.drawLine(QPointF(x, y - 14), QPointF(x, y + 14))


def _paint_asked(painter: QPainter, scene: Scene) -> None:
    """Write what the tool asks for, above the middle, clear of the corners."""
    metrics = QFontMetricsF(painter.font())
    y = scene.height / 4
    for line in wrap(scene.asked, metrics, scene.width - 4 * _MARGIN):
        x = (scene.width - metrics.horizontalAdvance(line)) / 2
        y = _write(painter, [line], QPointF(x, y), SELECTED, Qt.AlignmentFlag.AlignLeft)


def _paint_star(painter: QPainter, scene: Scene) -> None:
    """Draw the mark of a key image, at the lower edge."""
    path = QPainterPath()
    middle = QPointF(scene.width / 2 - 60, scene.height - _MARGIN - 12)
    for point in range(10):
        reach, angle = (12, 5)[point % 2], math.pi * (point / 5 - 0.5)
        place = middle + QPointF(reach * math.cos(angle), reach * math.sin(angle))
        path.lineTo(place) if point else path.moveTo(place)
    path.closeSubpath()
    painter.setBrush(LINE)
    painter.setPen(QPen(QColor(0, 0, 0), 1.5))
    painter.drawPath(path)


def _paint_lens(painter: QPainter, lens: Lens) -> None:
    x, y = lens.at
    area = QRectF(x - LENS_SIDE / 2, y - LENS_SIDE / 2, LENS_SIDE, LENS_SIDE)
    painter.drawImage(area, lens.picture)
    if lens.covers is not None:
        painter.drawImage(area, lens.covers)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor(0, 0, 0), 4), QPen(TEXT, 1.5)):
        painter.setPen(pen)
        painter.drawRect(area)


def distance_to(measurement: Measurement, places: Sequence[Point], point: Point) -> float:
    """Return how far a point of the view is from what is drawn of a measurement; `places` are its points there."""
    if measurement.outline is Outline.CROSS:
        return _distance(places[0], places[0], point)
    if measurement.outline is Outline.LINES:
        lines = (pair for path in measurement.paths for pair in pairwise(path))
        return min(_distance(places[start], places[end], point) for start, end in lines)
    box = QRectF(QPointF(*places[0]), QPointF(*places[1])).normalized()
    return _distance_to_box(box, point, rounded=measurement.outline is Outline.ELLIPSE)


def _distance_to_box(box: QRectF, point: Point, *, rounded: bool) -> float:
    x, y = point
    if rounded and box.width() and box.height():
        across = (x - box.center().x()) * 2 / box.width()
        down = (y - box.center().y()) * 2 / box.height()
        return abs(math.hypot(across, down) - 1) * min(box.width(), box.height()) / 2
    left, right, top, bottom = box.left(), box.right(), box.top(), box.bottom()
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return min(_distance(corners[each], corners[(each + 1) % 4], point) for each in range(4))


def _distance(start: Point, end: Point, point: Point) -> float:
    (ax, ay), (bx, by), (x, y) = start, end, point
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0 if length == 0 else min(max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0.0), 1.0)
    return math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))
