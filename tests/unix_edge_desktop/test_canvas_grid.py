"""Several canvases side by side: they keep step, and other patients are warned of."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from unix_edge_desktop.canvas.canvas_grid import CanvasGrid
from unix_edge_desktop.canvas.painting import ACTIVE, FOCUS

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


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


def test_zoom_and_pan_keep_step_only_while_they_are_to(grid, make_image, mouse_drag, turn_wheel):
    first, second = grid.canvases[:2]
    grid.set_image(make_image(ImagerPixelSpacing=None), first)
    grid.set_image(make_image(800, ImagerPixelSpacing=None), second)
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


def test_images_of_known_size_keep_step_by_millimetres(grid, make_image, mouse_drag):
    first, second = grid.canvases[:2]
    grid.set_image(make_image(), first)
    grid.set_image(make_image(500, ImagerPixelSpacing=[0.4, 0.4]), second)
    grid.set_synchronised(True)
    first.zoom_by(2)
    mouse_drag(first, MIDDLE, (100, 100), (140, 120))
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom * 2)
    first_mm = [(at - 200) * 0.2 for at in first.viewport.centre]
    assert first_mm[0] and [(at - 250) * 0.4 for at in second.viewport.centre] == pytest.approx(first_mm)
    second.set_calibrated_image(second.image.calibrate((0.1, 0.1)))
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom / 2)


def test_what_is_loaded_takes_up_the_zoom_and_a_new_size_of_the_window_parts_nothing(grid, make_image):
    first, second = grid.canvases[:2]
    grid.set_layout("1x2")
    grid.set_synchronised(True)
    grid.set_image(make_image(), first)
    first.zoom_by(3)
    grid.set_image(make_image(500, SOPInstanceUID="2.25.8", ImagerPixelSpacing=[0.4, 0.4]), second)
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom * 2)
    grid.set_image(make_image(SOPInstanceUID="2.25.9"), first)
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom * 2)
    first.fit()
    grid.resize(700, 500)
    QApplication.processEvents()
    assert first.is_fitted and second.viewport.zoom == pytest.approx(first.viewport.zoom * 2)


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"PatientID": "P2"}, "not known to show one patient"),
        ({"PatientID": None}, "not known to show one patient"),
        ({"ViewPosition": "LL"}, "different projections"),
        ({"BodyPartExamined": "LEG"}, "different body parts"),
        ({"Modality": "CT"}, "different projections"),
    ],
)
def test_views_that_do_not_correspond_are_not_coupled_which_stays_said_until_they_do(grid, make_image, elements, said):
    chest = {"Modality": "DX", "BodyPartExamined": "CHEST", "ViewPosition": "PA"}
    first, second, third = grid.canvases[:3]
    grid.set_synchronised(True)
    grid.set_image(make_image(**chest), first)
    grid.set_image(make_image(**{**chest, **elements}), second)
    grid.set_image(make_image(**{**chest, "ViewPosition": "AP"}), third)
    before = second.viewport
    first.zoom_by(2)
    assert second.viewport == before and third.viewport.zoom == pytest.approx(first.viewport.zoom)
    assert said in grid.apart and grid._apart.isVisible()
    grid.set_image(make_image(**chest), second)
    assert grid.apart == "" and not grid._apart.isVisible()
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom)
    grid.set_image(make_image(**{**chest, **elements}), second)
    assert said in grid.apart
    grid.set_synchronised(False)
    assert grid.apart == ""


def test_two_of_whom_nothing_is_known_are_not_coupled_but_pictures_of_one_series_are(grid, make_image):
    nobody = {"PatientID": None, "PatientName": None}
    first, second = grid.canvases[:2]
    grid.set_synchronised(True)
    for canvas in (first, second):
        grid.set_image(make_image(**nobody), canvas)
    before = second.viewport
    first.zoom_by(2)
    assert second.viewport == before and "not known to show one patient" in grid.apart
    first.series = second.series = "a folder of pictures"
    grid.set_image(make_image(**nobody), second)
    assert grid.apart == "" and second.viewport.zoom == pytest.approx(first.viewport.zoom)


def test_other_patients_side_by_side_are_warned_of(grid, make_image):
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


def test_one_id_with_two_names_is_two_patients(qtbot, make_image):
    grid = CanvasGrid()
    qtbot.addWidget(grid)
    grid.set_layout("1x2")
    for canvas, name in zip(grid.shown, ("Doe^Jane", "DOE^JANE^"), strict=True):
        grid.set_image(make_image(PatientName=name), canvas)
    assert grid.warning == ""
    grid.set_image(make_image(PatientName="Roe^Richard"), grid.shown[1])
    assert "different patients" in grid.warning


def edge(canvas, inset=0):
    """The colours along a line around a view, so far within."""
    picture = canvas.grab().toImage()
    right, bottom = picture.width() - 1 - inset, picture.height() - 1 - inset
    across = [(x, y) for x in range(inset, right + 1) for y in (inset, bottom)]
    down = [(x, y) for y in range(inset, bottom + 1) for x in (inset, right)]
    return {picture.pixelColor(*at).name() for at in across + down}


def test_the_active_view_has_one_thin_line_around_it_with_the_focus_and_without(grid):
    grid.canvases[1].setFocus()
    for has_focus, colour in ((True, FOCUS), (False, ACTIVE)):
        if not has_focus:
            grid.canvases[1].clearFocus()
        assert edge(grid.canvases[1]) == {colour.name()} and edge(grid.canvases[1], 1) == {"#000000"}
        assert edge(grid.canvases[0]) == {"#000000"}
