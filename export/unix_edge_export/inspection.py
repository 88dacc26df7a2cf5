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
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional as F

from unix_edge.graphs import CARD_GRAPHS, EMBEDDING_TABLE, WEIGHTS_FILE, graphs_of

from .reference.checkpoint import CheckpointReader
from .reference.precision import Precision, is_inside
from .weights import Made, join, to_numpy

HALF_LINEARS = ("vision.tower.encoder", "vision.connector", "understanding", "generation", "lm_head")
"""Whose linears may run in float16."""
_INT4_LINEARS = ("understanding",)
"""Whose linears are int4 in an int4 bundle."""
_NORMS = {"RMSNormalization": nn.RMSNorm, "LayerNormalization": nn.LayerNorm, "GroupNormalization": nn.GroupNorm}
_MOVING = {"Concat", "Expand", "Gather", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze"}
_READS_HALF = {"MatMul", "MatMulNBits", "Attention", "TensorScatter"}
"""What a value may be rounded to float16 for."""
_IN_HALF = _READS_HALF | _MOVING | {"Cast", "Add", "Mul", "Sigmoid", "Gelu", "RMSNormalization", "RotaryEmbedding"}
"""What may give float16: linears, their activations, attention; norms of heads, which are given it, and what turns
them. No other norm in one operator, no angle, no sum."""
_NAMES: dict[int, str] = {TensorProto.FLOAT: "float32", TensorProto.FLOAT16: "float16"}
_DTYPES: dict[int, torch.dtype] = {
    TensorProto.FLOAT: torch.float32,
    TensorProto.FLOAT16: torch.float16,
    TensorProto.INT8: torch.int8,
    TensorProto.UINT8: torch.uint8,
}
_ROW_SCALE, _ROW_ZERO, _LEAST = np.float32(1 / 127), np.uint8(128), np.float32(1e-9)
_WIDE = {Precision.FP32: "float32", Precision.INT8: "int8", Precision.INT4: "int4"}
"""Bundles where nothing is computed in float16."""
_BLOCK = 128
_ACCURACY = 4
"""Of int4's products on processors: rows are rounded to int8, block by block."""
_UNITS = {Made.INT8: 64, Made.INT4: 8}
"""The integer that the largest value of a column, or of a block, is stored as."""
_PLACES: dict[Made, dict[str, int]] = {
    Made.INT8: {"MatMulIntegerToFloat": 1, "MatMulNBits": 1},
    Made.INT8_SCALE: {"MatMulIntegerToFloat": 3, "Unsqueeze": 0},
    Made.INT4: {"MatMulNBits": 1},
    Made.INT4_SCALE: {"MatMulNBits": 2},
}
"""Which input of which operator quantised values and their scales are."""
_EPSILON = 1e-6
"""Of the norms that have none in the config: the tower's and the VAE's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a weight must be."""

    parameters: tuple[str, ...]
    """What it is made of; of several the outputs stand side by side."""
    stored: torch.dtype
    computed: torch.dtype
    transposed: bool
    norm: type[nn.Module] | None
    """The kind of norm that it belongs to."""
    made: Made = Made.ROUNDED


def inspect(
    source: CheckpointReader, folder: Path, precision: Precision, kept: Collection[str], large: Collection[str] = ()
) -> list[str]:
    """Return what is wrong with a written bundle, each with the graph and the weight that it concerns.

    Args:
        source: The checkpoint.
        folder: The bundle's.
        precision: Of the linears.
        kept: The layers, or linears, that stay in float32.
        large: The layers that stay in float32 on cards, in a bundle of integers.
    """
    wanted = _contract(source, precision, kept)
    on_cards = _contract(source, precision, kept, large) if precision.is_quantised else {}
    problems: list[str] = []
    users: dict[str, list[str]] = defaultdict(list)
    for name in graphs_of(precision.value):
        graph = _Graph.read(folder / f"{name}.onnx")
        epsilon = source.config.language.rms_norm_eps
        if name in CARD_GRAPHS:
            found = [*_inspect_casts(graph, wanted), *_inspect_graph(graph.folded(), on_cards, Precision.FP16, epsilon)]
        else:
            found = _inspect_graph(graph, wanted, precision, epsilon)
        problems += _told(name, found)
        for weight in graph.weights:
            users[weight].append(name)
    return problems + _inspect_weights(source, folder, wanted, users)


def _contract(
    source: CheckpointReader, precision: Precision, kept: Collection[str], large: Collection[str] | None = None
) -> dict[str, Wanted]:
    """Say what every weight must be, by its stored name.

    With `large` it is what graphs for cards make of a bundle of integers: all is half that is in a bundle in half, but
    of those layers.
    """
    wanted: dict[str, Wanted] = {}
    half_runs = precision is Precision.FP16 or large is not None
    wide = (*kept, *(large or ()))
    for parameter, origin in source.sources.items():
        if parameter.startswith(("vae.encoder.", "vae.quant_conv.")):
            continue
        owner, _, attribute = parameter.rpartition(".")
        module = source.skeleton.get_submodule(owner)
        linear = isinstance(module, nn.Linear)
        half = parameter == "embed_tokens.weight" or (
            linear and is_inside(owner, HALF_LINEARS) and not is_inside(owner, wide)
        )
        # A layer that is kept in float32 is stored so; an island's matrices lie in half and are widened.
        island = not (linear and is_inside(owner, HALF_LINEARS))
        norm = next((kind for kind in _NORMS.values() if isinstance(module, kind)), None)
        if norm is nn.RMSNorm and owner != "generation.norm":  # those whose results are rounded for linears
            reader = "lm_head" if owner == "understanding.norm" else owner
            half = not is_inside(reader, wide)
        matrix = source.skeleton.get_parameter(parameter).ndim > 1
        quantised = linear and is_inside(owner, HALF_LINEARS) and not is_inside(owner, kept)
        if quantised and matrix and precision.is_quantised:
            int4 = precision is Precision.INT4 and is_inside(owner, _INT4_LINEARS)
            made = (Made.INT4, Made.INT4_SCALE) if int4 else (Made.INT8, Made.INT8_SCALE)
            values = torch.uint8 if int4 or large is not None else torch.int8
            dtypes = (values, torch.float16 if half and half_runs else torch.float32)
            for suffix, one, dtype in zip(("", "_scale"), made, dtypes, strict=True):
                name = origin.stored_name + suffix
                parts = (*wanted[name].parameters, parameter) if name in wanted else (parameter,)
                wanted[name] = Wanted(parts, dtype, torch.float32, transposed=True, norm=None, made=one)
            continue
        computed = torch.float16 if half and half_runs else torch.float32
        in_half = parameter == "embed_tokens.weight" or (island and matrix) or (half and half_runs)
        stored = torch.float16 if in_half and precision is not Precision.FP32 else torch.float32
        name = origin.stored_name
        parts = (*wanted[name].parameters, parameter) if name in wanted else (parameter,)
        wanted[name] = Wanted(parts, stored, computed, linear and attribute == "weight", norm)
    return wanted


@dataclass(frozen=True)
class _Graph:
    """A graph's nodes with the dtype, the maker and the readers of every value."""

    proto: GraphProto
    nodes: list[NodeProto]
    types: dict[str, int]
    weights: dict[str, TensorProto]
    """The initializers that lie in the weights file."""
    constants: dict[str, TensorProto]
    """All initializers."""
    outputs: set[str]
    makers: dict[str, NodeProto] = field(default_factory=dict)
    readers: dict[str, list[NodeProto]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, path: Path) -> "_Graph":
        return cls.of(onnx.shape_inference.infer_shapes(onnx.load(path, load_external_data=False)).graph)

    @classmethod
    def of(cls, inner: GraphProto) -> "_Graph":
        values = [*inner.value_info, *inner.input, *inner.output]
        types = {value.name: value.type.tensor_type.elem_type for value in values}
        types |= {tensor.name: tensor.data_type for tensor in inner.initializer}
        weights = {tensor.name: tensor for tensor in inner.initializer if tensor.external_data}
        constants = {tensor.name: tensor for tensor in inner.initializer}
        graph = cls(inner, list(inner.node), types, weights, constants, {value.name for value in inner.output})
        for node in inner.node:
            graph.makers.update(dict.fromkeys(node.output, node))
            for name in node.input:
                graph.readers[name].append(node)
        return graph

    def folded(self) -> "_Graph":
        """Return the graph with weights that are rounded to float16 before all else as if they were stored so."""
        inner = GraphProto()
        inner.CopyFrom(self.proto)
        rounded = {
            node.output[0]: node.input[0]
            for node in inner.node
            if _rounds(node) and node.input[0] in self.weights and all(map(_rounds, self.readers[node.input[0]]))
        }
        for tensor in inner.initializer:
            if tensor.name in rounded.values():
                tensor.data_type = TensorProto.FLOAT16
        nodes = [node for node in inner.node if node.output[0] not in rounded]
        del inner.node[:]
        inner.node.extend(nodes)
        for node in inner.node:
            node.input[:] = [rounded.get(name, name) for name in node.input]
        return _Graph.of(inner)

    def type_of(self, name: str) -> str:
        return _NAMES.get(self.types[name], TensorProto.DataType.Name(self.types[name]).lower())

    def is_constant(self, name: str, value: NDArray[Any] | np.generic) -> bool:
        """Return whether a value stands in the graph itself and is just that."""
        tensor = self.constants.get(name)
        if tensor is None or tensor.external_data:
            return False
        found = onnx.numpy_helper.to_array(tensor)
        return found.dtype == value.dtype and found.shape == value.shape and bool((found == value).all())

    def made_by(self, name: str, *operators: str) -> NodeProto | None:
        """Return the node that made a value, the last of operators that stand one before the other, each alone."""
        node = None
        for operator in operators:
            node = self.makers.get(name)
            if node is None or node.op_type != operator:
                return None
            name = node.input[0]
        return node

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
        if (scale := _scale_of_spelt_norm(node, wanted)) is not None:
            problems += _inspect_spelt_norm(graph, node, scale, rms_eps)
        if node.op_type == "MatMulIntegerToFloat":
            problems += _inspect_int8(graph, node, wanted)
        if node.op_type == "MatMulNBits":
            problems += _inspect_blocks(graph, node, wanted, card=precision is Precision.FP16)
        halves = [name for name in node.output if graph.types.get(name) == TensorProto.FLOAT16]
        if halves and precision is not Precision.FP16:
            problems.append(f"{graph.near(node)} makes float16 in a {_WIDE[precision]} bundle")
        elif halves:
            problems += _inspect_half(graph, node, wanted)
    return problems


def _inspect_use(graph: _Graph, name: str, wanted: Wanted) -> Iterator[str]:
    """A norm's weight scales a norm; what is stored in float16 only is widened before anything else.

    Quantised values are read by a product of integers, each with its own scales.
    """
    for node in graph.readers[name]:
        if wanted.made is not Made.ROUNDED and [*node.input].index(name) != _PLACES[wanted.made].get(node.op_type):
            yield f"{name} is read by {node.op_type}, or in another place than its own"
        in_norm = node.op_type in _NORMS and node.input[0] != name
        if wanted.norm and not (in_norm or (_is_spelt(wanted) and node.op_type == "Mul")):
            yield f"{name} is read by {node.op_type}, not by a norm"
        if (
            wanted.made is Made.ROUNDED
            and wanted.stored is not wanted.computed
            and not (node.op_type == "Cast" and _attribute(node, "to") == TensorProto.FLOAT)
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
    of_heads = scale is not None and scale.stored is torch.float16
    for value in (node.input[0], node.output[0]):
        if graph.types.get(value) != (TensorProto.FLOAT16 if of_heads else TensorProto.FLOAT):
            yield f"{name}: the norm is computed in {graph.type_of(value)}"
    if _attribute(node, "stash_type", TensorProto.FLOAT) != TensorProto.FLOAT:
        yield f"{name}: the norm is not computed in float32"


def _is_spelt(wanted: Wanted) -> bool:
    """Return whether a weight scales a norm of the float32 stream that gives float16, which is spelt out."""
    stream = wanted.parameters[0].rpartition(".")[0].endswith(("layernorm", "understanding.norm"))
    return wanted.norm is nn.RMSNorm and wanted.stored is torch.float16 and stream


def _scale_of_spelt_norm(node: NodeProto, wanted: dict[str, Wanted]) -> str | None:
    """Return the weight by which a node scales a norm that is spelt out; None if it does nothing of the kind."""
    scales = [name for name in node.input if name in wanted and _is_spelt(wanted[name])]
    return scales[0] if node.op_type == "Mul" and scales else None


def _inspect_spelt_norm(graph: _Graph, node: NodeProto, scale: str, rms_eps: float) -> Iterator[str]:
    """Rows by their root mean square, all in float32, and rounded before they are scaled."""
    (rounded,) = (name for name in node.input if name != scale)
    made = graph.made_by(rounded, "Cast", "Div")
    size = graph.made_by(made.input[1], "Sqrt", "Add") if made else None
    mean = graph.made_by(size.input[0], "ReduceMean") if size else None
    squares = graph.made_by(mean.input[0], "Pow") if mean else None
    if (
        not (made and size and mean and squares)
        or squares.input[0] != made.input[0]
        or not graph.is_constant(squares.input[1], np.float32(2))
        or not graph.is_constant(mean.input[1], np.array([-1]))
        or _attribute(mean, "keepdims", 1) != 1
    ):
        yield f"{scale} scales something else than rows by their root mean square"
        return
    if not graph.is_constant(size.input[1], np.float32(rms_eps)):
        found = graph.constants.get(size.input[1])
        told = f"{onnx.numpy_helper.to_array(found).item():g}" if found else "no constant"
        yield f"{scale}: epsilon {told}, not {rms_eps:g}"
    for value in (made.input[0], made.output[0], squares.output[0], mean.output[0], size.output[0]):
        if graph.types.get(value) != TensorProto.FLOAT:
            yield f"{scale}: the norm is computed in {graph.type_of(value)}"


def _inspect_int8(graph: _Graph, node: NodeProto, wanted: dict[str, Wanted]) -> Iterator[str]:
    """Rows over their largest value, as bytes about 128, times a column's values and its scale, times that largest."""
    rows, values, scale, scales, *rest = node.input
    name = values
    if wanted.get(values) is None or wanted[values].made is not Made.INT8 or scales != f"{values}_scale":
        yield f"{name} is read with {scales}"
    quantised = graph.makers.get(rows)
    if len(rest) != 1 or quantised is None or [*quantised.input[1:]] != [scale, *rest]:
        yield f"{name}: its rows are quantised in another way than they are widened"
        return
    if not (graph.is_constant(scale, _ROW_SCALE) and graph.is_constant(rest[0], _ROW_ZERO)):
        yield f"{name}: the scale or the zero point of its rows is another"
    shares = graph.makers.get(quantised.input[0])
    if quantised.op_type != "QuantizeLinear" or shares is None or shares.op_type != "Div":
        yield f"{name}: its rows are not divided by their largest value"
        return
    given, largest = shares.input
    if not _is_largest(graph, given, largest):
        yield f"{name}: its rows are divided by something else than their largest value"
    for reader in graph.readers[node.output[0]]:
        if reader.op_type != "Mul" or set(reader.input) != {node.output[0], largest}:
            yield f"{name}: its product is not widened by the largest value of a row"


def _is_largest(graph: _Graph, given: str, largest: str) -> bool:
    """Return whether a value is the largest of each row of another, but for rows of nothing."""
    bounded = graph.makers.get(largest)
    if bounded is None or bounded.op_type != "Max" or not graph.is_constant(bounded.input[1], _LEAST):
        return False
    reduced = graph.makers.get(bounded.input[0])
    if reduced is None or reduced.op_type != "ReduceMax" or not graph.is_constant(reduced.input[1], np.array([-1])):
        return False
    sizes = graph.makers.get(reduced.input[0])
    return sizes is not None and sizes.op_type == "Abs" and sizes.input[0] == given


def _inspect_blocks(graph: _Graph, node: NodeProto, wanted: dict[str, Wanted], *, card: bool) -> Iterator[str]:
    """Blocks of a column's values times the block's scale; int8's is the column's, as often as there are blocks."""
    _, values, scales, *rest = node.input
    told, tensor = wanted.get(values), graph.weights.get(values)
    if told is None or tensor is None or told.stored is not torch.uint8:
        yield f"{values} is read by MatMulNBits"
        return
    int4 = told.made is Made.INT4
    inputs, outputs = (int(_attribute(node, name)) for name in "KN")
    blocks = -(-inputs // _BLOCK)
    if not int4:
        repeated, column = graph.made_by(scales, "Expand"), graph.made_by(scales, "Expand", "Unsqueeze")
        if repeated and column and graph.is_constant(repeated.input[1], np.array([outputs, blocks])):
            scales = column.input[0]
    if scales != f"{values}_scale" or rest:
        yield f"{values} is read with {', '.join([scales, *rest])}"
    attributes = {"bits": 4 if int4 else 8, "block_size": _BLOCK, "accuracy_level": 0 if card else _ACCURACY}
    if others := {name: _attribute(node, name, 0) for name in attributes}.items() - attributes.items():
        yield f"{values}: {', '.join(f'{name} is {value:g}' for name, value in sorted(others))}"
    if (*tensor.dims,) != (outputs, blocks, _BLOCK // 2 if int4 else _BLOCK):
        yield f"{values}: {inputs} by {outputs} are not {tuple(tensor.dims)}"


def _rounds(node: NodeProto) -> bool:
    return node.op_type == "Cast" and _attribute(node, "to") == TensorProto.FLOAT16


def _inspect_casts(graph: _Graph, wanted: dict[str, Wanted]) -> Iterator[str]:
    """A graph for cards reads from the file what graphs for processors do, and turns the bytes of int8 alone."""
    for name, tensor in graph.weights.items():
        if name in wanted:
            stored = torch.uint8 if wanted[name].made is Made.INT8 else wanted[name].stored
            if _DTYPES.get(tensor.data_type) is not stored:
                yield f"{name} is {graph.type_of(name)}, not {_short(stored)}"


def _inspect_half(graph: _Graph, node: NodeProto, wanted: dict[str, Wanted]) -> Iterator[str]:
    if node.op_type not in _IN_HALF:
        yield f"{graph.near(node)} is computed in float16"
    elif node.op_type == "Add" and graph.constants.keys().isdisjoint(node.input):
        yield f"{graph.near(node)}: a sum is computed in float16"  # a bias may be added, the residual stream not
    elif node.op_type == "Cast":
        for reader in graph.read_by(node.output[0]):
            # Where one branch keeps a layer in float32 and the other does not, attention takes the halves widened.
            widened = reader.op_type == "Cast" and all(
                each.op_type == "Attention" for each in graph.read_by(reader.output[0])
            )
            maker = graph.makers.get(node.input[0])
            table = reader.op_type == "RotaryEmbedding" and maker is not None and maker.op_type in ("Cos", "Sin")
            norm = _scale_of_spelt_norm(reader, wanted) is not None
            if reader.op_type not in _READS_HALF and not (widened or table or norm):
                yield f"{graph.near(node)}: rounded to float16 for {reader.op_type}"


def _inspect_weights(
    source: CheckpointReader, folder: Path, wanted: dict[str, Wanted], users: dict[str, list[str]]
) -> list[str]:
    """Compare every stored weight with the checkpoint's: rounded once, bit by bit, or to the nearest integer."""
    problems = []
    with safe_open(folder / WEIGHTS_FILE, "pt") as file:
        found = set(file.keys())
        needed = set(users) | {EMBEDDING_TABLE}
        problems += [f"{WEIGHTS_FILE} ({name} is missing)" for name in sorted(needed - found)]
        problems += [f"{WEIGHTS_FILE} ({name} is surplus)" for name in sorted(found - set(wanted))]
        for name in sorted(found & set(wanted)):
            told = wanted[name]
            tensor = join([source.tensor(each) for each in told.parameters])
            tensor = tensor.T if told.transposed else tensor
            if told.made is Made.ROUNDED:
                problem = _inspect_rounded(name, file.get_tensor(name), tensor.to(told.stored))
            elif told.made in _UNITS and f"{name}_scale" in found:
                problem = _inspect_integers(name, file.get_tensor(name), file.get_tensor(f"{name}_scale"), tensor, told)
            else:
                continue
            if problem:
                problems.append(f"{', '.join(users.get(name, [])) or WEIGHTS_FILE} ({problem})")
    return problems


def _inspect_rounded(name: str, found: Tensor, wanted: Tensor) -> str:
    stored, same = to_numpy(found), to_numpy(wanted)
    if stored.dtype != same.dtype or stored.shape != same.shape:
        return f"{name} is {stored.dtype} {stored.shape}, not {same.dtype} {same.shape}"
    others = int((stored.view(f"u{stored.itemsize}") != same.view(f"u{same.itemsize}")).sum())
    return f"{others} of {stored.size} values of {name} are not the checkpoint's" if others else ""


def _inspect_integers(name: str, values: Tensor, scales: Tensor, weight: Tensor, wanted: Wanted) -> str:
    """Each scale is its column's or block's largest value by the largest integer; each value the nearest integer."""
    weight = weight.float()
    if wanted.made is Made.INT4:
        columns = F.pad(weight.T, (0, -len(weight) % _BLOCK)).reshape(weight.shape[1], -1, _BLOCK)
        if (values.dtype, *values.shape) != (wanted.stored, *columns.shape[:2], _BLOCK // 2):
            return f"{name} is {_short(values.dtype)} {tuple(values.shape)}"
        integers = torch.stack([values % 16, values // 16], 3).reshape(columns.shape).float() - 8
    else:
        columns, integers = weight.T[:, None], values.T[:, None].float()
        scales = scales[:, None]
        if (values.dtype, *values.shape) != (wanted.stored, *weight.shape):
            return f"{name} is {_short(values.dtype)} {tuple(values.shape)}"
    if scales.dtype != torch.float32 or scales.shape != columns.shape[:2]:
        return f"{name}_scale is {_short(scales.dtype)} {tuple(scales.shape)}"
    largest = columns.abs().amax(2)
    units = torch.where(largest > 0, largest / _UNITS[wanted.made], 1)
    if wrong := int((~torch.isclose(scales.abs(), units, rtol=1e-6, atol=0)).sum()):
        return f"{wrong} of {scales.numel()} scales of {name} are not the checkpoint's"
    exact = columns / scales[..., None]
    # There is no +8 for what lies opposite to the largest of a block.
    nearest = exact.clamp(-8, 7) if wanted.made is Made.INT4 else exact
    others = int(((integers - nearest).abs() > 0.5 + 1e-3).sum())
    return f"{others} of {integers.numel()} values of {name} are not the nearest to the checkpoint's" if others else ""


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
