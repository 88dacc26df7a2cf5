"""How long a reader waits for the AI panel, and whether it keeps the window from working meanwhile.

    python benchmarks/panel.py [--rounds 20]

With the model that comes along, on the CPU, in the app's window; offscreen unless DISPLAY is set. The films are shifted
copies of a computed radiograph, each drafted once, as a second draft of a film begins sooner. Figures are medians of
the rounds after one that is not counted; of stops it is the 99th percentile. Drags are told as multiples: of each round
the 95th percentile of a frame while the model works, over that of a drag just before. Of a block the table also has the
processor time that the window's thread spent within it: the rest went to others, which is why the load is told. Prints
a table, and one JSON object as its last line.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pydicom import dcmread
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from viewer import list_studies, open_window, settle, wait

from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.shell.main_window import MainWindow

if os.environ.get("DISPLAY"):
    del os.environ["QT_QPA_PLATFORM"]

SIDE = 2048
"""Rows and columns of a film."""
TICK = 5
"""Milliseconds between two looks of the watchdog."""
BASELINE = 60
"""Frames of a drag while the model rests."""
AIMS = {
    "first_word_s": 1.0,
    "ready_s": 3.0,
    "stop_p99_s": 0.5,
    "longest_block_ms": 100.0,
    "drag_ratio_drafting": 2.0,
    "drag_ratio_generating": 2.0,
}
"""At most."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        write_films(Path(name) / "films", rounds + 1)
        bench = Bench(Path(name))
        figures = {"ready_s": statistics.median(bench.start() for _ in range(min(rounds, 20)))}
        found = [bench.play(number) for number in range(rounds + 1)][1:]
        figures |= {key: statistics.median(each[key] for each in found) for key in found[0]}
        stops = [seconds for _ in range(max(2, rounds)) for seconds in bench.stop()]
        figures["stop_p99_s"] = statistics.quantiles(stops, n=100, method="inclusive")[-1]
        figures["worst_block_ms"] = max(each["longest_block_ms"] for each in found)
        bench.window.close()
    tell(figures, rounds, before)


def write_films(folder: Path, count: int) -> None:
    """Write as many films of as many studies, each shifted by some columns, so that none was read before."""
    folder.mkdir()
    first = folder / "film 0"
    write_phantom(compute_phantom(10000007, SIDE), first)
    for number in range(1, count):
        film = dcmread(first)
        film.SOPInstanceUID = film.file_meta.MediaStorageSOPInstanceUID = f"2.25.3{number:04}"
        film.StudyInstanceUID, film.SeriesInstanceUID = f"2.25.1{number:04}", f"2.25.2{number:04}"
        film.PixelData = np.roll(film.pixel_array, 8 * number, axis=1).tobytes()
        film.save_as(folder / f"film {number}")


class Watchdog(QObject):
    """The longest time that the event loop was kept from its timers, and the thread's own work in it."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = self.own = 0.0
        self._last = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Watch from now on."""
        self.longest = self.own = 0.0
        self._last = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        gap, own = (after - before for after, before in zip(now, self._last, strict=True))
        if gap > self.longest:
            self.longest, self.own = gap, own
        self._last = now


class FirstWord(QObject):
    """Notes that a field was painted with a word in it."""

    def __init__(self, bench: "Bench") -> None:
        super().__init__()
        self.painted = False
        self._fields = [bench.panel.report.fields[section] for section in Section]
        for field in self._fields:
            field.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        """Look at every painting; the loop notes the time once it is done."""
        if event.type() == QEvent.Type.Paint:
            self.painted |= any(field.viewport() is watched and field.toPlainText() for field in self._fields)
        return False


