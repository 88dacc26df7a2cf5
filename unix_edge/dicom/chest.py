"""Whether an image is what the model was made for: a frontal chest radiograph. Decided by the header alone."""

from pydicom import Dataset, config
from pydicom.multival import MultiValue
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
    SecondaryCaptureImageStorage,
)

from ..errors import NotChestError, UnconfirmedChestError
from ..sentences import Sentence

MIN_SIDE = 256
"""The smaller side, in pixels, below which nothing of a chest can be judged."""
MAX_ASPECT = 3.0

RADIOGRAPHS = frozenset(
    {
        ComputedRadiographyImageStorage,
        DigitalXRayImageStorageForPresentation,
        DigitalXRayImageStorageForProcessing,
    }
)
SECONDARY_CAPTURES = frozenset(
    {
        SecondaryCaptureImageStorage,
        MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
        MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        MultiFrameTrueColorSecondaryCaptureImageStorage,
    }
)
KINDS = {
    "CT": Sentence("it is a CT image"),
    "MR": Sentence("it is an MR image"),
    "MG": Sentence("it is a mammogram"),
    "US": Sentence("it is an ultrasound image"),
    "SR": Sentence("it is a structured report"),
    "NM": Sentence("it is a nuclear medicine image"),
    "PT": Sentence("it is a PET image"),
    "XA": Sentence("it is an angiogram"),
    "RF": Sentence("it is a fluoroscopy image"),
    "PX": Sentence("it is a panoramic dental radiograph"),
    "IO": Sentence("it is a dental radiograph"),
    "ECG": Sentence("it is an electrocardiogram"),
    "PR": Sentence("it is a presentation state"),
    "DOC": Sentence("it is a document"),
    "SEG": Sentence("it is a segmentation"),
    "ES": Sentence("it is an endoscopy image"),
    "OP": Sentence("it is an ophthalmic image"),
    "SM": Sentence("it is a microscopy image"),
}
"""Modality (0008,0060) of what is no radiograph, in words."""

CHESTS = frozenset({"CHEST", "THORAX", "LUNG", "LUNGS"})
CHEST_CODES = frozenset({"51185008", "T-D3000", "39607008", "T-28000"})
"""Thoracic structure and lung, in SNOMED CT and its older codes (PS3.16 CID 4009)."""
OTHER_PARTS = frozenset(
    [
        "ABDOMEN",
        "ANKLE",
        "ARM",
        "BLADDER",
        "BRAIN",
        "BREAST",
        "CALCANEUS",
        "CERVIX",
        "CLAVICLE",
        "COCCYX",
        "COLON",
        "CSPINE",
        "ELBOW",
        "EXTREMITY",
        "EYE",
        "FACE",
        "FEMUR",
        "FINGER",
        "FOOT",
        "FOREARM",
        "HAND",
        "HEAD",
        "HIP",
        "HUMERUS",
        "JAW",
        "KNEE",
        "LEG",
        "LOWEREXTREMITY",
        "LOWERLEG",
        "LSPINE",
        "LSSPINE",
        "MANDIBLE",
        "MAXILLA",
        "NECK",
        "NOSE",
        "ORBIT",
        "PATELLA",
        "PELVIS",
        "SACRUM",
        "SCAPULA",
        "SHOULDER",
        "SIJOINT",
        "SINUS",
        "SKULL",
        "SPINE",
        "SSPINE",
        "STOMACH",
        "TEETH",
        "THIGH",
        "THUMB",
        "TIBIA",
        "TIBIAFIBULA",
        "TMJ",
        "TOE",
        "TSPINE",
        "ULNA",
        "UPPERARM",
        "UPPEREXTREMITY",
        "WHOLEBODY",
        "WRIST",
        "ZYGOMA",
    ]
)
"""Values of BodyPartExamined (PS3.16 annex L and its usual variants) that are not the chest."""
FRONTAL = frozenset({"PA", "AP"})
FRONTAL_CODES = frozenset({"399348003", "272479007", "399033003", "R-10206", "R-10214"})
"""Antero-posterior, postero-anterior and frontal (PS3.16 CID 4010), in SNOMED CT and its older codes."""


def require_frontal_chest(header: Dataset | None, source: str = "The image", *, confirmed: bool = False) -> None:
    """Refuse what is no frontal chest radiograph, and what may be none until a person has confirmed that it is.

    Args:
        header: SOPClassUID, Modality, NumberOfFrames, Rows, Columns, BodyPartExamined, AnatomicRegionSequence,
            ViewPosition, ViewCodeSequence and PatientOrientation are read. None, as of a PNG, says nothing: allowed.
        source: What the image is called in the sentence.
        confirmed: A person answers for what the header leaves open.

    Raises:
        NotChestError: It is something else, whatever a person says.
        UnconfirmedChestError: Its header leaves doubt.
    """
    if header is None:
        return
    if problem := _find_problem(header):
        raise NotChestError(source, problem)
    if not confirmed and (doubts := find_doubts(header)):
        raise UnconfirmedChestError(source, doubts)


