"""How long a reader waits: for an image, a frame of a drag, the window; and how much memory it takes.

    python benchmarks/viewer.py [--rounds 5] [--files 2000]

The radiograph is generated, 3056 rows by 2544 columns in 16 bits, and so shows nobody. Runs without a screen. Each
figure is the median of the rounds after one that is not counted, but for frames, of which it is the 95th percentile;
files are in the system's cache. A machine that is busy with other things is slower. Prints a table, and one JSON
object as its last line.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import imagecodecs
import numpy as np
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, JPEG2000Lossless
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from viewer_index import measure_index, write_files

from unix_edge_desktop.application import make_application
from unix_edge_desktop.shell.main_window import MainWindow
from unix_edge_desktop.storage.settings import Folders
from unix_edge_desktop.studies.studies import Patient, Study

ROWS, COLUMNS = 3056, 2544
SCREEN = (1920, 1080)
FRAMES = 120
PAGES = 15
AIMS = {
    "click to pixel, uncompressed": 0.3,
    "click to pixel, JPEG 2000": 1.5,
    "drag, a frame (p95)": 0.033,
    "full picture after a drag": 0.15,
    "newest of a burst of 15 pages": 0.3,
}
"""Seconds, on a laptop that does nothing else."""
STARTED = """
import sys, time
from pathlib import Path
from unix_edge_desktop.application import make_application
from unix_edge_desktop.shell.main_window import MainWindow
from unix_edge_desktop.storage.settings import Folders
folders = Folders.within(Path(sys.argv[1]))
folders.make()
application = make_application("en")
window = MainWindow(folders)
window.show()
while window.library.is_busy:
    application.processEvents()
