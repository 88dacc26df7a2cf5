"""A parametric thorax and its thickness maps: body, lungs, heart, vessels, bones.

All lengths in mm; x to the patient's left, y down from the lungs' apex, z from the chest's middle to the back. `side`
is +1 for the patient's left and -1 for the right.
"""

from dataclasses import dataclass, field

import numpy as np

from .projection import Map, Plane, chord, ellipse, ramp

SIDES = (-1, 1)


@dataclass(slots=True)
class Thorax:
    """One person's dims, drawn at random and then changed by what ails them."""

    width: float
    """Half width of the thoracic cavity at its widest."""
    height: float
    """Apex to the costophrenic angle."""
    depth: float
    """Half depth of the cavity."""
    fat: float
    """Soft tissue around the cavity, each side."""
    breast: float
    """Greatest thickness of the breasts; 0 for none."""
    dome: dict[int, float]
    """Depth of each diaphragm's dome below the apex."""
    heart: float = 1.0
    """Scale of the heart; 1 gives a cardiothoracic ratio of about 0.45."""
    pedicle: float = 0.0
    """How much wider than usual the upper mediastinum is, each side."""
    mediastinal_shift: float = 0.0
    """Towards the patient's left."""
    vessels: float = 1.0
    """Calibre of the lungs' vessels."""
    turn: float = 0.0
    """Shift of what lies in front against what lies behind, from a slightly turned patient."""
    tree_seed: int = 0
    spine: float = 0.0
    """Sideways amplitude of the spine's curve."""
    fractures: list[tuple[int, int, float, float]] = field(default_factory=list)
    """(side, rib or 0 for the clavicle, place along the bone 0..1, displacement)."""


def draw_thorax(rng: np.random.Generator) -> Thorax:
    """Draw an adult's thorax, taken upright in inspiration."""
    normal = rng.normal
    height = float(np.clip(normal(228, 14), 195, 258))
    inspiration = float(np.clip(normal(0, 7), -14, 12))
    right = 0.80 * height + inspiration
    return Thorax(
        width=float(np.clip(normal(128, 7), 112, 144)),
        height=height,
        depth=float(np.clip(normal(80, 7), 64, 98)),
        fat=float(np.clip(rng.gamma(5, 4.5), 9, 48)),
        breast=float(rng.uniform(12, 42)) if rng.random() < 0.45 else 0.0,
        dome={-1: right, 1: right + float(np.clip(normal(9, 4), 1, 17))},
        heart=float(np.clip(normal(0.98, 0.045), 0.86, 1.06)),
        pedicle=float(np.clip(normal(0, 1.2), -2.5, 2.5)),
        vessels=float(np.clip(normal(1, 0.09), 0.8, 1.2)),
        turn=float(np.clip(normal(0, 4), -9, 9)),
        tree_seed=int(rng.integers(2**31)),
        spine=float(normal(0, 2.5)),
    )


@dataclass(frozen=True, slots=True)
class Lung:
    """One lung in the plane: where it is, and how thick."""

    side: int
    across: Map
    """Distance from the midline towards this side."""
    lateral: Map
    """Where the chest wall is, on the same scale."""
    dome: Map
    """Height (y) of the diaphragm's top over each point."""
    half: Map
    """Half the cavity's chord, as if nothing else were in it."""
    behind: Map
    """How far behind the cavity's middle the diaphragm still is; 0 above its dome."""
    before: Map
    """The same in front, where it stands higher."""
    wall: Map
    """Distance to the chest wall, at a right angle to it."""

    def air(self, between: Map) -> Map:
        """Return the lung's chord: the cavity's, less the diaphragm and the mediastinum, which lies in front."""
        behind = np.clip(self.half - np.maximum(self.behind, between - self.half), 0, None)
        before = np.clip(self.half - self.before - between, 0, None)
        return np.where(self.across > 0, behind + before, 0).astype(np.float32)


