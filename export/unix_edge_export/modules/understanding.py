"""The AR branch as one graph: image block, text prefill and decoding, over key and value buffers of fixed capacity."""

import torch
from torch import Tensor, nn

from ..reference.model import UniX
from .attention import attention, project_and_turn, to_bias
from .cache import tensor_scatter
from .rotary import rotary


class Understanding(nn.Module):
    """One step of the understanding branch."""

    def __init__(self, model: UniX) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        embeddings: Tensor,
        positions: Tensor,
        write_index: Tensor,
        limits: Tensor,
        buffers: list[Tensor],
    ) -> tuple[Tensor, ...]:
        """Run a block and return the logits of its last row (1, vocabulary), then the buffers with the block in them.

        Place in the buffers and rotary position are two numbers, for an image block shares one position.

        Args:
            embeddings: The block (1, S, hidden).
            positions: Rotary positions (1, S).
            write_index: Where in the buffers the block goes (1,).
            limits: How many buffer rows each row of the block sees (1, S): for text `write_index + i + 1`, for an
                image block `write_index + S` throughout. What lies beyond never leaks.
            buffers: Key and value of each layer in turn, (1, 1, capacity, KV*D); attention computes in their dtype.
        """
        rotate = rotary(self.model, positions)
        mask = to_bias(torch.arange(buffers[0].shape[2]) < limits[..., None])[:, None]  # (1, 1, S, capacity)
        x, grown = embeddings, []
        for index, layer in enumerate(self.model.understanding):
            projected = project_and_turn(layer, x, rotate)
            dtype = projected[0].dtype
            queries, keys, values = (each.to(buffers[2 * index].dtype) for each in projected)
            keys = tensor_scatter(buffers[2 * index], keys[:, None], write_index)
            values = tensor_scatter(buffers[2 * index + 1], values[:, None], write_index)
            grown += [keys, values]
            bias = mask.to(queries.dtype)
            gathered = attention(queries, keys.squeeze(1), values.squeeze(1), bias, None, layer.self_attn.head_dim)
            x = layer.finish(x, gathered.to(dtype))
        last = self.model.understanding.norm(x[:, -1])  # (1, hidden)
        return self.model.lm_head(last).float(), *grown
