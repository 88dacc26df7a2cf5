"""Stored values to gray: the window, the one inversion, and headers that lie."""

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless

from unix_edge.dicom.pixels import linear_window, to_gray
from unix_edge.errors import ImageError
from unix_edge.image import letterbox, load_radiograph


def make_cxr(values=None, **overrides) -> Dataset:
    """Build a 16-bit MONOCHROME2 image of a ramp; overrides are DICOM keywords, None leaves one out."""
    values = np.arange(4096, dtype=np.uint16).reshape(64, 64) if values is None else values
    header = {
        "Rows": values.shape[0],
        "Columns": values.shape[1],
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 0,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "PixelData": values.tobytes(),
        **overrides,
    }
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for keyword, value in header.items():
        if value is not None:
            setattr(dataset, keyword, value)
    return dataset


RAMP = np.arange(4096, dtype=np.float32).reshape(64, 64)


def expected(values, center, width):
    """PS3.3 C.11.2.1.2.1, as a decision for each value."""
    shades = np.clip(((values - (center - 0.5)) / (width - 1) + 0.5), 0, 1)
    return np.round(shades * 255)


@pytest.mark.parametrize(("center", "width"), [(2048, 4096), (1000, 500), (100.5, 20.25), (4000, 2)])
def test_the_window_is_the_standard_s(center, width):
    shades = to_gray(make_cxr(WindowCenter=center, WindowWidth=width))
    assert np.abs(shades - expected(RAMP, center, width)).max() <= 1


def test_a_window_of_width_one_is_a_threshold():
    np.testing.assert_array_equal(linear_window(np.array([9.0, 9.5, 10.0], np.float32), 10, 1), [0, 0, 1])


def test_the_rescale_comes_before_the_window():
    shades = to_gray(make_cxr(RescaleSlope=2, RescaleIntercept=-1000, WindowCenter=3000, WindowWidth=2000))
    assert np.abs(shades - expected(RAMP * 2 - 1000, 3000, 2000)).max() <= 1


@pytest.mark.parametrize("shape", [None, "IDENTITY", "INVERSE"])
@pytest.mark.parametrize("window", [{}, {"WindowCenter": 2048, "WindowWidth": 4096}])
def test_monochrome1_is_inverted_exactly_once(shape, window):
    plain = to_gray(make_cxr(**window))
    inverted = to_gray(make_cxr(PhotometricInterpretation="MONOCHROME1", PresentationLUTShape=shape, **window))
    assert plain[0, 0] < plain[-1, -1] and inverted[0, 0] > inverted[-1, -1]
    assert np.abs(inverted.astype(int) - (255 - plain.astype(int))).max() <= 1


def test_monochrome_twins_give_the_model_the_same_pixels():
    twin = (4095 - RAMP).astype(np.uint16)
    one = to_gray(make_cxr(WindowCenter=2048, WindowWidth=4096))
    other = to_gray(make_cxr(twin, PhotometricInterpretation="MONOCHROME1", WindowCenter=2048, WindowWidth=4096))
    assert np.abs(one.astype(int) - other.astype(int)).max() <= 1


def test_the_first_of_several_windows_counts():
    several = to_gray(make_cxr(WindowCenter=[1000, 3000], WindowWidth=[500, 100]))
    np.testing.assert_array_equal(several, to_gray(make_cxr(WindowCenter=1000, WindowWidth=500)))


@pytest.mark.parametrize("window", [{}, {"WindowCenter": 5, "WindowWidth": 0}, {"WindowCenter": "", "WindowWidth": 9}])
def test_without_a_window_that_can_be_the_percentiles_are_stretched(window):
    shades = to_gray(make_cxr(**window))
    assert shades.min() == 0 and shades.max() == 255
    np.testing.assert_allclose(shades[32, 0], 127.5, atol=2)


def test_signed_values_are_signed():
    values = np.linspace(-1000, 1000, 4096).astype(np.int16).reshape(64, 64)
    shades = to_gray(make_cxr(values, PixelRepresentation=1, WindowCenter=0, WindowWidth=2000))
    assert shades[0, 0] <= 1 and shades[-1, -1] >= 254


def test_a_real_radiograph_is_bright_in_the_mediastinum_and_dark_in_the_air(chest):
    """MONOCHROME1, WC 15000, WW 30000."""
    assert dcmread(chest, stop_before_pixels=True).PhotometricInterpretation == "MONOCHROME1"
    image = np.asarray(load_radiograph(chest))
    assert image.shape == (1955, 1841)
    middle, corner = image[900:1100, 850:950].mean(), image[40:120, 40:120].mean()
    assert middle > corner + 40
    assert letterbox(load_radiograph(chest), 384).shape == (384, 384, 3)


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        ({"Rows": None}, "Rows missing"),
        ({"PixelData": None}, "PixelData missing"),
        ({"Rows": 65535, "Columns": 65535}, "not from 1 to 8192"),
        ({"Rows": 0}, "not from 1 to 8192"),
        ({"PixelData": b"\0" * 100}, "cut short"),
        ({"BitsStored": 32}, "bit depth"),
        ({"BitsAllocated": 12}, "bit depth"),
        ({"NumberOfFrames": 2**31 - 1}, "several frames"),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, "not a grayscale image"),
        ({"RescaleSlope": 0}, "RescaleSlope"),
    ],
)
def test_a_header_that_cannot_be_is_refused(overrides, problem):
    with pytest.raises(ImageError, match=problem):
        to_gray(make_cxr(**overrides))


def test_a_compressed_image_is_refused_by_name():
    dataset = make_cxr()
    dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
    with pytest.raises(ImageError, match="JPEG 2000"):
        to_gray(dataset)
