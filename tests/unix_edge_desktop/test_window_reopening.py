"""An image is seen again as it was left, in the same window and in the next, and never another's."""

import json

import numpy as np
import pydicom
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from unix_edge.dicom.graphics import Polyline
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge_desktop.image import view_states
from unix_edge_desktop.reading.hanging import KEEP_AFTER
from unix_edge_desktop.studies.stacks import find_study

Key, Modifier = Qt.Key, Qt.KeyboardModifier
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


def look(canvas):
    """How an image is seen; where it is fitted its zoom is the view's, which may be of another size."""
    window, viewport = canvas.window_state, canvas.viewport
    place = () if canvas.is_fitted else (viewport.zoom, *viewport.centre)
    turned = viewport.quarters, viewport.mirrored, window.inverted
    return pytest.approx((window.voi.center, window.voi.width, *place)), turned


def look_now(canvas):
    found, turned = look(canvas)
    return found.expected, turned


def work(canvas, mouse_drag, turn_wheel):
    """Drag the window, zoom, move, turn and invert."""
    canvas.setFocus()
    mouse_drag(canvas, LEFT, (100, 100), (160, 130))
    turn_wheel(canvas, (80, 90), 3)
    mouse_drag(canvas, MIDDLE, (100, 100), (130, 90))
    for key in (Key.Key_R, Key.Key_H, Key.Key_I):
        QTest.keyClick(canvas, key)


def kept_files(own_folders):
    return sorted(own_folders.views.glob("*.json"))


def test_an_image_is_seen_as_it_was_left_after_another_and_after_a_restart(
    make_window, open_in, idle, patient, mouse_drag, turn_wheel, uid
):
    window = make_window()
    open_in(window, patient)
    people = window.studies.patients
    window.desk.open_study(*find_study(people, "2.25.103"))
    idle(window)
    canvas = window.grid.active
    fresh = look(canvas)
    work(canvas, mouse_drag, turn_wheel)
    left = look(canvas)
    assert look_now(canvas) != fresh
    window.desk.open_study(*find_study(people, "2.25.102"))
    idle(window)
    assert canvas.is_as_opened and uid(canvas) == "2.25.302"
    window.desk.open_study(*find_study(people, "2.25.103"))
    idle(window)
    assert look_now(canvas) == left
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert uid(again.grid.active) == "2.25.303" and look_now(again.grid.active) == left
    again.grid.active.setFocus()
    QTest.keyClick(again.grid.active, Key.Key_R, Modifier.ShiftModifier)
    assert look_now(again.grid.active) == fresh
    again.close()
    third = make_window()
    third.open_last()
    idle(third)
    assert look_now(third.grid.active) == fresh


def test_how_an_image_is_seen_survives_a_kill(make_window, open_in, idle, study, own_folders, qtbot, press):
    window = make_window()
    open_in(window, study)
    window.grid.active.setFocus()
    press(window, Key.Key_I)
    qtbot.waitUntil(lambda: bool(kept_files(own_folders)), timeout=5000)
    (path,) = kept_files(own_folders)
    assert json.loads(path.read_text())["inverted"] and path.stat().st_mode & 0o77 == 0


def test_a_preset_and_a_drag_of_it_are_found_again(make_window, open_in, idle, make_file, tmp_path, press, mouse_drag):
    file = make_file(tmp_path / "image", WindowCenter=[2000, 500], WindowWidth=[4000, 400])
    for keys in ((Key.Key_2,), (Key.Key_0, Key.Key_I)):
        window = make_window()
        open_in(window, file)
        canvas = window.grid.active
        canvas.setFocus()
        QTest.keyClick(canvas, Key.Key_R, Modifier.ShiftModifier)
        for key in keys:
            press(window, key)
        left, name = look(canvas), canvas.window_state.name
        window.close()
        again = make_window()
        open_in(again, file)
        assert look_now(again.grid.active) == left and again.grid.active.window_state.name == name
        again.close()


