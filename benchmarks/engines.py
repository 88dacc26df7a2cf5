"""How fast the engines are beside the PyTorch reference path in float32, as ratios measured in one run.

    python benchmarks/engines.py [--precisions fp32 fp16 int8 int4] [--rounds 5]       # unix-nano
    python benchmarks/engines.py --layers 2              # random weights, as wide as the release's, with so many layers
    python benchmarks/engines.py --checkpoint DIR [--engines DIR ...] [--device cpu] [--size 256]

Arms take turns, so that a noisy minute hits all; each figure is the median of the rounds, after one round that is not
counted. What this machine can read from memory and multiply in float32 is measured in the same run: a token reads every
weight of the understanding branch once, and no engine can be faster than that. Prints a table, and one JSON object as
its last line. docs/benchmarks.md tells how to read them.
"""

import argparse
import dataclasses
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch

from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.embeddings import EmbeddingTable
from unix_edge.generate import Generator
from unix_edge.graphs import UNDERSTANDING
from unix_edge.machine import processor_features
from unix_edge.sampler import Condition, seeded_noise
from unix_edge.sessions import Sessions, Stopping, never_stop
from unix_edge.understanding import Place, UnderstandingEngine
from unix_edge_export.export import export
from unix_edge_export.random_checkpoint import RELEASE, write_random_checkpoint
from unix_edge_export.reference.checkpoint import load_reference, open_checkpoint
from unix_edge_export.reference.precision import Precision
from unix_edge_export.reference.run import Context, Reference

TOKENS = 16
REFERENCE = "reference fp32"
Arm = dict[str, Callable[[], object]]
Figures = dict[str, dict[str, float]]


