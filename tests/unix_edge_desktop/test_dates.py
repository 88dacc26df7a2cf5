"""Dates are written and searched as the reader's system writes them; those of files stay."""

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtTest import QTest

from unix_edge_desktop.toolkit import dates


@pytest.fixture(params=["de_DE", "en_US", "en_GB", "sv_SE", "C", "ar_EG"])
def system(request, monkeypatch):
    """Be a system of a language and country."""
    monkeypatch.setattr(dates, "_system", lambda: QLocale(request.param))
    return request.param


def test_a_date_is_written_as_the_system_writes_it_its_year_in_full(system):
    written = {
        "de_DE": "05.02.1926",
        "en_US": "2/5/1926",
        "en_GB": "05/02/1926",
        "sv_SE": "1926-02-05",
        "C": "1926-02-05",
        "ar_EG": "\u0665/\u0662/\u0661\u0669\u0662\u0666",
    }
    assert dates.show_date("19260205") == written[system]


@pytest.mark.parametrize("text", ["", "2026.01.02", "20261399", "unknown", "2026010"])
def test_what_is_no_date_is_left_as_it_is(system, text):
    assert dates.show_date(text) == text


def test_a_date_is_searched_as_it_is_read(system):
    assert dates.search_dates(f"doe {dates.show_date('20260205')} ct") == "doe 2026-02-05 ct"
    assert dates.search_dates("doe  2026-02-05 1.2") == "doe  2026-02-05 1.2"


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setattr(dates, "_system", lambda: QLocale("de_DE"))


def test_list_corners_and_questions_have_the_system_s_dates_and_the_file_keeps_its_own(
    german, window, open_in, study, rows
):
    open_in(window, study)
    said = "\n".join(rows(window))
    assert "02.01.2026" in said and "29.02.1960" in said and "2026-01-02" not in said
    canvas = window.grid.active
    scene = canvas.describe_scene()
    assert scene.show_date("20260102") == "02.01.2026" and "02.01.2026" in canvas.whose
    assert canvas.image.header.StudyDate == "20260102"
    assert "02.01.2026" in window.assistant.report.details.text()


def test_a_study_is_found_by_the_date_that_is_read_in_the_list(german, window, open_in, patient, rows, qtbot):
    open_in(window, patient)
    QTest.keyClicks(window.studies.search, "07.07.2026")
    qtbot.waitUntil(lambda: window.studies.note.text().startswith("Studies: 1"), timeout=20_000)
    assert any("07.07.2026" in row for row in rows(window))


def test_hidden_patients_have_no_dates(german, window, open_in, study, rows):
    open_in(window, study)
    window.menus.actions["hide_patient"].trigger()
    assert ".2026" not in "\n".join(rows(window)) and ".2026" not in window.grid.active.whose
