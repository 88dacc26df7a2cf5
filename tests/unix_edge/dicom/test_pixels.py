"""A dataset to stored values and to gray: bits, signs, colour, and headers that lie."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, HTJ2KLossless

from unix_edge.dicom.grayscale import ImageWarning, Lut, VoiFunction, Window, show
from unix_edge.dicom.pixels import read_stored, to_gray
from unix_edge.dicom.structure import read_dicom
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


EIGHT_BITS = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}
RGB = {**EIGHT_BITS, "SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}


def make_lut(entries, first=0, bits=16, *, packed=False, explanation="a curve") -> Dataset:
    """Build an item of a LUT sequence; `packed` writes bytes, as OW does."""
    item = Dataset()
    item.LUTDescriptor = [len(entries) % 65536, first, bits]
    item.LUTExplanation = explanation
    item.add_new("LUTData", "OW" if packed else "US", entries.tobytes() if packed else [int(e) for e in entries])
    return item


def test_monochrome_twins_give_the_model_the_same_pixels():
    """x in MONOCHROME2 is 4095 - x in MONOCHROME1, and a LINEAR window's centre moves with it."""
    values = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    for center, width in [(2048, 4096), (1000.5, 500), (2047.5, 256)]:
        one = to_gray(make_cxr(values, WindowCenter=center, WindowWidth=width))
        mirrored = {"WindowCenter": 4096 - center, "WindowWidth": width, "PhotometricInterpretation": "MONOCHROME1"}
        np.testing.assert_array_equal(one, to_gray(make_cxr(4095 - values, **mirrored)))
    twin = make_cxr(4095 - values, PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_array_equal(to_gray(make_cxr(values)), to_gray(twin))


@pytest.mark.parametrize(("stored", "high"), [(16, 15), (12, 11), (12, 15), (10, 13), (1, 0)])
@pytest.mark.parametrize("signed", [False, True])
def test_only_the_bits_stored_count_and_a_sign_is_a_sign(stored, high, signed):
    numbers = np.arange(4096) % (1 << stored) - ((1 << stored - 1) if signed else 0)
    shift = high + 1 - stored
    words = (numbers.astype(np.int64) & ((1 << stored) - 1)) << shift
    noise = np.random.default_rng(0).integers(0, 1 << 16, 4096) & ~(((1 << stored) - 1) << shift)
    dataset = make_cxr(
        (words | noise).astype(np.uint16).reshape(64, 64),
        BitsStored=stored,
        HighBit=high,
        PixelRepresentation=int(signed),
    )
    np.testing.assert_array_equal(read_stored(dataset).stored.ravel().astype(int), numbers)


def test_eight_bit_big_endian_words_are_swapped_back():
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    dataset = make_cxr(pixels, **EIGHT_BITS, PixelData=pixels.reshape(-1, 2)[:, ::-1].tobytes())
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dataset["PixelData"].VR = "OW"
    np.testing.assert_array_equal(read_stored(dataset).stored, pixels)


def test_the_first_of_several_windows_counts_and_all_are_offered():
    dataset = make_cxr(WindowCenter=[1000, 3000], WindowWidth=[500, 100], WindowCenterWidthExplanation=["LUNG", "BONE"])
    image = read_stored(dataset)
    assert image.presets == (Window(1000, 500, explanation="LUNG"), Window(3000, 100, explanation="BONE"))
    np.testing.assert_array_equal(to_gray(dataset), show(image, Window(1000, 500)))
    assert (show(image, image.presets[1]) != to_gray(dataset)).any()


def test_a_voi_lut_stands_before_the_windows():
    dataset = make_cxr(WindowCenter=1000, WindowWidth=500, VOILUTFunction="SIGMOID")
    dataset.VOILUTSequence = Sequence([make_lut(np.arange(4096, dtype=np.uint16)[::-1] * 16)])
    lut, window = read_stored(dataset).presets
    assert isinstance(lut, Lut) and lut.explanation == "a curve"
    assert window == Window(1000, 500, VoiFunction.SIGMOID)
    assert to_gray(dataset)[0, 0] > to_gray(dataset)[-1, -1]


@pytest.mark.parametrize(
    "overrides",
    [
        {"WindowCenter": 5, "WindowWidth": 0},
        {"WindowCenter": 5, "WindowWidth": -3},
        {"WindowCenter": "", "WindowWidth": 9},
        {"WindowCenter": 5},
        {"WindowCenter": [5, 6], "WindowWidth": 9},
        {"WindowCenter": 5, "WindowWidth": 9, "VOILUTFunction": "CUBIC"},
        {"WindowCenter": 5, "WindowWidth": 0, "VOILUTFunction": "SIGMOID"},
        {"VOILUTSequence": Sequence([make_lut(np.arange(9, dtype=np.uint16), bits=3)])},
        {"VOILUTSequence": Sequence([Dataset()])},
    ],
)
def test_a_preset_that_cannot_be_is_left_out_with_a_warning(overrides):
    image = read_stored(make_cxr(**overrides))
    assert image.presets == () and image.warnings == (ImageWarning.PRESET,)
    np.testing.assert_array_equal(to_gray(make_cxr(**overrides)), to_gray(make_cxr()))


def test_a_lut_whose_data_are_longer_than_its_descriptor_is_left_out():
    item = make_lut(np.arange(4096, dtype=np.uint16))
    item.LUTDescriptor = [4000, 0, 16]
    assert read_stored(make_cxr(VOILUTSequence=Sequence([item]))).presets == ()


@pytest.mark.parametrize("packed", [False, True])
def test_a_modality_lut_comes_before_the_window(packed):
    squares = (np.arange(4096, dtype=np.uint32) ** 2 // 256).astype(np.uint16)
    dataset = make_cxr(WindowCenter=32768, WindowWidth=65535, VOILUTFunction="LINEAR_EXACT")
    dataset.ModalityLUTSequence = Sequence([make_lut(squares, packed=packed)])
    wanted = np.clip((squares - 32768.0) / 65535 + 0.5, 0, 1).reshape(64, 64) * 255
    assert np.abs(to_gray(dataset) - wanted).max() <= 0.51


def test_the_shape_that_contradicts_is_a_warning_and_changes_nothing():
    for photometric, agrees, contradicts in [
        ("MONOCHROME1", "INVERSE", "IDENTITY"),
        ("MONOCHROME2", "IDENTITY", "INVERSE"),
    ]:
        images = [
            read_stored(make_cxr(PhotometricInterpretation=photometric, PresentationLUTShape=shape))
            for shape in (None, agrees, contradicts)
        ]
        assert [image.inverted for image in images] == [photometric == "MONOCHROME1"] * 3
        assert [image.warnings for image in images] == [(), (), (ImageWarning.SHAPE,)]


@pytest.mark.parametrize(
    ("representation", "overrides", "wanted"),
    [
        (0, {"PixelPaddingValue": 100}, (100, 100)),
        (0, {"PixelPaddingValue": 4000, "PixelPaddingRangeLimit": 3900}, (3900, 4000)),
        (1, {"PixelPaddingValue": -2000}, (-2000, -2000)),
        (1, {"PixelPaddingValue": 63536}, (-2000, -2000)),
        (0, {}, None),
    ],
)
def test_padding_is_a_value_or_a_range_of_stored_values(representation, overrides, wanted):
    dataset = make_cxr(PixelRepresentation=representation)
    for keyword, value in overrides.items():
        dataset.add_new(keyword, "US" if value >= 0 else "SS", value)
    assert read_stored(dataset).padding == wanted


def test_a_constant_image_is_named_as_one():
    assert ImageWarning.BLANK in read_stored(make_cxr(np.full((8, 8), 7, np.uint16))).warnings


COLOURS = np.random.default_rng(0).integers(0, 256, (8, 10, 3), dtype=np.uint8)
LUMINANCE = COLOURS @ np.array([0.299, 0.587, 0.114])


def test_colour_becomes_its_luminance():
    plain = make_cxr(COLOURS, **RGB)
    planar = make_cxr(COLOURS, **{**RGB, "PlanarConfiguration": 1, "PixelData": COLOURS.transpose(2, 0, 1).tobytes()})
    for dataset in (plain, planar):
        image = read_stored(dataset)
        assert image.warnings == (ImageWarning.COLOUR,)
        assert np.abs(show(image, image.presets[0]) - LUMINANCE).max() <= 0.51
    full = make_cxr(COLOURS, **{**RGB, "PhotometricInterpretation": "YBR_FULL"})
    np.testing.assert_array_equal(to_gray(full), COLOURS[..., 0])
    deep = {"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15}
    sixteen = make_cxr(COLOURS.astype(np.uint16) * 257, **{**RGB, **deep})
    assert np.abs(to_gray(sixteen) - LUMINANCE).max() <= 0.51


def test_of_halved_chrominance_the_luminance_is_read():
    luminance = np.arange(80, dtype=np.uint8).reshape(8, 10)
    pairs = luminance.reshape(8, 5, 2)
    coded = np.concatenate([pairs, np.full((8, 5, 2), 128, np.uint8)], axis=2)
    dataset = make_cxr(luminance, **{**RGB, "PhotometricInterpretation": "YBR_FULL_422", "PixelData": coded.tobytes()})
    np.testing.assert_array_equal(to_gray(dataset), luminance)


def test_colour_is_kept_beside_its_luminance():
    deep = {"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15}
    for dataset in (make_cxr(COLOURS, **RGB), make_cxr(COLOURS.astype(np.uint16) * 257, **{**RGB, **deep})):
        np.testing.assert_array_equal(read_stored(dataset).colour, COLOURS)


def test_a_gray_image_has_no_colour():
    assert read_stored(make_cxr(np.arange(64, dtype=np.uint16).reshape(8, 8))).colour is None


def test_luminance_and_chrominance_are_shown_in_the_colours_that_they_code():
    red, green, blue = COLOURS.astype(float).transpose(2, 0, 1) / 2 + 60  # none of them needs to be clipped
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    coded = np.round(np.stack([y, 128 + 0.564 * (blue - y), 128 + 0.713 * (red - y)], axis=-1)).astype(np.uint8)
    full = read_stored(make_cxr(coded, **{**RGB, "PhotometricInterpretation": "YBR_FULL"}))
    assert np.abs(full.colour - np.stack([red, green, blue], axis=-1)).max() <= 2


def test_two_pixels_share_their_halved_chrominance():
    coded = np.array([[[10, 20, 128, 128], [82, 82, 90, 240]]], np.uint8)  # grays, then red twice
    dataset = make_cxr(
        np.zeros((1, 4), np.uint8), **{**RGB, "PhotometricInterpretation": "YBR_FULL_422", "PixelData": coded.tobytes()}
    )
    colour = read_stored(dataset).colour
    assert colour[0, :2].tolist() == [[10, 10, 10], [20, 20, 20]]
    assert colour[0, 2].tolist() == colour[0, 3].tolist() and colour[0, 2, 0] > 230 > 30 > colour[0, 2, 1]


@pytest.mark.parametrize("bits", [8, 16])
def test_a_palette_is_looked_up(bits):
    index = np.arange(64, dtype=np.uint8).reshape(8, 8)
    dataset = make_cxr(index, **EIGHT_BITS, PhotometricInterpretation="PALETTE COLOR")
    palettes = np.random.default_rng(1).integers(0, 1 << bits, (3, 50)).astype(np.uint8 if bits == 8 else np.uint16)
    for colour, palette in zip(("Red", "Green", "Blue"), palettes, strict=True):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [50, 5, bits])
        dataset.add_new(f"{colour}PaletteColorLookupTableData", "OW", palette.tobytes())
    wanted = (np.array([0.299, 0.587, 0.114]) @ palettes * 255 / ((1 << bits) - 1))[
        np.clip(index - 5.0, 0, 49).astype(int)
    ]
    coloured = palettes.T.astype(float)[np.clip(index.astype(int) - 5, 0, 49)] * 255 / ((1 << bits) - 1)
    assert np.abs(read_stored(dataset).colour - coloured).max() <= 0.51
    assert np.abs(to_gray(dataset) - wanted).max() <= 0.51


def test_each_frame_is_its_own():
    frames = np.arange(3 * 64, dtype=np.uint16).reshape(3, 8, 8)
    dataset = make_cxr(frames[0], NumberOfFrames=3, PixelData=frames.tobytes())
    for number, frame in enumerate(frames):
        image = read_stored(dataset, number)
        np.testing.assert_array_equal(image.stored, frame)
        assert image.warnings == (ImageWarning.FRAMES,)
    for number in (3, -1):
        with pytest.raises(ImageError, match="has no frame"):
            read_stored(dataset, number)


def test_a_real_radiograph_is_bright_in_the_mediastinum_and_dark_in_the_air(chest):
    """MONOCHROME1, WC 15000, WW 30000."""
    assert dcmread(chest, stop_before_pixels=True).PhotometricInterpretation == "MONOCHROME1"
    image = np.asarray(load_radiograph(chest).image)
    assert image.shape == (1955, 1841)
    middle, corner = image[900:1100, 850:950].mean(), image[40:120, 40:120].mean()
    assert middle > corner + 40
    assert letterbox(load_radiograph(chest).image, 384).shape == (384, 384, 3)


def with_vr(keyword, vr, value):
    dataset = make_cxr()
    dataset.add_new(keyword, vr, value)
    return dataset


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        ({"Rows": None}, "Rows missing"),
        (
            {"BitsAllocated": None, "PhotometricInterpretation": None},
            "BitsAllocated, PhotometricInterpretation missing",
        ),
        ({"PixelData": None}, "PixelData missing"),
        ({"Rows": 65535, "Columns": 65535}, "not from 1 to 8192"),
        ({"Rows": 0}, "not from 1 to 8192"),
        ({"Rows": [64, 64]}, "Rows is not one unsigned short"),
        ({"PixelData": b"\0" * 100}, "cut short"),
        ({"BitsStored": 32}, "bit depth"),
        ({"BitsAllocated": 12}, "bit depth"),
        ({"BitsAllocated": 32, "BitsStored": 32, "HighBit": 31}, "bit depth"),
        ({"HighBit": 16}, "HighBit"),
        ({"PixelRepresentation": 2}, "PixelRepresentation"),
        ({"NumberOfFrames": 2**31 - 1}, "NumberOfFrames"),
        ({"NumberOfFrames": 2}, "cut short"),
        ({"PhotometricInterpretation": "CMYK", "SamplesPerPixel": 4}, "PhotometricInterpretation"),
        ({"PhotometricInterpretation": "MONOCHROME2", "SamplesPerPixel": 3}, "contradicts"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "palette"),
        ({"RescaleSlope": 0}, "RescaleSlope"),
        ({"RescaleSlope": "1e300"}, "RescaleSlope"),
        ({"ModalityLUTSequence": Sequence([Dataset()])}, "ModalityLUTSequence"),
    ],
)
def test_a_header_that_cannot_be_is_refused(overrides, problem):
    with pytest.raises(ImageError, match=problem):
        to_gray(make_cxr(**overrides))


def test_a_long_number_where_a_short_one_must_be_is_refused():
    with pytest.raises(ImageError, match="Rows is not one unsigned short"):
        to_gray(with_vr("Rows", "UL", 64))


def test_a_compressed_image_that_is_not_supported_is_refused_by_name():
    dataset = make_cxr()
    dataset.file_meta.TransferSyntaxUID = HTJ2KLossless
    with pytest.raises(ImageError, match="High-Throughput JPEG 2000"):
        to_gray(dataset)
    dataset.file_meta.TransferSyntaxUID = "1.2.3.4.5.6"
    with pytest.raises(ImageError, match="one that DICOM does not register, is not supported") as failure:
        to_gray(dataset)
    assert "1.2.3" not in str(failure.value)


FILM = np.random.default_rng(4).normal(1600, 500, (100, 90)).clip(0, 4095).astype(np.uint16)


def test_a_picture_that_its_window_ruins_is_shown_by_its_percentiles_and_says_so():
    image = read_stored(make_cxr(FILM, WindowCenter=127, WindowWidth=255))
    assert image.warnings == (ImageWarning.RUINED,) and len(image.presets) == 1
    np.testing.assert_array_equal(to_gray(make_cxr(FILM, WindowCenter=127, WindowWidth=255)), to_gray(make_cxr(FILM)))


def test_only_a_slice_may_show_one_tissue_of_many():
    window = {"WindowCenter": 1600, "WindowWidth": 200}
    assert ImageWarning.RUINED in read_stored(make_cxr(FILM, Modality="CR", **window)).warnings
    assert ImageWarning.RUINED not in read_stored(make_cxr(FILM, Modality="CT", **window)).warnings


def test_true_files_keep_their_own_window():
    """All of pydicom's and pydicom-data's: their makers meant what they say."""
    import data_store
    import pydicom

    shown = 0
    for path in (p for root in (pydicom, data_store) for p in Path(root.__file__).parent.rglob("*") if p.is_file()):
        try:
            image = read_stored(read_dicom(path.read_bytes()))
        except Exception:  # broken on purpose, or no image
            continue
        assert image.first_preset_ruins is False, path.name
        shown += bool(image.presets)
    assert shown >= 60


def test_padding_that_would_hide_the_picture_is_ignored():
    dataset = make_cxr(FILM, PixelPaddingValue=0, PixelPaddingRangeLimit=4095)
    assert ImageWarning.PADDING in read_stored(dataset).warnings
    np.testing.assert_array_equal(to_gray(dataset), to_gray(make_cxr(FILM)))


def test_a_palette_of_8_bits_that_is_declared_as_16_is_not_black():
    dataset = make_cxr(np.arange(256, dtype=np.uint8).reshape(16, 16), **EIGHT_BITS)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for colour in ("Red", "Green", "Blue"):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        dataset.add_new(f"{colour}PaletteColorLookupTableData", "OW", np.arange(256, dtype=np.uint16).tobytes())
    np.testing.assert_array_equal(to_gray(dataset).ravel(), np.arange(256))


NATIVE = {"Rows": 64, "Columns": 64, "PixelData": np.zeros(4096, np.uint16).tobytes()}


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize(
    ("overrides", "there", "described"),
    [
        (EIGHT_BITS, 8192, 4096),
        ({**EIGHT_BITS, "PixelData": NATIVE["PixelData"] + b"\0" * 4096}, 12288, 4096),
        ({"PixelData": NATIVE["PixelData"] * 2}, 16384, 8192),
        ({"Rows": 63, "PixelData": NATIVE["PixelData"][:-2] + b"\1\0"}, 8192, 8064),
        ({"PixelData": NATIVE["PixelData"] + b"\0\1" * 32}, 8256, 8192),
        ({"NumberOfFrames": 2, "PixelData": NATIVE["PixelData"] * 3}, 24576, 16384),
        ({"SamplesPerPixel": 1, "Columns": 21, "PixelData": b"\0" * (64 * 64 * 2)}, 8192, 2688),
    ],
)
def test_more_pixel_data_than_the_header_describes_are_refused(syntax, overrides, there, described):
    """What is there and what was expected are named; the picture would be noise, or another frame's."""
    dataset = make_cxr(**{**NATIVE, **overrides})
    dataset.file_meta.TransferSyntaxUID = syntax
    with pytest.raises(ImageError, match=f"have {there} bytes, and the size and bits in its header make {described}"):
        read_stored(dataset)


@pytest.mark.parametrize("fill", [b"\0", b"  ", b"PATIENT!", b"\0" * 128, b"\xff" * 2, b"\0" * 8190])
def test_padding_behind_the_pixel_data_is_read_over(fill):
    values = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    np.testing.assert_array_equal(read_stored(make_cxr(values, PixelData=values.tobytes() + fill)).stored, values)


def test_the_byte_that_makes_a_length_even_may_be_any():
    values = np.arange(27, dtype=np.uint8).reshape(3, 9)
    dataset = make_cxr(values, **EIGHT_BITS, PixelData=values.tobytes() + b"\x9e")
    np.testing.assert_array_equal(read_stored(dataset).stored, values)


@pytest.mark.parametrize("limit", [2000, 2400, 4095])
def test_padding_of_many_values_is_anatomy(limit):
    """A quarter of the picture or more; one value, as around a film on a large canvas, may be more."""
    dataset = make_cxr(FILM, PixelPaddingValue=0, PixelPaddingRangeLimit=limit)
    assert ImageWarning.PADDING in read_stored(dataset).warnings and read_stored(dataset).padding is None
    canvas = np.zeros((160, 150), np.uint16)
    canvas[:100, :90] = FILM + 1
    assert read_stored(make_cxr(canvas, PixelPaddingValue=0)).padding == (0, 0)


SMOOTH = (np.add.outer(np.arange(100), np.arange(90)) * 20 + 100).astype(np.uint16)


@pytest.mark.parametrize("stored", [8, 10, 11])
def test_a_picture_that_uses_more_bits_than_its_header_says_is_refused(stored):
    """Cut at the header's depth it would begin anew from black wherever it overflows."""
    with pytest.raises(ImageError, match="use more bits than its BitsStored"):
        read_stored(make_cxr(SMOOTH, BitsStored=stored, HighBit=stored - 1))


def test_an_overlay_or_a_sign_above_the_bits_stored_is_cut_off():
    overlay = SMOOTH.copy()
    overlay[::7, ::5] |= 1 << 15
    image = read_stored(make_cxr(overlay, BitsStored=12, HighBit=11))
    np.testing.assert_array_equal(image.stored, SMOOTH)
    signed = SMOOTH.astype(np.int16) - 2000
    dataset = make_cxr(signed.view(np.uint16), BitsStored=12, HighBit=11, PixelRepresentation=1)
    np.testing.assert_array_equal(read_stored(dataset).stored, signed)
