"""What a reader does with a file beyond looking at its image: each in a child process that a hostile file may kill."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

from ..dicom.elements import Element
from ..dicom.key_objects import KeyObjects
from ..dicom.presentation_state import PresentationState
from ..dicom.sr_document import SRDocument
from ..errors import (
    DeidentificationError,
    ImageError,
    KeyObjectsError,
    PresentationStateError,
    StructuredReportError,
    UnixEdgeError,
)
from ..limits import MAX_FILE, MAX_LINE
from ..sentences import Sentence
from .child import DIED, Source, ask
from .object_answer import unpack_elements, unpack_key_objects, unpack_sr_document, unpack_state

_MOST_SAID = 32 << 20
"""Bytes of a presentation state, a selection or a report as JSON."""
Refuse = Callable[[Sentence], UnixEdgeError]
Said = TypeVar("Said", PresentationState, KeyObjects, SRDocument, list[Element])


def read_state_file(source: Path | Source, image: str, frame: int = 0) -> PresentationState:
    """Read a presentation state as it applies to an image by its SOP Instance UID, and a frame from 0.

    Raises:
        ImageError: The file cannot be read.
        PresentationStateError: It is none, is not about the image, or asks for a picture that cannot be shown.
    """
    _, block = _do(source, "state", [image, frame + 1], _MOST_SAID, PresentationStateError)
    return _unpack(source, block, unpack_state)


def read_key_file(source: Path | Source) -> KeyObjects:
    """Read a Key Object Selection.

    Raises:
        ImageError: The file cannot be read.
        KeyObjectsError: It is none, has no title, or refers to no image that its evidence lists.
    """
    _, block = _do(source, "key objects", [], _MOST_SAID, KeyObjectsError)
    return _unpack(source, block, unpack_key_objects)


def read_sr_file(source: Path | Source) -> SRDocument:
    """Read a structured report as text.

    Raises:
        ImageError: The file cannot be read.
        StructuredReportError: It is none, or holds nothing that can be read.
    """
    _, block = _do(source, "report", [], _MOST_SAID, lambda problem: StructuredReportError(problem, "read"))
    return _unpack(source, block, unpack_sr_document)


def read_elements(source: Path | Source) -> list[Element]:
    """Read all elements of a DICOM file, as a person reads them.

    Raises:
        ImageError: The file cannot be read.
    """
    _, block = _do(source, "elements", [], _MOST_SAID)
    return _unpack(source, block, unpack_elements)


def anonymise_file(source: Path | Source, secret: bytes, prefix: str) -> tuple[bytes, Sentence]:
    """Return an anonymised copy as a DICOM file's bytes, and what is to be known of text burned into it.

    Args:
        source: A file with a CR, DX or Secondary Capture image.
        secret: At least 16 random bytes, made for one export and then forgotten (`dicom.deidentify`).
        prefix: What the patient's new name and ID begin with.

    Raises:
        ImageError: The file cannot be read.
        DeidentificationError: It is another object, or the prefix does not serve.
    """
    answer, block = _do(source, "anonymise", [secret.hex(), prefix], MAX_FILE, DeidentificationError)
    try:
        warning = Sentence.from_json(answer.get("warning"))
    except ValueError:
        raise ImageError(source.name, DIED) from None
    if block[:132] != bytes(128) + b"DICM":
        raise ImageError(source.name, DIED)
    return block, warning


def _do(
    source: Path | Source, task: str, arguments: list[Any], most: int, refuse: Refuse | None = None
) -> tuple[dict[str, Any], bytes]:
    """Return what the child says, and at most so many bytes.

    Raises:
        ImageError: The file cannot be read, or the child's answer is none.
    """

    def receive(answers: IO[bytes], sha256: str) -> tuple[dict[str, Any], bytes]:
        try:
            answer = json.loads(answers.readline(MAX_LINE))
            length = answer.get("length")
            problem, refused = (
                Sentence.from_json(answer[name]) if name in answer else None for name in ("problem", "refused")
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise ImageError("The file", DIED) from None
        if problem is not None:
            raise ImageError("The file", problem)
        if refused is not None and refuse is not None:
            raise refuse(refused)
        if type(length) is not int or not 0 <= length <= most:
            raise ImageError("The file", DIED)
        block = answers.read(length + 1)
        if len(block) != length:
            raise ImageError("The file", DIED)
        return answer, block

    return ask(source, {"task": task, "arguments": arguments}, receive)


def _unpack(source: Path | Source, block: bytes, unpack: Callable[[bytes], Said]) -> Said:
    try:
        said = unpack(block)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError):
        raise ImageError(source.name, DIED) from None
    return said
