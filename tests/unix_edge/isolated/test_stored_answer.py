"""Stored values leave the decode child unchanged, and a child that lies about them is not believed."""

from dataclasses import replace

import numpy as np
import pytest

from unix_edge.dicom.grayscale import Lut, Rescale, StoredImage, VoiFunction, Window, show, show_to_reader
from unix_edge.isolated.stored_answer import pack_stored, packed_length, unpack_stored

VALUES = np.arange(-6, 6, dtype=np.int16).reshape(3, 4)
CURVE = Lut(-6, np.arange(12, dtype=np.uint16) * 20, 8, "Curve")
WINDOW = Window(1.5, 4, VoiFunction.SIGMOID, "Lung")
IMAGE = StoredImage(VALUES, Rescale(2, -1), (CURVE, WINDOW), inverted=True, padding=(-6, -5))

COLOURED = StoredImage(VALUES.astype(np.uint8), presets=(CURVE,), colour=np.arange(36, dtype=np.uint8).reshape(3, 4, 3))


def travel(image, **lies):
    said, blocks = pack_stored(image)
    said, block = {**said, **lies}, b"".join(blocks)
    assert packed_length(said, image.stored.shape) == len(block)
    return unpack_stored(said, image.stored.shape, block)


@pytest.mark.parametrize(
    "image",
    [
        IMAGE,
        replace(IMAGE, first_preset_ruins=True),
        StoredImage(VALUES, Lut(-6, CURVE.entries, 16)),
        StoredImage(VALUES, first_preset_ruins=False),
        COLOURED,
    ],
)
def test_what_travels_is_shown_alike(image):
    arrived = travel(image)
    np.testing.assert_array_equal(arrived.stored, image.stored)
    for preset in (*image.presets, Window(0, 5)):
        np.testing.assert_array_equal(show(arrived, preset), show(image, preset))
        np.testing.assert_array_equal(show_to_reader(arrived, preset), show_to_reader(image, preset))
    assert [preset.explanation for preset in arrived.presets] == [preset.explanation for preset in image.presets]
    assert arrived.first_preset_ruins is image.first_preset_ruins


@pytest.mark.parametrize(
    "lies",
    [
        {"dtype": "object"},
        {"dtype": ["int16"]},
        {"presets": {}},
        {"presets": [{}] * 65},
        {"presets": [{"count": 0}]},
        {"presets": [{"count": 12, "first": 0.5, "bits": 8, "explanation": ""}]},
        {"presets": [{"count": 12, "first": 0, "bits": 80, "explanation": ""}]},
        {"presets": [{"center": "1", "width": 1, "function": "LINEAR", "explanation": ""}]},
        {"presets": [{"center": float("nan"), "width": 1, "function": "LINEAR", "explanation": ""}]},
        {"presets": [{"center": 1, "width": 0.5, "function": "LINEAR", "explanation": ""}]},
        {"presets": [{"center": 1, "width": 1, "function": "CANARY", "explanation": ""}]},
        {"presets": [{"slope": 1, "intercept": 1}]},
        {"modality": {"center": 1, "width": 1, "function": "LINEAR", "explanation": ""}},
        {"modality": None},
        {"padding": [1]},
        {"padding": [1, 1e9]},
        {"inverted": 1},
        {"first_preset_ruins": 1},
        {"colour": 1},
        {"colour": True},
    ],
    ids=str,
)
def test_a_lie_is_refused(lies):
    said, blocks = pack_stored(IMAGE)
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        packed_length({**said, **lies}, VALUES.shape)
        unpack_stored({**said, **lies}, VALUES.shape, b"".join(blocks))


def test_stored_values_are_those_of_one_plane():
    said, _ = pack_stored(IMAGE)
    with pytest.raises(ValueError, match="unpack"):
        packed_length(said, (3, 4, 3))


def test_an_explanation_holds_nothing_that_steers_a_screen():
    image = StoredImage(VALUES, presets=(Window(0, 5, explanation="Lung\x1b[31m\u202e"),))
    assert travel(image).presets[0].explanation == "Lung [31m"
