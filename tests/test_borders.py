"""The arrows between the packages only point down, and a missing package is named."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.mark.parametrize("banned", ["torch", "PySide6", "transformers", "diffusers", "onnx"])
def test_the_library_imports_without(run_python, banned):
    code = f"import sys; sys.modules[{banned!r}] = None; import unix_edge, unix_edge.cli, unix_edge.model"
    assert run_python("-c", code).returncode == 0


def test_the_exporter_imports_no_qt(run_python):
    code = "import sys, unix_edge_export.command; print([m for m in sys.modules if m.startswith('PySide6')])"
    assert run_python("-c", code).stdout.strip() == "[]"


def test_no_module_imports_what_its_package_may_not():
    """Torch and Qt by name, in any module and any function."""
    root = Path(__file__).parents[1]
    banned = {
        root / "unix_edge": {"torch", "PySide6"},
        root / "export/unix_edge_export": {"PySide6", "unix_edge_desktop"},
        root / "desktop/unix_edge_desktop": {"torch", "transformers", "diffusers", "unix_edge_export"},
    }
    for package, names in banned.items():
        modules = list(package.rglob("*.py"))
        assert modules
        for module in modules:
            assert not names & set(imported_by(module)), module


def imported_by(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name.split(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


LIBRARY = Path(__file__).parents[1] / "unix_edge"
BELOW = {
    "dicom": {"dicom", "errors", "files", "limits", "sentences"},
    "isolated": {"isolated", "dicom", "domain", "errors", "limits", "sentences", "raster"},
    "worker": {
        "worker",
        "dicom",
        "isolated",
        "console",
        "errors",
        "limits",
        "machine",
        "sentences",
        "generate",
        "image",
    }
    | {"model", "report", "results", "sessions"},
    "results": {"results", "dicom", "errors", "files", "generate", "provenance", "report", "sentences"}
    | {"image", "model", "sessions"},
}
"""What each folder of the library may import of it: DICOM lies under all, the children beside the engines."""
UPWARD = {("export", "unix_edge_export"), ("cli", "unix_edge_desktop")}
"""The two entry points that look upward, inside a function."""


def library_imports() -> dict[str, set[str]]:
    """Which modules of the library each of them imports, wherever in it, as "dicom.pixels"."""
    paths = {".".join(path.relative_to(LIBRARY).with_suffix("").parts): path for path in LIBRARY.rglob("*.py")}
    assert len(paths) > 60
    found: dict[str, set[str]] = {}
    for module, path in paths.items():
        found[module] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                above = module.split(".")[: -node.level]
                base = ".".join([*above, *(node.module or "").split(".")]).strip(".")
                targets = [base, *(f"{base}.{each.name}".strip(".") for each in node.names)]
                found[module] |= {target for target in targets if target in paths}
    return found


def test_the_library_s_folders_import_only_what_lies_below_them():
    arrows = library_imports()
    for module, targets in arrows.items():
        folder = module.split(".")[0]
        if folder in BELOW:
            assert {target.split(".")[0] for target in targets} <= BELOW[folder], module
    assert sum(len(targets) for targets in arrows.values()) > 200


def test_no_modules_of_the_library_import_each_other_in_a_circle(find_circle):
    """But for the names that the package offers, which are imported when they are asked for."""
    assert not find_circle({module: targets for module, targets in library_imports().items() if module != "__init__"})


def test_only_the_two_entry_points_look_upward():
    looks = set()
    for path in LIBRARY.rglob("*.py"):
        for name in ("unix_edge_export", "unix_edge_desktop"):
            if any(
                isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith(name)
                for n in ast.walk(ast.parse(path.read_text("utf-8")))
            ) or name in set(imported_by(path)):
                looks.add((path.stem, name))
    assert looks == UPWARD


def test_importing_the_library_opens_no_runtime_and_sets_the_environment(run_python):
    code = (
        "import sys, os, unix_edge;"
        "assert 'onnxruntime' not in sys.modules and 'torch' not in sys.modules;"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1' and os.environ['HF_HUB_OFFLINE'] == '1'"
    )
    result = run_python("-c", code)
    assert result.returncode == 0, result.stderr


BLOCK = """
import sys
for name in {names!r}:
    sys.modules[name] = None
from unix_edge.cli import main
sys.argv = {argv!r}
main()
"""


def test_report_and_generate_work_without_torch(run_python, engines, chest, tmp_path):
    names = ["torch", "transformers", "diffusers", "onnx", "onnxscript", "optimum"]
    argv = ["unix-edge", "report", str(chest), "--engines", str(engines), "--max-tokens", "8", "--device", "cpu"]
    result = run_python("-c", BLOCK.format(names=names, argv=argv))
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()
    out = tmp_path / "picture.png"
    argv = ["unix-edge", "generate", "Clear lungs.", "--engines", str(engines), "--out", str(out)]
    result = run_python("-c", BLOCK.format(names=names, argv=[*argv, "--quality", "fast"]))
    assert result.returncode == 0, result.stderr
    assert out.is_file()


@pytest.mark.parametrize("command", ["report", "generate"])
def test_without_onnxruntime_the_extra_is_named(run_python, engines, chest, tmp_path, command):
    argument = str(chest) if command == "report" else "Clear lungs."
    argv = ["unix-edge", command, argument, "--engines", str(engines)]
    result = run_python("-c", BLOCK.format(names=["onnxruntime"], argv=argv), cwd=tmp_path)
    assert result.returncode == 1
    assert "pip install 'unix-edge[cpu]'" in result.stderr and "unix-edge[cuda]" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_without_torch_the_exporter_names_the_extra(run_python):
    code = "import sys; sys.modules['torch'] = None; from unix_edge.export import main; main()"
    result = run_python("-c", code)
    assert result.returncode == 1
    assert "unix-edge[export]" in result.stderr and "Traceback" not in result.stderr
