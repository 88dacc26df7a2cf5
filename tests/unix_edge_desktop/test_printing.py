"""A page shows the view, its scale only where there is one, and always what it is not for."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import re
import unicodedata
import zlib

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from unix_edge.dicom.grayscale import StoredImage, Window
from unix_edge.errors import OutputError
from unix_edge_desktop.canvas.canvas import Canvas
from unix_edge_desktop.image.images import ViewImage
from unix_edge_desktop.output.printing import draw_page, prepare_page, prepare_pdf, prepare_sheet, print_page

RESEARCH, SYNTHETIC = "Research use only. Not for diagnosis.", "SYNTHETIC - not a patient"
SPACED = {"ImagerPixelSpacing": [0.5, 0.5]}


@pytest.fixture
def make_canvas(qtbot, make_header):
    def make(synthetic=False, **elements):
        stored = np.full((300, 400), 2000, np.uint16)
        canvas = Canvas()
        qtbot.addWidget(canvas)
        canvas.resize(400, 300)
        canvas.show()
        header = make_header(Rows=300, Columns=400, **elements)
        canvas.set_image(ViewImage(StoredImage(stored, presets=(Window(2000, 4000),)), header, synthetic=synthetic))
        return canvas

    return make


def read_pdf(content: bytes) -> list[str]:
    """Return the strings that a PDF of Qt's shows, through its fonts' tables to Unicode."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    streams = [zlib.decompress(each) if each[:1] == b"\x78" else each for each in streams]
    unicode: dict[int, str] = {}
    for stream in streams:
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", stream, re.DOTALL):
            for low, high, first in re.findall(rb"^<(\w+)> <(\w+)> <(\w+)>$", block, re.MULTILINE):
                for step in range(int(high, 16) - int(low, 16) + 1):
                    unicode[int(low, 16) + step] = chr(int(first, 16) + step)
            for low, listed in re.findall(rb"<(\w+)>\s*<\w+>\s*\[(.*?)\]", block, re.DOTALL):
                for step, code in enumerate(re.findall(rb"<(\w+)>", listed)):
                    unicode[int(low, 16) + step] = chr(int(code, 16))
    shown = []
    for stream in streams:
        for block in re.findall(rb"BT\b(.*?)\bET", stream, re.DOTALL):
            codes = b"".join(re.findall(rb"<([0-9a-fA-F]+)>", block))
            letters = (unicode.get(int(codes[at : at + 4], 16), "?") for at in range(0, len(codes), 4))
            shown.append(unicodedata.normalize("NFKC", "".join(letters)).replace("\t", " "))
    return shown


def page_of(canvas, **chosen) -> np.ndarray:
    """Return a page of 190 by 277 mm, ten pixels a millimetre."""
    picture = QImage(1900, 2770, QImage.Format.Format_RGB888)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    draw_page(painter, QRectF(0, 0, 1900, 2770), prepare_page(canvas, **chosen))
    painter.end()
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(2770, picture.bytesPerLine())
    return rows[:, :5700].reshape(2770, 1900, 3).astype(int)


def test_a_page_is_printed_with_what_it_is_and_what_a_length_means(make_canvas, tmp_path):
    content = prepare_pdf([[make_canvas(synthetic=True, **SPACED)]], tmp_path / "page.pdf")().read_bytes()
    assert content.startswith(b"%PDF-") and len(re.findall(rb"/Type /Page\b", content)) == 1
    shown = read_pdf(content)
    for text in (RESEARCH, SYNTHETIC, "50 mm at detector (not corrected for magnification)"):
        assert any(text in each for each in shown), (text, shown)
    assert b"Doe" not in content and not any("Doe" in each for each in shown)


def test_without_a_spacing_no_scale_is_printed_and_a_real_image_is_not_called_synthetic(make_canvas, tmp_path):
    shown = read_pdf(prepare_pdf([[make_canvas()]], tmp_path / "page.pdf")().read_bytes())
    assert any(RESEARCH in each for each in shown)
    assert not any("mm" in each or "px" in each or "SYNTHETIC" in each for each in shown)


@pytest.mark.parametrize("turn", ["rotate_right", "flip_horizontal", "reset"])
def test_the_scale_bar_is_as_long_as_it_says(make_canvas, turn):
    canvas = make_canvas(**SPACED)
    getattr(canvas, turn)()
    canvas.one_to_one()
    page = page_of(canvas)
    # At zoom 1 the 400 pixels of the view are the page's width, and 200 mm: 1900 / 200 pixels a millimetre.
    below = page[1900 * 300 // 400 + 1 :]
    dark = (below[:80] < 60).all(axis=-1)
    longest = max(len(run) for row in dark for run in "".join("#" if each else " " for each in row).split())
    assert longest == pytest.approx(50 * 1900 / 200, abs=6)


def test_patient_text_is_printed_only_where_it_is_asked_for(make_canvas):
    one, two = make_canvas(), make_canvas(PatientName="Canary^Anna", StudyDate="19990101")
    np.testing.assert_array_equal(page_of(one), page_of(two))
    assert (page_of(one, patient=True) != page_of(two, patient=True)).any()


def test_a_printer_gets_the_same_page(make_canvas, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    print_page(prepare_sheet([[make_canvas(synthetic=True)]]), printer)
    shown = read_pdf((tmp_path / "printed.pdf").read_bytes())
    assert any(RESEARCH in each for each in shown) and any(SYNTHETIC in each for each in shown)


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)  # what is meant to fail
def test_a_printer_or_folder_that_is_not_there_is_a_sentence(make_canvas, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "nowhere" / "printed.pdf"))
    with pytest.raises(OutputError, match="was not written: the printer does not take it"):
        print_page(prepare_sheet([[make_canvas()]]), printer)
    with pytest.raises(OutputError, match="was not written"):
        prepare_pdf([[make_canvas()]], tmp_path / "nowhere" / "page.pdf")()
    assert list(tmp_path.iterdir()) == []
