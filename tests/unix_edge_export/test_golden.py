"""The released code's own numbers, array by array.

`UNIX_EDGE_GOLDEN` names other recorded checkpoints, of any dims, to be checked in the same way.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler

from unix_edge.bundle import Bundle
from unix_edge.embeddings import EmbeddingTable
from unix_edge.generate import Generator, to_uint8
from unix_edge.image import letterbox, load_radiograph, to_pixel_values
from unix_edge.report import ReportSettings
from unix_edge.sampler import Condition, GenerationSettings, Renorm, guided_velocity, sample
from unix_edge.sessions import Sessions, Stopping, never_stop
from unix_edge.text import Text
from unix_edge.understanding import Place, UnderstandingEngine
from unix_edge_export.reference.checkpoint import Checkpoint, load_reference
from unix_edge_export.reference.run import Context, Reference

PROMPT_ONLY, BOTH = [Condition.PROMPT], [Condition.PROMPT, Condition.EMPTY]
VELOCITIES = {
    "t1.0_nocfg": (1.0, {"guidance": 1.0}),
    "t0.37_nocfg": (0.37, {"guidance": 1.0}),
    "t0.8_cfg2_global": (0.8, {}),
    "t0.8_cfg2_channel_min0.9": (0.8, {"renorm": Renorm.CHANNEL, "renorm_min": 0.9}),
    "t0.8_cfg2_text_channel": (0.8, {"renorm": Renorm.TEXT_CHANNEL}),
    "t0.8_cfg3_img1.5_text_channel": (
        0.8,
        {"guidance": 3.0, "image_guidance": 1.5, "renorm": Renorm.TEXT_CHANNEL},
    ),
    "t0.8_cfg3_img1.5_global": (0.8, {"guidance": 3.0, "image_guidance": 1.5}),
}
LATENTS = {
    "published": {},
    "demo": {"guidance": 3.0, "image_guidance": 1.5},
    "11steps_nocfg": {"timesteps": 11, "shift": 1.0, "guidance": 1.0},
}


@dataclass
class Golden:
    """One recorded checkpoint."""

    folder: Path
    arrays: Any
    words: dict[str, Any]
    checkpoint: Checkpoint
    text: Text

    @property
    def gen_px(self) -> int:
        return int(self.words["gen_px"])

    @property
    def prompt(self) -> list[int]:
        return self.text.segment(self.words["texts"][0])

    def pixel_values(self):
        image = load_radiograph(self.folder / "input.png").image
        return to_pixel_values(letterbox(image, self.checkpoint.config.vision.image_size))

    def layers(self, prefix: str) -> list[tuple[int, str]]:
        """Which layers' keys or values were recorded under a prefix."""
        last = self.checkpoint.config.language.num_hidden_layers - 1
        names = [name.removeprefix(prefix) for name in self.arrays if name.startswith(prefix)]
        return [(last if index == "last" else int(index), index) for index in names]


@pytest.fixture(scope="session")
def golden(golden_folder) -> Golden:
    checkpoint = Checkpoint(golden_folder)
    tokens = checkpoint.config.special_tokens
    return Golden(
        golden_folder,
        np.load(golden_folder / "golden.npz"),
        json.loads((golden_folder / "golden.json").read_text("utf-8")),
        checkpoint,
        Text.load(golden_folder, tokens.bos_token_id, tokens.eos_token_id),
    )


@pytest.fixture(scope="session")
def reference(golden) -> Reference:
    return Reference(load_reference(golden.checkpoint))


def assert_close(found, wanted, limit: float) -> None:
    found = np.asarray(found, np.float32).reshape(wanted.shape)
    difference = np.abs(found - wanted).max() / np.abs(wanted).max()
    assert difference <= limit, f"largest difference over largest value is {difference:.2e}, limit {limit:g}"


def in_order(key_or_value):
    """(1, KV, T, D) as recorded: (T, KV, D)."""
    return np.asarray(key_or_value, np.float32)[0].transpose(1, 0, 2)


def test_golden_tokens_and_preprocessing_are_exact(golden):
    for index, text in enumerate([*golden.words["texts"], golden.words["prompt"]]):
        assert golden.text.encode(text) == golden.arrays[f"tokenizer__{index}"].tolist()
    image = load_radiograph(golden.folder / "input.png").image
    boxed = letterbox(image, golden.checkpoint.config.vision.image_size)
    np.testing.assert_array_equal(boxed, golden.arrays["preprocess__letterbox_rgb"])
    np.testing.assert_array_equal(to_pixel_values(boxed)[0], golden.arrays["preprocess__pixel_values"])


