"""The name map: every tensor of a checkpoint, its shape, and where it goes in the reference path.

Written once as templates; `{i}`, `{j}` and `{k}` stand for the repeated parts. Reading, exporting and the random
checkpoint all use it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .config import UniXConfig

Shape = tuple[int, ...]

QKV = ("q_proj", "k_proj", "v_proj")
"""Linears of a decoder layer that read the same; a bundle has them side by side in this order, as one."""
QKV_PACKED = "qkv_proj"
"""What that one is called."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where one parameter of the reference path comes from."""

    name: str
    """The tensor's name in the checkpoint."""
    shape: Shape
    """The tensor's shape in the checkpoint."""
    part: int | None = None
    """Of a fused q, k, v tensor, which third of its rows; None: all of it."""
    packed: str = ""
    """The bundle's tensor that holds it beside others; empty: it has one of its own."""
    first: int = 0
    """Which of that tensor's outputs is its first."""

    @property
    def stored_name(self) -> str:
        """The tensor's name in a bundle, where the thirds of a fused tensor stand apart."""
        if self.packed:
            return self.packed
        return self.name if self.part is None else f"{self.name}.{'qkv'[self.part]}"


def parts_of(parameter: str) -> tuple[str, ...]:
    """Return which parameters of the reference path a bundle's graphs have as this one, in their order."""
    owner, packed, attribute = parameter.partition(f".{QKV_PACKED}.")
    return tuple(f"{owner}.{each}.{attribute}" for each in QKV) if packed else (parameter,)


def packed_with(linear: str) -> tuple[str, ...]:
    """Return the linears of the reference path that a bundle's graphs compute as one with this one, itself too."""
    owner, _, last = linear.rpartition(".")
    packed = last in QKV and owner.startswith(("understanding.", "generation."))
    return tuple(f"{owner}.{each}" for each in QKV) if packed else (linear,)


def model_names(config: UniXConfig) -> dict[str, Source]:
    """Map the reference path's parameters, without the VAE's, to tensors of model.safetensors."""
    language, vision = config.language, config.vision
    hidden, channels = language.hidden_size, config.vae.z_channels
    prefix = "language_model.model"
    names = {
        "embed_tokens.weight": Source(f"{prefix}.embed_tokens.weight", (language.vocab_size, hidden)),
        "lm_head.weight": Source("language_model.lm_head.weight", (language.vocab_size, hidden)),
        "latent_pos_embed.weight": Source("latent_pos_embed.pos_embed", (config.max_latent_size**2, hidden)),
        **_linear("vae2llm", "vae2llm", channels, hidden),
        **_linear("llm2vae", "llm2vae", hidden, channels),
        **_linear("time_embedder.mlp.0", "time_embedder.mlp.0", 256, hidden),
        **_linear("time_embedder.mlp.2", "time_embedder.mlp.2", hidden, hidden),
        **_linear("vision.connector.0", "connector.layers.0", vision.hidden_size, hidden),
        **_linear("vision.connector.2", "connector.layers.2", hidden, hidden),
    }
    for branch, suffix in (("understanding", ""), ("generation", "_moe_gen")):
        names[f"{branch}.norm.weight"] = Source(f"{prefix}.norm{suffix}.weight", (hidden,))
        for i in range(language.num_hidden_layers):
            names |= _decoder_layer(config, f"{branch}.layers.{i}", f"{prefix}.layers.{i}", suffix)
    return names | _vision_tower(config)


def unused_names(config: UniXConfig) -> dict[str, Shape]:
    """Return the tensors of model.safetensors that the released code never reads."""
    width, hidden, inner = (
        config.vision.hidden_size,
        config.language.hidden_size,
        config.vision.intermediate_size,
    )
    pool = "vit_model.vision_tower.attn_pool"
    linears = {
        **_linear("", f"{pool}.q", width, width),
        **_linear("kv", f"{pool}.kv", width, 2 * width),
        **_linear("proj", f"{pool}.proj", width, width),
        **_linear("fc1", f"{pool}.mlp.fc1", width, inner),
        **_linear("fc2", f"{pool}.mlp.fc2", inner, width),
        **_norm("norm", f"{pool}.norm", width),
    }
    return {
        "vit_pos_embed.pos_embed": (config.vision.num_patches, hidden),
        f"{pool}.latent": (1, 1, width),
        **{source.name: source.shape for source in linears.values()},
    }


