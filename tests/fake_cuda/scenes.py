"""What happens on a pretended card, a function each; run as `scenes.py NAME BUNDLE`, prints what was found as JSON."""

import ctypes
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime

from unix_edge import GenerationSettings, ReportSettings, UniX
from unix_edge.bundle import Bundle
from unix_edge.card import preload_libraries
from unix_edge.embeddings import EmbeddingTable
from unix_edge.errors import CardMemoryError, UnixEdgeError
from unix_edge.generate import Generator
from unix_edge.graphs import CROSS_ATTENTION, DENOISER, GRAPHS, UNDERSTANDING, VAE_DECODER, VISION
from unix_edge.sampler import Condition
from unix_edge.sessions import Sessions, Stopping, never_stop
from unix_edge.understanding import Place, UnderstandingEngine

IMAGE = np.arange(512 * 512, dtype=np.uint32).astype(np.uint8).reshape(512, 512)
STOPPING = Stopping(never_stop)


def count():
    """Return what the card counted since the last call."""
    found = (ctypes.c_long * 6)()
    ctypes.CDLL("libcudart.so.13").fake_count(found)
    return dict(zip(("kernels", "library", "copies", "waits", "used", "peak"), found, strict=True))


def choose(bundle):
    """Let `auto` choose."""
    sessions = Sessions(bundle, "auto")
    return {"device": str(sessions.device), "reason": str(sessions.reason)}


def choose_without(bundle, *missing):
    """The same where pip's packages lack cudnn, or cuda."""
    preload = onnxruntime.preload_dlls
    onnxruntime.preload_dlls = lambda: preload(**dict.fromkeys(missing, False))
    return choose(bundle)


def refuse(bundle, device="cuda", *missing):
    """Read an image on a device that cannot; return what it is told as."""
    preload = onnxruntime.preload_dlls
    onnxruntime.preload_dlls = lambda: preload(**dict.fromkeys(missing, False))
    try:
        UniX(Sessions(bundle, device)).read(IMAGE)
    except UnixEdgeError as error:
        return {"kind": type(error).__name__, "words": str(error), "graph": getattr(error, "graph", "")}
    return None


def report_and_picture(bundle, tokens="4"):
    """Draft a report, generate a picture, and ask the same reading again: at each point, what the card holds."""
    unix, told = UniX(Sessions(bundle, "cuda")), []

    def tell(what):
        told.append({"what": what, "open": sorted(unix.sessions._open), **count()})

    reading = unix.read(IMAGE)
    settings = ReportSettings(max_tokens=int(tokens))
    first = reading.report(settings)
    tell(f"report of {len(first.tokens)}")
    for event in unix.stream_generate("Clear lungs.", GenerationSettings(timesteps=3)):
        tell(type(event).__name__)
    again = reading.report(settings)
    tell(f"report of {len(again.tokens)}")
    unix.read(IMAGE).report(settings)
    tell("another image")
    return told


def fail_at_picture(bundle):
    """Generate a picture after a report; return what it is told as."""
    unix = UniX(Sessions(bundle, "cuda"))
    reading = unix.read(IMAGE)
    reading.report(ReportSettings(max_tokens=4))
    try:
        unix.generate("Clear lungs.", GenerationSettings(timesteps=3))
    except CardMemoryError as error:
        again = reading.report(ReportSettings(max_tokens=4))
        told = {"kind": type(error).__name__, "words": str(error), "graph": error.graph, "memory": error.memory}
        return {**told, "tokens_after": len(again.tokens)}
    return None


def survive(bundle, held):
    """Draft and draw while another program holds memory, and again in the same process when it has ended."""
    cuda, other = ctypes.CDLL("libcudart.so.13"), ctypes.c_void_p()
    unix, told = UniX(Sessions(bundle, "cuda")), {"failed": "", "after": []}
    assert cuda.cudaMalloc(ctypes.byref(other), ctypes.c_size_t(int(held) << 20)) == 0
    try:
        unix.report(IMAGE, ReportSettings(max_tokens=4))
        unix.generate("Clear lungs.", GenerationSettings(timesteps=3))
    except CardMemoryError as error:
        told["failed"] = type(error).__name__
    cuda.cudaFree(other)
    again = unix.report(IMAGE, ReportSettings(max_tokens=4))
    drawn = unix.generate("Clear lungs.", GenerationSettings(timesteps=3))
    told["after"] = [f"report of {len(again.tokens)}", type(drawn).__name__]
    return told


def decode_again(bundle, held="2000"):
    """Decode while another program holds memory, and again when it has ended."""
    cuda, other = ctypes.CDLL("libcudart.so.13"), ctypes.c_void_p()
    sessions, side = Sessions(bundle, "cuda"), bundle.manifest.model.latent_size
    generator, noise, told = Generator(sessions, bundle.text()), np.zeros((side**2, 16), np.float32), []
    assert cuda.cudaMalloc(ctypes.byref(other), ctypes.c_size_t(int(held) << 20)) == 0
    try:
        generator.decode(noise, STOPPING)
    except UnixEdgeError as error:
        told.append(type(error).__name__)
    cuda.cudaFree(other)
    told.append(generator.decode(noise, STOPPING).shape)
    return told


