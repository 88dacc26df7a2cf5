"""Generation: steps, seeds, sizes, stops."""

import itertools
import threading
import time

import numpy as np
import pytest

from unix_edge import GenerationSettings, SyntheticImage
from unix_edge.errors import PromptError, SettingsError, StoppedError
from unix_edge.generate import DenoisingStep
from unix_edge.sampler import seeded_noise

QUICK = {"timesteps": 4}


def test_the_stream_counts_its_steps_and_ends_with_the_picture(unix):
    *steps, picture = unix.stream_generate("Clear lungs.", GenerationSettings(timesteps=6))
    assert [(each.step, each.steps) for each in steps] == [(k, 5) for k in range(1, 6)]
    assert all(isinstance(each, DenoisingStep) for each in steps)
    assert isinstance(picture, SyntheticImage)
    assert picture.pixels.shape == (128, 128, 3) and picture.pixels.dtype == np.uint8
    np.testing.assert_array_equal(picture.latents, steps[-1].latents)


def test_a_seed_repeats_a_picture_and_another_changes_it(unix):
    one, same, other = (unix.generate("Clear lungs.", GenerationSettings(seed=s, **QUICK)) for s in (7, 7, 8))
    np.testing.assert_array_equal(one.pixels, same.pixels)
    assert (one.pixels != other.pixels).any()


def test_noise_may_be_given(unix):
    noise = seeded_noise(7, 64, 16)
    given = unix.generate("Clear lungs.", GenerationSettings(noise=noise, **QUICK))
    seeded = unix.generate("Clear lungs.", GenerationSettings(seed=7, **QUICK))
    np.testing.assert_array_equal(given.pixels, seeded.pixels)
    assert given.provenance.parameters["noise"] == "given"


def test_the_prompt_guides_the_picture(unix):
    with_one, with_other = (
        unix.generate(prompt, GenerationSettings(**QUICK)).pixels for prompt in ("Clear lungs.", "Pneumothorax.")
    )
    assert (with_one != with_other).any()


def test_smaller_sizes_use_the_same_rows_of_the_position_table(unix):
    assert unix.generate("Clear lungs.", GenerationSettings(size=64, **QUICK)).pixels.shape == (64, 64, 3)


def test_padding_of_the_context_changes_nothing(unix, monkeypatch):
    import unix_edge.generate as module

    padded = unix.generate("Clear lungs.", GenerationSettings(**QUICK)).latents
    monkeypatch.setattr(module, "CONTEXT_BUCKETS", (256,))
    more = unix.generate("Clear lungs.", GenerationSettings(**QUICK)).latents
    np.testing.assert_allclose(more, padded, atol=1e-5)


@pytest.mark.parametrize("size", [0, -16, 8, 100, 144, 10**6])
def test_a_size_that_the_model_cannot_make_is_refused(unix, size):
    with pytest.raises(SettingsError, match="a multiple of 16 up to 128"):
        unix.generate("Clear lungs.", GenerationSettings(size=size))


def test_noise_of_another_shape_is_refused(unix):
    with pytest.raises(SettingsError, match=r"starting noise is \(3, 16\)"):
        unix.generate("Clear lungs.", GenerationSettings(noise=np.zeros((3, 16), np.float32)))


def test_an_empty_prompt_and_one_too_long_are_refused(unix):
    with pytest.raises(PromptError, match="The prompt is empty; nothing was generated"):
        unix.generate(" ")
    with pytest.raises(PromptError, match="512 is the most; nothing was generated"):
        unix.generate("left " * 600)


def test_a_stop_leaves_within_half_a_second_and_keeps_nothing(unix):
    stop = threading.Event()
    stream = unix.stream_generate("Clear lungs.", GenerationSettings(timesteps=1000), should_stop=stop.is_set)
    list(itertools.islice(stream, 3))
    stop.set()
    began = time.perf_counter()
    with pytest.raises(StoppedError):
        list(stream)
    assert time.perf_counter() - began < 0.5


def test_provenance_tells_how_to_make_it_again(unix):
    provenance = unix.generate("Secret words.", GenerationSettings(seed=3, **QUICK)).provenance
    assert provenance.parameters["seed"] == 3 and provenance.parameters["size"] == 128
    assert len(provenance.checkpoint_sha256) == 64
    assert "Secret" not in str(provenance)