def test_golden_reference_sees_what_the_released_code_sees(golden, reference):
    """The vision tower is transformers' own."""
    pixels = golden.pixel_values()
    with torch.inference_mode():
        tower = reference.model.vision.tower(pixel_values=torch.from_numpy(pixels)).last_hidden_state
    assert type(reference.model.vision.tower).__module__.startswith("transformers.")
    assert_close(tower, golden.arrays["vision__tower"], 1e-5)
    assert_close(reference.encode_image(pixels), golden.arrays["vision__embeds"], 1e-5)


def test_golden_reference_understands_as_the_released_code(golden, reference):
    context = reference.feed_image(Context(), reference.encode_image(golden.pixel_values()))
    context, _ = reference.feed_text(context, golden.text.segment(golden.words["prompt"]))
    assert context.cache[0][0].shape[2] == golden.words["understand_kv_len"]
    assert context.position == golden.words["understand_position"]
    for part, kind in enumerate(("key", "value")):
        recorded = golden.layers(f"understand__prefill_{kind}_")
        assert len(recorded) == 2
        for layer, name in recorded:
            wanted = golden.arrays[f"understand__prefill_{kind}_{name}"]
            assert_close(in_order(context.cache[layer][part]), wanted, 1e-5)
    wanted = golden.arrays["understand__tokens"].tolist()
    tokens, logits = zip(*reference.draft(context, len(wanted)), strict=True)
    assert list(tokens) == wanted
    assert_close(torch.stack(logits), golden.arrays["understand__logits"], 1e-5)
    assert golden.text.decode(tokens[1:]) == golden.words["understand_text"]


def test_golden_reference_makes_the_released_code_s_context(golden, reference):
    context = reference.prompt_context(golden.prompt)
    assert_close(in_order(context[0][0]), golden.arrays["generate__context_key_0"], 1e-5)
    assert_close(in_order(context[-1][1]), golden.arrays["generate__context_value_last"], 1e-5)


@pytest.mark.parametrize("name", VELOCITIES)
def test_golden_reference_velocity(golden, reference, name):
    timestep, settings = VELOCITIES[name]
    contexts = {Condition.PROMPT: reference.prompt_context(golden.prompt), Condition.EMPTY: []}

    def velocity(latents, t, conditions):
        return np.stack([reference.velocity(latents, t, contexts[each]) for each in conditions])

    found = guided_velocity(velocity, golden.arrays["generate__noise"], timestep, GenerationSettings(**settings))
    assert_close(found, golden.arrays[f"generate__velocity_{name}"], 1e-5)


@pytest.mark.parametrize("name", LATENTS)
def test_golden_reference_latents_and_picture(golden, reference, name):
    settings = GenerationSettings(noise=golden.arrays["generate__noise"], size=golden.gen_px, **LATENTS[name])
    *_, latents = reference.sample(golden.prompt, settings)
    assert_close(latents, golden.arrays[f"generate__latent_{name}"], 1e-5)
    if name == "published":
        picture = to_uint8(reference.decode(latents)).astype(int)
        assert np.abs(picture - golden.arrays["generate__image_published"]).max() <= 1


def test_golden_reference_vae(golden, reference):
    """The VAE is diffusers' own, both ways."""
    assert type(reference.model.vae).__module__.startswith("diffusers.")
    latents = golden.arrays["vae__decode_in"]
    tokens = np.ascontiguousarray(latents[0].reshape(latents.shape[1], -1).T)
    assert_close(reference.decode(tokens), golden.arrays["vae__decode_out"], 1e-5)
    assert_close(reference.encode(golden.arrays["vae__encode_in"][0]), golden.arrays["vae__encode_mode_out"], 1e-5)


def test_golden_latents_by_diffusers_scheduler(golden, reference):
    """FlowMatchEulerDiscreteScheduler in place of our schedule and step gives the same latents."""
    scheduler: Any = FlowMatchEulerDiscreteScheduler(shift=3.0)
    scheduler.set_timesteps(sigmas=np.linspace(1, 0, 50)[:-1].tolist())
    contexts = {Condition.PROMPT: reference.prompt_context(golden.prompt), Condition.EMPTY: []}

    def velocity(latents, t, conditions):
        return np.stack([reference.velocity(latents, t, contexts[each]) for each in conditions])

    latents = torch.from_numpy(golden.arrays["generate__noise"])
    for timestep, sigma in zip(scheduler.timesteps, scheduler.sigmas[:-1], strict=True):
        guided = guided_velocity(velocity, latents.numpy(), float(sigma), GenerationSettings())
        latents = scheduler.step(torch.from_numpy(guided), timestep, latents).prev_sample
    assert_close(latents, golden.arrays["generate__latent_published"], 1e-5)


@dataclass
class Engines:
    """A golden checkpoint's engines, and how far they may be from the recorded numbers."""

    sessions: Sessions
    generator: Generator
    tensor_limit: float
    latents_limit: float


