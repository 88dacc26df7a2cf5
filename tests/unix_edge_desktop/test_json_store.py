"""What a reader made is kept: written again where it failed, and left alone where a newer version wrote it."""

import json
import queue
import time
from pathlib import Path

import pytest

from unix_edge.errors import OutputError
from unix_edge_desktop.image.calibrations import CalibrationStore
from unix_edge_desktop.storage import json_store
from unix_edge_desktop.storage.json_store import VERSION, KeptFiles


def test_what_could_not_be_written_is_written_with_the_next_or_at_the_end(tmp_path):
    folder = tmp_path / "marks"
    folder.write_bytes(b"")
    files = KeptFiles(folder)
    for name in ("one", "two"):
        with pytest.raises(OutputError):
            files.write(name, {"said": name}).result()
    folder.unlink()
    files.write("three", {"said": "three"}).result()
    assert len(list(folder.iterdir())) == 3
    again = KeptFiles(folder)
    assert [again.read(name, lambda said: said["said"], "") for name in ("one", "two")] == ["one", "two"]
    assert files.close() is again.close() is None


def test_what_is_lost_at_the_end_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    files = KeptFiles(tmp_path / "file")
    files.write("one", {}).exception()
    assert "was not written" in str(files.close())


def test_a_file_of_a_newer_version_is_neither_read_nor_written_nor_moved(tmp_path):
    files = KeptFiles(tmp_path)
    content = json.dumps({"version": VERSION + 1, "said": "much"}).encode()
    files.path("one").write_bytes(content)
    assert files.read("one", lambda said: said["said"], "usual") == "usual"
    with pytest.raises(OutputError, match="a newer version of this program wrote it"):
        files.write("one", {"said": "little"}).result()
    files.write("two", {}).result()
    assert "newer version" in str(files.close()) and files.path("one").read_bytes() == content


def test_a_calibration_is_kept_until_it_is_taken_back(tmp_path):
    store = CalibrationStore(tmp_path)
    store.set("2.25.1", "2.25.2", (0.2, 0.25)).result()
    assert CalibrationStore(tmp_path).of_series("2.25.1", "2.25.2") == (0.2, 0.25)
    assert CalibrationStore(tmp_path).of_series("2.25.1", "2.25.3") is None
    store.set("2.25.1", "2.25.2", None).result()
    assert CalibrationStore(tmp_path).of_series("2.25.1", "2.25.2") is None
    assert not any("2.25" in path.name for path in tmp_path.iterdir())


def test_a_calibration_of_what_is_named_by_its_path_lasts_no_longer_than_the_program(tmp_path):
    store = CalibrationStore(tmp_path)
    store.set("file:1", "file:2", (0.2, 0.25)).result()
    assert store.of_series("file:1", "file:2") == (0.2, 0.25)
    assert CalibrationStore(tmp_path).of_series("file:1", "file:2") is None


@pytest.mark.parametrize("spacing", [[0.2], [0.2, "0.2"], [0.2, 0.0], [1e999, 0.2], "0.2", [True, True]])
def test_a_calibration_that_is_none_is_put_aside(tmp_path, spacing):
    (path,) = [KeptFiles(tmp_path).path("2.25.1 2.25.2")]
    path.write_text(json.dumps({"version": VERSION, "spacing": spacing}))
    assert CalibrationStore(tmp_path).of_series("2.25.1", "2.25.2") is None
    assert path.with_suffix(".unreadable").exists()


def refuse(*_):
    raise PermissionError(13, "Permission denied")


def test_a_file_that_cannot_be_opened_is_neither_moved_nor_overwritten(tmp_path, monkeypatch):
    files = KeptFiles(tmp_path)
    files.write("one", {"said": "much"}).result()
    content = files.path("one").read_bytes()
    with monkeypatch.context() as refused:
        refused.setattr(Path, "open", refuse)
        assert files.read("one", lambda said: said["said"], "usual") == "usual"
    assert "could not be read" in str(files.why_left("one")) and not files.why_left("two")
    with pytest.raises(OutputError, match="could not be read"):
        files.write("one", {"said": "little"}).result()
    assert "could not be read" in str(files.close())
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [content]
    assert KeptFiles(tmp_path).read("one", lambda said: said["said"], "") == "much"


def test_broken_files_are_put_aside_side_by_side_and_left_where_that_is_refused(tmp_path, monkeypatch):
    for number in range(2):
        files = KeptFiles(tmp_path)
        files.path("one").write_bytes(b"broken %d" % number)
        assert files.read("one", lambda said: said["said"], "usual") == "usual"
    assert sorted(each.read_bytes() for each in tmp_path.iterdir()) == [b"broken 0", b"broken 1"]
    files.path("one").write_bytes(b"broken 2")
    monkeypatch.setattr(Path, "rename", refuse)
    files = KeptFiles(tmp_path)
    files.read("one", lambda said: said["said"], "usual")
    with pytest.raises(OutputError):
        files.write("one", {}).result()
    assert files.path("one").read_bytes() == b"broken 2"


def test_changes_of_a_while_are_written_once_from_the_first_on_and_at_once_where_that_is_asked(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(
        json_store, "write_atomically", lambda path, content, **_: written.append(json.loads(content)["n"])
    )
    files = KeptFiles(tmp_path, after=0.4)
    begun = time.monotonic()
    while time.monotonic() - begun < 0.3:
        last = files.write("one", {"n": time.monotonic()})
        time.sleep(0.01)
    last.result(timeout=0.4)  # not put off by the later changes
    assert len(written) == 1 and written[0] > begun + 0.25
    other = [files.write(name, {"n": name}) for name in ("one", "two")]
    files.write_now()
    for each in other:
        each.result(timeout=0.2)
    files.write("one", {"n": "at the end"})
    assert files.close() is None and written[1:] == ["one", "two", "at the end"]


def test_what_could_not_be_written_is_tried_again_by_itself_and_both_is_told(tmp_path):
    folder, told = tmp_path / "marks", queue.Queue()
    folder.write_bytes(b"")
    files = KeptFiles(folder, trouble=told.put)
    with pytest.raises(OutputError):
        files.write("one", {"said": "one"}).result()
    assert "was not written" in str(told.get(timeout=5))
    folder.unlink()
    assert told.get(timeout=5) is None and files.read("one", lambda said: said["said"], "") == "one"
    assert files.close() is None and told.empty()


def test_what_a_newer_version_wrote_is_not_tried_again(tmp_path):
    told = queue.Queue()
    files = KeptFiles(tmp_path, trouble=told.put)
    files.path("one").write_bytes(json.dumps({"version": VERSION + 1}).encode())
    files.read("one", lambda said: said["said"], "usual")
    with pytest.raises(OutputError):
        files.write("one", {}).result()
    files.write("two", {}).result()
    assert told.empty() and not files._scheduled
