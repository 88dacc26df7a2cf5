"""What a person can do in the window: every action by menu, key and button, and all of it without a mouse."""

from itertools import combinations as pairs

from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from unix_edge_desktop.canvas.actions import PRESETS
from unix_edge_desktop.shell.actions import ACTIONS, ALL
from unix_edge_desktop.shell.help_dialogs import KeySheet
from unix_edge_desktop.toolkit.action import Menu, Scope
from unix_edge_desktop.toolkit.icons import SIDE, make_icon

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def test_every_action_is_in_its_menu_and_those_of_the_toolbar_have_icons_names_and_keys(window):
    for menu in Menu:
        listed = [each.objectName() for each in window.menus.menus[menu].actions() if each.objectName()]
        assert listed == [each.id for each in ACTIONS if each.menu is menu]
    assert [each.objectName() for each in window.menus.presets.actions()] == [each.id for each in PRESETS]
    toolbars = (window.menus.toolbar, window.menus.tools)
    shown = [each for toolbar in toolbars for each in toolbar.actions() if not each.isSeparator()]
    of_tools = (Menu.ADJUST, Menu.MEASURE)
    pictured = sorted((each for each in ACTIONS if each.icon), key=lambda each: each.menu in of_tools)
    assert [each.objectName() for each in shown] == [each.id for each in pictured]
    for action in shown:
        assert not action.icon().isNull(), action.objectName()
        for key in ALL[action.objectName()].keys:
            assert key in action.toolTip() or key in ("Ctrl+Return", "Ctrl+Shift+Z")


def test_the_sheet_of_keys_and_the_tooltips_follow_a_change_of_keys(window):
    window.preferences.set_keys(window.preferences.keys.with_keys("invert", ("Ctrl+9",)).with_mouse("middle", "zoom"))
    assert window.menus.actions["invert"].toolTip() == "Invert (Ctrl+9)"
    text = KeySheet(window.preferences.keys, window).page.toPlainText()
    assert "Ctrl+9" in text and "Length" in text and "Middle drag\nZoom" in text
    for action in ALL.values():
        if window.preferences.keys.keys(action.id):
            assert action.text in text
    assert window.grid.active.pointer.buttons[Qt.MouseButton.MiddleButton] == "zoom"


def test_single_letters_are_text_in_a_field_and_actions_on_the_image(window, open_in, study, press):
    open_in(window, study)
    press(window, Key.Key_F, Modifier.ControlModifier)
    assert QApplication.focusWidget() is window.studies.search
    before = window.grid.active.window_state
    QTest.keyClicks(window.studies.search, "id 4")
    assert window.studies.search.text() == "id 4"
    assert window.grid.active.window_state is before and window.grid.active.tool == "window"
    window.grid.active.setFocus()
    press(window, Key.Key_I)
    assert window.grid.active.window_state.inverted
    press(window, Key.Key_D)
    assert window.grid.active.tool == "length" and window.menus.actions["tool_length"].isChecked()
    press(window, Key.Key_Escape)
    assert window.grid.active.tool == "window" and window.menus.actions["tool_window"].isChecked()


def test_undo_redo_and_delete_are_grey_where_there_is_nothing_to_undo_redo_or_delete(
    window, open_in, idle, study, press, mouse_drag
):
    toolbar = window.menus.toolbar
    buttons = [toolbar.widgetForAction(window.menus.actions[id]) for id in ("undo", "redo", "delete")]

    def able():
        return [each.isVisible() and each.isEnabled() for each in buttons]

    assert able() == [False, False, False]
    open_in(window, study)
    canvas = window.grid.active
    assert able() == [False, False, False]
    press(window, Key.Key_D)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert able() == [True, False, False]
    press(window, Key.Key_Z, Modifier.ControlModifier)
    assert able() == [False, False, False] and canvas.pending is None
    mouse_drag(canvas, Qt.MouseButton.LeftButton, (60, 60), (120, 90))
    assert able() == [True, False, True]
    buttons[2].click()
    assert canvas.measurements == () and able() == [True, False, False]
    buttons[0].click()
    buttons[0].click()
    assert canvas.measurements == () and able() == [False, True, False]
    buttons[1].click()
    assert len(canvas.measurements) == 1 and able() == [True, True, False]
    press(window, Key.Key_N)
    assert able() == [True, True, True]
    window.preferences.set_layout("1x2")
    window.grid.next_view()
    assert able() == [False, False, False]
    window.grid.next_view()
    window.desk.turn_series(1)
    idle(window)
    assert able() == [False, False, False]


def test_no_two_icons_of_the_toolbar_look_alike(window):
    def ink(path):
        """Where an icon is drawn."""
        picture = make_icon(path).pixmap(QSize(SIDE, SIDE), 1.0).toImage()
        return {(x, y) for x in range(SIDE) for y in range(SIDE) if picture.pixelColor(x, y).alpha() > 100}

    inks = {each.id: ink(each.icon) for each in ACTIONS if each.icon and each.group != "layout"}
    alike = {pair: len(inks[pair[0]] & inks[pair[1]]) / len(inks[pair[0]] | inks[pair[1]]) for pair in pairs(inks, 2)}
    assert {pair for pair, share in alike.items() if share > 0.55} == set()


def test_every_action_of_an_image_can_be_done_with_and_without_one(window, open_in, study):
    modal = {"calibrate"}
    for opened in (False, True):
        if opened:
            open_in(window, study)
        for action in (*ACTIONS, *PRESETS):
            if action.scope is Scope.IMAGE and action.id not in modal:
                window.menus.actions[action.id].trigger()
    QApplication.processEvents()
