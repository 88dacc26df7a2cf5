"""The view and the image as PNG and on the clipboard; what is synthetic never leaves without its mark.

What is drawn is drawn at once, in the GUI's thread; what takes a while is returned to be done in another.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin
from PySide6.QtCore import QMimeData, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from unix_edge.dicom.grayscale import show_to_reader
from unix_edge.files import MARK, write_atomically
from unix_edge.provenance import RESEARCH_ONLY
from unix_edge.results.marking import add_strip

from ..canvas.canvas import Canvas
from ..canvas.image_view import to_qimage
from ..canvas.painting import paint_copy
from ..canvas.scene import Scene
from ..image.corner_text import SYNTHETIC
from ..image.window_level import as_seen, render

Write = Callable[[], Path]
_OURS = "application/x-unix-edge"
_KEPT_FROM_HISTORIES = {
    # Microsoft's clipboard formats, by Qt's way of naming those (not run: no such machine here), and KDE's.
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\0\0\0\0",
    "x-kde-passwordManagerHint": b"secret",
}
"""So that a clipboard's history, or another machine's, does not keep what was copied."""


def draw_view(
    canvas: Canvas,
    *,
    drawings: bool = True,
    words: bool = False,
    patient: bool = False,
    overlays: bool = True,
    enlarged: float = 1.0,
    scene: Scene | None = None,
) -> QImage:
    """Return the view as it is seen, but for what is selected, half drawn or pointed at.

    Args:
        canvas: It must show an image.
        drawings: With measurements, overlay planes and a presentation state's drawings.
        words: With what a reader or a state's writer wrote at drawings, if with drawings; it may name the patient.
        patient: With the corners' text on patient and study, and whatever else there is of words.
        overlays: With overlay planes, if with drawings; they may hold words.
        enlarged: How many pixels for each of the screen, along a side.
        scene: How it lies in a view of another shape, as on a page.
    """
    scene = scene or canvas.describe_scene()
    width, height = (max(1, round(side * enlarged)) for side in scene.device_size)
    viewport, size = replace(scene.viewport, zoom=scene.viewport.zoom * enlarged), (width, height)
    pixels = render(scene.image, scene.window_state, viewport, size)
    picture = to_qimage(pixels, width / scene.width).convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    layer = canvas.layers.lay(viewport, size, overlays=drawings and overlays)
    if layer is not None:
        painter.drawImage(QRectF(0, 0, scene.width, scene.height), layer)
    painter.setFont(canvas.font())
    paint_copy(painter, scene, drawings=drawings, words=words or patient, patient=patient)
    painter.end()
    return picture


def copy_view(
    canvas: Canvas, *, drawings: bool = True, words: bool = False, patient: bool = False, overlays: bool = True
) -> None:
    """Put the view on the clipboard, with what it is below it."""
    picture = draw_view(canvas, drawings=drawings, words=words, patient=patient, overlays=overlays)
    marked = add_strip(_to_pil(picture), mark_lines(canvas))
    content = QImage(marked.tobytes(), marked.width, marked.height, 3 * marked.width, QImage.Format.Format_RGB888)
    copied = QMimeData()
    copied.setImageData(content.copy())
    _put_on_clipboard(copied)


def copy_text(text: str) -> None:
    """Put text on the clipboard that may tell of a patient."""
    copied = QMimeData()
    copied.setText(text)
    _put_on_clipboard(copied)


def _put_on_clipboard(copied: QMimeData) -> None:
    """Put something on the clipboard, kept from histories, and known for ours by `forget_copy`."""
    copied.setData(_OURS, MARK.encode())
    for name, value in _KEPT_FROM_HISTORIES.items():
        copied.setData(name, value)
    QGuiApplication.clipboard().setMimeData(copied)


def forget_copy() -> None:
    """Empty the clipboard, if what we put there still is."""
    clipboard = QGuiApplication.clipboard()
    content = clipboard.mimeData()
    if content is not None and bytes(content.data(_OURS).data()) == MARK.encode():
        clipboard.clear()


def prepare_view(
    canvas: Canvas, path: Path, *, drawings: bool = True, words: bool = False, patient: bool = False
) -> Write:
    """Draw the view; return what writes it as PNG, with what it is below it.

    The writing raises NoSpaceError or OutputError.
    """
    picture = _to_pil(draw_view(canvas, drawings=drawings, words=words, patient=patient))
    lines, synthetic = mark_lines(canvas), _is_synthetic(canvas)
    return lambda: _write(add_strip(picture, lines), path, synthetic=synthetic)


def prepare_image(canvas: Canvas, path: Path) -> Write:
    """Return what writes the whole image as 8-bit PNG, pixel by pixel, through the view's window.

    Shutters that are shown cover what they cover; only what is synthetic has its mark below it. The writing raises
    NoSpaceError or OutputError.
    """
    image, window, hidden = canvas.image, canvas.window_state, canvas.layers.hidden(canvas.viewport.aspect)
    assert image is not None
    cover, lines = round(canvas.layers.shutters[1] / 257), mark_lines(canvas)

    def write() -> Path:
        shades = show_to_reader(as_seen(image, window), window.voi)
        if hidden is not None:
            shades[hidden] = cover
        picture = Image.fromarray(shades)
        return _write(add_strip(picture, lines) if image.synthetic else picture, path, synthetic=image.synthetic)

    return write


def mark_lines(canvas: Canvas) -> list[str]:
    """Return what is written below every picture that leaves, in the reader's language."""
    synthetic = [canvas.translate(SYNTHETIC)] if _is_synthetic(canvas) else []
    return [*synthetic, canvas.translate(RESEARCH_ONLY)]


def _is_synthetic(canvas: Canvas) -> bool:
    return canvas.image is not None and canvas.image.synthetic


def _to_pil(picture: QImage) -> Image.Image:
    plain = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return Image.fromarray(rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3))


def _write(picture: Image.Image, path: Path, *, synthetic: bool) -> Path:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Disclaimer", RESEARCH_ONLY)
    if synthetic:
        chunks.add_text("Title", SYNTHETIC)
        chunks.add_text("Synthetic Data", "YES")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", pnginfo=chunks)
    write_atomically(path, buffer.getvalue(), private=not synthetic)
    return path
