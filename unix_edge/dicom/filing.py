"""What a reader's own object is, whatever it says: new, dated, ours, and in the study of the image it is about."""

from datetime import datetime

from pydicom import Dataset, config
from pydicom.dataset import FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import validate_value

from .grayscale import Lut
from .writing import LO, MANUFACTURER, UTF_8, is_uid, new_uid, set_unchecked

IDENTIFYING_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID", "SOPInstanceUID")
_TEXTS = ("PatientName", "PatientID", "StudyID", "AccessionNumber", "ReferringPhysicianName")
_TIMES = {"PatientBirthDate": "DA", "StudyDate": "DA", "StudyTime": "TM"}


def begin_object(sop_class: UID, source: Dataset, made: datetime) -> Dataset:
    """Begin an object of a new series in its source's study: patient, study, General Equipment, SOP Common.

    A date, time or sex of the source that DICOM does not allow is left empty rather than passed on.
    """
    from .. import __version__

    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SpecificCharacterSet = UTF_8
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID, dataset.SeriesInstanceUID = new_uid(), new_uid()
    dataset.SeriesNumber = dataset.InstanceNumber = 1
    dataset.InstanceCreationDate = dataset.SeriesDate = dataset.ContentDate = made.strftime("%Y%m%d")
    dataset.InstanceCreationTime = dataset.SeriesTime = dataset.ContentTime = made.strftime("%H%M%S")
    dataset.Manufacturer = dataset.ManufacturerModelName = MANUFACTURER
    dataset.SoftwareVersions = f"{MANUFACTURER} {__version__}"
    dataset.StudyInstanceUID = UID(source.StudyInstanceUID)
    for keyword in _TEXTS:
        value = source.get(keyword) or ""
        several = value if isinstance(value, MultiValue) else [value]
        set_unchecked(dataset, keyword, one_line("\\".join(str(each) for each in several)))
    for keyword, representation in _TIMES.items():
        value = str(source.get(keyword) or "")
        set_unchecked(dataset, keyword, value if _is_valid(representation, value) else "")
    sex = source.get("PatientSex")
    dataset.PatientSex = sex if sex in ("M", "F", "O") else ""
    if source.get("SyntheticData") == "YES":
        dataset.SyntheticData = "YES"
    return dataset


def missing_uids(source: Dataset) -> str:
    """Return the names of the UIDs that a source lacks to say which image of which study it is; "" if none."""
    return ", ".join(keyword for keyword in IDENTIFYING_UIDS if not is_uid(source.get(keyword)))


def reference(sop_class: str, sop_instance: str, frames: tuple[int, ...] = ()) -> Dataset:
    """Return an item that refers to an image, or to some of its frames, counted from 1 (PS3.3 10.3)."""
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = UID(sop_class), UID(sop_instance)
    if frames:
        item.ReferencedFrameNumber = list(frames)
    return item


def lut_item(lut: Lut) -> Dataset:
    """Return a LUT as an item of a LUT sequence, without its explanation (PS3.3 C.11.1.1.1)."""
    item = Dataset()
    vr, first, count = "SS" if lut.first < 0 else "US", lut.first, len(lut.entries) % 65536
    if vr == "SS" and count > 32767:
        count -= 65536  # the same 16 bits
    item.add_new("LUTDescriptor", vr, [count, first, lut.bits])
    item.add_new("LUTData", "OW", lut.entries.astype("<u2").tobytes())
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


def _is_valid(representation: str, value: str) -> bool:
    try:
        validate_value(representation, value, config.RAISE)
    except ValueError:
        return False
    return True
