"""What this machine made of a bundle: TensorRT-RTX engines, in the user's cache folder, each with its hash.

An engine is native code: one is only ever handed to a runtime from here, and only after its hash.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from .bundle import MANIFEST, Bundle, FileRecord
from .files import is_own, sha256, write_atomically

FORMAT = 1


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
    if not all(map(is_own, (folder.parent, folder, folder / MANIFEST))):
        return None
    try:
        raw = json.loads((folder / MANIFEST).read_text("utf-8"))
        records = {name: FileRecord(**raw["files"][name]) for name in (f"{graph}.onnx", f"{graph}.engine")}
        if raw["format"] != FORMAT:
            return None
        for name, record in records.items():
            path = folder / name
            if not is_own(path) or path.stat().st_size != record.size or sha256(path) != record.sha256:
                return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder / f"{graph}.onnx"
