"""The window as a reader uses it: opened, searched, turned, compared, measured, left and found again."""

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QMessageBox, QPushButton

from unix_edge_desktop.actions import ACTIONS, ALL, PRESETS, Menu, Scope
from unix_edge_desktop.corner_text import TextState
from unix_edge_desktop.export_dialogs import AnonymiseDialog, PictureDialog
from unix_edge_desktop.help_dialogs import AboutDialog, KeySheet
from unix_edge_desktop.index import NAME, StudyIndex
from unix_edge_desktop.index_schema import SCHEMA
from unix_edge_desktop.measuring import Length
from unix_edge_desktop.settings import load_settings
from unix_edge_desktop.stacks import find_study

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def study(tmp_path, make_file):
    """Two projections in two series of one study."""
    folder = tmp_path / "study"
    folder.mkdir()
    for number, view in ((1, "PA"), (2, "LL")):
        make_file(
            folder / f"image{number}",
            seed=number,
            SOPInstanceUID=f"2.25.30{number}",
            SeriesInstanceUID=f"2.25.20{number}",
            SeriesNumber=number,
            SeriesDescription=f"Chest {view}",
            ViewPosition=view,
        )
    return folder


@pytest.fixture
def patient(tmp_path, make_file):
    """Three studies of one patient, and one of another who is named alike."""
    folder = tmp_path / "patient"
    folder.mkdir()
    for number, (date, identity) in enumerate(
        (("20240505", "4711"), ("20250606", "4711"), ("20260707", "4711"), ("20260606", "4712")), 1
    ):
        make_file(
            folder / f"{number}.dcm",
            seed=number,
            PatientID=identity,
            StudyDate=date,
            StudyInstanceUID=f"2.25.10{number}",
            SeriesInstanceUID=f"2.25.20{number}",
            SOPInstanceUID=f"2.25.30{number}",
        )
    return folder


def rows(window):
    """What the tree says, patients' rows without indentation."""
    found = []

    def walk(item, depth):
        found.append("  " * depth + item.text(0).replace("\n", " | "))
        for at in range(item.childCount()):
            walk(item.child(at), depth + 1)

    tree = window.studies.tree
    for at in range(tree.topLevelItemCount()):
        walk(tree.topLevelItem(at), 0)
    return found


def uid(canvas):
    return canvas.image and canvas.image.header.SOPInstanceUID


