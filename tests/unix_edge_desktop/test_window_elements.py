"""The elements of the file that is seen: shown, searched, and never those of another patient."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from unix_edge.dicom.elements import Element
from unix_edge_desktop.reading.elements_dialog import ElementsDialog

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def lines(dialog):
    """Return the lines that are seen, by their tag or name."""
    found, waiting = {}, [dialog.tree.topLevelItem(at) for at in range(dialog.tree.topLevelItemCount())]
    while waiting:
        item = waiting.pop(0)
        if not item.isHidden():
            found[item.text(0) or item.text(1)] = item.text(3)
            waiting = [item.child(at) for at in range(item.childCount())] + waiting
    return found


@pytest.fixture
def shown(window, open_in, study, press, qtbot):
    """The dialog over the first image of a study."""
    open_in(window, study)
    window.grid.active.setFocus()
    press(window, Key.Key_T, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: window.findChild(ElementsDialog) is not None, timeout=20_000)
    return window.findChild(ElementsDialog)


def test_all_are_shown_and_whose_they_are(shown):
    found = lines(shown)
    assert found["(0010,0010)"] == "Doe^Jane" and found["(0002,0010)"].startswith("1.2.840.10008.1.2")
    assert found["(7FE0,0010)"].endswith(" bytes") and len(found) > 20


def test_what_is_typed_leaves_those_that_hold_it(shown):
    everything = lines(shown)
    assert shown.search.hasFocus()
    QTest.keyClicks(shown.search, "jane")
    assert set(lines(shown)) == {"(0010,0010)"}
    shown.search.setText("0028,")
    assert {tag[:6] for tag in lines(shown)} == {"(0028,"} and len(lines(shown)) > 5
    shown.search.setText("sop class")
    assert "(0008,0016)" in lines(shown)
    shown.search.setText("nothing holds this")
    assert lines(shown) == {}
    shown.search.clear()
    assert lines(shown) == everything


def test_a_line_is_copied(shown):
    item = next(shown.tree.topLevelItem(at) for at in range(30) if shown.tree.topLevelItem(at).text(0) == "(0010,0020)")
    shown.tree.setCurrentItem(item)
    shown.copy()
    assert QGuiApplication.clipboard().text() == "(0010,0020) Patient ID LO 4711"


def test_a_copied_line_is_kept_from_histories_and_forgotten_at_the_end(shown, window):
    clipboard = QGuiApplication.clipboard()
    shown.tree.setCurrentItem(shown.tree.topLevelItem(20))
    shown.copy()
    assert clipboard.text() and clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    window.close()
    assert clipboard.text() == ""


def test_sequences_open_into_their_items(qtbot):
    from pydicom import Dataset
    from pydicom.sequence import Sequence

    from unix_edge.dicom.elements import list_elements

    item = Dataset()
    item.CodeValue, item.CodeMeaning = "R-10206", "antero-posterior"
    whole = Dataset()
    whole.ViewCodeSequence = Sequence([item, Dataset()])
    whole.PatientID = "4711"
    dialog = ElementsDialog(list_elements(whole), "")
    qtbot.addWidget(dialog)
    (_, view) = (dialog.tree.topLevelItem(at) for at in range(2))
    assert view.text(1) == "View Code Sequence" and view.text(3) == "[2]" and view.childCount() == 2
    assert view.child(0).text(1) == "Item 1" and view.child(0).child(0).text(3) == "R-10206"
    dialog.search.setText("antero")
    assert set(lines(dialog)) == {"(0054,0220)", "Item 1", "(0008,0104)"} and view.isExpanded()


def test_markup_in_a_value_stays_text(qtbot):
    hostile = "<img src='/etc/passwd'><b>Doe</b>"
    dialog = ElementsDialog([Element(0, "(0008,103E)", "LO", "Series Description", hostile)], "")
    qtbot.addWidget(dialog)
    item = dialog.tree.topLevelItem(0)
    assert item.text(3) == hostile and "Doe" in item.toolTip(3) and "<" not in item.toolTip(3)


def test_nothing_is_shown_while_patients_are_hidden(window, open_in, study, press, idle):
    open_in(window, study)
    window.grid.active.setFocus()
    press(window, Key.Key_H, Modifier.ControlModifier)
    press(window, Key.Key_T, Modifier.ControlModifier)
    idle(window)
    assert window.findChild(ElementsDialog) is None and "hidden" in window.message.text()


def test_another_image_that_is_seen_by_then_keeps_them_away(window, open_in, study, press, idle):
    open_in(window, study)
    window.grid.active.setFocus()
    window.menus.actions["elements"].trigger()
    window.menus.actions["close_image"].trigger()
    idle(window)
    QTest.qWait(300)
    assert window.findChild(ElementsDialog) is None


def test_a_page_that_is_turned_by_then_keeps_them_away(window, open_in, ct, press, idle):
    open_in(window, ct)
    window.grid.active.setFocus()
    press(window, Key.Key_T, Modifier.ControlModifier)
    press(window, Key.Key_Down)
    idle(window)
    QTest.qWait(300)
    assert window.findChild(ElementsDialog) is None and "Another image is read by now" in window.message.text()


def test_the_heading_names_the_file(shown):
    said = "\n".join(each.text() for each in shown.findChildren(QLabel))
    assert "Doe, Jane" in said and "Chest PA  image1" in said


def test_a_file_with_another_uid_in_its_place_is_told(window, open_in, study, make_file, idle):
    open_in(window, study)
    path = window.desk.views[window.grid.active].instance.path
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"2.25.301", b"2.25.309"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size and path.read_bytes() != content
    window.menus.actions["elements"].trigger()
    idle(window)
    assert window.findChild(ElementsDialog) is None and "has changed" in window.message.text()


def test_a_file_that_is_another_by_now_is_told(window, open_in, study, press, idle):
    open_in(window, study)
    path = window.desk.views[window.grid.active].instance.path
    path.write_bytes(path.read_bytes() + b"\0\0")
    window.menus.actions["elements"].trigger()
    idle(window)
    assert window.findChild(ElementsDialog) is None and "has changed" in window.message.text()


def test_a_picture_has_none_and_that_is_one_sentence(window, open_in, radiograph_png, idle, qtbot):
    open_in(window, radiograph_png)
    window.menus.actions["elements"].trigger()
    qtbot.waitUntil(lambda: "DICOM" in window.message.text(), timeout=20_000)
    assert window.findChild(ElementsDialog) is None
