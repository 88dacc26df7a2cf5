"""Faults as a person would make them in the exporter: each is refused by name, and nothing is written.

Only what is traced or written is faulty; the reference path stays sound. What the comparison sees is asked of it with
the reading back held off, as far as it sees it at all.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from unix_edge.errors import ParityError
from unix_edge_export import export as exporter
from unix_edge_export import precision as precisions
from unix_edge_export.expectation import Expected
from unix_edge_export.export import export
from unix_edge_export.parity import LIMITS, count_turned, largest, root_mean_square
from unix_edge_export.precision import Precision
from unix_edge_export.random_checkpoint import TINY, write_random_checkpoint
from unix_edge_export.reference import decoder
from unix_edge_export.reference.config import VaeConfig
from unix_edge_export.to_onnx import TracedGraph

FP32, FP16 = Precision.FP32, Precision.FP16
BOTH = (FP32, FP16)
CONFIG = dataclasses.replace(
    TINY,
    vision=dataclasses.replace(TINY.vision, num_hidden_layers=1),
    language=dataclasses.replace(TINY.language, num_hidden_layers=2),
    vae=VaeConfig(ch=16, ch_mult=(1, 2), num_res_blocks=1, z_channels=16, num_groups=4),
)
"""Few layers, since graphs of it are traced some forty times."""
CAPACITY = 384


@dataclass
class Sound:
    """A checkpoint, what the reference path computes from it, and its graphs as they should be."""

    folder: object
    expected: Expected | None = None
    graphs: dict[tuple[Precision, str], TracedGraph] = field(default_factory=dict)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Its weights are float16 numbers, as unix-nano's are, so that bfloat16 takes something from them."""
    folder = tmp_path_factory.mktemp("checkpoint") / "unix-half"
    folder.mkdir()
    write_random_checkpoint(folder, CONFIG, dtype=torch.float16)
    made = Sound(folder)
    expect, trace = exporter.expect, exporter.trace

    def kept(name, *args):
        return made.graphs.setdefault((args[-1], name), trace(name, *args))

    def expected(*args, **kwargs):
        made.expected = made.expected or expect(*args, **kwargs)
        return made.expected

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporter, "trace", kept)
        patch.setattr(exporter, "expect", expected)
        patch.setattr(exporter, "END_TO_END_BYTES", 0)  # graph by graph will do
        for precision in BOTH:
            out = tmp_path_factory.mktemp("out") / "sound"
            rows = export(folder, out, precision, capacity=CAPACITY).manifest.parity
            assert all(row.share <= 0.7 for row in rows), [row for row in rows if row.share > 0.7]
    return made


@dataclass
class Refused:
    """What an export was refused for."""

    by_comparison: str
    """Empty where it was not asked."""
    by_reading: str
    """Empty where nothing was found."""


@pytest.fixture
def refused(sound, tmp_path, monkeypatch):
    """Export with some graphs traced anew, faultily by now; both checks are asked unless `compare` is false."""

    def run(precision: Precision, *graphs: str, compare: bool = True) -> Refused:
        trace, inspect, found = exporter.trace, exporter.inspect, []
        reuse = lambda name, *args: trace(name, *args) if name in graphs else sound.graphs[precision, name]  # noqa: E731

        def hold_off(*args):
            found.extend(inspect(*args))
            return []

        monkeypatch.setattr(exporter, "trace", reuse)
        monkeypatch.setattr(exporter, "_expect", lambda *_: sound.expected)
        monkeypatch.setattr(exporter, "_measure", lambda *_: ({}, ()))
        if compare:
            monkeypatch.setattr(exporter, "inspect", hold_off)
        with pytest.raises(ParityError, match=r"discarded and nothing was written") as failure:
            export(sound.folder, tmp_path / "deep" / "out", precision, capacity=CAPACITY)
        assert list(tmp_path.iterdir()) == []
        said = ", ".join(failure.value.failed)
        return Refused(said if compare else "", ", ".join(found) if compare else said)

    return run


@pytest.fixture
def edit(monkeypatch):
    """Change the model that is traced."""

    def run(change: Callable[[nn.Module], None]) -> None:
        make = exporter.make_traceable

        def changed(*args):
            model = make(*args)
            change(model)
            return model

        monkeypatch.setattr(exporter, "make_traceable", changed)

    return run


@pytest.fixture
def rewrite(monkeypatch):
    """Change one parameter on its way into the weights file."""

    def run(parameter: str, change: Callable[[torch.Tensor], torch.Tensor]) -> None:
        write = exporter.write_weights

        def changed(layout, read, *args):
            return write(layout, lambda name: change(read(name)) if name == parameter else read(name), *args)

        monkeypatch.setattr(exporter, "write_weights", changed)

    return run


def in_half(norm):
    """Compute a norm in float16."""
    if isinstance(norm, nn.RMSNorm):
        norm.forward = lambda x: F.rms_norm(x.half(), norm.normalized_shape, norm.weight, norm.eps).float()
    else:
        norm.forward = lambda x: F.layer_norm(x.half(), norm.normalized_shape, norm.weight, norm.bias, norm.eps).float()


