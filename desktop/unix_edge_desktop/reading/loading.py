"""Images are decoded in the background; whoever asks again is answered only the newest question."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from unix_edge.errors import ImageError
from unix_edge.isolated.child import child_kept_ready
from unix_edge.sentences import Sentence, system_says

from ..image.images import ViewImage, load_view_image
from ..studies.index_schema import UNNAMED
from ..studies.opening import find_again, shown
from ..studies.stacks import Slot
from ..studies.studies import FileState
from ..toolkit.background import bring

_THREADS = 2
_CHANGED = Sentence("the file has changed since it was opened")
_MOST_KEPT = 160 << 20
"""Bytes of stored values that are kept beside those that are shown."""
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


class Loader(QObject):
    """Two threads that load pictures, and those that were loaded last.

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
        self.busy_changed.emit(True)
        bring(
            self._threads.submit(self._load, request),
            self,
            lambda image: self._deliver(request, image),
            lambda failed: self._deliver(request, shown(failed)),
        )

    def ask(
        self,
        question: Callable[[Callable[[], bool]], _T],
        answer: Callable[[_T], object],
        failed: Callable[[str], object],
    ) -> None:
        """Have something else read of files; the question is given what says that it is no longer wanted."""
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

        bring(self._threads.submit(question, self._closing.is_set), self, take, fail)

    def forget(self, asker: object) -> None:
        """No longer want anything for one."""
        self._newest.pop(asker, None)
        self.busy_changed.emit(self.is_busy)

    def close(self) -> None:
        """Begin nothing more, and wait for what is being decoded."""
        self._newest.clear()
        self._closing.set()
        self._threads.shutdown(cancel_futures=True)
        self._ready.close()

    def _load(self, request: Request) -> ViewImage | None:
        """Load one, in a thread, unless it is no longer wanted."""
        if self._newest.get(request.asker) is not request:
            return None
        try:
            image = self._find(request.slot)
        except OSError as error:
            problem = Sentence("it cannot be opened ({0})", system_says(error))
            raise ImageError(request.slot.instance.path.name, problem) from None
        if request.prepare is not None:
            request.prepare(image)
        return image

    def _find(self, slot: Slot) -> ViewImage:
        instance = slot.instance.present()
        # Another medium may hold another patient's file at the same path.
        if instance.state() is FileState.CHANGED:
            raise ImageError(instance.path.name, _CHANGED)
        status = instance.path.stat()
        key = (instance.path, instance.member, slot.frame, status.st_size, status.st_mtime_ns)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        image = load_view_image(find_again(instance.path, instance.member), slot.frame)
        found = str(image.header.get("SOPInstanceUID") or "")
        if found != instance.sop_uid and not instance.sop_uid.startswith(UNNAMED):
            raise ImageError(instance.path.name, _CHANGED)
        # Computed here, not in the first drag.
        _ = image.presets, image.spacing
        with self._lock:
            self._kept[key] = image
            while sum(each.stored.stored.nbytes for each in self._kept.values()) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return image

    def _deliver(self, request: Request, answer: ViewImage | str | None) -> None:
        if answer is None or self._newest.get(request.asker) is not request:
            return
        del self._newest[request.asker]
        if isinstance(answer, str):
            self.failed.emit(request, answer)
        else:
            self.loaded.emit(request, answer)
        self.busy_changed.emit(self.is_busy)
