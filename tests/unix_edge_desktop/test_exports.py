"""Every action on an image does what its name says, asks what it must, and says what became of it."""

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import time
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMainWindow, QMessageBox, QProgressDialog

from unix_edge.dicom.graphics import Point
from unix_edge.dicom.grayscale import StoredImage, Window, show
from unix_edge.dicom.presentation_state import PresentationState, write_presentation_state
from unix_edge.errors import StoppedError
from unix_edge.isolated.over_answer import Over
from unix_edge_desktop.canvas.canvas_grid import CanvasGrid
from unix_edge_desktop.image.images import ViewImage, load_view_image
from unix_edge_desktop.image.key_marks import KeyMarkStore
from unix_edge_desktop.output import exports as module
from unix_edge_desktop.output.export_dialogs import AnonymiseDialog, PictureDialog
from unix_edge_desktop.output.exports import Exports
from unix_edge_desktop.output.key_selections import save_key_images
from unix_edge_desktop.storage.unfinished_writes import Leftovers
from unix_edge_desktop.studies.opening import find_again


class Desk(QMainWindow):
    """A window with two views and the actions."""

    def __init__(self, data) -> None:
        super().__init__()
        self.grid = CanvasGrid()
        self.grid.set_layout("1x2")
        self.setCentralWidget(self.grid)
        self.keys = KeyMarkStore(data / "key images")
        self.grid.set_key_store(self.keys)
        self.exports = Exports(lambda: self.grid.active, self.keys, data, Leftovers(data / "unfinished.json"), self)
        self.said: list[str] = []
        self.exports.status.connect(self.said.append)


@pytest.fixture
def image_file(make_file, tmp_path):
    return make_file(tmp_path / "image.dcm")


@pytest.fixture
def desk(qtbot, make_header, tmp_path):
    desk = Desk(tmp_path / "data")
    qtbot.addWidget(desk)
    desk.resize(800, 500)
    desk.show()
    values = np.random.default_rng(0).integers(0, 4096, (300, 280), dtype=np.uint16)
    header = make_header(Rows=300, Columns=280, BitsStored=12)
    desk.grid.set_image(ViewImage(StoredImage(values, presets=(Window(2000, 4000),)), header))
    yield desk
    desk.exports.close()
    desk.keys.close()


@pytest.fixture
def choose(monkeypatch, tmp_path):
    """Answer every question for a file or folder."""

    def answer(name, meanwhile=lambda: None):
        path = str(tmp_path / name) if name else ""

        def save(dialog):
            dialog.selectFile(path)
            meanwhile()
            return QFileDialog.DialogCode.Accepted if name else QFileDialog.DialogCode.Rejected

        monkeypatch.setattr(QFileDialog, "exec", save)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (meanwhile(), (path, ""))[1])
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: (meanwhile(), path)[1])

    return answer


def said(qtbot, desk, text) -> None:
    qtbot.waitUntil(lambda: any(text in each for each in desk.said), timeout=20_000)


def complaint(qtbot, desk) -> str:
    qtbot.waitUntil(lambda: desk.findChild(QMessageBox) is not None, timeout=20_000)
    box = desk.findChild(QMessageBox)
    text = box.text()
    box.close()
    return text


def test_the_view_is_saved_and_copied_as_was_chosen(desk, qtbot, choose, tmp_path):
    choose("view.png")
    desk.exports.ask_to_save_view()
    dialog = desk.findChild(PictureDialog)
    assert dialog.drawings.isChecked() and not dialog.patient.isChecked()
    assert all(each.accessibleName() for each in (dialog.drawings, dialog.words, dialog.patient, *dialog.ways.values()))
    dialog.ways["save"].click()
    said(qtbot, desk, "Written: ")
    with Image.open(tmp_path / "view.png") as saved:
        assert saved.width == desk.grid.active.device_size[0]
    QGuiApplication.clipboard().clear()
    desk.exports.copy_view()
    assert QGuiApplication.clipboard().image().width() == desk.grid.active.device_size[0]
    choose("")
    desk.exports.ask_to_save_image()
    assert len(desk.said) == 2


def test_words_at_drawings_are_asked_for_and_no_more_where_they_leave_anyway_or_cannot(desk):
    desk.exports.ask_to_save_view()
    dialog = desk.findChild(PictureDialog)
    assert dialog.words.isEnabled() and dialog.choice == {"drawings": True, "words": False, "patient": False}
    dialog.drawings.click()
    assert not dialog.words.isEnabled()
    dialog.drawings.click()
    dialog.words.click()
    assert dialog.choice["words"]
    dialog.patient.click()
    assert not dialog.words.isEnabled()
    dialog.reject()


