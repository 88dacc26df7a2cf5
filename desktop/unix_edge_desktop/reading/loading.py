"""Images are decoded in the background; whoever asks again is answered only the newest question.

A picture that is kept is there at once, whatever is being decoded, so those beside the one that is shown are read
ahead. The pictures of a series are decoded by a child that stays for the next.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from unix_edge.dicom.elements import Element
from unix_edge.errors import ImageError
from unix_edge.isolated.child import Source, child_kept_ready
from unix_edge.isolated.decode import SeriesDecoder
from unix_edge.isolated.objects import read_elements
from unix_edge.sentences import Sentence, system_says

from ..image.images import ViewImage, load_view_image
from ..studies.desk import Key
from ..studies.index_schema import UNNAMED
from ..studies.opening import find_again, shown
from ..studies.stacks import Slot
from ..studies.studies import FileState, Instance
from ..toolkit.background import bring

_THREADS = 2
_CHANGED = Sentence("the file has changed since it was opened")
_SOP_UID = "(0008,0018)"
_MOST_KEPT = 160 << 20
"""Bytes of stored values that are kept beside those that are shown."""
MOST_AHEAD = 64
"""Pictures that are read ahead."""
_MOST_CHILDREN = 2
"""Series whose children stay."""
_IDLE = 30.0
"""Seconds after which a child that nobody asked is ended."""
_WAITS = 0.05
"""Seconds that a picture waits for its series' child while that is busy; then it gets one of its own."""
_Key = tuple[object, ...]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One question for a picture."""

    asker: object
    slot: Slot
    keep_view: bool = False
    """Whether window and viewport are to stay, as for another picture of a series."""
    prepare: Callable[[ViewImage], object] | None = None
    """Called with the picture in the thread that loads it, to read what else is wanted with it."""
    series: Key | None = None
    """Which it is and whose, where it has other pictures."""
    ahead: tuple[Slot, ...] = ()
    """Pictures that will be wanted next, `MOST_AHEAD` at most, the likeliest first."""


class _SeriesChild:
    """The child of a series, for whoever has the lock."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.used = time.monotonic()
        self.decoder = SeriesDecoder()

    def end(self) -> None:
        """End it when it is done with what it is at."""
        with self.lock:
            self.decoder.close()

    def end_idle(self) -> None:
        """End it where nobody has asked it lately."""
        if time.monotonic() - self.used >= _IDLE:
            self.end()


_Find: TypeAlias = Callable[[Slot, Key | None], ViewImage | None]


