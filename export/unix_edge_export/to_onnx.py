"""Trace the modules to ONNX graphs whose weights are names, to be found in the bundle's weights file."""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx_ir as ir
import torch
from torch import nn

from unix_edge.graphs import (
    CARD_GRAPHS,
    CROSS_ATTENTION,
    DENOISER,
    EMBEDDING_TABLE,
    UNDERSTANDING,
    UNDERSTANDING_CPU,
    VAE_DECODER,
    VISION,
    WEIGHTS_FILE,
    Dim,
    GraphSpec,
    ModelDims,
    base_of,
    graph_spec,
)

from .dummy_inputs import SIZES, GraphDummyInputGenerator, grouped
from .modules import attention, cache, norm, rotary
from .modules.cache import OPSET
from .modules.cross_attention import CrossAttention
from .modules.denoiser import Denoiser
from .modules.understanding import Understanding
from .modules.vae_decoder import VaeDecoder
from .modules.vision import Vision
from .quantised_graph import DATA_TYPES, quantise_linears
from .reference.config import UniXConfig
from .reference.model import UniX
from .reference.names import QKV_PACKED, Source, parts_of
from .reference.precision import STORED_HALF, Form, Precision, is_inside
from .weights import Layout, Made, StoredTensor, TensorReader, plan_tensor

_TRANSLATIONS = attention.TRANSLATIONS | cache.TRANSLATIONS | norm.TRANSLATIONS | rotary.TRANSLATIONS
_INLINE_LIMIT = 2**20
"""Bytes of a constant that may stand in the graph itself; whatever is larger must be a weight."""


@dataclass
class TracedGraph:
    """A graph and the weights that it names."""

    spec: GraphSpec
    model: ir.Model
    weights: dict[str, StoredTensor] = field(default_factory=dict)


def model_dims(config: UniXConfig) -> ModelDims:
    """Return what the runtime must know of a config."""
    language = config.language
    return ModelDims(
        image_size=config.vision.image_size,
        image_tokens=config.vision.num_patches,
        hidden_size=language.hidden_size,
        layers=language.num_hidden_layers,
        heads=language.num_attention_heads,
        kv_heads=language.num_key_value_heads,
        head_dim=language.head_dim,
        vocab_size=language.vocab_size,
        latent_channels=config.vae.z_channels,
        latent_size=config.max_latent_size,
        downsample=config.vae.downsample,
        vae_channels=config.vae.ch,
    )


def trace(
    name: str,
    model: UniX,
    read: TensorReader,
    sources: Mapping[str, Source],
    capacity: Dim,
    precision: Precision,
    forms: Mapping[str, Form],
) -> TracedGraph:
    """Trace one graph.

    Args:
        name: One of `graphs_of` the precision.
        model: Made by `make_traceable`, of the dtypes of this graph's form.
        read: Reads a parameter; for the few values that become constants of a graph.
        sources: The name map.
        capacity: Positions of the understanding branch's buffers, or the name of that dim.
        precision: But in float32 the VAE's weights are stored in half, too, and widened in the graph.
        forms: How weights of linears are quantised, by parameter.
    """
    config = model.config
    spec = graph_spec(name, model_dims(config), capacity)
    module = _make_module(name, model, read)
    dtypes = {tensor.name: dtype for tensor, dtype in zip(spec.inputs, _input_dtypes(spec, model), strict=True)}
    arguments = GraphDummyInputGenerator(config, spec, dtypes).arguments()
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            module.eval(),
            arguments,
            dynamo=True,
            opset_version=OPSET,
            dynamic_shapes=_dynamic_shapes(spec),
            custom_translation_table=_TRANSLATIONS,
            verbose=False,
        )
    assert program is not None, "the exporter returns a program when it is given no file"
    graph = TracedGraph(spec, program.model)
    _name_interface(graph)
    _name_weights(graph, model, sources, precision)
    graph.weights = quantise_linears(graph.model.graph, graph.weights, forms, card=name in CARD_GRAPHS)
    _widen_or_round(graph)
    _forget_where_it_was_traced(graph.model)
    return graph


def embedding_table(model: UniX, sources: Mapping[str, Source], precision: Precision) -> StoredTensor:
    """Describe the token embedding table, which no graph holds and the host gathers from."""
    dtype = torch.float32 if precision is Precision.FP32 else torch.float16
    stored = plan_tensor(model, "embed_tokens.weight", sources["embed_tokens.weight"], dtype)
    assert stored.name == EMBEDDING_TABLE
    return stored


def write_graph(graph: TracedGraph, layout: Layout, folder: Path) -> None:
    """Point the graph's weights into the weights file and write it."""
    for name, stored in graph.weights.items():
        value = graph.model.graph.initializers[name]
        assert value.dtype is not None and value.shape is not None  # noqa: PT018 - both are always known
        value.const_value = ir.ExternalTensor(
            WEIGHTS_FILE,
            layout.offsets[name],
            stored.nbytes,
            value.dtype,
            shape=value.shape,
            name=name,
            base_dir=folder,
        )
    ir.save(graph.model, folder / graph.spec.file)


