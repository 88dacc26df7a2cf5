from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest
import torch

from unix_edge.sampler import GenerationSettings, Renorm, seeded_noise
from unix_edge_export.nano import generation
from unix_edge_export.nano.attention import attend_plainly
from unix_edge_export.nano.encoded import encode_latents
from unix_edge_export.nano.generation import GenerationTask, draw_latents, latent_rows, pool
from unix_edge_export.nano.starting import sine_table, start_generation
from unix_edge_export.nano.training import left_behind
from unix_edge_export.reference.decoder import attend
from unix_edge_export.reference.run import Reference

CPU = torch.device("cpu")


@pytest.fixture
def make_task(model, scene):
    def make(settings):
        start_generation(model)
        torch.nn.init.normal_(model.llm2vae.weight)
        return GenerationTask(model, settings, scene)

    return make


@pytest.fixture
def task(recipe, make_task):
    return make_task(recipe.generation)


def test_a_batch_has_the_velocities_of_the_reference_path(task, text):
    prompt = [text.segment("Large left pleural effusion."), text.segment("Small right pleural effusion.")]
    assert len(prompt[0]) == len(prompt[1])
    clean, noise = torch.randn(2, 2, 144, task.model.config.vae.z_channels)
    timestep = torch.tensor([0.3, 0.8])
    reference = Reference(task.model)
    for segments in (prompt, None):
        with torch.no_grad():
            context = task._context(segments) if segments else []
            batch = task._velocity(clean, noise, timestep, context)
        for row in range(2):
            noisy = (1 - timestep[row]) * clean[row] + timestep[row] * noise[row]
            alone = reference.prompt_context(segments[row]) if segments else []
            expected = reference.velocity(noisy.numpy(), float(timestep[row]), alone)
            np.testing.assert_allclose(batch[row].numpy(), expected, atol=2e-4)


def test_latents_are_the_reference_path_s(model, phantoms):
    pixels = phantoms.pixels([1])
    expected = Reference(model).encode(np.repeat(pixels, 3, axis=0).astype(np.float32) / 127.5 - 1)
    found = encode_latents(model, pixels, 192, CPU)[0].T.reshape(expected.shape)
    np.testing.assert_allclose(found.numpy(), expected, atol=0.02)  # of bfloat16


def test_latents_drawn_at_once_are_those_drawn_one_by_one(task, text, monkeypatch):
    monkeypatch.setattr(generation, "bfloat16", lambda device: nullcontext())
    segments = [text.segment("Large left pleural effusion."), text.segment("Small right pleural effusion.")]
    settings = GenerationSettings(timesteps=4, renorm=Renorm.CHANNEL)
    noise = np.stack([seeded_noise(seed, 144, task.model.config.vae.z_channels) for seed in (3, 4)])
    found = draw_latents(task.model, segments, noise, settings)
    for row, segment in enumerate(segments):
        *_, expected = Reference(task.model).sample(segment, replace(settings, noise=noise[row]))
        np.testing.assert_allclose(found[row], expected, atol=1e-3)


def test_full_size_latents_take_the_rows_of_inference_and_small_ones_are_spread():
    assert latent_rows(12, 12, spread=True).tolist() == list(range(144))
    assert latent_rows(2, 12, spread=False).tolist() == [0, 1, 12, 13]
    assert latent_rows(2, 12, spread=True).tolist() == [0, 11, 132, 143]


def test_the_position_table_holds_columns_first_and_is_not_trained(task):
    table = sine_table(3, 8)
    assert torch.equal(table[5, :4], table[2, :4])  # row 1, column 2: the column's half is that of row 0, column 2
    assert torch.equal(table[5, 4:], table[3, 4:])
    assert not task.model.latent_pos_embed.weight.requires_grad
    assert "latent_pos_embed.weight" in left_behind(task)


def test_only_generation_and_its_adapters_learn(task):
    sum(task.losses(0.0, np.random.default_rng(0)).values()).backward()
    touched = {name.split(".")[0] for name, value in task.model.named_parameters() if value.grad is not None}
    assert touched == {"generation", "vae2llm", "llm2vae", "time_embedder"}


def test_at_low_resolution_hidden_states_are_aligned_with_the_tower_s_features(recipe, make_task):
    task = make_task(recipe.generation_low)
    terms = task.losses(0.0, np.random.default_rng(0))
    terms["alignment"].backward()
    assert all(value.grad.any() for value in task.helpers.parameters())
    aligned = task.model.generation.layers[: task.settings.aligned_layer]
    assert all(value.grad.any() for layer in aligned for value in layer.parameters() if value.ndim == 2)
    assert set(make_task(recipe.generation).losses(0.0, np.random.default_rng(0))) == {"velocity"}


def test_plain_attention_is_the_fused_one():
    torch.manual_seed(0)
    queries, keys, values = torch.randn(2, 6, 5, 8), torch.randn(2, 3, 9, 8), torch.randn(2, 3, 9, 8)
    for mask in (None, torch.ones(5, 9, dtype=torch.bool).tril(4)):
        torch.testing.assert_close(attend_plainly(queries, keys, values, mask), attend(queries, keys, values, mask))


def test_features_are_averaged_over_the_latents_cells():
    grid = torch.arange(16.0).reshape(1, 16, 1)
    assert pool(grid, 4).flatten().tolist() == [2.5, 4.5, 10.5, 12.5]
