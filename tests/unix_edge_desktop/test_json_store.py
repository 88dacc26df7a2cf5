"""What a reader made is kept: written again where it failed, and left alone where a newer version wrote it."""

import json
from pathlib import Path

import pytest

from unix_edge.errors import OutputError
from unix_edge_desktop.image.calibrations import CalibrationStore
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
    assert files.close() == again.close() == ""


def test_what_is_lost_at_the_end_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    files = KeptFiles(tmp_path / "file")
    files.write("one", {}).exception()
    assert "was not written" in files.close()


def test_a_file_of_a_newer_version_is_neither_read_nor_written_nor_moved(tmp_path):
    files = KeptFiles(tmp_path)
    content = json.dumps({"version": VERSION + 1, "said": "much"}).encode()
    files.path("one").write_bytes(content)
    assert files.read("one", lambda said: said["said"], "usual") == "usual"
    with pytest.raises(OutputError, match="a newer version of this program wrote it"):
        files.write("one", {"said": "little"}).result()
    files.write("two", {}).result()
    assert "newer version" in files.close() and files.path("one").read_bytes() == content


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
    assert "could not be read" in files.close()
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
