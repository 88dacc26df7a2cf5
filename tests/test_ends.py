"""However a command ends, it leaves nothing half made; and a bundle that is swapped under it gives no wrong draft.

Starts that are killed at random moments are forked from a process that has imported what they need: otherwise most of
their time, and so most of the moments, would be Python's.
"""

import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread

from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle, _digest
from unix_edge.files import sha256

if sys.platform == "win32":
    pytest.skip("has other signals", allow_module_level=True)

ENDS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGKILL: -9}

FORKING = """
import os, signal, sys, time
from unix_edge.signals import end_at_once

for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, end_at_once)  # as at the start of a command, which a fork is

def serve(run):
    \"\"\"Fork a start for each line: seconds until it is ended, the signal, and what it is given.\"\"\"
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, number, *arguments = line.rstrip("\\n").split("\\t")
        child = os.fork()
        if not child:
            try:
                run(arguments)
            except SystemExit as request:
                sys.stderr.flush()
                os._exit(request.code or 0)
            os._exit(0)
        began = time.monotonic()
        ends, status = began + float(seconds), 0
        while time.monotonic() < ends and not (status := os.waitpid(child, os.WNOHANG))[0]:
            time.sleep(0.001)
        if not (status and status[0]):
            if int(number):
                os.kill(child, int(number))
            status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status[1]), time.monotonic() - began, flush=True)
"""
EXPORTS = """
import torch
torch.set_num_threads(1)
from pathlib import Path
import unix_edge_export.export as exporter, unix_edge_export.command
from unix_edge_export.reference.checkpoint import open_checkpoint
from unix_edge_export.reference.precision import Precision
import unix_edge.export
traced = exporter._trace(open_checkpoint(Path(sys.argv[1])), Precision.FP32, exporter._Measured(), 128, lambda *_: None)
exporter._trace = lambda *_: traced

def run(arguments):
    sys.argv = ["export", "--checkpoint", sys.argv[1], "--fp32", "--no-parity", "--context", "128", *arguments]
    unix_edge.export.main()

serve(run)
"""
BATCHES = """
import unix_edge.cli, unix_edge.results.structured_report, onnxruntime
from unix_edge import start

def run(arguments):
    sys.argv = ["unix-edge", "report", *arguments]
    start.main()

serve(run)
"""


class Starts:
    """Starts of a command, one after the other."""

    def __init__(self, script, log, *arguments):
        self._log = log.open("w")
        command = [sys.executable, "-c", FORKING + script, *map(str, arguments)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True, env=environment
        )
        self._expect("ready")

    def _expect(self, word=""):
        line = self._process.stdout.readline()
        while line and not (line.strip() == word if word else line[:1] in "-0123456789" and len(line.split()) == 2):
            line = self._process.stdout.readline()
        assert line, Path(self._log.name).read_text()[-2000:]
        return line

    def run(self, *arguments, seconds=600.0, number=0):
        """Start it, end it after some seconds unless it has ended; return its exit code and how long it took."""
        self._process.stdin.write("\t".join([str(seconds), str(int(number)), *map(str, arguments)]) + "\n")
        self._process.stdin.flush()
        code, took = self._expect().split()
        return int(code), float(took)

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._log.close()


@pytest.fixture
def starts(tmp_path_factory):
    made = []

    def run(script, *arguments):
        log = tmp_path_factory.mktemp("log") / "said"
        made.append(Starts(script, log, *arguments))
        return made[-1], log

    yield run
    for each in made:
        each.close()


def hidden(*folders):
    return {path for folder in folders for path in folder.iterdir() if path.name.startswith(".")}


