"""What a checkpoint of the release's size costs on this machine: memory, time and bytes of each stage.

    python benchmarks/full_size.py --work DIR [--precision fp16] [--stages checkpoint,export,report,step,picture,memory]

The checkpoint is random, 3.2 B parameters in bfloat16, 6.4 GB; the work folder wants 25 GB. The stage `tensorrt`
builds engines of float16, without a card. Each stage runs in a process of its own, whose peak resident memory is read
from the kernel. A stage whose result is there is not run again.
Prints a table, and one JSON object as its last line.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unix_edge import UniX

STAGES = ("checkpoint", "export", "report", "step", "picture", "memory", "tensorrt")


def main() -> None:
    """Run every stage in a child and print what each cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--precision", choices=("fp32", "fp16", "int8", "int4"), default="fp16")
    parser.add_argument("--stages", default="checkpoint,export,report,step,picture")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        run_stage(options.stage, options.work, options.precision)
        return
    figures = {}
    for stage in options.stages.split(","):
        record = record_of(stage, options.work, options.precision)
        if not record.exists():
            command = [sys.executable, __file__, "--work", str(options.work), "--stage", stage]
            command += ["--precision", options.precision]
            subprocess.run(command, check=True)
        figures[stage] = json.loads(record.read_text("utf-8"))
        print(f"{stage:12} " + "  ".join(f"{name} {value}" for name, value in figures[stage].items()), flush=True)
    print(json.dumps(figures))


def record_of(stage: str, work: Path, precision: str) -> Path:
    """Return the file that tells what a stage cost."""
    return work / (f"{stage}.json" if stage == "checkpoint" else f"{stage}-{precision}.json")


def run_stage(stage: str, work: Path, precision: str) -> None:
    """Run one stage and write what it cost beside its result."""
    work.mkdir(parents=True, exist_ok=True)
    engines, began = work / f"engines-{precision}", time.perf_counter()
    stages: dict[str, Callable[[], dict[str, object]]] = {
        "checkpoint": lambda: make_checkpoint(work / "checkpoint"),
        "export": lambda: export(work / "checkpoint", engines, precision),
        "report": lambda: report(engines),
        "step": lambda: step(engines),
        "picture": lambda: picture(engines),
        "memory": lambda: memory(engines),
        "tensorrt": lambda: tensorrt(engines),
    }
    told = stages[stage]()
    told["seconds"] = round(time.perf_counter() - began, 1)
    told["peak_rss_gb"] = peak_rss_gb()
    record_of(stage, work, precision).write_text(json.dumps(told), "utf-8")


def make_checkpoint(folder: Path) -> dict[str, object]:
    """Write the random checkpoint."""
    from unix_edge_export.random_checkpoint import RELEASE, write_random_checkpoint

    folder.mkdir()
    write_random_checkpoint(folder, RELEASE)
    return {"bytes": folder_bytes(folder)}


def export(checkpoint: Path, engines: Path, precision: str) -> dict[str, object]:
    """Export without parity, which would want the reference path in float32."""
    from unix_edge_export import export as exporter
    from unix_edge_export.reference.precision import Precision

    stages: dict[str, float] = {}
    peaks: dict[str, float] = {}

    def watch(what: str, done: float) -> None:
        stages.setdefault(what, time.perf_counter())
        peaks[what] = peak_rss_gb()

    made = exporter.export(checkpoint, engines, Precision(precision), prove=False, progress=watch)
    largest = largest_graph_gb(made.folder)
    starts = [*stages.values(), time.perf_counter()]
    return {
        "bytes": folder_bytes(made.folder),
        "largest_graph_gb": largest,
        "allowed_gb": round(1.3 * largest + 3, 2),
        "float32_layers": len(made.manifest.float32_layers),
        "seconds_by_stage": {what: round(starts[i + 1] - starts[i], 1) for i, what in enumerate(stages)},
        "peak_rss_gb_by_stage": peaks,
    }


def report(engines: Path) -> dict[str, object]:
    """Open the decoder, read an image of noise and draft sixteen tokens."""
    import numpy as np

    from unix_edge import ReportSettings, UniX

    unix = UniX.load(engines, "cpu")
    opened = seconds_to_open(unix, "understanding")
    began = time.perf_counter()
    reading = unix.read(np.random.default_rng(0).integers(0, 256, (512, 512), dtype=np.uint8))
    read = time.perf_counter() - began
    began = time.perf_counter()
    draft = reading.report(ReportSettings(max_tokens=16))
    return {
        "open_decoder_seconds": opened,
        "tokens": len(draft.tokens),
        "read_seconds": round(read, 1),
        "draft_seconds": round(time.perf_counter() - began, 1),
    }


