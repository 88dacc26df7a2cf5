"""A presentation state shows what its writer saw: through every turn, flip, window and polarity."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import hashlib
import math
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread

from unix_edge.dicom.displayed_area import DisplayedArea, SizeMode
from unix_edge.dicom.graphics import Ellipse, Point, Polyline, Text
from unix_edge.dicom.grayscale import Lut, Rescale, StoredImage, VoiFunction, Window, show
from unix_edge.dicom.presentation_state import (
    PresentationState,
    read_presentation_state,
    write_presentation_state,
)
from unix_edge.dicom.shutters import Rectangle
from unix_edge.errors import PresentationStateError
from unix_edge_desktop.canvas.canvas import Canvas
from unix_edge_desktop.image.images import ViewImage, load_view_image
from unix_edge_desktop.image.measuring import (
    Angle,
    Arrow,
    CardiothoracicRatio,
    Cobb,
    EllipseROI,
    Length,
    Probe,
    RectangleROI,
)
from unix_edge_desktop.image.viewport import Viewport
from unix_edge_desktop.image.window_level import WindowState, render
from unix_edge_desktop.output.presentation import (
    TRUE_SIZE,
    apply_state,
    clear_state,
    describe_measurement,
    prepare_state,
    read_state,
)

ROWS, COLUMNS = 160, 200
ASIS = Rescale()
TURNS = [(rotation, flipped) for rotation in (0, 90, 180, 270) for flipped in (False, True)]


@pytest.fixture
def make_image(make_header):
    def make(modality=ASIS, inverted=False, uid="2.25.3", **elements):
        values = np.random.default_rng(0).integers(0, 4096, (ROWS, COLUMNS), dtype=np.uint16)
        header = make_header(SOPInstanceUID=uid, Rows=ROWS, Columns=COLUMNS, BitsStored=12, **elements)
        return ViewImage(StoredImage(values, modality, (Window(2000, 4000),), inverted), header)

    return make


@pytest.fixture
def make_canvas(qtbot):
    def make(image, size=(400, 300)):
        canvas = Canvas()
        qtbot.addWidget(canvas)
        canvas.resize(*size)
        canvas.show()
        canvas.set_image(image)
        return canvas

    return make


def read_back(path, image) -> PresentationState:
    """Read in this process what `read_state` reads in a child, which takes longer."""
    return read_presentation_state(dcmread(path), image.uid, image.frame + 1)


def seen(canvas) -> np.ndarray:
    return render(canvas.image, canvas.window_state, canvas.viewport, canvas.device_size)


@pytest.mark.parametrize(("rotation", "flipped"), TURNS)
def test_a_state_turns_clockwise_and_then_mirrors(make_image, make_canvas, rotation, flipped):
    image = make_image()
    canvas = make_canvas(image)
    whole = (COLUMNS, ROWS) if rotation % 180 == 0 else (ROWS, COLUMNS)
    canvas.resize(*whole)  # so that what fits is pixel for pixel
    state = PresentationState(voi=Window(1000, 900), rotation=rotation, flipped=flipped)
    assert apply_state(canvas, state) == ()
    expected = np.rot90(show(image.stored, Window(1000, 900)), -rotation // 90)
    np.testing.assert_array_equal(seen(canvas), expected[:, ::-1] if flipped else expected)


@pytest.mark.parametrize("file_inverted", [False, True])
@pytest.mark.parametrize("inverted", [False, True])
def test_the_states_polarity_takes_the_place_of_the_files(make_image, make_canvas, file_inverted, inverted):
    canvas = make_canvas(make_image(inverted=file_inverted), (COLUMNS, ROWS))
    apply_state(canvas, PresentationState(voi=Window(1000, 900), inverted=inverted))
    expected = show(replace(canvas.image.stored, inverted=inverted), Window(1000, 900))
    np.testing.assert_array_equal(seen(canvas), expected)


@pytest.mark.parametrize("function", list(VoiFunction))
def test_a_window_in_other_modality_values_shows_the_same(make_image, make_canvas, function):
    canvas = make_canvas(make_image(Rescale(2.5, -1000)), (COLUMNS, ROWS))
    window = Window(1800, 900, function)
    apply_state(canvas, PresentationState(modality=Rescale(), voi=window))
    expected = show(replace(canvas.image.stored, modality=Rescale()), window)
    np.testing.assert_array_equal(seen(canvas), expected)


def test_a_state_without_a_window_shows_every_value_that_could_be(make_image, make_canvas):
    canvas = make_canvas(make_image(), (COLUMNS, ROWS))
    apply_state(canvas, PresentationState())
    expected = np.floor(canvas.image.stored.stored / 4095 * 255 + 0.5)
    np.testing.assert_array_equal(seen(canvas), expected)


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        (Rescale(), Lut(0, np.arange(4096, dtype=np.uint16), 16)),
        (Lut(0, np.arange(4096, dtype=np.uint16), 16), Rescale()),
        (Rescale(), Rescale(-1, 0)),
        (Rescale(), Rescale(0, 0)),
    ],
)
def test_a_picture_that_cannot_be_shown_is_refused_and_the_view_left_as_it_was(make_image, make_canvas, own, theirs):
    canvas = make_canvas(make_image(own))
    before = seen(canvas)
    with pytest.raises(PresentationStateError, match="was not applied"):
        apply_state(canvas, PresentationState(modality=theirs, voi=Window(5, 5), rotation=90))
    np.testing.assert_array_equal(seen(canvas), before)
    assert canvas.layers.state is None
    apply_state(canvas, PresentationState(modality=theirs, voi=Window(5, 5), rotation=90), graphics_only=True)
    np.testing.assert_array_equal(seen(canvas), before)


def test_graphics_only_changes_neither_window_nor_place_nor_shutters(make_image, make_canvas):
    canvas = make_canvas(make_image())
    window, viewport = canvas.window_state, canvas.viewport
    point = Point("A", (10, 10))
    state = PresentationState(voi=Window(5, 5), rotation=90, annotations=(point,), shutters=(Rectangle(1, 2, 1, 2),))
    apply_state(canvas, state, graphics_only=True)
    assert (canvas.window_state, canvas.viewport) == (window, viewport)
    assert canvas.layers.annotations == (point,) and canvas.layers.shutters == ((), 0)
    apply_state(canvas, state)
    assert canvas.layers.shutters[0] == state.shutters and canvas.viewport.quarters == 1
    clear_state(canvas)
    assert (canvas.viewport, canvas.layers.annotations, canvas.layers.shutters) == (viewport, (), ((), 0))


def test_the_displayed_area_is_fitted_magnified_or_said_not_to_be_so_large(make_image, make_canvas):
    canvas = make_canvas(make_image())
    area = DisplayedArea((51, 41), (100, 60))
    assert apply_state(canvas, PresentationState(voi=Window(5, 5), area=area)) == ()
    assert canvas.viewport.centre == (75, 50) and canvas.viewport.zoom == pytest.approx(400 / 50)
    assert canvas.to_widget((50, 40)) == pytest.approx((0, 150 - 10 * 8))
    magnified = replace(area, mode=SizeMode.MAGNIFY, magnification=3.0)
    apply_state(canvas, PresentationState(voi=Window(5, 5), area=magnified))
    assert (canvas.viewport.centre, canvas.viewport.zoom) == ((75, 50), 3.0)
    true = replace(area, mode=SizeMode.TRUE_SIZE, spacing=(0.1, 0.1))
    assert apply_state(canvas, PresentationState(voi=Window(5, 5), area=true)) == (TRUE_SIZE,)


@pytest.mark.parametrize("fitted", [True, False])
@pytest.mark.parametrize(("quarters", "mirrored"), [(q, m) for q in range(4) for m in (False, True)])
def test_a_view_that_is_written_comes_back(make_image, make_canvas, tmp_path, quarters, mirrored, fitted):
    image = make_image(Rescale(2, -10), ImagerPixelSpacing=None)
    canvas = make_canvas(image, (400, 320))
    canvas.set_window(WindowState(Window(4000, 3000), "Manual", inverted=mirrored))
    for _ in range(quarters):
        canvas.rotate_right()
    if mirrored:
        canvas.flip_horizontal()
    if not fitted:
        canvas.set_viewport(replace(canvas.viewport, zoom=4.0, centre=(110.0, 90.0)))
    canvas.add_measurement(Length(((100.0, 120.0), (150.0, 120.0))))
    state = read_back(prepare_state(canvas, tmp_path)(), image)
    other = make_canvas(image, (400, 320))
    assert apply_state(other, state) == ()
    np.testing.assert_array_equal(seen(other), seen(canvas))
    assert other.is_fitted == fitted
    assert state.annotations[0] == Polyline("MEASUREMENTS", ((100.0, 120.0), (150.0, 120.0)))
    assert state.annotations[1].words == "50.0 px"


def test_a_written_state_conforms_and_leaves_its_image_as_it_was(make_file, make_canvas, tmp_path, assert_conforms):
    path = make_file(tmp_path / "image.dcm", RescaleSlope="2", RescaleIntercept="-10")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    image = load_view_image(path)
    canvas = make_canvas(image)
    canvas.rotate_right()
    canvas.add_measurement(Length(((100.0, 120.0), (150.0, 120.0))))
    written = prepare_state(canvas, tmp_path / "out")()
    assert_conforms(written)
    assert read_state(written, image) == read_back(written, image)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["image.dcm", "out"]


def test_every_kind_of_measurement_is_drawn_and_worded(make_image, make_canvas, tmp_path, assert_conforms):
    image = make_image(ImagerPixelSpacing=[0.5, 0.5])
    canvas = make_canvas(image)
    for each in (
        Angle(((10, 10), (20, 20), (30, 10))),
        Cobb(((10, 10), (20, 10), (10, 40), (20, 50))),
        CardiothoracicRatio(((50, 50), (100, 50), (20, 60), (120, 60))),
        RectangleROI(((60, 90), (40, 70))),
        EllipseROI(((10, 10), (30, 50))),
        Probe(((5.5, 6.5),)),
        Length(((0, 0), (30, 40))),
    ):
        canvas.add_measurement(each)
    path = prepare_state(canvas, tmp_path / "out")()
    assert_conforms(path)
    state = read_back(path, image)
    drawings = [each for each in state.annotations if not isinstance(each, Text)]
    layer = "MEASUREMENTS"
    assert sorted(map(str, drawings)) == sorted(
        map(
            str,
            [
                Polyline(layer, ((10.0, 10.0), (20.0, 20.0), (30.0, 10.0))),
                Polyline(layer, ((10.0, 10.0), (20.0, 10.0))),
                Polyline(layer, ((10.0, 40.0), (20.0, 50.0))),
                Polyline(layer, ((50.0, 50.0), (100.0, 50.0))),
                Polyline(layer, ((20.0, 60.0), (120.0, 60.0))),
                Polyline(layer, ((40.0, 70.0), (60.0, 70.0), (60.0, 90.0), (40.0, 90.0), (40.0, 70.0))),
                Ellipse(layer, ((20.0, 10.0), (20.0, 50.0)), ((10.0, 30.0), (30.0, 30.0))),
                Point(layer, (5.5, 6.5)),
                Polyline(layer, ((0.0, 0.0), (30.0, 40.0))),
            ],
        )
    )
    words = [each.words for each in state.annotations if isinstance(each, Text)]
    assert "25.0 mm at detector (not corrected for magnification)" in words and "CTR 0.50" in words
    assert any(each.startswith("Heart 25.0 mm") for each in words)
    assert any(each.startswith("Thorax 50.0 mm") for each in words)
    assert "90.0\N{DEGREE SIGN}" in words and "Cobb 45.0\N{DEGREE SIGN}" in words


def test_an_arrow_is_written_with_its_barbs_and_its_words_and_read_back(
    make_image, make_canvas, tmp_path, assert_conforms
):
    image = make_image()
    canvas = make_canvas(image)
    canvas.add_measurement(Arrow(((10, 20), (110, 20)), words="Nodule?"))
    canvas.add_measurement(Arrow(((10.1, 60.2), (11.1, 60.2)), words="near").with_label(0, (30.3, 90.9)))
    path = prepare_state(canvas, tmp_path / "out")()
    assert_conforms(path)
    state = read_back(path, image)
    shaft, barbs, other_shaft, small, leader = (each for each in state.annotations if not isinstance(each, Text))
    words, moved = (each for each in state.annotations if isinstance(each, Text))
    assert shaft == Polyline("MEASUREMENTS", ((10.0, 20.0), (110.0, 20.0)))
    one, tip, other = barbs.points
    reach = max(image.shape) * 0.02
    assert tip == (10.0, 20.0) and math.dist(one, tip) == pytest.approx(reach) == pytest.approx(math.dist(other, tip))
    assert words == Text("MEASUREMENTS", "Nodule?", anchor=(110.0, 20.0))
    assert math.dist(*small.points[:2]) == pytest.approx(1, abs=1e-5)
    assert leader.points == (moved.anchor, other_shaft.points[1])
    assert moved.words == "near" and moved.anchor == pytest.approx((30.3, 90.9))
    apply_state(canvas, state)
    canvas.grab()
    again = read_back(prepare_state(canvas, tmp_path / "again")(), image)
    assert again.annotations == state.annotations


def test_an_arrow_alone_is_written_without_words(make_image, make_canvas, tmp_path):
    image = make_image()
    assert not any(isinstance(each, Text) for each in describe_measurement(Arrow(((10, 20), (110, 20))), image))


def test_a_state_is_kept_when_its_view_is_written_again(make_image, make_canvas, tmp_path):
    image = make_image()
    canvas = make_canvas(image)
    theirs = PresentationState(
        voi=Window(2000, 4000),
        annotations=(Text("THEIRS", "words", anchor=(5.0, 6.0)),),
        shutters=(Rectangle(10, 200, 10, 250),),
        shutter_gray=300,
    )
    apply_state(canvas, theirs)
    again = read_back(prepare_state(canvas, tmp_path / "out")(), image)
    assert (again.annotations, again.shutters, again.shutter_gray) == (theirs.annotations, theirs.shutters, 300)


def test_what_was_drawn_is_not_drawn_twice_when_its_view_is_written_again(make_image, make_canvas, tmp_path):
    image = make_image(SyntheticData="YES")
    canvas = make_canvas(image)
    canvas.add_measurement(Length(((10.1, 20.2), (30.3, 40.4))))
    canvas.add_measurement(EllipseROI(((10.1, 20.2), (30.3, 45.4))))
    first = prepare_state(canvas, tmp_path / "out")()
    apply_state(canvas, read_back(first, image))
    again = read_back(prepare_state(canvas, tmp_path / "out")(), image)
    assert again.annotations == read_back(first, image).annotations and len(again.annotations) == 4
    assert dcmread(first).SyntheticData == "YES"


def test_a_state_of_another_image_or_frame_is_refused_with_a_sentence(make_image, make_header, tmp_path):
    write_presentation_state(PresentationState(), make_header(), tmp_path / "state.dcm")
    assert read_state(tmp_path / "state.dcm", make_image()).images[0].sop_instance == "2.25.3"
    with pytest.raises(PresentationStateError) as refusal:
        read_state(tmp_path / "state.dcm", make_image(uid="2.25.4"))
    assert str(refusal.value) == "The presentation state was not read: it is not about this image."


@pytest.mark.parametrize(
    ("elements", "problem"),
    [({"SamplesPerPixel": 3}, "in colour"), ({"SOPInstanceUID": None}, "no valid SOPInstanceUID")],
)
def test_what_no_state_can_be_about_is_refused(make_header, make_canvas, tmp_path, elements, problem):
    stored = StoredImage(np.zeros((ROWS, COLUMNS), np.uint8), presets=(Window(128, 256),))
    canvas = make_canvas(ViewImage(stored, make_header(**elements)))
    with pytest.raises(PresentationStateError, match=problem):
        prepare_state(canvas, tmp_path / "out")
    canvas.set_image(None)
    with pytest.raises(PresentationStateError, match="there is no image"):
        prepare_state(canvas, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_view_far_outside_is_written_too(make_image, make_canvas, tmp_path):
    canvas = make_canvas(make_image())
    canvas.set_viewport(Viewport(0.05, (0.0, 0.0)))
    state = read_back(prepare_state(canvas, tmp_path)(), canvas.image)
    assert state.area.top_left == (-3999, -2999) and state.area.bottom_right == (4000, 3000)