def end_at_random(start, folders, rounds, look):
    """End starts by each signal in turn; return how often each exit code came."""
    draw = random.Random(7)
    code, whole = start()
    assert code == 0
    codes = []
    for round_ in range(rounds):
        number = list(ENDS)[round_ % len(ENDS)]
        before = hidden(*folders)
        code, _ = start(seconds=draw.uniform(0, whole * 1.1), number=number)
        assert code in (0, ENDS[number]), (code, number)
        if number != signal.SIGKILL:
            assert hidden(*folders) <= before, f"left behind by {number!r}"
        look()
        codes.append(code)
    assert start()[0] == 0
    assert hidden(*folders) == set(), "left behind by a kill, and by the next start too"
    look()
    return {code: codes.count(code) for code in codes}


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory):
    from unix_edge.phantom.compute import compute_phantom
    from unix_edge.phantom.dicom import write_phantom

    folder = tmp_path_factory.mktemp("phantoms")
    for seed in (10000007, 10000008):
        write_phantom(compute_phantom(seed, 256), folder / f"{seed}.dcm")
    return folder


@pytest.mark.soak
def test_a_batch_ended_at_random_leaves_nothing_half_made(starts, phantoms, tmp_path, soak):
    out, sr = tmp_path / "out", tmp_path / "sr"
    batches, log = starts(BATCHES)
    arguments = [phantoms, "--out-dir", out, "--sr", sr, "--json", "--engines", EMBEDDED, "--max-tokens", "4"]

    def look():
        for draft in out.glob("*.json"):
            assert json.loads(draft.read_text("utf-8"))["tokens"]
        for report in sr.glob("*.dcm"):
            assert dcmread(report).Modality == "SR"
        if (out / "outcomes.csv").stat().st_size:
            with (out / "outcomes.csv").open(encoding="utf-8", newline="") as stream:
                assert all(len(row) == 6 for row in csv.reader(stream))

    def start(**ends):
        for draft in [*out.glob("*.json"), *sr.glob("*.dcm")]:
            draft.unlink()
        return batches.run(*arguments, **ends)

    out.mkdir()
    sr.mkdir()
    codes = end_at_random(start, (out, sr), 50 * soak, look)
    assert len(codes) >= 4 and "Traceback" not in log.read_text()
    assert len(list(out.glob("*.json"))) == len(list(sr.glob("*.dcm"))) == 2


@pytest.mark.soak
def test_an_export_ended_at_random_leaves_nothing_half_made(starts, tmp_path, tmp_path_factory, soak):
    from unix_edge_export.random_checkpoint import LEAST, write_random_checkpoint

    checkpoint, out = tmp_path / "checkpoint", tmp_path / "out"
    checkpoint.mkdir()
    out.mkdir()
    write_random_checkpoint(checkpoint, LEAST)
    exports, log = starts(EXPORTS, checkpoint)

    def look():
        if (out / "bundle").exists():
            Bundle.open(out / "bundle")
            if len(list(out.rglob("*"))) % 2:  # a new one as well as one that replaces another
                shutil.rmtree(out / "bundle")

    codes = end_at_random(lambda **ends: exports.run("--out", out / "bundle", **ends), (out,), 50 * soak, look)
    assert len(codes) >= 4 and "Traceback" not in log.read_text()


def other_bundle(folder):
    """A bundle that is ours but for one weight, and so says other words."""
    shutil.copytree(EMBEDDED, folder)
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    header = int.from_bytes(content[:8], "little")
    begin, end = json.loads(content[8 : 8 + header])["language_model.lm_head.weight"]["data_offsets"]
    place = slice(8 + header + begin, 8 + header + end)  # where graphs look for it, so nothing may move
    content[place] = np.frombuffer(content[place], np.float16)[::-1].tobytes()
    path.write_bytes(content)
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    del said["digest"]
    said["files"][path.name] = {"size": path.stat().st_size, "sha256": sha256(path)}
    said["checkpoint_sha256"] = hashlib.sha256(b"other").hexdigest()
    said["digest"] = _digest(said)
    (folder / MANIFEST).write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    return folder


