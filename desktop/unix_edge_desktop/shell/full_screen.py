"""The films alone on a screen, and all as it was when they no longer are."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QToolBar, QWidget

from ..canvas.canvas_grid import CanvasGrid
from ..studies.opening import shown

SEEN_FOR = 4000
"""Milliseconds for which something is said over the films."""
_SETTLES = 1000
"""Milliseconds within which a window manager gives a window its size back."""
_STYLE = "background: rgba(0, 0, 0, 200); color: #ffffff; border: 1px solid #a3aab2; padding: 6px 12px;"


class Caption(QLabel):
    """A sentence over the films, for a moment; the mouse works through it."""

    def __init__(self, films: QWidget) -> None:
        super().__init__(films)
        self._films = films
        self.setObjectName("caption")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setStyleSheet(_STYLE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True, interval=SEEN_FOR)
        self._timer.timeout.connect(self.hide)
        films.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Say something."""
        self.setText(shown(text))
        self.setAccessibleName(self.text())
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Stay in the middle of what grows."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        room = self._films.width()
        width = min(self.fontMetrics().horizontalAdvance(self.text()) + 30, room * 3 // 4)
        self.resize(width, self.heightForWidth(width))
        self.move((room - width) // 2, self._films.height() // 8)


@dataclass(frozen=True, slots=True)
class _Left:
    """How all was left when the screen was filled."""

    window: QWidget
    """The one whose films fill it."""
    geometry: QByteArray
    panels: QByteArray
    """Of the main window."""
    state: Qt.WindowState
    hidden: list[QWidget]


class FullScreen(QObject):
    """Fills the screen with the films of the window; whatever else it shows comes back as it was left."""

    def __init__(self, window: QMainWindow, grid: CanvasGrid, set_checked: Callable[[bool], object]) -> None:
        """Know the window.

        Args:
            window: Whose films they are.
            grid: The films.
            set_checked: Told whether the films fill the screen.
        """
        super().__init__(window)
        self._window, self._grid, self._set_checked = window, grid, set_checked
        self.caption = Caption(grid)
        self._left: _Left | None = None
        """While the screen is filled."""
        self._panels: QByteArray | None = None
        """How the panels are to be, while the window gets its size back."""
        self.watch(window)

    def watch(self, window: QWidget) -> None:
        """Know another window that the films may be in."""
        window.installEventFilter(self)

    @property
    def is_on(self) -> bool:
        """Whether the films fill the screen."""
        return self._left is not None

    def geometry_of(self, window: QWidget) -> QByteArray:
        """Return the geometry of a window, as it is when the films do not fill the screen."""
        left = self._left
        return left.geometry if left is not None and left.window is window else window.saveGeometry()

    def panels(self) -> QByteArray:
        """Return how the panels of the main window are, when the films do not fill the screen."""
        return self._window.saveState() if self._left is None else self._left.panels

    def enter(self, way_back: str) -> None:
        """Fill the screen, and say for a moment how to leave."""
        if self._left is not None:
            return
        window = self._grid.window()
        around = self._others() if window is self._window else []
        hidden = [each for each in around if not each.isHidden()]
        panels = self._window.saveState()
        self._left = _Left(window, window.saveGeometry(), panels, window.windowState(), hidden)
        self._grid.focus_active()
        for each in hidden:
            each.hide()
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        self._set_checked(True)
        self.caption.say(way_back)

    def leave(self) -> bool:
        """Let all be as it was; return whether the films filled the screen."""
        if self._left is None:
            return False
        left, self._left = self._left, None
        self.caption.hide()
        for each in left.hidden:
            each.show()
        left.window.setWindowState(left.state & ~Qt.WindowState.WindowFullScreen)
        self._set_checked(False)
        if left.window is self._window:
            self._panels = left.panels
            self._restore_panels()
            QTimer.singleShot(_SETTLES, self, self._forget_panels)
        return True

    def say(self, text: str) -> None:
        """Say over the films what is otherwise said below them."""
        if self._left is not None and text:
            self.caption.say(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Follow a window manager that takes the window out of full screen, and give panels their size."""
        if event.type() is QEvent.Type.WindowStateChange and self._left is not None:
            filled = self._left.window
            if watched is filled and not filled.isFullScreen() and not filled.isMinimized():
                self.leave()
        elif event.type() is QEvent.Type.Resize and watched is self._window and self._panels is not None:
            QTimer.singleShot(0, self, self._restore_panels)
        return False

    def _restore_panels(self) -> None:
        if self._panels is not None:
            self._window.restoreState(self._panels)

    def _forget_panels(self) -> None:
        self._panels = None

    def _others(self) -> list[QWidget]:
        """Return what else the window shows; a panel that floats on another monitor takes no film its place."""
        window = self._window
        docks = [each for each in window.findChildren(QDockWidget) if each.screen() == window.screen()]
        toolbars = window.findChildren(QToolBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [window.menuBar(), window.statusBar(), *toolbars, *docks]