def step(engines: Path) -> dict[str, object]:
    """Run one guided step of a 256-pixel picture, the opening of the engines apart."""
    from unix_edge import GenerationSettings, UniX
    from unix_edge.generate import DenoisingStep

    unix = UniX.load(engines, "cpu")
    opened = seconds_to_open(unix, "understanding", "denoiser")
    began = time.perf_counter()
    settings = GenerationSettings(size=256, timesteps=2)
    first = next(event for event in unix.stream_generate("Clear lungs.", settings) if isinstance(event, DenoisingStep))
    assert first.latents.shape == (256, 16)
    return {"open_seconds": opened, "step_seconds": round(time.perf_counter() - began, 1)}


def picture(engines: Path) -> dict[str, object]:
    """Draw a whole 256-pixel picture in the balanced quality."""
    from unix_edge import GenerationSettings, UniX
    from unix_edge.sampler import Quality

    unix = UniX.load(engines, "cpu")
    opened = seconds_to_open(unix, "understanding", "denoiser", "vae_decoder")
    began = time.perf_counter()
    drawn = unix.generate("Clear lungs.", GenerationSettings.of_quality(Quality.BALANCED, size=256))
    assert drawn.pixels.shape[:2] == (256, 256)
    return {"open_seconds": opened, "picture_seconds": round(time.perf_counter() - began, 1)}


def memory(engines: Path) -> dict[str, object]:
    """Draft and draw in one process; return what stays in memory beside the weights, each counted once."""
    import numpy as np

    from unix_edge import GenerationSettings, ReportSettings, UniX
    from unix_edge.graphs import WEIGHTS_FILE
    from unix_edge.sampler import Quality

    before = pss_gb()
    unix = UniX.load(engines, "cpu")
    reading = unix.read(np.random.default_rng(0).integers(0, 256, (512, 512), dtype=np.uint8))
    reading.report(ReportSettings(max_tokens=4))
    after_report = pss_gb()
    unix.generate("Clear lungs.", GenerationSettings.of_quality(Quality.FAST, size=256))
    kept, weights = pss_gb() - before, unix.sessions.bundle.manifest.files[WEIGHTS_FILE].size / 1e9
    return {
        "report_pss_gb": round(after_report - before, 2),
        "both_pss_gb": round(kept, 2),
        "weights_gb": round(weights, 2),
        "over_weights": round(kept / weights, 2),
    }


def seconds_to_open(unix: "UniX", *graphs: str) -> float:
    """Verify the bundle, then open graphs; return the seconds of the opening alone."""
    unix.sessions.bundle.verify()
    began = time.perf_counter()
    for graph in graphs:
        unix.sessions.session(graph)
    return round(time.perf_counter() - began, 2)


def tensorrt(engines: Path) -> dict[str, object]:
    """Build every graph as a TensorRT-RTX engine, without a card."""
    from unix_edge.bundle import Bundle
    from unix_edge.graphs import GRAPHS
    from unix_edge_export.to_tensorrt import build_engine

    bundle = Bundle.open(engines)
    told: dict[str, object] = {}
    for graph in GRAPHS:
        began = time.perf_counter()
        plan = build_engine(bundle, graph)
        told[graph] = {
            "bytes": len(plan),
            "seconds": round(time.perf_counter() - began, 1),
            "peak_rss_gb": peak_rss_gb(),
        }
    return told


def peak_rss_gb() -> float:
    """Return this process's peak resident memory so far, pages of mapped files included."""
    status = Path("/proc/self/status").read_text("utf-8")
    return round(int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1e6, 2)


def pss_gb() -> float:
    """Return this process's share of resident memory: a page that several map counts in parts."""
    rollup = Path("/proc/self/smaps_rollup").read_text("utf-8")
    return int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1e6


def largest_graph_gb(folder: Path) -> float:
    """Return the bytes of weights that the largest graph names."""
    import onnx

    from unix_edge.graphs import GRAPHS

    def weights(graph: str) -> int:
        model = onnx.load(folder / f"{graph}.onnx", load_external_data=False)
        told = [{entry.key: entry.value for entry in tensor.external_data} for tensor in model.graph.initializer]
        return sum(int(entry["length"]) for entry in told if entry)

    return round(max(map(weights, GRAPHS)) / 1e9, 2)


def folder_bytes(folder: Path) -> int:
    """Return the size of a folder's files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