def place(bundle):
    """Run every graph and return of each node that ran its op, provider and types of inputs."""
    plain, folder = onnxruntime.SessionOptions, tempfile.mkdtemp()

    def profiled():
        options = plain()
        options.enable_profiling, options.profile_file_prefix = True, f"{folder}/profile"
        return options

    onnxruntime.SessionOptions = profiled
    unix = UniX(Sessions(bundle, "cuda"))
    unix.read(IMAGE).report(ReportSettings(max_tokens=3))
    unix.generate("Clear lungs.", GenerationSettings(timesteps=3))
    found = {}
    for graph in GRAPHS:
        events = json.loads(Path(unix.sessions.session(graph).end_profiling()).read_text())
        ran = [each["args"] for each in events if each.get("cat") == "Node" and "provider" in each["args"]]
        types = [{kind for given in each["input_type_shape"] for kind in given} for each in ran]
        found[graph] = [
            [each["op_name"], each["provider"], sorted(kinds)] for each, kinds in zip(ran, types, strict=True)
        ]
    return found


def feed_a_token(bundle):
    """Feed a token in place and, to compare with, with present apart from past; the log says what was copied."""
    mark = ctypes.CDLL("libcudart.so.13").fake_mark
    sessions = Sessions(bundle, "cuda")
    engine = UnderstandingEngine(sessions, EmbeddingTable(bundle))
    place, _ = engine.feed_text(Place(), [5, 5], STOPPING)
    mark(b"in place")
    engine.feed_text(place, [6], STOPPING)
    mark(b"getting ready")
    session = sessions.session(UNDERSTANDING)
    binding = engine._bind(session, 1)[0].binding
    apart = {name: sessions.place(value.numpy()) for name, value in engine._buffers.values.items()}
    for name, value in apart.items():
        binding.bind_ortvalue_output(f"present{name}", value)
    mark(b"apart, run")
    STOPPING.run_options.add_run_config_entry("gpu_graph_id", "-1")
    session.run_with_iobinding(binding, STOPPING.run_options)
    mark(b"end")
    buffers = engine._buffers.values.values()
    sizes = {int(np.prod(value.shape())) * np.dtype(value.numpy().dtype).itemsize for value in buffers}
    return {"buffers": len(buffers), "sizes": sorted(sizes)}


def replay(bundle):
    """Feed two tokens and take two steps of each kind; log and counts tell what the second, replayed, costs."""
    mark, found = ctypes.CDLL("libcudart.so.13").fake_mark, {}
    sessions, dims = Sessions(bundle, "cuda"), bundle.manifest.model
    engine, generator = UnderstandingEngine(sessions, EmbeddingTable(bundle)), Generator(sessions, bundle.text())
    noise = np.zeros((dims.latent_size**2, dims.latent_channels), np.float32)
    place, _ = engine.feed_text(Place(), [5, 6, 7], STOPPING)
    ids = generator.check_prompt("Clear lungs.")
    velocity = generator.make_velocity(generator.make_context(ids, STOPPING), len(ids), noise, STOPPING)
    runs = {
        "a token": lambda: engine.feed_text(place, [8], STOPPING),
        "a step": lambda: velocity(noise, 0.2, [Condition.PROMPT]),
        "a guided step": lambda: velocity(noise, 0.8, [Condition.PROMPT, Condition.EMPTY]),
    }
    for what, run in runs.items():
        mark(f"captured {what}".encode())
        run()
        count()
        mark(what.encode())
        run()
        found[what] = count()
    mark(b"end")
    return found


def figures(bundle):
    """Open and run each graph alone, nothing captured or shared: memory, kernels, library calls and copies."""
    dims, table, text, found = bundle.manifest.model, EmbeddingTable(bundle), bundle.text(), {}
    pixels = np.zeros((1, 3, dims.image_size, dims.image_size), np.float32)
    noise = np.zeros((dims.latent_size**2, dims.latent_channels), np.float32)
    sessions = Sessions(bundle, "cuda")
    sessions._shares_weights = False
    run_bound = sessions.run_bound
    sessions.run_bound = lambda *arguments, captured: run_bound(*arguments, captured=False)

    def open_alone(graph):
        sessions.release()
        before = count()["used"]
        sessions.session(graph)
        return count()["used"] - before, before

    def measure(what, graph, run, opened, before, warm=True):
        if warm:
            run()
        highest = count()["peak"]
        run()
        told = count()
        found[what] = {
            "graph": graph,
            "opened": opened,
            "running": max(highest, told["peak"]) - before,
            **{name: told[name] for name in ("kernels", "library", "copies")},
        }

    base = open_alone(VISION)
    measure("vision", VISION, lambda: sessions.run(VISION, {"pixel_values": pixels}, STOPPING), *base)
    base = open_alone(UNDERSTANDING)
    engine = UnderstandingEngine(sessions, table)
    image = np.zeros((dims.image_tokens, dims.hidden_size), np.float32)
    measure("an image", UNDERSTANDING, lambda: engine.feed_image(Place(), image, STOPPING), *base)
    measure("a token", UNDERSTANDING, lambda: engine.feed_text(Place(700, 1), [5], STOPPING), *base)
    generator, ids = Generator(sessions, text), text.segment("Clear lungs.")
    base = open_alone(CROSS_ATTENTION)
    measure("a prompt", CROSS_ATTENTION, lambda: generator.make_context(ids, STOPPING), *base)
    context = generator.make_context(ids, STOPPING)
    base = open_alone(DENOISER)
    for what, conditions in (("a step", [Condition.PROMPT]), ("a guided step", [Condition.PROMPT, Condition.EMPTY])):
        velocity = generator.make_velocity(context, len(ids), noise, STOPPING)
        measure(what, DENOISER, lambda v=velocity, c=conditions: v(noise, 0.5, c), *base)
    base = open_alone(VAE_DECODER)
    measure("a picture", VAE_DECODER, lambda: generator.decode(noise, STOPPING), *base)
    return found


def main(scene, folder, *arguments):
    if scene in ("feed_a_token", "replay", "figures", "decode_again", "survive"):
        preload_libraries()  # before anything is counted
    sys.stdout.write(json.dumps(globals()[scene](Bundle.open(Path(folder)), *arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
