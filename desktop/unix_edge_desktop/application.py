"""The app: one QApplication, its own folders, its look and language; a window to read in, or a picture of one."""

import logging
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QIODevice,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from unix_edge.errors import ScreenshotError
from unix_edge.files import write_atomically
from unix_edge.leftovers import TemporaryFolder, remove_dead_temporary
from unix_edge.sentences import Sentence
from unix_edge.signals import STOPPED

from .shell.main_window import MainWindow
from .storage.one_window import claim_folder, hand_over
from .storage.settings import Folders, load_settings
from .toolkit.excepthook import Faults
from .toolkit.icons import application_icon
from .toolkit.pyside_references import hold_singletons

logger = logging.getLogger(__name__)

TRANSLATIONS = Path(__file__).parent / "translations"
_HEARTBEAT = 500
"""Milliseconds between two looks for a signal."""
_LONGEST_WAIT = 120
"""Seconds for a picture of the window."""


def make_application(language: str = "") -> QApplication:
    """Return the app's QApplication in a language, empty for the system's."""
    hold_singletons()
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("unix-edge")
    application.setApplicationDisplayName("UniX Edge")
    application.setDesktopFileName("unix-edge")
    application.setStyle("Fusion")
    application.setWindowIcon(application_icon())
    locale = QLocale(language) if language else QLocale.system()
    for name, folder in (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("unix_edge", str(TRANSLATIONS)),
    ):
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
    return application


def _hear_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Take what Qt says; a person is shown sentences only, so it goes to the log."""
    logger.debug("Qt (%s): %s", kind.name, text)


def run(paths: Sequence[Path]) -> int:
    """Show the window until it is closed; return the exit code. Where one is open already, that shows the paths.

    Raises:
        NoSpaceError, OutputError: A folder of the app's own cannot be made, or not be written to.
    """
    qInstallMessageHandler(_hear_qt)
    remove_dead_temporary()
    folders = Folders.own()
    folders.make()
    claim = claim_folder(folders.data)
    if claim is None:
        if hand_over(folders.data, paths):
            return 0
        claim = claim_folder(folders.data)  # the first window may have ended meanwhile
    application = make_application(load_settings(folders.settings).language)
    window = MainWindow(folders, claim)
    window.desk.loader.get_ready()
    faults = Faults(window)
    faults.happened.connect(window.say)
    faults.hear()
    _close_when_told(window)
    _hear_later_starts(window)
    window.fit(window.screen().availableSize())
    window.show()
    if paths:
        window.open_paths(paths)
    else:
        window.open_last()
    return application.exec()


def _close_when_told(window: MainWindow) -> None:
    """Close the window on Ctrl-C and when the system ends the process, so that all is written."""
    for number in (signal.SIGINT, *STOPPED.values()):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: window.close())
    # Python hears of a signal only when it runs.
    heartbeat = QTimer(window, interval=_HEARTBEAT)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()


def _hear_later_starts(window: MainWindow) -> None:
    """Come forward, and open what was named, when the app is started again."""
    claim = window.claim
    if claim is None:
        return

    def look() -> None:
        for paths in claim.take():
            window.come_forward()
            window.open_paths(paths)

    timer = QTimer(window, interval=_HEARTBEAT)
    timer.timeout.connect(look)
    timer.start()


def write_screenshot(paths: Sequence[Path], out: Path, size: tuple[int, int]) -> None:
    """Write a picture of the window in which paths were opened, whole or not at all; a person's own list has no part.

    Raises:
        ScreenshotError: Nothing of the paths can be shown.
        NoSpaceError, OutputError: The picture cannot be written.
    """
    qInstallMessageHandler(_hear_qt)
    application = make_application("en")
    told = _note_signals()
    with TemporaryFolder() as temporary:
        folders = Folders.within(temporary.path)
        folders.make()
        window = MainWindow(folders)
        try:
            window.resize(*size)
            window.assistant.hide()  # a picture is of films; no model is started for one
            window.show()
            window.open_paths(paths)
            _wait(application, window, told)
            _require_image(window, paths)
            picture = QBuffer()
            picture.open(QIODevice.OpenModeFlag.WriteOnly)
            window.grab().save(picture, "PNG")
            write_atomically(out, bytes(picture.data().data()))
        finally:
            window.close()


def _note_signals() -> list[int]:
    """Note by which signals the system ends this process: raised within Qt's own calls they would be lost."""
    told: list[int] = []
    for number in (signal.SIGINT, *STOPPED.values()):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: told.append(number))
    return told


def _wait(application: QApplication, window: MainWindow, told: list[int]) -> None:
    """Let the window work until it has nothing left to do, or this process is told to end."""
    ends = time.monotonic() + _LONGEST_WAIT
    while time.monotonic() < ends:
        if told:
            raise SystemExit(128 + told[0])
        application.processEvents()
        drafts = any(canvas.draft for canvas in window.grid.shown)
        if not (window.library.is_busy or window.desk.loader.is_busy or window.studies.pictures.is_busy or drafts):
            return
        time.sleep(0.01)


def _require_image(window: MainWindow, paths: Sequence[Path]) -> None:
    if paths and not any(canvas.image for canvas in window.grid.shown):
        failures = window.failures.failures
        raise ScreenshotError(failures[0].reason if failures else Sentence("{0}", window.grid.active.message))