application.processEvents()
print("usable", flush=True)
window.close()
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=2000, help="That are indexed.")
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        print(json.dumps(measure_memory(options.memory_of)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        values = make_radiograph()
        figures = {"start to usable window": measure_start(folder / "start", options.rounds)}
        figures |= measure_images(folder / "images", values, options.rounds)
        figures |= measure_pages(folder / "pages", options.rounds)
        memory = ask_memory(folder / "memory", values)
        index = measure_index(write_files(folder / "index files", options.files), folder)
    tell(figures, memory, index, options.rounds)


def make_radiograph() -> np.ndarray:
    """Return what has a radiograph's size, range and noise, and shows nobody."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    smooth = 26000 + 18000 * np.sin(x / 310) * np.cos(y / 420)
    noise = np.random.default_rng(0).normal(0, 180, smooth.shape)
    return (smooth + noise).clip(0, 65535).astype(np.uint16)


def write(path: Path, values: np.ndarray, number: int, syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write it as a study of its own."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = DigitalXRayImageStorageForPresentation, f"2.25.3{number:04}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"2.25.1{number:04}", f"2.25.2{number:04}"
    dataset.PatientName, dataset.PatientID, dataset.Modality = f"Nobody^Number {number}", str(number), "DX"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = values.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 0
    dataset.ImagerPixelSpacing, dataset.WindowCenter, dataset.WindowWidth = [0.139, 0.139], 26000, 40000
    dataset.PixelData = values.tobytes()
    if syntax == JPEG2000Lossless:
        dataset.PixelData = encapsulate([imagecodecs.jpeg2k_encode(values, codecformat="j2k", reversible=True)])
    dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", syntax == JPEG2000Lossless
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    return path


def measure_start(folder: Path, rounds: int) -> float:
    """Return seconds from the start of a process to a window that can be used."""
    times = []
    for number in range(rounds + 1):
        began = time.perf_counter()
        command = [sys.executable, "-c", STARTED, str(folder / str(number))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "usable\n"
            times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def open_window(folder: Path) -> tuple[QApplication, MainWindow]:
    """Return a window of a large screen's size on folders of its own."""
    folders = Folders.within(folder)
    folders.make()
    application = make_application("en")
    window = MainWindow(folders)
    window.resize(*SCREEN)
    window.show()
    window.desk.loader.get_ready()
    return application, window


def wait(application: QApplication, until: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    while not until():
        application.processEvents()
        time.sleep(0.001)


def list_studies(application: QApplication, window: MainWindow, folder: Path) -> list[tuple[Patient, Study]]:
    """Index a folder; return its studies in the order of their names."""
    window.library.open([folder], show=False)
    wait(application, lambda: not window.library.is_busy)
    found = [(patient, study) for patient in window.studies.patients for study in patient.studies]
    return sorted(found, key=lambda each: each[1].uid)


def measure_images(folder: Path, values: np.ndarray, rounds: int) -> dict[str, float]:
    """Return seconds to the first pixel of an image, and of frames of a drag."""
    figures = {}
    for name, syntax in (("uncompressed", ExplicitVRLittleEndian), ("JPEG 2000", JPEG2000Lossless)):
        first = write(folder / name / "0", values, 0, syntax)
        for number in range(1, rounds + 1):
            write_copy(first, first.with_name(str(number)), number)
        application, window = open_window(folder / f"own {name}")
        canvas, times = window.grid.active, []
        for patient, study in list_studies(application, window, folder / name):
            settle(application, window)
            began = time.perf_counter()
            window.desk.open_study(patient, study)
            wait(application, lambda canvas=canvas: canvas.image is not None)
            canvas.repaint()
            times.append(time.perf_counter() - began)
        assert len(times) == rounds + 1
        figures[f"click to pixel, {name}"] = statistics.median(times[1:])
        if syntax == ExplicitVRLittleEndian:
            figures |= measure_drag(application, window)
        window.close()
    return figures


def measure_pages(folder: Path, rounds: int) -> dict[str, float]:
    """Return seconds from the last of 15 notches of the wheel to its picture, and to what a window showed last."""
    values = np.zeros((512, 512), np.uint16)
    for number in range(PAGES + 1):
        write_page(folder / "files" / str(number), values + 100 * number, number)
    application, window = open_window(folder / "own")
    ((patient, study),) = list_studies(application, window, folder / "files")
    window.desk.open_study(patient, study)
    wait(application, lambda: window.grid.active.image is not None)
    times = []
    for number in range(rounds + 1):
        wanted = 0 if number % 2 else PAGES
        for _ in range(PAGES):
            window.desk.page(-1 if number % 2 else 1)
            application.processEvents()
        began = time.perf_counter()
        wait(application, lambda wanted=wanted: shows(window, wanted))
        window.grid.active.repaint()
        times.append(time.perf_counter() - began)
    window.close()
    return {
        "newest of a burst of 15 pages": statistics.median(times[1:]),
        "restoring": measure_restoring(folder, rounds),
    }


def measure_restoring(folder: Path, rounds: int) -> float:
    """Return seconds until a window shows again what it showed when it was closed."""
    times = []
    for _ in range(rounds + 1):
        application, window = open_window(folder / "own")
        wait(application, lambda window=window: not window.library.is_busy)
        began = time.perf_counter()
        window.open_last()
        wait(application, lambda window=window: window.grid.active.image is not None)
        window.grid.active.repaint()
        times.append(time.perf_counter() - began)
        window.close()
    return statistics.median(times[1:])


def write_page(path: Path, values: np.ndarray, number: int) -> None:
    """Write one image of a series."""
    dataset = dcmread(write(path, values, number))
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.10", "2.25.20"
    dataset.PatientName, dataset.PatientID, dataset.InstanceNumber = "Nobody", "1", number
    dataset.save_as(path)


def shows(window: MainWindow, number: int) -> bool:
    """Return whether the active view shows an image of a series."""
    image = window.grid.active.image
    return image is not None and int(image.header.InstanceNumber) == number


def settle(application: QApplication, window: MainWindow) -> None:
    """Wait until nothing is left to do, the next process is ready, and a person has looked."""
    wait(application, lambda: not (window.studies.pictures.is_busy or window.desk.loader.is_busy))
    ends = time.monotonic() + 1.5
    wait(application, lambda: time.monotonic() > ends)


def write_copy(first: Path, path: Path, number: int) -> None:
    """Write the same image as another study."""
    dataset = dcmread(first)
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"2.25.3{number:04}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = f"2.25.1{number:04}", f"2.25.2{number:04}"
    dataset.PatientName, dataset.PatientID = f"Nobody^Number {number}", str(number)
    dataset.save_as(path)


def measure_drag(application: QApplication, window: MainWindow) -> dict[str, float]:
    """Return the 95th percentile of a frame from the mouse's event to the screen, and the full picture's time."""
    canvas, times = window.grid.active, []
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(600, 400))
    for step in range(FRAMES):
        began = time.perf_counter()
        QTest.mouseMove(canvas, QPoint(600 + step, 400 - step // 2))
        canvas.repaint()
        times.append(time.perf_counter() - began)
        application.processEvents()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(720, 340))
    full = []
    for _ in range(5):
        canvas.redraw()
        began = time.perf_counter()
        canvas.repaint()
        full.append(time.perf_counter() - began)
    frame = statistics.quantiles(times[10:], n=20)[-1]
    return {"drag, a frame (p95)": frame, "full picture after a drag": statistics.median(full)}


def ask_memory(folder: Path, values: np.ndarray) -> dict[str, float]:
    """Have a process of its own list 50 studies, show 4, and say what it takes."""
    write_files(folder / "files", 2 * 46)
    for number in range(4):
        write(folder / "files" / "large" / str(number), values, number)
    command = [sys.executable, __file__, "--memory-of", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(said.splitlines()[-1])


def measure_memory(folder: Path) -> dict[str, float]:
    """Return MiB that the window takes with 50 studies listed and 4 shown, and those kept ready, decoder and model."""
    application, window = open_window(folder / "own")
    window.preferences.set_layout("2x2")
    studies = list_studies(application, window, folder / "files")
    large = [each for each in studies if each[1].series[0].instances[0].rows == ROWS]
    assert (len(studies), len(large)) == (50, 4)
    for canvas, (patient, study) in zip(window.grid.shown, large, strict=True):
        window.desk.open_series(patient, study, study.series[0], canvas)
    settle(application, window)
    assert all(canvas.image is not None for canvas in window.grid.shown)
    children = " ".join(each.read_text() for each in Path("/proc/self/task").glob("*/children")).split()
    figures = {"window": resident("self"), "processes kept ready": sum(resident(each) for each in children)}
    window.close()
    return figures


def resident(process: str) -> float:
    """Return the MiB of a process that are in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024, 1)


def tell(figures: dict[str, float], memory: dict[str, float], index: dict[str, object], rounds: int) -> None:
    """Print the table and the JSON line."""
    print(f"{ROWS} x {COLUMNS}, 16 bits, in a window of {SCREEN[0]} x {SCREEN[1]}; {rounds} rounds")
    for name, seconds in figures.items():
        aim = f"   aim {AIMS[name] * 1e3:5.0f} ms" if name in AIMS else ""
        print(f"{name:32}{seconds * 1e3:8.1f} ms{aim}")
    for name, mebibytes in memory.items():
        print(f"{'memory, 50 studies, 4 shown: ' + name:50}{mebibytes:8.1f} MiB")
    print(f"{'index, beside pydicom alone':32}{index['files_per_second']:>8} files a second, {index['ratio']} times")
    versions = {"unix-edge": version("unix-edge"), "PySide6": version("PySide6-Essentials")}
    rounded = {name: round(seconds, 4) for name, seconds in figures.items()}
    print(json.dumps({"rounds": rounds, "seconds": rounded, "mebibytes": memory, "index": index, **versions}))


if __name__ == "__main__":
    main()
