"""A draft as DICOM is partial, preliminary and unverified, stands in its source's study, and conforms."""

import json
import warnings
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import BasicTextSRStorage

from unix_edge.errors import OutputError, StructuredReportError
from unix_edge.report import Ended
from unix_edge.results.ai_mark import find_mark
from unix_edge.results.signed_report import SignedReport
from unix_edge.results.structured_report import make_sr, require_study, write_signed_sr, write_sr


@pytest.fixture
def write(make_report, make_header, tmp_path):
    """Write a draft's report and return what stands in the file."""

    def write_and_read(header=None, **fields) -> Dataset:
        path = tmp_path / "a.sr.dcm"
        write_sr(make_report(**fields), make_header() if header is None else header, path)
        return dcmread(path)

    return write_and_read


def concept(item) -> tuple[str, str, str]:
    (code,) = item.ConceptNameCodeSequence
    return code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning


def contained(dataset) -> dict[str, Dataset]:
    return {concept(item)[0]: item for item in dataset.ContentSequence}


FINDINGS, IMPRESSIONS, COMMENT = "59776-5", "19005-8", "121106"


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SOPClassUID", BasicTextSRStorage),
        ("Modality", "SR"),
        ("SeriesDescription", "AI DRAFT REPORT - UNVERIFIED"),
        ("CompletionFlag", "PARTIAL"),
        ("CompletionFlagDescription", "Machine draft, not reviewed by a person"),
        ("VerificationFlag", "UNVERIFIED"),
        ("PreliminaryFlag", "PRELIMINARY"),
        ("SpecificCharacterSet", "ISO_IR 192"),
        ("ContentQualification", "RESEARCH"),
        ("ReferencedPerformedProcedureStepSequence", []),
        ("PerformedProcedureCodeSequence", []),
        ("ValueType", "CONTAINER"),
        ("ContinuityOfContent", "SEPARATE"),
        ("Manufacturer", "UniX Edge"),
        ("SoftwareVersions", "UniX Edge 0.1.0"),
    ],
)
def test_each_attribute_says_draft(write, keyword, value):
    assert write()[keyword].value == value


def test_nobody_verified_it(write):
    dataset = write()
    assert [each.ObserverType for each in dataset.AuthorObserverSequence] == ["DEV"]
    for keyword in ("VerifyingObserverSequence", "PredecessorDocumentsSequence", "SyntheticData"):
        assert keyword not in dataset


def test_it_stands_in_its_source_s_study_in_a_series_of_its_own(write, make_header):
    dataset, header = write(), make_header()
    for keyword in (
        "StudyInstanceUID",
        "StudyDate",
        "StudyTime",
        "StudyID",
        "AccessionNumber",
        "ReferringPhysicianName",
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "PatientSex",
    ):
        assert dataset[keyword].value == header[keyword].value
    assert dataset.SeriesInstanceUID != header.SeriesInstanceUID and dataset.SOPInstanceUID != header.SOPInstanceUID
    assert dataset.SeriesInstanceUID.startswith("2.25.") and write().SOPInstanceUID != dataset.SOPInstanceUID


def test_the_evidence_lists_the_source(write, make_header):
    (study,) = write().CurrentRequestedProcedureEvidenceSequence
    (series,) = study.ReferencedSeriesSequence
    (image,) = series.ReferencedSOPSequence
    assert (study.StudyInstanceUID, series.SeriesInstanceUID) == ("2.25.1", "2.25.2")
    assert (image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID) == (make_header().SOPClassUID, "2.25.3")


def test_the_observer_is_a_device_the_same_for_the_same_weights(write):
    items = contained(dataset := write())
    assert all(items[code].RelationshipType == "HAS OBS CONTEXT" for code in ("121005", "121012", "121013"))
    (kind,) = items["121005"].ConceptCodeSequence
    assert (kind.CodeValue, kind.CodingSchemeDesignator, kind.CodeMeaning) == ("121007", "DCM", "Device")
    (maker,) = dataset.ContributingEquipmentSequence
    assert items["121012"].UID == maker.DeviceUID == write().ContributingEquipmentSequence[0].DeviceUID
    assert items["121013"].TextValue == "UniX Edge, UniX"


def test_the_content_is_findings_and_impression_under_their_headings(write):
    dataset = write()
    assert concept(dataset) == ("18748-4", "LN", "Diagnostic Imaging Report")
    items = contained(dataset)
    for heading, meaning, code, words in (
        (FINDINGS, "Findings", ("121071", "DCM", "Finding"), "The lungs are clear."),
        (IMPRESSIONS, "Impressions", ("121073", "DCM", "Impression"), "No acute disease."),
    ):
        section = items[heading]
        assert concept(section) == (heading, "LN", meaning)
        assert (section.RelationshipType, section.ValueType) == ("CONTAINS", "CONTAINER")
        (text,) = section.ContentSequence
        assert (text.RelationshipType, text.ValueType, concept(text)) == ("CONTAINS", "TEXT", code)
        assert text.TextValue == words


