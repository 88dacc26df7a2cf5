"""The app's folders stand in one order, and imports only go down it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import unix_edge_desktop

ROOT = Path(unix_edge_desktop.__file__).parent
LAYERS = (
    "shell",
    "reading",
    "output",
    "assistant",
    "canvas",
    "toolkit",
    "drafts",
    "image",
    "studies",
    "storage",
    "words",
)
"""From the top down; a folder imports from those after it, and from itself."""
PLAIN = ("drafts", "image", "studies", "storage", "words")
"""Folders without Qt."""
OF_THE_WINDOW = {"shell/main_window.py", "application.py"}
"""Who may name MainWindow."""
OF_CANVASES = {"canvas/canvas.py", "canvas/canvas_grid.py"}
"""Who may name Canvas within canvas/: what is painted and pointed at knows no widget."""


def modules() -> dict[str, ast.Module]:
    """Every module below a folder, by its path, as "canvas/painting"."""
    found = {
        path.relative_to(ROOT).with_suffix("").as_posix(): ast.parse(path.read_text("utf-8"))
        for path in ROOT.rglob("*.py")
        if path.parent != ROOT and path.name != "__init__.py"
    }
    assert len(found) > 50
    return found


def imported(module: str, tree: ast.Module) -> Iterator[str]:
    """Modules of the app that one imports, anywhere in it."""
    folder = module.split("/")[0]
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        parts = (node.module or "").split(".") if node.module else []
        base = [folder] if node.level == 1 else []
        if len(base) + len(parts) == 1:  # from . import name
            yield from ("/".join([*base, *parts, each.name]) for each in node.names)
        else:
            yield "/".join([*base, *parts])


def names(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def test_every_folder_has_its_layer_and_nothing_lies_beside_them():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders == set(LAYERS)
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "application.py"}


def test_imports_only_go_down():
    arrows = 0
    for module, tree in modules().items():
        own = LAYERS.index(module.split("/")[0])
        for target in imported(module, tree):
            assert target in modules_named, f"{module} imports {target}, which is no module"
            assert own <= LAYERS.index(target.split("/")[0]), f"{module} looks up to {target}"
            arrows += 1
    assert arrows > 150


def test_no_modules_import_each_other_in_a_circle(find_circle):
    """Also not those of one folder, and not for their types alone."""
    assert not find_circle({module: set(imported(module, tree)) for module, tree in modules().items()})


def test_the_plain_folders_know_no_qt():
    for module, tree in modules().items():
        if module.split("/")[0] in PLAIN:
            text = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
            text |= {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
            assert not [each for each in text if each.startswith(("PySide6", "shiboken6"))], module


def test_the_plain_folders_import_where_there_is_no_qt(run_python):
    plain = [module.replace("/", ".") for module in modules() if module.split("/")[0] in PLAIN]
    assert len(plain) > 20
    code = "import sys; sys.modules['PySide6'] = sys.modules['torch'] = None\n"
    code += "".join(f"import unix_edge_desktop.{module}\n" for module in plain)
    result = run_python("-c", code)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(("name", "allowed"), [("MainWindow", OF_THE_WINDOW), ("Canvas", OF_CANVASES)])
def test_who_may_name_a_widget(name, allowed):
    everywhere = {f"{module}.py": tree for module, tree in modules().items()}
    everywhere["application.py"] = ast.parse((ROOT / "application.py").read_text("utf-8"))
    found = {module for module, tree in everywhere.items() if name in names(tree)}
    if name == "Canvas":
        found = {module for module in found if module.startswith("canvas/")}
    defined = "shell/main_window.py" if name == "MainWindow" else "canvas/canvas.py"
    assert found | {defined} == allowed


modules_named = set(modules())
