"""What a distance on a radiograph means: one function decides number, unit and label together."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from pydicom import Dataset

from ..errors import SettingsError
from ..sentences import Sentence, translatable

SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
"""Keywords of what may say how far apart pixels are."""
CROSS_SECTIONAL = frozenset({"CT", "MR", "PT"})
"""Modalities whose PixelSpacing is measured in the patient; of all others it is a projection's."""


_AT_DETECTOR = translatable("mm at detector (not corrected for magnification)")


class Unit(StrEnum):
    """The unit of a distance."""

    MILLIMETRES = "mm"
    PIXELS = "px"


@dataclass(frozen=True, slots=True)
class Spacing:
    """The distance between neighbouring pixels, with what it means."""

    row: float
    """Between the centres of neighbouring rows: down the image. Always above 0."""
    column: float
    """Between the centres of neighbouring columns: across the image. Always above 0."""
    unit: Unit
    label: str
    """To be shown beside every number; it begins with the unit."""
    reason: Sentence | None = field(default=None, compare=False)
    """A sentence to be shown where a distance is asked for: why a spacing of the file was not used; or nothing."""

    def length(self, rows: float, columns: float) -> float:
        """Return the length in `unit` of a line that spans so many rows and columns."""
        return math.hypot(rows * self.row, columns * self.column)


def find_spacing(header: Dataset | None, calibrated: tuple[float, float] | None = None) -> Spacing:
    """Decide the spacing of a radiograph, which is a projection: most of what headers say is not size in the patient.

    A spacing that is zero, negative or no number, as `0,143`, is not used; where nothing is left the unit is the pixel,
    and `reason` says why.

    Args:
        header: PixelSpacing, ImagerPixelSpacing, NominalScannedPixelSpacing, EstimatedRadiographicMagnificationFactor,
            PixelSpacingCalibrationType and -Description, PixelAspectRatio and Modality are read (PS3.3 10.7.1.3);
            None for an image without one.
        calibrated: The reader's own calibration, mm between rows and mm between columns; it overrides the header.

    Raises:
        SettingsError: The reader's calibration is no pair of lengths.
    """
    if calibrated is not None:
        if not _are_lengths(calibrated):
            raise SettingsError(Sentence("The calibration was not used: its line must have a length above 0 mm."))
        return Spacing(*calibrated, Unit.MILLIMETRES, translatable("mm calibrated by user"))
    header = Dataset() if header is None else header
    pixel, imager = _pair(header, "PixelSpacing"), _pair(header, "ImagerPixelSpacing")
    if pixel and imager:
        equal = all(math.isclose(one, other, rel_tol=1e-6) for one, other in zip(pixel, imager, strict=True))
        label = _AT_DETECTOR if equal else _calibration(header)
        return Spacing(*pixel, Unit.MILLIMETRES, label)
    if imager:
        match _numbers(header, "EstimatedRadiographicMagnificationFactor"):
            case [factor] if factor > 0 and _are_lengths(corrected := (imager[0] / factor, imager[1] / factor)):
                return Spacing(*corrected, Unit.MILLIMETRES, f"mm magnification-corrected (ERMF {factor:.2f})")
        return Spacing(*imager, Unit.MILLIMETRES, _AT_DETECTOR)
    if pixel:
        measured = header.get("Modality") in CROSS_SECTIONAL
        return Spacing(*pixel, Unit.MILLIMETRES, "mm" if measured else translatable("mm, meaning unknown"))
    if scanned := _pair(header, "NominalScannedPixelSpacing"):
        return Spacing(*scanned, Unit.MILLIMETRES, translatable("mm on scanned film"))
    # PixelAspectRatio is vertical\horizontal: a row is then so many column widths high.
    vertical, horizontal = _pair(header, "PixelAspectRatio") or (1.0, 1.0)
    unusable = next((keyword for keyword in SPACINGS if keyword in header), "")
    reason = (
        Sentence("Distances are in pixels: the file's {0} is not two numbers above 0.", unusable) if unusable else None
    )
    return Spacing(vertical / horizontal, 1.0, Unit.PIXELS, "px", reason)


def _calibration(header: Dataset) -> str:
    """Say what the header says of how PixelSpacing was calibrated; its description is the file's own text."""
    kind, description = (
        str(header.get(keyword) or "").strip()
        for keyword in ("PixelSpacingCalibrationType", "PixelSpacingCalibrationDescription")
    )
    known = kind if kind in ("GEOMETRY", "FIDUCIAL") else ""
    told = ", ".join(part for part in (known, description) if part)
    return f"mm calibrated: {told}" if told else translatable("mm calibrated: calibration unknown")


def _pair(header: Dataset, keyword: str) -> tuple[float, float] | None:
    """Return a row and a column spacing, or None where they cannot be lengths."""
    numbers = _numbers(header, keyword)
    return (numbers[0], numbers[1]) if len(numbers) == 2 and _are_lengths((numbers[0], numbers[1])) else None


def _are_lengths(pair: tuple[float, float]) -> bool:
    return all(math.isfinite(each) and each > 0 for each in pair)


def _numbers(header: Dataset, keyword: str) -> list[float]:
    """Return an element's numbers; none where it is absent, empty or no number."""
    try:
        value = header.get(keyword)
        if value is None or isinstance(value, str):
            return [float(value)] if value else []
        return [float(each) for each in (value if hasattr(value, "__iter__") else [value])]
    except (TypeError, ValueError, OverflowError, AttributeError):
        return []
