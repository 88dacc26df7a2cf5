"""A dataset to one frame's stored values, and on to the gray that the model is shown."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import Dataset

from ..errors import ImageError
from ..sentences import Sentence
from . import DICOM_IMAGE
from .decoders import Samples, decode_frame
from .grayscale import (
    ImageWarning,
    Rescale,
    StoredImage,
    VoiFunction,
    Window,
    judge_first_preset,
    look_up,
    show_to_model,
)
from .layout import Layout, Photometric, read_layout
from .spacing import CROSS_SECTIONAL
from .transforms import read_lut, read_modality, read_padding, read_polarity, read_presets, read_text

FULL_RANGE = Window(127.5, 255, VoiFunction.LINEAR_EXACT)
"""8-bit values as they are."""
_LEAST_IMAGED = 1 / 16
"""Of a picture, what its padding must leave: nearly all of a radiograph is no padding, whatever a header says."""
_MOST_PADDED, _PADDING_VALUES = 1 / 4, 64
"""Of a picture, what its padding may cover if it has more than so many values: what is no anatomy has few."""


def to_gray(dataset: Dataset, frame: int = 0) -> NDArray[np.uint8]:
    """Return a frame as the model sees it (Rows, Columns): 0 black, 255 white.

    Raises:
        ImageError: It holds no image, or one that cannot be decoded, or its header contradicts itself.
    """
    return show_to_model(read_stored(dataset, frame))


def read_stored(dataset: Dataset, frame: int = 0) -> StoredImage:
    """Decode one frame, from 0, and read everything that says how it is to be shown.

    Of colour the stored values are its luminance, 8 bits. Nothing is allocated before the header's numbers are checked.

    Raises:
        ImageError: It holds no image, or one that cannot be decoded, or its header contradicts itself.
    """
    layout = read_layout(dataset)
    samples = decode_frame(dataset, layout, frame)
    warnings: tuple[ImageWarning, ...] = (ImageWarning.FRAMES,) if layout.frames > 1 else ()
    if layout.photometric not in (Photometric.MONOCHROME1, Photometric.MONOCHROME2):
        gray, colour = _apply_palette(dataset, samples) if layout.samples == 1 else _read_colour(samples)
        warnings += (ImageWarning.COLOUR, *_blank(gray))
        return StoredImage(gray, Rescale(), (FULL_RANGE,), warnings=warnings, first_preset_ruins=False, colour=colour)
    stored = _give_sign(samples, layout)
    presets, left_out = read_presets(dataset)
    padding, ignored = read_padding(dataset, signed=layout.signed)
    if padding and _hides_the_picture(stored, padding):
        padding, ignored = None, (ImageWarning.PADDING,)
    inverted, contradicts = read_polarity(dataset)
    warnings += contradicts + left_out + ignored + _blank(stored)
    image = StoredImage(stored, read_modality(dataset), presets, inverted, padding, warnings)
    return judge_first_preset(image, cross_sectional=read_text(dataset, "Modality") in CROSS_SECTIONAL)


def _hides_the_picture(stored: NDArray[Any], padding: tuple[int, int]) -> bool:
    """Tell whether what a header calls padding is most of the picture, or much of it and of many values."""
    padded = stored[(stored >= padding[0]) & (stored <= padding[1])]
    if padded.size > stored.size * (1 - _LEAST_IMAGED):
        return True
    return padded.size > stored.size * _MOST_PADDED and len(np.unique(padded)) > _PADDING_VALUES


def _give_sign(samples: Samples, layout: Layout) -> NDArray[Any]:
    """Cut off what is above the bits that count, and read them as Pixel Representation says (PS3.5 8.1.1).

    Raises:
        ImageError: The bits that do not count are part of the picture.
    """
    values, bits = samples.values[..., 0], samples.bits
    if bits < 8 * values.dtype.itemsize:
        cut = values & values.dtype.type((1 << bits) - 1)
        if (cut != values).any() and not _is_sign_kept(values, bits, layout) and _is_rougher(cut, values):
            raise ImageError(DICOM_IMAGE, Sentence("its pixel data use more bits than its BitsStored and HighBit say"))
        values = cut
    if not layout.signed:
        return values
    signed = _as_signed(values, bits)
    if layout.bits_stored < bits and not (values >> layout.bits_stored).any():
        # A codestream deeper than the header, and no sample that uses it: the sign may have been cut off at the
        # header's depth, or all are positive and the header is wrong. Neighbours are alike in the right one.
        shallow = _as_signed(values, layout.bits_stored)
        return signed if _is_rougher(shallow, signed) else shallow
    return signed


def _as_signed(values: NDArray[Any], bits: int) -> NDArray[Any]:
    """Read the lowest bits as two's complement."""
    sign = values.dtype.type(1 << (bits - 1))
    return np.ascontiguousarray((values ^ sign) - sign).view(f"i{values.dtype.itemsize}")


