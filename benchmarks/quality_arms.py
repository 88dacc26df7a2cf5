"""What is measured: the reference path in float32, and bundles of engines. Each reads pictures and draws them."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from quality_data import Pictures

from unix_edge import GenerationSettings, ReportSettings, UniX
from unix_edge.bundle import EMBEDDED, MANIFEST
from unix_edge.files import sha256
from unix_edge.generate import to_uint8
from unix_edge.image import letterbox, to_pixel_values
from unix_edge.sampler import QUALITIES, Quality
from unix_edge.text import REPORT_PROMPT, Text
from unix_edge_export.nano.checkpoint import load_shipped
from unix_edge_export.nano.config import NANO
from unix_edge_export.nano.stages import Stage
from unix_edge_export.nano.training import load_stage
from unix_edge_export.nano.understanding import draft
from unix_edge_export.reference.checkpoint import load_reference, open_checkpoint
from unix_edge_export.reference.config import SpecialTokens
from unix_edge_export.reference.model import UniX as Model
from unix_edge_export.reference.run import Context, Reference

MOST_TOKENS = 160
"""Fed of a report, the starting bos counted; a true one has at most about a hundred."""
PARTS = ("vae", "understanding", "generation")
_FURTHER = {Stage.WORDING: "understanding", Stage.DECODER: "vae"}
"""Stages that go on with weights that a part is named after."""
_AT_ONCE = 25
_CHECKED = 3
"""Reports that are drafted one by one too, before many are drafted at once."""


class Arm(Protocol):
    """Something that reads and draws."""

    name: str
    weights: dict[str, str]
    """Names for each part what it depends on; rows of anything else are not taken up."""

    def reports(self, pixels: Pictures) -> Iterator[str]:
        """Draft greedily."""

    def draw(self, prompt: str, settings: GenerationSettings) -> NDArray[np.uint8]:
        """Draw one picture (S, S)."""


class ReferenceArm:
    """The reference path."""

    name = "reference fp32"

    def __init__(self, model: Model, text: Text, weights: dict[str, str]) -> None:
        self.weights = weights
        self._model, self._text = model, text
        self._reference = Reference(model)
        self._prompt = text.segment(REPORT_PROMPT)
        self.batched: bool | None = None
        """Whether reports drafted at once were those drafted one by one; None before the first."""

    @classmethod
    def of_checkpoint(cls, folder: Path) -> "ReferenceArm":
        """Open a checkpoint, or a bundle; of bundles only the one that ships has its VAE's encoder beside it."""
        checkpoint = open_checkpoint(folder)
        tokens = checkpoint.config.special_tokens
        model = load_shipped() if folder.resolve() == EMBEDDED.resolve() else load_reference(checkpoint)
        return cls(model, _text(folder, tokens), dict.fromkeys(PARTS, checkpoint.sha256()))

    @classmethod
    def of_stages(cls, folder: Path) -> "ReferenceArm":
        """Open what the stages of a training have left so far."""
        model, tokens = Model(NANO), NANO.special_tokens
        hashes = {}
        for stage in Stage:
            if (path := folder / f"{stage}.safetensors").is_file():
                load_stage(model, path)
                hashes[stage.value] = sha256(path)
                if stage in _FURTHER:
                    hashes[_FURTHER[stage]] = hashes[stage.value]
        weights = {part: hashes[part] for part in PARTS if part in hashes}
        if "generation" in weights:
            weights["generation"] = hashlib.sha256("".join(hashes.values()).encode()).hexdigest()
        return cls(model.eval().requires_grad_(requires_grad=False), _text(folder / "tokenizer", tokens), weights)

    def reports(self, pixels: Pictures) -> Iterator[str]:
        """Draft many at once, unless the first are then others than one by one."""
        for start in range(0, len(pixels), _AT_ONCE):
            shown = pixels[start : start + _AT_ONCE]
            together = [] if self.batched is False else self._draft_together(shown)
            if self.batched is None:
                self.batched = [self._draft(each) for each in shown[:_CHECKED]] == together[:_CHECKED]
            yield from together if self.batched else (self._draft(each) for each in shown)

    @torch.inference_mode()
    def _draft_together(self, pixels: Pictures) -> list[str]:
        values = torch.from_numpy(np.concatenate([self._pixel_values(each) for each in pixels]))
        return draft(self._model, self._text, self._model.vision(values), self._prompt, MOST_TOKENS - 1)

    def _draft(self, pixels: NDArray[np.uint8]) -> str:
        embeddings = self._reference.encode_image(self._pixel_values(pixels))
        context, _ = self._reference.feed_text(self._reference.feed_image(Context(), embeddings), self._prompt)
        fed = [token for token, _ in self._reference.draft(context, MOST_TOKENS)]
        return self._text.decode(fed[1:])

    def _pixel_values(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return to_pixel_values(letterbox(Image.fromarray(pixels), self._model.config.vision.image_size))

    def draw(self, prompt: str, settings: GenerationSettings) -> NDArray[np.uint8]:
        """Draw one picture (S, S)."""
        latents = list(self._reference.sample(self._text.segment(prompt), settings))[-1]
        return to_gray(to_uint8(self._reference.decode(latents)))

    def through_vae(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
        """Encode and decode a picture; return what comes out, and its signal to noise in dB before it is rounded."""
        shown = np.broadcast_to(pixels.astype(np.float32) / np.float32(127.5) - 1, (3, *pixels.shape))
        latents = self._reference.encode(np.ascontiguousarray(shown))
        decoded = self._reference.decode(latents.reshape(len(latents), -1).T)
        error = np.square((decoded.clip(-1, 1) - shown) / 2, dtype=np.float64).mean()
        return to_gray(to_uint8(decoded)), float(-10 * np.log10(max(error, 1e-12)))


class EnginesArm:
    """A bundle on a device."""

    def __init__(self, folder: Path, device: str) -> None:
        self._unix = UniX.load(folder, device)
        manifest = self._unix.sessions.bundle.manifest
        self.name = f"engines {manifest.precision} {self._unix.sessions.device}"
        self.weights = dict.fromkeys(PARTS, sha256(folder / MANIFEST))

    def reports(self, pixels: Pictures) -> Iterator[str]:
        """Draft one by one."""
        for each in pixels:
            yield self._unix.report(each, ReportSettings(max_tokens=MOST_TOKENS)).text

    def draw(self, prompt: str, settings: GenerationSettings) -> NDArray[np.uint8]:
        """Draw one picture (S, S)."""
        return to_gray(self._unix.generate(prompt, settings).pixels)


class QualityArm:
    """An arm that draws with other settings of the sampler."""

    def __init__(self, arm: Arm, quality: Quality) -> None:
        self._arm, self._settings = arm, QUALITIES[quality]
        self.name = f"{arm.name} {quality}"
        self.weights = {part: f"{of}, {dict(self._settings)}" for part, of in arm.weights.items()}

    def reports(self, pixels: Pictures) -> Iterator[str]:
        """Draft as the arm does, on which these settings have no bearing."""
        return self._arm.reports(pixels)

    def draw(self, prompt: str, settings: GenerationSettings) -> NDArray[np.uint8]:
        """Draw one picture (S, S)."""
        return self._arm.draw(prompt, replace(settings, **self._settings))


def to_gray(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn (S, S, 3) to (S, S), the mean of its channels."""
    return np.asarray(picture.mean(axis=2).round(), np.uint8)


def _text(folder: Path, tokens: SpecialTokens) -> Text:
    return Text.load(folder, tokens.bos_token_id, tokens.eos_token_id)