def swapped(x, dim=1):
    """Swap the first two heads."""
    first, second, rest = x.split([1, 1, x.shape[dim] - 2], dim)
    return torch.cat([second, first, rest], dim)


@pytest.mark.filterwarnings("ignore:Mismatch dtype")
@pytest.mark.parametrize("precision", BOTH)
@pytest.mark.parametrize(
    ("norm", "graph"),
    [
        ("understanding.layers.0.input_layernorm", "understanding"),
        ("understanding.layers.1.self_attn.q_norm", "cross_attention"),
        ("generation.layers.1.post_attention_layernorm", "denoiser"),
        ("generation.norm", "denoiser"),
        ("vision.tower.encoder.layers.0.layer_norm2", "vision"),
    ],
)
def test_one_norm_in_float16_is_refused(refused, edit, precision, norm, graph):
    """A residual stream is given values that float16 cannot hold; a norm of heads has none, and is read back."""
    edit(lambda model: in_half(model.get_submodule(norm)))
    seen = precision is FP32 or norm.endswith(("layernorm", "generation.norm"))
    told = refused(precision, graph, compare=seen)
    assert not seen or told.by_comparison.startswith(f"{graph} (")
    assert f"{graph} (" in told.by_reading and "float16" in told.by_reading


@pytest.mark.parametrize("precision", BOTH)
@pytest.mark.parametrize(
    ("norm", "graph", "name"),
    [
        ("understanding.layers.0.input_layernorm", "cross_attention", "model.layers.0.input_layernorm.weight"),
        ("generation.layers.1.self_attn.k_norm", "denoiser", "model.layers.1.self_attn.k_norm_moe_gen.weight"),
        ("vision.tower.post_layernorm", "vision", "vision_tower.norm.weight"),
        ("vae.decoder.mid_block.resnets.0.norm1", "vae_decoder", "decoder.mid.block_1.norm1.weight"),
    ],
)
def test_one_epsilon_of_1e_5_is_refused(refused, edit, precision, norm, graph, name):
    """It moves nothing that is worth measuring where values are near one."""

    def change(model):
        model.get_submodule(norm).eps = 1e-5

    edit(change)
    told = refused(precision, graph, compare=False)
    assert told.by_reading.startswith(f"{graph} (") and f"{name}: epsilon 1e-05, not 1e-06" in told.by_reading


@pytest.mark.parametrize("precision", BOTH)
@pytest.mark.parametrize("graph", ["understanding", "cross_attention", "denoiser"])
def test_a_rope_table_in_float16_is_refused(refused, monkeypatch, precision, graph):
    tables = decoder.rotary_tables
    monkeypatch.setattr(decoder, "rotary_tables", lambda *args: tuple(each.half() for each in tables(*args)))
    told = refused(precision, graph, compare=precision is FP32)
    assert precision is FP16 or told.by_comparison.startswith(f"{graph} (")
    assert told.by_reading.startswith(f"{graph} (Cast: rounded to float16 for Cast" if precision is FP16 else graph)


@pytest.mark.parametrize("precision", BOTH)
def test_rotary_frequencies_in_float16_are_refused_at_late_positions(refused, monkeypatch, precision):
    """They may be folded to constants, in which nothing is to be read; far from zero their angles are wrong."""

    def tables(positions, head_dim, theta):
        exponents = torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim
        angles = positions.float()[..., None] * (theta**-exponents).half().float()
        return angles.cos(), angles.sin()

    monkeypatch.setattr(decoder, "rotary_tables", tables)
    assert refused(precision, "understanding").by_comparison.startswith("understanding (logits")


@pytest.mark.parametrize(
    ("island", "graph", "seen"),
    [
        ("vae2llm", "denoiser", True),
        ("llm2vae", "denoiser", False),
        ("time_embedder", "denoiser", False),
        ("vae", "vae_decoder", False),
    ],
)
def test_a_missing_island_of_float32_is_refused(refused, monkeypatch, island, graph, seen):
    fewer = tuple(each for each in precisions.FLOAT32_ISLANDS if each != island)
    monkeypatch.setattr(precisions, "FLOAT32_ISLANDS", fewer)
    told = refused(FP16, graph, compare=seen)
    assert not seen or told.by_comparison.startswith(f"{graph} (velocity")
    assert f"{graph} (" in told.by_reading and "is computed with in float16 by MatMul" in told.by_reading


@pytest.mark.parametrize("precision", BOTH)
def test_a_residual_stream_in_float16_is_refused(refused, edit, precision):
    def change(model):
        layer = model.generation.layers[1]
        complete = layer.complete
        layer.complete = lambda x, attended: complete(x.half().float(), attended)

    edit(change)
    told = refused(precision, "denoiser")
    assert told.by_comparison.startswith("denoiser (velocity") and told.by_reading.startswith("denoiser (")


