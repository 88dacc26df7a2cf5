"""What a file or a presentation state lays over an image: shutters, overlay planes, and which drawings."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QColor, QImage

from unix_edge.dicom.graphics import Annotation
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge.dicom.shutters import Shutter, shutter_mask
from unix_edge.sentences import Sentence

from ..image.images import ViewImage
from ..image.viewport import Size, Viewport
from ..image.window_level import lay
from .drawings import COLOUR, choose_drawings

Mask = NDArray[np.bool_]
_BOX = (Image.Resampling.BOX, Image.Resampling.NEAREST)
_NEAREST = (Image.Resampling.NEAREST, Image.Resampling.NEAREST)
_NOTHING, _COVERED, _RIM, _DRAWN = range(4)
"""What is at a place of the view; the rim is dark, so that an overlay is seen on any ground."""
_KEPT = 2
"""Pictures of what covers: the view's and the lens's."""


class Layers:
    """What lies over one image, and what of it is shown; `changed` is called where that is to be painted anew."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._image: ViewImage | None = None
        self.overlays_shown = True
        self.shutters_shown = True
        self.drawings_shown = True
        self.measurements_shown = True
        self.state: PresentationState | None = None
        """The presentation state that was applied."""
        self.graphics_only = False
        """Whether only its drawings were."""
        self._drawn: tuple[Annotation, ...] = ()
        self._hidden: tuple[object, Mask] | None = None
        self._reduced: list[Mask] = []
        self._laid: dict[object, QImage] = {}

    def lie_over(self, image: ViewImage | None) -> None:
        """Lie over another image, or over none; what belonged to the last is forgotten."""
        self._image = image
        self.state, self.graphics_only, self._drawn = None, False, ()
        self._hidden = None
        self._reduced.clear()
        self._laid.clear()

    def show_state(self, state: PresentationState | None, *, graphics_only: bool = False) -> None:
        """Show a state's drawings, and its shutters unless only the drawings are wanted; or none any more."""
        self.state, self.graphics_only = state, graphics_only
        self._drawn = () if state is None else choose_drawings(state)
        self._changed()

    @property
    def left_out(self) -> tuple[Sentence, ...]:
        """What of the state could not be shown."""
        return () if self.state is None else self.state.left_out

    @property
    def shutters(self) -> tuple[tuple[Shutter, ...], int]:
        """The shutters in force, the presentation state's before the file's, and the P-Value that covers."""
        image = self._image
        if image is None:
            return (), 0
        if self.state is not None and not self.graphics_only:
            return self.state.shutters, self.state.shutter_gray
        return image.over.shutters, image.over.shutter_gray

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """The drawings of the presentation state, where they are shown; those of higher layers later."""
        return self._drawn if self.drawings_shown else ()

    def hidden(self, aspect: float) -> Mask | None:
        """Return which pixels of the image a shutter covers, (rows, columns); None where none does.

        Args:
            aspect: How much higher than wide a pixel is, for round shutters are round.
        """
        image = self._image
        shutters = self.shutters[0]
        if image is None or not shutters or not self.shutters_shown:
            return None
        key = (shutters, image.shape, aspect)
        if self._hidden is None or self._hidden[0] != key:
            self._hidden = key, ~shutter_mask(shutters, *image.shape, aspect)
        return self._hidden[1]

    def lay(self, viewport: Viewport, size: Size, *, overlays: bool = True) -> QImage | None:
        """Return what covers and overlays the image in a view, else transparent; None where nothing does.

        Args:
            viewport: How the image lies in the view.
            size: The view's width and height, in device pixels.
            overlays: Also draw overlay planes, if they are shown.
        """
        image, hidden = self._image, self.hidden(viewport.aspect)
        overlay = image.over.overlay if image is not None and overlays and self.overlays_shown else None
        if image is None or (hidden is None and overlay is None):
            return None
        key = (viewport, size, overlay is not None, self.shutters if hidden is not None else None)
        if key not in self._laid:
            places = np.full((size[1], size[0]), _NOTHING, np.uint8)
            if hidden is not None:
                places[_lay_mask(hidden, viewport, size, _NEAREST)] = _COVERED
            if overlay is not None:
                drawn = self._lay_overlay(overlay, viewport, size)
                places[_widen(drawn)] = _RIM
                places[drawn] = _DRAWN
            while len(self._laid) >= _KEPT:
                self._laid.pop(next(iter(self._laid)))
            self._laid[key] = self._colour(places)
        return self._laid[key]

    def _lay_overlay(self, overlay: Mask, viewport: Viewport, size: Size) -> Mask:
        """Return where an overlay is seen; a line that is thinner than a pixel of the view is still seen."""
        if not self._reduced:
            self._reduced.append(overlay)
        halvings = 0
        while viewport.zoom * min(viewport.aspect, 1.0) <= 0.5 and len(self._reduced[halvings]) > 1:
            halvings += 1
            x, y = viewport.centre
            viewport = replace(viewport, zoom=viewport.zoom * 2, centre=(x / 2, y / 2))
            if halvings == len(self._reduced):
                self._reduced.append(_halve(self._reduced[-1]))
        return _lay_mask(self._reduced[halvings], viewport, size, _BOX)

    def _colour(self, places: NDArray[np.uint8]) -> QImage:
        height, width = places.shape
        gray = round(self.shutters[1] / 257)
        picture = QImage(places.data, width, height, width, QImage.Format.Format_Indexed8).copy()
        colours = (QColor(0, 0, 0, 0), QColor(gray, gray, gray), QColor(0, 0, 0, 150), COLOUR)
        picture.setColorTable([each.rgba() for each in colours])
        return picture


def _halve(mask: Mask) -> Mask:
    """Return a mask half as large along each side, in which nothing is lost."""
    padded = np.pad(mask, [(0, side % 2) for side in mask.shape])
    rows = padded[::2] | padded[1::2]
    halved: Mask = rows[:, ::2] | rows[:, 1::2]
    return halved


def _widen(mask: Mask) -> Mask:
    """Return a mask with the pixels beside it."""
    wide = mask.copy()
    for one, other in ((wide[1:], mask[:-1]), (wide[:-1], mask[1:])):
        one |= other
    for one, other in ((wide[:, 1:], mask[:, :-1]), (wide[:, :-1], mask[:, 1:])):
        one |= other
    return wide


def _lay_mask(mask: Mask, viewport: Viewport, size: Size, kernels: tuple[Image.Resampling, Image.Resampling]) -> Mask:
    def shades(rows: slice, columns: slice) -> NDArray[np.uint8]:
        return mask[rows, columns].view(np.uint8) * np.uint8(255)

    seen: Mask = lay(mask.shape, shades, viewport, size, kernels) > 0
    return seen
