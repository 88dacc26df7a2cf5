"""Measurements of an image all at once: hidden, taken away, and brought back."""

import pytest
from PySide6.QtCore import Qt

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
