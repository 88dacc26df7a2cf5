"""Read a checkpoint, from a folder in the release's layout or from a bundle: strictly, never running code from it."""

import hashlib
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from unix_edge.bundle import MANIFEST, Bundle
from unix_edge.errors import CheckpointError, TensorsError, UnixEdgeError
from unix_edge.graphs import QUANTISED_PRECISIONS, WEIGHTS_FILE
from unix_edge.sentences import Sentence
from unix_edge.tokenizer_files import TOKENIZER, TOKENIZER_CONFIG

from .config import UniXConfig, config_from_json, read_config
from .model import UniX
from .names import Shape, Source, checkpoint_shapes, model_names, vae_names
from .precision import cast_inputs_of_linears, choose_dtypes

WEIGHTS = "model.safetensors"
VAE_WEIGHTS = "vae/kl-f16d16.ckpt"

_LIGHTNING = ("pytorch_lightning.", "lightning.", "lightning_fabric.", "lightning_utilities.")
"""Trainers leave objects of these packages in a latent-diffusion checkpoint; they are read as inert stubs."""


_FLOATS = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
"""What weights are made of, as safetensors and as PyTorch call it."""
_NO_FLOATS = Sentence("tensors are no plain floating point numbers")


class _Inert:
    """Stands for an object of a package that is neither here nor needed; does nothing with what it is given."""

    def __init__(self, *args: object, **kwargs: object) -> None: ...

    def __setstate__(self, state: object) -> None: ...


class CheckpointReader(ABC):
    """A checkpoint whose every tensor's name and shape has been checked; tensors are read when asked for."""

    def __init__(self, folder: Path, name: str, config: UniXConfig, skeleton: UniX, sources: dict[str, Source]) -> None:
        """Take what has been checked.

        Args:
            folder: Where it is.
            name: What it is called.
            config: Its config.
            skeleton: The reference path without memory for its weights, as far as the checkpoint has any.
            sources: Every parameter of the skeleton with where it comes from.
        """
        self.folder, self.name, self.config = folder, name, config
        self.skeleton, self.sources = skeleton, sources

    def tensor(self, parameter: str) -> Tensor:
        """Read one parameter of the reference path, in the dtype and values of the file and our shape.

        Raises:
            CheckpointError: It holds values that are not finite.
        """
        source = self.sources[parameter]
        try:
            raw = self._read(parameter, source)
        except SafetensorError as error:
            raise CheckpointError(self.folder, Sentence("{0} cannot be read ({1})", source.name, error)) from error
        if not raw.isfinite().all():
            raise CheckpointError(self.folder, Sentence("{0} holds values that are not finite", source.name))
        return raw.reshape(self.skeleton.get_parameter(parameter).shape)

    @abstractmethod
    def sha256(self) -> str:
        """Return the hash of the weights, model and VAE."""

    @abstractmethod
    def weights_bytes(self) -> int:
        """Return the size of the weights on disk, model and VAE."""

    @abstractmethod
    def make_skeleton(self) -> UniX:
        """Build the reference path without memory for its weights, as far as the checkpoint has any."""

    @abstractmethod
    def _read(self, parameter: str, source: Source) -> Tensor:
        """Read a parameter's values, of whatever shape."""


