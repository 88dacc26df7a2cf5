"""How fast files go into the index, beside reading their headers with pydicom in the same run.

    python benchmarks/viewer_index.py [--files 2000] [--rounds 5]

Both read the same generated files in turn, several times, for the machine may be busy; the best round counts, and
each has its own new index. Thumbnails are not made. Prints one JSON object as its last line.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pydicom
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from unix_edge_desktop.studies.index import IndexThread, StudyIndex
from unix_edge_desktop.studies.indexing import index_files

ROOT = "2.25.1122334455"
PER_STUDY = 2
SIDE = 64


def main() -> None:
    """Generate, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = write_files(Path(folder) / "files", options.files)
        figures = measure_index(files, Path(folder), options.rounds)
    print(f"{figures['files']} files: {figures['files_per_second']} a second into the index,", end=" ")
    print(f"{figures['ratio']} times as fast as pydicom alone (median {figures['median_ratio']})")
    print(json.dumps(figures))


def write_files(folder: Path, count: int) -> Path:
    """Write small radiographs of noise, a folder for each study; return their folder."""
    random = np.random.default_rng(0)
    for number in range(count):
        study = number // PER_STUDY
        dataset = Dataset()
        dataset.SpecificCharacterSet = "ISO_IR 192"
        dataset.ImageType = ["ORIGINAL", "PRIMARY"]
        dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
        dataset.SOPInstanceUID, dataset.SeriesInstanceUID = f"{ROOT}.3.{number}", f"{ROOT}.2.{study}"
        dataset.StudyInstanceUID = f"{ROOT}.1.{study}"
        dataset.StudyDate, dataset.StudyTime = f"20{study % 25:02}{study % 12 + 1:02}{study % 28 + 1:02}", "101112"
        dataset.AccessionNumber, dataset.Modality = f"A{study}", "DX"
        dataset.StudyDescription, dataset.SeriesDescription = "Chest two views", "PA"
        dataset.Manufacturer, dataset.InstitutionName = "None", "None"
        dataset.PatientName, dataset.PatientID = f"Müller^Number {study // 3}", f"{study // 3:06}"
        dataset.PatientBirthDate, dataset.PatientSex = "19600101", "O"
        dataset.BodyPartExamined, dataset.ViewPosition = "CHEST", "PA"
        dataset.StudyID, dataset.SeriesNumber, dataset.InstanceNumber = str(study), 1, number % PER_STUDY + 1
        dataset.PatientOrientation = ["L", "F"]
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.Rows = dataset.Columns = SIDE
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
        dataset.ImagerPixelSpacing, dataset.WindowCenter, dataset.WindowWidth = [0.1, 0.1], 2048, 4096
        dataset.PixelData = random.integers(0, 4096, (SIDE, SIDE), dtype=np.uint16).tobytes()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        path = folder / f"{study:05}" / f"{number:06}"
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(path, enforce_file_format=True)
    return folder


def measure_index(files: Path, work: Path, rounds: int = 5) -> dict[str, object]:
    """Return how fast a folder's files go into an index, and how that compares with pydicom reading their headers."""
    paths = sorted(path for path in files.rglob("*") if path.is_file())
    plain, indexed = [], []
    for number in range(rounds):
        began = time.perf_counter()
        for path in paths:
            pydicom.dcmread(path, stop_before_pixels=True)
        plain.append(time.perf_counter() - began)
        index = IndexThread(work / f"index-{number}")
        began = time.perf_counter()
        progress = list(index_files(index, [files]))
        indexed.append(time.perf_counter() - began)
        images = index.ask(count_images).result()
        index.close()
        assert images == len(paths) == progress[-1].done, "files were lost"
    ratios = [one / other for one, other in zip(plain, indexed, strict=True)]
    return {
        "files": len(paths),
        "pydicom_seconds": round(min(plain), 2),
        "index_seconds": round(min(indexed), 2),
        "files_per_second": round(len(paths) / min(indexed)),
        "ratio": round(max(ratios), 2),
        "median_ratio": round(statistics.median(ratios), 2),
    }


def count_images(index: StudyIndex) -> int:
    """Return how many files an index has."""
    patients = index.patients(limit=1_000_000)
    return sum(len(series.instances) for each in patients for study in each.studies for series in study.series)


if __name__ == "__main__":
    main()
