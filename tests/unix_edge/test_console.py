"""What surrounds every command: streams that are closed, full or narrow, names that are no text, no core dump."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from unix_edge.bundle import EMBEDDED

if sys.platform == "win32":
    pytest.skip("has other streams", allow_module_level=True)

CLI = [sys.executable, "-m", "unix_edge.cli"]
NOT_UTF8 = os.fsdecode(b"Clear \xff lungs")


def shell(line, **environment):
    environment = {**os.environ, "UNIX_EDGE": " ".join(CLI), **environment}
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], env=environment, capture_output=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("columns", "command"), [("0", "--help"), *((each, "doctor") for each in ("0", "00", "-5", "wide", ""))]
)
def test_of_no_width_everything_is_printed_all_the_same(columns, command):
    said = shell(f"$UNIX_EDGE {command}", COLUMNS=columns)
    assert said.returncode == 0 and len(said.stdout.splitlines()) >= 8


@pytest.mark.parametrize("command", ["doctor --json", "verify $MODEL", "phantom 7 /dev/null/x.png", "--help"])
def test_a_reader_that_has_had_enough_is_no_failure_to_tell_of(command):
    said = shell(f"($UNIX_EDGE {command}; echo $? >&2) | true", MODEL=str(EMBEDDED))
    assert b"Traceback" not in said.stderr and b"failed" not in said.stderr and b"Exception" not in said.stderr


def test_a_draft_for_a_reader_that_is_gone_ends_quietly(radiograph_png):
    said = shell(
        f"$UNIX_EDGE report {radiograph_png} --engines {EMBEDDED} 2>/dev/null | head -c 1; echo ${{PIPESTATUS[0]}}"
    )
    assert said.stdout in (b"F1\n", b"F141\n") and said.stderr == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="has no full device")  # noqa: PTH110
@pytest.mark.parametrize("command", ["doctor", "doctor --json", "verify $MODEL"])
def test_a_full_disk_behind_stdout_is_one_sentence(command):
    said = shell(f"$UNIX_EDGE {command} > /dev/full", MODEL=str(EMBEDDED))
    assert said.returncode == 1
    assert said.stderr.decode().splitlines() == ["What was printed could not be written (No space left on device)."]


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_failure_and_no_file_takes_their_place(tmp_path, radiograph_png, closed):
    out = tmp_path / "report.dcm"
    said = shell(
        f"$UNIX_EDGE report {radiograph_png} --engines {EMBEDDED} {closed} && $UNIX_EDGE phantom 7 {out} {closed}"
    )
    assert said.returncode == 0, said.stderr
    assert out.read_bytes()[128:132] == b"DICM"


def run(*arguments, **options):
    return subprocess.run([*CLI, *arguments], capture_output=True, text=True, timeout=120, check=False, **options)


@pytest.mark.parametrize("words", [["report", "{png}", "--prompt", NOT_UTF8], ["generate", NOT_UTF8, "--any-prompt"]])
def test_a_prompt_that_is_no_text_is_one_sentence(radiograph_png, tmp_path, words):
    said = run(*(each.format(png=radiograph_png) for each in words), "--engines", str(EMBEDDED), cwd=tmp_path)
    assert said.returncode == 1 and "bytes that are no text in UTF-8" in said.stderr.splitlines()[-1]
    assert list(tmp_path.glob("synthetic*")) == []


def test_a_name_that_is_no_text_is_said_and_kept_as_valid_json(make_file, tmp_path):
    file = make_file(tmp_path / os.fsdecode(b"n\xff\x1b[2J.dcm"))
    draft = run(
        "report", file, "--json", "--engines", str(EMBEDDED), "--max-tokens", "3", env={**os.environ, "LC_ALL": "C"}
    )
    assert draft.returncode == 0, draft.stderr
    (said,) = json.loads(draft.stdout)
    assert said["file"].encode().endswith(b"n\\xff\x1b[2J.dcm") and "\x1b" not in draft.stdout + draft.stderr
    picture = tmp_path / os.fsdecode(b"p\xff\x1b[2J.png")
    made = run("generate", "Clear lungs.", "--quality", "fast", "--engines", str(EMBEDDED), "--out", picture)
    assert made.returncode == 0 and picture.exists() and "\x1b" not in made.stdout


@pytest.mark.parametrize("name", ["ü" * 125 + ".png", "x" * 251 + ".dcm"])
def test_names_as_long_as_a_disk_takes_are_written(tmp_path, name):
    assert run("phantom", "7", tmp_path / name).returncode == 0
    assert [each.name for each in tmp_path.iterdir()] == [name]


PLACES = {
    "missing/a{}": "its folder is missing",
    "file/a{}": "its folder is missing",
    "folder{}": "a folder or a device has that name",
    "pipe{}": "a folder or a device has that name",
    "x" * 300 + "{}": "File name too long",
}
PHANTOM = (["phantom", "7"], ".dcm")
WRITING = [
    (["report", "{png}", "--sr"], ".dcm"),
    (["generate", "Clear lungs.", "--out"], ".png"),
    (["view", "--screenshot"], ".png"),
]


@pytest.mark.parametrize(
    ("words", "suffix", "place"),
    [*((*PHANTOM, place) for place in PLACES), *((*each, place) for each in WRITING for place in list(PLACES)[2:4])],
)
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(
    tmp_path, radiograph_png, words, suffix, place
):
    """The engines would be refused next: there are none."""
    (tmp_path / "file").touch()
    (tmp_path / f"folder{suffix}").mkdir()
    os.mkfifo(tmp_path / f"pipe{suffix}")
    before = sorted(tmp_path.rglob("*"))
    out = tmp_path / place.format(suffix)
    environment = {**os.environ, "UNIX_EDGE_ENGINES": str(tmp_path / "none")}
    said = run(*(each.format(png=radiograph_png) for each in words), str(out), env=environment)
    assert said.returncode == 1 and PLACES[place] in said.stderr and "was not written" in said.stderr, said.stderr
    assert sorted(tmp_path.rglob("*")) == before


INTERRUPTED = """
import os, signal
from unix_edge import console
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which nohup ignores
def command():
    try:
        os.kill(os.getpid(), signal.{name})
    except BaseException:  # as of an import that was cut short
        raise ImportError("numpy cannot be imported") from None
