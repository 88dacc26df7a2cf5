"""An empty window shows its ways in, by mouse and by keys, until something is open."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

Key = Qt.Key


def test_there_are_three_ways_and_each_says_its_key(window):
    welcome = window.welcome
    assert welcome.isVisible() and welcome.geometry() == window.grid.rect()
    said = {id: button.text() for id, button in welcome.buttons.items()}
    assert list(said) == ["open_folder", "open_files", "sample_study"]
    assert said["open_folder"].endswith("Ctrl+Shift+O") and said["open_files"].endswith("Ctrl+O")
    window.resize(1000, 700)
    QApplication.processEvents()
    assert welcome.geometry() == window.grid.rect()


@pytest.mark.parametrize("way", ["open_folder", "open_files"])
def test_what_is_chosen_is_opened_and_the_ways_are_gone(window, idle, study, monkeypatch, way, uid):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(study))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(study / "image1")], ""))
    QTest.mouseClick(window.welcome.buttons[way], Qt.MouseButton.LeftButton)
    idle(window)
    assert uid(window.grid.active) is not None and not window.welcome.isVisible()


def test_nothing_is_chosen_and_they_stay(window, idle, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    QTest.mouseClick(window.welcome.buttons["open_folder"], Qt.MouseButton.LeftButton)
    idle(window)
    assert window.welcome.isVisible()


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return])
def test_the_sample_study_is_reached_by_keys_alone(window, idle, monkeypatch, study, press, qtbot, key):
    monkeypatch.setattr("unix_edge_desktop.output.exports.make_sample_study", lambda *_, **__: study)
    window.grid.active.setFocus()  # as it has when the window opens
    for id in ("open_folder", "open_files", "sample_study"):
        press(window, Key.Key_Tab)
        assert QApplication.focusWidget() is window.welcome.buttons[id]
    press(window, key)
    qtbot.waitUntil(lambda: window.grid.active.image is not None, timeout=30_000)
    assert not window.welcome.isVisible()


def test_they_stay_where_nothing_of_what_was_opened_can_be_shown(window, open_in, tmp_path):
    (tmp_path / "text.txt").write_text("no image")
    open_in(window, tmp_path / "text.txt")
    assert window.welcome.isVisible()


def test_a_picture_of_no_file_is_not_covered_either(window):
    window.menus.actions["test_pattern"].trigger()
    assert not window.welcome.isVisible()


def test_they_are_not_in_the_way_of_what_is_seen_again(make_window, open_in, study, idle, qtbot):
    first = make_window()
    open_in(first, study)
    first.close()
    again = make_window()
    assert not again.welcome.isVisible()


def test_a_key_that_was_changed_is_said(window):
    window.menus.actions["open_files"].setShortcut("Ctrl+J")
    assert window.welcome.buttons["open_files"].text().endswith("Ctrl+J")
