"""Fixtures that every test may use. Nothing here reaches a network, and each run has its own user folders."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

DATA = Path(__file__).parent / "data"


def golden_folders() -> list[Path]:
    """Checkpoints with what the released code computed from them: `UNIX_EDGE_GOLDEN`, else those in tests/data."""
    if named := os.environ.get("UNIX_EDGE_GOLDEN"):
        return [Path(folder) for folder in named.split(os.pathsep) if folder]
    return sorted(path.parent for path in (DATA / "golden").glob("*/golden.npz"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "golden_folder" in metafunc.fixturenames:
        folders = golden_folders()
        assert folders, "there is no golden checkpoint to test against"
        metafunc.parametrize("golden_folder", folders, ids=[each.name for each in folders], scope="session")


@pytest.fixture(scope="session", autouse=True)
def own_user_folders(tmp_path_factory):
    """Keep the tests out of the person's own data and cache."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(home / name))
        patch.delenv("UNIX_EDGE_ENGINES", raising=False)
        yield home


@pytest.fixture(scope="session")
def export_golden(tmp_path_factory) -> Callable[[Path, str], Path]:
    """Export a golden checkpoint once a precision; return the bundle's folder."""
    made: dict[tuple[Path, str], Path] = {}

    def export_once(folder: Path, precision: str) -> Path:
        from unix_edge_export.export import export
        from unix_edge_export.precision import Precision

        if (folder, precision) not in made:
            out = tmp_path_factory.mktemp("engines") / f"{folder.name}-{precision}"
            made[folder, precision] = export(folder, out, Precision(precision)).folder
        return made[folder, precision]

    return export_once


@pytest.fixture(scope="session")
def tiny_golden() -> Path:
    return DATA / "golden" / "unix-tiny"


@pytest.fixture(scope="session")
def engines(export_golden, tiny_golden) -> Path:
    """A bundle in float32, not to be changed."""
    return export_golden(tiny_golden, "fp32")


@pytest.fixture(scope="session")
def unix(engines):
    from unix_edge import UniX

    return UniX.load(engines, "cpu")


@pytest.fixture
def chest() -> Path:
    """A real adult PA chest radiograph, read from the package that brings it."""
    from pydicom.data import get_testdata_file

    return Path(get_testdata_file("RG1_UNCR.dcm", download=False))


@pytest.fixture
def radiograph_png(tmp_path) -> Path:
    """Gray noise: for what does not depend on what is seen."""
    from PIL import Image

    path = tmp_path / "radiograph.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (120, 100), dtype=np.uint8)).save(path)
    return path


@pytest.fixture
def soak() -> int:
    """How many times longer than in `make test` the long tests run; `make soak` sets it."""
    return int(os.environ.get("UNIX_EDGE_SOAK", "1"))


@pytest.fixture
def run_python():
    """Run Python in a child; return what it said."""

    def run(*args: str, **kwargs) -> subprocess.CompletedProcess[str]:
        kwargs = {"capture_output": True, "text": True, "timeout": 300, **kwargs}
        return subprocess.run([sys.executable, *args], check=False, **kwargs)

    return run
