"""What a phantom shows: findings drawn at random, so that they go together as in a hospital and can be seen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..findings import MIDLINE, Label, Side, complete, merge_sides


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be seen; with BOTH it is there on both sides."""

    label: Label
    side: Side | None
    site: str
    size: str
    kind: str
    conspicuity: float
    """0, barely visible, to 1."""


@dataclass(frozen=True, slots=True)
class Case:
    """What one radiograph shows."""

    findings: tuple[Finding, ...]

    @property
    def labels(self) -> dict[Label, Side | None]:
        """What `find_labels` is to find in every true report."""
        found: dict[Label, Side | None] = {}
        for finding in self.findings:
            found[finding.label] = merge_sides(found.get(finding.label), finding.side)
        return complete(found)


ZONES = ("upper", "middle", "lower")
_DEVICE_SITES = {
    "endotracheal tube": "trachea",
    "nasogastric tube": "stomach",
    "central line": "superior vena cava",
    "picc": "superior vena cava",
    "pacemaker": "right ventricle",
    "chest tube": "apex",
}
_UNSIDED_DEVICES = {"endotracheal tube", "nasogastric tube"}

_NORMAL = 0.14
# How often each label leads a case, set so that with its companions each is in 12 to 20 % of all cases.
_LEADERS = {
    Label.ENLARGED_CARDIOMEDIASTINUM: 0.09,
    Label.CARDIOMEGALY: 0.06,
    Label.LUNG_LESION: 0.11,
    Label.LUNG_OPACITY: 0.11,
    Label.EDEMA: 0.11,
    Label.CONSOLIDATION: 0.11,
    Label.PNEUMONIA: 0.11,
    Label.ATELECTASIS: 0.08,
    Label.PNEUMOTHORAX: 0.10,
    Label.PLEURAL_EFFUSION: 0.05,
    Label.PLEURAL_OTHER: 0.10,
    Label.FRACTURE: 0.08,
}
_SECOND_LEADER = 0.8
_COMPANIONS = {
    Label.PLEURAL_EFFUSION: {Label.ATELECTASIS: 0.35},
    Label.EDEMA: {Label.CARDIOMEGALY: 0.45, Label.PLEURAL_EFFUSION: 0.35},
    Label.PNEUMOTHORAX: {Label.FRACTURE: 0.25},
    Label.PNEUMONIA: {Label.PLEURAL_EFFUSION: 0.2},
    Label.CONSOLIDATION: {Label.ATELECTASIS: 0.1},
    Label.LUNG_LESION: {Label.ENLARGED_CARDIOMEDIASTINUM: 0.2},
    Label.PLEURAL_OTHER: {Label.FRACTURE: 0.15},
    Label.CARDIOMEGALY: {Label.ENLARGED_CARDIOMEDIASTINUM: 0.1},
}
_MOST = 4
"""Labels in one case, devices aside."""

_ONE_SIDED = {Label.LUNG_LESION, Label.PNEUMOTHORAX, Label.PLEURAL_OTHER, Label.FRACTURE}
_PARENCHYMAL = (Label.LUNG_LESION, Label.LUNG_OPACITY, Label.CONSOLIDATION, Label.PNEUMONIA)
_SIZES = {
    Label.ENLARGED_CARDIOMEDIASTINUM: ("mild", "moderate", "marked"),
    Label.CARDIOMEGALY: ("mild", "moderate", "marked"),
    Label.LUNG_LESION: ("small", "large"),
    Label.LUNG_OPACITY: ("small", "moderate", "large"),
    Label.EDEMA: ("mild", "moderate", "severe"),
    Label.CONSOLIDATION: ("moderate", "large"),
    Label.PNEUMONIA: ("moderate", "large"),
    Label.ATELECTASIS: ("small", "moderate", "large"),
    Label.PNEUMOTHORAX: ("small", "moderate", "large"),
    Label.PLEURAL_EFFUSION: ("small", "moderate", "large"),
    Label.PLEURAL_OTHER: ("small", "moderate"),
    Label.FRACTURE: ("displaced", "nondisplaced"),
}


def draw_case(rng: np.random.Generator) -> Case:
    """Draw what a phantom is to show."""
    sides = {} if rng.random() < _NORMAL else _draw_sides(rng)
    findings = [_draw_finding(label, side, rng) for label, side in sides.items() if label not in _PARENCHYMAL]
    taken = {
        (one, "lower") for finding in findings if finding.label is Label.ATELECTASIS for one in each_side(finding.side)
    }
    for label in _PARENCHYMAL:
        if label in sides:
            free = [zone for zone in ZONES if not taken.intersection((side, zone) for side in each_side(sides[label]))]
            if free:
                finding = replace(_draw_finding(label, sides[label], rng), site=str(rng.choice(free)))
                taken |= {(side, finding.site) for side in each_side(finding.side)}
                findings.append(finding)
    return Case((*_make_visible(findings), *_draw_devices(sides, rng)))


def each_side(side: Side | None) -> tuple[Side, ...]:
    """Return the sides, one by one, that a finding is on."""
    if side is None:
        return ()
    return (Side.LEFT, Side.RIGHT) if side is Side.BOTH else (side,)


