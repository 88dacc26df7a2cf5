"""The index of what was opened: links to files, never copies, in a database that opening them again would rebuild.

`StudyIndex` belongs to the thread that makes it; SQLite refuses any other. `IndexThread` is such a thread, which any
thread may ask. The window's own asks, goes on, and takes the answer when it is there.
"""

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydicom.uid import KeyObjectSelectionDocumentStorage

from unix_edge.dicom.sr_document import SR_ROOT
from unix_edge.errors import IndexUnavailableError
from unix_edge.files import make_private_file, make_private_folder
from unix_edge.sentences import Sentence

from ..storage.sqlite_files import has_tables, is_broken, name_problem, set_aside
from .copies import UNREAD, Copy, join_copies
from .drives import is_remote
from .index_schema import (
    APPLICATION,
    LATER,
    SCHEMA,
    TABLES,
    UNNAMED,
    add_file,
    natural_order,
    remove_empty,
    split_words,
)
from .media import is_dicomdir
from .studies import Instance, Order, Patient, Series, Study

NAME = "index.sqlite"
MOST_STUDIES = 200
"""That one search returns."""
_MATCHES = (
    "(instr(words, ?) OR EXISTS (SELECT 1 FROM pictures WHERE study = studies.id AND instr(pictures.words, ?))"
    " OR EXISTS (SELECT 1 FROM series WHERE study = studies.id"
    " AND instr(' ' || lower(modality || ' ' || body_part), ' ' || ?)) OR EXISTS (SELECT 1 FROM patients"
    " WHERE id = patient AND birth_date != '' AND instr(' ' || birth_date"
    " || ' ' || substr(birth_date, 1, 4) || '-' || substr(birth_date, 5, 2) || '-' || substr(birth_date, 7)"
    " || ' ' || substr(birth_date, 7) || '.' || substr(birth_date, 5, 2) || '.' || substr(birth_date, 1, 4),"
    " ' ' || ?)))"
)
"""Whether a word occurs in what is said of a study or in a picture's name, or begins a series' or the day of birth."""
_ORDERS = {
    Order.NEWEST: "date DESC, time DESC, studies.id DESC",
    Order.OLDEST: "date = '', date, time, studies.id",
    Order.NAME: "name = '', fold(name), date DESC, time DESC, studies.id DESC",
    Order.TIME: "time = '', time, date DESC, studies.id DESC",
}
_ALL = -1
"""As SQLite has it, of a limit."""
_SECONDS_TO_WAIT = 1.0
"""For another process that is just closing the database."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed of one file."""

    path: Path
    """Of the file, or of the archive that it is in."""
    member: str
    """Its name in the archive, else empty."""
    size: int
    """Of what is at the path."""
    modified_ns: int
    kept: Mapping[str, str]
    """Of its header, as `unix_edge.isolated.headers` reads it."""


class _BrokenError(Exception):
    """The file is no index, or no longer one."""


