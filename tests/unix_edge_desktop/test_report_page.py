"""A report leaves as one page and as clean text, each with its mark for people and for machines."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import io
import re
import unicodedata
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest
from PySide6.QtGui import QGuiApplication

from unix_edge.errors import OutputError
from unix_edge.provenance import Provenance
from unix_edge.report import Ended, Report
from unix_edge.results.ai_mark import find_mark
from unix_edge.results.signed_report import SignedReport
from unix_edge.sentences import Sentence
from unix_edge_desktop.output.report_page import copy_report, prepare_report_pdf
from unix_edge_desktop.output.saving import forget_copy

MADE = Provenance(
    *("UniX Edge 1", "UniX", "ab" * 32, "fp16", "cpu", True, {"seed": 1}, "2026-01-01T00:00:00+00:00"),
    {"sop_instance_uid": "2.25.3"},
)
DRAFT = Report("t", "f", "i", (1,), (-0.5,), Ended.FINISHED, MADE, None, (Sentence("Odd."),))
SIGNED = SignedReport(DRAFT, "Heart < 0.5 & clear.\nNo effusion.", "Normal.", True, "Dr. Roe", datetime.now(UTC))


@pytest.fixture
def write(qtbot, tmp_path):
    def write_and_read(report=SIGNED, patient=("Doe, Jane", "ID 4711"), *, synthetic=False):
        path = prepare_report_pdf(report, patient, tmp_path / "report.pdf", synthetic=synthetic)()
        return path.read_bytes()

    return write_and_read


def read_pdf(content):
    """Return what a PDF of Qt's shows, without blanks, each letter through its own font's table to Unicode."""
    objects = dict(re.findall(rb"(\d+) 0 obj\s(.*?)endobj", content, re.DOTALL))

    def stream(number):
        found = re.search(rb"stream\r?\n(.*?)\r?\nendstream", objects[number], re.DOTALL)
        data = found.group(1) if found else b""
        return zlib.decompress(data) if data[:1] == b"\x78" else data

    fonts = {}
    for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", content):
        (table,) = re.findall(rb"/ToUnicode (\d+) 0 R", objects[number])
        letters = fonts[name] = {}
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", stream(table), re.DOTALL):
            for low, listed in re.findall(rb"<(\w+)>\s*<\w+>\s*\[(.*?)\]", block, re.DOTALL):
                for step, code in enumerate(re.findall(rb"<(\w+)>", listed)):
                    letters[int(low, 16) + step] = bytes.fromhex(code.decode()).decode("utf-16-be")
            for low, high, first in re.findall(rb"^<(\w+)> <(\w+)> <(\w+)>$", block, re.MULTILINE):
                for step in range(int(high, 16) - int(low, 16) + 1):
                    letters[int(low, 16) + step] = chr(int(first, 16) + step)
    shown = ""
    for number in objects:
        font = {}
        for name, codes in re.findall(rb"/(F\d+) [\d.]+ Tf|<([0-9a-fA-F]+)>\s*Tj|$", stream(number)):
            font = fonts[name] if name else font
            shown += "".join(font.get(int(codes[at : at + 4], 16), "") for at in range(0, len(codes), 4))
    return "".join(unicodedata.normalize("NFKC", shown).split())


def xmp(content):
    packet = re.search(rb"<x:xmpmeta.*?</x:xmpmeta>", content, re.DOTALL)
    assert packet
    return {each.tag.rpartition("}")[2]: each.text for each in ET.fromstring(packet.group()).iter() if each.text}


def test_one_page_says_whose_it_is_what_it_says_and_what_it_is(write):
    content = write()
    assert len(re.findall(rb"/Type /Page\b", content)) == 1
    shown = read_pdf(content)
    for words in (
        "AI-assisted report, not verified",
        "Doe, Jane",
        "ID 4711",
        "Heart < 0.5 & clear.",
        "No effusion.",
        "Normal.",
        "Signed with the typed name Dr. Roe",
        "Research use only. Not for diagnosis.",
        "Odd.",
        "edited by a person: yes",
        "2.25.3",
    ):
        assert words.replace(" ", "") in shown, words
    assert shown.index("FINDINGS") < shown.index("IMPRESSION")


@pytest.mark.parametrize("edited", [True, False])
def test_its_metadata_say_that_a_machine_wrote_it_and_whether_a_person_edited_it(write, edited):
    said = xmp(write(replace(SIGNED, edited=edited), synthetic=not edited))
    assert said["AIGenerated"] == "True" and said["EditedByPerson"] == str(edited) and said["Signed"] == "True"
    assert said["SyntheticData"] == str(not edited) and said["WeightsSHA256"] == "ab" * 32
    assert said["DigitalSourceType"].endswith("lgorithmicMedia")


def test_an_unsigned_draft_says_so_and_names_nobody(write):
    content = write(replace(SIGNED, signer="", edited=False), ())
    shown = read_pdf(content)
    assert "AIdraftreport,notreviewed" in shown and "Signedwith" not in shown and "Doe" not in shown
    assert xmp(content)["Signed"] == "False"


def test_a_long_report_is_still_one_page_and_one_that_is_too_long_is_refused(write, tmp_path):
    content = write(replace(SIGNED, findings="The lungs are clear. " * 300 + "LAST"))
    assert len(re.findall(rb"/Type /Page\b", content)) == 1 and "LAST" in read_pdf(content)
    (tmp_path / "report.pdf").unlink()
    with pytest.raises(OutputError, match="too long for one page"):
        write(replace(SIGNED, findings="The lungs are clear.\n" * 3000))
    assert list(tmp_path.iterdir()) == []


def test_clean_text_on_the_clipboard_is_marked_and_forgotten_at_the_end(qtbot):
    copy_report(SIGNED.findings, SIGNED.impression, SIGNED.mark())
    text = QGuiApplication.clipboard().text()
    assert text.startswith("FINDINGS:\nHeart") and find_mark(text) is True and "Roe" not in text
    forget_copy()
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.parametrize("synthetic", [False, True])
def test_another_reader_finds_the_page_sound_and_its_mark(write, synthetic):
    """As `qpdf --check` does, whose library this is."""
    with pikepdf.open(io.BytesIO(write(synthetic=synthetic))) as pdf:
        assert pdf.check_pdf_syntax() == [] and len(pdf.pages) == 1
        said = str(pdf.open_metadata())
    assert "EditedByPerson" in said
