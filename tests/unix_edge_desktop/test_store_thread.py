"""What is typed reaches the disk together and in order, is kept while the disk refuses it, and outlives a kill."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from unix_edge.errors import DraftsUnavailableError, SigningError
from unix_edge.report import Ended
from unix_edge_desktop.drafts import store_thread
from unix_edge_desktop.drafts.draft import Draft
from unix_edge_desktop.drafts.draft_text import DraftText, Section
from unix_edge_desktop.drafts.store import DraftStore
from unix_edge_desktop.drafts.store_thread import DraftThread
from unix_edge_desktop.drafts.values import DraftImage, MachineDraft, Reason, State

IMAGE = DraftImage("2.25.3", "ab" * 32, "2.25.1")
REPORT = "FINDINGS: Large heart. IMPRESSION: Cardiomegaly."
MACHINE = MachineDraft(REPORT, "Large heart.", "Cardiomegaly.", Ended.FINISHED)
FINDINGS, IMPRESSION = Section


@pytest.fixture
def open_drafts(tmp_path):
    """Open threads on one folder; whatever runs at the end is closed."""
    threads = []

    def make(**values):
        threads.append(DraftThread(tmp_path, **values))
        return threads[-1]

    yield make
    for each in threads:
        each.close()


@pytest.fixture
def drafts(open_drafts):
    return open_drafts()


def write_draft(drafts, run="run"):
    draft = Draft.begin(drafts, IMAGE, run)
    for at in range(0, len(REPORT), 5):
        draft.feed(REPORT[at : at + 5])
    draft.finish(MACHINE)
    return draft


def reopen(drafts, run="run"):
    return Draft.reopen(drafts, *drafts.ask(lambda store: (store.read(run), store.operations(run))).result(9))


def test_a_draft_is_kept_as_it_is_written_and_taken_up_again(drafts, open_drafts):
    draft = write_draft(drafts)
    draft.edit(IMPRESSION, 0, 0, "Mild ")
    draft.saved.result(9)
    drafts.close()
    again = reopen(other := open_drafts())
    assert again.text.text(IMPRESSION) == "Mild Cardiomegaly." and again.machine == MACHINE
    assert again.state is State.EDITED and again.text.ranges(IMPRESSION) == draft.text.ranges(IMPRESSION)
    again.undo()
    again.saved.result(9)
    kept = other.ask(lambda store: store.read("run")).result(9)
    assert kept.impression == "Cardiomegaly." and kept.state is State.DRAFTED and not kept.is_edited


def test_what_comes_together_is_written_together_within_two_seconds(drafts, monkeypatch):
    commits = []
    writing = DraftStore.writing
    monkeypatch.setattr(DraftStore, "writing", lambda store: commits.append(1) or writing(store))
    draft = Draft.begin(drafts, IMAGE, "run")
    began = time.monotonic()
    for letter in "Typed in one go.":
        draft.edit(FINDINGS, 0, 0, letter)
    draft.saved.result(9)
    assert time.monotonic() - began < 2 and len(commits) == 1


def test_a_question_sees_what_was_written_before_it(drafts):
    write_draft(drafts)
    assert drafts.ask(lambda store: store.read("run").findings).result(9) == "Large heart."
    with pytest.raises(KeyError):
        drafts.ask(lambda store: store.read("none")).result(9)


def test_a_stream_that_was_cut_off_has_ended_when_it_is_taken_up(drafts, open_drafts):
    draft = Draft.begin(drafts, IMAGE, "run")
    draft.feed("FINDINGS: Large he")
    draft.saved.result(9)
    drafts.close()
    again = reopen(open_drafts())
    assert again.machine is None and not again.text.is_streaming and again.text.text(FINDINGS) == "Large he"
    again.edit(FINDINGS, 8, 0, "art")
    again.saved.result(9)


def test_text_that_cannot_be_done_again_is_taken_as_it_was_kept(drafts, open_drafts):
    write_draft(drafts).saved.result(9)
    drafts.write(
        lambda store: store.append("run", 99, [("edit", "findings", 999, 0, "x")], ("As kept.", "Too."), True)
    ).result(9)
    again = reopen(drafts)
    assert (again.text.text(FINDINGS), again.text.text(IMPRESSION)) == ("As kept.", "Too.")
    again.edit(FINDINGS, 0, 0, "Still. ")
    again.saved.result(9)
    drafts.close()
    assert reopen(open_drafts()).text.text(FINDINGS) == "Still. As kept."


def test_signed_it_changes_no_more(drafts):
    draft = write_draft(drafts)
    draft.sign("  Dr.  Roe ").result(9)
    before = drafts.ask(lambda store: (store.read("run"), store.operations("run"))).result(9)
    assert before[0].state is State.SIGNED and before[0].signer == "Dr. Roe"
    draft.edit(FINDINGS, 0, 5, "x")
    assert draft.undo() == draft.redo() == draft.feed("x") == []
    with pytest.raises(SigningError, match="already"):
        draft.sign("Dr. Roe")
    with pytest.raises(SigningError, match="already"):
        draft.reject(Reason.OTHER)
    again = reopen(drafts)
    again.edit(FINDINGS, 0, 5, "x")
    assert again.state is State.SIGNED and again.text.text(FINDINGS) == "Large heart."
    assert drafts.ask(lambda store: (store.read("run"), store.operations("run"))).result(9) == before


def test_rejected_it_stays_with_its_reason(drafts):
    draft = write_draft(drafts)
    draft.reject(Reason.SIDE, "It is the other lung.").result(9)
    kept = drafts.ask(lambda store: store.read("run")).result(9)
    assert (kept.state, kept.reason, kept.note) == (State.REJECTED, Reason.SIDE, "It is the other lung.")
    assert kept.machine == MACHINE


@pytest.mark.parametrize("name", ["", "  ", "Roe^Jane", "a=b", "a\\b", "é" * 33, "a\x07b"])
def test_what_is_no_name_signs_nothing(drafts, name):
    draft = write_draft(drafts)
    with pytest.raises(SigningError, match="name"):
        draft.sign(name)
    assert draft.state is State.DRAFTED


def test_nothing_unfinished_or_empty_is_signed(drafts):
    draft = Draft.begin(drafts, IMAGE, "run")
    draft.feed(REPORT)
    with pytest.raises(SigningError, match="being written"):
        draft.sign("Dr. Roe")
    draft.cut_off()
    with pytest.raises(SigningError, match="cut off"):
        draft.sign("Dr. Roe")
    draft.finish(MACHINE)
    draft.undo()
    with pytest.raises(SigningError, match="empty"):
        draft.sign("Dr. Roe")


def test_while_the_disk_is_full_nothing_is_lost_and_a_sentence_says_so(drafts_told, monkeypatch):
    drafts, told = drafts_told
    full = threading.Event()
    full.set()
    append = DraftStore.append

    def refuse(store, *values):
        append(store, *values)
        if full.is_set():
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    monkeypatch.setattr(store_thread, "AGAIN", 0.05)
    monkeypatch.setattr(DraftStore, "append", refuse)
    draft = write_draft(drafts)
    draft.edit(FINDINGS, 0, 0, "Mine. ")
    wait_for(lambda: told)
    time.sleep(0.2)
    assert "the disk is full" in str(told[0]) and len(told) == 1 and not draft.saved.done()
    assert drafts.ask(lambda store: store.versions("2.25.3")).result(9) == []
    full.clear()
    draft.saved.result(9)
    wait_for(lambda: len(told) == 2)
    assert told[1] is None and drafts.problem is None
    assert drafts.ask(lambda store: store.read("run").findings).result(9) == "Mine. Large heart."


@pytest.fixture
def drafts_told(open_drafts):
    told = []
    return open_drafts(failed=told.append), told


def wait_for(truth, seconds=9):
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_one_change_that_can_never_be_written_keeps_no_other_from_it(drafts):
    draft = write_draft(drafts)
    wrong = drafts.write(lambda store: store.begin("run", IMAGE))
    draft.edit(FINDINGS, 0, 0, "Mine. ")
    draft.saved.result(9)
    assert isinstance(wrong.exception(9), sqlite3.IntegrityError)
    assert drafts.ask(lambda store: store.read("run").findings).result(9) == "Mine. Large heart."


def test_what_is_left_at_the_end_is_written_and_copied(open_drafts, tmp_path):
    drafts = open_drafts()
    write_draft(drafts)
    assert drafts.close() is None
    assert reopen(open_drafts()).text.text(FINDINGS) == "Large heart."
    assert len(list((tmp_path / "drafts-backups").iterdir())) == 1


def test_a_second_window_is_told_and_keeps_nothing(drafts, open_drafts):
    write_draft(drafts).saved.result(9)
    second = open_drafts()
    assert second.read_only and "Another window" in str(second.notice)
    draft = write_draft(second, "theirs")
    assert isinstance(draft.saved.exception(9), DraftsUnavailableError)
    assert [each.run for each in second.ask(lambda store: store.versions("2.25.3")).result(9)] == ["run"]


TYPING = """
import json, random, sys, time
from pathlib import Path
from unix_edge_desktop.drafts import store_thread
from unix_edge_desktop.drafts.draft import Draft
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.store_thread import DraftThread
from unix_edge_desktop.drafts.values import DraftImage