def test_the_image_is_saved_with_an_ending_even_if_none_is_given(desk, qtbot, choose, tmp_path):
    choose("picture")
    desk.exports.ask_to_save_image()
    said(qtbot, desk, "picture.png")
    stored = desk.grid.active.image.stored
    with Image.open(tmp_path / "picture.png") as saved:
        np.testing.assert_array_equal(np.asarray(saved), show(stored, desk.grid.active.window_state.voi))


def test_qt_asks_about_the_name_that_is_written(desk, monkeypatch, tmp_path):
    """The ending is added before Qt asks whether the file is to be overwritten."""
    (tmp_path / "chest.png").write_bytes(b"theirs")
    asked = []

    def type_name(dialog):
        dialog.findChild(QLineEdit, "fileNameEdit").setText(str(tmp_path / "chest"))
        dialog.show()
        QTimer.singleShot(0, answer)
        dialog.accept()
        return QFileDialog.DialogCode(dialog.result())

    def answer():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        box.button(QMessageBox.StandardButton.No).click()

    monkeypatch.setattr(QFileDialog, "exec", type_name)
    desk.exports.ask_to_save_image()
    assert len(asked) == 1 and "chest.png" in asked[0]
    assert (tmp_path / "chest.png").read_bytes() == b"theirs" and desk.said == []


def test_a_file_that_a_view_shows_is_not_written_over(desk, qtbot, choose, tmp_path):
    Image.new("L", (40, 30), 7).save(tmp_path / "chest.png")
    before = (tmp_path / "chest.png").read_bytes()
    desk.grid.set_image(load_view_image(tmp_path / "chest.png"), desk.grid.canvases[1])
    choose("chest")
    desk.exports.ask_to_save_image()
    assert complaint(qtbot, desk).startswith("This file is open in a view, and was left as it is")
    assert (tmp_path / "chest.png").read_bytes() == before and desk.said == []


def test_an_archive_of_which_a_view_shows_a_picture_is_not_written_over(desk, qtbot, choose, tmp_path):
    Image.new("L", (40, 30), 7).save(tmp_path / "chest.png")
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        archive.write(tmp_path / "chest.png", "chest.png")
    before = (tmp_path / "study.zip").read_bytes()
    desk.grid.set_image(load_view_image(find_again(tmp_path / "study.zip", "chest.png")))
    choose("study.zip")
    desk.exports.ask_to_save_image()
    assert complaint(qtbot, desk).startswith("This file is open in a view")
    assert (tmp_path / "study.zip").read_bytes() == before


GONE = "The image is no longer shown; nothing was done."


@pytest.mark.parametrize("other", [True, False])
@pytest.mark.parametrize("action", ["ask_to_save_image", "ask_for_state", "ask_where_to_save_state", "save_key_images"])
def test_what_was_asked_of_an_image_is_not_done_to_another(desk, choose, make_header, tmp_path, action, other):
    canvas = desk.grid.active
    canvas.toggle_key()
    write_presentation_state(PresentationState(rotation=90), make_header(Rows=300, Columns=280), tmp_path / "out")
    before = sorted(tmp_path.glob("out*"))
    image = replace(canvas.image) if other else None
    choose("out", lambda: canvas.set_image(image))
    getattr(desk.exports, action)()
    assert desk.said == [GONE] and canvas.layers.state is None and sorted(tmp_path.glob("out*")) == before


@pytest.mark.parametrize("other", [True, False])
@pytest.mark.parametrize(
    ("action", "way"),
    [("ask_to_save_view", "save"), ("ask_to_save_view", "copy"), ("ask_to_print", "pdf"), ("ask_to_print", "print")],
)
@pytest.mark.parametrize("late", [True, False])
def test_a_view_is_not_saved_or_printed_with_another_image(
    desk, choose, monkeypatch, tmp_path, action, way, late, other
):
    canvas = desk.grid.active
    image = replace(canvas.image) if other else None

    def exchange():
        canvas.set_image(image)

    def accept(_):
        exchange()
        return QPrintDialog.DialogCode.Accepted

    choose("out", exchange)
    monkeypatch.setattr(QPrintDialog, "exec", accept)
    getattr(desk.exports, action)()
    if not late or way == "copy":
        exchange()
    desk.findChild(PictureDialog).ways[way].click()
    assert desk.said == [GONE] and list(tmp_path.glob("out*")) == []