class StudyIndex:
    """The database, for the thread that opens it; only one process has it at a time.

    Raises:
        IndexUnavailableError: Another process has it, or its folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.notice: Sentence | None = None
        """What a person is to know of how it was opened, in a sentence."""
        self.read_only = False
        """Whether a newer version wrote it."""
        self._folder = folder
        path = folder / NAME
        try:
            make_private_folder(folder)
            try:
                self._connection = self._open(path)
            except _BrokenError:
                aside = set_aside(path)
                self.notice = Sentence(
                    "The index of studies was broken: it was set aside as {0}, and an empty one was begun. Open your "
                    "folders again to fill it.",
                    aside.name,
                )
                self._connection = self._open(path)
        except (sqlite3.Error, OSError, _BrokenError) as error:
            raise self._unavailable(error) from error
        if not self.read_only:
            with suppress(IndexUnavailableError):  # a full disk keeps nobody from reading
                self._join_pictures()

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def add(self, entries: Sequence[Entry]) -> None:
        """Add files, all or none, and on disk when this returns; a file that is known is taken anew.

        Raises:
            IndexUnavailableError: It is only read, or the disk is full.
        """
        left: set[int] = set()
        newest = {(each.path, each.member): each for each in entries}
        forget = "DELETE FROM instances WHERE path = ? AND member = ? RETURNING series"
        with self._writing() as connection:
            for path, member in newest:
                left.update(series for (series,) in connection.execute(forget, [os.fsencode(path), member]).fetchall())
            remove_empty(connection, left)  # before the files come back, so that what they said is not kept
            ids: dict[tuple[object, ...], int] = {}
            for each in newest.values():
                add_file(connection, each.path, each.member, each.size, each.modified_ns, each.kept, ids)

    def shared(self, files: Sequence[tuple[Path, str]]) -> list[tuple[Copy, ...]]:
        """Return the images among some files whose UID another file has too, with all of its files.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        named = "SELECT sop_uid FROM instances WHERE path = ? AND member = ? AND rows > 0"
        uids = {uid for path, member in files for (uid,) in self._read(named, [os.fsencode(path), member])}
        rows = self._read(
            "SELECT sop_uid, instances.path, instances.member, frames, coalesce(content, '') FROM instances"
            " LEFT JOIN copies ON copies.path = instances.path AND copies.member = instances.member"
            " WHERE rows > 0 AND sop_uid IN (SELECT value FROM json_each(?)) ORDER BY instances.id",
            [json.dumps([uid for uid in uids if not uid.startswith(UNNAMED)])],
        )
        found: dict[str, list[Copy]] = defaultdict(list)
        for uid, path, member, frames, content in rows:
            found[uid].append(Copy(Path(os.fsdecode(path)), member, frames, content))
        return [tuple(each) for each in found.values() if len(each) > 1]

    def set_contents(self, contents: Mapping[Copy, str]) -> None:
        """Note what files of one UID hold, as `copies.compare` found.

        Raises:
            IndexUnavailableError: It is only read, or the disk is full.
        """
        rows = [[os.fsencode(each.path), each.member, content] for each, content in contents.items()]
        with self._writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", rows)

    def remove_study(self, patient: Patient, study: Study) -> int:
        """Forget a patient's study; return how many links were removed. No file is touched.

        Raises:
            IndexUnavailableError: It is only read, or the disk is full.
        """
        of_study = (
            "SELECT series.id FROM series JOIN studies ON studies.id = study JOIN patients ON patients.id = patient"
            " WHERE studies.uid = ? AND patient_id = ? AND issuer = ? AND name = ?"
        )
        whose = [study.uid, patient.id, patient.issuer, patient.name]
        with self._writing() as connection:
            series = [number for (number,) in connection.execute(of_study, whose).fetchall()]
            forget = "DELETE FROM instances WHERE series IN (SELECT value FROM json_each(?))"
            removed = connection.execute(forget, [json.dumps(series)]).rowcount
            remove_empty(connection, series)
        return removed

    def patients(self, search: str = "", limit: int = MOST_STUDIES, order: Order = Order.NEWEST) -> tuple[Patient, ...]:
        """Return the first studies of an order in which every word of a search occurs.

        It may occur in name, ID, date, description or accession number, or begin birth date, modality or body part.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        return self._patients(*_matching(search), limit, order)

    def studies(self, uids: Sequence[str]) -> tuple[Patient, ...]:
        """Return the studies of some UIDs.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        where = "uid IN (SELECT value FROM json_each(?))"
        return self._patients(where, [json.dumps(list(uids))], MOST_STUDIES)

    def studies_of(self, patient: Patient) -> tuple[Patient, ...]:
        """Return a patient with all studies, as there are by now; whoever has no ID is a patient of one study.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        where = "patient_id = ? AND issuer = ? AND name = ? AND (patient_id != '' OR uid = ?)"
        return self._patients(where, [patient.id, patient.issuer, patient.name, patient.studies[0].uid], _ALL)

    def study_of(self, path: Path) -> tuple[Patient, Study, Instance | None] | None:
        """Return the newest study that has an image in a file, folder, archive or medium, which its DICOMDIR names.

        With it comes the image, if the path is that of its file; a report that is opened by itself is as good.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        folder = path.parent if is_dicomdir(path.name) else path
        start = os.fsencode(folder).rstrip(os.fsencode(os.sep))
        found = self._read(
            "SELECT study FROM instances JOIN series ON series.id = series JOIN studies ON studies.id = study"
            " WHERE rows > 0 AND (path = ? OR path >= ? AND path < ?)"
            " ORDER BY date DESC, time DESC, studies.id DESC LIMIT 1",
            [os.fsencode(path), start + os.fsencode(os.sep), start + os.fsencode(chr(ord(os.sep) + 1))],
        )
        if not found:
            found = self._read(
                "SELECT study FROM instances JOIN series ON series.id = series"
                " WHERE path = ? AND member = '' AND sop_class GLOB ? AND sop_class != ?",
                [os.fsencode(path), f"{SR_ROOT}*", KeyObjectSelectionDocumentStorage],
            )
        if not found:
            return None
        (patient,) = self._patients("studies.id = ?", found[0], 1)
        instances = [each for series in patient.studies[0].series for each in series.instances]
        own = [each for each in instances if each.path == path and not each.member]
        return patient, patient.studies[0], own[0] if own else None

    def count(self, search: str = "") -> int:
        """Return how many studies a search finds.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        where, words = _matching(search)
        return int(self._read(f"SELECT count(*) FROM studies WHERE {where}", words)[0][0])

    def holds(self, files: Sequence[tuple[Path, str, int, int]]) -> list[bool]:
        """Return of each path, member, size and modification time whether it is indexed just so, and was compared.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        known = (
            "SELECT 1 FROM instances WHERE path = ?1 AND member = ?2 AND size = ?3 AND modified_ns = ?4 AND NOT EXISTS"
            " (SELECT 1 FROM copies WHERE path = ?1 AND member = ?2 AND content = ?5)"
        )
        return [bool(self._read(known, [os.fsencode(path), *rest, UNREAD])) for path, *rest in files]

    def begin_opening(self, paths: Sequence[Path]) -> None:
        """Note what is about to be opened, so that it can be opened again if this process dies.

        Raises:
            IndexUnavailableError: It is only read, or the disk is full.
        """
        with self._writing() as connection:
            rows = [[os.fsencode(path)] for path in paths]
            connection.executemany("INSERT OR IGNORE INTO openings VALUES (?)", rows)

    def end_opening(self, paths: Sequence[Path]) -> None:
        """Note that it was opened, or is no longer wanted.

        Raises:
            IndexUnavailableError: It is only read, or the disk is full.
        """
        with self._writing() as connection:
            connection.executemany("DELETE FROM openings WHERE path = ?", [[os.fsencode(path)] for path in paths])

    def unfinished(self) -> tuple[Path, ...]:
        """Return what was being opened when a process died.

        Raises:
            IndexUnavailableError: It cannot be read.
        """
        return tuple(Path(os.fsdecode(path)) for (path,) in self._read("SELECT path FROM openings ORDER BY path", []))

    def _open(self, path: Path) -> sqlite3.Connection:
        make_private_file(path)  # SQLite's own files take its mode
        connection = sqlite3.connect(path, timeout=_SECONDS_TO_WAIT, isolation_level=None)
        try:
            self._prepare(connection)
        except sqlite3.DatabaseError as error:
            connection.close()
            if is_broken(error):
                raise _BrokenError from error
            raise
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        def ask(pragma: str) -> Any:
            return connection.execute(f"PRAGMA {pragma}").fetchone()[0]

        connection.create_function("fold", 1, _fold, deterministic=True)
        # No second process, so none of what befalls two that write; and no shared memory, which networks lack.
        ask("locking_mode = EXCLUSIVE")
        version, application = ask("user_version"), ask("application_id")
        empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not empty and (application != APPLICATION or version < 1):
            raise _BrokenError
        # What a newer version made may hold more; it is only read, so that no trigger of it runs.
        if not empty and version <= SCHEMA and not has_tables(connection, TABLES, LATER):
            raise _BrokenError
        if not empty and ask("quick_check(1)") != "ok":
            raise _BrokenError
        if version > SCHEMA:
            self.read_only = True
            self.notice = Sentence(
                "The index of studies was written by a newer version of this program, and is only read."
            )
            connection.execute("PRAGMA query_only = ON")
            return
        ask("journal_mode = DELETE" if is_remote(self._folder) else "journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if empty:
            connection.executescript(f"BEGIN; {TABLES} PRAGMA application_id = {APPLICATION}; COMMIT;")
        connection.executescript(f"BEGIN; {LATER} PRAGMA user_version = {SCHEMA}; COMMIT;")

    def _join_pictures(self) -> None:
        """Make one series of a folder's pictures, each of which an earlier version took for a study of its own."""
        rows = self._read(
            "SELECT path, member, size, modified_ns, instances.rows, columns, synthetic FROM instances"
            " JOIN series ON series.id = series WHERE sop_class = '' AND uid = sop_uid",
            [],
        )
        entries = []
        for path, member, size, modified, height, width, synthetic in rows:
            kept = {"Rows": str(height), "Columns": str(width)} | ({"SyntheticData": "YES"} if synthetic else {})
            entries.append(Entry(Path(os.fsdecode(path)), member, size, modified, kept))
        if entries:
            self.add(entries)

    def _patients(
        self, where: str, values: Sequence[object], limit: int, order: Order = Order.NEWEST
    ) -> tuple[Patient, ...]:
        rows = self._read(
            "SELECT patient, patient_id, issuer, name, birth_date, sex,"
            " studies.id, uid, date, time, description, accession"
            f" FROM studies JOIN patients ON patients.id = patient WHERE {where}"
            # By the index of dates only where it ends early: going through all studies is faster in their own order.
            f" ORDER BY {'+' if values else ''}{_ORDERS[order]} LIMIT ?",
            [*values, limit],
        )
        series = self._series([row[6] for row in rows])
        described: dict[int, tuple[str, str, str, str, str]] = {}
        studies: dict[int, list[Study]] = defaultdict(list)
        for patient, own_id, issuer, name, birth_date, sex, study, uid, date, at, text, accession in rows:
            described.setdefault(patient, (own_id, issuer, name, birth_date, sex))
            studies[patient].append(Study(uid, date, at, text, accession, tuple(series[study])))
        for of_patient in studies.values():
            of_patient.sort(key=lambda each: (each.date, each.time), reverse=True)
        return tuple(Patient(*said, studies=tuple(studies[patient])) for patient, said in described.items())

    def _series(self, studies: list[int]) -> dict[int, list[Series]]:
        """Return the series of each study, with their files."""
        these = json.dumps(studies)
        instances: dict[int, list[tuple[Instance, str]]] = defaultdict(list)
        for (
            of,
            sop_uid,
            sop_class,
            path,
            member,
            number,
            rows,
            columns,
            frames,
            synthetic,
            size,
            modified,
            content,
            contents,
        ) in self._read(
            "SELECT series, sop_uid, sop_class, instances.path, instances.member, instances.number, rows, columns,"
            " frames, synthetic, size, modified_ns, coalesce(content, ''), CASE WHEN content IS NULL THEN 0 ELSE"
            " (SELECT count(DISTINCT its.content) FROM instances AS other JOIN copies AS its"
            " ON its.path = other.path AND its.member = other.member"
            " WHERE other.sop_uid = instances.sop_uid AND its.content != ?) END"
            " FROM instances JOIN series ON series.id = series"
            " LEFT JOIN copies ON copies.path = instances.path AND copies.member = instances.member"
            " WHERE study IN (SELECT value FROM json_each(?))"
            " ORDER BY instances.number IS NULL, instances.number, instances.path, instances.member",
            [UNREAD, these],
        ):
            shape, where = (rows, columns, frames), Path(os.fsdecode(path))
            one = Instance(sop_uid, sop_class, where, member, number, *shape, bool(synthetic), size, modified)
            instances[of].append((replace(one, conflict=contents > 1), content))
        series: dict[int, list[Series]] = defaultdict(list)
        for row, study, uid, number, modality, description, body_part in self._read(
            "SELECT id, study, uid, number, modality, description, body_part FROM series"
            " WHERE study IN (SELECT value FROM json_each(?)) ORDER BY number IS NULL, number, uid",
            [these],
        ):
            files = instances[row]
            if not any(each.sop_class for each, _ in files):
                files.sort(key=lambda file: natural_order(file[0].name))
            series[study].append(Series(uid, number, modality, description, body_part, join_copies(files)))
        return series

    def _read(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._unavailable(error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing."""
        if self.read_only:
            raise IndexUnavailableError(
                self._folder, Sentence("a newer version of this program wrote it, so it is only read")
            )
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.DatabaseError):
                raise self._unavailable(error) from error
            raise

    def _unavailable(self, error: Exception) -> IndexUnavailableError:
        return IndexUnavailableError(self._folder, name_problem(error))


class IndexThread:
    """The one thread that has the index open; any thread may ask it, and is answered in turn.

    Raises:
        IndexUnavailableError: Another process has it, or its folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._thread = ThreadPoolExecutor(1, "index")
        try:
            self._index = self._thread.submit(StudyIndex, folder).result()
        except BaseException:
            self._thread.shutdown()
            raise

    @property
    def notice(self) -> Sentence | None:
        """What a person is to know of how it was opened, in a sentence."""
        return self._index.notice

    @property
    def read_only(self) -> bool:
        """Whether a newer version wrote it."""
        return self._index.read_only

    def ask(self, question: Callable[[StudyIndex], _T]) -> Future[_T]:
        """Run `question` in the index's thread; its answer or error is the future's."""
        return self._thread.submit(question, self._index)

    def close(self) -> None:
        """Close the index when what was asked is answered."""
        self._thread.submit(self._index.close)
        self._thread.shutdown()


def _fold(name: str) -> str:
    """Return a name as it is sorted."""
    return " ".join(split_words(name))


def _matching(search: str) -> tuple[str, list[str]]:
    words = split_words(search)
    return " AND ".join([_MATCHES] * len(words)) or "true", [word for word in words for _ in range(_MATCHES.count("?"))]
