"""Stages 2 and 3: flow matching of latents under a prompt, the understanding branch frozen."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from unix_edge import sampler

from ..reference.model import KeyValues, UniX
from .config import GenerationSettings
from .encoded import encode_latents, encoded_features, encoded_latents, kept
from .scene import Scene
from .texts import Tokens
from .training import bfloat16, digest
from .understanding import feed_text

_DRAWN_AT_ONCE = 16
"""Pictures drawn together."""


def latent_rows(side: int, stride: int, *, spread: bool) -> Tensor:
    """Return the rows of the position table (side * side,) for a square of latents.

    As inference takes them, or spread over the whole table, so that a smaller picture's latents stand where the same
    anatomy stands in the largest.
    """
    line = torch.arange(side)
    if spread and side > 1:
        line = (line * (stride - 1) / (side - 1)).round().long()
    return (line[:, None] * stride + line).flatten()


class GenerationTask:
    """Generation branch, latent adapters and timestep MLP."""

    parts: tuple[str, ...] = ("generation.", "vae2llm.", "llm2vae.", "time_embedder.", "latent_pos_embed.")

    def __init__(self, model: UniX, settings: GenerationSettings, scene: Scene) -> None:
        self.model, self.settings, self.device = model, settings, scene.device
        for name, value in model.named_parameters():
            value.requires_grad_(name.startswith(self.parts) and not name.startswith("latent_pos_embed."))
        self.helpers: nn.Module = nn.Module()
        self._tokens = Tokens(scene.text, scene.phantoms)
        self._groups = self._tokens.prompts_by_length()
        counts = np.array([len(group) for group in self._groups.values()])
        self._lengths, self._shares = list(self._groups), counts / counts.sum()
        self._latents = encoded_latents(model, scene, settings.size)
        if settings.alignment:
            hidden = model.config.language.hidden_size
            self.helpers = nn.Sequential(
                nn.Linear(hidden, 2 * hidden), nn.SiLU(), nn.Linear(2 * hidden, model.config.vision.hidden_size)
            ).to(self.device)
            self._features = encoded_features(model, scene)
            # What all patches' features have in common is no news of any, and would drown the rest in a cosine.
            self._middle = torch.from_numpy(self._features[:256].astype(np.float32).mean(axis=(0, 1))).to(self.device)
            layer = model.generation.layers[settings.aligned_layer]
            layer.get_submodule("input_layernorm").register_forward_pre_hook(self._keep_hidden)
        side = round(self._latents.shape[1] ** 0.5)
        self._rows = latent_rows(side, model.config.max_latent_size, spread=settings.spread).to(self.device)
        self._held_out = self._prepare_validation(scene)
        self._hidden: list[Tensor] = []

    def losses(self, done: float, rng: np.random.Generator) -> dict[str, Tensor]:
        """Learn the velocity of latents under prompts of one length, or under none."""
        indices, context = self._draw(rng)
        clean = torch.from_numpy(self._latents[indices].astype(np.float32)).to(self.device)
        timestep = torch.sigmoid(torch.randn(len(clean), device=self.device) + self.settings.mean)
        noise = torch.randn_like(clean)
        velocity = self._velocity(clean, noise, timestep, context)
        terms = {"velocity": F.mse_loss(velocity, noise - clean)}
        if self.settings.alignment:
            features = torch.from_numpy(self._features[indices].astype(np.float32)).to(self.device)
            projected = self.helpers(self._hidden[-1]).float()
            likeness = F.cosine_similarity(projected, pool(features - self._middle, projected.shape[1]), dim=-1)
            terms["alignment"] = self.settings.alignment * (1 - likeness.mean())
        self._hidden.clear()
        return terms

    def validate(self) -> dict[str, float]:
        """Measure the velocity on validation phantoms, always with the same noise and timesteps."""
        errors: list[Tensor] = []
        generator = torch.Generator().manual_seed(0)
        for clean, ids in self._held_out:
            noise = torch.randn(clean.shape, generator=generator).to(self.device)
            timestep = torch.linspace(0.05, 0.95, len(clean), device=self.device)
            with bfloat16(self.device):
                velocity = self._velocity(clean, noise, timestep, self._context(ids))
            errors.append((velocity - (noise - clean)).square().mean(dim=(1, 2)))
        self._hidden.clear()
        return {"held_out": float(torch.cat(errors).mean())}

    def finish(self) -> None:
        """Leave the weights as they are."""

    def _velocity(self, clean: Tensor, noise: Tensor, timestep: Tensor, context: KeyValues) -> Tensor:
        part = timestep[:, None, None]
        return self.model.velocity((1 - part) * clean + part * noise, self._rows, timestep, context)

    def _draw(self, rng: np.random.Generator) -> tuple[NDArray[np.int64], KeyValues]:
        """Draw prompts of one length, each as likely as any other; sometimes drop them all."""
        group = self._groups[self._lengths[int(rng.choice(len(self._lengths), p=self._shares))]]
        chosen = group[rng.choice(len(group), self.settings.batch, replace=len(group) < self.settings.batch)]
        if rng.random() < self.settings.dropped:
            return chosen[:, 0], []
        return chosen[:, 0], self._context([self._tokens.prompt(int(one), int(other)) for one, other in chosen])

    @torch.no_grad()
    def _context(self, segments: list[list[int]]) -> KeyValues:
        return feed_text(self.model, torch.tensor(segments, device=self.device), 0, [])[1]

    def _keep_hidden(self, module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        self._hidden[:] = [inputs[0]]

    def _prepare_validation(self, scene: Scene) -> list[tuple[Tensor, list[list[int]]]]:
        """Encode up to 128 validation phantoms, one prompt each, in groups of equal length."""
        validation = scene.validation
        tokens = Tokens(scene.text, validation)
        groups: dict[int, list[tuple[int, list[int]]]] = {}
        for index in range(min(128, len(validation))):
            ids = tokens.prompt(index, 0)
            groups.setdefault(len(ids), []).append((index, ids))
        return [
            (
                encode_latents(
                    self.model, validation.pixels([index for index, _ in group]), self.settings.size, self.device
                ),
                [ids for _, ids in group],
            )
            for group in groups.values()
        ]


@torch.no_grad()
def draw_latents(
    model: UniX, segments: list[list[int]], noise: NDArray[np.float32], settings: sampler.GenerationSettings
) -> NDArray[np.float32]:
    """Draw scaled latents (B, N, channels) from noise of that shape, under prompts of one length, all at once.

    Renormalisation takes one scale for all of them, where inference takes one for each.
    """
    device = model.embed_tokens.weight.device
    side = round(noise.shape[1] ** 0.5)
    rows = latent_rows(side, model.config.max_latent_size, spread=False).to(device)
    with bfloat16(device):
        prompt = feed_text(model, torch.tensor(segments, device=device), 0, [])[1]
    contexts: dict[sampler.Condition, KeyValues] = {sampler.Condition.PROMPT: prompt, sampler.Condition.EMPTY: []}

    def velocity(
        latents: NDArray[np.float32], timestep: float, conditions: Sequence[sampler.Condition]
    ) -> NDArray[np.float32]:
        stacked = torch.from_numpy(latents).to(device).unflatten(0, noise.shape[:2])
        timesteps = torch.full((len(noise),), timestep, device=device)
        with bfloat16(device):
            found = [model.velocity(stacked, rows, timesteps, contexts[each]) for each in conditions]
        return torch.stack(found).float().flatten(1, 2).cpu().numpy()

    *_, latents = sampler.sample(velocity, noise.reshape(-1, noise.shape[2]), settings)
    return latents.reshape(noise.shape)


def drawn_latents(model: UniX, scene: Scene, count: int, points: int) -> NDArray[np.float16]:
    """Return latents (count, N, channels) drawn under the first phantoms' prompts, kept for these weights."""
    tokens, groups, wanted = Tokens(scene.text, scene.phantoms), defaultdict(list), min(count, len(scene.phantoms))
    for index in range(wanted):
        groups[len(tokens.prompt(index, 0))].append(index)
    shape = (model.config.max_latent_size**2, model.config.vae.z_channels)

    def draw() -> Iterator[Tensor]:
        for group in groups.values():
            for start in range(0, len(group), _DRAWN_AT_ONCE):
                few = group[start : start + _DRAWN_AT_ONCE]
                noise = np.stack([sampler.seeded_noise(index, *shape) for index in few])
                settings = sampler.GenerationSettings(timesteps=points)
                segments = [tokens.prompt(index, 0) for index in few]
                yield torch.from_numpy(draw_latents(model, segments, noise, settings))

    return kept(scene, f"drawn-{wanted}-{points}-{digest(model.parameters())}", wanted, draw())


def pool(features: Tensor, tokens: int) -> Tensor:
    """Average patch features (B, P, D) over the cells of a square grid of as many tokens."""
    side, wanted = round(features.shape[1] ** 0.5), round(tokens**0.5)
    if side == wanted:
        return features
    grid = features.transpose(1, 2).unflatten(2, (side, side))
    return F.adaptive_avg_pool2d(grid, wanted).flatten(2).transpose(1, 2)