def test_whoever_reads_the_content_is_warned_and_told_the_model(write):
    words = contained(write())[COMMENT].TextValue
    for part in ("AI DRAFT, UNVERIFIED", "Not for diagnosis", "UniX Edge 0.1.0", "fp16", "ab" * 32):
        assert part in words
    assert "cut" not in words and "mean nothing" not in words
    assert "The draft is cut" in contained(write(ended=Ended.MAX_TOKENS))[COMMENT].TextValue
    assert "mean nothing" in contained(write(trained=False))[COMMENT].TextValue


def test_its_maker_is_told_with_weights_parameters_and_source(write):
    (item,) = write().ContributingEquipmentSequence
    (purpose,) = item.PurposeOfReferenceCodeSequence
    assert (purpose.CodeValue, purpose.CodeMeaning) == ("109102", "Processing Equipment")
    assert item.ManufacturerModelName == "UniX"
    told = json.loads(item.ContributionDescription)
    assert told["checkpoint_sha256"] == "ab" * 32 and told["precision"] == "fp16"
    assert told["parameters"] == {"max_tokens": 500, "temperature": 0.5, "seed": 11, "prompt_sha256": "cd" * 32}
    assert told["source"] == {"sha256": "ef" * 32, "sop_instance_uid": "2.25.3"}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"findings": ""},
        {"impression": ""},
        {"findings": "Tiny \x00\x1b[31m words\ttabbed\nand \\ slashed, \u00a0Größe, 心臓.", "impression": "\ud800 ok"},
        {"ended": Ended.STOPPED, "trained": False, "checkpoint": "é" * 300},
    ],
    ids=str,
)
def test_it_conforms(make_report, make_header, assert_conforms, tmp_path, fields):
    write_sr(make_report(**fields), make_header(), tmp_path / "a.dcm")
    assert_conforms(tmp_path / "a.dcm")


@pytest.mark.parametrize(
    "elements",
    [
        dict.fromkeys(("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyID")),
        {"PatientBirthDate": "1960-02-29", "StudyDate": "yesterday", "StudyTime": "noon", "PatientSex": "female"},
        {"PatientName": "Müller^Jürgen=山田^太郎", "PatientID": "ü-4711"},
        {"SyntheticData": "YES"},
    ],
    ids=str,
)
def test_it_conforms_whatever_the_source_says_of_its_patient(
    make_report, make_header, assert_conforms, tmp_path, elements
):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # pydicom's would quote the patient
        write_sr(make_report(), make_header(**elements), tmp_path / "a.dcm")
    assert_conforms(tmp_path / "a.dcm")


def test_it_conforms_for_a_real_radiograph(make_report, chest, assert_conforms, tmp_path):
    write_sr(make_report(), dcmread(chest, stop_before_pixels=True), tmp_path / "a.dcm")
    assert_conforms(tmp_path / "a.dcm")


def test_an_empty_section_has_no_heading(write):
    assert IMPRESSIONS not in contained(write(impression=" \n")) and FINDINGS in contained(write(impression=""))
    assert FINDINGS not in contained(write(findings=""))


def test_names_of_any_script_arrive(write, make_header):
    dataset = write(make_header(PatientName="Müller^Jürgen=山田^太郎", PatientID="ü-4711"))
    assert str(dataset.PatientName) == "Müller^Jürgen=山田^太郎" and dataset.PatientID == "ü-4711"


def test_what_dicom_does_not_allow_is_left_empty_rather_than_passed_on(write, make_header):
    dataset = write(make_header(PatientBirthDate="1960-02-29", StudyTime="noon", PatientSex="female"))
    assert dataset.PatientBirthDate == dataset.StudyTime == dataset.PatientSex == ""


def test_what_is_drafted_from_synthetic_data_is_synthetic_data(write, make_header):
    assert write(make_header(SyntheticData="YES")).SyntheticData == "YES"
    assert "SyntheticData" not in write(make_header(SyntheticData="NO"))


def test_control_characters_are_not_written(write):
    text = contained(write(findings="a\x00\x1b[31m\nb"))[FINDINGS].ContentSequence[0].TextValue
    assert text == "a  [31m\r\nb"


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID"])
@pytest.mark.parametrize("value", [None, "", "CANARY", "1.2.03"])
def test_a_source_that_cannot_be_named_is_refused(make_report, make_header, tmp_path, keyword, value):
    with pytest.raises(StructuredReportError, match=f"no valid {keyword}") as refusal:
        write_sr(make_report(), make_header(**{keyword: value}), tmp_path / "a.dcm")
    assert "CANARY" not in str(refusal.value) and list(tmp_path.iterdir()) == []


def test_an_image_that_is_not_dicom_is_refused(make_report, tmp_path):
    with pytest.raises(StructuredReportError, match="the image is not DICOM"):
        write_sr(make_report(), None, tmp_path / "a.dcm")
    with pytest.raises(StructuredReportError, match="the image is not DICOM"):
        require_study(None)


def test_an_empty_draft_is_refused(make_report, make_header):
    with pytest.raises(StructuredReportError, match="the draft is empty"):
        make_sr(make_report(findings="", impression=""), make_header())


