"""Opening the database of drafts: one window writes it; a broken one makes way for its last backup."""

import contextlib
import os
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unix_edge.errors import DraftsUnavailableError
from unix_edge.files import make_private_file, make_private_folder
from unix_edge.sentences import Sentence

from ..storage.sqlite_files import has_tables, is_broken, name_problem, set_aside
from ..studies.drives import is_remote
from .tables import APPLICATION, SCHEMA, TABLES

NAME = "drafts.sqlite"
BACKUPS = "drafts-backups"
MOST_BACKUPS = 8
_SECONDS_TO_WAIT = 1.0
"""For another process that is just closing the database."""
ELSEWHERE = Sentence(
    "Another window of this program has the drafts of reports open. They are only shown here: nothing that is drafted, "
    "typed, signed or rejected in this window is kept."
)
NEWER = Sentence("The drafts of reports were written by a newer version of this program, and are only read.")


class _BrokenError(Exception):
    """The file is no database of drafts, or no longer one."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database."""

    connection: sqlite3.Connection
    lock: sqlite3.Connection | None
    """What keeps other windows from writing; None where this one only reads."""
    notice: Sentence | None
    """What a person is to know of how it was opened, in a sentence."""

    @property
    def read_only(self) -> bool:
        """Whether it may not be written."""
        return self.lock is None

    def close(self) -> None:
        """Close it, and let others write."""
        self.connection.close()
        if self.lock is not None:
            self.lock.close()


def open_database(folder: Path) -> Database:
    """Open or make the database in a folder.

    Raises:
        DraftsUnavailableError: It cannot be used.
    """
    path = folder / NAME
    lock: sqlite3.Connection | None = None
    try:
        make_private_folder(folder)
        lock = _lock(folder)
        if lock is None:
            return Database(_open(path, folder, read_only=True)[0], None, ELSEWHERE)
        make_private_file(path)
        notice: Sentence | None = None
        try:
            connection, newer = _open(path, folder)
        except _BrokenError:
            notice = _restore(path, folder)
            connection, newer = _open(path, folder)
        if newer:
            lock.close()
            return Database(connection, None, NEWER)
        return Database(connection, lock, notice)
    except (sqlite3.Error, OSError, _BrokenError) as error:
        if lock is not None:
            lock.close()
        problem = Sentence("its file is broken") if isinstance(error, _BrokenError) else name_problem(error)
        raise DraftsUnavailableError(folder, problem) from error


def back_up(connection: sqlite3.Connection, folder: Path) -> Path:
    """Write a whole copy of the database, and forget the oldest copies.

    Raises:
        sqlite3.Error, OSError: It cannot be written; no half copy is left.
    """
    target = folder / BACKUPS
    make_private_folder(target)
    for left in target.glob("*.partial"):
        left.unlink()
    path = target / f"drafts-{time.time_ns():020}.sqlite"
    partial = path.with_suffix(".partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
        connection.execute("VACUUM INTO ?", [str(partial)])
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    for old in list_backups(folder)[MOST_BACKUPS:]:
        old.unlink(missing_ok=True)
    return path


def list_backups(folder: Path) -> list[Path]:
    """Return the copies of the database, the newest first."""
    return sorted((folder / BACKUPS).glob("drafts-*.sqlite"), reverse=True)


def _lock(folder: Path) -> sqlite3.Connection | None:
    """Return what keeps other windows from writing, None if another holds it; it ends with its process."""
    path = folder / "drafts.lock"
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    lock = sqlite3.connect(path, timeout=_SECONDS_TO_WAIT, isolation_level=None)
    try:
        lock.execute("PRAGMA journal_mode = MEMORY")
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return None
        raise
    return lock


def _open(path: Path, folder: Path, *, read_only: bool = False) -> tuple[sqlite3.Connection, bool]:
    """Return a connection, and whether a newer version wrote the file, which is then only read."""
    connection = sqlite3.connect(path, timeout=_SECONDS_TO_WAIT, isolation_level=None)
    try:
        return connection, _prepare(connection, folder, read_only=read_only)
    except sqlite3.DatabaseError as error:
        connection.close()
        if is_broken(error):
            raise _BrokenError from error
        raise
    except BaseException:
        connection.close()
        raise


def _prepare(connection: sqlite3.Connection, folder: Path, *, read_only: bool) -> bool:
    def ask(pragma: str) -> Any:
        return connection.execute(f"PRAGMA {pragma}").fetchone()[0]

    version, application = ask("user_version"), ask("application_id")
    empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if not empty and (application != APPLICATION or version < SCHEMA):
        raise _BrokenError
    # What a newer version made may hold more; it is only read, so that no trigger of it runs.
    if not empty and version == SCHEMA and not has_tables(connection, TABLES):
        raise _BrokenError
    if not empty and ask("quick_check(1)") != "ok":
        raise _BrokenError
    newer = version > SCHEMA
    if newer or read_only:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        return newer
    ask("journal_mode = DELETE" if is_remote(folder) else "journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if empty:
        connection.executescript(
            f"BEGIN; {TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}; COMMIT;"
        )
    return False


def _restore(path: Path, folder: Path) -> Sentence:
    """Set a broken database aside and put its newest whole backup in its place; return what a person is to know."""
    aside = set_aside(path)
    for backup in list_backups(folder):
        partial = path.with_name(f"{path.name}.partial")
        with contextlib.suppress(sqlite3.Error, OSError, _BrokenError):
            _open(backup, folder, read_only=True)[0].close()  # it raises if the copy is broken too
            partial.unlink(missing_ok=True)
            os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
            shutil.copyfile(backup, partial)
            partial.replace(path)
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(int(backup.stem.rpartition("-")[2]) / 1e9))
            return Sentence(
                "The drafts of reports were broken: they were set aside as {0}, and the copy of {1} was taken. What "
                "was written after that is missing.",
                aside.name,
                when,
            )
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return Sentence(
        "The drafts of reports were broken, and there was no copy of them: they were set aside as {0}, and none are "
        "left.",
        aside.name,
    )
