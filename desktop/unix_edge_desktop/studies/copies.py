"""One image in two files: the same SOP Instance UID from a medium and an archive is compared, never taken on trust.

Files that are equal byte for byte, or hold the same pixels in another encoding, are copies of one image. Others are
contents of their own: their UID is wrong for all but one of them, and nobody here can tell for which.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from unix_edge.errors import ImageError
from unix_edge.isolated.child import open_source
from unix_edge.isolated.decode import decode

from .opening import find_again
from .studies import Instance

UNREAD = "unread"
"""The content of a file that could not be read when it was to be compared: it is listed only where it is alone."""
_BLOCK = 1 << 20
_MOST_FRAMES = 16
"""Of a file whose pixels are compared; those of longer ones count as other where their bytes are."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that has the SOP Instance UID of another."""

    path: Path
    member: str
    frames: int
    content: str
    """What tells its content from others' of the UID; empty where it was not compared yet."""


def compare(copies: Sequence[Copy], should_stop: Callable[[], bool] = lambda: False) -> dict[Copy, str]:
    """Return the contents of those files of one UID that have none yet, or could not be read before."""
    found: dict[Copy, str] = {}
    known = {each.content: each for each in copies if each.content not in ("", UNREAD)}
    for each in copies:
        if each.content not in ("", UNREAD):
            continue
        if should_stop():
            break
        try:
            bytes_of = _hash_bytes(each)
        except (ImageError, OSError):
            found[each] = UNREAD
            continue
        same = next((content for content, other in known.items() if _is_same(each, bytes_of, other)), None)
        found[each] = same or bytes_of
        known.setdefault(found[each], each)
    return found


def join_copies(files: Sequence[tuple[Instance, str]]) -> tuple[Instance, ...]:
    """Return the images of a series: each once, with its copies; one that could not be compared only where alone."""
    read = {each.sop_uid for each, content in files if content != UNREAD}
    joined: dict[tuple[object, ...], Instance] = {}
    for at, (each, content) in enumerate(files):
        if content == UNREAD and each.sop_uid in read:
            continue
        key = (each.sop_uid, content) if content not in ("", UNREAD) else (at,)
        first = joined.get(key)
        joined[key] = each if first is None else replace(first, copies=(*first.copies, each))
    return tuple(joined.values())


def _is_same(one: Copy, bytes_of_one: str, other: Copy) -> bool:
    """Return whether two files hold the same pixels; of one that is gone by now nobody knows."""
    try:
        if bytes_of_one == _hash_bytes(other):
            return True
        return one.frames == other.frames <= _MOST_FRAMES and _hash_pixels(one) == _hash_pixels(other)
    except (ImageError, OSError):
        return False


def _hash_bytes(copy: Copy) -> str:
    digest = hashlib.sha256()
    file, _ = open_source(find_again(copy.path, copy.member))
    with file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _hash_pixels(copy: Copy) -> str:
    digest = hashlib.sha256()
    for frame in range(copy.frames):
        decoded = decode(find_again(copy.path, copy.member), frame=frame, stored=True)
        stored = decoded.stored
        values = decoded.pixels if stored is None else stored.stored if stored.colour is None else stored.colour
        digest.update(repr(values.shape).encode() + np.ascontiguousarray(values, "<i4").tobytes())
    return digest.hexdigest()