def main() -> None:
    """Measure every arm and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--checkpoint", type=Path, default=EMBEDDED, help="folder in the release's layout, or a bundle")
    source.add_argument(
        "--layers", type=int, help="of each branch and of the vision tower, random, of the release's width"
    )
    parser.add_argument("--engines", type=Path, nargs="*", default=[])
    parser.add_argument("--precisions", type=Precision, nargs="*", default=list(Precision))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument(
        "--size", type=int, help="of the picture, in pixels; by default the largest, or 256 with --layers"
    )
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as temporary, Stopping(never_stop) as stopping:
        folder = Path(temporary)
        checkpoint = write_layers(folder / "checkpoint", options.layers) if options.layers else options.checkpoint
        bundles = options.engines or [
            export(checkpoint, folder / each.value, each, prove=not options.layers).folder
            for each in options.precisions
        ]
        size = options.size or (256 if options.layers else None)
        arms = {REFERENCE: reference_arm(checkpoint, size)}
        read = {REFERENCE: bytes_of_a_token(checkpoint)}
        for each in bundles:
            sessions = Sessions(Bundle.open(each), options.device, options.threads)
            name = f"engines {sessions.bundle.manifest.precision}"
            arms[name] = engines_arm(sessions, size, stopping)
            read[name] = bytes_of_graph(sessions.bundle)
        bounds = measure_bounds()
        figures = measure(arms, options.rounds)
    told = {
        "checkpoint": f"random, {options.layers} layers" if options.layers else options.checkpoint.name,
        "rounds": options.rounds,
        "threads": options.threads,
        "processor": processor_features(),
        "bounds": bounds,
        "seconds": figures,
        "ratios": {stage: {name: row[REFERENCE] / row[name] for name in row} for stage, row in figures.items()},
        "bandwidth_share": {
            name: TOKENS * read[name] / 1e9 / bounds["read_gb_s"] / seconds
            for name, seconds in figures[f"{TOKENS} tokens"].items()
        },
        "torch": torch.__version__,
        "onnxruntime": onnxruntime.__version__,
        "unix-edge": version("unix-edge"),
    }
    tell(told)


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


def bytes_of_a_token(checkpoint: Path) -> int:
    """Return the bytes of weights that a token reads in the reference path."""
    parameters = open_checkpoint(checkpoint).skeleton.named_parameters()
    return sum(4 * each.numel() for name, each in parameters if name.startswith(("understanding.", "lm_head.")))


def measure_bounds() -> dict[str, float]:
    """Return how fast this machine reads memory, in GB a second, and multiplies in float32, in GFLOP a second."""
    values, matrix = torch.ones(2**28), torch.ones(2048, 2048)

    def best(run: Callable[[], object]) -> float:
        taken = []
        for _ in range(6):
            began = time.perf_counter()
            run()
            taken.append(time.perf_counter() - began)
        return min(taken)

    return {
        "read_gb_s": round(values.nbytes / 1e9 / best(values.sum), 1),
        "fp32_gflop_s": round(2 * 2048**3 / 1e9 / best(lambda: matrix @ matrix), 1),
    }


def reference_arm(checkpoint: Path, size: int | None) -> Arm:
    """The stages of the reference path."""
    source = open_checkpoint(checkpoint)
    reference = Reference(load_reference(source))
    config = source.config
    pixels = np.zeros((1, 3, config.vision.image_size, config.vision.image_size), np.float32)
    side = size // config.vae.downsample if size else config.max_latent_size
    noise = seeded_noise(0, side**2, config.vae.z_channels)
    prompt = [config.special_tokens.bos_token_id] * 24
    embeddings = reference.encode_image(pixels)
    read = reference.feed_image(Context(), embeddings)
    key_values = reference.prompt_context(prompt)

    def decode() -> None:
        context = read
        for _ in range(TOKENS):
            context, _ = reference.feed_text(context, prompt[:1])

    def step() -> None:
        for context in (key_values, []):
            reference.velocity(noise, 0.8, context)

    return {
        "vision": lambda: reference.encode_image(pixels),
        "image prefill": lambda: reference.feed_image(Context(), embeddings),
        f"{TOKENS} tokens": decode,
        "guided step": step,
        "vae decode": lambda: reference.decode(noise),
    }


def engines_arm(sessions: Sessions, size: int | None, stopping: Stopping) -> Arm:
    """The same stages by engines."""
    manifest, text = sessions.bundle.manifest, sessions.bundle.text()
    dims = manifest.model
    pixels = {"pixel_values": np.zeros((1, 3, dims.image_size, dims.image_size), np.float32)}
    side = size // dims.downsample if size else dims.latent_size
    noise = seeded_noise(0, side**2, dims.latent_channels)
    prompt = [text.bos] * 24
    engine, generator = UnderstandingEngine(sessions, EmbeddingTable(sessions.bundle)), Generator(sessions, text)
    embeddings = sessions.run("vision", pixels, stopping)["image_embeddings"][0]
    read = engine.feed_image(Place(), embeddings, stopping)
    context = generator.make_context(prompt, stopping)
    velocity = generator.make_velocity(context, len(prompt), noise, stopping)

    def decode() -> None:
        place = read
        for _ in range(TOKENS):
            place, _ = engine.feed_text(place, prompt[:1], stopping)

    return {
        "vision": lambda: sessions.run("vision", pixels, stopping),
        "image prefill": lambda: engine.feed_image(Place(), embeddings, stopping),
        f"{TOKENS} tokens": decode,
        "guided step": lambda: velocity(noise, 0.8, [Condition.PROMPT, Condition.EMPTY]),
        "vae decode": lambda: generator.decode(noise, stopping),
    }


def measure(arms: dict[str, Arm], rounds: int) -> Figures:
    """Return median seconds by stage and arm; arms take turns."""
    times: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds + 1):
        for name, stages in arms.items():
            for stage, run in stages.items():
                began = time.perf_counter()
                run()
                taken = time.perf_counter() - began
                if number:
                    times.setdefault(stage, {}).setdefault(name, []).append(taken)
    return {stage: {name: statistics.median(each) for name, each in row.items()} for stage, row in times.items()}


def tell(told: dict[str, Any]) -> None:
    """Print the table and the JSON line."""
    figures, ratios = told["seconds"], told["ratios"]
    names = list(next(iter(figures.values())))
    print(f"{told['checkpoint']}, {told['rounds']} rounds, {told['threads']} threads; times faster than {names[0]}")
    print(f"{'':16}" + "".join(f"{name:>22}" for name in names))
    for stage, row in figures.items():
        cells = [f"{1e3 * row[name]:.2f} ms {ratios[stage][name]:6.2f}x" for name in names]
        print(f"{stage:16}" + "".join(f"{cell:>22}" for cell in cells))
    print(f"{'of bandwidth':16}" + "".join(f"{told['bandwidth_share'][name]:>21.0%} " for name in names))
    bounds = told["bounds"]
    print(f"memory is read at {bounds['read_gb_s']} GB/s, float32 multiplied at {bounds['fp32_gflop_s']} GFLOP/s")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
