"""The app as a person meets it: a window on an X server with a window manager, and keys that are really pressed."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom

TOOLS = ("Xvfb", "openbox", "xdotool")
pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason="needs an X server, a window manager and keys: Xvfb, openbox, xdotool"
)
COMMAND = [sys.executable, "-c", "from unix_edge.cli import main; main()", "view"]
LONG = 120


class Person:
    """Sits before a screen of their own, and presses keys."""

    def __init__(self, home: Path) -> None:
        self.home = home
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            display = f":{number.readline().strip()}"
        folders = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
        self.environment = {**os.environ, **folders, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8"}
        self._manager = subprocess.Popen(["openbox"], env=self.environment, stderr=subprocess.DEVNULL)
        self.app: subprocess.Popen[bytes] | None = None

    def start(self, *paths: Path) -> None:
        """Start the app, and wait for its window."""
        self.app = subprocess.Popen([*COMMAND, *map(str, paths)], env=self.environment)
        self._do("search", "--sync", "--onlyvisible", "--name", "UniX Edge", "windowactivate", "--sync")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._do("key", "--clearmodifiers", "--delay", "60", *keys)

    def type(self, words: str) -> None:
        """Type words."""
        self._do("type", "--clearmodifiers", "--delay", "30", words)

    def close(self) -> int:
        """Close the app by its key; return its exit code."""
        assert self.app is not None
        self.press("ctrl+q")
        return self.app.wait(LONG)

    def leave(self) -> None:
        """End all that was started."""
        for process in (self.app, self._manager, self._server):
            if process is not None:
                process.kill()
                process.wait()

    def drafts(self) -> list[tuple[str, str, str, str]]:
        """Return state, signer and both sections of each draft on disk."""
        found = list((self.home / "data").rglob("drafts.sqlite"))
        if not found:
            return []
        with closing(sqlite3.connect(f"file:{found[0]}?mode=ro", uri=True)) as connection:
            whole = "SELECT state, signer, drafts.findings, drafts.impression FROM drafts"
            return connection.execute(f"{whole} JOIN machine_drafts ON machine_drafts.run = drafts.run").fetchall()

    def measured(self) -> dict[str, float]:
        """Return what was measured, as the settings have it."""
        try:
            measured: dict[str, float] = json.loads((self.home / "config/unix-edge/desktop/settings.json").read_text())[
                "measured"
            ]
        except (OSError, ValueError):
            return {}
        return measured

    def _do(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environment, check=True, timeout=LONG, capture_output=True)


def wait(condition, timeout=LONG):
    ends = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.1)


@pytest.fixture
def person(tmp_path):
    person = Person(tmp_path)
    yield person
    person.leave()


def test_a_film_is_drafted_edited_signed_and_drawn_with_keys_alone_and_all_is_there_again(person, tmp_path):
    film = tmp_path / "film.dcm"
    write_phantom(compute_phantom(10000007, 256), film)
    person.start(film)
    wait(lambda: list((tmp_path / "data").rglob("drafts.sqlite")))
    time.sleep(2)  # the film comes a moment after the window
    person.press("F2")
    wait(lambda: len(person.drafts()) == 1)
    person.press("F6", "ctrl+End")
    person.type(" The heart is enlarged.")
    wait(lambda: "The heart is enlarged." in person.drafts()[0][2], 5)
    before = person.drafts()[0][3]
    person.press("F3")
    wait(lambda: person.drafts()[0][3] not in ("", before) or person.drafts()[0][0] == "edited")
    time.sleep(3)
    person.press("ctrl+Return")
    person.type("Dr. Ada Byron")
    person.press("Return")
    wait(lambda: person.drafts()[0][:2] == ("signed", "Dr. Ada Byron"))
    person.press("ctrl+g")
    person.type("Large left pleural effusion.")
    person.press("ctrl+Return")
    wait(lambda: any(name.startswith("picture") for name in person.measured()))
    signed = person.drafts()
    assert person.close() == 0
    person.start()
    time.sleep(3)
    person.press("F6", "F6")
    person.type("not any more")
    time.sleep(2)
    assert person.drafts() == signed and person.close() == 0
