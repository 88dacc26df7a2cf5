"""Count findings: F1 as CheXpert's labels are compared, sides, and what of a difference is chance.

Every count is kept for each image, so that totals of any resampling are a matrix product.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unix_edge.findings import FIVE, LABELS, Label, Side
from unix_edge.phantom.cases import each_side

Labels = Mapping[Label, Side | None]
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


def label_differences(counts: Floats, reference: Floats, times: int = 1000) -> dict[str, dict[str, Any]]:
    """Return each label's F1, and its difference from the reference's on the same images, with its paired interval."""
    weights = resamplings(len(counts), times)

    def each(totals: Floats) -> Floats:
        return f1(totals[..., : _SIDED.start].reshape(*totals.shape[:-1], 3, len(LABELS)), -2)

    drawn = each(weights @ counts) - each(weights @ reference)
    values, values_reference = each(counts.sum(axis=0)), each(reference.sum(axis=0))
    return {
        label.value: {
            "f1": float(values[number]),
            "value": float(values[number] - values_reference[number]),
            "interval": interval(drawn[:, number]),
        }
        for number, label in enumerate(LABELS)
    }