def press(window, key, modifiers=Modifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


# Actions


def test_every_action_is_in_its_menu_and_those_of_the_toolbar_have_icons_names_and_keys(window):
    for menu in Menu:
        listed = [each.objectName() for each in window.menus.menus[menu].actions() if each.objectName()]
        assert listed == [each.id for each in ACTIONS if each.menu is menu]
    assert [each.objectName() for each in window.menus.presets.actions()] == [each.id for each in PRESETS]
    toolbars = (window.menus.toolbar, window.menus.tools)
    shown = [each for toolbar in toolbars for each in toolbar.actions() if not each.isSeparator()]
    assert [each.objectName() for each in shown] == [each.id for each in ACTIONS if each.toolbar]
    for action in shown:
        assert not action.icon().isNull(), action.objectName()
        for key in ALL[action.objectName()].keys:
            assert key in action.toolTip() or key in ("Ctrl+Return", "Ctrl+Shift+Z")


def test_the_sheet_of_keys_and_the_tooltips_follow_a_change_of_keys(window):
    window.preferences.set_keys(window.preferences.keys.with_keys("invert", ("Ctrl+9",)).with_mouse("middle", "zoom"))
    assert window.menus.actions["invert"].toolTip() == "Invert (Ctrl+9)"
    text = KeySheet(window.preferences.keys, window).page.toPlainText()
    assert "Ctrl+9" in text and "Length" in text and "Middle drag\nZoom" in text
    for action in ALL.values():
        if window.preferences.keys.keys(action.id):
            assert action.text in text
    assert window.grid.active.pointer.buttons[Qt.MouseButton.MiddleButton] == "zoom"


def test_single_letters_are_text_in_a_field_and_actions_on_the_image(window, open_in, study):
    open_in(window, study)
    press(window, Key.Key_F, Modifier.ControlModifier)
    assert QApplication.focusWidget() is window.studies.search
    before = window.grid.active.window_state
    QTest.keyClicks(window.studies.search, "id 4")
    assert window.studies.search.text() == "id 4"
    assert window.grid.active.window_state is before and window.grid.active.tool == "window"
    window.grid.active.setFocus()
    press(window, Key.Key_I)
    assert window.grid.active.window_state.inverted
    press(window, Key.Key_D)
    assert window.grid.active.tool == "length" and window.menus.actions["tool_length"].isChecked()
    press(window, Key.Key_Escape)
    assert window.grid.active.tool == "window" and window.menus.actions["tool_window"].isChecked()


def test_every_action_of_an_image_can_be_done_with_and_without_one(window, open_in, study):
    modal = {"calibrate"}
    for opened in (False, True):
        if opened:
            open_in(window, study)
        for action in (*ACTIONS, *PRESETS):
            if action.scope is Scope.IMAGE and action.id not in modal:
                window.menus.actions[action.id].trigger()
    QApplication.processEvents()


# Opening


def test_one_study_gives_the_same_from_files_a_folder_and_an_archive(make_window, open_in, idle, study, tmp_path):
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for each in study.iterdir():
            file.write(each, f"köln/{each.name}")
    accented = tmp_path / "Müller 日本語 é"
    accented.mkdir()
    for each in study.iterdir():
        (accented / each.name).write_bytes(each.read_bytes())
    seen = []
    for paths in ([study], [study / "image1", study / "image2"], [archive], [accented]):
        window = make_window()
        open_in(window, *paths)
        seen.append((rows(window), uid(window.grid.canvases[0]), window.failures.text()))
        for each in window.studies.patients:
            for one in each.studies:
                window.library.remove(each, one)
        idle(window)
        window.close()
    assert seen[0][0] == ["Doe, Jane | 4711  1960-02-29  F", "  2026-01-02  DX"] + [
        f"    DX  CHEST  Chest {view}" for view in ("PA", "LL")
    ]
    assert seen[0][1] == "2.25.301"
    assert all(each == seen[0] for each in seen)


def test_a_medium_is_opened_by_its_dicomdir(window, open_in, tmp_path):
    source = Path(get_testdata_file("dicomdirtests/DICOMDIR", download=False)).parent
    shutil.copytree(source / "77654033", tmp_path / "medium" / "77654033")
    shutil.copyfile(source / "DICOMDIR", tmp_path / "medium" / "DICOMDIR")
    open_in(window, tmp_path / "medium" / "DICOMDIR")
    assert window.grid.active.image is not None
    assert all("not there" in each.reason for each in window.failures.failures)


def test_what_is_dropped_is_opened_and_nothing_is_fetched(window, idle, study, qtbot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(study)), QUrl("https://example.org/image.dcm")])
    at, action, button = QPointF(50, 50), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, action, data, button, Modifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(at, action, data, button, Modifier.NoModifier))
    assert "nothing was fetched" in window.message.text()
    idle(window)
    assert uid(window.grid.active) == "2.25.301"


def test_pictures_are_opened_too(window, open_in, radiograph_png, tmp_path):
    photograph = tmp_path / "photograph.jpg"
    Image.fromarray(np.full((90, 80), 99, np.uint8)).save(photograph)
    open_in(window, radiograph_png)
    assert window.grid.active.image.shape == (120, 100)
    open_in(window, photograph)
    assert window.grid.active.image.shape == (90, 80)


def test_nothing_is_lost_in_silence(window, open_in, study, tmp_path, make_file):
    whole = make_file(tmp_path / "whole").read_bytes()
    for number in range(5):
        (study / f"cut{number}").write_bytes(whole[: -1000 * (number + 1)])
    for number in range(3):
        (study / f"notes{number}.txt").write_text("Not an image.")
    (study / "a\u202egpj.exe\n<b>").write_bytes(b"MZ")
    open_in(window, study)
    assert uid(window.grid.active) == "2.25.301"
    assert len(window.failures.failures) == 9 == window.failures.table.rowCount()
    assert window.failed.isVisible() and window.failed.text() == "Files not opened: 9"
    window.failed.click()
    assert window.failures.isVisible()
    window.failures.findChildren(QPushButton)[0].click()
    copied = QGuiApplication.clipboard().text()
    assert copied == window.failures.text() and len(copied.splitlines()) == 9
    assert all("\t" in line and line.endswith(".") for line in copied.splitlines())
    assert "\u202e" not in copied and "<b>" not in copied


