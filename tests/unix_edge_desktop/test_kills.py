"""Killed at any moment while it indexes and someone measures or types, the app loses at most two seconds of work."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge_desktop.drafts.draft_text import DraftText, Section
from unix_edge_desktop.drafts.store import DraftStore
from unix_edge_desktop.image.measurement_set import MeasurementStore
from unix_edge_desktop.storage.settings import Folders
from unix_edge_desktop.studies.index import StudyIndex

FILES = 900
LOST = 2.0
"""Seconds of work that may be."""

WORK = """
import sys, threading, time
from pathlib import Path
from unix_edge_desktop.studies import indexing
from unix_edge_desktop.studies.index import IndexThread
from unix_edge_desktop.image.measurement_set import MeasurementStore
from unix_edge_desktop.image.measuring import Length

source, work = map(Path, sys.argv[1:])
saying = threading.Lock()

def say(kind, what):
    with saying:
        print(f"{time.monotonic()} {kind} {what}", flush=True)

def read_slowly(sources, should_stop, read=indexing.read_headers):
    for result in read(sources, should_stop):
        time.sleep(0.003)
        say("read", result.source.name)
        yield result

def measure():
    store = MeasurementStore(work / "measurements")
    measurements = store.restore("2.25.3", 0)
    while True:
        measurements.add(Length(((0.0, 0.0), (float(len(measurements.measurements)), 1.0))))
        say("measured", len(measurements.measurements))
        store.save(measurements, "2.25.3", 0)
        time.sleep(0.01)

indexing.read_headers = read_slowly
threading.Thread(target=measure, daemon=True).start()
for progress in indexing.index_files(IndexThread(work), [source]):
    pass
say("indexed", progress.total)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A folder of small files, each of a study of its own."""
    from pydicom import Dataset
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian

    folder = tmp_path_factory.mktemp("source")
    for number in range(FILES):
        dataset = Dataset()
        dataset.SOPClassUID, dataset.SOPInstanceUID = ComputedRadiographyImageStorage, f"2.25.3.{number}"
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"2.25.1.{number}", f"2.25.2.{number}"
        dataset.PatientID, dataset.PatientName, dataset.Rows, dataset.Columns = str(number // 3), "Doe^Jane", 4, 4
        dataset.PixelData = bytes(32)
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset["PixelData"].VR = "OW"
        dataset.save_as(folder / f"{number:04}", enforce_file_format=True)
    return folder


def kill_at_work(source, work, after):
    """Let it work for some seconds from its first file on; return what it said, and how long before it was killed."""
    command = [sys.executable, "-c", WORK, str(source), str(work)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout
    lines = []
    while not lines or "measured" in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], "it ended by itself"
    time.sleep(after)
    killed = time.monotonic()
    os.killpg(process.pid, signal.SIGKILL)
    lines += process.communicate()[0].splitlines()
    said = [line.split() for line in lines if line.count(" ") == 2]
    assert said, lines
    return [(killed - float(at), kind, what) for at, kind, what in said]


@pytest.mark.soak
def test_a_kill_loses_at_most_two_seconds_of_work_and_breaks_nothing(source, tmp_path, soak):
    def hashes():
        return {path.name: hashlib.sha256(path.read_bytes()).digest() for path in source.iterdir()}

    before, chance = hashes(), random.Random(soak)
    read, measured = [], 0
    for number in range(5 * soak):
        work = tmp_path / str(number // 2)  # half of them go on where another was killed
        said = kill_at_work(source, work, 1.3 * LOST if number == 0 else chance.uniform(0.1, 1.3 * LOST))
        index = StudyIndex(work)
        assert index.notice is None
        assert index._read("PRAGMA quick_check", []) == [("ok",)]
        assert index._read("PRAGMA foreign_key_check", []) == []
        old = [name for ago, kind, name in said if kind == "read" and ago > LOST]
        there = {image.path.name for image in images(index)}
        assert set(old) <= there, len(set(old) - there)
        finished = any(kind == "indexed" for _, kind, _ in said)
        assert index.unfinished() == (() if finished else (source,))
        index.close()
        store = MeasurementStore(work / "measurements")
        kept = len(store.restore("2.25.3", 0).measurements)
        store.close()
        assert kept >= max((int(count) for ago, kind, count in said if kind == "measured" and ago > LOST), default=0)
        assert not list(work.rglob("*.unreadable"))
        read, measured = [*read, *old], measured + kept
    assert read  # else nothing was old enough to be lost
    assert measured
    assert hashes() == before


def images(index):
    return [
        image
        for patient in index.patients(limit=FILES)
        for study in patient.studies
        for series in study.series
        for image in series.instances
    ]


TYPE = """
import hashlib, json, os, random, sys, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from unix_edge_desktop.application import make_application
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.shell.main_window import MainWindow
from unix_edge_desktop.storage.one_window import claim_folder
from unix_edge_desktop.storage.settings import Folders

