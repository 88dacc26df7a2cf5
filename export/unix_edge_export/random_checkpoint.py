"""A seeded random checkpoint in the release's layout: what everything runs on until there are trained weights."""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
import yaml
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor

from .reference.checkpoint import VAE_WEIGHTS, WEIGHTS
from .reference.config import LanguageConfig, SpecialTokens, UniXConfig, VaeConfig, VisionConfig
from .reference.names import Shape, checkpoint_shapes, vae_names
from .weights import Progress, StoredTensor, lay_out, write_weights

RELEASE = UniXConfig()
"""The dims of the 1.5B release."""

TINY = UniXConfig(
    vision=VisionConfig(64, 96, 256, 4, 3, 16),
    language=LanguageConfig(128, 352, 4, 4, 2, 704),
    vae=VaeConfig(ch=32),
    special_tokens=SpecialTokens(600, 601, 603, 680),
    max_latent_size=8,
)
"""Small enough to be exported in a minute on two cores."""

LEAST = replace(
    TINY,
    vision=replace(TINY.vision, num_hidden_layers=1),
    language=replace(TINY.language, num_hidden_layers=1),
    vae=VaeConfig(ch=16, ch_mult=(1, 2), num_res_blocks=1, z_channels=8, num_groups=4),
)
"""One layer of each, which is traced soonest; dims in which nothing is the release's by chance."""

_SENTENCES = (
    "FINDINGS: The heart is normal in size. The lungs are clear without focal consolidation.",
    "IMPRESSION: No acute cardiopulmonary process.",
    "Moderate left pleural effusion with adjacent atelectasis. Mild cardiomegaly.",
    "There is no pneumothorax. The mediastinal contours are unremarkable.",
    "Provide the FINDINGS and IMPRESSION for this chest X-ray.",
)


def write_random_checkpoint(
    folder: Path,
    config: UniXConfig = TINY,
    *,
    seed: int = 0,
    dtype: torch.dtype = torch.bfloat16,
    progress: Progress = lambda what, done: None,
) -> None:
    """Write a checkpoint of random weights; the same seed and dims give the same file.

    Args:
        folder: An empty folder.
        config: Its dims; a vocabulary other than the release's keeps its special tokens above 600.
        seed: Of the weights.
        dtype: Of model.safetensors.
        progress: Told how far it is.
    """
    (folder / "vae").mkdir()
    stored = [StoredTensor(name, name, shape, dtype) for name, shape in checkpoint_shapes(config).items()]
    shapes = {tensor.name: tensor.shape for tensor in stored}
    write_weights(lay_out(stored), lambda name: random_tensor(name, shapes[name], seed), folder / WEIGHTS, progress)
    vae = {source.name: random_tensor(source.name, source.shape, seed).half() for source in vae_names(config).values()}
    torch.save({"state_dict": vae}, folder / VAE_WEIGHTS)
    write_config(folder, replace(config, random_weights=True))
    write_tokenizer(folder, config.special_tokens)


def random_tensor(name: str, shape: Shape, seed: int) -> Tensor:
    """Draw one tensor: weights that keep the variance of what they are given, norms about 1, small biases."""
    generator = torch.Generator().manual_seed((seed << 32) + zlib.crc32(name.encode()))
    values = torch.randn(shape, generator=generator)
    if len(shape) == 1:
        return (1 if "norm" in name and name.endswith("weight") else 0) + 0.1 * values
    if "embed" in name and "patch" not in name:
        return values * 0.5
    return values * math.prod(shape[1:]) ** -0.5


def write_config(folder: Path, config: UniXConfig) -> None:
    """Write config.json and vae/config.yaml of a checkpoint; the folder of the VAE is there."""
    dims = {
        "model_type": "unix",
        **({"random_weights": True} if config.random_weights else {}),
        **({"trained_on": config.trained_on} if config.trained_on else {}),
        "max_latent_size": config.max_latent_size,
        "llm_config": asdict(config.language),
        "vit_config": asdict(config.vision),
        "special_token_ids": asdict(config.special_tokens),
    }
    (folder / "config.json").write_text(json.dumps(dims, indent=1), "utf-8")
    ddconfig = {**asdict(config.vae), "ch_mult": list(config.vae.ch_mult)}
    (folder / "vae" / "config.yaml").write_text(yaml.safe_dump({"model": {"params": {"ddconfig": ddconfig}}}), "utf-8")


def write_tokenizer(
    folder: Path, tokens: SpecialTokens, sentences: Sequence[str] = _SENTENCES, vocabulary: int = 600
) -> None:
    """Train a byte-level BPE on sentences; ids from `vocabulary` on are special or reserved."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, initial_alphabet=sorted(alphabet), show_progress=False)
    tokenizer.train_from_iterator(sentences, trainer)
    # The trainer may stop early; names without meaning fill the ids up to the special ones.
    names = {tokens.bos_token_id: "<|bos|>", tokens.eos_token_id: "<|eos|>"}
    names |= {tokens.start_of_image: "<|start_of_image|>", tokens.end_of_image: "<|end_of_image|>"}
    last = max(names) if max(names) < 10_000 else tokenizer.get_vocab_size()
    filling = [names.get(i, f"<|reserved_{i}|>") for i in range(tokenizer.get_vocab_size(), last + 1)]
    tokenizer.add_special_tokens([AddedToken(name, normalized=False, special=True) for name in filling])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"add_bos_token": True, "bos_token": "<|bos|>", "eos_token": "<|eos|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1), "utf-8")
    (folder / "special_tokens_map.json").write_text(
        json.dumps({"bos_token": "<|bos|>", "eos_token": "<|eos|>"}), "utf-8"
    )
