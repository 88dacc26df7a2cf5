"""After a while without use nothing of a patient is to be seen, until a key or a click.

No lock: whoever sits there goes on with one key. What it keeps from is the look of a passer-by.
"""

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

_USE = {
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.Wheel,
    QEvent.Type.ShortcutOverride,
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TabletMove,
    QEvent.Type.TabletPress,
}
_WAKES = {QEvent.Type.MouseButtonRelease, QEvent.Type.KeyRelease, QEvent.Type.TouchEnd}
"""Ends of a touch and not their beginnings, so that no half of one reaches what was covered."""
_PRESSES = {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}
_LOOK = 200
"""Milliseconds between two looks at whether a window came up while all were covered."""
_COVERED = {Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet, Qt.WindowType.Tool}


class Blanking(QObject):
    """Covers every window of the app when none of them was used for so many minutes.

    Dialogs of the system's own, as for printing, are not ours to cover.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.covers: list[_Cover] = []
        self._watched: set[QWindow] = set()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.cover)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.focusWindowChanged.connect(self._watch)
        self._look = QTimer(self, interval=_LOOK)
        self._look.timeout.connect(lambda: self.cover())
        self._uncovered = QElapsedTimer()
        self._held_back = False
        """Whether a press was kept from what was covered, so that its release is, too."""

    def set_minutes(self, minutes: int) -> None:
        """Cover after so many minutes from now on; 0 is never."""
        self._timer.stop()
        self._timer.setInterval(minutes * 60_000)
        self._begin()

    def cover(self) -> None:
        """Cover all windows that are open, and close menus."""
        last = None
        while (popup := QApplication.activePopupWidget()) is not None and popup is not last:
            popup.close()
            last = popup
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.windowType() in _COVERED and window.windowHandle() is not None:
                self._watch(window.windowHandle())
                if not any(each.window_covered is window for each in self._living()):
                    self.covers.append(_Cover(window))
        self._look.start()

    def uncover(self) -> None:
        """Show everything again."""
        self._look.stop()
        self._uncovered.start()
        covers, self.covers = self._living(), []
        for cover in covers:
            cover.hide()
            cover.deleteLater()
        self._begin()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Take use of a window for a sign of life; of one that is covered nothing reaches it."""
        if isinstance(event, QEvent) and event.type() in _USE:
            if self.covers:
                event.accept()  # of a key that would be a shortcut: it is none now
                held = isinstance(event, QKeyEvent) and event.isAutoRepeat()
                if event.type() in _WAKES and not held:
                    self.uncover()
                return True
            self._begin()
            return self._is_rest(event)
        return False

    def _is_rest(self, event: QEvent) -> bool:
        """Return whether an event is the rest of a double click whose first half uncovered."""
        if event.type() in _PRESSES:
            within = QGuiApplication.styleHints().mouseDoubleClickInterval()
            self._held_back = self._uncovered.isValid() and self._uncovered.elapsed() <= within
            return self._held_back
        if event.type() is QEvent.Type.MouseButtonRelease and self._held_back:
            self._held_back = False
            return True
        return False

    def _begin(self) -> None:
        if self._timer.interval() > 0 and not self.covers:
            self._timer.start()

    def _watch(self, window: QWindow | None) -> None:
        if window is None:
            return
        if window not in self._watched:
            self._watched.add(window)
            window.installEventFilter(self)
            window.destroyed.connect(lambda: self._watched.discard(window))

    def _living(self) -> "list[_Cover]":
        """Return the covers whose windows are still there: a dialog takes its own with it."""
        return [each for each in self.covers if isValid(each)]


class _Cover(QWidget):
    """Lies over a whole window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window_covered = window
        self.setAutoFillBackground(True)
        text = QLabel(self.tr("Hidden, because nobody used the program for a while. Press a key or click to go on."))
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text.setWordWrap(True)
        QVBoxLayout(self).addWidget(text)
        self.setAccessibleName(text.text())
        self._cover()
        window.installEventFilter(self)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Grow with the window."""
        if event.type() is QEvent.Type.Resize:
            self._cover()
        return False

    def _cover(self) -> None:
        self.setGeometry(self.window_covered.rect())
        self.raise_()
