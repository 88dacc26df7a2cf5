"""The flow-matching sampler: from noise to latents, with classifier-free guidance.

The released code takes Euler steps. A multistep solver looks back at the last velocities, too, which it has anyway, and
comes as near to the way's true end with a third of the steps (`benchmarks/solvers.py`). But the true end shows less:
where guidance has ended, the error of Euler steps makes better pictures (docs/adr/0016).

Written once, in numpy and float32, for the PyTorch reference path and for the engines alike: both give it a
`Velocity`, which evaluates their network.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Protocol, Self, assert_never

import numpy as np
from numpy.typing import NDArray

from .errors import SettingsError
from .sentences import Sentence

FloatArray = NDArray[np.float32]


class Renorm(StrEnum):
    """How the guided velocity is scaled back to the length of the plain one."""

    GLOBAL = "global"
    """One scale for all latents."""
    CHANNEL = "channel"
    """One scale for each latent token."""
    TEXT_CHANNEL = "text_channel"
    """As CHANNEL, on the text-guided velocity, before image guidance."""


class Solver(StrEnum):
    """How the way from noise to latents is walked."""

    EULER = "euler"
    """Straight on by each velocity, as the released code does."""
    ADAMS_BASHFORTH = "adams-bashforth"
    """By the curve through the last three velocities, whatever their distances; below guidance's interval as EULER."""

    @property
    def order(self) -> int:
        """How many velocities a step looks at."""
        return 1 if self is Solver.EULER else 3


class Quality(StrEnum):
    """How long a picture may take."""

    PUBLISHED = "published"
    """As the released code: 90 evaluations of the network, those without the prompt included."""
    BALANCED = "balanced"
    """As good as PUBLISHED, with between a quarter and a third of its evaluations."""
    FAST = "fast"
    """With a sixth."""


QUALITIES: Mapping[Quality, Mapping[str, Any]] = MappingProxyType(
    {
        Quality.PUBLISHED: {},
        Quality.BALANCED: {"solver": Solver.ADAMS_BASHFORTH, "timesteps": 41, "stride": 3, "guidance_every": 2},
        Quality.FAST: {"solver": Solver.ADAMS_BASHFORTH, "timesteps": 25, "stride": 4, "guidance_every": 2},
    }
)
"""What `GenerationSettings` each quality means."""


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """How an image is generated; the defaults are those of the published numbers."""

    size: int | None = None
    """Side of the picture in pixels; None: the largest that the model knows."""
    timesteps: int = 50
    """Points of the schedule; one more than evaluations."""
    shift: float = 3.0
    """Warp of the schedule towards noise; 1 leaves it even."""
    guidance: float = 2.0
    """Weight of the prompt against no prompt; 1 turns it off."""
    image_guidance: float = 1.0
    """Weight of all that was given against the text alone; without an image it strengthens the prompt's guidance."""
    guidance_interval: tuple[float, float] = (0.4, 1.0)
    """Guidance acts where low < timestep <= high."""
    guidance_every: int = 1
    """Steps after which it is computed again what guidance adds to the plain velocity; it changes slowly."""
    solver: Solver = Solver.EULER
    stride: int = 1
    """Points of the schedule to a step, where a solver looks back; the first steps are 1, 2 and so on."""
    renorm: Renorm = Renorm.GLOBAL
    renorm_min: float = 0.0
    """The smallest scale that renormalisation may apply, 0 to 1."""
    seed: int = 0
    """Seed of the starting noise."""
    noise: FloatArray | None = None
    """Starting noise (N, channels) in place of a seeded one."""

    def __post_init__(self) -> None:
        """Refuse values that no sampler can use."""
        low, high = self.guidance_interval
        rules = {
            Sentence("timesteps must be from 2 to 1000"): 2 <= self.timesteps <= 1000,
            Sentence("shift must be above 0 and at most 100"): 0 < self.shift <= 100,
            Sentence("guidance must be from 1 to 100"): 1 <= self.guidance <= 100,
            Sentence("image guidance must be from 1 to 100"): 1 <= self.image_guidance <= 100,
            Sentence("the guidance interval must rise within 0 and 1"): 0 <= low <= high <= 1,
            Sentence("guidance must be renewed every 1 to 100 steps"): 1 <= self.guidance_every <= 100,
            Sentence("the stride must be from 1 to 100"): 1 <= self.stride <= 100,
            Sentence("renorm_min must be from 0 to 1"): 0 <= self.renorm_min <= 1,
            Sentence("the seed must be from 0 to 2**63 - 1"): 0 <= self.seed < 2**63,
        }
        if broken := [rule for rule, kept in rules.items() if not kept]:
            raise SettingsError(Sentence("Generation was not started: {0}.", tuple(broken)))

    @classmethod
    def of_quality(cls, quality: Quality, **others: Any) -> Self:
        """Return the settings of a quality, and others as given."""
        return cls(**QUALITIES[quality], **others)


