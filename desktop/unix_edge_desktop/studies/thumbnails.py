"""Small pictures of what is indexed, made in the background and kept in the user's cache folder.

A picture's name in the cache is a hash and says nothing of whose it is; the folder is the user's alone.
"""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray
from PIL import Image

from unix_edge.dicom.grayscale import ImageWarning
from unix_edge.errors import ImageError, UnixEdgeError
from unix_edge.files import make_private_folder, write_atomically
from unix_edge.isolated.child import KILLED, Source
from unix_edge.isolated.decode import decode
from unix_edge.sentences import Sentence

from .opening import find_again
from .studies import FileState, Instance

SIDE = 128
MOST = 4096
"""Pictures in the cache: some 64 MiB."""
MOST_KILLED, _WITHIN = 3, 600.0
"""Children that the system may end within so many seconds; then no pictures are made until that is past."""
_LOOK = 5.0
"""Seconds between two looks at whether that is past."""
_COLOURS = b"in colour"
"""In the names of pictures, lest those are found that were kept when all were gray."""
_TRIM_AFTER = 256
"""Pictures written before the oldest are looked for again."""

Picture = NDArray[np.uint8]
"""(H, W) of a gray image, (H, W, 3) of one in colour."""


def make_thumbnail(instance: Instance) -> Picture | Sentence:
    """Return an image through its file's first window, at most 128 a side; or why there is none, in a sentence.

    It is decoded in a child process with limits.
    """
    instance = instance.present()
    match instance.state():
        case FileState.MISSING:
            return Sentence("The file is no longer there.")
        case FileState.CHANGED:
            return Sentence("The file has changed since it was opened.")
    if not instance.rows:
        return Sentence("It is no image.")
    try:
        pixels = _decode_as_seen(find_again(instance.path, instance.member))
    except ImageError as error:
        return error.problem.whole
    except OSError:
        return Sentence("The file cannot be opened.")
    small = Image.fromarray(pixels)
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small)


def _decode_as_seen(source: Path | Source) -> Picture:
    """Return an image as a reader sees it; one in colour that a model would see as gray is asked for once more.

    Raises:
        ImageError: It cannot be read.
    """
    decoded = decode(source)
    if decoded.pixels.ndim == 2 and ImageWarning.COLOUR.value in decoded.warnings:
        stored = decode(source, stored=True).stored
        if stored is not None and stored.colour is not None:
            return stored.colour
    return decoded.pixels


class ThumbnailCache:
    """Pictures on disk: each whole or not there, the least lately used removed where there are too many."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or platformdirs.user_cache_path("unix-edge") / "thumbnails"
        self._written = 0
        self._trim()

    def find(self, instance: Instance) -> Picture | None:
        """Return a picture of the file as it was indexed."""
        path = self.path(instance)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        height, width = content[:2] if len(content) > 2 else (0, 0)
        shape = {height * width: (height, width), 3 * height * width: (height, width, 3)}.get(len(content) - 2)
        if not 0 < height <= SIDE or not 0 < width <= SIDE or shape is None:
            return None
        return np.frombuffer(content, np.uint8, offset=2).reshape(shape)

    def keep(self, instance: Instance, pixels: Picture) -> None:
        """Write a picture; where that cannot be done, there is none."""
        with suppress(OSError, UnixEdgeError):
            make_private_folder(self._folder)
            write_atomically(self.path(instance), bytes(pixels.shape[:2]) + pixels.tobytes(), private=True)
        self._written += 1
        if self._written % _TRIM_AFTER == 0:
            self._trim()

    def forget(self, instance: Instance) -> None:
        """Remove a picture."""
        with suppress(OSError):
            self.path(instance).unlink(missing_ok=True)

    def path(self, instance: Instance) -> Path:
        """Return the file of a picture."""
        what = [
            _COLOURS,
            os.fsencode(instance.path),
            instance.member.encode(),
            b"%d %d" % (instance.size, instance.modified_ns),
        ]
        return self._folder / hashlib.sha256(b"\0".join(what)).hexdigest()[:32]

    def _trim(self) -> None:
        with suppress(OSError):
            files = sorted(self._folder.iterdir(), key=lambda each: each.stat().st_mtime_ns, reverse=True)
            for each in files[MOST:]:
                each.unlink(missing_ok=True)


class ThumbnailThread:
    """One thread that makes pictures, the newest request first; `done` is called in it with each."""

    def __init__(
        self, done: Callable[[Instance, Picture | Sentence], None], cache: ThumbnailCache | None = None
    ) -> None:
        self._done = done
        self._cache = cache or ThumbnailCache()
        self._wanted: dict[Instance, None] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._making: Instance | None = None
        self._removed = False
        """Whether what is being made is wanted no more."""
        self._killed: list[float] = []
        self._held: dict[Instance, None] = {}
        """What waits until memory is no longer short."""
        threading.Thread(target=self._run, name="thumbnails", daemon=True).start()

    def request(self, instance: Instance) -> None:
        """Want a picture, before all that were wanted earlier."""
        with self._changed:
            self._wanted.pop(instance, None)
            self._wanted[instance] = None
            self._changed.notify()

    def forget(self) -> None:
        """Want none any more."""
        with self._changed:
            self._wanted.clear()

    def remove(self, instances: Sequence[Instance]) -> None:
        """Remove pictures, and make none of what was wanted of them."""
        with self._changed:
            for each in instances:
                self._wanted.pop(each, None)
                self._held.pop(each, None)
                self._cache.forget(each)
            self._removed |= self._making in instances

    def close(self) -> None:
        """End it; `done` is not called after this returns, and a file that is being decoded is not waited for."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._wanted and not self._closed:
                    self._changed.wait(_LOOK if self._held else None)
                    if self._held and not self._is_short():
                        self._wanted, self._held = {**self._held, **self._wanted}, {}
                if self._closed:
                    return
                instance, _ = self._wanted.popitem()
                self._making, self._removed = instance, False
            made: Picture | Sentence | None = self._cache.find(instance)
            if made is None and self._is_short():
                with self._changed:  # memory is needed for what the reader looks at
                    if not self._removed:
                        self._held[instance] = None
                continue
            if made is None:
                made = make_thumbnail(instance)
                if isinstance(made, Sentence):
                    self._killed += [time.monotonic()] if made == KILLED.whole else []
                elif not self._closed:
                    self._cache.keep(instance, made)
            with self._changed:
                if self._removed:
                    self._cache.forget(instance)
                elif not self._closed:
                    self._done(instance, made)
                self._making = None

    def _is_short(self) -> bool:
        """Return whether the system ended so many children lately that memory must be short."""
        self._killed = [each for each in self._killed if time.monotonic() - each < _WITHIN]
        return len(self._killed) >= MOST_KILLED
