"""Multi-frame images and series play, as fast as their header says."""

from collections.abc import Callable

from pydicom import Dataset
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ..canvas.canvas import Canvas
from ..studies.desk import View

USUAL_RATE = 10.0
"""Frames a second where the header does not say."""
_FASTEST = 60.0
_SLOWEST = 0.2


class Cine(QObject):
    """The one view that plays.

    Signals:
        playing_changed: Whether one plays.
    """

    playing_changed = Signal(bool)

    def __init__(self, show: Callable[[Canvas, int], object], waits: Callable[[Canvas], bool], parent: QObject) -> None:
        super().__init__(parent)
        self.canvas: Canvas | None = None
        """Which plays."""
        self._view: View | None = None
        self._show, self._waits = show, waits
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    @property
    def interval(self) -> int:
        """Milliseconds from one frame to the next."""
        return self._timer.interval()

    def start(self, canvas: Canvas, view: View) -> None:
        """Play what a view shows, from where it is; another view stops."""
        self.canvas, self._view = canvas, view
        rate = find_rate(Dataset() if canvas.image is None else canvas.image.header)
        self._timer.start(round(1000 / rate))
        self.playing_changed.emit(True)

    def stop(self, canvas: Canvas | None = None) -> None:
        """Stop, or only if it is this view that plays."""
        if self.canvas is not None and canvas in (None, self.canvas):
            self._timer.stop()
            self.canvas = self._view = None
            self.playing_changed.emit(False)

    def _step(self) -> None:
        """Show the next frame, unless the last one is still on its way."""
        canvas, view = self.canvas, self._view
        if canvas is None or view is None or self._waits(canvas):
            return
        frames = view.clip
        self._show(canvas, frames[(frames.index(view.at) + 1) % len(frames)])


def find_rate(header: Dataset) -> float:
    """Return how many frames a second the header recommends, else how many were taken, else the usual."""
    time = _number(header, "FrameTime")
    known = (_number(header, "RecommendedDisplayFrameRate"), _number(header, "CineRate"), 1000 / time if time else 0.0)
    rate = next(filter(None, known), USUAL_RATE)
    return min(max(rate, _SLOWEST), _FASTEST)


def _number(header: Dataset, keyword: str) -> float:
    """Return a number above 0; 0 where there is none."""
    try:
        number = float(header.get(keyword) or 0)
    except (TypeError, ValueError):
        return 0.0
    return number if 0 < number < 1e6 else 0.0
