"""What a person opens, to files that may be images: files, folders, media with a DICOMDIR, ZIP archives.

Nothing is written and nothing but names, kinds and first bytes is looked at. Whatever is not opened is told of, with
the reason: no file is lost in silence.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from unix_edge.errors import ImageError, StoppedError
from unix_edge.isolated.child import Source, open_source
from unix_edge.isolated.headers import read_file_ids
from unix_edge.sentences import Sentence, harmless, system_says

from .archive import PACKED, ZIP, Archive, Member
from .media import OUTSIDE, find_records, is_dicomdir

# fmt: off
_PROGRAMS = (
    ".app", ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".inf", ".jar", ".js", ".lnk", ".msi", ".pif", ".ps1",
    ".reg", ".scr", ".sh", ".so", ".sys", ".vbs", ".wsf",
)
# fmt: on
"""What systems run, or what they read to know what to run: never an image, whatever it holds."""
_MARKUP = {
    "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be an image; `unix_edge` reads it as it reads a path."""

    path: Path
    """Of the file, or of the archive that it is in."""
    size: int
    """Of what is at the path, when it was found."""
    modified_ns: int
    """As the size."""
    member: str = ""
    """Its name in the archive."""
    inside: Member | None = None

    @property
    def name(self) -> str:
        """The last part of its name, whoever gave it."""
        return self.inside.name if self.inside else self.path.name

    def open(self) -> tuple[BinaryIO, int]:
        """Open it; return its own size too.

        Raises:
            ImageError, OSError: It cannot be opened.
        """
        return self.inside.open() if self.inside else open_source(self.path)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not opened, and why."""

    path: Path
    """Of the file, or of the archive or the DICOMDIR that names it."""
    reason: Sentence
    """Whole."""
    member: str = ""
    """Its name there, whoever gave it."""


def find_files(paths: Sequence[Path], should_stop: Callable[[], bool] = lambda: False) -> Iterator[Found | Failure]:
    """Yield what may be an image in files, folders and what they hold, until `should_stop`, which other threads ask.

    Links within folders are not followed. Of a medium's folder everything is found, and its DICOMDIR tells what is
    missing; of a DICOMDIR that is opened by itself only what it names.
    """
    for path in paths:
        try:
            path = path.resolve(strict=True)
            found = _walk(path, should_stop) if path.is_dir() else _look_at(path, should_stop)
        except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a name that cannot be
            yield Failure(path, _unopened(error))
            continue
        for each in found:
            if should_stop():
                return
            yield each


def find_again(path: Path, member: str) -> Path | Source:
    """Return a file that was found before, to be decoded.

    Raises:
        ImageError, OSError: Its archive is gone, or no longer holds it.
    """
    return Archive(path).member(member) if member else path


def shown(text: str) -> str:
    """Return text of a file or a name so that it can only be read (`harmless`), and without markup."""
    return "".join(_MARKUP.get(each, each) for each in harmless(text))


def _walk(folder: Path, should_stop: Callable[[], bool]) -> Iterator[Found | Failure]:
    """Yield what is in a folder, then what is in those within it."""
    folders = [folder]
    while folders:
        folder = folders.pop()
        try:
            entries = []
            with os.scandir(folder) as scan:
                for entry in scan:
                    if should_stop():
                        return
                    entries.append(entry)
        except OSError as error:
            yield Failure(folder, _unopened(error))
            continue
        within = []
        for entry in sorted(entries, key=lambda each: each.name):
            path = Path(entry.path)
            try:
                link, is_folder = entry.is_symlink(), entry.is_dir(follow_symlinks=False)
            except OSError as error:
                yield Failure(path, _unopened(error))
                continue
            if link:
                yield Failure(path, Sentence("It is a link, which is not followed."))
            elif is_folder:
                within.append(path)
            else:
                yield from _look_at(path, should_stop, walked=True)
        folders += reversed(within)


def _look_at(path: Path, should_stop: Callable[[], bool], *, walked: bool = False) -> Iterator[Found | Failure]:
    """Yield what a file holds; of a DICOMDIR in a folder that is walked, only what is missing."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Failure(path, Sentence("It is no regular file."))
            return
        if _is_program(path.name):
            yield Failure(path, Sentence("It is a program or belongs to one."))
            return
        if is_dicomdir(path.name):
            yield from _follow(path, should_stop, walked=walked)
            return
        with path.open("rb") as file:
            start = file.read(6)
    except OSError as error:
        yield Failure(path, _unopened(error))
        return
    if start.startswith(ZIP):
        yield from _list(path, status, should_stop)
    elif start.startswith(PACKED):
        yield Failure(path, Sentence("Of archives only ZIP is opened."))
    else:
        yield Found(path, status.st_size, status.st_mtime_ns)


