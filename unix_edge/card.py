"""What NVIDIA's cards want of us: their libraries found, their failures understood, TensorRT-RTX registered."""

import contextlib
import ctypes
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from .sentences import Sentence

RTX_PROVIDER = "NvTensorRTRTXExecutionProvider"
RTX_PLUGIN = "onnxruntime_ep_nv_tensorrt_rtx"

_UNFIT = (
    ("cuDNN is unavailable", Sentence("cuDNN 9 cannot be loaded, which convolutions need")),
    ("the plugin found", Sentence("the plugin found no card of this number")),
    ("Invalid device ID", Sentence("there is no card of this number (the first is 0)")),
    ("no kernel image is available", Sentence("ONNX Runtime holds no machine code for this card")),
    ("driver version is insufficient", Sentence("its driver is too old")),
    ("CUDA failure", Sentence("the card failed")),
    ("CUBLAS failure", Sentence("the card failed in cuBLAS")),
    ("CUDNN failure", Sentence("the card failed in cuDNN")),
)


@cache
def preload_libraries() -> None:
    """Load CUDA and cuDNN from pip's packages, once a process: the provider itself looks only where the system does."""
    import onnxruntime

    preload = getattr(onnxruntime, "preload_dlls", None)
    if preload is None:
        return
    # What cannot be found is printed. It is told again where a session does not start, and stdout is the command's.
    with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(Exception):
        preload()


def cuda_options(index: int, precision: str) -> dict[str, str]:
    """Return what the CUDA provider is told.

    Args:
        index: The card's number.
        precision: Of the bundle.
    """
    options = {"device_id": str(index), "arena_extend_strategy": "kSameAsRequested"}  # the default doubles, up to 3 GB
    if precision == "fp32":
        options["use_tf32"] = "0"  # TensorFloat-32 keeps ten bits of a float32's 23
    return options


def why_unfit(error: Exception) -> Sentence | None:
    """Return what keeps a card from being used, if that is what ONNX Runtime means."""
    told = str(error)
    known = next((reason for words, reason in _UNFIT if words in told), None)
    return known or (Sentence("its provider failed") if type(error).__name__ == "EPFail" else None)


def free_memory(index: int) -> tuple[int, int] | None:
    """Ask CUDA for a card's free and whole memory, in bytes; None where it cannot be told."""
    try:
        cuda = ctypes.CDLL("libcudart.so.13")
        before, free, total = ctypes.c_int(), ctypes.c_size_t(), ctypes.c_size_t()
        if cuda.cudaGetDevice(ctypes.byref(before)) or cuda.cudaSetDevice(index):
            return None
        failed = cuda.cudaMemGetInfo(ctypes.byref(free), ctypes.byref(total))
        cuda.cudaSetDevice(before)
    except (OSError, AttributeError):
        return None
    return None if failed else (free.value, total.value)


def is_rtx_installed() -> bool:
    """Tell whether the TensorRT-RTX plugin is."""
    return find_spec(RTX_PLUGIN) is not None


@cache
def register_rtx() -> None:
    """Register the TensorRT-RTX plugin, once a process: ONNX Runtime refuses a second time."""
    import onnxruntime

    plugin: ModuleType = import_module(RTX_PLUGIN)
    onnxruntime.register_execution_provider_library(RTX_PROVIDER, plugin.get_library_path())


def add_rtx(options: Any, index: int, told: dict[str, str]) -> None:
    """Let a session's options name a card of the TensorRT-RTX plugin. Not run: no such card was at hand."""
    import onnxruntime

    register_rtx()
    cards = [each for each in onnxruntime.get_ep_devices() if each.ep_name == RTX_PROVIDER]
    if index >= len(cards):
        raise RuntimeError("the plugin found no card" if not cards else f"the plugin found {len(cards)} cards")
    options.add_provider_for_devices([cards[index]], told)
