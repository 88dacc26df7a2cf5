"""Pages are turned in bursts: the newest is there at once, whatever lies between; and multi-frame images play."""

import time

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from unix_edge.errors import ImageError
from unix_edge.isolated import child as child_module
from unix_edge.isolated.decode import SeriesDecoder, decode

Key = Qt.Key
MOST = 0.3
"""Seconds within which the newest of a burst is seen."""


@pytest.fixture
def frames(tmp_path, make_file):
    """A file of 32 frames, each of one gray."""

    def make(count=32, **elements):
        path = make_file(tmp_path / "frames", **elements)
        dataset = dcmread(path)
        shape = (dataset.Rows, dataset.Columns)
        dataset.NumberOfFrames = count
        dataset.PixelData = b"".join(np.full(shape, 100 * number, np.uint16).tobytes() for number in range(count))
        dataset.save_as(path)
        return path

    return make


@pytest.fixture
def series(tmp_path, make_file):
    """Thirty images of one series, a file each."""
    folder = tmp_path / "series"
    folder.mkdir()
    for number in range(1, 31):
        make_file(folder / str(number), seed=number, SOPInstanceUID=f"2.25.3.{number}", InstanceNumber=number)
    return folder


def seen(window):
    """Which picture the active view shows: a frame, or an instance's number."""
    image = window.grid.active.image
    if image is None:
        return None
    return image.frame if image.frames > 1 else int(image.header.InstanceNumber) - 1


def measure(window, qtbot, turn, wanted):
    """Turn pages 15 times in a burst; return how long the newest took then, in seconds."""
    for _ in range(15):
        turn()
        qtbot.wait(5)
    began = time.monotonic()
    qtbot.waitUntil(lambda: seen(window) == wanted, timeout=20_000)
    return time.monotonic() - began


@pytest.mark.parametrize("kind", ["frames", "series"])
@pytest.mark.parametrize("way", ["wheel", "keys"])
def test_the_newest_of_a_burst_is_seen_at_once(window, open_in, qtbot, request, press, turn_wheel, kind, way):
    open_in(window, request.getfixturevalue("series") if kind == "series" else request.getfixturevalue("frames")())
    canvas = window.grid.active
    canvas.setFocus()
    for down, wanted in ((True, 15), (False, 0), (True, 15), (False, 0)):

        def turn(down=down):
            if way == "wheel":
                turn_wheel(canvas, (100, 100), -1 if down else 1)
            else:
                press(window, Key.Key_Down if down else Key.Key_Up)

        assert measure(window, qtbot, turn, wanted) < MOST, (down, wanted)


def test_frames_of_a_file_come_from_one_child_that_is_sent_it_once(frames, monkeypatch):
    path, sent = frames(), []
    send = child_module._send
    monkeypatch.setattr(child_module, "_send", lambda *given: sent.append(1) or send(*given))
    decoder = SeriesDecoder()
    values = [int(decoder.decode("it", path, frame).stored.stored.max()) for frame in range(5)]
    decoder.close()
    assert values == [0, 100, 200, 300, 400] and len(sent) == 1
    alone = decode(path, frame=3, stored=True)
    again = SeriesDecoder()
    assert np.array_equal(again.decode("it", path, 3).stored.stored, alone.stored.stored)
    again.close()


FORGE = """
import json
import unix_edge.isolated.decode_child as child
answer = child._answer
def forge(requests):
    said, block = answer(requests)
    again = json.dumps({**said, "nonce": getattr(child._HELD, "nonce", None)}).encode()
    return said, block + again + bytes([10]) + block
child._answer = forge
child.main()
"""


def test_what_a_child_says_before_it_is_asked_is_no_answer(make_file, tmp_path, monkeypatch):
    """One that the first file took over says of the next file what it likes, in advance."""
    monkeypatch.setattr(child_module, "_START", FORGE)
    files = [make_file(tmp_path / f"{at}", seed=at, size=(40, 40), PatientID=f"P{at}") for at in (1, 2)]
    decoder = SeriesDecoder()
    for number, path in enumerate(files, 1):
        decoded = decoder.decode(path, path, 0)
        assert decoded.header.PatientID == f"P{number}"
        assert np.array_equal(decoded.stored.stored, dcmread(path).pixel_array)
    decoder.close()


