"""What a process that was killed while it wrote has left, and who may take it away.

What is being written stands beside its place under a hidden name, and its writer holds a lock on it, which ends with
the process however that ends. So what nobody holds is left of a dead one. Only what is this user's own is touched, and
no link is followed: in a folder that others may write to, anything may have been put under such a name.
"""

import contextlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

PARTIAL, REPLACED = ".partial-", ".replaced-"
"""What hidden names beside a target go on with, of what is not yet whole and of what is about to make way."""
TEMPORARY = "unix-edge-"
"""What names of folders go on with, in the system's folder for what is temporary."""
_LONGEST = 200
"""Bytes of a target's name in a hidden one, which has at most 255."""
_NAME = re.compile(r"\.(?P<target>.+)(?P<kind>\.partial-|\.replaced-)(?P<mark>[0-9a-f]{8})[0-9a-z_]*", re.DOTALL)


def hidden_name(target: str, kind: str, mark: str) -> str:
    """Return a name that nothing has, for what stands beside a target."""
    return f".{_shortened(target)}{kind}{mark}{secrets.token_hex(4)}"


class Held:
    """Locks on files and folders, until `close` or the end of the process."""

    def __init__(self) -> None:
        self._locks: list[int] = []

    def add(self, path: Path, descriptor: int | None = None) -> bool:
        """Lock a file or folder; return whether it still stands there, which `remove_dead` may have been faster at.

        Args:
            path: What to lock.
            descriptor: Of the file, where it is open.
        """
        if sys.platform == "win32":
            return True
        import fcntl

        try:
            held = os.open(path, os.O_RDONLY | os.O_NOFOLLOW) if descriptor is None else os.dup(descriptor)
        except FileNotFoundError:
            return False
        self._locks.append(held)
        with contextlib.suppress(OSError):  # some shares know no locks
            fcntl.flock(held, fcntl.LOCK_EX)
        try:
            return os.path.samestat(os.fstat(held), path.lstat())
        except FileNotFoundError:
            return False

    def close(self) -> None:
        """Let go of them."""
        while self._locks:
            os.close(self._locks.pop())


def remove_leftovers(folder: Path, mark: str) -> None:
    """Remove from a folder what a process that was killed while it wrote left there, half a file or folder.

    A folder that had to make way for a new one which never came is put back.

    Args:
        folder: In which it wrote.
        mark: Its `files.MARK`; it must no longer run.

    Raises:
        OSError: The folder cannot be read or changed, as of a drive that is gone.
    """
    with _opened(folder) as (at, where):
        for name in _names(folder, at):
            found = _NAME.fullmatch(name)
            if found and found["mark"] == mark and _is_mine(where + name, at):
                _remove(where, name, at, made_way=found["kind"] == REPLACED)


def remove_dead(folder: Path, target: str | None = None) -> None:
    """Remove from a folder what nobody holds any more; what cannot be removed stays.

    Args:
        folder: In which was written.
        target: Name of what was; None: of anything.
    """
    if sys.platform == "win32":  # a folder cannot be locked there
        return
    wanted = None if target is None else _shortened(target)
    with contextlib.suppress(OSError), _opened(folder) as (at, where):
        for name in _names(folder, at):
            found = _NAME.fullmatch(name)
            if found is None or (wanted is not None and found["target"] != wanted):
                continue
            with contextlib.suppress(OSError), _nobody_s(where + name, at):
                _remove(where, name, at, made_way=found["kind"] == REPLACED)


class TemporaryFolder:
    """An empty folder for this user alone, until `close` or the end of the process; a kill's leftovers go first.

    Raises:
        OSError: There is no room for one.
    """

    def __init__(self) -> None:
        remove_dead_temporary()
        held = Held()
        while not held.add(path := Path(tempfile.mkdtemp(prefix=TEMPORARY))):
            pass
        self.path = path
        self._end = weakref.finalize(self, _end_temporary, path, held)

    def close(self) -> None:
        """Remove it."""
        self._end()

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Remove it."""
        self.close()


def _end_temporary(path: Path, held: Held) -> None:
    shutil.rmtree(path, ignore_errors=True)
    held.close()


def remove_dead_temporary() -> None:
    """Remove temporary folders of this user's dead processes, and of nobody else."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError), _opened(Path(tempfile.gettempdir())) as (at, where):
        for name in _names(Path(where), at):
            if re.fullmatch(rf"{TEMPORARY}[0-9a-z_]{{8}}", name):
                with contextlib.suppress(OSError), _nobody_s(where + name, at) as found:
                    if stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700:
                        shutil.rmtree(where + name, dir_fd=at)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[tuple[int | None, str]]:
    """Yield a folder to look names up in, and what stands before a name: so nothing on its path can be swapped."""
    if sys.platform == "win32":
        yield None, f"{folder}{os.sep}"
        return
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield at, ""
    finally:
        os.close(at)


def _names(folder: Path, at: int | None) -> list[str]:
    return os.listdir(folder if at is None else at)  # noqa: PTH208 - a path would be looked up again


def _is_mine(name: str, at: int | None) -> bool:
    found = os.stat(name, dir_fd=at, follow_symlinks=False)
    return not stat.S_ISLNK(found.st_mode) and (not hasattr(os, "geteuid") or found.st_uid == os.geteuid())


@contextlib.contextmanager
def _nobody_s(name: str, at: int | None) -> Iterator[os.stat_result]:
    """Hold what is this user's and nobody holds.

    Raises:
        OSError: It is another's, a link, or held.
    """
    import fcntl

    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.geteuid() or not (stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode)):
            raise PermissionError
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(found, os.stat(name, dir_fd=at, follow_symlinks=False)):
            raise FileNotFoundError
        yield found
    finally:
        os.close(descriptor)


def _remove(where: str, name: str, at: int | None, *, made_way: bool) -> None:
    """Remove a leftover; of one that made way put back what it holds, unless something stands in its place."""
    path = where + name
    if not stat.S_ISDIR(os.stat(path, dir_fd=at, follow_symlinks=False).st_mode):
        os.unlink(path, dir_fd=at)
        return
    if made_way:
        with _opened_inside(path, at) as (inside, within):
            for old in _names(Path(path), inside):
                try:
                    os.stat(where + old, dir_fd=at, follow_symlinks=False)
                except FileNotFoundError:
                    os.rename(within + old, where + old, src_dir_fd=inside, dst_dir_fd=at)
    shutil.rmtree(path, dir_fd=at)


@contextlib.contextmanager
def _opened_inside(path: str, at: int | None) -> Iterator[tuple[int | None, str]]:
    if sys.platform == "win32":
        yield None, f"{path}{os.sep}"
        return
    inside = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
    try:
        if os.fstat(inside).st_uid != os.geteuid():
            raise PermissionError
        yield inside, ""
    finally:
        os.close(inside)


def _shortened(name: str) -> str:
    return os.fsdecode(os.fsencode(name)[:_LONGEST])
