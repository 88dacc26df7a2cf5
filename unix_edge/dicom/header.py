"""What is kept of a DICOM header, and how it travels from the decode child: the DICOM JSON model (PS3.18 annex F).

The child picks; the parent believes nothing, and rebuilds each element from the allow-list's own tag and VR.
"""

import math
import re
from typing import Any

from pydicom import Dataset, config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.sequence import Sequence
from pydicom.valuerep import validate_value

# fmt: off
KEPT_KEYWORDS = (
    "SpecificCharacterSet", "ImageType", "SOPClassUID", "SOPInstanceUID", "SyntheticData", "StudyDate",
    "SeriesDate", "AcquisitionDate", "ContentDate", "StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime",
    "AccessionNumber", "Modality", "ConversionType", "PresentationIntentType", "Manufacturer",
    "ManufacturerModelName", "InstitutionName", "ReferringPhysicianName", "StudyDescription", "SeriesDescription",
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex", "PatientAge",
    "BodyPartExamined", "ViewPosition", "AnatomicRegionSequence", "ViewCodeSequence", "ImagerPixelSpacing",
    "NominalScannedPixelSpacing", "EstimatedRadiographicMagnificationFactor", "DistanceSourceToDetector",
    "DistanceSourceToPatient", "StudyInstanceUID", "SeriesInstanceUID", "StudyID", "SeriesNumber",
    "InstanceNumber", "PatientOrientation", "Laterality", "ImageLaterality", "SamplesPerPixel",
    "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "PixelSpacing", "PixelAspectRatio", "PixelSpacingCalibrationType",
    "PixelSpacingCalibrationDescription", "BurnedInAnnotation", "LossyImageCompression",
    "LossyImageCompressionRatio", "LossyImageCompressionMethod", "PresentationLUTShape",
    "RecommendedDisplayFrameRate", "CineRate", "FrameTime",
)
# fmt: on
"""All that the parent learns of a header."""
_CODE_KEYWORDS = ("CodeValue", "CodingSchemeDesignator", "CodingSchemeVersion", "CodeMeaning", "LongCodeValue")
_KEPT_WITHIN = {
    "AnatomicRegionSequence": (*_CODE_KEYWORDS, "AnatomicRegionModifierSequence"),
    "AnatomicRegionModifierSequence": _CODE_KEYWORDS,
    "ViewCodeSequence": (*_CODE_KEYWORDS, "ViewModifierCodeSequence"),
    "ViewModifierCodeSequence": _CODE_KEYWORDS,
}
MAX_VALUES = 64
MAX_CHARACTERS = 1024
"""Of one value of text."""

HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
"""Control characters, and those that make text read in another order than it is written."""
_FREE_TEXT = frozenset({"PN", "LO", "SH", "ST", "LT", "UC", "UT"})
"""VRs whose values are kept even where they are longer than they may be."""


def pick_header(dataset: Dataset) -> dict[str, Any]:
    """Return the kept elements in the DICOM JSON model; what pydicom cannot read is left out, or empty if a DS."""
    return _pick(dataset, KEPT_KEYWORDS)


def rebuild_header(picked: object) -> Dataset:
    """Return the kept elements of a DICOM JSON object as a dataset; whatever is not as it must be is left out.

    A decimal string that is no number stays as an empty element: who asks for a spacing is told why there is none.
    Control characters and direction overrides are taken out of text. The text is Unicode by now, whatever character
    set it came in, and SpecificCharacterSet says so.
    """
    header = _rebuild(picked, KEPT_KEYWORDS)
    header.SpecificCharacterSet = "ISO_IR 192"
    return header


def _pick(dataset: Dataset, keywords: tuple[str, ...]) -> dict[str, Any]:
    picked: dict[str, Any] = {}
    for keyword in keywords:
        tag, vr = _tag_and_vr(keyword)
        try:
            if tag not in dataset:
                continue
            value = dataset[tag].value
            if vr == "SQ":
                items = list(value)[:MAX_VALUES]
                values: list[Any] = [_pick(item, _KEPT_WITHIN[keyword]) for item in items]
            else:
                several = not isinstance(value, (str, bytes)) and hasattr(value, "__iter__") and vr != "PN"
                values = list(value)[:MAX_VALUES] if several else [value]
                values = [each if type(each) is int else str(each)[:MAX_CHARACTERS] for each in values]
                if vr == "PN":
                    groups = str(values[0]).split("=")
                    names = ("Alphabetic", "Ideographic", "Phonetic")
                    values = [dict(zip(names, groups, strict=False))]  # one to three are given; more are none
        except Exception:  # what pydicom raises on a value that its VR does not allow
            if vr != "DS":
                continue
            values = []
        picked[f"{tag:08X}"] = {"vr": vr, "Value": values}
    return picked


def _rebuild(picked: object, keywords: tuple[str, ...]) -> Dataset:
    dataset = Dataset()
    if not isinstance(picked, dict):
        return dataset
    for keyword in keywords:
        tag, vr = _tag_and_vr(keyword)
        element = picked.get(f"{tag:08X}")
        values = element.get("Value") if isinstance(element, dict) else None
        if not isinstance(values, list) or len(values) > MAX_VALUES:
            continue
        try:
            if vr == "SQ":
                value: Any = Sequence([_rebuild(item, _KEPT_WITHIN[keyword]) for item in values])
            else:
                clean = [_clean(vr, each) for each in values]
                value = clean[0] if len(clean) == 1 else clean
            # The value is not validated again, and so never part of a warning.
            dataset[tag] = DataElement(tag, vr, value, validation_mode=config.IGNORE)
        except (ValueError, TypeError, AttributeError, OverflowError, ArithmeticError):
            if vr == "DS":
                dataset[tag] = DataElement(tag, vr, None)
    return dataset


def _clean(vr: str, value: object) -> int | str:
    """Return one value without what it may not hold.

    Raises:
        ValueError: It is none of its VR.
    """
    if vr == "US":
        if type(value) is not int or not 0 <= value <= 65535:
            raise ValueError
        return value
    if vr == "PN" and isinstance(value, dict):
        groups = [value.get(name, "") for name in ("Alphabetic", "Ideographic", "Phonetic")]
        value = "=".join(group for group in groups if isinstance(group, str)).rstrip("=")
    text = value if isinstance(value, str) else str(value) if type(value) is int else None
    if text is None or len(text) > MAX_CHARACTERS:
        raise ValueError
    text = HIDDEN.sub(" ", text).strip()
    if vr == "DS" and text:  # also of more than 16 characters, as writers print a float in full
        if not math.isfinite(float(text)) or not re.fullmatch(r"[0-9Ee+.-]+", text):
            raise ValueError
    elif vr not in _FREE_TEXT and text:
        validate_value(vr, text, config.RAISE)
    return text


def _tag_and_vr(keyword: str) -> tuple[int, str]:
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    return tag, dictionary_VR(tag)
