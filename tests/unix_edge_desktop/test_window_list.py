"""The list as a person uses it: searched by what is known of a study, sorted, scrolled, gone through by keys."""

import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import BasicTextSRStorage, ExplicitVRLittleEndian
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem

from unix_edge_desktop.canvas import painting

Key, Modifier = Qt.Key, Qt.KeyboardModifier
SIX = (
    ("Zell^Anna", "19500102", "20260101", "0900", "CR", "CHEST", "A-17"),
    ("adams^Bert", "19610304", "20260301", "1500", "DX", "HAND", "B-18"),
    ("Ärmel^Cleo", "19720506", "20260201", "0700", "CT", "ABDOMEN", "C-19"),
)


@pytest.fixture
def people(tmp_path, make_file):
    """Three patients with a study each."""
    folder = tmp_path / "people"
    folder.mkdir()
    for number, (name, born, date, at, modality, part, accession) in enumerate(SIX, 1):
        make_file(
            folder / f"{number}.dcm",
            PatientName=name,
            PatientID=f"P{number}",
            PatientBirthDate=born,
            StudyDate=date,
            StudyTime=at,
            Modality=modality,
            BodyPartExamined=part,
            AccessionNumber=accession,
            StudyInstanceUID=f"2.25.1{number}",
            SeriesInstanceUID=f"2.25.2{number}",
            SOPInstanceUID=f"2.25.3{number}",
        )
    return folder


def names(window):
    return [patient.name for patient in window.studies.patients]


def search(window, qtbot, text):
    window.studies.search.setText(text)
    qtbot.waitUntil(lambda: window.studies.listing.answered == text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("19610304", "adams^Bert"),
        ("1961-03-04", "adams^Bert"),
        ("04.03.1961", "adams^Bert"),
        ("1972", "Ärmel^Cleo"),
        ("c-19", "Ärmel^Cleo"),
        ("ct", "Ärmel^Cleo"),
        ("hand", "adams^Bert"),
        ("Chest CR 1950", "Zell^Anna"),
    ],
)
def test_studies_are_found_by_birth_accession_modality_and_body_part(window, open_in, qtbot, people, text, found):
    open_in(window, people)
    search(window, qtbot, text)
    assert names(window) == [found] and window.library.search == text
    search(window, qtbot, f"{text} nobody")
    assert names(window) == []


def test_what_is_typed_is_hidden_with_the_patient(window, open_in, qtbot, people):
    open_in(window, people)
    search(window, qtbot, "Zell")
    window.menus.actions["hide_patient"].trigger()
    field = window.studies.search
    assert field.echoMode() is QLineEdit.EchoMode.Password and "Zell" not in field.displayText()
    QTest.keyClicks(field, "x")
    assert field.text() == "Zellx" and "x" not in field.displayText()
    window.menus.actions["hide_patient"].trigger()
    assert field.displayText() == "Zellx"


def written_in_corners(canvas, width):
    """What stands in the corners of a view that is as narrow."""
    said = []

    class Painter(QPainter):
        def drawText(self, *given):  # noqa: N802 - Qt's
            said.append(given[-1])

    picture = QImage(width, 300, QImage.Format.Format_RGB32)
    canvas.resize(width, 300)
    painter = Painter(picture)
    painting._paint_corners(painter, canvas.describe_scene(), 0.0, hide_patient=False)
    painter.end()
    return said


def test_dates_are_whole_in_narrow_views_and_in_a_narrow_list(window, open_in, tmp_path, make_file):
    dates = {"PatientBirthDate": "19610305", "StudyDate": "20260612", "StudyTime": "101500"}
    open_in(window, make_file(tmp_path / "film", PatientSex="F", StudyDescription="Thorax in two " * 5, **dates))
    said = written_in_corners(window.grid.active, 262)
    assert any("1961-03-05" in each for each in said) and any("2026-06-12" in each for each in said), said
    window.grid.active.set_prior("prior, 12 months")
    assert {"prior, 12", "months"} <= {*written_in_corners(window.grid.active, 230)}
    tree = window.studies.tree
    study = tree.topLevelItem(0).child(0)
    option = QStyleOptionViewItem()
    tree.itemDelegate().initStyleOption(option, tree.indexFromItem(study))
    shown = tree.fontMetrics().elidedText(
        study.text(0), option.textElideMode, tree.fontMetrics().averageCharWidth() * 20
    )
    assert shown != study.text(0) and "2026-06-12" in shown


