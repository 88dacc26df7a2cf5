"""Let a traced graph compute with quantised weights: com.microsoft's MatMulIntegerToFloat and MatMulNBits."""

from collections.abc import Mapping

import onnx_ir as ir
import torch
from torch import Tensor

from .quantisation import BLOCK, LARGEST_ACTIVATION, LEAST, ZERO_POINT
from .reference.precision import Form
from .weights import Made, StoredTensor

DOMAIN = "com.microsoft"
DATA_TYPES = {
    torch.float32: ir.DataType.FLOAT,
    torch.float16: ir.DataType.FLOAT16,
    torch.int8: ir.DataType.INT8,
    torch.uint8: ir.DataType.UINT8,
    torch.int64: ir.DataType.INT64,
}
"""ONNX's types of what stands in a graph."""


def quantise_linears(
    graph: ir.Graph, weights: Mapping[str, StoredTensor], forms: Mapping[str, Form], *, card: bool
) -> dict[str, StoredTensor]:
    """Replace a graph's products with weights by products with quantised ones.

    Args:
        graph: With its weights under their stored names.
        weights: The same, by name.
        forms: Of the parameters that are to be quantised.
        card: Let weights be widened as they are read, in the dtype of what they are multiplied with; else int8 ones
            multiply integers.

    Returns:
        What is to be stored for the graph, by name.
    """
    stored, rows = {}, _Rows(graph)
    for name, weight in weights.items():
        form, *others = (forms.get(part) for part in weight.parts)
        assert others in ([], [form, form]), f"the parts of {name} are quantised in different ways"
        if form is None:
            stored[name] = weight
            continue
        values, scales = _stored(weight, form)
        given = graph.initializers.pop(name)
        read = _initializer(graph, values, _shape_for_card(values)) if card else _initializer(graph, values)
        for node, _ in list(given.uses()):
            assert node.op_type == "MatMul", f"{name} is read by {node.op_type}"
            assert node.inputs[1] is given, f"{name} is multiplied with from the left"
            if card:
                _replace_for_card(graph, node, form, read, _initializer(graph, scales), rows)
            else:
                _replace(graph, node, form, read, _initializer(graph, scales), rows)
        stored |= {values.name: values, scales.name: scales}
    return stored


