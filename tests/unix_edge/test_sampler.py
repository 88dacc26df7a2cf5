"""The sampler against its formulas."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unix_edge.errors import SettingsError
from unix_edge.sampler import (
    Condition,
    GenerationSettings,
    Quality,
    Renorm,
    Solver,
    guide,
    guided_velocity,
    sample,
    schedule,
    step_weights,
)

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
        {"stride": 0},
        {"guidance_every": 0},
        {"seed": -1},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(SettingsError, match="Generation was not started"):
        GenerationSettings(**wrong)


def exact(step_count, solver=Solver.ADAMS_BASHFORTH, **others):
    """Return the error at the end of a way that is known: of dx/dt = a(t), guided throughout."""

    def slope(t):
        return np.float64(3 * (t - 1) ** 2 + np.cos(4 * (t - 1)))

    def velocity(latents, timestep, conditions):
        plain = np.full((9, 4), slope(timestep), np.float32)
        return np.stack([plain if each is Condition.PROMPT else np.zeros_like(plain) for each in conditions])

    settings = GenerationSettings(
        solver=solver, timesteps=step_count + 1, shift=1.0, guidance=2.0, guidance_interval=(0.0, 1.0), **others
    )
    *_, end = sample(velocity, np.zeros((9, 4), np.float32), settings)
    # Guidance doubles it, and renormalisation halves it again.
    return abs(float(end[0, 0]) - (-(1 + np.sin(4.0) / 4)))


def test_the_solver_s_error_falls_faster_than_euler_s():
    """Its own steps are of third order; what is left is of the first ones, where little bends."""
    fine, coarse = exact(96), exact(24)
    assert coarse / fine > 4**2, (coarse, fine)
    assert 3 < exact(24, Solver.EULER) / exact(96, Solver.EULER) < 5
    assert exact(96) < exact(96, Solver.EULER) / 20


@given(st.lists(st.floats(0.01, 0.3), min_size=3, max_size=3), st.floats(0.01, 0.3))
def test_weights_are_exact_for_what_is_of_second_degree(steps, way):
    now = np.float32(0.5)
    times = np.float32(0.5) + np.cumsum(np.array(steps[::-1], np.float32))[::-1]
    times = [*times[1:], now]
    then = np.float32(now - np.float32(way))
    weights = step_weights(times, then).astype(np.float64)
    for power in range(3):
        integral = (float(then) ** (power + 1) - float(now) ** (power + 1)) / (power + 1)
        found = sum(weight * float(time) ** power for weight, time in zip(weights, times, strict=True))
        assert found == pytest.approx(integral, rel=2e-3, abs=2e-4 * abs(weights).max())


def test_of_one_velocity_a_step_is_euler_s_to_the_last_bit():
    points = schedule(GenerationSettings())
    for now, then in pairwise(points):
        assert step_weights([now], then)[0] == then - now


def test_the_solver_begins_afresh_where_guidance_ends_and_a_point_lies_there():
    settings = GenerationSettings.of_quality(Quality.BALANCED)
    points = schedule(settings)
    assert len(points) == 20 and (np.diff(points) < 0).all()
    (bound,) = [each for each in points if abs(float(each) - 0.4) < 1e-6]
    assert float(bound) <= 0.4
    jump = Jump()
    *_, end = sample(jump, np.zeros((9, 4), np.float32), settings)
    # Two constants are followed exactly only by who never draws a curve through both.
    np.testing.assert_allclose(end, -(0.6 * PLAIN * jump.guided + 0.4 * PLAIN), rtol=2e-5, atol=1e-6)


def test_points_are_left_out_while_guidance_acts_and_steps_grow_to_the_stride():
    every = schedule(GenerationSettings(solver=Solver.ADAMS_BASHFORTH, timesteps=41))
    points = schedule(GenerationSettings.of_quality(Quality.BALANCED))
    guided = [int(np.argmin(np.abs(every - each))) for each in points if each > 0.4]
    assert guided == [0, 1, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    np.testing.assert_array_equal(points[len(guided) :], every[33:])
    both = schedule(GenerationSettings.of_quality(Quality.BALANCED, guidance_interval=(0.4, 0.8)))
    assert any(abs(each - 0.8) < 1e-6 for each in both), "where guidance begins, too"
    np.testing.assert_array_equal(schedule(GenerationSettings.of_quality(Quality.BALANCED, guidance=1.0)), points)


@given(
    st.integers(2, 60),
    st.integers(1, 70),
    st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted).map(tuple),
    st.floats(0.1, 20),
)
def test_whatever_the_settings_the_way_goes_from_one_to_zero(timesteps, stride, interval, shift):
    settings = {"timesteps": timesteps, "guidance_interval": interval, "shift": shift}
    plain = schedule(GenerationSettings(**settings))
    points = schedule(GenerationSettings(solver=Solver.ADAMS_BASHFORTH, stride=stride, **settings))
    assert (points[0], points[-1]) == (plain[0], 0) and (np.diff(points) < 0).all() and len(points) <= len(plain)


def test_below_the_guidance_interval_steps_are_euler_s():
    """A curve through earlier velocities is nearer to the way's end, and what is seen there is worse."""
    settings = GenerationSettings.of_quality(Quality.BALANCED)
    points = schedule(settings)

    def velocity(latents, timestep, conditions):
        return np.full((len(conditions), 9, 4), np.sin(9 * timestep), np.float32)

    ends = [*sample(velocity, np.zeros((9, 4), np.float32), settings)]
    for (before, after), (now, then) in zip(pairwise(ends[11:]), pairwise(points[12:]), strict=True):
        assert now <= np.float32(0.4)
        np.testing.assert_allclose(after - before, (then - now) * np.sin(9 * now), rtol=1e-4, atol=1e-6)


class Jump:
    """A velocity that is one constant with guidance and another without."""

    guided = 3.0

    def __call__(self, latents, timestep, conditions):
        if len(conditions) > 1:
            return np.stack([PLAIN * self.guided, PLAIN * self.guided])
        return np.stack([PLAIN * (self.guided if timestep > 0.4 else 1.0)])


@pytest.mark.parametrize(
    ("quality", "evaluations"), [(Quality.PUBLISHED, 90), (Quality.BALANCED, 25), (Quality.FAST, 15)]
)
def test_a_quality_costs_what_it_says(quality, evaluations):
    asked = []
    list(sample(recorder(asked), NOISE, GenerationSettings.of_quality(quality)))
    assert sum(len(conditions) for _, conditions in asked) == evaluations


def test_what_guidance_adds_is_kept_between_its_renewals():
    """A velocity whose differences never change is guided in the same way however seldom they are computed."""
    ways = []
    for every in (1, 2, 5):
        asked = []
        settings = GenerationSettings(guidance=3.0, image_guidance=1.5, guidance_every=every)
        ways.append([*sample(recorder(asked), NOISE, settings, with_image=True)])
        guided = [t for t, conditions in asked if len(conditions) == 3]
        assert len(guided) == -(-41 // every) and all(t > 0.4 for t in guided)
    for way in ways[1:]:
        np.testing.assert_allclose(way[-1], ways[0][-1], rtol=1e-4, atol=1e-4)