def test_a_running_opening_is_shown_and_stops_when_it_is_told_to(window, idle, tmp_path, make_file):
    folder = tmp_path / "many"
    folder.mkdir()
    content = make_file(tmp_path / "one").read_bytes()
    for number in range(300):
        (folder / f"{number}").write_bytes(content)
    window.open_paths([folder])
    assert window.progress.isVisible() and window.stop.isVisible()
    window.stop.click()
    idle(window)
    assert not window.progress.isVisible() and not window.stop.isVisible()


def test_an_index_that_another_window_has_open_is_said_and_files_can_be_opened(make_window, open_in, study):
    make_window()
    second = make_window()
    assert "another window of this program has it open" in second.message.text()
    open_in(second, study)
    assert uid(second.grid.active) == "2.25.301"


# Studies


def test_a_newer_versions_index_is_left_and_files_can_be_opened(make_window, open_in, study, own_folders):
    StudyIndex(own_folders.data).close()
    path = own_folders.data / NAME
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    newer.close()
    before = path.read_bytes()
    window = make_window()
    assert "newer version" in window.message.text()
    open_in(window, study)
    assert uid(window.grid.active) == "2.25.301"
    window.close()
    assert path.read_bytes() == before


def test_the_search_finds_by_name_id_and_date_and_says_so_when_nothing_is_found(window, open_in, patient, qtbot):
    open_in(window, patient)
    assert window.studies.note.text() == "Studies: 4"
    for words, count in (("jane", 4), ("4712", 1), ("2025-06", 1), ("doe 4711", 3), ("nobody", 0)):
        window.studies.search.setText(words)
        expected = f"Studies: {count}" if count else "No study found."
        qtbot.waitUntil(lambda expected=expected: window.studies.note.text() == expected)


@pytest.mark.parametrize("thumbnails", [True])
def test_files_that_are_gone_or_changed_are_shown_as_such_in_words(make_window, open_in, idle, study, qtbot):
    window = make_window()
    open_in(window, study)
    window.close()
    (study / "image1").unlink()
    changed = study / "image2"
    changed.write_bytes(changed.read_bytes() + b"\0\0")
    window = make_window()
    window.open_last()
    idle(window)
    qtbot.waitUntil(
        lambda: "The file is missing." in str(rows(window)) and "The file has changed." in str(rows(window))
    )
    assert window.grid.active.image is None and "No such file" in window.grid.active.message


def test_another_patients_file_at_the_same_path_is_not_shown_under_the_first_ones_row(
    window, open_in, idle, study, make_file
):
    open_in(window, study)
    row = window.studies.patients[0]
    for path in study.iterdir():
        status = path.stat()
        make_file(path, seed=9, SOPInstanceUID="2.25.999", PatientName="Roe^Richard", PatientID="8")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    window.desk.close_image()
    window.desk.loader._kept.clear()  # as in another session
    window.desk.open_study(row, row.studies[0])
    idle(window)
    assert window.grid.active.image is None and "has changed" in window.grid.active.message


def test_removing_a_study_asks_first_and_leaves_its_files(window, open_in, idle, study, monkeypatch):
    open_in(window, study)
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    window.menus.actions["remove_study"].trigger()
    idle(window)
    assert len(rows(window)) == 4
    window.menus.actions["remove_study"].trigger()
    idle(window)
    assert rows(window) == [] and "No file was touched" in window.message.text()
    assert len(list(study.iterdir())) == 2


@pytest.mark.parametrize("thumbnails", [True])
def test_thumbnails_are_made_of_what_is_seen(window, open_in, study):
    open_in(window, study)
    top = window.studies.tree.topLevelItem(0).child(0)
    assert [not top.child(at).icon(0).isNull() for at in range(2)] == [True, True]


