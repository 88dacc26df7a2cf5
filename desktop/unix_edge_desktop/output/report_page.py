"""A report as it leaves the window: one page as PDF, and clean text on the clipboard, both marked for what they are."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from unix_edge.errors import OutputError
from unix_edge.files import write_atomically
from unix_edge.provenance import RESEARCH_ONLY, UNTRAINED
from unix_edge.results.ai_mark import AiMark
from unix_edge.results.signed_report import SignedReport, as_clean_text
from unix_edge.sentences import Sentence

from ..toolkit.sentences import translate_sentence
from .saving import Write, copy_text

_MARGIN = 20.0
"""Millimetres."""
_SIZES = (11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
"""Points of the text: the first by which all is on one page."""


def copy_report(findings: str, impression: str, mark: AiMark) -> None:
    """Put a report on the clipboard as plain text: no patient, its mark below it."""
    copy_text(as_clean_text(findings, impression, mark))


def prepare_report_pdf(report: SignedReport, patient: Sequence[str], path: Path, *, synthetic: bool) -> Write:
    """Return what writes a report as one page of PDF, whole or not at all.

    The writing raises NoSpaceError or OutputError, also where the text does not fit a page.

    Args:
        report: What it says; without a signer it is a draft.
        patient: What is said of patient and study, a line each; none for a page without them.
        path: Where to.
        synthetic: Whether the image is.
    """
    mark = report.mark(synthetic=synthetic)
    body = _describe(report, patient, mark)
    title = _heading(report)

    def write() -> Path:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN), QPageLayout.Unit.Millimeter)
        writer.setTitle(title)
        writer.setCreator(mark.made.software)
        writer.setDocumentXmpMetadata(mark.as_xmp(title))
        _fill(writer, body, path)
        write_atomically(path, bytes(buffer.data().data()), private=True)
        return path

    return write


def _fill(writer: QPdfWriter, body: str, path: Path) -> None:
    room = QSizeF(writer.width(), writer.height())
    for points in _SIZES:
        document = QTextDocument()
        document.documentLayout().setPaintDevice(writer)
        document.setDocumentMargin(0)
        font = document.defaultFont()
        font.setPointSizeF(points)
        document.setDefaultFont(font)
        document.setTextWidth(room.width())
        document.setHtml(body)
        if document.size().height() <= room.height():
            break
    else:
        raise OutputError(path, Sentence("the report is too long for one page"))
    painter = QPainter()
    if not painter.begin(writer):
        raise OutputError(path, Sentence("the page cannot be drawn"))
    document.drawContents(painter, QRectF(0, 0, room.width(), room.height()))
    painter.end()


def _heading(report: SignedReport) -> str:
    if report.signer:
        return QCoreApplication.translate("ReportPage", "AI-assisted report, not verified")
    return QCoreApplication.translate("ReportPage", "AI draft report, not reviewed")


def _describe(report: SignedReport, patient: Sequence[str], mark: AiMark) -> str:
    """Return all that is on the page, in the order of reading."""
    parts = [f"<h2>{escape(_heading(report))}</h2>"]
    if patient:
        parts.append(f"<p>{'<br>'.join(map(escape, patient))}</p>")
    for heading, text in (("FINDINGS", report.findings), ("IMPRESSION", report.impression)):
        if text.strip():
            parts.append(f"<h3>{heading}</h3><p>{'<br>'.join(map(escape, text.strip().splitlines()))}</p>")
    if report.signer:
        signed = QCoreApplication.translate("ReportPage", "Signed with the typed name {0}, {1}; nobody authenticated.")
        when = report.signed.strftime("%Y-%m-%d %H:%M %z")
        parts.append(f"<p>{escape(signed.format(report.signer, when))}</p>")
    words = [Sentence(RESEARCH_ONLY), *([] if mark.made.trained else [Sentence(UNTRAINED)])]
    caution = " ".join(map(translate_sentence, [*words, *report.draft.warnings]))
    parts.append(f"<p><b>{escape(caution)}</b></p>")
    source = mark.made.source.get("sop_instance_uid", "")
    made = [mark.as_line(), f"drafted: {mark.made.created}", *([f"image: {source}"] if source else [])]
    parts.append(f"<p><small>{'<br>'.join(map(escape, made))}</small></p>")
    return "".join(parts)
