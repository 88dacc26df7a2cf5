"""What of its weights a card is given, and how: shared between graphs, and integers as its kernels read them."""

import gc

import numpy as np
import onnx
import onnx_ir as ir
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unix_edge import GenerationSettings, ReportSettings, UniX, card
from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.card_weights import is_named, read_header, turn_for_card
from unix_edge.graphs import CARD_GRAPHS, DENOISER, GRAPHS, UNDERSTANDING, VISION, WEIGHTS_FILE, form_of
from unix_edge.sessions import Sessions
from unix_edge_export.export import export
from unix_edge_export.random_checkpoint import LEAST, write_random_checkpoint
from unix_edge_export.reference.precision import Precision

IMAGE = np.random.default_rng(0).integers(0, 256, (90, 70), dtype=np.uint8)


@pytest.fixture
def bundle():
    return Bundle.open(EMBEDDED)


@pytest.fixture(scope="module", params=["int8", "int4"])
def integers(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    write_random_checkpoint(folder, LEAST)
    # The limits of int4 are not those of one layer of noise.
    exported = export(folder, folder / "out", Precision(request.param), capacity=256, prove=request.param == "int8")
    return Bundle.open(exported.folder)


def test_what_several_graphs_name_is_placed_once_and_goes_with_the_last_of_them(pretended, bundle, monkeypatch):
    sessions, placed = Sessions(bundle, "cuda"), []
    place = sessions._weights._place
    monkeypatch.setattr(sessions._weights, "_place", lambda array: placed.append(array.shape) or place(array))
    for graph in GRAPHS:
        sessions.session(graph)
    shared = dict(sessions._weights._placed)
    assert len(placed) == len(shared) > 50 and not any("vit_model" in name or "decoder." in name for name in shared)
    kept, shared = len(shared), None
    sessions.release(UNDERSTANDING)
    gc.collect()
    assert len(sessions._weights._placed) == kept, "the others name them, too"
    sessions.release()
    gc.collect()
    assert not sessions._weights._placed


@pytest.mark.parametrize("free", [0, 25_000_000, None])
def test_a_card_that_does_not_hold_all_graphs_shares_nothing(pretended, bundle, monkeypatch, free):
    """What is shared stays in ONNX Runtime's hands, and graphs that are let go of would leave no room for others."""
    monkeypatch.setattr(card, "free_memory", lambda index: None if free is None else (free, 4096 << 20))
    sessions = Sessions(bundle, "cuda")
    for graph in (UNDERSTANDING, DENOISER):
        sessions.session(graph)
    assert not sessions._weights._placed


def test_where_a_card_failed_the_cpu_shares_nothing(pretended, bundle):
    """Its graphs map the file."""

    def fail(doing, graph):
        if doing == "run" and not sessions:
            raise RuntimeError("CUDA failure 700")

    sessions: list[Sessions] = []
    pretended.fail = fail
    sessions.append(Sessions(bundle, "auto"))
    assert str(sessions[0].device) == "cpu"
    sessions[0].session(UNDERSTANDING)
    gc.collect()
    assert not sessions[0]._weights._placed


def test_whoever_keeps_a_session_keeps_its_weights(pretended, bundle):
    sessions = Sessions(bundle, "cuda")
    session = sessions.session(DENOISER)
    sessions.release()
    gc.collect()
    assert len(sessions._weights._placed) > 50
    del session
    gc.collect()
    assert not sessions._weights._placed


def test_names_are_found_as_onnx_finds_them(bundle):
    with (bundle.folder / WEIGHTS_FILE).open("rb") as file:
        header, _ = read_header(file)
    for graph in GRAPHS:
        described = (bundle.folder / f"{graph}.onnx").read_bytes()
        model = onnx.load(bundle.folder / f"{graph}.onnx", load_external_data=False)
        named = {each.name for each in model.graph.initializer}
        assert {name for name in header if is_named(name, described)} == named & header.keys(), graph
    long = onnx.TensorProto(name="a" * 300)
    assert is_named("a" * 300, long.SerializeToString()) and not is_named("a" * 299, long.SerializeToString())


# Integers -------------------------------------------------------------------------------------------------------------


@given(seed=st.integers(0, 1000), inputs=st.integers(1, 300), outputs=st.integers(1, 9), rows=st.integers(1, 3))
def test_turned_weights_are_multiplied_as_they_were(seed, inputs, outputs, rows):
    rng = np.random.default_rng(seed)
    weight = rng.integers(-64, 65, (inputs, outputs), np.int8)
    turned, x = turn_for_card(weight), rng.standard_normal((rows, inputs), np.float32)
    assert turned.shape == (outputs, -(-inputs // 128), 128)
    given: dict[str, np.ndarray] = {"x": x, "values": turned, "scales": np.ones(turned.shape[:2], np.float32)}
    values = [
        ir.Value(name=name, shape=ir.Shape(each.shape), type=ir.TensorType(ir.DataType.from_numpy(each.dtype)))
        for name, each in given.items()
    ]
    attributes = {"K": inputs, "N": outputs, "bits": 8, "block_size": 128}
    node = ir.node("MatMulNBits", values, attributes=attributes, domain="com.microsoft")
    node.outputs[0].name, node.outputs[0].type = "y", ir.TensorType(ir.DataType.FLOAT)
    graph = ir.Graph(values, node.outputs, nodes=[node], opset_imports={"": 24, "com.microsoft": 1}, name="product")
    model = ir.serde.serialize_model(ir.Model(graph, ir_version=10)).SerializeToString()
    (found,) = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, given)
    np.testing.assert_allclose(found, x @ weight.astype(np.float32), rtol=1e-4, atol=1e-2)


def test_of_integers_a_card_runs_graphs_of_its_own(pretended, integers):
    """Which are proven, and nearer to the reference path than those that round what they multiply."""
    unix = UniX(Sessions(integers, "cuda"))
    unix.report(IMAGE, ReportSettings(max_tokens=4))
    unix.generate("Clear lungs.", GenerationSettings(timesteps=3))
    opened = {graph for graph, [provider, *_], *_ in pretended.opened if provider != "CPUExecutionProvider"}
    assert opened == {*CARD_GRAPHS, "vae_decoder"}
    proven = {row.graph: row.difference for row in integers.manifest.parity if "root mean square" in row.what}
    if integers.manifest.precision == "int8":
        assert {*GRAPHS, *CARD_GRAPHS} == proven.keys()
        assert all(0 < proven[f"{graph}_card"] < proven[graph] for graph in (VISION, DENOISER))


@pytest.mark.parametrize("free", [512 << 20, 0, None])
def test_shared_or_not_the_same_is_read_of_integers(pretended, integers, monkeypatch, free):
    monkeypatch.setattr(card, "free_memory", lambda index: None if free is None else (free, 4096 << 20))
    settings, drawing = ReportSettings(max_tokens=12), GenerationSettings(timesteps=4)
    found, wanted = (UniX(Sessions(integers, device, for_card=True)) for device in ("cuda", "cpu"))
    assert found.report(IMAGE, settings).log_probabilities == wanted.report(IMAGE, settings).log_probabilities
    drawn = [unix.generate("Clear lungs.", drawing).latents for unix in (found, wanted)]
    assert np.abs(drawn[0] - drawn[1]).max() <= 0.02 * np.abs(drawn[1]).max()  # keys and values come of another graph
    assert bool(found.sessions._weights._placed) == bool(free)


def test_of_integers_each_is_placed_once(pretended, integers, monkeypatch):
    sessions, placed = Sessions(integers, "cuda"), []
    place = sessions._weights._place
    monkeypatch.setattr(sessions._weights, "_place", lambda array: placed.append(array.dtype) or place(array))
    for graph in (UNDERSTANDING, "cross_attention", DENOISER):
        sessions.session(graph)
    assert len(placed) == len(sessions._weights._placed) and {*placed} == {np.dtype(np.uint8)}
    described = [
        (integers.folder / f"{form_of(each, integers.manifest.precision, card=True)}.onnx").read_bytes()
        for each in (UNDERSTANDING, "cross_attention", DENOISER)
    ]
    several = [name for name in sessions._weights._placed if sum(is_named(name, each) for each in described) > 1]
    assert several, "what several graphs read"
