"""Pictures from words: a prompt, how it is drawn, the picture as it comes, and those that were made, side by side."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from unix_edge.errors import SettingsError
from unix_edge.findings import find_labels
from unix_edge.generate import GenerationSettings, SyntheticImage
from unix_edge.image import LoadedRadiograph
from unix_edge.prompts import NOT_UNDERSTOOD, names_something_of_a_chest
from unix_edge.results.marking import MARK
from unix_edge.sampler import Quality
from unix_edge.worker import messages

from ..toolkit.sentences import tell, translate_sentence
from .model import Model

PRESETS = (
    "Clear lungs. Normal heart size.",
    "Moderate left pleural effusion. Moderate cardiomegaly.",
    "Large right pneumothorax.",
    "Consolidation in the right middle zone.",
)
_LARGEST_SEED = 2**31 - 1
_ICON = 112
"""Pixels of a picture in the gallery, at 100 %."""


@dataclass(eq=False, slots=True)
class Made:
    """A picture of the gallery."""

    prompt: str
    settings: GenerationSettings
    picture: SyntheticImage
    read: str = ""
    """What the model wrote of it, when it was read back."""
    is_bad: bool = False
    """Whether a person said that it cannot be used."""
    item: QListWidgetItem | None = field(default=None, repr=False)


class PromptField(QPlainTextEdit):
    """A field that wants no more room than a few lines.

    Signals:
        entered: Ctrl+Enter: what it says is to be drawn.
    """

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Take Ctrl+Enter; everything else is text."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Return a few lines' size."""
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * 4)


