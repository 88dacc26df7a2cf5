"""What quality is counted by: F1 as CheXpert's labels are compared, sides, bootstrap, Frechet distance, diversity.

Every count is kept for each phantom, so that totals of any resampling are a matrix product.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from quality_data import Labels

from unix_edge.findings import FIVE, LABELS, Label, Side
from unix_edge.phantom.cases import Case, each_side

Floats = NDArray[np.float64]

_ITEMS = tuple((label, side) for label in LABELS for side in (None, Side.LEFT, Side.RIGHT))
_SIDED = slice(3 * len(LABELS), 3 * (len(LABELS) + len(_ITEMS)))
_FIVE = [LABELS.index(label) for label in FIVE]


def count(found: Sequence[Labels], truth: Sequence[Labels]) -> Floats:
    """Count for each phantom what the figures are made of.

    Returns:
        (n, ...): true positives, false positives and false negatives of each label; the same of each label on each
        side; labels rightly found whose side is right, and those that have one.
    """
    rows = []
    for one, other in zip(found, truth, strict=True):
        pairs = [(one[label], other[label]) for label in one.keys() & other.keys() if other[label] is not None]
        of_labels = _compare(LABELS, set(one), set(other))
        of_sides = _compare(_ITEMS, _items(one), _items(other))
        rows.append([*of_labels, *of_sides, sum(mine is its for mine, its in pairs), len(pairs)])
    return np.array(rows, np.float64)


def _items(labels: Labels) -> set[tuple[Label, Side | None]]:
    """Take what is on both sides as two."""
    return {(label, side) for label, sides in labels.items() for side in each_side(sides) or (None,)}


def _compare(items: Sequence[Any], found: set[Any], truth: set[Any]) -> list[int]:
    hits, surplus, missed = found & truth, found - truth, truth - found
    return [int(item in kind) for kind in (hits, surplus, missed) for item in items]


def figures(totals: Floats) -> dict[str, Floats]:
    """Turn totals (..., as `count` lays them out) into figures (...).

    Micro-F1 pools all labels; macro-F1 is the mean over labels, one that is neither there nor found counting 0, as
    CheXbert's report evaluation has it. `sided_f1` is the micro-F1 of labels with their side, `sides` the part of the
    labels rightly found whose side is right too.
    """
    of_labels = totals[..., : _SIDED.start].reshape(*totals.shape[:-1], 3, len(LABELS))
    of_sides = totals[..., _SIDED].reshape(*totals.shape[:-1], 3, len(_ITEMS))
    each = f1(of_labels, -2)
    return {
        "micro_f1_14": f1(of_labels.sum(axis=-1)),
        "macro_f1_14": each.mean(axis=-1),
        "micro_f1_5": f1(of_labels[..., _FIVE].sum(axis=-1)),
        "macro_f1_5": each[..., _FIVE].mean(axis=-1),
        "sided_f1": f1(of_sides.sum(axis=-1)),
        "sides": totals[..., -2] / np.maximum(1, totals[..., -1]),
    }


def f1(counts: Floats, axis: int = -1) -> Floats:
    """Return F1 of true positives, false positives and false negatives, which lie along an axis."""
    hits, surplus, missed = np.moveaxis(counts, axis, 0)
    return np.asarray(2 * hits / np.maximum(1, 2 * hits + surplus + missed))


def f1_by_label(counts: Floats) -> dict[str, float]:
    """Return each label's F1."""
    totals = counts.sum(axis=0)[: _SIDED.start].reshape(3, len(LABELS))
    return {label.value: float(value) for label, value in zip(LABELS, f1(totals, -2), strict=True)}


def resamplings(size: int, times: int, seed: int = 0) -> Floats:
    """Return how often each of `size` phantoms is drawn in each resampling (times, size)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(size, np.full(size, 1 / size), times).astype(np.float64)


def interval(values: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of resampled values."""
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def summary(counts: Floats, times: int = 1000) -> dict[str, dict[str, Any]]:
    """Return every figure with its bootstrap interval."""
    drawn = figures(resamplings(len(counts), times) @ counts)
    return {
        name: {"value": float(value), "interval": interval(drawn[name])}
        for name, value in figures(counts.sum(axis=0)).items()
    }


