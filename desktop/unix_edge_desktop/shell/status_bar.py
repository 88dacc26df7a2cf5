"""What stands below the images: a message, the value under the mouse, what runs; each in a place of its own."""

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..studies.opening import shown
from ..toolkit.background import Job

SOON = 300
"""Milliseconds after which a job that may be done at once is shown."""
_NAME_WIDTH, _BAR_WIDTH = 18, 20
"""Of a job's name and of its bar, in letters."""


class Line(QLabel):
    """One line of plain text as wide as there is room; what has none ends in dots and is in the tooltip, whole."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(name)
        self.setMinimumWidth(1)

    def say(self, text: str) -> None:
        """Say it."""
        self.setText(shown(text))
        self.setToolTip(self.text())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Ask for no room."""
        return QSize(1, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Write as much of it as there is room for."""
        painter = QPainter(self)
        area = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        self.style().drawItemText(painter, area, int(self.alignment()), self.palette(), self.isEnabled(), text)
        painter.end()


class JobPlace(QWidget):
    """What one piece of work is, how far it is, and a button that stops it; seen while it runs.

    Signals:
        stopped: The reader wants no more of it.
        ended: The job that was followed has ended.
    """

    stopped = Signal()
    ended = Signal()

    def __init__(self, progress_name: str, stop_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job: Job | None = None
        """What is followed."""
        self._count = ""
        self._names = "", ""
        self.name = Line()
        self.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.name.hide()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(progress_name)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setAccessibleName(stop_name)
        self.stop.clicked.connect(self.stopped)
        self.stopped.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self.name)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        self.hide()

    def follow(self, job: Job, what: str, nameless: str, *, count: str, after: int) -> None:
        """Show a job until it ends, and let the button stop it.

        Args:
            job: What runs.
            what: What it does, in a few words.
            nameless: What is said where nothing is to say who it is.
            count: How far it is: {0} is how much is done, {1} of how much.
            after: Milliseconds after which it is shown, if it is still at it.
        """
        self.job, self._count = job, count
        self._names = what, nameless
        self.bar.setRange(0, 0)
        self.stop.setEnabled(True)
        job.progressed.connect(self._on_progressed)
        for end in (job.done, job.failed, job.stopped):
            end.connect(self._end)
        if after:
            QTimer.singleShot(after, self, lambda: self.setVisible(self.job is job))
        else:
            self.show()

    def call(self, what: str) -> None:
        """Name the work, to the eye and to a screen reader."""
        letter = self.fontMetrics().averageCharWidth()
        self.name.setMaximumWidth(letter * _NAME_WIDTH)
        self.bar.setFixedWidth(letter * _BAR_WIDTH)
        self.name.say(what)
        self.name.show()
        self.bar.setToolTip(self.name.text())
        self.bar.setAccessibleName(self.name.text())
        self.stop.setAccessibleName(self.tr("Stop: {0}").replace("{0}", self.name.text()))

    def set_hide_patient(self, hide: bool) -> None:
        """Leave out of the name who it may be, or write it."""
        if self.job is not None:
            self.call(self._names[hide])

    def show_progress(self, done: int, total: int, text: str) -> None:
        """Be seen, with so much done of the whole; 0 where that is not known."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(text)
        self.show()

    def _on_progressed(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(self._count.replace("{0}", str(done)).replace("{1}", str(total)))

    def _stop(self) -> None:
        if self.job is not None:
            self.stop.setEnabled(False)
            self.job.stop()

    def _end(self) -> None:
        self.job = None
        self.hide()
        self.ended.emit()


class Offer(QWidget):
    """A study that has been opened while another is read, and a button that shows it.

    Signals:
        taken: It is to be shown.
    """

    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Line()
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
        self.label.say(said)
        self.label.setAccessibleName(said)
        self.button.setAccessibleName(self.tr("Show {0}").replace("{0}", whose))
        self.show()


class StatusBar(QObject):
    """The places of a window's status bar."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.message = Line(self.tr("Message"))
        self.offer = Offer()
        self.readout = Line(self.tr("Value under the mouse"))
        self.reading = QLabel(self.tr("Reading the image..."))
        self.reading.setAccessibleName(self.reading.text())
        self.opening = JobPlace(self.tr("Progress of opening"), self.tr("Stop opening"))
        self._jobs = QWidget()
        self._places = QVBoxLayout(self._jobs)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(1)
        self._places.addWidget(self.opening)
        self.unsaved = QLabel(self.tr("Measurements are not saved."))
        self.unsaved.setAccessibleName(self.unsaved.text())
        self.failed = QPushButton()
        research = QLabel(self.tr("Research use only. Not for diagnosis."))
        research.setObjectName("research")
        self._hides_patient = False
        self._bar = window.statusBar()
        self._bar.setSizeGripEnabled(False)
        self._bar.addWidget(self.message, 2)
        self._bar.addWidget(self.offer, 2)
        self._bar.addWidget(self.readout, 1)
        for widget in (self.reading, self.unsaved, self._jobs, self.failed):
            self._bar.addPermanentWidget(widget)
            widget.setVisible(widget is self._jobs)
        self._bar.addPermanentWidget(research)

    def say(self, text: str) -> None:
        """Put a sentence into the place of messages, where it stays until the next."""
        self.message.say(text)

    def take_back(self, text: str) -> None:
        """Say a sentence no longer, if it is still the last."""
        if self.message.text() == shown(text):
            self.message.say("")

    def read_out(self, text: str) -> None:
        """Say the value under the mouse, or nothing."""
        self.readout.say(text)

    def add_job(self, progress_name: str, stop_name: str) -> JobPlace:
        """Return a place for another piece of work, by the names that a screen reader says."""
        place = JobPlace(progress_name, stop_name)
        self._places.addWidget(place)  # below that of opening
        return place

    def set_hide_patient(self, hide: bool) -> None:
        """Leave out of the names of jobs who it may be, or write it."""
        self._hides_patient = hide
        for place in self._jobs.findChildren(JobPlace):
            place.set_hide_patient(hide)

    def follow(self, job: Job, what: str, *, count: str, nameless: str = "", after: int = 0) -> None:
        """Give a job that can be stopped a place of its own for as long as it runs, as `JobPlace.follow` does."""
        place = self.opening if self.opening.job is None else self.add_job(what, what)
        place.follow(job, what, nameless or what, count=count, after=after)
        place.set_hide_patient(self._hides_patient)
        if place is not self.opening:
            place.ended.connect(place.deleteLater)

    def count_failures(self, count: int) -> None:
        """Say how many files were not opened."""
        text = self.tr("Files not opened: {0}").replace("{0}", str(count))
        self.failed.setText(text)
        self.failed.setAccessibleName(text)
        self.failed.show()
