"""A line on an image in which the reader types the words of an arrow."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ..image.measuring import MOST_WORDS, Measurement
from .image_view import ImageView

_WIDTH = 28
"""Letters that there is room for at least."""


class WordsField(QLineEdit):
    """Takes words until Enter, or until the reader goes elsewhere; Esc gives them up.

    Signals:
        typed: The `Measurement` with its words, which of those of the image it is, None of one that is new, and what it
            was.
        given_up: Nothing is to be changed.
        ended: Either of them is about to be said.
    """

    typed = Signal(object, object, object)
    given_up = Signal()
    ended = Signal()

    def __init__(self, view: ImageView) -> None:
        super().__init__(view)
        self._view = view
        self._of: tuple[Measurement, int | None] | None = None
        self.setMaxLength(MOST_WORDS)
        self.setPlaceholderText(self.tr("Text, or nothing"))
        self.setAccessibleName(self.tr("Text of the arrow"))
        self.textChanged.connect(self._fit)
        self.hide()

    def ask(self, measurement: Measurement, index: int | None) -> None:
        """Show what is written at a measurement, to be changed."""
        self._of = measurement, index
        self.setText(measurement.words)
        self.selectAll()
        self._fit()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stay_beside(self) -> None:
        """Stand at the end of the arrow, however the image lies, or as near as it is seen whole."""
        if self._of is None:
            return
        measurement, _ = self._of
        x, y = self._view.to_widget(measurement.label(0) or measurement.points[-1])
        room = self._view.size() - self.size()
        self.move(
            min(max(round(x), 0), max(room.width(), 0)),
            min(max(round(y) - self.height() // 2, 0), max(room.height(), 0)),
        )

    def finish(self) -> None:
        """Take what was typed, as after Enter."""
        if (of := self._end()) is not None:
            measurement, index = of
            self.typed.emit(measurement.with_words(" ".join(self.text().split())), index, measurement)

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

    def _fit(self) -> None:
        """Show all that is typed, as far as the view is wide."""
        metrics = self.fontMetrics()
        around = self.sizeHint().width() - 17 * metrics.horizontalAdvance("x")  # Qt asks for 17 letters and these
        needed = max(metrics.averageCharWidth() * _WIDTH, metrics.horizontalAdvance(self.text()) + around)
        self.resize(min(needed, self._view.width()), self.sizeHint().height())
        self.stay_beside()

    def _end(self) -> tuple[Measurement, int | None] | None:
        """Be gone, and give the keys back to the image where they were here; return what it was about, if anything."""
        of, self._of = self._of, None
        if of is None:
            return None
        if self.hasFocus():
            self._view.setFocus()
        self.hide()
        self.ended.emit()
        return of
