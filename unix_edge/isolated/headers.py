"""The headers of many files, read in a child process that a hostile file may kill.

Unlike the child of `decode`, which serves one file, this one (`headers_child`) lives on: it is given the first bytes
of some files at a time and asks for others where it needs them, so that pixel data are not read. A file that it dies
of costs that file its sentence, and another child goes on with the rest.
"""

import json
import math
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeGuard

from ..dicom.tags import CODED_KEYWORDS, INDEXED_KEYWORDS, MAX_CHARACTERS, MAX_RECORDS
from ..errors import ImageError, StoppedError
from ..limits import MAX_LINE, MAX_SECONDS
from ..sentences import Sentence
from .child import UNREADABLE, Source, open_source, start_child
from .headers_child import MAX_DIRECTORY_LINE
from .python import program_of

_START = program_of("unix_edge.isolated.headers_child", "main")
_HEAD = 1 << 14
"""Bytes of a file that are sent unasked: most headers fit."""
_BATCH = 16
"""Files sent at once; the next are opened while these are read."""
_LOOK = 0.05
"""Seconds between two looks at the clock and at whether to stop."""
_LIVES = MAX_SECONDS
"""Seconds that a child serves: it has twice that of processor time, and no file is to die of what others took."""
DIED = Sentence("the process that reads its header died; nothing else was harmed")
_KEPT = frozenset((*INDEXED_KEYWORDS, *CODED_KEYWORDS, "TransferSyntaxUID"))


@dataclass(frozen=True, slots=True)
class HeaderResult:
    """What one file's header says, or why it was not read."""

    source: Path | Source
    kept: dict[str, str] | None
    """Values of `INDEXED_KEYWORDS`, codes of `CODED_KEYWORDS` and TransferSyntaxUID by keyword, as they stand in the
    file, whoever wrote them: they are to be neutralised where they are shown. A PNG or JPEG has Rows, Columns and,
    marked so, SyntheticData only."""
    problem: Sentence | None = None
    """A clause, as of `ImageError`."""


def read_headers(
    sources: Iterable[Path | Source], should_stop: Callable[[], bool] = lambda: False
) -> Iterator[HeaderResult]:
    """Yield each file's header, in their order, until `should_stop`, which another thread asks as well.

    A file that is cut short, broken or beyond the limits has a problem instead; of its pixels nothing is known yet,
    unless it is PNG or JPEG.
    """
    batches = _open_batches(iter(sources), should_stop)
    batch, following = next(batches, []), list[_Opened]()
    child: _Child | None = None
    try:
        while batch and not should_stop():
            if child is None or not child.serves:
                if child:
                    child.close()
                child = _Child(should_stop)
            child.send(batch)
            following = following or next(batches, [])
            while batch and child.serves:
                opened = batch.pop(0)
                result = child.answer(opened)
                opened.close()
                if should_stop():
                    return
                yield result
            if not batch:
                batch, following = following, []
    finally:
        if child:
            child.close()
        for opened in (*batch, *following):
            opened.close()


def read_file_ids(source: Path | Source, should_stop: Callable[[], bool] = lambda: False) -> list[str]:
    r"""Return the Referenced File IDs of a DICOMDIR's records, whoever wrote them, components parted by "\".

    Raises:
        ImageError: It is none, is broken or beyond the limits.
        StoppedError: `should_stop`, which another thread asks, became true.
    """
    opened = _open(source)
    child = _Child(should_stop)
    try:
        child.send([opened], directory=True)
        return child.answer_directory(opened)
    finally:
        child.close()
        opened.close()
        if should_stop():
            raise StoppedError


@dataclass(slots=True)
class _Opened:
    """A file that is about to be read, or why it will not be."""

    source: Path | Source
    file: BinaryIO | None = None
    size: int = 0
    head: bytes = b""
    problem: Sentence | None = None

    def close(self) -> None:
        """Close the file."""
        if self.file:
            self.file.close()

    def read(self, start: int, length: int) -> bytes:
        """Read some of it.

        Raises:
            ImageError: The bytes are no longer there.
        """
        assert self.file
        try:
            self.file.seek(start)
            block = self.file.read(length)
        except OSError:
            raise ImageError(self.source.name, UNREADABLE) from None
        if len(block) != length:
            raise ImageError(self.source.name, Sentence("it became shorter while it was read"))
        return block


def _open_batches(sources: Iterator[Path | Source], should_stop: Callable[[], bool]) -> Iterator[list[_Opened]]:
    while batch := [_open(source) for source in islice(sources, _BATCH) if not should_stop()]:
        yield batch