def lateral_wall(thorax: Thorax, y: Map) -> Map:
    """Return the half width of the cavity at each height: rounded at the apex, widest above the base."""
    t = np.clip(y / np.float32(thorax.height), 0, 1.25, dtype=np.float32)
    rounded = np.clip(1 - np.clip(1 - t / 0.95, 0, 1) ** 2.3, 0, 1) ** np.float32(1 / 1.9)
    return np.float32(thorax.width) * (0.10 + 0.90 * rounded) * (1 - 0.05 * np.clip(t - 0.75, 0, None) * 4)


def make_lung(plane: Plane, thorax: Thorax, side: int) -> Lung:
    """Compute one lung's outline and chord."""
    across = plane.x * np.float32(side) - np.float32(side * 0.3 * thorax.turn)
    y, lateral = plane.y, lateral_wall(thorax, plane.y)
    t = np.clip(y / np.float32(thorax.height), 0, 1)
    half_depth = np.float32(thorax.depth) * np.sqrt(np.clip(1 - (1 - np.minimum(t / 0.42, 1)) ** 2, 0, 1))
    half = half_depth * np.sqrt(np.clip(1 - (across / lateral) ** 2, 0, 1))
    # The apex is rounded towards the neck as well.
    below_apex = np.clip(y - 0.014 * np.clip(42 - across, 0, None) ** 2, 0, 40) / 40
    half = np.where(across > -5, half * np.sqrt(below_apex), 0).astype(np.float32)
    centre = np.float32(0.52) * lateral
    outwards = np.clip((across - centre) / (lateral - centre), 0, 1.2)
    inwards = np.clip((centre - across) / centre, 0, 1.2)
    dome = np.float32(thorax.dome[side]) + 44 * outwards**2.2 + 20 * inwards**2
    below = np.clip(y - dome, 0, None)
    slope = (lateral_wall(thorax, y + 1) - lateral_wall(thorax, y - 1)) / 2
    wall = (lateral - across) / np.sqrt(1 + slope**2)
    behind, before = np.sqrt(below / np.float32(0.0095)), np.sqrt(below / np.float32(0.0035))
    return Lung(side, across, lateral, dome.astype(np.float32), half, behind, before, wall.astype(np.float32))


def mediastinum(plane: Plane, thorax: Thorax) -> tuple[Map, Map]:
    """Return the chords of what lies between the lungs: all of it, and the heart alone."""
    shift, wide = thorax.mediastinal_shift + 0.6 * thorax.turn, thorax.pedicle
    base = thorax.dome[1] - 197  # a low diaphragm lets the heart hang
    s, y0 = thorax.heart, 0.62 * base
    deep = 1.55 * thorax.depth
    ventricle = ellipse(plane, (24 + shift + 9 * (s - 1), 150 + y0 + 8 * s), (62 * s, 45 * s), 0.62)
    atrium = ellipse(plane, (-12 + shift, 152 + y0), (33 * s, 43 * s))
    appendage = ellipse(plane, (20 + shift, 112 + 0.8 * y0), (28 * s**0.7, 34))
    heart = np.maximum(chord(ventricle, deep), np.maximum(chord(atrium, deep), chord(appendage, 0.8 * deep)))
    knob = chord(ellipse(plane, (20 + shift, 60 + 0.3 * y0), (17 + 0.9 * wide, 16 + 0.4 * wide)), 46)
    arch = chord(ellipse(plane, (2 + shift, 58 + 0.3 * y0), (34 + wide, 40)), 90)
    pulmonary = chord(ellipse(plane, (24 + shift, 90 + 0.5 * y0), (18 + 0.4 * wide, 20)), 52)
    cava = chord(ellipse(plane, (-15 + shift, 78 + 0.5 * y0), (18 + 1.15 * wide, 74)), 58)
    left = chord(ellipse(plane, (12 + shift, 58 + 0.3 * y0), (17 + 1.15 * wide, 62)), 58)
    middle = np.float32(25 + 0.5 * wide) + 5 * ramp(plane.y, 40, -20)
    # The lungs meet in front of the spine and behind the sternum, so it has no sharp edge.
    core = 2 * thorax.depth * np.clip(1 - ((plane.x - np.float32(shift * 0.5)) / middle) ** 2, 0, 1)
    aorta = chord(((plane.x - 17 - np.float32(shift * 0.5)) / 12) ** 2, 24) * ramp(plane.y, 55, 75)
    soft = np.maximum.reduce([heart, arch, knob, pulmonary, cava, left])
    return (np.maximum(soft, core) + aorta).astype(np.float32), heart.astype(np.float32)


