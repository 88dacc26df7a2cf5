"""Which parts run in which precision.

Linears of the two branches, the vision tower and the connector take the chosen dtype, with the embedding table and
the head. All else is an island of float32: the residual stream, the norms, the rotary positions, the timestep, the
latent adapters, the VAE, and whatever layer is named as leaving float16's range.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

import torch
from torch import nn

from .model import UniX

FLOAT32_ISLANDS = ("time_embedder", "vae2llm", "llm2vae", "latent_pos_embed", "vae")
STORED_HALF = (*FLOAT32_ISLANDS, "vision.tower.embeddings")
"""Whose matrices lie in float16 in an fp16 bundle, and are widened in the graph."""


class Precision(StrEnum):
    """What `python -m unix_edge.export` offers."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"
    INT4 = "int4"

    @property
    def dtype(self) -> torch.dtype:
        """The dtype that linears are traced in; those that are quantised take and give float32."""
        return torch.float16 if self is Precision.FP16 else torch.float32

    @property
    def is_quantised(self) -> bool:
        """Whether the weights of linears are integers."""
        return self in (Precision.INT8, Precision.INT4)


class Form(StrEnum):
    """How a linear's weight is quantised."""

    INT8 = "int8"
    INT4 = "int4"


def choose_dtypes(model: UniX, dtype: torch.dtype, keep_float32: Collection[str] = ()) -> dict[str, torch.dtype]:
    """Return the dtype of every parameter.

    Args:
        model: The reference path; only its module tree is read.
        dtype: For the linears, the embedding table and the head.
        keep_float32: Names of modules whose linears stay in float32, "generation.layers.3" for example.
    """
    dtypes = dict.fromkeys((name for name, _ in model.named_parameters()), torch.float32)
    dtypes["embed_tokens.weight"] = dtype
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear) and not is_inside(name, (*FLOAT32_ISLANDS, *keep_float32)):
            dtypes |= {f"{name}.{parameter}": dtype for parameter, _ in module.named_parameters()}
    return dtypes


def choose_forms(model: UniX, precision: Precision, keep_float32: Collection[str] = ()) -> dict[str, Form]:
    """Return how the weights of linears are quantised, by parameter; none where the precision is a float's.

    int4 is for the understanding branch alone: in the generation branch it moves the velocity by a fifth, and the
    head has each token at stake.

    Args:
        model: The reference path; only its module tree is read.
        precision: Of the bundle.
        keep_float32: Names of linears that are not quantised, "generation.layers.3.mlp.down_proj" for example.
    """
    if not precision.is_quantised:
        return {}
    linears = (name for name, module in model.named_modules() if isinstance(module, nn.Linear))
    chosen = (name for name in linears if not is_inside(name, (*FLOAT32_ISLANDS, *keep_float32)))
    int4 = ("understanding",) if precision is Precision.INT4 else ()
    return {f"{name}.weight": Form.INT4 if is_inside(name, int4) else Form.INT8 for name in chosen}


def is_inside(name: str, modules: Collection[str]) -> bool:
    """Tell whether `name` is one of `modules` or lies below one."""
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def cast_inputs_of_linears(model: nn.Module) -> None:
    """Let every linear cast what it is given to its own dtype."""

    def cast(module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return (args[0].to(module.weight.dtype), *args[1:])

    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.register_forward_pre_hook(cast)
