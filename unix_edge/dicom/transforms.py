"""What a dataset says of the way from its stored values to gray: Modality LUT, presets, padding, polarity (PS3.3 C.11).

A header is a stranger's: what must be right for the picture to be right is refused where it is wrong; a preset that
cannot be used is left out, with a warning.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from ..errors import ImageError
from ..sentences import Sentence
from . import DICOM_IMAGE
from .grayscale import ImageWarning, Lut, Modality, Rescale, Voi, VoiFunction, Window

_LARGEST = 1e15
"""The largest modality value, window centre or width that is believed."""
_MAX_PRESETS = 64


def read_modality(dataset: Dataset) -> Modality:
    """Return the Modality LUT, else the rescale, else the identity (PS3.3 C.11.1).

    Raises:
        ImageError: There is one and it cannot be.
    """
    if items := _items(dataset, "ModalityLUTSequence"):
        lut = read_lut(items[0], (8, 16))
        if lut is None:
            raise ImageError(DICOM_IMAGE, Sentence("its ModalityLUTSequence contradicts itself"))
        return lut
    slope, intercept = read_numbers(dataset, "RescaleSlope"), read_numbers(dataset, "RescaleIntercept")
    if slope is None or intercept is None:
        raise ImageError(DICOM_IMAGE, Sentence("its RescaleSlope or RescaleIntercept cannot be"))
    rescale = Rescale(slope[0] if slope else 1.0, intercept[0] if intercept else 0.0)
    # Two neighbouring stored values must differ afterwards, and none may become infinite.
    if abs(rescale.slope) * 65535 + abs(rescale.intercept) > _LARGEST or abs(rescale.slope) < 1 / _LARGEST:
        raise ImageError(DICOM_IMAGE, Sentence("its RescaleSlope or RescaleIntercept cannot be"))
    return rescale


def read_presets(dataset: Dataset) -> tuple[tuple[Voi, ...], tuple[ImageWarning, ...]]:
    """Return the file's VOI LUTs, then its windows, in its order; and a warning if some cannot be used (C.11.2)."""
    luts = [read_lut(item, range(8, 17)) for item in _items(dataset, "VOILUTSequence")]
    windows = _read_windows(dataset)
    presets = [preset for preset in (*luts, *windows) if preset is not None]
    left_out = len(presets) < len(luts) + len(windows)
    return tuple(presets[:_MAX_PRESETS]), (ImageWarning.PRESET,) if left_out else ()


def read_padding(dataset: Dataset, *, signed: bool) -> tuple[tuple[int, int] | None, tuple[ImageWarning, ...]]:
    """Return the range of stored values that are padding (PS3.3 C.7.5.1.1.2), both ends in it."""
    ends = [read_numbers(dataset, name) for name in ("PixelPaddingValue", "PixelPaddingRangeLimit")]
    if ends[0] == []:
        return None, ()
    values = [end[0] for end in ends if end]
    if None in ends or not values or any(value != int(value) or not -32768 <= value <= 65535 for value in values):
        return None, (ImageWarning.PADDING,)
    # The VR follows Pixel Representation, and some writers write the bits with the other sign.
    wrapped = [int(value) - 65536 if signed and value > 32767 else int(value) for value in values]
    return (min(wrapped), max(wrapped)), ()


def read_polarity(dataset: Dataset) -> tuple[bool, tuple[ImageWarning, ...]]:
    """Return whether the least value is white; Photometric Interpretation alone decides (PS3.3 C.7.6.3.1.2, C.11.6).

    Presentation LUT Shape says the same again, INVERSE for MONOCHROME1, and is never applied on top.
    """
    inverted = dataset.PhotometricInterpretation == "MONOCHROME1"
    shape = read_text(dataset, "PresentationLUTShape")
    contradicts = shape in ("IDENTITY", "INVERSE") and (shape == "INVERSE") != inverted
    return inverted, (ImageWarning.SHAPE,) if contradicts else ()


