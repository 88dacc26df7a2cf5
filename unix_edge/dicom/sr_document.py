"""A structured report as a person reads it: its content tree line by line, and who answers for it (PS3.3 C.17).

The document is a stranger's: whatever it holds becomes plain text of a bounded length, in the order of the file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydicom import Dataset, config
from pydicom.uid import UID, KeyObjectSelectionDocumentStorage

from ..errors import StructuredReportError
from ..sentences import Sentence
from .filing import items, one_line, plain_lines
from .header import HIDDEN
from .writing import LO

MOST_LINES = 5_000
MOST_CHARACTERS = 10_000
"""Of one value."""
_MOST_IN_ALL = 500_000
"""Characters of all values."""
_MOST_OBSERVERS = 16
SR_ROOT = "1.2.840.10008.5.1.4.1.1.88."
"""What the SOP Classes of PS3.3 A.35 have in common: Basic Text, Enhanced, Comprehensive, and those of one kind."""


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A content item."""

    level: int
    """In so many containers or items; 0 lies in the root."""
    kind: str
    """Value Type (0040,A040): CONTAINER is a heading."""
    name: str
    """Its concept; empty where it has none."""
    value: str
    """In lines of text; of DATE, TIME and DATETIME as DICOM writes it. Empty of a heading."""


@dataclass(frozen=True, slots=True)
class Observer:
    """Who answers for a document."""

    name: str
    organization: str = ""
    verified: str = ""
    """Verification DateTime (0040,A030) of who verified it; empty of an author."""
    is_device: bool = False


@dataclass(frozen=True, slots=True)
class SRDocument:
    """A structured report."""

    title: str
    completion: str
    """Completion Flag (0040,A491): COMPLETE or PARTIAL; empty where it says neither."""
    preliminary: str
    """Preliminary Flag (0040,A496): PRELIMINARY or FINAL; empty where it says neither."""
    verification: str
    """Verification Flag (0040,A493): VERIFIED or UNVERIFIED; empty where it says neither."""
    date: str
    """Content Date, DA."""
    time: str
    """Content Time, TM."""
    observers: tuple[Observer, ...]
    """Who verified it, then who wrote it."""
    lines: tuple[ContentLine, ...]
    is_cut: bool = False
    """Whether it holds more than this."""


def is_sr(sop_class: str) -> bool:
    """Return whether a SOP Class is a report to be read; a Key Object Selection is a choice of images."""
    return sop_class.startswith(SR_ROOT) and sop_class != KeyObjectSelectionDocumentStorage


def read_sr_document(dataset: Dataset) -> SRDocument:
    """Read a structured report.

    Args:
        dataset: A file's, from anywhere.

    Raises:
        StructuredReportError: It is none, or holds nothing that can be read.
    """
    with config.disable_value_validation():  # pydicom's warnings would quote the file
        if not is_sr(_text(dataset, "SOPClassUID")):
            raise StructuredReportError(Sentence("it is no structured report"), "read")
        lines, is_cut = _bound(_walk(dataset, 0))
        if not lines:
            raise StructuredReportError(Sentence("it has no content"), "read")
        flags = (
            _flag(dataset, "CompletionFlag", "COMPLETE", "PARTIAL"),
            _flag(dataset, "PreliminaryFlag", "PRELIMINARY", "FINAL"),
            _flag(dataset, "VerificationFlag", "VERIFIED", "UNVERIFIED"),
        )
        when = _text(dataset, "ContentDate"), _text(dataset, "ContentTime")
        observers = tuple(_observers(dataset))[:_MOST_OBSERVERS]
        return SRDocument(_concept(dataset), *flags, *when, observers, lines, is_cut)


def _bound(found: Iterator[ContentLine]) -> tuple[tuple[ContentLine, ...], bool]:
    """Return as many lines as are shown, and whether there are more."""
    lines: list[ContentLine] = []
    room = _MOST_IN_ALL
    for line in found:
        room -= len(line.name) + len(line.value)
        if len(lines) == MOST_LINES or room < 0:
            return tuple(lines), True
        lines.append(line)
    return tuple(lines), False


def _walk(parent: Dataset, level: int) -> Iterator[ContentLine]:
    for item in items(parent, "ContentSequence"):
        kind = _text(item, "ValueType")
        value = _VALUES[kind](item) if kind in _VALUES else _reference_within(item)
        if kind or value:
            yield ContentLine(level, kind, _concept(item), value)
        yield from _walk(item, level + 1)


