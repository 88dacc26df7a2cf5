"""Anonymised copies, by an allow-list (PS3.15 annex E, Basic Application Confidentiality Profile).

What `allowed` does not name does not survive: private elements, overlays, curves, comments, dates, devices, places.
What it names survives only with a value that identifies nobody: a number, or a term or code of its lists. Pixels are
decoded and written uncompressed, without the bits that no pixel uses: a codestream has room for text, and so have they.
"""

import hashlib
import hmac
import re
import uuid
from typing import Any

from pydicom import Dataset, config, uid
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import FileMetaDataset
from pydicom.sr.coding import Code
from pydicom.valuerep import PersonName

from ..errors import DeidentificationError
from ..sentences import Sentence
from .allowed import (
    CODES,
    EMPTIED,
    EMPTY_WHERE_REFUSED,
    KNOWN_CODES,
    LUTS,
    NUMBERS,
    REFERENCES,
    SOP_CLASSES,
    TERMS,
)
from .decoders import decode_frame
from .filing import IDENTIFYING_UIDS, decimal, lut_item
from .grayscale import Lut
from .layout import Photometric, read_layout
from .transforms import read_lut
from .writing import LO, UTF_8, code_item

BASIC_PROFILE = Code("113100", "DCM", "Basic Application Confidentiality Profile")
METHOD = "UniX Edge: allow-list, hashed UIDs, dates removed"
MIN_SECRET = 16
"""Bytes, below which a UID could be found by trying."""

_LOSSY = {
    uid.JPEGBaseline8Bit: "ISO_10918_1",
    uid.JPEGExtended12Bit: "ISO_10918_1",
    uid.JPEGLSNearLossless: "ISO_14495_1",
    uid.JPEG2000: "ISO_15444_1",
}
_LENGTHS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
_COUNTERS = ("SeriesNumber", "InstanceNumber", "AcquisitionNumber")
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_MAX_VALUES, _MAX_ITEMS = 2048, 64


def burned_in_warning(dataset: Dataset) -> Sentence:
    """Return what a person must know before the copy leaves the house: pixels are not looked at."""
    with config.disable_value_validation():
        declared = _values(dataset, "BurnedInAnnotation")
    if declared == ["YES"]:
        return Sentence(
            "The file says that text which identifies the patient is burned into the image: it is still there."
        )
    if declared == ["NO"]:
        return Sentence(
            "Text burned into the image was not looked for and cannot be excluded. The file says that there is none; "
            "look at the image."
        )
    return Sentence(
        "Text burned into the image was not looked for and cannot be excluded. The file does not say whether there is "
        "any; look at the image."
    )


def deidentify(dataset: Dataset, secret: bytes, pseudonym: str) -> Dataset:
    """Return a copy that identifies nobody but in its pixels (`burned_in_warning`); the original is not changed.

    It decodes the pixel data in this process, which a stranger's codestream may harm: open the image first.

    Args:
        dataset: A whole image, CR, DX or Secondary Capture, gray.
        secret: At least 16 random bytes, made for one export and then forgotten. Files exported with the same secret
            keep their common study and series and their references; without it no UID leads back.
        pseudonym: What becomes the patient's name and ID.

    Raises:
        DeidentificationError: It is another object, or secret or pseudonym do not serve.
        ImageError: The pixel data or their description are broken.
    """
    if len(secret) < MIN_SECRET:
        raise DeidentificationError(Sentence("the secret is shorter than {0} bytes", MIN_SECRET))
    with config.disable_value_validation():  # pydicom's warnings would quote the patient
        _check_pseudonym(pseudonym, dataset)
        copy = _begin(dataset, secret)
        copy.PatientName = copy.PatientID = pseudonym
        _say_how(copy)
        for keyword in EMPTIED:
            setattr(copy, keyword, "")
        for keyword in (*TERMS, *NUMBERS):
            _keep(copy, keyword, _allowed(dataset, keyword))
        for keyword in LUTS:
            _keep(copy, keyword, _luts(dataset, keyword))
        for keyword in CODES:
            _keep(copy, keyword, _codes(dataset, keyword))
        for keyword in REFERENCES:
            _keep(copy, keyword, _references(dataset, keyword, secret))
        for keyword in EMPTY_WHERE_REFUSED:
            if keyword in dataset and keyword not in copy:
                setattr(copy, keyword, [] if keyword.endswith("Sequence") else None)
        _copy_pixels(dataset, copy)
    return copy


