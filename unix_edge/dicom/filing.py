"""What a reader's own object is, whatever it says: new, dated, ours, and in the study of the image it is about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pydicom import Dataset, config
from pydicom.multival import MultiValue
from pydicom.uid import UID
from pydicom.valuerep import validate_value

from .grayscale import Lut
from .transforms import read_numbers, read_text
from .writing import LO, is_uid, new_object, set_unchecked

IDENTIFYING_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID")
MAX_ITEMS = 10_000
"""Of a sequence, that are read."""
_TEXTS = ("PatientName", "PatientID", "StudyID", "AccessionNumber", "ReferringPhysicianName")
_TIMES = {"PatientBirthDate": "DA", "StudyDate": "DA", "StudyTime": "TM"}


@dataclass(frozen=True, slots=True)
class ReferencedImage:
    """An image, or some of its frames, by its UIDs."""

    study: str
    series: str
    sop_class: str
    sop_instance: str
    frames: tuple[int, ...] = ()
    """Counted from 1; none means all."""

    @classmethod
    def of(cls, header: Dataset) -> "ReferencedImage":
        """Return the image of a header that has its UIDs (`missing_uids`)."""
        return cls(
            str(header.StudyInstanceUID),
            str(header.SeriesInstanceUID),
            str(header.SOPClassUID),
            str(header.SOPInstanceUID),
        )

    def belongs_to(self, source: Dataset) -> bool:
        """Return whether its UIDs are such, and its study is that of a source."""
        uids = (self.series, self.sop_class, self.sop_instance)
        return self.study == source.StudyInstanceUID and all(map(is_uid, uids))


def begin_object(sop_class: UID, source: Dataset, made: datetime) -> Dataset:
    """Begin an object of a new series in its source's study: patient, study, General Equipment, SOP Common.

    A date, time or sex of the source that DICOM does not allow is left empty rather than passed on.
    """
    dataset = new_object(sop_class, made)
    dataset.StudyInstanceUID = UID(source.StudyInstanceUID)
    for keyword in _TEXTS:
        value = source.get(keyword) or ""
        several = value if isinstance(value, MultiValue) else [value]
        set_unchecked(dataset, keyword, one_line("\\".join(str(each) for each in several)))
    for keyword, representation in _TIMES.items():
        value = str(source.get(keyword) or "")
        set_unchecked(dataset, keyword, value if is_value(representation, value) else "")
    sex = source.get("PatientSex")
    dataset.PatientSex = sex if sex in ("M", "F", "O") else ""
    if source.get("SyntheticData") == "YES":
        dataset.SyntheticData = "YES"
    return dataset


def missing_uids(source: Dataset) -> str:
    """Return the names of the UIDs that a source lacks to say which image of which study it is; "" if none."""
    return ", ".join(keyword for keyword in IDENTIFYING_UIDS if not is_uid(source.get(keyword)))


def reference(image: ReferencedImage) -> Dataset:
    """Return an item that refers to an image or to some of its frames (PS3.3 10.3)."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = UID(image.sop_class), UID(image.sop_instance)
    if image.frames:
        item.ReferencedFrameNumber = list(image.frames)
    return item


def by_series(images: Iterable[ReferencedImage]) -> dict[str, list[ReferencedImage]]:
    """Return the images under the UIDs of their series, in their order."""
    series: dict[str, list[ReferencedImage]] = {}
    for image in images:
        series.setdefault(image.series, []).append(image)
    return series


def list_evidence(images: tuple[ReferencedImage, ...]) -> Dataset:
    """Return the item that lists the images under their study and series; each instance once."""
    study = Dataset()
    study.StudyInstanceUID = UID(images[0].study)
    study.ReferencedSeriesSequence = []
    for series, members in by_series(images).items():
        item = Dataset()
        item.SeriesInstanceUID = UID(series)
        whole = dict.fromkeys(replace(each, frames=()) for each in members)
        item.ReferencedSOPSequence = [reference(each) for each in whole]
        study.ReferencedSeriesSequence.append(item)
    return study


def read_references(item: Dataset, keyword: str, study: str, series: str) -> tuple[ReferencedImage, ...]:
    """Return the images that a sequence refers to; what names no instance is passed over."""
    images = []
    for each in items(item, keyword):
        kind, instance = (read_text(each, f"ReferencedSOP{name}UID") for name in ("Class", "Instance"))
        frames = read_numbers(each, "ReferencedFrameNumber") or []
        if is_uid(kind) and is_uid(instance):
            images.append(ReferencedImage(study, series, kind, instance, tuple(int(frame) for frame in frames)))
    return tuple(images)


def items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Return a sequence's items; none where there are none or they cannot be read."""
    try:
        return [each for each in dataset.get(keyword) or [] if isinstance(each, Dataset)][:MAX_ITEMS]
    except Exception:  # what pydicom raises on a value that its VR does not allow
        return []


def lut_item(lut: Lut) -> Dataset:
    """Return a LUT as an item of a LUT sequence, without its explanation (PS3.3 C.11.1.1.1)."""
    item = Dataset()
    # pydicom writes the first number as an unsigned one whatever the VR.
    descriptor = [len(lut.entries) % 65536, lut.first, lut.bits]
    item.add_new("LUTDescriptor", "SS" if lut.first < 0 else "US", descriptor)
    # Entries may be larger than the bits that their file declared.
    data = lut.entries.astype("<u2" if lut.bits > 8 or lut.entries.max() > 255 else "u1").tobytes()
    item.add_new("LUTData", "OW", data + b"\0" * (len(data) % 2))
    return item


def decimal(number: float) -> str:
    """Return a number as a Decimal String, which holds 16 characters."""
    text, digits = repr(float(number)).removesuffix(".0"), 16
    while len(text) > 16:
        digits -= 1
        text = f"{number:.{digits}g}"
    return text


def one_line(text: str, longest: int | None = None) -> str:
    """Return text without the control characters that DICOM forbids, cut where it is to be."""
    return "".join(each if each.isprintable() else " " for each in text).strip()[:longest]


def short_text(text: str, longest: int = LO) -> str:
    """Return one value of text: on one line, without the backslash that would begin another."""
    return one_line(text.replace("\\", "/"), longest)


def plain_lines(text: str) -> str:
    """Return text of several lines without control characters, its lines ended by one newline."""
    return "\n".join(one_line(each) for each in text.splitlines()).strip()


def is_value(representation: str, value: str) -> bool:
    """Return whether a value is one of its value representation."""
    try:
        validate_value(representation, value, config.RAISE)
    except ValueError:
        return False
    return True
