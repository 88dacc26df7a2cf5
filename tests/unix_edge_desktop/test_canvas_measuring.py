"""What is measured on a canvas: drawn by mouse and keys, changed, taken back, and kept."""

import json
import os
import time
from itertools import combinations

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from unix_edge_desktop.canvas.labels import lay_labels
from unix_edge_desktop.image.images import ViewImage
from unix_edge_desktop.image.measurement_set import MeasurementStore
from unix_edge_desktop.image.measuring import KINDS, Angle, Arrow, CardiothoracicRatio, Length, Probe, RectangleROI
from unix_edge_desktop.storage.json_store import VERSION

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


def test_a_length_is_drawn_by_dragging_or_by_two_clicks(canvas, qtbot, mouse_drag):
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
def test_every_tool_is_drawn(canvas, tool, drags, clicks, mouse_drag):
    canvas.set_tool(tool)
    for turn in range(drags):
        mouse_drag(canvas, LEFT, (250, 150 + 200 * turn), (400, 220 + 200 * turn))
    for turn in range(clicks):
        QTest.mouseClick(canvas, LEFT, pos=QPoint(480, 420 + 50 * turn))
    (measurement,) = canvas.measurements
    assert measurement.kind == tool and "-" not in measurement.lines(canvas.image)
    canvas.grab()


@pytest.mark.parametrize("quarters", [0, 1])
def test_the_ratio_s_lines_are_level_as_they_are_seen(canvas, quarters, mouse_drag):
    for _ in range(quarters):
        canvas.rotate_right()
    canvas.set_tool("ctr")
    mouse_drag(canvas, LEFT, (300, 300), (420, 330))
    mouse_drag(canvas, LEFT, (250, 400), (490, 380))
    (ratio,) = canvas.measurements
    assert isinstance(ratio, CardiothoracicRatio) and ratio.lines(canvas.image) == ("CTR 0.50",)
    ys = [canvas.to_widget(point)[1] for point in ratio.points]
    assert ys == pytest.approx([300, 300, 400, 400])


def test_a_measurement_is_moved_by_its_line_and_changed_by_its_handle_each_one_step_back(canvas, mouse_drag):
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


def test_escape_gives_up_one_thing_at_a_time(canvas, mouse_drag):
    canvas.add_measurement(Probe(((5, 5),)))
    canvas.set_tool("cobb")
    mouse_drag(canvas, LEFT, (300, 300), (420, 330))
    assert canvas.pending is not None
    for pending, selected, tool in ((None, None, "cobb"), (None, None, "window")):
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert (canvas.pending, canvas.selected, canvas.tool) == (pending, selected, tool)
    assert not canvas.cancel()


def test_measurements_are_written_within_two_seconds_and_are_there_again(canvas, qtbot, tmp_path, make_image):
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
    told = []
    store = MeasurementStore(tmp_path / "file", told.append)
    canvas.set_store(store)
    canvas.add_measurement(Probe(((5, 5),)))
    store.save_now()
    qtbot.waitUntil(lambda: bool(told), timeout=900)
    assert "was not written" in str(told[0])


def test_measurements_that_could_not_be_written_are_written_when_it_is_possible_again(
    canvas, qtbot, tmp_path, make_image
):
    folder = tmp_path / "file"
    folder.write_bytes(b"")
    told = []
    store = MeasurementStore(folder, told.append)
    canvas.set_store(store)
    canvas.add_measurement(Probe(((5, 5),)))
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"))  # the failure is of an image that is gone
    qtbot.waitUntil(lambda: bool(told))
    canvas.add_measurement(Probe(((6, 6),)))
    folder.unlink()
    qtbot.waitUntil(lambda: told[-1] is None, timeout=10_000)
    assert len(told) == 2 and "was not written" in str(told[0])
    assert store.close() is None
    again = MeasurementStore(folder)
    assert again.restore("2.25.7", 0).measurements == (Probe(((5, 5),)),)
    assert again.restore("2.25.8", 0).measurements == (Probe(((6, 6),)),)


def test_measurements_of_a_newer_version_are_told_of_and_left_alone(canvas, qtbot, tmp_path, make_image):
    store = MeasurementStore(tmp_path)
    content = json.dumps({"version": VERSION + 1}).encode()
    store.path("2.25.9", 0).write_bytes(content)
    canvas.set_store(store)
    told = []
    canvas.saved.connect(told.append)
    canvas.set_image(make_image(SOPInstanceUID="2.25.9"))
    assert len(told) == 1 and "newer version" in told[0]
    canvas.add_measurement(Probe(((5, 5),)))
    store.save_now()
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"))
    assert told[-1] == "" and len(told) == 2
    store.close()
    assert store.path("2.25.9", 0).read_bytes() == content


