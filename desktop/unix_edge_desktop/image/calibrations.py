"""The spacings that a reader gave series by a line of known length, kept until the reader takes them back."""

import threading
from concurrent.futures import Future
from pathlib import Path

from unix_edge.sentences import Sentence

from ..storage.json_store import KeptFiles
from ..studies.index_schema import UNNAMED

Spacing = tuple[float, float]
"""Millimetres between rows, and between columns."""
_LARGEST = 1000.0


class CalibrationStore:
    """A folder with a file for each series that was calibrated; one without a UID is forgotten at the end."""

    def __init__(self, folder: Path) -> None:
        self._files = KeptFiles(folder)
        self._known: dict[str, Spacing | None] = {}
        self._reading = threading.Lock()

    def of_series(self, study: str, series: str) -> Spacing | None:
        """Return the spacing that a reader gave, if one did; read once, by whichever thread wants it first."""
        name = f"{study} {series}"
        if name not in self._known and not series.startswith(UNNAMED):
            with self._reading:
                if name not in self._known:
                    self._known[name] = self._files.read(name, lambda said: _rebuild(said["spacing"]), None)
        return self._known.get(name)

    def set(self, study: str, series: str, spacing: Spacing | None) -> "Future[None]":
        """Keep a spacing, or none any more; the future raises NoSpaceError or OutputError."""
        name = f"{study} {series}"
        self._known[name] = spacing
        if series.startswith(UNNAMED):  # named by its path, where another patient's image may lie tomorrow
            kept: Future[None] = Future()
            kept.set_result(None)
            return kept
        return self._files.write(name, {"spacing": spacing})

    def close(self) -> Sentence | None:
        """Wait until everything is written; return why something could not be, in a sentence, else nothing."""
        return self._files.close()


def _rebuild(said: object) -> Spacing | None:
    if said is None:
        return None
    if not isinstance(said, list) or len(said) != 2 or not all(type(each) is float for each in said):
        raise ValueError
    row, column = said
    if not (0 < row < _LARGEST and 0 < column < _LARGEST):
        raise ValueError
    return row, column
