"""The graphs of a bundle and the names of their tensors, written once.

Export names its graphs from here; the runtime checks what it opens against the same table.
Shapes hold numbers and the names of dynamic dims: B batch, S tokens, C rows of the key and value buffers (on cards a
fixed number), P context tokens, N latents, H and W latent rows and columns. Key and value dtypes are the graph's own (a
layer may be kept in float32, and `understanding_cpu` keeps all of them so), so none is given.
A bundle suits processors and cards alike: what suits the one kind less stands beside in a form of its own, `_cpu` in
fp16 bundles, `_card` in those of integers.
"""

from dataclasses import dataclass

Dim = int | str


@dataclass(frozen=True, slots=True)
class ModelDims:
    """What the runtime must know of the model."""

    image_size: int
    """Side of the square that the vision encoder reads, in pixels."""
    image_tokens: int
    """Vision embeddings of one image."""
    hidden_size: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab_size: int
    latent_channels: int
    latent_size: int
    """Side of the largest image, in latents."""
    downsample: int
    """Pixels of one latent's side."""
    vae_channels: int
    """Of the VAE's layers that are as wide as the picture, where it wants most memory."""

    @property
    def picture_size(self) -> int:
        """Side of the largest picture, in pixels."""
        return self.latent_size * self.downsample


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output of a graph."""

    name: str
    shape: tuple[Dim, ...]
    dtype: str | None = None
    """As ONNX Runtime spells it; None: float16 or float32, whichever the graph has."""


@dataclass(frozen=True, slots=True)
class GraphSpec:
    """One graph of a bundle."""

    name: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]

    @property
    def file(self) -> str:
        """The graph's file in a bundle."""
        return f"{self.name}.onnx"


VISION = "vision"
UNDERSTANDING = "understanding"
CROSS_ATTENTION = "cross_attention"
DENOISER = "denoiser"
VAE_DECODER = "vae_decoder"
GRAPHS = (VISION, UNDERSTANDING, CROSS_ATTENTION, DENOISER, VAE_DECODER)
"""Of every bundle."""
UNDERSTANDING_CPU = "understanding_cpu"
"""What processors run in place of `UNDERSTANDING` in fp16 bundles: the same, but keys and values are float32.

For attention in half ONNX Runtime widens all keys and values anew, once for each head.
"""
CARD_GRAPHS = tuple(f"{graph}_card" for graph in (VISION, UNDERSTANDING, CROSS_ATTENTION, DENOISER))
"""What cards run in bundles of integers: whatever reads and is read by a linear is float16, and weights are widened as
they are read. A card has no product of integers with a scale for each row."""

WEIGHTS_FILE = "weights.safetensors"
"""Every graph's weights, once, under the checkpoint's names (docs/bundle.md)."""
EMBEDDING_TABLE = "language_model.model.embed_tokens.weight"
CONTEXT_BUCKETS = (64, 128, 256, 512)
"""Lengths to which a prompt's context is padded, so that engines see few shapes."""

_FLOAT, _INT = "tensor(float)", "tensor(int64)"


def key_values(prefix: str, dims: ModelDims, rows: tuple[Dim, ...]) -> tuple[TensorSpec, ...]:
    """Return keys and values of every layer, (*rows, KV heads * D), named as optimum names them."""
    shape = (*rows, dims.kv_heads * dims.head_dim)
    return tuple(
        TensorSpec(f"{prefix}.{layer}.{kind}", shape) for layer in range(dims.layers) for kind in ("key", "value")
    )


BUFFER_ROWS = "C"
"""The dim of buffers that grow."""
QUANTISED_PRECISIONS = ("int8", "int4")
"""Those whose linears have integers for weights."""


def graphs_of(precision: str) -> tuple[str, ...]:
    """Return the graphs of a bundle of a precision."""
    if precision in QUANTISED_PRECISIONS:
        return (*GRAPHS, *CARD_GRAPHS)
    return (*GRAPHS, UNDERSTANDING_CPU) if precision == "fp16" else GRAPHS