def test_long_names_are_elided_in_the_middle(window, open_in, tmp_path, make_file):
    open_in(window, make_file(tmp_path / "film", PatientName="Beginning" + "x" * 40 + "^End"))
    assert window.studies.tree.textElideMode() is Qt.TextElideMode.ElideMiddle
    said = written_in_corners(window.grid.active, 262)
    assert any(each.startswith("Begin") and "\N{HORIZONTAL ELLIPSIS}" in each and each.endswith("End") for each in said)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("Newest first", ["adams^Bert", "Ärmel^Cleo", "Zell^Anna"]),
        ("Oldest first", ["Zell^Anna", "Ärmel^Cleo", "adams^Bert"]),
        ("By name", ["adams^Bert", "Ärmel^Cleo", "Zell^Anna"]),
        ("By time of day", ["Ärmel^Cleo", "Zell^Anna", "adams^Bert"]),
    ],
)
def test_the_list_is_sorted_as_is_chosen_and_keeps_what_is_read(window, open_in, idle, people, uid, order, expected):
    open_in(window, people)
    shown = uid(window.grid.active)
    window.studies.order.setFocus()
    for _ in range(window.studies.order.findText(order)):
        QTest.keyClick(window.studies.order, Key.Key_Down)
    idle(window)
    assert window.studies.order.currentText() == order and names(window) == expected
    assert uid(window.grid.active) == shown
    seen = window.desk.model.seen
    assert window.studies.listing.chosen[:1] == (seen.patient.id,)


def test_who_has_no_name_or_date_comes_last(window, open_in, idle, people, make_file):
    uids = {"StudyInstanceUID": "2.25.81", "SeriesInstanceUID": "2.25.82", "SOPInstanceUID": "2.25.83"}
    make_file(people / "4.dcm", PatientName="", PatientID="P4", StudyDate="", StudyTime="", **uids)
    open_in(window, people)
    for order in range(window.studies.order.count()):
        window.studies.order.setCurrentIndex(order)
        idle(window)
        assert len(names(window)) == 4 and names(window)[-1] == ""


def test_the_list_goes_on_by_scrolling_until_all_are_there(window, idle, qtbot, monkeypatch):
    from pathlib import Path

    from unix_edge_desktop.studies.index import Entry

    def entry(number):
        said = {"PatientID": f"P{number}", "PatientName": f"N{number:03}", "StudyInstanceUID": f"1.{number}"}
        kept = {"SOPClassUID": "1.2", "SeriesInstanceUID": f"2.{number}", "Rows": "4", "Columns": "4", **said}
        return Entry(Path(f"/x/{number}"), "", 1, 2, {**kept, "StudyDate": f"2026{number % 12 + 1:02}01"})

    window.library._index.ask(lambda index: index.add([entry(number) for number in range(450)])).result()
    window.library.look()
    idle(window)
    assert len(names(window)) == 200 and "200 of 450" in window.studies.note.text()
    bar = window.studies.tree.verticalScrollBar()
    for held in (400, 450):
        before = bar.maximum()
        bar.setValue(before)
        qtbot.waitUntil(lambda held=held: len(names(window)) == held)
        assert bar.value() == before and bar.maximum() > before
    bar.setValue(bar.maximum())
    idle(window)
    assert len(set(names(window))) == 450 and "450" in window.studies.note.text()
    search(window, qtbot, "N0")
    assert len(names(window)) == 100


def test_studies_are_gone_through_by_keys_in_the_order_of_the_list(window, open_in, idle, people, press, uid):
    open_in(window, people)
    window.studies.order.setCurrentIndex(2)
    idle(window)
    patient = window.studies.patients[0]
    window.desk.open_study(patient, patient.studies[0])
    idle(window)
    window.grid.active.setFocus()
    for key, expected in (
        (Key.Key_PageDown, "2.25.33"),
        (Key.Key_PageDown, "2.25.31"),
        (Key.Key_PageDown, "2.25.31"),
        (Key.Key_PageUp, "2.25.33"),
        (Key.Key_PageUp, "2.25.32"),
    ):
        press(window, key, Modifier.ControlModifier)
        idle(window)
        assert uid(window.grid.active) == expected
        assert window.studies.listing.chosen[0] == f"P{expected[-1]}"
    press(window, Key.Key_PageUp, Modifier.ControlModifier)
    assert "first study" in window.message.text()


def test_a_study_without_images_is_passed_over_by_keys(window, open_in, idle, people, make_header, press, uid):
    report = {"PatientName": "Bea", "PatientID": "P9", "Modality": "SR", "Rows": None, "Columns": None}
    uids = {"StudyInstanceUID": "2.25.91", "SeriesInstanceUID": "2.25.92", "SOPInstanceUID": "2.25.93"}
    dataset = make_header(**report, **uids, SOPClassUID=BasicTextSRStorage)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(people / "9.dcm", enforce_file_format=True)
    open_in(window, people)
    window.studies.order.setCurrentIndex(2)
    idle(window)
    assert names(window) == ["adams^Bert", "Ärmel^Cleo", "Bea", "Zell^Anna"]
    patient = window.studies.patients[1]
    window.desk.open_study(patient, patient.studies[0])
    idle(window)
    window.grid.active.setFocus()
    for key, expected in ((Key.Key_PageDown, "2.25.31"), (Key.Key_PageUp, "2.25.33")):
        press(window, key, Modifier.ControlModifier)
        idle(window)
        assert uid(window.grid.active) == expected
