"""Many radiographs to a folder of drafts: one bad file stops nothing, and what is finished is not done again."""

import contextlib
import csv
import hashlib
import json
import os
import re
import stat
import sys
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from .console import explain
from .domain import OUT_OF_DOMAIN
from .errors import (
    BundleError,
    CardMemoryError,
    DeviceUnavailableError,
    ImageError,
    NoSpaceError,
    OutputError,
    PromptError,
    SettingsError,
)
from .files import open_private, write_atomically
from .isolated.child import open_source
from .leftovers import remove_dead
from .model import UniX
from .provenance import RESEARCH_ONLY, UNTRAINED
from .report import Ended, Report, ReportSettings
from .results.ai_mark import AiMark
from .results.drafting import draft
from .sentences import Sentence, harmless, path_as_text, system_says

OUTCOMES = "outcomes.csv"
_SPECIAL = Sentence("it is no regular file")
_SHOWN = 2
"""Counts the ways in which files were shown to the model: a draft of another way is not the one that would be made."""
CONCERNS_ALL = (
    PromptError,
    SettingsError,
    NoSpaceError,
    OutputError,
    BundleError,
    DeviceUnavailableError,
    CardMemoryError,
)
"""What would fail for every other file too, so that going on is no use."""


class Status(StrEnum):
    """What became of one file."""

    DRAFTED = "drafted"
    CUT = "drafted (cut at the token limit)"
    KEPT = "already drafted"
    """By an earlier run, from the same bytes with the same model and settings."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """A pipe, a socket or a device."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of outcomes.csv."""

    file: Path
    status: Status
    output: str = ""
    """Name of the draft in the folder."""
    seconds: float = 0.0
    error: str = ""
    warnings: tuple[Sentence, ...] = ()
    """What is odd about the image and did not keep it from being read."""


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """What is written, and where."""

    folder: Path
    """Of the drafts and of outcomes.csv; it exists."""
    as_json: bool = False
    sr_folder: Path | None = None
    """Where a structured report of each draft goes; it exists."""
    assume_frontal_chest: bool = False


def list_files(paths: Sequence[Path], left_out: Sequence[Path] = ()) -> list[Path]:
    """Return the files named and, sorted, the regular files below the folders named; hidden ones are left out.

    Args:
        paths: Files and folders; links within folders are not followed.
        left_out: Folders that drafts are written to, where they lie within those.

    Raises:
        ImageError: A folder holds no file.
    """
    files: list[Path] = []
    written = set(map(_identity, left_out))
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        found = [] if _identity(path) in written else [each for each in _walk(path, written) if not is_special(each)]
        if not found:
            raise ImageError(shown(path), Sentence("the folder holds no file"))
        files += sorted(found)
    return files


def list_skipped(paths: Sequence[Path]) -> list[Path]:
    """Return, sorted, the pipes, sockets and devices below the folders named, which nothing is read from."""
    return sorted(each for path in paths if path.is_dir() for each in _walk(path, ()) if is_special(each))


def draft_files(
    unix: UniX, files: Sequence[Path], settings: ReportSettings, batch: BatchSettings
) -> Generator[Outcome]:
    """Yield what became of each file; each draft is on disk, and its row in outcomes.csv, before it is told.

    Raises:
        NoSpaceError, OutputError, PromptError: What would fail for the rest too.
    """
    path = batch.folder / OUTCOMES
    with _held(batch.folder):
        for folder in filter(None, (batch.folder, batch.sr_folder)):
            remove_dead(folder)
        # Written as every file is, so that a link is replaced and never followed; then it grows row by row.
        write_atomically(path, b"", private=True)
        try:
            with open(
                path, "a", encoding="utf-8", errors="backslashreplace", newline="", opener=_open_no_link
            ) as stream:
                rows = csv.writer(stream, quoting=csv.QUOTE_ALL)
                rows.writerow(["file", "status", "seconds", "output", "error", "warnings"])
                for file in files:
                    outcome = _try_to_draft(unix, file, settings, batch)
                    cells = [
                        str(file),
                        outcome.status,
                        f"{outcome.seconds:.1f}",
                        outcome.output,
                        outcome.error,
                    ]
                    cells.append(" ".join(map(str, outcome.warnings)))
                    rows.writerow([_harmless(cell) for cell in cells])
                    stream.flush()
                    yield outcome
        except OSError as error:
            raise OutputError(path, system_says(error)) from error


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder against other batches, which would write the same table; it is free when this process is gone."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise OutputError(folder / OUTCOMES, system_says(error)) from error
    try:
        with contextlib.suppress(OSError):  # some shares know no locks
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                problem = Sentence("another run is writing drafts into the same folder; wait for it, or name another")
                raise OutputError(folder / OUTCOMES, problem) from None
        yield
    finally:
        os.close(descriptor)


def _open_no_link(path: str, flags: int) -> int:
    return open_private(path, flags | getattr(os, "O_NOFOLLOW", 0))


