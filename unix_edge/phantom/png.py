"""A phantom as PNG, marked in text chunks."""

import io
from pathlib import Path

from PIL import Image, PngImagePlugin

from ..domain import PHANTOM_MARK
from ..files import write_atomically
from ..provenance import RESEARCH_ONLY
from .compute import VERSION, Phantom


def write_png(phantom: Phantom, path: Path) -> None:
    """Write a marked PNG, whole or not at all.

    Raises:
        NoSpaceError, OutputError: It cannot be written.
    """
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Title", PHANTOM_MARK)
    chunks.add_text("Synthetic Data", "YES")
    chunks.add_text("Disclaimer", RESEARCH_ONLY)
    chunks.add_text("Source", f"UniX Edge, simulator {VERSION}, seed {phantom.seed}")
    buffer = io.BytesIO()
    Image.fromarray(phantom.pixels).save(buffer, "PNG", pnginfo=chunks)
    write_atomically(path, buffer.getvalue())
