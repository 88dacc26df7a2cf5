"""The cross-modal side of the understanding branch: what the generation branch attends to, made once a prompt."""

from torch import Tensor, nn

from ..reference.decoder import attend
from ..reference.model import UniX
from .rotary import rotary


class CrossAttention(nn.Module):
    """The understanding branch without head and buffers."""

    def __init__(self, model: UniX) -> None:
        super().__init__()
        self.model = model

    def forward(self, embeddings: Tensor, positions: Tensor) -> tuple[Tensor, ...]:
        """Map embeddings (1, P, hidden) at `positions` (1, P) to each layer's keys and values (1, KV, P, D)."""
        rotate = rotary(self.model, positions)
        mask = (positions[:, None, :] <= positions[:, :, None])[:, None]  # causal, (1, 1, P, P)
        x, context = embeddings, []
        for layer in self.model.understanding:
            queries, keys, values = layer.project(x, rotate)
            context += [keys, values]
            x = layer.complete(x, attend(queries, keys, values, mask))
        return tuple(context)
