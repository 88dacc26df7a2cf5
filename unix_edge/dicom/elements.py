"""All elements of a file as a person reads them: tag, name, VR and value, sequences item by item."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydicom import Dataset
from pydicom.datadict import dictionary_has_tag
from pydicom.dataelem import DataElement

from .header import HIDDEN

MOST_ELEMENTS = 20_000
MOST_CHARACTERS = 1024
"""Of one value; of a longer one the beginning is shown."""
_DEEPEST = 16
_BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})


@dataclass(frozen=True, slots=True)
class Element:
    """One line."""

    level: int
    """In so many sequences."""
    tag: str
    """As in "(0010,0010)"; empty of an item of a sequence."""
    vr: str
    name: str
    value: str


def list_elements(dataset: Dataset) -> list[Element]:
    """Return the elements of a file, its File Meta Information first, at most `MOST_ELEMENTS`."""
    found: list[Element] = []
    for part in (getattr(dataset, "file_meta", None) or Dataset(), dataset):
        for element in _walk(part, 0):
            if len(found) == MOST_ELEMENTS:
                return found
            found.append(element)
    return found


def _walk(dataset: Dataset, level: int) -> Iterator[Element]:
    for tag in sorted(dataset.keys()):
        try:
            element = dataset[tag]
        except Exception:  # pydicom raises what its converters raise; the other elements are still read
            yield Element(level, _tag(tag), "", "", "?")
            continue
        if element.VR == "SQ":
            items = element.value or ()
            yield Element(level, _tag(tag), "SQ", _name(element), f"[{len(items)}]")
            if level < _DEEPEST:
                for number, item in enumerate(items, start=1):
                    yield Element(level + 1, "", "", f"{number}", "")
                    yield from _walk(item, level + 2)
        else:
            yield Element(level, _tag(tag), element.VR, _name(element), _value(element))


def _tag(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _name(element: DataElement) -> str:
    if element.tag.is_private:
        return str(element.private_creator or "")
    return element.name if dictionary_has_tag(element.tag) else ""


def _value(element: DataElement) -> str:
    value = element.value
    if value is None:
        return ""
    if element.VR in _BYTES or isinstance(value, bytes):
        return f"{len(value):,} bytes"
    several = element.VM > 1 and not isinstance(value, str)
    text = "\\".join(map(str, value[:MOST_CHARACTERS])) if several else str(value)
    cut = text[:MOST_CHARACTERS] + ("..." if len(text) > MOST_CHARACTERS else "")
    return HIDDEN.sub(" ", cut).strip()
