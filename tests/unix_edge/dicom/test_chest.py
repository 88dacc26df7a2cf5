"""What is no frontal chest radiograph is refused; what may be none is asked about; headers are never quoted."""

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import (
    BasicTextSRStorage,
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    SecondaryCaptureImageStorage,
    TwelveLeadECGWaveformStorage,
)

from unix_edge.dicom.chest import find_doubts, require_frontal_chest
from unix_edge.errors import NotChestError, UnconfirmedChestError


def code(value) -> list[Dataset]:
    item = Dataset()
    item.CodeValue = value
    return [item]


@pytest.mark.parametrize(
    "elements",
    [
        {},
        {"SOPClassUID": ComputedRadiographyImageStorage, "Modality": "CR"},
        {"SOPClassUID": SecondaryCaptureImageStorage, "Modality": "CR"},
        {"SOPClassUID": MultiFrameGrayscaleWordSecondaryCaptureImageStorage, "NumberOfFrames": 1},
        {"BodyPartExamined": "Chest "},
        {"BodyPartExamined": None, "AnatomicRegionSequence": code("51185008")},
        {"BodyPartExamined": "", "AnatomicRegionSequence": code("T-D3000")},
        {"ViewPosition": "AP"},
        {"ViewPosition": None},
        {"ViewPosition": None, "ViewCodeSequence": code("272479007")},
        {"PatientOrientation": None},
        {"PatientOrientation": ["LH", "FL"]},
        {"PatientOrientation": ["Q", "?"]},
        {"PatientOrientation": ["L", "R"]},
        {"PatientOrientation": "L"},
        {"Rows": 256, "Columns": 768},
    ],
    ids=str,
)
def test_a_frontal_chest_radiograph_needs_no_question(make_header, elements):
    require_frontal_chest(make_header(**elements))


def test_the_real_chest_radiograph_needs_no_question(chest):
    assert find_doubts(dcmread(chest, stop_before_pixels=True)) == ()
    require_frontal_chest(dcmread(chest, stop_before_pixels=True))


def test_an_image_without_a_header_is_allowed():
    require_frontal_chest(None)


@pytest.mark.parametrize(
    ("elements", "problem"),
    [
        ({"SOPClassUID": CTImageStorage, "Modality": "CT"}, "it is a CT image"),
        ({"SOPClassUID": CTImageStorage, "Modality": "DX"}, "CT Image Storage"),
        ({"SOPClassUID": SecondaryCaptureImageStorage, "Modality": "US"}, "an ultrasound image"),
        ({"SOPClassUID": DigitalMammographyXRayImageStorageForPresentation, "Modality": "MG"}, "a mammogram"),
        ({"SOPClassUID": BasicTextSRStorage, "Modality": "SR"}, "a structured report"),
        ({"SOPClassUID": TwelveLeadECGWaveformStorage, "Modality": "ECG"}, "an electrocardiogram"),
        ({"SOPClassUID": "1.2.3.4"}, "of another kind (unknown)"),
        ({"SOPClassUID": None}, "does not say what kind"),
        ({"BodyPartExamined": "LOWER LEG"}, "another part of the body (lowerleg)"),
        ({"BodyPartExamined": "KNEE"}, "another part of the body (knee)"),
        ({"NumberOfFrames": 2}, "several frames"),
        ({"NumberOfFrames": 2**31 - 1}, "several frames"),
        ({"Rows": 255}, "its smaller side is 255 px, and 256 px is the least"),
        ({"Rows": 1, "Columns": 1}, "its smaller side is 1 px"),
        ({"Rows": None}, "its smaller side is 0 px"),
        ({"Rows": 4000, "Columns": 1300}, "more than 3 times the other"),
        ({"Rows": 400, "Columns": 1201}, "more than 3 times the other"),
    ],
    ids=str,
)
@pytest.mark.parametrize("confirmed", [False, True])
def test_what_is_certainly_something_else_is_refused_whatever_is_said(make_header, elements, problem, confirmed):
    with pytest.raises(NotChestError) as refusal:
        require_frontal_chest(make_header(**elements), "a.dcm", confirmed=confirmed)
    sentence = str(refusal.value)
    assert sentence.startswith("a.dcm was not read: ") and problem in sentence
    assert "frontal chest radiographs only" in sentence


@pytest.mark.parametrize("name", ["RG3_UNCR.dcm", "CT_small.dcm", "MR_small.dcm", "color-pl.dcm"])
def test_real_files_of_other_kinds_are_refused(name):
    with pytest.raises(NotChestError):
        require_frontal_chest(dcmread(get_testdata_file(name, download=False), stop_before_pixels=True))


DOUBTFUL = [
    ({"BodyPartExamined": None}, "it names no body part"),
    ({"BodyPartExamined": "CHESTABDOMEN"}, "not known to be the chest"),
    ({"BodyPartExamined": "RIB"}, "not known to be the chest"),
    ({"BodyPartExamined": None, "AnatomicRegionSequence": code("818983003")}, "not known to be the chest"),
    ({"ViewPosition": "LL"}, "a view that is not frontal"),
    ({"ViewPosition": "LATERAL"}, "a view that is not frontal"),
    ({"ViewPosition": None, "ViewCodeSequence": code("399173006")}, "a view that is not frontal"),
    ({"PatientOrientation": ["A", "F"]}, "that of a lateral image"),
    ({"PatientOrientation": ["F", "L"]}, "rotated or upside down"),
    ({"PatientOrientation": ["R", "H"]}, "rotated or upside down"),
    ({"PatientOrientation": ["R", "F"]}, "mirrored"),
    ({"SOPClassUID": SecondaryCaptureImageStorage, "Modality": "OT"}, "does not say that it shows a radiograph"),
    ({"SOPClassUID": SecondaryCaptureImageStorage, "Modality": None}, "does not say that it shows a radiograph"),
    ({"SOPClassUID": DigitalXRayImageStorageForProcessing}, "not yet processed for reading"),
]


@pytest.mark.parametrize(("elements", "doubt"), DOUBTFUL, ids=str)
def test_a_doubt_is_a_question_that_a_person_may_answer(make_header, elements, doubt):
    header = make_header(**elements)
    with pytest.raises(UnconfirmedChestError, match="--assume-frontal-chest") as question:
        require_frontal_chest(header, "a.dcm")
    assert len(question.value.doubts) == 1 and doubt in str(question.value.doubts[0])
    require_frontal_chest(header, "a.dcm", confirmed=True)


def test_several_doubts_are_told_together(make_header):
    header = make_header(BodyPartExamined=None, ViewPosition="LL", PatientOrientation=["P", "F"])
    assert len(find_doubts(header)) == 3


@pytest.mark.parametrize(
    ("keyword", "others"),
    [
        ("SOPClassUID", {}),
        ("Modality", {"SOPClassUID": SecondaryCaptureImageStorage}),
        ("BodyPartExamined", {}),
        ("ViewPosition", {}),
        ("AnatomicRegionSequence", {"BodyPartExamined": None}),
    ],
)
def test_nothing_is_quoted_from_a_header(make_header, keyword, others):
    value = code("CANARY^JANE") if keyword.endswith("Sequence") else "CANARY^JANE"
    with pytest.raises((NotChestError, UnconfirmedChestError)) as refusal:
        require_frontal_chest(make_header(**{keyword: value, **others}))
    assert "CANARY" not in str(refusal.value).upper()