def test_a_state_is_not_applied_to_an_image_that_came_while_it_was_asked_about(desk, qtbot, make_header, tmp_path):
    state = PresentationState(rotation=90, annotations=(Point("A", (5, 5)),))
    write_presentation_state(state, make_header(Rows=300, Columns=280), tmp_path / "state.dcm")
    desk.exports.open_states([(tmp_path / "state.dcm", "")])
    qtbot.waitUntil(lambda: desk.findChild(QMessageBox) is not None, timeout=20_000)
    canvas = desk.grid.active
    canvas.set_image(replace(canvas.image))
    next(each for each in desk.findChild(QMessageBox).buttons() if "All" in each.text()).click()
    assert desk.said == [GONE] and canvas.layers.state is None and canvas.viewport.quarters == 0


def test_the_usual_copy_has_no_overlay_and_a_chosen_one_has(desk, qtbot):
    canvas = desk.grid.active
    overlay = np.zeros((300, 280), bool)
    overlay[100:140] = True
    copies = []
    for over in (Over(), Over(overlay)):
        canvas.set_image(replace(canvas.image, over=over))
        desk.exports.copy_view()
        copies.append(QGuiApplication.clipboard().image())
    assert copies[0] == copies[1]
    desk.exports.ask_to_save_view()
    desk.findChild(PictureDialog).ways["copy"].click()
    assert QGuiApplication.clipboard().image() != copies[0]


