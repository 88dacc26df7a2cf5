"""A presentation state to a canvas, and a canvas to a presentation state."""

import contextlib
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from unix_edge.dicom import graphics
from unix_edge.dicom.displayed_area import DisplayedArea, SizeMode
from unix_edge.dicom.filing import missing_uids
from unix_edge.dicom.graphics import Annotation
from unix_edge.dicom.grayscale import Lut, Modality, Voi, VoiFunction, Window, apply_modality
from unix_edge.dicom.presentation_state import PresentationState, write_presentation_state
from unix_edge.errors import ImageError, PresentationStateError, StoppedError
from unix_edge.files import unused_path
from unix_edge.isolated.child import Source
from unix_edge.isolated.objects import read_state_file
from unix_edge.sentences import Sentence

from ..canvas.canvas import Canvas
from ..canvas.drawings import choose_drawings
from ..image.images import ViewImage
from ..image.measuring import Measurement, Outline, Translate, barbs
from ..image.viewport import LARGEST_ZOOM, LEAST_ZOOM, Point, Size, Viewport, fit, to_image
from ..image.window_level import STATE as NAME
from ..image.window_level import WindowState
from ..studies.opening import find_again
from .anonymising import File

TRUE_SIZE = Sentence("The size in millimetres that the presentation state asks for was left out: the image was fitted.")
TOO_MANY = Sentence("Drawings of more than 2,000 lines in all were left out.")
_LAYER = "MEASUREMENTS"
_HEAD = 0.02
"""Of the image's longer side, the barbs of an arrow."""


def read_state(source: Path | Source, image: ViewImage) -> PresentationState:
    """Read a presentation state as it applies to an image; it is decoded in a child process.

    Raises:
        ImageError: The file cannot be read.
        PresentationStateError: It is none, is about another image, or asks for a picture that cannot be shown.
    """
    return read_state_file(source, image.uid, image.frame)


def read_first_state(
    files: Sequence[File], image: ViewImage, should_stop: Callable[[], bool] = lambda: False
) -> PresentationState:
    """Read the first of some presentation states that applies to an image.

    Raises:
        ImageError, PresentationStateError, OSError: None of them does; what is said is what was wrong with the last.
        StoppedError: It was stopped.
    """
    for path, member in files[:-1]:
        if should_stop():
            raise StoppedError
        with contextlib.suppress(ImageError, PresentationStateError, OSError):
            return read_state(find_again(path, member), image)
    return read_state(find_again(*files[-1]), image)


def apply_state(canvas: Canvas, state: PresentationState, *, graphics_only: bool = False) -> tuple[Sentence, ...]:
    """Show an image as a state says, or only draw its drawings; return sentences on what was left out.

    Raises:
        PresentationStateError: Its window cannot be shown; the canvas was left as it was.
    """
    image = canvas.image
    if image is None:
        return ()
    left_out = state.left_out
    if not graphics_only:
        window = WindowState(_find_voi(image, state), NAME, state.inverted != image.stored.inverted)
        canvas.set_window(window)
        canvas.set_viewport(_lay(canvas, image, state), fitted=_is_fitted(image, state.area))
        left_out += (TRUE_SIZE,) if state.area is not None and state.area.mode is SizeMode.TRUE_SIZE else ()
    if len(choose_drawings(state)) < len(state.annotations):
        left_out += (TOO_MANY,)
    canvas.layers.show_state(replace(state, left_out=left_out), graphics_only=graphics_only)
    return left_out


def clear_state(canvas: Canvas) -> None:
    """Show the image as it was opened, without any state."""
    canvas.reset()


def describe_view(canvas: Canvas, image: ViewImage) -> PresentationState:
    """Return how an image is seen: window, rotation, flip, area, shutters, and all that is drawn on it."""
    viewport = canvas.viewport
    layers = canvas.layers
    kept = layers.state.annotations if layers.state is not None else ()
    measured = [each for m in canvas.measurements for each in describe_measurement(m, image, canvas.translate)]
    drawn = [*(each for each in kept if each not in measured), *measured]
    names = {each.layer for each in drawn}
    declared = layers.state.layers if layers.state is not None else ()
    shutters, gray = layers.shutters
    turned = (-viewport.quarters if viewport.mirrored else viewport.quarters) % 4
    return PresentationState(
        modality=image.stored.modality,
        voi=canvas.window_state.voi,
        inverted=image.stored.inverted != canvas.window_state.inverted,
        rotation=90 * turned,
        flipped=viewport.mirrored,
        area=None if canvas.is_fitted else _find_area(viewport, canvas.device_size),
        layers=tuple(each for each in declared if each.name in names),
        annotations=tuple(drawn),
        shutters=shutters if layers.shutters_shown else (),
        shutter_gray=gray,
    )


