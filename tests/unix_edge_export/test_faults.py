"""Faults as a person would make them in the exporter: each is refused by name, and nothing is written.

Only what is traced or written is faulty; the reference path stays sound. What the comparison sees is asked of it with
the reading back held off, as far as it sees it at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import onnx_ir as ir
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from unix_edge import bundle as bundles
from unix_edge.errors import ParityError
from unix_edge.text import Text
from unix_edge_export import export as exporter
from unix_edge_export import inspection, parity, to_onnx
from unix_edge_export.expectation import Expected, expect
from unix_edge_export.export import export
from unix_edge_export.modules.linear import nan
from unix_edge_export.modules.norm import NormToHalf
from unix_edge_export.parity import LIMITS, count_turned, failures, largest, root_mean_square
from unix_edge_export.quantised_graph import quantise_linears
from unix_edge_export.random_checkpoint import LEAST, write_random_checkpoint
from unix_edge_export.reference import decoder
from unix_edge_export.reference import precision as precisions
from unix_edge_export.reference.checkpoint import WEIGHTS, Checkpoint, load_reference
from unix_edge_export.reference.names import QKV as PACKED
from unix_edge_export.reference.precision import Precision
from unix_edge_export.reference.run import Reference
from unix_edge_export.weights import plan_tensor

FP32, FP16, INT8, INT4 = Precision
CAPACITY = 384


@dataclass
class Sound:
    """A checkpoint, and what the reference path computes from it."""

    folder: Path
    expected: Expected


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Its weights are float16 numbers, as unix-nano's are, so that bfloat16 takes something from them."""
    folder = tmp_path_factory.mktemp("checkpoint") / "unix-half"
    folder.mkdir()
    write_random_checkpoint(folder, LEAST, dtype=torch.float16)
    tensors = load_file(folder / WEIGHTS)
    tensors["time_embedder.mlp.2.weight"] /= 64  # as drawn it drowns what the layers say
    save_file(tensors, folder / WEIGHTS)
    source = Checkpoint(folder)
    text = Text.load(folder, 600, 601)
    return Sound(folder, expect(Reference(load_reference(source)), text, capacity=CAPACITY, end_to_end=False))


@pytest.fixture
def kept():
    """Linears that are not quantised."""
    return []


@pytest.fixture
def large():
    """Layers that leave float16's range."""
    return []


@pytest.fixture
def exported(sound, kept, large, trace_again, tmp_path, monkeypatch):
    """Export one graph alone; one that is traced as it should be is traced once."""

    def run(precision: Precision, graph: str, *, reuse: bool = False):
        for module in (exporter, inspection, bundles):
            monkeypatch.setattr(module, "graphs_of", lambda _: (graph,))
        if reuse:
            monkeypatch.setattr(exporter, "trace", partial(trace_again, exporter.trace))
        monkeypatch.setattr(exporter, "_expect", lambda *_: sound.expected)
        monkeypatch.setattr(exporter, "_measure", lambda *_: exporter._Measured(kept=tuple(kept), large=tuple(large)))
        monkeypatch.setattr(exporter, "fit_preview", lambda _: ())  # it needs the VAE's graph, too
        return export(sound.folder, tmp_path / "deep" / "out", precision, capacity=CAPACITY)

    return run


@dataclass
class Refused:
    """What an export was refused for."""

    by_comparison: str
    """Empty where the fault is too small for it."""
    by_reading: str


@pytest.fixture
def refused(exported, tmp_path, monkeypatch):
    """Export a faulty graph; to ask the comparison, too, what the reading finds is held back."""

    def run(precision: Precision, graph: str, *, compare: bool, reuse: bool = False) -> Refused:
        inspect, found = exporter.inspect, []

        def hold_back(*args):
            found.extend(inspect(*args))
            return []

        if compare:
            monkeypatch.setattr(exporter, "inspect", hold_back)
        with pytest.raises(ParityError, match=r"discarded and nothing was written") as failure:
            exported(precision, graph, reuse=reuse)
        assert list(tmp_path.iterdir()) == []
        said = ", ".join(failure.value.failed)
        return Refused(said, ", ".join(found)) if compare else Refused("", said)

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