@pytest.fixture(scope="session", params=["fp32", "fp16"])
def golden_engines(request, golden, export_golden) -> Engines:
    sessions = Sessions(Bundle.open(export_golden(golden.folder, request.param)), "cpu")
    limits = {"fp32": (1e-4, 1e-3), "fp16": (2e-3, 2e-2)}[request.param]
    return Engines(sessions, Generator(sessions, golden.text), *limits)


@pytest.fixture(scope="session")
def stopping():
    with Stopping(never_stop) as watcher:
        yield watcher


def test_golden_engines_see_and_understand(golden, golden_engines, stopping):
    sessions, limit = golden_engines.sessions, golden_engines.tensor_limit
    embeddings = sessions.run("vision", {"pixel_values": golden.pixel_values()}, stopping)["image_embeddings"]
    assert_close(embeddings, golden.arrays["vision__embeds"], limit)
    engine = UnderstandingEngine(sessions, EmbeddingTable(sessions.bundle))
    place = engine.feed_image(Place(), embeddings[0], stopping)
    place, _ = engine.feed_text(place, golden.text.segment(golden.words["prompt"]), stopping)
    assert (place.row, place.position) == (golden.words["understand_kv_len"], golden.words["understand_position"])
    for kind in ("key", "value"):
        for layer, name in golden.layers(f"understand__prefill_{kind}_"):
            found = in_order(engine.key_values(layer, kind))[: place.row]
            assert_close(found, golden.arrays[f"understand__prefill_{kind}_{name}"], limit)
    logits = []
    for token in golden.arrays["understand__tokens"].tolist():
        place, after = engine.feed_text(place, [token], stopping)
        logits.append(after)
    assert_close(np.stack(logits), golden.arrays["understand__logits"], limit)


def test_golden_engines_draft_the_released_code_s_report(golden, golden_engines):
    from unix_edge import UniX

    wanted = golden.arrays["understand__tokens"].tolist()
    settings = ReportSettings(prompt=golden.words["prompt"], max_tokens=len(wanted))
    report = UniX(golden_engines.sessions).report(golden.folder / "input.png", settings)
    assert [golden.text.bos, *report.tokens] == wanted
    assert report.text == golden.words["understand_text"]


@pytest.mark.parametrize("graph", ["cross_attention", "understanding"])
def test_golden_engines_make_the_context(golden, golden_engines, stopping, graph):
    if graph == "understanding":  # as on a CPU
        context = golden_engines.generator.make_context(golden.prompt, stopping)
    else:
        rows = EmbeddingTable(golden_engines.sessions.bundle).rows(golden.prompt)
        feeds = {"embeddings": rows[None], "positions": np.arange(len(golden.prompt))[None]}
        context = golden_engines.sessions.run(graph, feeds, stopping)
    last = golden.checkpoint.config.language.num_hidden_layers - 1
    for name, recorded in (("context.0.key", "context_key_0"), (f"context.{last}.value", "context_value_last")):
        wanted = golden.arrays[f"generate__{recorded}"]  # (P, KV, D)
        found = np.asarray(context[name], np.float32)[0, : len(golden.prompt)]  # (P, KV*D)
        assert_close(found.reshape(wanted.shape), wanted, golden_engines.tensor_limit)


@pytest.fixture(scope="session")
def engine_velocity(golden, golden_engines, stopping):
    generator, noise = golden_engines.generator, golden.arrays["generate__noise"]
    return generator.make_velocity(generator.make_context(golden.prompt, stopping), len(golden.prompt), noise, stopping)


@pytest.mark.parametrize("name", VELOCITIES)
def test_golden_engines_velocity(golden, golden_engines, engine_velocity, name):
    timestep, settings = VELOCITIES[name]
    noise = golden.arrays["generate__noise"]
    found = guided_velocity(engine_velocity, noise, timestep, GenerationSettings(**settings))
    assert_close(found, golden.arrays[f"generate__velocity_{name}"], golden_engines.tensor_limit)


@pytest.mark.parametrize("name", LATENTS)
def test_golden_engines_latents_and_picture(golden, golden_engines, engine_velocity, stopping, name):
    *_, latents = sample(engine_velocity, golden.arrays["generate__noise"], GenerationSettings(**LATENTS[name]))
    assert_close(latents, golden.arrays[f"generate__latent_{name}"], golden_engines.latents_limit)
    if name == "published":
        picture = to_uint8(golden_engines.generator.decode(latents, stopping)).astype(float)
        assert np.abs(picture - golden.arrays["generate__image_published"]).mean() < 1


def test_golden_engines_decode(golden, golden_engines, stopping):
    latents = golden.arrays["vae__decode_in"]
    tokens = np.ascontiguousarray(latents[0].reshape(latents.shape[1], -1).T)
    found = golden_engines.generator.decode(tokens, stopping)
    assert_close(found, golden.arrays["vae__decode_out"], golden_engines.tensor_limit)
