"""What a person is asked before an image leaves the app: as a picture, on paper, or as anonymised copies."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from unix_edge.files import unused_path

from ..storage.unfinished_writes import Leftovers
from ..studies.opening import shown
from ..toolkit.background import Job, Progress, ShouldStop
from ..toolkit.sentences import translate_sentence
from .anonymising import LONGEST_PREFIX, Exported, File, anonymise


class PictureDialog(QDialog):
    """What is drawn and written on a copy of the view, and where the copy goes.

    Signals:
        chosen: The key of the way that was chosen.
    """

    chosen = Signal(str)

    def __init__(self, title: str, ways: dict[str, str], whose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.drawings = QCheckBox(self.tr("Measurements, overlays and drawings"))
        self.drawings.setChecked(True)
        self.words = QCheckBox(self.tr("Words at arrows and drawings (they may name the patient)"))
        self.patient = QCheckBox(self.tr("Text on patient and study, and all words"))
        self.drawings.toggled.connect(self._offer_words)
        self.patient.toggled.connect(self._offer_words)
        note = _note(
            self.tr(
                "Text that is burned into the image stays in it, whatever is chosen here, and so does text in "
                "overlays where these are chosen."
            )
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        self.ways: dict[str, QPushButton] = {}
        for key, text in ways.items():
            button = buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
            button.clicked.connect(lambda _=False, key=key: self._choose(key))
            self.ways[key] = button
        next(iter(self.ways.values())).setDefault(True)
        column = QVBoxLayout(self)
        for widget in (_note(whose), self.drawings, self.words, self.patient, note, buttons):
            column.addWidget(widget)
        _name_after_text(self)

    @property
    def choice(self) -> dict[str, bool]:
        """What is drawn and written, as `draw_view` takes it."""
        boxes = {"drawings": self.drawings, "words": self.words, "patient": self.patient}
        return {name: box.isChecked() for name, box in boxes.items()}

    def _offer_words(self) -> None:
        """Leave words to be chosen where there are drawings to hold them, and not all text leaves anyway."""
        self.words.setEnabled(self.drawings.isChecked() and not self.patient.isChecked())

    def _choose(self, key: str) -> None:
        self.accept()
        self.chosen.emit(key)


class AnonymiseDialog(QDialog):
    """Where anonymised copies go and what the patients are called in them; then how far it is, and what became of it.

    Signals:
        exported: An `Exported`.
    """

    exported = Signal(object)

    def __init__(
        self, files: Sequence[File], whose: str, folder: Path, leftovers: Leftovers, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Anonymised copies"))
        self._leftovers = leftovers
        self._files = tuple(files)
        self._whose = whose
        self._job: Job | None = None
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(self.tr("Folder in which a new one is made"))
        self.browse = QPushButton(self.tr("Choose..."))
        self.browse.setAccessibleName(self.tr("Choose the folder"))
        self.browse.clicked.connect(self._ask_for_folder)
        self.prefix = QLineEdit("ANON")
        self.prefix.setMaxLength(LONGEST_PREFIX)
        self.prefix.setAccessibleName(self.tr("Patients are called"))
        self.said = QPlainTextEdit()
        self.said.setReadOnly(True)
        self.said.setTabChangesFocus(True)
        self.said.setMinimumHeight(self.fontMetrics().lineSpacing() * 7)
        self.said.setAccessibleName(self.tr("What became of it"))
        self.progress = QProgressBar()
        self.progress.setRange(0, max(1, len(self._files)))
        self.progress.setValue(0)
        self.progress.setAccessibleName(self.tr("Files done"))
        self.start = QPushButton(self.tr("Make copies"))
        self.start.clicked.connect(self.begin)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setEnabled(False)
        self.stop.clicked.connect(self._ask_to_stop)
        self._close = QPushButton(self.tr("Close"))
        self._close.clicked.connect(self.reject)
        self._arrange()
        _name_after_text(self)

    @property
    def is_running(self) -> bool:
        """Whether copies are being made."""
        return self._job is not None

    def begin(self) -> None:
        """Make the copies, in the background."""
        if self._job is not None:
            return
        parent, prefix, files = Path(self.folder.text()).expanduser(), self.prefix.text().strip(), self._files

        def work(progress: Progress, should_stop: ShouldStop) -> Exported:
            self._leftovers.note(parent)
            return anonymise(files, unused_path(parent, "anonymised", ""), prefix, progress, should_stop)

        self._job = Job(work, self)
        self._job.progressed.connect(lambda done, _: self.progress.setValue(done))
        self._job.done.connect(self._finish)
        self._job.failed.connect(lambda said: self._end(shown(said)))
        self._job.stopped.connect(lambda: self._end(self.tr("Stopped; no copy was left.")))
        self._enable(running=True)
        self.said.setPlainText(self.tr("Copies are being made."))
        self._job.start()

    def reject(self) -> None:
        """Close; while copies are made, stop that first."""
        if self._job is None:
            super().reject()
        else:
            self._ask_to_stop()

    def end(self) -> None:
        """Stop, and wait until nothing is left of it, as before the app is closed."""
        if self._job is not None:
            self._job.stop()
            self._job.wait()

    def _arrange(self) -> None:
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(self.browse)
        form = QFormLayout()
        count = self.tr("Files: {0}").replace("{0}", str(len(self._files)))
        form.addRow(_note(self._whose))
        form.addRow(self.tr("To be copied:"), QLabel(count))
        form.addRow(self.tr("New folder in:"), where)
        form.addRow(self.tr("Patients are called:"), self.prefix)
        warning = _note(
            self.tr(
                "Text that is burned into an image is not looked for and cannot be excluded: look at each image "
                "before a copy leaves the house. Names, dates and all free text are left out, identifiers are "
                "replaced alike within this export, and the files themselves stay as they are."
            )
        )
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.start, self.stop, self._close):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(warning)
        column.addWidget(self.progress)
        column.addWidget(self.said, 1)
        column.addLayout(buttons)
        width = self.fontMetrics().averageCharWidth() * 70
        self.setMinimumWidth(width)
        self.resize(width, column.totalHeightForWidth(width))

    def _ask_for_folder(self) -> None:
        named = Path(self.folder.text())
        there = next((each for each in (named, *named.parents) if each.is_dir()), Path.home())
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder"), str(there))
        if chosen:
            self.folder.setText(chosen)

    def _ask_to_stop(self) -> None:
        if self._job is not None:
            self.said.setPlainText(self.tr("It stops after the file that is being copied."))
            self._job.stop()

    def _finish(self, exported: Exported) -> None:
        said = [self.tr("{0} copies are in {1}.").replace("{0}", str(exported.copies))]
        said[0] = said[0].replace("{1}", shown(str(exported.folder)))
        said += [translate_sentence(each) for each in exported.warnings]
        if exported.refused:
            said.append(self.tr("Not copied:"))
            said += [f"{name}: {translate_sentence(reason.whole)}" for name, reason in exported.refused[:20]]
            if more := len(exported.refused) - 20:
                said += [self.tr("and {0} more").replace("{0}", str(more))] if more > 0 else []
        self._end("\n".join(said))
        self.exported.emit(exported)

    def _end(self, said: str) -> None:
        self._job = None
        self.said.setPlainText(said)
        self._enable(running=False)

    def _enable(self, *, running: bool) -> None:
        self.stop.setEnabled(running)
        for widget in (self.start, self.folder, self.browse, self.prefix):
            widget.setEnabled(not running)


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _name_after_text(dialog: QDialog) -> None:
    """Give every button and box the name that a screen reader says."""
    for kind in (QPushButton, QCheckBox):
        for widget in dialog.findChildren(kind):
            if not widget.accessibleName():
                widget.setAccessibleName(widget.text())
