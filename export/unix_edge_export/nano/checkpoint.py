"""What the stages left, put together as a checkpoint in the release's layout; and the model that ships, read back."""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from torch import Tensor

from unix_edge.bundle import EMBEDDED
from unix_edge.files import folder_written_aside, write_atomically
from unix_edge.tokenizer_files import TOKENIZER_FILES

from ..random_checkpoint import write_config
from ..reference.checkpoint import VAE_WEIGHTS, WEIGHTS, BundledCheckpoint, load_reference
from ..reference.config import UniXConfig
from ..reference.model import UniX
from ..reference.names import checkpoint_shapes, model_names, vae_names
from ..reference.vae import make_vae
from ..weights import StoredTensor, lay_out, write_weights

ENCODER = Path(__file__).parent / "vae_encoder.safetensors"
"""The half of the shipped model's VAE that its bundle leaves out: only training and measuring need it."""
_ENCODER_PARTS = ("vae.encoder.", "vae.quant_conv.")


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


def write_encoder(parameters: Mapping[str, Tensor], path: Path) -> None:
    """Write the VAE's encoder in float16, aside and renamed."""
    kept = {
        name: value.detach().half().cpu().contiguous()
        for name, value in parameters.items()
        if name.startswith(_ENCODER_PARTS)
    }
    write_atomically(path, save(kept))


def load_shipped() -> UniX:
    """Load the model that comes with the program in float32, with its VAE's encoder."""
    checkpoint = BundledCheckpoint(EMBEDDED)
    model = load_reference(checkpoint)
    encoder = {name.removeprefix("vae."): value.float() for name, value in load_file(ENCODER).items()}
    vae = make_vae(checkpoint.config.vae)
    vae.load_state_dict(model.vae.state_dict() | encoder)
    model.vae = vae.eval().requires_grad_(requires_grad=False)
    return model
