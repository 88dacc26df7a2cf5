"""Prepare the reference path for tracing: its linears laid out as ONNX's MatMul reads them."""

from collections.abc import Mapping

import torch
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor, nn

from ..reference.checkpoint import make_skeleton
from ..reference.config import UniXConfig
from ..reference.decoder import Attention, DecoderLayer
from ..reference.model import UniX
from ..reference.names import QKV
from .attention import PackedAttention
from .norm import NormToHalf


class WholeTable(nn.Module):
    """An embedding that is always asked for all its rows in order."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)

    def forward(self, _ids: Tensor) -> Tensor:
        """Return the table (rows, width)."""
        return self.weight


class MatMulLinear(nn.Module):
    """A linear whose weight is stored transposed, (in, out), and which casts its input to its own dtype."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.bias = None if bias is None else nn.Parameter(bias, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., in) to (..., out)."""
        y = x.to(self.weight.dtype) @ self.weight
        return y if self.bias is None else y + self.bias


def make_traceable(config: UniXConfig, dtypes: Mapping[str, torch.dtype]) -> UniX:
    """Build the reference path with stand-ins for its weights: right shapes and dtypes, NaN throughout, no memory.

    A graph refers to its weights by name, so tracing needs no more; the bundle's weights are written apart, one
    tensor at a time (`weights.py`), which is what keeps the export of a large checkpoint small.
    """
    model = make_skeleton(config)
    for number, (name, dtype) in enumerate({**dtypes, **_norms_as_read(model, dtypes)}.items()):
        shape = model.get_parameter(name).shape
        owner, _, attribute = name.rpartition(".")
        standin = nan(number, dtype).expand(shape)
        setattr(model.get_submodule(owner), attribute, nn.Parameter(standin, requires_grad=False))
    transpose_linears(model)
    _pack_attention(model)
    for name, module in list(model.named_modules()):
        # What norms of heads are given is float16 already.
        if isinstance(module, nn.RMSNorm) and module.weight.dtype is torch.float16 and "self_attn" not in name:
            _replace(model, name, NormToHalf(module))
    # TensorRT has no kernel for a float32 Attention node; written out, the VAE's small one builds everywhere.
    model.vae.set_attn_processor(AttnProcessor())
    # A look-up by a constant index would be folded into a constant, and its table with it.
    embeddings = model.vision.tower.embeddings
    embeddings.register_module("position_embedding", WholeTable(embeddings.position_embedding.weight))
    return model


def nan(number: int, dtype: torch.dtype) -> Tensor:
    """Return a NaN with a payload of its own: the exporter merges weights of the same bytes into one."""
    first, bits = {torch.float16: (0x7C01, torch.int16), torch.float32: (0x7F800001, torch.int32)}[dtype]
    payloads = 2 ** (10 if dtype is torch.float16 else 23) - 1
    sign, payload = divmod(number, payloads)
    assert sign < 2, "more weights than NaNs to stand for them"
    pattern = first + payload - (2 ** (8 * dtype.itemsize - 1) if sign else 0)
    return torch.tensor(pattern, dtype=bits).view(dtype)


def transpose_linears(model: nn.Module) -> None:
    """Replace every linear by a `MatMulLinear` of the same weights."""
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.Linear):
            _replace(model, name, MatMulLinear(module.weight.T, module.bias))


def _pack_attention(model: nn.Module) -> None:
    """Let every decoder layer, its linears transposed, compute queries, keys and values as one product."""
    for name, module in list(model.named_modules()):
        if isinstance(module, Attention):
            parts = [[*module.get_submodule(each).parameters()] for each in QKV]  # (in, out) and (out,)
            weight, bias = (
                each[0].flatten()[0].expand(*each[0].shape[:-1], sum(part.shape[-1] for part in each))
                for each in zip(*parts, strict=True)
            )  # the first's stand-in stands for all
            _replace(model, name, PackedAttention(module, MatMulLinear(weight, bias)))


def _norms_as_read(model: UniX, dtypes: Mapping[str, torch.dtype]) -> dict[str, torch.dtype]:
    """Return the dtypes of the branches' norms: those of the linears that read what they give."""
    readers = {"understanding.norm": "lm_head"}
    for name, module in model.named_modules():
        if isinstance(module, DecoderLayer):
            readers |= {f"{name}.input_layernorm": f"{name}.self_attn.q_proj"}
            readers |= {f"{name}.self_attn.{each}": f"{name}.self_attn.q_proj" for each in ("q_norm", "k_norm")}
            readers |= {f"{name}.post_attention_layernorm": f"{name}.mlp.gate_proj"}
    return {f"{norm}.weight": dtypes[f"{linear}.weight"] for norm, linear in readers.items()}


def _replace(model: nn.Module, name: str, module: nn.Module) -> None:
    owner, _, attribute = name.rpartition(".")
    setattr(model.get_submodule(owner), attribute, module)
