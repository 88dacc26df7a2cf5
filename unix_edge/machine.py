"""The machine: whether its memory has ended, and what of it decides the last bits of a result."""

import ctypes
import sys
from collections.abc import Callable
from importlib import import_module

_COMPUTE_CAPABILITY = (75, 76)
"""The numbers of its two parts among CUDA's device attributes."""
_DECIDE = ("AVX", "FMA", "F16C", "AMX", "NEON", "ASIMD", "SVE")
"""What the names of instruction sets begin with that change how sums are rounded."""
# The words of C++ and of the system; a thread that cannot be started lacks memory for its stack.
_LACKING = ("bad_alloc", "bad allocation", "Cannot allocate memory", "pthread_create", "can't start new thread")
# ONNX Runtime has no error class for this, and says it in words: its arena's, and those of CUDA, cuBLAS and cuDNN.
_OUT_OF_MEMORY = ("Failed to allocate memory", "out of memory", "STATUS_ALLOC_FAILED")


def lacks_memory(error: Exception) -> bool:
    """Tell whether the computer's own memory has ended, whoever says so."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in _LACKING)


def is_out_of_memory(error: Exception) -> bool:
    """Tell whether an allocation failed: on a card, or where there is none in ONNX Runtime's own memory."""
    return any(words in str(error) for words in _OUT_OF_MEMORY)


def processor_features() -> str:
    """Return the instruction sets of the processor that matter, as numpy names them; empty where it does not say."""
    try:
        found = import_module("numpy._core._multiarray_umath").__cpu_features__
    except (ImportError, AttributeError):
        return ""
    return " ".join(name for name, has in found.items() if has and name.startswith(_DECIDE))


def card_name(index: int) -> str:
    """Return a card's name by its number in CUDA, or nothing where it cannot be told."""
    name = ctypes.create_string_buffer(128)
    told = _ask_card(index, lambda cuda, device: cuda.cuDeviceGetName(name, len(name), device))
    return name.value.decode("ascii", "replace") if told else ""


def compute_capability(index: int) -> str:
    """Return a card's compute capability, "8.9" for example, or nothing where it cannot be told."""
    found = [ctypes.c_int(), ctypes.c_int()]

    def ask(cuda: ctypes.CDLL, device: ctypes.c_int) -> bool:
        return any(
            cuda.cuDeviceGetAttribute(ctypes.byref(each), attribute, device)
            for each, attribute in zip(found, _COMPUTE_CAPABILITY, strict=True)
        )

    return ".".join(str(each.value) for each in found) if _ask_card(index, ask) else ""


def _ask_card(index: int, ask: Callable[[ctypes.CDLL, ctypes.c_int], int]) -> bool:
    """Ask CUDA's driver about a card; return whether it answered."""
    try:
        cuda = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        device = ctypes.c_int()
        return not (cuda.cuInit(0) or cuda.cuDeviceGet(ctypes.byref(device), index) or ask(cuda, device))
    except (OSError, AttributeError):
        return False


def driver_version() -> str:
    """Return the version of NVIDIA's driver, or nothing where it cannot be told."""
    try:
        nvml = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
        version = ctypes.create_string_buffer(96)
        if nvml.nvmlInit_v2():
            return ""
        failed = nvml.nvmlSystemGetDriverVersion(version, len(version))
        nvml.nvmlShutdown()
    except (OSError, AttributeError):
        return ""
    return "" if failed else version.value.decode("ascii", "replace")
