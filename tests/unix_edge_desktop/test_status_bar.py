"""What stands below the images has places of its own: nothing wipes anything else."""

import time

from pydicom import dcmread
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar, QPushButton

from unix_edge.errors import StoppedError
from unix_edge_desktop.reading import library
from unix_edge_desktop.studies.indexing import IndexProgress
from unix_edge_desktop.toolkit.background import Job


def test_the_value_under_the_mouse_wipes_no_message(window, open_in, study):
    open_in(window, study)
    window.say("Written: somewhere.")
    canvas = window.grid.active
    QTest.mouseMove(canvas, QPoint(200, 200))
    QTest.mouseMove(canvas, QPoint(210, 210))
    assert window.status.readout.text() and window.message.text() == "Written: somewhere."
    window.desk.turn_series(1)
    assert window.status.reading.isVisible() and window.message.text() == "Written: somewhere."


def test_every_job_has_a_place_and_a_button_of_its_own(window, qtbot):
    first, second = window.status.opening, window.status.add_job("Progress of drafting", "Stop drafting")
    first.show_progress(1, 3, "1 of 3 files")
    second.show_progress(0, 0, "")
    assert first.isVisible() and second.isVisible()
    with qtbot.waitSignal(second.stopped):
        second.stop.click()
    second.hide()
    assert first.isVisible() and first.bar.text() == "1 of 3 files"


def seen(window, kind):
    """Those of the status bar that are seen, from the top."""
    found = [each for each in window.statusBar().findChildren(kind) if each.isVisible()]
    return sorted(found, key=lambda each: each.mapTo(window, QPoint()).y())


def test_each_of_several_openings_is_shown_and_stopped_alone(window, qtbot, tmp_path, monkeypatch, idle):
    stopped, going = [], {"first", "second", "third"}

    def slow(index, paths, should_stop):
        name = paths[0].name
        while name in going and not should_stop():
            yield IndexProgress(9, len(name), 9, ())
            time.sleep(0.01)
        if should_stop():
            stopped.append(name)

    monkeypatch.setattr(library, "index_files", slow)
    for name in ("first", "second", "third"):
        (tmp_path / name).mkdir()
        window.open_paths([tmp_path / name])
    bars = lambda: seen(window, QProgressBar)  # noqa: E731
    qtbot.waitUntil(lambda: [each.text() for each in bars()] == ["5 of 9 files", "6 of 9 files", "5 of 9 files"])
    assert [each.accessibleName() for each in bars()] == ["Opening first", "Opening second", "Opening third"]
    window.preferences.set_hide_patient(True)
    assert {each.accessibleName() for each in bars()} == {each.toolTip() for each in bars()} == {"Opening files"}
    window.preferences.set_hide_patient(False)
    stop = next(each for each in seen(window, QPushButton) if each.accessibleName() == "Stop: Opening second")
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(bars()) == 2)
    assert stopped == ["second"] and [each.toolTip() for each in bars()] == ["Opening first", "Opening third"]
    going.clear()
    idle(window)
    assert bars() == [] and not window.stop.isVisible() and stopped == ["second"]


def test_a_job_that_is_done_at_once_is_not_seen_and_one_that_lasts_can_be_stopped(window, qtbot):
    goes_on = [True]

    def work(progress, should_stop):
        progress(1, 4)
        while goes_on and not should_stop():
            time.sleep(0.01)
        if should_stop():
            raise StoppedError

    job = Job(work, window)
    job.start()
    window.exports.began.emit(job, "Reading key images")
    assert seen(window, QProgressBar) == []
    qtbot.waitUntil(lambda: [each.text() for each in seen(window, QProgressBar)] == ["1 of 4"])
    with qtbot.waitSignal(job.stopped):
        QTest.mouseClick(window.stop, Qt.MouseButton.LeftButton)
    assert seen(window, QProgressBar) == []
    goes_on.clear()
    quick = Job(work, window)
    with qtbot.waitSignal(quick.done):
        quick.start()
        window.exports.began.emit(quick, "Reading key images")
    qtbot.wait(400)
    assert seen(window, QProgressBar) == []


def test_a_message_that_has_no_room_ends_in_dots_and_is_whole_in_its_tooltip(window):
    window.resize(800, 600)
    text = "Presentation LUT Shape contradicts Photometric Interpretation; the latter was taken. " * 2
    window.say(text)
    picture = window.message.grab()
    assert window.message.toolTip() == text and window.message.width() < 800
    window.message.setText(window.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, window.message.width()))
    assert window.message.grab().toImage() == picture.toImage()


def test_what_was_said_of_an_image_is_not_said_of_the_next(window, open_in, idle, ct):
    spoiled = dcmread(ct / "1")
    spoiled.PresentationLUTShape = "INVERSE" if spoiled.PhotometricInterpretation == "MONOCHROME2" else "IDENTITY"
    spoiled.save_as(ct / "1")
    open_in(window, ct)
    assert "Presentation LUT Shape" in window.message.text()
    window.desk.page(1)
    idle(window)
    assert window.grid.active.badges.labels == [] and window.message.text() == ""
    window.desk.page(-1)
    idle(window)
    window.say("Written: somewhere.")
    window.desk.page(1)
    idle(window)
    assert window.message.text() == "Written: somewhere."