def test_names_of_files_and_headers_cannot_pretend(window, open_in, tmp_path, make_file):
    make_file(
        tmp_path / "image",
        SpecificCharacterSet="ISO_IR 192",
        PatientName="<b>Evil</b>\u202e^Roe",
        PatientID="\u202e1",
        StudyDescription="<img>",
    )
    open_in(window, tmp_path / "image")
    said = " ".join(rows(window))
    assert "Evil" in said and not set("<>\u202e") & set(said)


# Images


def test_series_are_turned_by_keys_and_frames_by_wheel(window, open_in, idle, study):
    open_in(window, study)
    canvas = window.grid.active
    canvas.setFocus()
    press(window, Key.Key_Right)
    idle(window)
    assert uid(canvas) == "2.25.302"
    press(window, Key.Key_Right)
    idle(window)
    assert uid(canvas) == "2.25.302"
    press(window, Key.Key_PageUp)
    idle(window)
    assert uid(canvas) == "2.25.301"


@pytest.fixture
def ct(tmp_path, make_file):
    """Five images of one series."""
    folder = tmp_path / "ct"
    folder.mkdir()
    for number in range(1, 6):
        make_file(folder / str(number), seed=number, SOPInstanceUID=f"2.25.3{number}", InstanceNumber=number)
    return folder


def test_images_of_a_series_are_turned_and_keep_window_and_zoom(window, open_in, idle, ct):
    open_in(window, ct)
    canvas = window.grid.active
    canvas.setFocus()
    canvas.one_to_one()
    canvas.change_window(40, 0)
    zoom, width = canvas.viewport.zoom, canvas.window_state.voi.width
    assert canvas.stack_size == 5
    for key, expected in (
        (Key.Key_Down, 2),
        (Key.Key_Down, 3),
        (Key.Key_Up, 2),
        (Key.Key_End, 5),
        (Key.Key_Down, 5),
        (Key.Key_Home, 1),
    ):
        press(window, key)
        idle(window)
        assert uid(canvas) == f"2.25.3{expected}"
    canvas.frame_wanted.emit(2)
    canvas.frame_wanted.emit(1)
    idle(window)
    assert uid(canvas) == "2.25.34"
    assert (canvas.viewport.zoom, canvas.window_state.voi.width) == (zoom, width)


def test_frames_of_a_file_are_turned_like_images(window, open_in, idle, make_file, tmp_path):
    path = make_file(tmp_path / "frames")
    dataset = dcmread(path)
    frame = dataset.PixelData
    dataset.NumberOfFrames, dataset.PixelData = 3, frame + bytes(len(frame)) + frame[::-1]
    dataset.save_as(path)
    open_in(window, path)
    canvas = window.grid.active
    assert canvas.stack_size == 3 and window.message.text() == ""
    window.desk.page(1)
    idle(window)
    assert canvas.image.frame == 1 and not canvas.image.stored.stored.any()
    window.desk.go_to_last()
    idle(window)
    assert canvas.image.frame == 2


def test_only_the_newest_request_is_answered(window, open_in, idle, ct, qtbot):
    open_in(window, ct)
    shown = []
    window.desk.shown_changed.connect(lambda canvas: shown.append(uid(canvas)))
    for _ in range(4):
        window.desk.page(1)
    idle(window)
    assert shown[-1] == "2.25.35" and len(shown) <= 2


def test_no_other_image_is_in_sight_while_one_is_read(window, open_in, idle, patient):
    open_in(window, patient)
    patient = window.studies.patients[-1]
    window.desk.open_study(patient, patient.studies[0])
    assert window.grid.active.image is None and window.grid.active.message == "Reading the image..."
    idle(window)
    assert window.grid.active.image is not None


def test_a_prior_is_the_newest_earlier_study_of_the_same_patient(window, open_in, idle, patient):
    open_in(window, patient / "3.dcm")
    open_in(window, patient)
    window.desk.open_study(*find_study(window.studies.patients, "2.25.103"))
    idle(window)
    window.menus.actions["compare_prior"].trigger()
    idle(window)
    idle(window)
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.303", "2.25.302"]
    assert window.menus.actions["layout_1x2"].isChecked() and window.preferences.settings.layout == "1x2"
    assert [canvas.is_marked for canvas in window.grid.shown] == [True, False]
    assert window.grid.warning == ""
    window.grid.next_view()
    window.menus.actions["compare_prior"].trigger()
    idle(window)
    idle(window)
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.301", "2.25.302"]
    other, study = find_study(window.studies.patients, "2.25.104")
    window.grid.activate(window.grid.canvases[0])
    window.desk.open_series(other, study, study.series[0])
    idle(window)
    assert "different patients" in window.grid.warning
    window.menus.actions["compare_prior"].trigger()
    idle(window)
    assert "no earlier study of this patient" in window.message.text()


