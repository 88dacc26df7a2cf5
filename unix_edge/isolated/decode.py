"""A file to pixels, decoded in a child process that a hostile file may kill (`child`, `decode_child`)."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from ..dicom.grayscale import ImageWarning, StoredImage, show_to_model
from ..dicom.header import rebuild_header
from ..domain import is_phantom_dicom
from ..errors import ImageError
from ..limits import MAX_LINE, MAX_SIDE
from ..sentences import Sentence
from .child import DIED, Session, Source, ask
from .over_answer import Over, over_length, unpack_over
from .stored_answer import packed_length, unpack_stored


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One frame of a file, and what is known of it."""

    shown: NDArray[np.uint8] | None
    """What the child made of it to be seen; None where stored values came in its place."""
    header: Dataset | None
    """The elements of `dicom.header.KEPT_KEYWORDS`; None of a PNG or JPEG."""
    transfer_syntax: str | None
    """A UID; None of a PNG or JPEG."""
    warnings: tuple[Sentence, ...]
    """Sentences of `ImageWarning`, and on overlays and shutters that were left out."""
    sha256: str
    """Of the file's bytes."""
    phantom: bool = False
    """Whether it is marked as a computed phantom."""
    stored: StoredImage | None = None
    """The stored values, where they were asked for; None of a PNG or JPEG."""
    synthetic: bool = False
    """Whether it is marked as synthetic data."""
    window: str = ""
    """How the child made gray of stored values (`describe_voi`); empty where it did not."""
    over: Over | None = None
    """Overlays and shutters, where the stored values were asked for."""

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(H, W) gray as the model sees it; of a PNG or JPEG in colour (H, W, 3)."""
        if self.shown is not None:
            return self.shown
        assert self.stored is not None, "a child answers with one of them"
        return show_to_model(self.stored)


def decode(source: Path | Source, *, frame: int = 0, stored: bool = False) -> Decoded:
    """Decode one frame, from 0, of a DICOM, PNG or JPEG file in a child process of its own.

    With `stored`, a DICOM file's stored values come as well, to be shown through any window, and what lies over them.

    Raises:
        ImageError: It is no file, or none that can be read within 512 MiB, 1.5 GiB of memory and 20 seconds.
    """
    return ask(source, {"frame": frame, "stored": stored}, _receive)


class SeriesDecoder:
    """Decodes the pictures of one series in a child that stays for the next, for one thread at a time."""

    def __init__(self) -> None:
        self._session = Session()

    def decode(self, what: object, source: Path | Source, frame: int) -> Decoded:
        """Decode one frame with its stored values; `what` tells the file, as it is now, from all others.

        Raises:
            ImageError: As of `decode`.
        """
        return self._session.ask(what, source, {"frame": frame, "stored": True}, _receive)

    def close(self) -> None:
        """End the child."""
        self._session.end()


def _receive(answers: IO[bytes], sha256: str, nonce: str | None = None) -> Decoded:
    """Return the child's answer, every part of it checked; it repeats the nonce, or without one nothing follows it.

    Raises:
        ImageError: The child says so, or its answer is none.
    """
    try:
        answer = json.loads(answers.readline(MAX_LINE))
        if answer.get("nonce") != nonce:  # it was written before this was asked
            raise ImageError("The file", DIED)
        if "problem" in answer:
            raise ImageError("The file", Sentence.from_json(answer["problem"]))
        shape = tuple(answer["shape"])
        warnings = tuple(ImageWarning[name].value for name in answer["warnings"])
        header, syntax, window = answer["header"], answer["transfer_syntax"], answer.get("window", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ImageError("The file", DIED) from None
    if not _is_shape(shape) or (syntax is not None and not re.fullmatch(r"[0-9.]{1,64}", str(syntax), re.ASCII)):
        raise ImageError("The file", DIED)
    if not isinstance(window, str) or not re.fullmatch(r"[\w ,.;:'()/-]{0,300}", window, re.ASCII):
        raise ImageError("The file", DIED)
    said = answer.get("stored")
    shown = stored = over = None
    try:
        gray = int(np.prod(shape)) if said is None else 0
        more = 0 if said is None else packed_length(said, shape)
        bits = 0 if said is None else over_length(answer["over"], shape)
        block = answers.read(gray + more + bits + (nonce is None))
        if len(block) != gray + more + bits:
            raise ImageError("The file", DIED)
        if said is None:
            shown = np.frombuffer(block, np.uint8, gray).reshape(shape)
        else:
            stored = unpack_stored(said, shape, block[:more])
            over, left_out = unpack_over(answer["over"], shape, block[more:])
            warnings += left_out
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ImageError("The file", DIED) from None
    rebuilt = None if header is None else rebuild_header(header)
    phantom = answer.get("phantom") is True if rebuilt is None else is_phantom_dicom(rebuilt)
    synthetic = answer.get("synthetic") is True if rebuilt is None else rebuilt.get("SyntheticData") == "YES"
    return Decoded(shown, rebuilt, syntax, warnings, sha256, phantom, stored, synthetic, window, over)


def _is_shape(shape: tuple[Any, ...]) -> bool:
    return (
        len(shape) in (2, 3)
        and all(type(side) is int and 1 <= side <= MAX_SIDE for side in shape[:2])
        and (shape[2:] in ((), (3,)))
    )