def _draw_sides(rng: np.random.Generator) -> dict[Label, Side | None]:
    """Draw an abnormal case's labels and their sides; companions are on their leader's."""
    leaders = list(_LEADERS)
    weights = np.array(list(_LEADERS.values()))
    count = 2 if rng.random() < _SECOND_LEADER else 1
    queue = [leaders[index] for index in rng.choice(len(leaders), count, replace=False, p=weights / weights.sum())]
    sides = {leader: _draw_side(leader, rng) for leader in queue}
    for label in queue:  # grows meanwhile: companions have companions
        for companion, chance in _COMPANIONS.get(label, {}).items():
            if rng.random() < chance and companion not in sides and len(sides) < _MOST:
                side = sides[label]
                if companion in MIDLINE:
                    side = None
                elif side is None:
                    side = Side.BOTH if rng.random() < 0.7 else _draw_side(companion, rng)
                elif side is Side.BOTH and companion in _ONE_SIDED:
                    side = _draw_side(companion, rng)
                sides[companion] = side
                queue.append(companion)
    return sides


def _draw_side(label: Label, rng: np.random.Generator) -> Side | None:
    if label in MIDLINE:
        return None
    if label not in _ONE_SIDED and rng.random() < 0.2:
        return Side.BOTH
    return _left_or_right(rng)


def _left_or_right(rng: np.random.Generator) -> Side:
    return Side.LEFT if rng.random() < 0.5 else Side.RIGHT


def _draw_finding(label: Label, side: Side | None, rng: np.random.Generator) -> Finding:
    """Draw what a finding is like; the zone of a parenchymal one is drawn later."""
    size = str(rng.choice(_SIZES[label]))
    site, kind = "", ""
    match label:
        case Label.ENLARGED_CARDIOMEDIASTINUM:
            site, kind = "superior mediastinum", "widening"
        case Label.CARDIOMEGALY:
            site, kind = "heart", "enlargement"
        case Label.LUNG_LESION:
            kind = "nodule" if size == "small" else "mass"
        case Label.LUNG_OPACITY:
            kind = "hazy"
        case Label.EDEMA:
            site, kind = "perihilar", "interstitial" if size == "mild" else "alveolar"
        case Label.CONSOLIDATION:
            kind = "lobar"
        case Label.PNEUMONIA:
            kind = "patchy"
        case Label.ATELECTASIS:
            site, kind = "base", "volume loss" if size == "large" else "linear"
        case Label.PNEUMOTHORAX:
            site, kind = "apex", "simple"
        case Label.PLEURAL_EFFUSION:
            site, kind = "base", "free"
        case Label.PLEURAL_OTHER:
            kind = str(rng.choice(["thickening", "plaque"]))
            site = str(rng.choice(["apical", "lateral"] if kind == "thickening" else ["lateral", "diaphragm"]))
        case Label.FRACTURE:
            site = str(rng.choice([f"rib {number}" for number in range(4, 10)] + ["clavicle"]))
            kind = "clavicle" if site == "clavicle" else "rib"
    return Finding(label, side, site, size, kind, float(rng.random()))


def _make_visible(findings: list[Finding]) -> list[Finding]:
    """Return findings of which none hides another of the same side."""

    def shares(finding: Finding, others: Iterable[Finding]) -> bool:
        return any(set(each_side(finding.side)) & set(each_side(other.side)) for other in others)

    lung = [finding for finding in findings if finding.label in (*_PARENCHYMAL, Label.ATELECTASIS)]
    low = [finding for finding in findings if finding.site in ("middle", "lower", "diaphragm")]
    low += [finding for finding in findings if finding.label is Label.ATELECTASIS]
    collapsed = [finding for finding in findings if finding.label is Label.PNEUMOTHORAX]
    hidden = {Label.PLEURAL_EFFUSION: low + collapsed, Label.PNEUMOTHORAX: lung}
    return [
        replace(finding, size="moderate")
        if finding.size == "large" and shares(finding, hidden.get(finding.label, ()))
        else finding
        for finding in findings
    ]


def _draw_devices(sides: dict[Label, Side | None], rng: np.random.Generator) -> list[Finding]:
    """Draw a case's devices: those of intensive care together, a chest tube where there is something to drain."""
    kinds: dict[str, Side | None] = {}
    for drained, chance in ((Label.PNEUMOTHORAX, 0.4), (Label.PLEURAL_EFFUSION, 0.1)):
        side = sides.get(drained)
        if side is not None and rng.random() < chance:
            kinds.setdefault("chest tube", _left_or_right(rng) if side is Side.BOTH else side)
    ill = bool(sides.keys() & {Label.EDEMA, Label.PNEUMONIA, Label.CONSOLIDATION})
    if Label.CARDIOMEGALY in sides and rng.random() < 0.15:
        kinds["pacemaker"] = _left_or_right(rng)
    elif rng.random() < (0.09 if ill else 0.03):
        kinds["endotracheal tube"] = None
        if rng.random() < 0.6:
            kinds["nasogastric tube"] = None
        if rng.random() < 0.6:
            kinds[str(rng.choice(["central line", "picc"]))] = _left_or_right(rng)
    elif rng.random() < 0.08:
        kind = str(rng.choice(["nasogastric tube", "central line", "picc", "pacemaker"]))
        kinds[kind] = None if kind in _UNSIDED_DEVICES else _left_or_right(rng)
    return [
        Finding(Label.SUPPORT_DEVICES, side, _DEVICE_SITES[kind], "", kind, float(rng.random()))
        for kind, side in kinds.items()
    ]