def test_images_of_a_series_are_left_one_by_one_and_paging_keeps_what_is_seen(
    make_window, open_in, idle, ct, press, own_folders, uid
):
    window = make_window()
    open_in(window, ct)
    canvas = window.grid.active
    canvas.setFocus()
    press(window, Key.Key_Plus)
    first = look(canvas)
    press(window, Key.Key_Down)
    idle(window)
    assert look_now(canvas) == first
    press(window, Key.Key_I)
    second = look(canvas)
    window.close()
    assert len(kept_files(own_folders)) == 2
    again = make_window()
    again.open_last()
    idle(again)
    assert uid(again.grid.active) == "2.25.32" and look_now(again.grid.active) == second
    again.close()
    third = make_window()
    open_in(third, ct / "1")
    assert uid(third.grid.active) == "2.25.31" and look_now(third.grid.active) == first


def test_a_picture_without_a_header_is_known_by_its_content(make_window, open_in, idle, tmp_path):
    file = tmp_path / "a.png"
    Image.fromarray((np.arange(60_000) % 255).reshape(300, 200).astype(np.uint8)).save(file)
    window = make_window()
    open_in(window, file)
    window.grid.active.setFocus()
    QTest.keyClick(window.grid.active, Key.Key_R)
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert again.grid.active.viewport.quarters == 1


def test_a_frame_is_left_for_itself(make_window, open_in, idle, make_file, tmp_path):
    path = make_file(tmp_path / "frames")
    dataset = pydicom.dcmread(path)
    dataset.NumberOfFrames, dataset.PixelData = 3, dataset.PixelData * 3
    dataset.save_as(path)
    window = make_window()
    open_in(window, path)
    canvas = window.grid.active
    canvas.setFocus()
    QTest.keyClick(canvas, Key.Key_Down)
    idle(window)
    QTest.keyClick(canvas, Key.Key_V)
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    assert again.grid.active.image.frame == 1 and again.grid.active.viewport.mirrored
    again.desk.open_study(*find_study(again.studies.patients, "2.25.1"))
    idle(again)
    assert again.grid.active.image.frame == 0 and again.grid.active.is_as_opened


def test_a_table_that_was_dragged_is_found_again(make_window, open_in, idle, make_file, tmp_path, mouse_drag):
    item = pydicom.Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 12])
    item.add_new("LUTData", "OW", np.arange(4096).astype("<u2").tobytes())
    window = make_window()
    open_in(window, make_file(tmp_path / "table", VOILUTSequence=pydicom.Sequence([item])))
    canvas = window.grid.active
    mouse_drag(canvas, LEFT, (100, 100), (150, 90))
    left = canvas.window_state.voi
    window.close()
    again = make_window()
    again.open_last()
    idle(again)
    found = again.grid.active.window_state.voi
    assert (found.first, found.entries.tolist()) == (left.first, left.entries.tolist())


def test_pages_through_one_table_that_nobody_changed_are_seen_as_opened(
    make_window, open_in, idle, make_file, tmp_path, press, qtbot, own_folders
):
    item = pydicom.Dataset()
    item.add_new("LUTDescriptor", "US", [4096, 0, 12])
    item.add_new("LUTData", "OW", np.arange(4096).astype("<u2").tobytes())
    folder = tmp_path / "tables"
    folder.mkdir()
    for number in (1, 2):
        uids = {"SOPInstanceUID": f"2.25.3{number}", "InstanceNumber": number}
        make_file(folder / str(number), seed=number, VOILUTSequence=pydicom.Sequence([item]), **uids)
    window = make_window()
    open_in(window, folder)
    canvas = window.grid.active
    canvas.setFocus()
    press(window, Key.Key_Down)
    idle(window)
    assert canvas.is_as_opened
    qtbot.wait(2 * KEEP_AFTER)
    window.close()
    assert kept_files(own_folders) == []


