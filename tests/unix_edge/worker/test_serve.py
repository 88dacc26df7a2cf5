"""The model's process by itself: what it says on its pipes, and that it says and leaves nothing else."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from unix_edge import GenerationSettings, ReportSettings
from unix_edge.bundle import EMBEDDED
from unix_edge.image import LoadedRadiograph
from unix_edge.worker import messages
from unix_edge.worker.codec import pack, read_event
from unix_edge.worker.start import PROGRAM, start

CANARY = "Kanarienvogel"
"""In the name of the patient, the prompt and the words that a report begins with."""


@pytest.fixture
def worker():
    """Start processes; ask one and wait for an answer."""
    started = []

    class Started:
        def __init__(self, program):
            self.process = start(program)
            started.append(self.process)

        def ask(self, *requests):
            for each in requests:
                self.process.stdin.write(each if isinstance(each, bytes) else pack(each))
            self.process.stdin.flush()

        def wait(self, *kinds):
            while (event := read_event(self.process.stdout)) is not None:
                if isinstance(event, kinds):
                    return event
            raise AssertionError("it has ended")

        def open(self):
            self.ask(messages.Open(str(EMBEDDED), "cpu"))
            return self.wait(messages.Ready)

    yield lambda program=PROGRAM: Started(program)
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


@pytest.fixture
def film(make_header):
    gray = np.random.default_rng(0).integers(0, 256, (400, 300), np.uint8)
    return LoadedRadiograph(Image.fromarray(gray), make_header(PatientName=CANARY, PatientID=CANARY))


def test_it_says_what_it_opened(worker):
    ready = worker().open()
    assert (ready.checkpoint, ready.precision, ready.device) == ("unix-nano", "fp16", "cpu")
    assert ready.picture_size == 192 and ready.picture_unit == 16 and ready.has_preview and ready.trained
    assert ready.memory == 0 if sys.platform != "linux" else 2**25 < ready.memory < 2**32


@pytest.mark.parametrize("garbage", [b"hello\n", b'{"kind": "Beat", "value": {}, "blocks": []}\n', b"\0" * 100])
def test_requests_that_are_none_end_it(worker, garbage):
    child = worker()
    child.open()
    child.ask(garbage)
    child.process.stdin.close()
    assert child.process.wait(5) == 0


def test_it_ends_with_its_requests_whatever_it_is_at(worker, film):
    for last in (None, messages.Close()):
        child = worker()
        child.open()
        child.ask(messages.Generate(1, "Clear lungs.", GenerationSettings(timesteps=1000)))
        child.wait(messages.Step)
        began = time.perf_counter()
        child.ask(last) if last else child.process.stdin.close()
        assert child.process.wait(5) == 0
        assert time.perf_counter() - began < 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere its requests end with its parent, and that ends it")
def test_it_ends_with_its_parent_though_another_process_holds_its_pipes(tmp_path):
    """The parent is killed; its standard input stays open in this process."""
    read, write = os.pipe()
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-I', '-c', {PROGRAM!r}], stdin={read}, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, pass_fds=[read]) as parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    ends = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not is_running(pid)
    os.close(read)
    os.close(write)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_what_a_library_prints_does_not_reach_its_events(worker, film):
    noisy = "import sys, os; " + PROGRAM.replace(
        "serve.main()", "real = serve.stream_draft; "
        "serve.stream_draft = lambda *a, **k: (print('hello'), os.write(1, b'hello'), real(*a, **k))[2]; serve.main()"
    )  # fmt: skip
    child = worker(noisy)
    child.open()
    child.ask(messages.Draft(1, film, ReportSettings(max_tokens=5)))
    assert child.wait(messages.Drafted, messages.Failed).report.tokens


def test_it_tells_that_it_lives_while_it_computes(worker):
    child = worker()
    child.open()
    child.ask(messages.Generate(7, "Clear lungs.", GenerationSettings(timesteps=1000)))
    child.wait(messages.Step)
    beats, began = [], time.perf_counter()
    while time.perf_counter() - began < 2.2:
        beats.append(child.wait(messages.Beat))
    assert 3 <= len(beats) <= 6 and {each.run for each in beats[1:]} == {7}
    child.ask(messages.Stop(7))
    assert child.wait(messages.Stopped).run == 7
    while child.wait(messages.Beat).run is not None:
        pass


def test_it_steps_back_for_the_window(worker):
    child = worker()
    child.open()
    assert os.getpriority(os.PRIO_PROCESS, child.process.pid) > os.getpriority(os.PRIO_PROCESS, 0)


SHORT = """
import sys
from unix_edge.worker import serve
from unix_edge.sessions import Sessions
real, left = Sessions.run, {{"{graph}": 1}}

