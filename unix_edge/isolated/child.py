"""A child process for a stranger's file: started, given bytes and never a path, bounded in time, and ended.

Decoders are native code, and a header may ask for more memory than the machine has. The child has limits on memory and
time; its death is one sentence here. Messages are one JSON line and a block of bytes of a stated, checked length, and
nothing that it says is shown before it is checked.
"""

import contextlib
import hashlib
import json
import os
import secrets
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, TypeAlias, TypeVar

from ..errors import ImageError
from ..limits import MAX_FILE, MAX_SECONDS
from ..sentences import Sentence, system_says
from .python import command_of, program_of

_START = program_of("unix_edge.isolated.decode_child", "main")
_START_READY = program_of("unix_edge.isolated.decode_child", "get_ready", "main")
_CHUNK = 1 << 20
_REFILL_AFTER = 0.3
"""Seconds after which the next child is started, where one is kept ready."""
_DYING = 1.0
"""Seconds for a child that has closed its pipe to be gone."""
_SERVES = MAX_SECONDS / 2
"""Seconds of work after which a child of a session is replaced: it has four times that of processor time."""
T = TypeVar("T")
Receive: TypeAlias = Callable[[IO[bytes], str], T]
"""Reads and checks an answer; given the file's SHA-256 too."""
ReceiveNext: TypeAlias = Callable[[IO[bytes], str, str], T]
"""The same of a child that stays; given also what the answer must repeat, which none can know before it is asked."""
DIED = Sentence("the process that decodes it died; nothing else was harmed")
KILLED = Sentence(
    "the system ended the process that decodes it, as when memory is short; close other programs and try again"
)
UNREADABLE = Sentence("it became unreadable while it was read")


class Source(Protocol):
    """What is read like a file and need not be one, as a member of an archive."""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""

    def open(self) -> tuple[BinaryIO, int]:
        """Open it, to be read and sought in; return its size too.

        Raises:
            ImageError, OSError: It cannot be opened, or is larger than a file that is read may be.
        """


def ask(source: Path | Source, wanted: dict[str, Any], receive: Receive[T]) -> T:
    """Give a file to a child process of its own, and return what is received of its answer.

    Args:
        source: What is read.
        wanted: What the child is to do with it.
        receive: Reads and checks the answer.

    Raises:
        ImageError: The file cannot be read, or the child has died or taken too long.
    """
    try:
        file, size = open_source(source)
        with file:
            return _ask(file, size, wanted, receive)
    except ImageError as error:
        raise ImageError(source.name, error.problem) from None
    except OSError:
        raise ImageError(source.name, UNREADABLE) from None


def open_source(source: Path | Source) -> tuple[BinaryIO, int]:
    """Open what is to be read; return its size too.

    Raises:
        ImageError, OSError: It is no regular file, cannot be opened, is empty or larger than 512 MiB.
    """
    if not isinstance(source, Path):
        return source.open()
    file = _open(source)
    try:
        return file, _size(file)
    except BaseException:
        file.close()
        raise


