"""One evaluation of the generation branch; batch 2 is with and without guidance."""

import torch
from torch import Tensor, nn

from ..reference.decoder import attend
from ..reference.model import UniX
from .rotary import rotary


class Denoiser(nn.Module):
    """The generation branch with the two text tokens of its segment.

    The segment shares one rotary position and sees itself in full, so its order is free: the text tokens stand
    first here, and two slices take the place of a gather and a scatter.
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
            visible: Which context tokens are seen (B, P); none for the pass without guidance, not the padding.
            context: Key and value of each layer in turn, (B, KV, P, D).
        """
        x = self.model.latent_embeddings(latents, latent_positions, timestep)  # (B, N, hidden)
        text = self.text_embeddings + torch.zeros_like(x[:, :2])  # (B, 2, hidden)
        turn_text, turn_latents = (
            rotary(self.model, torch.zeros_like(each[:, :, 0], dtype=torch.int64) + position[:, None])
            for each in (text, x)
        )
        own = torch.ones_like(torch.cat([text, x], dim=1)[:, :, 0], dtype=torch.bool)  # (B, N + 2)
        seen = torch.cat([visible, own], dim=1)[:, None, None]  # (B, 1, 1, P + N + 2)
        mask = seen.expand(-1, -1, own.shape[1], -1)  # one row a query: ONNX Runtime does not broadcast that dim
        branches = zip(self.model.understanding, self.model.generation, strict=True)
        for index, (reader, painter) in enumerate(branches):
            of_text, of_latents = reader.project(text, turn_text), painter.project(x, turn_latents)
            queries, keys, values = (torch.cat(both, dim=2) for both in zip(of_text, of_latents, strict=True))
            keys = torch.cat([context[2 * index], keys], dim=2)
            values = torch.cat([context[2 * index + 1], values], dim=2)
            attended = attend(queries, keys, values, mask)  # (B, H, N + 2, D)
            text = reader.complete(text, attended[:, :, :2])
            x = painter.complete(x, attended[:, :, 2:])
        return (self.model.llm2vae(self.model.generation.norm(x)).float(),)
