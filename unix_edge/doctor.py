"""What runs where on this machine, and what to install: facts are gathered, then judged by a pure function."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self

from .bundle import MANIFEST, user_bundles
from .sessions import Backend

RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
PACKAGES = (*RUNTIMES, "onnxruntime-ep-nv-tensorrt-rtx", "tensorrt-cu13", "torch", "PySide6-Essentials", "pydicom")
LIBRARIES = (
    "libcuda.so.1",
    "libcudart.so.13",
    "libcublasLt.so.13",
    "libcudnn.so.9",
    "libnvinfer.so.10",
    "libnvinfer.so.11",
)
LEAST_DRIVER = 580
"""The first NVIDIA driver for CUDA 13, which ONNX Runtime's GPU package is built for."""
RTX_CAPABILITIES = ("7.5", "8.6", "8.9", "12.")
"""What TensorRT-RTX supports, by its vendor's matrix; 8.0 and 9.0, the data-centre cards, are not among them."""
FP16_GIB, RESIDENT_GIB = 12, 24
"""Card memory for the 1.5B release in float16: with graphs opened in turn, and with all at once."""


@dataclass(frozen=True, slots=True)
class Card:
    """One NVIDIA card."""

    name: str
    memory_mib: int
    compute_capability: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a machine has, as far as advice depends on it. Nothing here names a person or a study."""

    python: str
    system: str
    machine: str
    memory_mib: int
    packages: Mapping[str, str | None]
    providers: tuple[str, ...] = ()
    """What ONNX Runtime was built with; not what starts."""
    libraries: Mapping[str, bool] = field(default_factory=dict)
    driver: str | None = None
    cards: tuple[Card, ...] = ()
    exports: int = 0
    """Bundles in the user's data folder."""

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read recorded facts."""
        cards = tuple(Card(**card) for card in raw.get("cards", ()))
        return cls(**{**raw, "providers": tuple(raw.get("providers", ())), "cards": cards})


class Verdict(StrEnum):
    """Whether a device can be used."""

    READY = "ready"
    LACKING = "lacking"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class DeviceAdvice:
    """One device's verdict, why, and what to do about it."""

    device: Backend
    verdict: Verdict
    reason: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What runs where, and what is wrong beyond single devices."""

    devices: tuple[DeviceAdvice, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def advise(facts: Facts) -> Advice:
    """Judge facts; nothing is looked up here."""
    devices = (_advise_cpu(facts), _advise_cuda(facts), _advise_tensorrt(facts), _advise_rtx(facts))
    return Advice(devices, tuple(_problems(facts)), tuple(_notes(facts)))


def _advise_cpu(facts: Facts) -> DeviceAdvice:
    if not _runtimes(facts):
        return DeviceAdvice(Backend.CPU, Verdict.LACKING, "ONNX Runtime is not installed", _install("cpu"))
    if "CPUExecutionProvider" not in facts.providers:
        return DeviceAdvice(Backend.CPU, Verdict.LACKING, "ONNX Runtime is installed but broken", _reinstall("cpu"))
    return DeviceAdvice(Backend.CPU, Verdict.READY, "slow for the 1.5B release, fit for small checkpoints")


def _advise_cuda(facts: Facts) -> DeviceAdvice:
    def lacking(reason: str, remedy: str) -> DeviceAdvice:
        return DeviceAdvice(Backend.CUDA, Verdict.LACKING, reason, remedy)

    if not facts.cards:
        return _without_card(Backend.CUDA, facts)
    if (old := _driver_too_old(facts)) is not None:
        return lacking(old, f"Install NVIDIA driver {LEAST_DRIVER} or newer.")
    if "CUDAExecutionProvider" not in facts.providers:
        return lacking("the installed ONNX Runtime has no CUDA provider", _reinstall("cuda"))
    missing = [name for name in LIBRARIES[1:4] if not facts.libraries.get(name)]
    if missing:
        return lacking(f"{', '.join(missing)} cannot be loaded", _install("cuda"))
    return DeviceAdvice(Backend.CUDA, Verdict.READY, _fit(facts))


def _advise_tensorrt(facts: Facts) -> DeviceAdvice:
    cuda = _advise_cuda(facts)
    if cuda.verdict is not Verdict.READY:
        return DeviceAdvice(Backend.TENSORRT, cuda.verdict, f"it stands on CUDA: {cuda.reason}", cuda.remedy)
    if facts.libraries.get("libnvinfer.so.10"):
        return DeviceAdvice(Backend.TENSORRT, Verdict.READY, "engines are built at first use, which takes minutes")
    found = "TensorRT 11 is there, but" if facts.libraries.get("libnvinfer.so.11") else "TensorRT is missing:"
    return DeviceAdvice(
        Backend.TENSORRT,
        Verdict.LACKING,
        f"{found} ONNX Runtime's provider loads libnvinfer.so.10",
        "Install tensorrt-cu13 10.15 or newer, below 11, from NVIDIA's own package index.",
    )


def _advise_rtx(facts: Facts) -> DeviceAdvice:
    device = Backend.TENSORRT_RTX
    if not facts.cards:
        return _without_card(device, facts)
    fit = [card for card in facts.cards if card.compute_capability.startswith(RTX_CAPABILITIES)]
    if not fit:
        names = ", ".join(f"{card.name} ({card.compute_capability})" for card in facts.cards)
        return DeviceAdvice(device, Verdict.IMPOSSIBLE, f"TensorRT-RTX does not support {names}", "Use cuda.")
    if (old := _driver_too_old(facts)) is not None:
        return DeviceAdvice(device, Verdict.LACKING, old, f"Install NVIDIA driver {LEAST_DRIVER} or newer.")
    if not facts.packages.get("onnxruntime-ep-nv-tensorrt-rtx"):
        return DeviceAdvice(device, Verdict.LACKING, "its provider is not installed", _install("tensorrt-rtx"))
    return DeviceAdvice(device, Verdict.READY, f"on {fit[0].name}; build engines ahead with export --tensorrt-rtx")


def _without_card(device: Backend, facts: Facts) -> DeviceAdvice:
    if facts.libraries.get("libcuda.so.1"):
        reason = "the NVIDIA driver is installed but shows no card"
        return DeviceAdvice(device, Verdict.LACKING, reason, "Restart the computer, or check the card.")
    return DeviceAdvice(device, Verdict.IMPOSSIBLE, "there is no NVIDIA card, or no driver for it", "Use cpu.")


def _driver_too_old(facts: Facts) -> str | None:
    major = (facts.driver or "").split(".")[0]
    if major.isdigit() and int(major) >= LEAST_DRIVER:
        return None
    return f"the NVIDIA driver is {facts.driver or 'unknown'}, and CUDA 13 needs {LEAST_DRIVER} or newer"


def _fit(facts: Facts) -> str:
    largest = max(facts.cards, key=lambda card: card.memory_mib)
    gib = round(largest.memory_mib / 1024)
    if gib >= RESIDENT_GIB:
        return f"{largest.name}, {gib} GiB: the 1.5B release fits in fp16 with every graph open"
    if gib >= FP16_GIB:
        return f"{largest.name}, {gib} GiB: the 1.5B release fits in fp16 with graphs opened in turn"
    return f"{largest.name}, {gib} GiB: too small for the 1.5B release in fp16, which wants {FP16_GIB}; fit for less"


def _problems(facts: Facts) -> Iterator[str]:
    if len(_runtimes(facts)) > 1:
        both = " and ".join(_runtimes(facts))
        yield (
            f"{both} are both installed and overwrite each other's files: "
            f"pip uninstall --yes {' '.join(RUNTIMES)}, then install one extra, cpu or cuda."
        )
    if not (3, 11) <= _numbers(facts.python)[:2] <= (3, 13):
        yield f"Python {facts.python} is not one of 3.11 to 3.13: make an environment with one of these."
    torch = facts.packages.get("torch")
    if torch and _numbers(torch)[:2] < (2, 10):
        yield f"torch {torch} is older than 2.10, whose safe loading can be bypassed: export refuses it."


def _notes(facts: Facts) -> Iterator[str]:
    if (facts.system, facts.machine) != ("Linux", "x86_64"):
        yield f"{facts.system} on {facts.machine} is not tested."
    if not facts.packages.get("torch"):
        yield "Exporting checkpoints is not set up here: install torch, then the extra export."
    elif facts.memory_mib < 20 * 1024:
        yield f"{facts.memory_mib // 1024} GiB of memory: exporting the 1.5B release needs --no-parity below 20."
    if not facts.exports:
        yield (
            "The only engines are those that come with the program, whose model has seen computed phantoms only: "
            "python -m unix_edge.export --fp16 --checkpoint FOLDER makes others."
        )


def _runtimes(facts: Facts) -> list[str]:
    return [name for name in RUNTIMES if facts.packages.get(name)]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("+")[0].split(".")[:3] if part.isdigit())


def _install(extra: str) -> str:
    return f"pip install 'unix-edge[{extra}]'."


def _reinstall(extra: str) -> str:
    return f"pip uninstall --yes {' '.join(RUNTIMES)}, then {_install(extra)}"


def gather_facts() -> Facts:
    """Look at this machine; slow answers are given up after five seconds, missing ones are facts too."""
    cards, driver = _ask_cards()
    return Facts(
        python=platform.python_version(),
        system=platform.system(),
        machine=platform.machine(),
        memory_mib=_memory_mib(),
        packages={name: _version(name) for name in PACKAGES},
        providers=_providers(),
        libraries={name: _loads(name) for name in LIBRARIES},
        driver=driver,
        cards=cards,
        exports=sum(1 for _ in user_bundles().glob(f"*/{MANIFEST}")),
    )


def _ask_cards() -> tuple[tuple[Card, ...], str | None]:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return (), None
    query = [tool, "--query-gpu=name,memory.total,compute_cap,driver_version", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(query, capture_output=True, text=True, timeout=5, check=True).stdout
        rows = [[cell.strip() for cell in line.split(",")] for line in told.splitlines() if line.strip()]
        return tuple(Card(name, int(memory), capability) for name, memory, capability, _ in rows), rows[0][3]
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return (), None


def _providers() -> tuple[str, ...]:
    try:
        import onnxruntime

        return tuple(onnxruntime.get_available_providers())
    except Exception:  # two runtimes at once break the import in many ways
        return ()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _loads(library: str) -> bool:
    """Tell whether a library can be loaded, from the system or from NVIDIA's Python packages."""
    if any(next(Path(path).glob(f"nvidia/**/{library}"), None) for path in sys.path if path):
        return True
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _memory_mib() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError, AttributeError):
        return 0
