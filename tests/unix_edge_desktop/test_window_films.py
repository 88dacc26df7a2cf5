"""A second window, for a second monitor: films there, list and report in the first."""

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from unix_edge_desktop.storage.settings import load_settings

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def move_out(qtbot, press):
    """Give the films a window of their own, as a person does."""

    def move(window):
        qtbot.waitUntil(window.isActiveWindow)
        window.grid.active.setFocus()
        press(window, Key.Key_F11, Modifier.ShiftModifier)
        own = window.films.own_window
        assert own is not None
        qtbot.waitUntil(own.isActiveWindow)
        return own

    return move


def test_the_films_go_to_a_window_of_their_own_and_come_back(window, open_in, study, move_out, press, qtbot):
    open_in(window, study)
    canvas, image = window.grid.active, window.grid.active.image
    own = move_out(window)
    assert canvas.window() is own and canvas.image is image and canvas.isVisible()
    assert window.study_dock.isVisible() and window.assistant.isVisible()
    assert window.menus.actions["films_apart"].isChecked()
    press(own, Key.Key_F11, Modifier.ShiftModifier)
    assert canvas.window() is window and canvas.isVisible() and window.films.own_window is None
    assert not window.menus.actions["films_apart"].isChecked()
    move_out(window).close()
    assert canvas.window() is window and canvas.image is image
    move_out(window)
    next(each for each in window.findChildren(QPushButton) if each.text() == "Bring them back").click()
    assert canvas.window() is window and not window.menus.actions["films_apart"].isChecked()


def test_keys_count_in_both_windows(window, open_in, idle, study, move_out, press, qtbot, uid):
    open_in(window, study)
    own, canvas = move_out(window), window.grid.active
    press(own, Key.Key_I)
    assert canvas.window_state.inverted
    zoom = canvas.viewport.zoom
    press(own, Key.Key_Plus)
    assert canvas.viewport.zoom > zoom
    press(own, Key.Key_Right)
    idle(window)
    assert uid(canvas) == "2.25.302"
    press(own, Key.Key_2, Modifier.AltModifier)
    assert len(window.grid.shown) == 2
    press(own, Key.Key_Tab, Modifier.ControlModifier)
    assert window.grid.active is window.grid.canvases[1] and window.grid.active.hasFocus()
    press(own, Key.Key_F, Modifier.ControlModifier)
    qtbot.waitUntil(window.isActiveWindow)
    assert QApplication.focusWidget() is window.studies.search
    QTest.keyClicks(window.studies.search, "i")
    assert window.studies.search.text() == "i"
    press(window, Key.Key_F6)
    press(window, Key.Key_F6)
    qtbot.waitUntil(own.isActiveWindow)
    assert QApplication.focusWidget() is window.grid.active


def test_a_measurement_outlives_the_moves_and_is_kept(make_window, open_in, idle, study, move_out, press, mouse_drag):
    window = make_window()
    open_in(window, study)
    own, canvas = move_out(window), window.grid.active
    press(own, Key.Key_D)
    mouse_drag(canvas, Qt.MouseButton.LeftButton, (60, 60), (120, 90))
    (drawn,) = canvas.measurements
    press(own, Key.Key_F11, Modifier.ShiftModifier)
    assert canvas.measurements == (drawn,)
    press(window, Key.Key_Z, Modifier.ControlModifier)
    press(window, Key.Key_Y, Modifier.ControlModifier)
    move_out(window)
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert again.grid.active.measurements == (drawn,)


def test_a_row_of_the_list_is_dropped_on_a_film(window, open_in, idle, study, move_out, uid):
    open_in(window, study)
    own = move_out(window)
    window.preferences.set_layout("1x2")
    QApplication.processEvents()
    second, tree = window.grid.canvases[1], window.studies.tree
    row = tree.topLevelItem(0).child(0).child(1)
    at = second.mapTo(own, second.rect().center())
    own.move(window.pos() + window.centralWidget().pos())  # the one over the other
    window.desk.close_image(second)
    drop(window, tree.mimeData([row]), window.rect().center())
    idle(window)
    assert [uid(each) for each in window.grid.shown] == ["2.25.301", None]
    drop(own, tree.mimeData([row]), at)
    idle(window)
    assert uid(second) == "2.25.302" and window.grid.active is second


def drop(window, content, at):
    left, none = Qt.MouseButton.LeftButton, Modifier.NoModifier
    entering = QDragEnterEvent(QPointF(at), Qt.DropAction.CopyAction, content, left, none)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, content, left, none))