def _open(path: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise ImageError(path.name, Sentence("it is no regular file"))
        return path.open("rb")
    except FileNotFoundError:
        raise ImageError(path.name, Sentence("there is no such file")) from None
    except (OSError, ValueError) as error:
        reason = system_says(error) if getattr(error, "strerror", None) else Sentence("its name cannot be")
        raise ImageError(path.name, Sentence("it cannot be opened ({0})", reason)) from None


def _size(file: BinaryIO) -> int:
    size = os.fstat(file.fileno()).st_size
    if size == 0:
        raise ImageError("The file", Sentence("it is empty"))
    if size > MAX_FILE:
        raise ImageError("The file", Sentence("it is larger than {0} MiB", MAX_FILE >> 20))
    return size


def start_child(program: str) -> subprocess.Popen[bytes]:
    """Start a child, isolated: neither the current folder nor PYTHON* variables decide what it imports.

    Raises:
        ImageError: There is no process to be had.
    """
    try:
        return subprocess.Popen(
            command_of(program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
    except OSError:
        raise ImageError(
            "The file", Sentence("no process could be started to decode it; close others and try again")
        ) from None


class _Spare:
    """A child that is started before there is a file for it; like any other it serves one."""

    def __init__(self) -> None:
        self.kept = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def take(self) -> subprocess.Popen[bytes]:
        """Return it, or one that is started now."""
        with self._lock:
            process, self._process = self._process, None
        if process and process.poll() is not None:
            _end(process)
            process = None
        return process or start_child(_START)

    def refill_soon(self) -> None:
        """Start another when what was read is shown."""
        if self.kept:
            timer = threading.Timer(_REFILL_AFTER, self.refill)
            timer.daemon = True
            timer.start()

    def refill(self) -> None:
        """Start another, if one is to be kept; where there is no process to be had, there is none."""
        with self._lock, contextlib.suppress(ImageError):
            if self.kept and self._process is None:
                self._process = start_child(_START_READY)

    def drop(self) -> None:
        """End it, and keep none."""
        self.kept = False
        with self._lock:
            process, self._process = self._process, None
        if process:
            _end(process)


_spare = _Spare()


@contextlib.contextmanager
def child_kept_ready() -> Iterator[None]:
    """Keep a child ready for whoever wants stored values next, so that an image is there sooner."""
    _spare.kept = True
    _spare.refill()
    try:
        yield
    finally:
        _spare.drop()


def _ask(file: BinaryIO, size: int, wanted: dict[str, Any], receive: Receive[T]) -> T:
    process = _spare.take() if wanted.get("stored") else start_child(_START)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        with _watch(process) as late:
            try:
                sha256 = _send(process.stdin, file, size, wanted)
                _close(process.stdin)
                return receive(process.stdout, sha256)
            except ImageError as error:
                raise _name_problem(process, error, late=late.is_set()) from None
    finally:
        _end(process)
        if wanted.get("stored"):
            _spare.refill_soon()


class Session:
    """A child that serves one caller for many requests, as the pictures of one series; used by one thread at a time.

    It is ended when it has a problem with a file, and another takes its place; so too when it has served long.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._held: object = None
        self._sha256 = ""
        self._spent = 0.0

    def ask(self, what: object, source: Path | Source, wanted: dict[str, Any], receive: ReceiveNext[T]) -> T:
        """Give a file to the child, unless `what` says that it has it still, and return what is received.

        Raises:
            ImageError: As of the function `ask`.
        """
        had_served = self._process is not None
        try:
            return self._ask(what, source, wanted, receive)
        except ImageError as error:
            self.end()
            if not had_served or error.problem not in (DIED, KILLED):
                raise ImageError(source.name, error.problem) from None
        except OSError:
            self.end()
            raise ImageError(source.name, UNREADABLE) from None
        try:  # it may have died of what it had been given before
            return self._ask(what, source, wanted, receive)
        except (ImageError, OSError) as error:
            self.end()
            problem = error.problem if isinstance(error, ImageError) else UNREADABLE
            raise ImageError(source.name, problem) from None

    def end(self) -> None:
        """End the child, if there is one."""
        process, self._process, self._held, self._spent = self._process, None, None, 0.0
        if process is not None:
            _end(process)

    def _ask(self, what: object, source: Path | Source, wanted: dict[str, Any], receive: ReceiveNext[T]) -> T:
        if self._spent > _SERVES:
            self.end()
        if self._process is None:
            self._process = _spare.take()
            _spare.refill_soon()
        process, began = self._process, time.monotonic()
        nonce = secrets.token_hex(16)
        wanted = {**wanted, "nonce": nonce}
        assert process.stdin is not None
        assert process.stdout is not None
        with _watch(process) as late:
            try:
                if self._held == what:
                    process.stdin.write(json.dumps({**wanted, "again": True}).encode() + b"\n")
                    process.stdin.flush()
                else:
                    self._held = None
                    file, size = open_source(source)
                    with file:
                        self._sha256 = _send(process.stdin, file, size, wanted)
                    self._held = what
                return receive(process.stdout, self._sha256, nonce)
            except (ImageError, BrokenPipeError) as error:
                raise _name_problem(process, error, late=late.is_set()) from None
            finally:
                self._spent += time.monotonic() - began


@contextlib.contextmanager
def _watch(process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill a child that takes too long; tell by the event."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(MAX_SECONDS, stop)
    clock.start()
    try:
        yield late
    finally:
        clock.cancel()


def _name_problem(process: subprocess.Popen[bytes], error: Exception, *, late: bool) -> ImageError:
    """Return what a child's failure is told as."""
    problem = error.problem if isinstance(error, ImageError) else DIED
    if late:
        problem = Sentence("decoding it took longer than {0} seconds", MAX_SECONDS)
    elif problem == DIED and _was_killed(process):
        problem = KILLED
    return ImageError("The file", problem)


def _was_killed(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a child that said nothing, or nonsense, was ended by the system, as for want of memory."""
    try:
        return process.wait(_DYING) == -signal.SIGKILL if hasattr(signal, "SIGKILL") else False
    except subprocess.TimeoutExpired:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        _close(pipe)


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:  # what was still buffered for a child that is gone
        pass


def _send(requests: IO[bytes], file: BinaryIO, size: int, wanted: dict[str, Any]) -> str:
    """Send the request and the file's bytes; return their SHA-256."""
    sha256 = hashlib.sha256()
    sent, alive = 0, True
    pieces = [json.dumps({**wanted, "length": size}).encode() + b"\n"]
    while True:
        try:
            if alive:
                requests.write(pieces.pop())
                requests.flush()
        except BrokenPipeError:
            alive = False
        if sent == size:
            return sha256.hexdigest()
        piece = file.read(min(_CHUNK, size - sent))
        if not piece:
            raise ImageError("The file", Sentence("it became shorter while it was read"))
        sha256.update(piece)
        sent += len(piece)
        pieces = [piece]
