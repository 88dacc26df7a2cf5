"""Menus, toolbar and keys, made from the table of actions."""

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton, QWidget

from ..canvas.actions import PRESETS
from ..toolkit.action import Action, Menu, Scope
from ..toolkit.icons import SIDE, make_icon
from ..words.translated import QT_TRANSLATE_NOOP
from .actions import ACTIONS, ALL
from .help_dialogs import action_text, key_text
from .keys import KeyMap


class Menus:
    """The `QAction` of every action, in menus and toolbar; those of an image count only within `images`."""

    def __init__(self, window: QMainWindow, images: QWidget) -> None:
        self.actions: dict[str, QAction] = {}
        self.menus: dict[Menu, QMenu] = {}
        self.toolbar = _make_toolbar(window, "toolbar", _translate(QT_TRANSLATE_NOOP("Actions", "Toolbar")))
        self.tools = _make_toolbar(window, "tools", _translate(QT_TRANSLATE_NOOP("Actions", "Tools")))
        self._groups: dict[str, QActionGroup] = {}
        self.presets = QMenu(_translate(QT_TRANSLATE_NOOP("Actions", "Window presets")), window)
        for menu in Menu:
            text = _translate(menu.value)
            self.menus[menu] = window.menuBar().addMenu(text)
            self.menus[menu].setToolTipsVisible(False)
        for action in (*ACTIONS, *PRESETS):
            self._add(action, window, images)
        self.menus[Menu.ADJUST].insertMenu(self.actions["auto_window"], self.presets)
        for toolbar in (self.toolbar, self.tools):
            window.addToolBar(toolbar)
        self._window = window

    def arrange(self) -> None:
        """Put the tools into a row of their own where one row has no room for all."""
        needed = self.toolbar.sizeHint().width() + self.tools.sizeHint().width()
        broken = self._window.toolBarBreak(self.tools)
        if needed > self._window.width() and not broken:
            self._window.insertToolBarBreak(self.tools)
        elif needed <= self._window.width() and broken:
            self._window.removeToolBarBreak(self.tools)

    def context_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of a right click on an image: what there is for images and measuring."""
        menu = QMenu(parent)
        menu.addMenu(self.presets)
        for id in ("auto_window", "invert", "fit", "one_to_one", "reset"):
            menu.addAction(self.actions[id])
        menu.addSeparator()
        menu.addMenu(self.menus[Menu.MEASURE])
        asked = ("delete", "text", "hide_patient", "compare_prior", "older_prior", "newer_prior", "close_image")
        for id in (*asked, "full_screen"):
            menu.addAction(self.actions[id])
        return menu

    def set_keys(self, keys: KeyMap) -> None:
        """Give each action its keys, and say them in its tooltip."""
        for action in (*ACTIONS, *PRESETS):
            own, shown = keys.keys(action.id), self.actions[action.id]
            shown.setShortcuts([QKeySequence(each) for each in own])
            text = action_text(action).removesuffix("...")
            shown.setToolTip(f"{text} ({key_text(own)})" if own else text)

    def set_scale(self, scale: int) -> None:
        """Draw the icons so large, in percent."""
        side = round(SIDE * scale / 100)
        for toolbar in (self.toolbar, self.tools):
            toolbar.setIconSize(QSize(side, side))
        for id, action in self.actions.items():
            action.setIcon(make_icon(ALL[id].icon, scale))

    def _add(self, action: Action, window: QMainWindow, images: QWidget) -> None:
        made = QAction(action_text(action), window)
        made.setObjectName(action.id)
        made.setCheckable(action.checkable)
        made.setIconVisibleInMenu(False)
        if action.scope is Scope.IMAGE:
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        (images if action.scope is Scope.IMAGE else window).addAction(made)
        if action.group:
            if action.group not in self._groups:
                self._groups[action.group] = QActionGroup(window)
            self._groups[action.group].addAction(made)
        menu = self.presets if action in PRESETS else self.menus[action.menu]
        if action.separated:
            menu.addSeparator()
        menu.addAction(made)
        if action.icon:
            toolbar = self.tools if action.menu in (Menu.ADJUST, Menu.MEASURE) else self.toolbar
            if action.separated:
                toolbar.addSeparator()
            toolbar.addAction(made)
            button = toolbar.widgetForAction(made)
            assert isinstance(button, QToolButton)
            button.setAccessibleName(action_text(action).removesuffix("..."))
        self.actions[action.id] = made


def _make_toolbar(window: QMainWindow, name: str, text: str) -> QToolBar:
    toolbar = QToolBar(text, window)
    toolbar.setObjectName(name)
    toolbar.setAccessibleName(text)
    toolbar.setMovable(False)
    return toolbar


def _translate(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