def test_both_windows_are_covered_and_uncovered(window, open_in, study, move_out):
    open_in(window, study)
    own = move_out(window)
    window.blanking.cover()
    covered = {each.window_covered for each in window.blanking.covers}
    assert {window, own} <= covered
    QTest.keyClick(own.windowHandle(), Key.Key_A)
    assert not window.blanking.covers


def test_full_screen_fills_the_films_own_monitor_and_leaves_the_first_as_it_is(
    window, open_in, study, move_out, press, qtbot
):
    open_in(window, study)
    own = move_out(window)
    before = own.geometry()
    press(own, Key.Key_F11)
    qtbot.wait(50)
    assert own.isFullScreen() and not window.isFullScreen() and window.menuBar().isVisible()
    press(own, Key.Key_Escape)
    qtbot.wait(50)
    assert not own.isFullScreen() and own.geometry() == before
    press(own, Key.Key_F11)
    press(own, Key.Key_F11, Modifier.ShiftModifier)
    assert window.grid.window() is window and not window.menus.actions["full_screen"].isChecked()
    assert not window.isFullScreen()


def test_the_panels_keep_their_sizes(make_window, open_in, study, move_out, qtbot):
    window = make_window()
    window.resize(790, 700)  # the screen has so much
    open_in(window, study)
    window.resizeDocks([window.study_dock, window.assistant], [200, 330], Qt.Orientation.Horizontal)
    qtbot.wait(50)

    def widths(window):
        qtbot.wait(50)
        return [each.width() for each in (window.study_dock, window.centralWidget(), window.assistant)]

    before = widths(window)
    move_out(window)
    assert widths(window) == before
    window.close()
    again = make_window()
    assert widths(again) == before
    again.films.own_window.close()
    assert widths(again) == before


def test_it_is_open_where_it_was_after_a_restart_or_closed_if_it_was(make_window, open_in, study, move_out, qtbot):
    window = make_window()
    open_in(window, study)
    place = QRect(40, 60, 500, 400)
    move_out(window).setGeometry(place)
    window.close()
    assert not any(each.isVisible() for each in QApplication.topLevelWidgets())
    second = make_window()
    assert second.films.own_window.isVisible() and second.films.own_window.geometry() == place
    assert second.menus.actions["films_apart"].isChecked()
    second.films.own_window.close()
    second.close()
    third = make_window()
    assert third.films.own_window is None and third.grid.window() is third
    qtbot.wait(10)
    assert move_out(third).geometry() == place


def test_films_come_back_from_a_monitor_that_is_gone(make_window, open_in, study, move_out, own_folders):
    window = make_window()
    open_in(window, study)
    own, image = move_out(window), window.grid.active.image
    application = QGuiApplication.instance()
    application.screenRemoved.emit(own.screen())
    assert window.grid.window() is window and window.grid.active.image is image and window.grid.active.isVisible()
    assert not window.menus.actions["films_apart"].isChecked()
    application.screenAdded.emit(window.screen())
    assert window.grid.window() is window.films.own_window
    window.close()
    said = json.loads(own_folders.settings.read_text())
    own_folders.settings.write_text(json.dumps({**said, "films_screen": "Another 3840x2160"}))
    again = make_window()
    assert again.films.own_window is None and again.grid.window() is again
    again.close()
    assert load_settings(own_folders.settings).films_apart


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication
from unix_edge_desktop.application import make_application
from unix_edge_desktop.shell.main_window import MainWindow
from unix_edge_desktop.storage.settings import Folders
application = make_application("en")
folders = Folders.within(Path(sys.argv[1]))
folders.make()
for _ in range(2):
    window = MainWindow(folders)
    window.show()
    if window.films.own_window is None:
        window.menus.actions["films_apart"].trigger()
    application.processEvents()
    screens = [each.name() for each in (window.screen(), window.films.own_window.screen())]
    print(*screens, window.films.own_window.isMaximized())
    window.close()
"""


def test_it_opens_on_the_second_monitor_and_is_there_again(tmp_path):
    screen = {"y": 0, "width": 1280, "height": 1024, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screens = [{**screen, "name": name, "x": x} for name, x in (("first", 0), ("second", 1280))]
    (tmp_path / "screens.json").write_text(json.dumps({"screens": screens}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screens.json'}"}
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "own")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines() == ["first second True"] * 2, done.stderr