class Checkpoint(CheckpointReader):
    """A checkpoint folder in the release's layout.

    Raises:
        CheckpointError: The folder, a file or the config cannot be used.
        TensorsError: Tensors are missing, surplus or of another shape; they are named.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CheckpointError(folder, Sentence("there is no such folder"))
        for name in (WEIGHTS, VAE_WEIGHTS, TOKENIZER, TOKENIZER_CONFIG):
            if not (folder / name).is_file():
                raise CheckpointError(folder, Sentence("{0} is missing", name))
        config = read_config(folder)
        super().__init__(folder, folder.name, config, make_skeleton(config), model_names(config) | vae_names(config))
        self._weights = _open_safetensors(folder / WEIGHTS)
        _compare(folder / WEIGHTS, checkpoint_shapes(config), _shapes(self._weights))
        _require_floats(folder / WEIGHTS, self._weights)
        self._vae = _load_vae(folder / VAE_WEIGHTS, vae_names(config).values())

    def sha256(self) -> str:
        """Hash the weights, model and VAE."""
        digest = hashlib.sha256()
        for name in (WEIGHTS, VAE_WEIGHTS):
            with (self.folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    def weights_bytes(self) -> int:
        """Return the size of the weights on disk, model and VAE."""
        return sum((self.folder / name).stat().st_size for name in (WEIGHTS, VAE_WEIGHTS))

    def make_skeleton(self) -> UniX:
        """Build the reference path without memory for its weights."""
        return make_skeleton(self.config)

    def _read(self, parameter: str, source: Source) -> Tensor:
        raw = self._vae[source.name] if parameter.startswith("vae.") else self._weights.get_tensor(source.name)
        return raw if source.part is None else raw.chunk(3)[source.part]


class BundledCheckpoint(CheckpointReader):
    """A checkpoint read back from a bundle, once all its hashes are verified; it has no VAE encoder.

    Raises:
        BundleError: The bundle is missing, incomplete, changed, or of another format.
        CheckpointError: Its config cannot be.
        TensorsError: Tensors are missing, surplus or of another shape; they are named.
    """

    def __init__(self, folder: Path) -> None:
        bundle = Bundle.open(folder)
        bundle.verify()
        self._manifest = bundle.manifest
        if self._manifest.precision in QUANTISED_PRECISIONS:
            rounded = Sentence("its weights are {0}; use the checkpoint it was made of", self._manifest.precision)
            raise CheckpointError(folder, rounded)
        config = config_from_json(folder, self._manifest.config)
        skeleton = _without_encoder(config, folder)
        parameters = dict(skeleton.named_parameters())
        named = model_names(config) | vae_names(config)
        sources = {parameter: source for parameter, source in named.items() if parameter in parameters}
        super().__init__(folder, self._manifest.checkpoint, config, skeleton, sources)
        self._weights = _open_safetensors(folder / WEIGHTS_FILE)
        expected: dict[str, Shape] = {}
        for name, source in sources.items():
            shape = tuple(parameters[name].T.shape if self._is_transposed(name) else parameters[name].shape)
            if beside := expected.get(source.stored_name):
                shape = (*shape[:-1], beside[-1] + shape[-1])
            expected[source.stored_name] = shape
        _compare(folder / WEIGHTS_FILE, expected, _shapes(self._weights))
        _require_floats(folder / WEIGHTS_FILE, self._weights)

    def sha256(self) -> str:
        """Return the hash of the checkpoint that the bundle was made of."""
        return self._manifest.checkpoint_sha256

    def weights_bytes(self) -> int:
        """Return the size of the weights on disk."""
        return (self.folder / WEIGHTS_FILE).stat().st_size

    def make_skeleton(self) -> UniX:
        """Build the reference path without memory for its weights and without the VAE's encoder."""
        return _without_encoder(self.config, self.folder)

    def _read(self, parameter: str, source: Source) -> Tensor:
        raw: Tensor = self._weights.get_tensor(source.stored_name)
        if source.packed:
            raw = raw.narrow(-1, source.first, source.shape[0]).contiguous()
        return raw.T.contiguous() if self._is_transposed(parameter) else raw

    def _is_transposed(self, parameter: str) -> bool:
        owner, _, attribute = parameter.rpartition(".")
        return attribute == "weight" and isinstance(self.skeleton.get_submodule(owner), nn.Linear)


def _without_encoder(config: UniXConfig, folder: Path) -> UniX:
    model = make_skeleton(config)
    model.vae.encoder, model.vae.quant_conv = _NoEncoder(folder), None
    return model


def _shapes(weights: Any) -> dict[str, Shape]:
    return {name: tuple(weights.get_slice(name).get_shape()) for name in list(weights.keys())}


def _require_floats(path: Path, weights: Any) -> None:
    kinds = {name: weights.get_slice(name).get_dtype() for name in list(weights.keys())}
    if other := sorted(f"{name} is {kind}" for name, kind in kinds.items() if kind not in _FLOATS):
        raise TensorsError(path, _NO_FLOATS, other)


