"""`rotary_embedding`: turn queries or keys by their positions, one ONNX node in place of eight."""

from collections.abc import Callable
from typing import Any

import torch
from onnxscript.values import Opset
from torch import Tensor

from ..reference import decoder
from ..reference.decoder import Rotate
from ..reference.model import UniX
from .cache import OPSET


@torch.library.custom_op("unix_edge::rotary_embedding", mutates_args=())
def rotary_embedding(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn `x` (B, H, S, D) by the angles of `cos` and `sin` (B, S, D/2), in the rotate-half form."""
    cos, sin = cos[:, None], sin[:, None]
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


@rotary_embedding.register_fake
def _(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    return torch.empty_like(x)


def _to_onnx(x: Any, cos: Any, sin: Any) -> Any:
    return Opset("", OPSET).RotaryEmbedding(x, cos, sin)


TRANSLATIONS: dict[Callable[..., Any], Callable[..., Any]] = {torch.ops.unix_edge.rotary_embedding.default: _to_onnx}
"""For `torch.onnx.export(custom_translation_table=...)`."""


def rotary(model: UniX, positions: Tensor) -> Rotate:
    """Make the rotation for `positions` (B, S), in float32: as the reference path's, but of one node."""
    language = model.config.language
    cos, sin = (each.float() for each in decoder.rotary_tables(positions, language.head_dim, language.rope_theta))

    def rotate(x: Tensor) -> Tensor:
        return rotary_embedding(x.float(), cos, sin)

    return rotate
