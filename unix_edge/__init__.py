"""UniX on the desk: drafts reports from chest radiographs and generates synthetic ones, offline.

from unix_edge import GenerationSettings, ReportSettings, UniX

unix = UniX.load("engines/unix-fp16", device="auto")
report = unix.report("chest.dcm", ReportSettings())
picture = unix.generate("Moderate left pleural effusion.", GenerationSettings(seed=7))
"""

import os as _os
import socket as _socket

# Before onnxruntime is imported by anything below: from 1.29 on it reports telemetry unless this is set.
_os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    _os.environ[_name] = "1"

# pydicom imports requests where it is installed, for test data that we never fetch, and urllib3 then binds a socket
# just to see whether there is IPv6. Nothing here opens a socket, so it is told that there is none.
_has_ipv6, _socket.has_ipv6 = _socket.has_ipv6, False

from .errors import UnixEdgeError
from .generate import GenerationSettings, SyntheticImage
from .model import UniX
from .report import Report, ReportSettings

_socket.has_ipv6 = _has_ipv6

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
