"""Whoever does not see, or sees little, has all of it: names, the focus, any scale; and no text is cut off."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from unix_edge_desktop.shell.general_page import GeneralPage
from unix_edge_desktop.shell.help_dialogs import KeySheet
from unix_edge_desktop.shell.keys import KeyMap
from unix_edge_desktop.shell.settings_dialog import SettingsDialog
from unix_edge_desktop.toolkit.privacy_page import PrivacyPage

CONTROLS = {
    QAccessible.Role.Button,
    QAccessible.Role.CheckBox,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.Tree,
    QAccessible.Role.Table,
    QAccessible.Role.List,
    QAccessible.Role.ProgressBar,
    QAccessible.Role.ButtonMenu,
}


def nameless(root: QWidget) -> list[str]:
    """Controls in sight that a screen reader has no name for."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        interface = QAccessible.queryAccessibleInterface(widget)
        own = not widget.objectName().startswith("qt_") and not isinstance(widget.parent(), QComboBox)
        inner = isinstance(widget.parent(), QWidget) and widget.parent().metaObject().className() == "QKeySequenceEdit"
        seen = interface and own and not inner and widget.isVisibleTo(root)
        if seen and interface.role() in CONTROLS and not interface.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def test_every_control_of_the_window_has_a_name(window, open_in, make_file, tmp_path):
    open_in(window, make_file(tmp_path / "image"))
    window.progress.show()
    window.stop.show()
    assert nameless(window) == []


def test_every_control_of_every_dialog_has_a_name(window, make_dialogs):
    for dialog in make_dialogs(window):
        dialog.show()
        assert nameless(dialog) == [], type(dialog).__name__
        dialog.close()


def test_the_check_finds_a_control_without_a_name(window):
    QLineEdit(window).show()
    assert nameless(window) == ["QLineEdit "]


def settle():
    """Let layouts follow: each pass may ask for another."""
    for _ in range(5):
        QApplication.processEvents()


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_is_cut_off_at_any_scale(window, scale, make_dialogs, cut_off):
    window.preferences.set_scale(scale)
    window.resize(1280, 800)
    settle()
    assert cut_off(window) == []
    for dialog in make_dialogs(window):
        dialog.show()
        settle()
        assert cut_off(dialog) == [], type(dialog).__name__
        dialog.close()


def test_controls_and_pictures_grow_with_the_scale_and_images_do_not(window):
    small = window.menus.toolbar.sizeHint().height(), window.studies.search.sizeHint().height()
    canvas = window.grid.active.device_size
    window.preferences.set_scale(200)
    large = window.menus.toolbar.sizeHint().height(), window.studies.search.sizeHint().height()
    assert all(1.6 < new / old < 2.4 for old, new in zip(small, large, strict=True))
    assert window.studies.tree.iconSize().width() == 96
    assert window.grid.active.scale == 1.0 and canvas


def ring(widget: QWidget) -> int:
    """How many pixels at the widget's edges are of the focus's colour."""
    picture = widget.grab().toImage()
    accent = 0x4AA3FF
    edges = [(x, y) for x in range(0, picture.width(), 3) for y in (0, 1, picture.height() - 1)]
    return sum(picture.pixel(x, y) & 0xFFFFFF == accent for x, y in edges)


def test_the_focus_is_seen_wherever_it_is(window):
    for widget in (window.studies.search, window.studies.tree, window.grid.active):
        widget.setFocus()
        QApplication.processEvents()
        with_focus = ring(widget)
        window.setFocus()
        widget.clearFocus()
        QApplication.processEvents()
        assert with_focus > 10 and ring(widget) == 0, widget.accessibleName()


def test_tab_reaches_search_studies_and_image(window):
    window.studies.search.setFocus()
    reached = [window.studies.search]
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached[1:3] == [window.studies.tree, window.grid.active]
    assert window.assistant.report.prompts in reached and reached.count(window.studies.search) >= 2


def test_a_chosen_key_is_used_at_once_and_a_conflict_is_said(window, own_folders):
    dialog = SettingsDialog(window.preferences.settings, window.preferences.keys, window)
    dialog.show()
    assert not dialog.set_keys("invert", ("D",))
    assert 'already belongs to "Length"' in dialog.problem.text()
    row = next(
        at for at in range(dialog.table.topLevelItemCount()) if dialog.table.topLevelItem(at).text(0) == "Invert"
    )
    dialog.table.setCurrentItem(dialog.table.topLevelItem(row))
    dialog.editor.setKeySequence("Ctrl+I")
    dialog._use()
    assert dialog.problem.text() == "" and dialog.table.topLevelItem(row).text(1) == "Ctrl+I"
    assert not dialog.set_mouse("left", "pan") and dialog.mouse["left"].currentData() == "chosen"
    assert dialog.set_mouse("right", "chosen") and dialog.set_mouse("left", "pan")
    dialog.reversed.setChecked(True)
    scale = dialog.findChild(GeneralPage).scale
    scale.setCurrentIndex(scale.findData(150))
    dialog.findChild(PrivacyPage).hide_patient.setChecked(True)
    dialog.accepted.connect(lambda: window.preferences.take(dialog.settings, dialog.keys))
    dialog.accept()
    assert window.menus.actions["invert"].shortcut().toString() == "Ctrl+I"
    pointer = window.grid.active.pointer
    assert pointer.buttons[Qt.MouseButton.LeftButton] == "pan" and pointer.reversed_window
    assert window.preferences.settings.scale == 150 and window.grid.active.hide_patient
    assert "Ctrl+I" in own_folders.keys.read_text("utf-8")


def test_the_sheet_of_keys_is_printed(window, tmp_path):
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "keys.pdf"))
    KeySheet(KeyMap(), window).print_to(printer)
    assert (tmp_path / "keys.pdf").read_bytes().startswith(b"%PDF")