def run(self, graph, *rest):
    if left.pop(graph, None):
        raise {error}
    return real(self, graph, *rest)

Sessions.run = run
serve.Worker._warm_up = lambda self: setattr(self, "_is_warm", True)
serve.main()
"""
CARD = "__import__('unix_edge.errors').errors.CardMemoryError('vae_decoder', 'cuda', None)"


@pytest.mark.parametrize("error", ["MemoryError()", CARD, "RuntimeError('std::bad_alloc')"])
def test_where_memory_is_short_a_smaller_picture_is_offered_and_the_next_run_works(worker, error):
    child = worker(SHORT.format(graph="vae_decoder", error=error))
    child.open()
    child.ask(messages.Generate(1, "Clear lungs.", GenerationSettings(timesteps=2)))
    failed = child.wait(messages.Failed, messages.Picture)
    assert failed.is_out_of_memory and failed.smaller == 96 and failed.run == 1
    assert "memory" in str(failed.sentence) and "lose other programs" in str(failed.sentence)
    child.ask(messages.Generate(2, "Clear lungs.", GenerationSettings(timesteps=2, size=failed.smaller)))
    assert child.wait(messages.Failed, messages.Picture).picture.pixels.shape == (96, 96, 3)


def test_where_memory_is_short_for_an_image_the_next_draft_works(worker, film):
    child = worker(SHORT.format(graph="vision", error="MemoryError()"))
    child.open()
    child.ask(
        messages.Draft(1, film, ReportSettings(max_tokens=5)), messages.Draft(2, film, ReportSettings(max_tokens=5))
    )
    failed = child.wait(messages.Failed)
    assert (failed.run, failed.error, failed.is_out_of_memory, failed.smaller) == (1, "MemoryError", True, None)
    assert child.wait(messages.Drafted).run == 2


def test_what_was_let_go_is_opened_again(worker, film):
    child = worker()
    child.open()
    settings = ReportSettings(max_tokens=12)
    child.ask(messages.Draft(1, film, settings), messages.Release(), messages.Draft(2, film, settings))
    assert child.wait(messages.Drafted).report.tokens == child.wait(messages.Drafted).report.tokens


def test_it_writes_nothing_but_its_events(film, tmp_path):
    """No file is opened to be written, and no name of a patient leaves it but on its pipe."""
    assert shutil.which("strace"), "this test needs strace: apt-get install strace"
    trace = tmp_path / "trace"
    command = [
        "strace",
        "-f",
        "-s",
        "4096",
        "-e",
        "trace=openat,open,creat,write,sendto,socket,connect",
        "-o",
        str(trace),
    ]
    command += [sys.executable, "-I", "-W", "ignore", "-c", PROGRAM]
    prefix = f"FINDINGS: {CANARY}"
    requests = [messages.Open(str(EMBEDDED), "cpu"), messages.Open(str(EMBEDDED), "cpu")]
    requests += [messages.Draft(1, film, ReportSettings(max_tokens=30), prefix)]
    requests += [messages.Generate(2, f"Clear lungs, {CANARY}.", GenerationSettings(timesteps=2))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for each in requests[1:]:
            process.stdin.write(pack(each))
        process.stdin.flush()
        kinds = []
        while "Picture" not in kinds:
            kinds.append(type(read_event(process.stdout)).__name__)
    assert "Drafted" in kinds and "Failed" not in kinds
    calls = trace.read_text("utf-8", "replace").splitlines()
    opened = [each for each in calls if re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(", each) and "ENOENT" not in each]
    own = str(tmp_path.parents[0])
    assert [each for each in opened if "/dev/null" not in each and "/verified" not in each] == [], own
    told = [each for each in calls if CANARY in each]
    assert told and all(re.search(r"write\(\d+, ", each) for each in told)
    assert not any(re.search(r"write\([12], ", each) or "AF_INET" in each for each in calls)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="there is no such signal")
def test_a_reader_that_does_not_listen_does_not_keep_it_alive(worker):
    child = worker()
    child.open()
    child.process.stdout.close()
    assert child.process.wait(5) == 0
