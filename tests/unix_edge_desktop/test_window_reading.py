"""How images are read in the window: turned, compared, windowed, measured and written on."""

import json
import threading
from dataclasses import replace

from pydicom import dcmread
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox

from unix_edge_desktop.image.corner_text import TextState
from unix_edge_desktop.image.measuring import Length
from unix_edge_desktop.storage.json_store import KeptFiles
from unix_edge_desktop.studies.stacks import find_study

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def test_series_are_turned_by_keys_and_frames_by_wheel(window, open_in, idle, study, uid, press):
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


def test_images_of_a_series_are_turned_and_keep_window_and_zoom(window, open_in, idle, ct, uid, press):
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


def test_only_the_newest_request_is_answered(window, open_in, idle, ct, qtbot, uid):
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


def test_a_prior_is_the_newest_earlier_study_of_the_same_patient(window, open_in, idle, patient, uid):
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


def test_a_study_in_two_projections_fills_two_views(window, open_in, idle, study, uid):
    window.preferences.set_layout("1x2")
    open_in(window, study)
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.301", "2.25.302"]
    window.menus.actions["layout_2x2"].trigger()
    assert len(window.grid.shown) == 4
    window.grid.activate(window.grid.canvases[1])
    window.menus.actions["close_image"].trigger()
    assert window.grid.canvases[1].image is None and window.grid.canvases[0].image is not None


def test_with_fewer_views_the_active_one_is_seen_and_takes_what_is_chosen(window, open_in, idle, study, uid, press):
    press(window, Key.Key_2, Modifier.AltModifier)
    open_in(window, study)
    first, second = window.grid.canvases[:2]
    first.setFocus()
    press(window, Key.Key_1, Modifier.AltModifier)
    assert window.grid.active is first and first.hasFocus() and window.grid.shown == [first]
    press(window, Key.Key_Right)
    idle(window)
    assert (uid(first), uid(second)) == ("2.25.302", "2.25.302")
    press(window, Key.Key_4, Modifier.AltModifier)
    window.grid.canvases[3].setFocus()
    press(window, Key.Key_2, Modifier.AltModifier)
    assert window.grid.active is first and first.hasFocus()
    press(window, Key.Key_X)
    assert window.grid.active is first and first.hasFocus() and window.grid.shown == [first]


def test_a_window_is_changed_by_keys_and_presets_are_named_by_the_image(window, open_in, tmp_path, make_file, press):
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


def test_patient_text_is_hidden_in_images_and_tree_and_stays_hidden(make_window, open_in, study, rows):
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


def test_text_is_written_in_three_states_in_all_views(window, open_in, study, press):
    window.preferences.set_layout("1x2")
    open_in(window, study)
    window.grid.active.setFocus()
    for state in (TextState.MINIMAL, TextState.NONE, TextState.ALL):
        press(window, Key.Key_Space)
        assert {canvas.text_state for canvas in window.grid.canvases} == {state}


def test_a_selected_length_calibrates_its_series(window, open_in, idle, study, monkeypatch, uid, press):
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
    window.calibration.calibrate()
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
    assert len(told) == 1 and told[0].startswith("Measurements or marks could not be saved, and are lost: ")


def test_a_second_window_overwrites_nothing_of_the_first(make_window, open_in, study, own_folders):
    first = make_window()
    open_in(first, study)
    first.grid.active.add_measurement(Length(((5, 5), (25, 5))))
    first.grid.active.toggle_key()
    first.store.save_now()
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


def test_a_picture_that_cannot_be_read_does_not_end_the_turning(window, open_in, idle, ct, uid):
    open_in(window, ct)
    (ct / "2").unlink()
    canvas = window.grid.active
    at = QPointF(canvas.rect().center())

    def turn(delta):
        none = Qt.MouseButton.NoButton, Modifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(canvas, QWheelEvent(at, at, QPoint(), QPoint(0, delta), *none, False))
        idle(window)
        return uid(canvas)

    assert [turn(-120), turn(-120), turn(120), turn(120)] == [None, "2.25.33", None, "2.25.31"]


def test_what_is_kept_of_an_image_is_never_read_in_the_window_s_thread(
    make_window, open_in, idle, ct, own_folders, monkeypatch
):
    first = make_window()
    open_in(first, ct)
    first.grid.active.add_measurement(Length(((5, 5), (25, 5))))
    first.grid.active.toggle_key()
    first.desk.calibrate(first.grid.active, first.grid.active.image.calibrate((0.5, 0.25)))
    first.close()
    readers, read = [], KeptFiles.read

    def note(files, *arguments):
        readers.append((files._folder.name, threading.current_thread()))
        return read(files, *arguments)

    monkeypatch.setattr(KeptFiles, "read", note)
    window = make_window()
    open_in(window, ct)
    canvas = window.grid.active
    canvas.repaint()
    assert len(canvas.measurements) == 1 and canvas.is_key and canvas.image.calibrated == (0.5, 0.25)
    window.desk.page(1)
    idle(window)
    assert canvas.measurements == () and not canvas.is_key
    assert {folder for folder, _ in readers} == {"measurements", "calibrations", "key images", "views"}
    assert threading.main_thread() not in {thread for _, thread in readers}
