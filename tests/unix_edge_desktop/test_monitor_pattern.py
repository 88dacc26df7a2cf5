"""The monitor's pattern reaches the screen value by value, and says what it is not."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest

from unix_edge_desktop.canvas.canvas import Canvas
from unix_edge_desktop.image.images import from_gray
from unix_edge_desktop.image.monitor_pattern import CONTRAST, LEVELS, NOTICE, make_pattern, patch_box
from unix_edge_desktop.image.window_level import render


@pytest.mark.parametrize("size", [256, 700, 1024])
def test_every_patch_has_its_value_and_two_that_differ_just_so(size):
    pattern = make_pattern(size)
    assert pattern.shape == (size, size) and tuple(range(8, 256, 16)) == LEVELS
    for step, level in enumerate(LEVELS):
        left, top, right, bottom = patch_box(step, size)
        values, counts = np.unique(pattern[top:bottom, left:right], return_counts=True)
        assert set(values) == {level - CONTRAST, level, level + CONTRAST}
        assert counts[1] > counts[0] + counts[2]


@pytest.mark.parametrize("size", [(700, 700), (701, 801), (900, 640)])
def test_a_canvas_shows_it_pixel_for_pixel(qtbot, size):
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(*size)
    canvas.show()
    side = min(canvas.device_size)
    pattern = make_pattern(side)
    canvas.set_image(from_gray(pattern))
    canvas.one_to_one()
    seen = render(canvas.image, canvas.window_state, canvas.viewport, canvas.device_size)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    shifts = [(left + dx, top + dy) for dx in (0, 1) for dy in (0, 1)]
    assert any(np.array_equal(seen[y : y + side, x : x + side], pattern) for x, y in shifts)
    levels = canvas.grab().toImage()
    x, y = canvas.to_widget((side / 2, side * 0.6))
    assert levels.pixelColor(int(x), int(y)).red() == seen[int(y), int(x)]


def test_it_says_that_nothing_is_corrected():
    assert NOTICE == "No GSDF correction applied."
    box = make_pattern(1024)[1024 * 9 // 10 : 1024 * 95 // 100, 256:768]
    assert set(np.unique(box)) >= {0, 255} and 0.02 < (box > 127).mean() < 0.3