def _make_module(name: str, model: UniX, read: TensorReader) -> nn.Module:
    tokens = model.config.special_tokens
    makers: dict[str, Callable[[], nn.Module]] = {
        VISION: lambda: Vision(model),
        UNDERSTANDING: lambda: Understanding(model),
        CROSS_ATTENTION: lambda: CrossAttention(model),
        DENOISER: lambda: Denoiser(
            model, read("embed_tokens.weight")[[tokens.start_of_image, tokens.end_of_image]].float()[None]
        ),
        VAE_DECODER: lambda: VaeDecoder(model),
    }
    return makers[base_of(name)]()


def _input_dtypes(spec: GraphSpec, model: UniX) -> list[torch.dtype]:
    """Return each input's dtype; keys and values have that of their layer's projections, or float32 throughout."""
    dtypes = []
    for tensor in spec.inputs:
        if tensor.dtype is None and spec.name == UNDERSTANDING_CPU:
            dtypes.append(torch.float32)
        elif tensor.dtype is None:
            layer = int(tensor.name.split(".")[1])
            dtypes.append(model.get_parameter(f"understanding.layers.{layer}.self_attn.{QKV_PACKED}.weight").dtype)
        else:
            dtypes.append({"tensor(float)": torch.float32, "tensor(int64)": torch.int64}.get(tensor.dtype, torch.bool))
    return dtypes


def _dynamic_shapes(spec: GraphSpec) -> tuple[Any, ...]:
    dims = {name: torch.export.Dim(name) for name in SIZES}
    return grouped(
        spec,
        {
            tensor.name: {axis: dims[dim] for axis, dim in enumerate(tensor.shape) if isinstance(dim, str)} or None
            for tensor in spec.inputs
        },
    )


def _name_interface(graph: TracedGraph) -> None:
    """Give inputs and outputs the names and dims of the spec."""
    inner = graph.model.graph
    for values, specs in ((inner.inputs, graph.spec.inputs), (inner.outputs, graph.spec.outputs)):
        assert len(values) == len(specs), f"{graph.spec.name} was traced with another interface"
        for value, tensor in zip(values, specs, strict=True):
            value.name = tensor.name
            value.shape = ir.Shape(tensor.shape)
    inner.name = graph.spec.name


def _name_weights(graph: TracedGraph, model: UniX, sources: Mapping[str, Source], precision: Precision) -> None:
    """Rename parameters to the checkpoint's names, and check that tracing has folded none into a constant."""
    inner = graph.model.graph
    for name, value in list(inner.initializers.items()):
        parameter = name.removeprefix("model.")
        source = sources.get(parts_of(parameter)[0])
        if source is None:
            _check_constant(graph, value)
            continue
        island = is_inside(parameter, STORED_HALF) and model.get_parameter(parameter).ndim > 1
        half = island and precision is not Precision.FP32
        # Bundles of integers are for processors first: what is no linear's weight is as those read it.
        dtype = torch.float16 if half else torch.float32 if precision.is_quantised else None
        stored = plan_tensor(model, parameter, source, dtype)
        inner.initializers.pop(name)
        value.name = stored.name
        inner.initializers[stored.name] = value
        graph.weights[stored.name] = stored


def _widen_or_round(graph: TracedGraph) -> None:
    """Let weights that are stored in another dtype than they are computed with be cast."""
    inner = graph.model.graph
    for name, stored in graph.weights.items():
        weight = inner.initializers[name]
        computed, dtype = weight.dtype, DATA_TYPES[stored.dtype]
        if stored.made is not Made.ROUNDED or computed is dtype:
            continue
        assert computed is not None
        cast = ir.node("Cast", [weight], attributes={"to": computed})
        cast.outputs[0].name = f"{weight.name}.{'float' if computed is ir.DataType.FLOAT else 'half'}"
        cast.outputs[0].shape, cast.outputs[0].dtype = weight.shape, computed
        for node, index in list(weight.uses()):
            if node is not cast:
                node.replace_input_with(index, cast.outputs[0])
        weight.dtype = dtype
        inner.insert_before(inner[0], cast)


def _check_constant(graph: TracedGraph, value: ir.Value) -> None:
    """Refuse a constant made of a weight: the stand-ins are NaN, so whatever is computed from one shows it."""
    constant = value.const_value.numpy() if value.const_value is not None else np.zeros(0)
    folded = np.issubdtype(constant.dtype, np.floating) and not np.isfinite(constant).all()
    assert not folded, f"a weight was folded into {value.name} of {graph.spec.name}"
    assert constant.nbytes <= _INLINE_LIMIT, f"{value.name} of {graph.spec.name} is too large for a constant"


def _forget_where_it_was_traced(model: ir.Model) -> None:
    """Drop stack traces, which name this machine's folders."""
    model.metadata_props.clear()
    model.producer_name, model.producer_version = "unix-edge", None
    model.graph.metadata_props.clear()
    for node in model.graph.all_nodes():
        node.metadata_props.clear()
        node.doc_string = None
        for output in node.outputs:
            output.metadata_props.clear()
    for value in (*model.graph.inputs, *model.graph.initializers.values()):
        value.metadata_props.clear()
        value.doc_string = None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's chatter about its own internals to itself."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
