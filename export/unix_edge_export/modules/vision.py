"""The vision encoder with its connector: once an image."""

from torch import Tensor, nn

from ..reference.model import UniX


class Vision(nn.Module):
    """Pixel values to image embeddings."""

    def __init__(self, model: UniX) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: Tensor) -> tuple[Tensor]:
        """Map (1, 3, S, S) to (1, patches, hidden)."""
        return (self.model.vision(pixel_values),)
