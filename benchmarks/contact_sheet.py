"""A sheet to look at: prompts, the pictures drawn from them, phantoms of the same findings, and the reports read back.

    python benchmarks/contact_sheet.py OUT.webp [--engines DIR] [--rows N]

The cases are those of the first held-out phantoms that quality.py measures; the same bundle makes the same sheet.
"""

import argparse
import io
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFont
from quality_data import HELD_OUT

from unix_edge import GenerationSettings, ReportSettings, UniX
from unix_edge.bundle import EMBEDDED
from unix_edge.files import write_atomically
from unix_edge.findings import Label, Side, find_labels
from unix_edge.phantom import compute_phantom
from unix_edge.phantom.wording import write_prompt
from unix_edge.provenance import RESEARCH_ONLY
from unix_edge.results.marking import MARK, add_strip

SIDE, TEXT, GAP = 256, 380, 10
"""Of a picture, of the column of words beside it, and between things, in pixels."""
COLUMNS, QUALITY = 2, 75


def main() -> None:
    """Draw the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--engines", type=Path, default=EMBEDDED)
    parser.add_argument("--rows", type=int, default=3)
    options = parser.parse_args()
    unix = UniX.load(options.engines, "cpu")
    cells = [draw_cell(unix, HELD_OUT + number) for number in range(COLUMNS * options.rows)]
    width, height = cells[0].size
    sheet = Image.new("L", (COLUMNS * width, options.rows * height), 255)
    for number, cell in enumerate(cells):
        sheet.paste(cell, (number % COLUMNS * width, number // COLUMNS * height))
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[ExifTags.Base.ImageDescription] = f"{MARK}. Synthetic Data: YES"
    lines = [f"{MARK}. {RESEARCH_ONLY}", unix.sessions.bundle.manifest.checkpoint]
    # Less than this would smooth away what is wrong with a picture.
    add_strip(sheet, lines).convert("L").save(buffer, "WEBP", quality=QUALITY, method=6, exif=exif)
    write_atomically(options.out, buffer.getvalue())


def draw_cell(unix: UniX, seed: int) -> Image.Image:
    """Draw one prompt's picture, a phantom of its case, and their words."""
    phantom = compute_phantom(seed, 2 * SIDE)
    prompt = write_prompt(phantom.case, np.random.default_rng((seed, 1)))
    picture = unix.generate(prompt, GenerationSettings(seed=seed)).pixels.mean(axis=2).round().astype(np.uint8)
    settings = ReportSettings(max_tokens=160)
    drafts = {"Of the picture": unix.report(picture, settings), "Of the phantom": unix.report(phantom.pixels, settings)}
    cell = Image.new("L", (2 * SIDE + TEXT + 4 * GAP, SIDE + 2 * GAP), 255)
    for number, pixels in enumerate((picture, phantom.pixels)):
        shown = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        cell.paste(shown, (GAP + number * (SIDE + GAP), GAP))
    paragraphs = [("Prompt (left: drawn from it; right: a phantom of the same findings)", prompt)]
    paragraphs += [("True", say(phantom.case.labels))]
    for name, draft in drafts.items():
        paragraphs.append((f"{name} is read", f"{say(find_labels(draft.text))} | {' '.join(draft.impression.split())}"))
    _write(cell, 2 * SIDE + 3 * GAP, paragraphs)
    return cell


def say(labels: dict[Label, Side | None]) -> str:
    """Return labels and sides as one line."""
    return ", ".join(f"{label} ({side})" if side else str(label) for label, side in labels.items())


def _write(cell: Image.Image, left: int, paragraphs: list[tuple[str, str]]) -> None:
    draw, top = ImageDraw.Draw(cell), GAP
    for heading, text in paragraphs:
        for words, size, ink in ((heading, 10, 110), (text, 12, 0)):
            font = ImageFont.load_default(size=size)
            line = ""
            for word in [*words.split(), ""]:
                longer = f"{line} {word}".strip()
                if word and font.getlength(longer) <= TEXT:
                    line = longer
                    continue
                draw.text((left, top), line, font=font, fill=ink)
                line, top = word, top + round(1.25 * size)
        top += 5


if __name__ == "__main__":
    main()
