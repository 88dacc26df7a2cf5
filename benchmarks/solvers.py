"""How near each way of walking from noise to latents comes to its true end, and for how many evaluations.

    python benchmarks/solvers.py [--engines DIR] [--prompts 4] [--seeds 16] [--plot FILE]

The true end is that of 400 Euler steps; the distance is that of latents, relative to their length, over prompts and
seeds. Rows are evaluations of the network for one picture, those without the prompt included: they are what a step
costs. Contenders of diffusers walk on the same guided velocity. Prints a table, and one JSON object as its last line.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler, FlowMatchHeunDiscreteScheduler, UniPCMultistepScheduler
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.generate import Generator
from unix_edge.graphs import ModelDims
from unix_edge.phantom.cases import draw_case
from unix_edge.phantom.wording import write_prompt
from unix_edge.sampler import (
    QUALITIES,
    Condition,
    GenerationSettings,
    Quality,
    Solver,
    Velocity,
    guided_velocity,
    sample,
    seeded_noise,
)
from unix_edge.sessions import Sessions, Stopping, never_stop

TRUE_STEPS = 400
FIRST_CASE = 40_000_000
"""Seeds of cases that training never saw."""
_COLOURS = {"euler": "darkorange", "adams-bashforth": "blue", "diffusers": "gray"}
Latents = NDArray[np.float32]
Walk = Callable[[Velocity, Latents], Latents]


class Counted:
    """A velocity that counts the rows it was asked for."""

    def __init__(self, velocity: Velocity) -> None:
        self._velocity, self.rows = velocity, 0

    def __call__(self, latents: Latents, timestep: float, conditions: Sequence[Condition]) -> Latents:
        """Evaluate."""
        self.rows += len(conditions)
        return self._velocity(latents, timestep, conditions)


def main() -> None:
    """Measure every way and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", type=Path, default=EMBEDDED)
    parser.add_argument("--prompts", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=16)
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    bundle = Bundle.open(options.engines)
    began = time.perf_counter()
    generator = Generator(Sessions(bundle, "cpu"), bundle.text())
    found = measure(generator, bundle.manifest.model, options.prompts, options.seeds)
    if options.plot:
        plot(found, options.plot)
    tell(found, bundle, options.prompts * options.seeds, time.perf_counter() - began)


def ways() -> dict[str, Walk]:
    """Return every way by its name."""
    euler, adams = Solver.EULER, Solver.ADAMS_BASHFORTH
    ours: dict[str, dict[str, Any]] = {quality.value: dict(QUALITIES[quality]) for quality in Quality}
    ours |= {f"euler {steps}": {"timesteps": steps + 1, "solver": euler} for steps in (36, 25, 16)}
    ours["euler 49, guidance every 2"] = {"guidance_every": 2}
    for points, stride, every in ((41, 3, 1), (41, 2, 2), (37, 3, 2), (33, 3, 2), (33, 2, 2), (29, 2, 2), (25, 3, 2)):
        name = f"adams-bashforth {points}, stride {stride}, guidance every {every}"
        ours[name] = {"timesteps": points, "solver": adams, "stride": stride, "guidance_every": every}
    ours["adams-bashforth 50"] = {"solver": adams}
    balanced = QUALITIES[Quality.BALANCED]
    ours |= {f"adams-bashforth as balanced, shift {shift:g}": {**balanced, "shift": shift} for shift in (2.0, 5.0)}
    walks: dict[str, Walk] = {name: by_sampler(GenerationSettings(**settings)) for name, settings in ours.items()}
    flow = {"prediction_type": "flow_prediction", "use_flow_sigmas": True, "flow_shift": 3.0}
    for steps in (25, 16):
        walks[f"diffusers UniPC {steps}"] = by_scheduler(lambda: UniPCMultistepScheduler(**flow), steps)
        walks[f"diffusers DPM-Solver++ {steps}"] = by_scheduler(lambda: DPMSolverMultistepScheduler(**flow), steps)
    for steps in (12,):
        walks[f"diffusers Heun {steps}"] = by_scheduler(lambda: FlowMatchHeunDiscreteScheduler(shift=3.0), steps)
    return walks


