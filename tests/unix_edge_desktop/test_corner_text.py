"""The corners say who, what and how; less when asked, and nobody's name when it is hidden."""

import numpy as np
import pytest
from pydicom import Dataset

from unix_edge.dicom.grayscale import StoredImage, Window
from unix_edge_desktop.image.corner_text import (
    Corners,
    TextState,
    compute_age,
    show_lossy,
    show_name,
    write_corners,
    write_prior,
)
from unix_edge_desktop.image.images import ViewImage
from unix_edge_desktop.image.monitor_pattern import CONTRAST, LEVELS, NOTICE, make_pattern, patch_box
from unix_edge_desktop.image.window_level import first_window, invert

CANARIES = {
    "PatientName": "Canary^Jane^Q",
    "PatientID": "CANARY-ID",
    "PatientBirthDate": "19600229",
    "PatientSex": "F",
    "PatientAge": "065Y",
    "InstitutionName": "Canary Hospital",
    "StudyDate": "20260102",
    "StudyTime": "030405.5",
    "StudyDescription": "Canary chest",
    "AccessionNumber": "CANARY-ACC",
    "SeriesDescription": "Canary series",
}
HEADER = {
    **CANARIES,
    "SOPInstanceUID": "2.25.7",
    "Modality": "DX",
    "BodyPartExamined": "CHEST",
    "ViewPosition": "PA",
    "ImageLaterality": "U",
    "SeriesNumber": 2,
    "InstanceNumber": 1,
    "LossyImageCompression": "01",
    "LossyImageCompressionRatio": [10, 1.2],
    "PatientOrientation": ["L", "F"],
}


def make_image(**changes) -> ViewImage:
    header = Dataset()
    for keyword, value in {**HEADER, **changes}.items():
        if value is not None:
            setattr(header, keyword, value)
    return ViewImage(
        StoredImage(np.arange(12, dtype=np.uint8).reshape(3, 4), presets=(Window(5, 8, explanation="Lung"),)), header
    )


def write(image, **options) -> Corners:
    return write_corners(image, first_window(image), 0.4567, **options)


def everything(corners) -> str:
    return "\n".join([*corners.top_left, *corners.top_right, *corners.bottom_left, *corners.bottom_right])


def test_all_four_corners():
    assert write(make_image()) == Corners(
        ("Canary, Jane Q", "CANARY-ID", "born 1960-02-29  F", "65Y"),
        ("Canary Hospital", "2026-01-02  03:04", "Canary chest", "CANARY-ACC"),
        ("4 × 3", "Lung", "W 8.00 L 5.00", "Zoom 46 %"),
        ("Canary series", "Series 2  Image 1", "DX  CHEST  PA  U", "LOSSY 12:1"),
    )


def test_less_and_nothing():
    assert write(make_image(), state=TextState.MINIMAL) == Corners(
        ("Canary, Jane Q", "CANARY-ID"),
        ("2026-01-02  03:04",),
        ("W 8.00 L 5.00", "Zoom 46 %"),
        ("DX  CHEST  PA  U", "LOSSY 12:1"),
    )
    assert write(make_image(), state=TextState.NONE) == Corners()
    assert [state.next() for state in TextState] == [TextState.MINIMAL, TextState.NONE, TextState.ALL]


@pytest.mark.parametrize("state", list(TextState))
def test_a_hidden_patient_is_nowhere(state):
    said = everything(write(make_image(), state=state, hide_patient=True))
    assert "anary" not in said and "CANARY" not in said and "1960" not in said and "2026" not in said
    assert state is TextState.NONE or ("LOSSY" in said and "patient hidden" in said)


