"""The flow-matching sampler: from noise to latents by Euler steps, with classifier-free guidance.

Written once, in numpy and float32, for the PyTorch reference path and for the engines alike: both give it a
`Velocity`, which evaluates their network.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from itertools import pairwise
from typing import Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from .errors import SettingsError
from .sentences import Sentence

FloatArray = NDArray[np.float32]


class Renorm(StrEnum):
    """How the guided velocity is scaled back to the length of the plain one."""

    GLOBAL = "global"
    """One scale for all latents."""
    CHANNEL = "channel"
    """One scale for each latent token."""
    TEXT_CHANNEL = "text_channel"
    """As CHANNEL, on the text-guided velocity, before image guidance."""


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """How an image is generated; the defaults are those of the published numbers."""

    size: int | None = None
    """Side of the picture in pixels; None: the largest that the model knows."""
    timesteps: int = 50
    """Points of the schedule; one more than evaluations."""
    shift: float = 3.0
    """Warp of the schedule towards noise; 1 leaves it even."""
    guidance: float = 2.0
    """Weight of the prompt against no prompt; 1 turns it off."""
    image_guidance: float = 1.0
    """Weight of all that was given against the text alone; without an image it strengthens the prompt's guidance."""
    guidance_interval: tuple[float, float] = (0.4, 1.0)
    """Guidance acts where low < timestep <= high."""
    renorm: Renorm = Renorm.GLOBAL
    renorm_min: float = 0.0
    """The smallest scale that renormalisation may apply, 0 to 1."""
    seed: int = 0
    """Seed of the starting noise."""
    noise: FloatArray | None = None
    """Starting noise (N, channels) in place of a seeded one."""

    def __post_init__(self) -> None:
        """Refuse values that no sampler can use."""
        low, high = self.guidance_interval
        rules = {
            Sentence("timesteps must be from 2 to 1000"): 2 <= self.timesteps <= 1000,
            Sentence("shift must be above 0 and at most 100"): 0 < self.shift <= 100,
            Sentence("guidance must be from 1 to 100"): 1 <= self.guidance <= 100,
            Sentence("image guidance must be from 1 to 100"): 1 <= self.image_guidance <= 100,
            Sentence("the guidance interval must rise within 0 and 1"): 0 <= low <= high <= 1,
            Sentence("renorm_min must be from 0 to 1"): 0 <= self.renorm_min <= 1,
            Sentence("the seed must be from 0 to 2**63 - 1"): 0 <= self.seed < 2**63,
        }
        if broken := [rule for rule, kept in rules.items() if not kept]:
            raise SettingsError(Sentence("Generation was not started: {0}.", tuple(broken)))


class Condition(Enum):
    """What the network is shown beside the latents."""

    PROMPT = auto()
    """All that was given."""
    EMPTY = auto()
    """No context at all."""
    IMAGE_FREE = auto()
    """All that was given but the image."""


class Velocity(Protocol):
    """One evaluation of the network under several conditions."""

    def __call__(self, latents: FloatArray, timestep: float, conditions: Sequence[Condition]) -> FloatArray:
        """Map latents (N, channels) to velocities (len(conditions), N, channels), from data to noise."""


def schedule(settings: GenerationSettings) -> FloatArray:
    """Return the timesteps from 1 to 0: an even grid warped by `s t / (1 + (s - 1) t)`."""
    even = np.linspace(1, 0, settings.timesteps, dtype=np.float32)
    shift = np.float32(settings.shift)
    return (shift * even / (1 + (shift - 1) * even)).astype(np.float32)


def seeded_noise(seed: int, tokens: int, channels: int) -> FloatArray:
    """Draw the starting noise (tokens, channels) of a seed."""
    return np.random.default_rng(seed).standard_normal((tokens, channels), dtype=np.float32)


def sample(
    velocity: Velocity, noise: FloatArray, settings: GenerationSettings, *, with_image: bool = False
) -> Iterator[FloatArray]:
    """Yield the latents (N, channels) after each Euler step; nothing runs until you iterate.

    Args:
        velocity: The network.
        noise: Where to start.
        settings: Schedule and guidance.
        with_image: Whether the context holds an image. If not, the context without the image is the context
            itself, and its evaluation, which the released code repeats, is left out: the result is the same.
    """
    points = schedule(settings)
    latents = noise.astype(np.float32)
    for now, then in pairwise(points):
        latents = latents - guided_velocity(velocity, latents, float(now), settings, with_image=with_image) * (
            now - then
        )
        yield latents


def guided_velocity(
    velocity: Velocity,
    latents: FloatArray,
    timestep: float,
    settings: GenerationSettings,
    *,
    with_image: bool = False,
) -> FloatArray:
    """Evaluate the network as often as the guidance at `timestep` needs, and combine (N, channels)."""
    low, high = settings.guidance_interval
    acts = low < timestep <= high
    conditions = [Condition.PROMPT]
    if acts and settings.guidance > 1:
        conditions.append(Condition.EMPTY)
    if acts and settings.image_guidance > 1 and with_image:
        conditions.append(Condition.IMAGE_FREE)
    found = dict(zip(conditions, velocity(latents, timestep, conditions), strict=True))
    plain = found[Condition.PROMPT]
    if len(found) == 1:
        return plain
    return guide(plain, found.get(Condition.EMPTY, plain), found.get(Condition.IMAGE_FREE, plain), settings)


def guide(plain: FloatArray, empty: FloatArray, image_free: FloatArray, settings: GenerationSettings) -> FloatArray:
    """Guide by the text, then by the image, and scale back, in the order of the released code."""
    by_text = empty + np.float32(settings.guidance) * (plain - empty)
    if settings.renorm is Renorm.TEXT_CHANNEL:
        by_text = _scale_back(plain, by_text, settings)
    guided = image_free + np.float32(settings.image_guidance) * (by_text - image_free)
    if settings.renorm is Renorm.TEXT_CHANNEL:
        return guided
    return _scale_back(plain, guided, settings)


def _scale_back(plain: FloatArray, guided: FloatArray, settings: GenerationSettings) -> FloatArray:
    """Shorten `guided` to the length of `plain` where it is longer."""
    match settings.renorm:
        case Renorm.GLOBAL:
            axis = None
        case Renorm.CHANNEL | Renorm.TEXT_CHANNEL:
            axis = -1
        case _:
            assert_never(settings.renorm)
    lengths = [np.linalg.norm(each.astype(np.float64), axis=axis, keepdims=True) for each in (plain, guided)]
    scale = np.clip(lengths[0] / (lengths[1] + 1e-8), settings.renorm_min, 1.0)
    return (guided * scale).astype(np.float32)
