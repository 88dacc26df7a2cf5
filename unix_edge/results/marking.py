"""Mark a synthetic picture when it is written: a strip below it, never over anatomy, and text chunks."""

import io
import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from ..files import write_atomically
from ..generate import SyntheticImage
from ..provenance import RESEARCH_ONLY, UNTRAINED

MARK = "SYNTHETIC - AI generated - not a patient"


def write_png(picture: SyntheticImage, path: Path) -> None:
    """Write a marked PNG, whole or not at all.

    Raises:
        NoSpaceError, OutputError: It cannot be written.
    """
    buffer = io.BytesIO()
    mark(picture).save(buffer, "PNG", pnginfo=_chunks(picture))
    write_atomically(path, buffer.getvalue())


def mark(picture: SyntheticImage) -> Image.Image:
    """Return the picture with its mark below it; nothing else may turn a picture's pixels into a file."""
    return add_strip(Image.fromarray(picture.pixels), _lines(picture))


def add_strip(image: Image.Image, lines: list[str]) -> Image.Image:
    """Return the image with a white strip of text below it, wrapped to its width."""
    font = ImageFont.load_default(size=max(9, image.width // 40))
    margin = max(3, image.width // 100)
    wrapped = [row for line in lines for row in _wrap(line, font, image.width - 2 * margin)]
    height = round(font.getbbox("Ag")[3] * 1.25)
    marked = Image.new("RGB", (image.width, image.height + len(wrapped) * height + 2 * margin), "white")
    marked.paste(image, (0, 0))
    draw = ImageDraw.Draw(marked)
    for index, row in enumerate(wrapped):
        draw.text((margin, image.height + margin + index * height), row, font=font, fill="black")
    return marked


def _lines(picture: SyntheticImage) -> list[str]:
    seed = picture.provenance.parameters["seed"]
    noise = f"seed {seed}" if picture.provenance.parameters["noise"] == "seeded" else "given noise"
    lines = [MARK, RESEARCH_ONLY, f"{picture.provenance.software}, {noise}"]
    return lines if picture.provenance.trained else [*lines, "Random weights: it means nothing."]


def _chunks(picture: SyntheticImage) -> PngImagePlugin.PngInfo:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Title", MARK)
    chunks.add_text("Synthetic Data", "YES")
    chunks.add_text("Disclaimer", RESEARCH_ONLY if picture.provenance.trained else f"{RESEARCH_ONLY} {UNTRAINED}")
    chunks.add_text("Software", picture.provenance.software)
    chunks.add_text("Provenance", json.dumps(picture.provenance.as_dict()))
    return chunks


def _wrap(line: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    rows: list[str] = []
    for word in _fitting(line, font, width):
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= width:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _fitting(line: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> list[str]:
    """Return the line's words, letter by letter where a word is wider than the strip."""
    return [part for word in line.split() for part in ([word] if font.getlength(word) <= width else word)]
