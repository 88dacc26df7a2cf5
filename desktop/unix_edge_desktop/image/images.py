"""An image as the viewer holds it: stored values, what the header says, and every number taken through one way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import Dataset

from unix_edge.dicom.filing import ReferencedImage
from unix_edge.dicom.grayscale import (
    ImageWarning,
    Lut,
    StoredImage,
    Voi,
    Window,
    apply_modality,
    percentile_window,
)
from unix_edge.dicom.pixels import FULL_RANGE
from unix_edge.dicom.projection import Projection, find_projection
from unix_edge.dicom.spacing import Spacing, find_spacing
from unix_edge.isolated.child import Source
from unix_edge.isolated.decode import Decoded, decode
from unix_edge.isolated.over_answer import Over
from unix_edge.sentences import Sentence, translatable

from ..studies.archive import Member

FloatArray = NDArray[np.float64]
LETTERS = frozenset("APRLHF")


@dataclass(frozen=True, slots=True)
class Preset:
    """One way to gray that a person can choose."""

    name: str
    """The file's own words, or ours where it has none."""
    voi: Voi
    named_by_file: bool = False


@dataclass(frozen=True, eq=False)
class ViewImage:
    """One frame of a file, ready to be shown and measured."""

    stored: StoredImage
    header: Dataset = field(default_factory=Dataset)
    """Empty of a PNG or JPEG."""
    name: str = ""
    """Of its file."""
    frame: int = 0
    sha256: str = ""
    warnings: tuple[Sentence, ...] = ()
    synthetic: bool = False
    phantom: bool = False
    """Whether it is marked as a computed phantom."""
    calibrated: tuple[float, float] | None = None
    """The reader's own, mm between rows and between columns."""
    over: Over = field(default_factory=Over)
    """Overlays and shutters of the file."""
    path: Path | None = None
    """Of its file, or of the archive that it is in; None of what is in memory."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.stored.stored.shape
        return rows, columns

    @property
    def uid(self) -> str:
        """SOP Instance UID, or a name made of the file's hash where there is none."""
        return str(self.header.get("SOPInstanceUID") or "") or f"sha256:{self.sha256}"

    @property
    def reference(self) -> ReferencedImage:
        """The image, or its frame where it has several, by its UIDs; its header must have them (`missing_uids`)."""
        return replace(ReferencedImage.of(self.header), frames=(self.frame + 1,) if self.frames > 1 else ())

    @cached_property
    def spacing(self) -> Spacing:
        """What a distance means."""
        return find_spacing(self.header, self.calibrated)

    @cached_property
    def projection(self) -> Projection:
        """What it shows from which side."""
        return find_projection(self.header)

    def without_words(self) -> "ViewImage":
        """Return it without what the file says in free text of its calibration."""
        left_out = "PixelSpacingCalibrationDescription"
        return replace(self, header=Dataset({each.tag: each for each in self.header if each.keyword != left_out}))

    @cached_property
    def presets(self) -> tuple[Preset, ...]:
        """The file's VOI LUTs and windows in its order, then the percentiles'."""
        return (*_name_presets(self.stored.presets), Preset(translatable("Auto"), self.auto))

    @cached_property
    def auto(self) -> Window:
        """The window from the 0.5 to the 99.5 percentile."""
        return percentile_window(self.stored)

    @property
    def orientation(self) -> tuple[str, str] | None:
        """PatientOrientation: what lies at the right end of a row and at the lower end of a column; None if unknown."""
        value = self.header.get("PatientOrientation")
        if not isinstance(value, Sequence) or isinstance(value, (str, bytes)) or len(value) != 2:
            return None
        row, column = (str(each).strip().upper() for each in value)
        known = all(1 <= len(each) <= 3 and set(each) <= LETTERS for each in (row, column))
        return (row, column) if known else None

    @property
    def frames(self) -> int:
        """How many frames its file has."""
        try:
            return max(1, int(self.header.get("NumberOfFrames") or 1))
        except (TypeError, ValueError):
            return 1

    @property
    def laterality(self) -> str:
        """ImageLaterality or Laterality: R, L, B, U, or nothing."""
        text = str(self.header.get("ImageLaterality") or self.header.get("Laterality") or "")
        return text if text in ("R", "L", "B", "U") else ""

    def values(self, rows: slice, columns: slice) -> FloatArray:
        """Return modality values of a part of the image; where nothing was imaged, NaN."""
        stored = self.stored.stored[rows, columns]
        values = apply_modality(stored, self.stored.modality)
        if self.stored.padding is not None:
            low, high = self.stored.padding
            values[(stored >= low) & (stored <= high)] = np.nan
        return values

    def colour_at(self, row: int, column: int) -> tuple[int, int, int] | None:
        """Return red, green and blue of a pixel; None of a gray image."""
        if self.stored.colour is None:
            return None
        red, green, blue = (int(each) for each in self.stored.colour[row, column])
        return red, green, blue

    def calibrate(self, spacing: tuple[float, float] | None) -> "ViewImage":
        """Return the same image with the reader's own spacing, or without it.

        Raises:
            SettingsError: It is no pair of lengths.
        """
        find_spacing(self.header, spacing)
        return replace(self, calibrated=spacing)


