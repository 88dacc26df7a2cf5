"""What the decode child does with a file beyond showing it: states, key images, reports, anonymised copies.

All but copies leaves it as JSON, and the parent rebuilds only what is as it must be.
"""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, astuple
from typing import Any

import numpy as np
from pydicom import Dataset
from pydicom.sr.coding import Code

from ..dicom import graphics
from ..dicom.deidentify import burned_in_warning, deidentify, pseudonym_of
from ..dicom.displayed_area import DisplayedArea, SizeMode
from ..dicom.elements import MOST_ELEMENTS, Element, list_elements
from ..dicom.filing import MAX_ITEMS, ReferencedImage
from ..dicom.graphics import JUSTIFICATIONS, MAX_POINTS, GraphicLayer
from ..dicom.grayscale import Lut, Modality, Voi, Window
from ..dicom.header import HIDDEN, MAX_CHARACTERS
from ..dicom.key_objects import KeyObjects, read_key_objects
from ..dicom.presentation_state import ROTATIONS, PresentationState, read_presentation_state
from ..dicom.sr_document import (
    MOST_CHARACTERS,
    MOST_LINES,
    ContentLine,
    Observer,
    SRDocument,
    read_sr_document,
)
from ..dicom.writing import LO, ST, is_uid, to_bytes
from ..limits import MAX_DEPTH
from ..sentences import Sentence
from .over_answer import describe_shutter, rebuild_shutter
from .stored_answer import describe_step, rebuild_step

_FARTHEST, _LARGEST = 1 << 20, 1 << 31
_LONGEST = 10_000
_ANNOTATIONS = {
    each.__name__: each
    for each in (graphics.Point, graphics.Polyline, graphics.Circle, graphics.Ellipse, graphics.Text)
}
_TEXTS_OF_SR = ("title", "completion", "preliminary", "verification", "date", "time")
Answer = tuple[dict[str, object], bytes]


def _pack_state(dataset: Dataset, image: str, frame: int) -> Answer:
    return {}, json.dumps(describe_state(read_presentation_state(dataset, image, frame))).encode()


def describe_state(state: PresentationState) -> dict[str, Any]:
    """Return what is said of a presentation state, from which `unpack_state` rebuilds it."""
    area = state.area
    return {
        "images": [astuple(each) for each in state.images],
        "modality": _describe(state.modality),
        "voi": None if state.voi is None else _describe(state.voi),
        "inverted": state.inverted,
        "rotation": state.rotation,
        "flipped": state.flipped,
        "area": None if area is None else astuple(area),
        "layers": [astuple(each) for each in state.layers],
        "annotations": [[type(each).__name__, *astuple(each)] for each in state.annotations],
        "shutters": [describe_shutter(each) for each in state.shutters],
        "shutter_gray": state.shutter_gray,
        "texts": [state.label, state.description, state.creator],
        "left_out": [each.as_json() for each in state.left_out],
    }


def _pack_key_objects(dataset: Dataset) -> Answer:
    chosen = read_key_objects(dataset)
    title = (chosen.title.value, chosen.title.scheme_designator, chosen.title.meaning)
    images = [astuple(each) for each in chosen.images]
    said = {
        "images": images,
        "title": title,
        "description": chosen.description,
        "left_out": [each.as_json() for each in chosen.left_out],
    }
    return {}, json.dumps(said).encode()


def _anonymise(dataset: Dataset, secret: str, prefix: str) -> Answer:
    key = bytes.fromhex(secret)
    copy = deidentify(dataset, key, pseudonym_of(dataset, key, prefix))
    return {"warning": burned_in_warning(dataset).as_json()}, to_bytes(copy)


def _pack_elements(dataset: Dataset) -> Answer:
    return {}, json.dumps([astuple(each) for each in list_elements(dataset)]).encode()


def _pack_sr_document(dataset: Dataset) -> Answer:
    return {}, json.dumps(asdict(read_sr_document(dataset))).encode()


