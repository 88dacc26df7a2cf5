"""What leaves the window, and what is found again in the next."""

import hashlib
import json
import os

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from unix_edge_desktop.output.export_dialogs import AnonymiseDialog, PictureDialog
from unix_edge_desktop.shell.help_dialogs import AboutDialog, KeySheet
from unix_edge_desktop.storage.settings import load_settings

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def test_a_key_image_is_marked_in_the_window_and_kept(make_window, open_in, idle, study, press):
    window = make_window()
    open_in(window, study)
    window.grid.active.setFocus()
    press(window, Key.Key_K)
    assert window.grid.active.is_key
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert again.grid.active.is_key


def test_a_presentation_state_is_written_and_applied_from_the_list(window, open_in, idle, study, tmp_path, qtbot, uid):
    open_in(window, study)
    canvas = window.grid.active
    canvas.rotate_right()
    canvas.invert()
    seen = canvas.viewport.quarters, canvas.window_state.inverted
    window.exports.save_state(tmp_path)
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("presentation state*.dcm"))) == 1)
    canvas.reset()
    window.library.open([*tmp_path.glob("presentation state*.dcm")], show=False)
    idle(window)
    patient, own = window.studies.subject()
    states = [each for each in own.series if each.modality == "PR"]
    window.studies.series_chosen.emit(patient, own, states[0])
    qtbot.waitUntil(lambda: (canvas.viewport.quarters, canvas.window_state.inverted) == seen)
    assert uid(canvas) == "2.25.301"
    window.menus.actions["clear_state"].trigger()
    assert canvas.viewport.quarters == 0


@pytest.mark.parametrize(
    ("id", "dialog"), [("save_view", PictureDialog), ("print", PictureDialog), ("anonymise", AnonymiseDialog)]
)
def test_what_leaves_the_window_is_asked_about_first(window, open_in, study, id, dialog):
    window.menus.actions[id].trigger()
    assert window.findChild(dialog) is None and "no image" in window.message.text().lower()
    open_in(window, study)
    window.menus.actions[id].trigger()
    asked = window.findChild(dialog)
    assert asked.isVisible()
    said = " ".join(each.text() for each in asked.findChildren(QLabel))
    assert all(each in said for each in ("Doe, Jane", "4711", "2026-01-02")), "it names whose it is"
    if id == "anonymise":
        assert any("2" in each.text() for each in asked.findChildren(QLabel))
    asked.close()


def test_overlays_shutters_and_drawings_are_shown_and_hidden_in_all_views(window, open_in, study, press):
    window.preferences.set_layout("1x2")
    open_in(window, study)
    window.grid.active.setFocus()
    for key, kind in ((Key.Key_O, "overlays"), (Key.Key_U, "shutters"), (Key.Key_G, "drawings")):
        press(window, key)
        assert not any(getattr(canvas.layers, f"{kind}_shown") for canvas in window.grid.canvases)
        assert not window.menus.actions[kind].isChecked()


def test_a_study_is_opened_read_and_measured_without_a_mouse(window, open_in, idle, patient, uid, press):
    open_in(window, patient)
    press(window, Key.Key_F, Modifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), "4712")
    QTest.qWait(400)
    idle(window)
    press(window, Key.Key_Return)
    assert QApplication.focusWidget() is window.studies.tree
    press(window, Key.Key_Down)
    press(window, Key.Key_Return)
    idle(window)
    canvas = window.grid.active
    assert QApplication.focusWidget() is canvas and uid(canvas) == "2.25.304"
    press(window, Key.Key_2, Modifier.AltModifier)
    assert len(window.grid.shown) == 2
    press(window, Key.Key_Plus)
    press(window, Key.Key_Left, Modifier.AltModifier)
    press(window, Key.Key_D)
    press(window, Key.Key_Return)
    for _ in range(6):
        press(window, Key.Key_Down)
    press(window, Key.Key_Return)
    assert len(canvas.measurements) == 1
    press(window, Key.Key_Z, Modifier.ControlModifier)
    assert canvas.measurements == ()
    press(window, Key.Key_Y, Modifier.ControlModifier)
    assert len(canvas.measurements) == 1
    press(window, Key.Key_N)
    press(window, Key.Key_Delete)
    assert canvas.measurements == ()
    press(window, Key.Key_Tab, Modifier.ControlModifier)
    assert QApplication.focusWidget() is window.grid.canvases[1]
    press(window, Key.Key_F6)
    assert window.assistant.isAncestorOf(QApplication.focusWidget())
    press(window, Key.Key_F6)
    assert QApplication.focusWidget() is window.studies.tree
    press(window, Key.Key_F1)
    sheet = window.findChild(KeySheet)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Key.Key_Escape)
    assert not sheet.isVisible()


