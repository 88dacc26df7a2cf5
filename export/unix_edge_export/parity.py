"""Prove the engines against the reference path, graph by graph and, for small checkpoints, from end to end.

The reference's outputs are computed first, so that its weights are gone before the engines are opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from unix_edge.bundle import ParityRecord
from unix_edge.embeddings import EmbeddingTable
from unix_edge.generate import Generator, to_uint8
from unix_edge.graphs import CROSS_ATTENTION, DENOISER, UNDERSTANDING, VAE_DECODER, VISION
from unix_edge.image import to_pixel_values
from unix_edge.sampler import Condition, FloatArray, GenerationSettings, sample, seeded_noise
from unix_edge.sessions import Sessions, Stopping, never_stop
from unix_edge.text import REPORT_PROMPT, Text
from unix_edge.understanding import Place, UnderstandingEngine

from .activations import PROBE_TEXTS
from .precision import Precision
from .reference.model import KeyValues
from .reference.run import Context, Reference

DRAFT_TOKENS = 24
WHOLE_REPORT_TOKENS = 500
END_TO_END_BYTES = 10**9
"""Checkpoints up to this size are also run from end to end: a whole report and a whole picture."""

_BOTH = [Condition.PROMPT, Condition.EMPTY]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far engines may be from the reference path: largest difference over largest value."""

    tensor: float
    latents: float
    """After all steps of the sampler."""
    tokens: float
    """Share of the draft's tokens that may differ."""
    picture: float = 1.0
    """Mean difference of the picture, in grey levels."""


