"""Auxiliary heads: what the tower and the understanding branch are asked beside the report, and what is dropped."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from unix_edge.findings import LABELS, Side

from ..reference.config import UniXConfig
from .phantoms import Record

NAMES = tuple(label.value for label in LABELS)


class Heads(nn.Module):
    """Three linear questions: what holds, where it is to be seen, and what is about to be said."""

    def __init__(self, config: UniXConfig, records: Sequence[Record]) -> None:
        super().__init__()
        vision, hidden = config.vision, config.language.hidden_size
        # Reads every patch by its place: from a mean over the patches the tower learnt nothing in hundreds of steps.
        self.labels = nn.Linear(vision.num_patches * vision.hidden_size, 3 * len(NAMES))
        # A hundred answers an image instead of a few.
        self.places = nn.Linear(vision.hidden_size, len(NAMES))
        # Before the last layers, so that they word what is known, and at every token, so that it is not forgotten.
        self.plan = nn.Linear(hidden, 3 * len(NAMES))
        prior = label_targets(records)[0].mean(dim=0).clamp(0.005, 0.995).logit()
        for head in (self.labels, self.places, self.plan):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        for head in (self.labels, self.plan):
            head.bias.data[: len(NAMES)] = prior
        nn.init.constant_(self.places.bias, -4.5)

    def label_logits(self, features: Tensor) -> Tensor:
        """Read the tower's features (B, patches, D): labels, then left and right of each (B, 3 * 14)."""
        logits: Tensor = self.labels(features.flatten(1) * features.shape[1] ** -0.5)
        return logits.float()

    def place_loss(self, features: Tensor, covered: Tensor) -> Tensor:
        """Compare with how much of each patch each label covers: (B, 14, side, side), 0..1."""
        # A line covers little of a patch and is to be seen all the same.
        targets = covered.sqrt().flatten(2).transpose(1, 2)
        return F.binary_cross_entropy_with_logits(self.places(features).float(), targets)

    def plan_logits(self, hidden: Tensor) -> Tensor:
        """Read hidden states within the branch (B, hidden), whatever their length, as `label_logits`."""
        logits: Tensor = self.plan(F.rms_norm(hidden.float(), hidden.shape[-1:]))
        return logits.float()


def label_loss(logits: Tensor, records: Sequence[Record]) -> Tensor:
    """Compare the logits of `Heads` with what is true."""
    of_labels, of_sides = logits[:, : len(NAMES)], logits[:, len(NAMES) :].unflatten(1, (len(NAMES), 2))
    holds, sides, sided = (each.to(logits.device) for each in label_targets(records))
    loss = F.binary_cross_entropy_with_logits(of_labels, holds)
    by_side = F.binary_cross_entropy_with_logits(of_sides, sides, reduction="none").mean(dim=-1)
    return 4 * loss + (by_side * sided).sum() / sided.sum().clamp(min=1)


def label_targets(records: Sequence[Record]) -> tuple[Tensor, Tensor, Tensor]:
    """Return which labels hold (B, 14), on which sides (B, 14, 2), and which have a side (B, 14)."""
    holds, sides = np.zeros((len(records), len(NAMES)), np.float32), np.zeros((len(records), len(NAMES), 2), np.float32)
    for row, record in enumerate(records):
        for name, side in record.labels.items():
            holds[row, NAMES.index(name)] = 1
            sides[row, NAMES.index(name)] = side in (Side.LEFT, Side.BOTH), side in (Side.RIGHT, Side.BOTH)
    return torch.from_numpy(holds), torch.from_numpy(sides), torch.from_numpy(sides.max(axis=-1))
