"""No synthetic picture leaves unmarked."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from unix_edge import GenerationSettings
from unix_edge.errors import OutputError
from unix_edge.results.marking import MARK, add_strip, write_png


@pytest.fixture(scope="module")
def picture(unix):
    return unix.generate("Clear lungs.", GenerationSettings(timesteps=3, seed=5))


def test_the_strip_stands_below_and_never_over_the_picture(picture, tmp_path):
    write_png(picture, tmp_path / "a.png")
    marked = np.asarray(Image.open(tmp_path / "a.png"))
    height, width = picture.pixels.shape[:2]
    assert marked.shape[1] == width and marked.shape[0] > height + 20
    np.testing.assert_array_equal(marked[:height], picture.pixels)
    strip = marked[height:]
    assert 0.01 < (strip < 128).mean() < 0.5 and (strip[:2] == 255).all()


def test_the_file_says_so_too_and_tells_how_it_was_made(picture, tmp_path):
    write_png(picture, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as written:
        chunks = written.info
    assert chunks["Title"] == MARK and chunks["Synthetic Data"] == "YES"
    assert "Not for diagnosis" in chunks["Disclaimer"]
    assert json.loads(chunks["Provenance"])["parameters"]["seed"] == 5


@pytest.mark.parametrize("width", [16, 64, 128, 512, 2000])
def test_the_words_fit_any_width(width):
    words = "SYNTHETIC - AI generated - not a patient"
    marked = np.asarray(add_strip(Image.new("RGB", (width, 10)), [words]))
    assert (marked[10:, -1] == 255).all(), "a word runs over the edge"
    assert (marked[-1] == 255).all(), "the last line is cut"


def test_nothing_is_written_where_there_is_no_folder(picture, tmp_path):
    with pytest.raises(OutputError, match="was not written"):
        write_png(picture, tmp_path / "nowhere" / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_written_where_they_are_marked_and_nowhere_else():
    """Whoever writes a generated picture goes through `marking`; a phantom marks itself, and has tests of its own."""
    from pathlib import Path

    import unix_edge

    package = Path(unix_edge.__file__).parent
    saving = re.compile(r"\.save\(|imwrite|tofile\(")
    found = {str(path.relative_to(package)) for path in package.rglob("*.py") if saving.search(path.read_text("utf-8"))}
    assert found == {"results/marking.py", "phantom/png.py"}