def body(plane: Plane, thorax: Thorax) -> Map:
    """Return the chord of the whole body: neck, shoulders, trunk, breasts."""
    trunk = thorax.width + thorax.fat + 26
    heights = np.array([-90, -45, -28, -6, 25, 70, 130, 330], np.float32)
    neck = 52 + 0.5 * thorax.fat
    widths = np.array([neck, neck + 4, neck + 22, trunk + 16, trunk + 26, trunk + 8, trunk, trunk + 2], np.float32)
    depths = np.array([56, 58, 66, 84, 100, 106, 110, 116], np.float32) + np.float32(0.55 * thorax.fat)
    depths *= np.float32(thorax.depth / 80)
    width, depth = np.interp(plane.y, heights, widths), np.interp(plane.y, heights, depths)
    q = np.abs(plane.x / width).astype(np.float32) ** 2.7
    thickness = 2 * depth * np.clip(1 - q, 0, 1) ** np.float32(1 / 2.2)
    if thorax.breast:
        for side in SIDES:
            drop = 150 + 0.5 * thorax.fat
            q = ellipse(plane, (side * 76, drop), (62 + 0.3 * thorax.breast, 58 + 0.3 * thorax.breast))
            lower = ramp(plane.y, drop + 66, drop + 40) * 0.35 + 0.65
            thickness = thickness + thorax.breast * np.clip(1 - q, 0, 1) ** np.float32(0.7) * lower
    # The axillary folds: the pectoral and latissimus edges run obliquely over the upper lateral lung.
    for side in SIDES:
        q = ellipse(plane, (side * (trunk + 12), 40), (46, 78), side * 0.35)
        thickness = thickness + np.where(thickness > 0, chord(q, 26), 0)
    return thickness.astype(np.float32)


def airways(plane: Plane, thorax: Thorax) -> Map:
    """Return the chord of the air in trachea and main bronchi."""
    shift = 0.5 * thorax.mediastinal_shift + 0.3 * thorax.turn
    carina = 84.0
    lean = np.float32(shift) + 3 * ramp(plane.y, 30, 70) * -1
    trachea = chord(((plane.x - lean) / 8.0) ** 2, 16) * ramp(plane.y, carina + 6, carina - 4)
    air = trachea
    for side, angle, length in ((-1, 0.55, 46), (1, 0.95, 50)):
        along = (plane.x - np.float32(shift - 2)) * side * np.float32(np.sin(angle)) + (plane.y - carina) * np.float32(
            np.cos(angle)
        )
        off = (plane.x - np.float32(shift - 2)) * side * np.float32(np.cos(angle)) - (plane.y - carina) * np.float32(
            np.sin(angle)
        )
        tube = chord((off / 6.2) ** 2, 12) * ramp(along, -4, 4) * ramp(along, length, length - 26)
        air = np.maximum(air, tube)
    return air.astype(np.float32)


