"""Key images are marked, kept through a kill, written as a Key Object Selection, and marked again by one."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import json
import subprocess
import sys

import numpy as np
import pytest
from pydicom import dcmread

from unix_edge.dicom.grayscale import StoredImage, Window
from unix_edge.errors import KeyObjectsError
from unix_edge.isolated.objects import read_key_file
from unix_edge_desktop.canvas.canvas import Canvas
from unix_edge_desktop.canvas.painting import LINE
from unix_edge_desktop.image.images import ViewImage, from_gray
from unix_edge_desktop.image.key_marks import KeyMarkStore
from unix_edge_desktop.output.key_selections import save_key_images


@pytest.fixture
def make_image(make_header):
    def make(uid="2.25.3", frame=0, **elements):
        stored = StoredImage(np.full((40, 60), 7, np.uint8), presets=(Window(128, 256),))
        return ViewImage(stored, make_header(SOPInstanceUID=uid, **elements), frame=frame)

    return make


@pytest.fixture
def keys(tmp_path):
    keys = KeyMarkStore(tmp_path / "keys")
    yield keys
    keys.close()


def stars(canvas) -> int:
    picture = canvas.grab().toImage()
    return sum(
        picture.pixelColor(x, y) == LINE
        for x in range(picture.width())
        for y in range(picture.height() * 4 // 5, picture.height())
    )


def test_an_image_is_marked_with_a_star_and_unmarked(qtbot, keys, make_image):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    canvas.show()
    canvas.set_key_store(keys)
    canvas.set_image(make_image())
    assert not canvas.is_key and stars(canvas) == 0
    with qtbot.waitSignal(canvas.status) as said:
        canvas.toggle_key()
    assert said.args == ["Key image"] and canvas.is_key and "Key image" in canvas.accessibleDescription()
    assert stars(canvas) > 50
    canvas.set_image(make_image("2.25.4"))
    assert not canvas.is_key and stars(canvas) == 0
    canvas.set_image(make_image())
    canvas.toggle_key()
    assert not canvas.is_key and stars(canvas) == 0 and "Key image" not in canvas.accessibleDescription()


def test_what_no_file_can_name_is_refused_in_a_sentence(qtbot, keys):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.set_key_store(keys)
    canvas.toggle_key()
    canvas.set_image(from_gray(np.zeros((9, 9), np.uint8)))
    with qtbot.waitSignal(canvas.status) as said:
        canvas.toggle_key()
    assert said.args[0].startswith("The selection of key images was not changed: the image's header has no valid")
    assert not canvas.is_key


def test_frames_are_marked_one_by_one_and_a_whole_image_at_once(keys, make_image):
    first, second = (make_image(frame=frame, NumberOfFrames=3) for frame in (0, 1))
    keys.toggle(second)
    assert not keys.is_marked(first) and keys.is_marked(second)
    keys.mark((make_image().reference,))
    assert keys.is_marked(first)
    keys.toggle(first)
    assert not keys.is_marked(first) and keys.is_marked(second)


def test_a_kill_loses_no_mark(tmp_path, make_image):
    code = """
import sys, time
from pydicom import Dataset
from unix_edge_desktop.image.images import ViewImage, from_gray
from unix_edge_desktop.image.key_marks import KeyMarkStore
import numpy as np
from pathlib import Path
keys = KeyMarkStore(Path(sys.argv[1]))
for number in range(1, 1000):
    header = Dataset()
    header.StudyInstanceUID, header.SeriesInstanceUID = "2.25.1", "2.25.2"
    header.SOPClassUID, header.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", f"2.25.{number}"
    keys.toggle(from_gray(np.zeros((4, 4), np.uint8), header)).result()
    print(number, flush=True)
"""
    folder = tmp_path / "keys"
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)
    for _ in range(20):
        last = int(process.stdout.readline())
    process.kill()
    last = max([last, *(int(line) for line in process.stdout.read().split())])
    process.wait()
    process.stdout.close()
    keys = KeyMarkStore(folder)
    assert [each.sop_instance for each in keys.of_study("2.25.1")][:last] == [f"2.25.{n}" for n in range(1, last + 1)]
    keys.close()


def test_the_files_names_say_nothing_and_a_broken_one_is_put_aside(tmp_path, keys, make_image):
    keys.toggle(make_image()).result()
    (path,) = (tmp_path / "keys").iterdir()
    assert path == keys.path("2.25.1") and "2.25" not in path.name
    aside = []
    for content in (b"{", b"[]", json.dumps({"images": [["2.25.9", "2.25.2", "2.25.3", "2.25.4", []]]}).encode()):
        path.write_bytes(content)
        other = KeyMarkStore(tmp_path / "keys")
        assert other.of_study("2.25.1") == () and not path.exists()
        aside.append(content)
        assert sorted(each.read_bytes() for each in path.parent.glob("*.unreadable*")) == sorted(aside)
        other.close()


def test_a_written_selection_conforms_and_marks_the_same_images_elsewhere(tmp_path, keys, make_image, assert_conforms):
    for uid in ("2.25.3", "2.25.4"):
        keys.toggle(make_image(uid))
    path = save_key_images(keys, make_image("2.25.4"), tmp_path / "out")
    assert_conforms(path)
    assert dcmread(path).PatientID == "4711"
    again = save_key_images(keys, make_image(), tmp_path / "out")
    assert again != path and path.exists()
    elsewhere = KeyMarkStore(tmp_path / "elsewhere")
    for written in elsewhere.mark(read_key_file(path).images):
        written.result()
    assert elsewhere.of_study("2.25.1") == keys.of_study("2.25.1") and elsewhere.is_marked(make_image())
    elsewhere.close()
    reopened = KeyMarkStore(tmp_path / "elsewhere")
    assert reopened.is_marked(make_image("2.25.4")) and not reopened.is_marked(make_image("2.25.5"))
    reopened.close()


def test_without_a_mark_nothing_is_written(tmp_path, keys, make_image):
    with pytest.raises(KeyObjectsError, match="no image of this study is marked"):
        save_key_images(keys, make_image(), tmp_path / "out")
    assert not (tmp_path / "out").exists()
