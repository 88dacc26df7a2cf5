"""The canvas under real mouse, wheel and key events, without a screen."""

import math
import os
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest

from unix_edge.dicom.grayscale import Window
from unix_edge_desktop.canvas.canvas import Canvas
from unix_edge_desktop.canvas.painting import BANNER, GROUND, LINE, SELECTED, TEXT
from unix_edge_desktop.image.corner_text import TextState
from unix_edge_desktop.image.measuring import Probe
from unix_edge_desktop.image.window_level import STATE, WindowState, render

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


def test_what_is_painted_is_what_is_rendered(canvas):
    canvas.toggle_text()
    canvas.toggle_text()
    canvas.clearFocus()
    seen = canvas.grab().toImage()
    expected = render(canvas.image, canvas.window_state, canvas.viewport, canvas.device_size)
    for x, y in ((400, 300), (250, 200), (600, 500), (20, 100)):
        assert (
            QColor(seen.pixel(round(x * canvas.scale), round(y * canvas.scale))).red()
            == expected[round(y * canvas.scale), round(x * canvas.scale)]
        )


def test_a_left_drag_is_window_and_level(canvas, qtbot, mouse_drag):
    with qtbot.waitSignal(canvas.window_changed):
        mouse_drag(canvas, LEFT, (300, 300), (400, 260))
    voi = canvas.window_state.voi
    assert (voi.width, voi.center) == pytest.approx((4000 + 100 * 4000 / 400, 2000 - 40 * 4000 / 400))
    canvas.pointer.reversed_window = True
    mouse_drag(canvas, LEFT, (300, 300), (350, 300))
    assert canvas.window_state.voi.width < voi.width


def test_a_middle_drag_pans_and_a_right_drag_zooms_where_it_began(canvas, mouse_drag):
    held = canvas.from_widget((300, 300))
    mouse_drag(canvas, MIDDLE, (300, 300), (340, 280))
    assert canvas.to_widget(held) == pytest.approx((340, 280))
    zoom, held = canvas.viewport.zoom, canvas.from_widget((200, 400))
    mouse_drag(canvas, RIGHT, (200, 400), (230, 250))
    assert canvas.viewport.zoom == pytest.approx(2 * zoom)
    assert math.dist(canvas.to_widget(held), (200, 400)) < 1


def test_a_right_click_without_a_drag_asks_for_a_menu_and_zooms_nothing(canvas, qtbot, mouse_drag):
    before = canvas.viewport
    with qtbot.waitSignal(canvas.context_menu_wanted):
        mouse_drag(canvas, RIGHT, (200, 400), (201, 402))
    assert canvas.viewport == before
    with qtbot.assertNotEmitted(canvas.context_menu_wanted):
        mouse_drag(canvas, RIGHT, (200, 400), (200, 420))


def test_buttons_can_be_exchanged(canvas, mouse_drag):
    canvas.pointer.buttons[LEFT], canvas.pointer.buttons[MIDDLE] = "pan", "chosen"
    before = canvas.window_state
    mouse_drag(canvas, LEFT, (300, 300), (340, 280))
    assert canvas.window_state is before
    mouse_drag(canvas, MIDDLE, (300, 300), (340, 280))
    assert canvas.window_state is not before


def test_the_wheel_zooms_one_image_at_the_cursor_and_turns_the_pages_of_more(canvas, qtbot, turn_wheel):
    held = canvas.from_widget((530, 220))
    for notches in (1, 3, -2, 5):
        turn_wheel(canvas, (530, 220), notches)
        assert math.dist(canvas.to_widget(held), (530, 220)) < 1
    zoom, canvas.stack_size = canvas.viewport.zoom, 5
    with qtbot.waitSignal(canvas.frame_wanted) as wanted:
        turn_wheel(canvas, (530, 220), -1)
    assert wanted.args == [1] and canvas.viewport.zoom == zoom
    turn_wheel(canvas, (530, 220), 1, Qt.KeyboardModifier.ControlModifier)
    assert canvas.viewport.zoom > zoom


def test_every_action_does_what_it_is_called(canvas, qtbot):
    fitted = canvas.viewport
    canvas.one_to_one()
    assert canvas.viewport.zoom == 1
    canvas.one_to_one(2)
    canvas.fit()
    assert canvas.viewport == fitted
    canvas.rotate_right()
    assert canvas.viewport.quarters == 1
    canvas.rotate_left()
    canvas.flip_horizontal()
    canvas.flip_horizontal()
    canvas.flip_vertical()
    canvas.flip_vertical()
    assert canvas.viewport == fitted
    canvas.preset(2)
    assert canvas.window_state.voi.width == 500
    canvas.auto_window()
    assert canvas.window_state.name == "Auto"
    canvas.invert()
    assert canvas.window_state.inverted
    with qtbot.waitSignal(canvas.status) as said:
        canvas.preset(9)
    assert said.args == ["This image has no preset 9."]
    canvas.pan_by(30, 0)
    canvas.zoom_by(2)
    canvas.change_window(10, 10)
    canvas.reset()
    assert canvas.viewport == fitted and canvas.window_state.voi.width == 4000 and not canvas.window_state.inverted
    with pytest.raises(ValueError):
        canvas.set_tool("wish")


