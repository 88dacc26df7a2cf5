"""Where nodes run, and what is copied."""

import pytest

SHAPE_OPS = {"Add", "Concat", "Div", "Mul", "Reshape", "Squeeze"}
"""What may run on the CPU, on shapes alone."""


@pytest.fixture(scope="module", params=["fp16", "fp32"])
def nodes(request, play, bundle):
    return play("place", bundle(request.param))


@pytest.mark.parametrize("graph", ["vision", "understanding", "cross_attention", "denoiser", "vae_decoder"])
def test_every_node_but_those_of_shapes_runs_on_the_card(nodes, graph):
    ran = nodes[graph]
    on_cpu = [(op, types) for op, provider, types in ran if provider != "CUDAExecutionProvider"]
    assert len(ran) > len(on_cpu) + 10
    assert {op for op, _ in on_cpu} <= SHAPE_OPS
    assert all(types == ["int64"] for _, types in on_cpu)
    assert not on_cpu or graph in ("denoiser", "vae_decoder")


def test_no_value_goes_to_the_host_and_back_between_nodes(nodes):
    assert not [op for ran in nodes.values() for op, _, _ in ran if "Memcpy" in op]


@pytest.mark.parametrize("precision", ["fp16", "fp32"])
def test_keys_and_values_are_updated_in_place(play, bundle, precision, tmp_path):
    """With present apart from past each buffer is copied whole; bound as we bind them, none is."""
    log = tmp_path / "log"
    found = play("feed_a_token", bundle(precision), FAKE_LOG=str(log))
    parts, part = {}, None
    for line in log.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "mark":
            part = parts.setdefault(rest, [])
        elif kind == "copy" and part is not None and rest.startswith("within card"):
            part.append(int(rest.split()[-1]))
    smallest = min(found["sizes"])
    assert len([size for size in parts["apart, run"] if size >= smallest]) == found["buffers"]
    assert parts["in place"] and max(parts["in place"]) < smallest
