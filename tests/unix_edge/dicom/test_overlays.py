"""Overlays and shutters land on the pixels that they mean, and nothing hostile in them is believed."""

import warnings

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file

from unix_edge.dicom.overlays import Overlay, OverlayKind, read_overlays
from unix_edge.dicom.shutters import Disc, Polygon, Rectangle, read_shutters, shutter_mask


@pytest.fixture
def make_overlay():
    """Build a dataset with one overlay plane; None leaves an element out."""

    def make(bits, group=0x6000, **changes) -> Dataset:
        frames = np.asarray(bits, np.uint8)
        rows, columns = frames.shape[-2:]
        packed = np.packbits(frames.ravel(), bitorder="little").tobytes()
        values = {
            "rows": (0x0010, "US", rows),
            "columns": (0x0011, "US", columns),
            "frames": (0x0015, "IS", None),
            "description": (0x0022, "LO", "words"),
            "kind": (0x0040, "CS", "G"),
            "origin": (0x0050, "SS", [1, 1]),
            "first": (0x0051, "US", None),
            "depth": (0x0100, "US", 1),
            "position": (0x0102, "US", 0),
            "label": (0x1500, "LO", "name"),
            "data": (0x3000, "OW", packed + b"\0" * (len(packed) % 2)),
        }
        dataset = Dataset()
        for name, (element, vr, usual) in values.items():
            value = changes.get(name, usual)
            if value is not None:
                dataset.add_new((group, element), vr, value)
        return dataset

    return make


def random_bits(*shape):
    return np.random.default_rng(0).integers(0, 2, shape).astype(bool)


@pytest.mark.parametrize("name", ["examples_overlay.dcm", "MR-SIEMENS-DICOM-WithOverlays.dcm"])
def test_the_planes_of_a_real_file_are_those_that_pydicom_reads(name):
    dataset = dcmread(get_testdata_file(name, download=False))
    overlays, left_out = read_overlays(dataset)
    assert left_out == () and [each.group for each in overlays] == [0x6000]
    assert np.array_equal(overlays[0].bits, dataset.overlay_array(0x6000)) and overlays[0].bits.any()


def test_a_plane_says_what_it_is(make_overlay):
    ((overlay,), _) = read_overlays(make_overlay(random_bits(3, 5), kind="R", origin=[2, 3]))
    assert (overlay.kind, overlay.row, overlay.column) == (OverlayKind.REGION, 2, 3)
    assert (overlay.label, overlay.description) == ("name", "words")
    assert np.array_equal(overlay.bits, random_bits(3, 5))


@pytest.mark.parametrize(
    ("row", "column"), [(1, 1), (3, 4), (0, -1), (-2, 6), (6, 7), (-10, 1), (1, 20), (-32768, 32767)]
)
def test_a_plane_is_laid_at_its_origin_and_cut_at_the_image(row, column):
    bits = random_bits(4, 5)
    expected = np.zeros((6, 8), bool)
    for i, j in np.argwhere(bits):
        if 0 <= (r := i + row - 1) < 6 and 0 <= (c := j + column - 1) < 8:
            expected[r, c] = True
    assert np.array_equal(Overlay(0x6000, OverlayKind.GRAPHICS, bits, row, column).mask(6, 8), expected)


@pytest.mark.parametrize("frame", [0, 1, 2, 3, 4])
def test_each_frame_has_its_own_bits(make_overlay, frame):
    bits = random_bits(3, 5, 7)
    overlays, left_out = read_overlays(make_overlay(bits, frames=3, first=2), frame)
    assert left_out == ()
    if frame in (1, 2, 3):
        assert np.array_equal(overlays[0].bits, bits[frame - 1])
    else:
        assert overlays == ()


def test_a_plane_that_says_nothing_of_frames_lies_on_all(make_overlay):
    assert len(read_overlays(make_overlay(random_bits(3, 5)), 7)[0]) == 1


@pytest.mark.parametrize("frame", [0, 1])
@pytest.mark.parametrize("vr", ["OW", "OB"])
def test_big_endian_words_are_swapped_and_bytes_are_not(make_overlay, frame, vr):
    bits = random_bits(2, 5, 7)
    dataset = make_overlay(bits, frames=2)
    data = dataset[0x6000, 0x3000].value
    swapped = np.frombuffer(data, ">u2").astype("<u2").tobytes() if vr == "OW" else data
    dataset.add_new((0x6000, 0x3000), vr, swapped)
    dataset.set_original_encoding(False, False)
    assert np.array_equal(read_overlays(dataset, frame)[0][0].bits, bits[frame])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"depth": 16, "position": 12, "data": None}, "embedded in the high bits"),
        ({"position": 12}, "embedded in the high bits"),
        ({"data": None}, "embedded in the high bits"),
        ({"rows": 0}, "rows and columns are not from 1"),
        ({"rows": 65535, "columns": 65535}, "rows and columns are not from 1"),
        ({"rows": None}, "rows and columns are not from 1"),
        ({"rows": 8192, "columns": 8192}, "cut short"),
        ({"data": b"\0\0"}, "cut short"),
        ({"frames": 2}, "cut short"),
        ({"frames": 2**31 - 1}, "frames are not from 1"),
        ({"first": 0}, "frames are not from 1"),
        ({"kind": "CANARY"}, "neither graphics nor region"),
        ({"kind": None}, "neither graphics nor region"),
        ({"origin": [1, 1, 1]}, "no place near the image"),
        ({"origin": 7}, "no place near the image"),
    ],
)
def test_what_cannot_be_shown_is_named_and_the_others_stay(make_overlay, changes, reason):
    dataset = make_overlay(random_bits(6, 8), **changes)
    dataset.update(make_overlay(random_bits(2, 2), 0x6002))
    overlays, (sentence,) = read_overlays(dataset)
    said = str(sentence)
    assert said.startswith("Overlay 6000 was left out: ") and reason in said and said.endswith(".")
    assert [each.group for each in overlays] == [0x6002] and "CANARY" not in said