@pytest.mark.soak
def test_a_bundle_swapped_at_random_under_a_batch_gives_no_wrong_draft(starts, phantoms, tmp_path, soak):
    out, engines = tmp_path / "out", tmp_path / "engines"
    bundles = [shutil.copytree(EMBEDDED, tmp_path / "a"), other_bundle(tmp_path / "b")]
    batches, log = starts(BATCHES)
    arguments = [phantoms, "--out-dir", out, "--json", "--engines", engines, "--max-tokens", "12"]

    def drafts():
        said = [json.loads(path.read_text("utf-8")) for path in out.glob("*.json")]
        shutil.rmtree(out)
        return {(each["file"], each["provenance"]["checkpoint_sha256"], each["text"]) for each in said}

    right, whole = set(), 0.0
    for bundle in bundles:
        shutil.copytree(bundle, engines)
        code, whole = batches.run(*arguments)
        assert code == 0
        right |= drafts()
        shutil.rmtree(engines)
    assert len(right) == 4 and len({(whose, text) for _, whose, text in right}) == len({text for _, _, text in right})
    draw, codes = random.Random(3), []
    for round_ in range(20 * soak):
        first, second = bundles[round_ % 2], bundles[(round_ + 1) % 2]
        shutil.copytree(first, engines)
        shutil.copytree(second, tmp_path / "next")
        swap = f"sleep {draw.uniform(0, whole):.3f}; mv {engines} {tmp_path}/old; mv {tmp_path}/next {engines}"
        with subprocess.Popen(["sh", "-c", swap]) as swapping:
            code, _ = batches.run(*arguments)
        assert swapping.returncode == 0 and code in (0, 1)
        codes.append(code)
        assert (drafts() if out.exists() else set()) <= right
        for each in (engines, tmp_path / "old"):
            shutil.rmtree(each)
    assert set(codes) == {0, 1}, "some swaps came in time, others too late"
    assert "Traceback" not in log.read_text()


COMMANDS = {
    "report": ["report", "{phantom}", "--sr", "{out}/report.dcm", "--engines", "{ours}"],
    "generate": ["generate", "Clear lungs.", "--out", "{out}/picture.png", "--engines", "{ours}"],
    "phantom": ["phantom", "7", "{out}/phantom.dcm", "--size", "2048"],
    "view": ["view", "{phantom}", "--screenshot", "{out}/window.png"],
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_the_system_ends_unwinds(phantoms, tmp_path, name, number):
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    for folder in (out, temporary):
        folder.mkdir()
    phantom = next(phantoms.iterdir())
    words = [each.format(phantom=phantom, out=out, ours=EMBEDDED) for each in COMMANDS[name]]
    environment = {**os.environ, "TMPDIR": str(temporary), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "importtime", "-m", "unix_edge.cli", *words]
    last = {"report": "onnxruntime", "generate": "onnxruntime", "phantom": "compute"}.get(name)
    log = tmp_path / "said"
    with (
        log.open("w") as stream,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=stream, preexec_fn=default_signals
        ) as run,
    ):
        if last:
            wait(lambda: any(line.rstrip().endswith(last) for line in log.read_text().splitlines()))
        else:  # Qt's imports do not tell their times
            wait(lambda: any(temporary.iterdir()))
        time.sleep(0.1)
        run.send_signal(number)
    said = "".join(line for line in log.read_text().splitlines(keepends=True) if not line.startswith("import time"))
    assert run.returncode == ENDS[number], said[-500:]
    assert said.splitlines()[-1] == "Stopped; nothing unfinished was left behind." and "Traceback" not in said
    assert list(out.iterdir()) == list(temporary.iterdir()) == []


def default_signals():
    """In a child, whatever the tests' own parent wanted ignored, as nohup does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def wait(condition):
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends, "it did not come so far"
        time.sleep(0.005)


def test_a_hangup_that_was_asked_to_be_ignored_is(phantoms, tmp_path):
    """As `nohup` does."""
    script = "import signal, os, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-c", script, sys.executable, "-m", "unix_edge.cli", "phantom", "7"]
    with subprocess.Popen([*command, str(tmp_path / "a.dcm"), "--size", "2048"], stdout=subprocess.DEVNULL) as run:
        for _ in range(20):
            time.sleep(0.05)
            run.send_signal(signal.SIGHUP)
    assert run.returncode == 0 and (tmp_path / "a.dcm").exists()
