"""What stands below the images has places of its own: nothing wipes anything else."""

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest


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
