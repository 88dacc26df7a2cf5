"""What ONNX Runtime's two TensorRT providers are told, and where the engines that they build are kept.

Not run: no card that TensorRT-RTX supports was at hand, and TensorRT 10 was not to be had (docs/tensorrt.md). The
names of options are those of the providers' pages and of their libraries.
"""

import contextlib
import ctypes
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from . import machine
from .bundle import MANIFEST, Bundle
from .engine_cache import EngineCache, EngineKey, find_engine
from .errors import DeviceUnavailableError
from .files import sha256
from .graphs import dynamic_ranges
from .sentences import Sentence


@dataclass(frozen=True, slots=True)
class Engine:
    """Where a graph's engine stands, or is to stand."""

    folder: Path
    model: Path | None
    """What is opened in place of the graph, where that stands beside the engine: of TensorRT-RTX."""


@contextmanager
def kept_engine(
    bundle: Bundle, graph: str, index: int, *, rtx: bool, tell: Callable[[Sentence], object]
) -> Iterator[Engine | None]:
    """Yield where a graph's engine stands or is to be built; None where none can be kept.

    Args:
        bundle: Whose.
        graph: Of the bundle.
        index: The card's number.
        rtx: Whether TensorRT-RTX builds it.
        tell: Told before it is built.
    """
    if rtx and (ahead := find_engine(bundle, graph)):
        yield Engine(ahead.parent, ahead)
        return
    key, cache = engine_key(bundle, graph, index, rtx_version() if rtx else tensorrt_version()), EngineCache.of_user()
    with nullcontext() if key is None else cache.entry(key) as entry:
        folder, built = entry or (None, False)
        if not built:
            tell(Sentence("The {0} graph is built for this card, which can take minutes.", graph))
        # TensorRT's provider finds the engine by the graph; the plugin's stands in a model of its own.
        model = folder / f"{graph}.onnx" if folder and built and rtx else None
        try:
            yield None if folder is None else Engine(folder, model)
        except DeviceUnavailableError:
            if key is not None and built:
                cache.discard(key)
            raise


def keep_rtx_engine(options: Any, graph: str, folder: Path) -> None:
    """Let a session write what TensorRT-RTX builds of its graph into a folder, as an EPContext model and its engine."""
    options.add_session_config_entry("ep.context_enable", "1")
    options.add_session_config_entry("ep.context_file_path", str(folder / f"{graph}.onnx"))
    options.add_session_config_entry("ep.context_embed_mode", "0")


def rtx_options(bundle: Bundle, graph: str) -> dict[str, str]:
    """Return what the TensorRT-RTX plugin is told of a graph that it is to build itself.

    Without shapes it builds for dims of up to 32,767. Kernels are compiled at every start: the cache that it could keep
    them in is written when a session ends, unhashed, and would be read before anybody could look at it.
    """
    return {f"nv_profile_{name}_shapes": shapes for name, shapes in profile_shapes(bundle, graph).items()}


def tensorrt_options(bundle: Bundle, graph: str, index: int, engines: Path | None) -> dict[str, str]:
    """Return what the TensorRT provider is told.

    Args:
        bundle: Whose.
        graph: Which is to be opened. All ranges are told, so that it is built when it is opened, and never again.
        index: The card's number.
        engines: The folder of its engine, where one stands or is to; None: it is not kept.
    """
    options = {"device_id": str(index)}
    if bundle.manifest.precision == "fp16":
        options["trt_fp16_enable"] = "1"
    options |= {f"trt_profile_{name}_shapes": shapes for name, shapes in profile_shapes(bundle, graph).items()}
    if engines:
        options |= {"trt_engine_cache_enable": "1", "trt_engine_cache_path": str(engines)}
    return options


def profile_shapes(bundle: Bundle, graph: str) -> dict[str, str]:
    """Return the least, usual and largest shapes of a graph's dynamic inputs, by "min", "opt" and "max".

    In the form that both providers' pages of options give: `input:1x3x64,other:1x5`.
    """
    ranges = dynamic_ranges(graph, bundle.manifest.model)
    inputs = [tensor for tensor in bundle.graph_spec(graph).inputs if any(isinstance(dim, str) for dim in tensor.shape)]
    found = {}
    for which, name in enumerate(("min", "opt", "max") if inputs else ()):
        shapes = (
            (each.name, "x".join(str(ranges[dim][which] if isinstance(dim, str) else dim) for dim in each.shape))
            for each in inputs
        )
        found[name] = ",".join(f"{tensor}:{shape}" for tensor, shape in shapes)
    return found


def engine_key(bundle: Bundle, graph: str, index: int, builder: str) -> EngineKey | None:
    """Return all that a graph's engine depends on; None where it cannot be told, and no engine may be kept.

    Args:
        bundle: Whose.
        graph: Of the bundle.
        index: The card's number.
        builder: What builds the engine, with its version.
    """
    import onnxruntime

    key = EngineKey(
        bundle=sha256(bundle.folder / MANIFEST),
        graph=graph,
        card=machine.card_name(index),
        compute_capability=machine.compute_capability(index),
        driver=machine.driver_version(),
        builder=builder,
        onnxruntime=onnxruntime.__version__,
        precision=bundle.manifest.precision,
        shapes=json.dumps(profile_shapes(bundle, graph)),
    )
    return key if key.card and key.compute_capability and key.driver and key.builder else None


def tensorrt_version() -> str:
    """Return TensorRT's version as ONNX Runtime's provider would load it, or nothing."""
    try:
        return f"TensorRT {ctypes.CDLL('libnvinfer.so.10').getInferLibVersion()}"
    except (OSError, AttributeError):
        return ""


def rtx_version() -> str:
    """Return the version of the TensorRT-RTX plugin, which holds TensorRT-RTX itself, or nothing."""
    for package in ("onnxruntime-ep-nv-tensorrt-rtx", "onnxruntime-ep-nv-tensorrt-rtx-cu13"):
        with contextlib.suppress(PackageNotFoundError):
            return f"{package} {version(package)}"
    return ""
