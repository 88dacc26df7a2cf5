"""The sampler against its formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unix_edge.errors import SettingsError
from unix_edge.sampler import Condition, GenerationSettings, Renorm, guide, guided_velocity, sample, schedule

RANDOM = np.random.default_rng(0)
PLAIN, EMPTY, IMAGE_FREE = (RANDOM.standard_normal((9, 4), dtype=np.float32) for _ in range(3))
NOISE = RANDOM.standard_normal((9, 4), dtype=np.float32)


def test_the_schedule_runs_from_noise_to_image_warped_towards_noise():
    points = schedule(GenerationSettings())
    assert len(points) == 50 and points[0] == 1 and points[-1] == 0
    assert (np.diff(points) < 0).all()
    np.testing.assert_allclose(points[25], 3 * (24 / 49) / (1 + 2 * (24 / 49)), rtol=1e-6)
    np.testing.assert_allclose(schedule(GenerationSettings(shift=1.0)), np.linspace(1, 0, 50), atol=1e-6)


def recorder(asked):
    def velocity(latents, timestep, conditions):
        asked.append((timestep, tuple(conditions)))
        values = {Condition.PROMPT: PLAIN, Condition.EMPTY: EMPTY, Condition.IMAGE_FREE: IMAGE_FREE}
        return np.stack([values[each] for each in conditions])

    return velocity


def test_guidance_acts_only_within_its_interval():
    asked = []
    list(sample(recorder(asked), NOISE, GenerationSettings()))
    assert len(asked) == 49
    assert all((len(conditions) == 2) == (0.4 < t <= 1.0) for t, conditions in asked)
    assert sum(len(conditions) == 2 for _, conditions in asked) == 41


def test_without_an_image_the_third_evaluation_is_left_out_and_changes_nothing():
    """The image-free context is the context itself: three evaluations and two give the same velocity."""

    def velocity(latents, timestep, conditions):
        return np.stack([EMPTY if each is Condition.EMPTY else PLAIN for each in conditions])

    for renorm in Renorm:
        settings = GenerationSettings(guidance=3.0, image_guidance=1.5, renorm=renorm)
        folded = guided_velocity(velocity, NOISE, 0.8, settings)
        full = guided_velocity(velocity, NOISE, 0.8, settings, with_image=True)
        np.testing.assert_array_equal(folded, full)


def test_with_an_image_all_three_are_asked():
    asked = []
    guided_velocity(recorder(asked), NOISE, 0.8, GenerationSettings(image_guidance=1.5), with_image=True)
    assert asked == [(0.8, (Condition.PROMPT, Condition.EMPTY, Condition.IMAGE_FREE))]


def test_two_guidances_collapse_into_one_scale():
    both = guide(PLAIN, EMPTY, PLAIN, GenerationSettings(guidance=3.0, image_guidance=1.5))
    one = guide(PLAIN, EMPTY, PLAIN, GenerationSettings(guidance=1 + 1.5 * (3.0 - 1)))
    np.testing.assert_allclose(both, one, atol=1e-5)


@pytest.mark.parametrize("renorm", Renorm)
@given(st.floats(1, 10), st.floats(0, 1))
def test_renormalisation_only_ever_shortens(renorm, guidance, renorm_min):
    settings = GenerationSettings(guidance=guidance, renorm=renorm, renorm_min=renorm_min)
    raw = EMPTY + np.float32(guidance) * (PLAIN - EMPTY)
    guided = guide(PLAIN, EMPTY, PLAIN, settings)
    axis = None if renorm is Renorm.GLOBAL else -1
    lengths, before = np.linalg.norm(guided, axis=axis), np.linalg.norm(raw, axis=axis)
    assert (lengths <= before * (1 + 1e-4)).all()
    assert (lengths >= before * renorm_min * (1 - 1e-4)).all()
    if renorm_min == 0:
        assert (lengths <= np.linalg.norm(PLAIN, axis=axis) * (1 + 1e-4)).all()


def test_the_order_of_image_guidance_and_renormalisation():
    """text_channel shortens before image guidance, channel after it."""
    settings = {"guidance": 3.0, "image_guidance": 1.5}
    by_text = EMPTY + 3 * (PLAIN - EMPTY)

    def shortened(values):
        ratio = np.linalg.norm(PLAIN, axis=-1, keepdims=True) / np.linalg.norm(values, axis=-1, keepdims=True)
        return values * np.clip(ratio, 0, 1)

    def with_image(values):
        return IMAGE_FREE + 1.5 * (values - IMAGE_FREE)

    found = guide(PLAIN, EMPTY, IMAGE_FREE, GenerationSettings(renorm=Renorm.TEXT_CHANNEL, **settings))
    np.testing.assert_allclose(found, with_image(shortened(by_text)), atol=1e-5)
    found = guide(PLAIN, EMPTY, IMAGE_FREE, GenerationSettings(renorm=Renorm.CHANNEL, **settings))
    np.testing.assert_allclose(found, shortened(with_image(by_text)), atol=1e-5)


def test_a_straight_flow_is_followed_exactly():
    target = RANDOM.standard_normal((9, 4), dtype=np.float32)

    def velocity(latents, timestep, conditions):
        return ((latents - target) / timestep)[None]

    *_, last = sample(velocity, NOISE, GenerationSettings(guidance=1.0))
    np.testing.assert_allclose(last, target, atol=1e-5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timesteps": 1},
        {"shift": 0.0},
        {"guidance": 0.5},
        {"image_guidance": float("nan")},
        {"guidance_interval": (0.9, 0.1)},
        {"renorm_min": 2.0},
        {"seed": -1},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(SettingsError, match="Generation was not started"):
        GenerationSettings(**wrong)
