"""Nothing leaves the machine: no internet socket and no name look-up, seen from outside by strace.

A Python-level block would not do: ONNX Runtime's telemetry is native code, and starts some ten seconds after its
import. Nor would a run with `CI` set, which silences it. So each flow lives on for a while, traced, in a network
namespace of its own; and a control without our guard shows that the same test would see it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from unix_edge_export.random_checkpoint import LEAST, write_random_checkpoint

LIVES = 30
"""Seconds that each flow lives; three times as long in `make soak`."""

WORK = """
import sys, time
from pathlib import Path
ends = time.monotonic() + {seconds}
{flow}
time.sleep(max(0, ends - time.monotonic()))
"""
LIBRARY = """
from unix_edge import GenerationSettings, ReportSettings, UniX
unix = UniX.load({engines!r}, "cpu")
"""
FLOWS = {
    "report": LIBRARY + "unix.report({chest!r}, ReportSettings(max_tokens=20))",
    "generate": LIBRARY + "unix.generate('Clear lungs.', GenerationSettings(timesteps=5))",
    "export": """
from unix_edge_export import export
from unix_edge_export.reference.precision import Precision
export.export(Path({checkpoint!r}), Path({out!r}), Precision.FP32)
""",
    "view": """
import os, random
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from unix_edge_desktop.application import make_application
from unix_edge_desktop.shell.main_window import MainWindow
from unix_edge_desktop.storage.settings import Folders
application = make_application("en")
folders = Folders.within(Path({out!r} + " app"))
folders.make()
window = MainWindow(folders)
window.show()
window.open_paths([Path({chest!r})])
asks = "open_files open_folder save_image save_keys open_state save_state print remove_study calibrate".split()
asks += ["close_image", "test_pattern", "sample_study", "export_log", "quit"]
ids = [id for id in window.menus.actions if id not in asks]
random.Random(0).shuffle(ids)
window.menus.actions["sample_study"].trigger()
done = saved = 0
try:
    while time.monotonic() < ends or not saved:
        window.menus.actions[ids[done % len(ids)]].trigger()
        done += 1
        if window.grid.active.image is not None and not saved:
            window.exports.save_state()
            saved = done
        application.processEvents()
        for dialog in application.topLevelWidgets():
            if dialog is not window and dialog.isVisible() and not window.exports._jobs:
                dialog.close()
        time.sleep(0.02)
finally:
    window.close()
assert done - saved > len(ids) / 2 and list((folders.data / "presentation states").iterdir()), "it was used"
""",
    "panel": """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QFileDialog
from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge_desktop.application import make_application
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.values import Reason
from unix_edge_desktop.shell.main_window import MainWindow
from unix_edge_desktop.storage.settings import Folders
application = make_application("en")
folders = Folders.within(Path({out!r} + " panel"))
folders.make()
film = folders.data / "film.dcm"
write_phantom(compute_phantom(10000007, 256), film)
window = MainWindow(folders)
window.show()
window.open_paths([film])
panel = window.assistant
def wait(until):
    while not until():
        application.processEvents()
        time.sleep(0.01)
signed = 0
try:
    while time.monotonic() < ends or not signed:
        wait(lambda: panel.drafting.film is not None)
        window.menus.actions["draft_report"].trigger()
        wait(lambda: panel.drafting.draft is not None and not panel.drafting.is_busy)
        panel.report.fields[Section.FINDINGS].insertPlainText("Seen. ")
        window.menus.actions["impression"].trigger()
        wait(lambda: not panel.drafting.is_busy)
        for how in ("copy", "pdf", "sr"):
            path = str(folders.data / f"{{how}} {{signed}}.dcm")
            QFileDialog.getSaveFileName = lambda *_: (path, "")
            panel.report.leave_wanted.emit(how)
        panel.generation.set_prompt(panel.report.words())
        panel.generation.quality.setCurrentIndex(2)
        panel.generation.begin()
        wait(lambda: not panel.generation.stop.isEnabled())
        panel.generation.read_back()
        wait(lambda: panel.generation.made[-1].read)
        if signed % 2:
            panel.report.reject_wanted.emit(Reason.OTHER)
        else:
            panel.report.sign_wanted.emit("Dr. Roe")
        assert panel.drafting.draft.state.is_final
        window.menus.actions["export_log"].trigger()
        signed += 1
