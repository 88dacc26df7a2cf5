"""What the reference path computes from the parity inputs.

It is computed first, so that the reference's weights are gone before the engines are opened.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from unix_edge.generate import to_uint8
from unix_edge.image import to_pixel_values
from unix_edge.sampler import Condition, FloatArray, GenerationSettings, seeded_noise
from unix_edge.text import REPORT_PROMPT, Text

from . import probes
from .probes import EVALUATIONS
from .reference.model import KeyValues
from .reference.run import Context, Reference

DRAFT_TOKENS = 24
WHOLE_REPORT_TOKENS = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """What the understanding branch is fed, and what it makes of that."""

    image: FloatArray
    """Embeddings (rows, hidden)."""
    prompt: list[int]
    position: int
    """Where the prompt begins: the rotary position."""
    fed: list[int]
    """The draft's tokens; the engines are fed these, so that one early turn is not counted many times."""
    logits: FloatArray
    """After each of them (len(fed), vocabulary)."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A whole picture."""

    prompt: list[int]
    noise: FloatArray
    latents: FloatArray
    """After all steps of the sampler."""
    picture: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reference path computes from the parity inputs."""

    pixel_values: list[FloatArray]
    image_embeddings: list[FloatArray]
    drafts: list[Draft]
    prompts: list[list[int]]
    contexts: list[dict[str, NDArray[np.float32]]]
    """Keys and values of each prompt by tensor name."""
    latents: list[FloatArray]
    """Of each evaluation (N, channels)."""
    velocities: list[FloatArray]
    """Of each evaluation (conditions, N, channels)."""
    to_decode: list[FloatArray]
    decoded: list[FloatArray]
    sampled: Sampled | None


def expect(reference: Reference, text: Text, *, capacity: int, end_to_end: bool) -> Expected:
    """Compute what the engines, of that capacity, are to be measured against."""
    config = reference.model.config
    side = config.max_latent_size if end_to_end else max(1, config.max_latent_size // 2)
    shape = (side**2, config.vae.z_channels)
    pixels = [to_pixel_values(image) for image in probes.images(config.vision.image_size)]
    embeddings = [reference.encode_image(each) for each in pixels]
    prompts = probes.prompts(text)
    key_values = [reference.prompt_context(ids) for ids in prompts]
    latents = [each.latents(*shape) for each in EVALUATIONS]
    to_decode = probes.latents_to_decode(*shape)
    return Expected(
        pixel_values=pixels,
        image_embeddings=[each[0].numpy() for each in embeddings],
        drafts=_drafts(reference, text.segment(REPORT_PROMPT), embeddings, capacity, whole=end_to_end),
        prompts=prompts,
        contexts=[_by_name(each) for each in key_values],
        latents=latents,
        velocities=[
            np.stack(
                [
                    reference.velocity(noise, each.timestep, key_values[each.prompt] if given else [])
                    for given in (condition is Condition.PROMPT for condition in each.conditions)
                ]
            )
            for each, noise in zip(EVALUATIONS, latents, strict=True)
        ],
        to_decode=to_decode,
        decoded=[reference.decode(each) for each in to_decode],
        sampled=_sample(reference, prompts[0], side) if end_to_end else None,
    )


def _drafts(
    reference: Reference, prompt: list[int], embeddings: list[torch.Tensor], capacity: int, *, whole: bool
) -> list[Draft]:
    """Draft from one image as a person would, from another near the buffers' end, and from values beyond float16."""
    room = capacity - embeddings[0].shape[1] - 2 - len(prompt)
    longest = min(room, WHOLE_REPORT_TOKENS if whole else DRAFT_TOKENS)
    few = min(room, DRAFT_TOKENS)
    late = probes.late_position(capacity, prompt, few)
    return [
        _draft(reference, embeddings[0], prompt, 1, longest),
        _draft(reference, embeddings[-1], prompt, late, few),
        _draft(reference, embeddings[0][:, : probes.VAST_ROWS] * probes.VAST, prompt, 1, 1),
    ]


def _draft(reference: Reference, image: torch.Tensor, prompt: list[int], position: int, longest: int) -> Draft:
    context = reference.feed_image(Context(), image)
    context, _ = reference.feed_text(Context(context.cache, position), prompt)
    tokens, logits = zip(*reference.draft(context, longest), strict=True)
    return Draft(image[0].numpy(), prompt, position, list(tokens), torch.stack(logits).numpy())


def _sample(reference: Reference, prompt: list[int], side: int) -> Sampled:
    config = reference.model.config
    noise = seeded_noise(2, side**2, config.vae.z_channels)
    settings = GenerationSettings(noise=noise, size=side * config.vae.downsample)
    *_, latents = reference.sample(prompt, settings)
    return Sampled(prompt, noise, latents, to_uint8(reference.decode(latents)))


def _by_name(key_values: KeyValues) -> dict[str, NDArray[np.float32]]:
    return {
        f"context.{layer}.{kind}": tensor.transpose(1, 2).flatten(2).float().numpy()  # (1, P, KV*D), as graphs have it
        for layer, pair in enumerate(key_values)
        for kind, tensor in zip(("key", "value"), pair, strict=True)
    }
