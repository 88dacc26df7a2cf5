"""How fast the engines are beside the PyTorch reference path, as ratios measured in one run.

    python benchmarks/engines.py [--checkpoint DIR] [--engines DIR ...] [--device cpu] [--rounds 5]

Without arguments it exports the model that comes with the program in both precisions. Each figure is the median of the
rounds, after one round that is not counted. Prints a table, and one JSON object as its last line.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.embeddings import EmbeddingTable
from unix_edge.generate import Generator
from unix_edge.sampler import Condition, seeded_noise
from unix_edge.sessions import Sessions, Stopping, never_stop
from unix_edge.understanding import Place, UnderstandingEngine
from unix_edge_export.export import export
from unix_edge_export.reference.checkpoint import load_reference, open_checkpoint
from unix_edge_export.reference.precision import Precision
from unix_edge_export.reference.run import Context, Reference

TOKENS = 32
Arm = dict[str, Callable[[], object]]


def main() -> None:
    """Measure every arm and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=EMBEDDED, help="folder in the release's layout, or a bundle")
    parser.add_argument("--engines", type=Path, nargs="*", default=[])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        bundles = options.engines or [
            export(options.checkpoint, Path(temporary) / precision.value, precision).folder for precision in Precision
        ]
        with Stopping(never_stop) as stopping:
            arms = {"reference fp32": reference_arm(options.checkpoint)}
            for folder in bundles:
                sessions = Sessions(Bundle.open(folder), options.device)
                arms[f"engines {sessions.bundle.manifest.precision} {sessions.device}"] = engines_arm(
                    sessions, stopping
                )
            figures = measure(arms, options.rounds)
    tell(figures, options.checkpoint.name, options.rounds)


def reference_arm(checkpoint: Path) -> Arm:
    """The stages of the reference path."""
    source = open_checkpoint(checkpoint)
    reference = Reference(load_reference(source))
    config = source.config
    pixels = np.zeros((1, 3, config.vision.image_size, config.vision.image_size), np.float32)
    noise = seeded_noise(0, config.max_latent_size**2, config.vae.z_channels)
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


def engines_arm(sessions: Sessions, stopping: Stopping) -> Arm:
    """The same stages by engines."""
    manifest, text = sessions.bundle.manifest, sessions.bundle.text()
    dims = manifest.model
    pixels = {"pixel_values": np.zeros((1, 3, dims.image_size, dims.image_size), np.float32)}
    noise = seeded_noise(0, dims.latent_size**2, dims.latent_channels)
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


def measure(arms: dict[str, Arm], rounds: int) -> dict[str, dict[str, float]]:
    """Return median seconds by stage and arm; arms take turns, so that a noisy minute hits all."""
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


def tell(figures: dict[str, dict[str, float]], checkpoint: str, rounds: int) -> None:
    """Print the table and the JSON line."""
    names = list(next(iter(figures.values())))
    print(f"{checkpoint}, {rounds} rounds; times faster than {names[0]}")
    print(f"{'':16}" + "".join(f"{name:>22}" for name in names))
    ratios = {stage: {name: row[names[0]] / row[name] for name in names} for stage, row in figures.items()}
    for stage, row in figures.items():
        cells = [f"{1e3 * row[name]:.2f} ms {ratios[stage][name]:6.2f}x" for name in names]
        print(f"{stage:16}" + "".join(f"{cell:>22}" for cell in cells))
    versions = {"torch": torch.__version__, "onnxruntime": onnxruntime.__version__, "unix-edge": version("unix-edge")}
    print(json.dumps({"checkpoint": checkpoint, "rounds": rounds, "seconds": figures, "ratios": ratios, **versions}))


if __name__ == "__main__":
    main()
