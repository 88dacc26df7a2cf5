"""The measuring stick: a small network that reads labels from pictures, trained on phantoms only; and two toys.

Nothing of UniX is in it, and its phantoms are not UniX's. A toy is what must not do well, or the task is too easy.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from quality_data import CLASSIFIER, SIZE, Labels, Phantoms, Pictures, compute_phantoms
from torch import Tensor, nn
from torch.nn import functional as F

from unix_edge.findings import LABELS, MIDLINE, Label, Side
from unix_edge.phantom import VERSION
from unix_edge_export.finding_counts import Floats, count, figures
from unix_edge_export.nano.training import bfloat16

FEATURES = 64
_VALIDATION = 0.12
_BATCH = 48
_RATE = 2e-3
_SHIFT = 6
"""Pixels by which a picture is moved at most when learnt."""


class Block(nn.Module):
    """Halve the picture, then two convolutions around which it also passes."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.down = nn.Sequential(_convolution(inputs, outputs, 2), nn.ReLU(inplace=True))
        self.around = nn.Sequential(
            _convolution(outputs, outputs), nn.ReLU(inplace=True), _convolution(outputs, outputs)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, inputs, S, S) to (B, outputs, S / 2, S / 2)."""
        x = self.down(x)
        return F.relu(x + self.around(x))


def _convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs))


class Network(nn.Module):
    """Gray pictures to logits: of each label, and of its left and its right."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 16, 5, 2, 2, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)
        )  # 96 pixels
        self.blocks = nn.Sequential(Block(16, 32), Block(32, 64), Block(64, 96), Block(96, 96))  # 6 pixels
        self.dropout = nn.Dropout(0.3)
        self.features = nn.Linear(96 * 36, FEATURES)
        self.logits = nn.Linear(FEATURES, 3 * len(LABELS))

    def forward(self, gray: Tensor) -> tuple[Tensor, Tensor]:
        """Map (B, SIZE, SIZE) of 0..1 to logits (B, 3 * labels) and features (B, FEATURES)."""
        x = torch.stack([(gray - 0.5) * 4, *_places(gray)], dim=1).contiguous(memory_format=torch.channels_last)
        features = F.relu(self.features(self.dropout(self.blocks(self.stem(x)).flatten(1))))
        return self.logits(features).float(), features.float()


def _places(gray: Tensor) -> tuple[Tensor, Tensor]:
    """Return where each pixel is, -1 to 1, down and across."""
    line = torch.linspace(-1, 1, gray.shape[-1], device=gray.device)
    return line[:, None].expand_as(gray), line.expand_as(gray)


@dataclass(frozen=True, slots=True)
class Classifier:
    """The trained network and how it is read."""

    network: Network
    thresholds: Floats
    """Of each label's probability."""
    validation: dict[str, float]
    """Figures on the split on which the thresholds were chosen."""
    seconds: float
    """Training took, phantoms aside."""

    def read(self, pixels: Pictures) -> tuple[list[Labels], Floats]:
        """Return what pictures show, and their features (n, FEATURES)."""
        logits, features = _evaluate(self.network, pixels)
        return to_labels(logits, self.thresholds), features


def to_labels(logits: Floats, thresholds: Floats) -> list[Labels]:
    """Read labels and sides from logits (n, 3 * labels)."""
    present = _chances(logits) > thresholds
    sides = logits[:, len(LABELS) :].reshape(-1, len(LABELS), 2)
    return [
        {label: _side(label, *sides[row, index]) for index, label in enumerate(LABELS) if present[row, index]}
        for row in range(len(logits))
    ]


def _chances(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits[:, : len(LABELS)])))


def _side(label: Label, left: float, right: float) -> Side | None:
    if label in MIDLINE or (label is Label.SUPPORT_DEVICES and max(left, right) <= 0):
        return None
    if min(left, right) > 0:
        return Side.BOTH
    return Side.LEFT if left > right else Side.RIGHT


def load_classifier(folder: Path, phantoms: int, epochs: int) -> Classifier:
    """Return the classifier, training it on the first call; a training that was killed goes on with its last epoch."""
    path = folder / f"classifier-v{VERSION}-{phantoms}-{epochs}.pt"
    if not path.is_file():
        _train(path, compute_phantoms(folder / "phantoms", CLASSIFIER, phantoms), epochs)
    kept = torch.load(path, map_location="cpu", weights_only=True)
    network = Network()
    network.load_state_dict(kept["network"])
    return Classifier(network.eval(), kept["thresholds"].numpy(), kept["validation"], kept["seconds"])


