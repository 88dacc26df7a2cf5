"""Attention as two plain products: on a CPU its gradient in bfloat16 costs a third of the fused kernel's."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode


class _PlainAttention(TorchFunctionMode):
    """Computes every `scaled_dot_product_attention` within by `attend_plainly`, whoever calls it."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is F.scaled_dot_product_attention:
            queries, keys, values = args[:3]
            return attend_plainly(queries, keys, values, kwargs.get("attn_mask"))
        return func(*args, **kwargs)


def plain_attention(device: torch.device) -> AbstractContextManager[object]:
    """Return the context in which attention is computed plainly, where that is faster."""
    return _PlainAttention() if device.type == "cpu" else nullcontext()


def attend_plainly(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None) -> Tensor:
    """Attend from (B, H, S, D) to (B, KV, T, D), H a multiple of KV; `mask` (S, T) is true where a query may look."""
    served, length = queries.shape[1] // keys.shape[1], queries.shape[2]
    # The queries that share a KV head stand below each other: nothing is repeated.
    grouped = (queries * queries.shape[-1] ** -0.5).unflatten(1, (-1, served)).flatten(2, 3)
    scores = grouped @ keys.transpose(-1, -2)  # (B, KV, served * S, T)
    if mask is not None:
        scores = scores.masked_fill(~mask.repeat(served, 1), -torch.inf)
    attended = scores.softmax(dim=-1).to(values.dtype) @ values
    return attended.unflatten(2, (served, length)).flatten(1, 2)
