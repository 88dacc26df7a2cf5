"""A millimetre of an image is one of the monitor, where both are known, and a sentence where they are not."""

import pytest
from PySide6.QtWidgets import QDialogButtonBox

from unix_edge_desktop.image.measuring import Length
from unix_edge_desktop.shell.monitors import MonitorDialog, name_monitor
from unix_edge_desktop.storage.settings import Settings, load_settings


def calibrate(window, millimetres):
    window.menus.actions["calibrate_monitor"].trigger()
    dialog = window.findChild(MonitorDialog)
    dialog.length.setValue(millimetres)
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    return dialog


def test_a_line_of_the_image_is_as_long_on_the_monitor_as_its_number_says(window, open_in, study, own_folders):
    open_in(window, study)
    canvas = window.grid.active
    window.menus.actions["actual_size"].trigger()
    assert "calibrate it first" in window.message.text()
    pixels = calibrate(window, 100.0).line.pixels
    before = canvas.viewport
    window.menus.actions["actual_size"].trigger()
    assert "calibrate it by a length" in window.message.text() and canvas.viewport == before
    window.desk.calibrate(canvas, canvas.image.calibrate((0.25, 0.25)))
    window.menus.actions["actual_size"].trigger()
    assert window.message.text() == "Actual size: mm calibrated by user"
    (ax, ay), (bx, by) = (canvas.to_widget(point) for point in ((0, 0), (100, 100)))
    on_screen = [side * canvas.scale * 100.0 / pixels for side in (bx - ax, by - ay)]
    assert on_screen == pytest.approx([25.0, 25.0])
    assert Length(((0, 0), (100, 0))).value(canvas.image) == pytest.approx(25.0)
    window.close()
    assert load_settings(own_folders.settings).monitors == {name_monitor(window.screen()): 100.0 / pixels}


def test_the_line_that_is_measured_has_the_length_that_is_reckoned_with(window, make_dialogs):
    dialog = next(each for each in make_dialogs(window) if isinstance(each, MonitorDialog))
    dialog.show()
    picture = dialog.line.grab().toImage()
    middle = picture.height() // 2
    background = picture.pixel(2, 2)
    lit = [x for x in range(picture.width()) if picture.pixel(x, middle - 10) != background]
    assert max(lit) - min(lit) == pytest.approx(dialog.line.pixels, abs=2)
    dialog.close()


@pytest.mark.parametrize("said", ['{"a": 0}', '{"a": "1"}', '{"a": 1e999}', '{"a": 0.001}', "[1]", "7", '{"a": true}'])
def test_a_monitor_of_no_size_counts_for_nothing(said):
    assert Settings.from_json(f'{{"monitors": {said}}}').monitors == {}


def test_without_an_image_it_is_said(window):
    window.calibration.show_actual_size()
    assert window.message.text() == "There is no image in this view."
