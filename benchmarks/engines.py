"""How fast the engines are beside the PyTorch reference path in float32, as ratios measured in one run.

    python benchmarks/engines.py [--precisions fp32 fp16 int8 int4] [--rounds 5]       # unix-nano
    python benchmarks/engines.py --layers 2              # random weights, as wide as the release's, with so many layers
    python benchmarks/engines.py --checkpoint DIR [--engines DIR ...] [--device cpu] [--size 256]
    python benchmarks/engines.py --peers bf16 compiled openvino    # PyTorch in bfloat16, by torch.compile; OpenVINO
    python benchmarks/engines.py --without-amx ...                 # as on a processor that has none

Each arm is alone in a process of its own; they take turns stage by stage, so that a noisy minute hits all. A figure is
the median of the rounds, after one round that is not counted. What this machine can read from memory and multiply is
measured in the same run, and beside each arm stands how near it came. OpenVINO, where it is installed, runs those
graphs of a bundle in floating point that it can read. Pictures are counted from their steps: the
published way has 90 evaluations of the network, the released demo's 131. Prints a table, and one JSON object as its
last line, which compare.py sets beside another run's. docs/benchmarks.md tells how to read them.
"""

import argparse
import dataclasses
import json
import statistics
import tempfile
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from engines_arms import Arm, Contender, measure_bounds, refuse_amx
from engines_stages import DECODING, IMAGE_BLOCK, ROW, STEP, TOKENS

from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.graphs import UNDERSTANDING
from unix_edge.machine import processor_features
from unix_edge.sampler import Condition, FloatArray, GenerationSettings, Quality, sample
from unix_edge_export.export import export
from unix_edge_export.random_checkpoint import RELEASE, write_random_checkpoint
from unix_edge_export.reference.checkpoint import open_checkpoint
from unix_edge_export.reference.config import UniXConfig
from unix_edge_export.reference.precision import Precision

REFERENCE = "reference fp32"
PEERS = {
    "bf16": {"name": "reference bf16", "dtype": torch.bfloat16},
    "compiled": {"name": "compiled fp32", "dtype": torch.float32, "compiled": True},
    "compiled-bf16": {"name": "compiled bf16", "dtype": torch.bfloat16, "compiled": True},
}
OPENVINO = "openvino"
Figures = dict[str, dict[str, float]]


def main() -> None:
    """Measure every arm and print."""
    options = parse()
    torch.set_num_threads(options.threads)
    if options.without_amx:
        refuse_amx()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        checkpoint = write_layers(folder / "checkpoint", options.layers) if options.layers else options.checkpoint
        bundles = options.engines or [
            export(checkpoint, folder / each.value, each, prove=not options.layers).folder
            for each in options.precisions
        ]
        size = options.size or (256 if options.layers else None)
        config = open_checkpoint(checkpoint).config
        beside = {"folder": checkpoint, "device": options.reference_device}
        contenders = [Contender(REFERENCE, dtype=torch.float32, **beside)]
        contenders += [Contender(**PEERS[each], **beside) for each in options.peers if each in PEERS]
        read = dict.fromkeys((each.name for each in contenders), 4 * parameters_of_a_token(checkpoint))
        read |= dict.fromkeys(("reference bf16", "compiled bf16"), 2 * parameters_of_a_token(checkpoint))
        for bundle in map(Bundle.open, bundles):
            name = f"engines {bundle.manifest.precision}"
            contenders.append(Contender(name, bundle.folder, device=options.device))
            read[name] = bytes_of_graph(bundle)
            if OPENVINO in options.peers and bundle.manifest.precision in ("fp32", "fp16"):
                contenders.append(Contender(f"{OPENVINO} {bundle.manifest.precision}", bundle.folder, openvino=True))
        bounds = measure_bounds()
        arms = [Arm(each, size, options.threads) for each in contenders]
        figures = measure(arms, options.rounds)
        opened = {arm.name: arm.opened for arm in arms}
        memory = {arm.name: arm.close() for arm in arms}
        work = operations(checkpoint, config, size)
    figures |= pictures(figures)
    told = {
        "checkpoint": f"random, {options.layers} layers" if options.layers else options.checkpoint.name,
        "rounds": options.rounds,
        "threads": options.threads,
        "processor": processor_features() + (", AMX refused" if options.without_amx else ""),
        "bounds": bounds,
        "seconds": figures,
        "open_seconds": opened,
        "peak_memory_gb": memory,
        "ratios": {stage: {name: row[REFERENCE] / row[name] for name in row} for stage, row in figures.items()},
        "bandwidth_share": {
            name: TOKENS * read[name] / 1e9 / bounds["read_gb_s"] / seconds
            for name, seconds in figures[DECODING].items()
        },
        "arithmetic_share": {
            stage: {name: each / 1e9 / arithmetic(name, bounds) / seconds for name, seconds in figures[stage].items()}
            for stage, each in work.items()
        },
        "torch": torch.__version__,
        "onnxruntime": onnxruntime.__version__,
        "unix-edge": version("unix-edge"),
    }
    tell(told)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--checkpoint", type=Path, default=EMBEDDED, help="folder in the release's layout, or a bundle")
    source.add_argument(
        "--layers", type=int, help="of each branch and of the vision tower, random, of the release's width"
    )
    parser.add_argument("--engines", type=Path, nargs="*", default=[])
    parser.add_argument("--precisions", type=Precision, nargs="*", default=list(Precision))
    parser.add_argument("--peers", choices=[*PEERS, OPENVINO], nargs="*", default=[])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--reference-device", choices=["cpu", "cuda"], default="cpu", help="where PyTorch computes")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--without-amx", action="store_true", help="keep AMX from all, as on a processor that has none")
    parser.add_argument(
        "--size", type=int, help="of the picture, in pixels; by default the largest, or 256 with --layers"
    )
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if OPENVINO in options.peers and find_spec("openvino") is None:
        parser.error("OpenVINO is not installed here, and nothing was measured. Install it: pip install openvino")
    return options


