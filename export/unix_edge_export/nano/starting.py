"""Weights to start from. Without them the tower stays where it is for hours."""

import math

import numpy as np
import torch
from torch import Tensor, nn

from ..reference.model import UniX
from .phantoms import Phantoms


def sine_table(side: int, width: int) -> Tensor:
    """Return the fixed 2-D position table (side * side, width), row-major: column sin | cos, then row sin | cos."""
    frequencies = 10000.0 ** -(np.arange(width // 4) / (width / 4))
    angles = np.arange(side)[:, None] * frequencies
    line = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)  # (side, width / 2)
    columns, rows = np.tile(line, (side, 1)), np.repeat(line, side, axis=0)
    return torch.from_numpy(np.concatenate([columns, rows], axis=1)).float()


@torch.no_grad()
def start_tower(model: UniX, phantoms: Phantoms) -> None:
    """Let the tower begin with whitened principal components of patches, sine positions and quiet residuals."""
    config, tower = model.config.vision, model.vision.tower
    filters, bias = whitened_patches(phantoms, config.patch_size, config.hidden_size)
    tower.get_parameter("embeddings.patch_embedding.weight").copy_(filters[:, None].expand(-1, 3, -1, -1) / 3)
    tower.get_parameter("embeddings.patch_embedding.bias").copy_(bias)
    side = config.image_size // config.patch_size
    tower.get_parameter("embeddings.position_embedding.weight").copy_(sine_table(side, config.hidden_size))
    for name, value in tower.named_parameters():
        if name.endswith(("out_proj.weight", "fc2.weight")):
            value.mul_(0.3)


def whitened_patches(phantoms: Phantoms, patch: int, width: int) -> tuple[Tensor, Tensor]:
    """Return filters (width, patch, patch) and biases that give patches of pixel values unit variance, uncorrelated."""
    from unix_edge.image import DEVIATION, MEAN

    pixels = (phantoms.pixels(range(min(256, len(phantoms)))).astype(np.float32) / 255 - MEAN) / DEVIATION
    side = pixels.shape[-1] // patch
    cut = pixels[:, : side * patch, : side * patch].reshape(-1, side, patch, side, patch)
    patches = cut.transpose(0, 1, 3, 2, 4).reshape(-1, patch * patch)
    values, vectors = np.linalg.eigh(np.cov(patches.T))
    # The floor keeps components that are nothing but film noise from being as loud as anatomy.
    filters = vectors[:, ::-1][:, :width] / np.sqrt(values[::-1][:width] + 1e-3 * values.mean())
    kept = torch.from_numpy(np.ascontiguousarray(filters.T, np.float32))
    bias = -kept @ torch.from_numpy(patches.mean(axis=0))
    shape = (len(kept), patch, patch)
    if len(kept) < width:  # fewer components than channels
        kept, bias = (torch.cat([each, torch.zeros(width - len(each), *each.shape[1:])]) for each in (kept, bias))
        shape = (width, patch, patch)
    return kept.reshape(shape), bias


@torch.no_grad()
def start_language(model: UniX) -> None:
    """Draw embeddings and branch, residual outputs smaller with depth."""
    config = model.config.language
    quiet = (2 * config.num_hidden_layers) ** -0.5
    for name, value in model.understanding.named_parameters():
        if value.ndim > 1:
            value.normal_(std=value.shape[1] ** -0.5 * (quiet if "o_proj" in name or "down_proj" in name else 1))
        elif name.endswith("bias"):
            value.zero_()
    model.embed_tokens.weight.normal_(std=0.5)
    model.lm_head.weight.normal_(std=0.02)


@torch.no_grad()
def start_generation(model: UniX) -> None:
    """Copy the understanding branch into the generation branch; let the adapters begin at no velocity."""
    model.generation.load_state_dict(model.understanding.state_dict())
    nn.init.normal_(model.vae2llm.weight, std=model.config.vae.z_channels**-0.5 / 2)
    nn.init.zeros_(model.vae2llm.bias)
    nn.init.zeros_(model.llm2vae.weight)
    nn.init.zeros_(model.llm2vae.bias)
    for linear in (model.time_embedder.mlp[0], model.time_embedder.mlp[2]):
        assert isinstance(linear, nn.Linear)
        nn.init.normal_(linear.weight, std=0.3 / math.sqrt(linear.in_features))
        nn.init.zeros_(linear.bias)
    model.latent_pos_embed.weight.copy_(sine_table(model.config.max_latent_size, model.config.language.hidden_size))


@torch.no_grad()
def start_autoencoder(model: UniX) -> None:
    """Let the autoencoder begin almost linear: what its blocks add to the way past them is quiet."""
    for name, value in model.vae.named_parameters():
        if name.endswith(("conv2.weight", "to_out.0.weight")):
            value.mul_(0.3)
