"""Where the films are: in the window, or in one of their own, as on a second monitor."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QMoveEvent,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ..canvas.canvas_grid import CanvasGrid
from ..storage.settings import Settings
from .full_screen import FullScreen
from .monitors import name_monitor


class FilmWindow(QWidget):
    """A window of films alone; what is dropped on it and by which keys it is read are the main window's.

    Signals:
        closing: The person closes it.
        moved: It is elsewhere, or of another size.
    """

    closing = Signal()
    moved = Signal()

    def __init__(self, window: QMainWindow, drop: Callable[[QDropEvent, QWidget], object]) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self._window, self._drop = window, drop
        self.setObjectName("films")
        self.setWindowTitle(self.tr("Films"))
        self.setAcceptDrops(True)
        self.addActions(window.actions())
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's
        """Take what the main window takes."""
        self._window.dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's
        """Hand it over."""
        self._drop(event, self)

    def moveEvent(self, event: QMoveEvent) -> None:  # noqa: N802 - Qt's
        """Tell it."""
        super().moveEvent(event)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's
        """Tell it."""
        super().resizeEvent(event)
        self.moved.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's
        """Let the films go back first."""
        self.closing.emit()
        super().closeEvent(event)


class Films(QObject):
    """Moves the films between the main window and one of their own.

    Signals:
        moved: They are elsewhere, or their window is.
        came_back: They are in the main window again.
    """

    moved = Signal()
    came_back = Signal()

    def __init__(
        self,
        window: QMainWindow,
        grid: CanvasGrid,
        full_screen: FullScreen,
        drop: Callable[[QDropEvent, QWidget], object],
        set_checked: Callable[[bool], object],
    ) -> None:
        """Know the window.

        Args:
            window: The main window, which takes `place`.
            grid: The films.
            full_screen: Left before they move.
            drop: Takes what is dropped on their own window, and that window.
            set_checked: Told whether they have a window of their own.
        """
        super().__init__(window)
        self._window, self._grid, self._full_screen = window, grid, full_screen
        self._drop, self._set_checked = drop, set_checked
        self.place = QStackedWidget()
        """Where the films are in the main window, or a word on where they are."""
        self.place.addWidget(grid)
        self.place.addWidget(self._make_note())
        self._own: FilmWindow | None = None
        self._wanted = False
        """Whether the person wants them there, be its monitor there or not."""
        self._geometry, self._screen = "", ""
        """Of their own window and of its monitor, as they were last."""
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenRemoved.connect(self._on_screen_removed)
        application.screenAdded.connect(self._on_screen_added)

    @property
    def own_window(self) -> FilmWindow | None:
        """The window of their own, while they are there."""
        return self._own

    def set_apart(self, *, apart: bool) -> None:
        """Give the films a window of their own, as it was left, or bring them back."""
        self._wanted = apart
        if not apart:
            self._bring_back()
        elif self._own is None:
            self._move_out()
            self._grid.focus_active()

    def restore(self, settings: Settings) -> None:
        """Give them their own window again where it was open and its monitor is still there."""
        self._wanted = settings.films_apart
        self._geometry, self._screen = settings.films_geometry, settings.films_screen
        self._on_screen_added()

    def describe(self, settings: Settings) -> Settings:
        """Return settings with where the films are."""
        self._note_place()
        return replace(settings, films_apart=self._wanted, films_geometry=self._geometry, films_screen=self._screen)

    def close(self) -> None:
        """Show their own window no longer, as the main one is closed."""
        if self._own is not None:
            self._own.hide()

    def _note_place(self) -> None:
        if self._own is not None:
            self._geometry = bytes(self._full_screen.geometry_of(self._own).toBase64().data()).decode()
            self._screen = name_monitor(self._own.screen())

    def _bring_back(self) -> None:
        """Show the films in the main window, and close their own."""
        own = self._own
        if own is None:
            return
        self._note_place()
        self._full_screen.leave()
        self._own = None
        focused = own.isActiveWindow()
        self.place.insertWidget(0, self._grid)
        self.place.setCurrentIndex(0)
        own.hide()
        own.deleteLater()
        self._set_checked(False)
        if focused:
            self._window.activateWindow()
            self._grid.active.setFocus(Qt.FocusReason.OtherFocusReason)
        self.came_back.emit()
        self.moved.emit()

    def _move_out(self) -> None:
        self._full_screen.leave()
        size = self._grid.size()
        own = self._own = FilmWindow(self._window, self._drop)
        own.closing.connect(lambda: self.set_apart(apart=False))
        own.moved.connect(self.moved)
        own.column.addWidget(self._grid)
        self._grid.show()
        self._full_screen.watch(own)
        screens = QGuiApplication.screens()
        others = [each for each in screens if each != self._window.screen()]
        if self._is_screen_there():
            own.restoreGeometry(QByteArray.fromBase64(self._geometry.encode()))
            own.show()
        elif others:
            own.setGeometry(others[0].availableGeometry())
            own.showMaximized()
        else:
            own.resize(size)
            own.show()
        self._set_checked(True)
        self.moved.emit()

    def _make_note(self) -> QWidget:
        """Return what stands in the main window meanwhile."""
        note = QWidget()
        text = QLabel(self.tr("The films are in a window of their own."))
        text.setObjectName("quiet")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        back = QPushButton(self.tr("Bring them back"))
        back.setAccessibleName(back.text())
        back.clicked.connect(lambda: self.set_apart(apart=False))
        column = QVBoxLayout(note)
        column.addStretch(1)
        column.addWidget(text)
        column.addWidget(back, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return note

    def _on_screen_removed(self, screen: QScreen) -> None:
        """Bring the films back from a monitor that is gone."""
        if self._own is not None and self._own.screen() == screen:
            self._bring_back()

    def _on_screen_added(self) -> None:
        """Give the films their window again when its monitor is there again."""
        if self._wanted and self._own is None and self._is_screen_there():
            self._move_out()

    def _is_screen_there(self) -> bool:
        return any(name_monitor(each) == self._screen for each in QGuiApplication.screens())
