"""Where nodes run, and what is copied."""

import pytest

SHAPE_OPS = {"Add", "Concat", "Div", "Mul", "Reshape", "Squeeze"}
"""What may run on the CPU, on shapes alone."""


@pytest.fixture(scope="module", params=["fp16", "fp32", "int8"])
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


def read_parts(log):
    """Return the lines of a log from each mark to the next."""
    parts, part = {}, []
    for line in log.read_text().splitlines():
        if line.startswith("mark "):
            part = parts.setdefault(line.removeprefix("mark "), [])
        else:
            part.append(line)
    return parts


@pytest.mark.parametrize("name", ["fp16", "fp32", "int8", "release", "release_int8", "release_int4"])
def test_a_token_and_a_step_are_captured_and_then_are_one_launch(play, bundle, name, tmp_path):
    log = tmp_path / "log"
    found = play("replay", bundle(name), FAKE_LOG=str(log), FAKE_SKIPCOPY="1")
    assert "ILLEGAL" not in log.read_text() and "CAPTURED COPY" not in log.read_text()
    parts = read_parts(log)
    for what, told in found.items():
        assert parts[f"captured {what}"].count("begin capture") == 1, what
        assert parts[what].count("graph launch") == 1 and "begin capture" not in parts[what], what
        assert (told["kernels"], told["library"]) == (0, 0), what
        assert told["copies"] <= 5, "what goes in, and the logits or the velocity out"


@pytest.mark.parametrize("precision", ["fp16", "fp32", "int8"])
def test_keys_and_values_are_updated_in_place(play, bundle, precision, tmp_path):
    """With present apart from past each buffer is copied whole; bound as we bind them, nothing is copied at all."""
    log = tmp_path / "log"
    found = play("feed_a_token", bundle(precision), FAKE_LOG=str(log))
    copies = "copy within card"
    parts = {
        name: [int(line.split()[-1]) for line in lines if line.startswith(copies)]
        for name, lines in read_parts(log).items()
    }
    smallest = min(found["sizes"])
    assert len([size for size in parts["apart, run"] if size >= smallest]) == found["buffers"]
    assert parts["in place"] == []
