"""The process in which a stranger's file is decoded: it reads requests until there are no more, mostly one.

A request may ask for more of the file of the last one, whose bytes are not sent again. The process learns no path, and
what it writes to its standard error goes nowhere.
"""

import json
import os
from typing import Any, BinaryIO

from ..limits import MAX_LINE, limit_this_process
from ..sentences import Sentence


def main() -> None:
    """Answer the requests on standard input."""
    limit_this_process()
    # Whatever a library prints must not become part of the answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = os.fdopen(0, "rb", closefd=False)
    while requests.peek(1):
        answer, block = _answer(requests)
        answers.write(json.dumps({**answer, "nonce": _HELD.nonce}).encode() + b"\n")
        answers.write(block)
        answers.flush()
        del answer, block


def get_ready() -> None:
    """Import what decoding needs, which is most of the time that a file takes, before there is a file."""
    from ..dicom import header, pixels, structure  # noqa: F401
    from . import over_answer, stored_answer  # noqa: F401


class _Held:
    """The file of the last request, and what the answer repeats of that request."""

    def __init__(self) -> None:
        self.data = b""
        self.dataset: Any = None
        self.is_program = False
        self.nonce: str | None = None


_HELD = _Held()


def _answer(requests: BinaryIO) -> tuple[dict[str, object], bytes]:
    """Return the answer's line and its block: an image, or why there is none."""
    from ..errors import (
        DeidentificationError,
        ImageError,
        KeyObjectsError,
        PresentationStateError,
        StructuredReportError,
    )

    try:
        return _decode(requests)
    except ImageError as error:
        return {"problem": error.problem.as_json()}, b""
    except (DeidentificationError, KeyObjectsError, PresentationStateError, StructuredReportError) as error:
        return {"refused": error.problem.as_json()}, b""
    except MemoryError:
        return {"problem": Sentence("decoding it needs more memory than it may have").as_json()}, b""
    except RecursionError:
        return {"problem": Sentence("its structure is nested too deeply").as_json()}, b""
    except BaseException as error:  # a panic in Rust is no Exception
        return {
            "problem": Sentence("its structure or its pixel data are broken ({0})", type(error).__name__).as_json()
        }, b""


def _decode(requests: BinaryIO) -> tuple[dict[str, object], bytes]:
    request, held = json.loads(requests.readline(MAX_LINE)), _HELD
    held.nonce = request.get("nonce")
    if not request.get("again"):
        held.data, held.dataset = b"", None  # before there is memory for two
        held.data = requests.read(request["length"])
    if "task" in request:
        return _do(request, held.data)
    if held.dataset is not None or held.data[128:132] == b"DICM":
        return _decode_dicom(held, request["frame"], request.get("stored", False))
    return _decode_picture(held.data)


def _do(request: dict[str, Any], data: bytes) -> tuple[dict[str, object], bytes]:
    """Read an object that is no image, or make an anonymised copy of one."""
    from pydicom import config

    from ..dicom import DICOM_IMAGE
    from ..dicom.structure import read_dicom
    from ..errors import ImageError
    from . import object_answer

    config.settings.reading_validation_mode = config.IGNORE
    if data[128:132] != b"DICM":
        raise ImageError(DICOM_IMAGE, Sentence("it is no DICOM file"))
    answer, block = object_answer.TASKS[request["task"]](read_dicom(data), *request["arguments"])
    return {**answer, "length": len(block)}, block


def _decode_dicom(held: _Held, frame: int, with_stored: bool) -> tuple[dict[str, object], bytes]:
    from pydicom import config

    from ..dicom.grayscale import ImageWarning, describe_voi, first_voi, show
    from ..dicom.header import pick_header
    from ..dicom.pixels import read_stored
    from ..dicom.structure import begins_like_a_program, read_dicom

    # Nobody reads warnings here; what matters is checked.
    config.settings.reading_validation_mode = config.IGNORE
    if held.dataset is None:
        held.is_program = begins_like_a_program(held.data)
        held.dataset = read_dicom(held.data)
        held.data = b""
    dataset = held.dataset
    stored = read_stored(dataset, frame)
    header = pick_header(dataset)
    warnings = [*stored.warnings]
    warnings += [ImageWarning.PROGRAM] if held.is_program else []
    warnings += [ImageWarning.TEXT] if "\\ufffd" in json.dumps(header) else []
    answer: dict[str, object] = {
        "shape": stored.stored.shape,
        "header": header,
        "transfer_syntax": dataset.file_meta.TransferSyntaxUID,
        "warnings": [warning.name for warning in warnings],
    }
    if not with_stored:
        voi = first_voi(stored)
        answer["window"] = describe_voi(stored, voi)
        return answer, show(stored, voi).tobytes()
    from .over_answer import pack_over, read_over
    from .stored_answer import pack_stored

    answer["stored"], blocks = pack_stored(stored)
    answer["over"], bits = pack_over(*read_over(dataset, stored.stored.shape, frame))
    return answer, b"".join([*blocks, bits])


def _decode_picture(data: bytes) -> tuple[dict[str, object], bytes]:
    import numpy as np
    from PIL import Image

    from ..domain import is_phantom_png
    from ..raster import read_picture

    Image.MAX_IMAGE_PIXELS = None  # the sides are checked, and say so
    picture = read_picture(data, "The file")
    pixels = np.asarray(picture)
    answer: dict[str, object] = {"shape": pixels.shape, "header": None, "transfer_syntax": None, "warnings": []}
    marks = {"phantom": is_phantom_png(picture.info), "synthetic": picture.info.get("Synthetic Data") == "YES"}
    return {**answer, **marks}, pixels.tobytes()
