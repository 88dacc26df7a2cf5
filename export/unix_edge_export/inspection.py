"""Read a bundle back from disk and name whatever is unlike the contract of `docs/bundle.md`.

A comparison of outputs sees what moves them by more than float16 does anyway. One norm with another epsilon, one
rounding too many, one weight that lost its last bits move them by less, and are exact here: each norm's epsilon, where
float16 is computed with, and every weight bit by bit. What may be float16 is said here a second time, on purpose: a
slip in `precision.py` would otherwise agree with itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import NodeProto, TensorProto
from safetensors import safe_open
from torch import nn

from unix_edge.graphs import EMBEDDING_TABLE, GRAPHS, WEIGHTS_FILE

from .reference.checkpoint import CheckpointReader
from .reference.precision import Precision, is_inside
from .weights import to_numpy

HALF_LINEARS = ("vision.tower.encoder", "vision.connector", "understanding", "generation", "lm_head")
"""Whose linears may run in float16."""
_NORMS = {"RMSNormalization": nn.RMSNorm, "LayerNormalization": nn.LayerNorm, "GroupNormalization": nn.GroupNorm}
_MOVING = {"Concat", "Expand", "Gather", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze"}
_READS_HALF = {"MatMul", "Attention", "TensorScatter"}
"""What a value may be rounded to float16 for."""
_IN_HALF = _READS_HALF | _MOVING | {"Cast", "Add", "Mul", "Sigmoid", "Gelu"}
"""What may be computed in float16: linears, their activations, attention; no norm, no rotary position, no sum."""
_NAMES: dict[int, str] = {TensorProto.FLOAT: "float32", TensorProto.FLOAT16: "float16"}
_DTYPES: dict[int, torch.dtype] = {TensorProto.FLOAT: torch.float32, TensorProto.FLOAT16: torch.float16}
_EPSILON = 1e-6
"""Of the norms that have none in the config: the tower's and the VAE's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a weight must be."""

    parameter: str
    stored: torch.dtype
    computed: torch.dtype
    transposed: bool
    norm: type[nn.Module] | None
    """The kind of norm that it belongs to."""


def inspect(source: CheckpointReader, folder: Path, precision: Precision, kept: Collection[str]) -> list[str]:
    """Return what is wrong with a written bundle, each with the graph and the weight that it concerns.

    Args:
        source: The checkpoint.
        folder: The bundle's.
        precision: Of the linears.
        kept: The layers that stay in float32.
    """
    wanted = _contract(source, precision, kept)
    problems: list[str] = []
    users: dict[str, list[str]] = defaultdict(list)
    for name in GRAPHS:
        graph = _Graph.read(folder / f"{name}.onnx")
        problems += _told(name, _inspect_graph(graph, wanted, precision, source.config.language.rms_norm_eps))
        for weight in graph.weights:
            users[weight].append(name)
    return problems + _inspect_weights(source, folder, wanted, users)


def _contract(source: CheckpointReader, precision: Precision, kept: Collection[str]) -> dict[str, Wanted]:
    """Say what every weight must be, by its stored name."""
    wanted = {}
    for parameter, origin in source.sources.items():
        if parameter.startswith(("vae.encoder.", "vae.quant_conv.")):
            continue
        owner, _, attribute = parameter.rpartition(".")
        module = source.skeleton.get_submodule(owner)
        linear = isinstance(module, nn.Linear)
        half = parameter == "embed_tokens.weight" or (
            linear and is_inside(owner, HALF_LINEARS) and not is_inside(owner, kept)
        )
        # A layer that is kept in float32 is stored so; an island's matrices lie in half and are widened.
        island = not (linear and is_inside(owner, HALF_LINEARS))
        matrix = source.skeleton.get_parameter(parameter).ndim > 1
        computed = torch.float16 if half and precision is Precision.FP16 else torch.float32
        stored = torch.float16 if precision is Precision.FP16 and (half or (island and matrix)) else torch.float32
        norm = next((kind for kind in _NORMS.values() if isinstance(module, kind)), None)
        wanted[origin.stored_name] = Wanted(parameter, stored, computed, linear and attribute == "weight", norm)
    return wanted


@dataclass(frozen=True)
class _Graph:
    """A graph's nodes with the dtype, the maker and the readers of every value."""

    nodes: list[NodeProto]
    types: dict[str, int]
    weights: dict[str, TensorProto]
    """The initializers that lie in the weights file."""
    constants: set[str]
    outputs: set[str]
    makers: dict[str, NodeProto] = field(default_factory=dict)
    readers: dict[str, list[NodeProto]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, path: Path) -> "_Graph":
        inner = onnx.shape_inference.infer_shapes(onnx.load(path, load_external_data=False)).graph
        values = [*inner.value_info, *inner.input, *inner.output]
        types = {value.name: value.type.tensor_type.elem_type for value in values}
        types |= {tensor.name: tensor.data_type for tensor in inner.initializer}
        weights = {tensor.name: tensor for tensor in inner.initializer if tensor.external_data}
        constants = {tensor.name for tensor in inner.initializer}
        graph = cls(list(inner.node), types, weights, constants, {value.name for value in inner.output})
        for node in inner.node:
            graph.makers.update(dict.fromkeys(node.output, node))
            for name in node.input:
                graph.readers[name].append(node)
        return graph

    def type_of(self, name: str) -> str:
        return _NAMES.get(self.types[name], TensorProto.DataType.Name(self.types[name]).lower())

    def near(self, node: NodeProto) -> str:
        """Name a place in the graph: the node's operator, and the first weight at or before it."""
        ahead, seen = list(node.input), set()
        while ahead:
            name = ahead.pop(0)
            if name in self.weights:
                return f"{node.op_type} after {name}"
            if name not in seen and name in self.makers:
                ahead += self.makers[name].input
            seen.add(name)
        return node.op_type

    def read_by(self, name: str) -> Iterator[NodeProto]:
        """Yield what reads a value, however it is moved about before."""
        for node in self.readers[name]:
            if node.op_type in _MOVING:
                for output in node.output:
                    yield from self.read_by(output)
            else:
                yield node