def form_of(graph: str, precision: str, *, card: bool) -> str:
    """Return which graph of a bundle a card, or a processor, runs as one of `GRAPHS`."""
    own = f"{graph}_{'card' if card else 'cpu'}"
    return own if own in graphs_of(precision) else graph


def base_of(form: str) -> str:
    """Return which of `GRAPHS` a graph of a bundle is a form of."""
    return form.removesuffix("_card").removesuffix("_cpu")


def buffer_rows(graph: str, precision: str, capacity: int) -> Dim:
    """Return the rows of a graph's key and value buffers: they grow where only processors run it."""
    grow = graph == UNDERSTANDING_CPU or (precision in QUANTISED_PRECISIONS and graph not in CARD_GRAPHS)
    return BUFFER_ROWS if grow else capacity


def graph_spec(name: str, dims: ModelDims, rows: Dim) -> GraphSpec:
    """Return the interface of a graph.

    Args:
        name: One of `GRAPHS`, `CARD_GRAPHS`, or `UNDERSTANDING_CPU`.
        dims: The model's dims.
        rows: Of the understanding branch's key and value buffers, as `buffer_rows` gives them.
    """
    channels, hidden = dims.latent_channels, dims.hidden_size
    buffer: tuple[Dim, ...] = (1, 1, rows)  # TensorRT's TensorScatter wants four dims, the last but one its rows
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    match base_of(name):
        case "vision":
            inputs = (TensorSpec("pixel_values", (1, 3, dims.image_size, dims.image_size), _FLOAT),)
            outputs = (TensorSpec("image_embeddings", (1, dims.image_tokens, hidden), _FLOAT),)
        case "understanding":
            inputs = (
                TensorSpec("embeddings", (1, "S", hidden), _FLOAT),
                TensorSpec("positions", (1, "S"), _INT),
                TensorSpec("write_index", (1,), _INT),
                TensorSpec("limits", (1, "S"), _INT),
                *key_values("past_key_values", dims, buffer),
            )
            outputs = (
                TensorSpec("logits", (1, dims.vocab_size), _FLOAT),
                *key_values("present", dims, buffer),
            )
        case "cross_attention":
            inputs = (
                TensorSpec("embeddings", (1, "P", hidden), _FLOAT),
                TensorSpec("positions", (1, "P"), _INT),
            )
            outputs = key_values("context", dims, (1, "P"))
        case "denoiser":
            inputs = (
                TensorSpec("latents", ("B", "N", channels), _FLOAT),
                TensorSpec("latent_positions", ("N",), _INT),
                TensorSpec("timestep", ("B",), _FLOAT),
                TensorSpec("position", ("B",), _INT),
                TensorSpec("visible", ("B",), _INT),
                *key_values("context", dims, ("B", "P")),
            )
            outputs = (TensorSpec("velocity", ("B", "N", channels), _FLOAT),)
        case "vae_decoder":
            inputs = (TensorSpec("latents", (1, channels, "H", "W"), _FLOAT),)
            outputs = (TensorSpec("pixels", (1, 3, "height", "width"), _FLOAT),)
        case _:
            raise KeyError(name)
    return GraphSpec(name, inputs, outputs)


def dynamic_ranges(graph: str, dims: ModelDims) -> dict[str, tuple[int, int, int]]:
    """Return the smallest, the usual and the largest value of each dynamic dim of a graph."""
    block = dims.image_tokens + 2
    tokens, side = dims.latent_size**2, dims.latent_size
    context = (1, CONTEXT_BUCKETS[0], CONTEXT_BUCKETS[-1])
    return {
        "B": (1, 2, 2),
        "S": (1, 1, max(block, 640)),
        "P": context if graph == CROSS_ATTENTION else (CONTEXT_BUCKETS[0], *context[1:]),
        "N": (1, tokens, tokens),
        "H": (1, side, side),
        "W": (1, side, side),
    }