def _decoder_layer(config: UniXConfig, ours: str, theirs: str, suffix: str) -> dict[str, Source]:
    language = config.language
    hidden, inner = language.hidden_size, language.intermediate_size
    kv_width = language.num_key_value_heads * language.head_dim
    names: dict[str, Source] = {}
    for norm in ("input_layernorm", "post_attention_layernorm"):
        names[f"{ours}.{norm}.weight"] = Source(f"{theirs}.{norm}{suffix}.weight", (hidden,))
    attn = f"{ours}.self_attn"
    for norm in ("q_norm", "k_norm"):
        names[f"{attn}.{norm}.weight"] = Source(f"{theirs}.self_attn.{norm}{suffix}.weight", (language.head_dim,))
    first = 0
    for linear, width in zip(QKV, (hidden, kv_width, kv_width), strict=True):
        for ours_too, source in _linear(
            f"{attn}.{linear}", f"{theirs}.self_attn.{linear}{suffix}", hidden, width
        ).items():
            packed = f"{theirs}.self_attn.{QKV_PACKED}{suffix}.{ours_too.rpartition('.')[2]}"
            names[ours_too] = replace(source, packed=packed, first=first)
        first += width
    names[f"{attn}.o_proj.weight"] = Source(f"{theirs}.self_attn.o_proj{suffix}.weight", (hidden, hidden))
    for linear, shape in (
        ("gate_proj", (inner, hidden)),
        ("up_proj", (inner, hidden)),
        ("down_proj", (hidden, inner)),
    ):
        names[f"{ours}.mlp.{linear}.weight"] = Source(f"{theirs}.mlp{suffix}.{linear}.weight", shape)
    return names


def _vision_tower(config: UniXConfig) -> dict[str, Source]:
    vision = config.vision
    width, patch, inner = vision.hidden_size, vision.patch_size, vision.intermediate_size
    ours, theirs = "vision.tower", "vit_model.vision_tower"
    names = {
        f"{ours}.embeddings.patch_embedding.weight": Source(
            f"{theirs}.patch_embed.proj.weight", (width, 3, patch, patch)
        ),
        f"{ours}.embeddings.patch_embedding.bias": Source(f"{theirs}.patch_embed.proj.bias", (width,)),
        f"{ours}.embeddings.position_embedding.weight": Source(f"{theirs}.pos_embed", (1, vision.num_patches, width)),
        **_norm(f"{ours}.post_layernorm", f"{theirs}.norm", width),
    }
    for i in range(vision.num_hidden_layers):
        layer, block = f"{ours}.encoder.layers.{i}", f"{theirs}.blocks.{i}"
        names |= _norm(f"{layer}.layer_norm1", f"{block}.norm1", width)
        names |= _norm(f"{layer}.layer_norm2", f"{block}.norm2", width)
        names |= _linear(f"{layer}.self_attn.out_proj", f"{block}.attn.proj", width, width)
        names |= _linear(f"{layer}.mlp.fc1", f"{block}.mlp.fc1", width, inner)
        names |= _linear(f"{layer}.mlp.fc2", f"{block}.mlp.fc2", inner, width)
        for part, linear in enumerate(("q_proj", "k_proj", "v_proj")):
            fused = _linear(f"{layer}.self_attn.{linear}", f"{block}.attn.qkv", width, 3 * width)
            names |= {key: Source(source.name, source.shape, part) for key, source in fused.items()}
    return names