class Loader(QObject):
    """Threads that load pictures, and those that were loaded last.

    Signals:
        loaded: The `Request` and its `ViewImage`.
        failed: The `Request` and why it failed, in a sentence.
        busy_changed: Whether anybody waits.
    """

    loaded = Signal(object, object)
    failed = Signal(object, str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads = ThreadPoolExecutor(_THREADS, "loading")
        self._finding = ThreadPoolExecutor(_THREADS, "finding")
        self._asking = ThreadPoolExecutor(1, "asking")
        self._children: OrderedDict[Key, _SeriesChild] = OrderedDict()
        self._ahead: deque[tuple[Key | None, Slot]] = deque()
        self._reads_ahead = False
        self._idle = QTimer(self, interval=round(_IDLE * 1000))
        self._idle.timeout.connect(self._end_idle)
        self._ready = ExitStack()
        self._newest: dict[object, Request] = {}
        self._questions = 0
        self._closing = threading.Event()
        self._kept: OrderedDict[_Key, ViewImage] = OrderedDict()
        self._lock = threading.Lock()

    def get_ready(self) -> None:
        """Keep a process ready, so that the next picture is there sooner."""
        self._ready.enter_context(child_kept_ready())

    @property
    def is_busy(self) -> bool:
        """Whether anybody waits."""
        return bool(self._newest or self._questions)

    def waits(self, asker: object) -> bool:
        """Return whether one waits."""
        return asker in self._newest

    def request(self, request: Request) -> None:
        """Load a picture; whatever its asker wanted before is no longer wanted."""
        self._newest[request.asker] = request
        self._ahead.clear()
        self.busy_changed.emit(True)

        def decode_unless_kept(image: ViewImage | None) -> None:
            if image is not None:
                self._deliver(request, image)
            elif self._newest.get(request.asker) is request:
                self._answer(request, self._threads.submit(self._load, request, self._find))

        self._answer(request, self._finding.submit(self._load, request, self._find_kept), decode_unless_kept)

    def _answer(
        self,
        request: Request,
        future: "Future[ViewImage | None]",
        take: Callable[[ViewImage | None], None] | None = None,
    ) -> None:
        bring(
            future,
            self,
            take or (lambda image: self._deliver(request, image)),
            lambda failed: self._deliver(request, shown(failed)),
        )

    def ask(
        self,
        question: Callable[[Callable[[], bool]], _T],
        answer: Callable[[_T], object],
        failed: Callable[[str], object],
    ) -> None:
        """Have something else read of files, after what was asked before, while pictures are loaded.

        The question is given what says that it is no longer wanted.
        """
        self._questions += 1
        self.busy_changed.emit(True)

        def end() -> None:
            self._questions -= 1
            self.busy_changed.emit(self.is_busy)

        def take(found: _T) -> None:
            answer(found)
            end()

        def fail(said: str) -> None:
            failed(said)
            end()

        bring(self._asking.submit(question, self._closing.is_set), self, take, fail)

    def ask_elements(
        self, slot: Slot, answer: Callable[[list[Element]], object], failed: Callable[[str], object]
    ) -> None:
        """Have the elements of a picture's file read, or be told that it is another by then."""
        self.ask(lambda _: self._read_elements(slot), answer, failed)

    def forget(self, asker: object) -> None:
        """No longer want anything for one."""
        self._newest.pop(asker, None)
        self.busy_changed.emit(self.is_busy)

    def close(self) -> None:
        """Begin nothing more, and wait for what is being decoded."""
        self._newest.clear()
        self._closing.set()
        self._ahead.clear()
        self._idle.stop()
        for threads in (self._finding, self._threads, self._asking):
            threads.shutdown(cancel_futures=True)
        for child in self._children.values():
            child.end()
        self._ready.close()

    def _load(self, request: Request, find: "_Find") -> ViewImage | None:
        """Load one, in a thread, unless it is no longer wanted, or not found."""
        if self._newest.get(request.asker) is not request:
            return None
        with _named(request.slot):
            image = find(request.slot, request.series)
        if image is not None and request.prepare is not None:
            request.prepare(image)
        return image

    def _find_kept(self, slot: Slot, _: object) -> ViewImage | None:
        """Return a picture that is kept, of the file as it is now."""
        _, key = self._look(slot)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _look(self, slot: Slot) -> tuple[Instance, _Key]:
        """Return the file of a picture, and what tells the picture from all others.

        Raises:
            ImageError: The file is another than it was.
        """
        instance = slot.instance.present()
        # Another medium may hold another patient's file at the same path.
        if instance.state() is FileState.CHANGED:
            raise ImageError(instance.path.name, _CHANGED)
        status = instance.path.stat()
        return instance, (instance.path, instance.member, slot.frame, status.st_size, status.st_mtime_ns)

    def _find(self, slot: Slot, series: Key | None) -> ViewImage:
        """Return a picture that is kept, else decode it."""
        if (kept := self._find_kept(slot, series)) is not None:
            return kept
        instance, key = self._look(slot)
        image = self._decode(find_again(instance.path, instance.member), slot.frame, key, series)
        _require(instance, str(image.header.get("SOPInstanceUID") or ""))
        # Computed here, not in the first drag.
        _ = image.presets, image.spacing
        with self._lock:
            self._kept[key] = image
            while sum(each.stored.nbytes for each in self._kept.values()) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return image

    def _read_elements(self, slot: Slot) -> list[Element]:
        with _named(slot):
            instance, _ = self._look(slot)
            elements = read_elements(find_again(instance.path, instance.member))
        _require(instance, next((each.value for each in elements if not each.level and each.tag == _SOP_UID), ""))
        return elements

    def _decode(self, source: Path | Source, frame: int, key: _Key, series: Key | None) -> ViewImage:
        """Decode by the child of the series, or by one of the picture's own where that is busy or there is none."""
        child = None if series is None else self._child_of(series)
        if child is None or not child.lock.acquire(timeout=_WAITS):
            return load_view_image(source, frame)
        try:
            path, member, _, *state = key
            what = (path, member, *state)
            return load_view_image(source, frame, lambda source, frame: child.decoder.decode(what, source, frame))
        finally:
            child.used = time.monotonic()
            child.lock.release()

    def _child_of(self, series: Key) -> _SeriesChild:
        with self._lock:
            child = self._children.setdefault(series, _SeriesChild())
            self._children.move_to_end(series)
            oldest = self._children.popitem(last=False)[1] if len(self._children) > _MOST_CHILDREN else None
        if oldest is not None:
            oldest.end()
        return child

    def _end_idle(self) -> None:
        """End children that nobody asked lately, in a thread that may wait."""
        with self._lock:
            for child in self._children.values():
                self._finding.submit(child.end_idle)

    def _read_ahead(self) -> None:
        """Decode the next picture that will be wanted, one at a time, while nobody waits."""
        if self._reads_ahead or self._newest or not self._ahead:
            return
        series, slot = self._ahead.popleft()
        self._reads_ahead = True

        def go_on(_: object) -> None:
            self._reads_ahead = False
            self._read_ahead()

        bring(self._threads.submit(self._find, slot, series), self, go_on, go_on)

    def _plan_ahead(self, request: Request, image: ViewImage) -> None:
        """Read so many ahead as are kept beside what is shown."""
        room = _MOST_KEPT // 2 // max(1, image.stored.nbytes)
        self._ahead = deque((request.series, slot) for slot in request.ahead[:room])
        if self._ahead:
            self._idle.start()

    def _deliver(self, request: Request, answer: ViewImage | str | None) -> None:
        if answer is None or self._newest.get(request.asker) is not request:
            return
        del self._newest[request.asker]
        if isinstance(answer, str):
            self.failed.emit(request, answer)
        else:
            self.loaded.emit(request, answer)
            self._plan_ahead(request, answer)
        self.busy_changed.emit(self.is_busy)
        self._read_ahead()


@contextmanager
def _named(slot: Slot) -> Iterator[None]:
    """Tell by its name of a file that cannot be opened."""
    try:
        yield
    except OSError as error:
        problem = Sentence("it cannot be opened ({0})", system_says(error))
        raise ImageError(slot.instance.path.name, problem) from None


def _require(instance: Instance, sop_uid: str) -> None:
    """Refuse a file in which another UID was read than was indexed.

    Raises:
        ImageError: It is another than it was.
    """
    if sop_uid != instance.sop_uid and not instance.sop_uid.startswith(UNNAMED):
        raise ImageError(instance.path.name, _CHANGED)
