"""What an empty window shows: the ways in, until something is open."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ..canvas.canvas_grid import CanvasGrid

_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Way(QPushButton):
    """A button whose keys are its own, though it lies where Space and others are an image's."""

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the window's shortcuts."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _PRESSES:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's
        """Take Enter as well as Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Welcome(QScrollArea):
    """Covers the views that show nothing yet; its buttons do what actions of the menus do."""

    def __init__(self, grid: CanvasGrid, ways: Sequence[tuple[QAction, str]]) -> None:
        """Show what there is in `ways`: each an action, and what it is for."""
        super().__init__(grid)
        self.setObjectName("welcome")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Ways to begin"))
        self._grid = grid
        self.buttons = {action.objectName(): _Way() for action, _ in ways}
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        title = QLabel(self.tr("Nothing is open"))
        title.setObjectName("heading")
        column.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._line(self.tr("Drop files or folders anywhere in this window, or")))
        for action, purpose in ways:
            button = self.buttons[action.objectName()]
            button.clicked.connect(action.trigger)
            action.changed.connect(lambda action=action: self._write(action))
            self._write(action)
            column.addSpacing(self.fontMetrics().height() // 2)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(self._line(purpose))
        column.addStretch(2)
        self.setWidget(page)
        grid.installEventFilter(self)
        self.setGeometry(grid.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Stay as large as the views."""
        if watched is self._grid and event.type() is QEvent.Type.Resize:
            self.setGeometry(self._grid.rect())
        return super().eventFilter(watched, event)

    def _write(self, action: QAction) -> None:
        """Say what a button does, and by which key that is done, too."""
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.buttons[action.objectName()].setText(f"{action.text()}    {key}".strip())

    def _line(self, text: str) -> QLabel:
        line = QLabel(text)
        line.setObjectName("quiet")
        line.setWordWrap(True)
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return line
