"""Fit how a step of a picture is previewed: a linear map from a latent to the gray that the VAE decodes around it."""

import numpy as np
from numpy.typing import NDArray

from unix_edge.bundle import Bundle
from unix_edge.graphs import VAE_DECODER
from unix_edge.preview import PATCH
from unix_edge.sampler import seeded_noise
from unix_edge.sessions import Sessions, Stopping, never_stop

PICTURES = 12
"""Noise of as many pictures is decoded; of latents that a model makes the fit is nearly as good (docs/bundle.md)."""
MOST_LATENTS = 16
"""On a side: small pictures, so that a large decoder's memory and time do not matter."""
_DIGITS = 4


def fit_preview(bundle: Bundle) -> tuple[tuple[float, ...], ...]:
    """Return the map (channels + 1, PATCH * PATCH) of `Manifest.preview`, by least squares over decoded noise."""
    dims, sessions = bundle.manifest.model, Sessions(bundle, "cpu")
    side = min(MOST_LATENTS, dims.latent_size)
    latents = [seeded_noise(seed, side * side, dims.latent_channels) for seed in range(PICTURES)]
    grays = [_decode(sessions, each, side) for each in latents]
    ones = np.ones((PICTURES * side * side, 1), np.float32)
    inputs = np.concatenate([np.concatenate(latents), ones], axis=1)
    weights, *_ = np.linalg.lstsq(inputs, np.concatenate(grays), rcond=None)
    return tuple(tuple(round(float(each), _DIGITS) for each in row) for row in weights)


def _decode(sessions: Sessions, latents: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Return the gray, 0 to 1, around each latent: (N, PATCH * PATCH), averaged over the pixels between."""
    grid = np.ascontiguousarray(latents.T.reshape(1, -1, side, side))
    pixels = sessions.run(VAE_DECODER, {"latents": grid}, Stopping(never_stop))["pixels"][0]
    gray = np.clip(pixels.mean(axis=0) / 2 + 0.5, 0, 1)
    per_latent = len(gray) // side  # need not be a multiple of PATCH: a pixel may lie in several of its pixels
    fine = gray.repeat(PATCH, axis=0).repeat(PATCH, axis=1)
    patches = fine.reshape(side, PATCH, per_latent, side, PATCH, per_latent).mean(axis=(2, 5))
    return np.ascontiguousarray(patches.transpose(0, 2, 1, 3).reshape(side * side, PATCH * PATCH))