def find_doubts(header: Dataset) -> tuple[Sentence, ...]:
    """Return what speaks against a frontal chest radiograph without deciding it, as clauses without a full stop."""
    doubts = []
    if _text(header, "SOPClassUID") in SECONDARY_CAPTURES and _text(header, "Modality") not in ("CR", "DX", "RG"):
        doubts.append(Sentence("it is a secondary capture that does not say that it shows a radiograph"))
    if _text(header, "SOPClassUID") == DigitalXRayImageStorageForProcessing:
        doubts.append(Sentence("it is a raw image, not yet processed for reading"))
    if not _names_chest(header):
        stated = _text(header, "BodyPartExamined") or _code(header, "AnatomicRegionSequence")
        doubts.append(
            Sentence("its header names a body part that is not known to be the chest")
            if stated
            else Sentence("it names no body part")
        )
    view, code = _text(header, "ViewPosition"), _code(header, "ViewCodeSequence")
    if (view and view not in FRONTAL) or (not view and code and code not in FRONTAL_CODES):
        doubts.append(Sentence("its header names a view that is not frontal"))
    if orientation := _doubt_orientation(header):
        doubts.append(orientation)
    return tuple(doubts)


def _find_problem(header: Dataset) -> Sentence | None:
    """Say what makes the image certainly no single frontal chest radiograph; nothing is quoted from the header."""
    kind, modality = _text(header, "SOPClassUID"), _text(header, "Modality")
    if modality in KINDS:
        return KINDS[modality]
    if kind not in RADIOGRAPHS | SECONDARY_CAPTURES:
        known = UID(kind, validation_mode=config.IGNORE)
        name = known.name if known.type == "SOP Class" else "unknown"
        if not kind:
            return Sentence("it does not say what kind of image it is")
        return Sentence("it is of another kind ({0})", name)
    part = _text(header, "BodyPartExamined").replace(" ", "").replace("_", "")
    if part in OTHER_PARTS:
        return Sentence("its header says that it shows another part of the body ({0})", part.lower())
    if _number(header, "NumberOfFrames", 1) != 1:
        return Sentence("it holds several frames")
    shorter, longer = sorted((_number(header, "Rows", 0), _number(header, "Columns", 0)))
    if shorter < MIN_SIDE:
        return Sentence("its smaller side is {0} px, and {1} px is the least", shorter, MIN_SIDE)
    if longer > MAX_ASPECT * shorter:
        return Sentence("one side is more than {0} times the other", f"{MAX_ASPECT:g}")
    return None


def _names_chest(header: Dataset) -> bool:
    part = _text(header, "BodyPartExamined")
    return part in CHESTS if part else _code(header, "AnatomicRegionSequence") in CHEST_CODES


def _doubt_orientation(header: Dataset) -> Sentence | None:
    r"""Doubt what is not shown as a frontal chest is: L\F. What cannot be an orientation says nothing."""
    value = header.get("PatientOrientation")
    if not isinstance(value, (list, tuple, MultiValue)) or len(value) != 2:
        return None
    across, down = (str(each).strip().upper()[:1] for each in value)
    axes = {"L": "across", "R": "across", "H": "down", "F": "down", "A": "through", "P": "through"}
    if across not in axes or down not in axes or axes[across] == axes[down]:
        return None
    if "through" in (axes[across], axes[down]):
        return Sentence("its orientation is that of a lateral image")
    if (across, down) == ("R", "F"):
        return Sentence("it is mirrored: the patient's left is shown on the left")
    return None if (across, down) == ("L", "F") else Sentence("it is rotated or upside down")


def _text(header: Dataset, keyword: str) -> str:
    """Return an element's only value in capitals, trimmed; empty where there is none or there are several."""
    value = header.get(keyword)
    return value.strip().upper() if isinstance(value, str) else ""


def _number(header: Dataset, keyword: str, absent: int) -> int:
    value = header.get(keyword)
    try:
        return absent if value is None or value == "" else int(value)
    except (TypeError, ValueError, OverflowError):
        return -1


def _code(header: Dataset, keyword: str) -> str:
    """Return the code of a sequence's first item."""
    items = header.get(keyword)
    if not items or not isinstance(items[0], Dataset):
        return ""
    return _text(items[0], "CodeValue")
