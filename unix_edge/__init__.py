"""UniX on the desk: drafts reports from chest radiographs and generates synthetic ones, offline.

from unix_edge import GenerationSettings, ReportSettings, UniX

unix = UniX.load("engines/unix-fp16", device="auto")
report = unix.report("chest.dcm", ReportSettings())
picture = unix.generate("Moderate left pleural effusion.", GenerationSettings(seed=7))
"""

import os as _os
import sys as _sys

# `python -m` looks into the current folder first, which may be a stranger's; nothing of ours lies there. What it runs
# is called "-m" only until it is found, so nobody else's path is changed.
try:
    if _sys.argv[:1] == ["-m"] and _sys.path[:1] == [_os.getcwd()]:  # noqa: PTH109 - pathlib would be looked for there
        del _sys.path[0]
except FileNotFoundError:  # a folder that is gone is not on the path
    pass

import socket as _socket
from contextlib import suppress as _suppress
from importlib import import_module as _import_module
from typing import TYPE_CHECKING

# Before onnxruntime is imported by anything below: from 1.29 on it reports telemetry unless this is set.
_os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    _os.environ[_name] = "1"

# pydicom imports requests where it is installed, for test data that we never fetch, and urllib3 then binds a socket
# just to see whether there is IPv6. Nothing here opens a socket, so it is told that there is none.
_has_ipv6, _socket.has_ipv6 = _socket.has_ipv6, False

with _suppress(ImportError):
    _import_module("urllib3.util.connection")
_socket.has_ipv6 = _has_ipv6

if TYPE_CHECKING:
    from .errors import UnixEdgeError
    from .generate import GenerationSettings, SyntheticImage
    from .model import UniX
    from .report import Report, ReportSettings

__all__ = [
    "GenerationSettings",
    "Report",
    "ReportSettings",
    "SyntheticImage",
    "UniX",
    "UnixEdgeError",
    "__version__",
]

__version__ = "0.1.0"

_MODULES = {
    "GenerationSettings": "generate",
    "Report": "report",
    "ReportSettings": "report",
    "SyntheticImage": "generate",
    "UniX": "model",
    "UnixEdgeError": "errors",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: the process that decodes one file needs none of them."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(_import_module(f".{_MODULES[name]}", __name__), name)
