"""The stages of gpu.py that want no torch: `gpu_stages.py NAME DEVICE BUNDLE...` prints what it found as JSON."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from engines_stages import DECODING, IMAGE_BLOCK, STEP, TOKENS, engines_stages
from numpy.typing import NDArray

from unix_edge import GenerationSettings, ReportSettings, UniX, card, machine
from unix_edge.bundle import Bundle
from unix_edge.card_weights import is_named, read_header
from unix_edge.embeddings import EmbeddingTable
from unix_edge.generate import Generator
from unix_edge.graphs import DENOISER, UNDERSTANDING, VISION, WEIGHTS_FILE
from unix_edge.sampler import Condition, Quality, seeded_noise
from unix_edge.sessions import Bound, Device, Sessions, Stopping, import_onnxruntime, never_stop
from unix_edge.understanding import Place, UnderstandingEngine

Figures = dict[str, Any]
IMAGE = np.arange(512 * 512, dtype=np.uint32).astype(np.uint8).reshape(512, 512)
PROMPT = "Moderate left pleural effusion."
ROUNDS, LONGEST = 20, 5.0
"""Times that a stage is run, and seconds after which it is not run again."""


class Plain(Sessions):
    """Sessions that capture nothing: each kernel is launched by itself."""

    def run_bound(self, graph: str, bound: Bound, stopping: Stopping, *, captured: bool) -> None:
        """Run a graph over what is bound."""
        super().run_bound(graph, bound, stopping, captured=False)


def card_stage(device: str, _: list[Path]) -> Figures:
    """Return what the card is, and what unix-edge doctor would say that is missing."""
    told = subprocess.run(
        [sys.executable, "-m", "unix_edge.cli", "doctor", "--json"], capture_output=True, text=True, check=False
    )
    index = (Device.parse(device) or Device.parse("cuda")).index  # type: ignore[union-attr]
    found = {
        "name": machine.card_name(index),
        "compute_capability": machine.compute_capability(index),
        "driver": machine.driver_version(),
        "onnxruntime": import_onnxruntime().__version__,
        "memory": card.free_memory(index),
    }
    return {**found, "doctor": json.loads(told.stdout) if told.returncode in (0, 1) and told.stdout else told.stderr}


def parity(device: str, bundles: list[Path]) -> Figures:
    """Hold every graph on the device beside the same graph on the CPU, and whole drafts and pictures."""
    return {"bundles": {name_of(Bundle.open(each)): parity_of(Bundle.open(each), device) for each in bundles}}


def parity_of(bundle: Bundle, device: str) -> Figures:
    """Return the difference of each graph, root mean square, and of tokens and pixels."""
    here, there = (Sessions(bundle, each, for_card=not device.startswith("cpu")) for each in (device, "cpu"))
    values, wanted = outputs(here), outputs(there)
    found: Figures = {what: root_mean_square(values[what], wanted[what]) for what in values}
    drafts, pictures = zip(*(whole(UniX(each)) for each in (here, there)), strict=True)
    same = sum(a == b for a, b in zip(*drafts, strict=False))  # one may end before the other
    found["tokens of a draft, same"] = f"{same} of {max(map(len, drafts))}"
    found["picture, gray levels"] = float(np.abs(pictures[0].astype(float) - pictures[1]).mean())
    return found


def outputs(sessions: Sessions) -> dict[str, NDArray[Any]]:
    """Run every graph over the same inputs; return what each makes."""
    dims, rng, found = sessions.bundle.manifest.model, np.random.default_rng(0), {}
    engine = UnderstandingEngine(sessions, EmbeddingTable(sessions.bundle))
    generator = Generator(sessions, sessions.bundle.text())
    pixels = rng.uniform(-1, 1, (1, 3, dims.image_size, dims.image_size)).astype(np.float32)
    image = rng.standard_normal((dims.image_tokens, dims.hidden_size), dtype=np.float32)
    noise = seeded_noise(0, dims.latent_size**2, dims.latent_channels)
    with Stopping(never_stop) as stopping:
        found["image embeddings"] = sessions.run(VISION, {"pixel_values": pixels}, stopping)["image_embeddings"]
        place = engine.feed_image(Place(), image, stopping)
        place, found["logits of a prompt"] = engine.feed_text(place, [5, 6, 7], stopping)
        _, found["logits of a token"] = engine.feed_text(place, [8], stopping)
        ids = generator.check_prompt(PROMPT)
        context = generator.make_context(ids, stopping)
        found["context keys"] = context["context.0.key"].astype(np.float32)
        velocity = generator.make_velocity(context, len(ids), noise, stopping)
        for _ in range(2):  # the second is replayed
            found["velocity, guided"] = velocity(noise, 0.8, [Condition.PROMPT, Condition.EMPTY])
            found["velocity"] = velocity(noise, 0.2, [Condition.PROMPT])
        found["pixels"] = generator.decode(noise, stopping)
    return found


def whole(unix: UniX) -> tuple[tuple[int, ...], NDArray[np.uint8]]:
    """Draft and draw."""
    report = unix.report(IMAGE, ReportSettings(max_tokens=64))
    return report.tokens, unix.generate(PROMPT, GenerationSettings.of_quality(Quality.FAST, seed=7)).pixels


def root_mean_square(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    """Return the root mean square of the difference over that of the values."""
    difference, wanted = (found - wanted).astype(np.float64), wanted.astype(np.float64)
    return float(np.sqrt(np.square(difference).mean() / np.square(wanted).mean()))


def speed(device: str, bundles: list[Path]) -> Figures:
    """Time every stage, captured and plain, and whole results; tell the card's memory."""
    found = {}
    for bundle in map(Bundle.open, bundles):
        found[name_of(bundle)] = speed_of(bundle, device)
    return {"bundles": found}


