"""What a reader must not forget of an image while it is looked at: a word that stays on it, and the sentence behind."""

from collections.abc import Callable
from dataclasses import dataclass

from unix_edge.dicom.grayscale import ImageWarning

from .corner_text import show_lossy
from .images import ViewImage

_WORDS = {
    ImageWarning.SHAPE: "Contradictory grayscale",
    ImageWarning.PRESET: "Window left out",
    ImageWarning.RUINED: "Window replaced",
    ImageWarning.MODALITY: "Modality LUT",
    ImageWarning.PADDING: "Padding ignored",
    ImageWarning.BLANK: "No content",
    ImageWarning.COLOUR: "Colour",
    ImageWarning.TEXT: "Text not decoded",
    ImageWarning.PROGRAM: "Begins like a program",
}
_LEFT_OUT = "Something left out"
"""Of a sentence that has no word of its own, as on shutters and overlays."""
LOSSY = "The image was compressed with loss; fine detail may be missing."
CALIBRATED = "Millimetres are by the reader's own calibration."
IN_PIXELS = "Distances in pixels"
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Badge:
    """A warning in a word or two, and in full."""

    word: str
    sentence: str


CONFLICT = Badge(
    "Two images of one UID",
    "Another file has the same SOP Instance UID and other pixels; both are listed, and one of them is wrong.",
)


def list_badges(image: ViewImage, translate: Translate = str) -> tuple[Badge, ...]:
    """Return what is to be seen on an image for as long as it is shown, in the reader's language."""
    # That there are more frames is seen: they are turned.
    warnings = dict.fromkeys(each for each in image.warnings if each != ImageWarning.FRAMES)
    words = {str(warning): word for warning, word in _WORDS.items()}
    badges = [Badge(translate(words.get(each, _LEFT_OUT)), translate(each)) for each in warnings]
    if lossy := show_lossy(image.header, translate):
        badges.append(Badge(lossy, translate(LOSSY)))
    if image.calibrated is not None:
        badges.append(Badge(translate("mm calibrated by user"), translate(CALIBRATED)))
    elif image.spacing.reason:
        badges.append(Badge(translate(IN_PIXELS), translate(image.spacing.reason)))
    return tuple(badges)
