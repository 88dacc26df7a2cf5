"""What a child of ours is started with: this very package, and nothing that a folder or a variable names.

Python's -I leaves out the current folder and PYTHON* variables, and with them what `pip install --user` or PYTHONPATH
brought. So a child is told where this package and numpy lie; they are looked for there after all else, and this
package nowhere else. A program frozen to one file has no Python to start: it starts itself, and runs only what is
listed here.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

FORBIDDEN = ("gdcm", "libjpeg", "pylibjpeg", "rle", "requests", "tqdm", "urllib3")
"""Packages that pydicom would use where they are installed: lenient decoders, and a client for the network."""
CHILD = "--as-child"
"""What stands before a child's program in the arguments of a frozen program."""
CHILDREN = (
    ("unix_edge.isolated.decode_child", "main"),
    ("unix_edge.isolated.decode_child", "get_ready", "main"),
    ("unix_edge.isolated.headers_child", "main"),
    ("unix_edge.worker.serve", "main"),
)
"""The library's modules that are run as children, and which functions of each, one after the other."""
_FIND = (
    f"import sys; sys.modules.update(dict.fromkeys({FORBIDDEN})); "  # before this package's own beginning asks for one
    "from importlib import machinery, util; sys.path += {folders}; "
    "found = machinery.PathFinder.find_spec('unix_edge', {folders}); "
    "sys.modules['unix_edge'] = package = util.module_from_spec(found); found.loader.exec_module(package)\n"
)


def program_of(module: str, *functions: str) -> str:
    """Return the program of a child that does nothing but run a module's functions, without what is forbidden."""
    parent, _, name = module.rpartition(".")
    run = "; ".join(f"{name}.{function}()" for function in functions)
    return f"import sys; sys.modules.update(dict.fromkeys({FORBIDDEN})); from {parent} import {name}; {run}"


def command_of(program: str, *arguments: str, beside: str = "unix_edge") -> list[str]:
    """Return the command that runs a program of `program_of` in a child, isolated.

    Args:
        program: What it runs.
        arguments: What it is given.
        beside: A package that it needs besides this one, with what lies in the same folder.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD, program, *arguments]
    return [
        sys.executable,
        "-I",
        "-W",
        "ignore",
        "-c",
        f"{_FIND.format(folders=_folders(beside))}{program}",
        *arguments,
    ]


def run_as_child(arguments: list[str], *more: tuple[str, ...]) -> bool:
    """Run what a frozen program was started for as a child, and nothing that is not listed; return whether it was.

    Args:
        arguments: Of the program.
        more: What may be run besides `CHILDREN`.
    """
    if not getattr(sys, "frozen", False) or arguments[1:2] != [CHILD]:
        return False
    for module, *functions in (*CHILDREN, *more):
        if arguments[2:3] == [program_of(module, *functions)]:
            sys.modules.update(dict.fromkeys(FORBIDDEN))  # type: ignore[arg-type] # None forbids an import
            for function in functions:
                getattr(import_module(module), function)()
    return True


def _folders(beside: str) -> list[str]:
    found = [find_spec(name) for name in ("unix_edge", beside, "numpy")]
    return list(dict.fromkeys(str(Path(each.origin).resolve().parents[1]) for each in found if each and each.origin))
