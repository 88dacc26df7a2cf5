"""A layer's attention as the graphs have it: heads side by side in a row, (B, S, H*D), from the product to the buffers.

So nothing is transposed: a card's kernels read rows, and turn whole buffers of another layout at every token.
"""

from collections.abc import Callable
from typing import Any, cast

import torch
from onnxscript.values import Opset
from torch import Tensor, nn

from ..reference.decoder import Attention, DecoderLayer
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


class PackedAttention(nn.Module):
    """A layer's projections with one product for queries, keys and values, in this order."""

    def __init__(self, attn: Attention, qkv_proj: nn.Module) -> None:
        super().__init__()
        self.qkv_proj, self.o_proj = qkv_proj, attn.o_proj
        self.q_norm, self.k_norm = attn.q_norm, attn.k_norm
        self.head_dim = attn.head_dim
        self.widths = [len(each.bias) for each in (attn.q_proj, attn.k_proj, attn.v_proj)]

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Map `x` (B, S, hidden) to queries (B, S, H, D) and keys (B, S, KV, D), not yet turned, and values."""
        queries, keys, values = self.qkv_proj(x).split(self.widths, dim=-1)
        queries, keys = (each.unflatten(-1, (-1, self.head_dim)) for each in (queries, keys))
        # Norms of heads compute in float32 whatever they take and give.
        return self.q_norm(queries), self.k_norm(keys), values


def project(layer: DecoderLayer, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return a layer's queries (B, S, H, D) and keys (B, S, KV, D), not yet turned, and values (B, S, KV*D)."""
    return cast("PackedAttention", layer.self_attn)(layer.input_layernorm(x))


def project_and_turn(layer: DecoderLayer, x: Tensor, rotate: Rotate) -> tuple[Tensor, Tensor, Tensor]:
    """Return a layer's queries (B, S, H*D), keys and values (B, S, KV*D) of `x` (B, S, hidden)."""
    queries, keys, values = project(layer, x)
    return rotate(queries), rotate(keys), values


def to_bias(mask: Tensor) -> Tensor:
    """Return a mask that is true where a query may look as what is added to scores, once for all layers."""
    return torch.where(mask, 0.0, torch.finfo(torch.float32).min)
