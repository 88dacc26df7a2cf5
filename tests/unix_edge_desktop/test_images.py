"""A file becomes an image of the viewer through the decode child alone."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.pixels import apply_color_lut, pixel_array
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian

from unix_edge.dicom.grayscale import ImageWarning, show
from unix_edge.dicom.pixels import read_stored
from unix_edge.errors import ImageError
from unix_edge.isolated import child as decoding
from unix_edge_desktop.image.images import from_gray, load_view_image

RAMP = np.arange(-1000, 5000, dtype=np.int16).reshape(60, 100)


def write(path, **elements):
    dataset = Dataset()
    usual = {
        "SOPClassUID": ComputedRadiographyImageStorage,
        "SOPInstanceUID": "2.25.3",
        "Modality": "CR",
        "Laterality": "L",
        "PatientOrientation": ["L", "F"],
        "ImagerPixelSpacing": [0.2, 0.2],
        "Rows": 60,
        "Columns": 100,
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 1,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME1",
        "RescaleSlope": "2",
        "RescaleIntercept": "-10",
        "WindowCenter": [500, 800],
        "WindowWidth": [2000, 900],
        "WindowCenterWidthExplanation": ["Bone", "Lung"],
        "PixelData": RAMP.tobytes(),
    }
    for keyword, value in {**usual, **elements}.items():
        setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_a_dicom_file_brings_stored_values_presets_and_meaning(tmp_path):
    path = write(tmp_path / "a.dcm")
    before = path.read_bytes()
    image = load_view_image(path)
    np.testing.assert_array_equal(image.stored.stored, RAMP)
    np.testing.assert_array_equal(image.values(slice(0, 2), slice(3, 5)), RAMP[:2, 3:5] * 2.0 - 10)
    assert [preset.name for preset in image.presets] == ["Bone", "Lung", "Auto"]
    assert (image.uid, image.laterality, image.orientation, image.frames) == ("2.25.3", "L", ("L", "F"), 1)
    assert image.spacing.label.startswith("mm at detector") and image.name == "a.dcm" and not image.synthetic
    read = read_stored(dcmread(path))
    np.testing.assert_array_equal(show(image.stored, image.presets[1].voi), show(read, read.presets[1]))
    assert path.read_bytes() == before


def test_a_frame_is_chosen(tmp_path):
    path = write(tmp_path / "a.dcm", NumberOfFrames=2, PixelData=RAMP.tobytes() + RAMP[::-1].tobytes())
    first, second = load_view_image(path), load_view_image(path, 1)
    np.testing.assert_array_equal(first.stored.stored, second.stored.stored[::-1])
    assert (second.frame, second.frames) == (1, 2)


@pytest.mark.parametrize("colour", [False, True])
def test_a_picture_is_shown_as_it_is_and_known_by_its_hash(tmp_path, colour):
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    pixels = pixels if colour else pixels[..., :1].repeat(3, axis=2)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    image = load_view_image(tmp_path / "a.png")
    expected = np.asarray(Image.fromarray(pixels).convert("L"))
    np.testing.assert_array_equal(show(image.stored, image.presets[0].voi), expected)
    assert image.warnings == ((ImageWarning.COLOUR.value,) if colour else ())
    assert image.uid.startswith("sha256:") and len(image.uid) == 71 and image.orientation is None
    assert image.spacing.label == "px"


def test_what_is_marked_as_synthetic_is_known_to_be(tmp_path):
    chunks, buffer = PngInfo(), io.BytesIO()
    chunks.add_text("Synthetic Data", "YES")
    Image.new("L", (64, 64), 7).save(buffer, "PNG", pnginfo=chunks)
    (tmp_path / "a.png").write_bytes(buffer.getvalue())
    marked = write(tmp_path / "a.dcm", SyntheticData="YES")
    assert load_view_image(tmp_path / "a.png").synthetic and load_view_image(marked).synthetic
    assert from_gray(np.zeros((4, 4), np.uint8), synthetic=True).synthetic


def test_a_broken_file_and_a_dead_child_are_one_sentence(tmp_path, monkeypatch):
    path = write(tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ImageError, match=r"^a\.dcm was not read: .*cut short"):
        load_view_image(path)
    monkeypatch.setattr(decoding, "_START", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(ImageError, match="the process that decodes it died"):
        load_view_image(write(path))


@pytest.mark.parametrize(
    "name",
    [
        "SC_rgb_small_odd.dcm",
        "SC_rgb_jpeg_dcmtk.dcm",
        "SC_rgb_jls_lossy_line.dcm",
        "SC_rgb_gdcm_KY.dcm",
        "SC_ybr_full_422_uncompressed.dcm",
        "SC_ybr_full_uncompressed.dcm",
        "examples_ybr_color.dcm",
    ],
)
def test_a_film_in_colour_is_loaded_in_the_colours_that_pydicom_reads(name):
    path = Path(get_testdata_file(name, download=False))
    image = load_view_image(path)
    expected = pixel_array(path, index=0).astype(int)
    assert np.abs(image.stored.colour - expected).max() <= 2
    assert image.colour_at(0, 0) == tuple(image.stored.colour[0, 0].tolist())
    assert ImageWarning.COLOUR.value in image.warnings


def test_a_palette_is_loaded_in_colour():
    path = Path(get_testdata_file("examples_palette.dcm", download=False))
    dataset = dcmread(path)
    expected = apply_color_lut(dataset.pixel_array, dataset) / 257
    assert np.abs(load_view_image(path).stored.colour - expected).max() <= 0.51


def test_a_picture_in_colour_is_shown_in_colour(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(load_view_image(tmp_path / "a.png").stored.colour, pixels)
