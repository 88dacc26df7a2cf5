"""Opening in the background: a thread that has files indexed, and says how far it is."""

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from unix_edge.console import explain

from .index import IndexThread, StudyIndex
from .indexing import index_files
from .studies import Instance, Patient, Study

_MOST_SEARCHED = 1_000_000


class OpeningTask(QObject):
    """One opening of files and folders.

    Signals:
        progressed: An `IndexProgress`.
        ended: Why it failed, in a sentence, or nothing.
    """

    progressed = Signal(object)
    ended = Signal(str)

    def __init__(self, index: IndexThread, paths: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paths = tuple(paths)
        self.is_running = True
        self._index = index
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="opening", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End it soon; what was added stays."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until it has ended."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        failed = ""
        try:
            for progress in index_files(self._index, self.paths, self._stop.is_set):
                self.progressed.emit(progress)
        except Exception as error:  # nothing may escape a thread
            failed = explain(error)
        self.ended.emit(failed)


def find_opened(index: StudyIndex, paths: Sequence[Path]) -> tuple[Patient, Study, Instance | None] | None:
    """Return the newest study that has an image in the first of the paths that were opened, else in the next.

    With it comes the image, if the path is that of its file.
    """
    patients = index.patients(limit=_MOST_SEARCHED)
    for path in (each.resolve() for each in paths):
        for patient in patients:
            for study in patient.studies:
                images = [each for series in study.series for each in series.instances if each.rows]
                for each in images:
                    if each.path == path and not each.member:
                        return patient, study, each
                if any(
                    each.path == path or path in each.path.parents or _is_named_by(path, each.path) for each in images
                ):
                    return patient, study, None
    return None


def _is_named_by(path: Path, file: Path) -> bool:
    """Return whether a path is a DICOMDIR, whose files lie beside and below it."""
    return path.name.upper().startswith("DICOMDIR") and path.parent in file.parents
