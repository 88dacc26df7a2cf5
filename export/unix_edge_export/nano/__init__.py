"""unix-nano: a small UniX trained on computed phantom radiographs, by the stages of the paper."""

import os

# A thread that spins while it waits takes the core from the processes that compute phantoms, and steps then take four
# times as long. Read when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# The same of numpy's own threads, in those processes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
