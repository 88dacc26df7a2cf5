"""What each finding does to a thorax: first to its shape, then to what fills its lungs.

A finding's conspicuity, 0 to 1, scales its contrast (and where the shape itself is the finding, how far that departs
from normal), from just visible to plain. Its size sets its extent.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..findings import Label, Side
from .bones import clavicle_axis, rib_ring
from .cases import Case, Finding
from .projection import Map, Plane, chord, ellipse, ramp
from .thorax import SIDES, Lung, Thorax

Random = np.random.Generator


@dataclass(slots=True)
class Effect:
    """What one finding puts into the beam, in mm of material."""

    soft: Map | float = 0.0
    """Water in the place of lung."""
    bone: Map | float = 0.0
    """Calcium or callus."""
    metal: Map | float = 0.0
    free: Map | float = 0.0
    """0 to 1: where air without lung is."""


def sides(finding: Finding) -> tuple[int, ...]:
    """Return the signs of a finding's sides; none for what has no side."""
    return {None: (), Side.LEFT: (1,), Side.RIGHT: (-1,), Side.BOTH: SIDES}[finding.side]


def deform(thorax: Thorax, case: Case, rng: Random) -> None:
    """Change the thorax's dims in place by what a case's findings do to its shape."""
    for finding in case.findings:
        c, size = finding.conspicuity, finding.size
        match finding.label:
            case Label.CARDIOMEGALY:
                low, high = {"mild": (1.17, 1.25), "moderate": (1.28, 1.37), "marked": (1.40, 1.52)}[size]
                thorax.heart = low + (high - low) * c
            case Label.ENLARGED_CARDIOMEDIASTINUM:
                low, high = {"mild": (9, 13), "moderate": (14, 19), "marked": (20, 27)}[size]
                thorax.pedicle = low + (high - low) * c
            case Label.EDEMA:
                thorax.vessels *= 1.18 + 0.25 * c + {"mild": 0, "moderate": 0.08, "severe": 0.14}[size]
            case Label.ATELECTASIS if finding.kind == "volume loss":
                for side in sides(finding):
                    thorax.dome[side] -= 24 + 14 * c
                    thorax.mediastinal_shift += side * (3 + 5 * c) / len(sides(finding))
            case Label.PNEUMOTHORAX if size == "large":
                thorax.mediastinal_shift -= sides(finding)[0] * (5 + 8 * c)
            case Label.FRACTURE:
                side = sides(finding)[0]
                displacement = (10 + 5 * c) if size == "displaced" else 0.0
                if finding.site == "clavicle":
                    thorax.fractures.append((side, 0, float(rng.uniform(0.38, 0.58)), displacement))
                else:
                    place = float(rng.uniform(0.22, 0.42))
                    thorax.fractures.append((side, int(finding.site.split()[1]), place, displacement))


