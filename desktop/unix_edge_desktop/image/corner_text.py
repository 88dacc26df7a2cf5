"""What is written in the four corners of an image: patient, study, series, and how it is shown."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydicom import Dataset

from unix_edge.sentences import translatable

from ..studies.opening import shown
from ..studies.studies import is_before
from .images import ViewImage
from .window_level import WindowState, read_out

SYNTHETIC = translatable("SYNTHETIC - not a patient")
"""Drawn over every image that is marked as synthetic, whatever else is hidden."""
_AGES = {
    "Y": (translatable("prior, 1 year"), translatable("prior, {0} years")),
    "M": (translatable("prior, 1 month"), translatable("prior, {0} months")),
    "D": (translatable("prior, 1 day"), translatable("prior, {0} days")),
}
"""By the units of an Age String."""
_AGE = re.compile(r"[0-9]{1,3}[DWMY]", re.ASCII)
_WHEN = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
"""Dates of an image, that of the study first."""
Lines = tuple[str, ...]
Translate = Callable[[str], str]
ShowDate = Callable[[str], str]


class TextState(StrEnum):
    """How much is written."""

    ALL = "all"
    MINIMAL = "minimal"
    NONE = "none"

    def next(self) -> "TextState":
        """Return the state after a key press."""
        states = list(TextState)
        return states[(states.index(self) + 1) % len(states)]


@dataclass(frozen=True, slots=True)
class Corners:
    """Lines of text, from top to bottom."""

    top_left: Lines = ()
    top_right: Lines = ()
    bottom_left: Lines = ()
    bottom_right: Lines = ()


def write_iso(text: str) -> str:
    """Return a DA value as year-month-day, which nobody reads in another order; anything else as it is."""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdecimal() else text


def write_corners(
    image: ViewImage,
    window: WindowState,
    zoom: float,
    *,
    state: TextState = TextState.ALL,
    hide_patient: bool = False,
    prior: str = "",
    translate: Translate = str,
    show_date: ShowDate = write_iso,
) -> Corners:
    """Return the text of the four corners.

    Args:
        image: Its header is read; what it leaves out is left out.
        window: How it becomes gray.
        zoom: Screen pixels a pixel of the image.
        state: How much is written.
        hide_patient: Leave out all that tells who it is and when: the upper corners, and free text of the series.
        prior: That it is a prior, and of what age, which stays where the patient is hidden.
        translate: Puts our own words into the reader's language.
        show_date: Writes a DA value as the reader's system does.
    """
    if state is TextState.NONE:
        return Corners()
    header, brief = image.header, state is TextState.MINIMAL
    left = _patient(image, translate, show_date, brief=brief)
    right = _study(header, show_date, brief=brief)
    if hide_patient:
        left, right = ((translate("patient hidden"),) if left else ()), ()
    return Corners(
        left,
        (*right, *_kept([prior])),
        _image(image, window, zoom, translate, brief=brief),
        _series(image, translate, brief=brief, free_text=not hide_patient),
    )


def write_whose(
    image: ViewImage, *, hide_patient: bool = False, translate: Translate = str, show_date: ShowDate = write_iso
) -> str:
    """Return patient, date and description, a line each, for a question about an image; of a picture, its file."""
    header = image.header
    if hide_patient:
        return translate("patient hidden")
    if not header.get("SOPInstanceUID"):
        return shown(image.name)
    who = _join(show_name(header) or translate("No patient name"), _text(header, "PatientID"))
    what = _join(show_date(_text(header, "StudyDate")), _text(header, "StudyDescription"))
    return "\n".join(shown(each) for each in (who, what) if each)


def write_prior(header: Dataset, newest: Dataset, translate: Translate = str) -> str:
    """Return that an image is of a study before another's, and how long before; nothing of one that is not."""
    own, other = (_text(each, "StudyInstanceUID") for each in (header, newest))
    if own == other or not is_older(header, newest):
        return ""
    age = compute_age(_text(header, "StudyDate"), _text(newest, "StudyDate"))
    number = age[:-1]
    if not age:
        return translate("prior")
    if number == "0":
        return translate("prior, the same day")
    one, many = _AGES[age[-1]]
    return translate(one) if number == "1" else translate(many).replace("{0}", number)


def is_older(header: Dataset, other: Dataset) -> bool:
    """Return whether an image's study was made before another's; one without a date was not, as far as is known."""
    own, its = ((_text(each, "StudyDate"), _text(each, "StudyTime")) for each in (header, other))
    return is_before(own, its)


