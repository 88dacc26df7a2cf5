"""What this machine made of a bundle: TensorRT engines, in the user's cache folder, each with its hash.

An engine is native code: one is only ever handed to a runtime from here, and only after its hash. Two kinds stand here:

- those that `export --tensorrt-rtx` built ahead of time, a folder a bundle (`find_engine`);
- those that a provider built when it first opened a graph, a folder an engine (`EngineCache`). The folder is named
  after all that an engine depends on, so that a checkpoint, a card, a driver or a version never gets another's.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from .bundle import MANIFEST, Bundle, FileRecord
from .errors import UnixEdgeError
from .files import folder_written_aside, is_own, make_private_file, make_private_folder, sha256, write_atomically
from .leftovers import Held, remove_dead

FORMAT = 1
LIMIT = 24 * 10**9
"""Bytes of engines that are kept; a bundle of the release's size has 11 GB of them."""
_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class EngineManifest:
    """What stands in a cache folder's manifest.json."""

    tensorrt_rtx: str
    """Version of TensorRT-RTX that built the engines."""
    files: Mapping[str, FileRecord]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it into its folder."""
        write_atomically(folder / MANIFEST, json.dumps(asdict(self), indent=1).encode())


def cache_folder(bundle: Bundle) -> Path:
    """Return where a bundle's engines stand: named after its manifest, so that another bundle's are never taken.

    TensorRT-RTX engines hold no kernels of a card yet; a card's name is not part of the key.
    """
    return platformdirs.user_cache_path("unix-edge") / "tensorrt-rtx" / sha256(bundle.folder / MANIFEST)


def find_engine(bundle: Bundle, graph: str) -> Path | None:
    """Return a graph's EPContext model if it and its engine are this user's, whole and unchanged; else None."""
    folder = cache_folder(bundle)
    if not all(map(is_own, (folder.parent, folder))):
        return None
    try:
        raw = _read(folder)
        records = {name: raw["files"][name] for name in (f"{graph}.onnx", f"{graph}.engine")}
        if raw["format"] != FORMAT or not _are_unchanged(folder, records):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder / f"{graph}.onnx"


@dataclass(frozen=True, slots=True)
class EngineKey:
    """All that an engine depends on."""

    bundle: str
    """SHA-256 of the bundle's manifest, which names those of all its files."""
    graph: str
    card: str
    compute_capability: str
    driver: str
    builder: str
    """What built it, with its version."""
    onnxruntime: str
    precision: str
    shapes: str
    """Ranges of the dynamic dims."""

    @property
    def folder_name(self) -> str:
        """The name of its folder."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


class EngineCache:
    """Engines that were built at first use; those that were not used for longest go when there are too many."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder, self._limit = folder, limit

    @classmethod
    def of_user(cls) -> "EngineCache":
        """Return the one in the user's cache folder."""
        return cls(platformdirs.user_cache_path("unix-edge") / "engines")

    @contextmanager
    def entry(self, key: EngineKey) -> Iterator[tuple[Path, bool] | None]:
        """Yield a folder, and whether an engine of this key stands there; else it is to be built into it.

        What was built is kept when the block ends, and nothing of it if it fails. Another process that wants the same
        engine waits until then. None: nothing can be kept here, for the folder is another user's, or full.
        """
        done = False
        try:
            with contextlib.ExitStack() as held:
                entry = self._enter(key, held)
                yield entry
                done = True
                if entry is not None and not entry[1]:
                    self._seal(entry[0], key)
            if entry is not None and not entry[1]:
                self._prune(self._folder / key.folder_name)
        except (OSError, UnixEdgeError):
            if not done:
                raise  # it was the block's; what is built and cannot be kept, as on a full disk, is used all the same

    def discard(self, key: EngineKey) -> None:
        """Remove an engine: whole as it was sealed, a runtime could not read it."""
        self._remove(self._folder / key.folder_name)

    def find(self, key: EngineKey) -> Path | None:
        """Return an engine's folder if it is of this key, and all in it this user's, whole and unchanged; else None."""
        folder = self._folder / key.folder_name
        if not all(map(is_own, (self._folder, folder))):
            return None
        try:
            raw = _read(folder)
            whole = bool(raw["files"]) and set(raw["files"]) == {path.name for path in folder.iterdir()} - {MANIFEST}
            same = raw["key"] == asdict(key) and _are_unchanged(folder, raw["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return folder if whole and same else None

    def _enter(self, key: EngineKey, held: contextlib.ExitStack) -> tuple[Path, bool] | None:
        """Lock an engine's place; return what `entry` yields."""
        target, lock = self._folder / key.folder_name, Held()
        held.callback(lock.close)
        try:
            if not self._folder.exists():
                make_private_folder(self._folder)
            if not is_own(self._folder):  # another's, or writable by others: not taken over
                return None
            place = self._folder / f"{key.folder_name}{_LOCK}"
            make_private_file(place)
            lock.add(place)
            remove_dead(self._folder, target.name)
            if self.find(key):
                os.utime(target / MANIFEST)  # used now
                return target, True
            staging = held.enter_context(folder_written_aside(target))
            make_private_folder(staging)
        except (OSError, UnixEdgeError):
            return None
        return staging, False

    def _seal(self, folder: Path, key: EngineKey) -> None:
        files = {}
        for path in sorted(folder.iterdir()):
            make_private_file(path)
            files[path.name] = asdict(FileRecord(path.stat().st_size, sha256(path)))
        write_atomically(folder / MANIFEST, json.dumps({"key": asdict(key), "files": files}, indent=1).encode())
        make_private_file(folder / MANIFEST)

    def _prune(self, latest: Path) -> None:
        """Remove engines until the rest is small enough, those first that were used longest ago; never the latest."""
        entries = []
        for manifest in self._folder.glob(f"[0-9a-f]*/{MANIFEST}"):
            with contextlib.suppress(OSError):
                size = sum(path.stat().st_size for path in manifest.parent.iterdir())
                entries.append((manifest.parent != latest, manifest.stat().st_mtime, manifest.parent, size))
        left = sum(size for *_, size in entries)
        for other, _, folder, size in sorted(entries, key=lambda each: each[1]):
            if left > self._limit and other:
                self._remove(folder)
                left -= size

    def _remove(self, folder: Path) -> None:
        """Take the manifest first: an engine without one is never handed out, even if the rest cannot be removed."""
        with contextlib.suppress(OSError):
            (folder / MANIFEST).unlink()
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
            folder.with_name(folder.name + _LOCK).unlink()


def _read(folder: Path) -> dict[str, Any]:
    """Read a cache folder's manifest, which must be this user's."""
    path = folder / MANIFEST
    if not is_own(path):
        raise PermissionError
    raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return raw


def _are_unchanged(folder: Path, records: Mapping[str, Mapping[str, Any]]) -> bool:
    for name, raw in records.items():
        record, path = FileRecord(**raw), folder / name
        if not is_own(path) or path.stat().st_size != record.size or sha256(path) != record.sha256:
            return False
    return True
