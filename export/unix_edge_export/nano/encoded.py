"""What frozen parts make of phantoms: computed once, and mapped from disk."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from unix_edge.image import DEVIATION, MEAN

from ..reference.model import UniX
from ..reference.vae import SCALING_FACTOR, SHIFT_FACTOR
from .phantoms import Phantoms
from .scene import Scene
from .training import bfloat16, digest
from .vae import shrink, to_vae_range

_AT_ONCE = 32
"""Phantoms encoded together."""


def to_pixel_values(pixels: NDArray[np.uint8], device: torch.device) -> Tensor:
    """Turn gray pictures (B, S, S) of the tower's size into what inference shows it: (B, 3, S, S)."""
    gray = (torch.from_numpy(np.ascontiguousarray(pixels)).to(device).float() / 255 - MEAN) / DEVIATION
    return gray[:, None].expand(-1, 3, -1, -1)


@torch.no_grad()
def encode_features(model: UniX, pixels: NDArray[np.uint8], device: torch.device) -> Tensor:
    """Return the tower's patch features (B, patches, vision hidden) of clean pictures."""
    with bfloat16(device):
        return model.vision.tower(pixel_values=to_pixel_values(pixels, device)).last_hidden_state


@torch.no_grad()
def encode_latents(model: UniX, pixels: NDArray[np.uint8], size: int, device: torch.device) -> Tensor:
    """Encode gray pictures at a size to scaled latents (B, N, channels), row-major; in float32, as they are decoded."""
    mode = model.vae.encode(shrink(to_vae_range(pixels, device), size)).latent_dist.mode()
    return ((mode - SHIFT_FACTOR) * SCALING_FACTOR).flatten(2).transpose(1, 2)


def encoded_features(model: UniX, scene: Scene) -> NDArray[np.float16]:
    """Return `encode_features` of all phantoms (n, patches, vision hidden), kept for this tower."""
    count = len(scene.phantoms)
    encoded = (encode_features(model, pixels, scene.device) for pixels in _few_by_few(scene.phantoms))
    return kept(scene, f"features-{count}-{digest(model.vision.tower.parameters())}", count, encoded)


def encoded_latents(model: UniX, scene: Scene, size: int) -> NDArray[np.float16]:
    """Return `encode_latents` of all phantoms (n, N, channels), kept for this VAE's encoder."""
    count, encoder = len(scene.phantoms), (*model.vae.encoder.parameters(), *model.vae.quant_conv.parameters())
    encoded = (encode_latents(model, pixels, size, scene.device) for pixels in _few_by_few(scene.phantoms))
    return kept(scene, f"latents-{size}-{count}-{digest(encoder)}", count, encoded)


def _few_by_few(phantoms: Phantoms) -> Iterator[NDArray[np.uint8]]:
    for start in range(0, len(phantoms), _AT_ONCE):
        yield phantoms.pixels(range(start, min(start + _AT_ONCE, len(phantoms))))


def kept(scene: Scene, name: str, count: int, made: Iterable[Tensor]) -> NDArray[np.float16]:
    """Return rows by their name from the scene's folder; if they are not there, keep the `count` rows that are made."""
    path = scene.out / "encoded" / f"{name}.npy"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(".partial")
        rows: Any = None  # a numpy.memmap
        done = 0
        for values in made:
            if rows is None:
                rows = np.lib.format.open_memmap(partial, "w+", np.float16, (count, *values.shape[1:]))
            rows[done : done + len(values)] = values.float().cpu().numpy()
            done += len(values)
            scene.show(f"encoding {name}", done / count, "")
        rows.flush()
        partial.replace(path)
    return np.load(path, mmap_mode="r")
