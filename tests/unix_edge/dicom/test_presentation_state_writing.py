"""What does not fit a presentation state is refused before anything is written; corners lie as they are displayed."""

import dataclasses

import numpy as np
import pytest

from unix_edge.dicom.displayed_area import DisplayedArea, SizeMode, whole_area
from unix_edge.dicom.filing import ReferencedImage
from unix_edge.dicom.graphics import GraphicLayer, Point, Polyline, Text
from unix_edge.dicom.presentation_state import PresentationState, make_presentation_state, write_presentation_state
from unix_edge.dicom.shutters import Disc
from unix_edge.errors import OutputError, PresentationStateError

ONE = ReferencedImage("2.25.1", "2.25.2", "1.2.840.10008.5.1.4.1.1.1.1", "2.25.3")


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_whole_area_names_the_corners_as_they_are_displayed(rotation, flipped):
    places = np.array([[(column, row) for column in range(1, 6)] for row in range(1, 4)])
    shown = np.rot90(places, -rotation // 90)
    shown = shown[:, ::-1] if flipped else shown
    area = whole_area(5, 3, rotation, flipped=flipped)
    assert (area.top_left, area.bottom_right) == (tuple(shown[0, 0]), tuple(shown[-1, -1]))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"images": (dataclasses.replace(ONE, study="2.25.9"),)}, "another study"),
        ({"images": (dataclasses.replace(ONE, series="x"),)}, "another study"),
        ({"rotation": 45}, "right angles"),
        ({"label": "lower case"}, "Code String"),
        ({"label": ""}, "Code String"),
        ({"layers": (GraphicLayer("A"), GraphicLayer("A"))}, "layer's name"),
        ({"annotations": (Point("lower", (1, 1)),)}, "layer's name"),
        ({"annotations": (Point("A", (float("nan"), 1)),)}, "far outside"),
        ({"annotations": (Polyline("A", ((1, 1),)),)}, "fewer than two points"),
        ({"annotations": (Text("A", " ", anchor=(1, 1)),)}, "a text is empty"),
        ({"annotations": (Text("A", "words"),)}, "a text is empty"),
        ({"annotations": (Text("A", "ä" * 513, anchor=(1, 1)),)}, "a text is empty"),
        ({"area": DisplayedArea((1, 1), (2, 2), SizeMode.TRUE_SIZE)}, "displayed area"),
        ({"area": DisplayedArea((1, 1), (2, 2), SizeMode.MAGNIFY)}, "displayed area"),
        ({"area": DisplayedArea((1, 1), (2, 2), SizeMode.MAGNIFY, magnification=float("inf"))}, "displayed area"),
        ({"rotation": 180, "area": whole_area(1800, 2000)}, "contradict the rotation"),
        ({"shutters": (Disc(1, 1, 1), Disc(2, 2, 2))}, "two shutters"),
    ],
    ids=str,
)
def test_what_does_not_fit_dicom_is_not_written(make_header, tmp_path, fields, problem):
    with pytest.raises(PresentationStateError, match=problem) as refusal:
        write_presentation_state(PresentationState(**fields), make_header(), tmp_path / "state.dcm")
    assert "was not written" in str(refusal.value) and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID"])
def test_a_source_that_cannot_be_named_is_refused(make_header, keyword):
    with pytest.raises(PresentationStateError, match=f"no valid {keyword}"):
        make_presentation_state(PresentationState(), make_header(**{keyword: "CANARY"}))


def test_nothing_is_left_where_it_cannot_be_written(make_header, tmp_path):
    with pytest.raises(OutputError, match="was not written"):
        write_presentation_state(PresentationState(), make_header(), tmp_path / "nowhere" / "a.dcm")
    assert list(tmp_path.iterdir()) == []