folders, film, chance = Folders.within(Path(sys.argv[1])), Path(sys.argv[2]), random.Random(int(sys.argv[3]))
folders.make()
claim = claim_folder(folders.data)
assert claim is not None
application = make_application("en")
window = MainWindow(folders, claim)
window.show()
window.open_paths([film])
drafting, fields = window.assistant.drafting, window.assistant.report.fields

def say(kind, *what):
    os.write(1, (json.dumps([time.monotonic(), kind, *what]) + "\\n").encode())

def begin():
    if drafting.film is None:
        return
    if sys.argv[4] == "new" and drafting.draft is None and not drafting.is_busy:
        QTest.keyClick(window.grid.active, Qt.Key.Key_F2)
    if drafting.draft is not None and drafting.draft.text.text(Section.FINDINGS):
        looking.stop()
        typing.start()

def type_a_key():
    draft, before = drafting.draft, len(drafting.draft.text.operations)
    section = chance.choice(list(Section))
    field = fields[section]
    cursor = field.textCursor()
    cursor.setPosition(chance.choice([0, cursor.position(), field.document().characterCount() - 1]))
    field.setTextCursor(cursor)
    if chance.random() < 0.05:
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    elif chance.random() < 0.1:
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    else:
        QTest.keyClicks(field, chance.choice("abcdefg  .,"))
    written = len(draft.text.operations)
    if written == before:
        return
    assert all(draft.text.text(each) == field.text for each, field in fields.items())
    texts = [hashlib.sha256(draft.text.text(each).encode()).hexdigest() for each in Section]
    say("typed", draft.run, written, texts)
    draft.saved.add_done_callback(lambda _: say("kept", draft.run, written, texts))

looking, typing = QTimer(interval=20), QTimer(interval=12)
looking.timeout.connect(begin)
typing.timeout.connect(type_a_key)
looking.start()
application.exec()
"""


def type_until_killed(own, film, number, is_new, after):
    """Let a window be typed in for some seconds; return what it said, and how long before it was killed."""
    said = own.with_name(f"said {number}")
    command = [sys.executable, "-c", TYPE, str(own), str(film), str(number), "new" if is_new else "kept"]
    with said.open("ab") as stream:
        process = subprocess.Popen(command, stdout=stream, start_new_session=True)
    ends = time.monotonic() + 120
    while b"typed" not in said.read_bytes():
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < ends
        time.sleep(0.02)
    time.sleep(after)
    killed = time.monotonic()
    process.kill()
    process.wait()
    for _ in range(1000):  # what it had started ends with it
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    else:
        raise AssertionError("a process has outlived the window")
    lines = [json.loads(line) for line in said.read_bytes().splitlines()]
    return [(killed - at, kind, *what) for at, kind, *what in lines if at <= killed]


@pytest.mark.soak
def test_a_kill_while_a_person_types_a_report_loses_no_edit_that_was_kept_and_at_most_two_seconds(tmp_path, soak):
    film = tmp_path / "film.dcm"
    write_phantom(compute_phantom(10000007, 256), film)
    chance, kept_in_all = random.Random(soak), 0
    for number in range(3 if soak == 1 else 200):
        own = tmp_path / f"own {number // 10}"  # most of them go on where others were killed
        after = LOST + 0.6 if number % 10 == 0 else chance.uniform(0.02, LOST)
        said = type_until_killed(own, film, number, number % 10 == 0, after)
        store = DraftStore(Folders.within(own).data)
        try:
            assert store.notice is None and not store.read_only
            run = said[-1][2]
            draft, operations = store.read(run), store.operations(run)
        finally:
            store.close()
        whole = DraftText.restore(operations)
        assert (whole.text(Section.FINDINGS), whole.text(Section.IMPRESSION)) == (draft.findings, draft.impression)
        kept = [each for each in said if each[1] == "kept"]
        must = kept + [each for each in said if each[1] == "typed" and each[0] > LOST]
        for _, _, its, written, texts in must[-1:] + kept[-1:]:
            assert its == run and len(operations) >= written, (len(operations), written)
            then = DraftText.restore(operations[:written])
            assert [hashlib.sha256(then.text(each).encode()).hexdigest() for each in Section] == texts
        assert max((each[3] for each in must), default=0) <= len(operations)
        kept_in_all += len(kept)
    assert kept_in_all > 20
