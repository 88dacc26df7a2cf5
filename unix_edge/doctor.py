"""What runs where on this machine, and what to install: facts are gathered, then judged by a pure function."""

import base64
import contextlib
import ctypes
import io
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Self

from .bundle import MANIFEST, user_bundles
from .card import preload_libraries
from .errors import UnixEdgeError
from .isolated.decode import decode
from .sessions import Backend

RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
PACKAGES = (*RUNTIMES, "onnxruntime-ep-nv-tensorrt-rtx", "tensorrt-cu13", "torch", "PySide6-Essentials", "pydicom")
CUDA_LIBRARIES = ("libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10", "libcudnn.so.9")
"""What ONNX Runtime's CUDA provider is linked to, and cuDNN, which it loads when it starts."""
LIBRARIES = ("libcuda.so.1", *CUDA_LIBRARIES, "libnvinfer.so.10", "libnvinfer.so.11")
LEAST_DRIVER = 580
"""The first NVIDIA driver for CUDA 13, which ONNX Runtime's GPU package is built for."""
CUDA_FAMILIES, CUDA_CARDS = ((7, 5), (8, 0)), ((9, 0), (12, 0))
"""Compute capabilities that onnxruntime-gpu 1.31 holds machine code for, and no PTX that a driver could compile.

Code for the first runs on later cards of the same major, that for the others (90a, 120a) on these alone.
"""
RTX_CARDS, RTX_FROM = ((8, 6), (8, 9)), (12, 0)
"""What TensorRT-RTX's plugin runs on; 8.0, 9.0 and 10.0 are data-centre cards, and for 7.5 only engines are built."""
_FITS = (
    (12, "fits in fp16 with every graph open"),
    (8, "fits in int8 with every graph open, in fp16 with graphs opened in turn"),
    (6, "fits in int8 or fp16 with graphs opened in turn"),
    (4, "fits in int8 with graphs opened in turn"),
)
"""How the 1.5B release fits a card of at least so many GiB (docs/gpu.md)."""


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
    decodes: bool = True
    """Whether a small picture comes back from the process that decodes files."""
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
    return DeviceAdvice(
        Backend.CPU,
        Verdict.READY,
        "int8 engines suit it best; those in fp16 are widened to float32, and slow for the 1.5B release",
        "unix-edge export --int8 makes them. --int4 drafts faster still, and costs more findings.",
    )


def _advise_cuda(facts: Facts) -> DeviceAdvice:
    def lacking(reason: str, remedy: str) -> DeviceAdvice:
        return DeviceAdvice(Backend.CUDA, Verdict.LACKING, reason, remedy)

    if not facts.cards:
        return _without_card(Backend.CUDA, facts)
    fit = [card for card in facts.cards if _runs_cuda(card)]
    if not fit:
        reason = f"ONNX Runtime holds no code for {_names(facts.cards)}"
        return DeviceAdvice(Backend.CUDA, Verdict.IMPOSSIBLE, reason, "Use cpu.")
    if (old := _driver_too_old(facts)) is not None:
        return lacking(old, f"Install NVIDIA driver {LEAST_DRIVER} or newer.")
    if "CUDAExecutionProvider" not in facts.providers:
        return lacking("the installed ONNX Runtime has no CUDA provider", _reinstall("cuda"))
    if not facts.libraries.get("libcuda.so.1"):
        return lacking("libcuda.so.1 cannot be loaded", "Install the whole NVIDIA driver: its CUDA part is missing.")
    missing = [name for name in CUDA_LIBRARIES if not facts.libraries.get(name)]
    if missing:
        return lacking(f"{', '.join(missing)} cannot be loaded", _install("cuda"))
    return DeviceAdvice(Backend.CUDA, Verdict.READY, _fit(fit))


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
    fit = [card for card in facts.cards if _runs_rtx(card)]
    if not fit:
        other = "Use cuda." if any(map(_runs_cuda, facts.cards)) else "Use cpu."
        return DeviceAdvice(device, Verdict.IMPOSSIBLE, f"TensorRT-RTX does not support {_names(facts.cards)}", other)
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


def _runs_cuda(card: Card) -> bool:
    found = _numbers(card.compute_capability)
    return found in CUDA_CARDS or any(found[:1] == least[:1] and found >= least for least in CUDA_FAMILIES)


def _runs_rtx(card: Card) -> bool:
    found = _numbers(card.compute_capability)
    return found in RTX_CARDS or found >= RTX_FROM


def _names(cards: Sequence[Card]) -> str:
    return ", ".join(f"{card.name} ({card.compute_capability})" for card in cards)


def _fit(cards: Sequence[Card]) -> str:
    largest = max(cards, key=lambda card: card.memory_mib)
    gib = round(largest.memory_mib / 1024)
    fits = next((how for least, how in _FITS if gib >= least), "is too large; smaller checkpoints fit")
    return f"{largest.name}, {gib} GiB: the 1.5B release {fits}"


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
    if not facts.decodes:
        yield (
            "no file can be decoded here: the process for it does not start, or does not find what is installed. "
            "Install UniX Edge into an environment of its own, and start it from there."
        )


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
            "unix-edge export --fp16 --checkpoint FOLDER makes others."
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
        decodes=_decodes(),
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


_GRAY = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAAAAACEICPDAAAAJ0lEQVR42u3MMREAAAgEoNfiVjeEmwcBqMlNRyAQCAQCgUAgEDwNFmD5AN+5d/YAAAAAAElFTkSuQmCC"
)
"""A PNG of 64 x 48 pixels, all of one gray."""


class _SmallPicture:
    """What is decoded to see whether anything can be."""

    name = "picture"

    def open(self) -> tuple[io.BytesIO, int]:
        """Return a PNG."""
        return io.BytesIO(_GRAY), len(_GRAY)


def _decodes() -> bool:
    try:
        decode(_SmallPicture())
    except (UnixEdgeError, OSError):
        return False
    return True


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _loads(library: str) -> bool:
    """Tell whether a library can be loaded as a session would load it; that a file of its name exists says little."""
    with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(Exception):
        preload_libraries()  # what pip installed; whoever cannot be loaded is told of as advice
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
