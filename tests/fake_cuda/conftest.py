"""The real CUDA provider on a pretended card: `make fake-cuda` runs these, in an environment of their own.

What they show is placement, kernel choice, memory and what is told; no number that the provider computes there means
anything. Whatever wants a card of its own runs in a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
if "FAKE_CUDA_DRIVER" not in os.environ:  # set by `make fake-cuda`; other runs have no CUDA provider
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def run_child():
    """Run Python with a card of its own: its memory in MiB, and what else the stand-ins read from the environment."""

    def run(*arguments, memory=80_000, driver=True, **environment) -> subprocess.CompletedProcess[str]:
        told = {**os.environ, "FAKE_VRAM_MB": str(memory), "FAKE_CC": "89", **environment}
        told["LD_LIBRARY_PATH"] = os.environ["FAKE_CUDA_DRIVER"] if driver else ""
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, env=told, capture_output=True, text=True, timeout=300, check=False)

    return run


@pytest.fixture(scope="session")
def play(run_child):
    """Run a function of scenes.py and return what it found."""

    def run(scene, bundle, *arguments, **card):
        child = run_child(HERE / "scenes.py", scene, bundle, *arguments, **card)
        assert child.returncode == 0, child.stdout + child.stderr
        return json.loads(child.stdout)

    return run


@pytest.fixture(scope="session")
def bundle():
    """Return the folder of unix-nano in fp16, fp32 or int8, or of weightless graphs of the release's size."""
    return lambda name: Path(os.environ[f"FAKE_CUDA_{name.upper()}"])
