"""A radiograph to the pixel values that the vision encoder reads."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import Dataset

from .dicom.grayscale import StoredImage, describe_voi, first_voi, show
from .dicom.pixels import read_stored
from .domain import is_phantom_dicom, is_phantom_png
from .errors import ImageError
from .isolated.decode import decode
from .raster import from_array, to_8_bit
from .sentences import Sentence

LEAST_GRAYS = 17
"""Of a picture that a draft can be made from; 16 are what is left of a radiograph in a window 16 times too wide."""
_LEAST_SHARE = 1e-4
"""Of the pixels, that have a shade if it counts."""
_MOST_ALIKE = 0.97
"""Of the pixels, that may have one shade; a frame around a film may be large."""
MEAN = 0.555895
DEVIATION = 0.336385
"""The released image processor's, the same on each channel."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedRadiograph:
    """A radiograph as the model sees it, and what is known of it."""

    image: Image.Image
    """8-bit, gray ("L") or "RGB"."""
    header: Dataset | None = None
    """Of a DICOM file the elements of `dicom.header.KEPT_KEYWORDS`; of a Dataset the Dataset itself; else None."""
    warnings: tuple[Sentence, ...] = ()
    """Sentences to be shown beside the image."""
    source_sha256: str | None = None
    """Of the file's bytes; None where there was no file."""
    phantom: bool = False
    """Whether it is marked as a computed phantom."""
    window: str = ""
    """How stored values became gray (`dicom.grayscale.describe_voi`); empty of what is no DICOM image."""


Radiograph = str | Path | Dataset | Image.Image | NDArray[Any] | LoadedRadiograph
"""A path, a pydicom Dataset, a uint8 or uint16 array (H, W) or (H, W, 3), a PIL image, or what was loaded before."""


def load_radiograph(source: Radiograph) -> LoadedRadiograph:
    """Load whatever kind of radiograph it is; of several frames the first.

    A file is decoded in a child process with limits, anything else in this one. Values of 16 bits without a window of
    their own are stretched between their 0.5 and 99.5 percentiles.

    Raises:
        ImageError: It cannot be read, is empty, or is no image of a kind that we know.
    """
    if isinstance(source, LoadedRadiograph):
        return source
    if isinstance(source, (str, Path)):
        decoded = decode(Path(source))
        image = Image.fromarray(decoded.pixels)
        known = (decoded.header, decoded.warnings, decoded.sha256, decoded.phantom, decoded.window)
        return LoadedRadiograph(image, *known)
    if isinstance(source, Dataset):
        stored = read_stored(source)
        warnings = tuple(each.value for each in stored.warnings)
        return show_as_loaded(stored, source, warnings, phantom=is_phantom_dicom(source))
    if isinstance(source, Image.Image):
        return LoadedRadiograph(to_8_bit(source, "The image"), phantom=is_phantom_png(source.info))
    return LoadedRadiograph(from_array(source))


def show_as_loaded(
    stored: StoredImage,
    header: Dataset,
    warnings: tuple[Sentence, ...],
    source_sha256: str | None = None,
    *,
    phantom: bool,
) -> LoadedRadiograph:
    """Show a DICOM image's stored values as the model sees them, by the file's first window and never a reader's."""
    voi = first_voi(stored)
    image = Image.fromarray(show(stored, voi))
    return LoadedRadiograph(image, header, warnings, source_sha256, phantom, describe_voi(stored, voi))


def require_content(image: Image.Image, name: str) -> None:
    """Refuse a picture in which nothing is to be seen: a model would draft from it all the same.

    Raises:
        ImageError: It is blank, or nearly, or has too few shades of gray to be a radiograph.
    """
    counts = np.array(image.convert("L").histogram())
    grays = np.count_nonzero(counts >= max(counts.sum() * _LEAST_SHARE, 1))
    if counts.max() == counts.sum():
        raise ImageError(name, Sentence("all its pixels are alike, so there is nothing to draft from"))
    if counts.max() > counts.sum() * _MOST_ALIKE:
        raise ImageError(name, Sentence("nearly all its pixels are alike, so there is next to nothing to draft from"))
    if grays < LEAST_GRAYS:
        raise ImageError(
            name, Sentence("it has only {0} shades of gray, too few to draft from; a radiograph has hundreds", grays)
        )


def letterbox(image: Image.Image, size: int) -> NDArray[np.uint8]:
    """Fit an "L" or "RGB" image on a white square (size, size, 3): aspect kept, shrunk if need be, never enlarged.

    One plain Lanczos resize, without the reducing gap by which newer Pillows' `thumbnail` departs from the one that
    the authors trained with.
    """
    width, height = fitted_size(image.width, image.height, size)
    if (width, height) != image.size:
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    canvas = Image.new("RGB", (size, size), "white")
    canvas.paste(image, ((size - width) // 2, (size - height) // 2))
    return np.asarray(canvas)


def fitted_size(width: int, height: int, size: int) -> tuple[int, int]:
    """Return the size that Pillow's `thumbnail` picks for a square: of two roundings the one that keeps the aspect."""
    if width <= size and height <= size:
        return width, height
    aspect = width / height
    if aspect <= 1:
        return _best(size * aspect, lambda side: abs(aspect - side / size)), size
    return size, _best(size / aspect, lambda side: abs(aspect - size / side) if side else 0.0)


def _best(side: float, error: Any) -> int:
    return max(min(math.floor(side), math.ceil(side), key=error), 1)


def to_pixel_values(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Normalise (S, S, 3) 8-bit to (1, 3, S, S) float32."""
    scaled = rgb.astype(np.float32) / np.float32(255)
    normalised = (scaled - np.float32(MEAN)) / np.float32(DEVIATION)
    return np.ascontiguousarray(normalised.transpose(2, 0, 1)[None])
