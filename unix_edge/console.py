"""What every command shares: where words go, and how a failure becomes one sentence and an exit code."""

import logging
import signal
import sys
import time
import warnings
from collections.abc import Callable
from types import FrameType

from rich.console import Console

from .errors import UnixEdgeError
from .machine import is_out_of_memory, lacks_memory
from .sentences import Sentence

logger = logging.getLogger(__name__)

out = Console(highlight=False, markup=False, soft_wrap=True)
INTERRUPTED = 130
_UNDISTURBED = 2.0
"""Seconds that the unwinding has before another signal counts."""
STOPPED = {128 + number: number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, 0))}
"""Exit codes of a command that the system ended, as shells tell them, and the signals."""
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def run(command: Callable[[], object]) -> None:
    """Run a command and exit: 0 done, 1 an error in one sentence, 2 wrong usage; 130, 143, 129 ended by a signal."""
    ending = _Ending()
    warnings.simplefilter("ignore")  # a library's warning may quote a header, and so a patient
    try:
        command()
    except SystemExit as request:  # from typer: done, wrong usage, or Ctrl-C
        if request.code == INTERRUPTED:
            err.print("Interrupted; nothing unfinished was left behind.")
        elif request.code in STOPPED:
            err.print("Stopped; nothing unfinished was left behind.")
        raise
    except KeyboardInterrupt:
        err.print("Interrupted.")
        sys.exit(INTERRUPTED)
    except Exception as error:  # a person is never shown a traceback
        if ending.code:  # a library made another failure of it, as of an import that was cut short
            err.print("Interrupted." if ending.code == INTERRUPTED else "Stopped.")
            sys.exit(ending.code)
        err.print(str(explain(error)))
        sys.exit(1)


class _Ending:
    """Unwinds a command that the system ends, so that whatever is half written goes."""

    def __init__(self) -> None:
        self.code = 0
        """The exit code, once a signal came."""
        self._came = -_UNDISTURBED
        for number in STOPPED.values():
            if signal.getsignal(number) is signal.SIG_DFL:  # else somebody wants it ignored, as nohup does
                signal.signal(number, self._stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._stop)

    def _stop(self, number: int, _: FrameType | None) -> None:
        if time.monotonic() - self._came < _UNDISTURBED:
            return
        self._came, self.code = time.monotonic(), 128 + number
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(self.code)


def explain(error: BaseException) -> Sentence:
    """Return the sentence that a person is shown."""
    if isinstance(error, UnixEdgeError):
        return error.sentence
    if isinstance(error, Exception) and (lacks_memory(error) or is_out_of_memory(error)):
        return Sentence("There is not enough memory for this; nothing was written. Close other programs and try again.")
    # The text of a stranger's exception may hold a path or a name, so only its kind is told.
    logger.debug("Unexpected error", exc_info=error)
    return Sentence("Something failed that should not ({0}); nothing unfinished was kept.", type(error).__name__)
