"""Tubes, lines and pacemakers, as thickness of metal along their course."""

import numpy as np

from .cases import Finding
from .disease import Effect, sides
from .projection import Map, Plane, chord, ellipse, ramp
from .thorax import Thorax, lateral_wall

Points = list[tuple[float, float]]


def draw_device(plane: Plane, thorax: Thorax, finding: Finding, rng: np.random.Generator) -> Effect:
    """Compute one device; conspicuity is its opacity to X-rays."""
    side = (sides(finding) or (0,))[0]
    k = 0.55 + 0.45 * finding.conspicuity
    shift = 0.8 * thorax.mediastinal_shift
    wander = rng.normal(0, 1.6, 20)
    cava: Points = [(-15 + shift + wander[0], 66), (-19 + shift + wander[1], 92 + 3 * wander[2])]
    match finding.kind:
        case "endotracheal tube":
            tip = 42 + 5 * wander[0]
            tube = ramp(plane.y, tip + 1, tip - 1) * (np.abs(plane.x - np.float32(0.5 * shift + wander[1])) < 5.2)
            off = np.abs(plane.x - np.float32(0.5 * shift + wander[1]))
            walls = np.exp(-(((off - 4.2) / 0.9) ** 2)) + 0.9 * np.exp(-(((off + wander[2] - 1) / 0.8) ** 2))
            return Effect(metal=1.5 * k * (walls * tube).astype(np.float32))
        case "nasogastric tube":
            top = thorax.dome[1]
            course = [(3 + wander[0], -80), (5, 0), (9 + shift * 0.6, 100), (12 + shift * 0.6, top - 10)]
            course += [(20, top + 14), (44 + 3 * wander[1], top + 30), (66 + 4 * wander[2], top + 26)]
            return Effect(metal=_line(plane, course, 1.5, 1.05 * k))
        case "central line":
            course = [(side * (44 + wander[3]), -80), (side * (34 + wander[4]), -34), (side * 25.0, 4)]
            return Effect(metal=_line(plane, [*course, *_into_cava(side, shift), *cava], 1.3, 1.05 * k))
        case "picc":
            course = [(side * 190, 52 + 6 * wander[3]), (side * 132, 26 + 2 * wander[4]), (side * 84, 12.0)]
            course += [(side * 48, 14.0)]
            return Effect(metal=_line(plane, [*course, *_into_cava(side, shift), *cava], 1.2, 1.0 * k))
        case "chest tube":
            wall = float(lateral_wall(thorax, np.array([135], np.float32))[0])
            course = [(side * (wall + 55), 178), (side * (wall + 6), 150), (side * (wall - 16), 112)]
            course += [(side * (0.62 * wall + 2 * wander[3]), 60), (side * (38 + 2 * wander[4]), 26 + 2 * wander[5])]
            return Effect(metal=_line(plane, course, 3.4, 0.55 * k) + _line(plane, course, 1.0, 0.6 * k))
        case "pacemaker":
            return Effect(metal=_pacemaker(plane, thorax, side, k, wander, cava))
    raise ValueError(finding.kind)


def _into_cava(side: int, shift: float) -> Points:
    """Return the way along the brachiocephalic vein of a side."""
    return [(-16 + shift, 34.0)] if side < 0 else [(22 + 0.5 * shift, 30.0), (2 + shift, 44.0)]


def _pacemaker(plane: Plane, thorax: Thorax, side: int, k: float, wander: Map, cava: Points) -> Map:
    centre = (side * (92 + 3 * wander[3]), 40 + 3 * wander[4])
    can = ramp(ellipse(plane, centre, (22, 18), side * (0.5 + 0.2 * wander[5])), 1.06, 0.9)
    works = chord(ellipse(plane, (centre[0] + 3, centre[1] + 2), (13, 9)), 2.0)
    ventricle = 34 * thorax.heart
    base = thorax.dome[1] - 12
    shift = thorax.mediastinal_shift
    course = [(centre[0] - side * 12, centre[1] - 14), (side * 62, 16.0), (side * 40, 18.0)]
    course += [
        *_into_cava(side, shift),
        *cava,
        (-22 + shift, 132.0),
        (-8 + shift, base - 14),
        (ventricle + shift, base),
    ]
    return 2.6 * can + works + _line(plane, course, 1.3, 1.2 * (0.5 + 0.5 * k))


def _line(plane: Plane, course: Points, radius: float, metal: float) -> Map:
    """Draw a smooth line through the points of a course; `metal` is its thickness (mm) over its width."""
    at = np.array(course, np.float64)
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
    step = 0.5
    along = np.arange(0, length[-1], step)
    x, y = (_smooth(np.interp(along, length, each), 36) for each in at.T)
    count = len(x)
    volume = np.full(count, metal * 2 * radius * step)
    return plane.deposit(x, y, volume, np.full(count, 1.25 * radius))


def _smooth(values: Map, window: int) -> Map:
    """Average along the line, its ends kept."""
    padded = np.concatenate([np.full(window, values[0]), values, np.full(window, values[-1])])
    kernel = np.hanning(2 * window + 1)
    return np.convolve(padded, kernel / kernel.sum(), "valid")
