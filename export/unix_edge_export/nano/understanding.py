"""Stage 1: image and prompt to report, and texts by themselves."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from unix_edge.findings import LABELS, Side, find_labels
from unix_edge.image import DEVIATION, MEAN
from unix_edge.text import Text

from ..reference.model import KeyValues, UniX
from .config import UnderstandingSettings
from .phantoms import Phantoms, Record
from .starting import start_language, start_tower
from .texts import IGNORED, Tokens, pad
from .tokenizer import PROMPTS
from .training import bfloat16

NAMES = tuple(label.value for label in LABELS)
Sides = Mapping[str, str | None]
"""Labels that hold, with their sides."""


def to_pixel_values(pixels: NDArray[np.uint8], device: torch.device) -> Tensor:
    """Turn gray pictures (B, S, S) of the tower's size into what inference shows it: (B, 3, S, S)."""
    gray = (torch.from_numpy(np.ascontiguousarray(pixels)).to(device).float() / 255 - MEAN) / DEVIATION
    return gray[:, None].expand(-1, 3, -1, -1)


def jitter(pixels: NDArray[np.uint8], most: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Move each picture (B, S, S) by up to `most` pixels either way; what comes in from beyond is its edge."""
    size = pixels.shape[-1]
    wide = np.pad(pixels, ((0, 0), (most, most), (most, most)), mode="edge")
    tops, lefts = rng.integers(2 * most + 1, size=(2, len(pixels)))
    return np.stack([one[y : y + size, x : x + size] for one, y, x in zip(wide, tops, lefts, strict=True)])


def read_image(model: UniX, embeddings: Tensor) -> KeyValues:
    """Feed image segments (B, patches, hidden): one rotary position, all tokens see each other."""
    tokens = model.config.special_tokens
    ids = torch.tensor([[tokens.start_of_image], [tokens.end_of_image]], device=embeddings.device)
    start, end = model.embed_tokens(ids).expand(-1, len(embeddings), -1)[:, :, None]
    x = torch.cat([start, embeddings, end], dim=1)
    positions = torch.zeros(1, 1, device=embeddings.device).expand(x.shape[:2])
    return model.understand(x, positions, [], causal=False)[1]


def feed_text(model: UniX, ids: Tensor, position: int, cache: KeyValues) -> tuple[Tensor, KeyValues]:
    """Feed tokens (B, T) causally from a rotary position on; return hidden states and the cache with them."""
    positions = torch.arange(position, position + ids.shape[1], device=ids.device)[None]
    return model.understand(model.embed_tokens(ids), positions, cache, causal=True)


def report_logits(model: UniX, embeddings: Tensor, prompt: Sequence[int], fed: Tensor) -> Tensor:
    """Return the logits (R, T, vocabulary) after each token of reports.

    Args:
        model: The model.
        embeddings: Of B images.
        prompt: One prompt's segment, the same for all.
        fed: What is fed after it (R, T), bos first, padded on the right; R is a multiple of B, and as many rows in
            turn belong to one image, which is read once.
    """
    ids = torch.tensor([list(prompt)], device=embeddings.device).expand(len(embeddings), -1)
    _, cache = feed_text(model, ids, 1, read_image(model, embeddings))
    wordings = len(fed) // len(embeddings)
    cache = [(k.repeat_interleave(wordings, dim=0), v.repeat_interleave(wordings, dim=0)) for k, v in cache]
    hidden, _ = feed_text(model, fed, 1 + len(prompt), cache)
    return model.lm_head(hidden)


def draft(model: UniX, text: Text, embeddings: Tensor, prompt: Sequence[int], longest: int) -> list[str]:
    """Draft the reports of images greedily, all at once."""
    ids = torch.tensor([list(prompt)], device=embeddings.device).expand(len(embeddings), -1)
    _, cache = feed_text(model, ids, 1, read_image(model, embeddings))
    token = torch.full((len(embeddings), 1), text.bos, device=embeddings.device)
    tokens: list[Tensor] = []
    for position in range(1 + len(prompt), 1 + len(prompt) + longest):
        hidden, cache = feed_text(model, token, position, cache)
        token = model.lm_head(hidden).argmax(dim=-1)
        tokens.append(token)
        if (torch.cat(tokens, dim=1) == text.eos).any(dim=1).all():
            break
    rows = torch.cat(tokens, dim=1).tolist()
    return [text.decode(row[: row.index(text.eos)] if text.eos in row else row) for row in rows]


class UnderstandingTask:
    """Vision tower, connector, understanding branch, embeddings and language head."""

    parts: tuple[str, ...] = ("vision.", "understanding.", "embed_tokens.", "lm_head.")

    def __init__(
        self,
        model: UniX,
        settings: UnderstandingSettings,
        text: Text,
        phantoms: Phantoms,
        validation: Phantoms,
        device: torch.device,
    ) -> None:
        self.model, self.settings, self.device = model, settings, device
        self._text, self._phantoms, self._validation = text, phantoms, validation
        self._tokens, self._prompts = Tokens(text, phantoms), [text.segment(prompt) for prompt in PROMPTS]
        for name, value in model.named_parameters():
            value.requires_grad_(name.startswith(self.parts))
        start_tower(model, phantoms)
        start_language(model)
        # For each label whether it holds, and whether it holds on the left and on the right.
        # It reads every patch by its place: from a mean over the patches the tower learnt nothing in hundreds of steps.
        vision = model.config.vision
        head = nn.Linear(vision.num_patches * vision.hidden_size, 3 * len(NAMES))
        holds, _, _ = label_targets(phantoms.records)
        prior = holds.mean(dim=0).clamp(0.005, 0.995)
        nn.init.zeros_(head.weight)
        nn.init.zeros_(head.bias)
        head.bias.data[: len(NAMES)] = prior.logit()
        # And for each patch what is to be seen there: a hundred answers an image instead of a few.
        places = nn.Linear(vision.hidden_size, len(NAMES))
        nn.init.zeros_(places.weight)
        nn.init.constant_(places.bias, -4.5)
        self.helpers: nn.Module = nn.ModuleDict({"labels": head, "places": places}).to(device)

    def losses(self, done: float, rng: np.random.Generator) -> dict[str, Tensor]:
        """Learn reports of images, or now and then texts alone."""
        self._phantoms.refresh()
        if rng.random() < self.settings.text_only:
            return {"text": self._text_loss(rng)}
        seeing = done < self.settings.seeing
        indices = rng.integers(len(self._phantoms), size=self.settings.batch * (2 if seeing else 1))
        features = self._features(jitter(self._phantoms.pixels(indices), self.settings.jitter, rng))
        terms = {}
        if not seeing:
            fed, targets = self._reports(indices, rng)
            prompt = self._prompts[int(rng.integers(len(self._prompts)))]
            logits = report_logits(self.model, self.model.vision.connector(features).float(), prompt, fed)
            terms["report"] = next_token_loss(logits, targets)
        weight = self.settings.labels * max(0.0, 1 - done / self.settings.labels_until)
        if weight:
            terms["labels"] = weight * self._label_loss(features, [self._phantoms.records[each] for each in indices])
            terms["places"] = weight * self.settings.places * self._place_loss(features, indices)
        return terms

    def validate(self) -> dict[str, float]:
        """Draft reports of validation phantoms and compare the labels found in them with the truth."""
        count = min(self.settings.drafts, len(self._validation))
        drafts: list[str] = []
        seen: list[Sides] = []
        with bfloat16(self.device):
            for start in range(0, count, 50):
                features = self._features(self._validation.pixels(range(start, min(start + 50, count))))
                held = self._label_logits(features)[0] > 0
                seen += [{NAMES[label]: None for label in row.nonzero().flatten().tolist()} for row in held]
                embeddings = self.model.vision.connector(features).float()
                drafts += draft(self.model, self._text, embeddings, self._prompts[0], self.settings.longest)
        found = [{str(label): side for label, side in find_labels(each).items()} for each in drafts]
        truth = [record.labels for record in self._validation.records[:count]]
        return {**compare_labels(found, truth), "head_micro_f1": compare_labels(seen, truth)["micro_f1"]}

    def finish(self) -> None:
        """Leave the weights as they are."""

    def _features(self, pixels: NDArray[np.uint8]) -> Tensor:
        return self.model.vision.tower(pixel_values=to_pixel_values(pixels, self.device)).last_hidden_state

    def _reports(self, indices: NDArray[np.int64], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Draw several wordings of each phantom: what is fed, and what is to follow it."""
        rows: list[list[int]] = []
        for index in indices:
            kept = len(self._phantoms.records[index].reports)
            chosen = rng.permutation(kept)[: self.settings.wordings]
            rows += [self._tokens.report(int(index), int(wording)) for wording in chosen]
        fed = pad([[self._text.bos, *row] for row in rows], self._text.eos)
        return fed.to(self.device), pad([[*row, self._text.eos] for row in rows], IGNORED).to(self.device)

    def _text_loss(self, rng: np.random.Generator) -> Tensor:
        indices = rng.integers(len(self._phantoms), size=self.settings.texts)
        rows = [self._tokens.segment(int(index), rng) for index in indices]
        fed = pad(rows, self._text.eos).to(self.device)
        targets = pad(rows, IGNORED).to(self.device)
        hidden, _ = feed_text(self.model, fed, 0, [])
        return next_token_loss(self.model.lm_head(hidden[:, :-1]), targets[:, 1:])

    def _label_logits(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return what the auxiliary head says: labels (B, 14), and their sides (B, 14, 2)."""
        logits = self.helpers.get_submodule("labels")(features.flatten(1) * features.shape[1] ** -0.5).float()
        return logits[:, : len(NAMES)], logits[:, len(NAMES) :].unflatten(1, (len(NAMES), 2))

    def _label_loss(self, features: Tensor, records: Sequence[Record]) -> Tensor:
        of_labels, of_sides = self._label_logits(features)
        holds, sides, sided = (each.to(self.device) for each in label_targets(records))
        loss = F.binary_cross_entropy_with_logits(of_labels, holds)
        by_side = F.binary_cross_entropy_with_logits(of_sides, sides, reduction="none").mean(dim=-1)
        return 4 * loss + (by_side * sided).sum() / sided.sum().clamp(min=1)

    def _place_loss(self, features: Tensor, indices: NDArray[np.int64]) -> Tensor:
        covered = torch.from_numpy(self._phantoms.places(indices)).to(self.device).float() / 255
        logits = self.helpers.get_submodule("places")(features).float()  # (B, patches, 14)
        # A line covers little of a patch and is to be seen all the same.
        return F.binary_cross_entropy_with_logits(logits, covered.sqrt().flatten(2).transpose(1, 2))


def next_token_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the mean cross entropy over what is not ignored."""
    return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED)


def label_targets(records: Sequence[Record]) -> tuple[Tensor, Tensor, Tensor]:
    """Return which labels hold (B, 14), on which sides (B, 14, 2), and which have a side (B, 14)."""
    holds, sides = np.zeros((len(records), len(NAMES)), np.float32), np.zeros((len(records), len(NAMES), 2), np.float32)
    for row, record in enumerate(records):
        for name, side in record.labels.items():
            holds[row, NAMES.index(name)] = 1
            sides[row, NAMES.index(name)] = side in (Side.LEFT, Side.BOTH), side in (Side.RIGHT, Side.BOTH)
    return torch.from_numpy(holds), torch.from_numpy(sides), torch.from_numpy(sides.max(axis=-1))


def compare_labels(found: Sequence[Sides], truth: Sequence[Sides]) -> dict[str, float]:
    """Return micro-F1 and macro-F1 over the 14 labels, and how many of the labels rightly found have the right side."""
    counts = []
    for name in NAMES:
        both = sum(name in one and name in other for one, other in zip(found, truth, strict=True))
        counts.append((both, sum(name in one for one in found) + sum(name in one for one in truth)))
    hits, mentions = np.array(counts).T
    pairs = [
        (one[name], other[name])
        for one, other in zip(found, truth, strict=True)
        for name in one.keys() & other.keys()
        if other[name] is not None
    ]
    return {
        "micro_f1": float(2 * hits.sum() / max(1, mentions.sum())),
        "macro_f1": float((2 * hits / np.maximum(1, mentions)).mean()),
        "sides": sum(one == other for one, other in pairs) / max(1, len(pairs)),
    }