class Condition(Enum):
    """What the network is shown beside the latents."""

    PROMPT = auto()
    """All that was given."""
    EMPTY = auto()
    """No context at all."""
    IMAGE_FREE = auto()
    """All that was given but the image."""


class Velocity(Protocol):
    """One evaluation of the network under several conditions."""

    def __call__(self, latents: FloatArray, timestep: float, conditions: Sequence[Condition]) -> FloatArray:
        """Map latents (N, channels) to velocities (len(conditions), N, channels), from data to noise."""


def schedule(settings: GenerationSettings) -> FloatArray:
    """Return the timesteps from 1 to 0, the last but one evaluated last: a grid warped by `s t / (1 + (s - 1) t)`.

    A solver that looks back leaves points out, down to the guidance interval's end. Where guidance begins or ends the
    velocity jumps, which no curve through earlier ones foresees: the nearest point is moved there and kept, and as at
    the start the steps from it are short, until there is a curve.
    """
    even = np.linspace(1, 0, settings.timesteps, dtype=np.float32)
    shift = np.float32(settings.shift)
    points = (shift * even / (1 + (shift - 1) * even)).astype(np.float32)
    if settings.solver.order == 1 or len(points) <= 2:
        return points
    for bound in _bounds(settings):
        nearest = 1 + int(np.argmin(np.abs(points[1:-1] - bound)))
        if points[nearest - 1] > bound > points[nearest + 1]:
            points[nearest] = bound
    marks = [0, *(int(np.argmax(points <= bound)) for bound in _bounds(settings)), len(points) - 1]
    kept: list[int] = []
    for first, until in pairwise(sorted(marks)):
        looks_back = points[first] > settings.guidance_interval[0]
        at, step = first, 1
        while at < until:
            kept.append(at)
            at += min(step, settings.stride) if looks_back else 1
            step += 1
    return points[[*kept, -1]]


def _bounds(settings: GenerationSettings) -> list[np.float32]:
    """Return the timesteps within 0 and 1 at which guidance begins or ends, each the first on its later side."""
    bounds = []
    for bound in sorted(settings.guidance_interval, reverse=True):
        rounded = np.float32(bound)
        bounds.append(rounded if float(rounded) <= bound else np.nextafter(rounded, np.float32(0)))
    return [each for each in bounds if 0 < each < 1]


def seeded_noise(seed: int, tokens: int, channels: int) -> FloatArray:
    """Draw the starting noise (tokens, channels) of a seed."""
    return np.random.default_rng(seed).standard_normal((tokens, channels), dtype=np.float32)


def sample(
    velocity: Velocity, noise: FloatArray, settings: GenerationSettings, *, with_image: bool = False
) -> Iterator[FloatArray]:
    """Yield the latents (N, channels) after each step; nothing runs until you iterate.

    Args:
        velocity: The network.
        noise: Where to start.
        settings: Schedule and guidance.
        with_image: Whether the context holds an image. If not, the context without the image is the context
            itself, and its evaluation, which the released code repeats, is left out: the result is the same.
    """
    points, bounds = schedule(settings), _bounds(settings)
    latents = noise.astype(np.float32)
    guided = _Guided(velocity, settings, with_image=with_image)
    times: list[np.float32] = []
    velocities: list[FloatArray] = []
    for step, (now, then) in enumerate(pairwise(points)):
        if times and any(now <= bound < times[-1] for bound in bounds):
            times, velocities = [], []
        order = settings.solver.order if now > settings.guidance_interval[0] else 1
        times = [*times, now][-order:]
        found = guided(latents, float(now), renew=step % settings.guidance_every == 0)
        velocities = [*velocities, found][-order:]
        for weight, each in zip(step_weights(times, then), velocities, strict=True):
            latents = latents + weight * each
        yield latents