def test_a_measurement_that_is_held_stays_with_its_image_when_another_comes(canvas, make_image):
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


def test_statistics_are_computed_once_for_an_image(canvas, monkeypatch, make_image):
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


def test_a_distance_in_pixels_says_why_it_is_no_millimetre(canvas, qtbot, make_image):
    """A length and a region ask for a distance, an angle does not."""
    reason = "Distances are in pixels: the file's ImagerPixelSpacing is not two numbers above 0."
    canvas.set_image(make_image(ImagerPixelSpacing=[0, 0]))
    length, region, angle = (
        Length(((10, 10), (40, 10))),
        RectangleROI(((10, 10), (40, 30))),
        Angle(((1, 1), (9, 1), (9, 9))),
    )
    for measurement, told in ((length, True), (region, True), (angle, False)):
        with qtbot.waitSignal(canvas.status) as said:
            canvas.add_measurement(measurement)
        assert (reason in said.args[0]) is told


def draw_arrow(canvas, mouse_drag, words="", key=Qt.Key.Key_Return):
    canvas.set_tool("arrow")
    mouse_drag(canvas, LEFT, (300, 200), (400, 300))
    assert canvas.words.isVisible() and canvas.words.hasFocus() and canvas.pending is not None
    QTest.keyClicks(canvas.words, words)
    QTest.keyClick(canvas.words, key)
    assert not canvas.words.isVisible()


def test_an_arrow_is_drawn_and_written_at_in_one_step(canvas, mouse_drag):
    draw_arrow(canvas, mouse_drag, "Nodule? 3 mm")
    (arrow,) = canvas.measurements
    assert isinstance(arrow, Arrow) and arrow.words == "Nodule? 3 mm" and canvas.hasFocus()
    assert [canvas.to_widget(point) for point in arrow.points] == [pytest.approx((300, 200)), pytest.approx((400, 300))]
    canvas.undo()
    assert canvas.measurements == ()
    canvas.redo()
    assert canvas.measurements == (arrow,)


def test_an_arrow_without_words_is_an_arrow_alone(canvas, mouse_drag):
    draw_arrow(canvas, mouse_drag, "   ")
    (arrow,) = canvas.measurements
    assert arrow.words == "" and canvas.label_at((420, 300)) is None


def test_an_arrow_is_given_up_by_esc(canvas, mouse_drag):
    draw_arrow(canvas, mouse_drag, "Nod", Qt.Key.Key_Escape)
    assert canvas.measurements == () and canvas.pending is None and canvas.tool == "arrow" and canvas.hasFocus()


def test_undo_gives_up_an_arrow_that_is_written_at(canvas, mouse_drag):
    canvas.set_tool("arrow")
    mouse_drag(canvas, LEFT, (300, 200), (400, 300))
    QTest.keyClicks(canvas.words, "Nod")
    assert canvas.can_undo
    canvas.undo()
    assert canvas.measurements == () and canvas.pending is None and not canvas.words.isVisible()


def test_words_are_kept_where_the_reader_goes_on(canvas, mouse_drag, make_image, tmp_path):
    canvas.set_store(MeasurementStore(tmp_path))
    canvas.set_tool("arrow")
    mouse_drag(canvas, LEFT, (300, 200), (400, 300))
    QTest.keyClicks(canvas.words, "Nodule")
    canvas.set_image(make_image(SOPInstanceUID="2.25.8"))
    assert canvas.measurements == () and not canvas.words.isVisible()
    canvas.set_image(make_image())
    assert [each.words for each in canvas.measurements] == ["Nodule"]


@pytest.mark.parametrize("how", ["key", "double click"])
def test_words_are_changed_and_that_is_one_step(canvas, mouse_drag, how):
    draw_arrow(canvas, mouse_drag, "Nodule")
    canvas.set_tool("window")
    if how == "key":
        canvas.edit_words()
    else:
        QTest.mouseDClick(canvas, LEFT, pos=QPoint(350, 250))
    assert canvas.words.isVisible() and canvas.words.text() == "Nodule"
    QTest.keyClicks(canvas.words, "Vessel")
    QTest.keyClick(canvas.words, Qt.Key.Key_Return)
    assert [each.words for each in canvas.measurements] == ["Vessel"]
    canvas.undo()
    assert [each.words for each in canvas.measurements] == ["Nodule"]


