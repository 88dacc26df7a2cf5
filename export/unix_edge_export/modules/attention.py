"""A layer's attention as the graphs have it: heads side by side in a row, (B, S, H*D), from the product to the buffers.

So nothing is transposed: a card's kernels read rows, and turn whole buffers of another layout at every token.
"""

from collections.abc import Callable
from typing import Any

import torch
from onnxscript.values import Opset
from torch import Tensor

from ..reference.decoder import DecoderLayer
from ..reference.decoder import attend as attend_by_heads
from .cache import OPSET
from .rotary import Rotate


@torch.library.custom_op("unix_edge::attention", mutates_args=())
def attention(
    queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None, lengths: Tensor | None, width: int
) -> Tensor:
    """Attend from queries (B, S, H*D) to keys and values (B, T, KV*D); return what was gathered (B, S, H*D).

    Args:
        queries: Of heads that are `width` wide, D.
        keys: Each of their heads serves H / KV query heads in a row.
        values: As the keys.
        mask: (B or 1, 1, S, T) of the queries' dtype, added to scores: `to_bias` makes it.
        lengths: (B,): all queries look at so many rows, from the first on.
        width: D.
    """
    if lengths is not None:
        rows = torch.arange(keys.shape[1]) < lengths[:, None]
        mask = torch.zeros(rows.shape).masked_fill(~rows, -torch.inf)[:, None, None].to(queries.dtype)
    q, k, v = (each.unflatten(-1, (-1, width)).transpose(1, 2) for each in (queries, keys, values))
    return attend_by_heads(q, k, v, mask).transpose(1, 2).flatten(2)


@attention.register_fake
def _(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None, lengths: Tensor | None, width: int) -> Tensor:
    return torch.empty_like(queries)


def _to_onnx(queries: Any, keys: Any, values: Any, mask: Any, lengths: Any, width: int) -> Any:
    heads = [int(each.shape[-1]) // width for each in (queries, keys)]
    gathered, *_ = Opset("", OPSET).Attention(
        queries, keys, values, mask, None, None, lengths, q_num_heads=heads[0], kv_num_heads=heads[1]
    )
    return gathered


TRANSLATIONS: dict[Callable[..., Any], Callable[..., Any]] = {torch.ops.unix_edge.attention.default: _to_onnx}
"""For `torch.onnx.export(custom_translation_table=...)`."""


def project(layer: DecoderLayer, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return a layer's queries (B, S, H, D) and keys (B, S, KV, D), not yet turned, and values (B, S, KV*D)."""
    attn, normed = layer.self_attn, layer.input_layernorm(x)
    queries = attn.q_norm(attn.q_proj(normed).unflatten(-1, (-1, attn.head_dim)).float())
    keys = attn.k_norm(attn.k_proj(normed).unflatten(-1, (-1, attn.head_dim)).float())
    return queries, keys, attn.v_proj(normed)


def project_and_turn(layer: DecoderLayer, x: Tensor, rotate: Rotate) -> tuple[Tensor, Tensor, Tensor]:
    """Return a layer's queries (B, S, H*D), keys and values (B, S, KV*D) of `x` (B, S, hidden)."""
    queries, keys, values = project(layer, x)
    return rotate(queries).to(values.dtype), rotate(keys).to(values.dtype), values


def to_bias(mask: Tensor) -> Tensor:
    """Return a mask that is true where a query may look as what is added to scores, once for all layers."""
    return torch.zeros_like(mask, dtype=torch.float32).masked_fill(~mask, torch.finfo(torch.float32).min)
