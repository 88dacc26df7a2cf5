"""What a person opens, to the index: found, read and added, with progress, until it is done or stopped.

One thread finds files, one has their headers read in the child, and whoever asked adds them, a few times a second: no
more than that is lost with a process that dies.
"""

import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from unix_edge.isolated.headers import DIED, read_headers

from .archive import Archive
from .copies import Copy, compare
from .index import Entry, IndexThread
from .opening import Failure, Found, find_files

_TICK = 0.25
"""Seconds between two additions, and between two progresses."""
_MOST_ADDED = 500
"""Files at once."""
_MOST_FOUND = 50_000
"""Files found that are not read yet."""
_MOST_ARCHIVES = 16
"""Archives that are open before those opened first are read; one is open until all in it is read."""
_ASKED = 100
"""Files of which the index is asked at once."""
_WAITS = 0.02
"""Seconds between two looks at whether there is room again."""


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far it is."""

    found: int
    """Files so far, whatever became of them."""
    done: int
    """Of those: added, known from before, or failed."""
    total: int | None
    """How many there are, when all are found."""
    failures: tuple[Failure, ...]
    """Those since the last progress."""


def index_files(
    index: IndexThread, paths: Sequence[Path], should_stop: Callable[[], bool] = lambda: False
) -> Iterator[IndexProgress]:
    """Add what is in files and folders to the index; yield how far it is a few times a second, and at the end.

    Nothing runs until you iterate, in a thread that may wait. `should_stop`, which other threads ask as well, ends it
    within half a second; what was added stays. Where the process dies, or the loop is left, `StudyIndex.unfinished`
    names the paths afterwards.

    Raises:
        IndexUnavailableError: The index is only read, or the disk is full.
    """
    paths = [path.absolute() for path in paths]
    index.ask(lambda opened: opened.begin_opening(paths)).result()
    opening = _Opening(index, paths, should_stop)
    try:
        yield from opening.run()
    finally:
        opening.end()
    index.ask(lambda opened: opened.end_opening(paths)).result()


_Read: TypeAlias = Entry | Failure | int | BaseException | None
"""What is to be added, what failed, how many were known before, what went wrong, or that this was all."""


class _Opening:
    """The threads of one call, and what goes from one to the next."""

    def __init__(self, index: IndexThread, paths: Sequence[Path], should_stop: Callable[[], bool]) -> None:
        self._index = index
        self._paths = paths
        self._ended = threading.Event()
        self._asked_to_stop = should_stop
        self._found: queue.SimpleQueue[Found | None] = queue.SimpleQueue()
        self._read: queue.SimpleQueue[_Read] = queue.SimpleQueue()
        self._all_read = threading.Event()
        self._wanted = threading.Event()  # while nothing is added: two that compute at once hinder each other
        self._archives: weakref.WeakSet[Archive] = weakref.WeakSet()
        self._count, self._all_found = 0, False
        self._threads = [
            threading.Thread(target=self._work, args=[each], name="opening", daemon=True)
            for each in (self._find, self._read_found)
        ]

    def run(self) -> Iterator[IndexProgress]:
        """Add what is read, and yield how far it is."""
        for thread in self._threads:
            thread.start()
        done, more = 0, True
        while more and not self._should_stop():
            entries: list[Entry] = []
            failures: list[Failure] = []
            known = 0
            for event in self._gather():
                if isinstance(event, Entry):
                    entries.append(event)
                elif isinstance(event, Failure):
                    failures.append(event)
                elif isinstance(event, int):
                    known += event
                elif event is None:
                    more = False
                else:
                    raise event
            if entries:
                self._add(entries)
            done += len(entries) + len(failures) + known
            yield IndexProgress(self._count, done, self._count if self._all_found else None, tuple(failures))

    def end(self) -> None:
        """Stop the threads; one that a disk keeps waiting is left behind."""
        self._ended.set()
        for thread in self._threads:
            thread.join(_TICK)

    def _should_stop(self) -> bool:
        return self._ended.is_set() or self._asked_to_stop()

    def _add(self, entries: list[Entry]) -> None:
        self._index.ask(lambda opened: opened.add(entries)).result()
        files = [(each.path, each.member) for each in entries]
        for copies in self._index.ask(lambda opened: opened.shared(files)).result():
            self._note(compare(copies, self._should_stop))

    def _note(self, contents: dict[Copy, str]) -> None:
        self._index.ask(lambda opened: opened.set_contents(contents)).result()

    def _gather(self) -> Iterator["_Read"]:
        """Yield what is read within a moment, if it is not too much."""
        ends = time.monotonic() + _TICK
        self._wanted.set()
        while not self._all_read.wait(_WAITS) and self._read.qsize() < _MOST_ADDED and time.monotonic() < ends:
            pass
        self._wanted.clear()
        with suppress(queue.Empty):
            while True:
                yield self._read.get_nowait()

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # to be raised where it is seen
            self._read.put(error)

    def _find(self) -> None:
        """Find files; runs in a thread."""
        for each in find_files(self._paths, self._should_stop):
            self._count += 1
            if isinstance(each, Failure):
                self._read.put(each)
            else:
                self._found.put(each)
                if each.inside:
                    self._archives.add(each.inside.archive)
            while self._is_ahead() and not self._should_stop():
                time.sleep(_WAITS)
        self._all_found = True
        self._found.put(None)

    def _is_ahead(self) -> bool:
        """Return whether enough is found; never while whoever reads waits for more, with archives in hand."""
        waiting = self._found.qsize()
        return waiting > _MOST_FOUND or (waiting > 0 and len(self._archives) > _MOST_ARCHIVES)

    def _read_found(self) -> None:
        """Read headers of what is found; runs in a thread."""
        for result in read_headers(self._unknown(), self._should_stop):
            found = result.source
            assert isinstance(found, Found)
            if result.kept is None:
                self._read.put(Failure(found.path, (result.problem or DIED).whole, found.member))
            else:
                self._read.put(Entry(found.path, found.member, found.size, found.modified_ns, result.kept))
            while not self._wanted.wait(_WAITS) and not self._should_stop():
                pass
        self._read.put(None)
        self._all_read.set()

    def _unknown(self) -> Iterator[Found]:
        """Yield what is not indexed as it is."""
        more = True
        while more and not self._should_stop():
            some: list[Found] = []
            ends = time.monotonic() + _WAITS
            with suppress(queue.Empty):
                while more and len(some) < _ASKED:
                    found = self._found.get(timeout=max(0, ends - time.monotonic()))
                    more = found is not None
                    some += [found] if found else []
            if not some:
                continue
            new = self._not_held(some)
            if len(new) < len(some):
                self._read.put(len(some) - len(new))
            yield from new

    def _not_held(self, files: list[Found]) -> list[Found]:
        keys = [(each.path, each.member, each.size, each.modified_ns) for each in files]
        held = self._index.ask(lambda opened: opened.holds(keys)).result()
        return [each for each, is_held in zip(files, held, strict=True) if not is_held]
