"""Fixtures that every test may use. Nothing here reaches a network, and each run has its own user folders."""

import hashlib
import lzma
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset, config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

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
        names = [each.name for each in folders]
        metafunc.parametrize("golden_folder", folders, ids=names, scope="session", indirect=True)


LONG = frozenset(("unix_edge_export", "test_ends.py", "test_fuzz.py", "test_kills.py", "test_real_window.py"))
"""Folders and files whose tests take longest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, lest one of several processes is left with it at the end."""
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))


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
    """Export a golden checkpoint once a precision, for all processes of a run; return the bundle's folder."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "engines"
    shared.mkdir(exist_ok=True)

    def export_once(folder: Path, precision: str) -> Path:
        import fcntl

        from unix_edge_export.export import export
        from unix_edge_export.reference.precision import Precision

        recorded = hashlib.sha256((folder / "golden.json").read_bytes()).hexdigest()[:8]
        out = shared / f"{folder.name}-{recorded}-{precision}"
        with out.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not out.exists():
                export(folder, out, Precision(precision))
        return out

    return export_once


@pytest.fixture(scope="session")
def unpack(tmp_path_factory) -> Callable[[Path], Path]:
    """Return a folder with what lies compressed in ours unpacked, once; the repository is to stay small."""
    unpacked: dict[Path, Path] = {}

    def run(folder: Path) -> Path:
        if folder not in unpacked and (packed := [path.relative_to(folder) for path in folder.rglob("*.xz")]):
            copy = tmp_path_factory.mktemp("golden") / folder.name
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.xz"))
            for path in packed:
                (copy / path).with_suffix("").write_bytes(lzma.decompress((folder / path).read_bytes()))
            unpacked[folder] = copy
        return unpacked.get(folder, folder)

    return run


@pytest.fixture(scope="session")
def golden_folder(request, unpack) -> Path:
    """A checkpoint with what the released code computed from it."""
    return unpack(request.param)


@pytest.fixture(scope="session")
def tiny_golden(unpack) -> Path:
    return unpack(DATA / "golden" / "unix-tiny")


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


@pytest.fixture
def answer_on_terminal():
    """Run a command of ours on a terminal, and answer the question that it asks; returns its code and what it said."""

    def answer(command, words: str, cwd: Path | None = None) -> tuple[int, bytes]:
        ours, theirs = os.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "unix_edge.cli", *map(str, command)],
            cwd=cwd,
            stdin=theirs,
            stderr=theirs,
            stdout=subprocess.DEVNULL,
        )
        os.close(theirs)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(ours, 4096)
        os.write(ours, words.encode() + b"\n")
        while process.poll() is None:  # else it waits for a reader
            try:
                said += os.read(ours, 4096)
            except OSError:
                break
        code = process.wait(timeout=60)
        os.close(ours)
        return code, said

    return answer


@pytest.fixture
def find_circle():
    """Find a circle in arrows, by each thing that they lead from; nothing where there is none."""

    def find(arrows: Mapping[str, Iterable[str]]) -> str:
        done: set[str] = set()

        def visit(at: str, way: tuple[str, ...]) -> str:
            if at in way:
                return " -> ".join([*way[way.index(at) :], at])
            found = "" if at in done else next(filter(None, (visit(to, (*way, at)) for to in sorted(arrows[at]))), "")
            done.add(at)
            return found

        return next(filter(None, (visit(each, ()) for each in sorted(arrows))), "")

    assert find({"a": ["b"], "b": ["c"], "c": ["b"]}) == "b -> c -> b"
    return find


@pytest.fixture
def make_header():
    """Build the header of a frontal chest radiograph; None leaves an element out, values go in unchecked."""

    def make(**elements) -> Dataset:
        usual = {
            "SOPClassUID": DigitalXRayImageStorageForPresentation,
            "SOPInstanceUID": "2.25.3",
            "SeriesInstanceUID": "2.25.2",
            "StudyInstanceUID": "2.25.1",
            "Modality": "DX",
            "PatientName": "Doe^Jane",
            "PatientID": "4711",
            "PatientBirthDate": "19600229",
            "PatientSex": "F",
            "StudyDate": "20260102",
            "StudyTime": "030405.5",
            "StudyID": "S1",
            "AccessionNumber": "A1",
            "ReferringPhysicianName": "Roe^Richard",
            "BodyPartExamined": "CHEST",
            "ViewPosition": "PA",
            "PatientOrientation": ["L", "F"],
            "Rows": 2000,
            "Columns": 1800,
        }
        header = Dataset()
        for keyword, value in {**usual, **elements}.items():
            if value is not None:
                tag = tag_for_keyword(keyword)
                header[tag] = DataElement(tag, dictionary_VR(tag), value, validation_mode=config.IGNORE)
        return header

    return make


@pytest.fixture
def make_file(make_header):
    """Write a small chest radiograph of noise; `seed` makes its pixels, the rest goes into its header."""

    def make(path: Path, *, seed=0, size=(300, 280), **elements) -> Path:
        values = np.random.default_rng(seed).integers(0, 4096, size, dtype=np.uint16)
        dataset = make_header(**{"Rows": size[0], "Columns": size[1], **elements})
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
        dataset.PixelData = values.tobytes()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.save_as(path, enforce_file_format=True)
        return path

    return make


@pytest.fixture
def assert_conforms():
    """Assert that dciodvfy finds no error in a file, by its old checks and its new."""
    program = Path(sys.executable).with_name("dciodvfy")
    found = str(program) if program.is_file() else shutil.which("dciodvfy")
    assert found, "dicom3tools, of the dev extra, is not installed"

    def check(path: Path) -> None:
        for options in ([], ["-new"]):
            result = subprocess.run([found, *options, str(path)], capture_output=True, text=True, check=False)
            said = result.stdout + result.stderr
            assert result.returncode == 0 and "Error" not in said, said

    return check