def test_a_page_is_saved_as_pdf(desk, qtbot, choose, tmp_path):
    choose("page")
    desk.exports.ask_to_print()
    desk.findChild(PictureDialog).ways["pdf"].click()
    said(qtbot, desk, "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)  # of the printer that is not there
@pytest.mark.parametrize("folder", ["", "nowhere"])
def test_a_view_is_sent_to_the_printer_that_was_chosen(desk, qtbot, monkeypatch, tmp_path, folder):
    def choose_printer(dialog):
        dialog.printer().setOutputFileName(str(tmp_path / folder / "printed.pdf"))
        return QPrintDialog.DialogCode.Accepted

    monkeypatch.setattr(QPrintDialog, "exec", choose_printer)
    desk.exports.ask_to_print()
    desk.findChild(PictureDialog).ways["print"].click()
    if folder:
        assert complaint(qtbot, desk) == "The page was not written: the printer does not take it."
    else:
        assert desk.said == ["The view was sent to the printer."]
        assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_written_is_a_sentence_and_the_window_lives(desk, qtbot, choose):
    choose("nowhere/a.png")
    desk.exports.ask_to_save_image()
    assert "was not written: No such file or directory." in complaint(qtbot, desk)
    assert desk.isVisible() and not any("Written" in each for each in desk.said)


def test_a_view_is_kept_as_a_state_in_the_persons_own_folder_and_applied_again(desk, qtbot, tmp_path):
    canvas = desk.grid.active
    canvas.rotate_right()
    desk.exports.save_state()
    said(qtbot, desk, "presentation state 1.dcm")
    written = tmp_path / "data" / "presentation states" / "presentation state 1.dcm"
    canvas.reset()
    assert canvas.viewport.quarters == 0
    desk.exports.open_states([(written, "")])
    said(qtbot, desk, "The presentation state was applied.")
    assert canvas.viewport.quarters == 1
    desk.exports.clear_state()
    assert canvas.viewport.quarters == 0


@pytest.mark.parametrize(("button", "quarters"), [("All of it", 1), ("Drawings only", 0), ("Cancel", 0)])
def test_of_a_state_a_person_may_want_only_the_drawings(desk, qtbot, make_header, choose, tmp_path, button, quarters):
    state = PresentationState(voi=Window(9, 9), rotation=90, annotations=(Point("A", (5, 5)),))
    write_presentation_state(state, make_header(Rows=300, Columns=280), tmp_path / "state.dcm")
    choose("state.dcm")
    desk.exports.ask_for_state()
    qtbot.waitUntil(lambda: desk.findChild(QMessageBox) is not None, timeout=20_000)
    buttons = {each.text().replace("&", ""): each for each in desk.findChild(QMessageBox).buttons()}
    buttons[button].click()
    canvas = desk.grid.active
    assert canvas.viewport.quarters == quarters
    assert len(canvas.layers.annotations) == (0 if button == "Cancel" else 1)


def test_a_state_of_another_image_is_refused_in_a_sentence(desk, qtbot, make_header, tmp_path):
    write_presentation_state(PresentationState(), make_header(SOPInstanceUID="2.25.99"), tmp_path / "state.dcm")
    desk.exports.open_states([(tmp_path / "state.dcm", "")])
    assert complaint(qtbot, desk) == "The presentation state was not read: it is not about this image."
    assert desk.grid.active.layers.state is None


def test_of_several_states_the_first_that_is_of_the_image_is_applied(desk, qtbot, make_header, tmp_path):
    for number, (uid, rotation) in enumerate((("2.25.99", 270), ("2.25.3", 90), ("2.25.3", 180))):
        write_presentation_state(
            PresentationState(rotation=rotation),
            make_header(SOPInstanceUID=uid, Rows=300, Columns=280),
            tmp_path / f"{number}.dcm",
        )
    desk.exports.open_states([(tmp_path / f"{number}.dcm", "") for number in range(3)])
    said(qtbot, desk, "The presentation state was applied.")
    assert desk.grid.active.viewport.quarters == 1
    desk.exports.open_states([(tmp_path / "gone.dcm", ""), (tmp_path / "0.dcm", "")])
    assert complaint(qtbot, desk) == "The presentation state was not read: it is not about this image."


def test_a_file_of_key_images_marks_them_in_every_view(desk, qtbot, choose, tmp_path):
    other = KeyMarkStore(tmp_path / "other")
    image = desk.grid.active.image
    other.toggle(image)
    path = save_key_images(other, image, tmp_path / "out")
    other.close()
    desk.grid.set_image(image, desk.grid.canvases[1])
    with qtbot.waitSignal(desk.exports.keys_changed, timeout=20_000):
        desk.exports.open_key_files([(path, "")])
    assert all(canvas.is_key for canvas in desk.grid.shown) and desk.said[-1] == "Marked as key images: 1"
    choose("mine")
    desk.exports.save_key_images()
    said(qtbot, desk, "key images 1.dcm")
    assert (tmp_path / "mine" / "key images 1.dcm").exists()


def test_a_file_of_key_images_that_is_gone_costs_the_others_nothing(desk, qtbot, tmp_path):
    other = KeyMarkStore(tmp_path / "other")
    image = desk.grid.active.image
    other.toggle(image)
    path = save_key_images(other, image, tmp_path / "out")
    other.close()
    with qtbot.waitSignal(desk.exports.keys_changed, timeout=20_000):
        desk.exports.open_key_files([(tmp_path / "gone.dcm", ""), (path, "")])
    assert desk.grid.active.is_key
    assert desk.said[-1] == "Marked as key images: 1  Some of these files could not be read."
    desk.exports.open_key_files([(tmp_path / "gone.dcm", "")])
    assert "there is no such file" in complaint(qtbot, desk)


def test_without_an_image_every_action_says_so(desk):
    desk.grid.set_image(None)
    actions = ("ask_to_save_view", "copy_view", "ask_to_save_image", "ask_to_print", "ask_for_state", "clear_state")
    for name in (*actions, "save_state", "ask_where_to_save_state", "save_key_images"):
        getattr(desk.exports, name)()
    assert desk.said == ["There is no image in this view."] * 9
    desk.exports.ask_to_anonymise([], "")
    assert desk.said[-1] == "There is no image to be copied."


def test_the_sample_study_is_computed_or_stopped_with_a_word(desk, qtbot, monkeypatch, tmp_path):
    def compute(data, progress, should_stop):
        progress(1, 6)
        while stops and not should_stop():
            time.sleep(0.01)
        if stops:
            raise StoppedError
        return data / "sample"

    monkeypatch.setattr(module, "make_sample_study", compute)
    stops = True
    desk.exports.open_sample_study()
    desk.findChild(QProgressDialog).canceled.emit()
    said(qtbot, desk, "Stopped; nothing was left.")
    stops = False
    with qtbot.waitSignal(desk.exports.sample_ready, timeout=20_000) as ready:
        desk.exports.open_sample_study()
    assert ready.args == [tmp_path / "data" / "sample"]


def test_closing_stops_what_runs_and_leaves_nothing_unfinished(desk, qtbot, image_file, tmp_path):
    desk.exports.open_sample_study()
    desk.exports.ask_to_anonymise([(image_file, "")] * 50, "Doe")
    dialog = desk.findChild(AnonymiseDialog)
    dialog.folder.setText(str(tmp_path / "copies"))
    dialog.begin()
    qtbot.waitUntil(lambda: (tmp_path / "copies").exists(), timeout=20_000)
    desk.exports.close()
    assert list((tmp_path / "copies").iterdir()) == []
    assert list(tmp_path.rglob("*sample*")) == []


@pytest.mark.parametrize("action", ["ask_where_to_save_state", "save_key_images"])
def test_the_folder_that_is_offered_is_there(desk, monkeypatch, action):
    offered = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *said: offered.append(Path(said[-1])) or "")
    getattr(desk.exports, action)()
    assert offered and all(each.is_dir() for each in offered)
