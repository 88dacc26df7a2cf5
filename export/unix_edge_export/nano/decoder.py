"""The last stage: the VAE's decoder alone, its encoder and so all latents as they were.

What errors of single pixels leave soft, the vision tower and a discriminator see. The decoder learns from phantoms' own
latents and from latents that the finished generation branch drew, which are softer than any phantom's.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from unix_edge.image import DEVIATION, MEAN

from ..reference.model import UniX
from ..reference.vae import SCALING_FACTOR, SHIFT_FACTOR
from .config import DecoderSettings
from .encoded import encoded_features, encoded_latents
from .generation import drawn_latents
from .scene import Scene
from .vae import measure_psnr, pixel_losses, to_vae_range

_COARSE = 8
"""Pixels of the squares whose brightness a drawn picture keeps."""


class Discriminator(nn.Module):
    """Tells phantoms from decoded pictures, by what is to be seen within some 30 pixels and by where that is."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()

        def halve(inputs: int, outputs: int, groups: int) -> nn.Sequential:
            norm = nn.GroupNorm(groups, outputs) if groups else nn.Identity()
            return nn.Sequential(nn.Conv2d(inputs, outputs, 4, 2, 1), norm, nn.LeakyReLU(0.2))

        self.layers = nn.Sequential(
            halve(3, width, 0),
            halve(width, 2 * width, 1),
            halve(2 * width, 4 * width, 1),
            nn.Conv2d(4 * width, 1, 3, 1, 1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """Judge gray pictures (B, 1, S, S) of -1..1: (B, 1, S / 8, S / 8), above 0 for a phantom."""
        around = F.avg_pool2d(F.pad(pictures, (3, 3, 3, 3), mode="reflect"), 7, 1)
        heights = torch.linspace(-1, 1, pictures.shape[-1], device=pictures.device)[:, None].expand_as(pictures)
        seen = torch.cat([pictures, 8 * (pictures - around), heights], dim=1)
        judged: Tensor = self.layers(seen.contiguous(memory_format=torch.channels_last))
        return judged.float()


class DecoderTask:
    """Latents to pictures that look like phantoms from near, too."""

    parts: tuple[str, ...] = ("vae.decoder.", "vae.post_quant_conv.")

    def __init__(self, model: UniX, settings: DecoderSettings, scene: Scene) -> None:
        self.model, self.settings, self.device = model, settings, scene.device
        self._phantoms, self._validation = scene.phantoms, scene.validation
        self._latents = encoded_latents(model, scene, model.config.vision.image_size)
        self._features = encoded_features(model, scene)
        self._drawn = drawn_latents(model, scene, settings.drawn, settings.points)
        for name, value in model.named_parameters():
            value.requires_grad_(name.startswith(self.parts))
        self.discriminator = Discriminator().to(self.device)
        self.helpers: nn.Module = self.discriminator
        model.vae.to(memory_format=torch.channels_last)
        self._coarse = self._look_coarsely()

    def losses(self, done: float, rng: np.random.Generator) -> dict[str, Tensor]:
        """Decode phantoms' latents and drawn ones; compare, and let them be judged while the judge learns."""
        settings, half = self.settings, self.settings.batch // 2
        indices, drawn = rng.integers(len(self._phantoms), size=half), rng.integers(len(self._drawn), size=half)
        pictures = to_vae_range(self._phantoms.pixels(indices), self.device)
        decoded = self._decode(np.concatenate([self._latents[indices], self._drawn[drawn]]))
        again, imagined = decoded.split(half)
        terms = pixel_losses(again, pictures, settings.mse, settings.gradient)
        pixels = torch.stack(list(terms.values())).sum()
        wanted = torch.from_numpy(self._features[indices].astype(np.float32)).to(self.device)
        judged = functional_call(
            self.discriminator,
            {name: value.detach() for name, value in self.discriminator.named_parameters()},
            (decoded.mean(dim=1, keepdim=True),),
        )
        terms["features"] = settings.features * _as_loud(F.mse_loss(self._see(again), wanted), pixels, decoded)
        terms["looks"] = min(1, 10 * done) * settings.looks * _as_loud(-judged.mean(), pixels, decoded)
        terms["coarse"] = settings.coarse * F.l1_loss(_shrink(imagined), self._coarse[drawn].to(self.device))
        real = self.discriminator(pictures[:, :1])
        made = self.discriminator(decoded.detach().mean(dim=1, keepdim=True))
        terms["discriminator"] = F.relu(1 - real).mean() + F.relu(1 + made).mean()
        return terms

    def validate(self) -> dict[str, float]:
        """Measure the reconstructions of whole pictures."""
        return {"psnr": measure_psnr(self.model, self._validation, self.device)}

    def finish(self) -> None:
        """Leave the weights as they are."""

    def _decode(self, latents: NDArray[np.float16]) -> Tensor:
        side = round(latents.shape[1] ** 0.5)
        scaled = torch.from_numpy(latents.astype(np.float32)).to(self.device).transpose(1, 2).unflatten(2, (side, side))
        decoded: Tensor = self.model.vae.decode(scaled / SCALING_FACTOR + SHIFT_FACTOR).sample
        return decoded.float()

    def _see(self, decoded: Tensor) -> Tensor:
        values = ((decoded.clamp(-1, 1) + 1) / 2 - MEAN) / DEVIATION
        features: Tensor = self.model.vision.tower(pixel_values=values).last_hidden_state
        return features.float()

    @torch.no_grad()
    def _look_coarsely(self) -> Tensor:
        """Return the drawn pictures as the decoder made them before this stage, shrunk."""
        starts = range(0, len(self._drawn), 16)
        return torch.cat([_shrink(self._decode(self._drawn[start : start + 16])).cpu() for start in starts])


def _shrink(decoded: Tensor) -> Tensor:
    return F.avg_pool2d(decoded.mean(dim=1, keepdim=True), _COARSE)


def _as_loud(term: Tensor, reference: Tensor, decoded: Tensor) -> Tensor:
    """Scale a term so that it pulls at the decoded pictures as hard as the reference does."""
    pulls = [torch.autograd.grad(each, decoded, retain_graph=True)[0].norm() for each in (term, reference)]
    return term * (pulls[1] / (pulls[0] + 1e-12)).detach()
