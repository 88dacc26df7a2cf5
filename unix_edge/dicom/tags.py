"""What an index keeps of a DICOM file, picked on one walk through it that steps over whatever is not wanted.

No element is believed before the walk has passed it, and a file that is cut anywhere is not read.
"""

import mmap
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from pydicom import uid
from pydicom.charset import convert_encodings, decode_bytes
from pydicom.datadict import dictionary_VR
from pydicom.tag import Tag

from ..errors import ImageError
from ..sentences import Sentence
from . import DICOM_IMAGE
from .structure import Container, Walk, inflate, read_meta

# fmt: off
INDEXED_KEYWORDS = (
    "SOPClassUID", "SOPInstanceUID", "SyntheticData", "StudyDate", "StudyTime", "AccessionNumber", "Modality",
    "StudyDescription", "SeriesDescription", "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate",
    "PatientSex", "BodyPartExamined", "ViewPosition", "StudyInstanceUID", "SeriesInstanceUID", "SeriesNumber",
    "InstanceNumber", "PatientOrientation", "Laterality", "ImageLaterality", "NumberOfFrames", "Rows", "Columns",
)
# fmt: on
CODED_KEYWORDS = ("ViewCodeSequence", "AnatomicRegionSequence")
"""Sequences of which the first item's Code Value is kept, by the sequence's keyword."""
MAX_CHARACTERS = 1024
"""Of one value."""
MAX_RECORDS = 100_000
"""Of a DICOMDIR."""
_LONGEST_META = 1 << 20
_CHARACTER_SET = 0x00080005
_FILE_ID = 0x00041500
_WANTED = {
    int(Tag(keyword)): (keyword, dictionary_VR(keyword)) for keyword in ("SpecificCharacterSet", *INDEXED_KEYWORDS)
}
_CODED = {int(Tag(keyword)): keyword for keyword in CODED_KEYWORDS}
_CODE_VALUE = 0x00080100
_ENDS = {"PN": set(b"^="), "LO": set(b"\t\n\f\r"), "SH": set(b"\t\n\f\r")}
"""The VRs in the file's character set, and what ends an escape sequence in them."""


class PartialFile:
    """A file's bytes, of which those are here that were asked for; the others read as zeros and take no memory."""

    def __init__(self, head: bytes, size: int, ask: Callable[[int, int], bytes]) -> None:
        self.size, self.head = size, len(head)
        self.data: bytes | mmap.mmap = head
        self._ask = ask
        self._window = range(0)
        if len(head) < size:
            self.data = mmap.mmap(-1, size)
            self.data[: len(head)] = head

    def fetch(self, start: int, stop: int) -> None:
        """Make bytes be here, and some of those behind them."""
        stop = min(stop, self.size)
        if stop <= self.head or start >= stop or (start in self._window and stop <= self._window.stop):
            return
        assert isinstance(self.data, mmap.mmap)  # where all was here from the beginning
        stop = min(max(stop, start + 4096), self.size)
        self.data[start:stop] = self._ask(start, stop - start)
        self._window = range(start, stop)


def read_header(file: PartialFile) -> dict[str, str]:
    """Return what is kept of a DICOM file's header, by keyword; a keyword without a value is left out.

    Raises:
        ImageError: Its structure is broken, cut short or beyond the limits, or it is no DICOM object.
    """
    syntax, walk = _walk(file, _HeaderWalk)
    kept = walk.decode_values()
    if "SOPClassUID" not in kept:
        raise ImageError(DICOM_IMAGE, Sentence("it holds no image (SOPClassUID missing)"))
    return {**kept, "TransferSyntaxUID": syntax}


def read_file_ids(file: PartialFile) -> list[str]:
    r"""Return the Referenced File IDs of a DICOMDIR's records, in the file's order, components parted by "\".

    The records' offsets to one another are not followed, so that none can lead in a circle.

    Raises:
        ImageError: Its structure is broken, cut short or beyond the limits.
    """
    return _walk(file, _DirectoryWalk)[1].file_ids


class _NotingWalk(Walk, ABC):
    """The walk through a file of which not all is here, and which notes values of some elements."""

    wanted: frozenset[int]
    wanted_depth: int
    """Data sets and sequences that a wanted element is in: 1 is the file's own data set."""

    def __init__(self, file: PartialFile, *, implicit: bool, little: bool) -> None:
        super().__init__(file.data, implicit=implicit, little=little)
        self._file = file
        self._depth = 0

    def _step_in_dataset(self, stack: list[Container], place: int) -> int:
        self._depth = len(stack)
        return super()._step_in_dataset(stack, place)

    def read_element(self, place: int, stop: int, *, implicit: bool = False) -> tuple[int, bytes, int, int]:
        """Read it where it is here, else fetch it."""
        if place + 12 > self._file.head:
            self._file.fetch(place, min(place + 12, stop))
        element = super().read_element(place, stop, implicit=implicit)
        if element[0] in self.wanted and self._depth == self.wanted_depth and element[2] <= 4 * MAX_CHARACTERS:
            tag, _, length, start = element
            self._note(tag, self._value(start, length))
        return element

    @abstractmethod
    def _note(self, tag: int, value: bytes) -> None:
        """Keep a value that is wanted."""

    def _value(self, start: int, length: int) -> bytes:
        self._file.fetch(start, start + length)
        return bytes(self._data[start : start + length])