class GenerationPanel(QWidget):
    """Everything of generation, from top to bottom.

    Signals:
        state_shown: A run may have begun or ended.
        status: A sentence for the window's status bar.
        words_wanted: The prompt is to be what the report says.
        picture_wanted: A `Made` is to be shown in a view.
        save_wanted: A `Made` is to be saved.
    """

    state_shown = Signal()
    status = Signal(str)
    words_wanted = Signal()
    picture_wanted = Signal(object)
    save_wanted = Signal(object)

    def __init__(self, model: Model, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._run: int | None = None
        self._reads: dict[int, Made] = {}
        self._asked: tuple[str, GenerationSettings] = ("", GenerationSettings())
        self.made: list[Made] = []
        self._make_question()
        self._make_answer()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(5)
        caution = QLabel(self.tr("Pictures are synthetic and of nobody; every copy that leaves is marked so."))
        caution.setObjectName("caution")
        caution.setWordWrap(True)
        column.addWidget(caution)
        column.addWidget(self.prompt, 1)
        column.addWidget(self.presets)
        column.addWidget(self.from_report)
        column.addLayout(self._form)
        column.addLayout(_row(self.generate, self.stop))
        column.addWidget(self.warning)
        column.addLayout(_row(self.progress, self.left))
        column.addWidget(self.preview)
        column.addWidget(self.gallery, 2)
        column.addWidget(self.told)
        column.addLayout(_row(*self._of_picture[:2]))
        column.addLayout(_row(*self._of_picture[2:]))
        self.show_state()

    # What is told

    def set_prompt(self, words: str) -> None:
        """Let the prompt be these words."""
        if words.strip():
            self.prompt.setPlainText(words.strip())
        else:
            self.status.emit(self.tr("There is no report that a picture could be made of."))

    def take(self, event: messages.Event) -> None:
        """Take an event of a run of this panel."""
        run = getattr(event, "run", None)
        if run in self._reads:
            self._take_reading(event, self._reads[run])
        if run != self._run or run is None:
            return
        match event:
            case messages.Step():
                self.progress.setRange(0, event.steps)
                self.progress.setValue(event.step)
                self.left.setText(self.tr("{0} s left").replace("{0}", f"{event.seconds_left:.0f}"))
                if event.preview is not None:
                    self._show(event.preview)
            case messages.Picture():
                self._add(Made(*self._asked, event.picture))
                self._end("")
            case messages.Stopped():
                self._end(self.tr("Stopped; no picture was made."))
            case messages.Failed():
                said = translate_sentence(event.sentence)
                if event.smaller is not None:
                    self.side.setCurrentIndex(max(0, self.side.findData(event.smaller)))
                    smaller = self.tr("A smaller size was chosen; try again.")
                    said = f"{said} {smaller}"
                self._end(said)

    def show_state(self) -> None:
        """Show what can be done now."""
        ready, running = self._model.ready, self._run is not None
        if ready is not None and self.side.property("of") != ready.checkpoint_sha256:
            self._offer_sizes(ready)
        self.generate.setEnabled(not running)
        self.stop.setEnabled(running)
        self.progress.setVisible(running)
        self.left.setVisible(running)
        chosen = self._chosen()
        for button in self._of_picture:
            button.setEnabled(chosen is not None)
        understood = not self.prompt.toPlainText().strip() or names_something_of_a_chest(self.prompt.toPlainText())
        self.warning.setText("" if understood else translate_sentence(NOT_UNDERSTOOD))
        self.warning.setVisible(not understood)
        self.state_shown.emit()

    @property
    def is_running(self) -> bool:
        """Whether a picture is made."""
        return self._run is not None

    def stop_run(self) -> None:
        """End the run that makes a picture."""
        for run in (self._run, *self._reads):
            if run is not None:
                self._model.process.stop(run)

    # What a person does

    def begin(self) -> None:
        """Make a picture of the prompt."""
        prompt = " ".join(self.prompt.toPlainText().split())
        size = self.side.currentData()
        try:
            settings = GenerationSettings.of_quality(
                Quality(self.quality.currentData()),
                size=size,
                guidance=self.guidance.value(),
                seed=self.seed.value(),
            )
        except SettingsError as error:
            self.status.emit(tell(error))
            return
        if not prompt:
            self.status.emit(self.tr("Write what the picture should show."))
            return
        if not self._model.is_wanted:
            self._model.open()
        self._asked = (prompt, settings)
        self._run = self._model.process.generate(prompt, settings)
        self.progress.setRange(0, 0)
        self.left.setText("")
        self.show_state()

    def read_back(self) -> None:
        """Let the model draft a report of the chosen picture, and compare the findings with the prompt's."""
        if (made := self._chosen()) is not None:
            gray = Image.fromarray(made.picture.pixels).convert("L")
            self._reads[self._model.process.draft(LoadedRadiograph(gray))] = made
            made.read = ""
            self._tell(made, self.tr("Reading it back..."))

    def _enter(self) -> None:
        if self._run is None:
            self.begin()

    def _mark_bad(self, on: bool) -> None:
        if (made := self._chosen()) is not None:
            made.is_bad = on
            self._label(made)

    def _take_reading(self, event: messages.Event, made: Made) -> None:
        match event:
            case messages.Drafted():
                made.read = event.report.text
                self._tell(made, self._compare(made))
            case messages.Stopped():
                self._tell(made, self.tr("Stopped."))
            case messages.Failed():
                self._tell(made, translate_sentence(event.sentence))
            case _:
                return
        del self._reads[event.run]  # type: ignore[arg-type]

    def _compare(self, made: Made) -> str:
        """Return what prompt and reading agree on, and what only one of them says."""
        asked, read = find_labels(made.prompt), find_labels(made.read)
        lines = [made.read.strip()]
        for title, labels in (
            (self.tr("Both say: {0}"), asked.keys() & read.keys()),
            (self.tr("Only the prompt says: {0}"), asked.keys() - read.keys()),
            (self.tr("Only the reading says: {0}"), read.keys() - asked.keys()),
        ):
            if labels:
                lines.append(title.replace("{0}", ", ".join(sorted(labels))))
        return "\n".join(lines)

    # How it is put together

    def _make_question(self) -> None:
        self.prompt = PromptField()
        self.prompt.setAccessibleName(self.tr("What the picture should show"))
        self.prompt.setPlaceholderText(self.tr("What the picture should show, in a report's words, in English"))
        self.prompt.setTabChangesFocus(True)
        self.prompt.setMinimumHeight(self.fontMetrics().lineSpacing() * 3)
        self.prompt.setMaximumHeight(self.fontMetrics().lineSpacing() * 8)
        self.prompt.textChanged.connect(self.show_state)
        self.prompt.entered.connect(self._enter)
        self.presets = QComboBox()
        self.presets.setAccessibleName(self.tr("Usual prompts"))
        self.presets.addItems([self.tr("Usual prompts"), *PRESETS])
        self.presets.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.presets.setMinimumContentsLength(12)
        self.presets.activated.connect(lambda at: self.set_prompt(PRESETS[at - 1]) if at else None)
        self.from_report = QPushButton(self.tr("From the report"))
        self.from_report.clicked.connect(lambda _: self.words_wanted.emit())
        self.seed = QSpinBox()
        self.seed.setRange(0, _LARGEST_SEED)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.keep_seed = QCheckBox(self.tr("Keep it"))
        self.side = QComboBox()
        self.side.setAccessibleName(self.tr("Size"))
        self.side.addItem(self.tr("Largest"), None)
        self.guidance = QDoubleSpinBox()
        self.guidance.setRange(1.0, 20.0)
        self.guidance.setSingleStep(0.5)
        self.guidance.setValue(GenerationSettings().guidance)
        self.guidance.setAccessibleName(self.tr("Guidance"))
        self.quality = QComboBox()
        self.quality.setAccessibleName(self.tr("Quality"))
        for name, text in (
            (Quality.PUBLISHED, self.tr("As published, 49 steps")),
            (Quality.BALANCED, self.tr("Balanced, 19 steps")),
            (Quality.FAST, self.tr("Fast, 11 steps")),
        ):
            self.quality.addItem(text, name.value)
        self.quality.setCurrentIndex(self.quality.findData(Quality.BALANCED.value))
        self._form = QFormLayout()
        self._form.addRow(self.tr("Seed"), _box(self.seed, self.keep_seed))
        self._form.addRow(self.tr("Size"), self.side)
        self._form.addRow(self.tr("Guidance"), self.guidance)
        self._form.addRow(self.tr("Quality"), self.quality)
        self.generate = QPushButton(self.tr("Generate"))
        self.generate.setObjectName("primary")
        self.generate.clicked.connect(lambda _: self.begin())
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setAccessibleName(self.tr("Stop the picture"))
        self.stop.clicked.connect(lambda _: self.stop_run())
        self.warning = QLabel()
        self.warning.setObjectName("caution")
        self.warning.setWordWrap(True)

    def _make_answer(self) -> None:
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the picture"))
        self.left = QLabel()
        self.preview = QLabel()
        self.preview.setAccessibleName(self.tr("The picture as it comes"))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.hide()
        self.gallery = QListWidget()
        self.gallery.setAccessibleName(self.tr("Pictures that were made"))
        self.gallery.setViewMode(QListWidget.ViewMode.IconMode)
        self.gallery.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.gallery.setMovement(QListWidget.Movement.Static)
        self.gallery.setIconSize(QSize(_ICON, _ICON))
        self.gallery.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.gallery.setMinimumHeight(_ICON + 40)
        self.gallery.itemSelectionChanged.connect(self._on_chosen)
        self.gallery.itemActivated.connect(lambda _: self.picture_wanted.emit(self._chosen()))
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.told.setAccessibleName(self.tr("What is said of the picture"))
        self._of_picture: list[QPushButton] = []
        for text, do in (
            (self.tr("Show"), lambda: self.picture_wanted.emit(self._chosen())),
            (self.tr("Save"), lambda: self.save_wanted.emit(self._chosen())),
            (self.tr("Read it back"), self.read_back),
        ):
            button = QPushButton(text)
            button.clicked.connect(lambda _, do=do: do())
            self._of_picture.append(button)
        self.bad = QPushButton(self.tr("Cannot be used"))
        self.bad.setCheckable(True)
        self.bad.clicked.connect(self._mark_bad)
        self._of_picture.append(self.bad)

    def _offer_sizes(self, ready: messages.Ready) -> None:
        self.side.clear()
        self.side.setProperty("of", ready.checkpoint_sha256)
        side = ready.picture_size
        while side >= max(ready.picture_unit, 64):
            self.side.addItem(f"{side} \N{MULTIPLICATION SIGN} {side}", side)
            side = side // 2 // ready.picture_unit * ready.picture_unit

    # What is shown

    def _show(self, gray: NDArray[np.uint8]) -> None:
        rows, columns = gray.shape
        image = QImage(np.ascontiguousarray(gray).data, columns, rows, columns, QImage.Format.Format_Grayscale8)
        side = min(self.width() - 24, 3 * _ICON)
        scaled = QPixmap.fromImage(image.copy()).scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self.preview.setPixmap(scaled)
        self.preview.show()

    def _add(self, made: Made) -> None:
        made.item = QListWidgetItem()
        self.made.append(made)
        icon, pixmap = QIcon(), _pixmap(made.picture.pixels)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # else a chosen one is tinted
            icon.addPixmap(pixmap, mode)
        made.item.setIcon(icon)
        self._label(made)
        self.gallery.insertItem(0, made.item)
        self.gallery.setCurrentItem(made.item, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if not self.keep_seed.isChecked():
            self.seed.setValue(random.randrange(_LARGEST_SEED))

    def _label(self, made: Made) -> None:
        assert made.item is not None
        bad = "\N{WARNING SIGN} " + self.tr("Cannot be used") + "\n" if made.is_bad else ""
        words = made.prompt if len(made.prompt) < 40 else f"{made.prompt[:38]}\N{HORIZONTAL ELLIPSIS}"
        made.item.setText(f"{bad}SYNTHETIC {made.settings.seed}\n{words}")
        made.item.setToolTip(f"{MARK}\n{made.prompt}")

    def _tell(self, made: Made, said: str) -> None:
        if self._chosen() is made:
            self.told.setText(said)

    def _on_chosen(self) -> None:
        made = self._chosen()
        self.told.setText("" if made is None else self._compare(made) if made.read else made.prompt)
        self.bad.setChecked(made is not None and made.is_bad)
        pair = self._pair()
        if pair:
            self._show(_difference(*(each.picture.pixels for each in pair)))
            self.told.setText(self.tr("Where the two pictures differ, brighter is more."))
        self.show_state()

    def _chosen(self) -> Made | None:
        item = self.gallery.currentItem()
        return next((each for each in self.made if each.item is item), None)

    def _pair(self) -> Sequence[Made]:
        """Return the two that are chosen, if they are of one size."""
        items = self.gallery.selectedItems()
        pair = [each for each in self.made if each.item in items]
        alike = len(pair) == 2 and pair[0].picture.pixels.shape == pair[1].picture.pixels.shape
        return pair if alike else ()

    def _end(self, said: str) -> None:
        self._run = None
        self.preview.hide()
        if said:
            self.told.setText(said)
            self.status.emit(said)
        self.show_state()


def _difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how far two pictures (H, W, 3) differ, stretched to the whole range of gray."""
    gap = np.abs(one.astype(np.int16) - other.astype(np.int16)).max(axis=2)
    return (gap * (255 / max(1, int(gap.max())))).astype(np.uint8)


def _pixmap(pixels: NDArray[np.uint8]) -> QPixmap:
    rows, columns = pixels.shape[:2]
    image = QImage(np.ascontiguousarray(pixels).data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image.copy())


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    for each in widgets:
        row.addWidget(each)
    return row


def _box(*widgets: QWidget) -> QWidget:
    box = QWidget()
    box.setLayout(_row(*widgets))
    return box
