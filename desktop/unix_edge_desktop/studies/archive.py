"""ZIP archives, read by member and never unpacked: nothing is written, so there is nothing to be written elsewhere.

What an archive says of itself is bounded before it is believed; of a member no more is inflated than it declares.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO, cast

from unix_edge.errors import ImageError
from unix_edge.limits import MAX_FILE
from unix_edge.sentences import Sentence

MAX_ENTRIES = 20_000
MAX_TOTAL = 4 << 30
"""Bytes of all members, inflated."""
MAX_RATIO = 200
"""How many times smaller than itself a member may be packed."""
_SMALL = 1 << 16
"""Bytes of a member whose ratio does not matter."""
_LONGEST_DIRECTORY = 16 << 20
_DEEPEST = 32
"""Folders within folders that a DICOMDIR may name files in."""
_END = b"PK\x05\x06"
_END_SIZE = 22
_ZIP64 = b"PK\x06\x07"
_ZIP64_SIZE = 20
_ZIP64_END = b"PK\x06\x06"
_ZIP64_END_SIZE = 56
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""What ZIP archives begin with."""
PACKED = (*ZIP, b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
"""What archives begin with."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error)
"""What zipfile raises of an archive; NotImplementedError of a way of packing that it does not know."""


class Archive:
    """An open ZIP archive; it is closed when nothing refers to it or its members any more.

    Raises:
        ImageError: It is none, broken, protected, or beyond the limits.
        OSError: It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            _check_directory(file, path.name)
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise _broken(path, error) from None
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _too_many(path.name)
        if any(each.flag_bits & _ENCRYPTED for each in entries):
            raise ImageError(path.name, Sentence("password-protected archives are not supported"))
        if sum(each.file_size for each in entries) > MAX_TOTAL:
            raise ImageError(path.name, Sentence("its files are larger than {0} GiB together", MAX_TOTAL >> 30))
        self._names = Counter(each.filename for each in entries)

    def members(self) -> Iterator[tuple[str, "Member | Sentence"]]:
        """Yield the name of each file in it, and the file or why it is not opened."""
        for entry in self._zip.infolist():
            if not entry.is_dir():
                problem = self._problem(entry)
                yield entry.filename, problem or Member(self, entry)

    def member(self, name: str) -> "Member":
        """Return the file of a name.

        Raises:
            ImageError: There is none, or it is not opened.
        """
        for each, member in self.members():
            if each == name:
                if isinstance(member, Sentence):
                    raise ImageError(name, member)
                return member
        raise ImageError(name, Sentence("there is no such file in the archive"))

    def names_by_folder(self) -> dict[tuple[str, ...], list[str]]:
        """Return the names of files and folders in each folder, which is named by its parts."""
        folders: dict[tuple[str, ...], dict[str, None]] = {}
        for name in self._names:
            parts = tuple(name.rstrip("/").split("/"))
            for depth in range(min(len(parts), _DEEPEST)):
                folders.setdefault(parts[:depth], {})[parts[depth]] = None
        return {parts: list(names) for parts, names in folders.items()}

    def open(self, entry: zipfile.ZipInfo) -> BinaryIO:
        """Open a member."""
        try:
            return cast(BinaryIO, _MemberFile(self, self._zip.open(entry)))
        except _BROKEN as error:
            raise _broken(self.path, error) from None

    def _problem(self, entry: zipfile.ZipInfo) -> Sentence | None:
        """Return why an entry is not opened, as a clause."""
        name = entry.filename
        if _leads_out(name) or _leads_out(entry.orig_filename):
            return Sentence("its name leads out of the archive")
        if (mode := entry.external_attr >> 16) and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            return Sentence("it is a link or a device, not a file")
        if self._names[name] > 1:
            return Sentence("several files in the archive have its name")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return Sentence("the way in which it is packed is not supported")
        if entry.file_size > MAX_FILE:
            return Sentence("it is larger than {0} MiB", MAX_FILE >> 20)
        if entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size):
            return Sentence("it is packed more than {0} times smaller, as no image is", MAX_RATIO)
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A file in an archive; `unix_edge` reads it as it reads a path."""

    archive: Archive
    entry: zipfile.ZipInfo

    @property
    def name(self) -> str:
        """The last part of its name."""
        return self.entry.filename.rpartition("/")[2]

    @property
    def size(self) -> int:
        """Bytes that it has when inflated."""
        return self.entry.file_size

    def open(self) -> tuple[BinaryIO, int]:
        """Open it; return its size too.

        Raises:
            ImageError, OSError: It is broken, empty or holds an archive.
        """
        if not self.size:
            raise ImageError(self.name, Sentence("it is empty"))
        file = self.archive.open(self.entry)
        try:
            packed = file.read(6).startswith(PACKED)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        if packed:
            file.close()
            raise ImageError(self.name, Sentence("archives within archives are not opened"))
        return file, self.size


class _MemberFile(BufferedIOBase):
    """What is read of a member; a member that is broken is an OSError, as it is of a file."""

    def __init__(self, archive: Archive, file: object) -> None:
        self._archive = archive  # which is not closed before
        self._file = cast(zipfile.ZipExtFile, file)

    def read(self, size: int | None = -1) -> bytes:
        """Inflate some of it."""
        try:
            return self._file.read(size)
        except _BROKEN as error:
            raise OSError from error

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; what lies before it is inflated for that."""
        try:
            return self._file.seek(place, whence)
        except _BROKEN as error:
            raise OSError from error

    def close(self) -> None:
        """Close it, not the archive."""
        self._file.close()
        super().close()


def _leads_out(name: str) -> bool:
    """Return whether a name would lead out of the archive, or anywhere but where it seems to, on any system."""
    name = name.replace("\\", "/")
    return name.startswith("/") or ".." in name.split("/") or "\0" in name or name[1:2] == ":"


def _check_directory(file: BinaryIO, name: str) -> None:
    """Bound the central directory before zipfile reads all of it (APPNOTE 4.3.16); it has no notion of too many.

    Raises:
        ImageError: There is none, or it is longer than one of so many entries is.
    """
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _END_SIZE - 0xFFFF - _ZIP64_SIZE - _ZIP64_END_SIZE)
    file.seek(start)
    tail = file.read()
    # Where zipfile looks: at the very end, else the last place that looks so.
    end = len(tail) - _END_SIZE
    if end < 0 or not tail.startswith(_END, end) or not tail.endswith(b"\0\0"):
        end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_SIZE:
        raise ImageError(name, Sentence("it is no ZIP archive, or is cut short"))
    entries, length = struct.unpack_from("<10xHI", tail, end)
    large = end - _ZIP64_SIZE - _ZIP64_END_SIZE
    if large >= 0 and tail.startswith(_ZIP64, end - _ZIP64_SIZE) and tail.startswith(_ZIP64_END, large):
        end = large
        entries, length = struct.unpack_from("<32xQQ", tail, end)
    if entries > MAX_ENTRIES or length > _LONGEST_DIRECTORY:
        raise _too_many(name)
    # zipfile takes the directory to lie right before its end, wherever it is said to.
    file.seek(max(0, start + end - length))
    if file.read(length).count(_ENTRY) > MAX_ENTRIES:
        raise _too_many(name)


def _too_many(name: str) -> ImageError:
    return ImageError(name, Sentence("it has more than {0} files", f"{MAX_ENTRIES:,}"))


def _broken(path: Path, error: Exception) -> ImageError:
    return ImageError(path.name, Sentence("the archive is broken ({0})", type(error).__name__))