def read_lut(item: Dataset, depths: Iterable[int], prefix: str = "LUT") -> Lut | None:
    """Return an item's LUT Descriptor and LUT Data (PS3.3 C.11.1.1.1), or None where they contradict each other.

    Args:
        item: An item of a LUT sequence, or a dataset with palettes.
        depths: The bits an entry may have.
        prefix: Of the two keywords; a palette's have one of their own.
    """
    descriptor, data = read_numbers(item, f"{prefix}Descriptor"), _value(item, f"{prefix}Data")
    if descriptor is None or len(descriptor) != 3 or data is None or not all(n == int(n) for n in descriptor):
        return None
    count, first, bits = (int(number) for number in descriptor)
    count = (count % 65536) or 65536  # as an unsigned number; 0 means 65,536
    entries = _read_entries(data, count, bits, little=getattr(item, "original_encoding", (None, True))[1] is not False)
    if bits not in depths or entries is None:
        return None
    return Lut(first, entries, bits, read_text(item, "LUTExplanation"))


def _read_entries(data: Any, count: int, bits: int, *, little: bool) -> NDArray[np.uint16] | None:
    if isinstance(data, bytes):
        if bits == 8 and len(data) in (count, count + count % 2):
            return np.frombuffer(data, np.uint8, count).astype(np.uint16)
        if len(data) != 2 * count:
            return None
        return np.frombuffer(data, "<u2" if little else ">u2").astype(np.uint16)
    numbers = list(data) if isinstance(data, (list, tuple)) or hasattr(data, "__iter__") else [data]
    if len(numbers) != count or not all(isinstance(n, int) and -32768 <= n <= 65535 for n in numbers):
        return None
    return np.array([n % 65536 for n in numbers], np.uint16)


def _read_windows(dataset: Dataset) -> list[Window | None]:
    """Return a window for each pair of Window Center and Width, None for one that cannot be (PS3.3 C.11.2.1.2)."""
    centers, widths = read_numbers(dataset, "WindowCenter"), read_numbers(dataset, "WindowWidth")
    if centers is None or widths is None or len(centers) != len(widths):
        return [None]
    name = read_text(dataset, "VOILUTFunction") or VoiFunction.LINEAR
    if name not in list(VoiFunction):
        return [None] * len(centers)
    function = VoiFunction(name)
    explanations = _texts(dataset, "WindowCenterWidthExplanation")
    explanations = [*explanations, *[""] * len(centers)][: len(centers)]
    return [
        Window(center, width, function, explanation)
        if abs(center) <= _LARGEST and (width >= 1 if function is VoiFunction.LINEAR else width > 0)
        else None
        for center, width, explanation in zip(centers, widths, explanations, strict=True)
    ]


def read_numbers(dataset: Dataset, keyword: str) -> list[float] | None:
    """Return an element's numbers, none where it is absent or empty; None where one is no finite number."""
    try:
        value = dataset.get(keyword)
        values = [] if value is None or value == "" else [value]
        if not isinstance(value, (str, bytes)) and hasattr(value, "__iter__"):
            values = list(value)
        numbers = [float(each) for each in values]
    except Exception:  # what pydicom raises on a value that its VR does not allow
        return None
    return numbers if all(math.isfinite(n) and abs(n) <= _LARGEST for n in numbers) else None


def read_text(dataset: Dataset, keyword: str) -> str:
    """Return an element's first value as text, or "" where it has none."""
    return next(iter(_texts(dataset, keyword)), "")


def _texts(dataset: Dataset, keyword: str) -> list[str]:
    value = _value(dataset, keyword)
    if value is None or isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        return [str(value)] if isinstance(value, str) and value else []
    return [str(each) for each in value]


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    value = _value(dataset, keyword)
    items = value if hasattr(value, "__iter__") else []
    return [item for item in items if isinstance(item, Dataset)]


def _value(dataset: Dataset, keyword: str) -> Any:
    try:
        return dataset.get(keyword)
    except Exception:  # what pydicom raises on a value that its VR does not allow
        return None
