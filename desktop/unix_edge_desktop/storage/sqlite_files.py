"""What befalls a file of SQLite's: what its failures mean to a person, and how a broken one makes way."""

import sqlite3
import time
from pathlib import Path

from unix_edge.sentences import Sentence, system_says

_PROBLEMS = {
    sqlite3.SQLITE_BUSY: Sentence("another window of this program has it open"),
    sqlite3.SQLITE_FULL: Sentence("the disk is full"),
    sqlite3.SQLITE_IOERR: Sentence("the disk failed, or allows no more"),
    sqlite3.SQLITE_CANTOPEN: Sentence("its file cannot be opened or made"),
    sqlite3.SQLITE_READONLY: Sentence("its file may not be written"),
    sqlite3.SQLITE_CORRUPT: Sentence("its file is broken, and is set aside when the program is started again"),
    sqlite3.SQLITE_NOTADB: Sentence("its file is broken, and is set aside when the program is started again"),
}


def name_problem(error: Exception) -> Sentence:
    """Return what an error of SQLite's or of the system means, as a clause."""
    problem = _PROBLEMS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if problem is None and getattr(error, "strerror", None):
        return system_says(error)
    return problem or Sentence("SQLite failed ({0})", type(error).__name__)


def is_broken(error: Exception) -> bool:
    """Return whether an error means that the file is no database, or no longer one."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def set_aside(path: Path) -> Path:
    """Rename a database and what SQLite keeps beside it; return the new name."""
    aside = path.with_name(f"{path.name}.broken-{time.time_ns() // 1_000_000}")
    path.rename(aside)
    for suffix in ("-wal", "-shm", "-journal"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    return aside
