"""The skeleton of the chest: spine, ribs, clavicles, scapulae, as thickness of bone."""

import numpy as np

from .projection import Map, Plane, chord, ellipse, ramp
from .thorax import SIDES, Thorax, lateral_wall

RIBS = range(1, 11)


def spine(plane: Plane, thorax: Thorax) -> Map:
    """Vertebral bodies with their end plates and pedicles, and the spinous processes over them."""
    bend = np.float32(thorax.spine) * np.sin(plane.y / 70) - np.float32(0.3 * thorax.turn)
    x = plane.x - bend
    pitch = 18 + 0.028 * np.clip(plane.y + 60, 0, None)  # vertebrae grow downwards
    number = (plane.y + 60) / pitch
    phase = np.abs(number - np.floor(number) - 0.5) * 2  # 0 in a body's middle, 1 in a disc's
    half = 12.5 + 0.016 * np.clip(plane.y + 60, 0, None)
    across = np.abs(x) / half
    bodies = ramp(across, 1.12, 0.80) * ramp(phase, 0.92, 0.74)
    plates = ramp(across, 1.08, 0.9) * np.exp(-(((phase - 0.80) / 0.07) ** 2))
    cortex = np.exp(-(((across - 0.95) / 0.10) ** 2)) * ramp(phase, 0.95, 0.7)
    pedicle = np.exp(-((((across - 0.62) / 0.17) ** 2 + ((phase - 0.30) / 0.32) ** 2 - 1) ** 2) * 3)
    pedicle = pedicle * ramp(across, 1.0, 0.85)
    process = np.exp(-((x / 2.6) ** 2)) * ramp(phase, 0.25, 0.75)
    wings = ramp(np.abs(x), 34, 24) * ramp(np.abs(x), 10, 15) * np.exp(-(((phase - 0.25) / 0.30) ** 2))
    return (2.6 * bodies + 2.0 * plates + 1.9 * cortex + 1.8 * pedicle + 2.6 * process + 1.4 * wings).astype(np.float32)


def ribs(plane: Plane, thorax: Thorax) -> Map:
    """All ribs: each a tilted ring around the chest, seen as an ellipse; its back half is the upper arc."""
    total = np.zeros_like(plane.x)
    for number in RIBS:
        for side in SIDES:
            total += _rib(plane, thorax, number, side)
    return total


def rib_ring(thorax: Thorax, number: int) -> tuple[float, float, float]:
    """Return a rib's ellipse in the plane: its half width, its middle's y, its half height."""
    top = -9 + 0.096 * thorax.height * (number - 1) * (1 + 0.012 * number)
    drop = 20 + 14.5 * min(number, 7) + 3 * max(0, number - 7)  # from the back's end to the front's
    outer = float(lateral_wall(thorax, np.array([top + 0.55 * drop], np.float32))[0]) + 2.5
    if number == 1:
        outer = 0.50 * thorax.width
    return outer, top + drop / 2, drop / 2


def _rib(plane: Plane, thorax: Thorax, number: int, side: int) -> Map:
    outer, middle, flat = rib_ring(thorax, number)
    # Rows that the ring touches: nothing else is computed.
    rows = np.nonzero(np.abs(plane.y - middle).min(axis=1) < flat + 14)[0]
    result = np.zeros_like(plane.x)
    if not len(rows):
        return result
    part = slice(int(rows[0]), int(rows[-1]) + 1)
    x, y = plane.x[part] * side - np.float32(0.4 * side * thorax.turn), plane.y[part]
    for place, displacement in ((p, d) for s, n, p, d in thorax.fractures if (s, n) == (side, number)):
        # Beyond the break the rib stands off.
        angle = np.arctan2(x / outer, -(y - middle) / flat)
        y = np.where(angle > place * np.pi, y - np.float32(displacement), y)
    u, v = x / np.float32(outer), (y - middle) / np.float32(flat)
    radius = np.sqrt(u * u + v * v) + np.float32(1e-4)
    gradient = np.sqrt((u / outer) ** 2 + (v / flat) ** 2) / radius
    off = (radius - 1) / gradient  # mm from the rib's axis, in the plane
    back = ramp(v, 0.15, -0.15)  # 1 on the arc behind, 0 on the arc in front
    height = np.float32(5.0) + 1.7 * (1 - back)
    along = np.abs(u) * thorax.depth * 1.02  # how much the rib runs along the beam
    inplane = np.sqrt((outer * v) ** 2 + (flat * u) ** 2)
    factor = np.sqrt(1 + (along / (inplane + 4)) ** 2)
    factor = np.minimum(factor, 3.2)
    shell = chord((off / height) ** 2, 8.2 + 2.4 * back) - 0.60 * chord((off / (height - 1.35)) ** 2, 6.8 + 2.4 * back)
    front_end = ramp(u, 0.60 - 0.012 * number, 0.74 - 0.012 * number)
    strength = (back + (1 - back) * front_end * 0.72) * ramp(x, 9, 16)
    result[part] = shell * factor * strength
    for place, displacement in ((p, d) for s, n, p, d in thorax.fractures if (s, n) == (side, number)):
        angle = np.arctan2(u, -v)
        distance = (angle - place * np.pi) * np.sqrt((outer * np.cos(place * np.pi)) ** 2 + (flat) ** 2 * 0.5 + 200)
        gap = np.exp(-((distance / (1.6 if displacement else 1.9)) ** 2))
        result[part] *= 1 - 0.95 * gap
    return result if number > 1 else 0.6 * result