def _observers(dataset: Dataset) -> Iterator[Observer]:
    """Return who verified it (PS3.3 C.17.2), and its authors and contributors where it names any."""
    for item in items(dataset, "VerifyingObserverSequence"):
        name, verified = _text(item, "VerifyingObserverName"), _text(item, "VerificationDateTime")
        yield Observer(_person(name), _text(item, "VerifyingOrganization"), verified)
    for keyword in ("AuthorObserverSequence", "ParticipantSequence"):
        for item in items(dataset, keyword):
            if name := _person(_text(item, "PersonName")):
                yield Observer(name, _text(item, "InstitutionName"))
            else:
                parts = (_text(item, name) for name in ("StationName", "Manufacturer", "ManufacturerModelName"))
                if name := ", ".join(filter(None, parts)):
                    yield Observer(name, _text(item, "InstitutionName"), is_device=True)


def _flag(dataset: Dataset, keyword: str, *known: str) -> str:
    value = _text(dataset, keyword)
    return value if value in known else ""


def _text(item: Dataset, keyword: str) -> str:
    """Return an element's value on one line."""
    return one_line(HIDDEN.sub(" ", _raw(item, keyword)), LO)


def _lines(item: Dataset, keyword: str) -> str:
    """Return an element's value in its own lines."""
    text = "\n".join(HIDDEN.sub(" ", line) for line in _raw(item, keyword)[:MOST_CHARACTERS].splitlines())
    return plain_lines(text)


def _raw(item: Dataset, keyword: str) -> str:
    try:
        value = item.get(keyword)
    except Exception:  # what pydicom raises on a value that its VR does not allow
        return ""
    return "" if value is None or isinstance(value, bytes) else str(value)


def _concept(item: Dataset) -> str:
    return _code(item, "ConceptNameCodeSequence")


def _code(item: Dataset, keyword: str) -> str:
    """Return what a code means, else the code itself."""
    for code in items(item, keyword)[:1]:
        names = ("CodeMeaning", "CodeValue", "LongCodeValue", "URNCodeValue")
        return next(filter(None, (_text(code, name) for name in names)), "")
    return ""


def _number(item: Dataset) -> str:
    """Return each number with its unit, else why there is none (PS3.3 C.18.1)."""
    said = []
    for measured in items(item, "MeasuredValueSequence"):
        number, unit = _text(measured, "NumericValue"), _unit(measured)
        said.append(f"{number} {unit}" if unit else number)
    return ", ".join(filter(None, said)) or _code(item, "NumericValueQualifierCodeSequence")


def _unit(measured: Dataset) -> str:
    """Return a unit as it is written: of UCUM its code, for its meaning is a word; "1" and braces are none."""
    for unit in items(measured, "MeasurementUnitsCodeSequence")[:1]:
        code = _text(unit, "CodeValue")
        if _text(unit, "CodingSchemeDesignator") != "UCUM":
            return _text(unit, "CodeMeaning") or code
        return "" if code == "1" or code.startswith("{") else code
    return ""


def _person(name: str) -> str:
    """Return a PN value, the family's name first, in its first group of letters."""
    groups = [each for each in name.split("=") if each.strip("^ ")]
    parts = [part.strip() for part in (groups or [""])[0].split("^")]
    given = " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (parts[0], given) if part)


def _objects(item: Dataset) -> str:
    """Return what kinds of objects an item refers to, and their UIDs."""
    said = []
    for each in items(item, "ReferencedSOPSequence"):
        kind, uid = _text(each, "ReferencedSOPClassUID"), _text(each, "ReferencedSOPInstanceUID")
        said.append(" ".join(filter(None, (UID(kind).name if UID(kind).is_valid else "", uid))))
    return "\n".join(said)[:MOST_CHARACTERS]


def _places(item: Dataset) -> str:
    """Return the kind of a coordinate item; its numbers are of no use without the image."""
    return _text(item, "GraphicType") or _text(item, "TemporalRangeType")


def _reference_within(item: Dataset) -> str:
    """Return where an item by reference leads to, as in "1.2.3" (PS3.3 C.17.3.2.5)."""
    value = _raw(item, "ReferencedContentItemIdentifier")
    return ".".join("".join(each if each.isdigit() else " " for each in value).split())[:LO]


_VALUES: Mapping[str, Callable[[Dataset], str]] = MappingProxyType(
    {
        "CONTAINER": lambda item: "",
        "TEXT": lambda item: _lines(item, "TextValue"),
        "CODE": lambda item: _code(item, "ConceptCodeSequence"),
        "NUM": _number,
        "PNAME": lambda item: _person(_text(item, "PersonName")),
        "DATE": lambda item: _text(item, "Date"),
        "TIME": lambda item: _text(item, "Time"),
        "DATETIME": lambda item: _text(item, "DateTime"),
        "UIDREF": lambda item: _text(item, "UID"),
        "IMAGE": _objects,
        "COMPOSITE": _objects,
        "WAVEFORM": _objects,
        "SCOORD": _places,
        "SCOORD3D": _places,
        "TCOORD": _places,
    }
)
"""How the value of each Value Type is written (PS3.3 C.17.3.2.1)."""
