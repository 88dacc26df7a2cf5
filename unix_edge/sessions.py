"""ONNX Runtime sessions over a bundle: which device, opened when first needed, stopped when asked."""

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle
from .engine_cache import find_engine
from .errors import BundleError, DeviceUnavailableError, MissingPackageError, StoppedError, UnknownDeviceError
from .graphs import Dim, GraphSpec, TensorSpec, graph_spec

ShouldStop = Callable[[], bool]


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
    Backend.TENSORRT_RTX: "NvTensorRTRTXExecutionProvider",
}
_RTX_PLUGIN = "onnxruntime_ep_nv_tensorrt_rtx"


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
    """Import ONNX Runtime.

    Raises:
        MissingPackageError: None is installed.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError:
        raise MissingPackageError("ONNX Runtime", "Running engines", "cpu]' or 'unix-edge[cuda") from None
    return onnxruntime


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
        except Exception:
            if self.stopped:
                raise StoppedError from None
            raise

    def _stop(self) -> None:
        self.stopped = True
        self.run_options.terminate = True

    def _watch(self) -> None:
        while not self._done.wait(0.05):
            if self.check():
                return


class Sessions:
    """The graphs of one bundle on one device."""

    def __init__(self, bundle: Bundle, device: str = "auto") -> None:
        """Choose the device.

        Raises:
            UnknownDeviceError: There is no such device.
            DeviceUnavailableError: It was named and is not here; only "auto" falls back.
            MissingPackageError: No ONNX Runtime is installed.
        """
        self.bundle = bundle
        self._ort = import_onnxruntime()
        self._open: dict[str, Any] = {}
        wanted = Device.parse(device)
        if wanted is None:
            self.device, self.reason = self._choose()
        else:
            self.device, self.reason = wanted, "it was asked for"
            self._require(wanted)

    def session(self, graph: str) -> Any:
        """Open a graph if it is not open yet.

        Raises:
            BundleError: It cannot be opened, or its interface is not the one that we know.
            DeviceUnavailableError: It did not start on the device.
        """
        if graph not in self._open:
            self._open[graph] = self._start(graph, self.device)
        return self._open[graph]

    def release(self, *graphs: str) -> None:
        """Let go of graphs and their memory; all if none is named. They are opened again when needed."""
        for graph in graphs or tuple(self._open):
            self._open.pop(graph, None)

    def run(self, graph: str, feeds: Mapping[str, NDArray[Any]], stopping: Stopping) -> dict[str, NDArray[Any]]:
        """Run a graph from arrays to arrays.

        Raises:
            StoppedError: `stopping` ended it.
        """
        session = self.session(graph)
        names = [output.name for output in session.get_outputs()]
        with stopping.running():
            values = session.run(names, dict(feeds), stopping.run_options)
        return dict(zip(names, values, strict=True))

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

    def _choose(self) -> tuple[Device, str]:
        cuda = Device(Backend.CUDA)
        try:
            self._require(cuda)
            self._open["vision"] = self._start("vision", cuda)
        except DeviceUnavailableError as error:
            return Device(Backend.CPU), error.reason
        return cuda, "CUDA is here"

    def _require(self, device: Device) -> None:
        """Refuse a device whose provider is not installed; a session alone would quietly run on the CPU."""
        provider = _PROVIDERS[device.backend]
        if device.backend is Backend.TENSORRT_RTX:
            if find_spec(_RTX_PLUGIN) is None:
                raise DeviceUnavailableError(str(device), f"{_RTX_PLUGIN} is not installed (extra tensorrt-rtx)")
        elif provider not in self._ort.get_available_providers():
            extra = "cuda" if device.backend is Backend.CUDA else device.backend.value
            raise DeviceUnavailableError(str(device), f"the installed ONNX Runtime has no {provider} (extra {extra})")

    def _start(self, graph: str, device: Device) -> Any:
        path, provider = self.bundle.folder / f"{graph}.onnx", _PROVIDERS[device.backend]
        if device.backend is Backend.TENSORRT_RTX:
            path = find_engine(self.bundle, graph) or path  # the provider builds what was not built ahead
        options = self._ort.SessionOptions()
        options.log_severity_level = 4  # what fails is raised; ONNX Runtime's own log names paths
        providers: list[Any] = []
        if device.backend is Backend.TENSORRT_RTX:
            _add_rtx(self._ort, options, device)
        else:
            chosen = {} if device.backend is Backend.CPU else {"device_id": str(device.index)}
            providers = [(provider, chosen)]
            if device.backend is Backend.TENSORRT:
                providers.append((_PROVIDERS[Backend.CUDA], chosen))
        try:
            session = self._ort.InferenceSession(path, options, providers=providers)
        except Exception as error:
            if device.backend is Backend.CPU:
                raise BundleError(self.bundle.folder, f"ONNX Runtime cannot open {graph}.onnx") from error
            raise DeviceUnavailableError(str(device), "its provider did not start") from error
        if session.get_providers()[0] != provider:
            raise DeviceUnavailableError(
                str(device), f"{provider} did not start (no card, or its libraries are missing)"
            )
        manifest = self.bundle.manifest
        _check_interface(self.bundle, graph_spec(graph, manifest.model, manifest.capacity), session)
        return session


def _add_rtx(ort: ModuleType, options: Any, device: Device) -> None:
    """Register the TensorRT-RTX plugin and choose its card. Not run: no card that it supports was at hand."""
    plugin = __import__(_RTX_PLUGIN)
    name = _PROVIDERS[Backend.TENSORRT_RTX]
    try:
        ort.register_execution_provider_library(name, plugin.get_library_path())
        cards = [each for each in ort.get_ep_devices() if each.ep_name == name]
        options.add_provider_for_devices([cards[device.index]], {})
    except Exception as error:
        raise DeviceUnavailableError(str(device), "the TensorRT-RTX plugin found no card") from error


def _check_interface(bundle: Bundle, spec: GraphSpec, session: Any) -> None:
    for kind, wanted, found in (
        ("input", spec.inputs, session.get_inputs()),
        ("output", spec.outputs, session.get_outputs()),
    ):
        if [tensor.name for tensor in wanted] != [tensor.name for tensor in found]:
            raise BundleError(bundle.folder, f"{spec.file} has not the {kind}s that this version knows")
        for tensor, actual in zip(wanted, found, strict=True):
            if not _fits(tensor, actual):
                raise BundleError(bundle.folder, f"{spec.file}'s {kind} {tensor.name} is {actual.type} {actual.shape}")


def _fits(wanted: TensorSpec, actual: Any) -> bool:
    def same(dim: Dim, found: Any) -> bool:
        return dim == found if isinstance(dim, int) else not isinstance(found, int)

    dtypes = (wanted.dtype,) if wanted.dtype else ("tensor(float)", "tensor(float16)")
    return (
        actual.type in dtypes
        and len(actual.shape) == len(wanted.shape)
        and all(same(*pair) for pair in zip(wanted.shape, actual.shape, strict=True))
    )
