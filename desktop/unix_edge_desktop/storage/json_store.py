"""What a reader made, in small JSON files: each is whole or not there, and its name says nothing of whose it is."""

import contextlib
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from unix_edge.errors import OutputError, UnixEdgeError
from unix_edge.files import make_private_folder, write_atomically
from unix_edge.sentences import Sentence

VERSION = 1
"""Of what is in the files; those of a greater one are neither read nor written."""
RETRY_AFTER = 1.0
"""Seconds after which what could not be written is tried again."""
_MOST_BYTES = 8 << 20
_MOST_ASIDE = 100
_UNREAD = Sentence("it could not be read when it was wanted, and was left as it is; start the program again")
T = TypeVar("T")
Trouble = Callable[[Sentence | None], object]
"""Takes why something is not written though it may yet be, and None once all is."""


class KeptFiles:
    """A folder of such files, written by a thread of its own: each once for all changes of a while."""

    def __init__(
        self,
        folder: Path,
        after: float = 0.0,
        trouble: Callable[[Sentence | None], object] | None = None,
        most: int | None = None,
    ) -> None:
        """Make nothing yet.

        Args:
            folder: Where the files are; made when there is one.
            after: Seconds from the first change to when it is written; what is changed meanwhile is written with it.
            trouble: Called in the thread that writes.
            most: Files that are kept; of more, those that were written longest ago are removed.
        """
        self._folder = folder
        self._after = after
        self._trouble = trouble
        self._most = most
        self._said: Sentence | None = None
        self._writer = ThreadPoolExecutor(1, folder.name)
        self._lock = threading.Lock()
        self._hurry = threading.Event()
        self._waiting: dict[Path, tuple[Mapping[str, Any], Future[None]]] = {}
        """What is to be written, and who waits for it."""
        self._scheduled = self._closed = False
        self._unwritten: dict[Path, tuple[bytes, Sentence]] = {}
        """What could not be written, and why."""
        self._left: dict[Path, Sentence] = {}
        """What is not written either, as it could not be read, and why."""
        self._aside: set[Path] = set()
        """What was broken and put aside, and not asked about yet."""
        self._told: set[Path] = set()

    def path(self, name: str) -> Path:
        """Return the file of an image, series or study."""
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"

    def read(self, name: str, rebuild: Callable[[Mapping[str, Any]], T], usual: T) -> T:
        """Return what is kept, else what is usual.

        A file that is broken is put aside; one that cannot be opened, put aside or understood is left as it is, and
        nothing is written in its place.

        Args:
            name: Of what it is kept.
            rebuild: Checks what is in the file; it may raise ValueError, KeyError and TypeError.
            usual: What there is without a file, or with one of a newer version, which is then left as it is.
        """
        path = self.path(name)
        try:
            with path.open("rb") as file:
                said = json.loads(file.read(_MOST_BYTES))
            if said.get("version", VERSION) > VERSION:
                self._left[path] = Sentence("a newer version of this program wrote it, so it is only read")
                return usual
            return rebuild(said)
        except (FileNotFoundError, NotADirectoryError):
            return usual
        except OSError:
            self._left[path] = _UNREAD
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._put_aside(path)
        return usual

    def why_left(self, name: str) -> Sentence | None:
        """Return why the file of an image, series or study is not written, in a sentence, else nothing."""
        path = self.path(name)
        return OutputError(path, self._left[path]).sentence if path in self._left else None

    def take_aside(self, name: str) -> bool:
        """Return whether the file of an image, series or study was broken and put aside, once."""
        path = self.path(name)
        found = path in self._aside
        self._aside.discard(path)
        return found

    def take_left(self, name: str) -> Sentence | None:
        """Return why a file is not written, as `why_left` does, once."""
        path = self.path(name)
        if path in self._told:
            return None
        self._told.add(path)
        return self.why_left(name)

    def write(self, name: str, said: Mapping[str, Any]) -> "Future[None]":
        """Write in the background, and again what could not be written before.

        The future raises NoSpaceError or OutputError, also where a newer version wrote the file; it is the same for all
        that is written at once.
        """
        path = self.path(name)
        with self._lock:
            if self._closed:
                raise RuntimeError("closed")
            _, future = self._waiting.pop(path, (None, None))
            self._waiting[path] = said, (future := future or Future())
            self._schedule()
            if not self._after:
                self._hurry.set()  # what could not be written may be waited for
        return future

    def write_now(self) -> None:
        """Let the thread write what waits, without waiting for it."""
        self._hurry.set()

    def close(self) -> Sentence | None:
        """Write what is left; return why something could not be, in a sentence, else nothing."""
        with self._lock:
            self._schedule()  # also for what could not be written
            self._closed = True
        self._hurry.set()
        self._writer.shutdown()
        return next((why for _, why in self._unwritten.values()), None)

    def _put_aside(self, path: Path) -> None:
        names = (path.with_suffix(f".unreadable{number}") for number in ("", *range(2, _MOST_ASIDE)))
        try:
            path.rename(next(each for each in names if not each.exists()))
            self._aside.add(path)
        except (OSError, StopIteration):
            self._left[path] = _UNREAD

    def _schedule(self, after: float | None = None) -> None:
        """Let the thread write once more; the lock is held."""
        if not (self._scheduled or self._closed):
            self._scheduled = True
            self._writer.submit(self._write_waiting, self._after if after is None else after)

    def _write_waiting(self, after: float) -> None:
        """Write what waits after some seconds, and what could not be written before."""
        self._hurry.wait(after)
        with self._lock:
            waiting, self._waiting, self._scheduled = self._waiting, {}, False
            self._hurry.clear()
        if waiting or self._unwritten:
            with contextlib.suppress(OSError):  # what it means is said by the write
                make_private_folder(self._folder)
        failed: dict[Future[None], Exception] = {}
        for path, (said, future) in waiting.items():
            try:
                self._write(path, json.dumps({"version": VERSION, **said}, indent=1).encode())
            except Exception as error:  # it is whoever waits that says so
                failed[future] = error
        self._write_again()
        if waiting and self._most is not None:
            self._remove_oldest(self._most)
        why = next((why for path, (_, why) in self._unwritten.items() if path not in self._left), None)
        if why is not None:
            with self._lock:
                self._schedule(RETRY_AFTER)
        if why != self._said and self._trouble is not None:
            self._trouble(why)
        self._said = why
        for _, future in waiting.values():
            future.set_exception(failed[future]) if future in failed else future.set_result(None)

    def _remove_oldest(self, most: int) -> None:
        with contextlib.suppress(OSError):
            names = [each for each in self._folder.iterdir() if not each.name.startswith(".")]
            if len(names) > most:
                names.sort(key=lambda each: each.stat().st_mtime_ns, reverse=True)
                for each in names[most:]:
                    each.unlink()

    def _write(self, path: Path, content: bytes) -> None:
        try:
            if path in self._left:
                raise OutputError(path, self._left[path])
            write_atomically(path, content, private=True)
        except UnixEdgeError as error:
            self._unwritten[path] = content, error.sentence
            raise
        self._unwritten.pop(path, None)

    def _write_again(self) -> None:
        for path, (content, _) in list(self._unwritten.items()):
            if path not in self._left:
                with contextlib.suppress(UnixEdgeError):
                    write_atomically(path, content, private=True)
                    del self._unwritten[path]