def _open(source: Path | Source) -> _Opened:
    opened = _Opened(source)
    try:
        opened.file, opened.size = open_source(source)
        opened.head = opened.read(0, min(_HEAD, opened.size))
    except ImageError as error:
        opened.problem = error.problem
    except OSError:
        opened.problem = UNREADABLE
    return opened


class _Child:
    """A process that reads headers, and the clock that watches it."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._problem = DIED
        self._born = time.monotonic()
        self._deadline = math.inf
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = start_child(_START)
        except ImageError as error:
            self._problem = error.problem
            self._ended.set()
        self._watcher = threading.Thread(target=self._watch, args=(should_stop,), daemon=True)
        self._watcher.start()

    @property
    def serves(self) -> bool:
        """Whether it can be asked on."""
        return not self._ended.is_set() and time.monotonic() - self._born < _LIVES

    def send(self, batch: list[_Opened], *, directory: bool = False) -> None:
        """Send the files' first bytes; each that has no problem is to be answered then."""
        sound = [each for each in batch if each.problem is None]
        request = {"files": [(each.size, len(each.head)) for each in sound], "directory": directory}
        self._deadline = time.monotonic() + MAX_SECONDS
        self._write(json.dumps(request).encode() + b"\n" + b"".join(each.head for each in sound))
        self._deadline = math.inf

    def answer(self, opened: _Opened) -> HeaderResult:
        """Return what the child says of the next file."""
        try:
            kept = self._receive(opened, MAX_LINE).get("kept")
        except ImageError as error:
            return HeaderResult(opened.source, None, error.problem)
        if not _is_header(kept):
            self._end()
            return HeaderResult(opened.source, None, DIED)
        return HeaderResult(opened.source, {key: _without_surrogates(value) for key, value in kept.items()})

    def answer_directory(self, opened: _Opened) -> list[str]:
        """Return what the child says of a DICOMDIR."""
        file_ids = self._receive(opened, MAX_DIRECTORY_LINE).get("file_ids")
        if not isinstance(file_ids, list) or len(file_ids) > MAX_RECORDS or not all(map(_is_text, file_ids)):
            raise ImageError(opened.source.name, DIED)
        return [_without_surrogates(each) for each in file_ids]

    def close(self) -> None:
        """End the process."""
        self._end()
        self._watcher.join()
        if self._process:
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(BrokenPipeError):
                    if pipe:
                        pipe.close()

    def _receive(self, opened: _Opened, longest: int) -> dict[str, Any]:
        """Return the answer's line; give what is asked for before it.

        Raises:
            ImageError: The child has a problem with the file, or we have; or the child is dead or makes no sense.
        """
        if opened.problem:
            raise ImageError(opened.source.name, opened.problem)
        self._deadline = time.monotonic() + MAX_SECONDS
        try:
            answer = self._read_line(longest)
            while "more" in answer:
                self._write(opened.read(*_extent(answer["more"], opened.size)))
                answer = self._read_line(longest)
        except ImageError:  # the child waits for bytes that will not come
            self._end()
            raise
        except (ValueError, TypeError, RecursionError):
            problem = self._problem
            self._end()
            raise ImageError(opened.source.name, problem) from None
        finally:
            self._deadline = math.inf
        if "problem" in answer:
            raise ImageError(opened.source.name, Sentence.from_json(answer["problem"]))
        return answer

    def _read_line(self, longest: int) -> dict[str, Any]:
        line = self._process.stdout.readline(longest) if self._process and self._process.stdout else b""
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise TypeError
        if "problem" in answer:
            Sentence.from_json(answer["problem"])
        return answer

    def _write(self, block: bytes) -> None:
        if self._process and self._process.stdin:
            with suppress(BrokenPipeError):  # the answer that does not come tells of it
                self._process.stdin.write(block)
                self._process.stdin.flush()

    def _watch(self, should_stop: Callable[[], bool]) -> None:
        while not self._ended.wait(_LOOK):
            late = time.monotonic() > self._deadline
            if late:
                self._problem = Sentence("reading its header took longer than {0} seconds", MAX_SECONDS)
            if late or should_stop():
                self._end()

    def _end(self) -> None:
        self._ended.set()
        if self._process:
            self._process.kill()


def _extent(asked: Any, size: int) -> tuple[int, int]:
    """Return a place in a file and a length; raise ValueError or TypeError where it is none."""
    start, length = asked
    if type(start) is type(length) is int and 0 <= start < start + length <= size:
        return start, length
    raise ValueError


def _is_header(kept: object) -> TypeGuard[dict[str, str]]:
    return isinstance(kept, dict) and kept.keys() <= _KEPT and all(map(_is_text, kept.values()))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_CHARACTERS


def _without_surrogates(text: str) -> str:
    """Return text that can be encoded."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
