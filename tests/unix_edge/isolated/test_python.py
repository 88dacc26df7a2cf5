"""A child is the same package as its parent, wherever that was installed, and nothing that lies in the way."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import unix_edge
from unix_edge.isolated import python
from unix_edge.isolated.decode import decode
from unix_edge.isolated.python import CHILD, CHILDREN, command_of, program_of, run_as_child


@pytest.fixture
def elsewhere(tmp_path):
    """The package as `pip install --target` or `--user` puts it, in a folder of a name with blanks and quotes."""
    folder = tmp_path / "some one's packages"
    shutil.copytree(
        Path(unix_edge.__file__).parent, folder / "unix_edge", ignore=shutil.ignore_patterns("models", "__pycache__")
    )
    return folder


def run_from(folder, code):
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder.parent, check=False)


@pytest.mark.parametrize(
    "start", ["unix_edge.isolated.child import start_child", "unix_edge.worker.start import start"]
)
def test_a_child_imports_its_parents_package_where_another_is_installed(elsewhere, start):
    name = start.split()[-1]
    code = f"from {start}; print({name}('import unix_edge; print(unix_edge.__file__)').stdout.read().decode())"
    told = run_from(elsewhere, code)
    assert told.stdout.strip() == str(elsewhere / "unix_edge/__init__.py"), told.stderr


def test_a_file_is_decoded_by_a_package_that_only_pythonpath_names(elsewhere, radiograph_png):
    path = elsewhere / "unix_edge/isolated/decode_child.py"
    path.write_text(path.read_text().replace('"phantom": is', '"phantom": 7 > is'))
    source = f"Path({str(radiograph_png)!r})"
    code = f"from pathlib import Path; from unix_edge.isolated.decode import decode; print(decode({source}).phantom)"
    told = run_from(elsewhere, code)
    assert told.stdout.strip() == "True", told.stderr
    assert decode(radiograph_png).phantom is False


def test_what_lies_beside_the_package_is_not_taken_for_a_part_of_python(elsewhere):
    code = (
        "import selectors, socket, typing; from unix_edge.isolated.child import start_child; "
        "[open(f'{folder}/{name}.py', 'w').write('raise SystemExit') for name in ('typing', 'socket', 'selectors')]; "
        "print(start_child('import socket; print(socket.__file__)').stdout.read().decode())"
    )
    told = run_from(elsewhere, f"folder = {str(elsewhere)!r}; {code}")
    assert Path(told.stdout.strip()).parent == Path(os.__file__).parent, told.stderr


def test_a_child_imports_neither_what_is_forbidden_nor_all_codes_of_dicom(run_python):
    program = "from unix_edge.isolated import decode_child; decode_child.get_ready(); import sys; print(*sys.modules)"
    code = f"from unix_edge.isolated.child import start_child; print(start_child({program!r}).stdout.read().decode())"
    found = run_python("-c", code).stdout.split()
    assert "unix_edge.dicom.pixels" in found and "pydicom.sr" not in found
    assert not [each for each in found if each.startswith(tuple(f"{name}." for name in python.FORBIDDEN))]


def test_a_frozen_program_starts_itself_and_runs_only_what_is_listed(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    ran = []
    monkeypatch.setattr("unix_edge.isolated.decode_child.main", lambda: ran.append("main"))
    monkeypatch.setattr("unix_edge.isolated.decode_child.get_ready", lambda: ran.append("ready"))
    monkeypatch.setattr(python, "FORBIDDEN", ())
    ready = program_of("unix_edge.isolated.decode_child", "get_ready", "main")
    assert command_of(ready) == [sys.executable, CHILD, ready]
    assert run_as_child(["app", *command_of(ready)[1:]]) and ran == ["ready", "main"]
    assert run_as_child(["app", CHILD, "import os; os._exit(3)"]) and ran == ["ready", "main"]
    assert run_as_child(["app", CHILD]) and ran == ["ready", "main"]
    assert not run_as_child(["app", "view", ready])


def test_every_child_that_is_started_is_listed():
    from unix_edge.cli import APP_CHILD
    from unix_edge.isolated import child, headers
    from unix_edge.worker import start
    from unix_edge_desktop.studies import sample_study

    started = {child._START, child._START_READY, headers._START, start.PROGRAM, sample_study._PROGRAM}
    assert {program_of(*each) for each in (*CHILDREN, APP_CHILD)} == started