def _stored(weight: StoredTensor, form: Form) -> tuple[StoredTensor, StoredTensor]:
    """Describe a linear's quantised values and their scales."""
    inputs, outputs = weight.shape
    blocks = -(-inputs // BLOCK)
    shape, scales, dtype = {
        Form.INT8: ((inputs, outputs), (outputs,), torch.int8),
        Form.INT4: ((outputs, blocks, BLOCK // 2), (outputs, blocks), torch.uint8),
    }[form]
    values, by = {Form.INT8: (Made.INT8, Made.INT8_SCALE), Form.INT4: (Made.INT4, Made.INT4_SCALE)}[form]
    return (
        StoredTensor(weight.name, weight.parameter, shape, dtype, transposed=True, made=values),
        StoredTensor(f"{weight.name}_scale", weight.parameter, scales, torch.float32, transposed=True, made=by),
    )


def _shape_for_card(values: StoredTensor) -> tuple[int, ...]:
    """Return the shape of quantised values as a card reads them; int8 ones are turned when a session is opened."""
    if values.made is Made.INT4:
        return values.shape
    inputs, outputs = values.shape
    return outputs, -(-inputs // BLOCK), BLOCK


def _initializer(graph: ir.Graph, stored: StoredTensor, for_card: tuple[int, ...] | None = None) -> ir.Value:
    if stored.name not in graph.initializers:
        kind = ir.TensorType(ir.DataType.UINT8 if for_card else DATA_TYPES[stored.dtype])
        shape = ir.Shape(for_card or stored.shape)
        graph.initializers[stored.name] = ir.Value(name=stored.name, shape=shape, type=kind)
    return graph.initializers[stored.name]


class _Rows:
    """The activations of a graph that were quantised by row, each once for all linears that read them."""

    def __init__(self, graph: ir.Graph) -> None:
        self._graph = graph
        self._known: dict[ir.Value, tuple[ir.Value, ir.Value]] = {}
        self._constants: dict[str, ir.Value] = {}

    def constant(self, name: str, tensor: Tensor) -> ir.Value:
        """Return a constant of the graph, made when it is first wanted."""
        if name not in self._constants:
            value = ir.Value(name=name, shape=ir.Shape(tensor.shape), type=ir.TensorType(DATA_TYPES[tensor.dtype]))
            value.const_value = ir.tensor(tensor.numpy(), name=name)
            self._graph.initializers[name] = value
            self._constants[name] = value
        return self._constants[name]

    @property
    def scale(self) -> ir.Value:
        return self.constant("row_scale", torch.tensor(1 / LARGEST_ACTIVATION, dtype=torch.float32))

    @property
    def zero_point(self) -> ir.Value:
        return self.constant("row_zero_point", torch.tensor(ZERO_POINT, dtype=torch.uint8))

    def quantise(self, x: ir.Value) -> tuple[ir.Value, ir.Value]:
        """Return unsigned bytes of `x` (..., in), and the largest value of each row (..., 1)."""
        if x not in self._known:
            last = self.constant("last_axis", torch.tensor([-1]))
            least = self.constant("least", torch.tensor(LEAST, dtype=torch.float32))
            assert x.shape is not None
            row = ir.Shape([*x.shape[:-1], 1])
            sizes = self._add(x, "Abs", [x], x.shape)
            largest = self._add(sizes, "ReduceMax", [sizes, last], row, {"keepdims": 1})
            largest = self._add(largest, "Max", [largest, least], row)
            shares = self._add(largest, "Div", [x, largest], x.shape)
            values = self._add(shares, "QuantizeLinear", [shares, self.scale, self.zero_point], x.shape)
            values.type = ir.TensorType(ir.DataType.UINT8)
            self._known[x] = values, largest
        return self._known[x]

    def _add(
        self,
        after: ir.Value,
        operator: str,
        inputs: list[ir.Value],
        shape: ir.Shape,
        attributes: Mapping[str, int] | None = None,
    ) -> ir.Value:
        """Add a node after the one that makes a value; what is added so stands before all that read it."""
        node = ir.node(operator, inputs, attributes=dict(attributes or {}))
        output = node.outputs[0]
        output.name = f"{inputs[0].name}.{operator.lower()}"
        output.shape, output.type = shape, ir.TensorType(ir.DataType.FLOAT)
        if (made := after.producer()) is None:
            self._graph.insert_before(self._graph[0], node)
        else:
            self._graph.insert_after(made, node)
        return output


def _replace(graph: ir.Graph, node: ir.Node, form: Form, values: ir.Value, scales: ir.Value, rows: _Rows) -> None:
    """Replace one product."""
    (x, weight), y = node.inputs, node.outputs[0]
    assert x is not None
    assert weight is not None
    if form is Form.INT8:
        given, largest = rows.quantise(x)
        product = ir.node("MatMulIntegerToFloat", [given, values, rows.scale, scales, rows.zero_point], domain=DOMAIN)
        product.outputs[0].name = f"{y.name}.shares"
        product.outputs[0].shape, product.outputs[0].type = y.shape, ir.TensorType(ir.DataType.FLOAT)
        new = [product, ir.node("Mul", [product.outputs[0], largest])]
    else:
        assert weight.shape is not None
        sizes = dict(zip("KN", weight.shape.numpy(), strict=True))
        attributes = {**sizes, "bits": 4, "block_size": BLOCK, "accuracy_level": 4}
        new = [ir.node("MatMulNBits", [x, values, scales], attributes=attributes, domain=DOMAIN)]
    ir.convenience.replace_nodes_and_values(graph, node, [node], new, [y], list(new[-1].outputs))
    graph.opset_imports.setdefault(DOMAIN, 1)


def _replace_for_card(
    graph: ir.Graph, node: ir.Node, form: Form, values: ir.Value, scales: ir.Value, rows: _Rows
) -> None:
    """Replace one product; its scales are made when a session is opened, since nothing of them is an input."""
    (x, weight), y = node.inputs, node.outputs[0]
    assert x is not None
    assert weight is not None
    assert weight.shape is not None
    assert values.shape is not None
    new = []

    def add(operator: str, inputs: list[ir.Value], shape: ir.Shape | None, **attributes: int) -> ir.Value:
        made = ir.node(operator, inputs, attributes=attributes)
        made.outputs[0].name = f"{y.name}.{operator.lower()}"
        made.outputs[0].shape, made.outputs[0].type = shape, x.type
        new.append(made)
        return made.outputs[0]

    blocks = ir.Shape(values.shape[:2])
    if x.dtype is not ir.DataType.FLOAT:
        assert x.dtype is not None
        scales = add("Cast", [scales], scales.shape, to=x.dtype)
    if form is Form.INT8:
        last, wanted = torch.tensor([-1]), torch.tensor(blocks.numpy())
        scales = add("Unsqueeze", [scales, rows.constant("last_axis", last)], ir.Shape([blocks[0], 1]))
        scales = add("Expand", [scales, rows.constant(f"{values.name}_blocks", wanted)], blocks)
    sizes = dict(zip("KN", weight.shape.numpy(), strict=True))
    attributes = {**sizes, "bits": 8 if form is Form.INT8 else 4, "block_size": BLOCK}
    new.append(ir.node("MatMulNBits", [x, values, scales], attributes=attributes, domain=DOMAIN))
    ir.convenience.replace_nodes_and_values(graph, node, [node], new, [y], list(new[-1].outputs))
    graph.opset_imports.setdefault(DOMAIN, 1)
