"""The process that runs the model, from the window's side: asked without waiting, heard through one function.

All that is known of it belongs to one thread, which also calls that function; whoever asks only leaves a note. So an
event of a run never comes after the one that ended it, and every run ends once, whatever becomes of the process.
"""

import contextlib
import itertools
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import get_args

from unix_edge import console
from unix_edge.errors import ModelNotOpenError, ModelProcessError, PromptError
from unix_edge.generate import GenerationSettings
from unix_edge.image import LoadedRadiograph
from unix_edge.report import ReportSettings
from unix_edge.sentences import Sentence
from unix_edge.worker import messages
from unix_edge.worker.codec import GarbageError, TooLongError, pack, read_event
from unix_edge.worker.start import PROGRAM, start

DIED = Sentence("The process that runs the model died")
KILLED = Sentence("The system ended the process that runs the model, as when memory is short")
HUNG = Sentence("The process that runs the model no longer answered and was ended")
GARBAGE = Sentence("The process that runs the model said what makes no sense and was ended")
NOT_STARTED = Sentence("The process that runs the model could not be started")
_DYING = 0.2
"""Seconds for a process that has closed its pipe to be gone."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the process may take, in seconds, and how often it may die."""

    starting: float = 60.0
    """To its first beat: Python and what it imports come from a disk that may be slow."""
    silent: float = 10.0
    """Without a beat after that, while something is wanted of it."""
    stopping: float = 0.45
    """To a run's end after it was stopped; it is then ended for the reader, whatever the process is at."""
    stopped: float = 60.0
    """To its end in the process, which is killed then: opening a large graph cannot be interrupted."""
    deaths: int = 3
    """After which it is not started again by itself, within `within`."""
    within: float = 600.0


class ModelProcess:
    """Starts the process, watches it, and starts it again where it died."""

    def __init__(
        self,
        on_event: Callable[[messages.Event], None],
        *,
        patience: Patience | None = None,
        program: str = PROGRAM,
    ) -> None:
        """Be ready to open a model; nothing is started yet.

        Args:
            on_event: Told of every event, by a thread of ours; it must not wait for anything.
            patience: For tests.
            program: For tests: what the process runs.
        """
        self._on_event, self._patience, self._program = on_event, patience or Patience(), program
        self._numbers = itertools.count(1)
        self._notes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._child: _Child | None = None
        self._opened: messages.Open | None = None
        self._is_opening = False
        self._deaths: deque[float] = deque()
        self._pending: dict[int, float | None] = {}
        """Runs that have not ended, and when each was stopped."""
        self._overdue: dict[int, float] = {}
        """Runs that have ended for the reader and not in the process, and when they were stopped."""
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="model process", daemon=True)
        self._thread.start()

    def open(self, engines: str = "", device: str = "auto") -> None:
        """Open a bundle in a new process; what ran is stopped. Loading follows, then Ready or a Failed without a run.

        Args:
            engines: Its folder; empty: `unix_edge.model.find_engines()`.
            device: As of `UniX.load`.
        """
        self._notes.put(lambda: self._open(messages.Open(engines, device)))

    def draft(
        self,
        image: LoadedRadiograph | Callable[[], LoadedRadiograph],
        settings: ReportSettings | None = None,
        *,
        prefix: str = "",
        assume_frontal_chest: bool = False,
    ) -> int:
        """Draft a report when the runs before are done; return the run's number, which all its events bear.

        Piece follows for every token, then Drafted, Stopped or Failed. A second draft of the same image begins sooner.

        Args:
            image: What the model is shown, or a function that makes it, which another thread calls.
            settings: What to ask and how to decode.
            prefix: Text that the report is to begin with.
            assume_frontal_chest: A person has seen that it is one, where its header leaves doubt.
        """
        run = next(self._numbers)

        def request() -> messages.Draft:
            loaded = image() if callable(image) else image
            return messages.Draft(run, loaded, settings or ReportSettings(), prefix, assume_frontal_chest)

        self._notes.put(lambda: self._begin(run, request))
        return run

    def generate(self, prompt: str, settings: GenerationSettings | None = None) -> int:
        """Make a picture when the runs before are done; Step follows, then Picture, Stopped or Failed."""
        run = next(self._numbers)
        request = messages.Generate(run, prompt, settings or GenerationSettings())
        self._notes.put(lambda: self._begin(run, lambda: request))
        return run

    def stop(self, run: int) -> None:
        """End a run within half a second: by Drafted with what there is of it, or by Stopped."""
        self._notes.put(lambda: self._stop(run))

    def release(self) -> None:
        """Let the process give back the memory of its graphs, as when something else needs it."""
        self._notes.put(lambda: self._send(messages.Release()))

    def close(self) -> None:
        """End the process at once; runs end with Stopped. Nothing is told of what is asked from now on."""
        self._notes.put(self._close)
        if threading.current_thread() is not self._thread:
            self._thread.join(5)

    def _work(self) -> None:
        while not self._is_closed:
            waits = any(self._pending.values()) or self._overdue
            with contextlib.suppress(queue.Empty):
                self._notes.get(timeout=0.05 if waits else 0.5)()
            self._watch()

    def _deliver(self, event: messages.Event) -> None:
        """Tell of an event, unless its run has ended."""
        run = getattr(event, "run", None)
        if isinstance(event, messages.Beat):
            event = event if run in self._pending else replace(event, run=None)
        elif run is not None:
            if isinstance(event, get_args(messages.Ending)):
                self._overdue.pop(run, None)
            if run not in self._pending:
                return
            if isinstance(event, get_args(messages.Ending)):
                del self._pending[run]
        try:
            self._on_event(event)
        except Exception:  # whoever listens must not end what watches the process
            sys.excepthook(*sys.exc_info())

    def _open(self, request: messages.Open) -> None:
        self._end()
        self._opened = request
        self._deaths.clear()
        self._start()

    def _start(self) -> None:
        """Start the process and open the bundle; where there is no process to be had, say so."""
        assert self._opened is not None
        try:
            self._child = _Child(self._program, self._notes, self._hear, self._lose)
        except OSError:
            self._child = None
            self._deliver(_failed(None, ModelProcessError(NOT_STARTED, restarts=False)))
            return
        self._is_opening = True
        self._send(self._opened)

    def _begin(self, run: int, make: Callable[[], messages.Draft | messages.Generate]) -> None:
        self._pending[run] = None
        if self._child is None:
            self._deliver(_failed(run, ModelNotOpenError()))
            return
        try:
            self._send(make())
        except TooLongError:
            self._deliver(_failed(run, PromptError(Sentence("The text is too long; nothing was begun. Shorten it."))))
        except Exception as error:
            self._deliver(_failed(run, error))

    def _stop(self, run: int) -> None:
        if run in self._pending and self._pending[run] is None:
            self._pending[run] = time.monotonic()
            self._send(messages.Stop(run))

    def _send(self, request: messages.Request) -> None:
        if self._child:
            self._child.send(pack(request))

    def _hear(self, child: "_Child", event: messages.Event) -> None:
        if child is not self._child:
            return
        child.heard, child.has_begun = time.monotonic(), True
        if isinstance(event, messages.Ready) or (isinstance(event, messages.Failed) and event.run is None):
            self._is_opening = False
        self._deliver(event)

    def _watch(self) -> None:
        """End what takes too long: a stopped run, a run that does not stop, a process that is silent."""
        now, patience = time.monotonic(), self._patience
        for run, stopped in list(self._pending.items()):
            if stopped is not None and now - stopped > patience.stopping:
                self._deliver(messages.Stopped(run))
                self._overdue[run] = stopped
        if self._child is None:
            return
        is_wanted = self._pending or self._overdue or self._is_opening
        allowed = patience.silent if self._child.has_begun else patience.starting
        is_silent = now - self._child.heard > allowed
        if (is_wanted and is_silent) or any(now - since > patience.stopped for since in self._overdue.values()):
            self._lose(self._child, HUNG)

    def _lose(self, child: "_Child", problem: Sentence) -> None:
        """End a process that is dead or as good as dead, fail what it was at, and start another."""
        if child is not self._child:
            return
        problem = child.end() or problem
        self._child = None
        now = time.monotonic()
        self._deaths.append(now)
        while now - self._deaths[0] > self._patience.within:
            self._deaths.popleft()
        restarts = len(self._deaths) <= self._patience.deaths
        error = ModelProcessError(problem, restarts=restarts)
        for run in list(self._pending):
            self._deliver(_failed(run, error))
        self._overdue.clear()
        self._is_opening = False
        if restarts:
            self._start()
        else:
            self._deliver(_failed(None, error))

    def _end(self) -> None:
        if self._child:
            self._child.end()
            self._child = None
        for run in list(self._pending):
            self._deliver(messages.Stopped(run))
        self._overdue.clear()

    def _close(self) -> None:
        self._end()
        self._is_closed = True


