"""The report of a film: its draft as it is written, what to think twice about, and what becomes of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from unix_edge.report import Ended
from unix_edge.text import REPORT_PROMPTS

from ..drafts.draft import Draft
from ..drafts.draft_text import Change, Section
from ..drafts.drafting import Drafting, Film, Task
from ..drafts.flags import Flag, find_flags
from ..drafts.values import Reason, State
from ..studies.opening import shown
from ..toolkit.dates import show_date
from ..toolkit.sentences import translate_sentence
from .difference_view import show_difference
from .section_field import SectionField

_LOOK_AFTER = 30
"""Milliseconds: a model writes faster than anybody reads what is odd about its words."""


class ReportPanel(QWidget):
    """Everything of one report, from top to bottom.

    Signals:
        draft_wanted: A report of the film in the view; whether a person has seen that it is a frontal chest film.
        task_wanted: A `Task` within the draft that is shown.
        stop_wanted: The run is to end; what it wrote stays.
        film_wanted: The panel is to turn to the film in the view.
        back_wanted: The film that the draft is about is to be shown again.
        sign_wanted: By the name that was typed.
        reject_wanted: For a `Reason`.
        leave_wanted: "copy", "text", "sr", "pdf" or "seen": how the report leaves, or what the model saw.
    """

    draft_wanted = Signal(bool)
    task_wanted = Signal(object)
    stop_wanted = Signal()
    film_wanted = Signal()
    back_wanted = Signal()
    sign_wanted = Signal(str)
    reject_wanted = Signal(object)
    leave_wanted = Signal(str)

    def __init__(self, drafting: Drafting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drafting = drafting
        self.hides_patient = False
        self.notice = ""
        """What is wrong with how drafts are kept."""
        self.flags: tuple[Flag, ...] = ()
        self._look = QTimer(self, singleShot=True, interval=_LOOK_AFTER)
        self._look.timeout.connect(self.look_over)
        self._make_head()
        self._make_fields()
        self._make_foot()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(5)
        for each in self._rows:
            if isinstance(each, QWidget):
                column.addWidget(each, 3 if each is self.fields[Section.FINDINGS] else 0)
            else:
                column.addLayout(each)
        column.setStretchFactor(self.fields[Section.IMPRESSION], 2)
        self.show_state()

    @property
    def prompt(self) -> str:
        """What the model is asked."""
        return self.prompts.currentText().strip()

    # What is told

    def show_draft(self) -> None:
        """Show the draft that the panel is about from now on, or none."""
        draft = self._drafting.draft
        for section, field in self.fields.items():
            field.set_text("" if draft is None else draft.text.text(section))
        self._compare()
        self.show_state()

    def apply(self, changes: Sequence[Change]) -> None:
        """Do what changed in the draft that is shown."""
        for change in changes:
            self.fields[change.section].apply(change.edit)
        self._compare()
        if not self._look.isActive():
            self._look.start()

    def look_over(self) -> None:
        """Look for what is to be thought twice about, and show who wrote what."""
        draft = self._drafting.draft
        self.flags = () if draft is None else _look_over(draft, is_running=self._drafting.run is not None)
        for section, field in self.fields.items():
            warned = [
                (each.start, each.end) for each in self.flags if each.section is section and each.end > each.start
            ]
            field.mark(() if draft is None or not draft.text.is_edited else draft.text.ranges(section), warned)
        self.cautions.setText("\n".join(f"\N{WARNING SIGN} {translate_sentence(each.reason)}" for each in self.flags))
        self.cautions.setVisible(bool(self.flags))

    def show_state(self) -> None:
        """Show whom the panel is about, and what can be done now."""
        drafting = self._drafting
        draft, run, film = drafting.draft, drafting.run, drafting.film
        elsewhere, final = drafting.is_elsewhere, draft is not None and draft.state.is_final
        self._show_film(drafting.about)
        self._show_banner(drafting.about, elsewhere=elsewhere)
        self._show_refusal()
        self.draft.setEnabled(film is not None and (run is None or elsewhere))
        self.stop.setEnabled(drafting.is_busy)
        for section, field in self.fields.items():
            field.setReadOnly(draft is None or final or elsewhere)
            field.setEnabled(draft is None or not elsewhere)
            has_words = draft is not None and bool(draft.text.text(section).strip())
            self._tasks[section].setEnabled(not (draft is None or final or elsewhere or run is not None))
            self._has_words[section] = has_words
        knows = draft is None or draft.machine is None or draft.machine.in_domain is not False
        can_close = draft is not None and not final and not elsewhere and run is None
        self.sign.setEnabled(can_close and knows and any(self._has_words.values()) and bool(self.name.text().strip()))
        self.name.setEnabled(can_close and knows)
        self.reject.setEnabled(can_close)
        for button in self._leave:  # pasted into the record of the film in view, it would be another patient's
            button.setEnabled(draft is not None and not elsewhere and run is None and any(self._has_words.values()))
        self.compare.setEnabled(draft is not None and draft.machine is not None and draft.text.is_edited)
        self.state.setText(self._describe())
        self.look_over()

    def words(self) -> str:
        """Return what the report says, its impression where it has one."""
        draft = self._drafting.draft
        if draft is None:
            return ""
        findings, impression = (draft.text.text(section).strip() for section in Section)
        return impression or findings

    def focus_text(self) -> None:
        """Give the field the focus that had it last."""
        self._last.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # What a person does

    def _on_edited(self, section: Section, position: int, removed: int, added: str) -> None:
        self._drafting.edit(section, position, removed, added)
        self._compare()
        self.show_state()

    def _show_beginning(self) -> None:
        field = self.prompts.lineEdit()
        if field is not None:
            field.setCursorPosition(0)

    def _note_focus(self, field: SectionField) -> None:
        self._last = field

    def _turn_back(self, *, redo: bool) -> None:
        draft = self._drafting.draft
        if draft is not None:
            self.apply(draft.redo() if redo else draft.undo())
            self.show_state()

    def _on_sign(self) -> None:
        if self.sign.isEnabled():
            self.sign_wanted.emit(self.name.text())

    # How it is put together

    def _make_head(self) -> None:
        self.patient, self.details = QLabel(), QLabel()
        self.patient.setObjectName("heading")
        self.details.setObjectName("quiet")
        for label in (self.patient, self.details):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.banner = QLabel()
        self.banner.setObjectName("banner")
        self.refusal = QLabel()
        self.refusal.setObjectName("caution")
        self.refusal.setAccessibleName(self.tr("Why nothing was drafted"))
        self.model = QLabel()
        self.model.setObjectName("quiet")
        self.model.setAccessibleName(self.tr("State of the model"))
        for label in (self.banner, self.refusal, self.model):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.back = self._button(self.tr("Show its film"), self.back_wanted.emit)
        self.turn = self._button(self.tr("Turn to this film"), self.film_wanted.emit)
        self.confirm = self._button(self.tr("Frontal chest: draft"), lambda: self.draft_wanted.emit(True))
        self.draft = self._button(self.tr("Draft report"), lambda: self.draft_wanted.emit(False))
        self.draft.setObjectName("primary")
        self.stop = self._button(self.tr("Stop"), self.stop_wanted.emit)
        self.stop.setAccessibleName(self.tr("Stop the model"))
        self.prompts = QComboBox()
        self.prompts.setAccessibleName(self.tr("What the model is asked"))
        self.prompts.setEditable(True)
        self.prompts.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.prompts.addItems(REPORT_PROMPTS)
        self.prompts.currentIndexChanged.connect(lambda _: self._show_beginning())
        self._show_beginning()
        self.prompts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._rows: list[QWidget | QHBoxLayout] = [
            self.patient,
            self.details,
            self.banner,
            self.back,
            self.turn,
            self.model,
            _row(self.draft, self.stop, stretch=True),
            self.prompts,
            self.refusal,
            self.confirm,
        ]

    def _make_fields(self) -> None:
        self.fields = {
            Section.FINDINGS: SectionField(self.tr("Findings")),
            Section.IMPRESSION: SectionField(self.tr("Impression")),
        }
        self._last = self.fields[Section.FINDINGS]
        self._has_words = dict.fromkeys(Section, False)
        self._tasks: dict[Section, QToolButton] = {}
        tasks = {
            Section.FINDINGS: (
                (self.tr("Next sentence"), Task.SENTENCE),
                (self.tr("Findings again"), Task.FINDINGS),
            ),
            Section.IMPRESSION: ((self.tr("From my findings"), Task.IMPRESSION),),
        }
        titles = {Section.FINDINGS: self.tr("FINDINGS"), Section.IMPRESSION: self.tr("IMPRESSION")}
        for section, field in self.fields.items():
            title = QLabel(titles[section])
            title.setObjectName("heading")
            title.setBuddy(field)
            button = self._task_button(tasks[section])
            self._tasks[section] = button
            field.edited.connect(lambda *edit, section=section: self._on_edited(section, *edit))
            field.focused.connect(lambda field=field: self._note_focus(field))
            field.stop_wanted.connect(self.stop_wanted)
            field.entered.connect(lambda: self.name.setFocus(Qt.FocusReason.ShortcutFocusReason))
            field.undo_wanted.connect(lambda: self._turn_back(redo=False))
            field.redo_wanted.connect(lambda: self._turn_back(redo=True))
            field.setMinimumHeight(self.fontMetrics().lineSpacing() * 3)
            self._rows += [_row(title, button, stretch=True), field]

    def _make_foot(self) -> None:
        self.cautions = QLabel()
        self.cautions.setObjectName("caution")
        self.cautions.setAccessibleName(self.tr("What to think twice about"))
        self.difference = QLabel()
        self.difference.setTextFormat(Qt.TextFormat.RichText)
        self.difference.setAccessibleName(self.tr("What was changed"))
        self.state = QLabel()
        self.state.setObjectName("quiet")
        for label in (self.cautions, self.difference, self.state):
            label.setWordWrap(True)
        self.cautions.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.difference.hide()
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Your name, to sign"))
        self.name.setAccessibleName(self.name.placeholderText())
        self.name.textChanged.connect(lambda _: self.show_state())
        self.name.returnPressed.connect(self._on_sign)
        self.sign = self._button(self.tr("Sign"), self._on_sign)
        self.reject = QPushButton(self.tr("Reject"))
        menu = QMenu(self.reject)
        for reason, text in self._reasons().items():
            menu.addAction(text).triggered.connect(lambda _, reason=reason: self.reject_wanted.emit(reason))
        self.reject.setMenu(menu)
        self.copy = self._button(self.tr("Copy"), lambda: self.leave_wanted.emit("copy"))
        self.more = QPushButton(self.tr("More"))
        menu = QMenu(self.more)
        self._leave: list[QPushButton | QAction] = [self.copy]
        for text, how in (
            (self.tr("Save as DICOM SR..."), "sr"),
            (self.tr("Save as PDF..."), "pdf"),
            (self.tr("What the model saw"), "seen"),
        ):
            action = menu.addAction(text)
            action.triggered.connect(lambda _, how=how: self.leave_wanted.emit(how))
            self._leave.append(action)
        self.compare = menu.addAction(self.tr("Show what was changed"))
        self.compare.setCheckable(True)
        self.compare.toggled.connect(lambda _: self._compare())
        self.more.setMenu(menu)
        self._rows += [
            self.cautions,
            self.difference,
            self.state,
            self.name,
            _row(self.sign, self.reject),
            _row(self.copy, self.more),
        ]

    def _button(self, text: str, do: object) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda _: do())  # type: ignore[operator]
        return button

    def _task_button(self, tasks: Sequence[tuple[str, Task]]) -> QToolButton:
        """Return a button for the first task; a menu beside it has the others."""
        button = QToolButton()
        (text, task), *others = tasks
        button.setText(text)
        button.clicked.connect(lambda _: self.task_wanted.emit(task))
        if others:
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
            menu = QMenu(button)
            for other, its in tasks:
                menu.addAction(other).triggered.connect(lambda _, its=its: self.task_wanted.emit(its))
            button.setMenu(menu)
        return button

    def _reasons(self) -> dict[Reason, str]:
        return {
            Reason.INVENTED: self.tr("It states what is not there"),
            Reason.MISSED: self.tr("It misses what is there"),
            Reason.SIDE: self.tr("Wrong side"),
            Reason.PRIOR: self.tr("It compares with what was not seen"),
            Reason.UNUSABLE: self.tr("Unusable text"),
            Reason.NOT_NEEDED: self.tr("Not needed"),
            Reason.OTHER: self.tr("Another reason"),
        }

    # What is shown of it

    def _show_film(self, film: Film | None) -> None:
        if film is None:
            self.patient.setText(self.tr("No film"))
            self.details.setText(self.tr("Open a frontal chest radiograph, then press F2."))
            return
        hidden, details = self.hides_patient, film.details(show_date)
        self.patient.setText(self.tr("Patient hidden") if hidden else shown(film.patient))
        self.details.setText("  ".join(shown(each) for each in details[1 if hidden and len(details) > 1 else 0 :]))

    def _show_banner(self, film: Film | None, *, elsewhere: bool) -> None:
        words = self.notice
        if elsewhere and film is not None:
            told = shown("  ".join((film.patient, *film.details(show_date))))
            whose = self.tr("another film") if self.hides_patient else told
            words = self.tr("This report is about {0}, not about the film in the view.").replace("{0}", whose)
        self.banner.setText(words)
        self.banner.setVisible(bool(words))
        self.back.setVisible(elsewhere)
        self.turn.setVisible(elsewhere and self._drafting.film is not None)

    def _show_refusal(self) -> None:
        refusal = None if self._drafting.is_elsewhere else self._drafting.refusal
        self.refusal.setText("" if refusal is None else shown(translate_sentence(refusal.sentence)))
        self.refusal.setVisible(refusal is not None)
        self.confirm.setVisible(refusal is not None and bool(refusal.doubts))

    def _describe(self) -> str:
        """Return what the draft is, in words."""
        draft, run = self._drafting.draft, self._drafting.run
        if run is not None:
            if run.stopping:
                return self.tr("Stopping...")
            return self.tr("The model reads the film...") if not run.has_begun else self.tr("The model is writing...")
        if draft is None:
            return self.tr("No draft of this film.")
        words = {
            State.DRAFTED: self.tr("AI draft, not verified."),
            State.EDITED: self.tr("AI draft, edited, not verified."),
            State.SIGNED: self.tr("Signed by the name that was typed; not verified."),
            State.REJECTED: self.tr("Rejected."),
        }
        return words[draft.state]

    def _compare(self) -> None:
        draft = self._drafting.draft
        shows = self.compare.isChecked() and draft is not None and draft.machine is not None
        if shows and draft is not None and draft.machine is not None:
            pairs = (
                (draft.machine.findings, draft.text.text(Section.FINDINGS)),
                (draft.machine.impression, draft.text.text(Section.IMPRESSION)),
            )
            self.difference.setText("<br>".join(show_difference(*pair) for pair in pairs))
        self.difference.setVisible(shows)


def _look_over(draft: Draft, *, is_running: bool) -> tuple[Flag, ...]:
    """Return what is odd about a draft; while it is written, that it is cut is not odd."""
    machine = draft.machine
    ended = Ended.FINISHED if is_running else None if machine is None else machine.ended
    findings, impression = (draft.text.text(section) for section in Section)
    return tuple(find_flags(findings, impression, ended, None if machine is None else machine.in_domain))


def _row(*widgets: QWidget, stretch: bool = False) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    for at, each in enumerate(widgets):
        row.addWidget(each)
        if stretch and at == len(widgets) - 2:
            row.addStretch(1)
    return row
