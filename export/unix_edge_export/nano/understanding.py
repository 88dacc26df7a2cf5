"""Stage 1: first to see, then image and prompt to report; and texts by themselves."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from unix_edge.findings import find_labels
from unix_edge.text import REPORT_PROMPTS, Text

from ..reference.model import KeyValues, UniX
from .config import UnderstandingSettings
from .encoded import encoded_features, to_pixel_values
from .heads import NAMES, Heads, label_loss
from .phantoms import Record
from .scene import Scene
from .texts import IGNORED, Tokens, pad
from .training import bfloat16

Sides = Mapping[str, str | None]
"""Labels that hold, with their sides."""


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


def report_hidden(model: UniX, embeddings: Tensor, prompt: Sequence[int], fed: Tensor) -> Tensor:
    """Return the hidden states (R, T, hidden) after each token of reports, from which `lm_head` makes logits.

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
    return feed_text(model, fed, 1 + len(prompt), cache)[0]


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

    def __init__(self, model: UniX, settings: UnderstandingSettings, scene: Scene) -> None:
        self.model, self.settings, self.device = model, settings, scene.device
        self._text, self._phantoms, self._validation = scene.text, scene.phantoms, scene.validation
        self._tokens = Tokens(scene.text, scene.phantoms)
        self._prompts = [scene.text.segment(prompt) for prompt in REPORT_PROMPTS]
        self.heads = Heads(model.config, scene.phantoms.records).to(self.device)
        self.helpers: nn.Module = self.heads
        self._seen: NDArray[np.float16] | None = None
        """What a frozen tower sees of every phantom."""
        trained = self.parts
        if not settings.tower:
            trained = ("vision.connector.", *self.parts[1:])
            self.helpers = self.heads.plan
            self._seen = encoded_features(model, scene)
        for name, value in model.named_parameters():
            value.requires_grad_(name.startswith(trained))
        self._sides = torch.tensor(side_tokens(scene.text), device=self.device)
        self._hidden: list[Tensor] = []
        layer = model.understanding.layers[settings.planned_layer]
        layer.get_submodule("input_layernorm").register_forward_pre_hook(self._keep_hidden)

    def losses(self, done: float, rng: np.random.Generator) -> dict[str, Tensor]:
        """Learn images, or now and then texts alone."""
        self._phantoms.refresh()
        if rng.random() < self.settings.text_only:
            return {"text": self._text_loss(rng)}
        indices = rng.integers(len(self._phantoms if self._seen is None else self._seen), size=self.settings.batch)
        records = [self._phantoms.records[each] for each in indices]
        terms: dict[str, Tensor] = {}
        if self._seen is None:
            features = self._features(jitter(self._phantoms.pixels(indices), self.settings.jitter, rng))
            covered = torch.from_numpy(self._phantoms.places(indices)).to(self.device).float() / 255
            terms["labels"] = label_loss(self.heads.label_logits(features), records)
            terms["places"] = self.settings.places * self.heads.place_loss(features, covered)
        else:
            features = torch.from_numpy(self._seen[indices].astype(np.float32)).to(self.device)
        if self.settings.reports:
            fed, targets = self._reports(indices, rng)
            prompt = self._prompts[int(rng.integers(len(self._prompts)))]
            hidden = report_hidden(self.model, self.model.vision.connector(features).float(), prompt, fed)
            terms["plan"] = self.settings.plan * self._plan_loss(records, targets, rng)
            logits = self.model.lm_head(hidden)
            terms["report"] = next_token_loss(logits, targets)
            terms["sides"] = self.settings.sides * choice_loss(logits, targets, self._sides)
        self._hidden.clear()
        return terms

    def validate(self) -> dict[str, float]:
        """Compare the labels that the head holds, and those found in drafted reports, with the truth."""
        count = min(self.settings.drafts, len(self._validation))
        drafts: list[str] = []
        seen: list[Sides] = []
        with bfloat16(self.device):
            for start in range(0, count, 50):
                features = self._features(self._validation.pixels(range(start, min(start + 50, count))))
                if self.settings.tower:
                    held = self.heads.label_logits(features)[:, : len(NAMES)] > 0
                    seen += [{NAMES[label]: None for label in row.nonzero().flatten().tolist()} for row in held]
                if not self.settings.reports:
                    continue
                embeddings = self.model.vision.connector(features).float()
                drafts += draft(self.model, self._text, embeddings, self._prompts[0], self.settings.longest)
        truth = [record.labels for record in self._validation.records[:count]]
        figures = {"head_micro_f1": compare_labels(seen, truth)["micro_f1"]} if seen else {}
        if drafts:
            found = [{str(label): side for label, side in find_labels(each).items()} for each in drafts]
            figures |= compare_labels(found, truth)
        return figures

    def finish(self) -> None:
        """Leave the weights as they are."""

    def _keep_hidden(self, module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        self._hidden[:] = [inputs[0]]

    def _plan_loss(self, records: Sequence[Record], targets: Tensor, rng: np.random.Generator) -> Tensor:
        """Ask where each report begins, and at some of its tokens, what all of it is to say."""
        planned, rows = self._hidden[-1], torch.arange(len(targets), device=self.device)
        lengths = (targets != IGNORED).sum(dim=1).cpu().numpy()
        places = [np.zeros(len(targets)), *(rng.random((self.settings.planned - 1, len(targets))) * lengths)]
        asked = torch.cat([planned[rows, torch.from_numpy(each).long().to(self.device)] for each in places])
        of_rows = [record for record in records for _ in range(len(targets) // len(records))]
        return label_loss(self.heads.plan_logits(asked), of_rows * len(places))

    def _features(self, pixels: NDArray[np.uint8]) -> Tensor:
        return self.model.vision.tower(pixel_values=to_pixel_values(pixels, self.device)).last_hidden_state

    def _reports(self, indices: NDArray[np.int64], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Draw several wordings of each phantom, or take the plain one: what is fed, and what is to follow it."""
        rows: list[list[int]] = []
        for index in indices:
            if self.settings.plain:
                rows.append(self._tokens.report(int(index), None))
                continue
            chosen = rng.permutation(len(self._phantoms.records[index].reports))[: self.settings.wordings]
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


def side_tokens(text: Text) -> list[int]:
    """Return the tokens that are a side, alone or at the beginning of a sentence."""
    words = (start + word for word in ("left", "right", "both", "bilateral") for start in ("", " "))
    found = [text.encode(each)[len(text.encode("")) :] for word in words for each in (word, word.title())]
    return sorted({tokens[0] for tokens in found if len(tokens) == 1})


def next_token_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the mean cross entropy over what is not ignored."""
    return F.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED)


def choice_loss(logits: Tensor, targets: Tensor, choices: Tensor) -> Tensor:
    """Return the mean cross entropy of the choice among a few tokens (n,), where one of them is to follow.

    Whether one of them is likely to follow at all does not change it.
    """
    matches = targets.flatten()[:, None] == choices
    chosen = matches.any(dim=1)
    asked = logits.flatten(0, 1)[chosen][:, choices].float()
    return F.cross_entropy(asked, matches[chosen].long().argmax(dim=1), reduction="sum") / chosen.sum().clamp(min=1)


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
