"""How large a pixel of a monitor is, by a ruler held to it: what monitors say of themselves is often wrong."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QLabel, QVBoxLayout, QWidget

from unix_edge.dicom.spacing import Spacing, Unit

from ..storage.settings import LARGEST, SMALLEST

_LINE = 400
_USUAL = 0.25


def name_monitor(screen: QScreen) -> str:
    """Return what tells a monitor from others, in another resolution too."""
    size = screen.size() * screen.devicePixelRatio()
    parts = (screen.manufacturer(), screen.model(), screen.serialNumber(), screen.name())
    return " ".join([*(each for each in parts if each), f"{size.width()}x{size.height()}"])


def actual_zoom(spacing: Spacing, pixel: float) -> float | None:
    """Return the zoom at which a millimetre of an image is one of the monitor; None where the image has no millimetres.

    Args:
        spacing: Of the image.
        pixel: Millimetres of a device pixel.
    """
    return spacing.column / pixel if spacing.unit is Unit.MILLIMETRES else None


class MonitorDialog(QDialog):
    """A line to be measured with a ruler.

    Signals:
        measured: Millimetres of a device pixel of the monitor that the dialog is on.
    """

    measured = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Calibrate this monitor"))
        text = QLabel(self.tr("Hold a ruler to the monitor. How long is this line, from end to end, in millimetres?"))
        text.setWordWrap(True)
        self.line = _Line()
        self.line.setAccessibleName(self.tr("The line to be measured"))
        self.length = QDoubleSpinBox()
        self.length.setAccessibleName(self.tr("Length in millimetres"))
        self.length.setDecimals(1)
        self.length.setSuffix(" mm")
        self.length.setRange(SMALLEST * _LINE, LARGEST * _LINE)
        self.length.setValue(_USUAL * _LINE)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._measure)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (text, self.line, self.length, buttons):
            column.addWidget(widget)

    def _measure(self) -> None:
        self.measured.emit(self.length.value() / self.line.pixels)
        self.accept()


class _Line(QWidget):
    """A horizontal line with a tick at each end."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(_LINE + 40, 60)

    @property
    def pixels(self) -> float:
        """Its length in device pixels."""
        return _LINE * self.devicePixelRatioF()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's
        """Draw it; the ticks' centres are its ends."""
        painter = QPainter(self)
        painter.setPen(QPen(Qt.GlobalColor.white, 1))
        left, middle = (self.width() - _LINE) / 2, self.height() / 2
        painter.drawLine(QPointF(left, middle), QPointF(left + _LINE, middle))
        for x in (left, left + _LINE):
            painter.drawLine(QPointF(x, middle - 15), QPointF(x, middle + 15))
        painter.end()