def test_a_view_that_only_follows_another_is_kept_as_it_was(
    make_window, open_in, idle, patient, press, qtbot, own_folders, uid
):
    window = make_window()
    open_in(window, patient)
    people = window.studies.patients
    window.preferences.set_layout("1x2")
    leading, following = window.grid.shown
    for canvas, study in ((leading, "2.25.103"), (following, "2.25.102")):
        window.grid.activate(canvas)
        window.desk.open_here(*find_study(people, study))
        idle(window)
    window.grid.activate(leading)
    window.grid.focus_active()
    press(window, Key.Key_S)
    press(window, Key.Key_Plus)
    assert not following.is_fitted and following.viewport.zoom == pytest.approx(leading.viewport.zoom)
    window.grid.activate(following)
    window.desk.open_here(*find_study(people, "2.25.101"))
    idle(window)
    assert uid(following) == "2.25.301" and not following.is_fitted
    qtbot.wait(2 * KEEP_AFTER)
    window.close()
    assert [json.loads(each.read_text())["uid"] for each in kept_files(own_folders)] == ["2.25.303"]


def test_what_was_changed_last_is_kept_though_the_next_page_fails(make_window, open_in, idle, ct, press):
    window = make_window()
    open_in(window, ct)
    canvas = window.grid.active
    canvas.setFocus()
    (ct / "2").unlink()
    window.desk.loader._kept.clear()
    window.desk._keeping.setInterval(20_000)
    press(window, Key.Key_I)
    inverted = look(canvas)
    press(window, Key.Key_Down)
    idle(window)
    assert canvas.image is None
    window.close()
    again = make_window()
    open_in(again, ct / "1")
    assert look_now(again.grid.active) == inverted


def test_a_presentation_state_is_in_force_again_until_the_view_is_reset(
    make_window, open_in, idle, study, tmp_path, qtbot, own_folders
):
    window = make_window()
    open_in(window, study)
    canvas = window.grid.active
    canvas.setFocus()
    window.exports.save_state(tmp_path)
    QTest.keyClick(canvas, Key.Key_R)
    line = Polyline("A", ((50.0, 200.0), (250.0, 200.0)))
    from unix_edge_desktop.output.presentation import TOO_MANY, apply_state

    apply_state(
        canvas, PresentationState(annotations=(line,), rotation=90, creator="Canary^Jane", left_out=(TOO_MANY,))
    )
    left = look(canvas)
    assert [each.word for each in canvas.badges.badges] == ["Something left out"]
    window.close()
    assert not any("Canary" in each.read_text() or "Doe" in each.read_text() for each in kept_files(own_folders))
    again = make_window()
    again.open_last()
    idle(again)
    canvas = again.grid.active
    assert look_now(canvas) == left and canvas.layers.annotations == (line,) and canvas.viewport.quarters == 1
    assert [each.word for each in canvas.badges.badges] == ["Something left out"]
    assert [each.toolTip() for each in canvas.badges.labels] == [str(TOO_MANY)]
    canvas.setFocus()
    QTest.keyClick(canvas, Key.Key_R, Modifier.ShiftModifier)
    assert canvas.layers.annotations == () and canvas.viewport.quarters == 0 and canvas.badges.badges == ()


def test_a_presentation_state_outlasts_paging_away_and_back(make_window, open_in, idle, ct, press, qtbot):
    window = make_window()
    open_in(window, ct)
    canvas = window.grid.active
    canvas.setFocus()
    line = Polyline("A", ((50.0, 200.0), (250.0, 200.0)))
    from unix_edge_desktop.output.presentation import apply_state

    apply_state(canvas, PresentationState(annotations=(line,), rotation=90))
    left = look(canvas)
    press(window, Key.Key_Down)
    idle(window)
    assert canvas.layers.annotations == ()
    press(window, Key.Key_Up)
    idle(window)
    assert look_now(canvas) == left and canvas.layers.annotations == (line,)
    qtbot.wait(2 * KEEP_AFTER)
    window.close()
    again = make_window()
    open_in(again, ct / "1")
    assert look_now(again.grid.active) == left and again.grid.active.layers.annotations == (line,)


