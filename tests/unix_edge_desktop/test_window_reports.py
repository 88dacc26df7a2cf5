"""A structured report in the list is read as text beside the films, and never where patients are hidden."""

from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.sr.coding import Code
from pydicom.uid import BasicTextSRStorage, ExplicitVRLittleEndian
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from unix_edge.dicom.writing import code_item
from unix_edge_desktop.reading.report_dialog import ReportDialog

Key, Modifier = Qt.Key, Qt.KeyboardModifier
OURS = "AI-generated text: yes; edited by a person: {}; signed: yes"


def content(kind, name, inside=(), **elements) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", kind
    item.ConceptNameCodeSequence = [code_item(Code("1", "99X", name))]
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    if inside:
        item.ContentSequence = list(inside)
    return item


@pytest.fixture
def make_report(make_header):
    """Write a report of the study that `study` makes."""

    def make(path, *said, number=1, **elements):
        usual = {
            "SOPClassUID": BasicTextSRStorage,
            "SOPInstanceUID": f"2.25.90{number}",
            "SeriesInstanceUID": "2.25.900",
            "SeriesNumber": 9,
            "Modality": "SR",
            "InstanceNumber": number,
            "CompletionFlag": "PARTIAL",
            "VerificationFlag": "UNVERIFIED",
            "ContentDate": "20260103",
            "ContentTime": "040500",
        }
        unused = dict.fromkeys(("Rows", "Columns", "ViewPosition", "PatientOrientation", "BodyPartExamined"))
        dataset = make_header(**{**usual, **unused, **elements})
        dataset.ValueType, dataset.SpecificCharacterSet = "CONTAINER", "ISO_IR 192"
        dataset.ConceptNameCodeSequence = [code_item(Code("18748-4", "LN", "Diagnostic Imaging Report"))]
        texts = [content("TEXT", "Finding", TextValue=each) for each in said]
        dataset.ContentSequence = [content("CONTAINER", "Findings", texts)] if texts else []
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.save_as(path, enforce_file_format=True)
        return path

    return make


@pytest.fixture
def reports(window, idle):
    """The report dialogs that are seen, once nothing is read any more."""

    def find():
        idle(window)
        QApplication.processEvents()
        return [each for each in window.findChildren(ReportDialog) if each.isVisible()]

    return find


def choose(window, modality, press):
    """Go down the list to a series of a modality, and press Enter."""
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.studies.tree.setFocus()
    press(window, Key.Key_Home)
    for _ in range(10):
        item = window.studies.tree.currentItem()
        if item.text(0).startswith(modality):
            break
        press(window, Key.Key_Right)
        press(window, Key.Key_Down)
    press(window, Key.Key_Return)


def test_a_report_of_a_study_is_read_beside_its_film(window, open_in, study, make_report, press, reports, rows, uid):
    make_report(study / "report", "A <b>nodule</b>.\r\nNo effusion.", "Clear otherwise.")
    open_in(window, study)
    seen = uid(window.grid.active)
    assert any("SR" in row and "Structured report" in row for row in rows(window))
    choose(window, "SR", press)
    (dialog,) = reports()
    assert dialog.text.toPlainText().splitlines() == [
        "Diagnostic Imaging Report",
        "Findings",
        "Finding: A <b>nodule</b>.",
        "No effusion.",
        "Finding: Clear otherwise.",
    ]
    assert "Doe, Jane" in dialog.whose.text() and "2026-01-02" in dialog.whose.text()
    assert dialog.state.text() == "2026-01-03 04:05  partial, not verified"
    assert not dialog.mark.isVisible() and dialog.text.isReadOnly() and dialog.text.hasFocus()
    assert uid(window.grid.active) == seen and not dialog.isModal()
    QTest.keyClick(dialog, Key.Key_Escape)
    assert reports() == []


@pytest.mark.parametrize(("edited", "said"), [("yes", "edited by a person"), ("no", "not edited by a person")])
def test_the_mark_of_a_machine_s_text_is_seen_above_it(window, open_in, tmp_path, make_report, reports, edited, said):
    open_in(window, make_report(tmp_path / "a.dcm", "A nodule.", OURS.format(edited)))
    (dialog,) = reports()
    assert dialog.mark.isVisible() and dialog.mark.text() == f"AI-generated text, {said}"


def test_who_verified_and_who_wrote_it_is_said(window, open_in, reports):
    open_in(window, Path(get_testdata_file("test-SR.dcm", download=False)))
    (dialog,) = reports()
    assert "Verified by Riesmeier, J\u00f6rg, OFFIS e.V., 2001-02-13 18:47" in dialog.observers.text()
    assert "complete" in dialog.state.text() and dialog.state.text().endswith(" verified")
    text = dialog.text.toPlainText()
    assert "Date: 2000-12-06" in text and "Time: 12:00" in text and "see item 1.2.2.1" in text


def test_one_of_several_is_chosen(window, open_in, tmp_path, make_report, reports):
    folder = tmp_path / "reports"
    folder.mkdir()
    first = make_report(folder / "a", "First.", number=1)
    make_report(folder / "b", "Second.", number=2)
    make_report(folder / "c", number=3)  # without content
    open_in(window, folder)
    open_in(window, first)
    (dialog,) = reports()
    assert dialog.choice.isVisible() and dialog.choice.count() == 2
    assert "has no content" in window.message.text()
    QTest.keyClick(dialog.choice, Key.Key_Down)
    assert "Second." in dialog.text.toPlainText() and "First." not in dialog.text.toPlainText()


def test_a_broken_report_is_one_sentence(window, open_in, study, make_report, press, reports):
    path = make_report(study / "report", "A nodule.")
    open_in(window, study)
    path.write_bytes(path.read_bytes()[:-20])
    choose(window, "SR", press)
    assert reports() == [] and "has changed" in window.message.text()


def test_nothing_is_shown_while_patients_are_hidden(window, open_in, study, make_report, press, reports):
    make_report(study / "report", "Mrs Doe has a nodule.")
    open_in(window, study)
    choose(window, "SR", press)
    assert len(reports()) == 1
    window.menus.actions["hide_patient"].trigger()
    assert reports() == []
    choose(window, "SR", press)
    assert reports() == [] and "hidden" in window.message.text()


def test_a_study_of_reports_alone_is_opened_as_text(window, open_in, tmp_path, make_report, press, reports):
    folder = tmp_path / "reports"
    folder.mkdir()
    make_report(folder / "a", "A nodule.")
    open_in(window, folder)
    window.studies.tree.setFocus()
    press(window, Key.Key_Home)
    press(window, Key.Key_Return)
    (dialog,) = reports()
    assert "A nodule." in dialog.text.toPlainText()


def test_our_own_report_is_read_with_its_mark(window, open_in, tmp_path, make_file, reports):
    from unix_edge.provenance import Provenance
    from unix_edge.report import Ended, Report
    from unix_edge.results.structured_report import write_sr

    made = Provenance("UniX Edge", "nano", "ab" * 32, "fp16", "cpu", True, {}, "2026-01-01T00:00:00+00:00")
    report = Report("", "A nodule.", "Nodule.", (1,), (-0.1,), Ended.FINISHED, made)
    image = make_file(tmp_path / "image.dcm")
    write_sr(report, dcmread(image), tmp_path / "draft.dcm")
    open_in(window, tmp_path / "draft.dcm")
    (dialog,) = reports()
    assert dialog.mark.isVisible() and "AI DRAFT, UNVERIFIED." in dialog.text.toPlainText()
    assert dialog.state.text().endswith("partial, preliminary, not verified")
    assert "Device: UniX Edge" in dialog.observers.text()