@pytest.mark.parametrize("orientation", [None, "L", ["L"], ["X", "F"], ["", "F"], ["LRAP", "F"], ["L", "F", "A"]])
def test_an_orientation_that_is_none_is_said_to_be_unknown(orientation):
    image = make_image(PatientOrientation=orientation)
    assert image.orientation is None
    for state in (TextState.ALL, TextState.MINIMAL):
        assert "orientation unknown" in write(image, state=state).bottom_left
    assert "unknown" not in everything(write(make_image()))


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({}, ""),
        ({"LossyImageCompression": "00"}, ""),
        ({"LossyImageCompression": "01"}, "LOSSY"),
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": "8"}, "LOSSY 8:1"),
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": ["2", "8"]}, "LOSSY 16:1"),
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": "0"}, "LOSSY"),
    ],
)
def test_loss_is_said(elements, said):
    header = Dataset()
    for keyword, value in elements.items():
        setattr(header, keyword, value)
    assert show_lossy(header) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("Doe^Jane", "Doe, Jane"), ("Doe", "Doe"), ("^Jane", "Jane"), ("=山田^太郎", "山田, 太郎"), ("", ""), ("^^^", "")],
)
def test_names_are_read_as_they_are_written(name, said):
    header = Dataset()
    header.PatientName = name
    assert show_name(header) == said


def test_a_picture_without_a_header_tells_of_nobody_and_of_its_window():
    image = ViewImage(StoredImage(np.arange(12, dtype=np.uint8).reshape(3, 4)))
    corners = write_corners(image, invert(first_window(image)), 1)
    assert corners.top_left == corners.top_right == corners.bottom_right == ()
    assert "orientation unknown" in corners.bottom_left and "Auto  inverted" in corners.bottom_left


def test_frames_are_counted_from_one():
    assert "Frame 1/3" in write(make_image(NumberOfFrames=3)).bottom_left


@pytest.mark.parametrize("size", [512, 1024, 2048])
def test_the_pattern_s_values_are_known(size):
    pattern = make_pattern(size)
    assert pattern.shape == (size, size) and pattern.dtype == np.uint8
    for step, level in enumerate(LEVELS):
        left, top, right, bottom = patch_box(step, size)
        patch = pattern[top:bottom, left:right]
        small = (right - left) // 5
        assert patch[0, 0] == patch[-1, -1] == patch[patch.shape[0] // 2, patch.shape[1] // 2] == level
        assert patch[small + 1, small + 1] == level - CONTRAST and patch[-small - 2, -small - 2] == level + CONTRAST
    assert {0, 13, 242, 255} <= set(np.unique(pattern).tolist())


def test_the_pattern_promises_no_more_than_it_does():
    assert NOTICE == "No GSDF correction applied."


@pytest.mark.parametrize(
    ("born", "at", "age"),
    [
        ("19600229", "20260102", "65Y"),
        ("19600229", "20260228", "65Y"),
        ("19600229", "20260301", "66Y"),
        ("20240115", "20260114", "23M"),
        ("20240115", "20260115", "2Y"),
        ("20260101", "20260131", "30D"),
        ("20260131", "20260228", "28D"),
        ("20260102", "20260102", "0D"),
        ("20260103", "20260102", ""),
        ("", "20260102", ""),
        ("1960", "20260102", ""),
        ("19600230", "20260102", ""),
        ("18000101", "20260102", ""),
    ],
)
def test_an_age_that_the_header_does_not_give_is_computed(born, at, age):
    assert compute_age(born, at) == age


@pytest.mark.parametrize(
    ("elements", "age"),
    [
        ({"PatientAge": "065Y"}, "65Y"),
        ({"PatientAge": "000D"}, "0D"),
        ({"PatientAge": None}, "65Y"),
        ({"PatientAge": None, "StudyDate": None, "AcquisitionDate": "20000301"}, "40Y"),
        ({"PatientAge": None, "PatientBirthDate": None}, None),
    ],
)
def test_the_age_is_what_the_header_says_else_computed(elements, age):
    lines = write(make_image(**elements)).top_left
    assert (lines[-1] == age) if age else not any(line.endswith("Y") for line in lines)


@pytest.mark.parametrize(
    ("day", "time", "said"),
    [
        ("20260101", "", "prior, 1 day"),
        ("20260102", "0300", "prior, the same day"),
        ("20260102", "", ""),
        ("20260102", "0304", ""),
        ("", "0300", ""),
    ],
)
def test_a_prior_is_what_is_known_to_be_earlier(day, time, said):
    header, newest = Dataset(), Dataset()
    header.StudyInstanceUID, header.StudyDate, header.StudyTime = "2.25.1", day, time
    newest.StudyInstanceUID, newest.StudyDate, newest.StudyTime = "2.25.2", "20260102", "0304"
    assert write_prior(header, newest) == said