def difference(counts: Floats, reference: Floats, times: int = 1000) -> dict[str, dict[str, Any]]:
    """Return every figure's difference from the reference's on the same phantoms, with its paired interval."""
    weights = resamplings(len(counts), times)
    drawn, drawn_reference = figures(weights @ counts), figures(weights @ reference)
    values, values_reference = figures(counts.sum(axis=0)), figures(reference.sum(axis=0))
    return {
        name: {
            "value": float(values[name] - values_reference[name]),
            "interval": interval(drawn[name] - drawn_reference[name]),
        }
        for name in values
    }


def recall_by_conspicuity(found: Sequence[Labels], cases: Sequence[Case]) -> dict[str, dict[str, Any]]:
    """Return how many of each label's findings are found: barely, fairly and clearly visible ones, and their number.

    A phantom's label is as visible as its most visible finding.
    """
    seen: dict[Label, list[tuple[float, bool]]] = {label: [] for label in LABELS}
    for one, case in zip(found, cases, strict=True):
        visible: dict[Label, float] = {}
        for finding in case.findings:
            visible[finding.label] = max(finding.conspicuity, visible.get(finding.label, 0))
        for label, conspicuity in visible.items():
            seen[label].append((conspicuity, label in one))
    every = [each for of_label in seen.values() for each in of_label]
    by_name = {"all": every} | {label.value: each for label, each in seen.items()}
    return {name: _by_third(each) for name, each in by_name.items() if each}


def _by_third(seen: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    told: dict[str, Any] = {"count": len(seen), "recall": sum(hit for _, hit in seen) / len(seen)}
    for name, low, high in (("barely", 0, 1 / 3), ("fairly", 1 / 3, 2 / 3), ("clearly", 2 / 3, np.inf)):
        hits = [hit for conspicuity, hit in seen if low <= conspicuity < high]
        told[name] = sum(hits) / len(hits) if hits else None
    return told


FEW = 10
"""Samples a dimension below which a covariance is shrunk."""


def gaussian(features: Floats) -> tuple[Floats, Floats, float]:
    """Return mean, covariance, and how far it was shrunk towards a multiple of the identity: 0 is not at all.

    With fewer than FEW samples a dimension it is shrunk by `d / (d + n)`.
    """
    samples, dimensions = features.shape
    covariance = np.atleast_2d(np.cov(features.T))
    shrunk = dimensions / (dimensions + samples) if samples < FEW * dimensions else 0.0
    even = np.eye(dimensions) * np.trace(covariance) / dimensions
    return features.mean(axis=0), (1 - shrunk) * covariance + shrunk * even, shrunk


def frechet(mean: Floats, covariance: Floats, other_mean: Floats, other_covariance: Floats) -> float:
    """Return the squared Frechet distance of two Gaussians."""
    root = _square_root(covariance)
    between = np.linalg.eigvalsh(root @ other_covariance @ root)
    trace = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(np.maximum(0, between)).sum()
    return float(((mean - other_mean) ** 2).sum() + trace)


def frechet_of(features: Floats, others: Floats) -> float:
    """Return the squared Frechet distance of two sets of features (n, d)."""
    return frechet(*gaussian(features)[:2], *gaussian(others)[:2])


def _square_root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(0, values))) @ vectors.T)


def diversity(features: Floats, others: Floats) -> dict[str, Any]:
    """Return the mean distance of features in pairs, with its bootstrap interval."""
    distances = np.linalg.norm(features - others, axis=1)
    drawn = resamplings(len(distances), 1000) @ distances / len(distances)
    return {"value": float(distances.mean()), "interval": interval(drawn)}


def count_labels(truth: Sequence[Mapping[Label, Any]]) -> dict[str, int]:
    """Return how many phantoms have each label."""
    return {label.value: sum(label in each for each in truth) for label in LABELS}