def test_words_that_are_not_changed_after_all_stay(canvas, mouse_drag):
    draw_arrow(canvas, mouse_drag, "Nodule")
    canvas.edit_words()
    QTest.keyClicks(canvas.words, "Ves")
    QTest.keyClick(canvas.words, Qt.Key.Key_Escape)
    assert [each.words for each in canvas.measurements] == ["Nodule"]


def test_what_is_typed_stays_beside_its_arrow_while_the_image_is_moved(canvas, mouse_drag):
    canvas.set_tool("arrow")
    mouse_drag(canvas, LEFT, (300, 200), (400, 300))
    before = canvas.words.pos()
    canvas.pan_by(-50, 20)
    assert (canvas.words.pos() - before).toTuple() == (-50, 20)
    canvas.pan_by(5000, 0)
    assert canvas.rect().contains(canvas.words.geometry())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_the_text_of_every_measurement_is_dragged_and_led_from(canvas, mouse_drag, kind):
    places = ((200, 150), (330, 150), (180, 200), (360, 200))
    points = tuple(canvas.from_widget(each) for each in places[: kind.count])
    canvas.add_measurement(kind(points, words="Nodule" if kind.has_words else ""))
    corner = next(
        found[2]
        for y in range(100, 320, 3)
        for x in range(100, 600, 3)
        if (found := canvas.label_at((x, y))) is not None and found[1] == 0
    )
    start = round(corner[0]) + 9, round(corner[1]) + 6
    QTest.mouseClick(canvas, LEFT, pos=QPoint(*start))
    assert canvas.selected == 0 and canvas.measurements[0].labels == ()
    mouse_drag(canvas, LEFT, start, (start[0] + 150, start[1] + 180))
    (moved,) = canvas.measurements
    assert moved.points == points
    assert canvas.to_widget(moved.label(0)) == pytest.approx((corner[0] + 150, corner[1] + 180))
    assert canvas.label_at((start[0] + 150, start[1] + 180))[:2] == (0, 0)
    assert canvas.window_state.voi.width == 4000
    canvas.undo()
    assert canvas.measurements[0].labels == ()
    canvas.redo()
    assert canvas.measurements == (moved,)


def test_a_line_leads_from_a_text_that_was_moved_to_its_measurement(canvas):
    line = Length((canvas.from_widget((200, 150)), canvas.from_widget((330, 150))))
    canvas.add_measurement(line)
    canvas.select(None)
    plain = canvas.grab().toImage()
    canvas.change_measurement(0, line.with_label(0, canvas.from_widget((400, 400))))
    led = canvas.grab().toImage()
    crossed = [x for x in range(200, 480) if plain.pixel(x, 300) != led.pixel(x, 300)]
    assert crossed and max(crossed) - min(crossed) < 12
    assert plain.pixel(420, 408) != led.pixel(420, 408)


def test_no_text_of_a_measurement_hides_another_where_there_is_room(canvas, make_image):
    canvas.resize(640, 940)
    canvas.set_image(make_image(EstimatedRadiographicMagnificationFactor=1))
    for at in range(200, 800, 40):
        places = (160, at), (500, at), (240, at + 100), (600, at + 100)
        canvas.add_measurement(KINDS["ctr"](tuple(canvas.from_widget(each) for each in places)))
        laid = lay_labels(canvas.describe_scene(), canvas.image, QFontMetricsF(canvas.font()), live=True)
        assert len(laid) == 3
        hidden = [one.lines for one, other in combinations(laid, 2) if one.box.intersects(other.box)]
        assert hidden == [], at
        canvas.undo()


def test_all_words_are_seen_while_they_are_typed(canvas, mouse_drag):
    canvas.set_tool("arrow")
    mouse_drag(canvas, LEFT, (300, 200), (780, 300))
    QTest.keyClicks(canvas.words, "WWWWW WWWWW WWWWW WWWWW WWWWW WWWWW")
    room = canvas.words.width() - canvas.words.fontMetrics().horizontalAdvance(canvas.words.text())
    assert room >= 4 and canvas.rect().contains(canvas.words.geometry())
    QTest.keyClicks(canvas.words, "W" * 200)
    assert canvas.rect().contains(canvas.words.geometry())