def prepare_state(canvas: Canvas, folder: Path) -> Callable[[], Path]:
    """Return what writes how an image is seen now as a presentation state into a folder; it returns the new file.

    The writing raises PresentationStateError, NoSpaceError or OutputError.

    Raises:
        PresentationStateError: There is no image, or none that a state can be about.
    """
    image = canvas.image
    if image is None:
        raise PresentationStateError(Sentence("there is no image"), "written")
    if int(image.header.get("SamplesPerPixel") or 1) != 1:
        raise PresentationStateError(Sentence("the image is in colour, and such a state is of gray images"), "written")
    if missing := missing_uids(image.header):
        raise PresentationStateError(Sentence("the image's header has no valid {0}", missing), "written")
    state = replace(describe_view(canvas, image), images=(image.reference,))

    def write() -> Path:
        path = unused_path(folder, "presentation state", ".dcm")
        write_presentation_state(state, image.header, path)
        return path

    return write


def describe_measurement(measurement: Measurement, image: ViewImage, translate: Translate = str) -> list[Annotation]:
    """Return a measurement as drawings, its words beside its last point or where a person put them.

    Places are as exact as they are kept. From words that were moved a line leads to the measurement.
    """
    words = "\n".join(measurement.lines(image, translate))
    texts = measurement.line_texts(image, translate)
    labels = tuple(each and (_single(each[0]), _single(each[1])) for each in measurement.labels)
    points = tuple((_single(x), _single(y)) for x, y in measurement.points)
    measurement = replace(measurement, points=points, labels=labels)
    drawings: list[Annotation]
    if measurement.outline is Outline.CROSS:
        drawings = [graphics.Point(_LAYER, points[0])]
    elif measurement.outline is Outline.LINES:
        drawings = [graphics.Polyline(_LAYER, tuple(points[each] for each in path)) for path in measurement.paths]
        if measurement.has_head:
            drawings.append(_describe_head(points, image))
    else:
        (left, right), (top, bottom) = (sorted(each) for each in zip(*points, strict=True))
        if measurement.outline is Outline.ELLIPSE:
            drawings = [_describe_ellipse((left, top), (right, bottom))]
        else:
            corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
            drawings = [graphics.Polyline(_LAYER, corners)]
    beside = [(text, points[path[0]]) for text, path in zip(texts, measurement.paths, strict=False)]  # mostly none
    for index, (text, place) in [*enumerate(beside, 1), (0, (words, points[-1]))]:
        if text:
            drawings += _describe_text(text, measurement, index, place)
    return drawings


def _describe_text(text: str, measurement: Measurement, index: int, place: Point) -> list[Annotation]:
    moved = measurement.label(index)
    if moved is None:
        return [graphics.Text(_LAYER, text, anchor=place)]
    nearest = min(measurement.anchors(), key=lambda each: math.dist(each, moved))
    end = _single(nearest[0]), _single(nearest[1])
    return [graphics.Polyline(_LAYER, (moved, end)), graphics.Text(_LAYER, text, anchor=moved)]


def _describe_head(points: Sequence[Point], image: ViewImage) -> graphics.Polyline:
    """Return the barbs of an arrow, which are as large as the image wants them, and no longer than the arrow."""
    tip, tail = points
    length = min(_HEAD * max(image.shape), math.dist(tip, tail))
    return graphics.Polyline(_LAYER, tuple((_single(x), _single(y)) for x, y in barbs(tip, tail, length)))


def _single(number: float) -> float:
    return float(np.float32(number))


def _describe_ellipse(corner: Point, other: Point) -> graphics.Ellipse:
    (left, top), (right, bottom) = corner, other
    x, y = _single((left + right) / 2), _single((top + bottom) / 2)
    across, down = ((left, y), (right, y)), ((x, top), (x, bottom))
    major, minor = (across, down) if right - left >= bottom - top else (down, across)
    return graphics.Ellipse(_LAYER, major, minor)


