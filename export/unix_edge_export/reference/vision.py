"""The vision encoder: SigLIP's tower from transformers, and the connector into the decoder's width."""

from torch import Tensor, nn
from transformers import SiglipVisionConfig, SiglipVisionModel

from .config import UniXConfig


class VisionEncoder(nn.Module):
    """Pixel values (B, 3, S, S) to image embeddings (B, patches, hidden)."""

    def __init__(self, config: UniXConfig) -> None:
        super().__init__()
        vision, hidden = config.vision, config.language.hidden_size
        self.tower = SiglipVisionModel(
            SiglipVisionConfig(
                hidden_size=vision.hidden_size,
                image_size=vision.image_size,
                intermediate_size=vision.intermediate_size,
                num_attention_heads=vision.num_attention_heads,
                num_hidden_layers=vision.num_hidden_layers,
                patch_size=vision.patch_size,
                hidden_act="gelu",  # the exact (erf) form; SigLIP's own default, tanh, is wrong here
                layer_norm_eps=1e-6,
                vision_use_head=False,
            )
        )
        self.connector = nn.Sequential(
            nn.Linear(vision.hidden_size, hidden), nn.GELU(approximate="tanh"), nn.Linear(hidden, hidden)
        )

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Encode normalised pixels."""
        features = self.tower(pixel_values=pixel_values).last_hidden_state  # (B, patches, vision hidden)
        return self.connector(features).float()
