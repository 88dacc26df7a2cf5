"""Work that takes a while, in a thread of its own: it says how far it is, and can be stopped."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from unix_edge.errors import StoppedError

from .sentences import tell

Progress = Callable[[int, int], None]
"""Called with how much is done and of how much."""
_STOPPED = "stopped"
ShouldStop = Callable[[], bool]


class Job(QObject):
    """One piece of work; its signals come in the thread of whoever made it.

    Signals:
        progressed: How much is done, and of how much.
        done: What the work returned.
        failed: Why it failed, in a sentence.
        stopped: It was stopped, and has left nothing behind.
    """

    progressed = Signal(int, int)
    done = Signal(object)
    failed = Signal(str)
    stopped = Signal()
    _went_on = Signal(int, int)
    _ended = Signal(object, str)

    def __init__(self, work: Callable[[Progress, ShouldStop], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)
        self._went_on.connect(self._go_on)
        self._ended.connect(self._end)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End it soon."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until it has ended."""
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        result, said = None, ""
        try:
            result = self._work(self._went_on.emit, self._stop.is_set)
        except StoppedError:
            said = _STOPPED
        except Exception as error:  # nothing may escape a thread
            said = tell(error)
        self._ended.emit(result, said)

    def _go_on(self, done: int, of: int) -> None:
        self.progressed.emit(done, of)

    def _end(self, result: object, said: str) -> None:
        if said == _STOPPED:
            self.stopped.emit()
        elif said:
            self.failed.emit(said)
        else:
            self.done.emit(result)
