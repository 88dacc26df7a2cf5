"""Overlays, shutters and drawings lie where the file says, through every turn, flip and zoom."""

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian

from unix_edge.dicom.graphics import Circle, Ellipse, GraphicLayer, Point, Polyline, Text
from unix_edge.dicom.grayscale import StoredImage, Window
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge.dicom.shutters import Disc, Rectangle
from unix_edge.isolated.over_answer import Over
from unix_edge_desktop.canvas.canvas import Canvas
from unix_edge_desktop.canvas.drawings import COLOUR as OVERLAY
from unix_edge_desktop.image.images import ViewImage, load_view_image
from unix_edge_desktop.image.viewport import Viewport

GRAY = 100
_WORDS = Text("A", "words", anchor=(5.0, 5.0))
TURNS = [(quarters, mirrored) for quarters in range(4) for mirrored in (False, True)]


def make_image(shape=(40, 60), **over) -> ViewImage:
    stored = np.full(shape, GRAY, np.uint8)
    stored[0, 0] = GRAY + 1
    header = Dataset()
    header.SOPInstanceUID = "2.25.7"
    return ViewImage(StoredImage(stored, presets=(Window(128, 256),)), header, over=Over(**over))


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    canvas.toggle_text()
    canvas.toggle_text()
    return canvas


def seen(canvas) -> np.ndarray:
    """Return what is painted, (height, width, 3); one device pixel a pixel."""
    picture = canvas.grab().toImage().convertToFormat(canvas.grab().toImage().Format.Format_RGB888)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return rows[:, : 3 * picture.width()].reshape(picture.height(), picture.width(), 3).astype(int)


def is_overlay(pixels) -> np.ndarray:
    return (pixels == [OVERLAY.red(), OVERLAY.green(), OVERLAY.blue()]).all(axis=-1)


@pytest.mark.parametrize("zoom", [1.0, 4.0])
@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
def test_every_pixel_of_an_overlay_is_where_its_image_pixel_is(canvas, quarters, mirrored, zoom):
    overlay = np.random.default_rng(0).random((40, 60)) > 0.8
    canvas.set_image(make_image(overlay=overlay))
    canvas.set_viewport(Viewport(zoom, (30, 20), quarters, mirrored))
    drawn = is_overlay(seen(canvas))
    for row, column in ((r, c) for r in range(40) for c in range(60)):
        x, y = canvas.to_widget((column + 0.5, row + 0.5))
        assert drawn[int(y), int(x)] == overlay[row, column], (row, column)
    assert drawn.sum() == overlay.sum() * zoom**2


def test_a_line_that_is_thinner_than_a_pixel_of_the_screen_is_still_seen(canvas):
    overlay = np.zeros((4000, 6000), bool)
    overlay[1999], overlay[:, 3001] = True, True
    canvas.set_image(make_image((4000, 6000), overlay=overlay))
    assert canvas.viewport.zoom < 0.07
    drawn = is_overlay(seen(canvas))
    (left, top), (right, bottom) = canvas.to_widget((0, 0)), canvas.to_widget((6000, 4000))
    x, y = canvas.to_widget((3001.5, 1999.5))
    assert drawn[int(y), int(left) + 3 : int(right) - 3].all() and drawn[int(top) + 3 : int(bottom) - 3, int(x)].all()
    assert drawn.sum() < 2 * (right - left + bottom - top)


@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
def test_shutters_cover_what_is_outside_them_in_their_gray(canvas, quarters, mirrored):
    shutters = (Rectangle(left=11, right=50, upper=6, lower=30), Disc(row=20, column=30, radius=18))
    canvas.set_image(make_image(shutters=shutters, shutter_gray=200 * 257))
    canvas.set_viewport(Viewport(4.0, (30, 20), quarters, mirrored))
    pixels = seen(canvas)[..., 0]
    for row, column in ((r, c) for r in range(0, 40) for c in range(0, 60)):
        x, y = canvas.to_widget((column + 0.5, row + 0.5))
        shown = 11 <= column + 1 <= 50 and 6 <= row + 1 <= 30 and (row - 19) ** 2 + (column - 29) ** 2 <= 18**2
        assert pixels[int(y), int(x)] == (canvas_gray(row, column) if shown else 200), (row, column)


def canvas_gray(row, column):
    return GRAY + 1 if row == column == 0 else GRAY


def test_each_is_switched_off_alone_and_on_again(canvas):
    overlay = np.zeros((40, 60), bool)
    overlay[20, 30] = True
    canvas.set_image(make_image(overlay=overlay, shutters=(Rectangle(11, 50, 6, 30),), shutter_gray=65535))
    shuttered = (255, 255, 255)

    def what():
        pixels = seen(canvas)
        return bool(is_overlay(pixels).any()), bool((pixels == shuttered).all(axis=-1).sum() > 1000)

    assert what() == (True, True)
    canvas.toggle_overlays()
    assert what() == (False, True)
    canvas.toggle_shutters()
    assert what() == (False, False)
    canvas.toggle_overlays()
    canvas.toggle_shutters()
    assert what() == (True, True)
    canvas.set_image(make_image())
    assert what() == (False, False)


def test_the_lens_shows_no_more_than_the_shutters_do(canvas):
    canvas.set_image(make_image(shutters=(Rectangle(60, 60, 40, 40),), shutter_gray=257 * 30))
    canvas.toggle_lens()
    canvas.show_place((200, 150))
    assert seen(canvas)[100:200, 120:280, 0].max() == 30


