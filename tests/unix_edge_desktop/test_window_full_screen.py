"""Full screen is the films alone, and all comes back exactly as it was left."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDockWidget, QToolBar

Key = Qt.Key


def others(window):
    """What stands around the films, and how large it is."""
    parts = [window.menuBar(), window.statusBar(), *window.findChildren(QToolBar), *window.findChildren(QDockWidget)]
    return {(type(each).__name__, each.objectName()): (each.isVisible(), each.geometry()) for each in parts}


def settle(qtbot):
    qtbot.wait(50)
    QApplication.processEvents()


@pytest.mark.parametrize("leave", [Key.Key_F11, Key.Key_Escape])
@pytest.mark.parametrize("maximised", [False, True])
def test_full_screen_is_the_films_alone_and_all_comes_back_as_it_was(
    window, open_in, study, press, qtbot, maximised, leave
):
    open_in(window, study)
    window.resizeDocks([window.study_dock], [222], Qt.Orientation.Horizontal)
    if maximised:
        window.showMaximized()
    settle(qtbot)
    window.grid.active.setFocus()
    before, geometry = others(window), window.geometry()
    press(window, Key.Key_F11)
    settle(qtbot)
    assert window.isFullScreen() and not any(visible for visible, _ in others(window).values())
    assert window.grid.geometry() == window.rect() and window.menus.actions["full_screen"].isChecked()
    press(window, Key.Key_I)
    assert window.grid.active.window_state.inverted
    press(window, leave)
    settle(qtbot)
    assert not window.isFullScreen() and window.isMaximized() is maximised
    assert others(window) == before and window.geometry() == geometry
    assert not window.menus.actions["full_screen"].isChecked()


def test_a_panel_that_was_hidden_stays_hidden(window, open_in, study, press, qtbot):
    open_in(window, study)
    window.menus.actions["study_panel"].trigger()
    settle(qtbot)
    before = others(window)
    press(window, Key.Key_F11)
    press(window, Key.Key_F9)
    assert window.study_dock.isVisible()
    press(window, Key.Key_F11)
    settle(qtbot)
    assert others(window) == before and not window.menus.actions["study_panel"].isChecked()


def test_the_way_back_and_what_is_said_are_seen_for_a_moment_over_the_films(
    window, open_in, study, press, qtbot, monkeypatch
):
    open_in(window, study)
    caption = window.full_screen.caption
    caption._timer.setInterval(200)
    window.say("Before.")
    assert not caption.isVisible()
    press(window, Key.Key_F11)
    assert caption.isVisible() and caption.text() == "Esc or F11 leaves full screen"
    assert window.grid.rect().contains(caption.geometry())
    assert window.grab().toImage().pixelColor(caption.geometry().topLeft()) == QColor("#a3aab2")
    qtbot.waitUntil(lambda: not caption.isVisible())
    window.say("Measurements are not saved.")
    assert caption.isVisible() and caption.text() == "Measurements are not saved."
    press(window, Key.Key_F11)
    assert not caption.isVisible() and window.message.text() == "Measurements are not saved."


def test_escape_gives_up_a_tool_before_it_leaves(window, open_in, study, press):
    open_in(window, study)
    press(window, Key.Key_F11)
    press(window, Key.Key_D)
    press(window, Key.Key_Escape)
    assert window.grid.active.tool == "window" and window.isFullScreen()
    press(window, Key.Key_Escape)
    assert not window.isFullScreen()


def test_other_keys_for_it_are_said(window, open_in, study, press):
    open_in(window, study)
    keys = window.preferences.keys.with_keys("full_screen", ("Ctrl+9",)).with_keys("cancel", ())
    window.preferences.set_keys(keys)
    window.menus.actions["full_screen"].trigger()
    assert window.full_screen.caption.text() == "Ctrl+9 leaves full screen"


def test_a_window_closed_in_full_screen_opens_as_it_was_before(make_window, open_in, study, press, qtbot):
    window = make_window()
    open_in(window, study)
    before = others(window)
    press(window, Key.Key_F11)
    settle(qtbot)
    window.close()
    again = make_window()
    settle(qtbot)
    assert not again.isFullScreen()
    assert {name: seen for name, (seen, _) in others(again).items()} == {
        name: seen for name, (seen, _) in before.items()
    }


def test_a_window_manager_may_end_it(window, open_in, study, press, qtbot):
    open_in(window, study)
    before = others(window)
    press(window, Key.Key_F11)
    window.setWindowState(Qt.WindowState.WindowNoState)
    settle(qtbot)
    assert others(window) == before and not window.menus.actions["full_screen"].isChecked()
