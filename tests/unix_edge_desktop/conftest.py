"""A window with folders of its own, and waiting for it."""

import os
import shutil
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C.UTF-8"  # dates are written as the system writes them

import pydicom
import pytest
from pydicom.data import get_testdata_file

from unix_edge_desktop.toolkit.pyside_references import hold_singletons

hold_singletons()


@pytest.fixture
def own_folders(tmp_path):
    from unix_edge_desktop.storage.settings import Folders

    folders = Folders.within(tmp_path / "own")
    folders.make()
    return folders


@pytest.fixture
def thumbnails():
    """Whether pictures are made for the tree; a test that looks at them says so."""
    return False


@pytest.fixture(scope="session")
def application(qapp):
    """Made once, as by the program: each time again it would draw every window in its style again."""
    from unix_edge_desktop.application import make_application

    return make_application("en")


@pytest.fixture
def make_window(application, qtbot, own_folders, thumbnails, monkeypatch):
    """Open windows one after another on the same folders; whatever is open at the end is closed."""
    from unix_edge_desktop.reading.row_pictures import RowPictures
    from unix_edge_desktop.shell.main_window import MainWindow
    from unix_edge_desktop.studies import indexing

    windows = []
    # What is opened is added at once: what a test sees first does not depend on how busy the machine is.
    monkeypatch.setattr(indexing, "_TICK", 10.0)
    if not thumbnails:
        monkeypatch.setattr(RowPictures, "want", lambda *_: None)

    def make():
        window = MainWindow(own_folders)
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield make
    for window in windows:
        window.close()


@pytest.fixture
def window(make_window):
    return make_window()


@pytest.fixture
def open_in(qtbot):
    """Open paths and wait until everything is read."""

    def open_and_wait(window, *paths):
        window.open_paths(list(paths))
        wait_idle(qtbot, window)

    return open_and_wait


@pytest.fixture
def idle(qtbot):
    return lambda window: wait_idle(qtbot, window)


def wait_idle(qtbot, window):
    qtbot.waitUntil(
        lambda: not (window.library.is_busy or window.desk.loader.is_busy or window.studies.pictures.is_busy),
        timeout=60_000,
    )


@pytest.fixture
def cut_off():
    """Find labels, buttons and fields whose text has no room."""
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QToolBar, QWidget

    def find(root):
        """Labels, buttons and tabs whose text has no room."""
        found = []
        for widget in root.findChildren(QWidget):
            if not widget.isVisibleTo(root) or widget.objectName().startswith("qt_"):
                continue
            if isinstance(widget, QLabel) and widget.text() and widget.minimumWidth() != 1:
                needed = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
                short = widget.height() < needed or (
                    not widget.wordWrap() and widget.width() < widget.sizeHint().width()
                )
            elif isinstance(widget, QAbstractButton) and widget.text() and not isinstance(widget.parent(), QToolBar):
                short = (
                    widget.width() < widget.minimumSizeHint().width()
                    or widget.height() < widget.minimumSizeHint().height()
                )
            elif isinstance(widget, (QComboBox, QLineEdit)):
                short = widget.height() < widget.minimumSizeHint().height()
            else:
                short = False
            if short:
                found.append(f"{type(widget).__name__}: {widget.text() if hasattr(widget, 'text') else ''}")
        return found

    return find


@pytest.fixture
def make_dialogs():
    """Make every dialog that the window opens."""
    from unix_edge_desktop.output.export_dialogs import AnonymiseDialog, PictureDialog
    from unix_edge_desktop.reading.failure_list import FailureList
    from unix_edge_desktop.shell.help_dialogs import AboutDialog, KeySheet
    from unix_edge_desktop.shell.keys import KeyMap
    from unix_edge_desktop.shell.monitors import MonitorDialog
    from unix_edge_desktop.shell.settings_dialog import SettingsDialog
    from unix_edge_desktop.storage.settings import Settings

    def make(window):
        return [
            SettingsDialog(Settings(), KeyMap(), window),
            KeySheet(KeyMap(), window),
            AboutDialog(window),
            MonitorDialog(window),
            FailureList(window),
            AnonymiseDialog([(Path("image"), "")], "4711\n2026-01-02", Path("folder"), window.leftovers, window),
            PictureDialog(window.tr("Studies"), {"save": window.tr("Open")}, "4711\n2026-01-02", window),
        ]

    return make


@pytest.fixture
def medium(tmp_path):
    """A copy of a medium with what its DICOMDIR names, and nothing else."""
    source = Path(get_testdata_file("dicomdirtests/DICOMDIR", download=False))
    for record in pydicom.dcmread(source).DirectoryRecordSequence:
        if "ReferencedFileID" in record:
            target = tmp_path.joinpath("medium", *record.ReferencedFileID)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.parent.joinpath(*record.ReferencedFileID), target)
    shutil.copyfile(source, tmp_path / "medium" / "DICOMDIR")
    return tmp_path / "medium"


@pytest.fixture
def study(tmp_path, make_file):
    """Two projections in two series of one study."""
    folder = tmp_path / "study"
    folder.mkdir()
    for number, view in ((1, "PA"), (2, "LL")):
        make_file(
            folder / f"image{number}",
            seed=number,
            SOPInstanceUID=f"2.25.30{number}",
            SeriesInstanceUID=f"2.25.20{number}",
            SeriesNumber=number,
            SeriesDescription=f"Chest {view}",
            ViewPosition=view,
        )
    return folder


