"""The views on paper or as PDF, as they hang: each image, its scale where there is one, and what it is not for.

The page lies as what is on it does. A view that shows its whole image is laid out for the page, another as it is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtPrintSupport import QPrinter

from unix_edge.dicom.spacing import Unit
from unix_edge.errors import OutputError
from unix_edge.files import write_atomically
from unix_edge.sentences import Sentence

from ..canvas.canvas import Canvas
from ..canvas.scene import Scene
from ..image.viewport import fit, seen_size
from .saving import Write, draw_view, mark_lines

_LENGTH = 3270
"""Pixels of the longer side of a view that has the page for itself: 300 an inch of 277 mm."""
_SHEET = (1900, 2770)
"""Width and height that a page of A4 has about, upright."""
_APART = 40
"""Between two views."""
_UNIT = 0.1
"""Millimetres: what a page is laid out in."""
_TEXT, _GAP = 32, 18
"""Height of letters, and between what stands below each other."""
_BARS = (200, 100, 50, 20, 10, 5, 2, 1)
"""Millimetres that the scale bar may stand for, the longest first."""


Hung = Sequence[Sequence[Canvas]]
"""The views that are seen, row by row."""


@dataclass(frozen=True, slots=True)
class Page:
    """All that is said of a view, drawn from it before the page is filled."""

    picture: QImage
    lines: tuple[str, ...]
    """What the image is, and what it is not for."""
    font: QFont
    scale: str
    """What a millimetre of the scale means; empty where there is none."""
    millimetre: float
    """In widths of the picture."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The views of a page as they hang."""

    rows: tuple[tuple[Page | None, ...], ...]
    """None of a view without an image."""

    @property
    def is_landscape(self) -> bool:
        """Whether more of a page is filled that lies on its long side."""
        width, height = _SHEET
        return self._filled(height, width) > self._filled(width, height)

    def _filled(self, width: float, height: float) -> float:
        """Return how much of a page of a size the pictures fill."""
        areas = ((page, area) for page, area in self.place(QRectF(0, 0, width, height)) if page is not None)
        places = [place_picture(page, area, _TEXT) for page, area in areas]
        return sum(each.width() * each.height() for each in places)

    def place(self, area: QRectF) -> list[tuple[Page | None, QRectF]]:
        """Return each view and its part of an area."""
        placed = []
        height = (area.height() + _APART) / len(self.rows)
        for row, pages in enumerate(self.rows):
            width = (area.width() + _APART) / len(pages)
            for column, page in enumerate(pages):
                corner = QPointF(area.left() + column * width, area.top() + row * height)
                placed.append((page, QRectF(corner, QSizeF(width - _APART, height - _APART))))
        return placed


def prepare_sheet(hung: Hung, *, drawings: bool = True, words: bool = False, patient: bool = False) -> Sheet:
    """Draw the views, of which one or more show an image, for a page."""

    def prepare(canvas: Canvas) -> Page | None:
        if canvas.image is None:
            return None
        return prepare_page(canvas, drawings=drawings, words=words, patient=patient)

    return Sheet(tuple(tuple(map(prepare, row)) for row in hung))


def prepare_page(canvas: Canvas, *, drawings: bool = True, words: bool = False, patient: bool = False) -> Page:
    """Draw the view, which must show an image, for a page."""
    image = canvas.image
    assert image is not None
    scene = _lay_out(canvas)
    enlarged = max(_LENGTH / max(scene.device_size), 1.0)
    picture = draw_view(canvas, drawings=drawings, words=words, patient=patient, enlarged=enlarged, scene=scene)
    font = QFont(canvas.font())
    font.setPixelSize(_TEXT)
    spacing = image.spacing if patient else image.without_words().spacing
    scale = canvas.translate(spacing.label) if spacing.unit is Unit.MILLIMETRES else ""
    millimetre = scene.viewport.zoom / image.spacing.column / scene.device_size[0]
    return Page(picture, tuple(mark_lines(canvas)), font, scale, millimetre)


def print_page(sheet: Sheet, printer: QPrinter) -> None:
    """Print a page, turned as what is on it.

    Raises:
        OutputError: The printer does not take it.
    """
    _fill(sheet, printer, printer.resolution())
    if printer.printerState() is QPrinter.PrinterState.Error:
        raise _refused()


