"""One evaluation of the generation branch; batch 2 is with and without guidance."""

import torch
from torch import Tensor, nn

from ..reference.model import UniX
from .attention import attention, project
from .rotary import rotary


class Denoiser(nn.Module):
    """The generation branch with the two text tokens of its segment.

    The segment shares one rotary position and sees itself in full, so its order is free: the text tokens stand
    first here, and two slices take the place of a gather and a scatter. The prompt's rows stand behind its own, so
    that what is seen is a number of rows and takes no mask.
    """

    text_embeddings: Tensor

    def __init__(self, model: UniX, text_embeddings: Tensor) -> None:
        """Take the model and the embeddings (1, 2, hidden) of start_of_image and end_of_image."""
        super().__init__()
        self.model = model
        self.register_buffer("text_embeddings", text_embeddings)

    def forward(
        self,
        latents: Tensor,
        latent_positions: Tensor,
        timestep: Tensor,
        position: Tensor,
        visible: Tensor,
        context: list[Tensor],
    ) -> tuple[Tensor]:
        """Return the velocity (B, N, channels) from data to noise.

        Args:
            latents: Noisy latents (B, N, channels).
            latent_positions: Rows of the position table (N,).
            timestep: In 0..1 (B,).
            position: The segment's rotary position (B,): the number of context tokens, 0 without guidance.
            visible: How many rows are seen (B,): the segment's own N + 2, and of the context behind them all but the
                padding; none of it without guidance.
            context: Key and value of each layer in turn, (B, P, KV*D).
        """
        x = self.model.latent_embeddings(latents, latent_positions, timestep)  # (B, N, hidden)
        text = self.text_embeddings + torch.zeros_like(x[:, :2])  # (B, 2, hidden)
        rows = torch.cat([text, x], dim=1)[:, :, 0]  # (B, N + 2)
        rotate = rotary(self.model, torch.zeros_like(rows, dtype=torch.int64) + position[:, None])
        branches = zip(self.model.understanding, self.model.generation, strict=True)
        for index, (reader, painter) in enumerate(branches):
            queries, keys, values = zip(project(reader, text), project(painter, x), strict=True)
            turned = rotate(torch.cat(queries, dim=1))  # (B, N + 2, H*D)
            keys_seen = torch.cat([rotate(torch.cat(keys, dim=1)), context[2 * index]], dim=1)
            values_seen = torch.cat([*values, context[2 * index + 1]], dim=1)  # each (B, N + 2 + P, KV*D)
            gathered = attention(turned, keys_seen, values_seen, None, visible, painter.self_attn.head_dim)
            # Not split: a card's kernel for uneven parts has tables of them copied in, slices are but two kernels.
            text = reader.finish(text, gathered[:, :2])
            x = painter.finish(x, gathered[:, 2:])
        return (self.model.llm2vae(self.model.generation.norm(x)).float(),)