def clavicle_axis(t: Map) -> Map:
    """Return the y of a clavicle's axis at parts 0..1 of its length."""
    return 31 - 38 * t + 16 * np.sin(2.9 * t * t) - 7 * np.sin(np.pi * 2 * t)


def clavicles(plane: Plane, thorax: Thorax) -> Map:
    """S-shaped, from the sternum outwards and up."""
    total = np.zeros_like(plane.x)
    for side in SIDES:
        x = plane.x * side - np.float32(side * 0.9 * thorax.turn)
        t = np.clip((x - 17) / 122, -0.1, 1.1)
        axis = clavicle_axis(t)
        slope = np.gradient(axis, axis=1) / plane.spacing
        for s, n, place, displacement in thorax.fractures:
            if s == side and n == 0:
                axis = axis + np.where(t > place, np.float32(displacement), 0)
        off = (plane.y - axis) / np.sqrt(1 + slope**2)
        thick = 5.2 + 3.0 * np.abs(t - 0.42) ** 1.4
        bone = chord((off / thick) ** 2, 8.6) - 0.66 * chord((off / (thick - 1.5)) ** 2, 7.4)
        bone = bone * ramp(x, 13, 18) * ramp(t, 1.08, 1.0)
        for s, n, place, displacement in thorax.fractures:
            if s == side and n == 0:
                gap = np.exp(-(((t - place) * 122 / (1.6 + 0.02 * displacement)) ** 2))
                bone = bone * (1 - 0.95 * gap)
        total += bone
    return total.astype(np.float32)


def scapulae(plane: Plane, thorax: Thorax) -> Map:
    """Blade, borders and the glenoid's root, turned out of most of the lung."""
    total = np.zeros_like(plane.x)
    for side in SIDES:
        x = plane.x * side
        edge = thorax.width * 0.88 + 0.00165 * (plane.y - 62) ** 2  # the medial border's curve
        lower = ramp(plane.y, 128, 118) * ramp(plane.y, -6, 8)
        outer = edge + 6 + 46 * ramp(plane.y, 128, 20)
        blade = ramp(x, edge, edge + 3) * ramp(x, outer, outer - 4) * lower
        border = (np.exp(-(((x - edge - 2) / 2.2) ** 2)) + 1.5 * np.exp(-(((x - outer + 4) / 3.4) ** 2))) * lower
        crest = np.exp(-(((plane.y - 18 + 0.16 * (x - edge)) / 4.2) ** 2)) * ramp(x, edge, edge + 14)
        head = chord(ellipse(plane, (side * (thorax.width + 52), 24), (24, 26)), 1.0)
        total += 1.3 * blade + 1.9 * border + 2.6 * crest + 13 * head
    return total.astype(np.float32)


def skeleton(plane: Plane, thorax: Thorax) -> Map:
    """All bones together (mm of bone)."""
    return spine(plane, thorax) + ribs(plane, thorax) + clavicles(plane, thorax) + scapulae(plane, thorax)