def test_window_layout_study_and_measurements_are_found_again(make_window, open_in, idle, study, qtbot, uid, press):
    window = make_window()
    open_in(window, study)
    window.preferences.set_layout("1x2")
    window.preferences.set_synchronised(True)
    window.grid.active.setFocus()
    window.grid.active.set_tool("probe")
    press(window, Key.Key_Return)
    window.setGeometry(40, 30, 700, 600)
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert (again.geometry().x(), again.geometry().width(), again.geometry().height()) == (40, 700, 600)
    assert len(again.grid.shown) == 2 and again.grid.synchronised
    assert uid(again.grid.canvases[0]) == "2.25.301" and len(again.grid.canvases[0].measurements) == 1


def test_what_was_changed_is_written_within_two_seconds(window, own_folders, qtbot):
    window.preferences.set_layout("2x2")
    qtbot.waitUntil(lambda: load_settings(own_folders.settings).layout == "2x2", timeout=2000)
    assert own_folders.settings.stat().st_uid == os.getuid()
    assert own_folders.config.stat().st_mode & 0o777 == 0o700


def test_a_window_that_was_left_on_a_screen_that_is_gone_comes_back_into_sight(make_window, own_folders):
    window = make_window()
    window.move(200_000, 200_000)
    window.close()
    again = make_window()
    assert any(screen.availableGeometry().intersects(again.frameGeometry()) for screen in QGuiApplication.screens())


def test_it_always_says_what_it_is_not_for(window, open_in, study):
    sentence = "Research use only. Not for diagnosis."
    labels = [each for each in window.statusBar().children() if getattr(each, "text", str)() == sentence]
    open_in(window, study)
    assert len(labels) == 1 and labels[0].isVisible()
    window.say("x" * 2000)
    QApplication.processEvents()
    assert labels[0].isVisible() and labels[0].width() >= labels[0].sizeHint().width()
    assert sentence in AboutDialog(window).text.toPlainText()


def test_files_are_the_same_after_all_that(window, open_in, idle, patient, press):
    before = {each: hashlib.sha256(each.read_bytes()).digest() for each in patient.iterdir()}
    open_in(window, patient)
    window.grid.active.setFocus()
    window.preferences.set_tool("probe")
    press(window, Key.Key_Return)
    window.menus.actions["compare_prior"].trigger()
    idle(window)
    window.close()
    assert {each: hashlib.sha256(each.read_bytes()).digest() for each in patient.iterdir()} == before


def test_a_right_click_opens_the_menu_of_the_image(window, open_in, study):
    open_in(window, study)
    canvas = window.grid.active
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(200, 200))
    popup = QApplication.activePopupWidget()
    assert popup is not None
    names = {each.objectName() for each in popup.actions()}
    assert {"auto_window", "reset", "compare_prior"} <= names
    popup.close()


def test_full_screen_and_back(window):
    window.menus.actions["full_screen"].trigger()
    assert window.isFullScreen()
    window.menus.actions["full_screen"].trigger()
    assert not window.isFullScreen()


def test_the_study_panel_is_hidden_and_the_search_brings_it_back(window):
    window.menus.actions["study_panel"].trigger()
    assert not window.study_dock.isVisible()
    window.menus.actions["search"].trigger()
    assert window.study_dock.isVisible()


def test_a_comparison_is_found_again_view_by_view(make_window, open_in, idle, patient, uid):
    window = make_window()
    open_in(window, patient)
    open_in(window, patient / "3.dcm")
    window.features.compare_prior()
    idle(window)
    shown = [uid(canvas) for canvas in window.grid.shown]
    assert shown == ["2.25.303", "2.25.302"]
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert [uid(canvas) for canvas in again.grid.shown] == shown
    assert not again.grid.warning


