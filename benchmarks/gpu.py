"""Run what needs a card, stage by stage, those of most worth first, within a few minutes; `gpu.sh` starts it.

Each stage is a process of its own with a limit: one that fails, hangs or dies says so in one line, and the next goes
on. What was found is written after every stage, so that a machine that goes away leaves it. Prints a table and, as its
last line, one JSON object; draws a roofline where matplotlib is there.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
EMBEDDED = ROOT / "unix_edge" / "models" / "unix-nano"
INTEGERS = [ROOT / "out" / name for name in ("nano-int8", "nano-int4")]
"""The same in integers, where `make out/nano-int8 out/nano-int4` made them."""
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing to find out.

    Attributes:
        name: In the table.
        command: What is run of it, behind the interpreter, with the options of gpu.py.
        least: Seconds without which it is not begun.
        most: Seconds that it may take.
    """

    name: str
    command: Callable[[argparse.Namespace], list[str]]
    least: int
    most: int


def own(name: str) -> Callable[[argparse.Namespace], list[str]]:
    """Run a function of gpu_stages.py."""

    def command(options: argparse.Namespace) -> list[str]:
        return ["benchmarks/gpu_stages.py", name, options.device, *map(str, options.engines)]

    return command


def contract(options: argparse.Namespace) -> list[str]:
    """Run the contract of keys and values in place on the device. Wants pytest and torch."""
    bare = ["-c", "tests/fake_cuda/pytest.ini", "--rootdir=.", "-p", "no:cacheprovider"]  # no plugin is wanted
    return ["-m", "pytest", "-q", *bare, "tests/unix_edge/test_understanding.py"]


def peers(options: argparse.Namespace) -> list[str]:
    """Set engines beside the reference as released, in bf16 with SDPA, and beside torch.compile. Wants torch."""
    device = options.device.split(":")[0]
    compared = ["--device", options.device, "--reference-device", "cuda" if device != "cpu" else "cpu"]
    peers = ["--peers", "bf16", "compiled-bf16"]
    return ["benchmarks/engines.py", "--layers", "2", "--precisions", "fp16", "--rounds", "3", *compared, *peers]


def quality(options: argparse.Namespace) -> list[str]:
    """Count findings in drafts on the device. Wants torch and what benchmarks/quality.py wants."""
    few = ["--phantoms", "40", "--prompts", "1", "--parts", "understanding"]
    return ["benchmarks/quality.py", "--devices", options.device, "--out", str(options.out / "quality"), *few]


STAGES = (
    Stage("card", own("card"), 2, 60),
    Stage("parity", own("parity"), 10, 120),
    Stage("speed", own("speed"), 10, 120),
    Stage("peaks", own("peaks"), 5, 60),
    Stage("contract", contract, 20, 150),
    Stage("peers", peers, 60, 240),
    Stage("quality", quality, 60, 240),
)


def main() -> None:
    """Run what was asked for and print."""
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + 60 * options.minutes
    told: Figures = {"device": options.device, "stages": {}}
    for stage in STAGES:
        if stage.name in options.stages:
            told["stages"][stage.name] = run(stage, options, until - time.monotonic())
            (options.out / "gpu.json").write_text(json.dumps(told, indent=1), "utf-8")
    tell(told)
    draw(told, options.out / "roofline.png")
    print(json.dumps(told))


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="after which nothing is begun or goes on")
    parser.add_argument("--device", default="cuda")
    there = [EMBEDDED, *(each for each in INTEGERS if each.is_dir())]
    parser.add_argument("--engines", type=Path, nargs="*", default=there, help="bundles; by default unix-nano's")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "gpu")
    names = [stage.name for stage in STAGES]
    parser.add_argument("--stages", choices=names, nargs="*", default=names)
    options = parser.parse_args()
    options.engines, options.out = [each.resolve() for each in options.engines], options.out.resolve()
    return options


