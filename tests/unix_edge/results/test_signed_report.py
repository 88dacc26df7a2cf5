"""A signed report as plain text is clean of patients and bears its mark."""

from datetime import UTC, datetime

from unix_edge.results.ai_mark import find_mark
from unix_edge.results.signed_report import SignedReport, as_clean_text


def test_clean_text_has_the_sections_the_disclaimer_and_the_mark(make_report):
    signed = SignedReport(make_report(), "Clear lungs. ", "Normal.", True, "Dr. Roe", datetime.now(UTC))
    text = as_clean_text(signed.findings, signed.impression, signed.mark(synthetic=True))
    assert text.startswith("FINDINGS:\nClear lungs.\n\nIMPRESSION:\nNormal.\n\nResearch use only. Not for diagnosis.\n")
    assert find_mark(text) is True and "signed: yes; of a synthetic image: yes" in text
    assert "Roe" not in text


def test_an_empty_section_has_no_heading_and_random_weights_are_told(make_report):
    mark = SignedReport(make_report(trained=False), "", "", False, "", datetime.now(UTC)).mark()
    text = as_clean_text("", "Normal.", mark)
    assert "FINDINGS" not in text and "mean nothing" in text and find_mark(text) is False and "signed: no" in text
