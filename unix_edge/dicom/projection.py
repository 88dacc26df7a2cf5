"""What an image shows from which side, by its header alone: whether two can be laid beside each other and compared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydicom import Dataset

from .chest import CHEST_CODES, CHESTS, FRONTAL_CODES, KINDS, OTHER_PARTS

CHEST = "CHEST"
FRONTAL, LATERAL, OBLIQUE, DECUBITUS = "FRONTAL", "LATERAL", "OBLIQUE", "DECUBITUS"
_FRONTAL = frozenset({"PA", "AP", "FRONTAL"})
_LATERAL = frozenset({"LL", "RL", "LAT", "LATERAL", "LLAT", "RLAT", "ML", "LM"})
_OBLIQUE = frozenset({"LAO", "RAO", "LPO", "RPO", "LLO", "RLO"})
_DECUBITUS = frozenset({"LLD", "RLD"})
_SIDES = {"LL": "L", "LLAT": "L", "RL": "R", "RLAT": "R"}
_CODES = {
    **dict.fromkeys(FRONTAL_CODES, (FRONTAL, "")),
    **dict.fromkeys(("399067008", "R-102CD", "399260004", "399352003", "R-10228"), (LATERAL, "")),
    **dict.fromkeys(("399173006", "R-10236"), (LATERAL, "L")),
    **dict.fromkeys(("399198007", "R-10232"), (LATERAL, "R")),
}
"""Views of PS3.16 CID 4010 in SNOMED CT and its older codes."""
_SAID = frozenset({"PA", "AP", "FRONTAL", "LAT", "LATERAL"})
"""Words of a description that are of the view, whatever stands beside them."""
_DESCRIPTIONS = ("SeriesDescription", "StudyDescription")
_WORD = re.compile(r"[^\W_]+")
Header = Dataset | Mapping[str, str]
"""A file's, or what an index reads of it."""


class Difference(StrEnum):
    """What two images differ in that shall be compared."""

    PART = "part"
    PROJECTION = "projection"


@dataclass(frozen=True, slots=True)
class Projection:
    """What is shown, and how; what the header leaves open is empty."""

    kind: str
    """A modality that is no radiograph's."""
    part: str
    view: str
    """One of the views above, or the header's own word."""
    side: str
    """R or L: of the view, or of what there are two of."""


def find_projection(header: Header) -> Projection:
    """Return what an image shows; of BodyPartExamined and ViewPosition it is read first, of descriptions last."""
    modality = _text(header, "Modality")
    kind = modality if modality in KINDS else ""
    part = _find_part(header)
    view, side = _find_view(header, radiograph=not kind)
    paired = _text(header, "ImageLaterality") or _text(header, "Laterality")
    if part != CHEST and not side and paired in ("L", "R"):
        side = paired
    return Projection(kind, part, view, side)


def find_difference(one: Projection, other: Projection) -> Difference | None:
    """Return in what two images are known to differ, so that neither lies where the other does; else None."""
    if _differ(one.part, other.part):
        return Difference.PART
    alike = one.kind == other.kind and not _differ(one.view, other.view) and not _differ(one.side, other.side)
    return None if alike else Difference.PROJECTION


def is_comparable(one: Projection, other: Projection) -> bool:
    """Return whether one is read beside the other: PA and AP are, and laterals of either side, but never a leg.

    A part that is not known is compared with none that is.
    """
    if (one.kind, one.part) != (other.kind, other.part) or _differ(one.view, other.view):
        return False
    return (one.part == CHEST and one.view == LATERAL) or not _differ(one.side, other.side)


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _find_part(header: Header) -> str:
    stated = _text(header, "BodyPartExamined")
    if stated:
        return _name_part(stated) or "".join(_words(stated))
    if _code(header, "AnatomicRegionSequence") in CHEST_CODES:
        return CHEST
    return next((part for each in _DESCRIPTIONS if (part := _name_part(_text(header, each)))), "")


def _name_part(text: str) -> str:
    """Return the only part that a text names."""
    words = {*_words(text), "".join(_words(text))}
    named = {CHEST if each in CHESTS else each for each in words if each in CHESTS or each in OTHER_PARTS}
    return named.pop() if len(named) == 1 else ""


def _find_view(header: Header, *, radiograph: bool) -> tuple[str, str]:
    """Return the view and its side."""
    stated = _words(_text(header, "ViewPosition").replace(".", ""))
    if stated:
        return _name_view(stated) or (" ".join(stated), "")
    if found := _CODES.get(_code(header, "ViewCodeSequence")):
        return found
    if not radiograph:
        return "", ""
    if view := _read_orientation(_text(header, "PatientOrientation")):
        return view, ""
    for keyword in _DESCRIPTIONS:
        words = _words(_text(header, keyword).replace(".", ""))
        if found := _name_view([each for each in words if each in _SAID or _is_special(each)]):
            return found
    return "", ""


def _name_view(words: list[str]) -> tuple[str, str] | None:
    """Return the view that some words name, and its side; None where they name none or two."""
    if any(each in _DECUBITUS or each.startswith("DECUB") for each in words):
        return DECUBITUS, ""
    if any(each in _OBLIQUE or each.startswith("OBL") for each in words):
        return OBLIQUE, ""
    lateral = [each for each in words if each in _LATERAL]
    frontal = any(each in _FRONTAL for each in words)
    if frontal == bool(lateral):
        return None
    return (FRONTAL, "") if frontal else (LATERAL, next((_SIDES[each] for each in lateral if each in _SIDES), ""))


def _is_special(word: str) -> bool:
    return word in _OBLIQUE or word in _DECUBITUS or word.startswith(("OBL", "DECUB"))


def _read_orientation(text: str) -> str:
    r"""Return the view of an upright image by PatientOrientation: L\F is frontal, A\F lateral."""
    ends = [each.strip()[:1] for each in text.split("\\")]
    if len(ends) != 2 or not set(ends) & {"H", "F"}:
        return ""
    across = next((each for each in ends if each not in ("H", "F")), "")
    return FRONTAL if across in ("L", "R") else LATERAL if across in ("A", "P") else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _text(header: Header, keyword: str) -> str:
    """Return an element in capitals, several values parted by a backslash; empty where there is none."""
    value = header.get(keyword)
    if value is None or isinstance(value, bytes):
        return ""
    several = not isinstance(value, str) and hasattr(value, "__iter__")
    return ("\\".join(map(str, value)) if several else str(value)).strip().upper()


def _code(header: Header, keyword: str) -> str:
    """Return the code of a sequence's first item, which is what an index reads of it."""
    items = header.get(keyword)
    if isinstance(items, str):
        return items.strip().upper()
    return _text(items[0], "CodeValue") if items and isinstance(items[0], Dataset) else ""
