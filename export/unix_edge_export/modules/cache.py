"""`tensor_scatter`: write a block into a key or value buffer, one ONNX node that runtimes do in place."""

from collections.abc import Callable
from typing import Any

import torch
from onnxscript.values import Opset
from torch import Tensor

OPSET = 24
"""The first with TensorScatter."""


@torch.library.custom_op("unix_edge::tensor_scatter", mutates_args=())
def tensor_scatter(buffer: Tensor, block: Tensor, write_index: Tensor) -> Tensor:
    """Return `buffer` (B, 1, capacity, width) with `block` (B, 1, S, width) written from `write_index` (B,) on."""
    rows = write_index[:, None] + torch.arange(block.shape[2])  # (B, S)
    return buffer.scatter(2, rows[:, None, :, None].expand_as(block), block)


@tensor_scatter.register_fake
def _(buffer: Tensor, block: Tensor, write_index: Tensor) -> Tensor:
    return torch.empty_like(buffer)


def _to_onnx(buffer: Any, block: Any, write_index: Any) -> Any:
    return Opset("", OPSET).TensorScatter(buffer, block, write_index, axis=2, mode="linear")


TRANSLATIONS: dict[Callable[..., Any], Callable[..., Any]] = {torch.ops.unix_edge.tensor_scatter.default: _to_onnx}
"""For `torch.onnx.export(custom_translation_table=...)`."""
