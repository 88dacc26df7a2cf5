"""A few computed phantoms to try the app on: the same files each time, made once, in a process of low priority."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from unix_edge.dicom.writing import write_dataset
from unix_edge.errors import OutputError, StoppedError
from unix_edge.files import folder_written_aside
from unix_edge.findings import Label, Side
from unix_edge.isolated.python import command_of, program_of
from unix_edge.phantom.cases import Case, Finding
from unix_edge.phantom.compute import VERSION, compute_phantom
from unix_edge.phantom.dicom import make_dataset
from unix_edge.sentences import Sentence

SIZE = 768
_PROGRAM = program_of("unix_edge_desktop.studies.sample_study", "compute_for_parent")
_LOOK = 0.1
"""Seconds between two looks at how far it is, and at whether to stop."""
DATES_ARE_INVENTED = "Its date and time are invented."


@dataclass(frozen=True, slots=True)
class Sample:
    """One phantom of the sample study."""

    seed: int
    """Of the thorax: two of one seed are one patient."""
    date: str
    time: str
    findings: tuple[Finding, ...]


def _finding(label: Label, side: Side | None, site: str, size: str, kind: str) -> Finding:
    return Finding(label, side, site, size, kind, 0.9)


SAMPLES = (
    Sample(11, "20250310", "091500", ()),
    Sample(11, "20260122", "143000", (_finding(Label.PLEURAL_EFFUSION, Side.LEFT, "base", "moderate", "free"),)),
    Sample(12, "20260114", "101000", (_finding(Label.PNEUMONIA, Side.RIGHT, "lower", "large", "patchy"),)),
    Sample(13, "20260115", "161500", (_finding(Label.PNEUMOTHORAX, Side.RIGHT, "apex", "large", "simple"),)),
    Sample(
        14,
        "20260119",
        "080500",
        (
            _finding(Label.CARDIOMEGALY, None, "heart", "marked", "enlargement"),
            _finding(Label.SUPPORT_DEVICES, Side.LEFT, "right ventricle", "", "pacemaker"),
        ),
    ),
    Sample(15, "20260121", "113000", (_finding(Label.LUNG_LESION, Side.LEFT, "upper", "large", "mass"),)),
)
"""The pair's later study is the newest of all, and so what is seen first."""


def make_sample_study(
    data: Path,
    progress: Callable[[int, int], None] = lambda done, of: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Path:
    """Compute the sample study into the person's data folder, unless it is there; return the folder to open.

    Args:
        data: The person's data folder.
        progress: Called with how many images are done, and of how many.
        should_stop: Asked after each.

    Raises:
        NoSpaceError, OutputError: It cannot be written.
        StoppedError: It was stopped; nothing was left.
    """
    folder = data / f"sample study {VERSION}"
    if folder.exists():
        return folder
    with folder_written_aside(folder) as aside:
        process = subprocess.Popen(
            command_of(_PROGRAM, str(aside), beside=__name__.partition(".")[0]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        try:
            while process.poll() is None:
                progress(_count(aside), len(SAMPLES))
                if should_stop():
                    raise StoppedError
                time.sleep(_LOOK)
        finally:
            process.kill()
            process.wait()
        if process.returncode or _count(aside) < len(SAMPLES):
            raise OutputError(folder, Sentence("the process that computes it died, or the disk is full"))
        progress(len(SAMPLES), len(SAMPLES))
    return folder


def compute_for_parent() -> None:
    """Compute the sample study into the folder that the parent names, giving way to whatever else the computer does."""
    if hasattr(os, "nice"):
        os.nice(10)
    for number, sample in enumerate(SAMPLES, 1):
        write_dataset(make_sample(sample), Path(sys.argv[-1]) / f"image {number}.dcm")


def make_sample(sample: Sample) -> Dataset:
    """Return one image. Its date is invented, and it says so: a comparison wants an earlier and a later one."""
    dataset = make_dataset(compute_phantom(sample.seed, SIZE, Case(sample.findings)))
    dataset.PatientName = f"SYNTHETIC^Sample {sample.seed}"
    dataset.StudyDate = dataset.SeriesDate = dataset.ContentDate = sample.date
    dataset.StudyTime = dataset.SeriesTime = dataset.ContentTime = sample.time
    dataset.DerivationDescription = f"{dataset.DerivationDescription} {DATES_ARE_INVENTED}"
    return dataset


def _count(folder: Path) -> int:
    return len(list(folder.glob("image*.dcm")))
