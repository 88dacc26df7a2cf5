"""What an image shows from which side, and what is compared with what."""

import pytest
from pydicom import Dataset

from unix_edge.dicom.projection import Difference, find_difference, find_projection, is_comparable

CHEST = {"Modality": "DX", "BodyPartExamined": "CHEST", "ViewPosition": "PA"}


def code(value):
    item = Dataset()
    item.CodeValue = value
    return [item]


@pytest.mark.parametrize(
    ("header", "part", "view", "side"),
    [
        (CHEST, "CHEST", "FRONTAL", ""),
        ({"BodyPartExamined": "Thorax a.p.", "ViewPosition": "A.P."}, "CHEST", "FRONTAL", ""),
        ({**CHEST, "ViewPosition": "LL"}, "CHEST", "LATERAL", "L"),
        ({**CHEST, "ViewPosition": "RLAT", "Laterality": "L"}, "CHEST", "LATERAL", "R"),
        ({**CHEST, "ViewPosition": "LLD"}, "CHEST", "DECUBITUS", ""),
        ({**CHEST, "ViewPosition": "LAO"}, "CHEST", "OBLIQUE", ""),
        ({**CHEST, "ViewPosition": "XYZ"}, "CHEST", "XYZ", ""),
        ({**CHEST, "ViewPosition": None, "ViewCodeSequence": code("399198007")}, "CHEST", "LATERAL", "R"),
        ({**CHEST, "ViewPosition": None, "PatientOrientation": ["P", "F"]}, "CHEST", "LATERAL", ""),
        ({**CHEST, "ViewPosition": None, "PatientOrientation": "L\\F"}, "CHEST", "FRONTAL", ""),
        ({"SeriesDescription": "Thorax PA and lateral"}, "CHEST", "", ""),
        ({"SeriesDescription": "Left lateral decubitus chest"}, "CHEST", "DECUBITUS", ""),
        ({"BodyPartExamined": "CHEST_TO_ABDOMEN"}, "CHESTTOABDOMEN", "", ""),
        ({"BodyPartExamined": "LOWER LEG", "ViewPosition": "AP", "Laterality": "R"}, "LOWERLEG", "FRONTAL", "R"),
        ({"StudyDescription": "10 ml contrast, LL"}, "", "", ""),
        ({}, "", "", ""),
    ],
)
def test_what_is_shown_is_read_of_position_code_orientation_and_description(header, part, view, side):
    found = find_projection(header)
    assert (found.part, found.view, found.side) == (part, view, side)


@pytest.mark.parametrize(
    ("changed", "comparable", "difference"),
    [
        ({"ViewPosition": "AP"}, True, None),
        ({"Modality": "CR"}, True, None),
        ({"ViewPosition": None}, True, None),
        ({"ViewPosition": "LL"}, False, Difference.PROJECTION),
        ({"BodyPartExamined": "LEG"}, False, Difference.PART),
        ({"BodyPartExamined": None}, False, None),
        ({"Modality": "CT"}, False, Difference.PROJECTION),
    ],
)
def test_what_is_compared_with_a_chest(changed, comparable, difference):
    one, other = find_projection(CHEST), find_projection({**CHEST, **changed})
    assert is_comparable(one, other) is is_comparable(other, one) is comparable
    assert find_difference(one, other) is find_difference(other, one) is difference


def test_laterals_of_both_sides_are_compared_and_do_not_lie_alike_and_two_knees_are_neither():
    left, right = (find_projection({**CHEST, "ViewPosition": each}) for each in ("LL", "RL"))
    assert is_comparable(left, right) and find_difference(left, right) is Difference.PROJECTION
    knee = {"BodyPartExamined": "KNEE", "ViewPosition": "AP"}
    left, right = (find_projection({**knee, "Laterality": each}) for each in "LR")
    assert not is_comparable(left, right) and find_difference(left, right) is Difference.PROJECTION
