"""X-rays through a body: thickness maps in the detector's plane, Beer-Lambert, scatter, quanta, and the way to gray."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.floating]
"""Values over the plane, (H, W)."""

SOFT, LUNG, BONE, METAL = 0.0205, 0.0055, 0.052, 0.32
"""Effective linear attenuation per mm at about 70 keV (after NIST's tables; lung at full inspiration)."""

FIELD = 330.0
"""Side of the square field at the detector, in mm."""


@dataclass(frozen=True)
class Plane:
    """Points of a square grid, in mm of the patient: x to the image's right (the patient's left), y down."""

    x: Map
    y: Map
    spacing: float

    @classmethod
    def square(cls, size: int, *, shift: tuple[float, float], rotation: float) -> "Plane":
        """Make the grid of `size` pixels a side; x = 0 is the spine, y = 0 the lungs' apex, both before the shift."""
        spacing = FIELD / size
        line = (np.arange(size, dtype=np.float32) + 0.5) * spacing
        x, y = np.meshgrid(line - FIELD / 2 - shift[0], line - 50 - shift[1])
        cos, sin = np.float32(np.cos(rotation)), np.float32(np.sin(rotation))
        return cls(x * cos + y * sin, y * cos - x * sin, spacing)

    def blur(self, values: Map, sigma: float) -> Map:
        """Blur with a Gaussian of `sigma` mm; beyond the field its edge goes on."""
        weights = _gaussian_weights(len(values), sigma / self.spacing)
        return weights @ values.astype(np.float32) @ weights.T

    def noise(self, rng: np.random.Generator, sigma: float) -> Map:
        """Return a smooth random field of zero mean and unit deviation, correlated over about `sigma` mm."""
        # Drawn on a grid of fixed spacing, so that a seed gives the same field at any size; then rounded off.
        cells = max(8, round(2 * FIELD / sigma))
        grid = rng.standard_normal((cells, cells)).astype(np.float32)
        for axis in (0, 1, 0, 1):
            grid = np.roll(grid, 1, axis) + 2 * grid + np.roll(grid, -1, axis)
        field = _resize(grid, len(self.x))
        return field / (field.std() + np.float32(1e-6))

    def deposit(self, x: Map, y: Map, volumes: Map, radii: Map) -> Map:
        """Spread little volumes (mm^3) at image points (mm) into a thickness map (mm), each blurred by its radius."""
        size = len(self.x)
        total: float | NDArray[np.complexfloating] = 0.0
        bands = (0.0, 0.8, 1.3, 2.0, 3.2, 5.0, 99.0)
        column, row = self._pixel(x, y)
        inside = (column >= 0) & (column < size - 1) & (row >= 0) & (row < size - 1)
        for low, high in pairwise(bands):
            chosen = inside & (radii >= low) & (radii < high)
            if not chosen.any():
                continue
            c, r, v = column[chosen], row[chosen], volumes[chosen] / self.spacing**2
            c0, r0 = c.astype(np.int64), r.astype(np.int64)
            fc, fr = c - c0, r - r0
            index = np.concatenate([r0 * size + c0, r0 * size + c0 + 1, (r0 + 1) * size + c0, (r0 + 1) * size + c0 + 1])
            parts = ((1 - fc) * (1 - fr), fc * (1 - fr), (1 - fc) * fr, fc * fr)
            grid = np.bincount(index, np.concatenate([v * part for part in parts]), size * size)
            gaussian = _gaussian(size, self.spacing, 0.5 * float(radii[chosen].mean()))
            total = total + np.fft.rfft2(grid.reshape(size, size)) * gaussian
        if isinstance(total, float):
            return np.zeros_like(self.x)
        return np.fft.irfft2(total, self.x.shape).astype(np.float32)

    def _pixel(self, x: Map, y: Map) -> tuple[Map, Map]:
        """Turn patient coordinates into fractional columns and rows."""
        (x0, y0), (xc, yc) = (self.x[0, 0], self.y[0, 0]), (self.x[0, 1] - self.x[0, 0], self.y[0, 1] - self.y[0, 0])
        dx, dy, step = x - x0, y - y0, self.spacing**2
        return (dx * xc + dy * yc) / step, (dy * xc - dx * yc) / step


def _gaussian(size: int, spacing: float, sigma: float) -> Map:
    """Return what a Gaussian of `sigma` mm leaves of each bin of a real Fourier transform."""
    across, down = (np.exp(-2 * (np.pi * sigma * f(size, spacing)) ** 2) for f in (np.fft.rfftfreq, np.fft.fftfreq))
    return np.outer(down, across).astype(np.float32)


def chord(q: Map, depth: float | Map) -> Map:
    """Return the thickness of an ellipsoid of full depth `depth` (mm) where `q` is its squared in-plane radius."""
    return depth * np.sqrt(np.clip(1 - q, 0, None, dtype=np.float32))


def ellipse(plane: Plane, centre: tuple[float, float], axes: tuple[float, float], tilt: float = 0.0) -> Map:
    """Return the squared radius (1 at the edge) of an ellipse, `tilt` in radians from x towards y."""
    dx, dy = plane.x - np.float32(centre[0]), plane.y - np.float32(centre[1])
    if tilt:
        cos, sin = np.float32(np.cos(tilt)), np.float32(np.sin(tilt))
        dx, dy = dx * cos + dy * sin, dy * cos - dx * sin
    return (dx / np.float32(axes[0])) ** 2 + (dy / np.float32(axes[1])) ** 2


def ramp(values: Map, start: float | np.floating | Map, end: float | np.floating | Map) -> Map:
    """Rise smoothly from 0 at `start` to 1 at `end` (which may be the smaller)."""
    t = np.clip((values - np.float32(start)) / np.float32(end - start), 0, 1, dtype=np.float32)
    return t * t * (3 - 2 * t)


@dataclass(frozen=True, slots=True)
class Exposure:
    """How the radiograph was taken and shown."""

    quanta: float
    """Quanta a square millimetre where nothing attenuates."""
    scatter: float
    """Scattered over primary signal, after the grid, in the lungs."""
    latitude: float
    """Range of log exposure that is shown, relative to the usual."""
    brightness: float
    """Shift of the window, in parts of its width."""
    detail: float
    """Weight of the detail that a reader's system adds."""


def expose(plane: Plane, attenuation: Map, exposure: Exposure, rng: np.random.Generator) -> Map:
    """Turn attenuation into log exposure, air lowest: Beer-Lambert, scatter, quanta, the detector's blur."""
    primary = np.exp(-attenuation)
    # Direct radiation beside the body scatters in nothing.
    through = np.minimum(primary, np.float32(0.4))
    signal = primary + np.float32(exposure.scatter) * plane.blur(through, 28.0)
    quanta = signal * np.float32(exposure.quanta * plane.spacing**2)
    signal = signal * (1 + rng.standard_normal(signal.shape, dtype=np.float32) / np.sqrt(quanta))
    signal = plane.blur(signal, max(0.25, 0.35 * plane.spacing))
    return -np.log(np.maximum(signal, np.float32(1e-4)))


def show(plane: Plane, density: Map, body: Map, exposure: Exposure) -> NDArray[np.uint8]:
    """Window log exposure as a viewing station does, from what lies behind the body, to 8 bits, air black."""
    detail = density - plane.blur(density, 22.0)
    density = density + np.float32(exposure.detail) * np.clip(detail, -0.6, 0.6)
    low, high = np.percentile(density[body > 40][::7], (3, 97))
    width = (high - low) * np.float32(1.32 * exposure.latitude)
    centre = (low + high) / 2 + np.float32(exposure.brightness) * width
    scaled = (density - centre) / width  # about -0.4..0.4 in the body
    return np.clip(255 / (1 + np.exp(-4.6 * scaled)) * 1.06 - 8, 0, 255).astype(np.uint8)


def _resize(small: Map, size: int) -> Map:
    """Enlarge a square map with cubic convolution, its edge repeated."""
    weights = _cubic_weights(len(small), size)
    return weights @ small @ weights.T


def _gaussian_weights(size: int, sigma: float) -> Map:
    """Return what each of `size` points in a row takes of each other; what lies beyond an end is that end."""
    reach = min(size, max(1, math.ceil(3 * sigma)))
    taps = np.arange(-reach, reach + 1)
    values = np.exp(-0.5 * (taps / sigma) ** 2)
    columns = np.clip(np.arange(size)[:, None] + taps, 0, size - 1)
    weights = np.zeros((size, size), np.float32)
    np.add.at(weights, (np.arange(size)[:, None], columns), (values / values.sum()).astype(np.float32))
    return weights


def _cubic_weights(cells: int, size: int) -> Map:
    at = (np.arange(size) + 0.5) / size * cells - 0.5
    first = np.floor(at).astype(int) - 1
    weights = np.zeros((size, cells), np.float32)
    for tap in range(4):
        d = np.abs(at - (first + tap))
        value = np.where(d < 1, 1.5 * d**3 - 2.5 * d**2 + 1, -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2)
        np.add.at(weights, (np.arange(size), np.clip(first + tap, 0, cells - 1)), np.where(d < 2, value, 0))
    return weights
