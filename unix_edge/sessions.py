"""ONNX Runtime sessions over a bundle: which device, opened when first needed, stopped when asked."""

import gc
import itertools
import os
import re
import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import ModuleType
from typing import Any, Self, TypeVar, assert_never
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from . import card, machine, tensorrt
from .bundle import Bundle
from .card_weights import CardWeights
from .errors import (
    BundleError,
    CardMemoryError,
    DeviceUnavailableError,
    MissingPackageError,
    StoppedError,
    UnixEdgeError,
    UnknownDeviceError,
)
from .graphs import (
    DENOISER,
    QUANTISED_PRECISIONS,
    UNDERSTANDING,
    VISION,
    WEIGHTS_FILE,
    Dim,
    GraphSpec,
    TensorSpec,
    form_of,
)
from .sentences import Sentence
from .tensorrt import Engine

ShouldStop = Callable[[], bool]
T = TypeVar("T")
_CAPTURED = (UNDERSTANDING, DENOISER)
"""Graphs that run often over the same buffers; a card replays such a run as one launch."""
_ROOM = 90
"""Bytes that all graphs want beside their weights, for buffers and runs, of each pixel of the largest picture and each
channel of the VAE there, which is the most of it; 86 were counted at the release's size."""
_DTYPES: dict[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
}
_NEVER = -1
"""The graph id of runs that are not to be captured."""
_capture_ids = itertools.count(1)


def never_stop() -> bool:
    """Let work run to its end."""
    return False


class Backend(StrEnum):
    """Where graphs can run."""

    CPU = "cpu"
    CUDA = "cuda"
    TENSORRT = "tensorrt"
    TENSORRT_RTX = "tensorrt-rtx"


_PROVIDERS = {
    Backend.CPU: "CPUExecutionProvider",
    Backend.CUDA: "CUDAExecutionProvider",
    Backend.TENSORRT: "TensorrtExecutionProvider",
    Backend.TENSORRT_RTX: card.RTX_PROVIDER,
}


@dataclass(frozen=True, slots=True)
class Device:
    """A backend and the number of its card."""

    backend: Backend
    index: int = 0

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Read "cpu", "cuda", "cuda:1", "tensorrt" or "tensorrt-rtx"; None stands for "auto".

        Raises:
            UnknownDeviceError: It is none of these.
        """
        if name == "auto":
            return None
        found = re.fullmatch(r"(cpu|cuda|tensorrt|tensorrt-rtx)(?::(\d{1,2}))?", name)
        if not found or (found[1] == "cpu" and found[2]):
            raise UnknownDeviceError(name)
        return cls(Backend(found[1]), int(found[2] or 0))

    def __str__(self) -> str:
        return self.backend.value if self.index == 0 else f"{self.backend.value}:{self.index}"

    @property
    def memory(self) -> str:
        """The name of its memory, as ONNX Runtime's OrtValue takes it."""
        return "cpu" if self.backend is Backend.CPU else "cuda"