@pytest.fixture
def spoil(monkeypatch):
    """Change one tensor in the weights file, after it was written."""

    def run(name: str, change: Callable[[torch.Tensor], torch.Tensor]) -> None:
        write = exporter.write_weights

        def changed(layout, read, path, *args):
            done = write(layout, read, path, *args)
            tensor = load_file(path)[name]
            with path.open("r+b") as file:
                file.seek(layout.offsets[name])
                file.write(change(tensor).contiguous().numpy().tobytes())
            return done

        monkeypatch.setattr(exporter, "write_weights", changed)

    return run


@pytest.fixture
def turn(monkeypatch):
    """Change a traced graph."""

    def run(change: Callable[[ir.Model], None]) -> None:
        def changed(graph, *args, card):
            stored = quantise_linears(graph, *args, card=card)
            change(graph)
            return stored

        monkeypatch.setattr(to_onnx, "quantise_linears", changed)

    return run


def in_half(norm):
    """Compute a norm in float16, its weight with it."""
    for number, (name, parameter) in enumerate(list(norm.named_parameters()), start=1000):
        standin = nan(number, torch.float16).expand(parameter.shape)
        setattr(norm, name, nn.Parameter(standin, requires_grad=False))
    compute = norm.forward
    if isinstance(norm, NormToHalf):
        norm.forward = lambda x: compute(x.half().float())
    else:
        norm.forward = lambda x: compute(x.half()).float()


def swapped(x, dim=1):
    """Swap the first two heads."""
    first, second, rest = x.split([1, 1, x.shape[dim] - 2], dim)
    return torch.cat([second, first, rest], dim)


@pytest.mark.parametrize(
    ("precision", "graph"),
    [
        (FP16, "denoiser"),
        (FP16, "vision"),
        (FP32, "vision"),
        (INT8, "denoiser"),
        (INT8, "vision"),
        (INT4, "understanding"),
        (INT4, "denoiser"),
    ],
)
def test_what_is_sound_passes_with_room(exported, precision, graph):
    rows = [row for row in exported(precision, graph, reuse=True).manifest.parity if row.limit]
    assert len(rows) == 2 and all(row.share <= 0.7 for row in rows), rows


@pytest.mark.parametrize(
    ("precision", "graph", "norm", "seen"),
    [
        (FP16, "understanding", "understanding.layers.0.input_layernorm", True),
        (FP32, "vision", "vision.tower.encoder.layers.0.layer_norm1", True),
    ],
)
def test_one_norm_in_float16_is_refused(refused, edit, precision, graph, norm, seen):
    """The residual stream is given values that float16 cannot hold."""
    edit(lambda model: in_half(model.get_submodule(norm)))
    told = refused(precision, graph, compare=seen)
    assert not seen or told.by_comparison.startswith(f"{graph} (")
    assert told.by_reading.startswith(f"{graph} (") and "float16" in told.by_reading


@pytest.mark.parametrize(
    ("precision", "graph", "norm", "name"),
    [
        (FP16, "cross_attention", "understanding.layers.0.input_layernorm", "layers.0.input_layernorm.weight"),
        (FP32, "vision", "vision.tower.post_layernorm", "vision_tower.norm.weight"),
    ],
)
def test_one_epsilon_of_1e_5_is_refused(refused, edit, precision, graph, norm, name):
    """It moves next to nothing where values are near one."""

    def change(model):
        model.get_submodule(norm).eps = 1e-5

    edit(change)
    told = refused(precision, graph, compare=False)
    assert told.by_reading.startswith(f"{graph} (") and f"{name}: epsilon 1e-05, not 1e-06" in told.by_reading


@pytest.mark.parametrize(
    ("operator", "place", "value", "said"),
    [
        ("Pow", 1, np.float32(3), "scales something else than rows by their root mean square"),
        ("ReduceMean", 1, np.array([0]), "scales something else than rows by their root mean square"),
        ("Div", 0, np.ones((1, 1, 1), np.float32), "scales something else than rows by their root mean square"),
        ("Add", 1, np.float32(1e-5), "epsilon 1e-05, not 1e-06"),
    ],
)
def test_a_norm_that_is_spelt_out_wrong_is_refused(refused, turn, operator, place, value, said):
    def change(inner):
        nodes = [*inner]
        first = next(at for at, node in enumerate(nodes) if node.op_type == "Pow")
        node = next(each for each in nodes[first:] if each.op_type == operator)
        inner.initializers["another"] = ir.Value(name="another", const_value=ir.tensor(value))
        node.replace_input_with(place, inner.initializers["another"])

    turn(change)
    told = refused(FP16, "cross_attention", compare=False, reuse=True)
    assert told.by_reading.startswith(f"cross_attention ({LAYER}.input_layernorm.weight") and said in told.by_reading


