"""Where an image lies in a view: zoom, centre, quarter turns and mirroring, as plain numbers and pure functions.

Image coordinates are (x, y) in pixels, whole numbers at pixels' edges; view coordinates are in device pixels, so that
at zoom 1 one image pixel is one pixel of the screen whatever its scale.
"""

from dataclasses import dataclass, replace

Point = tuple[float, float]
Size = tuple[int, int]
"""Width and height of a view, in device pixels."""

LEAST_ZOOM, LARGEST_ZOOM = 0.01, 64.0
_OPPOSITES = str.maketrans("APRLHF", "PALRFH")
# Cosine and sine of a clockwise quarter turn, y pointing down; whole numbers, so that nothing drifts.
_TURNS = ((1, 0), (0, 1), (-1, 0), (0, -1))


@dataclass(frozen=True, slots=True)
class Viewport:
    """How an image is laid into a view."""

    zoom: float = 1.0
    """Device pixels a column."""
    centre: Point = (0.0, 0.0)
    """The image point in the middle of the view."""
    quarters: int = 0
    """Clockwise turns, 0 to 3, after mirroring."""
    mirrored: bool = False
    """Left and right of the image exchanged, before it is turned."""
    aspect: float = 1.0
    """A row's height in columns' widths."""


@dataclass(frozen=True, slots=True)
class Markers:
    """What lies towards each edge of the view: letters of PatientOrientation."""

    left: str
    right: str
    top: str
    bottom: str


def to_view(viewport: Viewport, size: Size, point: Point) -> Point:
    """Return where an image point is seen."""
    x, y = vector_to_view(viewport, (point[0] - viewport.centre[0], point[1] - viewport.centre[1]))
    return x + size[0] / 2, y + size[1] / 2


def to_image(viewport: Viewport, size: Size, point: Point) -> Point:
    """Return the image point that is seen there."""
    x, y = vector_to_image(viewport, (point[0] - size[0] / 2, point[1] - size[1] / 2))
    return x + viewport.centre[0], y + viewport.centre[1]


def vector_to_view(viewport: Viewport, vector: Point) -> Point:
    """Return an image vector as it is seen."""
    x = -vector[0] if viewport.mirrored else vector[0]
    y = vector[1] * viewport.aspect
    cosine, sine = _TURNS[viewport.quarters]
    return (cosine * x - sine * y) * viewport.zoom, (sine * x + cosine * y) * viewport.zoom


def vector_to_image(viewport: Viewport, vector: Point) -> Point:
    """Return the image vector that is seen so."""
    cosine, sine = _TURNS[viewport.quarters]
    x = (cosine * vector[0] + sine * vector[1]) / viewport.zoom
    y = (cosine * vector[1] - sine * vector[0]) / viewport.zoom
    return -x if viewport.mirrored else x, y / viewport.aspect


def seen_size(viewport: Viewport, shape: tuple[int, int]) -> tuple[float, float]:
    """Return the width and height that an image of so many rows and columns has in the view."""
    x, y = vector_to_view(viewport, (shape[1], shape[0]))
    return abs(x), abs(y)


def fit_zoom(viewport: Viewport, size: Size, shape: tuple[int, int]) -> float:
    """Return the zoom at which the whole image just fits."""
    width, height = seen_size(replace(viewport, zoom=1.0), shape)
    return _within(min(size[0] / width, size[1] / height))


def fit(viewport: Viewport, size: Size, shape: tuple[int, int]) -> Viewport:
    """Show the whole image, as large as can be."""
    return replace(viewport, zoom=fit_zoom(viewport, size, shape), centre=(shape[1] / 2, shape[0] / 2))


def one_to_one(viewport: Viewport, zoom: float = 1.0) -> Viewport:
    """Show one column a device pixel, or so many times as large; the centre stays."""
    return replace(viewport, zoom=_within(zoom))


