"""The dims of a UniX checkpoint, read from its config.json and vae/config.yaml."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from unix_edge.errors import CheckpointError
from unix_edge.files import read_regular
from unix_edge.sentences import Sentence

_MAX_BYTES = 1 << 20
"""Of a config file; the release's have a few thousand."""
_MAX_SAID = 100
"""Characters of what is told of a wrong value."""
_MOST = {
    "hidden_size": 1 << 16,
    "intermediate_size": 1 << 18,
    "num_hidden_layers": 256,
    "num_attention_heads": 1024,
    "num_key_value_heads": 1024,
    "vocab_size": 1 << 20,
    "image_size": 4096,
    "max_latent_size": 512,
    "ch": 4096,
    "ch_mult": 64,
    "num_res_blocks": 16,
    "z_channels": 1024,
    "num_groups": 1024,
    "rms_norm_eps": 1.0,
}
"""Far above any model of this kind, and far below what takes memory or hours before the weights are compared."""
_MOST_PATCHES = 1 << 16
_MOST_LEVELS = 8


@dataclass(frozen=True, slots=True)
class VisionConfig:
    """The SigLIP tower; the defaults are SigLIP-L/16-384."""

    hidden_size: int = 1024
    image_size: int = 384
    intermediate_size: int = 4096
    num_attention_heads: int = 16
    num_hidden_layers: int = 24
    patch_size: int = 16

    @property
    def num_patches(self) -> int:
        """Vision embeddings of one image."""
        return (self.image_size // self.patch_size) ** 2


@dataclass(frozen=True, slots=True)
class LanguageConfig:
    """One branch of the decoder; understanding and generation share these dims (paper, section 3.1)."""

    hidden_size: int = 2048
    intermediate_size: int = 5632
    num_hidden_layers: int = 24
    num_attention_heads: int = 16
    num_key_value_heads: int = 16
    vocab_size: int = 102400
    rms_norm_eps: float = 1e-6
    rope_theta: float = 10000.0

    @property
    def head_dim(self) -> int:
        """Width of one attention head."""
        return self.hidden_size // self.num_attention_heads


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """The latent-diffusion autoencoder `kl-f16`."""

    ch: int = 128
    ch_mult: tuple[int, ...] = (1, 1, 2, 2, 4)
    num_res_blocks: int = 2
    z_channels: int = 16
    num_groups: int = 32

    @property
    def downsample(self) -> int:
        """Pixels of one latent's side."""
        return int(2 ** (len(self.ch_mult) - 1))


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """Ids that are fixed numbers in the released code, not looked up by name."""

    bos_token_id: int = 100000
    eos_token_id: int = 100001
    start_of_image: int = 100003
    end_of_image: int = 100580


@dataclass(frozen=True, slots=True)
class UniXConfig:
    """The whole model; the defaults are the 1.5B release."""

    vision: VisionConfig = field(default_factory=VisionConfig)
    language: LanguageConfig = field(default_factory=LanguageConfig)
    vae: VaeConfig = field(default_factory=VaeConfig)
    special_tokens: SpecialTokens = field(default_factory=SpecialTokens)
    max_latent_size: int = 32
    """Side of the latent position table, and so of the largest image in latents."""
    random_weights: bool = False
    """Said by checkpoints that the project makes itself: their words and pictures mean nothing."""
    trained_on: str = ""
    """The only kind of images that it has seen; a bundle's manifest passes it on."""


def read_config(folder: Path) -> UniXConfig:
    """Read a checkpoint's dims, in the spelling of the release or of Janus; absent fields mean the 1.5B values.

    Raises:
        CheckpointError: A file is missing, is no JSON or YAML, or holds a value that cannot be.
    """
    raw = _read_mapping(folder / "config.json", json.loads)
    vae_raw = _read_mapping(folder / "vae" / "config.yaml", _load_yaml)
    with _refusing(folder):
        vision = _mapping(raw.get("vit_config") or raw.get("vision_config"))
        sections = {
            # Janus keeps some of the tower's fields in "params".
            "vision": {**vision, **_mapping(vision.get("params"))},
            "language": raw.get("llm_config") or raw.get("language_config"),
            "vae": _mapping(_mapping(_mapping(vae_raw.get("model")).get("params")).get("ddconfig")),
            "special_tokens": raw.get("special_token_ids"),
        }
        return _build({**raw, **sections})


def config_to_json(config: UniXConfig) -> dict[str, Any]:
    """Return what a bundle's manifest holds of a config: all of it, in what JSON knows."""
    content: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return content


def config_from_json(folder: Path, content: Mapping[str, Any]) -> UniXConfig:
    """Read what `config_to_json` returned; nothing may be absent.

    Raises:
        CheckpointError: It holds a value that cannot be, or not all.
    """
    with _refusing(folder):
        config = _build(content)
    if config_to_json(config) != content:
        raise CheckpointError(folder, Sentence("its manifest holds another config than this program writes"))
    return config


def _build(content: Mapping[str, Any]) -> UniXConfig:
    config = UniXConfig(
        vision=_part(VisionConfig, _mapping(content.get("vision"))),
        language=_part(LanguageConfig, _mapping(content.get("language"))),
        vae=_part(VaeConfig, _mapping(content.get("vae"))),
        special_tokens=_part(SpecialTokens, _mapping(content.get("special_tokens"))),
        max_latent_size=_kind("max_latent_size", content.get("max_latent_size"), int, UniXConfig().max_latent_size),
        random_weights=_kind("random_weights", content.get("random_weights"), bool, False),
        trained_on=_kind("trained_on", content.get("trained_on"), str, ""),
    )
    _check(config)
    return config


@contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    """Turn what a wrong value raises into one sentence."""
    try:
        yield
    except (TypeError, ValueError, OverflowError) as error:
        said = str(error)
        said = said if len(said) <= _MAX_SAID else f"{said[:_MAX_SAID]}..."
        raise CheckpointError(folder, Sentence("its config holds a value that cannot be ({0})", said)) from None


def _read_mapping(path: Path, parse: Any) -> dict[str, Any]:
    try:
        return _mapping(parse(read_regular(path, _MAX_BYTES).decode("utf-8")))
    except FileNotFoundError:
        raise CheckpointError(path.parent, Sentence("{0} is missing", path.name)) from None
    except (ValueError, TypeError, RecursionError, yaml.YAMLError, OSError):
        raise CheckpointError(path, Sentence("it is not a readable config file")) from None


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases and merge keys, by which a few lines become gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)

    def flatten_mapping(self, node: Any) -> None:
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            raise yaml.YAMLError("a merge key")
        super().flatten_mapping(node)