class Bench:
    """The window with films in its list, and what is done in it."""

    def __init__(self, folder: Path) -> None:
        self.application: QApplication
        self.window: MainWindow
        self.application, self.window = open_window(folder / "own")
        self.panel = self.window.assistant
        self.studies = list_studies(self.application, self.window, folder / "films")
        self.watchdog, self.word = Watchdog(), FirstWord(self)
        self.chance = random.Random(0)
        self.open(0)

    def wait(self, until: Callable[[], bool]) -> float:
        """Let the window work until something is so; return the seconds that it took."""
        began = time.perf_counter()
        wait(self.application, until)
        return time.perf_counter() - began

    def open(self, number: int) -> None:
        """Show a film, and let the panel be about it."""
        patient, study = self.studies[number]
        self.window.desk.open_study(patient, study)
        canvas = self.window.grid.active
        self.wait(lambda: canvas.image is not None and canvas.image.header.StudyInstanceUID == study.uid)
        settle(self.application, self.window)
        self.panel.drafting.turn_to_film()

    def start(self) -> float:
        """Start the model's process anew; return the seconds until it is ready."""
        self.panel.model.open()
        return self.wait(lambda: self.panel.model.ready is not None)

    def play(self, number: int) -> dict[str, float]:
        """Draft a film and make a picture, first while nobody does anything, then during a drag."""
        self.open(number)
        found = {"drag_frame_ms": 1e3 * percentile(self.drag(BASELINE))}
        self.pause(0.5)  # in which the view is drawn in full again
        self.watchdog.start()
        found["first_word_s"] = self.draft()
        found["draft_s"] = found["first_word_s"] + self.wait(lambda: not self.panel.drafting.is_busy)
        self.generate("balanced")
        found["picture_s"] = self.wait(lambda: not self.is_generating())
        self.watchdog.stop()
        found |= {"longest_block_ms": 1e3 * self.watchdog.longest, "block_own_ms": 1e3 * self.watchdog.own}
        rest = percentile(self.drag(BASELINE))
        self.press_draft()
        found["drag_ratio_drafting"] = percentile(self.drag(lambda: self.panel.drafting.is_busy)) / rest
        rest = percentile(self.drag(BASELINE))
        self.generate("balanced")
        found["drag_ratio_generating"] = percentile(self.drag(self.is_generating)) / rest
        return found

    def draft(self) -> float:
        """Press F2; return the seconds until its first word was painted."""
        self.word.painted = False
        began = time.perf_counter()
        self.press_draft()
        assert not self.word.painted, "the field was to be empty"
        self.wait(lambda: self.word.painted)
        return time.perf_counter() - began

    def press_draft(self) -> None:
        """Press F2."""
        QTest.keyClick(self.window.grid.active, Qt.Key.Key_F2)

    def generate(self, quality: str) -> None:
        """Begin a picture."""
        panel = self.panel.generation
        self.panel.go_to_generation()
        panel.prompt.setPlainText("Moderate left pleural effusion.")
        panel.quality.setCurrentIndex(panel.quality.findData(quality))
        panel.begin()

    def is_generating(self) -> bool:
        """Whether a picture is being made."""
        return self.panel.generation.stop.isEnabled()

    def stop(self) -> tuple[float, float]:
        """Stop a draft and a picture anywhere; return the seconds that each took to end."""
        self.press_draft()
        self.pause(self.chance.uniform(0, 0.6))
        QTest.keyClick(self.window, Qt.Key.Key_F4)
        draft = self.wait(lambda: not self.panel.drafting.is_busy)
        self.generate("published")
        self.pause(self.chance.uniform(0, 2.0))
        QTest.keyClick(self.window, Qt.Key.Key_F4)
        return draft, self.wait(lambda: not self.is_generating())

    def pause(self, seconds: float) -> None:
        """Let the window work for a while."""
        ends = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > ends)

    def drag(self, goes_on: int | Callable[[], bool]) -> list[float]:
        """Drag window and level for some frames, or while something is so; return each frame's seconds."""
        canvas, times = self.window.grid.active, []
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
        while goes_on() if callable(goes_on) else len(times) < goes_on:
            began = time.perf_counter()
            step = len(times) % 200
            QTest.mouseMove(canvas, QPoint(300 + step, 300 - step // 2))
            canvas.repaint()
            times.append(time.perf_counter() - began)
            self.application.processEvents()
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
        return times


def percentile(times: list[float]) -> float:
    """Return the 95th."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def tell(figures: dict[str, float], rounds: int, before: float) -> None:
    """Print the table and the JSON line."""
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    print(f"unix-nano on {os.cpu_count()} cores; {SIDE} x {SIDE}; {rounds} rounds; load {load[0]} to {load[1]}")
    for name, value in figures.items():
        aim = f"   at most {AIMS[name]:5.1f}{'' if value <= AIMS[name] else '   MISSED'}" if name in AIMS else ""
        print(f"{name:24}{value:9.3f}{aim}")
    versions = {"unix-edge": version("unix-edge"), "PySide6": version("PySide6-Essentials")}
    rounded = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps({"rounds": rounds, "load": load, **rounded, **versions}))


if __name__ == "__main__":
    main()
