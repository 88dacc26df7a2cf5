"""The process in which strangers' headers are read: it lives for many files, and asks for the bytes that it wants.

A request is a JSON line with each file's size and how many of its first bytes follow; they follow together. Each file
has one answer, a JSON line; before it there may be lines that ask for more of that file, and then those bytes come in
and nothing else. Pixel data are stepped over.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..limits import MAX_LINE, limit_this_process
from ..sentences import Sentence

if TYPE_CHECKING:
    from ..dicom.tags import PartialFile


MAX_DIRECTORY_LINE = 32 << 20
"""Bytes of the answer that is a DICOMDIR's file IDs."""
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def main() -> None:
    """Answer requests until there are no more."""
    limit_this_process()
    _import_without_numpy()
    # Whatever a library prints must not become part of an answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = sys.stdin.buffer

    def ask(start: int, length: int) -> bytes:
        answers.write(json.dumps({"more": [start, length]}).encode() + b"\n")
        answers.flush()
        block = requests.read(length)
        if len(block) != length:
            sys.exit()
        return block

    while line := requests.readline(MAX_LINE):
        request = json.loads(line)
        heads = [requests.read(length) for _, length in request["files"]]
        for (size, _), head in zip(request["files"], heads, strict=True):
            answer = json.dumps(_answer(head, size, ask, directory=request["directory"])).encode()
            answers.write(answer + b"\n")
            answers.flush()  # at once: another file may be the last


def _import_without_numpy() -> None:
    """Import what reads headers; numpy, which takes pydicom as long to import as all else, is for pictures only."""
    sys.modules["numpy"] = None  # type: ignore[assignment]
    from ..dicom import tags as tags

    del sys.modules["numpy"]


def _answer(head: bytes, size: int, ask: Callable[[int, int], bytes], *, directory: bool) -> dict[str, object]:
    """Return what is kept of a header, a DICOMDIR's file IDs, or why there is neither."""
    from ..errors import ImageError

    try:
        from ..dicom.tags import PartialFile, read_file_ids

        file = PartialFile(head, size, ask)
        return {"file_ids": read_file_ids(file)} if directory else {"kept": _read(file)}
    except ImageError as error:
        return {"problem": error.problem.as_json()}
    except MemoryError:
        return {"problem": Sentence("reading its header needs more memory than it may have").as_json()}
    except SystemExit:
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        return {"problem": Sentence("its header is broken ({0})", type(error).__name__).as_json()}


def _read(file: "PartialFile") -> dict[str, str]:
    from ..dicom.tags import read_header

    return read_header(file) if file.data[128:132] == b"DICM" else _read_picture(file)


def _read_picture(file: "PartialFile") -> dict[str, str]:
    """Return a PNG's or JPEG's size; it is decoded for that, so that one that is broken is not kept."""
    from PIL import Image

    from ..errors import ImageError
    from ..raster import read_picture

    if not file.data[:8].startswith(_PICTURES):
        raise ImageError("The file", Sentence("it is neither DICOM, PNG nor JPEG"))
    Image.MAX_IMAGE_PIXELS = None  # the sides are checked, and say so
    file.fetch(0, file.size)
    picture = read_picture(file.data[:], "The file")
    kept = {"Rows": str(picture.height), "Columns": str(picture.width)}
    return kept | ({"SyntheticData": "YES"} if picture.info.get("Synthetic Data") == "YES" else {})
