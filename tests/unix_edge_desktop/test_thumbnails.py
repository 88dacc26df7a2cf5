"""A thumbnail shows the file as it was indexed, or says why not; the cache is whole, bounded and names nobody."""

import os
import queue
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from pydicom.data import get_testdata_file

from unix_edge.isolated import child as decoding
from unix_edge.sentences import Sentence
from unix_edge_desktop.studies import thumbnails as module
from unix_edge_desktop.studies.studies import Instance
from unix_edge_desktop.studies.thumbnails import ThumbnailCache, ThumbnailThread, make_thumbnail


def instance(path, member="", rows=300, **changed):
    status = path.stat()
    fields = {"sop_uid": "2.25.3", "sop_class": "", "number": 1, "columns": 280, "frames": 1, "synthetic": False}
    fields |= {"size": status.st_size, "modified_ns": status.st_mtime_ns, **changed}
    return Instance(path=path, member=member, rows=rows, **fields)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_it_is_seen_through_the_files_own_window(tmp_path, make_header, photometric):
    """A step at 1000: one side white, the other black."""
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    values = np.full((400, 200), 900, np.uint16)
    values[200:] = 1100
    dataset = make_header(Rows=400, Columns=200, WindowCenter="1000", WindowWidth="2")
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, photometric
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PixelData = values.tobytes()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(tmp_path / "a", enforce_file_format=True)
    small = make_thumbnail(instance(tmp_path / "a", rows=400))
    assert small.dtype == np.uint8 and small.shape == (128, 64)
    upper = 255 if photometric == "MONOCHROME1" else 0
    assert (small[:63] == upper).all() and (small[65:] == 255 - upper).all()


def test_a_real_radiograph_and_pictures_have_one(tmp_path, chest):
    assert make_thumbnail(instance(chest)).shape == (128, 121)
    Image.fromarray(np.full((50, 90, 3), (255, 0, 0), np.uint8)).save(tmp_path / "a.png")
    small = make_thumbnail(instance(tmp_path / "a.png"))
    assert small.shape == (50, 90, 3) and (small == (255, 0, 0)).all()


def test_what_is_shown_in_colour_is_small_in_colour_and_is_kept_so(tmp_path, cache):
    path = Path(get_testdata_file("SC_rgb_rle.dcm", download=False))
    small = make_thumbnail(instance(path))
    assert small.shape == (100, 100, 3) and (small[..., 0] != small[..., 1]).any()
    cache.keep(instance(path), small)
    np.testing.assert_array_equal(cache.find(instance(path)), small)


def test_a_very_long_image_has_one(tmp_path):
    Image.new("L", (2000, 3), 9).save(tmp_path / "a.png")
    assert make_thumbnail(instance(tmp_path / "a.png")).shape == (1, 128)


def test_a_member_of_an_archive_has_one(tmp_path, make_file):
    path = make_file(tmp_path / "a")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.write(path, "x/a")
    np.testing.assert_array_equal(make_thumbnail(instance(tmp_path / "a.zip", "x/a")), make_thumbnail(instance(path)))
    assert str(make_thumbnail(instance(tmp_path / "a.zip", "x/b"))) == "There is no such file in the archive."


def test_what_has_none_is_a_sentence(tmp_path, make_file, monkeypatch):
    path = make_file(tmp_path / "a")
    known = instance(path)
    assert str(make_thumbnail(instance(path, rows=0))) == "It is no image."
    path.write_bytes(path.read_bytes()[:-1000])
    assert str(make_thumbnail(known)) == "The file has changed since it was opened."
    assert "cut short" in str(make_thumbnail(instance(path)))
    (tmp_path / "a.zip").write_bytes(b"PK\3\4")
    assert str(make_thumbnail(instance(tmp_path / "a.zip", "x"))) == "It is no ZIP archive, or is cut short."
    known = instance(path)
    path.unlink()
    assert str(make_thumbnail(known)) == "The file is no longer there."
    monkeypatch.setattr(decoding, "_START", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    made = make_thumbnail(instance(make_file(path)))
    assert str(made) == "The process that decodes it died; nothing else was harmed."


@pytest.fixture
def cache(tmp_path):
    return ThumbnailCache(tmp_path / "cache")


def test_a_picture_is_kept_for_the_file_as_it_was_and_under_a_name_that_says_nothing(tmp_path, cache):
    path = tmp_path / "Doe Jane 4711.dcm"
    path.write_bytes(b"x")
    one, pixels = instance(path), np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert cache.find(one) is None
    cache.keep(one, pixels)
    np.testing.assert_array_equal(cache.find(one), pixels)
    np.testing.assert_array_equal(ThumbnailCache(tmp_path / "cache").find(one), pixels)
    for other in (instance(path, "member"), instance(path, size=7), instance(path, modified_ns=7)):
        assert cache.find(other) is None
    (kept,) = (tmp_path / "cache").iterdir()
    assert len(kept.name) == 32 and set(kept.name) <= set("0123456789abcdef")
    assert kept.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "content", [b"", b"\0\0", b"\x03", b"\x03\x04", b"\x03\x04" + bytes(11), b"\xff\x01" + bytes(255)]
)
def test_a_picture_that_is_not_whole_is_not_there(tmp_path, cache, content):
    one = instance(tmp_path)
    cache.keep(one, np.zeros((3, 4), np.uint8))
    cache.path(one).write_bytes(content)
    assert cache.find(one) is None


