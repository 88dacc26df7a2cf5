"""The view on paper or as PDF: the image, its scale where there is one, and what it is not for."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPagedPaintDevice, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtPrintSupport import QPrinter

from unix_edge.dicom.spacing import Unit
from unix_edge.errors import OutputError
from unix_edge.files import write_atomically
from unix_edge.sentences import Sentence

from ..canvas.canvas import Canvas
from .saving import Write, draw_view, mark_lines

_WIDTH = 2240
"""Pixels of the view on a page: 300 an inch of 190 mm."""
_UNIT = 0.1
"""Millimetres: what a page is laid out in."""
_TEXT, _GAP = 32, 18
"""Height of letters, and between what stands below each other."""
_BARS = (200, 100, 50, 20, 10, 5, 2, 1)
"""Millimetres that the scale bar may stand for, the longest first."""


@dataclass(frozen=True, slots=True)
class Page:
    """All that is on a page, drawn from the view before the page is filled."""

    picture: QImage
    lines: tuple[str, ...]
    """What the image is, and what it is not for."""
    font: QFont
    scale: str
    """What a millimetre of the scale means; empty where there is none."""
    millimetre: float
    """In widths of the picture."""


def prepare_page(canvas: Canvas, *, drawings: bool = True, patient: bool = False) -> Page:
    """Draw the view, which must show an image, for a page."""
    image = canvas.image
    assert image is not None
    enlarged = max(_WIDTH / canvas.device_size[0], 1.0)
    picture = draw_view(canvas, drawings=drawings, patient=patient, enlarged=enlarged)
    font = QFont(canvas.font())
    font.setPixelSize(_TEXT)
    spacing = image.spacing if patient else image.without_words().spacing
    scale = canvas.translate(spacing.label) if spacing.unit is Unit.MILLIMETRES else ""
    millimetre = canvas.viewport.zoom / image.spacing.column / canvas.device_size[0]
    return Page(picture, tuple(mark_lines(canvas)), font, scale, millimetre)


def print_page(page: Page, printer: QPrinter) -> None:
    """Print a page.

    Raises:
        OutputError: The printer does not take it.
    """
    _fill(page, printer, printer.resolution())
    if printer.printerState() is QPrinter.PrinterState.Error:
        raise _refused()


def prepare_pdf(canvas: Canvas, path: Path, *, drawings: bool = True, patient: bool = False) -> Write:
    """Draw the view, which must show an image; return what writes the page as PDF, whole or not at all.

    The writing raises NoSpaceError or OutputError.
    """
    page = prepare_page(canvas, drawings=drawings, patient=patient)

    def write() -> Path:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setTitle("UniX Edge")
        _fill(page, writer, writer.resolution())
        write_atomically(path, bytes(buffer.data().data()), private=True)
        return path

    return write


def draw_page(painter: QPainter, area: QRectF, page: Page) -> None:
    """Draw the view, and below it its scale and what it is; in tenths of a millimetre, from the page's corner."""
    painter.setFont(page.font)
    painter.setPen(QColor(0, 0, 0))
    line = painter.fontMetrics().lineSpacing()
    foot = _GAP + line * len(page.lines) + (line + _GAP if page.scale else 0)
    enlarged = min(area.width() / page.picture.width(), (area.height() - foot) / page.picture.height())
    width, height = page.picture.width() * enlarged, page.picture.height() * enlarged
    view = QRectF((area.width() - width) / 2, 0, width, height)
    painter.drawImage(view, page.picture)
    y = view.bottom() + _GAP
    if page.scale:
        _draw_scale(painter, page, view, y)
        y += line + _GAP
    for number, text in enumerate(page.lines):
        painter.drawText(QRectF(0, y + number * line, area.width(), line), int(Qt.AlignmentFlag.AlignCenter), text)


def _fill(page: Page, device: QPagedPaintDevice, resolution: int) -> None:
    """Lay a page out on a device.

    Raises:
        OutputError: The device does not take it.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise _refused()
    unit = resolution / 25.4 * _UNIT
    painter.scale(unit, unit)
    room = device.pageLayout().paintRectPixels(resolution)
    draw_page(painter, QRectF(0, 0, room.width() / unit, room.height() / unit), page)
    if not painter.end():
        raise _refused()


def _draw_scale(painter: QPainter, page: Page, view: QRectF, y: float) -> None:
    """Draw a bar of so many millimetres at the image's scale, and what they mean."""
    millimetre = page.millimetre * view.width()
    length = next((each for each in _BARS if each * millimetre <= view.width() / 3), None)
    if length is None:
        return
    metrics = painter.fontMetrics()
    middle, end = y + metrics.height() / 2, view.left() + length * millimetre
    painter.setPen(QPen(QColor(0, 0, 0), 4))
    painter.drawLine(QPointF(view.left(), middle), QPointF(end, middle))
    for x in (view.left(), end):
        painter.drawLine(QPointF(x, middle - 12), QPointF(x, middle + 12))
    painter.drawText(
        QRectF(end + _GAP, y, view.right() - end - _GAP, metrics.height()),
        int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
        f"{length} {page.scale}",
    )


def _refused() -> OutputError:
    return OutputError(Path("The page"), Sentence("the printer does not take it"))
