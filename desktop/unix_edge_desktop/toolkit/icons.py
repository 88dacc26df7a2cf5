"""The icons, drawn as lines on a grid of 24: one path an action."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .theme import COLOURS

SIDE = 20
"""Of an icon in the toolbar at 100 %."""
_SCALES = (1, 2, 3)
_CIRCLE = "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16"
PATHS = {
    "open_files": "M3 19V5h6l2 3h10v11zM3 11h18",
    "undo": "M9 5L4 10l5 5M4 10h10a5 5 0 0 1 0 10h-3",
    "layout_1x1": "M4 4h16v16H4z",
    "layout_1x2": "M4 4h16v16H4zM12 4v16",
    "layout_2x1": "M4 4h16v16H4zM4 12h16",
    "layout_2x2": "M4 4h16v16H4zM12 4v16M4 12h16",
    "synchronise": "M4 9a8 8 0 0 1 14-2M18 3v4h-4M20 15a8 8 0 0 1-14 2M6 21v-4h4",
    "compare_prior": "M3 5h8v14H3zM13 5h8v14h-8zM17 9v4l2 1",
    "key_image": "M12 3l2.7 5.6 6.1.8-4.5 4.2 1.2 6.1-5.5-3-5.5 3 1.2-6.1-4.5-4.2 6.1-.8z",
    "text": "M5 7V5h14v2M12 5v14M9 19h6",
    "tool_window": f"{_CIRCLE}M12 4v16M12 8h5.5M12 12h8M12 16h6",
    "tool_pan": "M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3",
    "tool_zoom": "M10 4a6 6 0 1 0 0 12a6 6 0 1 0 0-12M14.5 14.5L20 20M10 7.5v5M7.5 10h5",
    "lens": "M4 4h11v11H4zM15 15l5 5M7 9.5h5",
    "auto_window": f"{_CIRCLE}M8.5 16L12 7l3.5 9M9.7 13h4.6",
    "invert": f"{_CIRCLE}M12 4v16M12 7l4-1.5M12 11l7.5-2.5M12 15l7.5-2.5M12 19l5-2",
    "fit": "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M9 9h6v6H9z",
    "one_to_one": "M5 8l2.5-2v12M16 8l2.5-2v12M12 10v.5M12 15v.5",
    "rotate_right": "M19 12a7 7 0 1 1-3-5.7M17 2v5h-5",
    "flip_horizontal": "M12 3v18M9 7L3 17h6zM15 7l6 10h-6z",
    "reset": "M5 12a7 7 0 1 0 3-5.7M7 2v5h5M12 9v4l3 2",
    "tool_length": "M4 20L20 4M3 16l5 5M16 3l5 5",
    "tool_angle": "M19 19H4L15 5M12 19a7 7 0 0 0-3-6",
    "tool_cobb": "M4 8l13-4M4 16l14 4M10 6.2v11.5",
    "tool_ctr": "M8 10h7M4 16h16M8 8v4M15 8v4M4 14v4M20 14v4",
    "tool_rectangle": "M4 6h16v12H4zM8 14h2M12 14h4",
    "tool_ellipse": "M12 6c5 0 8 3 8 6s-3 6-8 6-8-3-8-6 3-6 8-6M9 12h6",
    "tool_probe": "M12 3v6M12 15v6M3 12h6M15 12h6",
}
APPLICATION = Path(__file__).parent / "unix-edge.svg"


@cache
def make_icon(id: str, scale: int = 100) -> QIcon:
    """Return the icon of an action, or an empty one; drawn at the scales that screens have."""
    if id not in PATHS:
        return QIcon()
    icon = QIcon()
    for mode, colour in (
        (QIcon.Mode.Normal, COLOURS.text),
        (QIcon.Mode.Disabled, COLOURS.disabled),
    ):
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{PATHS[id]}" fill="none" '
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
