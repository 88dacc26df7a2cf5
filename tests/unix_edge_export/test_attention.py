"""Attention with heads side by side, as the graphs have it, is the reference path's, whatever the mask."""

import pytest
import torch

from unix_edge_export.modules.attention import PackedAttention, attention, project_and_turn, to_bias
from unix_edge_export.modules.cache import tensor_scatter
from unix_edge_export.modules.linear import MatMulLinear
from unix_edge_export.modules.rotary import rotary
from unix_edge_export.random_checkpoint import LEAST
from unix_edge_export.reference.decoder import DecoderLayer, attend
from unix_edge_export.reference.decoder import rotary as by_heads


@pytest.fixture
def rows():
    """Queries of six heads that are 8 wide, and keys and values of three: (2, 5, 48) and (2, 9, 24)."""
    torch.manual_seed(0)
    return torch.randn(2, 5, 48), torch.randn(2, 9, 24), torch.randn(2, 9, 24)


def fast(rows, mask=None, lengths=None):
    queries, keys, values = rows
    return attention(queries, keys, values, mask, lengths, 8)


def slow(rows, mask):
    """Attend as the reference path does, with heads apart."""
    queries, keys, values = (each.unflatten(-1, (-1, 8)).transpose(1, 2) for each in rows)
    return attend(queries, keys, values, mask).transpose(1, 2).flatten(2)


def test_without_a_mask(rows):
    torch.testing.assert_close(fast(rows), slow(rows, None))


def test_with_a_mask(rows):
    mask = torch.ones(5, 9, dtype=torch.bool).tril(4)
    torch.testing.assert_close(fast(rows, mask=to_bias(mask)[None, None]), slow(rows, mask))


def test_with_a_length_for_each(rows):
    mask = torch.arange(9) < torch.tensor([4, 9])[:, None]
    found = fast(rows, lengths=torch.tensor([4, 9]))
    torch.testing.assert_close(found, slow(rows, mask[:, None, None]))


def packed(layer):
    """Let a layer compute queries, keys and values as one product."""
    parts = [layer.self_attn.q_proj, layer.self_attn.k_proj, layer.self_attn.v_proj]
    weight, bias = torch.cat([part.weight.T for part in parts], dim=1), torch.cat([part.bias for part in parts])
    layer.self_attn = PackedAttention(layer.self_attn, MatMulLinear(weight, bias))
    return layer


def test_a_layer_projects_and_turns_as_the_reference_path_does():
    """In one product for any number of heads of keys; each row has the heads that the reference path has apart."""
    torch.manual_seed(0)
    language = LEAST.language
    layer, x = DecoderLayer(language), torch.randn(1, 5, language.hidden_size)
    positions = torch.tensor([[0, 1, 1, 1, 700]])
    model = type("Model", (), {"config": LEAST})
    wanted = layer.project(x, by_heads(positions, language.head_dim, language.rope_theta))
    found = project_and_turn(packed(layer), x, rotary(model, positions))
    for flat, apart in zip(found, wanted, strict=True):
        torch.testing.assert_close(flat, apart.transpose(1, 2).flatten(2))


def test_a_block_is_written_where_it_belongs():
    buffer, block = torch.zeros(1, 1, 6, 4), torch.ones(1, 1, 2, 4)
    written = tensor_scatter(buffer, block, torch.tensor([3]))
    assert written[0, 0].sum(1).tolist() == [0, 0, 0, 4, 4, 0] and not buffer.any()