def split(phantoms: Phantoms) -> tuple[Phantoms, Phantoms]:
    """Return what is learnt and, after it, what thresholds are chosen on."""
    learnt = len(phantoms) - round(len(phantoms) * _VALIDATION)
    return phantoms.head(learnt), phantoms.tail(learnt)


def _train(path: Path, phantoms: Phantoms, epochs: int) -> None:
    """Train and leave network, thresholds and what they reach."""
    learnt, held = split(phantoms)
    torch.manual_seed(0)
    network = Network().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=0.05)
    resumed, first, seconds = path.with_suffix(".resume.pt"), 0, 0.0
    if resumed.is_file():
        kept = torch.load(resumed, map_location="cpu", weights_only=True)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        first, seconds = kept["epoch"], kept["seconds"]
    targets = _targets(learnt.labels)
    for epoch in range(first, epochs):
        began = time.monotonic()
        loss = _learn(network, optimiser, learnt.pixels, targets, epoch, epochs)
        seconds += time.monotonic() - began
        state = {"network": network.state_dict(), "optimiser": optimiser.state_dict()}
        _save({**state, "epoch": epoch + 1, "seconds": seconds}, resumed)
        print(f"classifier: epoch {epoch + 1} of {epochs}, loss {loss:.4f}, {seconds:.0f} s", flush=True)
    logits, _ = _evaluate(network.eval(), held.pixels)
    thresholds = choose_thresholds(_chances(logits), held.labels)
    reached = figures(count(to_labels(logits, thresholds), held.labels).sum(axis=0))
    kept = {"network": network.state_dict(), "thresholds": torch.from_numpy(thresholds), "seconds": seconds}
    _save({**kept, "validation": {name: float(value) for name, value in reached.items()}}, path)
    resumed.unlink(missing_ok=True)