@pytest.mark.parametrize("zoom", [3.0, 0.5])
@pytest.mark.parametrize(("quarters", "mirrored"), TURNS)
def test_drawings_of_a_state_lie_on_their_places(canvas, quarters, mirrored, zoom):
    canvas.set_image(make_image((200, 300)))
    canvas.layers.show_state(
        PresentationState(
            layers=(GraphicLayer("A"),),
            annotations=(
                Point("A", (40.0, 60.0)),
                Polyline("A", ((150.0, 60.0), (170.0, 60.0))),
                Circle("A", (150.0, 100.0), (150.0, 115.0)),
                Ellipse("A", ((140.0, 135.0), (170.0, 135.0)), ((155.0, 128.0), (155.0, 142.0))),
            ),
        )
    )
    canvas.set_viewport(Viewport(zoom, (150, 100), quarters, mirrored))
    drawn = is_drawn(seen(canvas))
    for point in ((160, 60), (150, 115), (165, 100), (135, 100), (140, 135), (155, 142), (155, 128)):
        x, y = canvas.to_widget(point)
        assert drawn[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3].any(), point
    x, y = canvas.to_widget((150, 100))
    assert not drawn[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3].any()
    canvas.toggle_drawings()
    assert not is_drawn(seen(canvas)).any()


def is_drawn(pixels) -> np.ndarray:
    return (pixels[..., 1:2] - pixels[..., ::2] > 40).all(axis=-1)


def test_words_of_a_state_are_written_beside_their_anchor(canvas):
    canvas.set_image(make_image((200, 300)))
    words = PresentationState(annotations=(Text("A", "HHHH\nHHHH", anchor=(150.0, 100.0)),))
    canvas.layers.show_state(words)
    drawn = np.argwhere(is_drawn(seen(canvas)))
    x, y = canvas.to_widget((150, 100))
    assert drawn.size and (drawn.min(axis=0) >= (y, x)).all() and (drawn.max(axis=0) < (y + 60, x + 90)).all()
    boxed = Text("A", "HHHH", box=((10.0, 10.0), (290.0, 50.0)), justification="RIGHT")
    canvas.layers.show_state(replace(words, annotations=(boxed,)))
    drawn = np.argwhere(is_drawn(seen(canvas)))
    right = canvas.to_widget((290, 10))[0]
    assert right - 8 < drawn[:, 1].max() <= right and drawn[:, 0].min() >= canvas.to_widget((0, 10))[1]


def test_a_file_brings_its_overlays_and_shutters_and_says_what_was_left_out(tmp_path):
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = ComputedRadiographyImageStorage, "2.25.3"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 4, 8, 1
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation, dataset.PhotometricInterpretation = 7, 0, "MONOCHROME2"
    dataset.PixelData = bytes(range(32))
    dataset.ShutterShape = ["RECTANGULAR", "BITMAP"]
    dataset.ShutterLeftVerticalEdge, dataset.ShutterRightVerticalEdge = 2, 7
    dataset.ShutterUpperHorizontalEdge, dataset.ShutterLowerHorizontalEdge = 1, 3
    bits = np.zeros((4, 8), bool)
    bits[1, 2] = bits[3, 7] = True
    for element, vr, value in ((0x10, "US", 4), (0x11, "US", 8), (0x40, "CS", "G"), (0x50, "SS", [1, 1])):
        dataset.add_new((0x6000, element), vr, value)
    for element, vr, value in ((0x100, "US", 1), (0x102, "US", 0)):
        dataset.add_new((0x6000, element), vr, value)
    dataset.add_new((0x6000, 0x3000), "OW", np.packbits(bits, bitorder="little").tobytes())
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    image = load_view_image(tmp_path / "a.dcm")
    np.testing.assert_array_equal(image.over.overlay, bits)
    assert image.over.shutters == (Rectangle(2, 7, 1, 3),)
    assert tuple(map(str, image.warnings)) == (
        "A bitmap shutter was left out: only rectangles, circles and polygons are shown.",
    )
    Image.new("L", (64, 64), 7).save(tmp_path / "a.png")
    assert load_view_image(tmp_path / "a.png").over.overlay is None


def test_a_strangers_drawings_are_drawn_in_a_moment_and_what_is_too_much_is_left_out(canvas):
    def calibration() -> float:
        begun = time.perf_counter()
        for _ in range(20):
            np.sort(np.random.default_rng(0).random(100_000))
        return time.perf_counter() - begun

    canvas.set_image(make_image((200, 300)))
    tangle = tuple((float(x), float(y)) for x, y in np.random.default_rng(0).random((1500, 2)) * 200)
    many = PresentationState(annotations=(*(Polyline("A", tangle),) * 2, Point("A", (1.0, 1.0)), *(_WORDS,) * 40))
    canvas.layers.show_state(many)
    assert len(canvas.layers.annotations) == 1 + 1 + 40
    unit = calibration()
    begun = time.perf_counter()
    canvas.grab()
    assert time.perf_counter() - begun < 20 * unit
    assert len(canvas.layers.state.annotations) == 43


def test_an_overlay_stays_whole_however_small_it_is_seen(canvas):
    overlay = np.zeros((1000, 1400), bool)
    overlay[137, 251] = overlay[999, 1399] = overlay[0, 0] = True
    canvas.set_image(make_image((1000, 1400), overlay=overlay))
    canvas.clearFocus()
    for zoom in (0.9, 0.5, 0.37, 0.26, 0.11, 0.05):
        canvas.set_viewport(Viewport(zoom, (700, 500), 1, True))
        drawn = is_overlay(seen(canvas))
        for place in ((251.5, 137.5), (1399.5, 999.5), (0.5, 0.5)):
            x, y = canvas.to_widget(place)
            if 1 <= x < 399 and 1 <= y < 299:
                around = drawn[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2]
                assert around.any(), (zoom, place)
        assert drawn.sum() <= 3 * 4
