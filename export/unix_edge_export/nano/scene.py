"""What every stage is made from."""

from dataclasses import dataclass
from pathlib import Path

import torch

from unix_edge.text import Text

from .config import Recipe
from .phantoms import Phantoms, Workers
from .training import Show


@dataclass(frozen=True, slots=True)
class Scene:
    """A recipe, its words and phantoms, and where all of it happens."""

    recipe: Recipe
    out: Path
    """Folder of everything that is made."""
    text: Text
    phantoms: Phantoms
    validation: Phantoms
    workers: Workers
    device: torch.device
    show: Show