def _load_yaml(text: str) -> Any:
    return _PlainLoader(text).get_single_data()


def _mapping(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError("a section is not a mapping")
    return value


def _part(cls: Any, raw: dict[str, Any]) -> Any:
    """Build one config from the fields that it knows, each turned into the type of its default."""
    known: dict[str, Any] = {}
    for item in fields(cls):
        if raw.get(item.name) is None:
            continue
        value = raw[item.name]
        if isinstance(item.default, tuple):
            if not isinstance(value, list | tuple):
                raise TypeError(f"{item.name} is {value!r}")
            known[item.name] = tuple(_number(item.name, each) for each in value)
        elif isinstance(item.default, float):
            known[item.name] = float(_number(item.name, value, int, float))
        else:
            known[item.name] = _number(item.name, value)
    return cls(**known)


def _number(name: str, value: Any, *kinds: type) -> Any:
    if type(value) not in (kinds or (int,)):
        raise TypeError(f"{name} is {value!r}")
    return value


def _kind(name: str, value: Any, kind: type, default: Any) -> Any:
    if value is None:
        return default
    if type(value) is not kind:
        raise TypeError(f"{name} is {value!r}")
    return value


def _check(config: UniXConfig) -> None:
    """Refuse dims that no model of this kind can have, before anything is allocated from them."""
    language, vision, vae = config.language, config.vision, config.vae
    for part in (language, vision, vae, config):
        for item in fields(part):
            value = getattr(part, item.name)
            for number in value if isinstance(value, tuple) else (value,):
                if type(number) in (int, float) and not 0 < number <= _MOST.get(item.name, 1_000_000):
                    raise ValueError(f"{item.name} is {number}")
    if len(vae.ch_mult) > _MOST_LEVELS or len(config.trained_on) > _MAX_SAID:
        raise ValueError("a list or a text is too long")
    if language.hidden_size % language.num_attention_heads or language.head_dim % 2:
        raise ValueError("hidden_size is no even multiple of num_attention_heads")
    if language.num_attention_heads % language.num_key_value_heads:
        raise ValueError("num_attention_heads is no multiple of num_key_value_heads")
    if vision.hidden_size % vision.num_attention_heads or vision.image_size % vision.patch_size:
        raise ValueError("the vision dims do not divide")
    if vision.num_patches > _MOST_PATCHES:
        raise ValueError(f"an image has {vision.num_patches} patches")
    if any(width * vae.ch % vae.num_groups for width in vae.ch_mult):
        raise ValueError("the VAE's widths are no multiple of num_groups")
    for item in fields(config.special_tokens):
        if not 0 <= getattr(config.special_tokens, item.name) < language.vocab_size:
            raise ValueError(f"{item.name} is outside the vocabulary")