def pseudonym_of(dataset: Dataset, secret: bytes, prefix: str) -> str:
    """Return the pseudonym of an image's patient: the same for the same ID and secret, and no way back without it.

    Where there is no ID, it is that of the study: patients are rather taken apart than together.
    """
    keywords = ("IssuerOfPatientID", "PatientID") if _values(dataset, "PatientID") else ("StudyInstanceUID",)
    known = [str(each).strip().upper() for keyword in keywords for each in _values(dataset, keyword)]
    return f"{prefix}-{hmac.digest(secret, repr(known).encode(), hashlib.sha256).hex()[:8].upper()}"


def hash_uid(value: str, secret: bytes) -> uid.UID:
    """Return the UID that stands for another: the same for the same secret, and no way back without it."""
    digest = hmac.digest(secret, value.encode(), hashlib.sha256)
    return uid.UID(f"2.25.{uuid.UUID(bytes=digest[:16], version=4).int}")


def _check_pseudonym(pseudonym: str, dataset: Dataset) -> None:
    if (
        not pseudonym.strip()
        or len(pseudonym.encode()) > LO
        or not pseudonym.isprintable()
        or set(pseudonym) & {*"\\="}
    ):
        raise DeidentificationError(
            Sentence("the pseudonym is empty, has more than {0} bytes, or control characters, \\ or =", LO)
        )
    if pseudonym in (*_values(dataset, "PatientID"), *_values(dataset, "PatientName")):
        raise DeidentificationError(Sentence("the pseudonym is the patient's own name or ID"))


def _begin(dataset: Dataset, secret: bytes) -> Dataset:
    """Begin the copy with its class and its hashed UIDs."""
    uids = {keyword: _values(dataset, keyword) for keyword in IDENTIFYING_UIDS}
    if missing := [keyword for keyword, values in uids.items() if len(values) != 1 or not values[0]]:
        raise DeidentificationError(Sentence("the image's header has no {0}", ", ".join(missing)))
    if uids["SOPClassUID"][0] not in SOP_CLASSES:
        raise DeidentificationError(
            Sentence("it is no CR, DX or single Secondary Capture image, and only those are understood")
        )
    copy = Dataset()
    copy.file_meta = FileMetaDataset()
    copy.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    copy.SpecificCharacterSet = UTF_8
    copy.SOPClassUID = uids["SOPClassUID"][0]
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
        if values := _values(dataset, keyword):
            setattr(copy, keyword, hash_uid(values[0], secret))
    return copy


def _say_how(copy: Dataset) -> None:
    """Say that and how it was done (PS3.3 C.7.1.1, C.12.1.1.9)."""
    copy.PatientIdentityRemoved = "YES"
    copy.DeidentificationMethod = METHOD
    copy.DeidentificationMethodCodeSequence = [code_item(BASIC_PROFILE)]
    copy.LongitudinalTemporalInformationModified = "REMOVED"


def _keep(copy: Dataset, keyword: str, values: list[Any]) -> None:
    """Set an element to values that may survive; to none where there are none."""
    if not values:
        return
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    vr = dictionary_VR(tag)
    if vr == "US or SS":
        vr = "SS" if min(values) < 0 else "US"
    copy.add_new(tag, vr, values if len(values) > 1 or vr == "SQ" else values[0])


def _allowed(dataset: Dataset, keyword: str) -> list[Any]:
    """Return an element's values if each may survive; of several terms, those that may."""
    values = _values(dataset, keyword)[:_MAX_VALUES]
    if keyword in TERMS:
        return [each for each in values if each in TERMS[keyword]]
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    if dictionary_VR(tag) in ("DS", "IS"):
        numbers = [each if isinstance(each, str) else str(each) for each in values]
        if not all(len(each) <= 16 and _DECIMAL.fullmatch(each) for each in numbers):
            return []
        if keyword in _LENGTHS and any(float(each) <= 0 for each in numbers):
            return []
        # A longer number may be that of an examination.
        return (
            [] if keyword in _COUNTERS and any(not each.isdecimal() or len(each) > 4 for each in numbers) else numbers
        )
    return values if all(type(each) is int and -32768 <= each <= 65535 for each in values) else []


