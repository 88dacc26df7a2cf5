"""UniX on the desk: drafts reports from chest radiographs and generates synthetic ones, offline.

from unix_edge import GenerationSettings, ReportSettings, UniX

unix = UniX.load("engines/unix-fp16", device="auto")
report = unix.report("chest.dcm", ReportSettings())
picture = unix.generate("Moderate left pleural effusion.", GenerationSettings(seed=7))
"""

import os as _os

# Before onnxruntime is imported by anything below: from 1.29 on it reports telemetry unless this is set.
_os.environ["ORT_DISABLE_TELEMETRY"] = "1"
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    _os.environ[_name] = "1"

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
