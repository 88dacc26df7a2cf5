#!/bin/sh
# All that needs a card, in one command without a network, within --minutes (10):
#
#     benchmarks/gpu.sh [--minutes 10] [--device cuda] [--engines DIR ...] [--out out/gpu] [--stages card parity ...]
#
# docs/gpu.md tells how to read what it prints. PYTHON names another interpreter than the environment's.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
[ -x "$python" ] || python=python3
export ORT_DISABLE_TELEMETRY=1 HF_HUB_OFFLINE=1
export PYTHONPATH="$root:$root/export:$root/benchmarks${PYTHONPATH:+:$PYTHONPATH}"
exec "$python" "$root/benchmarks/gpu.py" "$@"