folder, seed = Path(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
store_thread.TOGETHER = chance.choice([0.0, 0.01, 0.05])
drafts = DraftThread(folder)
draft = Draft.begin(drafts, DraftImage("2.25.3", "", "2.25.1"), f"run {seed}")
print("open", flush=True)
written = 0
while True:
    draft.feed(f"word{written} ")
    text = draft.text.text(Section.FINDINGS)
    draft.edit(Section.FINDINGS, chance.choice([0, len(text)]), 0, chance.choice("abc \\n"))
    written = len(draft.text.operations)
    state = json.dumps([written, draft.text.text(Section.FINDINGS), time.monotonic()])
    draft.saved.add_done_callback(lambda _, state=state: print(state, flush=True))
    if written % 400 == 0:
        draft.undo()
    time.sleep(chance.random() * 0.004)
"""


@pytest.mark.soak
def test_what_was_acknowledged_outlives_a_kill_at_any_moment(tmp_path, soak):
    kills = 10 if soak == 1 else 200
    chance = random.Random(7)
    acknowledged_in_all = 0
    for number in range(kills):
        command = [sys.executable, "-c", TYPING, str(tmp_path), str(number)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout and process.stdout.readline() == "open\n"
        time.sleep(0.06 + chance.random() * 0.6)
        process.send_signal(signal.SIGKILL)
        lines = process.communicate()[0].split("\n")[:-1]  # a last line may be half
        drafts = DraftThread(tmp_path)
        try:
            assert drafts.notice is None and not drafts.read_only
            kept, operations = drafts.ask(
                lambda store, run=f"run {number}": (store.versions("2.25.3")[0], store.operations(run))
            ).result(9)
        finally:
            drafts.close()
        if not lines:
            continue
        written, text, _ = json.loads(lines[-1])
        acknowledged_in_all += written
        assert kept.run == f"run {number}" and len(operations) >= written
        assert DraftText.restore(operations[:written]).text(FINDINGS) == text
        assert DraftText.restore(operations).text(FINDINGS) == kept.findings
    assert acknowledged_in_all > 20 * kills


def test_while_something_is_written_copies_are_made(drafts, monkeypatch, tmp_path):
    monkeypatch.setattr(store_thread, "BACKUP_AFTER", 0.0)
    write_draft(drafts).saved.result(9)
    wait_for(lambda: list((tmp_path / "drafts-backups").glob("*.sqlite")))


FILLING = """
import resource, sys, time
from pathlib import Path
from unix_edge_desktop.drafts import store_thread
from unix_edge_desktop.drafts.draft import Draft
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.store_thread import DraftThread
from unix_edge_desktop.drafts.values import DraftImage

store_thread.TOGETHER, store_thread.AGAIN = 0.01, 0.1
told = []
drafts = DraftThread(Path(sys.argv[1]), failed=lambda sentence: told.append(str(sentence or "")))
draft = Draft.begin(drafts, DraftImage("2.25.3", "", "2.25.1"), "run")
draft.saved.result(9)
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))
for number in range(1000):
    draft.edit(Section.FINDINGS, 0, 0, f"{number} " * 100 + "\\n")
    if told:
        break
    time.sleep(0.02)
assert "the disk failed, or allows no more" in told[0], told
assert not draft.saved.done() and drafts.problem
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
draft.saved.result(9)
assert drafts.ask(lambda store: store.read("run").findings).result(9) == draft.text.text(Section.FINDINGS)
assert drafts.close() is None and told[-1] == "", told
"""


def test_where_no_file_may_grow_it_says_so_and_writes_when_it_may_again(tmp_path, run_python):
    result = run_python("-c", FILLING, str(tmp_path))
    assert result.returncode == 0, result.stderr
    with_all = DraftStore(tmp_path)
    assert with_all.notice is None and with_all.read("run").findings.endswith("0 \n")
    with_all.close()
