"""The phantoms on disk: computed once by processes of low priority, in files that are whole or not there.

No torch here: the processes import this module.
"""

import contextlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from unix_edge.errors import UnixEdgeError
from unix_edge.files import write_atomically
from unix_edge.findings import LABELS
from unix_edge.phantom import compute_phantom
from unix_edge.phantom.wording import write_plain_report, write_prompt, write_report
from unix_edge.sentences import Sentence

from .config import VALIDATION_SEED, DataSettings

OVERSAMPLING = 3
"""Phantoms are computed at this many halves of their size."""


class PhantomsError(UnixEdgeError):
    """The processes that compute phantoms ended without them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            Sentence("No phantoms come into {0}: the processes that compute them ended. Run it again.", folder)
        )


class EarlierPhantomsError(UnixEdgeError):
    """A file of phantoms lacks what training wants to know of them."""

    def __init__(self, path: Path, missing: str) -> None:
        super().__init__(
            Sentence(
                "Nothing was trained: {0} was computed by an earlier version and lacks {1}. Delete {2} to compute the "
                "phantoms again.",
                path,
                missing,
                path.parent,
            )
        )


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive seeds in one file."""

    name: str
    first_seed: int
    count: int


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one phantom besides its pixels."""

    labels: dict[str, str | None]
    """The labels that hold, with their side where they have one."""
    plain: str
    """The one report that is worded alike for all cases alike."""
    reports: tuple[str, ...]
    prompts: tuple[str, ...]


def chunks(settings: DataSettings) -> list[Chunk]:
    """List the files of a data folder, in the order in which they are computed; the first is for validation."""
    starts = range(0, settings.phantoms, settings.chunk)
    return [Chunk("validation", VALIDATION_SEED, settings.validation)] + [
        Chunk(f"train-{start:07}", start, min(settings.chunk, settings.phantoms - start)) for start in starts
    ]


class Phantoms:
    """Phantoms of a folder, as many as are there; pixels stay on disk."""

    def __init__(self, folder: Path, wanted: Sequence[Chunk]) -> None:
        self.folder = folder
        self._wanted = list(wanted)
        self._pixels: list[NDArray[np.uint8]] = []
        self._places: list[NDArray[np.uint8]] = []
        self._starts: list[int] = []
        self.records: list[Record] = []
        self.refresh()

    def __len__(self) -> int:
        return len(self.records)

    @property
    def complete(self) -> bool:
        """Whether all that were wanted are there."""
        return not self._wanted

    def refresh(self) -> None:
        """Look for files that have come since; each is taken once all before it are."""
        while self._wanted and (self.folder / f"{self._wanted[0].name}.json").is_file():
            name = self._wanted.pop(0).name
            path = self.folder / f"{name}.json"
            try:
                records = [
                    Record(each["labels"], each["plain"], tuple(each["reports"]), tuple(each["prompts"]))
                    for each in json.loads(path.read_text("utf-8"))
                ]
            except KeyError as missing:
                raise EarlierPhantomsError(path, str(missing)) from None
            self._starts.append(len(self.records))
            self._pixels.append(np.load(self.folder / f"{name}.npy", mmap_mode="r"))
            self._places.append(np.load(self.folder / f"{name}.places.npy", mmap_mode="r"))
            self.records += records

    def pixels(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read gray pictures (len(indices), size, size)."""
        return self._read(self._pixels, indices)

    def places(self, indices: Sequence[int] | NDArray[np.int64]) -> NDArray[np.uint8]:
        """Read how much of each patch each label's findings cover: (len(indices), 14, patches, patches), 255 all."""
        return self._read(self._places, indices)

    def _read(
        self, chunks: Sequence[NDArray[np.uint8]], indices: Sequence[int] | NDArray[np.int64]
    ) -> NDArray[np.uint8]:
        found = []
        for index in indices:
            chunk = int(np.searchsorted(self._starts, index, side="right")) - 1
            found.append(chunks[chunk][index - self._starts[chunk]])
        return np.stack(found)


class Workers:
    """Processes of low priority that fill a folder with phantoms, and end with this one."""

    def __init__(self, folder: Path, settings: DataSettings) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        missing = [each for each in chunks(settings) if not (folder / f"{each.name}.json").is_file()]
        self._folder = folder
        self._processes = [
            get_context("spawn").Process(
                target=fill, args=(folder, missing[number :: settings.workers], settings, os.getpid()), daemon=True
            )
            for number in range(min(settings.workers, len(missing)))
        ]
        for process in self._processes:
            process.start()

    def wait(self, phantoms: Phantoms, least: int) -> None:
        """Wait until `phantoms` holds at least `least`, or all it wants.

        Raises:
            PhantomsError: None will come any more.
        """
        while True:
            working = any(process.is_alive() for process in self._processes)
            phantoms.refresh()
            if len(phantoms) >= least or phantoms.complete:
                return
            if not working:
                raise PhantomsError(self._folder)
            time.sleep(0.2)

    def stop(self) -> None:
        """End the processes; what they had begun is computed again another time."""
        for process in self._processes:
            process.terminate()
            process.join()


def fill(folder: Path, missing: Sequence[Chunk], settings: DataSettings, parent: int) -> None:
    """Compute chunks one after the other, for as long as the process `parent` lives."""
    with contextlib.suppress(OSError, AttributeError):  # Windows has no niceness
        os.nice(15)
    for chunk in missing:
        compute_chunk(folder, chunk, settings, parent)


def compute_chunk(folder: Path, chunk: Chunk, settings: DataSettings, parent: int | None = None) -> None:
    """Compute one file of phantoms; its JSON comes last and says that it is whole."""
    pixels = np.empty((chunk.count, settings.size, settings.size), np.uint8)
    places = np.zeros((chunk.count, len(LABELS), settings.patches, settings.patches), np.uint8)
    records: list[dict[str, Any]] = []
    for index, seed in enumerate(range(chunk.first_seed, chunk.first_seed + chunk.count)):
        if parent is not None and os.name == "posix" and os.getppid() != parent:
            return  # a killed trainer leaves nobody behind
        # Shrunk as a reader's file is before the model sees it.
        phantom = compute_phantom(seed, OVERSAMPLING * settings.size // 2)
        image = Image.fromarray(phantom.pixels)
        pixels[index] = np.asarray(image.resize((settings.size, settings.size), Image.Resampling.LANCZOS))
        for finding, mask in zip(phantom.case.findings, phantom.masks, strict=True):
            place = places[index, LABELS.index(finding.label)]
            np.maximum(place, cover(mask, settings.patches), out=place)
        rng = np.random.default_rng((seed, 1))
        case = phantom.case
        records.append(
            {
                "labels": {label.value: side and side.value for label, side in case.labels.items()},
                "plain": write_plain_report(case),
                "reports": [write_report(case, rng) for _ in range(settings.reports)],
                "prompts": [write_prompt(case, rng) for _ in range(settings.prompts)],
            }
        )
    for name, array in ((f"{chunk.name}.npy", pixels), (f"{chunk.name}.places.npy", places)):
        partial = folder / f".{name}"
        with partial.open("wb") as file:
            np.save(file, array)
        partial.replace(folder / name)
    write_atomically(folder / f"{chunk.name}.json", json.dumps(records).encode())


def cover(mask: NDArray[np.bool_], patches: int) -> NDArray[np.uint8]:
    """Return how much of each of `patches` squared patches a mask covers, 255 all; its last rows may be left over."""
    side = len(mask) // patches
    cut = mask[: side * patches, : side * patches].reshape(patches, side, patches, side)
    return (255 * cut.mean(axis=(1, 3))).astype(np.uint8)