def is_special(path: Path) -> bool:
    """Return whether a path is a pipe, a socket or a device, which may never end or do something when it is read."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def shown(path: Path) -> str:
    """Return a file's name as a terminal can be given it."""
    return harmless(path.name)


def as_json(report: Report) -> dict[str, Any]:
    """Return a draft as JSON holds it."""
    return {
        "text": report.text,
        "findings": report.findings,
        "impression": report.impression,
        "tokens": list(report.tokens),
        "log_probabilities": [round(each, 6) + 0.0 for each in report.log_probabilities],
        "ended": report.ended.value,
        "status": "DRAFT, not verified",
        **AiMark(report.provenance, edited=False).as_dict(),
        "in_domain": report.in_domain,
        "warnings": list(map(str, report.warnings)),
        "provenance": report.provenance.as_dict(),
    }


def as_text(report: Report) -> str:
    """Return the draft between what it is and where it comes from, its mark included."""
    made = report.provenance
    words = ["AI DRAFT, NOT VERIFIED.", RESEARCH_ONLY]
    words += [] if made.trained else [UNTRAINED]
    words += [str(OUT_OF_DOMAIN)] if report.in_domain is False else []
    words += map(str, report.warnings)
    mark = AiMark(made, edited=False).as_line()
    cut = "" if report.ended is Ended.FINISHED else "\n[The draft is cut here: the model had not ended it.]\n"
    return f"{' '.join(words)}\n\n{report.text.strip()}\n{cut}\n--\n{mark}\n{json.dumps(made.as_dict())}"


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what is the same for all names of a folder, as where upper and lower case do not count."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _walk(folder: Path, left_out: Collection[tuple[int, int] | None]) -> Iterator[Path]:
    """Yield what lies below a folder but folders and links; one that cannot be listed is yielded, to be told of."""
    closed: list[Path] = []
    for root, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [
            name for name in folders if not name.startswith(".") and _identity(Path(root, name)) not in left_out
        ]
        for path in (Path(root, name) for name in names if not name.startswith(".")):
            if not path.is_symlink():
                yield path
    yield from closed


def _try_to_draft(unix: UniX, file: Path, settings: ReportSettings, batch: BatchSettings) -> Outcome:
    began = time.perf_counter()
    if is_special(file):
        return Outcome(file, Status.SKIPPED, error=str(ImageError(shown(file), _SPECIAL).sentence))
    try:
        outcome = _draft(unix, file, settings, batch)
    except CONCERNS_ALL:
        raise
    except Exception as error:  # whatever one file does, the others have their turn
        outcome = Outcome(file, Status.FAILED, error=str(explain(error)))
    return replace(outcome, seconds=time.perf_counter() - began)


def _draft(unix: UniX, file: Path, settings: ReportSettings, batch: BatchSettings) -> Outcome:
    """Draft one file unless that was done."""
    name = _name(unix, file, settings)
    path = batch.folder / f"{name}.{'json' if batch.as_json else 'txt'}"
    sr_path = batch.sr_folder / f"{name}.sr.dcm" if batch.sr_folder else None
    if path.is_file() and (sr_path is None or sr_path.is_file()):
        return Outcome(file, Status.KEPT, path.name)
    made = draft(unix, file, settings, sr=sr_path, assume_frontal_chest=batch.assume_frontal_chest)
    content = json.dumps({"file": path_as_text(file), **as_json(made)}, indent=1) if batch.as_json else as_text(made)
    write_atomically(path, f"{content}\n".encode(errors="backslashreplace"), private=True)
    status = Status.CUT if made.ended is Ended.MAX_TOKENS else Status.DRAFTED
    warnings = (*made.warnings, OUT_OF_DOMAIN) if made.in_domain is False else made.warnings
    return Outcome(file, status, path.name, warnings=warnings)


def _name(unix: UniX, file: Path, settings: ReportSettings) -> str:
    """Return a name without a suffix: the file's own, made safe, and a hash of its bytes, the model and the settings.

    So files of the same name do not collide, and a draft that exists is the one that would be made again.
    """
    if not file.is_file():
        raise ImageError(shown(file), _SPECIAL if file.exists() else Sentence("there is no such file"))
    try:
        stream, _ = open_source(file)  # which looks at its size
        with stream:
            digest = hashlib.sha256()
            while piece := stream.read(1 << 20):
                digest.update(piece)
            source = digest.hexdigest()
    except ImageError as error:
        raise ImageError(shown(file), error.problem) from None
    except OSError as error:
        raise ImageError(shown(file), Sentence("it cannot be opened ({0})", system_says(error))) from None
    manifest = unix.sessions.bundle.manifest
    made_from = [source, manifest.checkpoint_sha256, manifest.precision, asdict(settings), _SHOWN]
    key = hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:12]
    stem = re.sub(r"\.(dcm|dicom|png|jpe?g)$", "", file.name, flags=re.IGNORECASE)
    safe = re.sub(r"[^A-Za-z0-9_]+", "-", stem)[:40].strip("-")
    return f"{safe or 'image'}-{key}"


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
