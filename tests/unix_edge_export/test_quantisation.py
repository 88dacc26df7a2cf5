"""Weights as integers: how near they are, and that engines compute with them what is said here."""

import numpy as np
import onnx_ir as ir
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from unix_edge_export.quantisation import (
    BLOCK,
    LARGEST_WEIGHT,
    from_int4,
    from_int8,
    round_blocks,
    round_rows,
    to_int4,
    to_int8,
)
from unix_edge_export.quantised_graph import quantise_linears
from unix_edge_export.reference.precision import Form
from unix_edge_export.weights import StoredTensor, make

ROUNDED = {
    Form.INT8: lambda x, weight: round_rows(x) @ from_int8(*to_int8(weight)),
    Form.INT4: lambda x, weight: round_blocks(x) @ from_int4(*to_int4(weight), len(weight)),
}
"""What a product of integers is, in float32."""


def drawn(seed, *shape, spread=0.0):
    """Normal values; with a spread some columns are much larger than others."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator) * torch.exp(spread * torch.randn(shape[-1], generator=generator))


def product(form, weights, operator="MatMul"):
    """Return a session of one graph that multiplies x with some weights (in, out) in a form."""
    inputs = len(weights[0])
    x = ir.Value(name="x", shape=ir.Shape(["rows", inputs]), type=ir.TensorType(ir.DataType.FLOAT))
    nodes, values, stored = [], [], {}
    for number, weight in enumerate(weights):
        shape = tuple(weight.shape)
        values.append(ir.Value(name=f"w{number}", shape=ir.Shape(shape), type=ir.TensorType(ir.DataType.FLOAT)))
        nodes.append(ir.node(operator, [x, values[-1]]))
        output = nodes[-1].outputs[0]
        output.name, output.shape = f"y{number}", ir.Shape(["rows", shape[1]])
        output.type = ir.TensorType(ir.DataType.FLOAT)
        stored[f"w{number}"] = StoredTensor(f"w{number}", f"w{number}", shape, torch.float32, transposed=True)
    outputs = [node.outputs[0] for node in nodes]
    graph = ir.Graph([x], outputs, nodes=nodes, initializers=values, opset_imports={"": 24}, name="products")
    for name, tensor in quantise_linears(graph, stored, dict.fromkeys(stored, form), card=False).items():
        number = int(tensor.parameter[1:])
        graph.initializers[name].const_value = ir.tensor(make(tensor, weights[number].T).numpy(), name=name)
    model = ir.serde.serialize_model(ir.Model(graph, ir_version=10))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session, [node.op_type for node in model.graph.node]


@given(seed=st.integers(0, 1000), inputs=st.integers(1, 300), outputs=st.integers(1, 9), spread=st.floats(0, 3))
def test_each_value_is_the_nearest_of_its_column(seed, inputs, outputs, spread):
    weight = drawn(seed, inputs, outputs, spread=spread)
    values, scales = to_int8(weight)
    assert values.dtype is torch.int8 and values.abs().amax(0).tolist() == [LARGEST_WEIGHT] * outputs
    assert ((from_int8(values, scales) - weight).abs() <= scales * 0.5001).all()


@given(seed=st.integers(0, 1000), inputs=st.integers(1, 300), outputs=st.integers(1, 9))
def test_each_value_is_the_nearest_of_its_block(seed, inputs, outputs):
    weight = drawn(seed, inputs, outputs)
    values, scales = to_int4(weight)
    assert values.shape == (outputs, -(-inputs // BLOCK), BLOCK // 2) and values.dtype is torch.uint8
    step = scales.repeat_interleave(BLOCK, dim=1)[:, :inputs].T
    exact = weight / step
    assert (exact.abs() <= 8.0001).all()
    # There is no +8 for what lies opposite to the largest.
    off = (from_int4(values, scales, inputs) - exact.clamp(-8, 7) * step).abs()
    assert (off <= step.abs() * 0.5001).all()


def test_columns_and_blocks_of_nothing_stay_nothing():
    weight = torch.zeros(200, 3)
    weight[150, 1] = 2.0
    assert torch.equal(from_int8(*to_int8(weight)), weight)
    assert torch.equal(from_int4(*to_int4(weight), 200), weight)


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(1, 192, 96), (7, 130, 64), (150, 512, 192)])
def test_an_engine_computes_what_is_said_here(form, rows, inputs, outputs):
    weight, x = drawn(1, inputs, outputs) / inputs**0.5, drawn(2, rows, inputs, spread=1.0)
    found = torch.from_numpy(product(form, [weight])[0].run(None, {"x": x.numpy()})[0])
    wanted = ROUNDED[form](x, weight)
    assert (found - wanted).norm() <= 2e-6 * wanted.norm()
    exact = x @ weight
    assert (found - exact).norm() <= {Form.INT8: 0.06, Form.INT4: 0.15}[form] * exact.norm()


@pytest.mark.parametrize("rows", [1, 4, 64])
def test_no_sum_of_products_is_cut_on_any_processor(rows):
    """Without VNNI two products of bytes are added in 16 bits, and what does not fit is cut without a word."""
    generator = torch.Generator().manual_seed(0)
    signs = torch.randint(0, 2, (rows, 512), generator=generator) * 2.0 - 1
    columns = torch.randint(0, 2, (512, 96), generator=generator) * 2.0 - 1
    for x, weight in ((signs, columns), (torch.ones(rows, 512), torch.ones(512, 96))):
        found = product(Form.INT8, [weight])[0].run(None, {"x": x.numpy()})[0]
        np.testing.assert_allclose(found, (x @ weight).numpy(), rtol=1e-5, atol=1e-4)


def test_rows_are_quantised_once_for_all_that_read_them():
    weights = [drawn(seed, 64, 32) for seed in range(3)]
    session, operators = product(Form.INT8, weights)
    assert operators.count("QuantizeLinear") == 1 and operators.count("MatMulIntegerToFloat") == 3
    x = drawn(9, 5, 64)
    for weight, found in zip(weights, session.run(None, {"x": x.numpy()}), strict=True):
        assert torch.allclose(torch.from_numpy(found), ROUNDED[Form.INT8](x, weight), rtol=1e-4, atol=1e-4)


def test_a_row_says_nothing_of_another():
    weight, x = drawn(1, 64, 32), drawn(2, 3, 64)
    session, _ = product(Form.INT8, [weight])
    alone = session.run(None, {"x": x[:1].numpy()})[0]
    x[1:] *= 1e6
    np.testing.assert_array_equal(session.run(None, {"x": x.numpy()})[0][:1], alone)


def test_a_row_of_nothing_gives_nothing():
    for form in Form:
        assert not product(form, [drawn(1, 64, 32)])[0].run(None, {"x": np.zeros((2, 64), np.float32)})[0].any()


def test_a_weight_that_something_else_reads_is_not_quantised():
    with pytest.raises(AssertionError, match="w0 is read by Add"):
        product(Form.INT8, [torch.ones(4, 4)], operator="Add")