def test_the_least_lately_used_are_removed_where_there_are_too_many(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(module, "MOST", 10)
    monkeypatch.setattr(module, "_TRIM_AFTER", 5)
    all_of_them = [instance(tmp_path, str(number)) for number in range(20)]
    for number, one in enumerate(all_of_them):
        cache.keep(one, np.zeros((3, 4), np.uint8))
        os.utime(cache.path(one), (number, number))
        if number >= 9:
            assert cache.find(all_of_them[0]) is not None
    kept = [number for number, one in enumerate(all_of_them) if cache.path(one).exists()]
    assert len(kept) == 10 and kept[0] == 0 and kept[1:] == list(range(11, 20))
    (tmp_path / "cache" / ".left behind").write_bytes(b"x")
    os.utime(tmp_path / "cache" / ".left behind", (1, 1))
    ThumbnailCache(tmp_path / "cache")
    assert not (tmp_path / "cache" / ".left behind").exists()


def test_a_cache_that_cannot_be_written_costs_no_picture(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = ThumbnailCache(tmp_path / "file")
    cache.keep(instance(tmp_path), np.zeros((3, 4), np.uint8))
    assert cache.find(instance(tmp_path)) is None


class Gate:
    """Makes pictures in a thread's hands only when it is opened."""

    def __init__(self, monkeypatch):
        self.open, self.made, self.begun = threading.Event(), [], threading.Event()
        self.done = threading.Semaphore(0)
        monkeypatch.setattr(module, "make_thumbnail", self.make)

    def make(self, one):
        self.begun.set()
        assert self.open.wait(60)
        self.made.append(one.member)
        return Sentence("No.") if one.member == "bad" else np.full((2, 2), 7, np.uint8)

    def answer(self, one, made):
        self.done.release()

    def wait(self, count):
        for _ in range(count):
            assert self.done.acquire(timeout=60)


def test_the_newest_request_is_served_first_and_each_once(tmp_path, cache, monkeypatch):
    gate = Gate(monkeypatch)
    thread = ThumbnailThread(gate.answer, cache)
    one = {name: instance(tmp_path, name) for name in ("first", "a", "b", "c")}
    thread.request(one["first"])
    assert gate.begun.wait(60)
    for name in ("a", "b", "c", "a"):
        thread.request(one[name])
    gate.open.set()
    gate.wait(4)
    assert gate.made == ["first", "a", "c", "b"]
    thread.close()


def test_answers_come_from_the_cache_and_a_reason_is_not_kept(tmp_path, cache, monkeypatch):
    gate, answers = Gate(monkeypatch), []

    def answer(one, made):
        answers.append(str(made) if isinstance(made, Sentence) else made.tolist())
        gate.done.release()

    gate.open.set()
    thread = ThumbnailThread(answer, cache)
    good, bad = instance(tmp_path, "good"), instance(tmp_path, "bad")
    for one in (good, bad, good, bad):
        thread.request(one)
        gate.wait(1)
    assert answers == [[[7, 7], [7, 7]], "No."] * 2 and gate.made == ["good", "bad", "bad"]
    thread.close()


def test_what_is_forgotten_is_not_made(tmp_path, cache, monkeypatch):
    gate = Gate(monkeypatch)
    thread = ThumbnailThread(gate.answer, cache)
    thread.request(instance(tmp_path, "first"))
    assert gate.begun.wait(60)
    thread.request(instance(tmp_path, "a"))
    thread.forget()
    thread.request(instance(tmp_path, "b"))
    gate.open.set()
    gate.wait(2)
    assert gate.made == ["first", "b"]
    thread.close()


def test_nothing_is_answered_after_it_was_closed_and_closing_waits_for_no_file(tmp_path, cache, monkeypatch):
    gate, answers, before = Gate(monkeypatch), [], set(threading.enumerate())
    thread = ThumbnailThread(lambda *made: answers.append(made), cache)
    (worker,) = set(threading.enumerate()) - before
    thread.request(instance(tmp_path, "first"))
    assert gate.begun.wait(60)
    thread.request(instance(tmp_path, "second"))
    thread.close()
    gate.open.set()
    worker.join(60)
    assert not worker.is_alive() and answers == [] and gate.made == ["first"]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x")
    return path


def test_after_three_children_that_the_system_ended_the_rest_waits_and_is_made_later(path, monkeypatch, cache):
    asked, now, pixels = [], [1000.0], np.zeros((3, 4), np.uint8)

    def make(each):
        asked.append(each)
        return decoding.KILLED.whole if len(asked) <= 3 else pixels

    monkeypatch.setattr(module, "make_thumbnail", make)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(module, "_LOOK", 0.01)
    made = queue.SimpleQueue()
    thread = ThumbnailThread(lambda *each: made.put(each), cache)
    for number in range(3):
        thread.request(instance(path, size=number))
        assert made.get(timeout=10)[1] == decoding.KILLED.whole
    thread.request(instance(path, size=7))
    cache.keep(instance(path, size=8), pixels)
    thread.request(instance(path, size=8))
    assert made.get(timeout=10)[0].size == 8, "what is in the cache needs no child"
    with pytest.raises(queue.Empty):
        made.get(timeout=0.2)
    now[0] += 601
    assert made.get(timeout=10)[0].size == 7 and len(asked) == 4
    thread.close()


def test_a_picture_that_is_removed_while_it_is_made_is_not_kept(path, monkeypatch, cache):
    begun, go_on, made = threading.Event(), threading.Event(), queue.SimpleQueue()

    def make(_):
        begun.set()
        go_on.wait(10)
        return np.zeros((3, 4), np.uint8)

    monkeypatch.setattr(module, "make_thumbnail", make)
    thread = ThumbnailThread(lambda *each: made.put(each), cache)
    first, second, other = (instance(path, size=number) for number in range(3))
    thread.request(first)
    assert begun.wait(10)
    thread.request(second)
    thread.remove([first, second])
    go_on.set()
    thread.request(other)
    assert made.get(timeout=10)[0] == other
    assert cache.find(first) is None and cache.find(second) is None and cache.find(other) is not None
    thread.close()