def speed_of(bundle: Bundle, device: str) -> Figures:
    """Return seconds, and of what has bounds billions of operations and GB of weights."""
    sessions, before = Sessions(bundle, device), used_memory(device)
    with Stopping(never_stop) as stopping:
        rows: Figures = {
            what: {"seconds": timed(run)} for what, run in engines_stages(sessions, None, stopping).items()
        }
        plain = engines_stages(Plain(bundle, device), None, stopping)
        for what in (DECODING, STEP):
            rows[what]["seconds, not captured"] = timed(plain[what])
    unix = UniX(sessions)
    rows["report of 64 tokens"] = {"seconds": timed(lambda: unix.report(IMAGE, ReportSettings(max_tokens=64)))}
    for quality in (Quality.FAST, Quality.PUBLISHED):
        settings = GenerationSettings.of_quality(quality)
        rows[f"picture, {quality}"] = {"seconds": timed(lambda chosen=settings: unix.generate(PROMPT, chosen))}  # type: ignore[misc]
    for what, work in bounds(sessions).items():
        rows[what] |= work
    rows["memory"] = {"gb": round((used_memory(device) - before) / 1e9, 2)}
    return rows


def timed(run: Callable[[], object]) -> float:
    """Return the median of the seconds that a run takes, after two that are not counted."""
    times: list[float] = []
    until = time.perf_counter() + LONGEST
    while len(times) < ROUNDS + 2 and (len(times) < 3 or time.perf_counter() < until):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times[2:])


def bounds(sessions: Sessions) -> dict[str, Figures]:
    """Return the operations by weights and the bytes of weights of the stages that have a bound."""
    bundle, dims = sessions.bundle, sessions.bundle.manifest.model
    with (bundle.folder / WEIGHTS_FILE).open("rb") as file:
        header, _ = read_header(file)
    files = {graph: bundle.folder / f"{sessions.form(graph)}.onnx" for graph in (UNDERSTANDING, DENOISER)}
    graphs = {graph: file.read_bytes() for graph, file in files.items()}

    def count(graph: str, rows: Callable[[str], int]) -> Figures:
        named = {name: entry for name, entry in header.items() if is_named(name, graphs[graph])}
        matrices = {
            name: int(np.prod(entry["shape"])) * (2 if entry["dtype"] == "U8" else 1)  # of int4 two values a byte
            for name, entry in named.items()
            if len(entry["shape"]) > 1 and not name.endswith("_scale")
        }
        operations = sum(2 * rows(name) * values for name, values in matrices.items())
        size = sum(entry["data_offsets"][1] - entry["data_offsets"][0] for entry in named.values())
        return {"gflop": operations / 1e9, "gb": size / 1e9}

    token = count(UNDERSTANDING, lambda _: TOKENS)
    block = count(UNDERSTANDING, lambda name: 1 if "lm_head" in name else dims.image_tokens + 2)
    latents = 2 * dims.latent_size**2
    step = count(DENOISER, lambda name: latents if "moe_gen" in name else 4)
    return {DECODING: {**token, "gb": TOKENS * token["gb"]}, IMAGE_BLOCK: block, STEP: step}


