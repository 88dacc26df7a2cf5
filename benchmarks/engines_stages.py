"""The stages of a report and of a picture by engines: what engines.py and gpu.py time. Wants no torch."""

from collections.abc import Callable
from typing import Any

import numpy as np

from unix_edge.embeddings import EmbeddingTable
from unix_edge.generate import Generator
from unix_edge.sampler import Condition, seeded_noise
from unix_edge.sessions import Sessions, Stopping
from unix_edge.understanding import Place, UnderstandingEngine

TOKENS = 16
WORDS = 122
"""Tokens that are fed behind an image before tokens are timed: with the release's image a context of 700."""
IMAGE_BLOCK, DECODING, STEP, ROW = "image block", f"{TOKENS} tokens", "guided step", "step without guidance"
Stages = dict[str, Callable[[], object]]


def engines_stages(sessions: Sessions, size: int | None, stopping: Stopping) -> Stages:
    """Return what each stage runs."""
    manifest, text = sessions.bundle.manifest, sessions.bundle.text()
    dims = manifest.model
    pixels = {"pixel_values": np.zeros((1, 3, dims.image_size, dims.image_size), np.float32)}
    side = size // dims.downsample if size else dims.latent_size
    noise = seeded_noise(0, side**2, dims.latent_channels)
    prompt = [text.bos] * 24
    engine, generator = UnderstandingEngine(sessions, EmbeddingTable(sessions.bundle)), Generator(sessions, text)
    velocity = generator.make_velocity(generator.make_context(prompt, stopping), len(prompt), noise, stopping)
    generator.decode(noise, stopping)

    def encode() -> Any:
        return sessions.run("vision", pixels, stopping)["image_embeddings"][0]

    embeddings = encode()
    image = engine.feed_image(Place(), embeddings, stopping)
    read, _ = engine.feed_text(image, [text.bos] * WORDS, stopping)

    def decode() -> None:
        place = read
        for _ in range(TOKENS):
            place, _ = engine.feed_text(place, [text.bos], stopping)

    return {
        "vision": encode,
        IMAGE_BLOCK: lambda: engine.feed_image(Place(), embeddings, stopping),
        "first token": lambda: engine.feed_text(engine.feed_image(Place(), encode(), stopping), [text.bos], stopping),
        DECODING: decode,
        STEP: lambda: velocity(noise, 0.8, [Condition.PROMPT, Condition.EMPTY]),
        ROW: lambda: velocity(noise, 0.2, [Condition.PROMPT]),
        "vae decode": lambda: generator.decode(noise, stopping),
    }
