"""One strict decoder for each transfer syntax, and no other is ever consulted.

pydicom tries its plugins in turn, so that the most lenient one decides; here the table decides. Before a codestream is
decoded its own size must equal the header's, and it must be complete (`codestream`).
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, uid
from pydicom.encaps import encapsulate, parse_basic_offsets

from ..errors import ImageError
from ..sentences import Sentence
from . import DICOM_IMAGE
from .codestream import BASELINE, EXTENDED, JPEG_LS, LOSSLESS, FrameHeader, is_padding, read_jpeg, read_jpeg_2000
from .layout import Layout, Photometric

_FEW = 16
"""Bytes behind native pixel data that need no explanation."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A frame's bits, not yet given a sign."""

    values: NDArray[Any]
    """(rows, columns, samples), uint8 or uint16; of luminance and chrominance, the first sample is the luminance."""
    bits: int
    """That mean something, the lowest ones."""
    rgb: bool = False
    """The three samples are red, green and blue, whatever the header says of the coded ones."""


def decode_frame(dataset: Dataset, layout: Layout, frame: int) -> Samples:
    """Decode one frame of a dataset's pixel data by its transfer syntax's one decoder.

    Args:
        dataset: With PixelData, and TransferSyntaxUID in `file_meta`; without one it is not compressed.
        layout: Of the dataset.
        frame: From 0.

    Raises:
        ImageError: The syntax is not supported, or the pixel data are incomplete, broken or of another size.
    """
    if not 0 <= frame < layout.frames:
        raise ImageError(DICOM_IMAGE, Sentence("it has no frame {0}", frame + 1))
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", None) or uid.ExplicitVRLittleEndian
    data = dataset.PixelData
    if not isinstance(data, (bytes, bytearray)):
        raise ImageError(DICOM_IMAGE, Sentence("its PixelData are no bytes"))
    if syntax in UNCOMPRESSED:
        swapped = syntax == uid.ExplicitVRBigEndian
        return _read_native(bytes(data), layout, frame, big_endian=swapped, words=dataset["PixelData"].VR == "OW")
    if syntax not in DECODERS:
        raise ImageError(DICOM_IMAGE, unsupported(syntax))
    fragments = _split_frames(bytes(data), layout.frames)
    try:
        samples = DECODERS[syntax](fragments[frame], layout)
    except (ImageError, MemoryError):
        raise
    except Exception as error:  # each decoder has exceptions of its own, and this is a stranger's file
        raise ImageError(
            DICOM_IMAGE, Sentence("its pixel data cannot be decoded ({0})", type(error).__name__)
        ) from None
    if samples.values.shape != (layout.rows, layout.columns, layout.samples):
        raise ImageError(DICOM_IMAGE, Sentence("its pixel data are of another size than its header says"))
    return samples


def unsupported(syntax: str) -> Sentence:
    """Say that a transfer syntax is not supported, by its registered name: an unregistered UID is a stranger's text."""
    name = uid.UID(syntax).name
    if name == syntax:
        return Sentence("its compression, one that DICOM does not register, is not supported")
    return Sentence("its compression, {0}, is not supported", name)