def test_a_study_in_two_projections_fills_two_views(window, open_in, idle, study):
    window.preferences.set_layout("1x2")
    open_in(window, study)
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.301", "2.25.302"]
    window.menus.actions["layout_2x2"].trigger()
    assert len(window.grid.shown) == 4
    window.grid.activate(window.grid.canvases[1])
    window.menus.actions["close_image"].trigger()
    assert window.grid.canvases[1].image is None and window.grid.canvases[0].image is not None


def test_a_window_is_changed_by_keys_and_presets_are_named_by_the_image(window, open_in, tmp_path, make_file):
    file = make_file(tmp_path / "image", WindowCenter=[2000, 500], WindowWidth=[4000, 400])
    open_in(window, file)
    canvas = window.grid.active
    canvas.setFocus()
    names = [each.text() for each in window.menus.presets.actions() if each.isVisible()]
    assert names == ["Window 1", "Window 2", "Auto"]
    press(window, Key.Key_2)
    assert canvas.window_state.voi.width == 400
    press(window, Key.Key_Right, Modifier.ShiftModifier)
    assert canvas.window_state.voi.width > 400
    level = canvas.window_state.voi.center
    press(window, Key.Key_Up, Modifier.ShiftModifier)
    assert canvas.window_state.voi.center < level
    press(window, Key.Key_0)
    assert canvas.window_state.name == "Auto"


def test_patient_text_is_hidden_in_images_and_tree_and_stays_hidden(make_window, open_in, study):
    window = make_window()
    open_in(window, study)
    window.menus.actions["hide_patient"].trigger()
    assert all(canvas.hide_patient for canvas in window.grid.canvases)
    said = " ".join(rows(window))
    assert "Doe" not in said and "4711" not in said and "2026" not in said and "Chest" not in said
    tree = window.studies.tree
    assert "Doe" not in tree.topLevelItem(0).toolTip(0)
    window.close()
    again = make_window()
    assert all(canvas.hide_patient for canvas in again.grid.canvases)
    assert again.menus.actions["hide_patient"].isChecked()


def test_text_is_written_in_three_states_in_all_views(window, open_in, study):
    window.preferences.set_layout("1x2")
    open_in(window, study)
    window.grid.active.setFocus()
    for state in (TextState.MINIMAL, TextState.NONE, TextState.ALL):
        press(window, Key.Key_Space)
        assert {canvas.text_state for canvas in window.grid.canvases} == {state}


def test_a_selected_length_calibrates_its_series(window, open_in, idle, study, monkeypatch):
    open_in(window, study)
    canvas = window.grid.active
    window.menus.actions["calibrate"].trigger()
    assert "Select a length" in window.message.text()
    canvas.setFocus()
    press(window, Key.Key_D)
    press(window, Key.Key_Return)
    for _ in range(5):
        press(window, Key.Key_Right)
    press(window, Key.Key_Return)
    canvas.select(0)
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (50.0, False))
    window.menus.actions["calibrate"].trigger()
    assert canvas.measurements[0].lines(canvas.image)[0].endswith(" px")
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (50.0, True))
    window.menus.actions["calibrate"].trigger()
    assert canvas.measurements[0].lines(canvas.image) == ("50.0 mm calibrated by user",)
    calibrated = canvas.image.calibrated
    window.desk.turn_series(1)
    idle(window)
    assert uid(canvas) == "2.25.302" and canvas.image.calibrated is None, "another series has its own"
    window.desk.turn_series(-1)
    idle(window)
    assert uid(canvas) == "2.25.301" and canvas.image.calibrated == calibrated
    assert canvas.measurements[0].lines(canvas.image) == ("50.0 mm calibrated by user",)


