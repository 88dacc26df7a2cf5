"""Draw which part of the code imports which, for docs/architecture.md: `python docs/imports.py`.

A part is a folder of the library, the exporter or the app, or all modules of the library that lie in no folder.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "unix_edge": ROOT / "unix_edge",
    "unix_edge_export": ROOT / "export/unix_edge_export",
    "unix_edge_desktop": ROOT / "desktop/unix_edge_desktop",
}


def find_parts() -> dict[str, str]:
    """Return the part of every module, by the module's dotted name."""
    parts = {}
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            names = (package, *path.relative_to(folder).with_suffix("").parts)
            module = ".".join(names).removesuffix(".__init__")
            parts[module] = ".".join(names[:2]) if len(names) > 2 else package
    return parts


def find_imports(module: str, path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, those in strings of `import_module` too."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("unix_edge_"):
            yield node.value


def draw() -> str:
    """Return the arrows between parts as a Mermaid graph."""
    parts = find_parts()
    arrows = set()
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            module = ".".join((package, *path.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__")
            for name in find_imports(module, path):
                target = parts.get(name) or parts.get(name.rpartition(".")[0])
                if target and target != parts[module]:
                    arrows.add((parts[module], target))
    lines = [f"    {one.replace('.', '/')} --> {other.replace('.', '/')}" for one, other in sorted(arrows)]
    return "\n".join(["```mermaid", "graph TD", *lines, "```"])


if __name__ == "__main__":
    sys.stdout.write(draw() + "\n")
