"""The view on paper or as PDF: the image, its scale where there is one, and what it is not for."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPagedPaintDevice, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtPrintSupport import QPrinter

from unix_edge.dicom.spacing import Unit
from unix_edge.errors import OutputError
from unix_edge.files import write_atomically

from .canvas import Canvas
from .images import ViewImage
from .saving import Write, draw_view, mark_lines

_RESOLUTION = 300
"""Dots an inch of the image, whatever the printer can."""
_UNIT = 0.1
"""Millimetres: what a page is laid out in."""
_TEXT, _GAP = 32, 18
"""Height of letters, and between what stands below each other."""
_BARS = (200, 100, 50, 20, 10, 5, 2, 1)
"""Millimetres that the scale bar may stand for, the longest first."""


def print_view(canvas: Canvas, printer: QPrinter, *, drawings: bool = True, patient: bool = False) -> None:
    """Print the view on one page; the canvas must show an image.

    Raises:
        OutputError: The printer does not take it.
    """
    _fill_page(canvas, printer, printer.resolution(), drawings=drawings, patient=patient)
    if printer.printerState() is QPrinter.PrinterState.Error:
        raise _refused()


def prepare_pdf(canvas: Canvas, path: Path, *, drawings: bool = True, patient: bool = False) -> Write:
    """Draw the page that would be printed; return what writes it as PDF, whole or not at all.

    The canvas must show an image. The writing raises NoSpaceError or OutputError.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setTitle("UniX Edge")
    _fill_page(canvas, writer, writer.resolution(), drawings=drawings, patient=patient)
    content = bytes(buffer.data().data())

    def write() -> Path:
        write_atomically(path, content)
        return path

    return write


def _fill_page(canvas: Canvas, device: QPagedPaintDevice, resolution: int, *, drawings: bool, patient: bool) -> None:
    """Lay the view out on a page.

    Raises:
        OutputError: The device does not take it.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise _refused()
    unit = resolution / 25.4 * _UNIT
    painter.scale(unit, unit)
    page = device.pageLayout().paintRectPixels(resolution)
    draw_page(painter, QRectF(0, 0, page.width() / unit, page.height() / unit), canvas, drawings, patient)
    if not painter.end():
        raise _refused()


def draw_page(painter: QPainter, page: QRectF, canvas: Canvas, drawings: bool, patient: bool) -> None:
    """Draw the view, and below it its scale and what it is; in tenths of a millimetre, from the page's corner."""
    image = canvas.image
    assert image is not None
    font = QFont(canvas.font())
    font.setPixelSize(_TEXT)
    painter.setFont(font)
    painter.setPen(QColor(0, 0, 0))
    lines = mark_lines(canvas)
    line = painter.fontMetrics().lineSpacing()
    foot = _GAP + line * len(lines) + (line + _GAP if image.spacing.unit is Unit.MILLIMETRES else 0)
    enlarged = min(page.width() / canvas.width(), (page.height() - foot) / canvas.height())
    width, height = canvas.width() * enlarged, canvas.height() * enlarged
    area = QRectF((page.width() - width) / 2, 0, width, height)
    pixels = width * _UNIT / 25.4 * _RESOLUTION / canvas.device_size[0]
    painter.drawImage(area, draw_view(canvas, drawings=drawings, patient=patient, enlarged=max(pixels, 1.0)))
    y = area.bottom() + _GAP
    if image.spacing.unit is Unit.MILLIMETRES:
        _draw_scale(painter, canvas, image, area, y, enlarged)
        y += line + _GAP
    for number, text in enumerate(lines):
        row = QRectF(0, y + number * line, page.width(), line)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignCenter), text)


def _draw_scale(painter: QPainter, canvas: Canvas, image: ViewImage, area: QRectF, y: float, enlarged: float) -> None:
    """Draw a bar of so many millimetres at the image's scale, and what they mean."""
    millimetre = canvas.viewport.zoom / canvas.scale / image.spacing.column * enlarged
    length = next((each for each in _BARS if each * millimetre <= area.width() / 3), None)
    if length is None:
        return
    metrics = painter.fontMetrics()
    middle, end = y + metrics.height() / 2, area.left() + length * millimetre
    painter.setPen(QPen(QColor(0, 0, 0), 4))
    painter.drawLine(QPointF(area.left(), middle), QPointF(end, middle))
    for x in (area.left(), end):
        painter.drawLine(QPointF(x, middle - 12), QPointF(x, middle + 12))
    painter.drawText(
        QRectF(end + _GAP, y, area.right() - end - _GAP, metrics.height()),
        int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
        f"{length} {canvas.translate(image.spacing.label)}",
    )


def _refused() -> OutputError:
    return OutputError(Path("The page"), "the printer does not take it")
