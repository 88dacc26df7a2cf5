"""What quality is counted by beside findings: recall by how visible they are, Frechet distance, diversity."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from unix_edge.findings import LABELS, Label
from unix_edge.phantom.cases import Case
from unix_edge_export.finding_counts import Floats, Labels, interval, resamplings


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
