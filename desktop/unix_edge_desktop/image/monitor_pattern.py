"""A pattern by which a person judges a monitor, after TG18-QC of the AAPM: every value in it is known."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from unix_edge.sentences import translatable

NOTICE = translatable("No GSDF correction applied.")
"""Written in the pattern and to be said beside it: the app sends values as they are."""
ADVICE = translatable(
    "Dim the room as for reading. All 16 patches and both small squares in each corner patch should be seen."
)

LEVELS = tuple(8 + 16 * step for step in range(16))
"""Gray of the patches, dark to light: 8, 24 to 248."""
CONTRAST = 4
"""By which the small squares within each patch differ from it, darker and lighter."""
_BACKGROUND, _GRID = 128, 191
_LETTERS = "QUALITY CONTROL"


def patch_box(step: int, size: int = 1024) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a patch, from 0: four by four, left to right, then down."""
    side = size // 10
    left = size // 2 - 2 * side + step % 4 * side
    top = size // 2 - 2 * side + step // 4 * side
    return left, top, left + side, top + side


def make_pattern(size: int = 1024) -> NDArray[np.uint8]:
    """Return the pattern (size, size), from 256 pixels on; it is to be shown pixel for pixel."""
    image = np.full((size, size), _BACKGROUND, np.uint8)
    _draw_grid(image)
    for step, level in enumerate(LEVELS):
        left, top, right, bottom = patch_box(step, size)
        image[top:bottom, left:right] = level
        small = (right - left) // 5
        image[top + small : top + 2 * small, left + small : left + 2 * small] = level - CONTRAST
        image[bottom - 2 * small : bottom - small, right - 2 * small : right - small] = level + CONTRAST
    _draw_extremes(image)
    _draw_ramps(image)
    _draw_line_pairs(image)
    return _write(image)


def _draw_grid(image: NDArray[np.uint8]) -> None:
    """Draw squares, by whose shape distortion shows, and a border, by which a cut edge does."""
    size = len(image)
    for at in range(0, size, size // 10):
        image[at] = image[:, at] = _GRID
    for inset in (2, 4):
        for line in (inset, size - 1 - inset):
            image[line, inset : size - inset] = image[inset : size - inset, line] = 255


def _draw_extremes(image: NDArray[np.uint8]) -> None:
    """Draw 5 % in black and 95 % in white, which a monitor that is set wrongly swallows."""
    size = len(image)
    side = size // 10
    for left, outer, inner in ((size // 2 - 4 * side, 0, 13), (size // 2 + 3 * side, 255, 242)):
        top, quarter = size // 2 - side // 2, side // 4
        image[top : top + side, left : left + side] = outer
        image[top + quarter : top + side - quarter, left + quarter : left + side - quarter] = inner


def _draw_ramps(image: NDArray[np.uint8]) -> None:
    """Draw every gray from 0 to 255, once each way, in which steps show as bands."""
    size = len(image)
    ramp = (np.arange(size * 8 // 10) * 256 // (size * 8 // 10)).astype(np.uint8)
    left, height = size // 10, size // 20
    image[size * 2 // 10 : size * 2 // 10 + height, left : left + len(ramp)] = ramp
    image[size * 75 // 100 : size * 75 // 100 + height, left : left + len(ramp)] = ramp[::-1]


def _draw_line_pairs(image: NDArray[np.uint8]) -> None:
    """Draw lines of one and of two pixels in the corners: gray where the screen does not show pixel for pixel."""
    size = len(image)
    side, inset = size // 12, size // 40
    for top in (inset, size - inset - side):
        for left in (inset, size - inset - side):
            for part, width in enumerate((1, 2)):
                stripes = (np.arange(side // 2) // width % 2 * 255).astype(np.uint8)
                start = left + part * (side // 2)
                image[top : top + side // 2, start : start + side // 2] = stripes
                image[top + side // 2 : top + side // 2 * 2, start : start + side // 2] = stripes[:, None]


def _write(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Write letters of falling contrast on black, gray and white, and what the pattern does not do."""
    size = len(image)
    picture = Image.fromarray(image)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=size // 40)
    pitch = size // 5 / (len(_LETTERS) + 1)
    letters = ImageFont.load_default(size=pitch * 1.3)
    for place, ground in enumerate((0, 128, 255)):
        left, top = size // 2 - 3 * size // 10 + place * size // 5, size * 65 // 80 + size // 80
        draw.rectangle((left, top, left + size // 5 - 1, top + size // 28), fill=ground)
        for step, letter in enumerate(_LETTERS):
            contrast = len(_LETTERS) - step
            fill = ground - contrast if ground == 255 else ground + contrast
            draw.text((left + (step + 1) * pitch, top + size // 56), letter, fill=fill, font=letters, anchor="mm")
    draw.rectangle((size // 4, size * 9 // 10, size * 3 // 4, size * 95 // 100), fill=0)
    draw.text((size // 2, size * 925 // 1000), NOTICE, fill=255, font=font, anchor="mm")
    return np.asarray(picture)