class _NoEncoder(nn.Module):
    """Stands where a bundle holds nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def forward(self, _pixels: Tensor) -> Tensor:
        raise UnixEdgeError(
            Sentence(
                "Nothing was encoded: the bundle {0} holds no VAE encoder; use the checkpoint it was made of.",
                self.folder,
            )
        )


def open_checkpoint(folder: Path) -> CheckpointReader:
    """Open a bundle's folder or one in the release's layout; raises what their classes raise."""
    return BundledCheckpoint(folder) if (folder / MANIFEST).is_file() else Checkpoint(folder)


def make_skeleton(config: UniXConfig) -> UniX:
    """Build the reference path without memory for its weights (all on the meta device)."""
    with torch.device("meta"):
        model = UniX(config)
    # The one buffer; it is an index, not a weight, and no checkpoint holds it.
    model.vision.tower.embeddings.register_buffer(
        "position_ids", torch.arange(config.vision.num_patches)[None], persistent=False
    )
    return model.eval().requires_grad_(requires_grad=False)


def load_reference(
    checkpoint: CheckpointReader, dtype: torch.dtype = torch.float32, keep_float32: Collection[str] = ()
) -> UniX:
    """Load the reference path with its linears in float32, float16 or bfloat16 (see `precision.py`)."""
    model = checkpoint.make_skeleton()
    dtypes = choose_dtypes(model, dtype, keep_float32)
    state = {name: checkpoint.tensor(name).to(wanted) for name, wanted in dtypes.items()}
    model.load_state_dict(state, strict=True, assign=True)
    cast_inputs_of_linears(model)
    return model.eval().requires_grad_(requires_grad=False)


def _open_safetensors(path: Path) -> Any:
    try:
        return safe_open(path, framework="pt")
    except (SafetensorError, OSError) as error:
        raise CheckpointError(path, Sentence("it is cut short or no safetensors file ({0})", error)) from error


def _compare(path: Path, expected: dict[str, Shape], found: dict[str, Shape]) -> None:
    if missing := sorted(expected.keys() - found.keys()):
        raise TensorsError(path, Sentence("tensors are missing"), missing)
    if surplus := sorted(found.keys() - expected.keys()):
        raise TensorsError(path, Sentence("tensors are surplus"), surplus)
    wrong = [f"{name} is {found[name]}, not {shape}" for name, shape in expected.items() if found[name] != tuple(shape)]
    if wrong:
        raise TensorsError(path, Sentence("tensors have another shape than config.json says"), wrong)


def _load_vae(path: Path, sources: Iterable[Source]) -> dict[str, Tensor]:
    """Read the VAE's tensors from its pickle."""
    raw = _unpickle(path)
    state = raw.get("state_dict") if isinstance(raw, dict) else None
    if not isinstance(state, dict):
        raise CheckpointError(path, Sentence("it has no state_dict"))
    tensors = {
        name: value
        for name, value in state.items()
        if isinstance(name, str) and isinstance(value, Tensor) and not name.startswith("loss.")
    }
    if other := sorted(f"{name} is {value.layout}, {value.dtype}" for name, value in tensors.items() if _is_odd(value)):
        raise TensorsError(path, _NO_FLOATS, other)
    _compare(path, {s.name: s.shape for s in sources}, {name: tuple(value.shape) for name, value in tensors.items()})
    for name, value in tensors.items():
        if value.numel() * value.element_size() > value.untyped_storage().nbytes():
            raise CheckpointError(path, Sentence("{0} claims more values than the file holds", name))
    return tensors


def _is_odd(value: Tensor) -> bool:
    """Return whether it is sparse, nested, quantised, without data, or of other numbers than a weight."""
    plain = type(value) in (Tensor, nn.Parameter) and value.layout is torch.strided
    return not plain or value.is_nested or value.is_meta or value.dtype not in _FLOATS.values()


def _unpickle(path: Path) -> object:
    """Read a PyTorch pickle with `weights_only=True`; whatever that refuses stays refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            compressed = any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist())
        unknown = [] if compressed else torch.serialization.get_unsafe_globals_in_checkpoint(path)
    except (zipfile.BadZipFile, OSError):
        raise CheckpointError(path, Sentence("it is cut short or no PyTorch checkpoint")) from None
    except Exception as error:  # whatever a hostile pickle makes torch raise
        raise CheckpointError(
            path, Sentence("PyTorch cannot list what it holds ({0})", type(error).__name__)
        ) from error
    if compressed:
        raise CheckpointError(path, Sentence("it is compressed, which PyTorch never does"))
    if refused := sorted(name for name in unknown if not name.startswith(_LIGHTNING)):
        raise CheckpointError(path, Sentence("it would run code ({0})", ", ".join(refused[:5])))
    stubs: list[Any] = [(type(name.rpartition(".")[2], (_Inert,), {}), name) for name in unknown]
    try:
        with torch.serialization.safe_globals(stubs):
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(
            path, Sentence("PyTorch refuses to read it as weights only ({0})", type(error).__name__)
        ) from error
