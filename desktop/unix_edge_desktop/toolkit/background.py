"""Work in threads of its own, and the one way by which what they found comes into the window's."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from shiboken6 import isValid

from unix_edge.errors import StoppedError

from .sentences import tell

Progress = Callable[[int, int], None]
"""Called with how much is done and of how much."""
_STOPPED = "stopped"
ShouldStop = Callable[[], bool]
P = ParamSpec("P")
T = TypeVar("T")


class _Window(QObject):
    """Calls functions in its own thread; there is one, the application's."""

    put = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.put.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def _call(self, function: Callable[[], object]) -> None:
        function()


def in_window(receiver: QObject, take: Callable[P, object]) -> Callable[P, None]:
    """Return a function for other threads: what it is called with is taken in the window's, where this is called.

    It never takes anything at once, calls are taken in their order, and none is once the receiver is gone.
    """
    application = QCoreApplication.instance()
    assert application is not None
    window = application.findChild(_Window) or _Window(application)

    def put(*args: P.args, **kwargs: P.kwargs) -> None:
        if isValid(window):
            window.put.emit(lambda: take(*args, **kwargs) if isValid(receiver) else None)

    return put


def bring(
    future: "Future[T]",
    receiver: QObject,
    answer: Callable[[T], object] | None = None,
    failed: Callable[[str], object] | None = None,
) -> None:
    """Hand what a future comes to over to the window's thread, as long as the receiver is there.

    Args:
        future: One that was cancelled comes to nothing.
        receiver: Whose the functions are.
        answer: Takes the result.
        failed: Takes why there is none, in a sentence in the reader's language.
    """

    def take(done: "Future[T]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            if answer is not None:
                answer(done.result())
        elif failed is not None:
            failed(tell(error))

    future.add_done_callback(in_window(receiver, take))


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

    def __init__(self, work: Callable[[Progress, ShouldStop], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)
        self._progress = in_window(self, self.progressed.emit)
        self._ended = in_window(self, self._end)

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
            result = self._work(self._progress, self._stop.is_set)
        except StoppedError:
            said = _STOPPED
        except Exception as error:  # nothing may escape a thread
            said = tell(error)
        self._ended(result, said)

    def _end(self, result: object, said: str) -> None:
        if said == _STOPPED:
            self.stopped.emit()
        elif said:
            self.failed.emit(said)
        else:
            self.done.emit(result)