def prepare_pdf(hung: Hung, path: Path, *, drawings: bool = True, words: bool = False, patient: bool = False) -> Write:
    """Draw the views, of which one must show an image; return what writes the page as PDF, whole or not at all.

    The writing raises NoSpaceError or OutputError.
    """
    sheet = prepare_sheet(hung, drawings=drawings, words=words, patient=patient)

    def write() -> Path:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setTitle("UniX Edge")
        _fill(sheet, writer, writer.resolution())
        write_atomically(path, bytes(buffer.data().data()), private=True)
        return path

    return write


def draw_page(painter: QPainter, area: QRectF, page: Page) -> None:
    """Draw the view, and below it its scale and what it is; in tenths of a millimetre, from the page's corner."""
    painter.setFont(page.font)
    painter.setPen(QColor(0, 0, 0))
    line = painter.fontMetrics().lineSpacing()
    view = place_picture(page, area, line)
    painter.drawImage(view, page.picture)
    y = view.bottom() + _GAP
    if page.scale:
        _draw_scale(painter, page, view, QRectF(view.left(), y, area.right() - view.left(), line))
        y += line + _GAP
    for number, text in enumerate(page.lines):
        _write(painter, QRectF(area.left(), y + number * line, area.width(), line), Qt.AlignmentFlag.AlignCenter, text)


def place_picture(page: Page, area: QRectF, line: float) -> QRectF:
    """Return where the whole picture goes, as large as can be above what is written in lines of a height."""
    foot = _GAP + line * len(page.lines) + (line + _GAP if page.scale else 0)
    enlarged = min(area.width() / page.picture.width(), (area.height() - foot) / page.picture.height())
    width, height = page.picture.width() * enlarged, page.picture.height() * enlarged
    return QRectF(area.left() + (area.width() - width) / 2, area.top(), width, height)


def _lay_out(canvas: Canvas) -> Scene:
    """Return the view as it is, or in the image's own shape where it shows the whole of it."""
    scene = canvas.describe_scene()
    if not canvas.is_fitted:
        return scene
    width, height = seen_size(replace(scene.viewport, zoom=1.0), scene.image.shape)
    enlarged = max(scene.width, scene.height) / max(width, height)
    across, down = (max(1, round(side * enlarged)) for side in (width, height))
    size = max(1, round(across * scene.scale)), max(1, round(down * scene.scale))
    viewport = fit(scene.viewport, size, scene.image.shape)
    return replace(scene, viewport=viewport, width=across, height=down, device_size=size)


def _fill(sheet: Sheet, device: QPagedPaintDevice, resolution: int) -> None:
    """Lay a page out on a device, turned as what is on it.

    Raises:
        OutputError: The device does not take it.
    """
    orientation = QPageLayout.Orientation
    device.setPageOrientation(orientation.Landscape if sheet.is_landscape else orientation.Portrait)
    painter = QPainter()
    if not painter.begin(device):
        raise _refused()
    unit = resolution / 25.4 * _UNIT
    painter.scale(unit, unit)
    room = device.pageLayout().paintRectPixels(resolution)
    for page, area in sheet.place(QRectF(0, 0, room.width() / unit, room.height() / unit)):
        if page is not None:
            draw_page(painter, area, page)
    if not painter.end():
        raise _refused()


def _draw_scale(painter: QPainter, page: Page, view: QRectF, room: QRectF) -> None:
    """Draw a bar of so many millimetres at the image's scale, and what they mean."""
    millimetre = page.millimetre * view.width()
    length = next((each for each in _BARS if each * millimetre <= view.width() / 3), None)
    if length is None:
        return
    middle, end = room.center().y(), view.left() + length * millimetre
    painter.setPen(QPen(QColor(0, 0, 0), 4))
    painter.drawLine(QPointF(view.left(), middle), QPointF(end, middle))
    for x in (view.left(), end):
        painter.drawLine(QPointF(x, middle - 12), QPointF(x, middle + 12))
    beside = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    _write(painter, room.adjusted(end + _GAP - room.left(), 0, 0, 0), beside, f"{length} {page.scale}")


def _write(painter: QPainter, area: QRectF, side: Qt.AlignmentFlag, text: str) -> None:
    """Write the whole of a line, smaller where there is little room."""
    needed = painter.fontMetrics().horizontalAdvance(text)
    usual = painter.font()
    if needed > area.width():
        smaller = QFont(usual)
        smaller.setPixelSize(max(1, int(usual.pixelSize() * area.width() / needed)))
        painter.setFont(smaller)
    painter.drawText(area, int(side), text)
    painter.setFont(usual)


def _refused() -> OutputError:
    return OutputError(Path("The page"), Sentence("the printer does not take it"))