def _is_sign_kept(values: NDArray[Any], bits: int, layout: Layout) -> bool:
    """Tell whether what lies above the bits that count is their sign, repeated."""
    if not layout.signed:
        return False
    extended = _as_signed(values & values.dtype.type((1 << bits) - 1), bits)
    return bool((extended == values.view(extended.dtype)).all())


def _is_rougher(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Tell whether neighbours differ more in one reading of the same samples than in the other."""

    def roughness(values: NDArray[Any]) -> float:
        wide = values.astype(np.int32)
        return float(np.abs(np.diff(wide, axis=0)).sum() + np.abs(np.diff(wide, axis=1)).sum())

    return roughness(one) > roughness(other)


def _read_colour(samples: Samples) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return 8-bit luminance (ITU-R BT.601), and red, green and blue.

    Luminance is the weighted sum of red, green and blue, else the first sample.
    """
    values, largest = samples.values, (1 << samples.bits) - 1
    luminance = _weigh(values[..., 0], values[..., 1], values[..., 2]) if samples.rgb else values[..., 0]
    coded = values if largest == 255 and values.dtype == np.uint8 else look_up(_ramp_to_8_bits(values, largest), values)
    if not samples.rgb:  # YBR_FULL of PS3.3 C.7.6.3.1.2 is what JPEG calls YCbCr
        coded = np.asarray(Image.fromarray(np.ascontiguousarray(coded), "YCbCr").convert("RGB"))
    return _to_8_bits(luminance, largest), coded


def _to_8_bits(values: NDArray[Any], largest: int) -> NDArray[np.uint8]:
    return np.floor(values * (255 / largest) + 0.5).clip(0, 255).astype(np.uint8)


def _ramp_to_8_bits(values: NDArray[Any], largest: int) -> NDArray[np.uint8]:
    """Return the table by which a whole picture takes no more memory than its bytes."""
    return _to_8_bits(np.arange(1 << 8 * values.dtype.itemsize), largest)


def _apply_palette(dataset: Dataset, samples: Samples) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Look up PALETTE COLOR (PS3.3 C.7.6.3.1.5); return its 8-bit luminance, and red, green and blue."""
    palettes = [
        read_lut(dataset, (8, 16), f"{colour}PaletteColorLookupTable")
        if f"Segmented{colour}PaletteColorLookupTableData" not in dataset
        else None
        for colour in ("Red", "Green", "Blue")
    ]
    index = np.arange(1 << samples.bits)
    known = [palette for palette in palettes if palette is not None]
    if len(known) < len(palettes):
        raise ImageError(DICOM_IMAGE, Sentence("its colour palette is missing, segmented, or contradicts itself"))
    # What entries reach counts, whatever bits the file declares for them.
    reached = max(int(palette.entries.max()) for palette in known)
    declared = (1 << max(palette.bits for palette in known)) - 1
    white = 255 if reached <= 255 else 65535 if reached > declared else declared
    colours = []
    for palette in known:
        place = np.clip(index - palette.first, 0, len(palette.entries) - 1)
        colours.append(palette.entries[place] * (255 / white))
    places = samples.values[..., 0] & ((1 << samples.bits) - 1)
    gray, rgb = (
        np.floor(table + 0.5).clip(0, 255).astype(np.uint8) for table in (_weigh(*colours), np.stack(colours, axis=-1))
    )
    return gray[places], rgb[places]


def _weigh(red: NDArray[Any], green: NDArray[Any], blue: NDArray[Any]) -> NDArray[Any]:
    return np.float32(0.299) * red + np.float32(0.587) * green + np.float32(0.114) * blue


def _blank(stored: NDArray[Any]) -> tuple[ImageWarning, ...]:
    return (ImageWarning.BLANK,) if stored.min() == stored.max() else ()