def _find_voi(image: ViewImage, state: PresentationState) -> Voi:
    """Return the state's window or table in the image's own modality values.

    Raises:
        PresentationStateError: The state's Modality LUT is not the image's, and the window cannot be converted.
    """
    own, theirs = image.stored.modality, state.modality
    if state.voi is None:
        return _whole_range(image)
    if _are_alike(own, theirs):
        return state.voi
    if isinstance(own, Lut) or isinstance(theirs, Lut) or isinstance(state.voi, Lut):
        raise PresentationStateError(
            Sentence("its Modality LUT is not the image's own, which is not supported"), "applied"
        )
    ratio = own.slope / theirs.slope if theirs.slope else 0.0
    if not ratio > 0:
        raise PresentationStateError(Sentence("its Rescale Slope contradicts the image's"), "applied")
    window = state.voi
    if window.function is VoiFunction.LINEAR:  # PS3.3 C.11.2.1.2 as a line through the same two points
        if window.width <= 1:
            raise PresentationStateError(
                Sentence("its window is a threshold in other values than the image's"), "applied"
            )
        window = Window(window.center - 0.5, window.width - 1, VoiFunction.LINEAR_EXACT)
    center = (window.center - theirs.intercept) * ratio + own.intercept
    return Window(center, window.width * ratio, window.function, state.voi.explanation)


def _are_alike(one: Modality, other: Modality) -> bool:
    if isinstance(one, Lut) and isinstance(other, Lut):
        return (one.first, one.bits, one.entries.tolist()) == (other.first, other.bits, other.entries.tolist())
    return one == other


def _whole_range(image: ViewImage) -> Window:
    """Return the window of a state that has none: all values that the image could hold, from black to white."""
    bits = int(image.header.get("BitsStored") or 8 * image.stored.stored.dtype.itemsize)
    least = -(1 << bits - 1) if image.stored.stored.dtype.kind == "i" else 0
    ends = apply_modality(np.array([least, least + (1 << bits) - 1]), image.stored.modality)
    return Window(float(ends.mean()), max(float(abs(ends[1] - ends[0])), 1e-6), VoiFunction.LINEAR_EXACT)


def _lay(canvas: Canvas, image: ViewImage, state: PresentationState) -> Viewport:
    """Return where the image lies. A state turns first and mirrors then, a viewport the other way round."""
    quarters = state.rotation // 90
    turned = replace(canvas.viewport, quarters=-quarters % 4 if state.flipped else quarters, mirrored=state.flipped)
    area = state.area
    if area is None:
        return fit(turned, canvas.device_size, image.shape)
    (x0, x1), (y0, y1) = (sorted(ends) for ends in zip(area.top_left, area.bottom_right, strict=True))
    part = fit(turned, canvas.device_size, (y1 - y0 + 1, x1 - x0 + 1))
    zoom = area.magnification if area.mode is SizeMode.MAGNIFY and area.magnification else part.zoom
    return replace(part, zoom=min(max(zoom, LEAST_ZOOM), LARGEST_ZOOM), centre=((x0 + x1 - 1) / 2, (y0 + y1 - 1) / 2))


def _is_fitted(image: ViewImage, area: DisplayedArea | None) -> bool:
    """Return whether the whole image is to be seen, whatever the view's size."""
    if area is None:
        return True
    corners = [sorted(ends) for ends in zip(area.top_left, area.bottom_right, strict=True)]
    return area.mode is not SizeMode.MAGNIFY and corners == [[1, side] for side in reversed(image.shape)]


def _find_area(viewport: Viewport, size: Size) -> DisplayedArea:
    """Return what is seen: the view's corners as pixels of the image, which may lie outside it."""
    corners = to_image(viewport, size, (0, 0)), to_image(viewport, size, size)
    ends = [sorted(each) for each in zip(*corners, strict=True)]
    first, last = ([round(low) + 1, max(round(high), round(low) + 1)] for low, high in ends)
    places = [
        (axis[0], axis[1]) if corners[0][index] <= corners[1][index] else (axis[1], axis[0])
        for index, axis in enumerate((first, last))
    ]
    aspect = Fraction(viewport.aspect).limit_denominator(1000)
    return DisplayedArea(
        (places[0][0], places[1][0]), (places[0][1], places[1][1]), aspect=(aspect.numerator, aspect.denominator)
    )
