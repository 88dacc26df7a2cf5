"""What is painted over an image, as plain data: one moment of a view, and nothing that can change under the painter."""

from collections.abc import Callable
from dataclasses import dataclass

from unix_edge.dicom.graphics import Annotation

from ..image import viewport as view
from ..image.corner_text import TextState
from ..image.images import ViewImage
from ..image.measuring import Measurement
from ..image.viewport import Point, Size, Viewport
from ..image.window_level import WindowState


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """An image as it lies in a view, with all that is drawn and written on it."""

    image: ViewImage
    window_state: WindowState
    viewport: Viewport
    width: int
    height: int
    """Of the view, in the widget's coordinates, which are the painter's."""
    device_size: Size
    """Width and height of the view in device pixels, in which the viewport lays the image."""
    scale: float
    """Device pixels a pixel of the widget."""
    text_state: TextState
    hide_patient: bool
    prior: str
    """That it is a prior, and of what age; empty where it is none."""
    measurements: tuple[Measurement, ...]
    selected: int | None
    pending: Measurement | None
    """A measurement that is half drawn."""
    key_cursor: Point | None
    """The crosshair that the arrow keys move, in the image."""
    annotations: tuple[Annotation, ...]
    """A presentation state's drawings."""
    is_key: bool
    asked: tuple[str, ...]
    """What the view says of the tool."""
    translate: Callable[[str], str]
    """Puts words of ours into the reader's language."""
    show_date: Callable[[str], str]
    """Writes a DA value as the reader's system does."""

    def to_widget(self, point: Point) -> Point:
        """Return where an image point is, in the widget's coordinates."""
        x, y = view.to_view(self.viewport, self.device_size, point)
        return x / self.scale, y / self.scale
