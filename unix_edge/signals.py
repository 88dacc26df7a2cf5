"""What a signal does to a command: before it has begun, while it runs in a child, and when all is done."""

import contextlib
import os
import signal
import sys
from types import FrameType

from .limits import end_with_parent

STOPPED = {128 + number: number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, 0))}
"""Exit codes of a command that the system ended, as shells tell them, and the signals."""
_CRASHES = {getattr(signal, f"SIG{name}", 0) for name in ("BUS", "SEGV", "ABRT", "ILL", "FPE")}
_CRASHED = (
    "The run crashed, as it does when the engines' files are cut or their disk fails while they are read; nothing "
    "unfinished was kept. Check them with unix-edge verify, and try again."
)
_KILLED = "The run was ended by the system, as it is when memory ends; nothing unfinished was kept."


def end_at_once(number: int, _: FrameType | None) -> None:
    """End the process as shells tell it of a signal; for when nothing has begun yet, or all is done."""
    os._exit(128 + number)


def go_on_in_a_child() -> None:
    """Return in a child; this process waits for it, hands on signals, and ends as it does. Not on Windows."""
    if not hasattr(os, "fork"):
        return
    parent = os.getpid()
    child = os.fork()
    if not child:
        end_with_parent()
        if os.getppid() != parent:  # it has ended before it was asked for
            os._exit(1)
        return
    for number in (signal.SIGINT, *STOPPED.values()):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: os.kill(child, number))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0 and -code not in (signal.SIGINT, *STOPPED.values()):
        with contextlib.suppress(Exception):
            sys.stderr.write(f"{_CRASHED if -code in _CRASHES else _KILLED}\n")
            sys.stderr.flush()
    os._exit(code if code >= 0 else 1 if -code in _CRASHES else 128 - code)
