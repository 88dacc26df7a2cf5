"""The log of a stage's losses, one JSON object a line, and its plot."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

Curve = list[tuple[float, float]]
_WIDTH, _HEIGHT, _MARGIN = 640, 240, 36
_INK, _PAPER, _GRID = (20, 60, 120), (255, 255, 255), (200, 200, 200)


def read_log(path: Path) -> list[dict[str, Any]]:
    """Read the lines that are whole; a killed run may have left half of one."""
    lines = []
    for line in path.read_text("utf-8").splitlines() if path.is_file() else []:
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return lines


class LossLog:
    """A log that goes on where its run was resumed."""

    def __init__(self, path: Path, step: int) -> None:
        kept = [line for line in read_log(path) if line["step"] <= step]
        if step:
            kept.append({"step": step, "resumed": True})
        path.write_text("".join(json.dumps(line) + "\n" for line in kept), "utf-8")
        self._file = path.open("a", encoding="utf-8")

    def write(self, step: int, **figures: float) -> None:
        """Add one line."""
        rounded = {name: float(f"{value:.5g}") for name, value in figures.items()}
        self._file.write(json.dumps({"step": step, **rounded}) + "\n")
        self._file.flush()

    def close(self) -> None:
        """End the log."""
        self._file.close()


def plot(log: Path, path: Path) -> None:
    """Draw every figure of a log over its steps, one panel each, training losses smoothed."""
    curves: dict[str, Curve] = defaultdict(list)
    for line in read_log(log):
        for name, value in line.items():
            if name not in ("step", "seconds", "resumed") and np.isfinite(value):
                curves[name].append((line["step"], value))
    if not curves:
        return
    picture = Image.new("RGB", (_WIDTH, _HEIGHT * len(curves)), _PAPER)
    for number, (name, curve) in enumerate(curves.items()):
        _panel(ImageDraw.Draw(picture), _HEIGHT * number, name, curve)
    picture.save(path)


def _panel(draw: ImageDraw.ImageDraw, top: int, name: str, curve: Curve) -> None:
    steps, values = (np.array(axis) for axis in zip(*curve, strict=True))
    window = max(1, len(values) // 100)
    values = np.convolve(values, np.ones(window) / window, "valid")
    steps = steps[window - 1 :]
    low, high = float(values.min()), float(values.max())
    left, right, above, below = 2 * _MARGIN, _WIDTH - _MARGIN, top + _MARGIN, top + _HEIGHT - _MARGIN
    x = left + (right - left) * (steps - steps[0]) / max(1, steps[-1] - steps[0])
    y = below - (below - above) * (values - low) / max(1e-9, high - low)
    draw.rectangle((left, above, right, below), outline=_GRID)
    points = [(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    if len(points) > 1:
        draw.line(points, fill=_INK, width=2)
    else:
        draw.point(points, fill=_INK)
    draw.text((left, top + 12), f"{name}: {values[-1]:.4g} at step {int(steps[-1])}", fill=_INK)
    draw.text((4, above), f"{high:.4g}", fill=_INK)
    draw.text((4, below - 10), f"{low:.4g}", fill=_INK)
