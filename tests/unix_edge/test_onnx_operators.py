"""What an ONNX file holds is known before ONNX Runtime is given it."""

import contextlib
import hashlib
import json
import shutil
import time

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle, _digest
from unix_edge.errors import BundleError
from unix_edge.graphs import GRAPHS
from unix_edge.onnx_operators import STANDARD, find_foreign


def value(name, kind=TensorProto.FLOAT, shape=(1,)):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, array):
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.asarray(array)))


def endless_loop():
    """It never ends, and ONNX Runtime would run it to fold a constant."""
    inputs = [value("i", TensorProto.INT64, ()), value("on", TensorProto.BOOL, ()), value("x")]
    nodes = [helper.make_node("Identity", [a], [b]) for a, b in (("on", "go"), ("x", "y"))]
    body = helper.make_graph(nodes, "body", inputs, [value("go", TensorProto.BOOL, ()), value("y")])
    return helper.make_node("Loop", ["", "true", "one"], ["end"], body=body)


def choice():
    one = helper.make_graph([helper.make_node("Identity", ["one"], ["a"])], "one", [], [value("a")])
    return helper.make_node("If", ["true"], ["end"], then_branch=one, else_branch=one)


def scan():
    nodes = [helper.make_node("Identity", [a], [b]) for a, b in (("s", "t"), ("x", "y"))]
    body = helper.make_graph(nodes, "body", [value("s"), value("x")], [value("t"), value("y")])
    return helper.make_node("Scan", ["one", "rows"], ["end", "ys"], body=body, num_scan_inputs=1)


def many_bodies():
    """An attribute that holds several graphs; no standard operator has one, and none is wanted."""
    node = helper.make_node("Identity", ["one"], ["end"])
    body = helper.make_graph([], "body", [], [])
    node.attribute.append(helper.make_attribute("bodies", [body]))
    return node


def foreign(domain):
    return lambda: helper.make_node("Gelu", ["one"], ["end"], domain=domain)


def plain():
    return helper.make_node("Identity", ["one"], ["end"], domain="ai.onnx")


def model(node):
    nodes = [constant("true", True), constant("one", np.ones(1, np.float32)), node]
    nodes.insert(0, constant("rows", np.ones((2, 1), np.float32)))
    return helper.make_model(helper.make_graph(nodes, "g", [], [value("end")]))


def found(content):
    return find_foreign(memoryview(content))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (endless_loop, "control flow (Loop)"),
        (choice, "control flow (If)"),
        (scan, "control flow (Scan)"),
        (many_bodies, "control flow (Identity)"),
        (foreign("com.microsoft"), "an operator of com.microsoft"),
        (foreign("ai.onnx.ml"), "an operator of ai.onnx.ml"),
        (foreign("evil\x1b[2J"), "an operator of evil\x1b[2J"),
        (plain, ""),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_what_is_no_standard_operator_is_found(make, what):
    assert found(model(make()).SerializeToString()) == what


def test_functions_are_found():
    said = model(plain())
    said.functions.append(
        helper.make_function("own", "f", ["x"], ["y"], [helper.make_node("Identity", ["x"], ["y"])], [])
    )
    assert found(said.SerializeToString()) == "functions of its own"


def test_a_graph_that_stands_twice_is_read_twice():
    """Protobuf joins what may stand once and stands twice."""
    for first, second in ((plain, endless_loop), (endless_loop, plain)):
        content = model(first()).SerializeToString() + model(second()).SerializeToString()
        assert len(onnx.load_from_string(content).graph.node) == 8
        assert found(content) == "control flow (Loop)"


@pytest.mark.parametrize("graph", GRAPHS)
def test_our_graphs_hold_nothing_foreign_and_are_read_as_onnx_reads_them(graph):
    content = (EMBEDDED / f"{graph}.onnx").read_bytes()
    assert {node.domain for node in onnx.load_from_string(content).graph.node} <= STANDARD
    assert found(content) == ""


@given(st.binary(max_size=200))
def test_whatever_is_no_onnx_is_told_as_such_or_read(content):
    with contextlib.suppress(ValueError):
        assert isinstance(found(content), str)


@given(st.data())
def test_a_changed_file_is_read_or_refused_and_never_runs_on(data):
    content = bytearray(model(endless_loop()).SerializeToString())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ValueError):
        found(bytes(content))


@pytest.mark.parametrize("make", [endless_loop, foreign("com.example")])
def test_a_bundle_of_such_a_graph_is_refused_before_it_is_opened(tmp_path, make):
    """Its manifest is right about it, as that of somebody who means it would be."""
    folder = shutil.copytree(EMBEDDED, tmp_path / "bundle")
    content = model(make()).SerializeToString()
    (folder / "vision.onnx").write_bytes(content)
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    del said["digest"]
    said["files"]["vision.onnx"] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    said["digest"] = _digest(said)
    (folder / MANIFEST).write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    started = time.monotonic()
    with pytest.raises(BundleError, match=r"vision\.onnx holds (control flow|an operator of com\.example)"):
        Bundle.open(folder)
    assert time.monotonic() - started < 10
