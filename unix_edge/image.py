"""A radiograph to the pixel values that the vision encoder reads."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pydicom import Dataset
from pydicom.errors import InvalidDicomError

from .dicom.pixels import MAX_SIDE, to_gray, to_percentiles
from .errors import ImageError

MEAN = 0.555895
DEVIATION = 0.336385
"""The released image processor's, the same on each channel."""

Radiograph = str | Path | Dataset | Image.Image | NDArray[Any]
"""A path, a pydicom Dataset, a uint8 or uint16 array (H, W) or (H, W, 3), or a PIL image."""


def load_radiograph(source: Radiograph) -> Image.Image:
    """Return an 8-bit image, gray ("L") or "RGB", of whatever kind of radiograph it is.

    16-bit values without a window of their own are stretched between their 0.5 and 99.5 percentiles.

    Raises:
        ImageError: It cannot be read, is empty, or is no image of a kind that we know.
    """
    if isinstance(source, (str, Path)):
        return _load_file(Path(source))
    if isinstance(source, Dataset):
        return Image.fromarray(to_gray(source))
    if isinstance(source, Image.Image):
        return _to_8_bit(source, "The image")
    return _from_array(source)


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


def _load_file(path: Path) -> Image.Image:
    try:
        with path.open("rb") as file:
            head = file.read(132)
    except FileNotFoundError:
        raise ImageError(path.name, "there is no such file") from None
    except OSError as error:
        raise ImageError(path.name, f"it cannot be opened ({error.strerror})") from None
    if not head:
        raise ImageError(path.name, "it is empty")
    if head[128:] == b"DICM":
        try:
            return Image.fromarray(to_gray(pydicom.dcmread(path), path.name))
        except ImageError:
            raise
        except (InvalidDicomError, Exception) as error:  # pydicom's many, on a stranger's file
            raise ImageError(path.name, f"its DICOM structure is broken ({type(error).__name__})") from None
    try:
        with Image.open(path, formats=["PNG", "JPEG"]) as image:
            return _to_8_bit(image, path.name)
    except UnidentifiedImageError:
        raise ImageError(path.name, "it is neither DICOM, PNG nor JPEG") from None


def _to_8_bit(image: Image.Image, source: str) -> Image.Image:
    if not 0 < image.width <= MAX_SIDE or not 0 < image.height <= MAX_SIDE:
        raise ImageError(source, f"its sides are not from 1 to {MAX_SIDE} pixels")
    try:
        image.load()
        if image.mode in ("L", "RGB"):
            return image.copy()
        if image.mode.startswith("I"):
            return Image.fromarray(to_percentiles(np.asarray(image)))
        if "A" in image.getbands() or "transparency" in image.info:
            opaque = Image.new("RGBA", image.size, "white")
            opaque.alpha_composite(image.convert("RGBA"))
            return opaque.convert("RGB")
        return image.convert("L" if image.mode == "1" else "RGB")
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise ImageError(source, f"its image data are broken or cut short ({type(error).__name__})") from None


def _from_array(array: NDArray[Any]) -> Image.Image:
    gray = array.ndim == 2
    if array.size == 0 or not (gray or (array.ndim == 3 and array.shape[2] == 3)):
        raise ImageError("The array", f"its shape {array.shape} is neither (H, W) nor (H, W, 3)")
    if array.dtype == np.uint8:
        return Image.fromarray(array)
    if array.dtype == np.uint16 and gray:
        return Image.fromarray(to_percentiles(array))
    raise ImageError("The array", f"its values are {array.dtype}, not uint8 or, for gray, uint16")
