"""`norm_to_half`: an RMS norm of float32 values that gives float16, one kernel on a card.

ONNX's own operator may give another type than it takes, but ONNX Runtime has no such kernel for the CPU. Spelt out as
here it becomes one node everywhere: on a card one that rounds as it writes, on a CPU one in float32 and a Cast.
"""

from collections.abc import Callable
from typing import Any

import torch
from onnxscript.values import Opset
from torch import Tensor, nn
from torch.nn import functional as F

from .cache import OPSET

_FLOAT16 = 10
"""ONNX's number for it."""


@torch.library.custom_op("unix_edge::norm_to_half", mutates_args=())
def norm_to_half(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    """Divide rows of `x` (..., width) in float32 by their root mean square; return float16, scaled by `weight`."""
    return F.rms_norm(x, weight.shape, eps=epsilon).half() * weight


@norm_to_half.register_fake
def _(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return torch.empty_like(x, dtype=torch.float16)


def _to_onnx(x: Any, weight: Any, epsilon: float) -> Any:
    op = Opset("", OPSET)
    squares = op.Pow(x, op.Constant(value_float=2.0))
    mean = op.ReduceMean(squares, op.Constant(value_ints=[-1]))
    rows = op.Div(x, op.Sqrt(op.Add(mean, op.Constant(value_float=epsilon))))
    return op.Mul(op.Cast(rows, to=_FLOAT16), weight)


TRANSLATIONS: dict[Callable[..., Any], Callable[..., Any]] = {torch.ops.unix_edge.norm_to_half.default: _to_onnx}
"""For `torch.onnx.export(custom_translation_table=...)`."""


class NormToHalf(nn.Module):
    """An RMS norm of float32 values for linears in float16."""

    def __init__(self, norm: nn.RMSNorm) -> None:
        """Take one whose weight is float16."""
        super().__init__()
        assert norm.eps is not None
        self.weight, self.eps = norm.weight, norm.eps

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., width) to float16."""
        return norm_to_half(x, self.weight, self.eps)
