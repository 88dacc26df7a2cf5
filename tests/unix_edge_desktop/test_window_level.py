"""Presets and drags change the window as a reader expects, and what is rendered is what `show` says."""

import time
from dataclasses import replace

import numpy as np
import pytest

from unix_edge.dicom.grayscale import Lut, Rescale, StoredImage, VoiFunction, Window, apply_voi, show
from unix_edge_desktop.image.images import ViewImage
from unix_edge_desktop.image.viewport import Viewport, fit
from unix_edge_desktop.image.window_level import (
    as_window,
    auto_window,
    choose_preset,
    drag,
    first_window,
    invert,
    read_out,
    render,
)

RAMP = np.linspace(200, 1200, 300 * 280).astype(np.uint16).reshape(300, 280)
LUNG = Window(700, 400, VoiFunction.LINEAR, "Lung")
VAST = Window(32768, 65535)
CURVE = Lut(0, (255 / (1 + np.exp(-(np.arange(2000) - 700) / 120))).astype(np.uint16), 8, "Curve")


def make_image(*presets, **fields) -> ViewImage:
    return ViewImage(StoredImage(fields.pop("stored", RAMP), presets=presets, **fields))


def mean(image, state) -> float:
    return float(render(image, state, Viewport(1, (140, 150)), (280, 300)).mean())


def test_the_file_s_first_preset_comes_first_then_keys_choose():
    image = make_image(CURVE, LUNG)
    state = first_window(image)
    assert (state.name, read_out(state)) == ("Curve", "VOI LUT")
    assert [preset.name for preset in image.presets] == ["Curve", "Lung", "Auto"]
    assert read_out(choose_preset(image, state, 2)) == "W 400 L 700"
    assert choose_preset(image, state, 3).voi == auto_window(image, state).voi == image.auto
    assert choose_preset(image, state, 4) is None and choose_preset(image, state, 0) is None
    assert first_window(make_image()).name == "Auto"
    assert [preset.name for preset in make_image(Window(1, 2), Window(3, 4)).presets][:2] == ["Window 1", "Window 2"]


def test_a_preset_leaves_the_reader_s_inversion_as_it_is():
    image = make_image(LUNG)
    inverted = invert(first_window(image))
    assert choose_preset(image, inverted, 1).inverted and auto_window(image, inverted).inverted
    assert not invert(inverted).inverted


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_right_is_wider_and_up_is_brighter_whatever_is_white(inverted, turned):
    image = make_image(LUNG, inverted=inverted)
    start = first_window(image)
    start = invert(start) if turned else start
    assert drag(image, start, 50, 0).voi.width > start.voi.width > drag(image, start, -50, 0).voi.width
    assert mean(image, drag(image, start, 0, 50)) > mean(image, start) > mean(image, drag(image, start, 0, -50))
    assert drag(image, start, 0, 0).voi == start.voi


@pytest.mark.parametrize(
    "voi", [LUNG, VAST, CURVE, Window(700, 4), Window(1e6, 10), Window(-1e4, 2, VoiFunction.SIGMOID)]
)
@pytest.mark.parametrize("inverted", [False, True])
def test_a_small_drag_never_jumps(voi, inverted):
    image = make_image(voi, inverted=inverted)
    state = first_window(image)
    begun = drag(image, state, 0, 0)
    assert abs(mean(image, begun) - mean(image, state)) < 10
    for across, up in ((10, 0), (-10, 0), (0, 10), (0, -10), (10, 10)):
        assert abs(mean(image, drag(image, state, across, up)) - mean(image, begun)) < 30


def test_no_drag_however_long_makes_the_image_all_one_gray():
    image = make_image(LUNG)
    for across, up in ((-1e5, 0), (1e5, 0), (0, 1e5), (0, -1e5), (-1e5, 1e5)):
        seen = render(image, drag(image, first_window(image), across, up), Viewport(1, (140, 150)), (280, 300))
        assert seen.min() < seen.max()


def test_a_scripted_drag_takes_its_steps_from_the_window_within_the_data_s_range():
    image = make_image(LUNG)
    state = drag(image, first_window(image), 100, -40)
    assert (state.voi.width, state.voi.center) == pytest.approx((500, 740))
    assert (state.name, read_out(state)) == ("Manual", "W 500 L 740")
    assert as_window(image, LUNG) is LUNG


def test_a_lut_is_dragged_from_a_window_close_to_it():
    window = as_window(make_image(CURVE), CURVE)
    assert window.center == pytest.approx(700, abs=5) and 400 < window.width < 700


