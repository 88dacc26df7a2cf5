"""The index's file survives what befalls it: kills, full disks, flipped bytes, other programs and other versions."""

import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from unix_edge.errors import IndexUnavailableError
from unix_edge_desktop.studies.index import NAME, Entry, IndexThread, StudyIndex
from unix_edge_desktop.studies.index_schema import SCHEMA


def entry(path="/a", **kept):
    usual = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1",
        "SOPInstanceUID": "2.25.3",
        "SeriesInstanceUID": "2.25.2",
        "StudyInstanceUID": "2.25.1",
        "PatientName": "Doe^Jane",
        "PatientID": "4711",
    }
    return Entry(Path(path), "", 1, 2, {**usual, **kept})


def make(folder):
    index = StudyIndex(folder)
    index.add([entry(f"/{number}", StudyInstanceUID=f"1.{number}", PatientID=str(number)) for number in range(300)])
    index.close()
    return folder / NAME


@pytest.mark.parametrize("fault", ["noise", "cut", "zeroed", "text", "another's"])
def test_a_broken_file_is_set_aside_never_overwritten_and_an_empty_one_is_begun(tmp_path, fault):
    path = make(tmp_path)
    data = path.read_bytes()
    if fault == "another's":
        path.unlink()
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE studies (x)")
        other.close()
    else:
        page = random.Random(0).randbytes(4096)
        spoilt = data[:8192] + page * 4 + data[8192 + 4 * 4096 :] if fault == "noise" else b"Hello\n" * 999
        spoilt = data[: len(data) // 2] if fault == "cut" else spoilt
        path.write_bytes(data[:4096] + bytes(len(data) - 4096) if fault == "zeroed" else spoilt)
    broken = path.read_bytes()
    index = StudyIndex(tmp_path)
    (aside,) = tmp_path.glob(f"{NAME}.broken-*")
    assert aside.read_bytes() == broken
    assert str(index.notice) == (
        f"The index of studies was broken: it was set aside as {aside.name}, and an empty one was begun. Open your "
        "folders again to fill it."
    )
    index.add([entry()])
    assert index.count() == 1
    index.close()


def test_bytes_flipped_anywhere_cost_at_most_the_index(tmp_path):
    path = make(tmp_path)
    whole, chance = path.read_bytes(), random.Random(2)
    outcomes = []
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 30))):
            data[chance.choice((chance.randrange(len(data)), chance.randrange(100)))] ^= 1 << chance.randrange(8)
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        path.write_bytes(data)
        try:
            index = StudyIndex(tmp_path)
            outcomes.append("set aside" if "was broken" in str(index.notice) else "opened")
            index.patients("doe")
            index.close()
        except IndexUnavailableError:
            outcomes.append("unavailable")
    assert {"opened", "set aside"} <= set(outcomes)


def test_a_newer_versions_index_is_only_read(tmp_path):
    path = make(tmp_path)
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA + 1}")
        newer.execute("ALTER TABLE studies ADD COLUMN more")
    newer.close()
    before = path.read_bytes()
    index = StudyIndex(tmp_path)
    assert index.read_only and "newer version" in str(index.notice)
    assert index.count() == 300 and len(index.patients("299")) == 1
    patient = index.patients()[0]
    for write in (
        lambda: index.add([entry()]),
        lambda: index.remove_study(patient, patient.studies[0]),
        lambda: index.begin_opening([Path("/a")]),
    ):
        with pytest.raises(IndexUnavailableError, match="a newer version of this program wrote it, so it is only read"):
            write()
    index.close()
    assert path.read_bytes() == before and sorted(each.name for each in tmp_path.iterdir()) == [NAME]


def test_only_one_process_has_it(tmp_path, run_python):
    index = StudyIndex(tmp_path)
    index.add([entry()])
    code = (
        "from pathlib import Path; from unix_edge_desktop.studies.index import StudyIndex;"
        f"StudyIndex(Path({str(tmp_path)!r}))"
    )
    said = run_python("-c", code)
    assert said.returncode == 1 and "another window of this program has it open" in said.stderr
    assert index.count() == 1
    index.close()
    assert run_python("-c", code).returncode == 0


FULL = """
from pathlib import Path
from unix_edge.errors import IndexUnavailableError
from unix_edge_desktop.studies.index import Entry, StudyIndex
index = StudyIndex(Path({folder!r}))
added = 0
try:
    while added < 100:
        index.add([Entry(Path(f"/{{added}}/{{each}}/picture"), "", 1, 2, {{"Rows": "1"}}) for each in range(100)])
        added += 1
except IndexUnavailableError as error:
    print(error)
assert index.count() == added * 100
index.close()
index = StudyIndex(Path({folder!r}))
assert index.count() == added * 100 and not index.notice, index.notice
print(added)
"""


