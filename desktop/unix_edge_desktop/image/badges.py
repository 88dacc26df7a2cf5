"""What a reader must not forget of an image while it is looked at: a word that stays on it, and the sentence behind."""

from collections.abc import Callable
from dataclasses import dataclass

from unix_edge.dicom.grayscale import ImageWarning
from unix_edge.sentences import Sentence, translatable

from .corner_text import show_lossy
from .images import ViewImage

_WORDS = {
    ImageWarning.SHAPE.value: translatable("Contradictory grayscale"),
    ImageWarning.PRESET.value: translatable("Window left out"),
    ImageWarning.RUINED.value: translatable("Window replaced"),
    ImageWarning.MODALITY.value: translatable("Modality LUT"),
    ImageWarning.PADDING.value: translatable("Padding ignored"),
    ImageWarning.BLANK.value: translatable("No content"),
    ImageWarning.COLOUR.value: translatable("Colour"),
    ImageWarning.TEXT.value: translatable("Text not decoded"),
    ImageWarning.PROGRAM.value: translatable("Begins like a program"),
}
_LEFT_OUT = translatable("Something left out")
"""Of a sentence that has no word of its own, as on shutters and overlays."""
LOSSY = Sentence("The image was compressed with loss; fine detail may be missing.")
CALIBRATED = Sentence("Millimetres are by the reader's own calibration.")
IN_PIXELS = translatable("Distances in pixels")
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Badge:
    """A warning in a word or two, and in full."""

    word: str
    sentence: Sentence


CONFLICT = Badge(
    translatable("Two images of one UID"),
    Sentence("Another file has the same SOP Instance UID and other content; both are listed, one of them is wrong."),
)


def badge_of(sentence: Sentence) -> Badge:
    """Return the badge of a warning, its word as it comes."""
    return Badge(_WORDS.get(sentence, _LEFT_OUT), sentence)


def list_badges(image: ViewImage, translate: Translate = str) -> tuple[Badge, ...]:
    """Return what is to be seen on an image for as long as it is shown, its words in the reader's language."""
    # That there are more frames is seen: they are turned.
    warnings = dict.fromkeys(each for each in image.warnings if each != ImageWarning.FRAMES.value)
    badges = [Badge(translate(each.word), each.sentence) for each in map(badge_of, warnings)]
    if lossy := show_lossy(image.header, translate):
        badges.append(Badge(lossy, LOSSY))
    if image.calibrated is not None:
        badges.append(Badge(translate("mm calibrated by user"), CALIBRATED))
    elif image.spacing.reason:
        badges.append(Badge(translate(IN_PIXELS), image.spacing.reason))
    return tuple(badges)