def test_a_norm_of_heads_that_is_not_rounded_with_them_is_refused(refused, edit):
    def change(model):
        norm = model.understanding.layers[0].self_attn.k_norm
        norm.weight = nn.Parameter(nan(1000, torch.float32).expand(norm.weight.shape), requires_grad=False)

    edit(change)
    told = refused(FP16, "cross_attention", compare=False)
    assert f"{LAYER}.self_attn.k_norm.weight is float32, not float16" in told.by_reading


def test_a_rope_table_in_float16_is_refused_where_all_is_float32(refused, monkeypatch):
    tables = decoder.rotary_tables

    def rounded(*args):
        return tuple(each.half().float() for each in tables(*args))

    monkeypatch.setattr(decoder, "rotary_tables", rounded)
    told = refused(FP32, "cross_attention", compare=True)
    assert told.by_comparison.startswith("cross_attention (context keys")
    assert "makes float16 in a float32 bundle" in told.by_reading


def test_rotary_angles_in_float16_are_refused(refused, monkeypatch):
    """Where heads are turned in float16, a table may be rounded to it, and nothing before."""

    def tables(positions, head_dim, theta):
        exponents = torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim
        angles = (positions.float()[..., None] * theta**-exponents).half()
        return angles.cos(), angles.sin()

    monkeypatch.setattr(decoder, "rotary_tables", tables)
    told = refused(FP16, "cross_attention", compare=False)
    assert "rounded to float16 for Cos" in told.by_reading and "Cos is computed in float16" in told.by_reading


def test_rotary_frequencies_in_float16_are_refused(refused, monkeypatch):
    """Folded to constants they show in no graph, but late positions turn by wrong angles."""

    def tables(positions, head_dim, theta):
        exponents = torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim
        angles = positions.float()[..., None] * (theta**-exponents).half().float()
        return angles.cos(), angles.sin()

    monkeypatch.setattr(decoder, "rotary_tables", tables)
    told = refused(FP16, "cross_attention", compare=True)
    assert "context keys, root mean square" in told.by_comparison


def test_missing_islands_of_float32_are_refused(refused, monkeypatch):
    """Not even values beyond float16 show them in a comparison on the CPU, so they are read in the graph."""
    fewer = ("latent_pos_embed", "vae")
    monkeypatch.setattr(precisions, "FLOAT32_ISLANDS", fewer)
    monkeypatch.setattr(to_onnx, "STORED_HALF", (*fewer, "vision.tower.embeddings"))
    told = refused(FP16, "denoiser", compare=False)
    assert told.by_reading.startswith(
        "denoiser (time_embedder.mlp.0.weight is computed with in float16 by MatMul; time_embedder.mlp.0.bias is"
    )
    for island in ("vae2llm", "llm2vae"):
        assert f"denoiser ({island}.bias is float16" in told.by_reading


@pytest.mark.parametrize(
    ("precision", "graph", "parameter"),
    [
        (FP16, "denoiser", "generation.layers.0.self_attn.v_proj.weight"),
        (FP16, "denoiser", "understanding.layers.0.self_attn.k_proj.weight"),
        (FP16, "denoiser", "vae2llm.weight"),
        (FP16, "vision", "vision.tower.encoder.layers.0.mlp.fc1.weight"),
        (FP32, "vision", "vision.tower.encoder.layers.0.mlp.fc1.weight"),
        (FP32, "vision", "embed_tokens.weight"),
    ],
)
def test_one_weight_rounded_to_bfloat16_is_refused(refused, rewrite, precision, graph, parameter):
    rewrite(parameter, lambda weight: weight.bfloat16().to(weight.dtype))
    seen = precision is FP32 and parameter.startswith(graph)
    told = refused(precision, graph, compare=seen, reuse=True)
    assert not seen or told.by_comparison.startswith(f"{graph} (")
    user = "weights.safetensors" if parameter == "embed_tokens.weight" else graph
    assert told.by_reading.startswith(f"{user} (") and told.by_reading.endswith("are not the checkpoint's)")


