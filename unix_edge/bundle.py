"""A bundle: the folder of graphs and weights that export writes and everything else opens (docs/bundle.md)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

import platformdirs

from .errors import EXPORT_AGAIN, BundleError
from .files import is_own, make_private_folder, read_regular, sha256, write_atomically
from .graphs import WEIGHTS_FILE, GraphSpec, ModelDims, buffer_rows, graph_spec, graphs_of
from .limits import MAX_SIDE
from .onnx_operators import find_foreign
from .preview import PATCH
from .sentences import Sentence
from .text import Text

FORMAT = 6
PRECISIONS = ("fp32", "fp16", "int8", "int4")
_OPTIONAL = ("preview", "quantisation", "findings")
"""Fields of a manifest that stand there only where they say something."""
MANIFEST = "manifest.json"
EMBEDDED = Path(__file__).parent / "models" / "unix-nano"
"""The small model that comes with the program; a bundle like any other."""
MAX_MANIFEST = 16 * 2**20
"""Bytes of a manifest that are read at most."""

_MAX_GRAPH = 1 << 28
_CHECKS = 2
"""Raised when `verify` looks at more, so that what it once let pass is looked at again."""
_MAX_DIM = 1 << 21
_MAX_BUFFERS = 1 << 36
"""Bytes of keys and values at most; the release's are 0.3 GB."""
_MAX_TEXT = 1000
REPLACED = Sentence("they were replaced or changed while they were in use")
START_AGAIN = Sentence("Start again.")


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """The ids that wrap texts and images."""

    bos: int
    eos: int
    start_of_image: int
    end_of_image: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What one file of a bundle must be."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ParityRecord:
    """One row of the table measured at export."""

    graph: str
    what: str
    difference: float
    """Largest difference over largest value, or as `what` says."""
    limit: float

    @property
    def share(self) -> float:
        """The difference as a share of its limit; of a limit of zero, none or infinitely much."""
        if self.limit:
            return self.difference / self.limit
        return float("inf") if self.difference else 0.0


@dataclass(frozen=True, slots=True)
class FindingsRow:
    """One figure of what engines find on phantoms."""

    what: str
    """A label, of which it is the F1, or as it says."""
    value: float
    difference: float
    """From that of the reference path in float32 on the same phantoms."""
    low: float
    high: float
    """The difference's paired 95 % interval."""


