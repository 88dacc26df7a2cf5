"""What a stranger's file may ask for, and what the child that reads it may use. All that is POSIX-only stands here."""

import sys

MAX_FILE = 512 * 2**20
"""Bytes of a file that is read."""
MAX_LINE = 1 << 20
"""Bytes of a JSON line between a child and its parent, either way."""
MAX_SIDE = 8192
"""The largest Rows or Columns that are believed."""
MAX_FRAMES = 64
"""The largest Number of Frames that is believed."""
MAX_INFLATED = 512 * 2**20
"""Bytes that a deflated data set may have."""
MAX_ELEMENTS = 50_000
"""Data elements and items of a file."""
MAX_DEPTH = 32
"""Sequences within sequences."""
MAX_MEMORY = 1536 * 2**20
"""Bytes of address space."""
MAX_SECONDS = 20
"""Of wall time for one file."""


def limit_this_process() -> None:
    """Bound this process's memory and processor time; let it write no file and leave no core dump.

    On Windows, where there are no such limits, only the parent's clock bounds it.
    """
    if sys.platform == "win32":
        return
    import resource

    leave_no_core()
    # Processor time as well, for the case that the parent, which holds the clock, is gone.
    limits = {
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CPU: 2 * MAX_SECONDS,
    }
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lowered, lowered))


def leave_no_core() -> None:
    """Let this process leave no core dump, which would hold whatever it has of a patient; also none for a collector.

    A limit of none does not keep Linux from handing a dump to a program, as systemd-coredump.
    """
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        import ctypes

        pr_set_dumpable = 4
        ctypes.CDLL(None).prctl(pr_set_dumpable, 0)


def end_with_parent() -> None:
    """Let this process be killed when its parent ends, on Linux."""
    if sys.platform == "linux":
        import ctypes
        import signal

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def serve_one_parent(niceness: int) -> None:
    """Let this process make way for others, leave no core dump, and end with its parent as far as the system does that.

    Args:
        niceness: How far it steps back, on POSIX.
    """
    if sys.platform == "win32":
        return
    import os

    os.nice(niceness)
    leave_no_core()
    end_with_parent()


def resident_memory() -> int:
    """Return the bytes of memory that this process holds, or 0 where that cannot be told."""
    if sys.platform != "linux":
        return 0
    import resource
    from pathlib import Path

    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()