def step_weights(times: Sequence[np.float32], then: np.float32) -> NDArray[np.float32]:
    """Return how far to go by each of the velocities at `times`, the last of which is now, to come to `then`.

    They integrate the polynomial through the velocities (variable-step Adams-Bashforth; Hairer, Norsett and Wanner,
    Solving Ordinary Differential Equations I, III.5), and of one velocity make an Euler step.
    """
    way = np.float64(then) - np.float64(times[-1])
    powers = np.arange(len(times))
    since = np.array(times, np.float64) - np.float64(times[-1])
    # Exact for 1, s, s**2 ...; in units of the way, so that small steps do not lose digits.
    exact = np.linalg.solve((since / way)[None, :] ** powers[:, None], 1 / (powers + 1))
    return (way * exact).astype(np.float32)


def guided_velocity(
    velocity: Velocity,
    latents: FloatArray,
    timestep: float,
    settings: GenerationSettings,
    *,
    with_image: bool = False,
) -> FloatArray:
    """Evaluate the network as often as the guidance at `timestep` needs, and combine (N, channels)."""
    return _Guided(velocity, settings, with_image=with_image)(latents, timestep)


@dataclass(slots=True)
class _Guided:
    """The guided velocity, and what the other conditions' differed by from the prompt's when they were last run."""

    velocity: Velocity
    settings: GenerationSettings
    with_image: bool
    differences: dict[Condition, FloatArray] = field(default_factory=dict)

    def __call__(self, latents: FloatArray, timestep: float, *, renew: bool = True) -> FloatArray:
        """Evaluate the network; unless `renew`, add the differences that are known in place of evaluations."""
        low, high = self.settings.guidance_interval
        acts = low < timestep <= high
        others = []
        if acts and self.settings.guidance > 1:
            others.append(Condition.EMPTY)
        if acts and self.settings.image_guidance > 1 and self.with_image:
            others.append(Condition.IMAGE_FREE)
        known = not renew and all(each in self.differences for each in others)
        conditions = [Condition.PROMPT, *(others if not known else [])]
        found = dict(zip(conditions, self.velocity(latents, timestep, conditions), strict=True))
        plain = found[Condition.PROMPT]
        if not others:
            return plain
        if known:
            found |= {each: plain + self.differences[each] for each in others}
        elif self.settings.guidance_every > 1:
            self.differences = {each: found[each] - plain for each in others}
        return guide(plain, found.get(Condition.EMPTY, plain), found.get(Condition.IMAGE_FREE, plain), self.settings)


def guide(plain: FloatArray, empty: FloatArray, image_free: FloatArray, settings: GenerationSettings) -> FloatArray:
    """Guide by the text, then by the image, and scale back, in the order of the released code."""
    by_text = empty + np.float32(settings.guidance) * (plain - empty)
    if settings.renorm is Renorm.TEXT_CHANNEL:
        by_text = _scale_back(plain, by_text, settings)
    guided = image_free + np.float32(settings.image_guidance) * (by_text - image_free)
    if settings.renorm is Renorm.TEXT_CHANNEL:
        return guided
    return _scale_back(plain, guided, settings)


def _scale_back(plain: FloatArray, guided: FloatArray, settings: GenerationSettings) -> FloatArray:
    """Shorten `guided` to the length of `plain` where it is longer."""
    match settings.renorm:
        case Renorm.GLOBAL:
            axis = None
        case Renorm.CHANNEL | Renorm.TEXT_CHANNEL:
            axis = -1
        case _:
            assert_never(settings.renorm)
    lengths = [np.linalg.norm(each.astype(np.float64), axis=axis, keepdims=True) for each in (plain, guided)]
    scale = np.clip(lengths[0] / (lengths[1] + 1e-8), settings.renorm_min, 1.0)
    return (guided * scale).astype(np.float32)
