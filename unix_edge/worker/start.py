"""Starting the process that runs the model, isolated as the children that decode files are."""

import os
import subprocess

from ..isolated.python import command_of, program_of

PROGRAM = program_of("unix_edge.worker.serve", "main")


def start(program: str = PROGRAM) -> subprocess.Popen[bytes]:
    """Start the process; neither the current folder nor PYTHON* variables decide what it imports.

    Raises:
        OSError: There is no process to be had.
    """
    return subprocess.Popen(
        command_of(program),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
