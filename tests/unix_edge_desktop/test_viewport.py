"""Zoom, pan, turns and mirroring keep every point where it belongs, and letters where they are true."""

import itertools
import math
import random

import numpy as np
import pytest

from unix_edge.dicom.grayscale import StoredImage
from unix_edge_desktop.image.images import ViewImage
from unix_edge_desktop.image.viewport import (
    Viewport,
    find_markers,
    fit,
    flip_horizontal,
    flip_vertical,
    follow,
    one_to_one,
    pan,
    reset,
    rotate,
    seen_size,
    to_image,
    to_view,
    zoom_at,
)
from unix_edge_desktop.image.window_level import first_window, render

SIZE, SHAPE = (811, 607), (1024, 900)
EIGHT = [Viewport(0.5, (450, 512), quarters, mirrored) for quarters in range(4) for mirrored in (False, True)]


@pytest.mark.parametrize("viewport", EIGHT)
@pytest.mark.parametrize("aspect", [1.0, 1.5])
def test_there_and_back_is_the_same_point(viewport, aspect):
    viewport = Viewport(0.7, (10, 20), viewport.quarters, viewport.mirrored, aspect)
    for point in ((0, 0), (123.4, 5.6), (-10, 900)):
        assert to_image(viewport, SIZE, to_view(viewport, SIZE, point)) == pytest.approx(point)


@pytest.mark.parametrize("viewport", EIGHT)
def test_the_point_under_the_cursor_stays_within_a_pixel_through_any_zoom(viewport):
    chance = random.Random(3)
    for _ in range(50):
        cursor = (chance.uniform(0, SIZE[0]), chance.uniform(0, SIZE[1]))
        held = to_image(viewport, SIZE, cursor)
        for _ in range(20):
            viewport = zoom_at(viewport, SIZE, cursor, chance.choice([1.25, 0.8, 3, 1e6, 1e-6]))
            assert math.dist(to_view(viewport, SIZE, held), cursor) < 1
        viewport = fit(viewport, SIZE, SHAPE)


@pytest.mark.parametrize("quarters", range(4))
def test_what_fits_touches_two_edges_and_leaves_none(quarters):
    viewport = fit(Viewport(quarters=quarters, aspect=1.25), SIZE, SHAPE)
    width, height = seen_size(viewport, SHAPE)
    assert width <= SIZE[0] + 1e-9 and height <= SIZE[1] + 1e-9
    assert width == pytest.approx(SIZE[0]) or height == pytest.approx(SIZE[1])
    assert to_view(viewport, SIZE, (SHAPE[1] / 2, SHAPE[0] / 2)) == pytest.approx((SIZE[0] / 2, SIZE[1] / 2))


def test_pan_moves_by_the_pixels_of_the_mouse_and_never_loses_the_image():
    viewport = fit(Viewport(quarters=1, mirrored=True), SIZE, SHAPE)
    moved = pan(viewport, (12, -7), SHAPE)
    before, after = to_view(viewport, SIZE, (100, 100)), to_view(moved, SIZE, (100, 100))
    assert (after[0] - before[0], after[1] - before[1]) == pytest.approx((12, -7))
    x, y = pan(viewport, (1e9, 1e9), SHAPE).centre
    assert 0 <= x <= SHAPE[1] and 0 <= y <= SHAPE[0]


def test_a_flip_is_of_what_is_seen_whatever_it_was_turned_by():
    for viewport in EIGHT:
        x, y = to_view(viewport, SIZE, (100, 200))
        across, down = to_view(flip_horizontal(viewport), SIZE, (100, 200))
        assert (across, down) == pytest.approx((SIZE[0] - x, y))
        across, down = to_view(flip_vertical(viewport), SIZE, (100, 200))
        assert (across, down) == pytest.approx((x, SIZE[1] - y))
        assert flip_vertical(flip_vertical(viewport)) == viewport == rotate(viewport, 4)


def test_reset_shows_the_image_as_it_is_stored():
    viewport = flip_vertical(rotate(zoom_at(Viewport(aspect=1.2), SIZE, (3, 4), 9), 1))
    assert reset(viewport, SIZE, SHAPE) == fit(Viewport(aspect=1.2), SIZE, SHAPE)
    assert one_to_one(viewport).zoom == 1 and one_to_one(viewport, 2).zoom == 2


ORIENTATIONS = [("L", "F"), ("P", "F"), ("RF", "FL")]
OPPOSITE = {"L": "R", "R": "L", "F": "H", "H": "F", "A": "P", "P": "A"}


@pytest.mark.parametrize(("viewport", "orientation"), [*itertools.product(EIGHT, ORIENTATIONS)], ids=str)
def test_letters_are_where_the_image_s_edges_are_seen(viewport, orientation):
    """The letters are drawn along the image's edges, the picture is rendered, and read at the view's edges."""
    row, column = orientation
    names = [row, "".join(map(OPPOSITE.get, row)), column, "".join(map(OPPOSITE.get, column))]
    picture = np.zeros((60, 60), np.uint8)
    picture[20:40, 50:], picture[20:40, :10], picture[50:, 20:40], picture[:10, 20:40] = 40, 80, 120, 160
    image = ViewImage(StoredImage(picture))
    window = first_window(image)
    shades = dict(
        zip(
            render(image, window, Viewport(1, (30, 30)), (60, 60))[[30, 30, 55, 5], [55, 5, 30, 30]], names, strict=True
        )
    )
    seen = render(image, window, Viewport(1, (30, 30), viewport.quarters, viewport.mirrored), (60, 60))
    markers = find_markers(viewport, orientation)
    assert [shades[seen[y, x]] for x, y in ((5, 30), (55, 30), (30, 5), (30, 55))] == [
        markers.left,
        markers.right,
        markers.top,
        markers.bottom,
    ]


@pytest.mark.parametrize("viewport", EIGHT)
def test_no_letters_without_an_orientation(viewport):
    assert find_markers(viewport, None) is None


@pytest.mark.parametrize("other", [Viewport(), Viewport(quarters=3)])
def test_a_view_keeps_step_with_another_of_other_size(other):
    other_size, other_shape = (400, 400), (2048, 1800)
    other = zoom_at(fit(other, other_size, other_shape), other_size, (100, 100), 2)
    mine = follow(fit(Viewport(), SIZE, SHAPE), SIZE, SHAPE, other, other_size, other_shape)
    assert mine.zoom == pytest.approx(2 * fit(Viewport(), SIZE, SHAPE).zoom)
    assert mine.centre == pytest.approx((other.centre[0] / 2, other.centre[1] / 2))
    assert mine.quarters == 0


def test_pictures_of_one_size_are_seen_as_large_in_views_that_differ_by_a_pixel():
    other = zoom_at(fit(Viewport(), (812, 607), SHAPE), (812, 607), (100, 100), 2)
    mine = follow(fit(Viewport(), SIZE, SHAPE), SIZE, SHAPE, other, (812, 607), SHAPE)
    assert (mine.zoom, mine.centre) == (other.zoom, other.centre)
