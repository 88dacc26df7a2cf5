"""A structured report becomes text that can only be read, whoever wrote it and whatever it holds."""

from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.sr.coding import Code
from pydicom.uid import (
    BasicTextSRStorage,
    ComprehensiveSRStorage,
    CTImageStorage,
    EnhancedSRStorage,
    KeyObjectSelectionDocumentStorage,
)

from unix_edge.dicom.sr_document import MOST_CHARACTERS, MOST_LINES, Observer, is_sr, read_sr_document
from unix_edge.dicom.writing import code_item
from unix_edge.errors import StructuredReportError


def item(kind, name="", inside=(), **elements) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType = "CONTAINS", kind
    if name:
        made.ConceptNameCodeSequence = [code_item(Code("1", "99X", name))]
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    if inside:
        made.ContentSequence = list(inside)
    return made


def document(*content, sop_class=ComprehensiveSRStorage, **elements) -> Dataset:
    made = item("CONTAINER", "Imaging Report", content, SOPClassUID=sop_class, SpecificCharacterSet="ISO_IR 192")
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def measured(value, unit="mm", scheme="UCUM", meaning="millimeter") -> Dataset:
    made = Dataset()
    made.NumericValue = value
    made.MeasurementUnitsCodeSequence = [code_item(Code(unit, scheme, meaning))]
    return made


def read(*content):
    return [(each.level, each.name, each.value) for each in read_sr_document(document(*content)).lines]


def test_each_kind_of_content_is_text():
    image = Dataset()
    image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = CTImageStorage, "1.2.3"
    assert read(
        item("TEXT", "Finding", TextValue="A nodule.\r\nNo effusion.  "),
        item("CODE", "Side", ConceptCodeSequence=[code_item(Code("7771000", "SCT", "Left"))]),
        item("NUM", "Diameter", MeasuredValueSequence=[measured("12.5")]),
        item("PNAME", "Reader", PersonName="Roe^Richard=\u4f8b"),
        item("DATE", "Day", Date="20260102"),
        item("TIME", "Time", Time="030405"),
        item("DATETIME", "Moment", DateTime="20260102030405"),
        item("UIDREF", "Device", UID="1.2.840.1"),
        item("IMAGE", "Source", ReferencedSOPSequence=[image]),
        item("SCOORD", "Outline", GraphicType="POLYLINE", GraphicData=[1.0, 2.0, 3.0, 4.0]),
    ) == [
        (0, "Finding", "A nodule.\nNo effusion."),
        (0, "Side", "Left"),
        (0, "Diameter", "12.5 mm"),
        (0, "Reader", "Roe, Richard"),
        (0, "Day", "20260102"),
        (0, "Time", "030405"),
        (0, "Moment", "20260102030405"),
        (0, "Device", "1.2.840.1"),
        (0, "Source", "CT Image Storage 1.2.3"),
        (0, "Outline", "POLYLINE"),
    ]


@pytest.mark.parametrize(
    ("sequence", "said"),
    [
        ([measured("0.47", "1", meaning="no units")], "0.47"),
        ([measured("3", "{nodules}", meaning="nodules")], "3"),
        ([measured("3", "LU", "99X", "Length unit")], "3 Length unit"),
        ([measured("3"), measured("4")], "3 mm, 4 mm"),
        ([], "Not a number"),
    ],
)
def test_a_number_has_its_unit_or_why_there_is_none(sequence, said):
    qualifier = [code_item(Code("114000", "DCM", "Not a number"))]
    number = item("NUM", "Ratio", MeasuredValueSequence=sequence, NumericValueQualifierCodeSequence=qualifier)
    assert read(number) == [(0, "Ratio", said)]


def test_containers_are_headings_and_what_lies_in_them_is_below():
    by_reference = Dataset()
    by_reference.RelationshipType, by_reference.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 2]
    found = read(item("CONTAINER", "Findings", [item("TEXT", "Finding", [by_reference], TextValue="A nodule.")]))
    assert found == [(0, "Findings", ""), (1, "Finding", "A nodule."), (2, "", "1.2")]


