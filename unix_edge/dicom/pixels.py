"""Stored DICOM values to the gray that a reader, and the model, is shown (PS3.3 C.11).

For now uncompressed single-frame grayscale: Rescale, the file's first window, and MONOCHROME1.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from ..errors import ImageError

UNCOMPRESSED = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
)
MAX_SIDE = 8192
"""The largest Rows or Columns that are believed."""


def to_gray(dataset: Dataset, source: str = "The DICOM image") -> NDArray[np.uint8]:
    """Return the image as a reader sees it (Rows, Columns): 0 black, 255 white.

    Modality rescale, then the file's first VOI window (else its 0.5 to 99.5 percentiles), then one inversion if
    PhotometricInterpretation is MONOCHROME1. PresentationLUTShape says the same again and is not applied on top.

    Raises:
        ImageError: The image is none, is compressed, is not gray, or its header contradicts itself.
    """
    _check(dataset, source)
    try:
        stored = dataset.pixel_array
    except Exception as error:  # pydicom raises what its plugins raise, and this is a stranger's file
        raise ImageError(source, f"its pixel data cannot be decoded ({type(error).__name__})") from error
    values = stored.astype(np.float32)
    slope, intercept = (
        _number(dataset, name, usual) for name, usual in (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0))
    )
    if slope == 0 or not np.isfinite([slope, intercept]).all():
        raise ImageError(source, "its RescaleSlope or RescaleIntercept cannot be")
    values = values * np.float32(slope) + np.float32(intercept)
    center, width = _number(dataset, "WindowCenter", None), _number(dataset, "WindowWidth", None)
    if center is None or width is None or not width >= 1 or not np.isfinite([center, width]).all():
        return to_percentiles(values, invert=dataset.PhotometricInterpretation == "MONOCHROME1")
    return _to_uint8(linear_window(values, center, width), invert=dataset.PhotometricInterpretation == "MONOCHROME1")


def linear_window(values: NDArray[np.float32], center: float, width: float) -> NDArray[np.float32]:
    """Map values to 0..1 by the LINEAR VOI function (PS3.3 C.11.2.1.2.1); `width` is at least 1."""
    if width == 1:
        return (values > center - 0.5).astype(np.float32)
    return np.clip((values - np.float32(center - 0.5)) / np.float32(width - 1) + np.float32(0.5), 0, 1)


def to_percentiles(values: NDArray[Any], *, invert: bool = False) -> NDArray[np.uint8]:
    """Stretch the 0.5 to 99.5 percentiles of `values` over 0..255."""
    low, high = np.percentile(values, [0.5, 99.5])
    if high <= low:
        low, high = float(values.min()), float(values.max())
    scaled = (values.astype(np.float32) - np.float32(low)) / np.float32(max(high - low, 1e-6))
    return _to_uint8(np.clip(scaled, 0, 1), invert=invert)


def _to_uint8(shades: NDArray[np.float32], *, invert: bool) -> NDArray[np.uint8]:
    return np.round((1 - shades if invert else shades) * 255).astype(np.uint8)


def _check(dataset: Dataset, source: str) -> None:
    """Refuse what cannot be shown, before anything of the header's sizes is allocated."""
    needed = (
        "Rows",
        "Columns",
        "BitsAllocated",
        "BitsStored",
        "SamplesPerPixel",
        "PhotometricInterpretation",
        "PixelData",
    )
    if missing := [name for name in needed if dataset.get(name) is None]:
        raise ImageError(source, f"it holds no image ({', '.join(missing)} missing)")
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", None)
    if syntax is not None and syntax not in UNCOMPRESSED:
        raise ImageError(source, f"its compression, {syntax.name}, is not supported yet")
    rules: dict[str, Callable[[], bool]] = {
        "it is not a grayscale image": lambda: (
            dataset.PhotometricInterpretation in ("MONOCHROME1", "MONOCHROME2") and dataset.SamplesPerPixel == 1
        ),
        "it holds several frames": lambda: int(dataset.get("NumberOfFrames") or 1) == 1,
        f"its sides are not from 1 to {MAX_SIDE} pixels": lambda: (
            1 <= dataset.Rows <= MAX_SIDE and 1 <= dataset.Columns <= MAX_SIDE
        ),
        "its bit depth cannot be": lambda: (
            dataset.BitsAllocated in (8, 16) and 1 <= dataset.BitsStored <= dataset.BitsAllocated
        ),
        "its pixel data are cut short": lambda: (
            len(dataset.PixelData) >= dataset.Rows * dataset.Columns * dataset.BitsAllocated // 8
        ),
    }
    for problem, holds in rules.items():
        try:
            kept = holds()
        except (TypeError, ValueError, AttributeError, OverflowError):
            kept = False
        if not kept:
            raise ImageError(source, problem)


def _number(dataset: Dataset, keyword: str, usual: Any) -> Any:
    """Return an element's first value as a float, or `usual` where it is absent, empty or no number."""
    try:
        value = dataset.get(keyword)
        if value is None or value == "":
            return usual
        return float(value if isinstance(value, (str, int, float)) else value[0])
    except (TypeError, ValueError, IndexError, AttributeError):
        return usual