def vae_names(config: UniXConfig) -> dict[str, Source]:
    """Map diffusers' AutoencoderKL parameters to the tensors of the latent-diffusion checkpoint."""
    vae = config.vae
    widths = [vae.ch * width for width in vae.ch_mult]
    top, z = len(widths) - 1, vae.z_channels
    names = {
        **_conv("quant_conv", "quant_conv", 2 * z, 2 * z, 1),
        **_conv("post_quant_conv", "post_quant_conv", z, z, 1),
        **_conv("encoder.conv_in", "encoder.conv_in", 3, widths[0], 3),
        **_conv("encoder.conv_out", "encoder.conv_out", widths[-1], 2 * z, 3),
        **_norm("encoder.conv_norm_out", "encoder.norm_out", widths[-1]),
        **_conv("decoder.conv_in", "decoder.conv_in", z, widths[-1], 3),
        **_conv("decoder.conv_out", "decoder.conv_out", widths[0], 3, 3),
        **_norm("decoder.conv_norm_out", "decoder.norm_out", widths[0]),
    }
    for side in ("encoder", "decoder"):
        ours, theirs, width = f"{side}.mid_block", f"{side}.mid", widths[-1]
        names |= _resnet(f"{ours}.resnets.0", f"{theirs}.block_1", width, width)
        names |= _vae_attention(f"{ours}.attentions.0", f"{theirs}.attn_1", width)
        names |= _resnet(f"{ours}.resnets.1", f"{theirs}.block_2", width, width)
    for level, width in enumerate(widths):
        ours, theirs = f"encoder.down_blocks.{level}", f"encoder.down.{level}"
        entering = widths[max(level - 1, 0)]
        names |= _vae_level(ours, theirs, entering, width, vae.num_res_blocks, attention=level == top)
        if level < top:
            names |= _conv(f"{ours}.downsamplers.0.conv", f"{theirs}.downsample.conv", width, width, 3)
        # The decoder's levels are numbered from its output in the checkpoint, from its input in diffusers.
        ours, theirs = f"decoder.up_blocks.{top - level}", f"decoder.up.{level}"
        entering = widths[min(level + 1, top)]
        names |= _vae_level(ours, theirs, entering, width, vae.num_res_blocks + 1, attention=level == top)
        if level > 0:
            names |= _conv(f"{ours}.upsamplers.0.conv", f"{theirs}.upsample.conv", width, width, 3)
    return {f"vae.{key}": source for key, source in names.items()}


def _vae_level(ours: str, theirs: str, entering: int, width: int, blocks: int, *, attention: bool) -> dict[str, Source]:
    names: dict[str, Source] = {}
    for j in range(blocks):
        names |= _resnet(f"{ours}.resnets.{j}", f"{theirs}.block.{j}", entering if j == 0 else width, width)
        if attention:
            names |= _vae_attention(f"{ours}.attentions.{j}", f"{theirs}.attn.{j}", width)
    return names


def _resnet(ours: str, theirs: str, entering: int, width: int) -> dict[str, Source]:
    names = {
        **_norm(f"{ours}.norm1", f"{theirs}.norm1", entering),
        **_conv(f"{ours}.conv1", f"{theirs}.conv1", entering, width, 3),
        **_norm(f"{ours}.norm2", f"{theirs}.norm2", width),
        **_conv(f"{ours}.conv2", f"{theirs}.conv2", width, width, 3),
    }
    if entering != width:
        names |= _conv(f"{ours}.conv_shortcut", f"{theirs}.nin_shortcut", entering, width, 1)
    return names


def _vae_attention(ours: str, theirs: str, width: int) -> dict[str, Source]:
    """Map one attention; the checkpoint's 1x1 convolutions are linears in diffusers."""
    names = _norm(f"{ours}.group_norm", f"{theirs}.norm", width)
    for linear, conv in (("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "proj_out")):
        names |= _conv(f"{ours}.{linear}", f"{theirs}.{conv}", width, width, 1)
    return names


def _linear(ours: str, theirs: str, entering: int, width: int) -> dict[str, Source]:
    return {
        f"{ours}.weight": Source(f"{theirs}.weight", (width, entering)),
        f"{ours}.bias": Source(f"{theirs}.bias", (width,)),
    }


def _conv(ours: str, theirs: str, entering: int, width: int, kernel: int) -> dict[str, Source]:
    return {
        f"{ours}.weight": Source(f"{theirs}.weight", (width, entering, kernel, kernel)),
        f"{ours}.bias": Source(f"{theirs}.bias", (width,)),
    }


def _norm(ours: str, theirs: str, width: int) -> dict[str, Source]:
    return {
        f"{ours}.weight": Source(f"{theirs}.weight", (width,)),
        f"{ours}.bias": Source(f"{theirs}.bias", (width,)),
    }


def checkpoint_shapes(config: UniXConfig) -> dict[str, Shape]:
    """Return every tensor of model.safetensors, the unused ones included."""
    return {source.name: source.shape for source in model_names(config).values()} | unused_names(config)


def iterate_sources(config: UniXConfig) -> Iterator[tuple[str, Source]]:
    """Yield every parameter of the reference path, the VAE's included, with its source."""
    yield from model_names(config).items()
    yield from vae_names(config).items()
