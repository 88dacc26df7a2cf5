"""The phantoms that quality is measured with, computed once in files of a hundred, and rows that outlive a kill.

python benchmarks/quality_data.py FOLDER NAME ...     # computes files; quality.py starts one such process a core

No torch here: those processes import this module.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from unix_edge.files import write_atomically
from unix_edge.findings import Label, Side
from unix_edge.phantom import VERSION, compute_phantom
from unix_edge.phantom.cases import Case, Finding
from unix_edge.phantom.wording import write_prompt
from unix_edge_export.nano.phantoms import OVERSAMPLING

Pictures = NDArray[np.uint8]
"""Gray (n, SIZE, SIZE)."""
Labels = dict[Label, Side | None]

SIZE = 192
FILE = 100
"""Phantoms of one file; the first seed of each is a multiple of it."""
HELD_OUT = 10_000_000
"""First seed of what is measured; training never takes any from here on."""
AGAIN = 5_000_000
"""What is added to a seed for another phantom of its case, and for another picture of its prompt."""
CLASSIFIER = 20_000_000
"""First seed of what the classifier is trained on."""
_SAME_CASES = "-again"


@dataclass(frozen=True, slots=True)
class Phantoms:
    """Phantoms in the order of their seeds."""

    first: int
    pixels: Pictures
    cases: tuple[Case, ...]
    prompts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.cases)

    @property
    def seeds(self) -> range:
        """Their seeds."""
        return range(self.first, self.first + len(self))

    @property
    def labels(self) -> list[Labels]:
        """What holds of each."""
        return [case.labels for case in self.cases]

    def head(self, count: int) -> "Phantoms":
        """Return the first ones."""
        return Phantoms(self.first, self.pixels[:count], self.cases[:count], self.prompts[:count])

    def tail(self, count: int) -> "Phantoms":
        """Return those after the first ones."""
        return Phantoms(self.first + count, self.pixels[count:], self.cases[count:], self.prompts[count:])


def compute_phantoms(folder: Path, first: int, count: int, *, again: bool = False, workers: int = 2) -> Phantoms:
    """Return phantoms of consecutive seeds, computing those that are not in the folder.

    Args:
        folder: Where they are kept, by the simulator's version.
        first: The first seed.
        count: How many.
        again: Give each the case of its seed, but another thorax, another exposure and other words.
        workers: Processes that compute.
    """
    folder = folder / f"v{VERSION}"
    names = [f"{start}{_SAME_CASES if again else ''}" for start in range(first, first + count, FILE)]
    _compute_missing(folder, names, workers)
    records = [each for name in names for each in json.loads((folder / f"{name}.json").read_text("utf-8"))]
    pixels = np.concatenate([np.load(folder / f"{name}.npy") for name in names])
    cases = tuple(_case(each["findings"]) for each in records)
    return Phantoms(first, pixels, cases, tuple(each["prompt"] for each in records)).head(count)


def _compute_missing(folder: Path, names: Sequence[str], workers: int) -> None:
    """Let processes of low priority compute files."""
    missing = [name for name in names if not (folder / f"{name}.json").is_file()]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    print(f"computing {FILE * len(missing)} phantoms into {folder}", flush=True)
    began = time.monotonic()
    shares = [missing[number::workers] for number in range(min(workers, len(missing)))]
    processes = [subprocess.Popen([sys.executable, __file__, str(folder), *share]) for share in shares]
    try:
        for process in processes:
            if process.wait():
                raise SystemExit(f"The phantoms in {folder} are incomplete. Run it again.")
    finally:
        for process in processes:
            process.terminate()
            process.wait()
    print(f"computed in {time.monotonic() - began:.0f} s", flush=True)


def compute_file(folder: Path, name: str, parent: int | None = None) -> None:
    """Compute one file's phantoms; its JSON comes last and says that it is whole."""
    first = int(name.removesuffix(_SAME_CASES))
    pixels, records = np.empty((FILE, SIZE, SIZE), np.uint8), []
    for index, seed in enumerate(range(first, first + FILE)):
        if parent is not None and os.name == "posix" and os.getppid() != parent:
            return  # a killed benchmark leaves nobody behind
        if name.endswith(_SAME_CASES):
            case = compute_phantom(seed, 32).case
            phantom = compute_phantom(seed + AGAIN, OVERSAMPLING * SIZE // 2, case)
        else:
            phantom = compute_phantom(seed, OVERSAMPLING * SIZE // 2)
        # As the model was trained: shrunk as a reader's file is before the model sees it.
        pixels[index] = resize(phantom.pixels, SIZE)
        prompt = write_prompt(phantom.case, np.random.default_rng((phantom.seed, 1)))
        records.append({"findings": [astuple(finding) for finding in phantom.case.findings], "prompt": prompt})
    partial = folder / f".{name}.{os.getpid()}.npy"
    np.save(partial, pixels)
    partial.replace(folder / f"{name}.npy")
    write_atomically(folder / f"{name}.json", json.dumps(records).encode())


def resize(pixels: Pictures, size: int) -> Pictures:
    """Resize one gray picture to a square."""
    if pixels.shape == (size, size):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize((size, size), Image.Resampling.LANCZOS))


def _case(findings: list[list[Any]]) -> Case:
    return Case(tuple(Finding(Label(label), side and Side(side), *rest) for label, side, *rest in findings))


class Rows:
    """A file of JSON rows, each with a key of its own; a killed run goes on after the last whole one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._rows: dict[str, dict[str, Any]] = {}
        whole = 0
        content = path.read_bytes() if path.is_file() else b""
        for line in content.splitlines(keepends=True):
            try:
                row = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            self._rows[row["key"]] = row
        self._file = path.open("ab")
        self._file.truncate(whole)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def __getitem__(self, key: str) -> dict[str, Any]:
        return self._rows[key]

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, key: str, **values: object) -> None:
        """Add a row and leave it on disk.

        Raises:
            ValueError: There is one of this key.
        """
        if key in self._rows:
            raise ValueError(f"{key} is there")
        self._rows[key] = {"key": key, **values}
        self._file.write(json.dumps(self._rows[key]).encode() + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


if __name__ == "__main__":
    with contextlib.suppress(OSError, AttributeError):  # Windows has no niceness
        os.nice(19)
    started_by = os.getppid()
    for wanted in sys.argv[2:]:
        compute_file(Path(sys.argv[1]), wanted, started_by)
