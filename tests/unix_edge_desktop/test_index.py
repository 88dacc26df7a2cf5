"""The index keeps links: it is searched, survives what befalls its file, and never touches an image."""

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
from unix_edge_desktop.studies.studies import FileState


@pytest.fixture
def index(tmp_path):
    index = StudyIndex(tmp_path / "index")
    yield index
    index.close()


def entry(path="/a", member="", size=1, modified_ns=2, **kept):
    usual = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1",
        "SOPInstanceUID": "2.25.3",
        "SeriesInstanceUID": "2.25.2",
        "StudyInstanceUID": "2.25.1",
        "Modality": "DX",
        "PatientName": "Doe^Jane",
        "PatientID": "4711",
        "PatientBirthDate": "19600229",
        "PatientSex": "F",
        "StudyDate": "20260102",
        "StudyTime": "030405",
        "AccessionNumber": "A1",
        "StudyDescription": "Chest PA",
        "Rows": "2000",
        "Columns": "1800",
    }
    said = {keyword: value for keyword, value in {**usual, **kept}.items() if value is not None}
    return Entry(Path(path), member, size, modified_ns, said)


def files(patients):
    return [
        (str(image.path), image.member)
        for patient in patients
        for study in patient.studies
        for series in study.series
        for image in series.instances
    ]


def test_a_tree_of_patients_studies_series_and_images_in_their_order(index):
    index.add(
        [
            entry("/1", StudyInstanceUID="1.1", SeriesInstanceUID="1", InstanceNumber="10", StudyDate="20240101"),
            entry("/2", StudyInstanceUID="1.1", SeriesInstanceUID="1", InstanceNumber="2", StudyDate="20240101"),
            entry("/3", StudyInstanceUID="1.1", SeriesInstanceUID="1", InstanceNumber=None, StudyDate="20240101"),
            entry("/4", StudyInstanceUID="1.1", SeriesInstanceUID="0", SeriesNumber="7", StudyDate="20240101"),
            entry("/5", StudyInstanceUID="1.2", StudyDate="20250101", NumberOfFrames="3", SyntheticData="YES"),
            entry("/6", StudyInstanceUID="1.3", PatientID="4", StudyDate="20260101", StudyTime="2", Rows=None),
            entry("/7", StudyInstanceUID="1.4", PatientID="4", StudyDate="20260101", StudyTime="1"),
        ]
    )
    newest, oldest = index.patients()
    assert (newest.id, newest.name, newest.birth_date, newest.sex) == ("4", "Doe^Jane", "19600229", "F")
    assert [each.uid for each in newest.studies] == ["1.3", "1.4"]
    assert [each.uid for each in oldest.studies] == ["1.2", "1.1"]
    assert [each.uid for each in oldest.studies[1].series] == ["0", "1"]
    assert files([oldest]) == [("/5", ""), ("/4", ""), ("/2", ""), ("/1", ""), ("/3", "")]
    framed, plain = oldest.studies[0].series[0].instances[0], newest.studies[0].series[0].instances[0]
    assert (framed.rows, framed.columns, framed.frames, framed.synthetic) == (2000, 1800, 3, True)
    assert (plain.rows, plain.frames, plain.synthetic) == (0, 0, False)
    assert (framed.size, framed.modified_ns) == (1, 2)


@pytest.mark.parametrize(
    "search",
    [
        "doe",
        "JANE doe",
        "jane, d",
        "Doe^Jane",
        "4711",
        "20260102",
        "2026-01-02",
        "02.01.2026",
        "2026-01 doe",
        "chest",
        "A1",
        "  ",
        "",
    ],
)
def test_a_study_is_found_by_name_id_date_description_and_accession(index, search):
    index.add([entry("/a"), entry("/b", StudyInstanceUID="9", PatientID="x")])
    index.add([entry("/c", StudyInstanceUID="7", PatientID="other", StudyDate="19990101", PatientName="Roe^Richard")])
    wanted = "/a" in [path for path, _ in files(index.patients(search))]
    assert wanted and index.count(search) == len({path for path, _ in files(index.patients(search))})


@pytest.mark.parametrize("search", ["joe", "doe richard", "2025", "%", "_", "'", '"', "NEAR(", "doe*", "\\"])
def test_what_is_not_said_is_not_found_and_no_mark_has_a_meaning(index, search):
    index.add([entry()])
    assert index.patients(search) == () and index.count(search) == 0