def _luts(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Return LUTs made anew from those that can be read, without their explanations."""
    luts = [(item, read_lut(item, range(8, 17))) for item in _values(dataset, keyword) if isinstance(item, Dataset)]
    return [_copy_lut(item, lut) for item, lut in luts[:_MAX_ITEMS] if lut is not None]


def _copy_lut(item: Dataset, lut: Lut) -> Dataset:
    copy = lut_item(lut)
    if "ModalityLUTType" in item:
        known = [each for each in _values(item, "ModalityLUTType") if each in TERMS["RescaleType"]]
        copy.ModalityLUTType = known[0] if known else "US"
    return copy


def _codes(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Return the known codes of a sequence, in our own words."""
    items = [each for each in _values(dataset, keyword) if isinstance(each, Dataset)]
    pairs = [tuple(map(str, (*_values(i, "CodeValue"), *_values(i, "CodingSchemeDesignator")))) for i in items]
    return [code_item(KNOWN_CODES[pair]) for pair in pairs[:_MAX_ITEMS] if pair in KNOWN_CODES]


def _references(dataset: Dataset, keyword: str, secret: bytes) -> list[Dataset]:
    """Return the images that are referred to, by what their UIDs become when they are exported too."""
    copies = []
    for item in _values(dataset, keyword)[:_MAX_ITEMS]:
        kinds, instances = (
            _values(item, name) if isinstance(item, Dataset) else []
            for name in ("ReferencedSOPClassUID", "ReferencedSOPInstanceUID")
        )
        if len(instances) == 1 and len(kinds) == 1 and kinds[0] in SOP_CLASSES:
            copy = Dataset()
            copy.ReferencedSOPClassUID = kinds[0]
            copy.ReferencedSOPInstanceUID = hash_uid(instances[0], secret)
            copies.append(copy)
    return copies


def _values(dataset: Dataset, keyword: str) -> list[Any]:
    """Return an element's values; none where it is absent, empty or cannot be read."""
    try:
        value = dataset.get(keyword)
        if value is None or value == "":
            return []
        several = not isinstance(value, (str, bytes, PersonName)) and hasattr(value, "__iter__")
        return list(value) if several else [value]
    except Exception:  # what pydicom raises on a value that its VR does not allow
        return []


def _copy_pixels(dataset: Dataset, copy: Dataset) -> None:
    """Decode every frame and write it uncompressed, without the bits and bytes that no pixel uses."""
    layout = read_layout(dataset)
    if layout.photometric not in (Photometric.MONOCHROME1, Photometric.MONOCHROME2) or layout.frames > 1:
        raise DeidentificationError(
            Sentence("it is in colour or has several frames, and only single gray images are understood")
        )
    syntax = getattr(getattr(dataset, "file_meta", None), "TransferSyntaxUID", None)
    coded = decode_frame(dataset, layout, 0)
    values = coded.values[..., 0] & coded.values.dtype.type((1 << coded.bits) - 1)
    if layout.signed:
        sign = values.dtype.type(1 << (coded.bits - 1))
        values = (values ^ sign) - sign
    copy.SamplesPerPixel, copy.PhotometricInterpretation = 1, str(layout.photometric)
    copy.Rows, copy.Columns = layout.rows, layout.columns
    copy.BitsAllocated, copy.BitsStored, copy.HighBit = 8 * values.itemsize, coded.bits, coded.bits - 1
    copy.PixelRepresentation = int(layout.signed)
    content = values.astype(values.dtype.newbyteorder("<")).tobytes()
    copy.add_new("PixelData", "OW", content + b"\0" * (len(content) % 2))
    if syntax in _LOSSY and "LossyImageCompression" not in copy:
        copy.LossyImageCompression = "01"
        copy.LossyImageCompressionRatio = decimal(round(len(content) / len(dataset.PixelData), 2))
        copy.LossyImageCompressionMethod = _LOSSY[syntax]
