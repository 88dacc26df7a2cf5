"""One window a data folder: a second start hands its paths to the first, and never writes where that one writes.

The first window holds a lock, which ends with its process however that ends. A request to it is a file in a folder
that only this person can read; the first window removes it when it has read it, which is its answer.
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from unix_edge.files import make_private_folder, write_atomically

_LOCK = "window.lock"
_REQUESTS = "handed over"
_MOST_BYTES = 1 << 20
ANSWERS_WITHIN = 8.0
"""Seconds, as the first window may be starting still."""
_LOOK = 0.05
_OLD = 60.0
"""Seconds after which nobody waits for an answer any more."""


class FolderClaim:
    """That a data folder is this process's, until `close` or its end."""

    def __init__(self, folder: Path, lock: IO[bytes] | None) -> None:
        self._folder = folder / _REQUESTS
        self._lock = lock

    def take(self) -> list[tuple[Path, ...]]:
        """Return what other starts handed over since the last time, the paths of each; none of a mere start."""
        requests = []
        with suppress(OSError):
            for each in sorted(self._folder.glob("*.json")):
                with suppress(OSError, ValueError, TypeError):
                    waits = time.time() - each.stat().st_mtime < _OLD
                    with each.open("rb") as file:
                        said = json.loads(file.read(_MOST_BYTES))
                    if waits:
                        requests.append(tuple(Path(str(path)) for path in said))
                each.unlink(missing_ok=True)
        return requests

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            self._lock.close()


def claim_folder(folder: Path) -> FolderClaim | None:
    """Return the claim to a folder; None where another process has it.

    Where no lock can be made, each claim is given: the index then tells who was first, or why it cannot be used.
    """
    try:
        lock = (folder / _LOCK).open("ab")
    except OSError:
        return FolderClaim(folder, None)
    try:
        _lock(lock)
    except BlockingIOError:
        lock.close()
        return None
    except OSError as error:
        if sys.platform == "win32" and isinstance(error, PermissionError):
            lock.close()
            return None
    return FolderClaim(folder, lock)


def hand_over(folder: Path, paths: Sequence[Path], within: float = ANSWERS_WITHIN) -> bool:
    """Ask the process that has a folder to come forward and open paths; return whether it does.

    It does not where it ends meanwhile, or does not answer; what was asked is taken back then.

    Raises:
        NoSpaceError, OutputError: The request cannot be written.
    """
    requests = folder / _REQUESTS
    make_private_folder(requests)
    request = requests / f"{secrets.token_hex(8)}.json"
    names = [os.path.abspath(path) for path in paths]  # noqa: PTH100 - links stay
    write_atomically(request, json.dumps(names).encode(), private=True)
    ends = time.monotonic() + within
    while time.monotonic() < ends and request.exists():
        claim = claim_folder(folder)
        if claim is not None:
            claim.close()
            break
        time.sleep(_LOOK)
    try:
        request.unlink()
    except FileNotFoundError:
        return True
    return False


def _lock(file: IO[bytes]) -> None:
    """Lock a file for as long as it is open.

    Raises:
        BlockingIOError, PermissionError: It is locked.
        OSError: Its system knows no locks.
    """
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