@pytest.mark.parametrize(
    ("name", "search"),
    [
        ("Müller^Jörg", "muller jorg"),
        ("Straße", "STRASSE"),
        ("Yamada^Tarou=山田^太郎", "山田"),
        ("Ólafur\0^Þór", "olafur"),
    ],
)
def test_accents_and_case_make_no_difference(index, name, search):
    index.add([entry(PatientName=name)])
    assert index.count(search) == index.count(name) == 1


def test_whoever_has_no_id_is_a_patient_of_one_study(index):
    index.add(
        [
            entry("/1", PatientID=None, StudyInstanceUID="1"),
            entry("/2", PatientID=None, StudyInstanceUID="1"),
            entry("/3", PatientID=None, StudyInstanceUID="2"),
            entry("/4", PatientID=None, StudyInstanceUID=None),
            entry("/5", PatientID=None, StudyInstanceUID=None),
            entry("/6", PatientID="", PatientName=None, StudyInstanceUID="not a UID"),
        ]
    )
    assert sorted(files([patient]) for patient in index.patients()) == [
        [("/1", ""), ("/2", "")],
        [("/3", "")],
        [("/4", "")],
        [("/5", "")],
        [("/6", "")],
    ]


def test_two_people_are_never_one_patient(index):
    index.add(
        [
            entry("/1", PatientID="1", StudyInstanceUID="1"),
            entry("/2", PatientID="1", PatientName="Roe^Jane", StudyInstanceUID="1"),
            entry("/3", PatientID="1", IssuerOfPatientID="other", StudyInstanceUID="1"),
            entry("/4", PatientID='1", "', StudyInstanceUID="1"),
            entry("/5", PatientID="1", PatientName="DOE^JANE ", StudyInstanceUID="2"),
        ]
    )
    assert sorted(sorted(files([patient])) for patient in index.patients()) == [
        [("/1", ""), ("/5", "")],
        [("/2", "")],
        [("/3", "")],
        [("/4", "")],
    ]


def test_a_study_of_two_people_is_removed_for_one_of_them_only(index):
    index.add([entry("/1", PatientID="1"), entry("/2", PatientID="2"), entry("/3", PatientID="1")])
    patient = next(each for each in index.patients() if each.id == "1")
    assert index.remove_study(patient, patient.studies[0]) == 2
    assert [each.id for each in index.patients()] == ["2"] and files(index.patients()) == [("/2", "")]
    assert index.remove_study(patient, patient.studies[0]) == 0


def test_removing_a_link_never_touches_a_file(index, tmp_path, make_file):
    path = make_file(tmp_path / "a")
    before = (path.read_bytes(), path.stat().st_mtime_ns, path.parent.stat().st_mtime_ns)
    index.add([entry(path)])
    patient = index.patients()[0]
    index.remove_study(patient, patient.studies[0])
    assert index.patients() == () and index.count() == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.parent.stat().st_mtime_ns) == before
    for table in ("patients", "studies", "series", "instances"):
        assert index._read(f"SELECT count(*) FROM {table}", []) == [(0,)]


def test_a_file_that_was_changed_is_taken_anew_and_leaves_nothing_behind(index):
    index.add([entry("/a", StudyDescription="old")])
    index.add([entry("/a", size=9, StudyDescription="new")])
    (patient,) = index.patients()
    assert patient.studies[0].description == "new" and index.count("old") == 0
    index.add([entry("/a", PatientID="2"), entry("/a", PatientID="3"), entry("/a", "member", PatientID="3")])
    (patient,) = index.patients()
    assert patient.id == "3" and files([patient]) == [("/a", ""), ("/a", "member")]


def test_the_newest_study_of_a_file_a_folder_an_archive_or_a_medium_is_found(index):
    index.add(
        [
            entry("/a/old", StudyInstanceUID="1.1", StudyDate="20240101"),
            entry("/a/new/x", StudyInstanceUID="1.2", StudyDate="20250101"),
            entry("/a/new/report", StudyInstanceUID="1.3", StudyDate="20260101", Rows=None),
            entry("/a0", StudyInstanceUID="1.4", StudyDate="20260101"),
            entry("/b.zip", "m", StudyInstanceUID="1.5", StudyDate="20230101"),
        ]
    )

    def found(path):
        answer = index.study_of(Path(path))
        return answer and (answer[1].uid, answer[2] and str(answer[2].path))

    assert [found(each) for each in ("/a", "/a/new", "/a/new/x", "/a/old", "/b.zip", "/", "/a/DICOMDIR")] == [
        ("1.2", None),
        ("1.2", None),
        ("1.2", "/a/new/x"),
        ("1.1", "/a/old"),
        ("1.5", None),
        ("1.4", None),
        ("1.2", None),
    ]
    assert [found(each) for each in ("/a/new/report", "/c", "/a/ne", "/b.zip/m")] == [None] * 4


