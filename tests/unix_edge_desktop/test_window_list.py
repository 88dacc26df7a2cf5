"""The list as a person uses it: searched by what is known of a study, sorted, scrolled, gone through by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

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


def test_long_names_are_elided_in_the_middle(window, open_in, tmp_path, make_file):
    open_in(window, make_file(tmp_path / "film", PatientName="Beginning" + "x" * 40 + "^End"))
    assert window.studies.tree.textElideMode() is Qt.TextElideMode.ElideMiddle
    said = []

    class Painter(QPainter):
        def drawText(self, *given):  # noqa: N802 - Qt's
            said.append(given[-1])

    picture = QImage(200, 200, QImage.Format.Format_RGB32)
    window.grid.active.resize(300, 300)
    painter = Painter(picture)
    painting._paint_corners(painter, window.grid.active.describe_scene(), 0.0, hide_patient=False)
    painter.end()
    assert any(each.startswith("Begin") and "\N{HORIZONTAL ELLIPSIS}" in each and each.endswith("End") for each in said)