console.run(command)
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_an_end_of_which_a_library_makes_another_failure_is_told_as_an_end(name, code):
    command = [sys.executable, "-c", INTERRUPTED.format(name=name)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == code and said.stderr in ("Interrupted.\n", "Stopped.\n")


EARLY = """
import os, signal, sys
from unix_edge import start
class Finder:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv[1:] = ["doctor"]
start.main()
"""
LATE = """
import os, signal, sys
from unix_edge import console
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which nohup ignores
flush = sys.stdout.flush
def end():
    flush()
    os.kill(os.getpid(), signal.{name})
def command():
    print("done")
    sys.stdout.flush = end
console.run(command)
"""


def test_an_interruption_before_anything_has_begun_is_no_traceback():
    said = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (130, "", "")


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_an_end_when_all_is_done_is_no_traceback(name, code):
    command = [sys.executable, "-c", LATE.format(name=name)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (code, "done\n", "")


STUBBORN = """
import os, signal, time
from unix_edge import console, signals
def command():
    try:
        print("ready", flush=True)
        time.sleep(60)
    finally:
        print("unwinding", flush=True)
        time.sleep(1)
        print("unwound", flush=True)
console.run(command)
"""


def test_a_second_signal_does_not_disturb_the_unwinding():
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        assert it.stdout.readline() == "ready\n"
        it.send_signal(signal.SIGTERM)
        assert it.stdout.readline() == "unwinding\n"
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            it.send_signal(number)
            time.sleep(0.05)
        said, _ = it.communicate(timeout=30)
    assert it.returncode == 143 and said == "unwound\n"


DUMPS = """
import ctypes, os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
{before}
def look():
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    print(soft, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
{run}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
@pytest.mark.parametrize(
    ("before", "run"),
    [
        ("from unix_edge import console", "console.run(look)"),
        ("from unix_edge.limits import limit_this_process", "limit_this_process(); look()"),
        ("from unix_edge.limits import serve_one_parent", "serve_one_parent(0); look()"),
    ],
    ids=["command", "decode child", "model's process"],
)
def test_no_process_that_holds_a_patient_leaves_a_core_dump(before, run):
    command = [sys.executable, "-c", DUMPS.format(before=before, run=run)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert said.stdout.split() == ["0", "0"], said.stderr


def test_a_crash_of_the_command_leaves_no_core_file(tmp_path):
    script = "from unix_edge import console; import os; console.run(lambda: os.abort())"
    line = f'ulimit -c unlimited; cd {tmp_path}; {sys.executable} -X faulthandler=0 -c "{script}"'
    assert shell(line).returncode in (134, -6) and list(tmp_path.iterdir()) == []


CRASHING = """
import mmap, os, signal, sys
from pathlib import Path
from unix_edge import console, signals
def cut():
    path = Path(sys.argv[1])
    path.write_bytes(bytes(1 << 16))
    with path.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)
        file.truncate(0)
        print(mapped[5000])
commands = {
    "cut": cut,
    "segment": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "abort": os.abort,
    "memory": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "fine": lambda: print("fine"),
    "failing": lambda: sys.exit(5),
}
signals.go_on_in_a_child()
console.run(commands[sys.argv[2]])
"""


@pytest.mark.parametrize(
    ("what", "code", "words"),
    [
        ("cut", 1, "The run crashed"),
        ("segment", 1, "The run crashed"),
        ("abort", 1, "The run crashed"),
        ("memory", 137, "ended by the system"),
        ("fine", 0, ""),
        ("failing", 5, ""),
    ],
)
def test_whatever_ends_a_guarded_run_is_one_sentence(tmp_path, what, code, words):
    command = [sys.executable, "-c", CRASHING, str(tmp_path / "weights"), what]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == code and words in said.stderr and said.stderr.count("\n") == bool(words)
    assert said.stdout == ("fine\n" if what == "fine" else "")


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_a_guarded_run_ends_with_the_process_that_was_started():
    script = STUBBORN.replace("console.run(command)", "signals.go_on_in_a_child(); console.run(command)").replace(
        '"ready"', "os.getpid()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as it:
        child = int(it.stdout.readline())
        it.kill()
    ends = time.monotonic() + 10
    while time.monotonic() < ends and os.path.exists(f"/proc/{child}"):  # noqa: PTH110
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{child}")  # noqa: PTH110
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        it.stdout.readline()
        it.send_signal(signal.SIGTERM)
        said, _ = it.communicate(timeout=30)
    assert it.returncode == 143 and said.splitlines()[-1] == "unwound"


AROUND = """
import os, signal
from unix_edge import console
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which nohup ignores
make = console._make_streams_usable
def end():
    make()
    os.kill(os.getpid(), signal.{name})
{where}
console.run(lambda: print("done"))
"""
BEFORE = "console._make_streams_usable = end"
AFTER = """
run = console._run
def run_and_end(*args):
    code = run(*args)
    end()
    return code
console._run = run_and_end
"""


@pytest.mark.parametrize("where", [BEFORE, AFTER], ids=["before", "after"])
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_an_end_just_before_or_after_the_command_is_no_traceback(name, code, where):
    command = [sys.executable, "-c", AROUND.format(name=name, where=where)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stderr) == (code, "")
    assert said.stdout == ("done\n" if where == AFTER else "")


FORGETTING = """
import os, signal, time
from unix_edge import console
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which nohup ignores
class Forgotten:
    def __del__(self):
        os.kill(os.getpid(), signal.{name})
        time.sleep(0.1)
def command():
    Forgotten()
    print("went on", flush=True)
    time.sleep(60)
console.run(command)
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_an_end_that_python_ignores_is_taken_up_again(name, code):
    command = [sys.executable, "-c", FORGETTING.format(name=name)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (said.returncode, said.stdout) == (code, "went on\n")
    assert said.stderr in ("Interrupted.\n", "Stopped; nothing unfinished was left behind.\n")
