"""Files that are either whole or not there: write aside, then rename."""

import contextlib
import errno
import hashlib
import itertools
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from .errors import NoSpaceError, OutputError
from .leftovers import PARTIAL, REPLACED, Held, hidden_name
from .sentences import Sentence, system_says

MARK = secrets.token_hex(4)
"""Of this process: by it what it leaves beside a target, if it is killed, is known for its own."""
_TRIES = 6
_WAIT = 0.4
"""Seconds between two tries to rename: two in all."""


def write_atomically(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file whole or leave what was there.

    Args:
        path: Where to.
        content: All of it.
        private: Whether it is about a patient: it is then for nobody but this user, whatever the umask allows.

    Raises:
        NoSpaceError: The disk is full.
        OutputError: The folder is missing or not writable.
    """
    partial: Path | None = None
    held = Held()
    try:
        while True:
            # Noted before it is there, for a signal may come as soon as it is.
            partial = path.with_name(hidden_name(path.name, PARTIAL, MARK))
            with open(partial, "xb", opener=open_private if private else None) as file:
                if not held.add(partial, file.fileno()):
                    continue
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            break
        _rename(partial, path)
    except FileExistsError as error:
        partial = None  # another's, by a chance of one in 2 ** 64
        raise _explained(error, path) from error
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        if partial is not None:
            with contextlib.suppress(OSError):  # whoever refused the rename may refuse this too
                partial.unlink(missing_ok=True)
        held.close()


def open_private(path: str, flags: int) -> int:
    """Open a file that is about a patient, for nobody but this user; for the `opener` of `open`."""
    descriptor = os.open(path, flags, 0o600)
    if hasattr(os, "fchmod"):  # one that was there keeps its mode otherwise
        os.fchmod(descriptor, 0o600)
    return descriptor


def make_private_folder(folder: Path) -> None:
    """Make a folder for nobody but this user, or make one that is there so.

    Raises:
        OSError: It cannot be made, or is another user's.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_private(folder, 0o700, getattr(os, "O_DIRECTORY", 0))


def make_private_file(path: Path) -> None:
    """Make an empty file for nobody but this user, or make one that is there so.

    Raises:
        OSError: It cannot be made, or is another user's, or no file.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    _make_private(path, 0o600, 0)


def _make_private(path: Path, mode: int, kind: int) -> None:
    """Set a mode on what is opened, not on what may have taken its place; links count where they are this user's."""
    if not hasattr(os, "geteuid"):
        return
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | kind
    try:
        descriptor = os.open(path, flags)
    except OSError:
        if not path.is_symlink() or path.lstat().st_uid != os.geteuid():
            raise
        descriptor = os.open(path.resolve(), flags)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def folder_written_aside(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target` that takes its place at the end; on any failure nothing is left.

    A folder that stood at `target` is replaced only then.

    Raises:
        NoSpaceError: The disk is full.
        OutputError: `target` cannot be made.
    """
    made = [parent for parent in (target.parent, *target.parent.parents) if not parent.exists()]
    staged, replaced = list[Path](), list[Path]()
    done = False
    held = Held()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = _make_beside(target, PARTIAL, held, staged)
        yield staging
        if target.exists():
            old = _make_beside(target, REPLACED, held, replaced) / target.name
            try:
                _rename(target, old)
                _rename(staging, target)
            except BaseException:
                if old.exists():
                    _rename(old, target)
                raise
        else:
            _rename(staging, target)
        done = True
    except OSError as error:
        raise _explained(error, target) from error
    finally:
        # Where there is nothing at the target, the old folder could not be put back, and is all that there is.
        for each in (*staged, *(replaced if target.exists() else ())):
            shutil.rmtree(each, ignore_errors=True)
        held.close()
        if not done:
            for parent in made:
                with contextlib.suppress(OSError):
                    parent.rmdir()


def require_writable(path: Path) -> None:
    """Refuse a place for a file before anything is computed for it.

    Raises:
        NoSpaceError, OutputError: No file can be written there: its folder is missing or lets nothing be written, its
            name is too long, or something else than a file has it.
    """
    try:
        if path.exists() and not path.is_file():
            raise OutputError(path, Sentence("a folder or a device has that name"))
        beside = path.with_name(hidden_name(path.name, PARTIAL, MARK))
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        beside.unlink()
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        if not path.parent.is_dir():
            raise OutputError(path, Sentence("its folder is missing or cannot be written to")) from None
    except PermissionError:
        raise OutputError(path, Sentence("its folder is missing or cannot be written to")) from None
    except OSError as error:
        raise _explained(error, path) from error


def unused_path(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path in a folder, which is made where it is missing, that nothing has; the name ends in a number.

    Raises:
        NoSpaceError, OutputError: There is no such folder to be had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(error, folder) from error
    numbers = itertools.count(1)
    return next(path for number in numbers if not (path := folder / f"{stem} {number}{suffix}").exists())


def is_own(path: Path) -> bool:
    """Return whether a file or folder is this user's and nobody else could have written it, or into it."""
    try:
        found = path.lstat()
    except OSError:
        return False
    if stat.S_ISLNK(found.st_mode):
        return False
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)


def read_regular(path: Path, most: int) -> bytes:
    """Return a file's bytes; a pipe or a device is not waited for.

    Args:
        path: The file.
        most: Bytes that it may have.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no regular file, or has more bytes.
    """
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise ValueError(f"{path.name} is no file of at most {most} bytes")
        return file.read(most + 1)


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_beside(target: Path, kind: str, held: Held, noted: list[Path]) -> Path:
    """Make a folder of one of our kinds beside a target; it is noted before it is there, as a file's partial is."""
    while True:
        beside = target.with_name(hidden_name(target.name, kind, MARK))
        noted.append(beside)
        try:
            beside.mkdir()
        except FileExistsError:
            noted.remove(beside)  # another's, by as small a chance
            raise
        if held.add(beside):
            return beside


def _rename(path: Path, target: Path) -> None:
    """Rename onto a target; for two seconds again where it is refused, as while a virus scanner reads what is there."""
    for left in reversed(range(_TRIES)):
        try:
            path.replace(target)
        except PermissionError:
            if not left:
                raise
            time.sleep(_WAIT)
        else:
            return


def _explained(error: OSError, path: Path) -> NoSpaceError | OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpaceError(path.parent)
    return OutputError(path, system_says(error))
