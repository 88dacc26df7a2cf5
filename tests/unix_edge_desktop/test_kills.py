"""Killed at any moment while it indexes and while someone measures, the app loses at most two seconds of work."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from unix_edge_desktop.image.measurement_set import MeasurementStore
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