LIMITS = {
    Precision.FP32: Limits(tensor=1e-4, latents=1e-3, tokens=0.0),
    # Random or half-trained weights lead by little, so a draft in float16 may turn off; its logits may not.
    Precision.FP16: Limits(tensor=2e-3, latents=2e-2, tokens=1.0),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reference path computes from the parity inputs."""

    pixel_values: FloatArray
    image_embeddings: FloatArray
    prompt: list[int]
    fed: list[int]
    """The draft's tokens; the engines are fed these, so that one early turn is not counted many times."""
    logits: FloatArray
    text: list[int]
    context: dict[str, NDArray[np.float32]]
    noise: FloatArray
    velocities: FloatArray
    """With and without the prompt, (2, N, channels)."""
    decoded: FloatArray
    latents: FloatArray | None
    picture: NDArray[np.uint8] | None


def expect(reference: Reference, text: Text, *, capacity: int, end_to_end: bool) -> Expected:
    """Compute what the engines, of that capacity, are to be measured against."""
    config = reference.model.config
    size = config.vision.image_size
    pixels = to_pixel_values(np.random.default_rng(1).integers(0, 256, (size, size, 3), dtype=np.uint8))
    embeddings = reference.encode_image(pixels)
    prompt = text.segment(REPORT_PROMPT)
    context, _ = reference.feed_text(reference.feed_image(Context(), embeddings), prompt)
    room = capacity - config.vision.num_patches - 2 - len(prompt)
    draft = list(reference.draft(context, min(room, WHOLE_REPORT_TOKENS if end_to_end else DRAFT_TOKENS)))
    ids = text.segment(PROBE_TEXTS[1])
    key_values = reference.prompt_context(ids)
    side = config.max_latent_size if end_to_end else max(1, config.max_latent_size // 2)
    noise = seeded_noise(2, side**2, config.vae.z_channels)
    settings = GenerationSettings(noise=noise, size=side * config.vae.downsample)
    latents = picture = None
    if end_to_end:
        *_, latents = reference.sample(ids, settings)
        picture = to_uint8(reference.decode(latents))
    return Expected(
        pixel_values=pixels,
        image_embeddings=embeddings[0].numpy(),
        prompt=prompt,
        fed=[token for token, _ in draft],
        logits=torch.stack([logits for _, logits in draft]).numpy(),
        text=ids,
        context=_by_name(key_values),
        noise=noise,
        velocities=np.stack([reference.velocity(noise, 0.8, each) for each in (key_values, [])]),
        decoded=reference.decode(noise),
        latents=latents,
        picture=picture,
    )


def compare(expected: Expected, sessions: Sessions, text: Text, precision: Precision) -> tuple[ParityRecord, ...]:
    """Run the engines on the same inputs and return the parity table."""
    limits = LIMITS[precision]
    rows: list[ParityRecord] = []

    def row(graph: str, what: str, found: NDArray[np.float32], wanted: NDArray[np.float32], limit: float) -> None:
        rows.append(ParityRecord(graph, what, difference(found, wanted), limit))

    with Stopping(never_stop) as stopping:
        feeds = {"pixel_values": expected.pixel_values}
        embeddings = sessions.run(VISION, feeds, stopping)["image_embeddings"][0]
        row(VISION, "image embeddings", embeddings, expected.image_embeddings, limits.tensor)
        logits = _draft_logits(expected, sessions, stopping)
        row(UNDERSTANDING, "logits", logits, expected.logits, limits.tensor)
        turned = float((logits.argmax(-1) != expected.logits.argmax(-1)).mean())
        rows.append(
            ParityRecord(UNDERSTANDING, f"share of {len(expected.fed)} tokens that differ", turned, limits.tokens)
        )
        sessions.release(VISION, UNDERSTANDING)
        generator = Generator(sessions, text)
        context = generator.make_context(expected.text, stopping)
        for kind in ("key", "value"):
            names = [name for name in expected.context if name.endswith(kind)]
            worst = max(
                difference(context[name][:, :, : len(expected.text)].astype(np.float32), expected.context[name])
                for name in names
            )
            rows.append(ParityRecord(CROSS_ATTENTION, f"context {kind}s", worst, limits.tensor))
        sessions.release(CROSS_ATTENTION)
        velocity = generator.make_velocity(context, len(expected.text), expected.noise, stopping)
        row(DENOISER, "velocity", velocity(expected.noise, 0.8, _BOTH), expected.velocities, limits.tensor)
        row(VAE_DECODER, "pixels", generator.decode(expected.noise, stopping), expected.decoded, limits.tensor)
        if expected.latents is not None and expected.picture is not None:
            *_, latents = sample(velocity, expected.noise, GenerationSettings())
            row("sampler", "latents after all steps", latents, expected.latents, limits.latents)
            picture = to_uint8(generator.decode(latents, stopping)).astype(np.float32)
            mean = float(np.abs(picture - expected.picture).mean())
            rows.append(ParityRecord("picture", "mean difference in grey levels", mean, limits.picture))
    return tuple(rows)


def difference(found: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    """Return the largest difference over the largest value; infinity where a value is no number."""
    if not np.isfinite(found).all():
        return float("inf")
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def failures(rows: Sequence[ParityRecord]) -> list[str]:
    """Name the rows beyond their limit."""
    return [
        f"{row.graph} ({row.what}: {row.difference:.2g} > {row.limit:.2g})"
        for row in rows
        if not row.difference <= row.limit
    ]


def _draft_logits(expected: Expected, sessions: Sessions, stopping: Stopping) -> FloatArray:
    engine = UnderstandingEngine(sessions, EmbeddingTable(sessions.bundle))
    place = engine.feed_image(Place(), expected.image_embeddings, stopping)
    place, _ = engine.feed_text(place, expected.prompt, stopping)
    logits = []
    for token in expected.fed:
        place, after = engine.feed_text(place, [token], stopping)
        logits.append(after)
    return np.stack(logits)


def _by_name(key_values: KeyValues) -> dict[str, NDArray[np.float32]]:
    return {
        f"context.{layer}.{kind}": tensor.float().numpy()
        for layer, pair in enumerate(key_values)
        for kind, tensor in zip(("key", "value"), pair, strict=True)
    }
