"""What is promised about the repository itself."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_everything_tracked_stays_under_36_mib(tracked):
    assert sum(path.stat().st_size for path in tracked) < 36 * 2**20


def test_no_unsafe_loading_anywhere(tracked):
    unsafe = re.compile(r"weights_only=False|pickle\.load|yaml\.load\(|strict=False\)\s*#?.*load_state|shell=True")
    ours = [path for path in tracked if path.suffix == ".py" and path != Path(__file__)]
    assert len(ours) > 40
    assert [path.name for path in ours if unsafe.search(path.read_text("utf-8"))] == []


def test_the_readme_s_tree_names_every_module(tracked):
    readme = (ROOT / "README.md").read_text("utf-8")
    modules = [path for path in tracked if path.suffix == ".py" and path.name != "__init__.py"]
    library = [
        path for path in modules if path.is_relative_to(ROOT / "unix_edge") or path.is_relative_to(ROOT / "export")
    ]
    assert [path.name for path in library if path.name not in readme] == []
