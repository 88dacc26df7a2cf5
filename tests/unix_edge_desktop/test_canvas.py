"""The canvas under real mouse, wheel and key events, without a screen."""

import json
import math
import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from pydicom import Dataset
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from unix_edge.dicom.grayscale import StoredImage, Window
from unix_edge_desktop.canvas import Canvas
from unix_edge_desktop.canvas_grid import CanvasGrid
from unix_edge_desktop.corner_text import TextState
from unix_edge_desktop.images import ViewImage
from unix_edge_desktop.kept_files import VERSION
from unix_edge_desktop.measurement_set import MeasurementStore
from unix_edge_desktop.measuring import CardiothoracicRatio, Length, Probe, RectangleROI
from unix_edge_desktop.painting import BANNER, GROUND, LINE, SELECTED, TEXT
from unix_edge_desktop.window import STATE, WindowState, render

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


def make_image(side=400, synthetic=False, stored=None, **elements) -> ViewImage:
    header = Dataset()
    usual = {
        "SOPInstanceUID": "2.25.7",
        "PatientID": "P1",
        "PatientName": "Doe^Jane",
        "PatientOrientation": ["L", "F"],
        "ImagerPixelSpacing": [0.2, 0.2],
    }
    for keyword, value in {**usual, **elements}.items():
        if value is not None:
            setattr(header, keyword, value)
    if stored is None:
        stored = (np.add.outer(np.arange(side), np.arange(side)) * 5).astype(np.uint16)
    return ViewImage(StoredImage(stored, presets=(Window(2000, 4000), Window(1000, 500))), header, synthetic=synthetic)


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.show()
    canvas.set_image(make_image())
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    return canvas


def mouse_drag(canvas, button, start, end, steps=5):
    QTest.mousePress(canvas, button, pos=QPoint(*start))
    for step in range(1, steps + 1):
        at = [round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True)]
        QTest.mouseMove(canvas, QPoint(*at))
        QApplication.processEvents()
    QTest.mouseRelease(canvas, button, pos=QPoint(*end))