def _read_native(data: bytes, layout: Layout, frame: int, *, big_endian: bool, words: bool) -> Samples:
    """Read an uncompressed frame (PS3.5 8.1.1, 8.2; PS3.3 C.7.6.3.1.2 for YBR_FULL_422)."""
    halved = layout.photometric is Photometric.YBR_FULL_422
    count = layout.rows * layout.columns * (2 if halved else layout.samples)
    length = count * layout.bits_allocated // 8
    if len(data) < length * layout.frames:
        raise ImageError(DICOM_IMAGE, Sentence("its pixel data are cut short"))
    _refuse_surplus(data, length, layout.frames)
    if big_endian and words and layout.bits_allocated == 8:  # two samples in each swapped word
        data = np.frombuffer(data, ">u2", len(data) // 2).astype("<u2").tobytes()
    dtype = np.dtype(f"{'>' if big_endian else '<'}u{layout.bits_allocated // 8}")
    values = np.frombuffer(data, dtype, count, frame * length).astype(dtype.newbyteorder("="), copy=False)
    if halved:  # two luminances, then the two chrominances that they share
        pairs = values.reshape(layout.rows, layout.columns // 2, 4)
        shared = pairs[..., None, 2:].repeat(2, axis=2)
        values = np.concatenate([pairs[..., :2, None], shared], axis=-1)
    elif layout.planar:
        values = np.moveaxis(values.reshape(layout.samples, layout.rows, layout.columns), 0, -1)
    values = values.reshape(layout.rows, layout.columns, layout.samples)
    return Samples(_shift(values, layout), layout.bits_stored, layout.photometric is Photometric.RGB)


def _refuse_surplus(data: bytes, length: int, frames: int) -> None:
    """Refuse data of which the header describes a part, as of 16 bits where it says 8: what is shown would be noise.

    Padding is read over: less than a frame of fill bytes, or a few of any kind, too few to be of a picture. Among these
    is the byte to an even length, which big endian words move.
    """
    described = length * frames
    surplus = data[described:]
    if len(surplus) > _FEW and (len(surplus) >= length or not is_padding(surplus)):
        raise ImageError(
            DICOM_IMAGE,
            Sentence(
                "its pixel data have {0} bytes, and the size and bits in its header make {1}", len(data), described
            ),
        )


def _shift(values: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Move the bits stored to the bottom; what lies above them is cut off when they are given a sign."""
    shift = layout.high_bit + 1 - layout.bits_stored
    return values >> shift if shift else values


def _split_frames(data: bytes, frames: int) -> list[bytes]:
    """Return each frame's codestream (PS3.5 A.4): a fragment a frame, all of one frame, or as the offset table says."""
    try:
        offsets = parse_basic_offsets(data)
        place, fragments = 8 + 4 * len(offsets), []
        starts = []
        while data[place : place + 4] == b"\xfe\xff\x00\xe0":
            length = int.from_bytes(data[place + 4 : place + 8], "little")
            if place + 8 + length > len(data):
                raise ImageError(DICOM_IMAGE, Sentence("its pixel data are cut short"))
            starts.append(place - 8 - 4 * len(offsets))
            fragments.append(data[place + 8 : place + 8 + length])
            place += 8 + length
    except (ValueError, EOFError, TypeError):
        raise ImageError(DICOM_IMAGE, Sentence("its pixel data are not encapsulated as they must be")) from None
    if data[place:] not in (b"", b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"):
        raise ImageError(DICOM_IMAGE, Sentence("its pixel data are not encapsulated as they must be"))
    if offsets and (len(offsets) != frames or not set(offsets) <= set(starts) or offsets != sorted(set(offsets))):
        raise ImageError(DICOM_IMAGE, Sentence("its table of frames contradicts its pixel data"))
    if len(fragments) == frames:
        return fragments
    if frames == 1 and fragments:
        return [b"".join(fragments)]
    if not offsets or offsets[0] != 0:
        raise ImageError(DICOM_IMAGE, Sentence("its pixel data do not say where each frame begins"))
    bounds = [starts.index(offset) for offset in offsets] + [len(fragments)]
    return [b"".join(fragments[start:stop]) for start, stop in pairwise(bounds)]


def _expect(header: FrameHeader, layout: Layout) -> None:
    """Refuse a codestream whose size is not the header's."""
    if (header.rows, header.columns, header.components) != (layout.rows, layout.columns, layout.samples):
        raise ImageError(DICOM_IMAGE, Sentence("its pixel data are of another size than its header says"))
    if not 1 <= header.precision <= layout.bits_allocated:
        raise ImageError(DICOM_IMAGE, Sentence("its pixel data are deeper than its header says"))


def _decode_rle(frame: bytes, layout: Layout) -> Samples:
    """Decode RLE Lossless (PS3.5 annex G) by pydicom."""
    from pydicom.pixels.decoders.base import get_decoder

    description: Any = {
        "rows": layout.rows,
        "columns": layout.columns,
        "samples_per_pixel": layout.samples,
        "bits_allocated": layout.bits_allocated,
        "bits_stored": layout.bits_allocated,
        "pixel_representation": 0,
        "planar_configuration": 1,
        "photometric_interpretation": str(layout.photometric),
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
    }
    coded = encapsulate([frame], has_bot=False)
    with warnings.catch_warnings():
        # RLE states no size of its own: what is left over is only warned of, but is of another image than the header's.
        warnings.simplefilter("error")
        values, _ = get_decoder(uid.RLELossless).as_array(coded, decoding_plugin="pydicom", raw=True, **description)
    values = values.reshape(layout.rows, layout.columns, layout.samples)
    return Samples(_shift(values, layout), layout.bits_stored, layout.photometric is Photometric.RGB)


def _decode_jpeg_baseline(frame: bytes, layout: Layout) -> Samples:
    """Decode JPEG process 1, 8 bits, by Pillow."""
    from PIL import Image

    header = read_jpeg(frame, frozenset({BASELINE, EXTENDED}))
    _expect(header, layout)
    with Image.open(BytesIO(frame), formats=["JPEG"]) as image:
        if layout.samples == 3:
            # As coded: Pillow would take RGB without Adobe's marker for luminance and chrominance.
            as_coded = layout.photometric is Photometric.RGB and "adobe_transform" not in image.info
            image.draft("YCbCr" if as_coded else "RGB", image.size)
        values = np.asarray(image)
    return Samples(values.reshape(layout.rows, layout.columns, -1), header.precision, layout.samples == 3)


def _decode_jpeg_extended(frame: bytes, layout: Layout) -> Samples:
    """Decode JPEG processes 2 and 4, 8 or 12 bits, gray, by imagecodecs' libjpeg-turbo."""
    return _decode_by_imagecodecs(frame, layout, frozenset({BASELINE, EXTENDED}))


def _decode_jpeg_lossless(frame: bytes, layout: Layout) -> Samples:
    """Decode JPEG process 14, 2 to 16 bits, by imagecodecs' libjpeg-turbo."""
    return _decode_by_imagecodecs(frame, layout, frozenset({LOSSLESS}))


def _decode_by_imagecodecs(frame: bytes, layout: Layout, processes: frozenset[int]) -> Samples:
    from imagecodecs import jpeg8_decode

    header = read_jpeg(frame, processes)
    _expect(header, layout)
    values = jpeg8_decode(frame).reshape(layout.rows, layout.columns, -1)
    return Samples(values, header.precision, layout.photometric is Photometric.RGB)


def _decode_jpeg_ls(frame: bytes, layout: Layout) -> Samples:
    """Decode JPEG-LS by CharLS."""
    import jpeg_ls

    header = read_jpeg(frame, frozenset({JPEG_LS}))
    _expect(header, layout)
    data, found = jpeg_ls.decode_buffer(frame)
    values = np.frombuffer(data, np.uint8 if header.precision <= 8 else "<u2")
    if layout.samples == 3 and found["interleave_mode"] == 0:
        values = np.moveaxis(values.reshape(3, layout.rows, layout.columns), 0, -1)
    values = values.reshape(layout.rows, layout.columns, -1)
    return Samples(values, header.precision, layout.photometric is Photometric.RGB)


def _decode_jpeg_2000(frame: bytes, layout: Layout) -> Samples:
    """Decode JPEG 2000 by OpenJPEG, which also undoes the codestream's own colour transformation."""
    from openjpeg.utils import decode

    header = read_jpeg_2000(frame)
    _expect(header, layout)
    values = decode(frame, j2k_format=0)
    values = values.view(f"u{values.dtype.itemsize}").reshape(layout.rows, layout.columns, -1)
    rgb = layout.photometric in (Photometric.RGB, Photometric.YBR_ICT, Photometric.YBR_RCT)
    return Samples(values, header.precision, rgb)


Decoder = Callable[[bytes, Layout], Samples]

UNCOMPRESSED = frozenset(
    {
        uid.ImplicitVRLittleEndian,
        uid.ExplicitVRLittleEndian,
        uid.ExplicitVRBigEndian,
        uid.DeflatedExplicitVRLittleEndian,
    }
)
DECODERS: Mapping[str, Decoder] = MappingProxyType(
    {
        uid.RLELossless: _decode_rle,
        uid.JPEGBaseline8Bit: _decode_jpeg_baseline,
        uid.JPEGExtended12Bit: _decode_jpeg_extended,
        uid.JPEGLossless: _decode_jpeg_lossless,
        uid.JPEGLosslessSV1: _decode_jpeg_lossless,
        uid.JPEGLSLossless: _decode_jpeg_ls,
        uid.JPEGLSNearLossless: _decode_jpeg_ls,
        uid.JPEG2000Lossless: _decode_jpeg_2000,
        uid.JPEG2000: _decode_jpeg_2000,
    }
)
"""The one decoder of each compressed transfer syntax."""