def test_it_says_what_state_it_is_in_and_who_answers_for_it():
    verifier, author, device = Dataset(), Dataset(), Dataset()
    verifier.VerifyingObserverName, verifier.VerifyingOrganization = "Roe^Richard", "Hospital"
    verifier.VerificationDateTime = "20260102030405"
    author.ObserverType, author.PersonName, author.InstitutionName = "PSN", "Doe^Jane", "Practice"
    device.ObserverType, device.Manufacturer, device.ManufacturerModelName = "DEV", "Maker", "Model 1"
    found = read_sr_document(
        document(
            item("TEXT", "Finding", TextValue="A nodule."),
            CompletionFlag="COMPLETE",
            PreliminaryFlag="FINAL",
            VerificationFlag="VERIFIED",
            ContentDate="20260102",
            ContentTime="0304",
            VerifyingObserverSequence=[verifier],
            AuthorObserverSequence=[author, device],
        )
    )
    assert (found.title, found.completion, found.preliminary) == ("Imaging Report", "COMPLETE", "FINAL")
    assert (found.verification, found.date, found.time, found.is_cut) == ("VERIFIED", "20260102", "0304", False)
    assert found.observers == (
        Observer("Roe, Richard", "Hospital", "20260102030405"),
        Observer("Doe, Jane", "Practice"),
        Observer("Maker, Model 1", is_device=True),
    )


def test_a_flag_that_dicom_does_not_know_is_none():
    assert read_sr_document(document(item("TEXT", TextValue="A"), VerificationFlag="SURELY")).verification == ""


def test_true_files_of_others_are_read():
    path = Path(get_testdata_file("reportsi.dcm", download=False))
    found = read_sr_document(dcmread(path))
    assert (found.title, found.completion, found.verification) == ("Document Title", "PARTIAL", "UNVERIFIED")
    assert ("Report Text", "Enter text") in [(each.name, each.value) for each in found.lines]
    whole = read_sr_document(dcmread(Path(get_testdata_file("test-SR.dcm", download=False))))
    assert whole.observers[0] == Observer("Riesmeier, Jörg", "OFFIS e.V.", "20010213184746")
    assert len(whole.lines) == 28


def test_nothing_of_it_steers_what_shows_it():
    (line,) = read_sr_document(
        document(item("TEXT", "Fin\u202eding\x1b[2J", TextValue="<b>A</b>\x1b[31m \u202enodule\x00\u2066.\nnext"))
    ).lines
    assert (line.name, line.value) == ("Fin ding [2J", "<b>A</b> [31m  nodule .\nnext")


def test_a_vast_one_is_cut_and_says_so():
    many = read_sr_document(document(*[item("TEXT", "Finding", TextValue="A")] * (MOST_LINES + 1)))
    assert len(many.lines) == MOST_LINES and many.is_cut
    long = read_sr_document(document(*[item("TEXT", "Finding", TextValue="A" * (MOST_CHARACTERS + 5))] * 200))
    assert {len(each.value) for each in long.lines} == {MOST_CHARACTERS} and long.is_cut and len(long.lines) < 60


def test_a_broken_value_costs_itself_alone():
    broken = item("NUM", "Diameter")
    broken.add_new("MeasuredValueSequence", "LO", "none")
    odd = item("TEXT", "Finding")
    odd.add_new("TextValue", "OB", b"\x00\x01")
    assert read(broken, odd, item("MAP", "New"), item("TEXT", "Finding", TextValue="A")) == [
        (0, "Diameter", ""),
        (0, "Finding", ""),
        (0, "New", ""),
        (0, "Finding", "A"),
    ]


@pytest.mark.parametrize(
    ("dataset", "problem"),
    [
        (document(item("TEXT", TextValue="A"), sop_class=CTImageStorage), "it is no structured report"),
        (document(item("TEXT", TextValue="A"), sop_class=KeyObjectSelectionDocumentStorage), "no structured report"),
        (document(), "it has no content"),
        (Dataset(), "it is no structured report"),
    ],
)
def test_what_is_none_is_one_sentence(dataset, problem):
    with pytest.raises(StructuredReportError, match=f"^The structured report was not read: .*{problem}"):
        read_sr_document(dataset)


def test_reports_are_known_by_their_class():
    assert all(map(is_sr, (BasicTextSRStorage, EnhancedSRStorage, ComprehensiveSRStorage)))
    assert not is_sr(KeyObjectSelectionDocumentStorage) and not is_sr(CTImageStorage) and not is_sr("")
