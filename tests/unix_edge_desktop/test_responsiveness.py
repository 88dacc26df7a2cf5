"""The window never hangs: an event loop that is watched while files are indexed, images loaded and the window dragged.

Times are told as multiples of a loop that is timed in the same process and at the same time.
"""

import statistics
import time

import numpy as np
import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

TICK = 5
"""Milliseconds between two looks."""
MOST = 40
"""Calibration loops, of some 8 ms where nothing else runs; benchmarks/panel.py measures the 100 ms that a person may
notice."""


class Watchdog(QObject):
    """A timer of the event loop; the longest time between two of its ticks is how long the loop was blocked."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now


def calibrate() -> float:
    """Seconds of a loop of numpy and Python, as this machine has time for it just now."""
    values = np.resize(np.arange(300_000, dtype=np.uint16), 1_200_000)
    times = []
    for _ in range(15):
        start = time.perf_counter()
        # This sort is as fast without AVX-512; with it others are ten times as fast.
        np.sort(values[::-1] ^ 0x5555, kind="stable")
        sum(range(20_000))
        times.append(time.perf_counter() - start)
    return statistics.quantiles(times, n=10)[-1]


@pytest.fixture
def watchdog(qtbot):
    return Watchdog()


def assert_never_blocked(watchdog):
    unit = calibrate()
    assert watchdog.longest < MOST * unit, f"{watchdog.longest / unit:.0f} calibration loops"


def test_the_watchdog_sees_a_loop_that_is_blocked(watchdog, qtbot):
    unit = calibrate()
    watchdog.start()
    QTimer.singleShot(20, lambda: time.sleep(2 * MOST * unit))
    qtbot.wait(100)
    assert watchdog.longest > MOST * unit


def test_nothing_blocks_while_files_are_indexed(watchdog, window, idle, make_file, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(120):
        (folder / f"bad{number}.txt").write_text("Not an image.")
        make_file(
            folder / f"image{number}",
            PatientID=str(number % 40),
            StudyInstanceUID=f"2.25.1{number:03d}",
            SeriesInstanceUID=f"2.25.2{number:03d}",
            SOPInstanceUID=f"2.25.3{number:03d}",
        )
    watchdog.start()
    window.open_paths([folder])
    idle(window)
    assert_never_blocked(watchdog)
    assert window.studies.note.text() == "Studies: 120" and len(window.failures.failures) == 120


@pytest.mark.parametrize("thumbnails", [True])
def test_nothing_blocks_while_large_images_are_loaded_and_windowed(watchdog, window, idle, make_file, tmp_path):
    side = 2500
    for number in (1, 2):
        make_file(
            tmp_path / f"image{number}",
            seed=number,
            size=(side, side),
            StudyInstanceUID=f"2.25.1{number}",
            SeriesInstanceUID=f"2.25.2{number}",
            SOPInstanceUID=f"2.25.3{number}",
        )
    window.preferences.set_layout("1x2")
    watchdog.start()
    window.open_paths([tmp_path / "image1"])
    idle(window)
    window.open_paths([tmp_path / "image2"])
    for _ in range(20):
        window.grid.active.change_window(3, 1)
        window.grid.active.repaint()
        QApplication.processEvents()
    idle(window)
    assert_never_blocked(watchdog)