@pytest.fixture
def patient(tmp_path, make_file):
    """Three studies of one patient, and one of another who is named alike."""
    folder = tmp_path / "patient"
    folder.mkdir()
    for number, (date, identity) in enumerate(
        (("20240505", "4711"), ("20250606", "4711"), ("20260707", "4711"), ("20260606", "4712")), 1
    ):
        make_file(
            folder / f"{number}.dcm",
            seed=number,
            PatientID=identity,
            StudyDate=date,
            StudyInstanceUID=f"2.25.10{number}",
            SeriesInstanceUID=f"2.25.20{number}",
            SOPInstanceUID=f"2.25.30{number}",
        )
    return folder


@pytest.fixture
def rows():
    """Read what the tree says."""
    return find_rows


def find_rows(window):
    """What the tree says, patients' rows without indentation."""
    found = []

    def walk(item, depth):
        found.append("  " * depth + item.text(0).replace("\n", " | "))
        for at in range(item.childCount()):
            walk(item.child(at), depth + 1)

    tree = window.studies.tree
    for at in range(tree.topLevelItemCount()):
        walk(tree.topLevelItem(at), 0)
    return found


@pytest.fixture
def uid():
    """Read which image a view shows."""
    return lambda canvas: canvas.image and canvas.image.header.SOPInstanceUID


@pytest.fixture
def press():
    """Press a key where the focus is."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    def press_key(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)

    return press_key


@pytest.fixture
def ct(tmp_path, make_file):
    """Five images of one series."""
    folder = tmp_path / "ct"
    folder.mkdir()
    for number in range(1, 6):
        make_file(folder / str(number), seed=number, SOPInstanceUID=f"2.25.3{number}", InstanceNumber=number)
    return folder


@pytest.fixture
def make_image():
    """Make an image with a ramp, for a canvas."""
    import numpy as np
    from pydicom import Dataset

    from unix_edge.dicom.grayscale import StoredImage, Window
    from unix_edge_desktop.image.images import ViewImage

    def make(side=400, synthetic=False, stored=None, **elements) -> ViewImage:
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
        return ViewImage(
            StoredImage(stored, presets=(Window(2000, 4000), Window(1000, 500))), header, synthetic=synthetic
        )

    return make


@pytest.fixture
def canvas(qtbot, make_image):
    from unix_edge_desktop.canvas.canvas import Canvas

    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.show()
    canvas.set_image(make_image())
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    return canvas


@pytest.fixture
def mouse_drag():
    """Drag with a button over a canvas."""
    from PySide6.QtCore import QPoint
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    def drag(canvas, button, start, end, steps=5):
        QTest.mousePress(canvas, button, pos=QPoint(*start))
        for step in range(1, steps + 1):
            at = [round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True)]
            QTest.mouseMove(canvas, QPoint(*at))
            QApplication.processEvents()
        QTest.mouseRelease(canvas, button, pos=QPoint(*end))

    return drag


@pytest.fixture
def turn_wheel():
    """Turn the wheel over a canvas."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    def turn(canvas, at, notches, modifiers=Qt.KeyboardModifier.NoModifier):
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

    return turn


@pytest.fixture
def pretended_model():
    """Make models that say what they are told to say, and know of each run whose image it was given."""
    from unix_edge.provenance import Provenance
    from unix_edge.report import Ended, Report
    from unix_edge.sentences import Sentence
    from unix_edge.text import split_sections
    from unix_edge.worker import messages

    made = Provenance("UniX Edge", "nano", "ab" * 32, "fp16", "cpu", True, {}, "2026-01-01T00:00:00+00:00")

    class Pretended:
        def __init__(self):
            self.take = lambda event: None
            self.asked = {}
            self.prefixes = {}
            self.said = {}
            self.stopped = set()

        def draft(self, image, settings=None, *, prefix="", assume_frontal_chest=False):
            run = len(self.asked) + 1
            self.asked[run], self.prefixes[run], self.said[run] = image(), prefix, ""
            return run

        def stop(self, run):
            self.stopped.add(run)

        def say(self, run, words):
            self.said[run] += words
            self.take(messages.Piece(run, words, 1, (-0.1,)))

        def end(self, run, ended=Ended.FINISHED, in_domain=None):
            text = self.said[run]
            report = Report(text, *split_sections(text), (1,), (-0.1,), ended, made, in_domain)
            self.take(messages.Drafted(run, report, 0.1, 10.0, 1.0))

        def fail(self, run, *doubts):
            self.take(messages.Failed(run, "ImageError", Sentence("It is a leg."), tuple(map(Sentence, doubts))))

    return Pretended


@pytest.fixture
def make_film(make_image):
    """Make films by number, each of a study of its own."""
    import numpy as np

    from unix_edge_desktop.drafts.drafting import Film

    def make(number, **elements):
        stored = np.full((64, 64), number, np.uint16)
        stored[:, 32:] = 1000 + number
        uids = {"SOPInstanceUID": f"2.25.{number}", "StudyInstanceUID": f"2.26.{number}"}
        return Film(make_image(stored=stored, **{**uids, **elements}))

    return make
