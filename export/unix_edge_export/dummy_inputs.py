"""Dummy inputs for tracing and probing, from optimum's generators: one for each graph's table in `graphs.py`."""

from collections.abc import Mapping
from typing import Any

import torch
from optimum.utils import DummyInputGenerator, NormalizedConfig
from torch import Tensor

from unix_edge.graphs import GraphSpec, TensorSpec

from .reference.config import UniXConfig

SIZES: dict[str, int] = {"B": 2, "S": 7, "C": 13, "P": 11, "N": 36, "H": 6, "W": 10}
"""What dynamic dims are while tracing: not 0 or 1, which the tracer would freeze, and all different."""


class UniXNormalizedConfig(NormalizedConfig):  # type: ignore[misc]
    """Optimum's names for our dims."""

    VOCAB_SIZE = "language.vocab_size"
    HIDDEN_SIZE = "language.hidden_size"
    NUM_LAYERS = "language.num_hidden_layers"
    NUM_ATTENTION_HEADS = "language.num_attention_heads"
    NUM_KEY_VALUE_HEADS = "language.num_key_value_heads"
    HEAD_DIM = "language.head_dim"
    IMAGE_SIZE = "vision.image_size"
    NUM_CHANNELS = "vae.z_channels"
    MAX_LATENT_SIZE = "max_latent_size"


class GraphDummyInputGenerator(DummyInputGenerator):  # type: ignore[misc]
    """Makes every input of one graph, shaped by its spec and valid for its meaning."""

    def __init__(self, config: UniXConfig, spec: GraphSpec, dtypes: Mapping[str, torch.dtype]) -> None:
        self.normalized_config = UniXNormalizedConfig(config)
        self.spec = spec
        self.dtypes = dtypes
        self.SUPPORTED_INPUT_NAMES = tuple(tensor.name for tensor in spec.inputs)

    def generate(
        self, input_name: str, framework: str = "pt", int_dtype: str = "int64", float_dtype: str = "fp32"
    ) -> Any:
        """Make one input."""
        tensor = next(each for each in self.spec.inputs if each.name == input_name)
        shape = [SIZES[dim] if isinstance(dim, str) else dim for dim in tensor.shape]
        if tensor.dtype == "tensor(bool)":
            return self.constant_tensor(shape, True, dtype=torch.bool, framework=framework)
        if tensor.dtype == "tensor(int64)":
            return self.random_int_tensor(shape, self._largest(tensor) + 1, framework=framework, dtype=int_dtype)
        made = self.random_float_tensor(shape, -1, 1, framework=framework, dtype=float_dtype)
        return made.to(self.dtypes.get(input_name, made.dtype))

    def _largest(self, tensor: TensorSpec) -> int:
        match tensor.name:
            case "latent_positions":
                return int(self.normalized_config.max_latent_size) ** 2 - 1
            case "write_index":
                return 0
            case "limits":
                return SIZES["S"]
            case _:
                return SIZES["P"]

    def arguments(self) -> tuple[Any, ...]:
        """Make all inputs as a module's forward takes them: keys and values as one list, last."""
        return grouped(self.spec, {tensor.name: self.generate(tensor.name) for tensor in self.spec.inputs})


def grouped(spec: GraphSpec, by_name: Mapping[str, Tensor | dict[int, Any] | None]) -> tuple[Any, ...]:
    """Order what stands by input name as a module's forward takes it: keys and values as one list, last."""
    plain = [by_name[tensor.name] for tensor in spec.inputs if tensor.dtype is not None]
    key_values = [by_name[tensor.name] for tensor in spec.inputs if tensor.dtype is None]
    return (*plain, key_values) if key_values else tuple(plain)
