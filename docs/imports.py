"""Draw which part of the code imports which, for docs/architecture.md: `python docs/imports.py`.

A part is a folder, or some of the modules that lie in none: those of a package, but for what all of the library stands
on, and its commands.
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

BASIS = {
    "unix_edge",
    *(
        f"unix_edge.{name}"
        for name in ("errors", "sentences", "files", "leftovers", "limits", "machine", "signals", "console", "domain")
    ),
}
"""What the rest of the library stands on."""
COMMANDS = {f"unix_edge.{name}" for name in ("start", "cli", "batch", "export")}
_SHORT = {"unix_edge": "", "unix_edge_export": "export/", "unix_edge_desktop": "desktop/"}
UPWARD = {("commands", "export"), ("commands", "desktop")}
"""The two entry points: `python -m unix_edge.export`, and `unix-edge view`."""


def find_parts() -> dict[str, str]:
    """Return the part of every module, by the module's dotted name."""
    parts = {}
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            inner = path.relative_to(folder).with_suffix("").parts
            module = ".".join((package, *inner)).removesuffix(".__init__")
            if len(inner) > 1:
                parts[module] = f"{_SHORT[package]}{inner[0]}"
            elif module == "unix_edge.raster":  # pictures, which the children and the engines both read
                parts[module] = "raster"
            elif module in BASIS or module in COMMANDS:
                parts[module] = "basis" if module in BASIS else "commands"
            else:
                parts[module] = {"unix_edge": "engines", "unix_edge_export": "export"}.get(package, "desktop")
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


def find_arrows() -> set[tuple[str, str]]:
    """Return which part imports which other."""
    parts, arrows = find_parts(), set()
    for package, folder in PACKAGES.items():
        for path in folder.rglob("*.py"):
            module = ".".join((package, *path.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__")
            if module == "unix_edge":  # what it offers is imported when it is asked for
                continue
            for name in find_imports(module, path):
                target = parts.get(name) or parts.get(name.rpartition(".")[0])
                if target and target != parts[module]:
                    arrows.add((parts[module], target))
    return arrows


def draw() -> str:
    """Return the arrows between parts as a Mermaid graph, without those to the basis, which all have."""
    lines = [
        f"    {one} {'-.->' if (one, other) in UPWARD else '-->'} {other}"
        for one, other in sorted(find_arrows())
        if other != "basis"
    ]
    return "\n".join(["```mermaid", "graph TD", *lines, "```"])


if __name__ == "__main__":
    sys.stdout.write(draw() + "\n")