def turn_wheel(canvas, at, notches, modifiers=Qt.KeyboardModifier.NoModifier):
    place = QPointF(*at)
    event = QWheelEvent(
        place,
        canvas.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


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


def test_a_left_drag_is_window_and_level(canvas, qtbot):
    with qtbot.waitSignal(canvas.window_changed):
        mouse_drag(canvas, LEFT, (300, 300), (400, 260))
    voi = canvas.window_state.voi
    assert (voi.width, voi.center) == pytest.approx((4000 + 100 * 4000 / 400, 2000 - 40 * 4000 / 400))
    canvas.pointer.reversed_window = True
    mouse_drag(canvas, LEFT, (300, 300), (350, 300))
    assert canvas.window_state.voi.width < voi.width


def test_a_middle_drag_pans_and_a_right_drag_zooms_where_it_began(canvas):
    held = canvas.from_widget((300, 300))
    mouse_drag(canvas, MIDDLE, (300, 300), (340, 280))
    assert canvas.to_widget(held) == pytest.approx((340, 280))
    zoom, held = canvas.viewport.zoom, canvas.from_widget((200, 400))
    mouse_drag(canvas, RIGHT, (200, 400), (230, 250))
    assert canvas.viewport.zoom == pytest.approx(2 * zoom)
    assert math.dist(canvas.to_widget(held), (200, 400)) < 1


def test_a_right_click_without_a_drag_asks_for_a_menu_and_zooms_nothing(canvas, qtbot):
    before = canvas.viewport
    with qtbot.waitSignal(canvas.context_menu_wanted):
        mouse_drag(canvas, RIGHT, (200, 400), (201, 402))
    assert canvas.viewport == before
    with qtbot.assertNotEmitted(canvas.context_menu_wanted):
        mouse_drag(canvas, RIGHT, (200, 400), (200, 420))


def test_buttons_can_be_exchanged(canvas):
    canvas.pointer.buttons[LEFT], canvas.pointer.buttons[MIDDLE] = "pan", "chosen"
    before = canvas.window_state
    mouse_drag(canvas, LEFT, (300, 300), (340, 280))
    assert canvas.window_state is before
    mouse_drag(canvas, MIDDLE, (300, 300), (340, 280))
    assert canvas.window_state is not before


def test_the_wheel_zooms_one_image_at_the_cursor_and_turns_the_pages_of_more(canvas, qtbot):
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


def test_without_an_image_every_action_is_harmless(qtbot):
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


def test_a_length_is_drawn_by_dragging_or_by_two_clicks(canvas, qtbot):
    canvas.set_tool("length")
    with qtbot.waitSignal(canvas.measurements_changed):
        mouse_drag(canvas, LEFT, (300, 200), (450, 400))
    (length,) = canvas.measurements
    assert [canvas.to_widget(point) for point in length.points] == [
        pytest.approx((300, 200)),
        pytest.approx((450, 400)),
    ]
    assert length.value(canvas.image) == pytest.approx(250 / 1.5 * 0.2, abs=0.01)
    QTest.mouseClick(canvas, LEFT, pos=QPoint(500, 100))
    assert canvas.pending is not None and len(canvas.measurements) == 1
    QTest.mouseMove(canvas, QPoint(560, 150))
    QTest.mouseClick(canvas, LEFT, pos=QPoint(560, 180))
    assert len(canvas.measurements) == 2 and canvas.pending is None


@pytest.mark.parametrize(
    ("tool", "drags", "clicks"),
    [("angle", 1, 1), ("cobb", 2, 0), ("ctr", 2, 0), ("rectangle", 1, 0), ("ellipse", 1, 0), ("probe", 0, 1)],
)
def test_every_tool_is_drawn(canvas, tool, drags, clicks):
    canvas.set_tool(tool)
    for turn in range(drags):
        mouse_drag(canvas, LEFT, (250, 150 + 200 * turn), (400, 220 + 200 * turn))
    for turn in range(clicks):
        QTest.mouseClick(canvas, LEFT, pos=QPoint(480, 420 + 50 * turn))
    (measurement,) = canvas.measurements
    assert measurement.kind == tool and "-" not in measurement.lines(canvas.image)
    canvas.grab()


@pytest.mark.parametrize("quarters", [0, 1])
def test_the_ratio_s_lines_are_level_as_they_are_seen(canvas, quarters):
    for _ in range(quarters):
        canvas.rotate_right()
    canvas.set_tool("ctr")
    mouse_drag(canvas, LEFT, (300, 300), (420, 330))
    mouse_drag(canvas, LEFT, (250, 400), (490, 380))
    (ratio,) = canvas.measurements
    assert isinstance(ratio, CardiothoracicRatio) and ratio.lines(canvas.image) == ("CTR 0.50",)
    ys = [canvas.to_widget(point)[1] for point in ratio.points]
    assert ys == pytest.approx([300, 300, 400, 400])


def test_a_measurement_is_moved_by_its_line_and_changed_by_its_handle_each_one_step_back(canvas):
    line = Length((canvas.from_widget((300, 200)), canvas.from_widget((400, 200))))
    canvas.add_measurement(line)
    mouse_drag(canvas, LEFT, (350, 200), (350, 250))
    assert [canvas.to_widget(point)[1] for point in canvas.measurements[0].points] == pytest.approx([250, 250])
    mouse_drag(canvas, LEFT, (400, 250), (450, 300))
    assert canvas.to_widget(canvas.measurements[0].points[1]) == pytest.approx((450, 300))
    assert canvas.window_state.voi.width == 4000
    canvas.undo()
    canvas.undo()
    assert canvas.measurements == (line,)
    canvas.redo()
    assert canvas.measurements != (line,)
    QTest.mouseClick(canvas, LEFT, pos=QPoint(350, 250))
    assert canvas.selected == 0
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.measurements == () and canvas.selected is None
    canvas.undo()
    assert len(canvas.measurements) == 1


def test_a_length_is_drawn_without_a_mouse(canvas):
    canvas.set_tool("length")
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    for _ in range(6):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    canvas.grab()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    start, end = (canvas.to_widget(point) for point in canvas.measurements[0].points)
    assert (end[0] - start[0], end[1] - start[1]) == pytest.approx((60, -1))


def test_escape_gives_up_one_thing_at_a_time(canvas):
    canvas.add_measurement(Probe(((5, 5),)))
    canvas.set_tool("cobb")
    mouse_drag(canvas, LEFT, (300, 300), (420, 330))
    assert canvas.pending is not None
    for pending, selected, tool in ((None, None, "cobb"), (None, None, "window")):
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert (canvas.pending, canvas.selected, canvas.tool) == (pending, selected, tool)
    assert not canvas.cancel()


def test_measurements_are_written_within_two_seconds_and_are_there_again(canvas, qtbot, tmp_path):
    store = MeasurementStore(tmp_path)
    canvas.set_store(store)
    canvas.add_measurement(Probe(((5, 5),)))
    start = time.monotonic()
    qtbot.waitUntil(lambda: any(tmp_path.glob("*.json")), timeout=2000)
    assert time.monotonic() - start < 2
    canvas.add_measurement(RectangleROI(((1, 1), (9, 9))))
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"))
    assert canvas.measurements == ()
    canvas.set_image(make_image())
    assert len(canvas.measurements) == 2
    store.close()
    assert len(MeasurementStore(tmp_path).restore("2.25.7", 0).measurements) == 2


def test_measurements_that_cannot_be_written_are_said_to_be(canvas, qtbot, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    canvas.set_store(MeasurementStore(tmp_path / "file"))
    canvas.add_measurement(Probe(((5, 5),)))
    with qtbot.waitSignal(canvas.status, check_params_cb=lambda text: "could not be written" in text or "file" in text):
        canvas.save_now()


def test_measurements_that_could_not_be_written_are_written_when_it_is_possible_again(canvas, qtbot, tmp_path):
    folder = tmp_path / "file"
    folder.write_bytes(b"")
    store = MeasurementStore(folder)
    canvas.set_store(store)
    told = []
    canvas.saved.connect(told.append)
    canvas.add_measurement(Probe(((5, 5),)))
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"))  # the failure is of an image that is gone
    qtbot.waitUntil(lambda: bool(told))
    canvas.add_measurement(Probe(((6, 6),)))
    folder.unlink()
    qtbot.waitUntil(lambda: told[-1] == "", timeout=10_000)
    assert len(told) == 2 and "was not written" in told[0]
    assert store.close() == ""
    again = MeasurementStore(folder)
    assert again.restore("2.25.7", 0).measurements == (Probe(((5, 5),)),)
    assert again.restore("2.25.8", 0).measurements == (Probe(((6, 6),)),)


def test_measurements_of_a_newer_version_are_told_of_and_left_alone(canvas, qtbot, tmp_path):
    store = MeasurementStore(tmp_path)
    content = json.dumps({"version": VERSION + 1}).encode()
    store.path("2.25.9", 0).write_bytes(content)
    canvas.set_store(store)
    told = []
    canvas.saved.connect(told.append)
    canvas.set_image(make_image(SOPInstanceUID="2.25.9"))
    assert len(told) == 1 and "newer version" in told[0]
    canvas.add_measurement(Probe(((5, 5),)))
    canvas.save_now()
    qtbot.waitUntil(lambda: not canvas._writing)
    assert not canvas._save.isActive(), "it is not tried again, for it would fail again"
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"))
    assert told[-1] == "" and len(told) == 2
    store.close()
    assert store.path("2.25.9", 0).read_bytes() == content


def banner_is_seen(canvas) -> bool:
    return QColor(canvas.grab().toImage().pixel(20, 4)) == BANNER


@pytest.mark.parametrize("state", list(TextState))
def test_a_synthetic_image_is_marked_whatever_is_hidden(canvas, state):
    assert not banner_is_seen(canvas)
    canvas.clearFocus()
    canvas.set_image(make_image(synthetic=True))
    canvas.set_hide_patient(True)
    while canvas.text_state is not state:
        canvas.toggle_text()
    assert banner_is_seen(canvas)


def test_letters_follow_the_image_and_are_none_where_it_gives_none(canvas):
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


@pytest.fixture
def grid(qtbot) -> CanvasGrid:
    grid = CanvasGrid()
    qtbot.addWidget(grid)
    grid.resize(900, 700)
    grid.show()
    grid.set_layout("2x2")
    QApplication.processEvents()
    return grid


@pytest.mark.parametrize(("name", "count"), [("1x1", 1), ("1x2", 2), ("2x1", 2), ("2x2", 4)])
def test_a_layout_shows_so_many(grid, name, count):
    grid.set_layout(name)
    assert [canvas.isVisible() for canvas in grid.canvases] == [index < count for index in range(4)]
    grid.toggle_maximised(grid.shown[-1])
    assert sum(canvas.isVisible() for canvas in grid.canvases) == 1
    grid.toggle_maximised()
    assert len(grid.shown) == count


def test_zoom_and_pan_keep_step_only_while_they_are_to(grid):
    first, second = grid.canvases[:2]
    grid.set_image(make_image(), first)
    grid.set_image(make_image(800), second)
    first.zoom_by(2)
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom / 4)
    grid.set_synchronised(True)
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom / 2)
    mouse_drag(first, MIDDLE, (100, 100), (140, 120))
    assert second.viewport.centre == pytest.approx([2 * each for each in first.viewport.centre])
    turn_wheel(second, (50, 50), 2)
    assert first.viewport.zoom == pytest.approx(second.viewport.zoom * 2)
    first.rotate_right()
    assert second.viewport.quarters == 0
    grid.set_synchronised(False)
    before = second.viewport
    first.zoom_by(2)
    assert second.viewport == before


