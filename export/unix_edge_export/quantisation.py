"""Quantise the weights of linears.

int8: a scale a column. Its activations are quantised row by row as they come, so a linear is one product of integers:
what suits many rows, and a row alone as well. int4: a scale a block of a column, widened as it is read, for the
understanding branch, whose tokens come one by one and are as fast as memory is. docs/bundle.md says what is stored.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

BLOCK = 128
"""Values of a column that share a scale in int4."""
LARGEST_WEIGHT = 64
"""AVX2 adds two products of an unsigned and a signed byte in 16 bits: with more than 7 bits of weight they would not
fit, and the result would be another than on a processor with VNNI, without a word."""
LARGEST_ACTIVATION = 127
ZERO_POINT = 128
"""Of activations, which are unsigned bytes."""
LEAST = 1e-9
"""The largest value of a row is taken to be at least this."""


def to_int8(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Quantise a weight (in, out) by column; return int8 of its shape, and the scales (out,) in float32."""
    weight = weight.float()
    scales = _or_one(weight.abs().amax(0) / LARGEST_WEIGHT)
    return (weight / scales).round().to(torch.int8), scales


def to_int4(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Quantise a weight (in, out) in blocks; return two values a byte (out, blocks, BLOCK / 2), and the scales.

    A block's largest value is -8 of its scale, which is signed for that (out, blocks); zero is 8. Of two values the
    first is in the low half, as MatMulNBits reads them.
    """
    columns = F.pad(weight.float().T, (0, -weight.shape[0] % BLOCK)).unflatten(1, (-1, BLOCK))  # (out, blocks, BLOCK)
    largest = columns.gather(2, columns.abs().argmax(2, keepdim=True))
    scales = _or_one(largest / -8)
    values = ((columns / scales).round() + 8).clamp(0, 15).to(torch.uint8)
    return values[..., ::2] | (values[..., 1::2] << 4), scales[..., 0]


def from_int8(values: Tensor, scales: Tensor) -> Tensor:
    """Return the weight (in, out) that engines compute with."""
    return values * scales


def from_int4(values: Tensor, scales: Tensor, rows: int) -> Tensor:
    """Return the weight (in, out) that engines compute with; `rows` is how many it goes in."""
    halves = torch.stack([values & 15, values >> 4], dim=-1).flatten(2)  # (out, blocks, BLOCK)
    return ((halves.float() - 8) * scales[..., None]).flatten(1)[:, :rows].T


def round_rows(x: Tensor) -> Tensor:
    """Return activations (..., in) as they are after they were quantised by row."""
    largest = x.abs().amax(-1, keepdim=True).clamp(min=LEAST)
    return (x / largest * LARGEST_ACTIVATION).round() / LARGEST_ACTIVATION * largest


def round_blocks(x: Tensor) -> Tensor:
    """Return activations (..., in) as a product with int4 takes them: each block is rounded to int8 by its largest."""
    padded = F.pad(x, (0, -x.shape[-1] % BLOCK)).unflatten(-1, (-1, BLOCK))
    scales = _or_one(padded.abs().amax(-1, keepdim=True) / 127)
    return ((padded / scales).round() * scales).flatten(-2)[..., : x.shape[-1]]


def _or_one(scales: Tensor) -> Tensor:
    return torch.where(scales == 0, torch.ones_like(scales), scales)
