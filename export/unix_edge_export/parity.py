"""Compare the engines with the reference path, graph by graph and, for small checkpoints, from end to end.

Every graph is measured on several inputs and judged by two numbers, each the worst of its inputs: the largest
difference over the largest value, which sees one wrong row, and the root mean square of the difference over that of
the values, which no single value decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from unix_edge.bundle import Bundle, ParityRecord
from unix_edge.embeddings import EmbeddingTable
from unix_edge.generate import Generator, cast, pad, to_uint8
from unix_edge.graphs import CROSS_ATTENTION, DENOISER, UNDERSTANDING, VAE_DECODER, VISION, base_of, form_of
from unix_edge.sampler import FloatArray, GenerationSettings, sample
from unix_edge.sessions import Sessions, Stopping, never_stop
from unix_edge.text import Text
from unix_edge.understanding import Place, UnderstandingEngine

from .expectation import Draft, Expected, Sampled
from .probes import EVALUATIONS
from .reference.precision import Precision

END_TO_END_BYTES = 10**9
"""Checkpoints up to this size are also run from end to end: a whole report and a whole picture."""

Pairs = Sequence[tuple[FloatArray, FloatArray]]
"""What was found and what was wanted, of each input."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far engines may be from the reference path."""

    largest: float
    """Largest difference over largest value."""
    rms: float
    """Root mean square of the difference over that of the values."""
    latents: float
    """After all steps of the sampler: largest difference over largest value."""
    picture: float = 1.0
    """Mean difference of the picture, in grey levels."""


# Between what sound exports show and what faults do; the measured numbers stand in docs/bundle.md.
LIMITS = {
    Precision.FP32: Limits(largest=5e-5, rms=3e-5, latents=1e-3),
    Precision.FP16: Limits(largest=5e-3, rms=2e-3, latents=2e-2),
    Precision.INT8: Limits(largest=0.2, rms=0.08, latents=0.25, picture=3.0),
    Precision.INT4: Limits(largest=0.6, rms=0.4, latents=0.5, picture=4.0),
}


def limits_of(graph: str, precision: Precision) -> Limits:
    """Return the limits of one graph: of a quantised bundle some are as they are in another one."""
    if graph == VAE_DECODER and precision.is_quantised:
        return LIMITS[Precision.FP16]
    if graph in (VISION, DENOISER) and precision is Precision.INT4:
        return LIMITS[Precision.INT8]
    return LIMITS[precision]


def compare(expected: Expected, bundle: Bundle, text: Text, precision: Precision) -> tuple[ParityRecord, ...]:
    """Run every graph on a CPU, each on what the reference path made, and return the parity table."""
    rows: list[ParityRecord] = []
    with Stopping(never_stop) as stopping:
        for form in bundle.graphs:
            graph = base_of(form)
            for_card = form == form_of(graph, precision.value, card=True)
            measured = _MEASURES[graph](
                expected, Sessions(bundle, "cpu", for_card=for_card), limits_of(graph, precision), stopping
            )
            rows += [replace(row, graph=form) for row in measured]
        if expected.sampled is not None:
            generator = Generator(Sessions(bundle, "cpu"), text)
            rows += _measure_end_to_end(expected.sampled, generator, LIMITS[precision], stopping)
    return tuple(rows)


