"""Where this process writes: noted first, so that what a kill leaves half written is removed at the next start."""

import contextlib
import json
import re
import threading
from pathlib import Path

from unix_edge.errors import UnixEdgeError
from unix_edge.files import MARK, write_atomically
from unix_edge.leftovers import remove_leftovers

_MOST = 1000
_MOST_BYTES = 1 << 20
Place = tuple[str, str]
"""A folder, and the mark of the process that wrote there."""


class Leftovers:
    """A file that lists the folders; it is empty of those of a process that ended as it should."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._places = dict.fromkeys(_read(path))

    def note(self, *folders: Path) -> None:
        """Note folders before something is written there."""
        places = {(str(folder.absolute()), MARK): None for folder in folders}
        with self._lock:
            if not places.keys() <= self._places.keys():
                self._places |= places
                self._write()

    def remove(self) -> None:
        """Remove what earlier processes left; a folder that is not to be reached now is tried again at a later start.

        It may take long, as of a drive that is gone.
        """
        with self._lock:
            left = [each for each in self._places if each[1] != MARK]
        for place in left:
            try:
                remove_leftovers(Path(place[0]), place[1])
            except FileNotFoundError:
                if Path(place[0]).parent.exists():  # the folder itself was deleted
                    self._forget(place)
            except OSError:
                continue
            else:
                self._forget(place)

    def close(self) -> None:
        """Note that this process has left nothing half written."""
        with self._lock:
            self._places = {place: None for place in self._places if place[1] != MARK}
            self._write()

    def _forget(self, place: Place) -> None:
        with self._lock:
            self._places.pop(place, None)
            self._write()

    def _write(self) -> None:
        # Where not even this can be written, what comes next fails too, and says why.
        with contextlib.suppress(UnixEdgeError):
            write_atomically(self._path, json.dumps(list(self._places)[-_MOST:]).encode())


def _read(path: Path) -> list[Place]:
    """Return what was noted; what is no note of ours counts for nothing."""
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(_MOST_BYTES))
        return [
            (folder, mark)
            for folder, mark in said
            if isinstance(folder, str) and isinstance(mark, str) and re.fullmatch(r"[0-9a-f]{8}", mark, re.ASCII)
        ]
    except (OSError, ValueError, TypeError, RecursionError):
        return []
