"""Files that are either whole or not there: write aside, then rename."""

import contextlib
import errno
import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .errors import NoSpaceError, OutputError


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or leave what was there.

    Raises:
        NoSpaceError: The disk is full.
        OutputError: The folder is missing or not writable.
    """
    partial: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            partial = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o644)
        partial.replace(path)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)


@contextlib.contextmanager
def folder_written_aside(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside `target` that takes its place at the end; on any failure nothing is left.

    A folder that stood at `target` is replaced only then.

    Raises:
        NoSpaceError: The disk is full.
        OutputError: `target` cannot be made.
    """
    made = [parent for parent in (target.parent, *target.parent.parents) if not parent.exists()]
    staging: Path | None = None
    done = False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.partial-"))
        yield staging
        staging.chmod(0o755)
        if target.exists():
            replaced = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.replaced-"))
            target.rename(replaced / target.name)
            try:
                staging.rename(target)
            except OSError:
                (replaced / target.name).rename(target)
                raise
            finally:
                shutil.rmtree(replaced, ignore_errors=True)
        else:
            staging.rename(target)
        done = True
    except OSError as error:
        raise _explained(error, target) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        if not done:
            for parent in made:
                with contextlib.suppress(OSError):
                    parent.rmdir()


def unused_path(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path in a folder, which is made where it is missing, that nothing has; the name ends in a number.

    Raises:
        NoSpaceError, OutputError: There is no such folder to be had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(error, folder) from error
    numbers = itertools.count(1)
    return next(path for number in numbers if not (path := folder / f"{stem} {number}{suffix}").exists())


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _explained(error: OSError, path: Path) -> NoSpaceError | OutputError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpaceError(path.parent)
    return OutputError(path, error.strerror or type(error).__name__)