def used_memory(device: str) -> int:
    """Return the bytes of the card that are in use, by whomever; 0 where there is none."""
    found = None if device.startswith("cpu") else card.free_memory((Device.parse(device) or Device.parse("cuda")).index)  # type: ignore[union-attr]
    return found[1] - found[0] if found else 0


def peaks(device: str, _: list[Path]) -> Figures:
    """Measure what the device does at most: memory, copies from and to the host, products of square matrices."""
    import onnx_bytes

    small = device.startswith("cpu")
    rows, side = (2**22, 1024) if small else (2**28, 8192)
    found: Figures = {}
    values = np.ones(rows, np.float32)
    there, session = placed(device, values), session_of(device, onnx_bytes.one_node("Abs", np.float32, [rows]))
    seconds = timed(session(there))
    found["memory_gb_s"] = round(2 * values.nbytes / 1e9 / seconds, 1)
    if not small:  # on a CPU nothing is copied
        found["to_device_gb_s"] = round(values.nbytes / 1e9 / timed(lambda: there.update_inplace(values)), 1)
        found["to_host_gb_s"] = round(values.nbytes / 1e9 / timed(there.numpy), 1)
    for kind, name in ((np.float16, "fp16"), (np.float32, "fp32")):
        matrix = placed(device, np.ones((side, side), kind))
        run = session_of(device, onnx_bytes.one_node("MatMul", kind, [side, side]))(matrix)
        found[f"{name}_gflop_s"] = round(2 * side**3 / 1e9 / timed(run), 1)
    return found


def placed(device: str, array: NDArray[Any]) -> Any:
    """Copy an array to the device."""
    where = Device.parse(device)
    assert where is not None
    return import_onnxruntime().OrtValue.ortvalue_from_numpy(array.copy(), where.memory, where.index)


def session_of(device: str, model: bytes) -> Callable[[Any], Callable[[], object]]:
    """Open a model of one node; return what binds a value as all its inputs and runs it to its end."""
    onnxruntime, where = import_onnxruntime(), Device.parse(device)
    assert where is not None
    provider = "CPUExecutionProvider" if where.memory == "cpu" else "CUDAExecutionProvider"
    told = {} if where.memory == "cpu" else card.cuda_options(where.index, "fp32")
    session = onnxruntime.InferenceSession(model, providers=[(provider, told)], enable_fallback=0)

    def bind(value: Any) -> Callable[[], object]:
        binding = session.io_binding()
        for each in session.get_inputs():
            binding.bind_ortvalue_input(each.name, value)
        binding.bind_output("y", where.memory, where.index)
        return lambda: session.run_with_iobinding(binding)

    return bind


def name_of(bundle: Bundle) -> str:
    """Name a bundle in the table."""
    return f"{bundle.manifest.checkpoint} {bundle.manifest.precision}"


def main() -> None:
    """Run one stage and print what it found; an error is its sentence, and no trace."""
    stages = {"card": card_stage, "parity": parity, "speed": speed, "peaks": peaks}
    name, device, *bundles = sys.argv[1:]
    if not device.startswith("cpu"):
        card.preload_libraries()  # before anything asks for the card
    print(json.dumps(stages[name](device, [Path(each) for each in bundles])))


if __name__ == "__main__":
    main()
