"""Stage 0: the autoencoder. Both halves first learn the linear codes of patches apart, then they meet."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ..reference.model import UniX
from ..reference.vae import SCALING_FACTOR, SHIFT_FACTOR
from .config import VaeSettings
from .phantoms import Phantoms
from .scene import Scene
from .starting import start_autoencoder


def to_vae_range(pixels: NDArray[np.uint8], device: torch.device) -> Tensor:
    """Turn gray pictures (B, S, S) into what the VAE reads: (B, 3, S, S), -1..1."""
    gray = torch.from_numpy(np.ascontiguousarray(pixels)).to(device).float() / 127.5 - 1
    return gray[:, None].expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last)


def shrink(pictures: Tensor, size: int) -> Tensor:
    """Shrink pictures (B, C, S, S) to `size` pixels a side."""
    if pictures.shape[-1] == size:
        return pictures
    return F.interpolate(pictures, (size, size), mode="bicubic", antialias=True).clamp(-1, 1)


class VaeTask:
    """Pictures to latents and back."""

    parts: tuple[str, ...] = ("vae.",)

    def __init__(self, model: UniX, settings: VaeSettings, scene: Scene) -> None:
        self.model, self.settings, self.device = model, settings, scene.device
        self.helpers: nn.Module = nn.Module()
        self._phantoms, self._validation = scene.phantoms, scene.validation
        model.requires_grad_(requires_grad=False)
        model.vae.requires_grad_(requires_grad=True)
        start_autoencoder(model)
        model.vae.to(memory_format=torch.channels_last)  # two thirds of the time on a CPU
        linear = linear_codes(scene.phantoms, model.config.vae.downsample, model.config.vae.z_channels)
        self._linear = linear.to(scene.device)

    def losses(self, done: float, rng: np.random.Generator) -> dict[str, Tensor]:
        """Draw pictures of one size; compare them with their reconstructions."""
        pictures = self._draw(rng)
        moments = self.model.vae.encode(pictures).latent_dist
        apart = done < self.settings.linear
        if apart:
            latents = F.conv2d(pictures[:, :1].float(), self._linear, stride=self._linear.shape[-1])
        else:
            latents = moments.sample() if rng.random() < self.settings.sampled else moments.mode()
        decoded = self.model.vae.decode(latents).sample.float()
        terms = pixel_losses(decoded, pictures, self.settings.mse, self.settings.gradient)
        terms["divergence"] = self.settings.divergence * moments.kl().mean()
        if apart:
            terms["codes"] = F.mse_loss(moments.mode().float(), latents)
        return terms

    def validate(self) -> dict[str, float]:
        """Measure the reconstructions of whole pictures."""
        return {"psnr": measure_psnr(self.model, self._validation, self.device)}

    def finish(self) -> None:
        """Give the latents zero mean and unit variance over all channels, by folding both into the quant convolutions.

        A channel whose errors are seen more is larger: flow matching then settles it earlier and takes its errors more
        seriously. With all channels alike, brightness was one of 32, and each patch of a picture had its own.
        """
        latents = []
        for start in range(0, min(256, len(self._phantoms)), 8):
            indices = range(start, min(start + 8, len(self._phantoms)))
            pictures = to_vae_range(self._phantoms.pixels(indices), self.device)
            latents.append(self.model.vae.encode(pictures).latent_dist.mode())
        found = torch.cat(latents)
        values = found.transpose(0, 1).flatten(1)
        loudness = self._visibility(found[:8], values.std(dim=1)) ** self.settings.loudness
        loudness = loudness / loudness.square().mean().sqrt()
        fold(self.model.vae, values.mean(dim=1), values.std(dim=1) / loudness)

    def _visibility(self, latents: Tensor, deviation: Tensor) -> Tensor:
        """Return how far pictures change (root mean square) where one channel is off by a third of its deviation."""
        pictures = self.model.vae.decode(latents).sample
        generator = torch.Generator().manual_seed(0)
        changes = []
        for channel in range(latents.shape[1]):
            disturbed = latents.clone()
            noise = torch.randn(latents[:, 0].shape, generator=generator).to(self.device)
            disturbed[:, channel] += noise * deviation[channel] / 3
            changes.append((self.model.vae.decode(disturbed).sample - pictures).square().mean().sqrt())
        return torch.stack(changes)

    def _draw(self, rng: np.random.Generator) -> Tensor:
        settings = self.settings
        sizes = [*settings.crops, settings.shrunk]
        weights = np.array([weight for _, weight in sizes])
        chosen = int(rng.choice(len(sizes), p=weights / weights.sum()))
        size = sizes[chosen][0]
        self._phantoms.refresh()
        pixels = self._phantoms.pixels(rng.integers(len(self._phantoms), size=max(1, settings.pixels // size**2)))
        if chosen == len(settings.crops):
            return shrink(to_vae_range(pixels, self.device), size)
        tops, lefts = rng.integers(pixels.shape[-1] - size + 1, size=(2, len(pixels)))
        crops = [
            each[top : top + size, left : left + size] for each, top, left in zip(pixels, tops, lefts, strict=True)
        ]
        return to_vae_range(np.stack(crops), self.device)


def pixel_losses(decoded: Tensor, pictures: Tensor, mse: float, gradient: float) -> dict[str, Tensor]:
    """Compare pixels, and their finite differences, which carry lines and edges."""
    error = decoded - pictures
    return {
        "l1": error.abs().mean(),
        "mse": mse * error.square().mean(),
        "gradient": gradient * (error.diff(dim=-1).abs().mean() + error.diff(dim=-2).abs().mean()),
    }


def measure_psnr(model: UniX, phantoms: Phantoms, device: torch.device) -> float:
    """Return the signal to noise in dB of up to 64 phantoms that went through the VAE."""
    errors = []
    for start in range(0, min(64, len(phantoms)), 8):
        pictures = to_vae_range(phantoms.pixels(range(start, min(start + 8, len(phantoms)))), device)
        decoded = model.vae.decode(model.vae.encode(pictures).latent_dist.mode()).sample
        errors.append(((decoded.clamp(-1, 1) - pictures) / 2).square().mean(dim=(1, 2, 3)))
    return float((-10 * torch.cat(errors).log10()).mean())


def linear_codes(phantoms: Phantoms, patch: int, channels: int) -> Tensor:
    """Return the filters (channels, 1, patch, patch) of the patches' principal components, of unit variance."""
    pixels = phantoms.pixels(range(min(256, len(phantoms)))).astype(np.float32) / 127.5 - 1
    side = pixels.shape[-1] // patch
    cut = pixels[:, : side * patch, : side * patch].reshape(-1, side, patch, side, patch)
    patches = cut.transpose(0, 1, 3, 2, 4).reshape(-1, patch * patch)
    values, vectors = np.linalg.eigh(np.cov(patches.T))
    filters = vectors[:, ::-1][:, :channels] / np.sqrt(values[::-1][:channels])
    return torch.from_numpy(np.ascontiguousarray(filters.T, np.float32)).reshape(channels, 1, patch, patch)


def fold(vae: Any, mean: Tensor, deviation: Tensor) -> None:
    """Change the quant convolutions so that the scaled latents have zero mean and unit variance.

    Latents z become z' = (z - mean) / (deviation * SCALING_FACTOR) + SHIFT_FACTOR; the decoder's side undoes it.
    """
    channels = len(mean)
    scale = 1 / (deviation * SCALING_FACTOR)
    quant, post = vae.quant_conv, vae.post_quant_conv
    with torch.no_grad():
        quant.weight[:channels] *= scale[:, None, None, None]
        quant.bias[:channels] = (quant.bias[:channels] - mean) * scale + SHIFT_FACTOR
        quant.bias[channels:] += 2 * scale.log()
        post.bias += post.weight[:, :, 0, 0] @ (mean - SHIFT_FACTOR / scale)
        post.weight /= scale[None, :, None, None]