def test_without_an_image_every_action_is_harmless(qtbot, mouse_drag, turn_wheel):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.show()
    for name in ("fit", "one_to_one", "rotate_right", "rotate_left", "flip_horizontal", "flip_vertical", "invert"):
        getattr(canvas, name)()
    for name in (
        "auto_window",
        "reset",
        "undo",
        "redo",
        "delete_selected",
        "toggle_text",
        "toggle_lens",
        "select_next",
    ):
        getattr(canvas, name)()
    canvas.preset(1)
    canvas.set_tool("length")
    mouse_drag(canvas, LEFT, (10, 10), (60, 60))
    turn_wheel(canvas, (10, 10), 1)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    canvas.follow(Canvas())
    canvas.grab()
    assert canvas.measurements == ()


def banner_is_seen(canvas) -> bool:
    return QColor(canvas.grab().toImage().pixel(20, 4)) == BANNER


@pytest.mark.parametrize("state", list(TextState))
def test_a_synthetic_image_is_marked_whatever_is_hidden(canvas, state, make_image):
    assert not banner_is_seen(canvas)
    canvas.clearFocus()
    canvas.set_image(make_image(synthetic=True))
    canvas.set_hide_patient(True)
    while canvas.text_state is not state:
        canvas.toggle_text()
    assert banner_is_seen(canvas)


def test_the_whole_mark_is_read_in_a_narrow_view(canvas, make_image):
    canvas.clearFocus()
    canvas.set_image(make_image(synthetic=True))
    wide = max(y for y in range(canvas.height()) if QColor(canvas.grab().toImage().pixel(2, y)) == BANNER)
    canvas.resize(120, 400)
    picture = canvas.grab().toImage()
    rows = [y for y in range(picture.height()) if QColor(picture.pixel(2, y)) == BANNER]
    assert rows == list(range(rows[0], rows[-1] + 1)) and rows[-1] > 1.5 * wide


def test_letters_follow_the_image_and_are_none_where_it_gives_none(canvas, make_image):
    def painted(x, y):
        image = canvas.grab().toImage().scaled(canvas.size())
        return any(QColor(image.pixel(x + dx, y + dy)).lightness() > 200 for dx in range(16) for dy in range(-12, 12))

    canvas.set_image(make_image(stored=np.zeros((400, 400), np.uint16)))
    assert painted(6, 300)
    canvas.set_image(make_image(stored=np.zeros((400, 400), np.uint16), PatientOrientation=None))
    assert not painted(6, 300)


def test_the_lens_shows_the_place_under_the_mouse_twice_as_large(canvas):
    canvas.set_tool("lens")
    QTest.mouseMove(canvas, QPoint(400, 300))
    canvas.show_place((400, 300))
    assert canvas.lens_at == (400, 300)
    lens = canvas.magnified((400, 300), 200, 2)
    value = QColor(lens.pixel(lens.width() // 2, lens.height() // 2)).red()
    whole = render(canvas.image, canvas.window_state, canvas.viewport, canvas.device_size)
    assert abs(value - int(whole[len(whole) // 2, whole.shape[1] // 2])) <= 2
    canvas.grab()
    canvas.toggle_lens()
    assert canvas.lens_at is None


def test_a_resize_keeps_what_fits_fitted_and_what_was_zoomed_in_place(canvas):
    canvas.resize(500, 500)
    assert canvas.viewport.zoom == pytest.approx(500 * canvas.scale / 400)
    canvas.one_to_one(3)
    centre = canvas.viewport.centre
    canvas.resize(700, 500)
    assert (canvas.viewport.zoom, canvas.viewport.centre) == (3, centre)


def test_the_quick_picture_gives_way_to_the_full_one(canvas, qtbot):
    canvas.change_window(5, 5)
    assert canvas.draft
    qtbot.waitUntil(lambda: not canvas.draft, timeout=2000)


def test_a_reader_of_screens_is_told_what_there_is(canvas):
    found = QAccessible.queryAccessibleInterface(canvas)
    assert found.text(QAccessible.Text.Name) == "Radiograph"
    canvas.add_measurement(Probe(((5, 5),)))
    said = found.text(QAccessible.Text.Description)
    assert "1 measurements" in said and "Doe" not in said


def luminance(colour, alpha=1.0, ground=255) -> float:
    def linear(value):
        share = (value * alpha + ground * (1 - alpha)) / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.red()) + 0.7152 * linear(colour.green()) + 0.0722 * linear(colour.blue())


@pytest.mark.parametrize("ink", [TEXT, LINE, SELECTED])
def test_text_is_legible_on_white_and_on_black(ink):
    for ground in (0, 255):
        behind = luminance(GROUND, GROUND.alphaF(), ground)
        assert (luminance(ink) + 0.05) / (behind + 0.05) >= 4.5
    assert (luminance(TEXT) + 0.05) / (luminance(BANNER) + 0.05) >= 4.5


def test_what_a_presentation_state_made_of_one_image_is_not_kept_for_another(canvas, make_image):
    upright = canvas.viewport
    canvas.rotate_right()
    canvas.set_window(WindowState(Window(10, 20), STATE))
    canvas.set_image(make_image(), keep_view=True)
    assert canvas.window_state.name == STATE
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"), keep_view=True)
    assert canvas.window_state.name != STATE and canvas.viewport == upright


def test_the_value_under_a_mouse_that_rests_is_that_of_the_film_that_is_shown(canvas):
    told = []
    canvas.readout.connect(told.append)
    canvas.show_place((100, 100))
    first = told[-1]
    image = canvas.image
    other = replace(image, stored=replace(image.stored, stored=image.stored.stored + 7))
    canvas.set_image(other)
    assert told[-1] and told[-1] != first
    canvas.set_image(None)
    assert told[-1] == ""
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    told.clear()
    canvas.set_image(image)
    assert told == []
