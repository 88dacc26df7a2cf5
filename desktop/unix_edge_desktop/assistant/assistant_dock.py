"""The AI panel beside the films: the report of one, and pictures from words; floatable, as for a second monitor."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QScrollArea, QTabWidget, QWidget

from unix_edge.domain import COMPUTED_PHANTOMS, OUT_OF_DOMAIN
from unix_edge.errors import UnixEdgeError
from unix_edge.report import ReportSettings
from unix_edge.sentences import Sentence
from unix_edge.text import REPORT_PROMPT
from unix_edge.worker import messages

from ..drafts.draft import Draft
from ..drafts.draft_text import Change, Operation
from ..drafts.drafting import Drafting, Film, Task
from ..drafts.model_image import as_loaded
from ..drafts.store import DraftStore
from ..drafts.store_thread import DraftThread
from ..drafts.values import KeptDraft, Reason, State
from ..image.images import ViewImage
from ..storage.settings import Settings, measured_name
from ..toolkit.background import bring, in_window
from ..toolkit.sentences import tell, translate_sentence
from .generation_panel import GenerationPanel
from .model import Model
from .model_card import ModelCardDialog
from .report_panel import ReportPanel

WIDTH = 440
"""Pixels at 100 %."""
WARM_UP_AFTER = 500
"""Milliseconds after a film was shown: the film comes first."""


class AssistantDock(QDockWidget):
    """The panel, its model and its drafts.

    Signals:
        status: A sentence for the window's status bar.
        runs_changed: A run may have begun, gone on or ended, or be seen in the panel or no longer.
        states_changed: What became of the drafts of each study: its UID and a `State`.
        film_wanted: A `Film` is to be shown again.
        leave_wanted: How a report leaves, its `Draft` and its `Film`.
        picture_wanted: A picture (`Made`) is to be shown in the view.
        save_wanted: A picture (`Made`) is to be saved.
        measured: How many seconds a report or a picture took, by `measured_name`.
    """

    status = Signal(str)
    runs_changed = Signal()
    states_changed = Signal(object)
    film_wanted = Signal(object)
    leave_wanted = Signal(str, object, object)
    picture_wanted = Signal(object)
    save_wanted = Signal(object)
    measured = Signal(str, float)

    def __init__(self, folder: Path, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("AI report"))
        self.setObjectName("assistant")
        self._engines, self._device = settings.engines, settings.device
        self._asked: set[tuple[str, int, str]] = set()
        """Films whose kept drafts were looked for."""
        self.model = Model(self)
        self.drafts = DraftThread(folder, in_window(self, self._on_trouble))
        self.drafting = Drafting(
            self.drafts, self.model.process, self._on_draft_shown, self._on_changes, self._on_state
        )
        self.report = ReportPanel(self.drafting)
        self.generation = GenerationPanel(self.model)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(_scrolled(self.report), self.tr("Report"))
        self.tabs.addTab(_scrolled(self.generation), self.tr("Generate"))
        self.setWidget(self.tabs)
        self._warm_up = QTimer(self, singleShot=True, interval=WARM_UP_AFTER)
        self._warm_up.timeout.connect(self.warm_up)
        self._connect()
        if self.drafts.notice is not None:
            self.report.notice = translate_sentence(self.drafts.notice)
        self._on_model()
        self.look_at_states()

    # What the window tells

    def follow(self, image: ViewImage | None) -> None:
        """Note which image the active view shows."""
        film = None if image is None else Film(image)
        self.drafting.show_film(film)
        if film is not None:
            self._take_up(film)
            if self.isVisible() and not self.model.is_wanted:
                self._warm_up.start()

    def set_hide_patient(self, on: bool) -> None:
        """Leave out all that tells who it is, or write it."""
        self.report.hides_patient = on
        self.report.show_state()

    def use(self, settings: Settings) -> None:
        """Use the bundle and the device that a person chose."""
        if (settings.engines, settings.device) != (self._engines, self._device):
            self._engines, self._device = settings.engines, settings.device
            self.model.open(self._engines, self._device)

    def warm_up(self) -> None:
        """Open the model, if it is not open."""
        if not self.model.is_wanted and self.model.failure is None:
            self.model.open(self._engines, self._device)

    # What a person asks for

    def draft(self, *, confirmed: bool = False) -> None:
        """Draft a report of the film in the view."""
        self.show()
        self.raise_()
        self.tabs.setCurrentIndex(0)
        if self.drafting.film is None:
            self.status.emit(self.tr("There is no image in this view."))
            return
        self._begin(Task.REPORT, confirmed=confirmed)

    def write_impression(self) -> None:
        """Write the impression of the findings as they stand."""
        self._begin(Task.IMPRESSION)

    def write_sentence(self) -> None:
        """Write one more sentence of the findings."""
        self._begin(Task.SENTENCE)

    def go_to_generation(self) -> None:
        """Let a person say what a picture should show."""
        self.show()
        self.raise_()
        self.tabs.setCurrentIndex(1)
        self.activateWindow()
        self.generation.prompt.setFocus()

    def show_card(self) -> None:
        """Show what is to be known of the model."""
        dialog = ModelCardDialog(self.model.ready.engines if self.model.ready else self._engines, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def stop(self) -> None:
        """End what the model is at; what it wrote stays."""
        self.stop_report()
        self.generation.stop_run()

    def stop_report(self) -> None:
        """End what writes a report; a picture goes on."""
        if self.drafting.is_busy:
            self.drafting.stop()

    def go_to_text(self) -> None:
        """Give the panel the focus, where its caret was."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.report.focus_text()

    def close_all(self) -> str:
        """End the model and write what is left; return why drafts could not be written, else nothing."""
        self._warm_up.stop()
        self.model.close()
        problem = self.drafts.close()
        return "" if problem is None else translate_sentence(problem)

    def look_at_states(self) -> None:
        """Tell anew what became of the drafts of each study."""
        bring(self.drafts.ask(lambda store: store.states()), self, self._tell_states)

    # What is heard of others

    def _connect(self) -> None:
        self.model.said.connect(self._on_said)
        self.model.changed.connect(self._on_model)
        self.report.draft_wanted.connect(lambda confirmed: self.draft(confirmed=confirmed))
        self.report.task_wanted.connect(self._begin)
        self.report.stop_wanted.connect(self.stop_report)
        self.report.film_wanted.connect(self._turn)
        self.report.back_wanted.connect(lambda: self.film_wanted.emit(self.drafting.about))
        self.report.sign_wanted.connect(self._sign)
        self.report.reject_wanted.connect(self._reject)
        self.report.leave_wanted.connect(self._leave)
        self.generation.status.connect(self.status)
        self.generation.state_shown.connect(self.runs_changed)
        self.tabs.currentChanged.connect(lambda _: self.runs_changed.emit())
        # Its pages are hidden only after it.
        self.visibilityChanged.connect(self.runs_changed, Qt.ConnectionType.QueuedConnection)
        self.generation.picture_wanted.connect(self.picture_wanted)
        self.generation.save_wanted.connect(self.save_wanted)
        self.generation.words_wanted.connect(self._give_words)

    def _begin(self, task: Task, *, confirmed: bool = False) -> None:
        if self.model.failure is not None and not self.model.is_wanted:
            self.model.open(self._engines, self._device)
        self.warm_up()
        settings = ReportSettings(prompt=self.report.prompt or REPORT_PROMPT)
        self.drafting.begin(settings, task, assume_frontal_chest=confirmed)

    def _turn(self) -> None:
        self.drafting.turn_to_film()
        if self.drafting.film is not None:
            self._take_up(self.drafting.film)

    def _take_up(self, film: Film) -> None:
        """Look for what is kept of a film's report, once."""
        if film.key in self._asked:
            return
        self._asked.add(film.key)

        def ask(store: DraftStore) -> tuple[KeptDraft, Sequence[Operation]] | None:
            newest = next((each for each in store.versions(film.image.uid) if self._is_of(each, film)), None)
            return None if newest is None else (newest, store.operations(newest.run))

        def answer(found: tuple[KeptDraft, Sequence[Operation]] | None) -> None:
            if found is not None:
                self.drafting.take_up(Draft.reopen(self.drafts, *found), film)

        bring(self.drafts.ask(ask), self, answer, self.status.emit)

    @staticmethod
    def _is_of(kept: KeptDraft, film: Film) -> bool:
        """Return whether a draft is of these very pixels; runs in the drafts' thread."""
        return film.identify(as_loaded(film.image)).gray_sha256 == kept.image.gray_sha256

    def _sign(self, name: str) -> None:
        draft = self.drafting.draft
        if draft is None or self.drafting.is_elsewhere:
            return
        try:
            self._close_draft(draft.sign(name), self.tr("Signed. The report was not verified by the program."))
        except UnixEdgeError as error:
            self.status.emit(tell(error))

    def _reject(self, reason: Reason) -> None:
        draft = self.drafting.draft
        if draft is None or self.drafting.is_elsewhere:
            return
        try:
            self._close_draft(draft.reject(reason), self.tr("Rejected; it stays in the log."))
        except UnixEdgeError as error:
            self.status.emit(tell(error))

    def _close_draft(self, future: "Future[None]", said: str) -> None:
        def done(_: None) -> None:
            self.status.emit(said)
            self.look_at_states()

        bring(future, self, done, self.status.emit)
        self.report.show_state()

    def _leave(self, how: str) -> None:
        if self.drafting.draft is not None:
            self.leave_wanted.emit(how, self.drafting.draft, self.drafting.about)
        elif how == "seen" and self.drafting.film is not None:
            self.leave_wanted.emit(how, None, self.drafting.film)

    def _give_words(self) -> None:
        """Let the prompt be what the report says."""
        self.generation.set_prompt(self.report.words())

    def _on_said(self, event: messages.Event) -> None:
        self.drafting.take(event)
        self.generation.take(event)
        ready = self.model.ready
        if ready is not None and isinstance(event, (messages.Drafted, messages.Picture)):
            what = "report" if isinstance(event, messages.Drafted) else "picture"
            name = measured_name(what, ready.checkpoint_sha256, ready.precision, ready.device)
            self.measured.emit(name, event.seconds)
        if isinstance(event, messages.Drafted):
            self.look_at_states()
        self.runs_changed.emit()

    def _on_model(self) -> None:
        self.report.model.setText(self._describe_model())
        self.generation.show_state()

    def _describe_model(self) -> str:
        model = self.model
        if model.failure is not None:
            return translate_sentence(model.failure.sentence)
        if model.loading is not None:
            share = f"{model.loading.stage}/{model.loading.stages}"
            return self.tr("Opening the model ({0})...").replace("{0}", share)
        if model.ready is None:
            return self.tr("The model is opened when a film is shown.")
        ready = model.ready
        words = [f"{ready.checkpoint}, {ready.precision}, {ready.device}"]
        memory = model.beat.memory if model.beat is not None else ready.memory
        if memory:
            words.append(f"{memory / 2**20:,.0f} MiB")
        if (told := self.drafting.told) is not None:
            speed = self.tr("first word after {0} s, {1} tokens/s")
            words.append(
                speed.replace("{0}", f"{told.seconds_to_first:.2f}").replace("{1}", f"{told.tokens_per_second:.0f}")
            )
        lines = ["  \N{MIDDLE DOT}  ".join(words)]
        if not ready.trained:
            lines.append(self.tr("Random weights: its words mean nothing."))
        film = self.drafting.about
        if ready.trained_on == COMPUTED_PHANTOMS and film is not None and not film.image.phantom:
            lines.append(translate_sentence(OUT_OF_DOMAIN))
        return "\n".join(lines)

    def _on_draft_shown(self) -> None:
        self.report.show_draft()

    def _on_changes(self, changes: Sequence[Change]) -> None:
        self.report.apply(changes)

    def _on_state(self) -> None:
        self.report.show_state()
        self._on_model()
        self.runs_changed.emit()

    def _on_trouble(self, problem: Sentence | None) -> None:
        """Say why drafts are not on disk, until they are."""
        self.report.notice = "" if problem is None else translate_sentence(problem)
        self.report.show_state()

    def _tell_states(self, states: Mapping[str, Mapping[State, int]]) -> None:
        self.states_changed.emit(states)


class _Scrolled(QScrollArea):
    """Scrolls up and down where the window is low, and is never narrower than what it holds."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Return the panel's least width, with room for the bar."""
        least, panel = super().minimumSizeHint(), self.widget()
        width = panel.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width() if panel else 0
        return QSize(max(least.width(), width), least.height())


def _scrolled(panel: QWidget) -> QScrollArea:
    area = _Scrolled()
    area.setWidget(panel)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