def by_sampler(settings: GenerationSettings) -> Walk:
    """Return a way of our sampler's."""

    def walk(velocity: Velocity, noise: Latents) -> Latents:
        *_, end = sample(velocity, noise, settings)
        return end

    return walk


def by_scheduler(make: Callable[[], Any], steps: int) -> Walk:
    """Return a way of one of diffusers' schedulers, guided as ours are."""

    def walk(velocity: Velocity, noise: Latents) -> Latents:
        scheduler = make()
        scheduler.set_timesteps(steps)
        latents = torch.from_numpy(noise)
        for index, timestep in enumerate(scheduler.timesteps):
            now = min(1.0, float(scheduler.sigmas[index]))
            guided = guided_velocity(velocity, latents.numpy(), now, GenerationSettings())
            latents = scheduler.step(torch.from_numpy(guided), timestep, latents).prev_sample
        return np.asarray(latents.numpy(), np.float32)

    return walk


def measure(generator: Generator, dims: ModelDims, prompts: int, seeds: int) -> dict[str, dict[str, float]]:
    """Return rows, and the median and the largest distance, of every way."""
    true, walks = by_sampler(GenerationSettings(timesteps=TRUE_STEPS + 1)), ways()
    distances: dict[str, list[float]] = {name: [] for name in walks}
    rows: dict[str, int] = {}
    with Stopping(never_stop) as stopping:
        for number in range(prompts):
            case = draw_case(np.random.default_rng(FIRST_CASE + number))
            ids = generator.check_prompt(write_prompt(case, np.random.default_rng((FIRST_CASE + number, 1))))
            for seed in range(seeds):
                noise = seeded_noise(1000 * number + seed, dims.latent_size**2, dims.latent_channels)
                velocity = generator.make_velocity(generator.make_context(ids, stopping), len(ids), noise, stopping)
                end = true(velocity, noise)
                for name, walk in walks.items():
                    counted = Counted(velocity)
                    distances[name].append(float(np.linalg.norm(walk(counted, noise) - end) / np.linalg.norm(end)))
                    rows[name] = counted.rows
    return {
        name: {"rows": rows[name], "median": statistics.median(each), "largest": max(each)}
        for name, each in distances.items()
    }


def plot(found: dict[str, dict[str, float]], path: Path) -> None:
    """Draw distances, from the median to the largest, over rows; both axes are logarithmic."""
    width, height, margin = 900, 600, 60
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    across = np.log([each["rows"] for each in found.values()])
    upwards = np.log([each[what] for each in found.values() for what in ("median", "largest")])

    def place(rows: float, distance: float) -> tuple[float, float]:
        x = (np.log(rows) - across.min()) / (across.max() - across.min())
        y = (np.log(distance) - upwards.min()) / (upwards.max() - upwards.min())
        return margin + (width - 4 * margin) * float(x), height - margin - (height - 2 * margin) * float(y)

    for name, each in found.items():
        kind = "red" if name in set(Quality) else _COLOURS[name.split()[0].rstrip(",")]
        ends = [place(each["rows"], each[what]) for what in ("median", "largest")]
        draw.line(ends, fill=kind, width=3)
        draw.text((ends[0][0] + 6, ends[0][1] - 6), f"{name} ({each['rows']})", fill=kind)
    draw.text((margin, height - 30), "evaluations of the network (in brackets), more to the right", fill="black")
    draw.text((margin, 20), "distance to 400 Euler steps: from the median up to the largest", fill="black")
    picture.save(path)


def tell(found: dict[str, dict[str, float]], bundle: Bundle, pictures: int, seconds: float) -> None:
    """Print the table and the JSON."""
    print(f"{bundle.manifest.checkpoint} {bundle.manifest.precision}, {pictures} pictures, {seconds:.0f} s")
    print(f"{'':42} {'rows':>5} {'median':>8} {'largest':>8}")
    for name, each in sorted(found.items(), key=lambda pair: -pair[1]["rows"]):
        print(f"{name:42} {each['rows']:5.0f} {each['median']:8.4f} {each['largest']:8.4f}")
    versions = {name: version(name) for name in ("onnxruntime", "diffusers", "numpy")}
    print(json.dumps({"pictures": pictures, "true_steps": TRUE_STEPS, "ways": found, "versions": versions}))


if __name__ == "__main__":
    main()