def test_other_patients_side_by_side_are_warned_of(grid):
    grid.set_image(make_image(), grid.canvases[0])
    assert not grid._warning.isVisible()
    grid.set_image(make_image(SOPInstanceUID="2.25.8"), grid.canvases[1])
    assert not grid._warning.isVisible()
    grid.set_image(make_image(PatientID="P2"), grid.canvases[1])
    assert grid._warning.isVisible() and "different patients" in grid.warning
    grid.set_image(make_image(PatientID=None), grid.canvases[1])
    assert grid._warning.isVisible() and "not known" in grid.warning
    grid.set_layout("1x1")
    assert not grid._warning.isVisible()


def test_the_next_view_gets_the_focus_and_the_actions(grid, qtbot):
    with qtbot.waitSignal(grid.active_changed):
        grid.next_view()
    assert grid.active is grid.canvases[1]
    for _ in range(3):
        grid.next_view()
    assert grid.active is grid.canvases[0]
    QTest.mouseClick(grid.canvases[2], LEFT, pos=QPoint(20, 20))
    assert grid.active is grid.canvases[2]


def test_a_measurement_that_is_held_stays_with_its_image_when_another_comes(canvas):
    canvas.add_measurement(Length(((100.0, 100.0), (200.0, 100.0))))
    start = canvas.to_widget((150.0, 100.0))
    QTest.mousePress(canvas, LEFT, pos=QPoint(round(start[0]), round(start[1])))
    QTest.mouseMove(canvas, QPoint(round(start[0]) + 40, round(start[1]) + 40))
    other = Length(((10.0, 10.0), (20.0, 20.0)))
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"))
    canvas.add_measurement(other)
    QTest.mouseMove(canvas, QPoint(round(start[0]) + 60, round(start[1]) + 60))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(round(start[0]) + 60, round(start[1]) + 60))
    assert canvas.measurements == (other,)