@pytest.mark.parametrize("precision", BOTH)
@pytest.mark.parametrize(
    ("parameter", "graphs"),
    [
        ("understanding.layers.1.mlp.down_proj.weight", "understanding, denoiser"),
        ("generation.layers.0.self_attn.v_proj.weight", "denoiser"),
        ("vision.tower.encoder.layers.0.mlp.fc1.weight", "vision"),
        ("vae2llm.weight", "denoiser"),
        ("vae.decoder.conv_in.weight", "vae_decoder"),
        ("embed_tokens.weight", "weights.safetensors"),
    ],
)
def test_one_weight_that_lost_its_last_bits_is_refused(refused, rewrite, precision, parameter, graphs):
    rewrite(parameter, lambda weight: weight.bfloat16().to(weight.dtype))
    told = refused(precision, compare=precision is FP32)
    assert precision is FP16 or told.by_comparison
    assert told.by_reading.startswith(f"{graphs} (") and "are not the checkpoint's)" in told.by_reading


@pytest.mark.parametrize("precision", BOTH)
def test_one_bit_of_one_weight_is_refused(refused, rewrite, precision):
    def flip(weight):
        weight = weight.clone()
        weight[3, 5] *= 1.001
        return weight

    rewrite("generation.layers.1.mlp.up_proj.weight", flip)
    assert "denoiser (1 of 45056 values of" in refused(precision, compare=False).by_reading


@pytest.mark.parametrize("precision", BOTH)
@pytest.mark.parametrize(
    ("branch", "graph", "which"),
    [("understanding", "understanding", 1), ("understanding", "cross_attention", 2), ("generation", "denoiser", 0)],
    ids=["keys", "values", "queries"],
)
def test_two_swapped_heads_are_refused(refused, edit, precision, branch, graph, which):
    """Of keys and values, two groups of heads: there are fewer of these."""

    def change(model):
        layer = model.get_submodule(branch).layers[0]
        project = layer.project

        def faulty(*args):
            made = list(project(*args))
            made[which] = swapped(made[which])
            return tuple(made)

        layer.project = faulty

    edit(change)
    assert refused(precision, graph).by_comparison.startswith(f"{graph} (")


@pytest.mark.parametrize("precision", BOTH)
def test_two_swapped_heads_of_a_weight_are_refused(refused, rewrite, precision):
    width = CONFIG.language.head_dim

    def swap(weight):
        return swapped(weight.unflatten(0, (-1, width)), 0).flatten(0, 1)

    rewrite("generation.layers.1.self_attn.q_proj.weight", swap)
    told = refused(precision)
    assert told.by_comparison.startswith("denoiser (velocity")
    assert told.by_reading.startswith("denoiser (") and "q_proj_moe_gen" in told.by_reading


def test_a_token_that_no_rounding_turns_is_counted():
    wanted = np.random.default_rng(0).standard_normal((40, 700), dtype=np.float32)
    wanted[:, 7] = 6.0  # a lead that stands
    for precision in BOTH:
        limit = LIMITS[precision].rms
        noise = np.random.default_rng(1).standard_normal(wanted.shape, dtype=np.float32) * np.float32(limit)
        assert count_turned(wanted + noise, wanted, limit) == 0
        turned = wanted.copy()
        turned[3, 11] = 6.1
        assert count_turned(turned, wanted, limit) == 1
        near = wanted.copy()
        near[:, 11] = 6.0 - limit  # a near tie of the reference path's own
        assert count_turned(near + noise, near, limit) == 0


def test_a_turned_token_refuses_an_export(sound, tmp_path, monkeypatch):
    """Even where the logits' own rows would let it pass."""
    from unix_edge_export import parity

    draft = parity._draft_logits

    def turned(given, *args):
        logits = draft(given, *args)
        best = given.logits[0].argmax()
        logits[0, best] = np.partition(given.logits[0], -2)[-2] - 1e-3
        return logits

    monkeypatch.setattr(parity, "_draft_logits", turned)
    monkeypatch.setattr(exporter, "trace", lambda name, *args: sound.graphs[args[-1], name])
    monkeypatch.setattr(exporter, "_expect", lambda *_: sound.expected)
    with pytest.raises(ParityError, match=r"understanding \(of \d+ tokens, other ones: [1-3] > 0\)"):
        export(sound.folder, tmp_path / "deep" / "out", FP32, capacity=CAPACITY)
    assert list(tmp_path.iterdir()) == []


def test_the_measures_see_one_wrong_value_and_values_that_are_no_numbers():
    wanted = np.ones((100, 100), np.float32)
    found = wanted.copy()
    found[3, 4] = 1.5
    assert largest(found, wanted) == 0.5 and root_mean_square(found, wanted) == pytest.approx(0.005)
    found[3, 4] = np.nan
    assert largest(found, wanted) == root_mean_square(found, wanted) == float("inf")
