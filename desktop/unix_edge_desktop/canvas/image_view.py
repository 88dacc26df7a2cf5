"""The widget that shows an image's pixels: viewport, window, and a quick picture while something moves."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from unix_edge.dicom.spacing import Unit

from ..image import viewport as view
from ..image.images import ViewImage
from ..image.viewport import Point, Viewport
from ..image.window_level import (
    STATE,
    WindowState,
    auto_window,
    choose_preset,
    drag,
    first_window,
    invert,
    is_same_voi,
    render,
)

SETTLE_AFTER = 120
"""Milliseconds without a change after which the full picture is made."""


class ImageView(QWidget):
    """One image in a viewport, through a window; its methods are the actions of menus and keys."""

    viewport_changed = Signal(object)
    """The new `Viewport`; not when another view is followed."""
    window_changed = Signal(object)
    """The new `WindowState`."""
    seen_changed = Signal()
    """The reader has the image seen otherwise; not where it follows another view."""
    resized = Signal()
    """The image lies otherwise as the widget has another size."""
    status = Signal(str)
    """A sentence for the status bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: ViewImage | None = None
        self.viewport = Viewport()
        self.window_state: WindowState
        self.draft = False
        """Whether the quick picture is shown."""
        self._fitted = True
        self._picture: QImage | None = None
        self._pixels: NDArray[np.uint8]
        """The picture's pixels, which Qt only borrows."""
        self._scale = self.scale
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_AFTER)
        self._settle.timeout.connect(self.finish_draft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)

    @property
    def scale(self) -> float:
        """Device pixels a pixel of the widget."""
        return self.devicePixelRatioF()

    @property
    def device_size(self) -> tuple[int, int]:
        """Width and height in device pixels."""
        return max(1, round(self.width() * self.scale)), max(1, round(self.height() * self.scale))

    @property
    def is_fitted(self) -> bool:
        """Whether the whole image is shown, and will be after a resize."""
        return self._fitted

    def show_image(self, image: ViewImage | None, *, keep_view: bool = False) -> bool:
        """Show an image, or none; `keep_view` keeps window and viewport where it has the size of the last.

        What a presentation state made of one image is not kept for another. Return whether they were kept.
        """
        last = self.image
        keeps = keep_view and last is not None and image is not None and last.shape == image.shape
        if last is not None and image is not None and self.window_state.name == STATE:
            keeps = keeps and last.uid == image.uid
        self.image = image
        if image is not None and not keeps:
            self.window_state = first_window(image)
            self.viewport = view.reset(_fresh_viewport(image), self.device_size, image.shape)
            self._fitted = True
        self.redraw()
        return keeps

    def show_as(self, viewport: Viewport, window: WindowState, *, fitted: bool) -> None:
        """Show the image as it was left; what shape its pixels have is the image's own."""
        if self.image is None:
            return
        self.window_state, self._fitted = window, fitted
        laid = replace(viewport, aspect=self.viewport.aspect)
        self.viewport = view.fit(laid, self.device_size, self.image.shape) if fitted else laid
        self.redraw()

    @property
    def is_as_opened(self) -> bool:
        """Whether the image is seen as it is opened: the whole of it, not turned, through its first window."""
        if self.image is None:
            return True
        first, now = first_window(self.image), self.window_state
        opened = is_same_voi(now.voi, first.voi) and (now.name, now.inverted) == (first.name, first.inverted)
        return opened and self._fitted and (self.viewport.quarters, self.viewport.mirrored) == (0, False)

    def redraw(self, *, draft: bool = False) -> None:
        """Make the picture anew, the quick one first where something moves."""
        self._picture = None
        self.draft = draft
        if draft:
            self._settle.start()
        self.update()

    def finish_draft(self) -> None:
        """Put the full picture in place of the quick one."""
        self._settle.stop()
        if self.draft:
            self.redraw()

    # Where it is shown

    def to_widget(self, point: Point) -> Point:
        """Return where an image point is, in the widget's coordinates."""
        x, y = view.to_view(self.viewport, self.device_size, point)
        return x / self.scale, y / self.scale

    def from_widget(self, point: Point) -> Point:
        """Return the image point at a place of the widget."""
        return view.to_image(self.viewport, self.device_size, (point[0] * self.scale, point[1] * self.scale))

    def set_viewport(self, viewport: Viewport, *, fitted: bool = False, draft: bool = False) -> None:
        """Lay the image otherwise, and say so; one that is `fitted` fits after a resize, too."""
        if self.image is None:
            return
        self._fitted = fitted
        if viewport != self.viewport:
            self.viewport = viewport
            self.redraw(draft=draft)
            self.viewport_changed.emit(viewport)
        self.seen_changed.emit()

    def follow(self, other: "ImageView") -> None:
        """Zoom and pan as another view does, by millimetres where both images have them; turns stay its own."""
        if self.image is None or other.image is None or other is self:
            return
        own, its = self.image, other.image
        if own.spacing.unit is its.spacing.unit is Unit.MILLIMETRES:
            spacings = [(each.row, each.column) for each in (own.spacing, its.spacing)]
            self.viewport = view.follow_size(
                self.viewport, own.shape, spacings[0], other.viewport, its.shape, spacings[1]
            )
        else:
            self.viewport = view.follow(
                self.viewport, self.device_size, own.shape, other.viewport, other.device_size, its.shape
            )
        fitting = view.fit_zoom(self.viewport, self.device_size, own.shape)
        pixel = 1 / max(1, min(self.device_size))  # of an odd number of pixels one of two views has one more
        self._fitted = other._fitted and math.isclose(self.viewport.zoom, fitting, rel_tol=pixel)
        self.redraw(draft=True)

    def fit(self) -> None:
        """Show the whole image."""
        if self.image is not None:
            self.set_viewport(view.fit(self.viewport, self.device_size, self.image.shape), fitted=True)

    def one_to_one(self, zoom: float = 1.0) -> None:
        """Show one image pixel a pixel of the screen, or so many times as large."""
        self.set_viewport(view.one_to_one(self.viewport, zoom))

    def zoom_by(self, factor: float, at: Point | None = None) -> None:
        """Zoom at a place of the widget, else its middle."""
        x, y = at or (self.width() / 2, self.height() / 2)
        cursor = (x * self.scale, y * self.scale)
        self.set_viewport(view.zoom_at(self.viewport, self.device_size, cursor, factor), draft=True)

    def pan_by(self, across: float, down: float) -> None:
        """Move the image by so many pixels of the widget."""
        if self.image is not None:
            delta = (across * self.scale, down * self.scale)
            self.set_viewport(view.pan(self.viewport, delta, self.image.shape), draft=True)

    def rotate_right(self) -> None:
        """Turn it clockwise."""
        self._turn(view.rotate(self.viewport, 1))

    def rotate_left(self) -> None:
        """Turn it counter-clockwise."""
        self._turn(view.rotate(self.viewport, 3))

    def flip_horizontal(self) -> None:
        """Exchange left and right of what is seen."""
        self._turn(view.flip_horizontal(self.viewport))

    def flip_vertical(self) -> None:
        """Exchange top and bottom of what is seen."""
        self._turn(view.flip_vertical(self.viewport))

    def reset(self) -> None:
        """Show it as it was opened: place, window and inversion."""
        if self.image is not None:
            self.set_window(first_window(self.image))
            self.set_viewport(view.reset(self.viewport, self.device_size, self.image.shape), fitted=True)

    # How it becomes gray

    def set_window(self, window: WindowState, *, draft: bool = False) -> None:
        """Map it otherwise, and say so."""
        if self.image is not None:
            self.window_state = window
            self.redraw(draft=draft)
            self.window_changed.emit(window)
            self.seen_changed.emit()

    def preset(self, number: int) -> None:
        """Choose the preset of a key from 1 to 9."""
        if self.image is None:
            return
        chosen = choose_preset(self.image, self.window_state, number)
        if chosen is None:
            self.status.emit(self.tr("This image has no preset {0}.").replace("{0}", str(number)))
        else:
            self.set_window(chosen)

    def auto_window(self) -> None:
        """Choose the percentiles' window."""
        if self.image is not None:
            self.set_window(auto_window(self.image, self.window_state))

    def invert(self) -> None:
        """Exchange black and white."""
        if self.image is not None:
            self.set_window(invert(self.window_state))

    def change_window(self, across: float, up: float) -> None:
        """Change the window as a drag by so many pixels does."""
        if self.image is not None:
            self.set_window(drag(self.image, self.window_state, across, up), draft=True)

    def magnifying(self, at: Point, side: int, factor: float) -> tuple[Viewport, tuple[int, int]]:
        """Return where the image lies in a square view around a place of the widget, and the view's size."""
        pixels = max(1, round(side * self.scale))
        around = replace(self.viewport, zoom=self.viewport.zoom * factor, centre=self.from_widget(at))
        return around, (pixels, pixels)

    def magnified(self, at: Point, side: int, factor: float) -> QImage:
        """Return what is around a place of the widget, so many times as large."""
        assert self.image is not None
        picture = render(self.image, self.window_state, *self.magnifying(at, side, factor))
        return to_qimage(picture, self.scale).copy()

    # What Qt calls

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw the image on black."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0))
        if self.image is not None:
            if self._picture is None:
                self._pixels = render(self.image, self.window_state, self.viewport, self.device_size, draft=self.draft)
                self._picture = to_qimage(self._pixels, self.scale)
            painter.drawImage(0, 0, self._picture)
        self.paint_over(painter)
        painter.end()

    def paint_over(self, painter: QPainter) -> None:
        """Draw what lies over the image."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Fit again what was fitted; else keep centre and zoom."""
        super().resizeEvent(event)
        self._resized()

    def event(self, event: QEvent) -> bool:
        """Notice that the widget has come to a screen of another scale."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._resized()
        return super().event(event)

    def _resized(self) -> None:
        zoom = self.viewport.zoom * self.scale / self._scale
        self._scale = self.scale
        if self.image is None:
            return
        if self._fitted:
            self.viewport = view.fit(self.viewport, self.device_size, self.image.shape)
        else:
            self.viewport = view.one_to_one(self.viewport, zoom)
        self.redraw(draft=True)
        self.resized.emit()

    def _turn(self, viewport: Viewport) -> None:
        if self.image is not None:
            fitted = self._fitted
            turned = view.fit(viewport, self.device_size, self.image.shape) if fitted else viewport
            self.set_viewport(turned, fitted=fitted)


def _fresh_viewport(image: ViewImage) -> Viewport:
    """Return a viewport that shows pixels as they are shaped, unless their shape cannot be."""
    aspect = image.spacing.row / image.spacing.column
    return Viewport(aspect=aspect if 0.1 <= aspect <= 10 else 1.0)


def to_qimage(pixels: NDArray[np.uint8], scale: float) -> QImage:
    """Return a picture in gray or colour that borrows the pixels: whoever keeps it keeps them.

    Args:
        pixels: (height, width), or (height, width, 3) of red, green and blue.
        scale: Device pixels a pixel of the widget.
    """
    height, width = pixels.shape[:2]
    known = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else QImage.Format.Format_RGB888
    image = QImage(pixels.data, width, height, pixels.strides[0], known)
    image.setDevicePixelRatio(scale)
    return image