def test_a_line_of_an_image_that_is_gone_calibrates_no_other(window, open_in, study, monkeypatch):
    open_in(window, study)
    canvas = window.grid.active
    canvas.add_measurement(Length(((5, 5), (25, 5))))
    other = replace(canvas.image)

    def answer(*_):
        canvas.set_image(other)
        return 50.0, True

    monkeypatch.setattr(QInputDialog, "getDouble", answer)
    window.calibrate()
    assert canvas.image is other and other.calibrated is None
    assert window.message.text() == "The image is no longer shown; nothing was done."


def test_that_measurements_are_not_saved_is_said_until_they_are(window, open_in, study, own_folders, qtbot):
    own_folders.measurements.write_bytes(b"")
    open_in(window, study)
    window.grid.active.add_measurement(Length(((5, 5), (25, 5))))
    qtbot.waitUntil(window.unsaved.isVisible, timeout=10_000)
    window.say("Something else.")
    assert window.unsaved.isVisible() and "was not written" in window.unsaved.toolTip()
    own_folders.measurements.unlink()
    qtbot.waitUntil(lambda: not window.unsaved.isVisible(), timeout=10_000)
    assert len(list(own_folders.measurements.glob("*.json"))) == 1


def test_that_measurements_are_lost_is_said_at_the_end(window, open_in, study, own_folders, monkeypatch):
    told = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *arguments: told.append(arguments[-1]))
    own_folders.measurements.write_bytes(b"")
    open_in(window, study)
    window.grid.active.add_measurement(Length(((5, 5), (25, 5))))
    window.close()
    assert len(told) == 1 and told[0].startswith("Measurements could not be saved, and are lost: ")


def test_a_second_window_overwrites_nothing_of_the_first(make_window, open_in, study, own_folders):
    first = make_window()
    open_in(first, study)
    first.grid.active.add_measurement(Length(((5, 5), (25, 5))))
    first.grid.active.toggle_key()
    first.grid.save_now()
    second = make_window()
    assert "forgotten when the program ends" in second.message.text()
    open_in(second, study)
    second.grid.active.add_measurement(Length(((7, 7), (9, 9))))
    second.grid.active.toggle_key()
    temporary = second.library.folder
    second.close()
    first.close()
    assert not temporary.exists()
    [kept] = own_folders.measurements.glob("*.json")
    assert json.loads(kept.read_text())["measurements"] == [{"kind": "length", "points": [[5, 5], [25, 5]]}]
    assert len(list((own_folders.data / "key images").iterdir())) == 1


def test_the_test_pattern_is_shown_pixel_for_pixel_and_says_what_it_does_not_do(window):
    window.menus.actions["test_pattern"].trigger()
    assert window.grid.active.viewport.zoom == 1
    assert "No GSDF correction applied." in window.message.text()


# What leaves the window, and what belongs to an image


def test_a_key_image_is_marked_in_the_window_and_kept(make_window, open_in, idle, study):
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


def test_a_presentation_state_is_written_and_applied_from_the_list(window, open_in, idle, study, tmp_path, qtbot):
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
    patient, own = window.studies.current_study()
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
    if id == "anonymise":
        assert any("2" in each.text() for each in asked.findChildren(QLabel))
    asked.close()


def test_overlays_shutters_and_drawings_are_shown_and_hidden_in_all_views(window, open_in, study):
    window.preferences.set_layout("1x2")
    open_in(window, study)
    window.grid.active.setFocus()
    for key, kind in ((Key.Key_O, "overlays"), (Key.Key_U, "shutters"), (Key.Key_G, "drawings")):
        press(window, key)
        assert not any(getattr(canvas.layers, f"{kind}_shown") for canvas in window.grid.canvases)
        assert not window.menus.actions[kind].isChecked()


# Without a mouse; what stays


def test_a_study_is_opened_read_and_measured_without_a_mouse(window, open_in, idle, patient):
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
    assert QApplication.focusWidget() is window.studies.tree
    press(window, Key.Key_F1)
    sheet = window.findChild(KeySheet)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Key.Key_Escape)
    assert not sheet.isVisible()


def test_window_layout_study_and_measurements_are_found_again(make_window, open_in, idle, study, qtbot):
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


def test_files_are_the_same_after_all_that(window, open_in, idle, patient):
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
