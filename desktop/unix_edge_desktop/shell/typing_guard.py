"""While a reader types in a field, keys are for the field: none acts on an image that nobody looks at."""

import re

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QKeySequenceEdit,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from ..assistant.actions import ASSISTANT
from .menus import Menus

FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QKeySequenceEdit)
STAY = frozenset(
    {
        "search",
        "open_files",
        "open_folder",
        "settings",
        "switch_panel",
        "next_view",
        "quit",
        *(each.id for each in ASSISTANT if each.keys),
    }
)
"""Actions whose keys count in a field, too: they go elsewhere, and do nothing to an image."""
_FUNCTION_KEY = re.compile(r"F[0-9]{1,2}", re.ASCII)


class TypingGuard(QObject):
    """Keeps the window's keys from acting while the caret is in a field; function keys count everywhere."""

    def __init__(self, window: QMainWindow, menus: Menus) -> None:
        super().__init__(window)
        self._menus = menus
        self._window = window
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Give a key to the field before the window's shortcuts are asked; one that the field would write is lost."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if not self._is_ours(watched) or not is_field(watched) or not self._belongs_to_image(event):
            return False
        if kind is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        # Alt with a digit would be written as the digit.
        return event.modifiers() == Qt.KeyboardModifier.AltModifier

    def _is_ours(self, widget: QWidget) -> bool:
        """Return whether the window's keys count where a widget is: in the window, and in a panel that floats."""
        window = widget.window()
        return window is self._window or (isinstance(window, QDockWidget) and window.parentWidget() is self._window)

    def _belongs_to_image(self, event: QKeyEvent) -> bool:
        """Return whether a key would have an action done that is not for here."""
        pressed = QKeySequence(event.keyCombination())
        for id, action in self._menus.actions.items():
            if pressed in action.shortcuts():
                return id not in STAY and not _FUNCTION_KEY.fullmatch(pressed.toString())
        return False


def is_field(widget: QWidget) -> bool:
    """Return whether text is typed in a widget, though it may be closed just now, as that of a film without a draft."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, FIELDS) and not isinstance(widget, QTextBrowser)
