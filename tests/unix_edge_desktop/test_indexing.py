"""However a study comes it is the same tree; nothing is lost in silence, nothing is changed, and it stops when told."""

import hashlib
import shutil
import threading
import time
import zipfile
from pathlib import Path

import pydicom
import pytest
from PIL import Image
from pydicom.data import get_testdata_file

from unix_edge.errors import IndexUnavailableError
from unix_edge.isolated import headers
from unix_edge.sentences import Sentence
from unix_edge_desktop.studies import indexing as module
from unix_edge_desktop.studies.index import IndexThread, StudyIndex
from unix_edge_desktop.studies.indexing import index_files


@pytest.fixture
def index(tmp_path):
    index = IndexThread(tmp_path / "index")
    yield index
    index.close()


@pytest.fixture
def read(monkeypatch):
    """Note whose headers are read."""
    names = []
    reading = module.read_headers

    def note(sources, should_stop):
        for result in reading(sources, should_stop):
            names.append(result.source.name)
            yield result

    monkeypatch.setattr(module, "read_headers", note)
    return names


def open_all(index, *paths):
    """Index paths; return the last progress and every failure."""
    progress = list(index_files(index, paths))
    assert [each.done for each in progress] == sorted(each.done for each in progress)
    assert progress[-1].total == progress[-1].found == progress[-1].done
    return progress[-1], [failure for each in progress for failure in each.failures]


def tree(index):
    """Return what the index has, without where it is: patients, studies, series and SOP Instance UIDs."""
    return sorted(
        (patient.id, patient.name, study.uid, study.date, series.uid, sorted(each.sop_uid for each in series.instances))
        for patient in index.ask(lambda opened: opened.patients()).result()
        for study in patient.studies
        for series in study.series
    )


def images(index):
    """Return every file that is indexed, copies of one image too."""
    patients = index.ask(lambda opened: opened.patients()).result()
    found = [each for patient in patients for study in patient.studies for s in study.series for each in s.instances]
    return [file for each in found for file in (each, *each.copies)]


def hashes(folder):
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in folder.rglob("*") if path.is_file()}


def zipped(folder, path, method=zipfile.ZIP_DEFLATED):
    members = sorted(folder.rglob("*"))
    with zipfile.ZipFile(path, "w", method) as file:
        for each in members:
            file.write(each, each.relative_to(folder.parent))
    return path


def test_one_study_in_every_container_is_the_same_tree(tmp_path, medium):
    plain = tmp_path / "plain"
    plain.mkdir()
    files = [path for path in medium.rglob("*") if path.is_file() and path.name != "DICOMDIR"]
    for number, path in enumerate(files):
        shutil.copyfile(path, plain / str(number))
    outer = tmp_path / "outer"
    outer.mkdir()
    link = tmp_path / "link"
    link.symlink_to(medium)
    containers = {
        "files": sorted(plain.iterdir()),
        "folder": [medium],
        "folder without extensions": [plain],
        "DICOMDIR": [medium / "DICOMDIR"],
        "ZIP": [zipped(plain, tmp_path / "plain.zip", zipfile.ZIP_STORED)],
        "ZIP of a medium": [zipped(medium, tmp_path / "medium.zip")],
        "ZIP in a folder": [zipped(plain, outer / "any name").parent],
        "link": [link],
    }
    expected = {}
    for path in files:
        header = pydicom.dcmread(path, stop_before_pixels=True)
        series = (header.StudyInstanceUID, header.SeriesInstanceUID)
        expected.setdefault((str(header.PatientID), str(header.PatientName), *series), []).append(header.SOPInstanceUID)
    expected = sorted((*key[:3], key[3], sorted(uids)) for key, uids in expected.items())
    before = hashes(tmp_path)
    for name, paths in containers.items():
        index = IndexThread(tmp_path / "indices" / name)
        _, failures = open_all(index, *paths)
        assert not failures, name
        assert sorted((i, n, study, series, uids) for i, n, study, _, series, uids in tree(index)) == expected, name
        index.close()
    assert {path: digest for path, digest in hashes(tmp_path).items() if "indices" not in path.parts} == before


