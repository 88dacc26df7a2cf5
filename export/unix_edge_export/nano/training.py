"""The loop that every stage runs in: optimiser, schedule, moving average, resuming, the log."""

import hashlib
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from unix_edge.errors import CheckpointError
from unix_edge.sentences import Sentence

from ..reference.model import UniX
from .attention import plain_attention
from .config import Optimisation
from .losses import LossLog, plot

Show = Callable[[str, float, str], None]
"""Told which stage, how much of it is done, and its last figures."""


class Task(Protocol):
    """What a stage learns."""

    model: UniX
    parts: tuple[str, ...]
    """Prefixes of the parameters that the stage leaves behind; what of them wants gradients is trained."""
    helpers: nn.Module
    """Trained beside them and left out of what the stage leaves."""

    def losses(self, done: float, rng: np.random.Generator) -> dict[str, Tensor]:
        """Draw a batch and return weighted terms, whose sum is minimised; `done` is the part of the steps behind."""

    def validate(self) -> dict[str, float]:
        """Measure on validation phantoms."""

    def finish(self) -> None:
        """Change the averaged weights once, at the end."""


def choose_device(name: str = "auto") -> torch.device:
    """Return the device to train on; on a CPU two threads, if OMP_NUM_THREADS does not say otherwise."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cpu":
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    return torch.device(name)


def bfloat16(device: torch.device) -> torch.autocast:
    """Return the context in which linears and convolutions run in bfloat16, where the device computes in it."""
    if device.type == "cuda":
        able = torch.cuda.is_bf16_supported()
    else:
        able = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.autocast(device.type, torch.bfloat16, enabled=able)


def learning_rate(settings: Optimisation, step: int) -> float:
    """Return the rate of a step: a linear warm-up, then a cosine."""
    if step < settings.warm_up:
        return settings.learning_rate * (step + 1) / settings.warm_up
    done = (step - settings.warm_up) / max(1, settings.steps - settings.warm_up)
    cosine = 0.5 * (1 + math.cos(math.pi * done))
    return settings.learning_rate * (settings.last_rate + (1 - settings.last_rate) * cosine)


def left_behind(task: Task) -> dict[str, nn.Parameter]:
    """Return the parameters that a stage leaves behind."""
    return {name: value for name, value in task.model.named_parameters() if name.startswith(task.parts)}


def make_optimisers(parameters: Mapping[str, nn.Parameter], settings: Optimisation) -> list[torch.optim.Optimizer]:
    """Return AdamW, which does not decay vectors, and Muon beside it where matrices are set aside for that."""
    by_muon = {
        name
        for name, value in parameters.items()
        if settings.muon and name.startswith(settings.muon) and value.ndim == 2
    }
    others = [value for name, value in parameters.items() if name not in by_muon]
    groups = [
        {"params": [value for value in others if value.ndim > 1], "weight_decay": settings.weight_decay},
        {"params": [value for value in others if value.ndim <= 1], "weight_decay": 0},
    ]
    rate, decay = settings.learning_rate, settings.weight_decay
    optimisers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)]
    if by_muon:
        matrices = [parameters[name] for name in sorted(by_muon)]
        optimisers.append(torch.optim.Muon(matrices, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"))
    return optimisers


class Run:
    """One stage under way: everything that a killed run must find again."""

    def __init__(self, name: str, task: Task, settings: Optimisation, out: Path) -> None:
        self.name, self.task, self.settings, self.out = name, task, settings, out
        self.step = 0
        self.parameters = {name: value for name, value in left_behind(task).items() if value.requires_grad}
        self.parameters |= {f"helpers.{name}": value for name, value in task.helpers.named_parameters()}
        self.average = {name: value.detach().clone() for name, value in self.parameters.items()}
        self.frozen = digest(value for value in task.model.parameters() if not value.requires_grad)
        self.optimisers = make_optimisers(self.parameters, settings)

    @property
    def resume_path(self) -> Path:
        """Where a killed run goes on from."""
        return self.out / f"{self.name}.resume.pt"

    def save(self) -> None:
        """Write the point to go on from, aside and renamed. Draws are seeded by the step, so no state of theirs."""
        state = {
            "step": self.step,
            "frozen": self.frozen,
            "parameters": {name: value.detach() for name, value in self.parameters.items()},
            "average": self.average,
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
        }
        partial = self.resume_path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.resume_path)

    def resume(self) -> None:
        """Go on from where a killed run was saved, if one was.

        Raises:
            CheckpointError: It was trained beside other frozen weights than the earlier stages have left since.
        """
        if not self.resume_path.is_file():
            return
        state = torch.load(self.resume_path, map_location="cpu", weights_only=True)
        if state.get("frozen") != self.frozen:
            reason = Sentence(
                "it was trained beside other weights than the earlier stages left; delete it to begin the stage anew"
            )
            raise CheckpointError(self.resume_path, reason)
        with torch.no_grad():
            for name, value in self.parameters.items():
                value.copy_(state["parameters"][name])
                self.average[name].copy_(state["average"][name])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step = int(state["step"])

    def advance(self, device: torch.device) -> dict[str, float]:
        """Take one step and return its losses."""
        done = self.step / self.settings.steps
        torch.manual_seed((self.settings.seed << 32) + self.step)
        rng = np.random.default_rng((self.settings.seed, self.step))
        with bfloat16(device), plain_attention(device):
            terms = self.task.losses(done, rng)
        total = torch.stack(list(terms.values())).sum()
        for value in self.parameters.values():
            value.grad = None
        total.backward()
        norm = nn.utils.clip_grad_norm_(self.parameters.values(), self.settings.clip)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(self.settings, self.step)
            if norm.isfinite():
                optimiser.step()
        self.step += 1
        decay = min(self.settings.average, self.step / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), list(self.parameters.values()), 1 - decay)
        return {"loss": total.item(), **{name: term.item() for name, term in terms.items()}}

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Put the averaged weights in the model's place for a while."""
        trained = {name: value.detach().clone() for name, value in self.parameters.items()}
        self._fill(self.average)
        try:
            yield
        finally:
            self._fill(trained)

    def _fill(self, values: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for name, value in self.parameters.items():
                value.copy_(values[name])

    def validate(self) -> dict[str, float]:
        """Measure the averaged weights."""
        with self.averaged(), torch.no_grad():
            return self.task.validate()


def digest(values: Iterable[Tensor]) -> str:
    """Name weights by what they are."""
    found = hashlib.sha256()
    for value in values:
        found.update(value.detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()[:8]


def train(name: str, task: Task, settings: Optimisation, out: Path, device: torch.device, show: Show) -> None:
    """Run a stage to its end, or go on with one that was killed; leave its averaged weights in `out`."""
    run = Run(name, task, settings, out)
    run.resume()
    log_path = out / f"{name}.jsonl"
    log = LossLog(log_path, run.step)
    saved, started, every = time.monotonic(), time.monotonic(), max(1, settings.steps // settings.validations)
    figures: dict[str, float] = {}
    while run.step < settings.steps:
        losses = run.advance(device)
        log.write(run.step, **losses, seconds=time.monotonic() - started)
        if run.step % every == 0 or run.step == settings.steps:
            figures = run.validate()
            if figures:
                log.write(run.step, **figures)
            plot(log_path, out / f"{name}.png")
        told = "  ".join(f"{key} {value:.4g}" for key, value in {**losses, **figures}.items())
        show(name, run.step / settings.steps, told)
        if time.monotonic() - saved >= settings.saved_every:
            run.save()
            saved = time.monotonic()
    log.close()
    with run.averaged(), torch.no_grad():
        task.finish()
        leave(task, out / f"{name}.safetensors")
    run.resume_path.unlink(missing_ok=True)


def leave(task: Task, path: Path) -> None:
    """Write what a stage leaves, in float32, aside and renamed."""
    partial = path.with_suffix(".partial")
    save_file({name: value.detach().float().cpu().contiguous() for name, value in left_behind(task).items()}, partial)
    partial.replace(path)


def load_stage(model: UniX, path: Path) -> None:
    """Put what a stage left into the model.

    Raises:
        CheckpointError: It was trained with other dims.
    """
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, value in load_file(path).items():
            if name not in parameters or parameters[name].shape != value.shape:
                raise CheckpointError(
                    path, Sentence("it was trained with other dims; delete it to train that stage again")
                )
            parameters[name].copy_(value)
