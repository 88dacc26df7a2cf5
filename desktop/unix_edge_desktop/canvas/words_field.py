"""A line on an image in which the reader types the words of an arrow."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ..image.measuring import MOST_WORDS
from ..image.viewport import Point

_WIDTH = 28
"""Letters that are seen at once."""


class WordsField(QLineEdit):
    """Takes words until Enter, or until the reader goes elsewhere; Esc gives them up.

    Signals:
        typed: The words, which may be none.
        given_up: Nothing is to be changed.
    """

    typed = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(MOST_WORDS)
        self.setPlaceholderText(self.tr("Text, or nothing"))
        self.setAccessibleName(self.tr("Text of the arrow"))
        self.hide()

    def ask(self, words: str, at: Point) -> None:
        """Show what there is, at a place of the view, to be changed."""
        self.setText(words)
        self.selectAll()
        self.resize(self.fontMetrics().averageCharWidth() * _WIDTH, self.sizeHint().height())
        self.stand_at(at)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stand_at(self, at: Point) -> None:
        """Go to a place of the view, or as near as it is seen whole."""
        view = self.parentWidget()
        assert view is not None
        across = min(max(round(at[0]), 0), max(view.width() - self.width(), 0))
        self.move(across, min(max(round(at[1]) - self.height() // 2, 0), max(view.height() - self.height(), 0)))

    def finish(self) -> None:
        """Take what was typed, as after Enter."""
        if not self.isHidden():
            self._end()
            self.typed.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Take Enter and Esc; nothing of what is typed reaches the image."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif event.key() == Qt.Key.Key_Escape:
            self._end()
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Take what was typed when the reader goes on, but not for a menu or another window."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.finish()

    def _end(self) -> None:
        """Be gone, and give the keys back to the image where they were here."""
        view = self.parentWidget()
        if self.hasFocus() and view is not None:
            self.hide()
            view.setFocus()
        self.hide()
