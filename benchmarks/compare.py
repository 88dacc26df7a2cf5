"""Set two runs of engines.py beside each other, by what is comparable between machines and days: ratios and shares.

    python benchmarks/engines.py | tee A.json; ...; python benchmarks/compare.py A.json B.json

Each file is what engines.py printed, or its last line alone. Prints, for every stage and arm that both have, how many
times faster than its own run's reference the arm was in either, and the second over the first.
"""

import argparse
import json
from pathlib import Path
from typing import Any


def main() -> None:
    """Read both and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=read_run, metavar="A.json")
    parser.add_argument("after", type=read_run, metavar="B.json")
    options = parser.parse_args()
    before, after = options.before, options.after
    for what in ("checkpoint", "processor", "threads", "torch", "onnxruntime", "unix-edge"):
        if before[what] != after[what]:
            print(f"not the same {what}: {before[what]} | {after[what]}")
    for stage, row in before["ratios"].items():
        for name, ratio in row.items():
            if name in after["ratios"].get(stage, {}):
                now = after["ratios"][stage][name]
                print(f"{stage:22} {name:18} {ratio:8.2f}x {now:8.2f}x {now / ratio:8.2f}")
    for name, share in before["bandwidth_share"].items():
        if name in after["bandwidth_share"]:
            now = after["bandwidth_share"][name]
            print(f"{'of bandwidth':22} {name:18} {share:9.0%} {now:9.0%} {now / share:8.2f}")


def read_run(name: str) -> dict[str, Any]:
    """Read the JSON line of a run.

    Raises:
        ArgumentTypeError: The file cannot be read, or holds no run of engines.py.
    """
    try:
        lines = Path(name).read_text("utf-8").strip().splitlines()
        told = json.loads(lines[-1]) if lines else None
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{name} was not read: {error.strerror}.") from None
    except ValueError:
        told = None
    if not isinstance(told, dict) or not {"ratios", "bandwidth_share", "processor"} <= told.keys():
        raise argparse.ArgumentTypeError(f"{name} holds no run of engines.py: its last line is no such JSON.")
    return told


if __name__ == "__main__":
    main()