def show_name(header: Dataset) -> str:
    """Return the patient's name, the family's first, in its first group of letters."""
    groups = str(header.get("PatientName") or "").split("=")
    parts = [part.strip() for part in next((group for group in groups if group.strip("^ ")), "").split("^")]
    family, given = parts[0], " ".join(part for part in parts[1:3] if part)
    return f"{family}, {given}" if family and given else family or given


def show_age(header: Dataset) -> str:
    """Return how old the patient was: what the header says, else from the birth and when the study was."""
    said = _text(header, "PatientAge").upper()
    if _AGE.fullmatch(said):
        return f"{int(said[:-1])}{said[-1]}"
    when = next(filter(None, (_text(header, keyword) for keyword in _WHEN)), "")
    return compute_age(_text(header, "PatientBirthDate"), when)


def compute_age(born: str, at: str) -> str:
    """Return how old somebody was, by two DA values, in an Age String's units; empty where they do not say."""
    if not all(len(each) == 8 for each in (born, at)):
        return ""
    try:
        birth, day = (datetime.strptime(each, "%Y%m%d").replace(tzinfo=UTC).date() for each in (born, at))
    except ValueError:
        return ""
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    if months >= 24:
        return f"{months // 12}Y" if months < 12 * 150 else ""
    if months >= 1:
        return f"{months}M"
    return f"{(day - birth).days}D" if day >= birth else ""


def show_lossy(header: Dataset, translate: Translate = str) -> str:
    """Return a mark, with the ratio where it is given, if the image was ever compressed with loss."""
    if _text(header, "LossyImageCompression") != "01":
        return ""
    value = header.get("LossyImageCompressionRatio")
    ratios = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
    try:
        product = 1.0
        for each in ratios:
            product *= float(each)
    except (TypeError, ValueError):
        return translate("LOSSY")
    return f"{translate('LOSSY')} {product:.0f}:1" if 1 < product < 10000 else translate("LOSSY")


def _patient(image: ViewImage, translate: Translate, show_date: ShowDate, *, brief: bool) -> Lines:
    header = image.header
    name, identity = show_name(header), _text(header, "PatientID")
    if not header.get("SOPInstanceUID"):  # a PNG or JPEG tells of nobody but by its name
        return _kept([shown(image.name)])
    lines = [name or translate("No patient name"), identity]
    if not brief:
        born = show_date(_text(header, "PatientBirthDate"))
        lines.append(_join(f"{translate('born')} {born}" if born else "", _text(header, "PatientSex")))
        lines.append(show_age(header))
    return _kept(lines)


def _study(header: Dataset, show_date: ShowDate, *, brief: bool) -> Lines:
    time = _text(header, "StudyTime").replace(":", "")
    when = _join(show_date(_text(header, "StudyDate")), f"{time[:2]}:{time[2:4]}" if len(time) >= 4 else "")
    if brief:
        return _kept([when])
    return _kept(
        [_text(header, "InstitutionName"), when, _text(header, "StudyDescription"), _text(header, "AccessionNumber")]
    )


def _series(image: ViewImage, translate: Translate, *, brief: bool, free_text: bool) -> Lines:
    header = image.header
    view = _join(_text(header, "Modality"), _text(header, "BodyPartExamined"), _text(header, "ViewPosition"))
    lines = [_join(view, image.laterality), show_lossy(header, translate)]
    if not brief:
        numbers = [
            f"{translate(word)} {number}" if (number := _text(header, keyword)) else ""
            for word, keyword in ((translatable("Series"), "SeriesNumber"), (translatable("Image"), "InstanceNumber"))
        ]
        lines = [_text(header, "SeriesDescription") if free_text else "", _join(*numbers), *lines]
    return _kept(lines)


def _image(image: ViewImage, window: WindowState, zoom: float, translate: Translate, *, brief: bool) -> Lines:
    lines = []
    if not brief:
        rows, columns = image.shape
        lines.append(f"{columns} \N{MULTIPLICATION SIGN} {rows}")
        if image.frames > 1:
            lines.append(f"{translate('Frame')} {image.frame + 1}/{image.frames}")
        lines.append(_join(translate(window.name), translate("inverted") if window.inverted else ""))
    lines += [read_out(window), f"{translate('Zoom')} {zoom * 100:.0f} %"]
    if image.orientation is None:
        lines.append(translate("orientation unknown"))
    return _kept(lines)


def _text(header: Dataset, keyword: str) -> str:
    value = header.get(keyword)
    if value is None or isinstance(value, (bytes, list)):
        return ""
    return str(value).strip()


def _join(*parts: str) -> str:
    return "  ".join(part for part in parts if part)


def _kept(lines: list[str]) -> Lines:
    return tuple(line for line in lines if line)
