"""Drafts are kept with all that was written, never written over, and never by two windows."""

import sqlite3
import stat

import pytest

from unix_edge.errors import DraftsUnavailableError
from unix_edge.report import Ended
from unix_edge.sentences import Sentence
from unix_edge_desktop.drafts.database import BACKUPS, ELSEWHERE, MOST_BACKUPS, NAME, NEWER, list_backups
from unix_edge_desktop.drafts.events import EventKind, hash_uid
from unix_edge_desktop.drafts.store import DraftStore
from unix_edge_desktop.drafts.values import DraftImage, MachineDraft, Reason, State

IMAGE = DraftImage("2.25.3", "ab" * 32, "2.25.1", "2.25.2", "4711", "", "CANARY^Jane", "20260101", "A1", True)
MACHINE = MachineDraft(
    "FINDINGS: Large heart. IMPRESSION: Cardiomegaly.",
    "Large heart.",
    "Cardiomegaly.",
    Ended.FINISHED,
    (5, 7),
    (-0.5, -0.25),
    {"checkpoint": "UniX", "precision": "fp16", "checkpoint_sha256": "cd" * 32},
    (Sentence("Odd."),),
    None,
)


@pytest.fixture
def open_store(tmp_path):
    """Open stores on one folder; whatever is open at the end is closed."""
    stores = []

    def make():
        stores.append(DraftStore(tmp_path / "drafts"))
        return stores[-1]

    yield make
    for each in stores:
        each.close()


@pytest.fixture
def store(open_store):
    return open_store()


def draft(store, run="run", image=IMAGE):
    with store.writing():
        store.begin(run, image)
        store.append(run, 0, [("begin", run, None), ("piece", MACHINE.text), ("end",)], SECTIONS, False)
        store.keep_machine_draft(run, MACHINE)


SECTIONS = (MACHINE.findings, MACHINE.impression)


def write(store, name, *values):
    with store.writing():
        getattr(store, name)(*values)


def test_a_draft_comes_back_whole(store, open_store):
    draft(store)
    store.close()
    again = open_store()
    kept = again.read("run")
    assert (kept.image, kept.machine, kept.state, kept.version) == (IMAGE, MACHINE, State.DRAFTED, 1)
    assert (kept.findings, kept.impression, kept.is_edited, kept.reason) == (*SECTIONS, False, None)
    assert again.operations("run") == [("begin", "run", None), ("piece", MACHINE.text), ("end",)]
    assert kept.began <= kept.changed and kept.began[-6] in "+-"
    with pytest.raises(KeyError):
        again.read("another")


def test_a_new_run_stands_beside_the_old_one(store):
    draft(store)
    write(
        store, "append", "run", 3, [("edit", "findings", 0, 0, "Mine. ")], ("Mine. Large heart.", "Cardiomegaly."), True
    )
    draft(store, "again")
    newest, oldest = store.versions("2.25.3")
    assert (newest.run, newest.version, oldest.run, oldest.version) == ("again", 2, "run", 1)
    assert oldest.findings == "Mine. Large heart." and oldest.state is State.EDITED
    with pytest.raises(sqlite3.IntegrityError):
        draft(store, "again")
    assert len(store.versions("2.25.3")) == 2


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET run = run"])
@pytest.mark.parametrize("table", ["machine_drafts", "operations", "events", "drafts"])
def test_what_was_written_is_not_changed_or_removed(store, table, statement):
    draft(store)
    write(store, "sign", "run", "Dr. Roe")
    if table == "events":
        statement = statement.replace("run", "time")
    with pytest.raises(sqlite3.IntegrityError, match=r"only grow|are kept|no more"):
        store._connection.execute(statement.format(table))


def test_states_of_a_study_count_its_images_newest_versions(store):
    draft(store)
    draft(store, "again")
    draft(store, "other", DraftImage("2.25.4", "", "2.25.1"))
    draft(store, "elsewhere", DraftImage("2.25.5", "", "2.25.9"))
    write(store, "sign", "again", "Dr. Roe")
    write(store, "reject", "other", Reason.SIDE, "CANARY words")
    write(store, "append", "elsewhere", 3, [("undo",)], ("", ""), True)
    assert store.states() == {
        "2.25.1": {State.SIGNED: 1, State.REJECTED: 1},
        "2.25.9": {State.EDITED: 1},
    }
    assert [each.run for each in store.of_study("2.25.1")] == ["other", "again", "run"]
    assert [each.run for each in store.unfinished()] == ["elsewhere", "run"]
    signed, rejected = store.read("again"), store.read("other")
    assert signed.signer == "Dr. Roe" and signed.closed
    assert (rejected.reason, rejected.note) == (Reason.SIDE, "CANARY words")


def test_the_log_tells_what_became_of_drafts_and_of_no_patient(store):
    for run in ("a", "b", "c"):
        draft(store, run)
    write(store, "sign", "a", "CANARY Roe")
    for text in ("Heart of CANARY.", "Normal heart."):
        operations = [("edit", "findings", 0, 5, text[:5])]
        write(store, "append", "b", len(store.operations("b")), operations, (text, MACHINE.impression), True)
    write(store, "sign", "b", "CANARY Roe")
    write(store, "reject", "c", Reason.INVENTED, "CANARY")
    events = store.events()
    assert [each.sequence for each in events] == list(range(1, 8))
    assert [(each.kind, each.edit_distance, each.reason) for each in events] == [
        (EventKind.DRAFTED, None, ""),
        (EventKind.DRAFTED, None, ""),
        (EventKind.DRAFTED, None, ""),
        (EventKind.ACCEPTED, 0, ""),
        (EventKind.EDITED, 3, ""),
        (EventKind.SUPPLEMENTED, 1, ""),
        (EventKind.REJECTED, 0, Reason.INVENTED),
    ]
    assert all(each.model == f"UniX fp16 {'cd' * 32}" for each in events)
    assert all(each.sop_uid_sha256 == hash_uid("2.25.3") for each in events)
    assert "CANARY" not in str(events) and "2.25" not in str(events)