def test_one_value_of_one_weight_is_refused(refused, rewrite):
    def change(weight):
        return weight.index_put((torch.tensor(3), torch.tensor(5)), weight[3, 5] * 1.001)

    rewrite("generation.layers.0.mlp.up_proj.weight", change)
    told = refused(FP16, "denoiser", compare=False, reuse=True)
    assert told.by_reading.startswith(
        "denoiser (1 of 45056 values of language_model.model.layers.0.mlp_moe_gen.up_proj"
    )


@pytest.mark.parametrize("graph", ["understanding", "understanding_cpu"])
def test_two_swapped_heads_of_keys_are_refused(graph, refused, edit):
    def change(model):
        norm = model.understanding.layers[0].self_attn.k_norm  # gives keys (B, S, KV, D)
        norm.register_forward_hook(lambda module, given, keys: swapped(keys, 2))

    edit(change)
    told = refused(FP16, graph, compare=True)
    assert f"{graph} (logits, root mean square" in told.by_comparison
    assert told.by_reading == "", "each weight is where it should be"


def test_two_swapped_heads_of_a_weight_are_refused(refused, rewrite):
    width = LEAST.language.head_dim
    rewrite(
        "generation.layers.0.self_attn.q_proj.weight",
        lambda weight: swapped(weight.unflatten(0, (-1, width)), 0).flatten(0, 1),
    )
    told = refused(FP16, "denoiser", compare=True, reuse=True)
    assert "denoiser (velocity, root mean square" in told.by_comparison
    assert told.by_reading.startswith("denoiser (") and "qkv_proj_moe_gen" in told.by_reading


def test_a_token_that_no_rounding_turns_is_counted():
    wanted = np.random.default_rng(0).standard_normal((40, 700), dtype=np.float32)
    wanted[:, 7] = 6.0  # a lead that stands
    for precision in Precision:
        limit = LIMITS[precision].rms
        noise = np.random.default_rng(1).standard_normal(wanted.shape, dtype=np.float32) * np.float32(limit)
        assert count_turned(wanted + noise, wanted, limit) == 0
        turned = wanted.copy()
        turned[3, 11] = 6.1
        assert count_turned(turned, wanted, limit) == 1
        near = wanted.copy()
        near[:, 11] = 6.0 - limit  # a near tie of the reference path's own
        assert count_turned(near + noise, near, limit) == 0


def test_a_turned_token_refuses_an_export():
    wanted = np.random.default_rng(0).standard_normal((4, 700), dtype=np.float32)
    wanted[:, 7] = 4.0
    turned = wanted.copy()
    turned[2, 11] = 4.001
    rows = parity.judge_tokens("understanding", [(wanted, wanted), (turned, wanted)], LIMITS[FP16])
    assert failures([rows]) == ["understanding (of 8 tokens, other ones: 1 > 0)"]


def test_the_measures_see_one_wrong_value_and_values_that_are_no_numbers():
    wanted = np.ones((100, 100), np.float32)
    found = wanted.copy()
    found[3, 4] = 1.5
    assert largest(found, wanted) == 0.5 and root_mean_square(found, wanted) == pytest.approx(0.005)
    found[3, 4] = np.nan
    assert largest(found, wanted) == root_mean_square(found, wanted) == float("inf")


LAYER = "language_model.model.layers.0"
QKV = f"{LAYER}.self_attn.qkv_proj.weight"


def swap_columns(weight, dim):
    """Swap the first two columns of a weight, whose outputs lie along a dim."""
    first, second, rest = weight.split([1, 1, weight.shape[dim] - 2], dim)
    return torch.cat([second, first, rest], dim)


@pytest.mark.parametrize(
    ("precision", "graph", "name", "dim"),
    [
        (INT8, "vision", "vit_model.vision_tower.blocks.0.mlp.fc1.weight", 1),
        (INT8, "denoiser", f"{LAYER}.self_attn.qkv_proj_moe_gen.weight", 1),
        (INT8, "understanding", QKV, 1),
        (INT4, "understanding", QKV, 0),
        (INT8, "understanding_card", QKV, 1),
    ],
)
def test_two_swapped_columns_of_integers_are_refused(refused, spoil, precision, graph, name, dim):
    spoil(name, lambda values: swap_columns(values, dim))
    told = refused(precision, graph, compare=False, reuse=True)
    assert told.by_reading.startswith(f"{graph} (") and f"values of {name} are not the nearest" in told.by_reading


