"""What a kill leaves half written is removed at the next start, and nothing else is."""

import json
import os
import subprocess
import sys

import pytest

from unix_edge.files import MARK
from unix_edge_desktop.storage.unfinished_writes import Leftovers

_KILLED = """
import os, sys
from pathlib import Path
from unix_edge import files
from unix_edge_desktop.storage.unfinished_writes import Leftovers
data, target = map(Path, sys.argv[1:])
leftovers = Leftovers(data / "unfinished.json")
leftovers.note(data, target.parent)
files._rename = lambda *_: os.kill(os.getpid(), 9)
files.write_atomically(target, b"half")
"""


@pytest.fixture
def killed(tmp_path):
    """A process was killed while it wrote into a folder."""
    data, exports = tmp_path / "data", tmp_path / "exports"
    for folder in (data, exports):
        folder.mkdir()
    (exports / ".mine.partial-0123abcd").write_text("another's")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = [sys.executable, "-c", _KILLED, data, exports / "view.png"]
    assert subprocess.run(child, env=environment, check=False).returncode == -9
    assert len(list(exports.iterdir())) == 2
    return data / "unfinished.json", exports


def test_half_a_file_is_gone_after_the_next_start(killed):
    path, exports = killed
    leftovers = Leftovers(path)
    leftovers.remove()
    assert [each.name for each in exports.iterdir()] == [".mine.partial-0123abcd"]
    assert json.loads(path.read_text()) == []


def test_a_folder_out_of_reach_is_tried_again_and_one_that_was_deleted_is_not(killed, tmp_path):
    path, _ = killed
    away = tmp_path / "drive"
    said = json.loads(path.read_text())
    path.write_text(json.dumps([*said, [str(away / "deep" / "folder"), said[0][1]], [str(away), said[0][1]]]))
    Leftovers(path).remove()
    assert [folder for folder, _ in json.loads(path.read_text())] == [str(away / "deep" / "folder")]


def test_what_is_under_way_is_not_removed_and_is_forgotten_when_it_ends(tmp_path):
    leftovers, path = Leftovers(tmp_path / "unfinished.json"), tmp_path / "unfinished.json"
    leftovers.note(tmp_path)
    partial = tmp_path / f".a.partial-{MARK}x"
    partial.touch()
    leftovers.remove()
    assert partial.exists() and json.loads(path.read_text()) == [[str(tmp_path), MARK]]
    leftovers.close()
    assert json.loads(path.read_text()) == []


@pytest.mark.parametrize("text", ["", "[", "{}", "[1]", '[["/", "*"]]', '[["/", ""]]', "[" * 100_000])
def test_a_file_that_is_none_counts_for_nothing(tmp_path, text):
    (tmp_path / "unfinished.json").write_text(text)
    (tmp_path / ".mine.partial-0123abcd").touch()
    leftovers = Leftovers(tmp_path / "unfinished.json")
    leftovers.remove()
    assert sorted(each.name for each in tmp_path.iterdir()) == [".mine.partial-0123abcd", "unfinished.json"]
    leftovers.note(tmp_path)
    assert json.loads((tmp_path / "unfinished.json").read_text())[-1] == [str(tmp_path), MARK]
