"""Overlays and shutters leave the decode child unchanged, and a child that lies about them is not believed."""

import json

import numpy as np
import pytest
from pydicom import Dataset

from unix_edge.dicom.shutters import Disc, Polygon, Rectangle
from unix_edge.isolated.over_answer import Over, over_length, pack_over, read_over, unpack_over
from unix_edge.sentences import Sentence

SHAPE = (5, 7)
MASK = np.random.default_rng(3).random(SHAPE) > 0.5
OVER = Over(MASK, (Rectangle(1, 5, 2, 4), Disc(2, 3, 4), Polygon(((1, 1), (1, 5), (4, -3)))), 40000)


CUT = Sentence("Overlay {0} was left out: {1}.", "6000", Sentence("its data are cut short"))


def travel(over, left_out=(CUT,), **lies):
    said, block = pack_over(over, left_out)
    said = json.loads(json.dumps({**said, **lies}))
    assert over_length(said, SHAPE) == len(block)
    return unpack_over(said, SHAPE, block)


def test_what_travels_is_laid_over_alike():
    arrived, left_out = travel(OVER)
    np.testing.assert_array_equal(arrived.overlay, MASK)
    assert (arrived.shutters, arrived.shutter_gray) == (OVER.shutters, 40000)
    assert left_out == (CUT,)
    nothing, _ = travel(Over())
    assert nothing.overlay is None and nothing.shutters == ()


@pytest.mark.parametrize(
    "lies",
    [
        {"shutters": [{"kind": "disc", "places": [1, 2, 3]}] * 4},
        {"shutters": [{"kind": "CANARY", "places": [1, 2, 3]}]},
        {"shutters": [{"kind": "disc", "places": [1, 2]}]},
        {"shutters": [{"kind": "disc", "places": [1, 2, 1e9]}]},
        {"shutters": [{"kind": "rectangle", "places": [1, 2, 3, 1 << 40]}]},
        {"shutters": [{"kind": "polygon", "places": [[[1, 1]] * 5000]}]},
        {"shutters": [{"kind": "polygon", "places": [[[1, 1], [2, 2]]]}]},
        {"shutters": None},
        {"gray": 65536},
        {"gray": True},
        {"left_out": [["a"]] * 33},
        {"left_out": [1]},
    ],
    ids=str,
)
def test_a_lie_is_refused(lies):
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        travel(OVER, **lies)


def test_planes_become_one_mask_and_the_shutters_gray_is_held_in_its_range():
    dataset = Dataset()
    for group, origin in ((0x6000, [1, 1]), (0x6002, [4, 6])):
        for element, vr, value in ((0x10, "US", 2), (0x11, "US", 2), (0x40, "CS", "G"), (0x50, "SS", origin)):
            dataset.add_new((group, element), vr, value)
        dataset.add_new((group, 0x100), "US", 1)
        dataset.add_new((group, 0x102), "US", 0)
        dataset.add_new((group, 0x3000), "OW", b"\x09\x00")
    dataset.ShutterShape, dataset.ShutterPresentationValue = "CIRCULAR", 65535
    dataset.CenterOfCircularShutter, dataset.RadiusOfCircularShutter = [2, 2], 2
    over, left_out = read_over(dataset, SHAPE, 0)
    assert set(zip(*np.nonzero(over.overlay), strict=True)) == {(0, 0), (1, 1), (3, 5), (4, 6)}
    assert (over.shutters, over.shutter_gray, left_out) == ((Disc(2, 2, 2),), 65535, ())
    assert read_over(Dataset(), SHAPE, 0)[0].overlay is None
