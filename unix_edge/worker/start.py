"""Starting the process that runs the model, isolated as the children that decode files are."""

import os
import subprocess
import sys

from ..isolated.child import FORBIDDEN

PROGRAM = (
    f"import sys; sys.modules.update(dict.fromkeys({FORBIDDEN})); from unix_edge.worker import serve; serve.main()"
)


def start(program: str = PROGRAM) -> subprocess.Popen[bytes]:
    """Start the process; neither the current folder nor PYTHON* variables decide what it imports.

    Raises:
        OSError: There is no process to be had.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-W", "ignore", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