def run(stage: Stage, options: argparse.Namespace, left: float) -> Figures:
    """Run a stage, say in one line how it ended, and return what it found."""
    limit, began = min(stage.most, left), time.monotonic()
    if limit < stage.least:
        return ended(stage.name, {"failed": f"left out: it wants {stage.least} s and {max(left, 0):.0f} are left"})
    environment = {**os.environ, "UNIX_EDGE_TEST_DEVICES": options.device}
    child = subprocess.Popen(
        [sys.executable, *stage.command(options)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = child.communicate(timeout=limit)
        failed = "" if child.returncode == 0 else last_line(err) or last_line(out) or f"exit {child.returncode}"
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, 9)  # and whatever it has started
        out, err = child.communicate()
        failed = f"not done within {limit:.0f} s"
    found = result(out)
    if failed:
        found["failed"] = failed
    return ended(stage.name, {**found, "seconds": round(time.monotonic() - began, 1)})


def ended(name: str, found: Figures) -> Figures:
    """Say how a stage ended."""
    print(f"{name:10} {found.get('failed') or 'done'}", flush=True)
    return found


def result(out: str) -> Figures:
    """Return the JSON object of the last line that is one; what no stage of ours printed is kept as it is."""
    for line in reversed(out.splitlines()):
        if line.startswith("{"):
            try:
                found: Figures = json.loads(line)
            except ValueError:
                break
            return found
    return {"said": last_line(out)}


def last_line(text: str) -> str:
    """Return the last line that is not empty, of a length that fits."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def tell(told: Figures) -> None:
    """Print the table."""
    stages, peaks = told["stages"], told["stages"].get("peaks", {})
    for what in ("name", "compute_capability", "driver", "onnxruntime"):
        print(f"card       {what:40} {stages.get('card', {}).get(what) or 'unknown'}")
    for bundle, rows in stages.get("parity", {}).get("bundles", {}).items():
        for what, value in rows.items():
            shown = f"{value:.2g}" if isinstance(value, float) else value
            print(f"parity     {bundle:15} {what:24} {shown}")
    for bundle, rows in stages.get("speed", {}).get("bundles", {}).items():
        for what, row in rows.items():
            print(f"speed      {bundle:15} {what:24} {describe(row, peaks)}")
    for what in sorted(peaks.keys() - {"seconds", "failed"}):
        print(f"peaks      {what:40} {peaks[what]}")
    for name in ("contract", "quality"):
        if said := stages.get(name, {}).get("said"):
            print(f"{name:10} {said}")
    for what, row in stages.get("peers", {}).get("ratios", {}).items():
        print(f"peers      {what:40} " + ", ".join(f"{name} {ratio:.2f}x" for name, ratio in row.items()))


def describe(row: Figures, peaks: Figures) -> str:
    """Return a row of the stage "speed": its time, and how near it came to what the device can do."""
    words = [f"{1e3 * row['seconds']:10.2f} ms"] if "seconds" in row else [f"{row['gb']:10.2f} GB"]
    if "seconds, not captured" in row:
        words.append(f"not captured {1e3 * row['seconds, not captured']:.2f} ms")
    if "gflop" in row and "memory_gb_s" in peaks:
        words.append(f"{row['gb'] / row['seconds'] / peaks['memory_gb_s']:.0%} of memory")
        words.append(f"{row['gflop'] / row['seconds'] / peaks['fp16_gflop_s']:.0%} of fp16 products")
    return ", ".join(words)


def draw(told: Figures, path: Path) -> None:
    """Draw what was reached beside what the device can do at most; nothing where matplotlib or a figure is missing."""
    peaks, bundles = told["stages"].get("peaks", {}), told["stages"].get("speed", {}).get("bundles", {})
    if not bundles or not {"memory_gb_s", "fp16_gflop_s", "fp32_gflop_s"} <= peaks.keys():
        return
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print("No roofline was drawn: matplotlib is not installed.")
        return
    figure = Figure(figsize=(7, 5), layout="constrained")
    axes = figure.subplots()
    for kind in ("fp16", "fp32"):
        top, slope = peaks[f"{kind}_gflop_s"], peaks["memory_gb_s"]
        points = [0.1, top / slope, max(1e4, 10 * top / slope)]
        axes.loglog(points, [min(top, slope * each) for each in points], label=f"{kind} products, memory")
    for bundle, rows in bundles.items():
        for what, row in rows.items():
            if "gflop" in row:
                axes.loglog(row["gflop"] / row["gb"], row["gflop"] / row["seconds"], "o", label=f"{bundle}: {what}")
    axes.set(xlabel="operations a byte of weights", ylabel="billion operations a second")
    axes.legend(fontsize=7)
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
