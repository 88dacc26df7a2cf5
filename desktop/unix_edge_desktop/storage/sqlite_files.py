"""What befalls a file of SQLite's: what its failures mean to a person, and how a broken one makes way."""

import sqlite3
import time
from contextlib import closing
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


def has_tables(connection: sqlite3.Connection, tables: str, later: str = "") -> bool:
    """Return whether a database holds our tables, and nothing else that could run: no other trigger, and no view.

    Whoever can write the file can put in one that never ends; so this is asked before anything else is.

    Args:
        connection: To the database.
        tables: What makes the tables that it must have.
        later: What makes those that it may lack, as one of an earlier version does.
    """
    with closing(sqlite3.connect(":memory:")) as ours:
        ours.executescript(tables)
        wanted, needed = _columns(ours), _programs(ours)
        ours.executescript(later)
        known, allowed = _columns(ours), _programs(ours)
    found = _columns(connection)
    return (
        needed <= _programs(connection) <= allowed
        and all(found.get(table) == columns for table, columns in wanted.items())
        and all(known[table] == columns for table, columns in found.items() if table in known)
    )


def _columns(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    about = 'SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)'
    return {name: connection.execute(about, [name]).fetchall() for (name,) in names.fetchall()}


def _programs(connection: sqlite3.Connection) -> set[str]:
    found = connection.execute("SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
    return {" ".join(str(sql).split()) for (sql,) in found}


def set_aside(path: Path) -> Path:
    """Rename a database and what SQLite keeps beside it; return the new name."""
    aside = path.with_name(f"{path.name}.broken-{time.time_ns() // 1_000_000}")
    path.rename(aside)
    for suffix in ("-wal", "-shm", "-journal"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    return aside