def test_labels_hold_no_control_characters_and_an_end(make_overlay):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = make_overlay(random_bits(2, 2), label="a\x1b[31m\u202eb" + "x" * 999)
    (overlay,), _ = read_overlays(dataset)
    assert overlay.label.startswith("a [31m b") and len(overlay.label) == 64


def test_an_image_without_overlays_has_none():
    assert read_overlays(Dataset()) == ((), ()) and read_shutters(Dataset()) == ((), ())


def make_shutters(**elements) -> Dataset:
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


EDGES = {
    "ShutterLeftVerticalEdge": 3,
    "ShutterRightVerticalEdge": 6,
    "ShutterUpperHorizontalEdge": 2,
    "ShutterLowerHorizontalEdge": 4,
}


def test_a_rectangle_shows_its_edges_and_what_lies_between():
    shutters, left_out = read_shutters(make_shutters(ShutterShape="RECTANGULAR", **EDGES))
    assert shutters == (Rectangle(3, 6, 2, 4),) and left_out == ()
    expected = np.zeros((6, 8), bool)
    expected[1:4, 2:6] = True
    assert np.array_equal(shutter_mask(shutters, 6, 8), expected)


def test_a_rectangle_beyond_the_image_hides_nothing():
    assert shutter_mask([Rectangle(-5, 99, 0, 99)], 6, 8).all()
    assert not shutter_mask([Rectangle(20, 30, 20, 30)], 6, 8).any()
    assert not shutter_mask([Rectangle(-9, -5, -9, -5)], 6, 8).any()


@pytest.mark.parametrize("aspect", [1.0, 2.0, 0.5])
def test_a_disc_is_round_where_pixels_are_not_square(aspect):
    dataset = make_shutters(ShutterShape="CIRCULAR", CenterOfCircularShutter=[30, 40], RadiusOfCircularShutter=20)
    shutters, _ = read_shutters(dataset)
    assert shutters == (Disc(30, 40, 20),)
    shown = shutter_mask(shutters, 100, 100, aspect)
    assert shown[29, 19] and shown[29, 59] and not shown[29, 18] and not shown[29, 60]
    reach = int(20 / aspect)
    assert shown[29 + reach, 39] and not shown[30 + reach, 39]


def test_a_polygon_shows_what_lies_within_and_its_outline():
    vertices = [2, 3, 2, 9, 8, 9, 8, 3]  # row, column, row, column: a rectangle
    for flat in (vertices, [*vertices, 2, 3]):
        shutters, _ = read_shutters(make_shutters(ShutterShape="POLYGONAL", VerticesOfThePolygonalShutter=flat))
        assert shutters == (Polygon(((2, 3), (2, 9), (8, 9), (8, 3))),)
        assert np.array_equal(shutter_mask(shutters, 12, 12), shutter_mask([Rectangle(3, 9, 2, 8)], 12, 12))


def test_a_polygon_far_larger_than_the_image_hides_nothing():
    far = 1 << 15
    assert shutter_mask([Polygon(((-far, -far), (-far, far), (far, far), (far, -far)))], 50, 60).all()


def test_only_what_lies_within_all_shutters_is_shown():
    shapes = make_shutters(
        ShutterShape=["RECTANGULAR", "CIRCULAR"], **EDGES, CenterOfCircularShutter=[3, 3], RadiusOfCircularShutter=1
    )
    shutters, _ = read_shutters(shapes)
    assert np.array_equal(shutter_mask(shutters, 6, 8), np.logical_and(*(shutter_mask([s], 6, 8) for s in shutters)))
    assert shutter_mask((), 6, 8).all()


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"ShutterShape": "BITMAP"}, "A bitmap shutter was left out"),
        ({"ShutterShape": "CANARY"}, "A shutter of unknown shape was left out"),
        ({"ShutterShape": "RECTANGULAR"}, "The rectangular shutter was left out"),
        ({"ShutterShape": "RECTANGULAR", **EDGES, "ShutterLeftVerticalEdge": 7}, "The rectangular shutter"),
        ({"ShutterShape": "RECTANGULAR", **EDGES, "ShutterLeftVerticalEdge": -(2**31)}, "The rectangular shutter"),
        ({"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [1, 1]}, "The circular shutter"),
        (
            {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [1, 1], "RadiusOfCircularShutter": 0},
            "The circular shutter",
        ),
        ({"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 1, 2, 2, 3]}, "The polygonal shutter"),
        ({"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 2] * 5000}, "The polygonal shutter"),
    ],
)
def test_a_shutter_that_cannot_be_honoured_is_named(elements, said):
    shutters, (sentence,) = read_shutters(make_shutters(**elements))
    assert shutters == () and str(sentence).startswith(said) and "CANARY" not in str(sentence)
