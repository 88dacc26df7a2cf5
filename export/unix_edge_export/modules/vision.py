"""The vision encoder with its connector: once an image."""

from typing import Any

from torch import Tensor, nn
from transformers import AttentionInterface

from ..reference.model import UniX
from .attention import attention

_ATTENTION = "unix_edge"
"""The name that transformers knows `_attend` by."""


def _attend(
    module: nn.Module, queries: Tensor, keys: Tensor, values: Tensor, *_: Any, **__: Any
) -> tuple[Tensor, None]:
    """Attend from all heads (B, H, S, D) as the other graphs do; return (B, S, H*D), and no weights."""
    rows = (each.transpose(1, 2).flatten(2) for each in (queries, keys, values))
    return attention(*rows, None, None, queries.shape[-1]), None


AttentionInterface.register(_ATTENTION, _attend)


class Vision(nn.Module):
    """Pixel values to image embeddings."""

    def __init__(self, model: UniX) -> None:
        super().__init__()
        self.model = model
        model.vision.tower.set_attn_implementation(_ATTENTION)

    def forward(self, pixel_values: Tensor) -> tuple[Tensor]:
        """Map (1, 3, S, S) to (1, patches, hidden)."""
        return (self.model.vision(pixel_values),)
