"""Two windows on one data folder: the second hands over what it was started with, and writes nothing of the first."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from unix_edge_desktop.storage import one_window
from unix_edge_desktop.storage.one_window import claim_folder, hand_over
from unix_edge_desktop.storage.settings import load_settings


@pytest.fixture
def first(tmp_path):
    """The claim of a first window."""
    claim = claim_folder(tmp_path)
    yield claim
    claim.close()


def test_only_one_has_a_folder_until_it_lets_go_or_dies(first, tmp_path):
    assert first is not None and claim_folder(tmp_path) is None
    first.close()
    code = (
        "import sys, time; from pathlib import Path\n"
        "from unix_edge_desktop.storage.one_window import claim_folder\n"
        "claim = claim_folder(Path(sys.argv[1])); print(bool(claim), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"True\n" and claim_folder(tmp_path) is None
        other.kill()
    again = claim_folder(tmp_path)
    assert again is not None
    again.close()


def test_what_is_handed_over_is_taken_once_and_leaves_nothing(first, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    taken = []

    def answer():
        while not taken:
            taken.extend(first.take())
            time.sleep(0.01)

    thread = threading.Thread(target=answer)
    thread.start()
    named = [Path("a b"), Path("/somewhere/\udcff")]
    assert hand_over(tmp_path, named)
    thread.join()
    assert taken == [(tmp_path / "a b", Path("/somewhere/\udcff"))] and first.take() == []
    assert list((tmp_path / "handed over").iterdir()) == []
    assert (tmp_path / "handed over").stat().st_mode & 0o777 == 0o700


def test_a_first_window_that_does_not_answer_is_asked_nothing_any_more(first, tmp_path):
    assert not hand_over(tmp_path, [Path("image")], within=0.2)
    assert first.take() == []


def test_one_that_ends_instead_of_answering_is_not_waited_for(first, tmp_path):
    threading.Timer(0.2, first.close).start()
    began = time.monotonic()
    assert not hand_over(tmp_path, [Path("image")])
    assert time.monotonic() - began < one_window.ANSWERS_WITHIN / 2


@pytest.mark.parametrize("content", [b"", b"{", b"7", b"\xff" * 9])
def test_what_is_no_request_is_removed_and_nothing_is_opened(first, tmp_path, content):
    (tmp_path / "handed over").mkdir()
    (tmp_path / "handed over" / "x.json").write_bytes(content)
    assert first.take() == [] and list((tmp_path / "handed over").iterdir()) == []


def test_a_second_window_changes_no_settings_of_the_first(make_window, own_folders):
    first, second = make_window(), make_window()
    first.preferences.set_layout("1x2")
    second.preferences.set_layout("2x2")
    second.preferences.set_keys(second.preferences.keys.with_keys("invert", ("Ctrl+9",)))
    second.preferences.take(second.preferences.settings, second.preferences.keys.with_keys("invert", ("Ctrl+8",)))
    second.close()
    first.close()
    assert load_settings(own_folders.settings).layout == "1x2"
    assert not own_folders.keys.exists()


def test_a_second_start_shows_its_file_in_the_first_window(tmp_path, make_file, run_python):
    """Two processes, as a person starts them."""
    home = tmp_path / "home"
    home.mkdir()
    unset = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    environment = {key: value for key, value in os.environ.items() if key not in unset}
    environment |= {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    file = make_file(tmp_path / "image")
    code = """
import sys
from PySide6.QtCore import QTimer
from unix_edge_desktop import application
from unix_edge_desktop.shell.main_window import MainWindow

show = MainWindow.show
def look(window):
    if window.grid.active.image is not None:
        print(window.grid.active.image.uid, flush=True)
        window.close()

def begin(window):
    show(window)
    if not hasattr(window, "looking"):
        window.looking = QTimer(window, interval=50)
        window.looking.timeout.connect(lambda: look(window))
        window.looking.start()
        print("shown", flush=True)
MainWindow.show = begin
sys.exit(application.run([]))
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment) as first:
        assert first.stdout.readline() == b"shown\n"
        second = run_python("-m", "unix_edge.cli", "view", str(file), env=environment)
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        assert first.stdout.readline().strip() != b""
        assert first.wait(60) == 0
    assert not [each for each in home.rglob("*") if each.parent.name == "handed over"]
