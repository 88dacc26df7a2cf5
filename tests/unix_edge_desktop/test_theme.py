"""What is written can be read: the contrast of every pair of colours, at every scale, with the focus in sight."""

import re

import pytest
from PySide6.QtGui import QColor

from unix_edge_desktop.toolkit.theme import COLOURS, FONT_POINTS, PAIRS, style_sheet


def luminance(colour: str) -> float:
    def linear(share):
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_greatest_contrast_there_is():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_has_a_contrast_of_at_least_4_5(ink, ground):
    assert contrast(getattr(COLOURS, ink), getattr(COLOURS, ground)) >= 4.5


@pytest.mark.parametrize("ground", ["ground", "raised", "field"])
def test_the_ring_of_the_focus_has_a_contrast_of_at_least_3(ground):
    assert contrast(COLOURS.accent, getattr(COLOURS, ground)) >= 3
    assert contrast(COLOURS.accent, COLOURS.edge) >= 3


def test_every_ink_and_every_ground_of_the_style_sheet_is_among_the_pairs():
    sheet = style_sheet()
    names = {getattr(COLOURS, name): name for name in COLOURS.__slots__}
    inks = {names[each] for each in re.findall(r"[^-]color: (#\w+)", sheet)} - {"disabled"}
    grounds = {names[each] for each in re.findall(r"background(?:-color)?: (#\w+)", sheet)}
    assert inks | {"own"} == {ink for ink, _ in PAIRS}  # which marks words within a field
    # An edge is the handle of a scroll bar, the accent a line between panels: nothing is written on them.
    assert grounds - {"edge", "accent"} == {ground for _, ground in PAIRS}


@pytest.mark.parametrize("scale", [100, 150, 200])
def test_text_and_lengths_follow_the_scale(scale):
    sheet = style_sheet(scale)
    assert f"font-size: {FONT_POINTS * scale / 100:g}pt" in sheet
    assert f"min-height: {round(14 * scale / 100)}px" in sheet
