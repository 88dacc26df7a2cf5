"""The decode child itself: whatever it does, dies of or says, it is one sentence, and the caller lives."""

import io
import json
import subprocess
import sys
import time

import numpy as np
import pytest
from pydicom import dcmread

from unix_edge.dicom.pixels import to_gray
from unix_edge.errors import ImageError
from unix_edge.isolated import child as module
from unix_edge.isolated.decode import decode


@pytest.fixture
def film(make_file, tmp_path) -> bytes:
    return make_file(tmp_path / "a film").read_bytes()


def say(answer: bytes) -> str:
    """Return a child's program that reads its request and answers with these bytes."""
    return f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({answer!r})"


def line(**changes) -> bytes:
    answer = {"shape": [2, 2], "header": None, "transfer_syntax": None, "warnings": []}
    return json.dumps(answer | changes).encode() + b"\n"


DEATHS = {
    "segmentation fault": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "ends before it reads": "pass",
    "raises": "raise SystemExit(3)",
    "says nothing": say(b""),
    "says no JSON": say(b"hello\n"),
    "says another JSON": say(b"[1]\n"),
    "says deep JSON": say(b"[") + "; sys.stdout.write('[' * 200_000 + '\\n')",
    "says an endless line": say(b"x") + "; sys.stdout.write('x' * 5_000_000)",
    "says a vast shape": say(line(shape=[99999, 99999])),
    "says a negative shape": say(line(shape=[-2, -2]) + b"1234"),
    "says an unknown warning": say(line(warnings=["Canary"]) + b"1234"),
    "says text for a syntax": say(line(transfer_syntax="Canary") + b"1234"),
    "says stored values of no kind": say(line(stored={"dtype": "object", "modality": {}, "presets": []}) + b"1234"),
    "says stored values and sends none": say(
        line(stored={"dtype": "int8", "modality": {}, "presets": [], "inverted": False, "padding": None}) + b"1234"
    ),
    "sends too little": say(line() + b"123"),
    "sends too much": say(line() + b"12345"),
    "says a problem of another's words": say(json.dumps({"problem": ["Canary\x1b[31m"]}).encode() + b"\n"),
    "says a problem that is no text": say(b'{"problem": 7}\n'),
}


@pytest.mark.parametrize("name", list(DEATHS))
def test_a_child_that_dies_or_lies_is_one_sentence(decode_bytes, monkeypatch, name, film):
    monkeypatch.setattr(module, "_START", DEATHS[name])
    with pytest.raises(ImageError) as failure:
        decode_bytes(film + bytes(300_000))
    assert str(failure.value) == f"film.dcm was not read: {module.DIED}."


@pytest.mark.parametrize(
    "begun", ["", "import sys; sys.stdin.buffer.read(); sys.stdout.write('{'); sys.stdout.flush()"]
)
def test_a_child_that_the_system_ended_is_told_from_one_that_died(decode_bytes, monkeypatch, begun, film):
    monkeypatch.setattr(module, "_START", f"{begun}\nimport os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(ImageError) as failure:
        decode_bytes(film)
    assert str(failure.value) == f"film.dcm was not read: {module.KILLED}."


def test_an_answer_as_it_must_be_is_believed(decode_bytes, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(module, "_START", say(line() + b"1234"))
    assert decode_bytes(b"x").pixels.tolist() == [[49, 50], [51, 52]]


@pytest.mark.parametrize("code", ["while True: pass", say(b"") + "; import time; time.sleep(60)"])
def test_a_child_that_hangs_is_killed(decode_bytes, monkeypatch, code):
    monkeypatch.setattr(module, "MAX_SECONDS", 1)
    monkeypatch.setattr(module, "_START", code)
    start = time.monotonic()
    with pytest.raises(ImageError, match="longer than 1 seconds"):
        decode_bytes(bytes(5_000_000))
    assert time.monotonic() - start < 5


def wait_until(condition):
    ends = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_child_that_is_kept_ready_serves_one_file_and_another_takes_its_place(decode_bytes, monkeypatch, film):
    data, started, start = film, [], module.start_child
    values = dcmread(io.BytesIO(film)).pixel_array
    monkeypatch.setattr(module, "start_child", lambda program: started.append(start(program)) or started[-1])
    with module.child_kept_ready():
        assert len(started) == 1
        for count in (2, 3):
            assert np.array_equal(decode_bytes(data, stored=True).stored.stored, values)
            wait_until(lambda count=count: len(started) == count)
            assert started[-2].poll() is not None and started[-1].poll() is None
        started[-1].kill()
        started[-1].wait()
        assert np.array_equal(decode_bytes(data, stored=True).stored.stored, values)
        wait_until(lambda: len(started) == 5)
        decode_bytes(data)
    assert len(started) == 6 and all(each.poll() is not None for each in started)
    decode_bytes(data, stored=True)
    assert len(started) == 7


RAISE = """
import unix_edge.isolated.decode_child as child
class PanicException(BaseException): pass
def fail(requests): requests.read(); {fault}
child._decode = fail
child.main()
"""


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("raise PanicException('Canary')", r"broken \(PanicException\)"),
        ("raise KeyboardInterrupt", r"broken \(KeyboardInterrupt\)"),
        ("bytearray(2 << 30)", "more memory than it may have"),
        ("f = lambda: f(); f()", "nested too deeply"),
        ("open('left-behind', 'wb').write(b'x' * 99999)", r"broken \(OSError\)"),
        ("import os; os.system('echo Canary; echo Canary >&2'); raise ValueError('Canary')", r"broken \(ValueError\)"),
    ],
)
def test_whatever_is_raised_in_the_child_is_one_answer(decode_bytes, monkeypatch, tmp_path, capfd, fault, problem):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "_START", RAISE.format(fault=fault))
    with pytest.raises(ImageError, match=problem) as failure:
        decode_bytes(b"x" * 1000)
    assert "Canary" not in str(failure.value) + "".join(capfd.readouterr())
    left = tmp_path / "left-behind"
    assert not left.exists() or left.stat().st_size == 0


def test_a_hostile_folder_changes_nothing(decode_bytes, monkeypatch, tmp_path, film):
    """Neither the current folder nor PYTHONPATH is where the child imports from."""
    folder, traces = tmp_path / "cd", tmp_path / "traces"
    traces.mkdir()
    (folder / "dl").mkdir(parents=True)
    for name in ("numpy.py", "json.py", "pydicom.py", "unix_edge.py", "dl/__init__.py", "sitecustomize.py"):
        trace = traces / name.replace("/", "-")
        (folder / name).write_text(f"open({str(trace)!r}, 'w').close()\nraise SystemExit\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    np.testing.assert_array_equal(decode_bytes(film).pixels, to_gray(dcmread(io.BytesIO(film))))
    assert list(traces.iterdir()) == []
    subprocess.run([sys.executable, "-c", "import numpy"], check=False, capture_output=True)
    assert list(traces.iterdir()), "the trap of this test does not work"


def test_a_machine_without_a_process_to_spare_is_one_sentence(decode_bytes, monkeypatch):
    def fail(*_, **__):
        raise BlockingIOError

    monkeypatch.setattr(module.subprocess, "Popen", fail)
    with pytest.raises(ImageError, match="no process could be started"):
        decode_bytes(b"x")


def test_a_file_that_shrinks_while_it_is_read_is_refused(tmp_path, monkeypatch, film):
    path = tmp_path / "film.dcm"
    path.write_bytes(film)
    monkeypatch.setattr(module, "_size", lambda file: path.stat().st_size + 10)
    with pytest.raises(ImageError, match="became shorter"):
        decode(path)
