"""The stages in their order; each needs only what the ones before it left."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import torch

from ..reference.model import UniX
from .checkpoint import ENCODER, write_checkpoint, write_encoder
from .config import GenerationSettings, Optimisation, Recipe, UnderstandingSettings
from .decoder import DecoderTask
from .generation import GenerationTask
from .phantoms import Phantoms, Workers, chunks
from .scene import Scene
from .starting import start_generation, start_language, start_tower
from .tokenizer import prepare_tokenizer
from .training import Show, Task, load_stage, train
from .understanding import UnderstandingTask
from .vae import VaeTask


class Stage(StrEnum):
    """What is trained, in this order."""

    VAE = "vae"
    SEEING = "seeing"
    UNDERSTANDING = "understanding"
    WORDING = "wording"
    GENERATION_LOW = "generation_low"
    GENERATION = "generation"
    DECODER = "decoder"


_FOLLOWED_BY = {
    Stage.SEEING: Stage.UNDERSTANDING,
    Stage.UNDERSTANDING: Stage.WORDING,
    Stage.GENERATION_LOW: Stage.GENERATION,
}
"""What trains the same weights further."""


CHECKPOINT = "unix-nano"
"""Folder of what is made of all stages, to be exported."""


def train_nano(recipe: Recipe, out: Path, device: torch.device, show: Show, only: Stage | None = None) -> None:
    """Train every stage that is not finished, or only one."""
    out.mkdir(parents=True, exist_ok=True)
    text = prepare_tokenizer(out / "tokenizer", recipe.model.special_tokens, recipe.data.sentences)
    first, *others = chunks(recipe.data)
    folder = out / "phantoms"
    workers = Workers(folder, recipe.data)
    try:
        validation, phantoms = Phantoms(folder, [first]), Phantoms(folder, others)
        scene = Scene(recipe, out, text, phantoms, validation, workers, device, show)
        show("phantoms", 0.0, "")
        workers.wait(validation, recipe.data.validation)
        workers.wait(phantoms, 1)
        for stage in Stage:
            if only in (None, stage) and not is_done(out, stage):
                _MAKERS[stage](scene)
        if all(is_done(out, stage) for stage in Stage):
            model = new_model(scene, Stage.VAE, Stage.WORDING, Stage.GENERATION, Stage.DECODER)
            parameters = dict(model.named_parameters())
            write_checkpoint(parameters, recipe.model, out / "tokenizer", out / CHECKPOINT)
            write_encoder(parameters, out / ENCODER.name)
    finally:
        workers.stop()


def is_done(out: Path, stage: Stage) -> bool:
    """Return whether a stage is finished, or what goes on from it is."""
    follower = _FOLLOWED_BY.get(stage)
    return (out / f"{stage}.safetensors").is_file() or (follower is not None and is_done(out, follower))


def new_model(scene: Scene, *earlier: Stage) -> UniX:
    """Build the model with what earlier stages left."""
    torch.manual_seed(0)
    model = UniX(scene.recipe.model)
    for stage in earlier:
        load_stage(model, scene.out / f"{stage}.safetensors")
    return model.to(scene.device)


def _train_vae(scene: Scene) -> None:
    settings = scene.recipe.vae
    _train(scene, Stage.VAE, VaeTask(new_model(scene), settings, scene), settings.optimisation)


def _train_seeing(scene: Scene) -> None:
    model = new_model(scene)
    start_tower(model, scene.phantoms)
    start_language(model)
    _train_understanding_as(scene, Stage.SEEING, model, scene.recipe.seeing)


def _train_understanding(scene: Scene) -> None:
    _train_understanding_as(scene, Stage.UNDERSTANDING, new_model(scene, Stage.SEEING), scene.recipe.understanding)


def _train_wording(scene: Scene) -> None:
    scene.workers.wait(scene.phantoms, scene.recipe.data.phantoms)
    model = new_model(scene, Stage.UNDERSTANDING)
    _train_understanding_as(scene, Stage.WORDING, model, scene.recipe.wording)


def _train_understanding_as(scene: Scene, stage: Stage, model: UniX, settings: UnderstandingSettings) -> None:
    _train(scene, stage, UnderstandingTask(model, settings, scene), settings.optimisation)


def _train_generation_low(scene: Scene) -> None:
    model = new_model(scene, Stage.VAE, Stage.WORDING)
    start_generation(model)
    _train_generation_at(scene, Stage.GENERATION_LOW, model, scene.recipe.generation_low)


def _train_generation(scene: Scene) -> None:
    model = new_model(scene, Stage.VAE, Stage.WORDING, Stage.GENERATION_LOW)
    _train_generation_at(scene, Stage.GENERATION, model, scene.recipe.generation)


def _train_generation_at(scene: Scene, stage: Stage, model: UniX, settings: GenerationSettings) -> None:
    scene.workers.wait(scene.phantoms, scene.recipe.data.phantoms)
    _train(scene, stage, GenerationTask(model, settings, scene), settings.optimisation)


def _train_decoder(scene: Scene) -> None:
    scene.workers.wait(scene.phantoms, scene.recipe.data.phantoms)
    model, settings = new_model(scene, Stage.VAE, Stage.WORDING, Stage.GENERATION), scene.recipe.decoder
    _train(scene, Stage.DECODER, DecoderTask(model, settings, scene), settings.optimisation)


def _train(scene: Scene, stage: Stage, task: Task, optimisation: Optimisation) -> None:
    train(stage, task, optimisation, scene.out, scene.device, scene.show)


_MAKERS: dict[Stage, Callable[[Scene], None]] = {
    Stage.VAE: _train_vae,
    Stage.SEEING: _train_seeing,
    Stage.UNDERSTANDING: _train_understanding,
    Stage.WORDING: _train_wording,
    Stage.GENERATION_LOW: _train_generation_low,
    Stage.GENERATION: _train_generation,
    Stage.DECODER: _train_decoder,
}