def zoom_at(viewport: Viewport, size: Size, cursor: Point, factor: float) -> Viewport:
    """Zoom so that the image point under the cursor stays there."""
    zoom = _within(viewport.zoom * factor)
    held = to_image(viewport, size, cursor)
    x, y = vector_to_image(replace(viewport, zoom=zoom), (cursor[0] - size[0] / 2, cursor[1] - size[1] / 2))
    return replace(viewport, zoom=zoom, centre=(held[0] - x, held[1] - y))


def pan(viewport: Viewport, delta: Point, shape: tuple[int, int]) -> Viewport:
    """Move the image by so many device pixels; its middle never leaves it, so that it cannot be lost."""
    x, y = vector_to_image(viewport, delta)
    centre = (viewport.centre[0] - x, viewport.centre[1] - y)
    return replace(viewport, centre=(_between(centre[0], shape[1]), _between(centre[1], shape[0])))


def rotate(viewport: Viewport, quarters: int) -> Viewport:
    """Turn what is seen clockwise by quarter turns."""
    return replace(viewport, quarters=(viewport.quarters + quarters) % 4)


def flip_horizontal(viewport: Viewport) -> Viewport:
    """Exchange left and right of what is seen."""
    return replace(viewport, quarters=-viewport.quarters % 4, mirrored=not viewport.mirrored)


def flip_vertical(viewport: Viewport) -> Viewport:
    """Exchange top and bottom of what is seen."""
    return rotate(flip_horizontal(viewport), 2)


def reset(viewport: Viewport, size: Size, shape: tuple[int, int]) -> Viewport:
    """Show the image as it is stored, the whole of it."""
    return fit(Viewport(aspect=viewport.aspect), size, shape)


def follow(
    viewport: Viewport,
    size: Size,
    shape: tuple[int, int],
    other: Viewport,
    other_size: Size,
    other_shape: tuple[int, int],
) -> Viewport:
    """Zoom and pan as another view does: pictures of one size are seen as large, others measured against what fits."""
    if shape == other_shape and viewport.aspect == other.aspect:
        return replace(viewport, zoom=other.zoom, centre=other.centre)
    relative = other.zoom / fit_zoom(other, other_size, other_shape)
    centre = (other.centre[0] / other_shape[1] * shape[1], other.centre[1] / other_shape[0] * shape[0])
    return replace(viewport, zoom=_within(fit_zoom(viewport, size, shape) * relative), centre=centre)


def follow_size(
    viewport: Viewport,
    shape: tuple[int, int],
    spacing: Point,
    other: Viewport,
    other_shape: tuple[int, int],
    other_spacing: Point,
) -> Viewport:
    """Zoom and pan as another view does, a millimetre as large in both, places measured from the images' middles.

    Spacings are the millimetres between rows and between columns.
    """
    rows, columns = (theirs / own for own, theirs in zip(spacing, other_spacing, strict=True))
    centre = (
        shape[1] / 2 + (other.centre[0] - other_shape[1] / 2) * columns,
        shape[0] / 2 + (other.centre[1] - other_shape[0] / 2) * rows,
    )
    return replace(viewport, zoom=_within(other.zoom / columns), centre=centre)


def find_markers(viewport: Viewport, orientation: tuple[str, str] | None) -> Markers | None:
    """Return the letters of the four edges; None where the file gives no orientation: nothing is ever guessed."""
    if orientation is None:
        return None

    def towards(x: int, y: int) -> str:
        across, down = vector_to_image(replace(viewport, zoom=1.0, aspect=1.0), (x, y))
        letters = orientation[0] if abs(across) > abs(down) else orientation[1]
        return letters if across + down > 0 else letters.translate(_OPPOSITES)

    return Markers(left=towards(-1, 0), right=towards(1, 0), top=towards(0, -1), bottom=towards(0, 1))


def _within(zoom: float) -> float:
    return min(max(zoom, LEAST_ZOOM), LARGEST_ZOOM)


def _between(value: float, most: int) -> float:
    return min(max(value, 0.0), float(most))