def test_of_good_and_bad_files_the_good_are_indexed_and_the_bad_listed_with_reasons(tmp_path, index, make_file):
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(20):
        make_file(folder / f"good {number}", SOPInstanceUID=f"2.25.3.{number}", InstanceNumber=str(number))
    whole = (folder / "good 0").read_bytes()
    for number in range(5):
        (folder / f"cut {number}").write_bytes(whole[: len(whole) * number // 5 + 200])
    for number in range(3):
        (folder / f"text {number}.dcm").write_text("No image.\n" * 100)
    before = hashes(folder)
    last, failures = open_all(index, folder)
    assert last.total == 28
    assert [each.number for each in images(index)] == list(range(20))
    reasons = {failure.path.name: str(failure.reason) for failure in failures}
    assert len(reasons) == len(failures) == 8
    assert all("cut short" in reasons[f"cut {number}"] for number in range(1, 5))
    assert all(reasons[f"text {number}.dcm"] == "It is neither DICOM, PNG nor JPEG." for number in range(3))
    assert hashes(folder) == before


def test_pictures_and_what_is_no_image_are_indexed_too(tmp_path, index, make_file):
    folder = tmp_path / "é ü 日本語"
    folder.mkdir()
    Image.new("L", (40, 30)).save(folder / "chest.png")
    Image.new("RGB", (50, 60)).save(folder / "chest", "JPEG")
    shutil.copy(get_testdata_file("reportsi.dcm", download=False), folder)
    _, failures = open_all(index, folder)
    assert not failures
    assert sorted((each.path.name, each.rows, each.columns) for each in images(index)) == [
        ("chest", 60, 50),
        ("chest.png", 30, 40),
        ("reportsi.dcm", 0, 0),
    ]


def test_what_is_indexed_as_it_is_is_not_read_again(tmp_path, index, make_file, read):
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(5):
        make_file(folder / str(number), SOPInstanceUID=f"2.25.3.{number}")
    zipped(folder, folder / "a.zip")
    open_all(index, folder)
    assert sorted(read) == sorted("0123401234")
    read.clear()
    before = tree(index)
    last, failures = open_all(index, folder)
    assert not read and not failures and last.total == 10 and tree(index) == before
    make_file(folder / "3", SOPInstanceUID="2.25.4", seed=1)
    open_all(index, folder)
    assert read == ["3"] and len(images(index)) == 10
    assert "2.25.4" in [each.sop_uid for each in images(index)]


def test_it_says_how_far_it_is_and_how_many_there_are(tmp_path, index, make_file, monkeypatch):
    folder = tmp_path / "files"
    folder.mkdir()
    data = make_file(folder / "0").read_bytes()
    for number in range(1, 60):
        (folder / str(number)).write_bytes(data)
    reading = module.read_headers

    def slowly(sources, should_stop):
        for result in reading(sources, should_stop):
            time.sleep(module._TICK / 20)
            yield result

    monkeypatch.setattr(module, "read_headers", slowly)
    seen = []
    for progress in index_files(index, [folder]):
        assert progress.done <= progress.found <= 60 and progress.total in (None, 60)
        assert index.ask(lambda opened: len(opened.holds([(folder, "", 0, 0)]))).result() == 1
        assert len(images(index)) == progress.done
        seen.append(progress.done)
    assert len(set(seen)) >= 3 and seen[-1] == 60


def test_paths_of_nothing_and_none_at_all_are_done_at_once(tmp_path, index):
    (tmp_path / "empty").mkdir()
    for paths in ([], [tmp_path / "empty"]):
        assert [(each.found, each.total) for each in index_files(index, paths)][-1] == (0, 0)
    _, failures = open_all(index, tmp_path / "absent")
    assert [str(each.reason) for each in failures] == ["It cannot be opened (No such file or directory)."]


HANGING = """
import time
import unix_edge.isolated.headers_child as child
answer = child._answer
def hang(head, *args, **kwargs):
    if b"Hangs" in head: time.sleep(60)
    return answer(head, *args, **kwargs)
child._answer = hang
child.main()
"""


def test_it_stops_while_a_file_hangs_and_keeps_what_was_read_before(tmp_path, index, make_file, monkeypatch):
    monkeypatch.setattr(headers, "_START", HANGING)
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(3):
        make_file(folder / str(number), SOPInstanceUID=f"2.25.3.{number}")
    make_file(folder / "9", PatientComments="Hangs")
    stop, stopped = threading.Event(), 0.0
    for progress in index_files(index, [folder], stop.is_set):
        if progress.done == 3 and not stop.is_set():
            stop.set()
            stopped = time.monotonic()
    # Half a second is what is asked for; a busy machine may take longer to let a thread run.
    assert time.monotonic() - stopped < 8 * module._TICK
    assert len(images(index)) == 3
    assert index.ask(StudyIndex.unfinished).result() == ()
    assert not [each for each in threading.enumerate() if each.name == "opening"]


def test_it_stops_before_it_begins(tmp_path, index, make_file, read):
    make_file(tmp_path / "a")
    assert list(index_files(index, [tmp_path / "a"], lambda: True)) == []
    assert not read and index.ask(StudyIndex.unfinished).result() == ()


def test_an_opening_that_is_left_is_offered_again(tmp_path, index, make_file):
    path = make_file(tmp_path / "a")
    progress = index_files(index, [path])
    next(progress)
    progress.close()  # type: ignore[attr-defined] # a generator
    assert index.ask(StudyIndex.unfinished).result() == (path,)
    open_all(index, path)
    assert index.ask(StudyIndex.unfinished).result() == () and len(images(index)) == 1


def test_more_archives_than_may_be_open_are_all_read(tmp_path, index, make_file, monkeypatch):
    monkeypatch.setattr(module, "_MOST_ARCHIVES", 2)
    monkeypatch.setattr(module, "_MOST_FOUND", 3)
    make_file(tmp_path / "image")
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(12):
        with zipfile.ZipFile(folder / f"{number}.zip", "w") as file:
            for member in range(5):
                file.write(tmp_path / "image", str(member))
    last, failures = open_all(index, folder)
    assert last.total == 60 and not failures and len(images(index)) == 60


def test_what_goes_wrong_in_a_thread_is_raised_where_it_is_seen(tmp_path, index, monkeypatch):
    def fail(*_):
        raise RuntimeError("our mistake")
        yield

    for name in ("find_files", "read_headers"):
        with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="our mistake"):
            patch.setattr(module, name, fail)
            list(index_files(index, [tmp_path]))
    assert index.ask(StudyIndex.unfinished).result() == (tmp_path,)


def test_an_index_that_cannot_be_written_is_one_sentence_and_offers_the_files_again(tmp_path, index, make_file):
    make_file(tmp_path / "a")
    # As on a full disk.
    index.ask(lambda opened: opened.begin_opening([])).result()
    index.ask(lambda opened: setattr(opened, "add", lambda _: (_ for _ in ()).throw(full))).result()
    full = IndexUnavailableError(tmp_path, Sentence("the disk is full"))
    with pytest.raises(IndexUnavailableError, match="the disk is full"):
        list(index_files(index, [tmp_path / "a"]))
    assert index.ask(StudyIndex.unfinished).result() == (tmp_path / "a",)
    index.ask(lambda opened: setattr(opened, "read_only", True)).result()
    with pytest.raises(IndexUnavailableError, match="only read"):
        list(index_files(index, [tmp_path / "a"]))


def test_indexing_takes_a_small_multiple_of_reading_headers_with_pydicom(tmp_path):
    """Rounds of both in turn, for the machine may be busy; the child's start and every commit count."""
    data = Path(get_testdata_file("MR_small.dcm", download=False)).read_bytes()
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(1000):
        (folder / str(number)).write_bytes(data)
    ratios = []
    while len(ratios) < 5 and max(ratios, default=0) < 0.4:
        began = time.perf_counter()
        for path in folder.iterdir():
            pydicom.dcmread(path, stop_before_pixels=True)
        plain = time.perf_counter() - began
        index = IndexThread(tmp_path / f"index {len(ratios)}")
        began = time.perf_counter()
        last, _ = open_all(index, folder)
        ratios.append(plain / (time.perf_counter() - began))
        assert last.total == 1000
        index.close()
    assert max(ratios) >= 0.4, ratios
