"""Every graph builds as a TensorRT-RTX engine, which needs no card; that they run is not tested anywhere here."""

import dataclasses

import onnx
import pytest

from unix_edge.bundle import MANIFEST, Bundle
from unix_edge.engine_cache import cache_folder, find_engine
from unix_edge.errors import EngineBuildError
from unix_edge.graphs import GRAPHS, graph_spec
from unix_edge_export.to_tensorrt import PROVIDER, build_engine, build_engines


@pytest.fixture(scope="module")
def bundle(export_golden, tiny_golden):
    return Bundle.open(export_golden(tiny_golden, "fp16"))


@pytest.fixture(scope="module")
def built(bundle):
    return build_engines(bundle)


def test_every_graph_builds_and_is_found(bundle, built):
    assert built == cache_folder(bundle)
    for graph in GRAPHS:
        path = find_engine(bundle, graph)
        assert path == built / f"{graph}.onnx"
        assert (built / f"{graph}.engine").stat().st_size > 10_000


def test_the_wrapping_has_the_graph_s_interface(bundle, built):
    for graph in GRAPHS:
        wrapped = onnx.load(built / f"{graph}.onnx").graph
        spec = graph_spec(graph, bundle.manifest.model, bundle.manifest.capacity)
        assert [value.name for value in wrapped.input] == [tensor.name for tensor in spec.inputs]
        assert [value.name for value in wrapped.output] == [tensor.name for tensor in spec.outputs]
        (node,) = wrapped.node
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        assert node.op_type == "EPContext" and node.domain == "com.microsoft"
        assert attributes["ep_cache_context"] == f"{graph}.engine".encode() and attributes["embed_mode"] == 0
        assert attributes["source"] == PROVIDER.encode()


@pytest.mark.parametrize("name", ["vision.engine", "vision.onnx", MANIFEST])
def test_a_changed_engine_is_never_handed_out(bundle, built, name):
    content = (built / name).read_bytes()
    try:
        for changed in (content[:-1] + bytes([content[-1] ^ 1]), content[: len(content) // 2], b""):
            (built / name).write_bytes(changed)
            assert find_engine(bundle, "vision") is None
    finally:
        (built / name).write_bytes(content)
    assert find_engine(bundle, "vision") is not None


def test_another_bundle_s_engines_are_not_taken(bundle, built, engines):
    assert find_engine(Bundle.open(engines), "vision") is None


def test_what_cannot_be_built_is_one_sentence(bundle, tmp_path):
    (tmp_path / "vision.onnx").write_bytes(b"no graph")
    broken = dataclasses.replace(bundle, folder=tmp_path)
    with pytest.raises(EngineBuildError, match="TensorRT-RTX cannot build the vision graph") as failure:
        build_engine(broken, "vision")
    assert "\n" not in str(failure.value)


def test_float32_attention_has_no_kernel_and_says_so(engines):
    """Known of TensorRT-RTX 1.7: the sentence names the graph and what to do."""
    with pytest.raises(EngineBuildError, match=r"denoiser graph .*--fp16"):
        build_engine(Bundle.open(engines), "denoiser")
