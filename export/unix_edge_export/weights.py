"""The bundle's weights: one safetensors file that every graph points into, written one tensor at a time.

Tensors stand under the checkpoint's names, in the dtype that the graphs read, linears transposed to (in, out) as
ONNX's MatMul takes them; the thirds of the vision tower's fused q, k, v tensors stand apart as `NAME.q`, `NAME.k` and
`NAME.v`, and queries, keys and values of a decoder layer side by side as `qkv_proj`.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .modules.linear import MatMulLinear
from .quantisation import to_int4, to_int8
from .reference.names import Source, parts_of

Progress = Callable[[str, float], None]
"""Told what is being done and how much of it, 0 to 1."""

_NAMES = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int8: "I8",
    torch.uint8: "U8",
}


class Made(Enum):
    """What is stored of a parameter."""

    ROUNDED = auto()
    """Its values, rounded to the dtype."""
    INT8 = auto()
    INT8_SCALE = auto()
    INT4 = auto()
    INT4_SCALE = auto()


class TensorReader(Protocol):
    """Whatever gives the reference path's parameters by name."""

    def __call__(self, parameter: str, /) -> Tensor:
        """Return one parameter."""


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One tensor of the weights file."""

    name: str
    parameter: str
    shape: tuple[int, ...]
    dtype: torch.dtype
    transposed: bool = False
    made: Made = Made.ROUNDED

    @property
    def nbytes(self) -> int:
        """Its size."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def parts(self) -> tuple[str, ...]:
        """The parameters of the reference path that it is made of."""
        return parts_of(self.parameter)


def plan_tensor(model: nn.Module, parameter: str, source: Source, dtype: torch.dtype | None = None) -> StoredTensor:
    """Describe how a parameter of a traceable model is stored.

    Args:
        model: With its linears transposed.
        parameter: Its name there.
        source: Where it, or the first of its parts, comes from.
        dtype: To store it in; None: the one that the graph computes in.
    """
    owner, _, attribute = parameter.rpartition(".")
    tensor = model.get_parameter(parameter)
    transposed = attribute == "weight" and isinstance(model.get_submodule(owner), MatMulLinear)
    return StoredTensor(source.stored_name, parameter, tuple(tensor.shape), dtype or tensor.dtype, transposed)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each tensor stands in a weights file."""

    header: bytes
    tensors: tuple[StoredTensor, ...]
    offsets: dict[str, int]
    """From the file's start."""

    @property
    def nbytes(self) -> int:
        """Size of the file."""
        return len(self.header) + sum(tensor.nbytes for tensor in self.tensors)


def lay_out(tensors: Iterable[StoredTensor]) -> Layout:
    """Lay out a safetensors file: widest dtypes first, so that all are aligned to their own size."""
    ordered = tuple(sorted(set(tensors), key=lambda tensor: (-tensor.dtype.itemsize, tensor.name)))
    entries: dict[str, object] = {"__metadata__": {"linears": "transposed"}}
    position, starts = 0, {}
    for tensor in ordered:
        assert tensor.name not in entries, f"{tensor.name} is stored in two ways"
        starts[tensor.name] = position
        entries[tensor.name] = {
            "dtype": _NAMES[tensor.dtype],
            "shape": tensor.shape,
            "data_offsets": [position, position + tensor.nbytes],
        }
        position += tensor.nbytes
    text = json.dumps(entries, separators=(",", ":")).encode()
    # Spaces up to a page: the data then begin where a memory map can.
    text += b" " * (-(len(text) + 8) % 4096)
    header = len(text).to_bytes(8, "little") + text
    return Layout(header, ordered, {name: len(header) + start for name, start in starts.items()})


def write_weights(layout: Layout, read: TensorReader, path: Path, progress: Progress) -> tuple[str, list[str]]:
    """Write a weights file and return its sha256, and the parameters that overflowed their dtype."""
    digest, written = hashlib.sha256(), 0
    overflowed: list[str] = []
    with path.open("wb") as file:
        for block in _blocks(layout, read, overflowed):
            file.write(block)
            digest.update(block)
            written += len(block)
            progress("Writing weights", written / layout.nbytes)
    return digest.hexdigest(), overflowed


def _blocks(layout: Layout, read: TensorReader, overflowed: list[str]) -> Iterable[memoryview]:
    yield memoryview(layout.header)
    for stored in layout.tensors:
        converted = make(stored, join([read(part) for part in stored.parts]))
        if not converted.isfinite().all():
            overflowed.append(stored.parameter)
        assert tuple(converted.shape) == stored.shape, stored
        yield to_numpy(converted).data.cast("B")


def join(parts: list[Tensor]) -> Tensor:
    """Return what is stored as one, its outputs side by side."""
    return parts[0] if len(parts) == 1 else torch.cat(parts)


def make(stored: StoredTensor, tensor: Tensor) -> Tensor:
    """Return what is stored of a parameter."""
    tensor = tensor.T if stored.transposed else tensor
    match stored.made:
        case Made.ROUNDED:
            return tensor.to(stored.dtype)
        case Made.INT8 | Made.INT8_SCALE:
            return to_int8(tensor)[stored.made is Made.INT8_SCALE]
        case Made.INT4 | Made.INT4_SCALE:
            return to_int4(tensor)[stored.made is Made.INT4_SCALE]


def to_numpy(tensor: Tensor) -> NDArray[Any]:
    """Return a contiguous array of the tensor's bytes (bfloat16 as uint16, which numpy lacks)."""
    tensor = tensor.contiguous()
    return np.atleast_1d((tensor.view(torch.uint16) if tensor.dtype is torch.bfloat16 else tensor).numpy())
