"""What the frozen tower and the frozen VAE make of every phantom: computed once, and mapped from disk."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from unix_edge.image import DEVIATION, MEAN

from ..reference.model import UniX
from ..reference.vae import SCALING_FACTOR, SHIFT_FACTOR
from .phantoms import Phantoms
from .training import Show, bfloat16
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


def encoded_features(
    model: UniX, phantoms: Phantoms, device: torch.device, out: Path, show: Show
) -> NDArray[np.float16]:
    """Return `encode_features` of all phantoms (n, patches, vision hidden), kept in `out` for this tower."""
    name = f"features-{len(phantoms)}-{_digest(model.vision.tower)}"
    return _encoded(out, name, phantoms, lambda pixels: encode_features(model, pixels, device), show)


def encoded_latents(
    model: UniX, phantoms: Phantoms, size: int, device: torch.device, out: Path, show: Show
) -> NDArray[np.float16]:
    """Return `encode_latents` of all phantoms (n, N, channels), kept in `out` for this VAE."""
    name = f"latents-{size}-{len(phantoms)}-{_digest(model.vae)}"
    return _encoded(out, name, phantoms, lambda pixels: encode_latents(model, pixels, size, device), show)


def _digest(module: nn.Module) -> str:
    """Name a module's weights."""
    digest = hashlib.sha256()
    for value in module.parameters():
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:8]


def _encoded(
    out: Path, name: str, phantoms: Phantoms, encode: Callable[[NDArray[np.uint8]], Tensor], show: Show
) -> NDArray[np.float16]:
    path = out / "encoded" / f"{name}.npy"
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(".partial")
        made: Any = None  # a numpy.memmap
        for start in range(0, len(phantoms), _AT_ONCE):
            indices = range(start, min(start + _AT_ONCE, len(phantoms)))
            values = encode(phantoms.pixels(indices)).float().cpu().numpy()
            if made is None:
                shape = (len(phantoms), *values.shape[1:])
                made = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
            made[start : start + len(values)] = values
            show(f"encoding {name}", indices.stop / len(phantoms), "")
        made.flush()
        partial.replace(path)
    return np.load(path, mmap_mode="r")