def _learn(
    network: Network,
    optimiser: torch.optim.Optimizer,
    pixels: Pictures,
    targets: tuple[Tensor, Tensor],
    epoch: int,
    epochs: int,
) -> float:
    """Pass once through all phantoms; return the mean loss."""
    rng = np.random.default_rng((1, epoch))
    torch.manual_seed(epoch)
    network.train()
    order, losses = rng.permutation(len(pixels)), []
    batches = np.array_split(order, max(1, len(order) // _BATCH))
    for number, chosen in enumerate(batches):
        for group in optimiser.param_groups:
            group["lr"] = _rate((epoch + number / len(batches)) / epochs)
        gray = torch.from_numpy(_vary(pixels[chosen], rng))
        holds, sides = (each[torch.from_numpy(chosen)] for each in targets)
        with bfloat16(torch.device("cpu")):
            logits, _ = network(gray)
        of_sides = F.binary_cross_entropy_with_logits(
            logits[:, len(LABELS) :].unflatten(1, (-1, 2)), sides, reduction="none"
        )
        loss = F.binary_cross_entropy_with_logits(logits[:, : len(LABELS)], holds)
        loss = loss + 0.25 * (of_sides.mean(dim=-1) * holds).sum() / holds.sum().clamp(min=1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return float(np.mean(losses))


def _rate(done: float) -> float:
    """Return the learning rate: a short warm-up, then a cosine to nothing."""
    return _RATE * min(1.0, done / 0.05) * 0.5 * (1 + float(np.cos(np.pi * done)))


def _vary(pixels: Pictures, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return pictures as 0..1, each moved a little and of another brightness and contrast, with some noise."""
    padded = np.pad(pixels, ((0, 0), (_SHIFT, _SHIFT), (_SHIFT, _SHIFT)), mode="edge")
    tops, lefts = rng.integers(2 * _SHIFT + 1, size=(2, len(pixels)))
    moved = [each[top : top + SIZE, left : left + SIZE] for each, top, left in zip(padded, tops, lefts, strict=True)]
    gray = np.stack(moved).astype(np.float32) / 255
    contrast, brightness = rng.uniform(0.9, 1.1, (len(gray), 1, 1)), rng.uniform(-0.05, 0.05, (len(gray), 1, 1))
    noise = rng.standard_normal(gray.shape, dtype=np.float32) * np.float32(rng.uniform(0, 0.015))
    return np.asarray((gray - 0.5) * contrast + 0.5 + brightness + noise, np.float32)


@torch.no_grad()
def _evaluate(network: Network, pixels: Pictures) -> tuple[Floats, Floats]:
    """Return logits and features of pictures, in float32 wherever it runs."""
    told = [network(torch.from_numpy(each.astype(np.float32) / 255)) for each in _batches(pixels)]
    logits, features = (torch.cat(each).double().numpy() for each in zip(*told, strict=True))
    return logits, features


def _batches(pixels: Pictures) -> list[Pictures]:
    return np.array_split(pixels, -(-len(pixels) // 64))


def _targets(labels: Sequence[Labels]) -> tuple[Tensor, Tensor]:
    """Return which labels hold (n, labels), and on which sides (n, labels, 2)."""
    holds = [[label in each for label in LABELS] for each in labels]
    sides = [
        [(each.get(label) in (Side.LEFT, Side.BOTH), each.get(label) in (Side.RIGHT, Side.BOTH)) for label in LABELS]
        for each in labels
    ]
    return torch.tensor(holds, dtype=torch.float32), torch.tensor(sides, dtype=torch.float32)


def _save(state: dict[str, Any], path: Path) -> None:
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def choose_thresholds(chances: Floats, truth: Sequence[Labels]) -> Floats:
    """Return for each label the probability above which calling it present has the best F1."""
    grid = np.linspace(0.05, 0.9, 86)
    chosen = []
    for index, label in enumerate(LABELS):
        holds = np.array([label in each for each in truth])
        called = chances[:, index] > grid[:, None]
        hits, surplus, missed = (called & holds).sum(1), (called & ~holds).sum(1), (~called & holds).sum(1)
        reached = 2 * hits / np.maximum(1, 2 * hits + surplus + missed)
        chosen.append(grid[np.flatnonzero(reached == reached.max())].mean())
    return np.array(chosen)


def thumbnails(pixels: Pictures, side: int = 32) -> NDArray[np.float32]:
    """Average pictures over cells; (n, side * side), 0..1."""
    cell = pixels.shape[-1] // side
    cells = pixels.reshape(len(pixels), side, cell, side, cell)
    return np.asarray(cells.mean(axis=(2, 4)).reshape(len(pixels), -1) / 255, np.float32)


def logistic_regression(learnt: Phantoms, held: Phantoms, shown: Pictures) -> list[Labels]:
    """Read labels from thumbnails by logistic regression, as well as it can: what can be set is chosen on `held`."""
    examples = thumbnails(learnt.pixels)
    mean, deviation = examples.mean(axis=0), examples.std(axis=0) + 1e-3
    x, y, z = (
        torch.from_numpy((each - mean) / deviation) for each in (examples, thumbnails(held.pixels), thumbnails(shown))
    )
    holds, _ = _targets(learnt.labels)
    best, read = -1.0, []
    for penalty in (1e-3, 1e-2, 1e-1):
        layer = _fit(x, holds, penalty)
        with torch.no_grad():
            chances, shown_chances = (layer(each).sigmoid().double().numpy() for each in (y, z))
        # A threshold for each label, and, as labels that cannot be seen would then be called everywhere, one for all.
        each_own, one_for_all = choose_thresholds(chances, held.labels), np.linspace(0.05, 0.9, 35)
        for thresholds in (each_own, *(np.full(len(LABELS), threshold) for threshold in one_for_all)):
            reached = figures(count(_called(chances, thresholds), held.labels).sum(axis=0))["micro_f1_14"]
            if reached > best:
                best, read = float(reached), _called(shown_chances, thresholds)
    return read


def _fit(examples: Tensor, holds: Tensor, penalty: float) -> nn.Linear:
    layer = nn.Linear(examples.shape[1], holds.shape[1])
    nn.init.zeros_(layer.weight)
    optimiser = torch.optim.LBFGS(layer.parameters(), max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        found = F.binary_cross_entropy_with_logits(layer(examples), holds, reduction="none").mean(dim=0).sum()
        found = found + penalty * layer.weight.square().sum()
        found.backward()
        return found

    optimiser.step(loss)
    return layer


def _called(chances: Floats, thresholds: Floats) -> list[Labels]:
    return [{LABELS[index]: None for index in np.flatnonzero(row > thresholds)} for row in chances]


def most_frequent(learnt: Sequence[Labels], count: int) -> list[Labels]:
    """Say of every picture the one label that is most frequent."""
    often = max(LABELS, key=lambda label: sum(label in each for each in learnt))
    return [{often: None} for _ in range(count)]
