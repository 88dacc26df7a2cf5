"""The guide's commands do what the guide says, one after the other in one folder, and its keys are the app's."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = (Path(__file__).parents[1] / "docs/guide.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("guide")


def test_every_command_of_the_guide_runs_and_leaves_what_it_names(folder):
    assert len(COMMANDS) >= 12
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in COMMANDS:
        result = subprocess.run(
            ["sh", "-c", command],
            cwd=folder,
            env={**os.environ, "PATH": programs, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, (command, result.stderr)
    named = {each for command in COMMANDS for each in re.findall(r"(?:> |--out |--sr |--screenshot )([\w.]+)", command)}
    named -= {"drafts"}
    assert {"truth.txt", "draft.sr.dcm", "effusion.png", "normal.dcm", "desk.png"} <= named
    assert [name for name in sorted(named) if not (folder / name).stat().st_size] == []
    assert len(list((folder / "drafts").glob("*.txt"))) == 2, "the second run makes no draft again"


def test_the_guide_s_keys_are_the_app_s():
    from unix_edge_desktop.shell.actions import ALL

    said = {"auto_window": "0", "preset_1": "1", "preset_9": "9", "invert": "I", "reset": "Shift+R"}
    said |= {
        "key_image": "K",
        "compare_prior": "Ctrl+B",
        "older_prior": ",",
        "newer_prior": ".",
        "search": "Ctrl+F",
        "key_sheet": "F1",
    }
    table = GUIDE[GUIDE.index("| key | does |") :]
    for action, key in said.items():
        assert ALL[action].keys[0] == key and key in table