def test_a_measurement_that_is_deleted_while_it_is_held_is_gone(canvas):
    canvas.add_measurement(Length(((100.0, 100.0), (200.0, 100.0))))
    kept = Length(((10.0, 300.0), (20.0, 320.0)))
    canvas.add_measurement(kept)
    start = canvas.to_widget((150.0, 100.0))
    QTest.mousePress(canvas, LEFT, pos=QPoint(round(start[0]), round(start[1])))
    QTest.mouseMove(canvas, QPoint(round(start[0]) + 40, round(start[1]) + 40))
    canvas.delete_selected()
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(round(start[0]) + 40, round(start[1]) + 40))
    assert canvas.measurements == (kept,)


def test_one_id_with_two_names_is_two_patients(qtbot):
    grid = CanvasGrid()
    qtbot.addWidget(grid)
    grid.set_layout("1x2")
    for canvas, name in zip(grid.shown, ("Doe^Jane", "DOE^JANE^"), strict=True):
        grid.set_image(make_image(PatientName=name), canvas)
    assert grid.warning == ""
    grid.set_image(make_image(PatientName="Roe^Richard"), grid.shown[1])
    assert "different patients" in grid.warning


def test_statistics_are_computed_once_for_an_image(canvas, monkeypatch):
    counted = []
    values = ViewImage.values
    monkeypatch.setattr(ViewImage, "values", lambda self, *where: counted.append(1) or values(self, *where))
    canvas.add_measurement(RectangleROI(((50.0, 50.0), (250.0, 250.0))))
    for _ in range(3):
        canvas.repaint()
    assert len(counted) == 1
    canvas.set_image(make_image(stored=np.full((400, 400), 7, np.uint16)))
    canvas.add_measurement(RectangleROI(((50.0, 50.0), (250.0, 250.0))))
    canvas.repaint()
    assert len(counted) == 2


def test_what_a_presentation_state_made_of_one_image_is_not_kept_for_another(canvas):
    upright = canvas.viewport
    canvas.rotate_right()
    canvas.set_window(WindowState(Window(10, 20), STATE))
    canvas.set_image(make_image(), keep_view=True)
    assert canvas.window_state.name == STATE
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"), keep_view=True)
    assert canvas.window_state.name != STATE and canvas.viewport == upright
