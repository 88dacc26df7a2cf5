"""Number, unit and label of a distance come from one decision; each row of its table is a test."""

import math
import warnings

import pytest
from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

from unix_edge.dicom.spacing import Spacing, Unit, find_spacing
from unix_edge.errors import SettingsError
from unix_edge.isolated.decode import decode

DETECTOR = "mm at detector (not corrected for magnification)"


@pytest.mark.parametrize(
    ("elements", "row", "column", "label"),
    [
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, 0.2, 0.2, DETECTOR),
        (
            {
                "PixelSpacing": [0.18, 0.18],
                "ImagerPixelSpacing": [0.2, 0.2],
                "PixelSpacingCalibrationType": "GEOMETRY",
                "PixelSpacingCalibrationDescription": "1.11 assumed",
            },
            0.18,
            0.18,
            "mm calibrated: GEOMETRY, 1.11 assumed",
        ),
        (
            {
                "PixelSpacing": [0.18, 0.18],
                "ImagerPixelSpacing": [0.2, 0.2],
                "PixelSpacingCalibrationType": "FIDUCIAL",
            },
            0.18,
            0.18,
            "mm calibrated: FIDUCIAL",
        ),
        (
            {"PixelSpacing": [0.18, 0.18], "ImagerPixelSpacing": [0.2, 0.2]},
            0.18,
            0.18,
            "mm calibrated: calibration unknown",
        ),
        (
            {"ImagerPixelSpacing": [0.2, 0.1], "EstimatedRadiographicMagnificationFactor": "1.25"},
            0.16,
            0.08,
            "mm magnification-corrected (ERMF 1.25)",
        ),
        ({"ImagerPixelSpacing": [0.2, 0.2]}, 0.2, 0.2, DETECTOR),
        ({"PixelSpacing": [0.3, 0.2]}, 0.3, 0.2, "mm, meaning unknown"),
        ({"PixelSpacing": [0.7, 0.7], "Modality": "CT"}, 0.7, 0.7, "mm"),
        ({"NominalScannedPixelSpacing": [0.1, 0.1]}, 0.1, 0.1, "mm on scanned film"),
    ],
)
def test_each_row_of_the_table(make_header, elements, row, column, label):
    spacing = find_spacing(make_header(**elements))
    assert (spacing.unit, spacing.label) == (Unit.MILLIMETRES, label)
    assert (spacing.row, spacing.column) == pytest.approx((row, column))


def test_without_any_spacing_there_are_only_pixels(make_header):
    assert find_spacing(make_header()) == find_spacing(None) == Spacing(1, 1, Unit.PIXELS, "px")


def test_the_reader_s_own_calibration_comes_first(make_header):
    header = make_header(PixelSpacing=[0.18, 0.18], ImagerPixelSpacing=[0.2, 0.2])
    assert find_spacing(header, (0.25, 0.5)) == Spacing(0.25, 0.5, Unit.MILLIMETRES, "mm calibrated by user")
    assert find_spacing(None, (0.25, 0.25)).unit is Unit.MILLIMETRES


@pytest.mark.parametrize("line", [(0, 0), (-1, 1), (1, math.nan), (math.inf, 1)])
def test_a_calibration_of_no_length_is_refused(make_header, line):
    with pytest.raises(SettingsError, match="a length above 0 mm"):
        find_spacing(make_header(), line)


IMPOSSIBLE = [[0, 0], [0.2, 0], [-0.2, -0.2], ["nan", "nan"], ["inf", "inf"], [0.2], [0.2, 0.2, 0.2], "", None]


@pytest.mark.parametrize("value", IMPOSSIBLE, ids=str)
@pytest.mark.parametrize("keyword", ["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"])
def test_a_spacing_that_cannot_be_never_becomes_millimetres(make_header, keyword, value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's, about the values
        header = make_header(**{keyword: value})
    assert find_spacing(header) == Spacing(1, 1, Unit.PIXELS, "px")


@pytest.mark.parametrize("factor", [0, -1.1, "nan", "inf", "1e-320", ""])
def test_a_magnification_that_cannot_be_corrects_nothing(make_header, factor):
    header = make_header(ImagerPixelSpacing=[0.2, 0.2], EstimatedRadiographicMagnificationFactor=factor)
    assert find_spacing(header) == Spacing(0.2, 0.2, Unit.MILLIMETRES, DETECTOR)


def test_an_impossible_pixel_spacing_leaves_the_detector_s_with_the_detector_s_label(make_header):
    header = make_header(PixelSpacing=[0, 0], ImagerPixelSpacing=[0.2, 0.2])
    assert find_spacing(header) == Spacing(0.2, 0.2, Unit.MILLIMETRES, DETECTOR)


def test_rows_come_first_and_pixels_need_not_be_square(make_header):
    spacing = find_spacing(make_header(PixelSpacing=[0.5, 0.25]))
    assert spacing.length(rows=10, columns=0) == 5 and spacing.length(rows=0, columns=10) == 2.5
    assert spacing.length(rows=6, columns=16) == pytest.approx(5)


def test_an_aspect_ratio_shapes_pixels_without_making_millimetres(make_header):
    spacing = find_spacing(make_header(PixelAspectRatio=[2, 1]))
    assert (spacing.row, spacing.column, spacing.label) == (2, 1, "px")


def test_the_real_radiograph_s_zero_spacing_refuses_millimetres(chest):
    header = dcmread(chest, stop_before_pixels=True)
    assert list(header.PixelSpacing) == [0, 0]
    assert find_spacing(header).unit is Unit.PIXELS


UNUSABLE = [
    b"0,143\\0,143",
    b"0.143;0.143",
    b"0.2 mm\\0.2",
    b"0.2",
    b"0\\0",
    b"-0.2\\-0.2",
    b"nan\\nan",
    b"1e999\\1",
    b"",
]


@pytest.mark.parametrize("keyword", ["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"])
@pytest.mark.parametrize("written", UNUSABLE, ids=repr)
def test_why_a_spacing_of_the_file_is_not_used_is_said_where_a_distance_is(make_file, tmp_path, keyword, written):
    """As it stands in a file, read in the child; a header that a caller brings says the same."""
    path = make_file(tmp_path / "a.dcm", **{keyword: [0.2, 0.2]})
    put_raw(path, keyword, written)
    reason = f"Distances are in pixels: the file's {keyword} is not two numbers above 0."
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for header in (decode(path).header, dcmread(path)):
            spacing = find_spacing(header)
            assert (spacing.unit, spacing.label, str(spacing.reason)) == (Unit.PIXELS, "px", reason)


def put_raw(path, keyword, value):
    dataset = dcmread(path)
    tag = Tag(keyword)
    dataset[tag] = RawDataElement(tag, "DS", len(value), value + b" " * (len(value) % 2), 0, False, True)
    dataset.save_as(path)


def test_where_another_spacing_is_used_or_none_is_there_nothing_is_said(make_header):
    both = make_header(PixelSpacing=[0, 0], ImagerPixelSpacing=[0.2, 0.2])
    for header in (both, make_header(), None):
        assert find_spacing(header).reason is None


def test_a_float_that_is_printed_in_full_is_a_spacing(make_file, tmp_path):
    """More than the 16 characters of a Decimal String, as many writers have it."""
    path = make_file(tmp_path / "a.dcm", PixelSpacing=[0.2, 0.2])
    put_raw(path, "PixelSpacing", b"0.17499999701976776\\0.17499999701976776")
    assert find_spacing(decode(path).header).row == pytest.approx(0.175)