def _follow(dicomdir: Path, should_stop: Callable[[], bool], *, walked: bool) -> Iterator[Found | Failure]:
    """Yield what a DICOMDIR names."""
    root = dicomdir.parent.resolve()

    def names_in(parts: tuple[str, ...]) -> list[str]:
        folder = _within(root, parts)
        try:
            return os.listdir(folder) if folder else []  # noqa: PTH208 - of a large folder names are enough
        except OSError:
            return []

    try:
        file_ids = read_file_ids(dicomdir, should_stop)
    except ImageError as error:
        yield Failure(dicomdir, error.problem.whole)
        return
    except StoppedError:
        return
    if not file_ids:
        yield Failure(dicomdir, Sentence("It is called DICOMDIR, and names no file."))
    for file_id, parts, problem in find_records(file_ids, names_in):
        path = None if problem else _within(root, parts)
        if path is None:
            yield Failure(dicomdir, (problem or OUTSIDE).whole, file_id)
        elif not walked:
            yield from _look_at(path, should_stop)


def _within(root: Path, parts: tuple[str, ...]) -> Path | None:
    """Return a path below a folder, without links; None where links lead out of the folder, or round."""
    try:
        path = root.joinpath(*parts).resolve()
    except (OSError, RuntimeError):
        return None
    return path if path.is_relative_to(root) else None


def _list(path: Path, status: os.stat_result, should_stop: Callable[[], bool]) -> Iterator[Found | Failure]:
    """Yield what is in an archive."""
    try:
        archive = Archive(path)
    except ImageError as error:
        yield Failure(path, error.problem.whole)
        return
    except OSError as error:
        yield Failure(path, _unopened(error))
        return
    for name, member in archive.members():
        if isinstance(member, Sentence):
            yield Failure(path, member.whole, name)
        elif _is_program(member.name):
            yield Failure(path, Sentence("It is a program or belongs to one."), name)
        elif is_dicomdir(member.name):
            yield from _compare(archive, member, should_stop)
        else:
            yield Found(path, status.st_size, status.st_mtime_ns, name, member)


def _compare(archive: Archive, dicomdir: Member, should_stop: Callable[[], bool]) -> Iterator[Failure]:
    """Yield what an archive's DICOMDIR names and the archive does not hold."""
    names = archive.names_by_folder()
    root = tuple(dicomdir.entry.filename.split("/")[:-1])
    try:
        file_ids = read_file_ids(dicomdir, should_stop)
    except ImageError as error:
        yield Failure(archive.path, error.problem.whole, dicomdir.entry.filename)
        return
    except StoppedError:
        return
    for file_id, _, problem in find_records(file_ids, lambda parts: names.get((*root, *parts), [])):
        if problem:
            yield Failure(archive.path, problem.whole, file_id)


def _is_program(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in _PROGRAMS  # noqa: PTH122 - of a name, and often


def _unopened(error: Exception) -> Sentence:
    if not getattr(error, "strerror", None):
        return Sentence("It cannot be opened (its name or a link in it cannot be followed).")
    return Sentence("It cannot be opened ({0}).", system_says(error))
