"""Keys in a field are the field's: whatever is pressed there, the film stays as it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QPlainTextEdit, QSpinBox, QTextBrowser, QTextEdit

from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.shell.actions import ALL
from unix_edge_desktop.shell.typing_guard import STAY, is_field

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def field(window, request, qtbot):
    """A field beside the images, with the caret in it."""
    made = request.param()
    dock = QDockWidget("Field", window)
    dock.setObjectName("field")
    dock.setWidget(made)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


@pytest.mark.parametrize("field", [QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox], indirect=True)
def test_no_key_pressed_in_a_field_acts_on_the_film(window, field):
    done = []
    for id, action in window.menus.actions.items():
        action.triggered.disconnect()
        action.triggered.connect(lambda *_, id=id: done.append(id))
    for action in ALL.values():
        for key in action.keys:
            field.setFocus()
            combination = QKeySequence(key)[0]
            QTest.keyClick(field, combination.key(), combination.keyboardModifiers())
            QApplication.processEvents()
    functions = {action.id for action in ALL.values() for key in action.keys if key.startswith("F") and len(key) > 1}
    assert set(done) == STAY | functions


def test_the_usual_keys_edit_the_text_and_alt_with_a_digit_writes_none(window, open_in, study):
    open_in(window, study)
    window.menus.actions["search"].trigger()
    search = window.studies.search
    QTest.keyClicks(search, "wspbh1")
    for key in (Key.Key_W, Key.Key_S, Key.Key_P, Key.Key_B, Key.Key_H):
        QTest.keyClick(search, key, Modifier.ControlModifier)
    for digit in (Key.Key_1, Key.Key_2, Key.Key_4):
        QTest.keyClick(search, digit, Modifier.AltModifier)
    assert search.text() == "wspbh1" and len(window.grid.shown) == 1
    assert window.grid.active.image is not None and not window.grid.active.hide_patient
    QTest.keyClick(search, Key.Key_A, Modifier.ControlModifier)
    QTest.keyClick(search, Key.Key_C, Modifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "wspbh1"
    QTest.keyClick(search, Key.Key_Delete)
    assert search.text() == ""
    QTest.keyClick(search, Key.Key_Z, Modifier.ControlModifier)
    assert search.text() == "wspbh1"
    window.grid.active.setFocus()
    QTest.keyClick(window.grid.active, Key.Key_2, Modifier.AltModifier)
    assert len(window.grid.shown) == 2, "on the image they are as ever"


def test_keys_of_ones_own_are_kept_from_the_film_too(window, open_in, study):
    open_in(window, study)
    window.preferences.set_keys(window.preferences.keys.with_keys("close_image", ("Ctrl+J",)))
    window.menus.actions["search"].trigger()
    QTest.keyClick(window.studies.search, Key.Key_J, Modifier.ControlModifier)
    assert window.grid.active.image is not None


def test_a_field_that_is_closed_keeps_its_keys_from_the_film_too(window, open_in, study):
    """Whoever types at a film without a draft, or at one that is signed, sees the frame of a field."""
    open_in(window, study)
    field = window.assistant.report.fields[Section.FINDINGS]
    assert field.isReadOnly()
    field.setFocus()
    done = []
    for id, action in window.menus.actions.items():
        action.triggered.connect(lambda *_, id=id: done.append(id))
    QTest.keyClicks(field, "wspbh1")
    for key in (Key.Key_W, Key.Key_S, Key.Key_P, Key.Key_B, Key.Key_H):
        QTest.keyClick(field, key, Modifier.ControlModifier)
    QTest.keyClick(field, Key.Key_2, Modifier.AltModifier)
    assert done == [] and window.grid.active.image is not None and field.toPlainText() == ""


def test_what_is_only_read_is_no_field(qtbot):
    browser = QTextBrowser()
    qtbot.addWidget(browser)
    assert not is_field(browser)
