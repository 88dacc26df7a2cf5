"""The panels leave the films half of the window, on fine screens too, and are as wide as a reader made them."""

import json
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from unix_edge_desktop.storage.settings import Settings, scale_name

_TELL = """
import sys
from pathlib import Path
from PySide6.QtCore import QSize
from unix_edge_desktop.application import make_application
from unix_edge_desktop.shell.main_window import MainWindow
from unix_edge_desktop.storage.settings import Folders
application = make_application("de")
folders = Folders.within(Path(sys.argv[1]))
folders.make()
window = MainWindow(folders)
window.fit(QSize(int(sys.argv[2]), int(sys.argv[3])))
window.show()
application.processEvents()
print(window.devicePixelRatioF(), window.width(), window.height(), window.grid.width(),
      window.study_dock.width(), window.assistant.width())
window.close()
"""


def widths(window):
    QApplication.processEvents()
    return [each.width() for each in (window.study_dock, window.assistant)]


@pytest.mark.parametrize(("ratio", "room"), [(1, (1280, 800)), (2, (960, 540))])
def test_the_films_have_half_of_a_window_that_fills_the_screen(run_python, tmp_path, ratio, room):
    environment = {**os.environ, "QT_SCALE_FACTOR": str(ratio), "QT_QPA_PLATFORM": "offscreen"}
    said = run_python("-c", _TELL, str(tmp_path), *map(str, room), env=environment)
    told, width, height, films, studies, assistant = map(float, said.stdout.split())
    assert (told, width) == (ratio, room[0]) and room[1] - 60 < height < room[1], said.stderr
    assert films >= width / 2 and studies > 150 and assistant > 240


def test_a_window_that_was_left_on_a_large_screen_is_whole_on_a_small_one(run_python, tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for room, most in (((1600, 1000), 1000), ((1024, 500), 500), ((1024, 700), 500)):
        said = run_python("-c", _TELL, str(tmp_path), *map(str, room), env=environment)
        _, width, height, films, *_ = map(float, said.stdout.split())
        assert width <= room[0] and most - 250 < height < most, said.stderr
        assert films >= width / 2 or width < 1024  # no room for panels beside half of a window that is as narrow


def test_widths_that_were_made_on_a_wide_screen_leave_the_films_half_of_a_narrow_one_and_come_back(
    run_python, tmp_path
):
    def run(width, height, made=""):
        screen = {"name": "one", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
        screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
        (tmp_path / "screens.json").write_text(json.dumps({"screens": [screen]}))
        plugin = f"offscreen:configfile={tmp_path / 'screens.json'}"
        script = _TELL.replace("print(", f"{made}application.processEvents()\nprint(", 1)
        said = run_python(
            "-c", script, str(tmp_path), str(width), str(height), env={**os.environ, "QT_QPA_PLATFORM": plugin}
        )
        assert said.returncode == 0, said.stderr
        return [*map(int, said.stdout.split()[1:])]

    make = "from PySide6.QtCore import Qt\nwindow.resize(1880, 980)\napplication.processEvents()\n"
    make += "window.resizeDocks([window.study_dock, window.assistant], [330, 460], Qt.Orientation.Horizontal)\n"
    wide = run(1920, 1080, make)
    assert wide[3:] == [330, 460]
    narrow = run(1024, 700)
    assert narrow[0] <= 1024 and narrow[2] >= narrow[0] / 2 - 10
    assert run(1920, 1080)[3:] == [330, 460]


@pytest.mark.parametrize("scale", [100, 110])  # both fit into the screen that Qt pretends
def test_panels_are_as_wide_as_they_were_at_each_scale(make_window, scale):
    window = make_window()
    window.preferences.set_scale(scale)
    window.resizeDocks([window.study_dock, window.assistant], [180, 370], Qt.Orientation.Horizontal)
    left = widths(window)
    name = scale_name(scale, 1, window.screen().availableSize().width())
    assert window.panels.describe(window.preferences.settings)[name] == left
    window.close()
    again = make_window()
    assert widths(again) == left
    again.preferences.set_scale(150)
    again.preferences.room_wanted.emit(150)
    other = widths(again)
    assert other != left
    again.preferences.set_scale(scale)
    again.preferences.room_wanted.emit(scale)
    assert widths(again) == left


def test_a_hidden_panel_leaves_its_room_to_the_films_and_keeps_its_width(make_window):
    window = make_window()
    left = widths(window)
    films = window.grid.width()
    window.menus.actions["assistant_panel"].trigger()
    QApplication.processEvents()
    assert window.grid.width() > films + left[1] - 10
    window.menus.actions["assistant_panel"].trigger()
    assert widths(window) == left


@pytest.mark.parametrize("said", [{"100 1": [0, 5]}, {"100 1": [1]}, {"100 1": "wide"}, {"100 1": [1.5, 2]}])
def test_widths_that_cannot_be_are_left_out(said):
    assert Settings.from_json(json.dumps({"panel_widths": said})).panel_widths == {}
    assert Settings.from_json(json.dumps({"panel_widths": {"100 1": [200, 300]}})).panel_widths == {"100 1": [200, 300]}
