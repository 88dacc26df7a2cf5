"""A guess of a picture from its latents alone, so that a person sees early what comes of it: no network is run."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PATCH = 4
"""Pixels of a preview's side that one latent makes."""


def make_preview(latents: NDArray[np.float32], weights: Sequence[Sequence[float]]) -> NDArray[np.uint8]:
    """Return (H, W) gray from latents (N, channels) of a square picture, by a manifest's `preview`."""
    side = round(len(latents) ** 0.5)
    ones = np.ones((len(latents), 1), np.float32)
    gray = np.concatenate([latents, ones], axis=1) @ np.array(weights, np.float32)
    grid = gray.reshape(side, side, PATCH, PATCH).transpose(0, 2, 1, 3).reshape(side * PATCH, side * PATCH)
    return (np.clip(np.nan_to_num(grid), 0, 1) * 255).astype(np.uint8)
