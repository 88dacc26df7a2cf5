"""A DICOM file's bytes to a dataset, walked and bounded before pydicom sees them (PS3.5 7, PS3.10 7.1).

pydicom believes lengths, inflates without end, and recurses into undefined-length sequences; a file may ask for
more than the machine has. The walk allocates nothing and follows the declared transfer syntax; it never guesses.
"""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from mmap import mmap

from pydicom import Dataset, uid
from pydicom.datadict import dictionary_VR
from pydicom.dataset import FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.tag import Tag

from ..errors import ImageError
from ..limits import MAX_DEPTH, MAX_ELEMENTS, MAX_INFLATED
from ..sentences import Sentence
from . import DICOM_IMAGE

_PREAMBLE = 128  # bytes of anything, then "DICM"
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_PIXEL_DATA = 0x7FE00010
_TRANSFER_SYNTAX = 0x00020010
_SHORT_VRS = frozenset(
    {b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FL", b"FD", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL", b"SS"}
    | {b"ST", b"TM", b"UI", b"UL", b"US"}
)
_LONG_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


Bytes = bytes | mmap
"""A file's bytes."""


def begins_like_a_program(data: bytes) -> bool:
    """Return whether an operating system might run the file: its preamble may hold anything."""
    return data.startswith(_PROGRAMS)


def read_dicom(data: bytes) -> Dataset:
    """Read a whole DICOM file's bytes; `file_meta` holds its TransferSyntaxUID and nothing else.

    Raises:
        ImageError: Its transfer syntax is not supported, or its structure is broken, cut short or beyond the limits.
    """
    from .decoders import DECODERS, UNCOMPRESSED, unsupported  # which want numpy; whoever reads headers does not

    syntax, start = read_meta(data)
    if syntax not in UNCOMPRESSED and syntax not in DECODERS:
        raise ImageError(DICOM_IMAGE, unsupported(syntax))
    if syntax == uid.DeflatedExplicitVRLittleEndian:
        data, start = inflate(data[start:]), 0
    implicit, little = syntax == uid.ImplicitVRLittleEndian, syntax != uid.ExplicitVRBigEndian
    Walk(data, implicit=implicit, little=little).check(start)
    file = BytesIO(data)
    file.seek(start)
    dataset = read_dataset(file, implicit, little)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)
    return dataset


def read_meta(data: Bytes) -> tuple[str, int]:
    """Return the transfer syntax and the place of the data set: group 2 is always Explicit VR Little Endian.

    Raises:
        ImageError: It is broken, cut short or names no transfer syntax.
    """
    walk = Walk(data, implicit=False, little=True)
    place, syntax = _PREAMBLE + 4, ""
    while data[place : place + 2] == b"\x02\x00":
        tag, vr, length, start = walk.read_element(place, len(data))
        if length == _UNDEFINED or vr == b"SQ":
            raise _broken()
        if tag == _TRANSFER_SYNTAX:
            syntax = data[start : start + min(length, 65)].rstrip(b"\0 ").decode("ascii", "replace")
        place = start + length
    if not syntax:
        raise ImageError(DICOM_IMAGE, Sentence("it holds no image (TransferSyntaxUID missing)"))
    return syntax, place