def largest(found: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    """Return the largest difference over the largest value; infinity where a value is no number."""
    if not np.isfinite(found).all():
        return float("inf")
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def root_mean_square(found: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    """Return the root mean square of the difference over that of the values; infinity where a value is no number."""
    if not np.isfinite(found).all():
        return float("inf")
    difference, wanted = (found - wanted).astype(np.float64), wanted.astype(np.float64)
    return float(np.sqrt(np.square(difference).mean() / np.square(wanted).mean()))


def failures(rows: Sequence[ParityRecord]) -> list[str]:
    """Name the rows beyond their limit."""
    return [
        f"{row.graph} ({row.what}: {row.difference:.2g} > {row.limit:.2g})"
        for row in rows
        if not row.difference <= row.limit
    ]


def count_turned(found: FloatArray, wanted: FloatArray, limit: float) -> int:
    """Count tokens (rows) that the engine chooses otherwise than the reference path, near ties apart.

    A near tie is a lead that float16 may take away: at most three times `limit`, the root mean square of what it may
    move a logit by, in the logits' own.
    """
    ours, theirs = found.argmax(-1)[:, None], wanted.argmax(-1)[:, None]
    lead = np.take_along_axis(wanted, theirs, -1) - np.take_along_axis(wanted, ours, -1)  # (tokens, 1)
    moved = 3 * limit * np.sqrt(np.square(wanted).mean(-1, keepdims=True))
    return int((lead > moved).sum())


def judge_tokens(graph: str, logits: Pairs, limits: Limits) -> ParityRecord:
    """Demand that every token be the reference path's, near ties apart."""
    turned = sum(count_turned(*each, limits.rms) for each in logits)
    tokens = sum(len(wanted) for _, wanted in logits)
    return ParityRecord(graph, f"of {tokens} tokens, other ones", float(turned), 0.0)


def _measure_vision(expected: Expected, sessions: Sessions, limits: Limits, stopping: Stopping) -> list[ParityRecord]:
    feeds = ({"pixel_values": each} for each in expected.pixel_values)
    found = [sessions.run(VISION, each, stopping)["image_embeddings"][0] for each in feeds]
    return _judge(VISION, "image embeddings", _pair(found, expected.image_embeddings), limits)


def _measure_understanding(
    expected: Expected, sessions: Sessions, limits: Limits, stopping: Stopping
) -> list[ParityRecord]:
    logits = [(_draft_logits(draft, sessions, stopping), draft.logits) for draft in expected.drafts]
    return [*_judge(UNDERSTANDING, "logits", logits, limits), judge_tokens(UNDERSTANDING, logits, limits)]


def _measure_cross_attention(
    expected: Expected, sessions: Sessions, limits: Limits, stopping: Stopping
) -> list[ParityRecord]:
    """Compare keys and values layer by layer, each an input of its own."""
    table, rows = EmbeddingTable(sessions.bundle), []
    found = [
        sessions.run(
            CROSS_ATTENTION, {"embeddings": table.rows(ids)[None], "positions": np.arange(len(ids))[None]}, stopping
        )
        for ids in expected.prompts
    ]
    for kind in ("key", "value"):
        pairs = [
            (here[name].astype(np.float32), values)
            for here, there in zip(found, expected.contexts, strict=True)
            for name, values in there.items()
            if name.endswith(kind)
        ]
        rows += _judge(CROSS_ATTENTION, f"context {kind}s", pairs, limits)
    return rows


def _measure_denoiser(expected: Expected, sessions: Sessions, limits: Limits, stopping: Stopping) -> list[ParityRecord]:
    """Compare velocities; with and without the prompt are inputs of their own."""
    generator = Generator(sessions, sessions.bundle.text())
    velocities = []
    for context, ids in zip(expected.contexts, expected.prompts, strict=True):
        given = pad(cast(context, sessions.dtypes(DENOISER)), len(ids))
        velocities.append(generator.make_velocity(given, len(ids), expected.latents[0], stopping))
    pairs: Pairs = [
        each
        for evaluation, latents, wanted in zip(EVALUATIONS, expected.latents, expected.velocities, strict=True)
        for each in zip(
            velocities[evaluation.prompt](latents, evaluation.timestep, list(evaluation.conditions)),
            wanted,
            strict=True,
        )
    ]
    return _judge(DENOISER, "velocity", pairs, limits)


def _measure_vae_decoder(
    expected: Expected, sessions: Sessions, limits: Limits, stopping: Stopping
) -> list[ParityRecord]:
    generator = Generator(sessions, sessions.bundle.text())
    found = [generator.decode(each, stopping) for each in expected.to_decode]
    return _judge(VAE_DECODER, "pixels", _pair(found, expected.decoded), limits)


_MEASURES: dict[str, Callable[[Expected, Sessions, Limits, Stopping], list[ParityRecord]]] = {
    VISION: _measure_vision,
    UNDERSTANDING: _measure_understanding,
    CROSS_ATTENTION: _measure_cross_attention,
    DENOISER: _measure_denoiser,
    VAE_DECODER: _measure_vae_decoder,
}


def _measure_end_to_end(
    wanted: Sampled, generator: Generator, limits: Limits, stopping: Stopping
) -> list[ParityRecord]:
    context = generator.make_context(wanted.prompt, stopping)
    velocity = generator.make_velocity(context, len(wanted.prompt), wanted.noise, stopping)
    *_, latents = sample(velocity, wanted.noise, GenerationSettings())
    picture = to_uint8(generator.decode(latents, stopping)).astype(np.float32)
    mean = float(np.abs(picture - wanted.picture).mean())
    return [
        ParityRecord("sampler", "latents after all steps", largest(latents, wanted.latents), limits.latents),
        ParityRecord("picture", "mean difference in grey levels", mean, limits.picture),
    ]


def _pair(found: Sequence[FloatArray], wanted: Sequence[FloatArray]) -> Pairs:
    return list(zip(found, wanted, strict=True))


def _judge(graph: str, what: str, pairs: Pairs, limits: Limits) -> list[ParityRecord]:
    return [
        ParityRecord(graph, f"{what}, largest of {len(pairs)}", max(largest(*each) for each in pairs), limits.largest),
        ParityRecord(graph, f"{what}, root mean square", max(root_mean_square(*each) for each in pairs), limits.rms),
    ]


def _draft_logits(draft: Draft, sessions: Sessions, stopping: Stopping) -> FloatArray:
    engine = UnderstandingEngine(sessions, EmbeddingTable(sessions.bundle))
    place = engine.feed_image(Place(), draft.image, stopping)
    place, _ = engine.feed_text(Place(place.row, draft.position), draft.prompt, stopping)
    logits = []
    for token in draft.fed:
        place, after = engine.feed_text(place, [token], stopping)
        logits.append(after)
    return np.stack(logits)