def test_paging_alone_overwrites_nothing_that_was_left(make_window, open_in, idle, ct, press, qtbot):
    window = make_window()
    open_in(window, ct)
    canvas = window.grid.active
    canvas.setFocus()
    press(window, Key.Key_I)
    inverted = look(canvas)
    press(window, Key.Key_Down)
    idle(window)
    press(window, Key.Key_I)
    press(window, Key.Key_Up)
    idle(window)
    assert not canvas.window_state.inverted, "what is seen stays"
    qtbot.wait(2 * KEEP_AFTER)
    window.close()
    again = make_window()
    open_in(again, ct / "1")
    assert look_now(again.grid.active) == inverted


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"uid": 1}', b"[" * 9999, b'{"version": 1, "zoom": 1e999}'])
def test_a_damaged_file_is_one_sentence_and_the_film_is_shown(
    make_window, open_in, idle, study, own_folders, press, uid, content
):
    window = make_window()
    open_in(window, study)
    window.grid.active.setFocus()
    fresh = look(window.grid.active)
    press(window, Key.Key_I)
    window.close()
    (path,) = kept_files(own_folders)
    path.write_bytes(content)
    again = make_window()
    again.open_last()
    idle(again)
    assert uid(again.grid.active) == "2.25.301" and look_now(again.grid.active) == fresh
    assert "How this image was left could not be read" in again.message.text()
    assert path.with_suffix(".unreadable").read_bytes() == content


@pytest.mark.parametrize(
    "changed",
    [
        {"zoom": 0},
        {"zoom": "2"},
        {"centre": [1]},
        {"centre": [1e9, 0]},
        {"quarters": 4},
        {"mirrored": 1},
        {"preset": 99},
        {"preset": None, "voi": {"center": 1, "width": 0, "function": "x", "explanation": "", "entries": []}},
        {"state": "{}"},
        {"state": 7},
        {"inverted": None},
    ],
)
def test_what_cannot_be_is_not_believed(make_image, tmp_path, changed, canvas):
    store = view_states.ViewStateStore(tmp_path)
    image = canvas.image
    canvas.rotate_right()
    store.save(image, canvas.left)
    assert store.close() is None
    path = store.path(image)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
    again = view_states.ViewStateStore(tmp_path)
    assert again.restore(image) is None and "could not be read" in str(again.take_problem(image))
    assert again.take_problem(image) is None
    assert again.close() is None


def test_another_image_of_the_uid_is_not_seen_as_the_first_was_left(make_image, tmp_path, canvas):
    store = view_states.ViewStateStore(tmp_path)
    canvas.rotate_right()
    store.save(canvas.image, canvas.left)
    store.close()
    again = view_states.ViewStateStore(tmp_path)
    assert again.restore(make_image(300)) is None and again.take_problem(canvas.image) is None
    again.close()


def test_another_content_of_the_uid_with_fewer_presets_is_shown_as_it_is_opened(
    make_window, open_in, make_file, tmp_path, press, uid, own_folders
):
    first = make_file(tmp_path / "first", seed=1, WindowCenter=[2000, 500, 800], WindowWidth=[4000, 400, 700])
    second = make_file(tmp_path / "second", seed=2, WindowCenter=2000, WindowWidth=4000)
    window = make_window()
    open_in(window, first)
    canvas = window.grid.active
    canvas.setFocus()
    press(window, Key.Key_3)
    assert canvas.window_state.voi.center == 800
    window.desk.close_image()
    open_in(window, second)
    assert window.desk.views[canvas].instance.path == second
    assert uid(canvas) == "2.25.3" and canvas.is_as_opened
    window.close()
    again = make_window()
    open_in(again, second)
    assert uid(again.grid.active) == "2.25.3" and again.grid.active.is_as_opened
    assert "could not be read" not in again.message.text() and len(kept_files(own_folders)) == 1


def test_no_more_than_so_many_are_kept(make_image, tmp_path, canvas, monkeypatch):
    monkeypatch.setattr(view_states, "MOST_KEPT", 5)
    store = view_states.ViewStateStore(tmp_path)
    canvas.rotate_right()
    for number in range(12):
        store.save(make_image(SOPInstanceUID=f"2.25.{number}"), canvas.left)
    store.close()
    assert len(list(tmp_path.iterdir())) == 5


def test_a_folder_that_cannot_be_written_keeps_no_film_from_being_shown(
    make_window, open_in, study, own_folders, press, qtbot
):
    own_folders.views.write_text("in the way")
    window = make_window()
    open_in(window, study)
    window.grid.active.setFocus()
    press(window, Key.Key_I)
    qtbot.waitUntil(lambda: "was not written" in window.message.text(), timeout=5000)
    assert window.grid.active.window_state.inverted