def import_onnxruntime() -> ModuleType:
    """Import ONNX Runtime, and keep it from logging: what fails is raised, and its log names paths.

    Raises:
        MissingPackageError: None is installed.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError:
        raise MissingPackageError("ONNX Runtime", Sentence("Running engines"), "cpu]' or 'unix-edge[cuda") from None
    onnxruntime.set_default_logger_severity(4)  # beyond each session's: what registers and loads providers logs there
    return onnxruntime


def has_cuda() -> bool:
    """Return whether the installed ONNX Runtime can use a card; whether there is one is seen when it is used."""
    return _PROVIDERS[Backend.CUDA] in import_onnxruntime().get_available_providers()


class Stopping:
    """Run options that a watching thread ends when `should_stop` becomes true.

    One run of a large graph takes seconds, so asking between runs is not enough; ONNX Runtime leaves a run between
    two nodes when its options say so.
    """

    def __init__(self, should_stop: ShouldStop) -> None:
        self.run_options = import_onnxruntime().RunOptions()
        self.stopped = False
        self._should_stop = should_stop
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        if self._should_stop is not never_stop:
            self._watcher.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._done.set()
        if self._watcher.is_alive():
            self._watcher.join()

    def check(self) -> bool:
        """Ask now; return whether to stop."""
        if not self.stopped and self._should_stop():
            self._stop()
        return self.stopped

    @contextmanager
    def running(self) -> Iterator[None]:
        """Ask before a run, and turn what ONNX Runtime raises in a run that was stopped into `StoppedError`."""
        if self.check():
            raise StoppedError
        try:
            yield
        except Exception as error:
            # Whoever lacked memory must hear of it, stopped or not: such a session is not to be run again.
            if self.stopped and not machine.is_out_of_memory(error):
                raise StoppedError from None
            raise

    def _stop(self) -> None:
        self.stopped = True
        self.run_options.terminate = True

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            if self.check():
                return


@dataclass(frozen=True, slots=True)
class Bound:
    """What of a graph is bound to buffers, and run again and again."""

    binding: Any
    capture_id: int = field(default_factory=lambda: next(_capture_ids))
    """On a card the first run is captured under this id, and later ones are one launch: addresses must stay."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A graph's session, and what was bound of it: whatever holds a binding holds the session and its memory."""

    session: Any
    bound: WeakKeyDictionary[Any, Any] = field(default_factory=WeakKeyDictionary)


