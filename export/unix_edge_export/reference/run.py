"""Run the reference path: read an image, draft a report, generate a picture. Slow and plain; the engines' measure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from unix_edge.sampler import Condition, FloatArray, GenerationSettings, sample, seeded_noise

from .model import KeyValues, UniX
from .vae import SCALING_FACTOR, SHIFT_FACTOR


@dataclass
class Context:
    """What the understanding branch has been fed so far."""

    cache: KeyValues = field(default_factory=list)
    position: int = 0
    """The next rotary position; an image takes one, however many tokens it has."""


class Reference:
    """The reference path with the loops around the network, on the device that its weights are on."""

    def __init__(self, model: UniX) -> None:
        self.model = model
        self.tokens = model.config.special_tokens
        self.downsample = model.config.vae.downsample
        self.device = model.embed_tokens.weight.device

    @torch.inference_mode()
    def encode_image(self, pixel_values: NDArray[np.float32]) -> Tensor:
        """Map normalised pixels (1, 3, S, S) to image embeddings (1, patches, hidden)."""
        return self.model.vision(torch.from_numpy(pixel_values).to(self.device))

    @torch.inference_mode()
    def feed_image(self, context: Context, embeddings: Tensor) -> Context:
        """Feed an image segment: it shares one rotary position and sees itself in full."""
        start, end = self._embed([self.tokens.start_of_image]), self._embed([self.tokens.end_of_image])
        x = torch.cat([start, embeddings, end], dim=1)
        positions = torch.full(x.shape[:2], context.position, device=self.device)
        _, cache = self.model.understand(x, positions, context.cache, causal=False)
        return Context(cache, context.position + 1)

    @torch.inference_mode()
    def feed_text(self, context: Context, ids: Sequence[int]) -> tuple[Context, Tensor]:
        """Feed tokens causally; return the context with them and the last one's logits (vocabulary,)."""
        positions = torch.arange(context.position, context.position + len(ids), device=self.device)[None]
        hidden, cache = self.model.understand(self._embed(ids), positions, context.cache, causal=True)
        logits = self.model.lm_head(hidden[:, -1]).float()[0]
        return Context(cache, context.position + len(ids)), logits

    def draft(self, context: Context, max_tokens: int) -> Iterator[tuple[int, Tensor]]:
        """Yield each token that is fed, bos first, with the logits after it (vocabulary,), greedily."""
        token = self.tokens.bos_token_id
        for _ in range(max_tokens):
            context, logits = self.feed_text(context, [token])
            yield token, logits
            token = int(logits.argmax())
            if token == self.tokens.eos_token_id:
                return

    def prompt_context(self, ids: Sequence[int]) -> KeyValues:
        """Run the generation prompt once: every layer's keys and values, which the latents attend to."""
        return self.feed_text(Context(), ids)[0].cache

    @torch.inference_mode()
    def velocity(self, latents: FloatArray, timestep: float, context: KeyValues) -> FloatArray:
        """Evaluate the generation branch on latents (N, channels) of a square image."""
        side, stride = round(len(latents) ** 0.5), self.model.config.max_latent_size
        ascending = torch.arange(side, device=self.device)
        rows = (ascending[:, None] * stride + ascending).flatten()
        noisy, now = torch.from_numpy(latents)[None].to(self.device), torch.tensor([timestep], device=self.device)
        return self.model.velocity(noisy, rows, now, context)[0].cpu().numpy()

    def sample(self, ids: Sequence[int], settings: GenerationSettings) -> Iterator[FloatArray]:
        """Yield the latents (N, channels) after each step for a prompt's tokens."""
        size = settings.size or self.model.config.max_latent_size * self.downsample
        tokens = (size // self.downsample) ** 2
        noise = settings.noise
        if noise is None:
            noise = seeded_noise(settings.seed, tokens, self.model.config.vae.z_channels)
        contexts: dict[Condition, KeyValues] = {
            Condition.PROMPT: self.prompt_context(ids),
            Condition.EMPTY: [],
        }

        def velocity(latents: FloatArray, timestep: float, conditions: Sequence[Condition]) -> FloatArray:
            return np.stack([self.velocity(latents, timestep, contexts[each]) for each in conditions])

        return sample(velocity, noise, settings)

    @torch.inference_mode()
    def decode(self, latents: FloatArray) -> FloatArray:
        """Decode latents (N, channels) of a square image to pixels (3, H, W), about -1..1."""
        side = round(len(latents) ** 0.5)
        z = torch.from_numpy(latents).to(self.device).T.reshape(1, -1, side, side) / SCALING_FACTOR + SHIFT_FACTOR
        return self.model.vae.decode(z).sample[0].cpu().numpy()

    @torch.inference_mode()
    def encode(self, pixels: FloatArray) -> FloatArray:
        """Encode pixels (3, H, W), -1..1, to the mode of their latents (channels, h, w)."""
        mode = self.model.vae.encode(torch.from_numpy(pixels)[None].to(self.device)).latent_dist.mode()
        return ((mode - SHIFT_FACTOR) * SCALING_FACTOR)[0].cpu().numpy()

    def _embed(self, ids: Sequence[int]) -> Tensor:
        return self.model.embed_tokens(torch.tensor([list(ids)], device=self.device)).float()