@pytest.mark.parametrize(
    ("precision", "graph", "name"),
    [
        (INT8, "vision", "vit_model.vision_tower.blocks.0.mlp.fc1.weight"),
        (INT8, "understanding", QKV),
        (INT8, "cross_attention", QKV),
        (INT8, "denoiser", f"{LAYER}.mlp_moe_gen.down_proj.weight"),
        (INT4, "understanding", QKV),
        (INT4, "cross_attention", QKV),
        (INT4, "denoiser", f"{LAYER}.mlp_moe_gen.down_proj.weight"),
        (INT8, "vision_card", "vit_model.vision_tower.blocks.0.mlp.fc1.weight"),
        (INT8, "understanding_card", QKV),
        (INT4, "understanding_card", QKV),
        (INT4, "denoiser_card", f"{LAYER}.mlp_moe_gen.down_proj.weight"),
    ],
)
def test_what_reading_would_miss_the_comparison_sees(refused, spoil, precision, graph, name):
    """All columns in another order, as a slip of a layout would have them."""
    spoil(name, lambda values: values.flip(1 if values.dtype is torch.int8 else 0))
    told = refused(precision, graph, compare=True, reuse=True)
    assert told.by_comparison.startswith(f"{graph} (") and "root mean square" in told.by_comparison


@pytest.mark.parametrize(
    ("precision", "graph", "name"),
    [
        (INT8, "vision", "vit_model.vision_tower.blocks.0.mlp.fc1.weight"),
        (INT8, "cross_attention", QKV),
        (INT4, "understanding", f"{LAYER}.mlp.down_proj.weight"),
        (INT4, "denoiser", f"{LAYER}.mlp_moe_gen.down_proj.weight"),
    ],
)
def test_one_doubled_scale_is_refused(refused, spoil, precision, graph, name):
    def double(scales):
        scales.view(-1)[3] *= 2
        return scales

    spoil(f"{name}_scale", double)
    told = refused(precision, graph, compare=False, reuse=True)
    assert told.by_reading.startswith(f"{graph} (1 of ") and f"scales of {name} are not" in told.by_reading


def test_one_value_of_integers_off_by_one_is_refused(refused, spoil):
    def off(values):
        values[3, 5] += 1 if values[3, 5] < 0 else -1
        return values

    spoil(f"{LAYER}.mlp.up_proj.weight", off)
    told = refused(INT8, "understanding", compare=False, reuse=True)
    assert told.by_reading.startswith("understanding (1 of ") and "not the nearest" in told.by_reading


@pytest.mark.parametrize("graph", ["denoiser", "vision"])
def test_a_zero_point_off_by_one_is_refused(refused, turn, graph):
    """It cancels in the graph, but for rows whose least value it cuts."""

    def change(inner):
        inner.initializers["row_zero_point"].const_value = ir.tensor(np.uint8(127))

    turn(change)
    told = refused(INT8, graph, compare=False, reuse=True)
    assert told.by_reading.startswith(f"{graph} (") and "the zero point of its rows is another" in told.by_reading


@pytest.mark.parametrize(
    ("precision", "graph", "operator", "place", "said"),
    [
        (INT8, "vision", "MatMulIntegerToFloat", 4, "its rows are quantised in another way than they are widened"),
        (INT8, "vision", "MatMulIntegerToFloat", 2, "its rows are quantised in another way than they are widened"),
        (INT8, "vision", "Mul", 1, "its product is not widened by the largest value of a row"),
        (INT8, "vision", "Div", 1, "its rows are divided by something else than their largest value"),
        (INT8, "vision", "QuantizeLinear", 1, "its rows are quantised in another way than they are widened"),
        (INT8, "vision", "MatMulIntegerToFloat", 3, "is read with another"),
        (INT4, "understanding", "MatMulNBits", 2, "is read with another"),
        (INT8, "vision_card", "Unsqueeze", 0, "is read with another"),
        (INT8, "vision_card", "Expand", 1, "is read with"),
        (INT8, "vision_card", "MatMulNBits", 2, "is read with another"),
        (INT4, "understanding_card", "MatMulNBits", 2, "is read with another"),
    ],
)
def test_a_product_of_integers_that_reads_something_else_is_refused(
    refused, turn, precision, graph, operator, place, said
):
    """A zero point off by one, a scale of another's, a row that is widened by what it was not divided by."""

    def change(inner):
        nodes = [*inner]
        product = next(at for at, node in enumerate(nodes) if node.domain == "com.microsoft")
        node = next(each for each in (*nodes[product:], *nodes[product - 5 : product]) if each.op_type == operator)
        was = node.inputs[place]
        shape = [each if isinstance(each, int) else 1 for each in was.shape]
        other = np.full(shape, 127 if was.dtype is ir.DataType.UINT8 else 0.5, was.dtype.numpy())
        inner.initializers["another"] = ir.Value(name="another", const_value=ir.tensor(other))
        node.replace_input_with(place, inner.initializers["another"])

    turn(change)
    told = refused(precision, graph, compare=False, reuse=True)
    assert told.by_reading.startswith(f"{graph} (") and said in told.by_reading