class _Child:
    """One process, with a thread that reads and one that writes, so that nobody waits for it."""

    def __init__(
        self,
        program: str,
        notes: "queue.SimpleQueue[Callable[[], None]]",
        hear: Callable[["_Child", messages.Event], None],
        lose: Callable[["_Child", Sentence], None],
    ) -> None:
        self.heard = time.monotonic()
        """When it last said something, or was started."""
        self.has_begun = False
        self._notes, self._hear, self._lose = notes, hear, lose
        self._process = start(program)
        self._to_write: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        for work in (self._read, self._write):
            threading.Thread(target=work, daemon=True).start()

    def send(self, data: bytes) -> None:
        """Have a message written."""
        self._to_write.put(data)

    def end(self) -> Sentence | None:
        """Kill it; return what it had died of before, if that is known to be the system's doing."""
        found = self._process.poll()
        self._process.kill()
        self._process.wait()
        self._to_write.put(None)
        return KILLED if hasattr(signal, "SIGKILL") and found == -signal.SIGKILL else None

    def _read(self) -> None:
        assert self._process.stdout
        problem = DIED
        try:
            while (event := read_event(self._process.stdout)) is not None:
                self._notes.put(partial(self._hear, self, event))
        except GarbageError:
            problem = GARBAGE
        except OSError:
            pass
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING)
            problem = DIED  # whatever it said last was cut short
        self._process.stdout.close()
        self._notes.put(partial(self._lose, self, problem))

    def _write(self) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError):  # whoever reads tells of it
            while (data := self._to_write.get()) is not None:
                self._process.stdin.write(data)
                self._process.stdin.flush()
        with contextlib.suppress(OSError):
            self._process.stdin.close()


def _failed(run: int | None, error: Exception) -> messages.Failed:
    return messages.Failed(run, type(error).__name__, console.explain(error))
