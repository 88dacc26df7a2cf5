"""How the window is left, written while it is used, so that a kill costs at most two seconds of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from ..storage.settings import Settings, save_settings
from .background import bring

SAVE_AFTER = 1000
"""Milliseconds from the first change to when it is written."""


class Keeper(QObject):
    """Writes settings in the background.

    Signals:
        failed: Why they could not be written, in a sentence.
    """

    failed = Signal(str)

    def __init__(self, path: Path, describe: Callable[[], Settings], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._describe = describe
        self._written: Settings | None = None
        self._thread = ThreadPoolExecutor(1, "settings")
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self._timer.timeout.connect(self._write)

    def touch(self) -> None:
        """Write soon; not put off by the next change, so that no change waits longer."""
        if not self._timer.isActive():
            self._timer.start()

    def close(self) -> None:
        """Write now, and wait for it."""
        self._timer.stop()
        self._write()
        self._thread.shutdown()

    def _write(self) -> None:
        settings = self._describe()
        if settings != self._written:
            self._written = settings
            bring(self._thread.submit(save_settings, self._path, settings), self, failed=self.failed.emit)
