"""Stored values and the way to gray, on their way out of the decode child: a JSON object and a block of bytes.

The child packs; the parent believes nothing, and unpacks only what is as it must be.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dicom.grayscale import Lut, Modality, Rescale, StoredImage, Voi, VoiFunction, Window
from ..dicom.header import HIDDEN, MAX_CHARACTERS

_DTYPES = ("uint8", "int8", "uint16", "int16")
_MOST_PRESETS = 64
_LARGEST = 1e16


def pack_stored(image: StoredImage) -> tuple[dict[str, Any], list[bytes]]:
    """Return an image without its warnings: what is said of it, and the bytes of its pixels and its tables."""
    luts = [each for each in (image.modality, *image.presets) if isinstance(each, Lut)]
    said = {
        "dtype": image.stored.dtype.name,
        "modality": describe_step(image.modality),
        "presets": [describe_step(preset) for preset in image.presets],
        "inverted": image.inverted,
        "padding": image.padding,
        "first_preset_ruins": image.first_preset_ruins,
        "colour": image.colour is not None,
    }
    colour = [] if image.colour is None else [image.colour.tobytes()]
    return said, [image.stored.tobytes(), *colour, *(lut.entries.astype("<u2").tobytes() for lut in luts)]


def packed_length(said: Any, shape: tuple[int, int]) -> int:
    """Return how many bytes follow.

    Raises:
        ValueError: What is said cannot be.
    """
    counts = [_count(each["count"]) for each in (said["modality"], *_presets(said)) if "count" in each]
    rows, columns = shape
    return rows * columns * (_dtype(said).itemsize + 3 * _is_in_colour(said)) + 2 * sum(counts)


def unpack_stored(said: Any, shape: tuple[int, int], block: bytes) -> StoredImage:
    """Rebuild what `pack_stored` packed, from a block of `packed_length`.

    Raises:
        ValueError: What is said cannot be; KeyError, TypeError or AttributeError where it is of another kind.
    """
    dtype = _dtype(said)
    stored = np.frombuffer(block, dtype, math.prod(shape)).reshape(shape)
    place, colour = stored.nbytes, None
    if _is_in_colour(said):
        colour = np.frombuffer(block, np.uint8, 3 * stored.size, place).reshape(*shape, 3)
        place += colour.nbytes
    tables = np.frombuffer(block[place:], "<u2")
    modality, tables = rebuild_step(said["modality"], tables)
    presets = []
    for each in _presets(said):
        preset, tables = rebuild_step(each, tables)
        presets.append(preset)
    padding = said["padding"]
    if padding is not None:
        least, largest = (_whole(end) for end in padding)
        padding = (least, largest)
    if isinstance(modality, Window) or any(isinstance(preset, Rescale) for preset in presets):
        raise ValueError
    inverted, ruins = said["inverted"], said["first_preset_ruins"]
    if type(inverted) is not bool or type(ruins) not in (bool, type(None)):
        raise ValueError
    return StoredImage(stored, modality, tuple(presets), inverted, padding, first_preset_ruins=ruins, colour=colour)


def describe_step(step: Modality | Voi) -> dict[str, Any]:
    """Return what is said of one step of the way to gray; of a table without its entries."""
    if isinstance(step, Lut):
        text = step.explanation[:MAX_CHARACTERS]
        return {"count": len(step.entries), "first": step.first, "bits": step.bits, "explanation": text}
    if isinstance(step, Rescale):
        return {"slope": step.slope, "intercept": step.intercept}
    text = step.explanation[:MAX_CHARACTERS]
    return {"center": step.center, "width": step.width, "function": step.function, "explanation": text}


def rebuild_step(said: Any, tables: NDArray[np.uint16]) -> tuple[Any, NDArray[np.uint16]]:
    """Return one step of the way, and the tables without its own."""
    if "slope" in said:
        return Rescale(_number(said["slope"]), _number(said["intercept"])), tables
    explanation = _text(said["explanation"])
    if "count" in said:
        count, bits = _count(said["count"]), _whole(said["bits"])
        if not 8 <= bits <= 16:
            raise ValueError
        return Lut(_whole(said["first"]), tables[:count], bits, explanation), tables[count:]
    width, function = _number(said["width"]), VoiFunction(said["function"])
    if width <= 0 or (function is VoiFunction.LINEAR and width < 1):
        raise ValueError
    return Window(_number(said["center"]), width, function, explanation), tables


def _presets(said: Any) -> list[Any]:
    presets = said["presets"]
    if not isinstance(presets, list) or len(presets) > _MOST_PRESETS:
        raise ValueError
    return presets


def _is_in_colour(said: Any) -> bool:
    """Return whether red, green and blue follow the stored values, which are their luminance and have 8 bits."""
    colour = said["colour"]
    if type(colour) is not bool or (colour and said["dtype"] != "uint8"):
        raise ValueError
    return colour


def _dtype(said: Any) -> np.dtype[Any]:
    if said["dtype"] not in _DTYPES:
        raise ValueError
    return np.dtype(said["dtype"])


def _count(value: object) -> int:
    count = _whole(value)
    if not 1 <= count <= 65536:
        raise ValueError
    return count


def _whole(value: object) -> int:
    if type(value) is not int or abs(value) > 1 << 20:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_CHARACTERS:
        raise ValueError
    return HIDDEN.sub(" ", value).strip()


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= _LARGEST:
        raise ValueError
    return float(value)
