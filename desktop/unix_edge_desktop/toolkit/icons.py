"""The icons, drawn as lines on a grid of 24, from the path that an action declares."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .theme import COLOURS

SIDE = 20
"""Of an icon in the toolbar at 100 %."""
_SCALES = (1, 2, 3)
CIRCLE = "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16"
"""The path of a circle that others are drawn in."""
APPLICATION = Path(__file__).parent / "unix-edge.svg"


@cache
def make_icon(path: str, scale: int = 100) -> QIcon:
    """Return the icon of a path, or an empty one; drawn at the scales that screens have."""
    if not path:
        return QIcon()
    icon = QIcon()
    for mode, colour in (
        (QIcon.Mode.Normal, COLOURS.text),
        (QIcon.Mode.Disabled, COLOURS.disabled),
    ):
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{path}" fill="none" '
            f'stroke="{colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></svg>'
        )
        for ratio in _SCALES:
            icon.addPixmap(_draw(QByteArray(svg.encode()), round(SIDE * scale / 100), ratio), mode)
    return icon


def application_icon() -> QIcon:
    """Return the app's own icon."""
    icon = QIcon()
    content = QByteArray(APPLICATION.read_bytes())
    for side in (16, 24, 32, 48, 64, 128, 256):
        icon.addPixmap(_draw(content, side, 1))
    return icon


def _draw(svg: QByteArray, side: int, ratio: int) -> QPixmap:
    pixmap = QPixmap(side * ratio, side * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(svg).render(painter, QRectF(0, 0, side * ratio, side * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
