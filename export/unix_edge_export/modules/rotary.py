"""`rotary_embedding`: turn queries or keys by their positions, one ONNX node in place of eight."""

from collections.abc import Callable
from typing import Any

import torch
from onnxscript.values import Opset
from torch import Tensor

from ..reference import decoder
from ..reference.model import UniX
from .cache import OPSET


@torch.library.custom_op("unix_edge::rotary_embedding", mutates_args=())
def rotary_embedding(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn `x` (B, S, H, D) by angles (B, S, D/2), in the rotate-half form; return heads side by side (B, S, H*D)."""
    cos, sin = cos[:, :, None], sin[:, :, None]
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1).flatten(2)


@rotary_embedding.register_fake
def _(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    return torch.empty_like(x).flatten(2)


def _to_onnx(x: Any, cos: Any, sin: Any) -> Any:
    op = Opset("", OPSET)
    rows = op.Reshape(x, op.Constant(value_ints=[0, 0, -1]))
    return op.RotaryEmbedding(rows, cos, sin, num_heads=int(x.shape[2]))


Rotate = Callable[[Tensor], Tensor]
"""Turns queries or keys (B, S, H, D) by their rotary positions; gives their heads side by side, (B, S, H*D)."""

TRANSLATIONS: dict[Callable[..., Any], Callable[..., Any]] = {torch.ops.unix_edge.rotary_embedding.default: _to_onnx}
"""For `torch.onnx.export(custom_translation_table=...)`."""


def rotary(model: UniX, positions: Tensor) -> Rotate:
    """Make the rotation for `positions` (B, S): as the reference path's, but of one node.

    It computes in the dtype of what it turns; angles, cosine and sine are computed in float32 and rounded once.
    """
    language = model.config.language
    tables = decoder.rotary_tables(positions, language.head_dim, language.rope_theta)
    rounded: dict[torch.dtype, tuple[Tensor, Tensor]] = {}

    def rotate(x: Tensor) -> Tensor:
        if x.dtype not in rounded:
            cos, sin = (each.to(x.dtype) for each in tables)
            rounded[x.dtype] = cos, sin
        return rotary_embedding(x, *rounded[x.dtype])

    return rotate