FALLING = Lut(-50, CURVE.entries[::-1].copy(), 8, "Falling")
DEEP = Lut(0, (CURVE.entries.astype(np.uint32) * 4095 // 255).astype(np.uint16), 16, "12 bits, declared as 16")


@pytest.mark.parametrize("lut", [CURVE, FALLING, DEEP])
def test_the_first_pixels_of_a_drag_keep_a_lut_s_curve(lut):
    """It is shifted and stretched: what was a curve is no line, and nothing burns out."""
    image = make_image(lut)
    start = first_window(image)
    before = show(image.stored, start.voi)
    for across, up in ((3, 0), (0, 3), (-3, -3), (0, 0)):
        after = show(image.stored, drag(image, start, across, up).voi)
        assert np.abs(after.astype(int) - before).max() <= 6
        assert abs(int((after == 255).sum()) - int((before == 255).sum())) <= 0.05 * before.size


@pytest.mark.parametrize("lut", [CURVE, FALLING, DEEP])
@pytest.mark.parametrize(("across", "up"), [(150, 0), (-120, 60), (0, -80), (400, 20)])
def test_a_dragged_lut_is_its_curve_over_a_stretched_and_shifted_axis(lut, across, up):
    image = make_image(lut)
    window = as_window(image, lut)
    dragged = drag(image, first_window(image), across, up)
    as_line = drag(image, replace(first_window(image), voi=window), across, up).voi
    values = np.linspace(210, 1190, 400)
    places = window.center + (values - as_line.center) * window.width / as_line.width
    found, wanted = apply_voi(values, dragged.voi), apply_voi(places, lut)
    assert np.abs(found - wanted).max() < 0.02
    assert dragged.name == "Manual" and dragged.voi.explanation == lut.explanation


def test_a_sigmoid_stays_one_through_a_drag():
    image = make_image(Window(700, 400, VoiFunction.SIGMOID))
    before = show(image.stored, first_window(image).voi)
    dragged = drag(image, first_window(image), 3, -3)
    assert dragged.voi.function is VoiFunction.SIGMOID
    assert np.abs(show(image.stored, dragged.voi).astype(int) - before).max() <= 6


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("draft", [False, True])
def test_one_to_one_is_show_itself(inverted, draft):
    image = ViewImage(StoredImage(RAMP, Rescale(2, -100), (Window(1300, 900),), inverted, padding=(200, 210)))
    state = first_window(image)
    expected = show(image.stored, image.stored.presets[0])
    np.testing.assert_array_equal(render(image, state, Viewport(1, (140, 150)), (280, 300), draft=draft), expected)
    part = render(image, state, Viewport(1, (100.3, 120.4)), (64, 50), draft=draft)
    assert any(
        np.array_equal(part, expected[95 + down : 145 + down, 68 + right : 132 + right])
        for down in (0, 1)
        for right in (0, 1)
    )


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("draft", [False, True])
def test_turned_and_mirrored_is_what_numpy_turns_and_mirrors(quarters, mirrored, draft):
    image = make_image(Window(700, 1000))
    plain = show(image.stored, image.stored.presets[0])
    expected = np.rot90(plain[:, ::-1] if mirrored else plain, -quarters)
    size = expected.shape[::-1]
    seen = render(image, first_window(image), Viewport(1, (140, 150), quarters, mirrored), size, draft=draft)
    np.testing.assert_array_equal(seen, expected)


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("zoom", [0.3, 0.77, 1.6, 7])
@pytest.mark.parametrize("centre", [(140, 150), (3, 290), (-50, 20)])
def test_the_quick_picture_and_the_full_one_lie_in_the_same_place(quarters, zoom, centre):
    y, x = np.mgrid[:300, :280]
    image = make_image(
        Window(127.5, 255, VoiFunction.LINEAR_EXACT),
        stored=(127 + 120 * np.sin(x / 40) * np.cos(y / 40)).astype(np.uint8),
    )
    viewport = Viewport(zoom, centre, quarters, aspect=1.2)
    quick, full = (render(image, first_window(image), viewport, (200, 160), draft=draft) for draft in (True, False))
    difference = np.abs(quick.astype(int) - full)
    assert np.percentile(difference, 97) <= 8 / min(zoom, 1)


def test_outside_the_image_is_black():
    image = make_image(Window(0, 1))
    for draft in (False, True):
        seen = render(image, first_window(image), Viewport(1, (0, 0)), (100, 80), draft=draft)
        assert seen[40:, 50:].min() == 255 and seen[:40].max() == 0 and seen[:, :50].max() == 0
        assert not render(image, first_window(image), Viewport(1, (-900, 0)), (100, 80), draft=draft).any()


def fastest(run) -> float:
    times = []
    for _ in range(9):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def test_a_drag_s_frame_is_quicker_than_two_look_ups_of_the_whole_image():
    """Relative, so that it holds on any machine: the loop is what a full picture would cost in numpy."""
    stored = np.random.default_rng(0).integers(0, 65536, (3000, 2500), dtype=np.uint16)
    image = make_image(Window(30000, 40000), stored=stored)
    assert image.auto.width > 0
    table = np.arange(65536).astype(np.uint8)
    calibration = fastest(lambda: table[stored])
    size = (1100, 1000)
    viewport, state = fit(Viewport(), size, stored.shape), first_window(image)
    quick = fastest(lambda: render(image, drag(image, state, 5, 5), viewport, size, draft=True))
    full = fastest(lambda: render(image, state, viewport, size))
    assert quick < 2 * calibration and full < 8 * calibration


def test_what_its_own_window_ruins_is_first_shown_by_its_percentiles():
    image = make_image(Window(127, 255), LUNG, first_preset_ruins=True)
    assert first_window(image).voi == image.auto and first_window(image).name == "Auto"
    assert choose_preset(image, first_window(image), 1).voi == Window(127, 255)  # the file's is a key away


COLOURS = np.random.default_rng(3).integers(0, 256, (300, 280, 3), dtype=np.uint8)


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_colour_lies_as_its_luminance_does(draft, quarters, mirrored):
    image = make_image(Window(127.5, 255, VoiFunction.LINEAR_EXACT), stored=COLOURS[..., 1], colour=COLOURS)
    viewport = Viewport(1, (140, 150), quarters=quarters, mirrored=mirrored)
    seen = render(image, first_window(image), viewport, (280, 300), draft=draft)
    gray = ViewImage(replace(image.stored, colour=None))
    assert seen.shape == (300, 280, 3)
    np.testing.assert_array_equal(seen[..., 1], render(gray, first_window(gray), viewport, (280, 300), draft=draft))
