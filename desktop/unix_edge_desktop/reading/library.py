"""The index as the window uses it: asked without waiting, filled in the background, searched again as it grows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from unix_edge.errors import IndexUnavailableError
from unix_edge.leftovers import TemporaryFolder
from unix_edge.sentences import Sentence

from ..studies.index import MOST_STUDIES, IndexThread, StudyIndex
from ..studies.indexing import IndexProgress, index_files
from ..studies.opening import shown
from ..studies.studies import Instance, Order, Patient, Study
from ..toolkit.background import Job, Progress, ShouldStop, bring, in_window
from ..toolkit.dates import search_dates
from ..toolkit.sentences import translate_sentence

REFRESH_EVERY = 1000
"""Milliseconds between two looks at an index that grows."""
_NEWER = Sentence(
    "A newer version of this program wrote the index of studies. It was left as it is; what is opened, measured "
    "or marked now is forgotten when the program ends."
)
_FORGOTTEN = Sentence("What is opened, measured or marked now is forgotten when the program ends.")
_T = TypeVar("_T")


class Library(QObject):
    """The studies that are known, and those that are being opened.

    Signals:
        studies_found: What a search found, a tuple of `Patient`, how many studies there are of it, and the search.
        study_ready: The `Patient`, the first `Study` of what is being opened, the `Instance` if that is its file, and
            whether just that was asked for: files were, a folder is looked through.
        failures_found: `Failure`s, a tuple.
        began: The `Job` that opens files, and what they are; it tells of files done, and how many there are.
        grew: There may be more in the index of what is shown than when it was opened.
        noticed: A sentence for the status bar.
    """

    studies_found = Signal(object, int, str)
    study_ready = Signal(object, object, object, bool)
    failures_found = Signal(object)
    began = Signal(object, str)
    grew = Signal()
    noticed = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None, *, is_ours: bool = True) -> None:
        super().__init__(parent)
        self.search = ""
        self.order = Order.NEWEST
        self._limit = MOST_STUDIES
        self._temporary: TemporaryFolder | None = None
        self._notice: Sentence | None = None
        try:
            self._index = _open_index(folder, is_ours=is_ours)
            self._notice = self._index.notice
            if self._index.read_only:  # files are to be opened all the same
                self._notice = _NEWER
                self._index.close()
            usable = not self._index.read_only
        except IndexUnavailableError as error:
            self._notice, usable = Sentence("{0} {1}", error.sentence, _FORGOTTEN), False
        if not usable:
            self._temporary = TemporaryFolder()
            folder = self._temporary.path
            self._index = IndexThread(folder)
        self.folder = folder
        """Where the index is, and whatever else belongs to it: for as long as the program runs, if it is not ours."""
        self._jobs: dict[Job, tuple[Path, ...]] = {}
        """What opens files, and which."""
        self._unshown: dict[Job, bool] = {}
        """What is to be said to be ready, and whether it was asked for whatever it is."""
        self._asked = 0
        self._closed = False
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_EVERY)
        self._refresh.timeout.connect(self.look)
        self._refresh.timeout.connect(self.grew)

    @property
    def is_busy(self) -> bool:
        """Whether anything is being opened or asked."""
        return bool(self._jobs or self._asked)

    def start(self) -> None:
        """Look into the index, and go on with what was being opened when the app died."""
        if self._notice:
            self.noticed.emit(translate_sentence(self._notice))
        self.look()
        self._ask(lambda index: index.unfinished(), self._go_on)

    def set_search(self, text: str) -> None:
        """Search for something else."""
        self.search, self._limit = text, MOST_STUDIES
        self.look()

    def set_order(self, order: Order) -> None:
        """List in another order, from its beginning."""
        self.order, self._limit = order, MOST_STUDIES
        self.look()

    def look_further(self) -> None:
        """Find more of the same."""
        self._limit += MOST_STUDIES
        self.look()

    def look(self) -> None:
        """Search again."""
        text, order, limit = self.search, self.order, self._limit
        wanted = search_dates(text)

        def answer(found: tuple[tuple[Patient, ...], int]) -> None:
            if (text, order, limit) == (self.search, self.order, self._limit):
                self.studies_found.emit(*found, text)

        self._ask(lambda index: (index.patients(wanted, limit, order), index.count(wanted)), answer)

    def with_studies(self, uids: Sequence[str], use: Callable[[tuple[Patient, ...]], object]) -> None:
        """Call a function with the patients of some studies, and of their studies with these alone."""
        self._ask(lambda index: index.studies(uids), use)

    def with_patient(self, patient: Patient, use: Callable[[tuple[Patient, ...]], object]) -> None:
        """Call a function with a patient and all studies of that patient, whatever is searched for."""
        self._ask(lambda index: index.studies_of(patient), use)

    def remove(self, patient: Patient, study: Study) -> None:
        """Take a study's links out of the index; no file is touched."""

        def removed(count: int) -> None:
            text = self.tr("Links removed: {0}. No file was touched.")
            self.noticed.emit(text.replace("{0}", str(count)))
            self.look()

        self._ask(lambda index: index.remove_study(patient, study), removed)

    def open(self, paths: Sequence[Path], *, show: bool = True, asked: bool = False) -> None:
        """Add files and folders; with `show` the first study of them is said to be ready.

        With `asked` a folder, too, is what the reader wants to see, as the sample study.
        """
        if not paths:
            return

        def work(progress: Progress, should_stop: ShouldStop) -> None:
            for each in index_files(self._index, paths, should_stop):
                progress(each.done, each.total or 0)
                went_on(job, each)

        went_on = in_window(self, self._on_progressed)
        job = Job(work, self)
        self._jobs[job] = tuple(paths)
        if show:
            self._unshown[job] = asked
        job.done.connect(lambda _: self._on_ended(job))
        job.failed.connect(lambda said: self._on_ended(job, said))
        self.began.emit(job, _name(paths))
        job.start()

    def show_nothing(self, *_: object) -> None:
        """Say of nothing that is being opened that it is ready: the reader has chosen what to look at."""
        self._unshown.clear()

    def stop(self) -> None:
        """End what is being opened; what was added stays."""
        for job in self._jobs:
            job.stop()

    def close(self) -> None:
        """End the threads."""
        self._closed = True
        self.stop()
        for job in self._jobs:
            job.wait()
        self._index.close()
        if self._temporary is not None:
            self._temporary.close()

    def _go_on(self, paths: tuple[Path, ...]) -> None:
        if paths:
            self.noticed.emit(self.tr("Going on with what was being opened when the app ended."))
            self.open(paths, show=False)

    def _on_progressed(self, job: Job, progress: IndexProgress) -> None:
        if progress.failures:
            self.failures_found.emit(progress.failures)
        if not self._refresh.isActive():
            self._refresh.start()
        if job in self._unshown and progress.done:
            self._show(job, self._jobs[job])

    def _show(self, job: Job, paths: Sequence[Path]) -> None:
        """Say that a study is ready, as soon as there is one."""

        def question(index: StudyIndex) -> tuple[tuple[Patient, Study, Instance | None] | None, bool]:
            found = next(filter(None, (index.study_of(each.resolve()) for each in paths)), None)
            return found, not any(each.is_dir() for each in paths)

        def answer(said: tuple[tuple[Patient, Study, Instance | None] | None, bool]) -> None:
            found, of_files = said
            if found is not None and job in self._unshown:
                asked = self._unshown.pop(job)
                self.study_ready.emit(*found, asked or of_files)

        self._ask(question, answer)

    def _on_ended(self, job: Job, failed: str = "") -> None:
        del self._jobs[job]
        if failed:
            self.noticed.emit(failed)
        self._refresh.stop()
        self.look()
        self.grew.emit()
        job.deleteLater()

    def _ask(self, question: Callable[[StudyIndex], _T], answer: Callable[[_T], object]) -> None:
        """Ask the index's thread; the answer is taken in this one. Nothing is asked of an index that is closed."""
        if self._closed:
            return
        self._asked += 1

        def take(found: _T) -> None:
            self._asked -= 1
            if not self._closed:
                answer(found)

        def fail(said: str) -> None:
            self._asked -= 1
            if not self._closed:
                self.noticed.emit(said)

        bring(self._index.ask(question), self, take, fail)


def _name(paths: Sequence[Path]) -> str:
    """Return what is said of paths while they are opened."""
    first = shown(paths[0].name or str(paths[0]))
    return first if len(paths) == 1 else f"{first} +{len(paths) - 1}"


def _open_index(folder: Path, *, is_ours: bool) -> IndexThread:
    """Open the index of a folder that is this process's.

    Raises:
        IndexUnavailableError: Another process has the folder or the index, or it cannot be used.
    """
    if not is_ours:
        raise IndexUnavailableError(folder, Sentence("another window of this program has it open"))
    return IndexThread(folder)
