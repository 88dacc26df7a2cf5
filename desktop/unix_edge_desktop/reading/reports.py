"""The structured reports of a series that was chosen in the list: read in a child process, shown as text."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from unix_edge.dicom.sr_document import SRDocument
from unix_edge.errors import ImageError, StoppedError, StructuredReportError, UnixEdgeError
from unix_edge.isolated.objects import read_sr_file
from unix_edge.sentences import Sentence

from ..studies.opening import find_again, shown
from ..studies.studies import FileState, Instance, Patient, Series, Study
from ..toolkit.sentences import tell
from .loading import Loader
from .report_dialog import ReportDialog
from .study_tree import StudyTree

_MOST_REPORTS = 50
"""Of a series, the last ones."""


class Reports(QObject):
    """Opens reports beside the films, and closes them when patients are to be hidden."""

    def __init__(self, window: QWidget, loader: Loader, studies: StudyTree, say: Callable[[str], None]) -> None:
        super().__init__(window)
        self._window, self._loader, self._studies, self._say = window, loader, studies, say

    def open(self, patient: Patient, study: Study, series: Series) -> None:
        """Show what can be read of a series, and say why something cannot be."""
        if self._studies.texts.hide_patient:
            self._say(self.tr("Patients are hidden, and a report may name them: show patient text first."))
            return
        files = series.instances[-_MOST_REPORTS:]

        def show(read: tuple[list[SRDocument], list[UnixEdgeError]]) -> None:
            documents, failed = read
            if failed:
                self._say(shown(tell(failed[-1])))
            if documents and not self._studies.texts.hide_patient:
                self.close()
                ReportDialog(documents, self._studies.describe(patient, study), self._window).show()

        self._loader.ask(lambda should_stop: _read(files, should_stop), show, self._say)

    def close(self) -> None:
        """Show none any more."""
        for each in self._window.findChildren(ReportDialog):
            each.close()


def _read(files: Sequence[Instance], should_stop: Callable[[], bool]) -> tuple[list[SRDocument], list[UnixEdgeError]]:
    """Read files; those that cannot be read cost the others nothing."""
    documents: list[SRDocument] = []
    failed: list[UnixEdgeError] = []
    for each in files:
        if should_stop():
            raise StoppedError
        try:
            documents.append(_read_one(each.present()))
        except (ImageError, StructuredReportError) as error:
            failed.append(error)
    return documents, failed


def _read_one(file: Instance) -> SRDocument:
    if file.state() is not FileState.PRESENT:
        raise StructuredReportError(Sentence("its file is gone or has changed since it was listed"), "read")
    try:
        return read_sr_file(find_again(file.path, file.member))
    except OSError:
        raise StructuredReportError(Sentence("its file cannot be opened"), "read") from None
