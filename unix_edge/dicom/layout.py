"""How a dataset's pixel data are laid out, checked before anything of their size is allocated (PS3.3 C.7.6.3)."""

from dataclasses import dataclass
from enum import StrEnum

from pydicom import Dataset

from ..errors import ImageError
from ..limits import MAX_FRAMES, MAX_SIDE
from ..sentences import Sentence
from . import DICOM_IMAGE


class Photometric(StrEnum):
    """The Photometric Interpretations that are shown (PS3.3 C.7.6.3.1.2)."""

    MONOCHROME1 = "MONOCHROME1"
    MONOCHROME2 = "MONOCHROME2"
    PALETTE_COLOR = "PALETTE COLOR"
    RGB = "RGB"
    YBR_FULL = "YBR_FULL"
    YBR_FULL_422 = "YBR_FULL_422"
    YBR_ICT = "YBR_ICT"
    YBR_RCT = "YBR_RCT"


_OF_ONE_SAMPLE = (Photometric.MONOCHROME1, Photometric.MONOCHROME2, Photometric.PALETTE_COLOR)


@dataclass(frozen=True, slots=True)
class Layout:
    """A frame's size and the meaning of its bits; every number is within its range."""

    rows: int
    columns: int
    samples: int
    """1 or 3."""
    bits_allocated: int
    """8 or 16."""
    bits_stored: int
    high_bit: int
    signed: bool
    planar: bool
    """One plane after the other (Planar Configuration 1)."""
    photometric: Photometric
    frames: int


def read_layout(dataset: Dataset) -> Layout:
    """Return the layout of a dataset's pixel data.

    Raises:
        ImageError: There are none, or their description is incomplete, contradicts itself or is beyond the limits.
    """
    needed = ("Rows", "Columns", "BitsAllocated", "BitsStored", "SamplesPerPixel", "PhotometricInterpretation")
    if missing := [name for name in (*needed, "PixelData") if name not in dataset]:
        raise ImageError(DICOM_IMAGE, Sentence("it holds no image ({0} missing)", ", ".join(missing)))
    rows, columns, allocated, stored, samples = (_unsigned_short(dataset, name) for name in needed[:5])
    if not (1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE):
        raise ImageError(DICOM_IMAGE, Sentence("its Rows and Columns are not from 1 to {0} pixels", MAX_SIDE))
    if allocated not in (8, 16) or not 1 <= stored <= allocated:
        raise ImageError(
            DICOM_IMAGE, Sentence("its bit depth, BitsAllocated and BitsStored, is none from 8 to 16 bits")
        )
    high = _unsigned_short(dataset, "HighBit", stored - 1)
    if not stored - 1 <= high < allocated:
        raise ImageError(DICOM_IMAGE, Sentence("its HighBit contradicts BitsStored and BitsAllocated"))
    representation, planar = (
        _unsigned_short(dataset, name, 0) for name in ("PixelRepresentation", "PlanarConfiguration")
    )
    if representation > 1 or planar > 1:
        raise ImageError(DICOM_IMAGE, Sentence("its PixelRepresentation or PlanarConfiguration is neither 0 nor 1"))
    photometric = _read_photometric(dataset)
    if samples != (1 if photometric in _OF_ONE_SAMPLE else 3):
        raise ImageError(DICOM_IMAGE, Sentence("its SamplesPerPixel contradicts its PhotometricInterpretation"))
    if photometric is Photometric.YBR_FULL_422 and columns % 2:
        raise ImageError(DICOM_IMAGE, Sentence("its Columns are odd, which YBR_FULL_422 does not allow"))
    frames = _read_frames(dataset)
    return Layout(
        rows, columns, samples, allocated, stored, high, representation == 1, planar == 1, photometric, frames
    )


def _unsigned_short(dataset: Dataset, keyword: str, usual: int | None = None) -> int:
    """Return a US element's one value; `usual` where it is absent or empty and may be."""
    try:
        element = dataset.get_item(keyword) and dataset[keyword]
        value = None if element is None or element.is_empty else element.value
        vr = "US" if element is None else element.VR
    except Exception:  # what pydicom raises on a value that its VR does not allow
        value, vr = None, ""
    if value is None and usual is not None and vr:
        return usual
    if vr != "US" or type(value) is not int:
        raise ImageError(DICOM_IMAGE, Sentence("its {0} is not one unsigned short number", keyword))
    return value


def _read_photometric(dataset: Dataset) -> Photometric:
    try:
        return Photometric(str(dataset.PhotometricInterpretation))
    except Exception:  # an unknown one, or what pydicom raises on a broken value
        raise ImageError(DICOM_IMAGE, Sentence("its PhotometricInterpretation is none that can be shown")) from None


def _read_frames(dataset: Dataset) -> int:
    try:
        frames = int(dataset.get("NumberOfFrames") or 1)
    except Exception:  # what pydicom raises on a value that is no integer string
        raise ImageError(DICOM_IMAGE, Sentence("its NumberOfFrames is no number")) from None
    if not 1 <= frames <= MAX_FRAMES:
        raise ImageError(DICOM_IMAGE, Sentence("its NumberOfFrames is not from 1 to {0}", MAX_FRAMES))
    return frames
