"""What every command shares: where words go, and how a failure becomes one sentence and an exit code."""

import contextlib
import errno
import io
import logging
import os
import pathlib
import signal
import sys
import time
import warnings
from collections.abc import Callable
from types import FrameType

from rich.console import Console

from .errors import UnixEdgeError
from .limits import leave_no_core
from .machine import is_out_of_memory, lacks_memory
from .sentences import Sentence, system_says
from .signals import STOPPED, end_at_once

logger = logging.getLogger(__name__)

if not os.environ.get("COLUMNS", "1").strip("0"):
    del os.environ["COLUMNS"]  # of no width nothing would be seen
out = Console(highlight=False, markup=False, soft_wrap=True)
INTERRUPTED = 130
_PIPE = 141
"""The exit code of a command whose reader is gone, as shells tell it."""
_UNDISTURBED = 2.0
"""Seconds that the unwinding has before another signal counts."""
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def run(command: Callable[[], object]) -> None:
    """Run a command and exit: 0 done, 1 an error in one sentence, 2 wrong usage; 130, 143, 129 ended by a signal."""
    ending = _Ending()
    sys.unraisablehook = ending.take_up
    try:
        leave_no_core()
        _make_streams_usable()
        warnings.simplefilter("ignore")  # a library's warning may quote a header, and so a patient
        code = _run(command, ending)
    except (KeyboardInterrupt, SystemExit):  # before the command, after it, or while its failure was told
        code = ending.code or INTERRUPTED
    ending.close()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = code or _lose_output(error)
    sys.exit(code)


def _run(command: Callable[[], object], ending: "_Ending") -> int:
    try:
        command()
    except SystemExit as request:  # from typer: done, wrong usage, or Ctrl-C
        code = request.code if isinstance(request.code, int) else int(request.code is not None)
        if code == INTERRUPTED:
            err.print("Interrupted; nothing unfinished was left behind.")
        elif code in STOPPED:
            err.print("Stopped; nothing unfinished was left behind.")
        return code
    except KeyboardInterrupt:
        err.print("Interrupted.")
        return INTERRUPTED
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO):
            err.print(str(explain(error)))
            return 1
        return _lose_output(error)  # files of ours say so themselves
    except Exception as error:  # a person is never shown a traceback
        if ending.code:  # a library made another failure of it, as of an import that was cut short
            err.print("Interrupted." if ending.code == INTERRUPTED else "Stopped.")
            return ending.code
        err.print(str(explain(error)))
        return 1
    return 0


def _make_streams_usable() -> None:
    """Open what is closed, lest a file that is opened takes its number, and let no name be unsayable.

    A character that a stream's encoding lacks, as half of a file's name, is written as an escape.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the smallest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, pathlib.Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _lose_output(error: OSError) -> int:
    """Return the exit code where what was printed went nowhere: told, unless its reader, as `head`, has had enough."""
    with contextlib.suppress(OSError, ValueError):  # so that Python says nothing of it at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return _PIPE
    err.print(str(Sentence("What was printed could not be written ({0}).", system_says(error))))
    return 1


class _Ending:
    """Unwinds a command that the system ends, so that whatever is half written goes."""

    def __init__(self) -> None:
        self.code = 0
        """The exit code, once a signal came."""
        self._came = -_UNDISTURBED
        for number in (signal.SIGINT, *STOPPED.values()):
            # Else somebody wants it ignored, as nohup does.
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler, end_at_once):
                signal.signal(number, self._stop)

    def close(self) -> None:
        """From now on whoever ends it ends it at once: there is nothing left to unwind."""
        for number in (signal.SIGINT, *STOPPED.values()):
            if signal.getsignal(number) == self._stop:
                signal.signal(number, end_at_once)

    def take_up(self, ignored: "sys.UnraisableHookArgs") -> None:
        """Raise an end again that came while Python could not be unwound, as within a `__del__`; it says nothing."""
        if not (self.code and issubclass(ignored.exc_type, (KeyboardInterrupt, SystemExit))):
            sys.__unraisablehook__(ignored)
        elif hasattr(signal, "setitimer"):
            self._came = -_UNDISTURBED
            signal.signal(signal.SIGALRM, lambda *_: self._stop(self.code - 128, None))
            signal.setitimer(signal.ITIMER_REAL, 0.01)

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
