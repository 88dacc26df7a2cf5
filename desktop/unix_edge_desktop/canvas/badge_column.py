"""Warnings laid on an image, one below the other; they stay whatever text is hidden and wherever the mouse goes."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ..image.badges import Badge
from ..studies.opening import shown
from ..toolkit.sentences import translate_sentence

_LINES_ABOVE = 6
"""Of text in the upper left corner."""
_LEFT = 6
_INSIDE = 6
"""Pixels of a badge left and right of its word."""
_STYLE = (
    "background: rgba(0, 0, 0, 190); color: #ffb454; border: 1px solid #ffb454; border-radius: 3px; padding: 1px 5px;"
)


class BadgeColumn(QWidget):
    """Words whose sentences are in their tooltips and read by a screen reader; the mouse works through them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self.badges: tuple[Badge, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self.hide()

    @property
    def labels(self) -> list[QLabel]:
        """Those that are seen."""
        return self.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def show_badges(self, badges: Sequence[Badge]) -> None:
        """Show these, or none."""
        if self.badges == tuple(badges):
            return
        self.badges = tuple(badges)
        for label in self.labels:
            self._column.removeWidget(label)
            label.setParent(None)
            label.deleteLater()
        for badge in self.badges:
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setStyleSheet(_STYLE)
            sentence = shown(translate_sentence(badge.sentence))
            label.setToolTip(sentence)
            label.setAccessibleName(f"{badge.word}: {sentence}")
            self._column.addWidget(label, alignment=Qt.AlignmentFlag.AlignLeft)
        self.setVisible(bool(self.badges))
        self.arrange()

    def arrange(self) -> None:
        """Lie within the image's view: a word that has no room ends in dots, and the column begins higher."""
        view = self._view
        for label, badge in zip(self.labels, self.badges, strict=True):
            most = view.width() - 2 * (_LEFT + _INSIDE)
            label.setText(label.fontMetrics().elidedText(badge.word, Qt.TextElideMode.ElideRight, most))
        self.adjustSize()
        below = self.fontMetrics().lineSpacing() * _LINES_ABOVE + 8
        self.move(_LEFT, max(0, min(below, view.height() - self.height())))