def test_an_edit_while_it_streams_is_logged_once_the_draft_is_there(store):
    with store.writing():
        store.begin("run", IMAGE)
        store.append("run", 0, [("begin", "run", None)], ("Mine", ""), True)
    assert store.events() == []
    write(store, "keep_machine_draft", "run", MACHINE)
    assert [each.kind for each in store.events()] == [EventKind.DRAFTED, EventKind.EDITED]


def test_all_or_nothing_is_written(store):
    with pytest.raises(ZeroDivisionError), store.writing():
        store.begin("run", IMAGE)
        _ = 1 / 0
    assert store.versions("2.25.3") == []


def test_the_files_are_only_for_whom_they_are_of(store, tmp_path):
    draft(store)
    store.back_up()
    folder = tmp_path / "drafts"
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE((folder / BACKUPS).stat().st_mode) == 0o700
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert len(files) >= 3
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}


def test_a_second_window_reads_and_says_so(store, open_store):
    draft(store)
    second = open_store()
    assert second.read_only and second.notice == ELSEWHERE
    assert second.read("run").findings == "Large heart."
    with pytest.raises(DraftsUnavailableError, match="another window"), second.writing():
        pass
    second.close()
    write(store, "sign", "run", "Dr. Roe")
    store.close()
    third = open_store()
    assert not third.read_only and third.read("run").state is State.SIGNED


def test_what_a_newer_version_wrote_is_only_read(store, open_store):
    draft(store)
    store._connection.execute("PRAGMA user_version = 2")
    store.close()
    again = open_store()
    assert again.read_only and again.notice == NEWER and again.read("run").version == 1
    with pytest.raises(sqlite3.OperationalError):
        again._connection.execute("UPDATE drafts SET state = 'signed'")


@pytest.mark.parametrize("harm", ["zeros", "text", "foreign"])
def test_a_broken_file_is_set_aside_and_its_last_backup_taken(store, open_store, tmp_path, harm):
    draft(store)
    store.back_up()
    draft(store, "after")
    store.close()
    path = tmp_path / "drafts" / NAME
    content = path.read_bytes()
    if harm == "foreign":
        path.unlink()
        other = sqlite3.connect(path)
        other.executescript("CREATE TABLE other (a); PRAGMA user_version = 1;")
        other.close()
    else:
        path.write_bytes(content[:4096] + bytes(len(content) - 4096) if harm == "zeros" else b"no database " * 999)
    again = open_store()
    assert "set aside as drafts.sqlite.broken-" in str(again.notice) and "the copy of 2" in str(again.notice)
    assert not again.read_only and [each.run for each in again.versions("2.25.3")] == ["run"]
    assert list((tmp_path / "drafts").glob("drafts.sqlite.broken-*"))
    draft(again, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_broken_backup_is_passed_over(store, open_store, tmp_path):
    draft(store)
    store.back_up()
    draft(store, "again")
    store.back_up()
    store.close()
    newest, _ = list_backups(tmp_path / "drafts")
    for path in (newest, tmp_path / "drafts" / NAME):
        path.write_bytes(b"x" * 9000)
    again = open_store()
    assert [each.run for each in again.versions("2.25.3")] == ["run"]


def test_without_a_backup_a_broken_file_still_makes_way(store, open_store, tmp_path):
    draft(store)
    store.close()
    (tmp_path / "drafts" / NAME).write_bytes(b"x" * 9000)
    again = open_store()
    assert "there was no copy" in str(again.notice) and again.states() == {}
    draft(again)


def test_so_many_backups_are_kept(store, tmp_path):
    draft(store)
    for _ in range(MOST_BACKUPS + 3):
        store.back_up()
    assert len(list_backups(tmp_path / "drafts")) == MOST_BACKUPS


def test_a_folder_that_cannot_be_is_told(tmp_path):
    (tmp_path / "drafts").write_text("a file")
    with pytest.raises(DraftsUnavailableError, match="cannot be used"):
        DraftStore(tmp_path / "drafts")


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TRIGGER other AFTER INSERT ON operations BEGIN DELETE FROM events; END",
        "DROP TRIGGER kept_drafts",
        "ALTER TABLE drafts ADD COLUMN more TEXT",
        "DROP TABLE events",
        "CREATE VIEW more AS SELECT 1",
    ],
)
def test_drafts_with_our_marks_and_other_tables_make_way_for_their_last_backup(store, open_store, tmp_path, script):
    draft(store)
    store.back_up()
    store.close()
    other = sqlite3.connect(tmp_path / "drafts" / NAME)
    other.executescript(script)
    other.close()
    again = open_store()
    assert "the copy of 2" in str(again.notice) and [each.run for each in again.versions("2.25.3")] == ["run"]