def write_layers(folder: Path, layers: int) -> Path:
    """Write a random checkpoint as wide as the release's, with fewer layers: ratios are those of all, and it fits."""
    folder.mkdir()
    config = dataclasses.replace(
        RELEASE,
        language=dataclasses.replace(RELEASE.language, num_hidden_layers=layers),
        vision=dataclasses.replace(RELEASE.vision, num_hidden_layers=layers),
    )
    write_random_checkpoint(folder, config)
    return folder


def bytes_of_graph(bundle: Bundle) -> int:
    """Return the bytes of weights that a token reads."""
    model = onnx.load(bundle.folder / f"{UNDERSTANDING}.onnx", load_external_data=False)
    told = ({entry.key: entry.value for entry in each.external_data} for each in model.graph.initializer)
    return sum(int(entries["length"]) for entries in told if entries)


def parameters_of_a_token(checkpoint: Path) -> int:
    """Count the weights that a token is multiplied by."""
    return count_parameters(checkpoint, "understanding.") + count_parameters(checkpoint, "lm_head.")


def count_parameters(checkpoint: Path, prefix: str) -> int:
    """Count the values of the parameters whose names begin so."""
    named = open_checkpoint(checkpoint).skeleton.named_parameters()
    return sum(each.numel() for name, each in named if name.startswith(prefix))


def operations(checkpoint: Path, config: UniXConfig, size: int | None) -> dict[str, float]:
    """Return the multiplications and additions by weights, attention's own left out, of what has many rows."""
    latents = ((size // config.vae.downsample) if size else config.max_latent_size) ** 2
    return {
        IMAGE_BLOCK: 2 * (config.vision.num_patches + 2) * count_parameters(checkpoint, "understanding."),
        STEP: 2 * 2 * latents * count_parameters(checkpoint, "generation."),
    }


def arithmetic(name: str, bounds: dict[str, float]) -> float:
    """Return the rate of the numbers that an arm multiplies many rows in."""
    return bounds["int8_gop_s" if name.endswith(("int8", "int4")) else "fp32_gflop_s"]


def measure(arms: Sequence[Arm], rounds: int) -> Figures:
    """Return median seconds by stage and arm; arms take turns at each stage."""
    times: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds + 1):
        for stage in arms[0].stages:
            for arm in arms:
                if stage not in arm.stages:
                    continue
                taken = arm.run(stage)
                if number:
                    times.setdefault(stage, {}).setdefault(arm.name, []).append(taken)
    return {stage: {name: statistics.median(each) for name, each in row.items()} for stage, row in times.items()}


def pictures(figures: Figures) -> Figures:
    """Return the seconds of whole pictures: their steps, and the VAE.

    The released demo evaluates a third condition where guidance acts, though without an image it is the first again.
    """
    ways = {f"picture, {quality}": (quality, 0) for quality in Quality}
    ways["picture, demo"] = (Quality.PUBLISHED, 1)
    found: Figures = {}
    for way, (quality, further) in ways.items():
        guided, plain = count_steps(GenerationSettings.of_quality(quality))
        found[way] = {
            name: guided * (figures[STEP][name] + further * figures[ROW][name])
            + plain * figures[ROW][name]
            + figures["vae decode"][name]
            for name in figures[STEP]
        }
    return found


def count_steps(settings: GenerationSettings) -> tuple[int, int]:
    """Return how many evaluations of a picture are guided, and how many have the prompt alone."""
    asked: Counter[int] = Counter()

    def velocity(latents: FloatArray, timestep: float, conditions: Sequence[Condition]) -> FloatArray:
        asked[len(conditions)] += 1
        return np.stack([latents] * len(conditions))

    list(sample(velocity, np.ones((4, 4), np.float32), settings))
    assert set(asked) <= {1, 2}
    return asked[2], asked[1]


def tell(told: dict[str, Any]) -> None:
    """Print the table and the JSON line."""
    figures, ratios = told["seconds"], told["ratios"]
    names = list(next(iter(figures.values())))
    print(f"{told['checkpoint']}, {told['rounds']} rounds, {told['threads']} threads; times faster than {names[0]}")
    print(f"{'':22}" + "".join(f"{name:>22}" for name in names))
    for stage, row in figures.items():
        cells = [f"{_duration(row[name])} {ratios[stage][name]:6.2f}x" if name in row else "" for name in names]
        print(f"{stage:22}" + "".join(f"{cell:>22}" for cell in cells))
    shares = {"of bandwidth": told["bandwidth_share"]}
    shares |= {f"of products, {stage}": row for stage, row in told["arithmetic_share"].items()}
    for what, row in shares.items():
        print(f"{what:22}"[:22] + "".join(f"{row[name]:>22.0%}" if name in row else " " * 22 for name in names))
    for what, row, unit in (("open", told["open_seconds"], "s"), ("peak memory", told["peak_memory_gb"], "GB")):
        print(f"{what:22}" + "".join(f"{f'{row[name]:.2f} {unit}':>22}" for name in names))
    bounds = told["bounds"]
    print(f"memory is read at {bounds['read_gb_s']} GB/s; a second has {bounds['fp32_gflop_s']:g} billion operations")
    print(f"of float32, {bounds['int8_gop_s']:g} of int8; {told['processor']}")
    print(json.dumps(told))


def _duration(seconds: float) -> str:
    return f"{1e3 * seconds:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


if __name__ == "__main__":
    main()
