"""The one thread that has the drafts open: it writes what comes within half a second together, and until it succeeds.

Nothing that was given to it is dropped while it lives: where the disk is full it says so, and tries again.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from unix_edge.errors import DraftsUnavailableError
from unix_edge.sentences import Sentence

from .store import DraftStore

TOGETHER = 0.5
"""Seconds that a change waits for others before all are written."""
AGAIN = 2.0
"""Seconds after which what could not be written is tried again."""
BACKUP_AFTER = 900.0
"""Seconds between copies of the whole, while something is written."""
Write = Callable[[DraftStore], None]
_T = TypeVar("_T")


class DraftThread:
    """Runs the store; futures and `failed` are answered in its thread.

    Args:
        folder: Of the database.
        failed: Told in a sentence when something cannot be written, and None when it is after all.

    Raises:
        DraftsUnavailableError: The folder cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        failed: Callable[[Sentence | None], None] = lambda _: None,
    ) -> None:
        self._folder = folder
        self._failed = failed
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._unwritten: list[tuple[Write, Future[None]]] = []
        self._due: float | None = None
        self._problem: Sentence | None = None
        self._last_backup = time.monotonic()
        self._changed = False
        opened: Future[DraftStore] = Future()
        self._thread = threading.Thread(target=self._run, args=[opened], name="drafts", daemon=True)
        self._thread.start()
        self._store = opened.result()

    @property
    def notice(self) -> Sentence | None:
        """What a person is to know of how it was opened, in a sentence."""
        return self._store.notice

    @property
    def read_only(self) -> bool:
        """Whether another window or a newer version has the drafts, so that nothing of this one is kept."""
        return self._store.read_only

    @property
    def problem(self) -> Sentence | None:
        """Why something is not on disk yet; None while all is well."""
        return self._problem

    def write(self, change: Write, *, now: bool = False) -> "Future[None]":
        """Change the store in the order of the calls; the future is done when it is on disk.

        Args:
            change: Calls one of the store's methods that write.
            now: Whether it does not wait for others.
        """
        future: Future[None] = Future()

        def take() -> None:
            if self._store.read_only:
                future.set_exception(
                    DraftsUnavailableError(self._folder, Sentence("they are only read by this window"))
                )
                return
            self._unwritten.append((change, future))
            due = time.monotonic() + (0 if now else TOGETHER)
            self._due = due if self._due is None or now else self._due

        self._tasks.put(take)
        return future

    def ask(self, question: Callable[[DraftStore], _T]) -> "Future[_T]":
        """Read from the store, what was written before included unless the disk refuses it."""
        future: Future[_T] = Future()

        def answer() -> None:
            self._flush()
            try:
                future.set_result(question(self._store))
            except BaseException as error:
                future.set_exception(error)

        self._tasks.put(answer)
        return future

    def close(self) -> Sentence | None:
        """Write what is left and close; return why something could not be written, in a sentence, else nothing."""
        self._tasks.put(None)
        self._thread.join()
        return self._problem

    def _run(self, opened: "Future[DraftStore]") -> None:
        try:
            self._store = DraftStore(self._folder)
        except BaseException as error:
            opened.set_exception(error)
            return
        opened.set_result(self._store)
        while True:
            try:
                task = self._tasks.get(timeout=None if self._due is None else max(self._due - time.monotonic(), 0))
            except queue.Empty:
                self._flush()
                continue
            if task is None:
                break
            task()
            if self._due is not None and self._due <= time.monotonic():
                self._flush()
        self._flush()
        if self._changed:
            self._back_up()
        self._store.close()

    def _flush(self) -> None:
        """Write all that waits in one go; what the disk refuses waits on."""
        if not self._unwritten:
            return
        together, self._unwritten, self._due = self._unwritten, [], None
        try:
            self._write(together)
        except DraftsUnavailableError as error:
            self._wait(together, error)
            return
        except Exception:  # one of them can never be written: the others have their turn
            for at, each in enumerate(together):
                try:
                    self._write([each])
                except DraftsUnavailableError as error:
                    self._wait(together[at:], error)
                    return
                except Exception as error:
                    each[1].set_exception(error)
        self._say(None)
        if time.monotonic() - self._last_backup > BACKUP_AFTER:
            self._back_up()

    def _write(self, these: list[tuple[Write, "Future[None]"]]) -> None:
        with self._store.writing():
            for change, _ in these:
                change(self._store)
        self._changed = True
        for _, future in these:
            future.set_result(None)

    def _wait(self, these: list[tuple[Write, "Future[None]"]], error: DraftsUnavailableError) -> None:
        self._unwritten = [*these, *self._unwritten]
        self._due = time.monotonic() + AGAIN
        self._say(error.sentence)

    def _say(self, problem: Sentence | None) -> None:
        if problem != self._problem:
            self._problem = problem
            with contextlib.suppress(Exception):  # whoever listens may be gone; what is to be written is not
                self._failed(problem)

    def _back_up(self) -> None:
        self._last_backup = time.monotonic()
        with contextlib.suppress(DraftsUnavailableError):  # a full disk is told of where drafts are written
            self._store.back_up()
            self._changed = False
