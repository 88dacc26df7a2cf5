"""UniX: the parts of the model and how one step of each branch runs."""

import math

import torch
from torch import Tensor, nn

from .config import UniXConfig
from .decoder import Branch, Rotate, attend, rotary
from .vae import make_vae
from .vision import VisionEncoder

KeyValues = list[tuple[Tensor, Tensor]]
"""Keys and values of every layer, each (B, KV, T, D)."""


class TimestepEmbedder(nn.Module):
    """A sinusoid of the timestep, then two linears."""

    def __init__(self, hidden_size: int, frequencies: int = 256) -> None:
        super().__init__()
        self.frequencies = frequencies // 2
        self.mlp = nn.Sequential(nn.Linear(frequencies, hidden_size), nn.SiLU(), nn.Linear(hidden_size, hidden_size))

    def forward(self, timestep: Tensor) -> Tensor:
        """Embed timesteps (B,) in 0..1, fed as they are, as (B, hidden)."""
        exponents = torch.arange(self.frequencies, dtype=torch.float32, device=timestep.device) / self.frequencies
        angles = timestep[:, None] * torch.exp(-math.log(10000.0) * exponents)  # (B, 128)
        return self.mlp(torch.cat([angles.cos(), angles.sin()], dim=-1))


class UniX(nn.Module):
    """The whole model (paper, figure 2)."""

    def __init__(self, config: UniXConfig) -> None:
        super().__init__()
        language = config.language
        self.config = config
        self.vision = VisionEncoder(config)
        self.embed_tokens = nn.Embedding(language.vocab_size, language.hidden_size)
        self.understanding = Branch(language)
        self.lm_head = nn.Linear(language.hidden_size, language.vocab_size, bias=False)
        self.generation = Branch(language)
        self.time_embedder = TimestepEmbedder(language.hidden_size)
        self.vae2llm = nn.Linear(config.vae.z_channels, language.hidden_size)
        self.llm2vae = nn.Linear(language.hidden_size, config.vae.z_channels)
        self.latent_pos_embed = nn.Embedding(config.max_latent_size**2, language.hidden_size)
        self.vae = make_vae(config.vae)

    def rotary(self, positions: Tensor) -> Rotate:
        """Make the rotation for `positions` (B, S)."""
        return rotary(positions, self.config.language.head_dim, self.config.language.rope_theta)

    def understand(self, x: Tensor, positions: Tensor, cache: KeyValues, *, causal: bool) -> tuple[Tensor, KeyValues]:
        """Run embeddings `x` (B, S, hidden) through the understanding branch, after all that is in `cache`.

        Args:
            x: Embeddings of one segment.
            positions: Rotary positions (B, S).
            cache: What came before; left as it is.
            causal: Text sees its past only; an image segment sees itself in full.

        Returns:
            Hidden states after the final norm (B, S, hidden), and the cache with this segment added.
        """
        rotate, length = self.rotary(positions), x.shape[1]
        past = cache[0][0].shape[2] if cache else 0
        mask = None
        if causal:
            mask = torch.ones(length, past + length, dtype=torch.bool, device=x.device).tril(diagonal=past)
        grown: KeyValues = []
        for index, layer in enumerate(self.understanding):
            queries, keys, values = layer.project(x, rotate)
            if cache:
                keys = torch.cat([cache[index][0], keys], dim=2)
                values = torch.cat([cache[index][1], values], dim=2)
            grown.append((keys, values))
            x = layer.complete(x, attend(queries, keys, values, mask))
        return self.understanding.norm(x), grown

    def latent_embeddings(self, latents: Tensor, latent_positions: Tensor, timestep: Tensor) -> Tensor:
        """Embed latents (B, N, channels) at table rows (N,) and timesteps (B,) as (B, N, hidden)."""
        return (
            self.vae2llm(latents) + self.time_embedder(timestep)[:, None] + self.latent_pos_embed(latent_positions)
        ).float()

    def velocity(self, latents: Tensor, latent_positions: Tensor, timestep: Tensor, context: KeyValues) -> Tensor:
        """Evaluate the generation branch once: velocity (B, N, channels) from data to noise.

        The segment is `[start_of_image] + latents + [end_of_image]`, at one rotary position, seeing itself and the
        context in full. Its two text tokens run through the understanding weights; they see the latents, so they
        are computed anew in every step.

        Args:
            latents: Noisy latents (B, N, channels), row-major.
            latent_positions: Rows of the position table (N,): row * max_latent_size + column.
            timestep: In 0..1 (B,).
            context: The prompt's keys and values; an empty list for the unconditional pass.
        """
        batch = latents.shape[0]
        tokens = self.config.special_tokens
        ids = torch.tensor([[tokens.start_of_image, tokens.end_of_image]], device=latents.device)
        text = self.embed_tokens(ids).float().expand(batch, -1, -1)  # (B, 2, hidden)
        x = self.latent_embeddings(latents, latent_positions, timestep)  # (B, N, hidden)
        position = context[0][0].shape[2] if context else 0
        rotate = self.rotary(torch.full((batch, 1), position, device=latents.device))
        for index, (reader, painter) in enumerate(zip(self.understanding, self.generation, strict=True)):
            both = zip(reader.project(text, rotate), painter.project(x, rotate), strict=True)
            queries, keys, values = (_in_order(of_text, of_latents) for of_text, of_latents in both)
            if context:
                keys = torch.cat([context[index][0], keys], dim=2)
                values = torch.cat([context[index][1], values], dim=2)
            attended = attend(queries, keys, values, None)  # (B, H, N+2, D)
            text = reader.complete(text, torch.cat([attended[:, :, :1], attended[:, :, -1:]], dim=2))
            x = painter.complete(x, attended[:, :, 1:-1])
        return self.llm2vae(self.generation.norm(x)).float()


def _in_order(of_text: Tensor, of_latents: Tensor) -> Tensor:
    """Put the heads' rows in the segment's order: start_of_image, latents, end_of_image."""
    return torch.cat([of_text[:, :, :1], of_latents, of_text[:, :, 1:]], dim=2)