@dataclass(frozen=True, slots=True)
class FindingsRecord:
    """What a precision costs in findings."""

    phantoms: int
    first_seed: int
    processor: str
    """The instruction sets that mattered."""
    same_reports: float
    """Part of the reports that are word for word those of the reference path."""
    rows: tuple[FindingsRow, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in manifest.json."""

    created_by: str
    model: ModelDims
    config: Mapping[str, Any]
    """The checkpoint's whole config, for reading the checkpoint back; no engine wants it."""
    special_tokens: SpecialTokens
    precision: str
    """One of `PRECISIONS`: of the linears; the islands of float32 are in docs/bundle.md."""
    float32_layers: tuple[str, ...]
    """Layers that were kept in float32 because their activations leave float16's range, or linears because quantising
    would cost too much."""
    opset: int
    capacity: int
    """Positions of the understanding branch's buffers: image, prompt and report together."""
    trained: bool
    """False for random weights, whose words and pictures mean nothing."""
    trained_on: str
    """The only kind of images that the model has seen, `domain.COMPUTED_PHANTOMS`; empty where it is not said."""
    checkpoint: str
    """Name of the checkpoint's folder."""
    checkpoint_sha256: str
    files: Mapping[str, FileRecord]
    tools: Mapping[str, str]
    """Versions of the packages that made the bundle."""
    activations: Mapping[str, float] = field(default_factory=dict)
    """The largest value seen in each layer on the export's probe inputs; empty for fp32."""
    parity: tuple[ParityRecord, ...] = ()
    preview: tuple[tuple[float, ...], ...] = ()
    """How a latent becomes gray without the VAE (`preview.make_preview`): a row a channel and one for a constant.
    Empty, and then not in the file, where it was not fitted."""
    quantisation: Mapping[str, float] = field(default_factory=dict)
    """How far quantising moved what each linear gave on the export's probe inputs: root mean square of the difference
    over that of the values. Empty, and then not in the file, of a float's precision."""
    findings: FindingsRecord | None = None
    """What was found on phantoms; None, and then not in the file, where that was not counted."""
    format: int = FORMAT

    def to_json(self) -> str:
        """Return the text of manifest.json, which ends with a digest of all that stands above it."""
        content = asdict(self)
        for name in _OPTIONAL:
            if not content[name]:
                del content[name]
        content["digest"] = _digest(content)
        return json.dumps(content, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the text of a manifest of this format.

        Raises:
            ValueError: It is no manifest, or was changed.
        """
        raw = json.loads(text)
        if not isinstance(raw, dict) or not isinstance(raw.get("format"), int):
            raise _ManifestError(Sentence("its manifest is none"))
        if raw["format"] != FORMAT:
            problem = Sentence("it has format {0} and this program reads {1}", raw["format"], FORMAT)
            remedy = Sentence("Update UniX Edge.") if raw["format"] > FORMAT else EXPORT_AGAIN
            raise _ManifestError(problem, remedy)
        digest = raw.pop("digest", None)
        if digest != _digest(raw) or {*raw, *_OPTIONAL} != {each.name for each in fields(cls)}:
            raise _ManifestError(Sentence("its manifest was changed"))
        try:
            manifest = cls(
                **{
                    **raw,
                    "model": ModelDims(**raw["model"]),
                    "special_tokens": SpecialTokens(**raw["special_tokens"]),
                    "float32_layers": tuple(raw["float32_layers"]),
                    "files": {name: FileRecord(**record) for name, record in raw["files"].items()},
                    "parity": tuple(ParityRecord(**record) for record in raw["parity"]),
                    "findings": _findings(raw.get("findings")),
                    "preview": _weights(raw.get("preview", []), raw["model"]["latent_channels"]),
                }
            )
        except (TypeError, AttributeError) as error:
            raise _ManifestError(Sentence("its manifest does not follow the format")) from error
        if not _is_allowed(manifest):
            raise _ManifestError(Sentence("its manifest holds a value that cannot be"))
        if manifest.to_json() != text:
            raise _ManifestError(Sentence("its manifest was changed"))
        return manifest


def _is_allowed(manifest: Manifest) -> bool:
    """Return whether every value is of its type and could be one of a model, before anything is made of it."""
    dims, words = manifest.model, manifest.special_tokens
    sides = [getattr(dims, each.name) for each in fields(dims)]
    if any(type(each) is not int or not 1 <= each <= _MAX_DIM for each in (*sides, manifest.capacity)):
        return False
    if 8 * dims.layers * dims.kv_heads * dims.head_dim * manifest.capacity > _MAX_BUFFERS:
        return False
    if max(dims.image_size, dims.picture_size) > MAX_SIDE:
        return False
    ids = [getattr(words, each.name) for each in fields(words)]
    texts = [manifest.created_by, manifest.trained_on, manifest.checkpoint, manifest.checkpoint_sha256]
    texts += [*manifest.float32_layers, *manifest.tools.values()]
    return (
        all(type(each) is int and 0 <= each < dims.vocab_size for each in ids)
        and manifest.precision in PRECISIONS
        and type(manifest.trained) is bool
        and all(isinstance(each, str) and len(each) <= _MAX_TEXT for each in texts)
        and all(type(each.size) is int and isinstance(each.sha256, str) for each in manifest.files.values())
        and all(
            type(each) in (int, float) for each in (*manifest.activations.values(), *manifest.quantisation.values())
        )
        and all(
            isinstance(row.graph, str)
            and isinstance(row.what, str)
            and len(row.graph + row.what) <= _MAX_TEXT
            and type(row.difference) in (int, float)
            and type(row.limit) in (int, float)
            for row in manifest.parity
        )
    )


def _weights(rows: list[list[float]], channels: int) -> tuple[tuple[float, ...], ...]:
    """Return a preview's weights.

    Raises:
        TypeError: They are none for so many channels.
    """
    if rows and (len(rows) != channels + 1 or {len(row) for row in rows} != {PATCH * PATCH}):
        raise TypeError
    return tuple(tuple(float(each) for each in row) for row in rows)


def _findings(raw: dict[str, Any] | None) -> FindingsRecord | None:
    """Return what was found on phantoms.

    Raises:
        TypeError: It is no such record.
    """
    if raw is None:
        return None
    found = FindingsRecord(**{**raw, "rows": tuple(FindingsRow(**row) for row in raw["rows"])})
    texts = [found.processor, *(row.what for row in found.rows)]
    numbers = [found.same_reports]
    for row in found.rows:
        numbers += [row.value, row.difference, row.low, row.high]
    if (
        any(not isinstance(each, str) or len(each) > _MAX_TEXT for each in texts)
        or any(type(each) not in (int, float) for each in numbers)
        or any(type(each) is not int for each in (found.phantoms, found.first_seed))
    ):
        raise TypeError
    return found


class _ManifestError(ValueError):
    def __init__(self, problem: Sentence, remedy: Sentence = EXPORT_AGAIN) -> None:
        super().__init__(str(problem))
        self.problem, self.remedy = problem, remedy


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened bundle."""

    folder: Path
    manifest: Manifest
    state: Mapping[str, Any] | None = field(default=None, compare=False)
    """Of its files when they were found to be what the manifest says; None of one that is just being made."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a bundle: its manifest and its set of files are checked always, its hashes the first time.

        Raises:
            BundleError: It is missing, incomplete, changed, or of another format.
        """
        manifest = read_manifest(folder)
        bundle = cls(folder, manifest)
        bundle._check_files()
        bundle = cls(folder, manifest, bundle._state())
        key = hashlib.sha256(manifest.to_json().encode()).hexdigest()
        record = platformdirs.user_cache_path("unix-edge") / "verified" / f"{key}.json"
        state = json.dumps([_CHECKS, bundle.state])
        try:
            known = is_own(record.parent) and is_own(record) and record.read_text("utf-8") == state
        except (OSError, ValueError):
            known = False
        if not known:
            bundle.verify()
            bundle.require_unchanged()
            try:
                make_private_folder(record.parent)
                write_atomically(record, state.encode(), private=True)  # else a wide umask makes it nobody's own
            except Exception:  # a cache that cannot be written only costs time
                pass
        return bundle

    @property
    def graphs(self) -> tuple[str, ...]:
        """The names of its graphs."""
        return graphs_of(self.manifest.precision)

    def graph_spec(self, graph: str) -> GraphSpec:
        """Return the interface that one of its graphs must have."""
        manifest = self.manifest
        return graph_spec(graph, manifest.model, buffer_rows(graph, manifest.precision, manifest.capacity))

    def require_unchanged(self) -> None:
        """Refuse to go on with files that are not those that were opened, as when another export took their place.

        Raises:
            BundleError: They are others, or were changed.
        """
        if self.state is not None and self.state != self._state():
            raise BundleError(self.folder, REPLACED, START_AGAIN)

    def verify(self) -> None:
        """Hash every file, and read which operators the graphs hold.

        Raises:
            BundleError: A file is missing, surplus or changed, or a graph holds more than standard operators.
        """
        self._check_files()
        for name, record in self.manifest.files.items():
            graph = name.endswith(".onnx")
            try:
                content = read_regular(self.folder / name, _MAX_GRAPH) if graph else b""
                same = (hashlib.sha256(content).hexdigest() if graph else sha256(self.folder / name)) == record.sha256
                foreign = find_foreign(memoryview(content)) if same else ""
            except (OSError, ValueError):
                same, foreign = False, ""
            if not same:
                raise BundleError(self.folder, Sentence("{0} was changed or cannot be read", name))
            if foreign:
                raise BundleError(self.folder, Sentence("{0} holds {1}, which no graph of ours does", name, foreign))

    def text(self) -> Text:
        """Load the tokenizer."""
        tokens = self.manifest.special_tokens
        try:
            text = Text.load(self.folder, tokens.bos, tokens.eos)
        except (OSError, ValueError) as error:
            raise BundleError(self.folder, Sentence("its tokenizer cannot be read ({0})", error)) from error
        self.require_unchanged()
        return text

    def _check_files(self) -> None:
        listed = set(self.manifest.files)
        if not {WEIGHTS_FILE, *(f"{graph}.onnx" for graph in self.graphs)} <= listed:
            raise BundleError(self.folder, Sentence("its manifest does not list every graph"))
        present = {path.name for path in self.folder.iterdir()} - {MANIFEST}
        if missing := sorted(listed - present):
            raise BundleError(self.folder, Sentence("{0} is missing", ", ".join(missing[:5])))
        if surplus := sorted(present - listed):
            raise BundleError(
                self.folder, Sentence("{0} does not belong to it", ", ".join(surplus[:5])), Sentence("Remove it.")
            )
        for name, record in self.manifest.files.items():
            path = self.folder / name
            if path.is_symlink() or not path.is_file() or path.stat().st_size != record.size:
                raise BundleError(self.folder, Sentence("{0} was changed or cannot be read", name))

    def _state(self) -> dict[str, Any]:
        """Return what changes when a file does, as far as that is to be seen without reading it."""
        try:
            stats = {name: (self.folder / name).stat() for name in sorted([MANIFEST, *self.manifest.files])}
        except OSError:
            raise BundleError(self.folder, REPLACED, START_AGAIN) from None
        files = {name: [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino] for name, stat in stats.items()}
        return {"folder": str(self.folder.resolve()), "files": files}


def read_manifest(folder: Path) -> Manifest:
    """Read a bundle's manifest, and look at no other file.

    Raises:
        BundleError: There is none, or it was changed or is of another format.
    """
    if not folder.is_dir():
        raise BundleError(folder, Sentence("there is no such folder"))
    path = folder / MANIFEST
    try:
        return Manifest.from_json(read_regular(path, MAX_MANIFEST).decode("utf-8"))
    except _ManifestError as error:
        raise BundleError(folder, error.problem, error.remedy) from None
    except FileNotFoundError:
        raise BundleError(folder, Sentence("it holds no manifest.json")) from None
    except (ValueError, RecursionError, OSError) as error:
        raise BundleError(folder, Sentence("its manifest was changed")) from error


def user_bundles() -> Path:
    """Return the folder where exports go, and are looked for, by default."""
    return platformdirs.user_data_path("unix-edge") / "engines"