def draw(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    """Compute what a finding puts into one lung's side.

    Args:
        plane: The grid.
        thorax: The thorax, already deformed.
        lung: The side's lung.
        air: Its chord, heart and great vessels taken out.
        finding: What to draw.
        rng: Where form and place come from.
    """
    return _DRAW[finding.label](plane, thorax, lung, air, finding, rng)


def _zone(thorax: Thorax, lung: Lung, site: str, rng: Random) -> tuple[float, float]:
    """Return a place (x, y) within the upper, middle or lower zone, clear of the heart."""
    low, high = {"upper": (0.17, 0.33), "middle": (0.44, 0.60), "lower": (0.72, 0.88)}[site]
    y = float(rng.uniform(low, high)) * thorax.dome[lung.side]
    wall = thorax.width * {"upper": 0.80, "middle": 0.98, "lower": 1.0}[site]
    inner = 0.38 if lung.side < 0 or site != "lower" else 0.58 + 0.35 * (thorax.heart - 1)
    return lung.side * wall * float(rng.uniform(min(inner, 0.72), 0.78)), y


def _nodule(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    x, y = _zone(thorax, lung, finding.site, rng)
    radius = float(rng.uniform(8, 11.5) if finding.size == "small" else rng.uniform(18, 27))
    shape = np.zeros_like(plane.x)
    for _ in range(1 if finding.size == "small" else 4):  # a mass is lobulated
        wander = rng.normal(0, 0.22 * radius if finding.size == "large" else 0, 2)
        axes = radius * rng.uniform(0.85, 1.1, 2)
        q = ellipse(plane, (x + wander[0], y + wander[1]), (axes[0], axes[1]), rng.uniform(-1, 1))
        shape = np.maximum(shape, chord(q, 2 * radius))
    contrast = (1.0 + 0.8 * finding.conspicuity) if finding.size == "small" else (0.65 + 0.55 * finding.conspicuity)
    return Effect(soft=contrast * shape)


def _haze(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    x, y = _zone(thorax, lung, finding.site, rng)
    extent = {"small": 19, "moderate": 27, "large": 38}[finding.size] * float(rng.uniform(0.9, 1.15))
    q = ellipse(plane, (x, y), (extent * rng.uniform(0.9, 1.2), extent * rng.uniform(0.8, 1.1)), rng.uniform(-0.6, 0.6))
    part = 0.17 + 0.19 * finding.conspicuity
    return Effect(soft=part * air * np.exp(-(q**1.3) * 0.8) * (1 + 0.12 * plane.noise(rng, 9)))


def _edema(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    k = 0.5 + 0.5 * finding.conspicuity
    amount = {"mild": 0.13, "moderate": 0.24, "severe": 0.36}[finding.size]
    hilum = (lung.side * 44, 0.56 * thorax.dome[lung.side])
    wings = np.exp(-0.75 * ellipse(plane, hilum, (44, 54), lung.side * 0.25) ** 1.2)
    fluffy = 1 + (0.18 if finding.kind == "interstitial" else 0.34) * plane.noise(rng, 5.5)
    soft = k * amount * air * (wings + 0.12) * np.clip(fluffy, 0.2, None)
    # Septal lines: short, level, at the lateral base.
    wall = lung.wall
    base = thorax.dome[lung.side]
    for step in range(7):
        y = base - 2 - 8.5 * step + float(rng.normal(0, 1.2))
        line = np.exp(-(((plane.y - y) / 1.3) ** 2)) * ramp(wall, 2, 5) * ramp(wall, 19 + float(rng.normal(0, 2)), 14)
        soft = soft + 11 * k * line
    return Effect(soft=soft)


def _consolidation(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    dome = thorax.dome[lung.side]
    low, high = {"upper": (0.05, 0.40), "middle": (0.42, 0.70), "lower": (0.66, 1.10)}[finding.site]
    if finding.size == "moderate":
        shrink = 0.3 * (high - low)
        low, high = (low + shrink, high) if finding.site == "upper" else (low, high - shrink * 0.6)
    wander = 5 * plane.noise(rng, 26) + 0.1 * lung.side * (plane.x - lung.side * 60) * rng.uniform(-1, 1)
    y = plane.y + wander
    # One border is a fissure's, sharp; the other is not.
    sharp_below = finding.site == "upper"
    top = ramp(y, low * dome - (22 if sharp_below else 2), low * dome + (10 if sharp_below else 2))
    bottom = ramp(y, high * dome + (2 if sharp_below else 22), high * dome - (2 if sharp_below else 10))
    reach = 0.30 if finding.size == "large" else rng.uniform(0.40, 0.50)
    across = ramp(lung.across / lung.lateral + 0.04 * plane.noise(rng, 12), reach - 0.14, reach + 0.1)
    part = (0.42 + 0.40 * finding.conspicuity) * top * bottom * across
    # Air bronchograms: bronchi stay dark.
    hilum = (lung.side * 36.0, 0.53 * dome)
    for angle in rng.uniform(-0.5, 0.5, 3) + {"upper": -0.75, "middle": 0.1, "lower": 0.85}[finding.site]:
        dx, dy = (plane.x - hilum[0]) * lung.side, plane.y - hilum[1]
        along, off = dx * np.cos(angle) + dy * np.sin(angle), dy * np.cos(angle) - dx * np.sin(angle)
        part = part * (1 - 0.3 * np.exp(-((off / (2.6 - 0.012 * np.clip(along, 0, 90))) ** 2)) * ramp(along, 8, 20))
    return Effect(soft=part * air)


def _pneumonia(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    x, y = _zone(thorax, lung, finding.site, rng)
    extent = 25 if finding.size == "moderate" else 36
    q = ellipse(
        plane, (x, y), (extent * rng.uniform(0.9, 1.15), extent * rng.uniform(0.75, 1.0)), rng.uniform(-0.6, 0.6)
    )
    patches = ramp(plane.noise(rng, 8) + 0.25 * plane.noise(rng, 4), -0.7, 1.5)
    part = (0.30 + 0.32 * finding.conspicuity) * (0.10 + patches) * np.exp(-(q**1.6))
    return Effect(soft=part * air)


def _atelectasis(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    k, dome = 0.5 + 0.5 * finding.conspicuity, thorax.dome[lung.side]
    soft = np.zeros_like(plane.x)
    for step in range({"small": 1, "moderate": 2, "large": 2}[finding.size]):
        x = lung.side * thorax.width * float(rng.uniform(0.52, 0.68))
        y = dome - 13 - 14 * step + float(rng.normal(0, 3))
        length, tilt = float(rng.uniform(26, 40)), float(rng.normal(0, 0.16)) - lung.side * 0.1
        q = ellipse(plane, (x, y), (length, 3.2), tilt)
        soft += 40 * k * np.exp(-(q**1.4))
    if finding.kind == "volume loss":
        height = lung.dome - plane.y
        soft = soft + (0.25 + 0.3 * k) * air * ramp(height, 26, 2) * ramp(lung.across / lung.lateral, 0.2, 0.45)
    return Effect(soft=soft)


def _pneumothorax(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    c = finding.conspicuity
    depth, end = {"small": (13.0, 0.42), "moderate": (25.0, 0.75), "large": (48.0, 1.3)}[finding.size]
    depth = depth * float(rng.uniform(0.9, 1.15))
    margin = depth * ramp(plane.y, end * thorax.height, 0.25 * end * thorax.height) + 0.8 * plane.noise(rng, 24)
    wall, chest = lung.wall, lung.half > 0
    outside = ramp(wall - margin, 0.8, -0.8)
    present = ramp(margin, 1.5, 5) * chest
    line = np.exp(-(((wall - margin - 1.2) / 1.7) ** 2)) * present
    soft = (10 + 12 * c) * line
    # The retracted lung holds less air.
    loss = {"small": 0.0, "moderate": 0.05, "large": 0.16}[finding.size]
    return Effect(soft=soft + loss * air * (1 - outside), free=(0.35 + 0.65 * c) * outside * present)


def _effusion(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    c, dome = finding.conspicuity, thorax.dome[lung.side]
    vary = float(rng.uniform(-1, 1))
    lateral, medial = {
        "small": (dome + 13 - 8 * c + 4 * vary, dome + 40),
        "moderate": (dome - 28 - 14 * vary, dome + 2 - 9 * vary),
        "large": (dome - 88 - 20 * vary, dome - 62 - 20 * vary),
    }[finding.size]
    u = np.clip(lung.across / lung.lateral, 0, 1)
    level = medial - (medial - lateral) * u ** (3.2 if finding.size != "small" else 2.2)
    part = ramp(plane.y - level, -9, 9) * (0.72 + 0.26 * c)
    veil = 0.06 * ramp(plane.y - level, -45, 0)
    return Effect(soft=np.maximum(part, veil) * air)


def _pleura(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    k = 0.5 + 0.5 * finding.conspicuity
    wide = 1.0 if finding.size == "small" else 1.45
    wall = lung.wall
    if finding.site == "diaphragm":
        x = lung.side * thorax.width * float(rng.uniform(0.42, 0.62))
        along = np.abs(plane.x - np.float32(x)) / (17 * wide)
        off = (plane.y - lung.dome + 2.5) / 3.0
        return Effect(bone=30.0 * k * np.exp(-(off**2)) * ramp(along, 1.1, 0.8) * (1 + 0.2 * plane.noise(rng, 4)))
    start = 0.30 + 0.22 * float(rng.random())
    span = thorax.height * np.float32(0.13 * wide)
    beside = ramp(np.abs(plane.y - start * thorax.height - span), span + 6, span - 6)
    if finding.kind == "plaque":
        patches = ramp(plane.noise(rng, 6), -0.9, 0.5)
        band = ramp(wall, 14 * wide, 10 * wide) * ramp(wall, -2, 3) * beside
        return Effect(bone=15.0 * k * band * patches)
    if finding.site == "apical":
        thick = (16 + 2.0 * plane.noise(rng, 11)) * wide
        depth = np.minimum(1.0 * plane.y, 1.5 * wall) - 3
        return Effect(soft=60 * k * ramp(depth, thick + 1.5, thick - 1.5) * ramp(plane.y, 70, 45) * (lung.half > 0))
    thick = (12 + 1.3 * plane.noise(rng, 14)) * wide
    return Effect(soft=60 * k * ramp(wall, thick + 1.5, thick - 1.5) * beside * (lung.half > 0))


def _callus(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    """Draw what surrounds a break (the break is the bone's): callus, or the ends of fragments seen on each other."""
    bone = np.zeros_like(plane.x)
    for side, number, place, displacement in thorax.fractures:
        if side != lung.side:
            continue
        if number:
            outer, middle, flat = rib_ring(thorax, number)
            x, y = side * outer * np.sin(place * np.pi), middle - flat * np.cos(place * np.pi)
        else:
            x, y = side * (17 + 122 * place), float(clavicle_axis(np.array(place)))
        thick = 11 + 8 * finding.conspicuity
        if displacement:
            for end in (0.0, displacement):
                bone += chord(ellipse(plane, (x, y + end), (7.0, 7.0)), thick)
        else:
            cuff = chord(ellipse(plane, (x, y), (11.0, 10.0)), thick)
            bone += cuff * (1 - 0.75 * np.exp(-(((plane.x - np.float32(x)) / 2.1) ** 2)))
    return Effect(bone=bone)


def _nothing(plane: Plane, thorax: Thorax, lung: Lung, air: Map, finding: Finding, rng: Random) -> Effect:
    return Effect()


_DRAW: dict[Label, Callable[[Plane, Thorax, Lung, Map, Finding, Random], Effect]] = {
    Label.LUNG_LESION: _nodule,
    Label.LUNG_OPACITY: _haze,
    Label.EDEMA: _edema,
    Label.CONSOLIDATION: _consolidation,
    Label.PNEUMONIA: _pneumonia,
    Label.ATELECTASIS: _atelectasis,
    Label.PNEUMOTHORAX: _pneumothorax,
    Label.PLEURAL_EFFUSION: _effusion,
    Label.PLEURAL_OTHER: _pleura,
    Label.FRACTURE: _callus,
    Label.CARDIOMEGALY: _nothing,
    Label.ENLARGED_CARDIOMEDIASTINUM: _nothing,
}
