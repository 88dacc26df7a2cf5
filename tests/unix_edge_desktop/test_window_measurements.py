"""Measurements of an image all at once: hidden, taken away, and brought back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from unix_edge_desktop.toolkit.action import Menu

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def measured(window, open_in, study, press):
    """An image with two lengths."""
    open_in(window, study)
    canvas = window.grid.active
    canvas.setFocus()
    for steps in (4, 7):
        press(window, Key.Key_D)
        press(window, Key.Key_Return)
        for _ in range(steps):
            press(window, Key.Key_Right)
        press(window, Key.Key_Return)
    assert len(canvas.measurements) == 2
    return canvas


def test_all_are_hidden_in_all_views_and_out_of_reach_and_come_back(window, measured, press):
    press(window, Key.Key_M, Modifier.ShiftModifier)
    assert not window.menus.actions["measurements"].isChecked()
    assert not any(canvas.measurements_shown for canvas in window.grid.canvases)
    scene = measured.describe_scene()
    assert scene.measurements == () and scene.selected is None and len(measured.measurements) == 2
    middle = measured.to_widget(measured.measurements[1].points[0])
    assert measured.pointer._find(middle) is None
    press(window, Key.Key_N)
    assert measured.selected is None and not window.menus.actions["delete"].isEnabled()
    press(window, Key.Key_M, Modifier.ShiftModifier)
    assert measured.describe_scene().measurements == measured.measurements
    assert measured.pointer._find(middle) is not None


def test_who_measures_sees_them_again(window, measured, press):
    press(window, Key.Key_M, Modifier.ShiftModifier)
    press(window, Key.Key_D)
    press(window, Key.Key_Return)
    assert window.menus.actions["measurements"].isChecked() and measured.measurements_shown
    press(window, Key.Key_Right)
    press(window, Key.Key_Return)
    assert len(measured.describe_scene().measurements) == 3


def test_a_value_that_is_measured_by_one_click_is_seen_too(window, measured, press):
    press(window, Key.Key_M, Modifier.ShiftModifier)
    window.menus.actions["tool_probe"].trigger()
    QTest.mouseClick(measured, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert window.menus.actions["measurements"].isChecked() and measured.measurements_shown
    assert len(measured.describe_scene().measurements) == 3 and measured.selected == 2


def test_what_is_not_seen_is_not_taken_away_and_what_is_taken_back_is_seen(window, measured, press):
    before = measured.measurements
    press(window, Key.Key_M, Modifier.ShiftModifier)
    assert not window.menus.actions["delete_all"].isEnabled()
    press(window, Key.Key_Delete, Modifier.ShiftModifier)
    measured.delete_all()
    assert measured.measurements == before and not measured.measurements_shown
    press(window, Key.Key_Z, Modifier.ControlModifier)
    assert measured.measurements == before[:1] and measured.measurements_shown
    assert window.menus.actions["measurements"].isChecked() and window.menus.actions["delete_all"].isEnabled()


def test_all_are_taken_away_at_once_and_one_undo_brings_them_back(window, measured, press):
    before, action = measured.measurements, window.menus.actions["delete_all"]
    assert action.isEnabled()
    press(window, Key.Key_Delete, Modifier.ShiftModifier)
    assert measured.measurements == () and not action.isEnabled()
    press(window, Key.Key_Z, Modifier.ControlModifier)
    assert measured.measurements == before and action.isEnabled()
    press(window, Key.Key_Y, Modifier.ControlModifier)
    assert measured.measurements == ()


def test_an_arrow_is_drawn_and_written_at_without_a_mouse_and_letters_do_nothing_to_the_image(
    window, open_in, study, press
):
    open_in(window, study)
    canvas, edit = window.grid.active, window.menus.actions["edit_words"]
    canvas.setFocus()
    inverted = canvas.window_state.inverted
    press(window, Key.Key_J)
    press(window, Key.Key_Return)
    for _ in range(5):
        press(window, Key.Key_Right)
    press(window, Key.Key_Return)
    for key in (Key.Key_I, Key.Key_D, Key.Key_Delete, Key.Key_K, Key.Key_Return):  # each of them does something
        press(window, key)
    assert [each.words for each in canvas.measurements] == ["idk"] and canvas.hasFocus()
    assert canvas.window_state.inverted == inverted and not canvas.is_key and canvas.tool == "arrow"
    assert edit.isEnabled()
    press(window, Key.Key_J, Modifier.ShiftModifier)
    press(window, Key.Key_X)
    press(window, Key.Key_Return)
    assert [each.words for each in canvas.measurements] == ["x"]
    press(window, Key.Key_Delete)
    assert canvas.measurements == () and not edit.isEnabled()
    assert window.menus.menus[Menu.MEASURE].actions().count(window.menus.actions["tool_arrow"]) == 1


@pytest.fixture
def beside(window, measured, idle):
    """The same image in a second view."""
    view = window.desk.views[measured]
    window.preferences.set_layout("1x2")
    other = window.grid.canvases[1]
    window.desk.open_series(view.patient, view.study, view.series, other)
    idle(window)
    assert other.measurements == measured.measurements
    return other


def choose(window, canvas, press, steps):
    """Select a measurement in a view by its key."""
    window.grid.activate(canvas)
    window.grid.focus_active()
    canvas.select(None)
    for _ in range(steps):
        press(window, Key.Key_N)


def test_what_was_selected_and_is_taken_away_in_another_view_is_selected_no_more(window, measured, beside, press):
    first, second = measured.measurements
    choose(window, beside, press, 1)
    choose(window, measured, press, 1)
    press(window, Key.Key_Delete)
    assert beside.measurements == (second,) and beside.selected is None
    window.grid.activate(beside)
    assert not window.menus.actions["delete"].isEnabled()
    window.menus.actions["calibrate"].trigger()
    assert "Select a length" in window.message.text() and measured.measurements == (second,)
    choose(window, beside, press, 1)
    choose(window, measured, press, 0)
    press(window, Key.Key_Z, Modifier.ControlModifier)
    assert measured.measurements == (first, second) and beside.selected == 1, "it is the same line still"


def test_a_calibration_by_a_line_that_another_view_took_away_is_none(window, measured, beside, press):
    choose(window, beside, press, 2)
    assert beside.selected == 1
    choose(window, measured, press, 0)
    press(window, Key.Key_Delete, Modifier.ShiftModifier)
    window.grid.activate(beside)
    window.menus.actions["calibrate"].trigger()
    assert "Select a length" in window.message.text()


def test_what_was_said_of_a_measurement_goes_with_its_image(window, measured, press, idle):
    press(window, Key.Key_N)
    assert " px" in window.message.text()
    press(window, Key.Key_PageDown)
    idle(window)
    assert window.message.text() == ""
