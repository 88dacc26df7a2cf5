"""A radiograph to pixels, whatever it comes as."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from unix_edge.errors import ImageError
from unix_edge.image import fitted_size, letterbox, load_radiograph, to_pixel_values


@given(st.integers(1, 5000), st.integers(1, 5000), st.sampled_from([96, 192, 384]))
def test_the_size_is_the_one_that_thumbnail_picks(width, height, size):
    image = Image.new("L", (width, 1)).resize((width, height), Image.Resampling.NEAREST)
    image.thumbnail((size, size), Image.Resampling.NEAREST, reducing_gap=None)
    assert fitted_size(width, height, size) == image.size


def test_a_letterbox_is_white_centred_and_never_enlarges():
    boxed = letterbox(Image.new("L", (30, 20), 0), 96)
    assert boxed.shape == (96, 96, 3)
    rows, columns = np.where((boxed == 0).all(-1))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (38, 57, 33, 62)
    assert (boxed[:38] == 255).all()


def test_one_plain_lanczos_without_a_reducing_gap():
    film = Image.fromarray(np.random.default_rng(0).integers(0, 256, (1955, 1841), dtype=np.uint8))
    width, height = fitted_size(1841, 1955, 384)
    wanted = np.asarray(film.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=None))
    left = (384 - width) // 2
    np.testing.assert_array_equal(letterbox(film, 384)[:, left : left + width, 1], wanted)


def test_pixel_values_are_normalised_and_planar():
    values = to_pixel_values(np.full((4, 4, 3), 255, np.uint8))
    assert values.shape == (1, 3, 4, 4) and values.dtype == np.float32
    np.testing.assert_allclose(values, (1 - 0.555895) / 0.336385, rtol=1e-6)


def test_every_kind_of_source_gives_the_same_picture(tmp_path):
    gray = np.random.default_rng(0).integers(0, 256, (40, 50), dtype=np.uint8)
    Image.fromarray(gray).save(tmp_path / "a.png")
    for source in (tmp_path / "a.png", str(tmp_path / "a.png"), gray, Image.fromarray(gray)):
        np.testing.assert_array_equal(np.asarray(load_radiograph(source).image), gray)


def test_a_16_bit_png_is_windowed_before_it_is_converted(tmp_path):
    """Pillow's own conversion would clip at 255."""
    ramp = np.linspace(1000, 60000, 200 * 200).astype(np.uint16).reshape(200, 200)
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    for source in (tmp_path / "ramp.png", ramp):
        shades = np.asarray(load_radiograph(source).image)
        assert shades.dtype == np.uint8 and shades.min() == 0 and shades.max() == 255
        assert len(np.unique(shades)) == 256 and (np.diff(shades.ravel().astype(int)) >= 0).all()


def test_transparency_is_laid_on_white():
    assert np.asarray(load_radiograph(Image.new("RGBA", (4, 4), (0, 0, 0, 0))).image).min() == 255


def encoded(image, kind):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60), dtype=np.uint8))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it is empty"),
        (b"hello", "neither DICOM, PNG nor JPEG"),
        (b"%PDF-1.7" + b"0" * 500, "neither DICOM, PNG nor JPEG"),
        (encoded(NOISE, "PNG")[:1500], "broken or cut short"),
        (encoded(NOISE, "JPEG")[:900], "broken or cut short"),
        (encoded(NOISE, "BMP"), "neither DICOM, PNG nor JPEG"),
        (b"\0" * 128 + b"DICM", "it holds no image"),
        (b"\0" * 128 + b"DICM" + bytes(range(256)), r"structure is broken|holds no image"),
    ],
)
def test_a_file_that_is_no_radiograph_is_refused_in_a_sentence(tmp_path, content, problem):
    path = tmp_path / "film.dcm"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=problem) as failure:
        load_radiograph(path)
    assert str(failure.value).startswith("film.dcm was not read: ")
    assert str(tmp_path) not in str(failure.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(ImageError, match="there is no such file"):
        load_radiograph(tmp_path / "nowhere.png")
    with pytest.raises(ImageError, match="cannot be opened"):
        load_radiograph(tmp_path)


@pytest.mark.parametrize(
    "array",
    [np.zeros((0, 5), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros(5, np.uint8), np.zeros((4, 4), np.float32)],
)
def test_arrays_of_another_kind_are_refused(array):
    with pytest.raises(ImageError, match="The array was not read"):
        load_radiograph(array)
