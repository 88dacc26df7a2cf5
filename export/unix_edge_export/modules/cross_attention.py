"""The cross-modal side of the understanding branch: what the generation branch attends to, made once a prompt."""

from torch import Tensor, nn

from ..reference.model import UniX
from .attention import attention, project_and_turn, to_bias
from .rotary import rotary


class CrossAttention(nn.Module):
    """The understanding branch without head and buffers."""

    def __init__(self, model: UniX) -> None:
        super().__init__()
        self.model = model

    def forward(self, embeddings: Tensor, positions: Tensor) -> tuple[Tensor, ...]:
        """Map embeddings (1, P, hidden) at `positions` (1, P) to each layer's keys and values (1, P, KV*D)."""
        rotate = rotary(self.model, positions)
        mask = to_bias(positions[:, None, :] <= positions[:, :, None])[:, None]  # causal, (1, 1, P, P)
        x, context = embeddings, []
        for layer in self.model.understanding:
            queries, keys, values = project_and_turn(layer, x, rotate)
            context += [keys, values]
            bias = mask.to(queries.dtype)
            x = layer.finish(x, attention(queries, keys, values, bias, None, layer.self_attn.head_dim))
        return tuple(context)
