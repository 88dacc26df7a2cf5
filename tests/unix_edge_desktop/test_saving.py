"""Pictures that leave show what was seen, name nobody unless asked, and are marked where they are synthetic."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage

import unix_edge_desktop
from unix_edge.dicom.graphics import Polyline, Text
from unix_edge.dicom.grayscale import StoredImage, Window, show
from unix_edge.dicom.pixels import FULL_RANGE
from unix_edge.dicom.presentation_state import PresentationState
from unix_edge.dicom.shutters import Rectangle
from unix_edge.errors import OutputError
from unix_edge.isolated.over_answer import Over
from unix_edge.results.marking import add_strip
from unix_edge_desktop.canvas.canvas import Canvas
from unix_edge_desktop.image.images import ViewImage, load_view_image
from unix_edge_desktop.image.measuring import Arrow, Length
from unix_edge_desktop.image.window_level import WindowState, render
from unix_edge_desktop.output.printing import prepare_page
from unix_edge_desktop.output.saving import copy_view, draw_view, mark_lines, prepare_image, prepare_view

RESEARCH, SYNTHETIC = "Research use only. Not for diagnosis.", "SYNTHETIC - not a patient"


@pytest.fixture
def make_canvas(qtbot, make_header):
    def make(synthetic=False, over=None, **elements):
        stored = (np.add.outer(np.arange(300), np.arange(400)) * 5).astype(np.uint16)
        image = StoredImage(stored, presets=(Window(2000, 4000),))
        canvas = Canvas()
        qtbot.addWidget(canvas)
        canvas.resize(500, 400)
        canvas.show()
        header = make_header(Rows=300, Columns=400, **elements)
        canvas.set_image(ViewImage(image, header, synthetic=synthetic, over=over or Over()))
        return canvas

    return make


def pixels_of(path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def chunks_of(path) -> dict[str, str]:
    with Image.open(path) as picture:
        return dict(picture.info)


def has_strip(picture, lines) -> bool:
    """Return whether a picture ends in the strip that these lines make below one of its width."""
    strip = np.asarray(add_strip(Image.new("RGB", (picture.shape[1], 1)), lines))[1:]
    return np.array_equal(picture[-len(strip) :], strip)


def test_the_view_is_saved_as_it_is_seen(make_canvas, tmp_path):
    canvas = make_canvas()
    canvas.rotate_right()
    canvas.zoom_by(1.7)
    saved = pixels_of(prepare_view(canvas, tmp_path / "view.png")())
    expected = render(canvas.image, canvas.window_state, canvas.viewport, canvas.device_size)
    height, width = expected.shape
    assert saved.shape[1] == width and has_strip(saved, [RESEARCH])
    middle = (slice(height // 4, 3 * height // 4), slice(width // 4, 3 * width // 4))
    np.testing.assert_array_equal(saved[:height][middle], expected[middle][..., None].repeat(3, axis=2))


def test_no_text_on_the_patient_is_in_it_unless_it_is_asked_for(make_canvas, tmp_path):
    names = {"PatientName": "Canary^Anna", "PatientID": "CANARY", "StudyDescription": "Canary", "StudyDate": "19990101"}
    other = {**names, "SeriesDescription": "Canary", "AccessionNumber": "CANARY", "InstitutionName": "Canary"}
    one, two = make_canvas(), make_canvas(**other)
    plain = [pixels_of(prepare_view(each, tmp_path / "a.png")()) for each in (one, two)]
    np.testing.assert_array_equal(*plain)
    named = [pixels_of(prepare_view(each, tmp_path / "a.png", patient=True)()) for each in (one, two)]
    assert (named[0] != named[1]).any() and (named[0] != plain[0]).any()
    copy_view(two)
    copied = QGuiApplication.clipboard().image()
    copy_view(one)
    assert copied == QGuiApplication.clipboard().image()


def test_words_of_a_file_or_a_state_are_text_on_the_patient(make_canvas, tmp_path):
    spacing = {
        "PixelSpacing": [0.2, 0.2],
        "ImagerPixelSpacing": [0.25, 0.25],
        "PixelSpacingCalibrationType": "FIDUCIAL",
    }
    one, two = (make_canvas(**spacing, PixelSpacingCalibrationDescription=each) for each in ("Canary Anna", "Bert"))
    for canvas, words in ((one, "Canary Anna"), (two, "Bert")):
        canvas.add_measurement(Length(((50, 150), (350, 150))))
        line, text = Polyline("A", ((50, 200), (350, 200))), Text("A", words, anchor=(50, 220))
        canvas.layers.show_state(PresentationState(annotations=(line, text)))
    plain = [pixels_of(prepare_view(each, tmp_path / "a.png")()) for each in (one, two)]
    np.testing.assert_array_equal(*plain)
    without = pixels_of(prepare_view(one, tmp_path / "a.png", drawings=False)())
    changed = (plain[0] != without).any(axis=-1)
    for row in (150, 200):
        x, y = one.to_widget((200, row))
        assert changed[round(y) - 1 : round(y) + 2, round(x)].any(), row
    named = [pixels_of(prepare_view(each, tmp_path / "a.png", patient=True)()) for each in (one, two)]
    assert (named[0] != named[1]).any()
    assert [each.scale for each in map(prepare_page, (one, two))] == ["mm calibrated: FIDUCIAL"] * 2
    assert "Canary" in prepare_page(one, patient=True).scale


def test_words_that_a_reader_typed_leave_only_where_they_are_asked_for(make_canvas, tmp_path):
    one, two, bare = make_canvas(), make_canvas(), make_canvas()
    for canvas, words in ((one, "Canary Anna"), (two, "Bert"), (bare, "")):
        arrow = Arrow(((50, 150), (250, 200)), words=words)
        if words:
            canvas.add_measurement(arrow)
        else:
            canvas.add_measurement(Length(arrow.points))
            canvas.change_measurement(0, arrow)
    plain = [pixels_of(prepare_view(each, tmp_path / "a.png")()) for each in (one, two, bare)]
    np.testing.assert_array_equal(plain[0], plain[2])
    np.testing.assert_array_equal(plain[1], plain[2])
    for chosen in ({"words": True}, {"patient": True}):
        written = [pixels_of(prepare_view(each, tmp_path / "a.png", **chosen)()) for each in (one, two)]
        assert (written[0] != written[1]).any(), chosen
    pages = [prepare_page(each).picture for each in (one, two)]
    assert pages[0] == pages[1] != prepare_page(one, words=True).picture
    copy_view(one)
    copied = QGuiApplication.clipboard().image()
    copy_view(two)
    assert copied == QGuiApplication.clipboard().image()
    copy_view(two, words=True)
    assert copied != QGuiApplication.clipboard().image()


def test_measurements_overlays_and_drawings_are_left_out_together(make_canvas, tmp_path):
    overlay = np.zeros((300, 400), bool)
    overlay[100:110] = True
    canvas, bare = make_canvas(over=Over(overlay)), make_canvas()
    canvas.add_measurement(Length(((50, 150), (350, 150))))
    canvas.layers.show_state(PresentationState(annotations=(Polyline("A", ((50, 200), (350, 200))),)))
    canvas.select(0)
    without = pixels_of(prepare_view(canvas, tmp_path / "a.png", drawings=False)())
    np.testing.assert_array_equal(without, pixels_of(prepare_view(bare, tmp_path / "b.png")()))
    drawn = pixels_of(prepare_view(canvas, tmp_path / "a.png")())
    changed = (drawn != without).any(axis=-1)
    for row in (105, 150, 200):
        x, y = canvas.to_widget((200, row))
        assert changed[round(y) - 1 : round(y) + 2, round(x)].any(), row
    canvas.select(None)
    np.testing.assert_array_equal(drawn, pixels_of(prepare_view(canvas, tmp_path / "b.png")()))


def test_the_image_is_saved_pixel_by_pixel_through_its_window(make_canvas, tmp_path):
    canvas = make_canvas()
    canvas.rotate_right()
    canvas.set_window(WindowState(Window(1500, 700), "Manual", inverted=True))
    saved = np.asarray(Image.open(prepare_image(canvas, tmp_path / "image.png")()))
    np.testing.assert_array_equal(saved, 255 - show(canvas.image.stored, Window(1500, 700)))
    assert saved.dtype == np.uint8


def test_what_the_shutters_cover_stays_covered(make_canvas, tmp_path):
    canvas = make_canvas(over=Over(None, (Rectangle(11, 390, 21, 280),), 257 * 40))
    saved = np.asarray(Image.open(prepare_image(canvas, tmp_path / "image.png")()))
    expected = np.full((300, 400), 40)
    expected[20:280, 10:390] = show(canvas.image.stored, Window(2000, 4000))[20:280, 10:390]
    np.testing.assert_array_equal(saved, expected)
    view = pixels_of(prepare_view(canvas, tmp_path / "view.png", drawings=False)())
    x, y = canvas.to_widget((200, 10))
    assert (view[round(y), round(x) + 60] == 40).all()
    canvas.toggle_shutters()
    saved = np.asarray(Image.open(prepare_image(canvas, tmp_path / "image.png")()))
    np.testing.assert_array_equal(saved, show(canvas.image.stored, Window(2000, 4000)))


def test_nothing_synthetic_leaves_without_its_mark_and_it_is_known_again(make_canvas, tmp_path):
    canvas = make_canvas(synthetic=True)
    assert mark_lines(canvas) == [SYNTHETIC, RESEARCH]
    for drawings in (True, False):
        for patient in (True, False):
            path = prepare_view(canvas, tmp_path / "view.png", drawings=drawings, patient=patient)()
            copy_view(canvas, drawings=drawings, patient=patient)
            copied = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB888)
            rows = np.frombuffer(copied.constBits(), np.uint8).reshape(copied.height(), copied.bytesPerLine())
            saved = pixels_of(path)
            np.testing.assert_array_equal(rows[:, : 3 * copied.width()].reshape(saved.shape), saved)
            assert has_strip(saved, [SYNTHETIC, RESEARCH]) and chunks_of(path)["Synthetic Data"] == "YES"
    path = prepare_image(canvas, tmp_path / "image.png")()
    assert has_strip(pixels_of(path), [SYNTHETIC, RESEARCH]) and load_view_image(path).synthetic
    chunks = chunks_of(path)
    assert (chunks["Synthetic Data"], chunks["Disclaimer"]) == ("YES", RESEARCH)


def test_a_real_image_is_not_marked_as_synthetic(make_canvas, tmp_path):
    path = prepare_image(make_canvas(), tmp_path / "image.png")()
    assert not load_view_image(path).synthetic and chunks_of(path) == {"Disclaimer": RESEARCH}


def test_no_other_module_makes_pages_or_puts_pictures_on_the_clipboard():
    """Only `saving` and `printing` can let a picture out, and all that they do is tested to be marked."""
    ways = {
        "setImage": set(),
        "setMimeData": {"saving"},
        "QPdfWriter": {"printing", "report_page"},
        "draw_view": {"saving", "printing"},
    }
    modules = list(Path(unix_edge_desktop.__file__).parent.rglob("*.py"))
    assert {"saving", "printing"} < {module.stem for module in modules}
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text())):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            assert module.stem in ways.get(name, {module.stem}), (module.name, name)


def test_a_picture_has_as_many_pixels_as_it_is_asked_for(make_canvas):
    canvas = make_canvas()
    twice = draw_view(canvas, enlarged=2.0)
    assert (twice.width(), twice.height()) == (2 * canvas.device_size[0], 2 * canvas.device_size[1])


def test_where_it_cannot_be_written_there_is_a_sentence_and_nothing_else(make_canvas, tmp_path):
    for write in (prepare_view, prepare_image):
        with pytest.raises(OutputError, match="was not written"):
            write(make_canvas(), tmp_path / "nowhere" / "a.png")()
    assert list(tmp_path.iterdir()) == []


def test_what_is_seen_in_colour_is_saved_in_colour(make_canvas, tmp_path):
    canvas = make_canvas()
    colour = np.full((*canvas.image.shape, 3), (200, 50, 20), np.uint8)
    luminance = np.full(canvas.image.shape, 91, np.uint8)
    stored = StoredImage(luminance, presets=(FULL_RANGE,), colour=colour)
    canvas.set_image(replace(canvas.image, stored=stored))
    middle = canvas.grab().toImage().pixelColor(canvas.width() // 2, canvas.height() // 3)
    assert (middle.red(), middle.green(), middle.blue()) == (200, 50, 20)
    view, whole = tmp_path / "view.png", tmp_path / "image.png"
    prepare_view(canvas, view)()
    prepare_image(canvas, whole)()
    assert ((pixels_of(view) == (200, 50, 20)).all(axis=-1)).mean() > 0.2
    np.testing.assert_array_equal(pixels_of(whole), colour)
