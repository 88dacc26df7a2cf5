"""What the stages left, put together as a checkpoint in the release's layout."""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from unix_edge.files import folder_written_aside

from ..random_checkpoint import write_config
from ..reference.checkpoint import TOKENIZER_FILES, VAE_WEIGHTS, WEIGHTS
from ..reference.config import UniXConfig
from ..reference.names import checkpoint_shapes, model_names, vae_names
from ..weights import StoredTensor, lay_out, write_weights


def write_checkpoint(parameters: Mapping[str, Tensor], config: UniXConfig, tokenizer: Path, target: Path) -> None:
    """Write a checkpoint folder, weights in float16; one that stood there is replaced once the new one is whole.

    Args:
        parameters: Of the reference path, by name.
        config: Its dims.
        tokenizer: Folder of the tokenizer's files.
        target: The checkpoint's folder.
    """
    parts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for parameter, source in model_names(config).items():
        parts[source.name].append((source.part or 0, parameter))
    shapes = checkpoint_shapes(config)

    parameters = {name: value.detach().float().cpu() for name, value in parameters.items()}

    def read(name: str) -> Tensor:
        """Return a tensor of the checkpoint: q, k and v fused again, what nobody reads as zeros."""
        if name not in parts:
            return torch.zeros(shapes[name])
        return torch.cat([parameters[parameter] for _, parameter in sorted(parts[name])]).reshape(shapes[name])

    stored = [StoredTensor(name, name, shape, torch.float16) for name, shape in shapes.items()]
    with folder_written_aside(target) as staging:
        (staging / "vae").mkdir()
        _, overflowed = write_weights(lay_out(stored), read, staging / WEIGHTS, lambda what, done: None)
        assert not overflowed, overflowed
        vae = {
            source.name: parameters[parameter].reshape(source.shape).half().contiguous()
            for parameter, source in vae_names(config).items()
        }
        torch.save({"state_dict": vae}, staging / VAE_WEIGHTS)
        write_config(staging, config)
        for name in TOKENIZER_FILES:
            shutil.copyfile(tokenizer / name, staging / name)