def inflate(deflated: bytes) -> bytes:
    """Inflate a deflated data set.

    Raises:
        ImageError: It is broken, cut short or larger than it may be.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = inflater.decompress(deflated, MAX_INFLATED + 1)
    except zlib.error:
        raise ImageError(DICOM_IMAGE, Sentence("its deflated data are broken")) from None
    if len(inflated) > MAX_INFLATED:
        raise ImageError(DICOM_IMAGE, Sentence("its deflated data are larger than {0} MiB", MAX_INFLATED >> 20))
    if not inflater.eof:
        raise ImageError(DICOM_IMAGE, Sentence("it is cut short"))
    return inflated


@dataclass(slots=True)
class Container:
    """A data set, or a sequence of them, that the walk is in."""

    stop: int
    """Where it ends; where an undefined length is to end at the latest."""
    sequence: bool
    undefined: bool
    implicit: bool


class Walk:
    """One pass over a data set's elements, lengths and nesting, without recursion."""

    def __init__(self, data: Bytes, *, implicit: bool, little: bool) -> None:
        self._data, self._implicit = data, implicit
        order = "<" if little else ">"
        self._tag, self._short, self._long = (struct.Struct(order + each) for each in ("HH", "H", "I"))
        self._elements = 0

    def check(self, place: int) -> None:
        """Walk from `place` to the end of the bytes."""
        stack = [Container(len(self._data), sequence=False, undefined=False, implicit=self._implicit)]
        while stack:
            top = stack[-1]
            if place == top.stop:
                if top.undefined:
                    raise _cut_short()
                stack.pop()
            elif top.sequence:
                place = self._step_in_sequence(stack, place)
            else:
                place = self._step_in_dataset(stack, place)

    def read_element(self, place: int, stop: int, *, implicit: bool = False) -> tuple[int, bytes, int, int]:
        """Return an element's tag, VR ("" if implicit), length and the place of its value; count it.

        Raises:
            ImageError: It reaches beyond `stop`, its VR is none, or there are too many.
        """
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise ImageError(DICOM_IMAGE, Sentence("it has more than {0} elements", f"{MAX_ELEMENTS:,}"))
        if place + 8 > stop:
            raise _cut_short()
        group, number = self._tag.unpack_from(self._data, place)
        tag, vr, start = group << 16 | number, b"", place + 8
        if implicit or group == 0xFFFE:
            (length,) = self._long.unpack_from(self._data, place + 4)
        else:
            vr = self._data[place + 4 : place + 6]
            if vr in _SHORT_VRS:
                (length,) = self._short.unpack_from(self._data, place + 6)
            elif vr in _LONG_VRS:
                if place + 12 > stop:
                    raise _cut_short()
                (length,), start = self._long.unpack_from(self._data, place + 8), place + 12
            else:
                raise _broken()
        if length != _UNDEFINED and start + length > stop:
            raise _cut_short()
        return tag, vr, length, start

    def _step_in_sequence(self, stack: list[Container], place: int) -> int:
        top = stack[-1]
        tag, _, length, start = self.read_element(place, top.stop, implicit=True)
        if tag == _SEQUENCE_END and top.undefined and length == 0:
            stack.pop()
        elif tag == _ITEM:
            undefined = length == _UNDEFINED
            stop = top.stop if undefined else start + length
            stack.append(Container(stop, sequence=False, undefined=undefined, implicit=top.implicit))
        else:
            raise _broken()
        return start

    def _step_in_dataset(self, stack: list[Container], place: int) -> int:
        top = stack[-1]
        tag, vr, length, start = self.read_element(place, top.stop, implicit=top.implicit)
        undefined = length == _UNDEFINED
        if tag == _ITEM_END and top.undefined and length == 0:
            stack.pop()
            return start
        if tag >> 16 == 0xFFFE:
            raise _broken()
        if undefined and (tag == _PIXEL_DATA or vr in (b"OB", b"OW")):
            return self._skip_fragments(start, top.stop)
        if vr == b"SQ" or undefined or (top.implicit and _is_sequence(tag)):
            if vr not in (b"SQ", b"UN", b""):
                raise _broken()
            # UN of undefined length is a sequence in implicit VR (PS3.5 6.2.2 note).
            implicit = top.implicit or vr == b"UN"
            stop = top.stop if undefined else start + length
            stack.append(Container(stop, sequence=True, undefined=undefined, implicit=implicit))
            if sum(each.sequence for each in stack) > MAX_DEPTH:
                raise ImageError(DICOM_IMAGE, Sentence("its sequences are nested more than {0} deep", MAX_DEPTH))
            return start
        return start + length

    def _skip_fragments(self, place: int, stop: int) -> int:
        """Return the place behind an encapsulated element's Sequence Delimitation Item (PS3.5 A.4)."""
        while True:
            tag, _, length, start = self.read_element(place, stop, implicit=True)
            if tag == _SEQUENCE_END and length == 0:
                return start
            if tag != _ITEM or length == _UNDEFINED:
                raise _broken()
            place = start + length


def _is_sequence(tag: int) -> bool:
    try:
        return dictionary_VR(Tag(tag)) == "SQ"
    except KeyError:
        return False


def _cut_short() -> ImageError:
    return ImageError(DICOM_IMAGE, Sentence("it is cut short, or an element claims to be longer than the file"))


def _broken() -> ImageError:
    return ImageError(DICOM_IMAGE, Sentence("its DICOM structure is broken"))