finally:
    window.close()
assert panel.generation.made and (folders.data / "sr 0.dcm").is_file() and (folders.data / "pdf 0.dcm").is_file()
""",
    "worker": """
import queue
from unix_edge.bundle import EMBEDDED
from unix_edge.generate import GenerationSettings
from unix_edge.image import load_radiograph
from unix_edge_desktop.drafts.model_process import ModelProcess
said = queue.Queue()
process = ModelProcess(lambda event: said.put(type(event).__name__))
process.open(str(EMBEDDED), "auto")
process.draft(load_radiograph({chest!r}))
process.generate("Clear lungs.", GenerationSettings(timesteps=3))
heard = []
while "Picture" not in heard:
    heard.append(said.get(timeout=120))
assert "Drafted" in heard
""",
    "unguarded": """
import onnxruntime
session = onnxruntime.InferenceSession({engines!r} + "/vision.onnx")
""",
}


@pytest.fixture(scope="module")
def traced(engines, tmp_path_factory):
    """Run every flow at once; return the network calls that each made."""
    from pydicom.data import get_testdata_file

    assert shutil.which("strace"), "this test needs strace: apt-get install strace"
    soak = int(os.environ.get("UNIX_EDGE_SOAK", "1")) > 1
    folder = tmp_path_factory.mktemp("offline")
    checkpoint = folder / "unix-least"
    checkpoint.mkdir()
    write_random_checkpoint(checkpoint, LEAST)
    chest = get_testdata_file("RG1_UNCR.dcm", download=False)
    running = {}
    for name, flow in FLOWS.items():
        told = flow.format(engines=str(engines), chest=chest, checkpoint=str(checkpoint), out=str(folder / "out"))
        script = WORK.format(seconds=LIVES * (3 if soak else 1), flow=told)
        running[name] = start(script, folder / f"{name}.trace", folder / name)
    try:
        for name, process in running.items():
            _, said = process.communicate(timeout=900)
            assert process.returncode == 0, (name, said)
    finally:
        for process in running.values():
            process.kill()
    return {name: (folder / f"{name}.trace").read_text("utf-8", "replace") for name in FLOWS}


def start(script: str, trace: Path, home: Path) -> subprocess.Popen[str]:
    home.mkdir()
    strace = ["strace", "-f", "--seccomp-bpf", "-e", "trace=network", "-o", str(trace)]
    # A hospital's workstation sets neither; with CI set, the telemetry is silent and this test proves nothing.
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "ORT_DISABLE_TELEMETRY")}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    command = ["unshare", "-rn", *strace, sys.executable, "-c", script]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def internet_calls(trace: str) -> list[str]:
    return [line for line in trace.splitlines() if "AF_INET" in line or "getaddrinfo" in line]


@pytest.mark.soak
@pytest.mark.parametrize("name", ["report", "generate", "export", "view", "panel", "worker"])
def test_no_socket_and_no_look_up(traced, name):
    assert internet_calls(traced[name]) == []


@pytest.mark.soak
def test_the_same_test_sees_telemetry_that_is_not_switched_off(traced):
    """ONNX Runtime, as it comes, opens internet sockets within half a minute."""
    assert internet_calls(traced["unguarded"])


def test_tracing_began_before_anything_could_connect(traced):
    """An empty trace of a flow that ended well is no proof; one with its exit is."""
    assert all("+++ exited with 0 +++" in trace for trace in traced.values())


def test_the_guard_is_set_before_onnxruntime_is_imported(run_python):
    code = "import unix_edge.sessions as s, os; s.import_onnxruntime(); print(os.environ['ORT_DISABLE_TELEMETRY'])"
    assert run_python("-c", code, env={k: v for k, v in os.environ.items() if "TELEMETRY" not in k}).stdout == "1\n"
