"""What rounding would cost too much stays as it is."""

import pytest
import torch

from unix_edge.text import Text
from unix_edge_export.outliers import linears_to_keep, measure_costs
from unix_edge_export.random_checkpoint import TINY, write_random_checkpoint
from unix_edge_export.reference.checkpoint import Checkpoint, load_reference
from unix_edge_export.reference.precision import Precision, choose_forms
from unix_edge_export.reference.run import Reference

ATTENTION = [f"understanding.layers.0.self_attn.{each}_proj" for each in "qkv"]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outliers") / "unix-tiny"
    folder.mkdir()
    write_random_checkpoint(folder, TINY)
    return Checkpoint(folder)


@pytest.fixture
def measure(checkpoint):
    def run(precision, change=lambda _: None):
        model = load_reference(checkpoint)
        change(model)
        forms = choose_forms(model, precision)
        costs = measure_costs(Reference(model), Text.load(checkpoint.folder, 600, 601), forms)
        return costs, linears_to_keep(costs, forms)

    return run


@pytest.mark.parametrize(("precision", "least", "most"), [(Precision.INT8, 0.003, 0.05), (Precision.INT4, 0.003, 0.2)])
def test_every_linear_is_measured_and_a_sound_one_is_rounded(measure, checkpoint, precision, least, most):
    costs, kept = measure(precision)
    assert {f"{name}.weight" for name in costs} == set(choose_forms(checkpoint.skeleton, precision))
    assert kept == () and all(least < cost < most for cost in costs.values())
    int4 = [cost for name, cost in costs.items() if name.startswith("understanding.layers")]
    assert precision is Precision.INT8 or min(int4) > 0.05


def test_linears_whose_rows_hold_an_outlier_stay_in_float32(measure):
    """One channel of a norm stands a thousand times out, and the weights that read it are as much smaller."""

    def change(model):
        layer = model.understanding.layers[0]
        layer.input_layernorm.weight[3] *= 1000
        for name in "qkv":
            getattr(layer.self_attn, f"{name}_proj").weight[:, 3] /= 1000

    costs, kept = measure(Precision.INT8, change)
    assert list(kept) == sorted(ATTENTION)
    assert all(costs[name] > 0.3 for name in ATTENTION)


def test_queries_keys_and_values_stay_together(measure):
    """They are one product, so that where one stays in float32 the others do."""

    def change(model):
        model.generation.layers[1].self_attn.v_proj.weight[0, 0] = torch.inf

    costs, kept = measure(Precision.INT8, change)
    beside = [f"generation.layers.1.self_attn.{each}_proj" for each in "kqv"]
    assert set(beside) <= set(kept) and costs[beside[0]] < 0.05


def test_what_is_no_number_is_not_rounded(measure):
    def change(model):
        model.generation.layers[1].mlp.down_proj.weight[0, 0] = torch.inf

    _, kept = measure(Precision.INT8, change)
    assert "generation.layers.1.mlp.down_proj" in kept
