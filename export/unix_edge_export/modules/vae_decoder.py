"""The VAE's decoder: once an image."""

from torch import Tensor, nn

from ..reference.model import UniX
from ..reference.vae import SCALING_FACTOR, SHIFT_FACTOR


class VaeDecoder(nn.Module):
    """Latents to pixels."""

    def __init__(self, model: UniX) -> None:
        super().__init__()
        self.model = model

    def forward(self, latents: Tensor) -> tuple[Tensor]:
        """Map scaled latents (1, channels, H, W) to pixels (1, 3, H * downsample, W * downsample), about -1..1."""
        return (self.model.vae.decode(latents / SCALING_FACTOR + SHIFT_FACTOR).sample,)