class Sessions:
    """The graphs of one bundle on one device.

    On a card graphs stay until one lacks memory; then all are let go of, and each is opened again when it is next used.
    """

    def __init__(
        self, bundle: Bundle, device: str = "auto", threads: int | None = None, *, for_card: bool | None = None
    ) -> None:
        """Choose the device.

        Args:
            bundle: Whose graphs.
            device: auto, cpu, cuda, cuda:N, tensorrt or tensorrt-rtx.
            threads: That compute on the CPU; None: one a core.
            for_card: Open the graphs in their form for cards, or for processors; None: for the device.

        Raises:
            UnknownDeviceError: There is no such device.
            DeviceUnavailableError: It was named and is not here; only "auto" falls back.
            MissingPackageError: No ONNX Runtime is installed.
        """
        self.bundle = bundle
        self.threads = threads
        self._for_card = for_card
        self._ort = import_onnxruntime()
        self._open: dict[str, _Opened] = {}
        self._opening = threading.RLock()  # what one thread binds of a session, another's must not take the place of
        self._spare: defaultdict[Hashable, list[Any]] = defaultdict(list)
        self._weights = CardWeights(bundle, self.place)
        self.tell: Callable[[Sentence], object] = lambda _: None
        """Told of what takes minutes before it is done."""
        wanted = Device.parse(device)
        if wanted is None:
            self.device, self.reason = self._choose()
        else:
            self.device, self.reason = wanted, Sentence("it was asked for")
            self._require(wanted)

    @cached_property
    def runtime(self) -> dict[str, str]:
        """What of the machine decides the last bits of a result, in words."""
        found = {"onnxruntime": self._ort.__version__, "threads": str(self.threads or "one a core")}
        if self.device.backend is Backend.CPU:
            return {**found, "processor": machine.processor_features()}
        return {**found, "card": machine.card_name(self.device.index), "driver": machine.driver_version()}

    def session(self, graph: str) -> Any:
        """Open a graph if it is not open yet. Whoever keeps it keeps its memory; see `bound`.

        Raises:
            BundleError: It cannot be opened, or its interface is not the one that we know.
            DeviceUnavailableError: It did not start on the device.
            CardMemoryError: The card does not hold it.
        """
        return self._opened(graph).session

    def form(self, graph: str) -> str:
        """Return which graph of the bundle is run as one of `GRAPHS`."""
        card = self.device.backend is not Backend.CPU if self._for_card is None else self._for_card
        return form_of(graph, self.bundle.manifest.precision, card=card)

    def dtypes(self, graph: str) -> dict[str, type[np.generic]]:
        """Return the dtypes of a graph's inputs.

        Raises:
            BundleError, DeviceUnavailableError, CardMemoryError: As `session` does.
        """
        return {tensor.name: _DTYPES[tensor.type] for tensor in self.session(graph).get_inputs()}

    def bound(self, graph: str, owner: Any, make: Callable[[Any], T]) -> T:
        """Return what `make` binds of a graph's session for an owner, kept until the graph or the owner is gone.

        Raises:
            BundleError, DeviceUnavailableError, CardMemoryError: As `session` does.
        """
        opened = self._opened(graph)
        if owner not in opened.bound:
            opened.bound[owner] = make(opened.session)
        found: T = opened.bound[owner]
        return found

    def lend(self, borrower: Any, kind: Hashable, make: Callable[[], T], refill: Callable[[T], None]) -> T:
        """Make buffers of a kind; on a card refill those of a borrower that is gone, where there are any.

        What was captured over them is then good for the next one, too: a card keeps every capture as long as its graph.
        """
        if self.device.backend is not Backend.CUDA:
            return make()
        if self._spare[kind]:
            buffers: T = self._spare[kind].pop()
            refill(buffers)
        else:
            buffers = make()
        weakref.finalize(borrower, lambda: self._spare[kind].append(buffers)).atexit = False
        return buffers

    def run_bound(self, graph: str, bound: Bound, stopping: Stopping, *, captured: bool) -> None:
        """Run a graph over what is bound; captured, a card replays it as one launch, and is stopped between runs alone.

        Raises:
            StoppedError: `stopping` ended it.
        """
        if self.device.backend is Backend.CUDA:
            stopping.run_options.add_run_config_entry("gpu_graph_id", str(bound.capture_id if captured else _NEVER))
        with stopping.running():
            self.session(graph).run_with_iobinding(bound.binding, stopping.run_options)

    def release(self, *graphs: str) -> None:
        """Let go of graphs and their memory; all, and spare buffers, if none is named. They are opened when needed."""
        for graph in graphs or tuple(self._open):
            self._open.pop(graph, None)
        if not graphs:
            self._spare.clear()

    def with_room(self, graph: str, work: Callable[[], T]) -> T:
        """Do work with a graph; if the card's memory ends, let go of every graph and do it once more.

        Of its own, too: in onnxruntime-gpu 1.31.1 a session that lacked memory at a convolution crashes when it is run
        again.

        Raises:
            CardMemoryError: The memory ended again.
            MemoryError: So did that of the computer; where ONNX Runtime has words of its own for it, they are kept.
            DeviceUnavailableError: The card cannot do it.
        """
        for _ in range(2):
            if (done := self._attempt(graph, work)) is not None:
                return done[0]
            self.release()
            gc.collect()  # a session in a cycle would keep its memory
        raise CardMemoryError(graph, str(self.device), card.free_memory(self.device.index))

    def run(self, graph: str, feeds: Mapping[str, NDArray[Any]], stopping: Stopping) -> dict[str, NDArray[Any]]:
        """Run a graph from arrays to arrays.

        Raises:
            StoppedError: `stopping` ended it.
            CardMemoryError, DeviceUnavailableError: The card does not hold it, or cannot do it.
        """

        def work() -> dict[str, NDArray[Any]]:
            session = self.session(graph)
            names = [output.name for output in session.get_outputs()]
            if self.device.backend is Backend.CUDA:  # arrays lie elsewhere each time
                stopping.run_options.add_run_config_entry("gpu_graph_id", str(_NEVER))
            with stopping.running():
                values = session.run(names, dict(feeds), stopping.run_options)
            return dict(zip(names, values, strict=True))

        return self.with_room(graph, work)

    def empty(self, shape: Sequence[int], dtype: Any) -> Any:
        """Allocate an OrtValue of zeros on the device."""
        value = self._ort.OrtValue.ortvalue_from_shape_and_type(
            list(shape), dtype, self.device.memory, self.device.index
        )
        value.update_inplace(np.zeros(shape, dtype))
        return value

    def place(self, array: NDArray[Any]) -> Any:
        """Copy an array into an OrtValue on the device."""
        # On the CPU an OrtValue shares the array's memory, and is written to in place: give it its own.
        return self._ort.OrtValue.ortvalue_from_numpy(np.array(array, order="C"), self.device.memory, self.device.index)

    def _choose(self) -> tuple[Device, Sentence]:
        """Take CUDA if it opens and runs the vision graph; it opens without cuDNN, and then fails at convolutions."""
        cpu, self.device = Device(Backend.CPU), Device(Backend.CUDA)
        pixels = np.zeros((1, 3, *[self.bundle.manifest.model.image_size] * 2), np.float32)
        try:
            self._require(self.device)
            self.run(VISION, {"pixel_values": pixels}, Stopping(never_stop))
        except DeviceUnavailableError as error:
            reason = error.reason
        except CardMemoryError as error:
            reason = error.problem
        except UnixEdgeError:
            raise
        except Exception as error:
            reason = Sentence("CUDA is here, but fails at the {0} graph ({1})", VISION, type(error).__name__)
        else:
            return self.device, Sentence("CUDA is here")
        self.release()
        return cpu, reason

    @cached_property
    def _shares_weights(self) -> bool:
        """Whether graphs share weights on the card: where all fit, since ONNX Runtime never gives such memory back.

        On a smaller card each graph has its own, which go with it when another needs the room.
        """
        memory, manifest = card.free_memory(self.device.index), self.bundle.manifest
        runs = _ROOM * manifest.model.vae_channels * manifest.model.picture_size**2
        return memory is not None and memory[0] >= manifest.files[WEIGHTS_FILE].size + runs

    def _require(self, device: Device) -> None:
        """Refuse a device whose provider is not installed; a session alone would quietly run on the CPU."""
        provider = _PROVIDERS[device.backend]
        builds = device.backend in (Backend.TENSORRT, Backend.TENSORRT_RTX)
        if builds and self.bundle.manifest.precision in QUANTISED_PRECISIONS:
            problem = Sentence("the bundle is {0}, which runs on CPUs and by CUDA", self.bundle.manifest.precision)
            raise DeviceUnavailableError(str(device), problem)
        if device.backend is Backend.TENSORRT_RTX:
            if not card.is_rtx_installed():
                raise DeviceUnavailableError(
                    str(device), Sentence("{0} is not installed (extra tensorrt-rtx)", card.RTX_PLUGIN)
                )
        elif provider not in self._ort.get_available_providers():
            extra = "cuda" if device.backend is Backend.CUDA else device.backend.value
            raise DeviceUnavailableError(
                str(device), Sentence("the installed ONNX Runtime has no {0} (extra {1})", provider, extra)
            )

    def _opened(self, graph: str) -> _Opened:
        with self._opening:
            if graph not in self._open:
                self._open[graph] = self.with_room(graph, lambda: _Opened(self._start(graph)))
            return self._open[graph]

    def _attempt(self, graph: str, work: Callable[[], T]) -> tuple[T] | None:
        """Do work; None if the card's memory ended. What failed is gone then: its exception held it."""
        try:
            return (work(),)
        except Exception as error:
            if isinstance(error, UnixEdgeError):
                raise
            if machine.lacks_memory(error):
                raise MemoryError from error
            if self.device.backend is Backend.CPU:
                raise
            if not machine.is_out_of_memory(error):
                if reason := card.why_unfit(error):
                    raise DeviceUnavailableError(str(self.device), reason) from error
                raise
        return None

    def _start(self, graph: str) -> Any:
        device, provider, form = self.device, _PROVIDERS[self.device.backend], self.form(graph)
        path = self.bundle.folder / f"{form}.onnx"
        options = self._ort.SessionOptions()
        options.log_severity_level = 4  # what fails is raised; ONNX Runtime's own log names paths
        options.intra_op_num_threads = self.threads or 0
        self.bundle.require_unchanged()
        with self._kept_engine(graph) as entry:
            try:
                providers = self._tell_providers(graph, options, entry)
                shared = device.backend is Backend.CUDA and self._shares_weights
                weights = self._weights.give(form, options, shared=shared)
                if entry is not None and entry.model is not None:
                    path = entry.model
                # Otherwise it prints what failed, here and in a run, and goes on with another provider.
                session = self._ort.InferenceSession(path, options, providers=providers or None, enable_fallback=0)
            except Exception as error:
                if machine.is_out_of_memory(error) or machine.lacks_memory(error):
                    raise
                if device.backend is Backend.CPU:
                    problem = Sentence("ONNX Runtime cannot open {0}.onnx", form)
                    raise BundleError(self.bundle.folder, problem) from error
                reason = card.why_unfit(error) or Sentence("its provider did not start")
                raise DeviceUnavailableError(str(device), reason) from error
            if session.get_providers()[0] != provider:
                reason = Sentence(
                    "{0} did not start (no card, or its libraries are missing: see unix-edge doctor)", provider
                )
                raise DeviceUnavailableError(str(device), reason)
        self.bundle.require_unchanged()  # it may have been another's while it was read
        _check_interface(self.bundle, self.bundle.graph_spec(form), session)
        session.shared_weights = weights  # whoever keeps the session keeps them
        return session

    def _kept_engine(self, graph: str) -> AbstractContextManager[Engine | None]:
        """Return where a graph's TensorRT engine stands or is to be built, as `kept_engine` does."""
        if self.device.backend not in (Backend.TENSORRT, Backend.TENSORRT_RTX):
            return nullcontext()
        rtx = self.device.backend is Backend.TENSORRT_RTX
        return tensorrt.kept_engine(self.bundle, graph, self.device.index, rtx=rtx, tell=self.tell)

    def _tell_providers(self, graph: str, options: Any, entry: Engine | None) -> list[Any]:
        """Return the providers to open a graph with; a plugin, which builds what was not built, goes to the options."""
        index, cuda = self.device.index, _PROVIDERS[Backend.CUDA]
        match self.device.backend:
            case Backend.CPU:
                return [_PROVIDERS[Backend.CPU]]
            case Backend.CUDA:
                card.preload_libraries()
                told = card.cuda_options(index, self.bundle.manifest.precision)
                return [(cuda, {**told, "enable_cuda_graph": "1"} if graph in _CAPTURED else told)]
            case Backend.TENSORRT:
                card.preload_libraries()
                told = tensorrt.tensorrt_options(self.bundle, graph, index, entry.folder if entry else None)
                return [
                    (_PROVIDERS[Backend.TENSORRT], told),
                    (cuda, card.cuda_options(index, self.bundle.manifest.precision)),
                ]
            case Backend.TENSORRT_RTX:
                built = entry is not None and entry.model is not None
                if entry is not None and not built:
                    tensorrt.keep_rtx_engine(options, graph, entry.folder)
                card.add_rtx(options, index, {} if built else tensorrt.rtx_options(self.bundle, graph))
                return []
            case _:
                assert_never(self.device.backend)


def _check_interface(bundle: Bundle, spec: GraphSpec, session: Any) -> None:
    for kind, wanted, found in (
        ("input", spec.inputs, session.get_inputs()),
        ("output", spec.outputs, session.get_outputs()),
    ):
        if [tensor.name for tensor in wanted] != [tensor.name for tensor in found]:
            raise BundleError(bundle.folder, Sentence("{0} has not the {1}s that this version knows", spec.file, kind))
        for tensor, actual in zip(wanted, found, strict=True):
            if not _fits(tensor, actual):
                raise BundleError(
                    bundle.folder,
                    Sentence("{0}'s {1} {2} is {3} {4}", spec.file, kind, tensor.name, actual.type, actual.shape),
                )


def _fits(wanted: TensorSpec, actual: Any) -> bool:
    def same(dim: Dim, found: Any) -> bool:
        return dim == found if isinstance(dim, int) else not isinstance(found, int)

    dtypes = (wanted.dtype,) if wanted.dtype else ("tensor(float)", "tensor(float16)")
    return (
        actual.type in dtypes
        and len(actual.shape) == len(wanted.shape)
        and all(same(*pair) for pair in zip(wanted.shape, actual.shape, strict=True))
    )