def abdominal_gas(plane: Plane, thorax: Thorax, rng: np.random.Generator) -> Map:
    """Return the chord of gas below the left diaphragm: the stomach's bubble and some bowel."""
    top = thorax.dome[1]
    x, y = rng.uniform(48, 74), top + rng.uniform(20, 30)
    wide, high = rng.uniform(14, 32), rng.uniform(7, 13)
    gas = chord(ellipse(plane, (x, y), (wide, high), rng.uniform(-0.2, 0.2)), rng.uniform(22, 55))
    for _ in range(rng.integers(0, 5)):
        where = (rng.uniform(30, 105), top + rng.uniform(46, 90))
        gas = np.maximum(gas, chord(ellipse(plane, where, tuple(rng.uniform(7, 17, 2)), rng.uniform(-1, 1)), 20))
    return gas.astype(np.float32)


def vessel_points(thorax: Thorax) -> tuple[Map, Map, Map, Map]:
    """Grow both lungs' vessels from the hila; return points x, y, their volumes (mm^3) and radii."""
    rng = np.random.default_rng(thorax.tree_seed)
    parts = [_tree(thorax, side, rng) for side in SIDES]
    x, y, volumes, radii = (np.concatenate(each).astype(np.float32) for each in zip(*parts, strict=True))
    return x, y, volumes, radii


def _tree(thorax: Thorax, side: int, rng: np.random.Generator) -> tuple[Map, Map, Map, Map]:
    """Grow arteries and veins of one lung, generation by generation."""
    y0 = 0.4 * (thorax.dome[side] - 190)
    hilum = (30.0 + 0.6 * side, 99.0 + y0 - 6 * side)
    # Directions of the first branches, from straight up to straight down; the lower lobes' are wider.
    angles = np.concatenate([rng.normal(0, 0.12, 16) + np.linspace(-1.35, 1.5, 16)])
    x = hilum[0] + rng.normal(2, 4, 16)
    y = hilum[1] + 16 * np.sin(angles) + rng.normal(0, 5, 16)
    radii = thorax.vessels * rng.uniform(2.2, 4.4, 16) * (1 + 0.22 * np.sin(angles))
    tilt = rng.uniform(-0.9, 0.9, 16)  # towards the front or the back, so that some are seen end on
    points: list[tuple[Map, Map, Map, Map]] = []
    for generation in range(7):
        length = np.clip(rng.normal(17 - 0.7 * generation, 4, len(x)), 6, 30)
        step = np.linspace(0, 1, 14)[None]
        bend = rng.normal(0, 0.22, len(x))[:, None] * step
        reach = np.cos(tilt)[:, None] * length[:, None]
        px = x[:, None] + np.cumsum(np.cos(angles[:, None] + bend) * reach / 14, axis=1)
        py = y[:, None] + np.cumsum(np.sin(angles[:, None] + bend) * reach / 14, axis=1)
        pr = radii[:, None] * (1 - 0.2 * step)
        volume = np.pi * pr**2 * length[:, None] / 14
        points.append((side * px, py, volume, pr))
        x, y = px[:, -1], py[:, -1]
        spread = rng.uniform(0.22, 0.62, len(x))
        angles = angles + bend[:, -1]
        children = [(angles + spread, 0.80), (angles - spread, 0.73)]
        share = rng.uniform(0.9, 1.08, len(x))
        angles = np.concatenate([each for each, _ in children])
        radii = np.concatenate([radii * ratio * share for _, ratio in children])
        x, y = np.tile(x, 2), np.tile(y, 2)
        tilt = np.clip(np.tile(tilt, 2) + rng.normal(0, 0.35, len(x)), -1.2, 1.2)
        # Vessels stop short of the pleura.
        wall = lateral_wall(thorax, y.astype(np.float32)) - 5
        alive = (x < wall) & (y > 7) & (x > 6) & (y < thorax.dome[side] + 42) & (radii > 0.22)
        x, y, angles, radii, tilt = x[alive], y[alive], angles[alive], radii[alive], tilt[alive]
    flat = [np.concatenate([part[i].ravel() for part in points]) for i in range(4)]
    return flat[0], flat[1], flat[2], flat[3]
