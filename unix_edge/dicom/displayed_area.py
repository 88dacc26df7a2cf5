"""What of an image a presentation state shows, and how large (PS3.3 C.10.4)."""

import math
from dataclasses import dataclass
from enum import StrEnum

from pydicom import Dataset

from ..errors import PresentationStateError
from ..sentences import Sentence
from .filing import decimal
from .transforms import read_numbers, read_text

_FARTHEST = 1 << 20


class SizeMode(StrEnum):
    """Presentation Size Mode (0070,0100)."""

    FIT = "SCALE TO FIT"
    TRUE_SIZE = "TRUE SIZE"
    MAGNIFY = "MAGNIFY"


@dataclass(frozen=True, slots=True)
class DisplayedArea:
    """What of the image is seen (PS3.3 C.10.4)."""

    top_left: tuple[int, int]
    """(column, row) of the pixel that is at the top left after rotation and flip, in the image before them, from 1."""
    bottom_right: tuple[int, int]
    mode: SizeMode = SizeMode.FIT
    spacing: tuple[float, float] | None = None
    """Millimetres between rows and between columns; TRUE SIZE needs it."""
    aspect: tuple[int, int] = (1, 1)
    """Height and width of a pixel, where there is no spacing."""
    magnification: float | None = None
    """Screen pixels for each of the image, along a side; of MAGNIFY."""


def whole_area(columns: int, rows: int, rotation: int = 0, *, flipped: bool = False) -> DisplayedArea:
    """Return the area of a whole image: its corners are named as they lie after rotation and flip."""
    corners = [(1, 1), (columns, 1), (columns, rows), (1, rows)]  # clockwise
    place = ((1 if flipped else 0) - rotation // 90) % 4
    return DisplayedArea(corners[place], corners[(place + 2) % 4])


def lies_as_turned(area: DisplayedArea, rotation: int, *, flipped: bool) -> bool:
    """Return whether the corners are named as they lie after rotation and flip; not every writer does."""
    whole = whole_area(2, 2, rotation, flipped=flipped)
    return all(
        (last - first) * (second - one) >= 0
        for first, last, one, second in zip(
            area.top_left, area.bottom_right, whole.top_left, whole.bottom_right, strict=True
        )
    )


def read_area(item: Dataset) -> DisplayedArea | None:
    """Return the area of an item of DisplayedAreaSelectionSequence, or None where it contradicts itself."""
    corners = [read_numbers(item, f"DisplayedArea{name}HandCorner") for name in ("TopLeft", "BottomRight")]
    spacing, aspect, magnification = (
        read_numbers(item, f"PresentationPixel{name}") for name in ("Spacing", "AspectRatio", "MagnificationRatio")
    )
    mode = read_text(item, "PresentationSizeMode")
    if spacing is None or aspect is None or magnification is None or mode not in list(SizeMode):
        return None
    if any(corner is None or len(corner) != 2 or max(map(abs, corner)) > _FARTHEST for corner in corners):
        return None
    if len(spacing) not in (0, 2) or len(aspect) not in (0, 2) or len(magnification) > 1:
        return None
    if any(each <= 0 for each in (*spacing, *aspect, *magnification)):
        return None
    top_left, bottom_right = ((int(corner[0]), int(corner[1])) for corner in corners if corner)
    area = DisplayedArea(
        top_left,
        bottom_right,
        SizeMode(mode),
        (spacing[0], spacing[1]) if spacing else None,
        (int(aspect[0]), int(aspect[1])) if aspect else (1, 1),
        magnification[0] if magnification else None,
    )
    return area if _is_complete(area) else None


def area_item(area: DisplayedArea) -> Dataset:
    """Return the item of DisplayedAreaSelectionSequence.

    Raises:
        PresentationStateError: What its mode needs is missing or no length.
    """
    lengths = [*(area.spacing or ()), *area.aspect, *([] if area.magnification is None else [area.magnification])]
    if not _is_complete(area) or not all(math.isfinite(each) and each > 0 for each in lengths):
        raise PresentationStateError(
            Sentence("the displayed area has no pixel spacing or magnification to show it by"), "written"
        )
    item = Dataset()
    item.DisplayedAreaTopLeftHandCorner = list(area.top_left)
    item.DisplayedAreaBottomRightHandCorner = list(area.bottom_right)
    item.PresentationSizeMode = area.mode
    if area.spacing is not None:
        item.PresentationPixelSpacing = [decimal(each) for each in area.spacing]
    else:
        item.PresentationPixelAspectRatio = list(area.aspect)
    if area.mode is SizeMode.MAGNIFY:
        item.PresentationPixelMagnificationRatio = area.magnification
    return item


def _is_complete(area: DisplayedArea) -> bool:
    missing = (area.mode is SizeMode.TRUE_SIZE and not area.spacing) or (
        area.mode is SizeMode.MAGNIFY and not area.magnification
    )
    return not missing
