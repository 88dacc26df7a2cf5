"""What is written can be read: the contrast of every pair of colours, at every scale, with the focus in sight."""

import re

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSpinBox,
    QToolButton,
)

from unix_edge_desktop.output.export_dialogs import PictureDialog
from unix_edge_desktop.shell.monitors import MonitorDialog
from unix_edge_desktop.toolkit.theme import COLOURS, FONT_POINTS, PAIRS, style_sheet


def luminance(colour: str) -> float:
    def linear(share):
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_greatest_contrast_there_is():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_has_a_contrast_of_at_least_4_5(ink, ground):
    assert contrast(getattr(COLOURS, ink), getattr(COLOURS, ground)) >= 4.5


@pytest.mark.parametrize("ground", ["ground", "raised", "field"])
def test_the_ring_of_the_focus_has_a_contrast_of_at_least_3(ground):
    assert contrast(COLOURS.accent, getattr(COLOURS, ground)) >= 3
    assert contrast(COLOURS.accent, COLOURS.edge) >= 3


def test_every_ink_and_every_ground_of_the_style_sheet_is_among_the_pairs():
    sheet = style_sheet()
    names = {getattr(COLOURS, name): name for name in COLOURS.__slots__}
    inks = {names[each] for each in re.findall(r"[^-]color: (#\w+)", sheet)} - {"disabled"}
    grounds = {names[each] for each in re.findall(r"background(?:-color)?: (#\w+)", sheet)}
    assert inks | {"own"} == {ink for ink, _ in PAIRS}  # which marks words within a field
    # An edge is the handle of a scroll bar, the accent a line between panels: nothing is written on them.
    assert grounds - {"edge", "accent"} == {ground for _, ground in PAIRS}


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_text_and_lengths_follow_the_scale(scale):
    sheet = style_sheet(scale)
    assert f"font-size: {FONT_POINTS * scale / 100:g}pt" in sheet
    assert f"min-height: {round(14 * scale / 100)}px" in sheet


def clearest(widget, area):
    """The contrast of what is drawn most clearly within a part of a widget, to what it is drawn on."""
    picture = widget.grab(area).toImage()
    colours = [picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())]
    ground = max(set(colours), key=colours.count)
    return max(contrast(each, ground) for each in set(colours))


def part(widget, option, control, part):
    widget.initStyleOption(option)
    found = widget.style().subControlRect(control, option, part, widget)
    return found.adjusted(3, 1, -4, -1)  # without the field's own edge


@pytest.mark.parametrize("scale", [100, 200])
def test_the_arrows_of_fields_and_dialogs_are_seen(window, qtbot, scale):
    window.preferences.set_scale(scale)
    files = QFileDialog(window)
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    files.setDirectory("/")
    files.setDirectory("/usr")
    spinner, box = MonitorDialog(window), QComboBox(window)
    for each in (files, spinner, box):
        qtbot.addWidget(each)
        each.show()
    QApplication.processEvents()
    field, control = spinner.findChild(QAbstractSpinBox), QStyle.ComplexControl.CC_SpinBox
    for arrow in (QStyle.SubControl.SC_SpinBoxUp, QStyle.SubControl.SC_SpinBoxDown):
        assert clearest(field, part(field, QStyleOptionSpinBox(), control, arrow)) >= 3
    arrow = part(box, QStyleOptionComboBox(), QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxArrow)
    assert clearest(box, arrow) >= 3
    buttons = [files.findChild(QToolButton, name) for name in ("backButton", "toParentButton")]
    for button in buttons:
        assert button.isEnabled() and clearest(button, button.rect().adjusted(3, 3, -3, -3)) >= 3, button.objectName()


@pytest.mark.parametrize("scale", [100, 200])
def test_every_tool_is_reached_in_a_window_of_1024_by_700(window, qtbot, scale):
    window.preferences.set_scale(scale)
    window.resize(1024, 700)
    qtbot.wait(50)
    assert window.width() == 1024
    for toolbar in (window.menus.toolbar, window.menus.tools):
        buttons = [toolbar.widgetForAction(each) for each in toolbar.actions() if not each.isSeparator()]
        hidden = [each for each in buttons if not each.isVisible()]
        more = toolbar.findChild(QToolButton, "qt_toolbar_ext_button")
        assert more.isVisible() is bool(hidden) and (scale == 200 or not hidden)
        if hidden:
            assert clearest(more, more.rect().adjusted(3, 3, -3, -3)) >= 3
            assert toolbar.rect().contains(QRect(more.mapTo(toolbar, QPoint()), more.size()))
            QTest.mouseClick(more, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda hidden=hidden: all(each.isVisible() for each in hidden))


def test_the_buttons_of_a_panel_are_seen_and_no_line_beside_its_tabs_outshines_what_is_written(window, qtbot):
    dock = window.assistant
    qtbot.waitUntil(dock.isVisible)
    for name in ("qt_dockwidget_closebutton", "qt_dockwidget_floatbutton"):
        button = dock.findChild(QAbstractButton, name)
        assert clearest(button, button.rect()) >= 3, name
    tabs = dock.tabs
    bar = tabs.tabBar().geometry()
    last = tabs.tabBar().tabRect(tabs.count() - 1).right()
    beside = QRect(last + 8, bar.top(), tabs.width() - last - 16, bar.height())
    assert clearest(tabs, beside) < 2


def test_a_box_that_cannot_be_ticked_looks_so(window, qtbot):
    dialog = PictureDialog("View", {"save": "Save"}, "", window)
    qtbot.addWidget(dialog)
    dialog.show()
    bright = clearest(dialog.words, dialog.words.rect())
    dialog.patient.click()
    assert not dialog.words.isEnabled() and clearest(dialog.words, dialog.words.rect()) < bright / 1.5