class _HeaderWalk(_NotingWalk):
    """Notes the wanted values of the file's own data set, and of its sequences' items only codes that are wanted."""

    wanted, wanted_depth = frozenset(_WANTED), 1

    def __init__(self, file: PartialFile, *, implicit: bool, little: bool) -> None:
        super().__init__(file, implicit=implicit, little=little)
        self._values: dict[int, bytes] = {}
        self._codes: dict[str, str] = {}
        self._within = 0
        """The element of the file's own data set that was read last."""
        self._number = struct.Struct("<H" if little else ">H")

    def read_element(self, place: int, stop: int, *, implicit: bool = False) -> tuple[int, bytes, int, int]:
        """Read it, and note a code that is wanted."""
        element = super().read_element(place, stop, implicit=implicit)
        tag, _, length, start = element
        if self._depth == self.wanted_depth and tag >> 16 != 0xFFFE:
            self._within = tag
        elif tag == _CODE_VALUE and self._depth == 3 and self._within in _CODED and length <= MAX_CHARACTERS:
            code = self._value(start, length).decode("ascii", "replace").strip(" \0")
            self._codes.setdefault(_CODED[self._within], code)
        return element

    def _note(self, tag: int, value: bytes) -> None:
        self._values.setdefault(tag, value)

    def decode_values(self) -> dict[str, str]:
        """Return the values as text."""
        encodings = _encodings(self._values.pop(_CHARACTER_SET, b""))
        kept = {keyword: code for keyword, code in self._codes.items() if code}
        for tag, value in self._values.items():
            keyword, vr = _WANTED[tag]
            if vr == "US":
                text = str(self._number.unpack(value)[0]) if len(value) == 2 else ""
            elif vr in _ENDS:
                text = decode_bytes(value, encodings, _ENDS[vr])
            else:
                text = value.decode("ascii", "replace")
            if text := text.strip(" \0")[:MAX_CHARACTERS]:
                kept[keyword] = text
        return kept


class _DirectoryWalk(_NotingWalk):
    """Notes the Referenced File ID of each record."""

    wanted, wanted_depth = frozenset((_FILE_ID,)), 3

    def __init__(self, file: PartialFile, *, implicit: bool, little: bool) -> None:
        super().__init__(file, implicit=implicit, little=little)
        self.file_ids: list[str] = []
        self._records = 0

    def _step_in_sequence(self, stack: list[Container], place: int) -> int:
        if len(stack) == 2:
            self._records += 1
            self._elements = 0  # each record may have as many elements as another file
            if self._records > MAX_RECORDS:
                raise ImageError(DICOM_IMAGE, Sentence("it has more than {0} records", f"{MAX_RECORDS:,}"))
        return super()._step_in_sequence(stack, place)

    def _note(self, tag: int, value: bytes) -> None:
        if value := value.rstrip(b" \0")[:MAX_CHARACTERS]:
            try:
                self.file_ids.append(value.decode())
            except UnicodeDecodeError:
                self.file_ids.append(value.decode("latin-1"))


_W = TypeVar("_W", bound=_NotingWalk)


def _walk(file: PartialFile, kind: type[_W]) -> tuple[str, _W]:
    """Walk through the whole file; return its transfer syntax and the walk."""
    syntax, start = _find_data_set(file)
    if syntax == uid.DeflatedExplicitVRLittleEndian:
        file.fetch(0, file.size)
        inflated = inflate(file.data[start:])
        file, start = PartialFile(inflated, len(inflated), _nothing_more), 0
    # A syntax that we do not know is encapsulated, and that is Explicit VR Little Endian (PS3.5 A.4).
    walk = kind(file, implicit=syntax == uid.ImplicitVRLittleEndian, little=syntax != uid.ExplicitVRBigEndian)
    walk.check(start)
    return syntax, walk


def _find_data_set(file: PartialFile) -> tuple[str, int]:
    """Return the transfer syntax and where the data set begins, of which some is here then."""
    try:
        syntax, start = read_meta(file.data)
        file.fetch(start, start + 2)
        if file.data[start : start + 2] != b"\x02\x00":
            return syntax, start
    except ImageError:
        pass
    # Either it is broken, or group 2 goes on behind what is here.
    file.fetch(0, _LONGEST_META)
    return read_meta(file.data)


@lru_cache(maxsize=64)
def _encodings(character_set: bytes) -> list[str]:
    names = [name.strip(" \0") for name in character_set.decode("ascii", "replace").split("\\")]
    return convert_encodings(names)


def _nothing_more(start: int, length: int) -> bytes:
    raise AssertionError
