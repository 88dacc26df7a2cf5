"""Where drafts are kept: every version with what the machine wrote, each edit, and what became of it.

`DraftStore` belongs to the thread that makes it; `store_thread` is such a thread, which any other may ask.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from unix_edge.errors import DraftsUnavailableError
from unix_edge.report import Ended
from unix_edge.sentences import Sentence

from ..storage.sqlite_files import name_problem
from .database import back_up, open_database
from .difference import edit_distance
from .draft_text import Operation, plain
from .events import Event, EventKind, hash_uid
from .values import DraftImage, KeptDraft, MachineDraft, Reason, State

_IMAGE = [field.name for field in fields(DraftImage)]
_OF_DRAFT = ["run", "version", "state", "is_edited", "findings", "impression", "began", "changed", "closed"]
_OF_DRAFT += ["signer", "reason", "note"]
_OF_MACHINE = [field.name for field in fields(MachineDraft)]


class DraftStore:
    """The database, for the thread that opens it.

    What changes it raises DraftsUnavailableError where it may not be written or the disk is full, and is then not done.

    Raises:
        DraftsUnavailableError: Its folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = open_database(folder)
        self._connection = self._database.connection

    @property
    def notice(self) -> Sentence | None:
        """What a person is to know of how it was opened, in a sentence."""
        return self._database.notice

    @property
    def read_only(self) -> bool:
        """Whether another window or a newer version has it."""
        return self._database.read_only

    def close(self) -> None:
        """Close it."""
        self._database.close()

    def back_up(self) -> None:
        """Write a whole copy beside it."""
        try:
            back_up(self._connection, self._folder)
        except (sqlite3.Error, OSError) as error:
            raise DraftsUnavailableError(self._folder, name_problem(error)) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written within, or nothing; it is on disk at the end."""
        if self.read_only:
            raise DraftsUnavailableError(
                self._folder, Sentence("another window or a newer version of this program has them")
            )
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
                raise DraftsUnavailableError(self._folder, name_problem(error)) from error
            raise

    def begin(self, run: str, image: DraftImage) -> None:
        """Begin a new version of an image's report; within `writing`, as all that follows.

        Raises:
            sqlite3.IntegrityError: There is such a run.
        """
        now = _now()
        columns = [*_IMAGE, *_OF_DRAFT]
        (version,) = self._connection.execute(
            "SELECT coalesce(max(version), 0) + 1 FROM drafts WHERE sop_uid = ?", [image.sop_uid]
        ).fetchone()
        values = [*astuple(image), run, version, State.DRAFTED, False, "", "", now, now, "", "", "", ""]
        self._connection.execute(f"INSERT INTO drafts ({', '.join(columns)}) VALUES ({_marks(columns)})", values)

    def append(
        self, run: str, first: int, operations: Sequence[Operation], sections: tuple[str, str], is_edited: bool
    ) -> None:
        """Add what was done to a text, and keep what it now says.

        Args:
            run: Of the draft.
            first: The number of the first of the operations, from 0.
            operations: Those since.
            sections: FINDINGS and IMPRESSION.
            is_edited: Whether a person changed what the machine wrote.
        """
        rows = [(run, first + at, json.dumps(operation)) for at, operation in enumerate(operations)]
        self._connection.executemany("INSERT INTO operations VALUES (?, ?, ?)", rows)
        state = State.EDITED if is_edited else State.DRAFTED
        self._update(run, state=state, is_edited=is_edited, findings=sections[0], impression=sections[1])
        self._note_first_edit(run)

    def keep_machine_draft(self, run: str, draft: MachineDraft) -> None:
        """Keep what the machine wrote, for good."""
        values = [run, draft.text, draft.findings, draft.impression, draft.ended, json.dumps(draft.tokens)]
        values += [json.dumps(each) for each in (draft.log_probabilities, draft.provenance)]
        values.append(json.dumps([each.as_json() for each in draft.warnings]))
        columns = ["run", *_OF_MACHINE]
        self._connection.execute(
            f"INSERT INTO machine_drafts ({', '.join(columns)}) VALUES ({_marks(columns)})", [*values, draft.in_domain]
        )
        self._note(run, EventKind.DRAFTED)
        self._note_first_edit(run)

    def sign(self, run: str, signer: str) -> None:
        """Close a draft as signed by a person who typed a name; nobody is authenticated."""
        self._update(run, state=State.SIGNED, closed=_now(), signer=signer)
        self._note(run, EventKind.SUPPLEMENTED if self.read(run).is_edited else EventKind.ACCEPTED)

    def reject(self, run: str, reason: Reason, note: str) -> None:
        """Close a draft as rejected; it stays, with all that was written."""
        self._update(run, state=State.REJECTED, closed=_now(), reason=reason, note=note)
        self._note(run, EventKind.REJECTED, reason)

    def read(self, run: str) -> KeptDraft:
        """Return a draft.

        Raises:
            KeyError: There is no such run.
        """
        found = self._drafts("run = ?", [run])
        if not found:
            raise KeyError(run)
        return found[0]

    def operations(self, run: str) -> list[Operation]:
        """Return all that was done to a draft's text, the oldest first."""
        found = self._read("SELECT operation FROM operations WHERE run = ? ORDER BY number", [run])
        return [tuple(json.loads(operation)) for (operation,) in found]

    def versions(self, sop_uid: str) -> list[KeptDraft]:
        """Return all versions of an image's report, the newest first, of whatever pixels (`gray_sha256`)."""
        return self._drafts("sop_uid = ?", [sop_uid])

    def of_study(self, study_uid: str) -> list[KeptDraft]:
        """Return all drafts of a study's images, the newest first."""
        return self._drafts("study_uid = ?", [study_uid])

    def states(self) -> Mapping[str, Mapping[State, int]]:
        """Return of every study that has drafts how many of its images' newest versions are in which state."""
        newest = "SELECT study_uid, state, count(*) FROM drafts AS one WHERE version = (SELECT max(version) FROM drafts"
        counts: dict[str, Counter[State]] = defaultdict(Counter)
        for study, state, count in self._read(f"{newest} WHERE sop_uid = one.sop_uid) GROUP BY study_uid, state", []):
            counts[study][State(state)] = count
        return counts

    def unfinished(self) -> list[KeptDraft]:
        """Return the drafts that are neither signed nor rejected, the newest first: what a crash may have cut off."""
        return self._drafts("state NOT IN (?, ?)", [State.SIGNED, State.REJECTED])

    def events(self) -> list[Event]:
        """Return the log, the oldest first; nothing in it says who a patient is."""
        found = self._read(
            "SELECT sequence, time, event, edit_distance, reason, model, sop_uid_sha256 FROM events ORDER BY sequence",
            [],
        )
        return [Event(row[0], row[1], EventKind(row[2]), *row[3:]) for row in found]

    def _drafts(self, where: str, values: Sequence[object]) -> list[KeptDraft]:
        columns = [*(f"drafts.{each}" for each in (*_IMAGE, *_OF_DRAFT)), *(f"machine_drafts.{e}" for e in _OF_MACHINE)]
        rows = self._read(
            f"SELECT {', '.join(columns)} FROM drafts LEFT JOIN machine_drafts ON machine_drafts.run = drafts.run"
            f" WHERE drafts.{where} ORDER BY drafts.began DESC, drafts.rowid DESC",
            values,
        )
        own = (*_IMAGE, *_OF_DRAFT)
        return [_rebuild(dict(zip(own, row[: len(own)], strict=True)), row[len(own) :]) for row in rows]

    def _update(self, run: str, **values: object) -> None:
        values["changed"] = _now()
        these = ", ".join(f"{each} = ?" for each in values)
        done = self._connection.execute(f"UPDATE drafts SET {these} WHERE run = ?", [*values.values(), run])
        if not done.rowcount:
            raise KeyError(run)

    def _note_first_edit(self, run: str) -> None:
        """Note that a draft is edited, once, and not before it is a draft."""
        first = (
            "UPDATE drafts SET edit_noted = 1 WHERE run = ? AND is_edited AND NOT edit_noted"
            " AND EXISTS (SELECT 1 FROM machine_drafts WHERE run = drafts.run)"
        )
        if self._connection.execute(first, [run]).rowcount:
            self._note(run, EventKind.EDITED)

    def _note(self, run: str, kind: EventKind, reason: str = "") -> None:
        draft = self.read(run)
        distance = None
        if draft.machine is not None and kind is not EventKind.DRAFTED:
            pairs = ((draft.machine.findings, draft.findings), (draft.machine.impression, draft.impression))
            distance = sum(edit_distance(plain(was), now) for was, now in pairs)
        self._connection.execute(
            "INSERT INTO events (time, event, edit_distance, reason, model, sop_uid_sha256) VALUES (?, ?, ?, ?, ?, ?)",
            [_now(), kind, distance, reason, _model(draft.machine), hash_uid(draft.image.sop_uid)],
        )

    def _read(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise DraftsUnavailableError(self._folder, name_problem(error)) from error


def _rebuild(said: dict[str, Any], machine: Sequence[Any]) -> KeptDraft:
    image = DraftImage(**{name: said.pop(name) for name in _IMAGE})
    image = replace(image, synthetic=bool(image.synthetic))
    said["state"], said["is_edited"] = State(said["state"]), bool(said["is_edited"])
    said["reason"] = Reason(said["reason"]) if said["reason"] else None
    if machine[0] is None:
        return KeptDraft(image=image, machine=None, **said)
    kept = dict(zip(_OF_MACHINE, machine, strict=True))
    for name in ("tokens", "log_probabilities"):
        kept[name] = tuple(json.loads(kept[name]))
    kept["warnings"] = tuple(map(Sentence.from_json, json.loads(kept["warnings"])))
    kept["ended"], kept["provenance"] = Ended(kept["ended"]), json.loads(kept["provenance"])
    kept["in_domain"] = None if kept["in_domain"] is None else bool(kept["in_domain"])
    return KeptDraft(image=image, machine=MachineDraft(**kept), **said)


def _model(machine: MachineDraft | None) -> str:
    if machine is None:
        return ""
    made = machine.provenance
    return " ".join(str(made.get(name, "")) for name in ("checkpoint", "precision", "checkpoint_sha256")).strip()


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("?" * len(columns))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")