def _inspect_graph(graph: _Graph, wanted: dict[str, Wanted], precision: Precision, rms_eps: float) -> list[str]:
    problems = []
    for name, tensor in graph.weights.items():
        if name not in wanted:
            problems.append(f"{name} is no weight of the checkpoint")
        elif _DTYPES.get(tensor.data_type) is not wanted[name].stored:
            problems.append(f"{name} is {graph.type_of(name)}, not {_short(wanted[name].stored)}")
        else:
            problems += _inspect_use(graph, name, wanted[name])
    for node in graph.nodes:
        if node.op_type in _NORMS:
            problems += _inspect_norm(graph, node, wanted, rms_eps)
        halves = [name for name in node.output if graph.types.get(name) == TensorProto.FLOAT16]
        if halves and precision is Precision.FP32:
            problems.append(f"{graph.near(node)} makes float16 in a float32 bundle")
        elif halves:
            problems += _inspect_half(graph, node)
    return problems


def _inspect_use(graph: _Graph, name: str, wanted: Wanted) -> Iterator[str]:
    """A norm's weight scales a norm; what is stored in float16 only is widened before anything else."""
    for node in graph.readers[name]:
        if wanted.norm and not (node.op_type in _NORMS and node.input[0] != name):
            yield f"{name} is read by {node.op_type}, not by a norm"
        if wanted.stored is not wanted.computed and not (
            node.op_type == "Cast" and _attribute(node, "to") == TensorProto.FLOAT
        ):
            yield f"{name} is computed with in float16 by {node.op_type}"


def _inspect_norm(graph: _Graph, node: NodeProto, wanted: dict[str, Wanted], rms_eps: float) -> Iterator[str]:
    scale = wanted.get(node.input[1])
    name = node.input[1] if scale else graph.near(node)
    if scale is None or scale.norm is not _NORMS[node.op_type]:
        yield f"{name}: {node.op_type} with the weight of something else"
    epsilon = rms_eps if node.op_type == "RMSNormalization" else _EPSILON
    found = _attribute(node, "epsilon", 1e-5)
    if np.float32(found) != np.float32(epsilon):
        yield f"{name}: epsilon {found:g}, not {epsilon:g}"
    for value in (node.input[0], node.output[0]):
        if graph.types.get(value) != TensorProto.FLOAT:
            yield f"{name}: the norm is computed in {graph.type_of(value)}"
    if _attribute(node, "stash_type", TensorProto.FLOAT) != TensorProto.FLOAT:
        yield f"{name}: the norm is not computed in float32"


def _inspect_half(graph: _Graph, node: NodeProto) -> Iterator[str]:
    if node.op_type not in _IN_HALF:
        yield f"{graph.near(node)} is computed in float16"
    elif node.op_type == "Add" and not graph.constants & set(node.input):
        yield f"{graph.near(node)}: a sum is computed in float16"  # a bias may be added, the residual stream not
    elif node.op_type == "Cast":
        for reader in graph.read_by(node.output[0]):
            # Where one branch keeps a layer in float32 and the other does not, attention takes the halves widened.
            widened = reader.op_type == "Cast" and all(
                each.op_type == "Attention" for each in graph.read_by(reader.output[0])
            )
            if reader.op_type not in _READS_HALF and not widened:
                yield f"{graph.near(node)}: rounded to float16 for {reader.op_type}"


def _inspect_weights(
    source: CheckpointReader, folder: Path, wanted: dict[str, Wanted], users: dict[str, list[str]]
) -> list[str]:
    """Compare every stored weight with the checkpoint's, rounded once, bit by bit."""
    problems = []
    with safe_open(folder / WEIGHTS_FILE, "pt") as file:
        found = set(file.keys())
        needed = set(users) | {EMBEDDING_TABLE}
        problems += [f"{WEIGHTS_FILE} ({name} is missing)" for name in sorted(needed - found)]
        problems += [f"{WEIGHTS_FILE} ({name} is surplus)" for name in sorted(found - set(wanted))]
        for name in sorted(found & set(wanted)):
            told, tensor = wanted[name], source.tensor(wanted[name].parameter)
            same = to_numpy((tensor.T if told.transposed else tensor).to(told.stored))
            stored = to_numpy(file.get_tensor(name))
            if stored.dtype != same.dtype or stored.shape != same.shape:
                problem = f"{name} is {stored.dtype} {stored.shape}, not {same.dtype} {same.shape}"
            elif others := int((stored.view(f"u{stored.itemsize}") != same.view(f"u{same.itemsize}")).sum()):
                problem = f"{others} of {stored.size} values of {name} are not the checkpoint's"
            else:
                continue
            problems.append(f"{', '.join(users.get(name, [])) or WEIGHTS_FILE} ({problem})")
    return problems


def _told(graph: str, problems: list[str]) -> list[str]:
    """Tell of a graph once, and of the first few things: one slip may be in every layer."""
    each = list(dict.fromkeys(problems))
    more = f"; and {len(each) - 3} more" if len(each) > 3 else ""
    return [f"{graph} ({'; '.join(each[:3])}{more})"] if each else []


def _attribute(node: NodeProto, name: str, default: float | None = None) -> float:
    for attribute in node.attribute:
        if attribute.name == name:
            return float(onnx.helper.get_attribute_value(attribute))
    assert default is not None
    return default


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
