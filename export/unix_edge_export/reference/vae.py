"""The VAE `kl-f16`: diffusers' AutoencoderKL with the dims of vae/config.yaml."""

from typing import Any

from diffusers import AutoencoderKL

from .config import VaeConfig

SCALING_FACTOR = 0.238092
SHIFT_FACTOR = -0.201906
"""Latents are `SCALING_FACTOR * (z - SHIFT_FACTOR)`."""


def make_vae(config: VaeConfig) -> Any:  # an AutoencoderKL, whose types are not shipped
    """Build the autoencoder: attention only at the last (lowest) resolution and in the middle."""
    levels = len(config.ch_mult)
    down = ["DownEncoderBlock2D"] * (levels - 1) + ["AttnDownEncoderBlock2D"]
    return AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=down,
        up_block_types=["AttnUpDecoderBlock2D"] + ["UpDecoderBlock2D"] * (levels - 1),
        block_out_channels=[config.ch * width for width in config.ch_mult],
        layers_per_block=config.num_res_blocks,
        latent_channels=config.z_channels,
        norm_num_groups=config.num_groups,
        sample_size=256,
        scaling_factor=SCALING_FACTOR,
        shift_factor=SHIFT_FACTOR,
        use_quant_conv=True,
        use_post_quant_conv=True,
        mid_block_add_attention=True,
    )
