"""The inputs of the parity table: several for every graph, so that no single value decides whether an export stands.

They reach for what a person will give the engines, and for where a fault shows: prompts short and long, positions near
the end of the buffers, timesteps from first to last, flat images, and values that float16 cannot hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unix_edge.graphs import CONTEXT_BUCKETS
from unix_edge.sampler import Condition, FloatArray, seeded_noise
from unix_edge.text import Text

from .activations import PROBE_TEXTS

LONG_PROMPT = CONTEXT_BUCKETS[2]
"""Tokens of the longest prompt: a whole bucket, so that one context has no padding."""
VAST = 2.0**20
"""Scales a residual stream far beyond float16, which norms in float32 undo; half would be infinite."""
VAST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation of the denoiser."""

    prompt: int
    """Which of `prompts`."""
    timestep: float
    conditions: tuple[Condition, ...]
    seed: int
    """Of the noise."""
    scale: float = 1.0
    """Of the noise."""

    def latents(self, tokens: int, channels: int) -> FloatArray:
        """Return the latents (tokens, channels)."""
        return seeded_noise(self.seed, tokens, channels) * np.float32(self.scale)


_BOTH, _PLAIN = (Condition.PROMPT, Condition.EMPTY), (Condition.PROMPT,)
EVALUATIONS = (
    Evaluation(0, 1.0, _BOTH, seed=2),
    Evaluation(1, 0.9, _BOTH, seed=3),
    Evaluation(2, 0.8, _BOTH, seed=4),
    Evaluation(3, 0.6, _BOTH, seed=5),
    Evaluation(0, 0.45, _BOTH, seed=6),
    Evaluation(1, 0.35, _PLAIN, seed=7),
    Evaluation(2, 0.2, _PLAIN, seed=8),
    Evaluation(3, 0.05, _PLAIN, seed=9),
    Evaluation(1, 0.5, _PLAIN, seed=10, scale=VAST),
)
"""Every prompt, the schedule from end to end, batches of two and of one."""


def images(size: int) -> list[NDArray[np.uint8]]:
    """Return images (size, size, 3): noise, a ramp, hardly any contrast, and shapes."""
    ramp = np.broadcast_to(np.linspace(0, 255, size)[:, None], (size, size))
    noise = np.random.default_rng(1).integers(0, 256, (size, size, 3), dtype=np.uint8)
    flat = 128 + np.random.default_rng(2).integers(-2, 3, (size, size))
    rows, columns = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    shapes = 60.0 * (np.abs(rows) < 0.9) + 90.0 * (rows**2 + (np.abs(columns) - 0.45) ** 2 * 4 < 0.5)
    shapes += 100.0 * ((rows - 0.3) ** 2 + (columns - 0.1) ** 2 < 0.06)
    gray = [np.broadcast_to(each.astype(np.uint8)[..., None], (size, size, 3)) for each in (ramp, flat, shapes)]
    return [noise, *gray]


def prompts(text: Text) -> list[list[int]]:
    """Return the tokens of prompts to generate from: usual ones, one word, and `LONG_PROMPT` tokens."""
    usual = [text.segment(each) for each in PROBE_TEXTS[1:]]
    words = text.segment(" ".join(PROBE_TEXTS))
    many = words * (LONG_PROMPT // len(words) + 1)
    return [*usual, text.segment("Clear."), many[:LONG_PROMPT]]


def latents_to_decode(tokens: int, channels: int) -> list[FloatArray]:
    """Return latents (tokens, channels) of square pictures: noise, fainter noise, and a gradient."""
    slope = np.linspace(-1, 1, tokens * channels, dtype=np.float32).reshape(tokens, channels)
    return [seeded_noise(2, tokens, channels), seeded_noise(3, tokens, channels) * np.float32(0.3), slope]


def late_position(capacity: int, tokens: Sequence[int], fed: int) -> int:
    """Return the rotary position of a prompt whose draft ends with the buffers' last."""
    return capacity - len(tokens) - fed
