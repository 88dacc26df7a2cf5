"""Warnings in a word: each has its sentence, and both are in the reader's language."""

from unix_edge.dicom.grayscale import ImageWarning
from unix_edge.sentences import Sentence
from unix_edge_desktop.image.badges import CALIBRATED, IN_PIXELS, LOSSY, list_badges


def test_every_warning_of_an_image_has_a_word_of_its_own_and_its_sentence(make_image):
    told = [each for each in ImageWarning if each is not ImageWarning.FRAMES]
    image = make_image(LossyImageCompression="01", LossyImageCompressionRatio=12)
    object.__setattr__(image, "warnings", tuple(each.value for each in ImageWarning))
    badges = list_badges(image)
    assert [each.sentence for each in badges] == [*(each.value for each in told), LOSSY]
    assert len({each.word for each in badges}) == len(badges) and badges[-1].word == "LOSSY 12:1"


def test_a_spacing_of_the_reader_and_one_that_cannot_be_used_are_told(make_image):
    image = make_image()
    assert list_badges(image) == ()
    assert [each.sentence for each in list_badges(image.calibrate((0.5, 0.5)))] == [CALIBRATED]
    (badge,) = list_badges(make_image(ImagerPixelSpacing=[0, 0]))
    assert badge.word == IN_PIXELS and "ImagerPixelSpacing" in str(badge.sentence)


def test_a_warning_without_a_word_is_shown_all_the_same(make_image):
    image = make_image()
    object.__setattr__(image, "warnings", (Sentence("A bitmap shutter was left out."),))
    assert [each.sentence for each in list_badges(image)] == [Sentence("A bitmap shutter was left out.")]
