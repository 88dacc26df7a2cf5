"""The two-branch decoder: each branch is a stack of the same layer with its own weights (paper, section 3.1).

The understanding branch reads text and images; the generation branch denoises latents. At every layer the latents'
queries attend to the keys and values of both branches: the cross-modal self-attention.

A layer is written in two halves, `project` and `complete`, because attention in between is where the two branches
meet, and where a cache lives. The residual stream, the norms and the rotary positions are float32 whatever the
weights are; a linear casts what it is given to its own dtype (`precision.py`).
"""

from collections.abc import Callable, Iterator
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import LanguageConfig

Rotate = Callable[[Tensor], Tensor]
"""Turns queries or keys (B, H, S, D) by their rotary positions."""


def rotary(positions: Tensor, head_dim: int, theta: float) -> Rotate:
    """Make the rotation for `positions` (B, S): RoPE in its rotate-half form, in float32."""
    cos, sin = rotary_tables(positions, head_dim, theta)  # each (B, S, D/2)
    cos, sin = cos[:, None], sin[:, None]  # the same for every head

    def rotate(x: Tensor) -> Tensor:
        first, second = x.float().chunk(2, dim=-1)  # each (B, H, S, D/2)
        return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)

    return rotate


def rotary_tables(positions: Tensor, head_dim: int, theta: float) -> tuple[Tensor, Tensor]:
    """Return cos and sin of the rotary angles, each (B, S, D/2)."""
    exponents = torch.arange(0, head_dim, 2, dtype=torch.float32, device=positions.device) / head_dim
    angles = positions.float()[..., None] * theta**-exponents
    return angles.cos(), angles.sin()


def attend(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None) -> Tensor:
    """Attend from queries (B, H, S, D) to keys and values (B, KV, T, D).

    Each KV head serves H / KV query heads in a row. `mask`, broadcast to (B, H, S, T), is true where a query may
    look; None lets all look everywhere.
    """
    return F.scaled_dot_product_attention(
        queries, keys, values, attn_mask=mask, enable_gqa=keys.shape[1] != queries.shape[1]
    )


class Attention(nn.Module):
    """Projections and per-head norms of one layer's attention."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        kv_width = config.num_key_value_heads * config.head_dim
        self.head_dim = config.head_dim
        self.q_proj = nn.Linear(config.hidden_size, config.hidden_size)
        self.k_proj = nn.Linear(config.hidden_size, kv_width)
        self.v_proj = nn.Linear(config.hidden_size, kv_width)
        self.o_proj = nn.Linear(config.hidden_size, config.hidden_size, bias=False)
        self.q_norm = nn.RMSNorm(config.head_dim, eps=config.rms_norm_eps)
        self.k_norm = nn.RMSNorm(config.head_dim, eps=config.rms_norm_eps)

    def heads(self, x: Tensor) -> Tensor:
        """Split (B, S, H*D) into (B, H, S, D)."""
        return x.unflatten(-1, (-1, self.head_dim)).transpose(1, 2)


class MLP(nn.Module):
    """SwiGLU."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, S, hidden) to (B, S, hidden)."""
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    """One pre-norm layer of one branch."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.input_layernorm = nn.RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = nn.RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.mlp = MLP(config)

    def project(self, x: Tensor, rotate: Rotate) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries (B, H, S, D), keys and values (B, KV, S, D) of `x` (B, S, hidden)."""
        attn, normed = self.self_attn, self.input_layernorm(x)
        values = attn.heads(attn.v_proj(normed))
        queries = rotate(attn.q_norm(attn.heads(attn.q_proj(normed)).float()))
        keys = rotate(attn.k_norm(attn.heads(attn.k_proj(normed)).float()))
        return queries.to(values.dtype), keys.to(values.dtype), values

    def complete(self, x: Tensor, attended: Tensor) -> Tensor:
        """Add to `x` (B, S, hidden) what its queries gathered (B, H, S, D), then the MLP of it."""
        return self.finish(x, attended.transpose(1, 2).flatten(2))

    def finish(self, x: Tensor, gathered: Tensor) -> Tensor:
        """Do the same with the heads of what was gathered side by side, (B, S, H*D)."""
        x = x + self.self_attn.o_proj(gathered).float()
        return x + self.mlp(self.post_attention_layernorm(x)).float()


class Branch(nn.Module):
    """A stack of layers and its final norm."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.num_hidden_layers))
        self.norm = nn.RMSNorm(config.hidden_size, eps=config.rms_norm_eps)

    def __iter__(self) -> Iterator[DecoderLayer]:
        return iter(cast("list[DecoderLayer]", self.layers))
