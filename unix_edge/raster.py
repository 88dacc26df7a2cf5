"""PNG, JPEG, arrays and Pillow images to 8 bits."""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from .dicom.grayscale import StoredImage, show_to_model
from .errors import ImageError
from .limits import MAX_SIDE
from .sentences import Sentence


def read_picture(data: bytes, source: str) -> Image.Image:
    """Read a PNG or JPEG file's bytes, of an animation the first picture; Exif, ICC profiles and text are ignored.

    Raises:
        ImageError: It is neither, is broken or cut short, or too large.
    """
    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG"]) as image:
            return to_8_bit(image, source)
    except UnidentifiedImageError:
        raise ImageError(source, Sentence("it is neither DICOM, PNG nor JPEG")) from None
    except Image.DecompressionBombError:
        raise ImageError(source, Sentence("its sides are not from 1 to {0} pixels", MAX_SIDE)) from None
    except (OSError, ValueError, SyntaxError) as error:
        raise _broken(source, error) from None


def to_8_bit(image: Image.Image, source: str) -> Image.Image:
    """Return an "L" or "RGB" copy: 16 bits stretched between their percentiles, transparency laid on white.

    Raises:
        ImageError: Its sides are beyond the limit, or its data are broken or cut short.
    """
    if not 0 < image.width <= MAX_SIDE or not 0 < image.height <= MAX_SIDE:
        raise ImageError(source, Sentence("its sides are not from 1 to {0} pixels", MAX_SIDE))
    try:
        image.load()
        if image.mode in ("L", "RGB"):
            return image.copy()
        if image.mode.startswith("I"):
            return Image.fromarray(stretch(np.asarray(image).clip(0, 65535).astype(np.uint16)))
        if "A" in image.getbands() or "transparency" in image.info:
            opaque = Image.new("RGBA", image.size, "white")
            opaque.alpha_composite(image.convert("RGBA"))
            return opaque.convert("RGB")
        return image.convert("L" if image.mode == "1" else "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise _broken(source, error) from None


def from_array(array: NDArray[Any]) -> Image.Image:
    """Return an array as an image: uint8 as it is, uint16 stretched between its percentiles.

    Raises:
        ImageError: Its shape or dtype is none of an image.
    """
    gray = array.ndim == 2
    if array.size == 0 or not (gray or (array.ndim == 3 and array.shape[2] == 3)):
        raise ImageError("The array", Sentence("its shape {0} is neither (H, W) nor (H, W, 3)", array.shape))
    if array.dtype == np.uint8:
        return Image.fromarray(array)
    if array.dtype == np.uint16 and gray:
        return Image.fromarray(stretch(array))
    raise ImageError("The array", Sentence("its values are {0}, not uint8 or, for gray, uint16", array.dtype))


def stretch(values: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Stretch the 0.5 to 99.5 percentiles of (H, W) over 0..255."""
    return show_to_model(StoredImage(values))


def _broken(source: str, error: Exception) -> ImageError:
    return ImageError(source, Sentence("its image data are broken or cut short ({0})", type(error).__name__))