@pytest.mark.parametrize(
    ("precision", "graph", "attribute", "value"),
    [
        (INT4, "understanding", "accuracy_level", 2),
        (INT4, "understanding_card", "accuracy_level", 4),
        (INT8, "understanding_card", "accuracy_level", 4),
        (INT8, "understanding_card", "bits", 4),
        (INT8, "understanding_card", "block_size", 64),
    ],
)
def test_other_products_of_blocks_are_refused(refused, turn, precision, graph, attribute, value):
    def change(inner):
        for node in inner:
            if node.op_type == "MatMulNBits":
                node.attributes[attribute] = ir.AttrInt64(attribute, value)

    turn(change)
    told = refused(precision, graph, compare=False, reuse=True)
    assert told.by_reading.startswith(f"{graph} (") and f"{attribute} is {value}" in told.by_reading


@pytest.mark.parametrize("precision", [INT8, INT4])
def test_a_layer_that_leaves_half_s_range_is_read_in_float32_on_cards(exported, large, precision):
    large.append("understanding.layers.0")
    made = exported(precision, "understanding_card", reuse=True)
    graph = ir.load(made.folder / "understanding_card.onnx").graph
    rows = {each.inputs[1].name: each.inputs[0].dtype for each in graph if each.op_type == "MatMulNBits"}
    assert made.manifest.float32_layers == () and len(rows) > 5
    for name, dtype in rows.items():
        assert dtype is (ir.DataType.FLOAT if ".layers.0." in name else ir.DataType.FLOAT16), name


def test_a_weight_that_lies_otherwise_than_processors_read_it_is_refused(refused, monkeypatch):
    def in_half(model, parameter, source, dtype):
        return plan_tensor(model, parameter, source, torch.float16 if parameter.endswith("norm.weight") else dtype)

    monkeypatch.setattr(to_onnx, "plan_tensor", in_half)
    told = refused(INT8, "understanding_card", compare=False, reuse=True)
    assert told.by_reading.startswith("understanding_card (") and "is float16, not float32" in told.by_reading


def test_a_card_s_graph_in_float32_is_refused(refused, monkeypatch):
    """It would run as well, half as fast."""
    choose = exporter.choose_dtypes
    monkeypatch.setattr(exporter, "choose_dtypes", lambda model, _, kept: choose(model, torch.float32, kept))
    told = refused(INT8, "understanding_card", compare=False)
    assert told.by_reading.startswith("understanding_card (") and "is float32, not float16" in told.by_reading


@pytest.mark.parametrize("precision", [INT8, INT4])
@pytest.mark.parametrize(("linears", "name"), [(["up_proj"], f"{LAYER}.mlp.up_proj.weight"), (PACKED, QKV)])
def test_linears_that_are_kept_in_float32_are_so_and_are_named(exported, kept, precision, linears, name):
    kept += [f"understanding.layers.0.{'self_attn' if linears is PACKED else 'mlp'}.{each}" for each in linears]
    made = exported(precision, "understanding", reuse=True)
    assert made.manifest.float32_layers == tuple(kept)
    weights = load_file(made.folder / "weights.safetensors")
    assert weights[name].dtype is torch.float32 and f"{name}_scale" not in weights


def test_a_product_left_in_float32_is_refused(refused, monkeypatch):
    choose = exporter.choose_forms

    def fewer(model, precision, kept):
        forms = choose(model, precision, kept)
        forms.pop("vision.tower.encoder.layers.0.mlp.fc1.weight")
        return forms

    monkeypatch.setattr(exporter, "choose_forms", fewer)
    told = refused(INT8, "vision", compare=False, reuse=True)
    assert "vision_tower.blocks.0.mlp.fc1.weight is float32, not int8" in told.by_reading
