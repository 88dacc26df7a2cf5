"""A ramp of 4,096 steps through every way from stored values to gray, against numbers computed here one by one."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset

from unix_edge.dicom.grayscale import (
    ImageWarning,
    Lut,
    Rescale,
    StoredImage,
    VoiFunction,
    Window,
    first_voi,
    judge_first_preset,
    percentile_window,
    show,
    show_to_model,
    show_to_reader,
)
from unix_edge.dicom.pixels import read_stored

STEPS = range(4096)
RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)
CURVE = [int(65535 * (step / 999) ** 2) for step in range(1000)]


def linear(value, center, width):
    """PS3.3 C.11.2.1.2.1, the standard's three cases."""
    if value <= center - 0.5 - (width - 1) / 2:
        return 0.0
    if value > center - 0.5 + (width - 1) / 2:
        return 1.0
    return (value - (center - 0.5)) / (width - 1) + 0.5


def linear_exact(value, center, width):
    if value <= center - width / 2:
        return 0.0
    if value > center + width / 2:
        return 1.0
    return (value - center) / width + 0.5


def sigmoid(value, center, width):
    return 1 / (1 + math.exp(-4 * (value - center) / width))


def curve(value, first):
    return CURVE[min(max(round(value) - first, 0), 999)] / 65535


def lut_item(entries, first):
    item = Dataset()
    item.LUTDescriptor = [len(entries), first, 16]
    item.add_new("LUTData", "US", entries)
    return item