TASKS: dict[str, Callable[..., Answer]] = {
    "elements": _pack_elements,
    "state": _pack_state,
    "key objects": _pack_key_objects,
    "report": _pack_sr_document,
    "anonymise": _anonymise,
}


def unpack_elements(block: bytes) -> list[Element]:
    """Rebuild the elements that the child read.

    Raises:
        ValueError, TypeError: The child's answer is none.
    """
    found = []
    for level, *texts in _few(json.loads(block), MOST_ELEMENTS):
        tag, vr, name, value = (_text(each, _LONGEST) for each in texts)
        found.append(Element(_whole(level, 0, _LONGEST), tag, vr, name, value))
    return found


def unpack_state(block: bytes) -> PresentationState:
    """Rebuild what the child read of a presentation state.

    Raises:
        ValueError: What is said cannot be; KeyError, TypeError or AttributeError where it is of another kind.
    """
    said = json.loads(block)
    if said["rotation"] not in ROTATIONS or type(said["inverted"]) is not bool or type(said["flipped"]) is not bool:
        raise ValueError
    annotations = tuple(_rebuild_annotation(*each) for each in _few(said["annotations"], MAX_POINTS))
    label, description, creator = (_text(each, LO) for each in said["texts"])
    return PresentationState(
        tuple(map(rebuild_image, _few(said["images"], MAX_ITEMS))),
        _rebuild_step(said["modality"]),
        None if said["voi"] is None else _rebuild_step(said["voi"]),
        said["inverted"],
        said["rotation"],
        said["flipped"],
        None if said["area"] is None else _rebuild_area(*said["area"]),
        tuple(_rebuild_layer(*each) for each in _few(said["layers"], MAX_ITEMS)),
        annotations,
        tuple(rebuild_shutter(each) for each in _few(said["shutters"], 3)),
        _whole(said["shutter_gray"], 0, 65535),
        label,
        description,
        creator,
        tuple(map(Sentence.from_json, _few(said["left_out"], MAX_ITEMS))),
    )


def unpack_key_objects(block: bytes) -> KeyObjects:
    """Rebuild what the child read of a Key Object Selection.

    Raises:
        ValueError: What is said cannot be; KeyError, TypeError or AttributeError where it is of another kind.
    """
    said = json.loads(block)
    value, scheme, meaning = (_text(each, LO) for each in said["title"])
    description = "\n".join(_text(line, _LONGEST) for line in said["description"][:_LONGEST].split("\n"))
    left_out = tuple(map(Sentence.from_json, _few(said["left_out"], MAX_ITEMS)))
    return KeyObjects(
        tuple(map(rebuild_image, _few(said["images"], MAX_ITEMS))), Code(value, scheme, meaning), description, left_out
    )


def unpack_sr_document(block: bytes) -> SRDocument:
    """Rebuild what the child read of a structured report.

    Raises:
        ValueError: What is said cannot be; KeyError, TypeError or AttributeError where it is of another kind.
    """
    said = json.loads(block)
    texts = {name: _text(said[name], LO) for name in _TEXTS_OF_SR}
    if type(said["is_cut"]) is not bool:
        raise ValueError
    return SRDocument(
        **texts,
        observers=tuple(_rebuild_observer(**each) for each in _few(said["observers"], MAX_ITEMS)),
        lines=tuple(_rebuild_line(**each) for each in _few(said["lines"], MOST_LINES)),
        is_cut=said["is_cut"],
    )


def _rebuild_observer(name: Any, organization: Any, verified: Any, is_device: Any) -> Observer:
    if type(is_device) is not bool:
        raise ValueError
    return Observer(_text(name, LO), _text(organization, LO), _text(verified, LO), is_device)


def _rebuild_line(level: Any, kind: Any, name: Any, value: Any) -> ContentLine:
    lines = "\n".join(_text(line, MOST_CHARACTERS) for line in value[:MOST_CHARACTERS].split("\n"))
    return ContentLine(_whole(level, 0, MAX_DEPTH), _text(kind, LO), _text(name, LO), lines)


def describe_voi(voi: Voi) -> dict[str, Any]:
    """Return what is said of a window or a table, from which `rebuild_voi` rebuilds it."""
    return _describe(voi)


