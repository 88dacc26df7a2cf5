"""The AI panel in the window: which film it follows, what the list says of drafts, and how what it made leaves."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow, QWidget

from ..assistant.assistant_dock import AssistantDock
from ..assistant.generation_panel import Made
from ..assistant.seen_dialog import SeenDialog
from ..canvas.canvas import Canvas
from ..canvas.canvas_grid import CanvasGrid
from ..drafts.draft import Draft
from ..drafts.drafting import Film
from ..drafts.model_image import as_loaded
from ..drafts.values import State
from ..image.images import from_gray
from ..output.report_exports import ReportExports
from ..reading.hanging import Desk
from ..reading.library import Library
from ..reading.study_rows import DraftState
from ..reading.study_tree import StudyTree
from ..storage.settings import Settings
from ..studies.studies import Patient
from ..toolkit.background import Job
from .status_bar import JobPlace, StatusBar


class Assistance(QObject):
    """Joins the panel with the views, the list and what leaves."""

    def __init__(
        self,
        window: QMainWindow,
        grid: CanvasGrid,
        desk: Desk,
        library: Library,
        studies: StudyTree,
        folder: Path,
        settings: Settings,
        status: StatusBar,
        say: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._grid, self._desk = window, grid, desk
        self._library, self._studies, self._say = library, studies, say
        self.dock = AssistantDock(folder, settings, window)
        self.exports = ReportExports(window)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self._runs: dict[QWidget, JobPlace] = {}
        """Where in the status bar a run is shown that its page of the panel does not show."""
        for page, stop in (
            (self.dock.report, self.dock.stop_report),
            (self.dock.generation, self.dock.generation.stop_run),
        ):
            self._runs[page] = status.add_job("", "")
            self._runs[page].stopped.connect(stop)
        self.dock.runs_changed.connect(self._show_runs)
        self.dock.status.connect(say)
        self.exports.status.connect(say)
        self.dock.states_changed.connect(self._show_states)
        self.dock.film_wanted.connect(self.show_film)
        self.dock.leave_wanted.connect(self._leave)
        self.dock.picture_wanted.connect(self._show_picture)
        self.dock.save_wanted.connect(lambda made: self.exports.save_picture(made.picture))
        grid.active_changed.connect(lambda canvas: self.dock.follow(canvas.image))
        desk.shown_changed.connect(self._on_shown)

    def export_log(self) -> None:
        """Ask where the log of drafts is to be, and write it."""
        self.exports.ask_for_log(self.dock.drafts)

    def show_film(self, film: Film) -> None:
        """Show the film again that a draft is about."""
        shown = [each for each in self._grid.shown if each.image is not None and Film(each.image).key == film.key]
        if shown:
            self._grid.activate(shown[0])
            return
        header = film.image.header
        study = str(header.get("StudyInstanceUID") or "")

        def answer(patients: tuple[Patient, ...]) -> None:
            for patient in patients:
                for its in patient.studies:
                    instances = [each for series in its.series for each in series.instances]
                    found = next((each for each in instances if each.sop_uid == film.image.uid), None)
                    if found is not None:
                        self._desk.open_study(patient, its, found)
                        return
            self._say(self.tr("The film of this report is not in the list of studies; open its file."))

        self._library.with_studies([study], answer)

    def close(self) -> str:
        """End the model, and write what is left; return why drafts are lost, else nothing."""
        self.exports.close()
        return self.dock.close_all()

    def _show_runs(self) -> None:
        """Show in the status bar what the model is at, unless the panel shows it."""
        drafting, generation = self.dock.drafting, self.dock.generation
        bar = generation.progress
        for page, is_busy, what, done, total in (
            (self.dock.report, drafting.is_busy, self.tr("Writing the report"), 0, 0),
            (generation, generation.is_running, self.tr("Making the picture"), bar.value(), bar.maximum()),
        ):
            place = self._runs[page]
            if is_busy and not page.isVisible():
                place.call(what)
                said = self.tr("{0} of {1} steps").replace("{0}", str(done)).replace("{1}", str(total))
                place.show_progress(done, total, said)
            else:
                place.hide()

    def _on_shown(self, canvas: Canvas) -> None:
        if canvas is self._grid.active:
            self.dock.follow(canvas.image)

    def _show_states(self, states: Mapping[str, Mapping[State, int]]) -> None:
        self._studies.set_draft_states({study: _summarise(counts) for study, counts in states.items()})

    def _leave(self, how: str, draft: Draft | None, film: Film) -> None:
        if how != "seen":
            assert draft is not None
            self.exports.leave(how, draft, film)
            return
        job = Job(lambda progress, should_stop: as_loaded(film.image), self)

        def show(loaded: object) -> None:
            dialog = SeenDialog(loaded, self._window)  # type: ignore[arg-type]
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()
            job.deleteLater()

        job.done.connect(show)
        job.failed.connect(self._say)
        job.start()

    def _show_picture(self, made: Made) -> None:
        """Show a picture in the active view, as an image of nobody."""
        canvas = self._grid.active
        self._desk.close_image(canvas)
        gray = np.asarray(Image.fromarray(made.picture.pixels).convert("L"))
        name = f"synthetic {made.settings.seed}"
        sha256 = hashlib.sha256(gray.tobytes()).hexdigest()
        canvas.set_image(replace(from_gray(gray, synthetic=True), name=name, sha256=sha256))
        self.dock.follow(canvas.image)


def _summarise(counts: Mapping[State, int]) -> DraftState:
    """Return what is said of a study: the state of whatever is least done."""
    if counts.get(State.DRAFTED) or counts.get(State.EDITED):
        return DraftState.DRAFTED
    return DraftState.SIGNED if counts.get(State.SIGNED) else DraftState.REJECTED