@pytest.mark.parametrize("full", ["disk", "quota"])
def test_a_full_disk_costs_the_batch_alone(tmp_path, full):
    """On a disk of 1 MiB; and where no file may grow beyond that."""
    folder, script = tmp_path / "disk", tmp_path / "fill.py"
    folder.mkdir()
    quota = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
    script.write_text((quota if full == "quota" else "") + FULL.format(folder=str(folder)))
    command = [sys.executable, str(script)]
    if full == "disk":
        mount = 'mount -t tmpfs -o size=1m none "$0" && exec "$@"'
        command = ["unshare", "-rm", "sh", "-c", mount, str(folder), *command]
    said = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert said.returncode == 0, said.stderr
    sentence, added = said.stdout.splitlines()
    assert sentence.startswith(f"The index of studies in {folder} cannot be used: the disk")
    assert sentence.endswith("No image was touched; files can be opened without it.") and int(added) > 0


def test_any_thread_may_ask_and_is_answered_in_turn(tmp_path):
    index = IndexThread(tmp_path)
    answers = []

    def add(number):
        index.ask(lambda opened: opened.add([entry(f"/{number}", StudyInstanceUID=f"1.{number}")])).result()
        answers.append(index.ask(lambda opened: opened.count()).result())

    threads = [threading.Thread(target=add, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(answers) == 8 and index.notice is None
    with pytest.raises(IndexUnavailableError, match="cannot be used"):
        IndexThread(tmp_path / NAME)
    index.close()
    assert StudyIndex(tmp_path).count() == 8


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(IndexUnavailableError, match=r"cannot be used: Not a directory\. No image was touched"):
        StudyIndex(tmp_path / "file" / "index")


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


@pytest.mark.parametrize(
    "script",
    [
        "ALTER TABLE studies DROP COLUMN words",
        "ALTER TABLE studies RENAME COLUMN accession TO ascension",
        "ALTER TABLE instances ADD COLUMN more TEXT",
        "DROP TABLE openings",
        f"CREATE TRIGGER never AFTER INSERT ON instances BEGIN {ENDLESS}; END",
        f"CREATE TRIGGER IF NOT EXISTS never BEFORE DELETE ON copies BEGIN {ENDLESS}; END",
        "DROP TRIGGER copies_end; CREATE TRIGGER copies_end AFTER DELETE ON instances BEGIN DELETE FROM studies; END",
        f"DROP TABLE openings; CREATE VIEW openings (path) AS {ENDLESS}",
        "CREATE VIEW more AS SELECT 1",
    ],
    ids=range(9),
)
def test_an_index_with_our_marks_and_other_tables_is_set_aside_and_nothing_of_it_runs(tmp_path, script):
    path = make(tmp_path)
    with sqlite3.connect(path) as other:
        other.executescript(script)
    other.close()
    index = StudyIndex(tmp_path)
    assert "was broken: it was set aside" in str(index.notice) and len(list(tmp_path.glob(f"{NAME}.broken-*"))) == 1
    index.add([entry()])
    assert index.count("") == 1 and index.unfinished() == ()
    index.close()


def test_an_index_of_an_earlier_version_which_had_no_copies_is_opened(tmp_path):
    path = make(tmp_path)
    with sqlite3.connect(path) as other:
        other.executescript("DROP TRIGGER copies_end; DROP TABLE copies; DROP INDEX instances_by_uid")
    other.close()
    index = StudyIndex(tmp_path)
    assert index.notice is None and index.count("") == 300
    index.close()


def test_an_index_of_the_first_version_which_had_all_names_in_one_text_is_taken_over(tmp_path):
    picture = {"Rows": "1", "Columns": "1"}
    index = StudyIndex(tmp_path)
    index.add([entry(), *(Entry(Path(f"/films/{name}.png"), "", 1, 2, picture) for name in ("ape", "bee"))])
    index.close()
    with sqlite3.connect(tmp_path / NAME) as other:
        other.executescript("DROP TRIGGER pictures_end; DROP TABLE pictures; PRAGMA user_version = 1")
        other.execute("UPDATE studies SET words = 'films ape.png bee.png' WHERE description = 'films'")
    other.close()
    for _ in range(2):
        index = StudyIndex(tmp_path)
        assert index.notice is None and not index.read_only
        index.add([Entry(Path("/films/cat.png"), "", 1, 2, picture)])
        assert [index.count(each) for each in ("", "bee.png", "cat.png", "films")] == [2, 1, 1, 1]
        index.close()
