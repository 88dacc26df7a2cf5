"""Work that takes a while, in a thread of its own: it says how far it is, and can be stopped."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from unix_edge.console import explain
from unix_edge.errors import StoppedError

Progress = Callable[[int, int], None]
"""Called with how much is done and of how much."""
ShouldStop = Callable[[], bool]


class Job(QObject):
    """One piece of work.

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

    def __init__(self, work: Callable[[Progress, ShouldStop], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)

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
        try:
            result = self._work(self.progressed.emit, self._stop.is_set)
        except StoppedError:
            self.stopped.emit()
        except Exception as error:  # nothing may escape a thread
            self.failed.emit(explain(error))
        else:
            self.done.emit(result)