def rebuild_voi(said: Any) -> Voi:
    """Rebuild a window or a table.

    Raises:
        ValueError: What is said cannot be; KeyError, TypeError or AttributeError where it is of another kind.
    """
    found = _rebuild_step(said)
    if not isinstance(found, (Window, Lut)):
        raise TypeError
    return found


def _describe(step: Modality | Voi) -> dict[str, Any]:
    entries = step.entries.tolist() if isinstance(step, Lut) else []
    return {**describe_step(step), "entries": entries}


def _rebuild_step(said: Any) -> Any:
    entries = np.array([_whole(each, 0, 65535) for each in _few(said["entries"], 65536)], np.uint16)
    if len(entries) != said.get("count", 0):
        raise ValueError
    return rebuild_step(said, entries)[0]


def rebuild_image(said: Any) -> ReferencedImage:
    """Return a reference to an image from its fields in their order.

    Raises:
        ValueError or TypeError: They are none.
    """
    study, series, sop_class, sop_instance, frames = said
    if not is_uid(sop_class) or not is_uid(sop_instance):
        raise ValueError
    numbers = tuple(_whole(each, -_LARGEST, _LARGEST) for each in _few(frames, MAX_ITEMS))
    return ReferencedImage(
        _text(study, MAX_CHARACTERS), _text(series, MAX_CHARACTERS), sop_class, sop_instance, numbers
    )


def _rebuild_area(top: Any, bottom: Any, mode: Any, spacing: Any, aspect: Any, magnification: Any) -> DisplayedArea:
    corners = [(_whole(x, -_FARTHEST, _FARTHEST), _whole(y, -_FARTHEST, _FARTHEST)) for x, y in (top, bottom)]
    row, column = (_whole(each, 1, _LARGEST) for each in aspect)
    return DisplayedArea(
        corners[0],
        corners[1],
        SizeMode(mode),
        None if spacing is None else (_length(spacing[0]), _length(spacing[1])),
        (row, column),
        None if magnification is None else _length(magnification),
    )


def _rebuild_layer(name: Any, order: Any, description: Any, gray: Any) -> GraphicLayer:
    shade = None if gray is None else _whole(gray, 0, 65535)
    return GraphicLayer(_text(name, 16), _whole(order, -_LARGEST, _LARGEST), _text(description, LO), shade)


def _rebuild_annotation(kind: str, layer: Any, *rest: Any) -> graphics.Annotation:
    name = _text(layer, 16)
    match _ANNOTATIONS[kind], rest:
        case graphics.Point, (at,):
            return graphics.Point(name, _place(at))
        case graphics.Polyline, (points, bool(filled)):
            return graphics.Polyline(name, tuple(map(_place, _few(points, MAX_POINTS))), filled)
        case graphics.Circle, (center, edge, bool(filled)):
            return graphics.Circle(name, _place(center), _place(edge), filled)
        case graphics.Ellipse, ((a, b), (c, d), bool(filled)):
            return graphics.Ellipse(name, (_place(a), _place(b)), (_place(c), _place(d)), filled)
        case graphics.Text, (words, anchor, box, bool(visible), side) if side in JUSTIFICATIONS and (anchor or box):
            lines = "\n".join(_text(line, ST) for line in words[:ST].split("\n"))
            corners = None if box is None else (_place(box[0]), _place(box[1]))
            return graphics.Text(name, lines, None if anchor is None else _place(anchor), corners, visible, side)
    raise ValueError


def _place(said: Any) -> graphics.Place:
    x, y = said
    if not all(type(each) in (int, float) and math.isfinite(each) and abs(each) <= _FARTHEST for each in (x, y)):
        raise ValueError
    return float(x), float(y)


def _length(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or value <= 0:
        raise ValueError
    return float(value)


def _whole(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError
    return value


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError
    return HIDDEN.sub(" ", value).strip()


def _few(values: Any, most: int) -> list[Any]:
    if not isinstance(values, list) or len(values) > most:
        raise ValueError
    return values