MODALITIES = {
    "none": ({}, lambda value: value),
    "rescale": ({"RescaleSlope": 2, "RescaleIntercept": -1000}, lambda value: 2 * value - 1000),
    "negative slope": ({"RescaleSlope": -1, "RescaleIntercept": 4095}, lambda value: 4095 - value),
    "lut": (
        {"ModalityLUTSequence": [lut_item([4095 - step // 2 for step in STEPS], 0)]},
        lambda value: 4095 - value // 2,
    ),
}
VOIS = {
    "linear": ({"WindowCenter": 2048, "WindowWidth": 4096}, lambda value: linear(value, 2048, 4096)),
    "narrow": ({"WindowCenter": 1000.5, "WindowWidth": 20.25}, lambda value: linear(value, 1000.5, 20.25)),
    "width 1": ({"WindowCenter": 1000, "WindowWidth": 1}, lambda value: linear(value, 1000, 1)),
    "exact": (
        {"WindowCenter": 1500, "WindowWidth": 0.5, "VOILUTFunction": "LINEAR_EXACT"},
        lambda value: linear_exact(value, 1500, 0.5),
    ),
    "exact, wide": (
        {"WindowCenter": 1500, "WindowWidth": 3000, "VOILUTFunction": "LINEAR_EXACT"},
        lambda value: linear_exact(value, 1500, 3000),
    ),
    "sigmoid": (
        {"WindowCenter": 1500, "WindowWidth": 800, "VOILUTFunction": "SIGMOID"},
        lambda value: sigmoid(value, 1500, 800),
    ),
    "lut": ({"VOILUTSequence": [lut_item(CURVE, 700)]}, lambda value: curve(value, 700)),
}


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(("modality", "voi"), list(itertools.product(MODALITIES, VOIS)))
def test_every_step_of_a_ramp_is_as_gray_as_the_standard_says(photometric, modality, voi):
    """Within 1/255, inverted exactly once for MONOCHROME1, whatever Presentation LUT Shape says on top."""
    elements, to_modality = MODALITIES[modality]
    more, to_shade = VOIS[voi]
    shades = [to_shade(to_modality(step)) for step in STEPS]
    wanted = np.array([1 - shade if photometric == "MONOCHROME1" else shade for shade in shades]) * 255
    for shape in (None, "IDENTITY", "INVERSE"):
        dataset = Dataset()
        dataset.update(
            {"Rows": 64, "Columns": 64, "BitsAllocated": 16, "BitsStored": 12, "HighBit": 11, "SamplesPerPixel": 1}
        )
        for keyword, value in {"PixelRepresentation": 0, **elements, **more}.items():
            setattr(dataset, keyword, value)
        dataset.PhotometricInterpretation = photometric
        if shape:
            dataset.PresentationLUTShape = shape
        dataset.add_new("PixelData", "OW", RAMP.tobytes())
        image = read_stored(dataset)
        assert len(image.presets) == 1
        assert np.abs(show_to_model(image).ravel() - wanted).max() <= 1


@given(
    st.sampled_from(list(VoiFunction)),
    st.floats(-1e5, 1e5),
    st.floats(1, 1e5),
    st.booleans(),
    st.sampled_from([np.uint8, np.int8, np.uint16, np.int16]),
)
def test_a_window_never_makes_a_lighter_tissue_darker(function, center, width, inverted, dtype):
    stored = np.arange(np.iinfo(dtype).min, np.iinfo(dtype).max + 1, 7).astype(dtype).reshape(1, -1)
    shades = show(StoredImage(stored, inverted=inverted), Window(center, width, function)).astype(int)
    steps = np.diff(shades.ravel())
    assert (steps <= 0).all() if inverted else (steps >= 0).all()


@given(st.lists(st.integers(0, 65535), min_size=2, max_size=60), st.sampled_from([1.0, -2.0, 0.25]))
def test_without_a_preset_the_percentiles_are_stretched(values, slope):
    """The histogram's percentiles are those of sorted values, interpolated."""
    stored = np.array([values], np.uint16)
    low, high = np.percentile(stored * slope + 10, [0.5, 99.5])
    window = percentile_window(StoredImage(stored, Rescale(slope, 10)))
    if high > low:
        np.testing.assert_allclose(window.center - window.width / 2, low, atol=1e-6)
        np.testing.assert_allclose(window.center + window.width / 2, high, atol=1e-6)


def test_padding_is_black_in_either_polarity_and_moves_no_percentile():
    stored = np.linspace(1000, 2000, 10000).astype(np.uint16).reshape(100, 100)
    framed = np.pad(stored, 50, constant_values=60000)
    for inverted in (False, True):
        plain = show_to_model(StoredImage(stored, inverted=inverted))
        padded = show_to_model(StoredImage(framed, inverted=inverted, padding=(59000, 65535)))
        np.testing.assert_array_equal(padded[50:-50, 50:-50], plain)
        padded[50:-50, 50:-50] = 0
        assert (padded == 0).all()


def test_an_image_of_padding_alone_is_black():
    image = StoredImage(np.full((4, 4), 9, np.int16), padding=(9, 9))
    assert (show_to_model(image) == 0).all()


def test_a_reader_may_choose_any_window_and_the_model_never_sees_it():
    image = StoredImage(RAMP, presets=(Window(2048, 4096),))
    before = show_to_model(image)
    chosen = show(image, Window(500, 10))
    assert (chosen != before).any()
    np.testing.assert_array_equal(show_to_model(image), before)


def test_values_between_the_ends_of_a_lut_are_its_ends():
    image = StoredImage(RAMP, presets=(Lut(1000, np.array([100, 200], np.uint16), 8),))
    assert np.unique(show_to_model(image)).tolist() == [100, 200]
    assert show_to_model(image)[0, 0] == 100 and show_to_model(image)[-1, -1] == 200


FILM = np.random.default_rng(4).normal(1600, 500, (100, 90)).clip(0, 4095).astype(np.uint16)
"""12-bit values such as a radiograph's."""
LINE = np.arange(4096, dtype=np.uint16)
RUINING = {
    "all entries are one": Lut(0, np.full(4096, 4095, np.uint16), 12),
    "all entries are 0": Lut(0, np.zeros(4096, np.uint16), 16),
    "a table of two values": Lut(0, np.where(LINE < 1600, 0, 65535).astype(np.uint16), 16),
    "a table of 16 grays": Lut(0, LINE // 256 * 4096, 16),
    "a table beside the data": Lut(30000, LINE * 16, 16),
    "8 bits over 12": Window(127, 255),
    "above the data": Window(9000, 800),
    "below the data": Window(-900, 800),
    "width 1": Window(1600, 1),
    "an exact window of nothing": Window(1600, 0.5, VoiFunction.LINEAR_EXACT),
    "a sigmoid as a step": Window(1600, 2, VoiFunction.SIGMOID),
    "16 times too wide": Window(32768, 65536),
}
SOUND = {
    "the whole range": Window(2048, 4096),
    "narrow, as for bones": Window(1600, 700),
    "off the middle": Window(2100, 1200),
    "twice too wide": Window(4096, 8192),
    "sigmoid": Window(1600, 900, VoiFunction.SIGMOID),
    "falling": Lut(0, LINE[::-1] * 16, 16),
    "a curve": Lut(0, (LINE / 4095.0) ** 2 * 65535, 16),
    "12 bits declared as 16": Lut(0, LINE, 16),
    "16 bits declared as 12": Lut(0, LINE * 16, 12),
}


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("voi", RUINING.values(), ids=RUINING)
def test_a_preset_that_ruins_the_picture_gives_way_to_the_percentiles(voi, inverted):
    image = StoredImage(FILM, presets=(voi,), inverted=inverted)
    assert np.ptp(show_to_model(image)) == 255
    np.testing.assert_array_equal(show_to_model(image), show(image, percentile_window(image)))
    judged = judge_first_preset(image)
    assert judged.warnings == (ImageWarning.RUINED,) and judged.first_preset_ruins is True
    assert first_voi(judged) == percentile_window(image)


@pytest.mark.parametrize("voi", SOUND.values(), ids=SOUND)
def test_a_preset_that_leaves_enough_is_the_file_s(voi):
    image = StoredImage(FILM, presets=(voi,))
    judged = judge_first_preset(image)
    assert judged.warnings == () and first_voi(judged) is voi
    np.testing.assert_array_equal(show_to_model(image), show(image, voi))


def test_a_rescale_that_leads_out_of_the_window_ruins_too():
    image = StoredImage(FILM, Rescale(1, 50_000), presets=(Window(2048, 4096),))
    assert first_voi(image) == percentile_window(image)


def test_only_the_first_preset_is_judged_and_the_others_stay():
    image = StoredImage(FILM, presets=(Window(2048, 4096), Window(1600, 1)))
    assert first_voi(image) is image.presets[0] and judge_first_preset(image).presets == image.presets


def test_padding_is_no_part_of_the_judgement():
    """A film on a large canvas: what is black around it is not what its window leaves out."""
    canvas = np.full((400, 400), 60000, np.uint16)
    canvas[:100, :90] = FILM
    image = StoredImage(canvas, presets=(Window(2048, 4096),), padding=(60000, 60000))
    assert first_voi(image) is image.presets[0]


def test_a_slice_s_window_may_pick_one_tissue_of_many():
    """Of CT true windows leave a fifth; what leaves nothing at all ruins there as well."""
    narrow, blank = Window(1600, 200), Window(9000, 100)
    image = StoredImage(FILM, presets=(narrow,))
    assert judge_first_preset(image).first_preset_ruins is True
    assert judge_first_preset(image, cross_sectional=True).first_preset_ruins is False
    assert judge_first_preset(StoredImage(FILM, presets=(blank,)), cross_sectional=True).first_preset_ruins is True


@pytest.mark.parametrize(
    ("entries", "bits", "white"),
    [
        ([0, 4095], 16, 4095),
        ([0, 1000], 12, 1000),
        ([0, 32767], 16, 32767),
        ([0, 65535], 12, 65535),
        ([0, 40000], 16, 65535),
        ([0, 3000], 12, 4095),
        ([0, 100], 8, 255),
        ([0, 0], 16, 65535),
    ],
)
def test_white_is_what_a_table_declares_unless_its_entries_contradict_it(entries, bits, white):
    assert Lut(0, np.array(entries, np.uint16), bits).largest == white


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("modality", [Rescale(), Rescale(-1, 65535)])
@pytest.mark.parametrize("marks", [(65535,), (0,), (65535, 0)])
def test_a_mark_that_lies_far_from_all_the_rest_does_not_spoil_the_percentiles(marks, modality, inverted):
    """A letter burned in with the largest number is more than the half percent that is cut at an end."""
    stored = FILM + 20_000
    for number, mark in enumerate(marks):
        stored[number * 10 : number * 10 + 10, :8] = mark
    window, plain = (
        percentile_window(StoredImage(each, modality, inverted=inverted)) for each in (stored, FILM + 20_000)
    )
    assert window.width == pytest.approx(plain.width, rel=0.1)
    assert window.center == pytest.approx(plain.center, rel=0.01)


FLAT = {
    "too short": np.minimum(LINE, 900),
    "a step": np.where(LINE < 1600, 0, 65535),
    "one value": np.full(4096, 7),
    "32 steps": LINE // 128,
}


@pytest.mark.parametrize("entries", FLAT.values(), ids=FLAT)
def test_a_modality_lut_that_leaves_too_little_is_warned_of(entries):
    image = StoredImage(FILM, Lut(0, entries.astype(np.uint16), 16))
    assert ImageWarning.MODALITY in judge_first_preset(image).warnings
    sound = StoredImage(FILM, Lut(0, (4095 - LINE).astype(np.uint16), 16))
    assert judge_first_preset(sound).warnings == ()


COLOURED = StoredImage(
    np.full((2, 2), 90, np.uint8),
    presets=(Window(127.5, 255, VoiFunction.LINEAR_EXACT),),
    colour=np.full((2, 2, 3), (200, 50, 20), np.uint8),
)


def test_a_reader_sees_colour_where_the_model_sees_its_luminance():
    full = COLOURED.presets[0]
    assert show_to_reader(COLOURED, full)[0, 0].tolist() == [200, 50, 20]
    assert show_to_model(COLOURED).tolist() == show(COLOURED, full).tolist() == [[90, 90], [90, 90]]


def test_the_window_and_the_inversion_are_of_each_colour_alike():
    dark = Window(255, 510, VoiFunction.LINEAR_EXACT)
    assert show_to_reader(COLOURED, dark)[0, 0].tolist() == [100, 25, 10]
    inverted = replace(COLOURED, inverted=True)
    assert show_to_reader(inverted, COLOURED.presets[0])[0, 0].tolist() == [55, 205, 235]


def test_a_gray_image_is_shown_to_a_reader_as_to_anyone():
    gray = StoredImage(np.arange(4, dtype=np.uint16).reshape(2, 2))
    np.testing.assert_array_equal(show_to_reader(gray, Window(2, 4)), show(gray, Window(2, 4)))