def test_only_files_just_as_they_are_indexed_are_held(index):
    index.add([entry("/a"), entry("/z", "m")])
    asked = [
        ("/a", "", 1, 2),
        ("/a", "", 9, 2),
        ("/a", "", 1, 9),
        ("/a", "m", 1, 2),
        ("/b", "", 1, 2),
        ("/z", "m", 1, 2),
    ]
    assert index.holds([(Path(path), *rest) for path, *rest in asked]) == [True, False, False, False, False, True]


def test_a_search_returns_the_newest_and_counts_all(index):
    index.add([entry(f"/{day}", StudyInstanceUID=f"1.{day}", StudyDate=f"202601{day:02}") for day in range(1, 29)])
    found = index.patients(limit=3)
    assert [each.date for patient in found for each in patient.studies] == ["20260128", "20260127", "20260126"]
    assert index.count() == 28


def test_values_that_are_none_of_theirs_do_no_harm(index):
    odd = {"SeriesNumber": "x", "InstanceNumber": "9" * 40, "NumberOfFrames": "-3", "StudyDate": "tomorrow"}
    hostile = {"PatientName": "\0\x1b\u202e<b>'; DROP TABLE studies; --", "StudyDescription": "x" * 1024}
    index.add([entry("/a", **odd, **hostile)])
    (patient,) = index.patients()
    (image,) = patient.studies[0].series[0].instances
    assert patient.name == hostile["PatientName"] and patient.studies[0].date == "tomorrow"
    assert (image.number, image.frames, patient.studies[0].series[0].number) == (None, 1, None)


def test_a_picture_is_a_study_by_its_name(index):
    picture = {"Rows": "30", "Columns": "40"}
    index.add([Entry(Path("/x/é.png"), "", 1, 2, picture), Entry(Path("/x.zip"), "b/c.jpg", 1, 2, picture)])
    assert {study.description for patient in index.patients() for study in patient.studies} == {"é.png", "c.jpg"}
    assert len(index.patients()) == 2 and index.count("é.PNG") == 1
    assert all(image.sop_uid.startswith("file:") and not image.sop_class for image in images(index))


def images(index):
    return [image for patient in index.patients() for s in patient.studies for e in s.series for image in e.instances]


def test_paths_that_are_no_text_come_back_as_they_were(index, tmp_path):
    path = tmp_path / "M\udcfcller"
    index.add([Entry(path, "", 1, 2, {"Rows": "3"})])
    assert [image.path for image in images(index)] == [path]


def test_a_file_that_is_gone_or_changed_is_known_to_be(index, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"image")
    status = path.stat()
    index.add([entry(path, size=status.st_size, modified_ns=status.st_mtime_ns)])
    (image,) = images(index)
    assert image.state() is FileState.PRESENT
    path.write_bytes(b"other image")
    assert image.state() is FileState.CHANGED
    path.unlink()
    assert image.state() is FileState.MISSING


def test_what_was_added_is_there_again_and_so_is_an_opening_that_did_not_end(tmp_path):
    index = StudyIndex(tmp_path / "new" / "index")
    index.add([entry("/a")])
    index.begin_opening([Path("/b"), Path("/c"), Path("/c")])
    index.end_opening([Path("/b")])
    index.close()
    index = StudyIndex(tmp_path / "new" / "index")
    assert files(index.patients()) == [("/a", "")] and index.unfinished() == (Path("/c"),)
    assert not index.notice and not index.read_only
    assert (tmp_path / "new" / "index").stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "new" / "index").iterdir()} == {0o600}
    index.close()


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
        newer.execute("PRAGMA user_version = 2")
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
        index.add([Entry(Path(f"/{{added}}/{{each}}"), "", 1, 2, {{"Rows": "1"}}) for each in range(100)])
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
    assert len(files(index.patients(""))) == 1 and index.unfinished() == ()
    index.close()


def test_an_index_of_an_earlier_version_which_had_no_copies_is_opened(tmp_path):
    path = make(tmp_path)
    with sqlite3.connect(path) as other:
        other.executescript("DROP TRIGGER copies_end; DROP TABLE copies; DROP INDEX instances_by_uid")
    other.close()
    index = StudyIndex(tmp_path)
    assert index.notice is None and index.count("") == 300
    index.close()
