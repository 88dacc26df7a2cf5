"""What a compressed frame says of itself, read before any decoder allocates for it.

Decoders fill what is missing: libjpeg paints gray where a JPEG is cut short and says nothing. So a codestream is
walked to its end here, marker by marker, and what is incomplete never reaches one.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import ImageError
from ..sentences import Sentence
from . import DICOM_IMAGE

BASELINE, EXTENDED, LOSSLESS, JPEG_LS = 0xC0, 0xC1, 0xC3, 0xF7
"""Start-of-frame markers: ITU-T T.81 table B.1, T.87 C.1.1."""

_SOI, _EOI, _SOS, _DNL = 0xD8, 0xD9, 0xDA, 0xDC
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {JPEG_LS}
_MAX_SCANS = 4
"""One for each component."""
_SOC, _SIZ, _SOT, _EOC = 0xFF4F, 0xFF51, 0xFF90, 0xFFD9
_MAX_TILES = 65535
_PADDING = b"\0\xff"
"""What fills pixel data up to their length: zeros by the standard, ones in practice."""


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """The size that a codestream declares."""

    columns: int
    rows: int
    components: int
    precision: int
    """Bits of a sample."""


def is_padding(data: bytes) -> bool:
    """Tell whether bytes are nothing but fill."""
    return not data.strip(_PADDING)


def read_jpeg(frame: bytes, processes: frozenset[int]) -> FrameHeader:
    """Walk a JPEG or JPEG-LS codestream to its EOI (T.81 annex B, T.87 annex C).

    Args:
        frame: One frame, perhaps with padding after its end.
        processes: The start-of-frame markers that its transfer syntax allows.

    Raises:
        ImageError: It is cut short, broken, or of another process.
    """
    header: FrameHeader | None = None
    scans = 0
    for marker, start, stop in _jpeg_segments(frame):
        if marker in _FRAME_HEADERS:
            if header is not None or marker not in processes or stop - start < 6:
                raise ImageError(DICOM_IMAGE, Sentence("its JPEG process is not that of its transfer syntax"))
            precision, rows, columns, components = struct.unpack_from(">BHHB", frame, start)
            header = FrameHeader(columns, rows, components, precision)
        elif marker == _SOS:
            scans += 1
            if header is None or scans > _MAX_SCANS:
                raise _broken()
        elif marker == _DNL:
            raise _broken()  # it would change the size after the frame header
    if header is None or not scans:
        raise _broken()
    return header


def _jpeg_segments(frame: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each marker with the bounds of its parameters; coded data are skipped, and EOI must end them all."""
    if frame[:2] != bytes((0xFF, _SOI)):
        raise _broken()
    place, coded_by = 2, 0
    while True:
        if coded_by:
            place = _skip_coded_data(frame, place, jpeg_ls=coded_by == JPEG_LS)
        if place + 2 > len(frame) or frame[place] != 0xFF:
            raise _cut_short()
        marker = frame[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        if marker == _EOI:
            if not is_padding(frame[place + 2 :]):
                raise _broken()
            return
        if place + 4 > len(frame):
            raise _cut_short()
        length = int.from_bytes(frame[place + 2 : place + 4], "big")
        start, place = place + 4, place + 2 + length
        if length < 2 or marker < 0xC0 or place > len(frame):
            raise _cut_short()
        yield marker, start, place
        if marker in _FRAME_HEADERS:
            process = marker
        coded_by = process if marker == _SOS else 0


def _skip_coded_data(frame: bytes, place: int, *, jpeg_ls: bool) -> int:
    """Return the place of the first marker that is neither stuffing nor a restart."""
    while True:
        place = frame.find(b"\xff", place)
        if place < 0 or place + 1 >= len(frame):
            raise _cut_short()
        follower = frame[place + 1]
        stuffed = follower < 0x80 if jpeg_ls else follower == 0
        if not stuffed and not 0xD0 <= follower <= 0xD7 and follower != 0xFF:
            return place
        place += 1 if follower == 0xFF else 2


def read_jpeg_2000(frame: bytes) -> FrameHeader:
    """Walk a JPEG 2000 codestream from its SIZ over its tile-parts to its EOC (T.800 annex A).

    Raises:
        ImageError: It is cut short, broken, in a file format's boxes, or its components differ in size or depth.
    """
    if frame[:4] != struct.pack(">HH", _SOC, _SIZ):
        raise ImageError(DICOM_IMAGE, Sentence("its JPEG 2000 data do not begin with a codestream"))
    if len(frame) < 42:
        raise _cut_short()
    width, height, left, top, tile_width, tile_height, tile_left, tile_top, components = struct.unpack_from(
        ">8IH", frame, 8
    )
    described = frame[42 : 42 + 3 * components]
    if not components or len(described) < 3 * components or not tile_width or not tile_height:
        raise _broken()
    if described != described[:3] * components or described[1:3] != b"\x01\x01":
        raise ImageError(DICOM_IMAGE, Sentence("its JPEG 2000 components differ in size or depth"))
    if left >= width or top >= height or tile_left > left or tile_top > top:
        raise _broken()
    if -(-(width - tile_left) // tile_width) * -(-(height - tile_top) // tile_height) > _MAX_TILES:
        raise _broken()
    _walk_tile_parts(frame)
    return FrameHeader(width - left, height - top, components, (described[0] & 0x7F) + 1)


def _walk_tile_parts(frame: bytes) -> None:
    place, tile_parts = 2, 0
    while True:
        if place + 2 > len(frame):
            raise _cut_short()
        marker = int.from_bytes(frame[place : place + 2], "big")
        if marker == _EOC:
            if not tile_parts or not is_padding(frame[place + 2 :]):
                raise _broken()
            return
        if place + 12 > len(frame):
            raise _cut_short()
        if marker == _SOT:
            tile_parts += 1
            length = int.from_bytes(frame[place + 6 : place + 10], "big")
            # 0: the last tile-part reaches to EOC.
            length = length or frame.rstrip(_PADDING).rfind(b"\xff\xd9") - place
        elif tile_parts:
            raise _broken()
        else:
            length = 2 + int.from_bytes(frame[place + 2 : place + 4], "big")
        if length < 4:
            raise _broken()
        place += length


def _cut_short() -> ImageError:
    return ImageError(DICOM_IMAGE, Sentence("its compressed pixel data are incomplete"))


def _broken() -> ImageError:
    return ImageError(DICOM_IMAGE, Sentence("its compressed pixel data contradict themselves"))