def test_a_picture_of_a_series_is_found_again_after_a_kill(make_window, open_in, idle, ct, own_folders, uid, qtbot):
    window = make_window()
    open_in(window, ct)
    window.desk.page(3)
    idle(window)
    assert uid(window.grid.active) == "2.25.34"
    qtbot.waitUntil(lambda: ("2.25.1", "2.25.2", 3) in load_settings(own_folders.settings).views, timeout=10_000)
    left = own_folders.settings.read_bytes()
    window.close()
    own_folders.settings.write_bytes(left)  # as the kill would have left it
    again = make_window()
    again.open_last()
    idle(again)
    assert uid(again.grid.active) == "2.25.34"


def test_what_is_no_longer_listed_leaves_its_view_empty(make_window, open_in, idle, patient, uid):
    window = make_window()
    open_in(window, patient)
    open_in(window, patient / "3.dcm")
    window.features.compare_prior()
    idle(window)
    whose, gone = window.desk.views[window.grid.canvases[0]].patient, window.desk.views[window.grid.canvases[0]].study
    window.library.remove(whose, gone)
    idle(window)
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert [uid(canvas) for canvas in again.grid.shown] == [None, "2.25.302"]


def test_a_calibration_is_found_again_until_it_is_forgotten(make_window, open_in, idle, study):
    window = make_window()
    open_in(window, study)
    canvas = window.grid.active
    window.menus.actions["uncalibrate"].trigger()
    assert window.message.text() == "This image was not calibrated."
    window.desk.calibrate(canvas, canvas.image.calibrate((0.5, 0.25)))
    window.close()
    for expected in ((0.5, 0.25), None):
        again = make_window()
        again.open_last()
        idle(again)
        assert again.grid.active.image.calibrated == expected
        again.menus.actions["uncalibrate"].trigger()
        assert again.grid.active.image.calibrated is None
        again.close()


def test_the_clipboard_is_emptied_of_what_was_copied_and_of_nothing_else(make_window, open_in, study):
    window = make_window()
    open_in(window, study)
    clipboard = QGuiApplication.clipboard()
    window.exports.copy_view()
    assert clipboard.mimeData().hasImage() and clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    window.close()
    assert clipboard.image().isNull()
    again = make_window()
    clipboard.setText("another's")
    again.close()
    assert clipboard.text() == "another's"


def test_names_of_files_that_were_copied_are_kept_from_histories_and_forgotten(window, open_in, tmp_path):
    clipboard = QGuiApplication.clipboard()
    (tmp_path / "Doe^Jane.txt").write_text("Not an image.")
    open_in(window, tmp_path / "Doe^Jane.txt")
    window.failures.copy()
    assert "Doe^Jane" in clipboard.text() and clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    window.close()
    assert clipboard.text() == ""


def test_half_an_export_of_a_process_that_was_killed_is_gone_at_the_next_start(
    make_window, own_folders, qtbot, tmp_path
):
    half, others = tmp_path / ".view.png.partial-0123abcdxyz", tmp_path / ".view.png.partial-4567abcdxyz"
    for each in (half, others):
        each.touch()
    (own_folders.data / "unfinished.json").write_text(json.dumps([[str(tmp_path), "0123abcd"]]))
    make_window()
    qtbot.waitUntil(lambda: not half.exists())
    assert others.exists()


def test_what_was_shown_is_kept_by_a_start_in_which_nothing_was_and_not_where_it_was_closed(
    make_window, open_in, study, own_folders
):
    window = make_window()
    open_in(window, study)
    window.close()
    make_window().close()
    assert load_settings(own_folders.settings).views[0][0]
    again = make_window()
    open_in(again, study)
    again.desk.close_image()
    again.close()
    assert not any(uid for uid, _, _ in load_settings(own_folders.settings).views)


def test_only_views_that_are_seen_are_filled_again_and_the_active_ones_study_is_chosen(
    make_window, open_in, idle, patient, uid
):
    window = make_window()
    open_in(window, patient)
    open_in(window, patient / "3.dcm")
    window.features.compare_prior()
    idle(window)
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert again.studies.subject()[1].uid == "2.25.103"
    again.preferences.set_layout("1x1")
    again.close()
    third = make_window()
    third.open_last()
    idle(third)
    assert [uid(canvas) for canvas in third.grid.canvases] == ["2.25.303", None, None, None]
