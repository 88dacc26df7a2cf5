"""The process that runs the model for the app: requests on standard input, events on standard output.

The main thread does one run after the other, a thread listens, and a third tells twice a second that all live. It ends
when its requests do.
"""

import hashlib
import json
import os
import threading
import time
from collections import deque
from typing import IO, assert_never

import numpy as np
from PIL import Image

from .. import console
from ..dicom.header import pick_header
from ..errors import CardMemoryError, ModelNotOpenError, StoppedError, UnconfirmedChestError
from ..generate import DenoisingStep
from ..image import LoadedRadiograph
from ..limits import resident_memory, serve_one_parent
from ..machine import is_out_of_memory, lacks_memory
from ..model import UniX
from ..report import Piece, Reading, Report, ReportSettings
from ..results.drafting import stream_draft
from ..sessions import import_onnxruntime
from . import messages
from .codec import GarbageError, pack, read_request

BEAT = 0.5
"""Seconds between two beats."""
_NICE = 5
_STAGES = 2
Job = messages.Open | messages.Draft | messages.Generate | messages.Release


def main() -> None:
    """Serve until there are no more requests."""
    serve_one_parent(_NICE)
    # Whatever a library prints must not become part of an event, nor may it read a request.
    requests, events = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    Worker(requests, events).serve()