Decode = Callable[[Path | Source, int], Decoded]
"""Decodes one frame with its stored values."""


def load_view_image(source: Path | Source, frame: int = 0, decode_frame: Decode | None = None) -> ViewImage:
    """Load one frame, from 0, of a DICOM, PNG or JPEG file; it is decoded in a child process with limits.

    The child is the file's own where no `decode_frame` is given.

    Raises:
        ImageError: It cannot be read; one sentence, whatever became of the child.
    """
    decoded = decode_frame(source, frame) if decode_frame else decode(source, frame=frame, stored=True)
    stored, warnings = decoded.stored, decoded.warnings
    if stored is None:
        stored, more = _from_picture(decoded)
        warnings += more
    return ViewImage(
        stored,
        Dataset() if decoded.header is None else decoded.header,
        source.name,
        frame,
        decoded.sha256,
        warnings,
        decoded.synthetic or decoded.phantom,
        decoded.phantom,
        over=decoded.over or Over(),
        path=source.archive.path if isinstance(source, Member) else source if isinstance(source, Path) else None,
    )


def from_gray(pixels: NDArray[np.uint8], header: Dataset | None = None, *, synthetic: bool = False) -> ViewImage:
    """Make an image of 8-bit gray that is in memory, as of a picture that was just generated."""
    stored = StoredImage(pixels, presets=(FULL_RANGE,))
    return ViewImage(stored, Dataset() if header is None else header, synthetic=synthetic)


def _from_picture(decoded: Decoded) -> tuple[StoredImage, tuple[Sentence, ...]]:
    pixels: NDArray[Any] = decoded.pixels
    if pixels.ndim == 2:
        return StoredImage(pixels, presets=(FULL_RANGE,)), ()
    gray = np.asarray(Image.fromarray(pixels).convert("L"))
    alike = bool((pixels[..., :1] == pixels[..., 1:]).all())
    if alike:
        return StoredImage(gray, presets=(FULL_RANGE,)), ()
    return StoredImage(gray, presets=(FULL_RANGE,), colour=pixels), (ImageWarning.COLOUR.value,)


def _name_presets(vois: tuple[Voi, ...]) -> list[Preset]:
    presets = []
    for number, voi in enumerate(vois, 1):
        usual = translatable("Window")
        if isinstance(voi, Lut):
            usual = translatable("VOI LUT")
        elif voi is FULL_RANGE:
            usual = translatable("Full range")
        usual = usual if len(vois) == 1 else f"{usual} {number}"
        presets.append(Preset(voi.explanation or usual, voi, bool(voi.explanation)))
    return presets
