"""What stands below the images: a message, the value under the mouse, what runs; each in a place of its own."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QProgressBar, QPushButton, QWidget

from ..studies.opening import shown


class JobPlace(QWidget):
    """How far one piece of work is, and a button that stops it; seen while it runs.

    Signals:
        stopped: The reader wants no more of it.
    """

    stopped = Signal()

    def __init__(self, progress_name: str, stop_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(progress_name)
        self.bar.setMaximumWidth(self.fontMetrics().averageCharWidth() * 30)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setAccessibleName(stop_name)
        self.stop.clicked.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        self.hide()

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Be seen, with so much done of the whole; 0 where that is not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(text)
        self.show()


class Offer(QWidget):
    """A study that has been opened while another is read, and a button that shows it.

    Signals:
        taken: It is to be shown.
    """

    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setMinimumWidth(1)
        self.button = QPushButton(self.tr("Show"))
        self.button.setAutoDefault(True)  # Enter presses it where the focus is on it
        self.button.clicked.connect(self.taken)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        self.hide()

    def say(self, whose: str) -> None:
        """Name the study."""
        whose = "  ".join(whose.splitlines())
        said = self.tr("Opened: {0}").replace("{0}", whose)
        self.label.setText(said)
        self.label.setToolTip(said)
        self.label.setAccessibleName(said)
        self.button.setAccessibleName(self.tr("Show {0}").replace("{0}", whose))
        self.show()


class StatusBar(QObject):
    """The places of a window's status bar."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.message = QLabel()
        self.message.setAccessibleName(self.tr("Message"))
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setMinimumWidth(1)
        self.offer = Offer()
        self.readout = QLabel()
        self.readout.setAccessibleName(self.tr("Value under the mouse"))
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        self.readout.setMinimumWidth(1)
        self.reading = QLabel(self.tr("Reading the image..."))
        self.reading.setAccessibleName(self.reading.text())
        self.opening = JobPlace(self.tr("Progress of opening"), self.tr("Stop opening"))
        self.unsaved = QLabel(self.tr("Measurements are not saved."))
        self.unsaved.setAccessibleName(self.unsaved.text())
        self.failed = QPushButton()
        research = QLabel(self.tr("Research use only. Not for diagnosis."))
        research.setObjectName("research")
        self._bar = window.statusBar()
        self._bar.setSizeGripEnabled(False)
        self._bar.addWidget(self.message, 2)
        self._bar.addWidget(self.offer, 2)
        self._bar.addWidget(self.readout, 1)
        for widget in (self.reading, self.unsaved, self.opening, self.failed):
            self._bar.addPermanentWidget(widget)
            widget.hide()
        self._bar.addPermanentWidget(research)

    def say(self, text: str) -> None:
        """Put a sentence into the place of messages, where it stays until the next."""
        said = shown(text)
        self.message.setText(said)
        self.message.setToolTip(said)

    def read_out(self, text: str) -> None:
        """Say the value under the mouse, or nothing."""
        self.readout.setText(shown(text))
        self.readout.setToolTip(self.readout.text())

    def add_job(self, progress_name: str, stop_name: str) -> JobPlace:
        """Return a place for another piece of work, by the names that a screen reader says."""
        place = JobPlace(progress_name, stop_name)
        self._bar.insertPermanentWidget(6, place)  # beside that of opening
        place.hide()
        return place

    def count_failures(self, count: int) -> None:
        """Say how many files were not opened."""
        text = self.tr("Files not opened: {0}").replace("{0}", str(count))
        self.failed.setText(text)
        self.failed.setAccessibleName(text)
        self.failed.show()
