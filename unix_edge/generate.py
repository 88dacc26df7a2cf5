"""Generation: a report's text becomes a synthetic radiograph."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .embeddings import EmbeddingTable
from .errors import NotFiniteError, PromptError, SettingsError
from .graphs import CONTEXT_BUCKETS, CROSS_ATTENTION, DENOISER, VAE_DECODER
from .preview import make_preview
from .prompts import names_something_of_a_chest
from .provenance import Provenance, describe, hash_text
from .sampler import Condition, FloatArray, GenerationSettings, Velocity, sample, schedule, seeded_noise
from .sentences import Sentence
from .sessions import Backend, Bound, Sessions, ShouldStop, Stopping, never_stop
from .text import Text, is_text
from .understanding import Place, UnderstandingEngine

__all__ = ["DenoisingStep", "GenerationSettings", "Generator", "SyntheticImage"]

Context = dict[str, NDArray[Any]]
"""Keys and values of every layer (1, P, KV*D) by tensor name; P is a bucket, padded with zeros."""


@dataclass(frozen=True, slots=True)
class DenoisingStep:
    """One step of the way from noise to image."""

    step: int
    steps: int
    latents: FloatArray
    """(N, channels)."""
    preview: NDArray[np.uint8] | None
    """(H, W) gray: what the picture would be if the way went straight on; coarse, and None of a bundle that does not
    say how to make it."""


@dataclass(frozen=True, slots=True)
class SyntheticImage:
    """A generated picture. Its pixels are unmarked here; whatever writes them marks them (`marking.py`)."""

    pixels: NDArray[np.uint8]
    """(H, W, 3)."""
    latents: FloatArray
    """(N, channels)."""
    provenance: Provenance


class Generator:
    """The generation branch's engines."""

    def __init__(self, sessions: Sessions, text: Text) -> None:
        self._sessions, self._text = sessions, text
        self._dims = sessions.bundle.manifest.model
        self._table = EmbeddingTable(sessions.bundle)

    def stream(
        self, prompt: str, settings: GenerationSettings, should_stop: ShouldStop = never_stop
    ) -> Iterator[DenoisingStep | SyntheticImage]:
        """Yield each step, last the SyntheticImage; nothing runs until you iterate.

        Raises:
            PromptError: The prompt is empty or too long.
            SettingsError: The size or the noise does not fit the model.
            StoppedError: `should_stop` became true; nothing of a picture is kept.
        """
        ids, noise = self.check_prompt(prompt), self._checked_noise(settings)
        points = schedule(settings)
        steps = len(points) - 1
        with Stopping(should_stop) as stopping:
            velocity = self.make_velocity(self.make_context(ids, stopping), len(ids), noise, stopping)
            before = latents = noise
            for step, latents in enumerate(sample(velocity, noise, settings), start=1):
                yield DenoisingStep(step, steps, latents, self._preview(before, latents, *points[step - 1 : step + 1]))
                before = latents
            if not np.isfinite(latents).all():
                raise NotFiniteError(DENOISER)
            pixels = to_uint8(self.decode(latents, stopping))
        yield SyntheticImage(pixels, latents, self._provenance(prompt, settings))

    def check_prompt(self, prompt: str) -> list[int]:
        """Return a prompt's tokens.

        Raises:
            PromptError: It is empty or too long.
        """
        if not prompt.strip():
            raise PromptError(
                Sentence("The prompt is empty; nothing was generated. Describe what the picture should show.")
            )
        if not is_text(prompt):
            raise PromptError(Sentence("The prompt holds bytes that are no text in UTF-8; nothing was generated."))
        ids = self._text.segment(prompt)
        if len(ids) > CONTEXT_BUCKETS[-1]:
            raise PromptError(
                Sentence(
                    "The prompt has {0} tokens and {1} is the most; nothing was generated. Shorten it.",
                    len(ids),
                    CONTEXT_BUCKETS[-1],
                )
            )
        return ids

    def make_context(self, ids: Sequence[int], stopping: Stopping) -> Context:
        """Run a prompt's tokens once: the keys and values that the latents attend to.

        `understanding` has them, too. In a computer's memory each graph holds weights of its own, so a graph more would
        hold a third more; a card shares them, and `cross_attention` needs no buffers there.
        """
        if self._sessions.device.backend is Backend.CPU:
            engine = UnderstandingEngine(self._sessions, self._table)
            engine.feed_text(Place(), list(ids), stopping)
            return pad(cast(engine.context(len(ids)), self._sessions.dtypes(DENOISER)), len(ids))
        feeds: dict[str, NDArray[Any]] = {
            "embeddings": self._table.rows(ids)[None],
            "positions": np.arange(len(ids), dtype=np.int64)[None],
        }
        found = self._sessions.run(CROSS_ATTENTION, feeds, stopping)
        return pad(found, len(ids))

    def make_velocity(self, context: Context, tokens: int, noise: FloatArray, stopping: Stopping) -> Velocity:
        """Bind the denoiser to a context of so many tokens: batch 1 with the prompt, 2 with and without it."""
        self._sessions.session(DENOISER)
        return _Denoiser(self._sessions, context, tokens, noise.shape, self._latent_positions(len(noise)), stopping)

    def decode(self, latents: FloatArray, stopping: Stopping) -> FloatArray:
        """Decode latents (N, channels) of a square image to pixels (3, H, W), about -1..1."""
        side = round(len(latents) ** 0.5)
        grid = np.ascontiguousarray(latents.T.reshape(1, -1, side, side))
        return self._sessions.run(VAE_DECODER, {"latents": grid}, stopping)["pixels"][0]

    def _preview(
        self, before: FloatArray, latents: FloatArray, now: np.float32, then: np.float32
    ) -> NDArray[np.uint8] | None:
        """Return a guess of the picture after the step from `now` to `then`."""
        weights = self._sessions.bundle.manifest.preview
        if not weights:
            return None
        return make_preview(latents - (before - latents) / (now - then) * then, weights)

    def _latent_positions(self, tokens: int) -> NDArray[np.int64]:
        """Return the rows of the position table: its stride stays the largest image's."""
        side = np.arange(round(tokens**0.5), dtype=np.int64)
        return (side[:, None] * self._dims.latent_size + side).ravel()

    def _checked_noise(self, settings: GenerationSettings) -> FloatArray:
        largest, unit = self._dims.picture_size, self._dims.downsample
        size = largest if settings.size is None else settings.size
        if size % unit or not unit <= size <= largest:
            raise SettingsError(
                Sentence(
                    "A picture of {0} pixels cannot be generated: it must be a multiple of {1} up to {2}.",
                    size,
                    unit,
                    largest,
                )
            )
        shape = ((size // unit) ** 2, self._dims.latent_channels)
        if settings.noise is None:
            return seeded_noise(settings.seed, *shape)
        if settings.noise.shape != shape:
            raise SettingsError(
                Sentence("The starting noise is {0}; {1} pixels take {2}.", str(settings.noise.shape), size, str(shape))
            )
        return settings.noise.astype(np.float32)

    def _provenance(self, prompt: str, settings: GenerationSettings) -> Provenance:
        parameters = asdict(settings)
        parameters |= {"noise": "given" if parameters.pop("noise") is not None else "seeded"}
        parameters |= {"steps": len(schedule(settings)) - 1}
        parameters |= {"size": settings.size or self._dims.picture_size, "prompt_sha256": hash_text(prompt)}
        parameters |= {"prompt_understood": names_something_of_a_chest(prompt)}
        return describe(self._sessions, parameters)


def cast(context: Mapping[str, NDArray[Any]], dtypes: Mapping[str, type[np.generic]]) -> dict[str, NDArray[Any]]:
    """Give keys and values the dtypes that the denoiser reads."""
    return {name: values.astype(dtypes[name], copy=False) for name, values in context.items()}


def pad(context: Mapping[str, NDArray[Any]], tokens: int) -> Context:
    """Pad keys and values (1, tokens, KV*D) with zeros to a bucket."""
    bucket = next(size for size in CONTEXT_BUCKETS if size >= tokens)
    return {name: np.pad(values, [(0, 0), (0, bucket - tokens), (0, 0)]) for name, values in context.items()}


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class _Buffers:
    """What a step of one batch reads and writes."""

    inputs: dict[str, Any]
    velocity: Any


class _Denoiser:
    """The denoiser for one picture. It can be bound again: where memory was wanted in between, its graph was let go."""

    def __init__(
        self,
        sessions: Sessions,
        context: Context,
        tokens: int,
        shape: tuple[int, ...],
        positions: NDArray[np.int64],
        stopping: Stopping,
    ) -> None:
        self._sessions, self._stopping, self._shape = sessions, stopping, shape
        self._context, self._tokens, self._positions = context, tokens, positions
        self._buffers: dict[int, _Buffers] = {}

    def __call__(self, latents: FloatArray, timestep: float, conditions: Sequence[Condition]) -> FloatArray:
        """Run one step's velocity."""
        assert conditions in ([Condition.PROMPT], [Condition.PROMPT, Condition.EMPTY])
        batch = len(conditions)

        def work() -> FloatArray:
            if batch not in self._buffers:
                self._buffers[batch] = self._fill(batch)
            buffers = self._buffers[batch]
            bound = self._sessions.bound(DENOISER, buffers, lambda session: _bind(session, buffers))
            moving = buffers.inputs
            moving["latents"].update_inplace(np.ascontiguousarray(np.broadcast_to(latents, (batch, *self._shape))))
            moving["timestep"].update_inplace(np.full(batch, timestep, np.float32))
            self._sessions.run_bound(DENOISER, bound, self._stopping, captured=True)
            return np.array(buffers.velocity.numpy())

        return self._sessions.with_room(DENOISER, work)

    def _fill(self, batch: int) -> _Buffers:
        """Take buffers for a batch and put in what stays the same at every step."""
        bucket = next(iter(self._context.values())).shape[1]
        tokens = np.array([self._tokens, 0][:batch], np.int64)
        fixed = {
            "latent_positions": self._positions,
            "position": tokens,
            "visible": tokens + len(self._positions) + 2,  # start_of_image and end_of_image are the segment's, too
            **{name: _pad_batch(values, batch) for name, values in self._context.items()},
        }

        def make() -> _Buffers:
            moving = {
                "latents": self._sessions.empty((batch, *self._shape), np.float32),
                "timestep": self._sessions.empty((batch,), np.float32),
            }
            placed = {name: self._sessions.place(values) for name, values in fixed.items()}
            return _Buffers(placed | moving, self._sessions.empty((batch, *self._shape), np.float32))

        def refill(buffers: _Buffers) -> None:
            for name, values in fixed.items():
                buffers.inputs[name].update_inplace(np.ascontiguousarray(values))

        return self._sessions.lend(self, (DENOISER, batch, bucket, self._shape), make, refill)


def _bind(session: Any, buffers: _Buffers) -> Bound:
    binding = session.io_binding()
    for name, value in buffers.inputs.items():
        binding.bind_ortvalue_input(name, value)
    binding.bind_ortvalue_output("velocity", buffers.velocity)
    return Bound(binding)


def _pad_batch(values: NDArray[Any], batch: int) -> NDArray[Any]:
    """Return (1, ...) as (batch, ...); the rows added are never seen."""
    return np.concatenate([values, np.zeros_like(values).repeat(batch - 1, axis=0)])


def to_uint8(pixels: FloatArray) -> NDArray[np.uint8]:
    """Turn decoded pixels (3, H, W) into (H, W, 3), truncating as the released code does."""
    return np.ascontiguousarray((np.clip(pixels / 2 + 0.5, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0))