class Worker:
    """One model, and a queue of what is wanted of it."""

    def __init__(self, requests: IO[bytes], events: IO[bytes]) -> None:
        self._requests, self._events = requests, events
        self._writing = threading.Lock()
        self._changed = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._run: int | None = None
        self._stop = threading.Event()
        self._unix: UniX | None = None
        self._read: dict[str, Reading] = {}
        self._is_warm = True

    def serve(self) -> None:
        """Do what is asked, for ever; the listener ends the process."""
        for work in (self._listen, self._beat):
            threading.Thread(target=work, daemon=True).start()
        while True:
            job = self._next()
            try:
                self._do(job)
            except Exception as error:
                self._fail(job, error)
            with self._changed:
                self._run = None

    def _listen(self) -> None:
        while True:
            try:
                request = read_request(self._requests)
            except (GarbageError, OSError):
                request = None
            if request is None or isinstance(request, messages.Close):
                os._exit(0)  # whatever runs: nothing that it does is to be kept
            with self._changed:
                if isinstance(request, messages.Stop):
                    self._stop_run(request.run)
                else:
                    self._waiting.append(request)
                    self._changed.notify()

    def _stop_run(self, run: int) -> None:
        if run == self._run:
            self._stop.set()
        for job in [each for each in self._waiting if isinstance(each, (messages.Draft, messages.Generate))]:
            if job.run == run:
                self._waiting.remove(job)
                self._send(messages.Stopped(run))

    def _beat(self) -> None:
        while True:
            self._send(messages.Beat(resident_memory(), self._run))
            time.sleep(BEAT)

    def _next(self) -> Job:
        """Wait for the next job; where there is none, get warm first."""
        if not self._is_warm and not self._waiting:
            self._warm_up()
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            job = self._waiting.popleft()
            self._stop = threading.Event()
            self._run = job.run if isinstance(job, (messages.Draft, messages.Generate)) else None
        return job

    def _do(self, job: Job) -> None:
        match job:
            case messages.Open():
                self._open(job)
            case messages.Draft():
                self._draft(job)
            case messages.Generate():
                self._generate(job)
            case messages.Release():
                self._let_go()
            case _:
                assert_never(job)

    def _send(self, event: messages.Event) -> None:
        data = pack(event)
        try:
            with self._writing:
                self._events.write(data)
                self._events.flush()
        except OSError:  # nobody hears it
            os._exit(0)

    def _open(self, job: messages.Open) -> None:
        self._let_go()
        self._unix = None
        self._send(messages.Loading(1, _STAGES))
        threads = max(1, (os.cpu_count() or 1) - 1)  # one is left to the window
        import_onnxruntime()  # what takes longest of opening a small bundle
        self._send(messages.Loading(2, _STAGES))
        unix = self._unix = UniX.load(job.engines or None, job.device, threads=threads)
        self._is_warm = False
        sessions, manifest = unix.sessions, unix.sessions.bundle.manifest
        self._send(
            messages.Ready(
                engines=str(sessions.bundle.folder),
                checkpoint=manifest.checkpoint,
                checkpoint_sha256=manifest.checkpoint_sha256,
                precision=manifest.precision,
                device=str(sessions.device),
                reason=sessions.reason,
                trained=manifest.trained,
                trained_on=manifest.trained_on,
                picture_size=manifest.model.picture_size,
                picture_unit=manifest.model.downsample,
                capacity=manifest.capacity,
                has_preview=bool(manifest.preview),
                memory=resident_memory(),
            )
        )

    def _warm_up(self) -> None:
        """Do once, until there is something to do, what a draft does: graphs are opened then, and memory is there."""
        self._is_warm = True
        noise = np.random.default_rng(0).integers(0, 256, (256, 256), np.uint8)
        try:
            reading = self._model.read(LoadedRadiograph(Image.fromarray(noise)), should_stop=self._is_wanted)
            reading.report(ReportSettings(max_tokens=3), should_stop=self._is_wanted)
        except StoppedError:
            pass
        except Exception:  # a draft that fails likewise says so
            self._let_go()

    def _is_wanted(self) -> bool:
        return bool(self._waiting)

    @property
    def _model(self) -> UniX:
        """The open model.

        Raises:
            ModelNotOpenError: There is none.
        """
        if self._unix is None:
            raise ModelNotOpenError
        return self._unix

    def _let_go(self) -> None:
        self._read.clear()
        if self._unix:
            self._unix.release()

    def _draft(self, job: messages.Draft) -> None:
        began = time.perf_counter()
        first, tokens, key = 0.0, 0, _fingerprint(job)
        if key not in self._read:
            self._read.clear()  # before the next is there: at the release's size one takes 0.3 GB
        for event in stream_draft(
            self._model,
            self._read.get(key, job.image),
            job.settings,
            prefix=job.prefix,
            assume_frontal_chest=job.assume_frontal_chest,
            should_stop=self._stop.is_set,
        ):
            now = time.perf_counter() - began
            match event:
                case Reading():
                    self._read[key] = event
                case Piece():
                    first = first or now
                    tokens += len(event.log_probabilities)
                    self._send(messages.Piece(job.run, event.text, tokens, event.log_probabilities))
                case Report():
                    rate = (tokens - 1) / (now - first) if tokens > 1 else 0.0
                    self._send(messages.Drafted(job.run, event, first or now, rate, now))

    def _generate(self, job: messages.Generate) -> None:
        began = time.perf_counter()
        first = 0.0
        for event in self._model.stream_generate(job.prompt, job.settings, should_stop=self._stop.is_set):
            now = time.perf_counter() - began
            if not isinstance(event, DenoisingStep):
                self._send(messages.Picture(job.run, event, now))
                continue
            first = first or now
            each = (now - first) / (event.step - 1) if event.step > 1 else now  # the first opens graphs, too
            self._send(
                messages.Step(job.run, event.step, event.steps, each * (event.steps - event.step), event.preview)
            )

    def _fail(self, job: Job, error: Exception) -> None:
        run = job.run if isinstance(job, (messages.Draft, messages.Generate)) else None
        if isinstance(error, StoppedError) and run is not None:
            self._send(messages.Stopped(run))
            return
        doubts = error.doubts if isinstance(error, UnconfirmedChestError) else ()
        short = isinstance(error, CardMemoryError) or lacks_memory(error) or is_out_of_memory(error)
        if short:
            self._let_go()  # a session that lacked memory is not to be run again
            error = error if isinstance(error, CardMemoryError) else MemoryError()
        smaller = self._smaller(job) if short else None
        self._send(messages.Failed(run, type(error).__name__, console.explain(error), doubts, short, smaller))

    def _smaller(self, job: Job) -> int | None:
        """Return the side of a picture of a quarter of the memory, where there is one."""
        if not isinstance(job, messages.Generate) or self._unix is None:
            return None
        model = self._unix.sessions.bundle.manifest.model
        side = (job.settings.size or model.picture_size) // 2 // model.downsample * model.downsample
        return side or None


def _fingerprint(job: messages.Draft) -> str:
    """Return what is the same only for the same picture of the same file, confirmed alike."""
    image = job.image
    header = None if image.header is None else pick_header(image.header)
    about = (image.image.mode, image.image.size, image.warnings, image.source_sha256, image.phantom, image.window)
    said = (*about, job.assume_frontal_chest, header)
    return hashlib.sha256(image.image.tobytes() + json.dumps(said).encode()).hexdigest()