def test_two_patients_whose_series_have_one_uid_share_no_child(window, open_in, idle, make_file, tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    for number in range(4):
        who = {"PatientID": f"P{number % 2}", "PatientName": f"N{number % 2}"}
        make_file(folder / f"{number}", seed=number, SOPInstanceUID=f"2.25.3.{number}", **who)
    open_in(window, folder)
    assert len(window.studies.patients) == 2
    for patient in window.studies.patients:
        window.desk.open_study(patient, patient.studies[0])
        idle(window)
        assert window.grid.active.image.header.PatientID == patient.id
    assert len(window.desk.loader._children) == 2


def test_a_child_that_died_between_two_pictures_is_replaced_and_a_broken_file_costs_itself_alone(frames, tmp_path):
    path, broken, decoder = frames(), tmp_path / "broken", SeriesDecoder()
    broken.write_bytes(path.read_bytes()[:-100])
    assert decoder.decode("it", path, 1).stored.stored.max() == 100
    decoder._session._process.kill()
    assert decoder.decode("it", path, 2).stored.stored.max() == 200
    with pytest.raises(ImageError, match="broken"):
        decoder.decode("broken", broken, 0)
    assert decoder.decode("it", path, 3).stored.stored.max() == 300
    decoder.close()


def watch(window, qtbot, milliseconds):
    """Return the frames that are shown within a time, in their order."""
    shown = []

    def note(_):
        shown.append(seen(window))

    window.desk.shown_changed.connect(note)
    qtbot.wait(milliseconds)
    window.desk.shown_changed.disconnect(note)
    return shown


def test_a_multi_frame_image_plays_round_and_stops_by_its_key(window, open_in, qtbot, frames, press):
    open_in(window, frames(4, RecommendedDisplayFrameRate="20"))
    canvas, action = window.grid.active, window.menus.actions["play"]
    canvas.setFocus()
    press(window, Key.Key_Y)
    assert action.isChecked() and window.desk.cine.interval == 50
    shown = []
    window.desk.shown_changed.connect(lambda _: shown.append(seen(window)))
    qtbot.waitUntil(lambda: len(shown) >= 6, timeout=20_000)
    assert shown[:6] == [1, 2, 3, 0, 1, 2]
    press(window, Key.Key_Y)
    assert not action.isChecked()
    qtbot.wait(100)
    at = seen(window)
    assert watch(window, qtbot, 300) == [] and seen(window) == at


@pytest.mark.parametrize("by", ["wheel", "click", "key", "closing"])
def test_a_touch_of_the_view_stops_it(window, open_in, qtbot, frames, press, turn_wheel, by):
    open_in(window, frames(6, CineRate="30"))
    canvas = window.grid.active
    canvas.setFocus()
    window.menus.actions["play"].trigger()
    qtbot.waitUntil(lambda: seen(window) not in (None, 0))
    if by == "wheel":
        turn_wheel(canvas, (100, 100), -1)
    elif by == "click":
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    elif by == "key":
        press(window, Key.Key_Home)
    else:
        window.menus.actions["close_image"].trigger()
    assert not window.menus.actions["play"].isChecked() and window.desk.cine.canvas is None
    qtbot.waitUntil(lambda: not window.desk.loader.is_busy)
    assert watch(window, qtbot, 200) == []


@pytest.mark.parametrize(
    ("elements", "interval"),
    [
        ({}, 100),
        ({"FrameTime": "40"}, 40),
        ({"FrameTime": "40", "CineRate": "50"}, 20),
        ({"FrameTime": "40", "CineRate": "50", "RecommendedDisplayFrameRate": "4"}, 250),
        ({"RecommendedDisplayFrameRate": "0", "CineRate": "-3", "FrameTime": "0"}, 100),
        ({"CineRate": "100000"}, 17),
    ],
)
def test_its_rate_is_the_header_s(window, open_in, frames, elements, interval):
    open_in(window, frames(3, **elements))
    window.menus.actions["play"].trigger()
    assert window.desk.cine.interval == interval


def test_one_image_does_not_play_and_a_series_does(window, open_in, qtbot, series, tmp_path, make_file):
    open_in(window, make_file(tmp_path / "one", SOPInstanceUID="2.25.77", StudyInstanceUID="2.25.78"))
    window.menus.actions["play"].trigger()
    assert not window.menus.actions["play"].isChecked() and "nothing to play" in window.message.text()
    open_in(window, series)
    window._show_offered()
    qtbot.waitUntil(lambda: seen(window) == 0)
    window.menus.actions["play"].trigger()
    qtbot.waitUntil(lambda: seen(window) == 3, timeout=20_000)
