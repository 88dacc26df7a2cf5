"""What a file or a presentation state lays over an image: shutters, overlays, and drawings with words."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from unix_edge.dicom import graphics
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge.dicom.shutters import Shutter, shutter_mask

from .viewport import Point, Size, Viewport, vector_to_view
from .window import lay

if TYPE_CHECKING:
    from .canvas import Canvas

OVERLAY = QColor("#8dff9a")
"""Of overlay planes, and of a presentation state's drawings: none of them is a measurement of the reader's."""
_KERNELS = (Image.Resampling.BOX, Image.Resampling.NEAREST)
_NOTHING, _COVERED, _RIM, _DRAWN = range(4)
"""What is at a place of the view; the rim is dark, so that an overlay is seen on any ground."""
_KEPT = 2
"""Pictures of what covers: the view's and the lens's."""


class Layers:
    """What lies over one canvas's image, and what of it is shown."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self.overlays_shown = True
        self.shutters_shown = True
        self.drawings_shown = True
        self.state: PresentationState | None = None
        """The presentation state that was applied."""
        self.graphics_only = False
        """Whether only its drawings were."""
        self._hidden: tuple[object, NDArray[np.bool_]] | None = None
        self._laid: dict[object, QImage] = {}

    def forget(self) -> None:
        """Forget what belonged to the last image."""
        self.state, self.graphics_only = None, False
        self._hidden = None
        self._laid.clear()

    def show_state(self, state: PresentationState | None, *, graphics_only: bool = False) -> None:
        """Show a state's drawings, and its shutters unless only the drawings are wanted; or none any more."""
        self.state, self.graphics_only = state, graphics_only
        self._canvas.update()

    @property
    def shutters(self) -> tuple[tuple[Shutter, ...], int]:
        """The shutters in force, the presentation state's before the file's, and the P-Value that covers."""
        image = self._canvas.image
        if image is None:
            return (), 0
        if self.state is not None and not self.graphics_only:
            return self.state.shutters, self.state.shutter_gray
        return image.over.shutters, image.over.shutter_gray

    @property
    def annotations(self) -> tuple[graphics.Annotation, ...]:
        """The drawings of the presentation state, where they are shown; those of higher layers later."""
        if self.state is None or not self.drawings_shown:
            return ()
        order = {layer.name: layer.order for layer in self.state.layers}
        return tuple(sorted(self.state.annotations, key=lambda each: order.get(each.layer, 0)))

    def hidden(self) -> NDArray[np.bool_] | None:
        """Return which pixels of the image a shutter covers, (rows, columns); None where none does."""
        image = self._canvas.image
        shutters = self.shutters[0]
        if image is None or not shutters or not self.shutters_shown:
            return None
        key = (shutters, image.shape, self._canvas.viewport.aspect)
        if self._hidden is None or self._hidden[0] != key:
            self._hidden = key, ~shutter_mask(shutters, *image.shape, self._canvas.viewport.aspect)
        return self._hidden[1]

    def lay(self, viewport: Viewport, size: Size, *, overlays: bool = True) -> QImage | None:
        """Return what covers and overlays the image in a view, else transparent; None where nothing does.

        Args:
            viewport: How the image lies in the view.
            size: The view's width and height, in device pixels.
            overlays: Also draw overlay planes, if they are shown.
        """
        image, hidden = self._canvas.image, self.hidden()
        overlay = image.over.overlay if image is not None and overlays and self.overlays_shown else None
        if image is None or (hidden is None and overlay is None):
            return None
        key = (viewport, size, overlay is not None, self.shutters if hidden is not None else None)
        if key not in self._laid:
            places = np.full((size[1], size[0]), _NOTHING, np.uint8)
            if hidden is not None:
                places[_lay_mask(hidden, viewport, size) > 127] = _COVERED
            if overlay is not None:  # a line that is thinner than a pixel of the view is still seen
                drawn = Image.fromarray(_lay_mask(overlay, viewport, size))
                places[np.asarray(drawn.filter(ImageFilter.MaxFilter(3))) > 0] = _RIM
                places[np.asarray(drawn) > 0] = _DRAWN
            while len(self._laid) >= _KEPT:
                self._laid.pop(next(iter(self._laid)))
            self._laid[key] = self._colour(places)
        return self._laid[key]

    def _colour(self, places: NDArray[np.uint8]) -> QImage:
        height, width = places.shape
        gray = round(self.shutters[1] / 257)
        picture = QImage(places.data, width, height, width, QImage.Format.Format_Indexed8).copy()
        colours = (QColor(0, 0, 0, 0), QColor(gray, gray, gray), QColor(0, 0, 0, 150), OVERLAY)
        picture.setColorTable([each.rgba() for each in colours])
        return picture

    def paint_drawings(self, painter: QPainter) -> list[tuple[QPointF, list[str]]]:
        """Draw the presentation state's lines; return its words and where they begin, in the widget's coordinates."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = []
        for each in self.annotations:
            if isinstance(each, graphics.Text):
                words.append(self._place_words(painter, each))
                continue
            path = self._outline(each)
            if getattr(each, "filled", False):
                painter.fillPath(path, QColor(OVERLAY.red(), OVERLAY.green(), OVERLAY.blue(), 90))
            _stroke(painter, path)
        return words

    def _place_words(self, painter: QPainter, text: graphics.Text) -> tuple[QPointF, list[str]]:
        """Return where words begin: in the corner of their box, else beside their anchor."""
        lines = text.words.split("\n")
        anchor = None if text.anchor is None else QPointF(*self._canvas.to_widget(text.anchor))
        if text.box is None:
            assert anchor is not None
            return anchor + QPointF(8, 4), lines
        box = QRectF(*(QPointF(*self._canvas.to_widget(corner)) for corner in text.box)).normalized()
        if anchor is not None and text.anchor_visible:
            path = QPainterPath(QPointF(min(max(anchor.x(), box.left()), box.right()), box.center().y()))
            path.lineTo(anchor)
            _stroke(painter, path)
        metrics = painter.fontMetrics()
        free = box.width() - max(metrics.horizontalAdvance(line) for line in lines)
        indent = {"LEFT": 0.0, "CENTER": free / 2, "RIGHT": free}[text.justification]
        return box.topLeft() + QPointF(max(indent, 0.0), 0), lines

    def _outline(self, drawing: graphics.Drawing) -> QPainterPath:
        path = QPainterPath()
        if isinstance(drawing, graphics.Point):
            at = QPointF(*self._canvas.to_widget(drawing.at))
            for reach in (QPointF(6, 0), QPointF(0, 6)):
                path.moveTo(at - reach)
                path.lineTo(at + reach)
        elif isinstance(drawing, graphics.Polyline):
            places = [QPointF(*self._canvas.to_widget(point)) for point in drawing.points]
            path.moveTo(places[0])
            for place in places[1:]:
                path.lineTo(place)
        elif isinstance(drawing, graphics.Circle):
            radius = math.dist(drawing.center, drawing.edge)
            path = self._ellipse(drawing.center, (radius, 0.0), (0.0, radius))
        else:
            (one, other), (first, last) = drawing.major, drawing.minor
            middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
            path = self._ellipse(middle, _half(one, other), _half(first, last))
        return path

    def _ellipse(self, middle: Point, one: Point, other: Point) -> QPainterPath:
        """Return an ellipse by its middle and two half axes, as it lies in the view."""
        canvas = self._canvas
        path = QPainterPath()
        path.addEllipse(QPointF(0, 0), 1, 1)
        (a, b), (c, d) = (vector_to_view(canvas.viewport, axis) for axis in (one, other))
        x, y = canvas.to_widget(middle)
        scale = canvas.scale
        return QTransform(a / scale, b / scale, c / scale, d / scale, x, y).map(path)


def _half(one: Point, other: Point) -> Point:
    return (other[0] - one[0]) / 2, (other[1] - one[1]) / 2


def _stroke(painter: QPainter, path: QPainterPath) -> None:
    """Draw a line twice, dark then light, so that it is seen on any ground."""
    for pen in (QPen(QColor(0, 0, 0, 200), 3.5), QPen(OVERLAY, 1.5)):
        painter.strokePath(path, pen)


def _lay_mask(mask: NDArray[np.bool_], viewport: Viewport, size: Size) -> NDArray[np.uint8]:
    def shades(rows: slice, columns: slice) -> NDArray[np.uint8]:
        return mask[rows, columns].astype(np.uint8) * np.uint8(255)

    return lay(mask.shape, shades, viewport, size, _KERNELS)
