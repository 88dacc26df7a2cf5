"""A choice of images comes back as it was written and conforms."""

import dataclasses

import pytest
from pydicom import Dataset, dcmread
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from unix_edge.dicom.filing import ReferencedImage
from unix_edge.dicom.key_objects import (
    OF_INTEREST,
    TITLES,
    KeyObjects,
    make_key_objects,
    read_key_objects,
    write_key_objects,
)
from unix_edge.errors import KeyObjectsError, OutputError

DX, FRAMES = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.7.3"
ONE = ReferencedImage("2.25.1", "2.25.2", DX, "2.25.3")
TWO = ReferencedImage("2.25.1", "2.25.4", FRAMES, "2.25.5", (1, 3))
THREE = ReferencedImage("2.25.1", "2.25.2", DX, "2.25.6")
CHOSEN = KeyObjects((ONE, TWO, THREE), Code("113004", "DCM", "For Teaching"), "Größe 心\nsecond line")


@pytest.fixture
def write(make_header, tmp_path):
    """Write a choice; return what stands in the file."""

    def write_and_read(chosen=CHOSEN, **header) -> Dataset:
        path = tmp_path / "key.dcm"
        write_key_objects(chosen, make_header(**header), path)
        return dcmread(path)

    return write_and_read


@pytest.mark.parametrize(
    "chosen",
    [
        CHOSEN,
        KeyObjects((ONE,)),
        KeyObjects((TWO, dataclasses.replace(TWO, frames=(2,)))),
        KeyObjects((ONE,), Code("X1", "99OWN", "Own")),
    ],
)
def test_it_comes_back_and_conforms(write, assert_conforms, tmp_path, chosen):
    assert read_key_objects(write(chosen)) == chosen
    assert_conforms(tmp_path / "key.dcm")


@pytest.mark.parametrize("title", TITLES, ids=lambda title: title.meaning)
def test_each_title_is_one_of_the_standard_and_conforms(write, assert_conforms, tmp_path, title):
    (code,) = write(KeyObjects((ONE,), title)).ConceptNameCodeSequence
    known = {each.value: each.meaning for each in codes.cid7010.concepts.values()}
    assert known[code.CodeValue] == code.CodeMeaning
    assert_conforms(tmp_path / "key.dcm")


def test_it_conforms_for_a_real_radiograph(chest, assert_conforms, tmp_path):
    source = dcmread(chest, stop_before_pixels=True)
    write_key_objects(KeyObjects(), source, tmp_path / "key.dcm")
    assert_conforms(tmp_path / "key.dcm")
    chosen = read_key_objects(dcmread(tmp_path / "key.dcm"))
    assert chosen == KeyObjects((ReferencedImage.of(source),), OF_INTEREST)


def test_it_stands_in_its_source_s_study_in_a_series_of_its_own(write, make_header):
    dataset, header = write(), make_header()
    for keyword in ("StudyInstanceUID", "StudyDate", "PatientName", "PatientID", "PatientBirthDate", "StudyID"):
        assert dataset[keyword].value == header[keyword].value
    assert dataset.SeriesInstanceUID != header.SeriesInstanceUID and dataset.Manufacturer == "UniX Edge"
    assert dataset.Modality == "KO" and dataset.SOPInstanceUID != write().SOPInstanceUID


def test_the_evidence_lists_each_image_once_under_its_series(write):
    (study,) = write(
        KeyObjects((ONE, TWO, dataclasses.replace(TWO, frames=(2,))))
    ).CurrentRequestedProcedureEvidenceSequence
    listed = {
        series.SeriesInstanceUID: [each.ReferencedSOPInstanceUID for each in series.ReferencedSOPSequence]
        for series in study.ReferencedSeriesSequence
    }
    assert study.StudyInstanceUID == "2.25.1" and listed == {"2.25.2": ["2.25.3"], "2.25.4": ["2.25.5"]}


def test_our_words_stand_for_a_known_title(write):
    dataset = write()
    dataset.ConceptNameCodeSequence[0].CodeMeaning = "For\x1b Fun"
    assert read_key_objects(dataset).title.meaning == "For Teaching"
    dataset.ConceptNameCodeSequence[0].CodeValue = "113999"
    assert read_key_objects(dataset).title == Code("113999", "DCM", "For  Fun")


def test_what_is_left_out_is_said(write):
    dataset = write()
    sound, state = Dataset(), Dataset()
    sound.RelationshipType, sound.ValueType = "CONTAINS", "WAVEFORM"
    state.ReferencedSOPClassUID, state.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.11.1", "2.25.8"
    dataset.ContentSequence[1].ReferencedSOPSequence[0].ReferencedSOPSequence = [state]
    dataset.ContentSequence[3].ReferencedSOPSequence[0].ReferencedSOPInstanceUID = "2.25.99"
    dataset.ContentSequence.append(sound)
    chosen = read_key_objects(dataset)
    assert chosen.images == (ONE, TWO)
    assert tuple(map(str, chosen.left_out)) == (
        "Left out: 1 references to images that its evidence does not list.",
        "Left out: 1 references to presentation states.",
        "Left out: 1 entries that are neither image nor description.",
    )


@pytest.mark.parametrize(
    ("keyword", "value", "problem"),
    [
        ("SOPClassUID", "1.2.840.10008.5.1.4.1.1.88.11", "no Key Object Selection"),
        ("ConceptNameCodeSequence", [], "does not say what"),
        ("CurrentRequestedProcedureEvidenceSequence", [], "refers to no image"),
        ("ContentSequence", [], "refers to no image"),
    ],
)
def test_what_is_no_choice_of_images_is_refused(write, keyword, value, problem):
    dataset = write()
    setattr(dataset, keyword, value)
    with pytest.raises(KeyObjectsError, match=problem):
        read_key_objects(dataset)


@pytest.mark.parametrize(
    "images", [(ONE, ONE), (dataclasses.replace(ONE, study="2.25.9"),), (dataclasses.replace(ONE, sop_instance="x"),)]
)
def test_images_that_cannot_be_listed_are_not_written(make_header, tmp_path, images):
    with pytest.raises(KeyObjectsError, match="of another study, or chosen twice"):
        write_key_objects(KeyObjects(images), make_header(), tmp_path / "key.dcm")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID"])
def test_a_source_that_cannot_be_named_is_refused(make_header, keyword):
    with pytest.raises(KeyObjectsError, match=f"no valid {keyword}"):
        make_key_objects(KeyObjects(), make_header(**{keyword: "CANARY"}))


def test_nothing_is_left_where_it_cannot_be_written(make_header, tmp_path):
    with pytest.raises(OutputError, match="was not written"):
        write_key_objects(KeyObjects(), make_header(), tmp_path / "nowhere" / "a.dcm")
    assert list(tmp_path.iterdir()) == []
