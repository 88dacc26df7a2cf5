"""A field for one section of a report, in which a machine and a person write at the same time."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from ..drafts.section_text import Edit, Range, Source
from ..drafts.utf16 import from_utf16, to_utf16
from ..toolkit.theme import COLOURS

_LINES = 5


class SectionField(QPlainTextEdit):
    """Shows a section's text; what it is told is not what a person did, and the other way round.

    Signals:
        edited: A person changed it: a position, how many characters went, and what came, as Python counts them.
        undo_wanted: The last step is to be taken back; the text's own steps are kept elsewhere.
        redo_wanted: It is to be done again.
        focused: The caret is here now.
        stop_wanted: Escape: the machine is to end here.
        entered: Ctrl+Enter: the text is done.
    """

    edited = Signal(int, int, str)
    undo_wanted = Signal()
    redo_wanted = Signal()
    focused = Signal()
    stop_wanted = Signal()
    entered = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setObjectName("report")
        self._text = ""
        """What it shows, as it was last known."""
        self._is_told = False
        self.document().contentsChange.connect(self._on_change)

    @property
    def text(self) -> str:
        """What it shows."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._is_told = True
        self.setPlainText(text)
        self._is_told = False
        self._text = text

    def apply(self, edit: Edit) -> None:
        """Do an edit that is not a person's: caret, selection and scrolling stay where they were."""
        bar = self.verticalScrollBar()
        at, follows = bar.value(), bar.value() == bar.maximum() and not self.hasFocus()
        start = to_utf16(self._text, edit.position)
        length = to_utf16(edit.removed, len(edit.removed))
        caret = self.textCursor()
        anchor, position = (
            _moved(place, start, length, len(edit.added.encode("utf-16-le")) // 2)
            for place in (caret.anchor(), caret.position())
        )
        self._is_told = True
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(edit.added)
        self._is_told = False
        self._text = self._text[: edit.position] + edit.added + self._text[edit.position + len(edit.removed) :]
        caret.setPosition(anchor)
        caret.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(caret)
        bar.setValue(bar.maximum() if follows else at)

    def mark(self, ranges: Sequence[Range], warned: Sequence[tuple[int, int]]) -> None:
        """Show who wrote what, and what is warned of, without changing the text."""
        marks = []
        for each in ranges:
            if each.source is Source.PERSON:
                marks.append(self._mark(each.start, each.end, is_warned=False))
        marks += [self._mark(start, end, is_warned=True) for start, end in warned]
        self.setExtraSelections(marks)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's
        """Want no more room than a few lines; what else there is is given."""
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * _LINES)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's
        """Say that words are typed here from now on."""
        super().focusInEvent(event)
        self.focused.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Take undo and redo; everything else is text."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo) or _is_ctrl_y(event):
            self.redo_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop_wanted.emit()
        elif event.key() == Qt.Key.Key_Return and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _mark(self, start: int, end: int, *, is_warned: bool) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(to_utf16(self._text, start))
        cursor.setPosition(to_utf16(self._text, end), QTextCursor.MoveMode.KeepAnchor)
        looks = QTextCharFormat()
        if is_warned:
            looks.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            looks.setUnderlineColor(QColor(COLOURS.warning))
        else:
            looks.setForeground(QColor(COLOURS.own))
        selection.cursor, selection.format = cursor, looks
        return selection

    def _on_change(self, at: int, removed: int, added: int) -> None:
        """Find what a person did; Qt counts units, and at times more of them than have changed."""
        if self._is_told:
            return
        before, after = self._text, _plain(self.toPlainText())
        if before == after:
            return
        # The same letter can have been typed at several places: it was at Qt's.
        start = min(_common(before, after), from_utf16(before, at))
        end = _common(before[start:][::-1], after[start:][::-1])
        gone, come = before[start : len(before) - end], after[start : len(after) - end]
        alike = _common(gone, come) if gone and come else 0
        self._text = after
        self.edited.emit(start + alike, len(gone) - alike, come[alike:])


def _plain(text: str) -> str:
    return text.replace("\N{PARAGRAPH SEPARATOR}", "\n").replace("\N{LINE SEPARATOR}", "\n")


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):  # as far as the shorter goes
        if left != right:
            return at
    return min(len(one), len(other))


def _moved(place: int, start: int, removed: int, added: int) -> int:
    """Return where a place is after an edit; one at the edit's own beginning stays before it."""
    if place <= start:
        return place
    return start + added if place < start + removed else place + added - removed


def _is_ctrl_y(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