def test_nothing_is_left_where_it_cannot_be_written(make_report, make_header, tmp_path):
    with pytest.raises(OutputError, match="was not written"):
        write_sr(make_report(), make_header(), tmp_path / "nowhere" / "a.dcm")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def sign(make_report, make_header, tmp_path):
    """Write a signed report and its draft; return what stands in both files."""

    def write_and_read(header=None, *, edited=True, signer="Dr. Roe", findings="Clear lungs.", **fields):
        draft = make_report(**fields)
        signed = SignedReport(draft, findings, draft.impression, edited, signer, datetime(2026, 3, 4, 5, 6, tzinfo=UTC))
        paths = tmp_path / "signed.dcm", tmp_path / "draft.dcm"
        write_signed_sr(signed, make_header() if header is None else header, *paths)
        return tuple(map(dcmread, paths))

    return write_and_read


def test_signed_it_is_complete_and_final_and_never_verified(sign):
    signed, draft = sign()
    assert (signed.CompletionFlag, signed.PreliminaryFlag) == ("COMPLETE", "FINAL")
    assert signed.VerificationFlag == "UNVERIFIED" and "VerifyingObserverSequence" not in signed
    assert signed.SeriesDescription == "AI-ASSISTED REPORT - UNVERIFIED"
    assert contained(signed)[FINDINGS].ContentSequence[0].TextValue == "Clear lungs."
    assert contained(draft)[FINDINGS].ContentSequence[0].TextValue == "The lungs are clear."
    assert (draft.CompletionFlag, draft.PreliminaryFlag) == ("PARTIAL", "PRELIMINARY")


def test_signed_it_is_another_object_and_names_the_draft_before_it(sign):
    signed, draft = sign()
    assert signed.SOPInstanceUID != draft.SOPInstanceUID and signed.StudyInstanceUID == draft.StudyInstanceUID
    (study,) = signed.PredecessorDocumentsSequence
    (series,) = study.ReferencedSeriesSequence
    (document,) = series.ReferencedSOPSequence
    assert (study.StudyInstanceUID, series.SeriesInstanceUID) == (draft.StudyInstanceUID, draft.SeriesInstanceUID)
    assert (document.ReferencedSOPClassUID, document.ReferencedSOPInstanceUID) == (
        BasicTextSRStorage,
        draft.SOPInstanceUID,
    )


def test_signed_it_has_a_person_and_the_device_for_observers(sign):
    signed, draft = sign(signer="Dr. Jane Roe")
    kinds = [
        (concept(each)[0], each.ConceptCodeSequence[0].CodeValue if "ConceptCodeSequence" in each else None)
        for each in signed.ContentSequence
        if each.RelationshipType == "HAS OBS CONTEXT"
    ]
    assert kinds == [
        ("121005", "121006"),
        ("121008", None),
        ("121005", "121007"),
        ("121012", None),
        ("121013", None),
    ]
    person = contained(signed)["121008"]
    assert person.ValueType == "PNAME" and str(person.PersonName) == "Dr. Jane Roe"
    assert "121008" not in contained(draft)


@pytest.mark.parametrize("edited", [True, False])
def test_signed_it_says_whether_a_person_edited_it(sign, edited):
    signed, draft = sign(edited=edited)
    assert [each.ObserverType for each in signed.AuthorObserverSequence] == (["DEV", "PSN"] if edited else ["DEV"])
    (maker,) = signed.ContributingEquipmentSequence
    told = json.loads(maker.ContributionDescription)
    assert (told["ai_generated"], told["edited_by_person"], told["signed"]) == (True, edited, True)
    assert find_mark(contained(signed)[COMMENT].TextValue) is edited
    assert find_mark(contained(draft)[COMMENT].TextValue) is False


def test_signed_of_synthetic_data_it_is_synthetic_data(sign, make_header):
    signed, draft = sign(make_header(SyntheticData="YES"))
    assert signed.SyntheticData == draft.SyntheticData == "YES"
    assert "of a synthetic image: yes" in contained(signed)[COMMENT].TextValue
    assert "SyntheticData" not in sign()[0]


@pytest.mark.parametrize(
    "fields", [{}, {"edited": False}, {"impression": ""}, {"signer": "Ö" * 40, "findings": "a\nb"}], ids=str
)
def test_signed_it_conforms(sign, assert_conforms, tmp_path, fields):
    sign(**fields)
    assert_conforms(tmp_path / "signed.dcm")
    assert_conforms(tmp_path / "draft.dcm")


def test_what_cannot_be_filed_is_not_signed_either(make_report, make_header, tmp_path):
    signed = SignedReport(replace(make_report(), in_domain=False), "a", "b", False, "Roe", datetime.now(UTC))
    with pytest.raises(StructuredReportError, match="only seen computed phantoms"):
        write_signed_sr(signed, make_header(), tmp_path / "a.dcm", tmp_path / "b.dcm")
    signed = replace(signed, draft=make_report(), findings=" ", impression="")
    with pytest.raises(StructuredReportError, match="empty"):
        write_signed_sr(signed, make_header(), tmp_path / "a.dcm", tmp_path / "b.dcm")
    assert list(tmp_path.iterdir()) == []
