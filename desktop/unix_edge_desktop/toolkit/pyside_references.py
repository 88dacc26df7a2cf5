"""None, True and False, kept from being freed before Python 3.12.

PySide6 6.12 returns them without counting the reference, which is right only since Python 3.12, where they are never
freed (PEP 683). Under Python 3.11 each call that returns nothing takes one reference away, some fifty in each picture
that is drawn; at none the interpreter aborts, after minutes of use. So they are given more than can ever be taken.
"""

import ctypes
import sys

REFERENCES = 1 << 40


def hold_singletons() -> None:
    """Keep them for as long as the process lives; where Python does so itself, or counts elsewhere, do nothing."""
    counted = sys.version_info < (3, 12) and sys.implementation.name == "cpython" and not hasattr(sys, "getobjects")
    if counted and sys.getrefcount(None) < REFERENCES:
        for each in (None, True, False):
            # The count is the first field of every object.
            ctypes.c_ssize_t.from_address(id(each)).value += REFERENCES
