"""The contenders of engines.py: each opens in a process of its own and runs one stage of the work when it is asked."""

import ctypes
import errno
import math
import multiprocessing
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import torch
from engines_stages import DECODING, IMAGE_BLOCK, ROW, STEP, TOKENS, WORDS, Stages, engines_stages

from unix_edge.bundle import Bundle
from unix_edge.graphs import CONTEXT_BUCKETS, DENOISER, VAE_DECODER, VISION
from unix_edge.sampler import seeded_noise
from unix_edge.sessions import Sessions, Stopping, import_onnxruntime, never_stop
from unix_edge_export.reference.checkpoint import load_reference, open_checkpoint
from unix_edge_export.reference.run import Context, Reference


@dataclass(frozen=True, slots=True)
class Contender:
    """What is to be opened.

    Attributes:
        name: In the table.
        folder: A checkpoint for the reference path, a bundle for engines.
        dtype: Of the reference path's linears; None: these are engines.
        compiled: Whether torch.compile compiles the reference path's layers.
        device: Where it runs; of the reference path "cpu" or "cuda".
        openvino: Whether OpenVINO runs the engines' graphs, those that it can read.
    """

    name: str
    folder: Path
    dtype: torch.dtype | None = None
    compiled: bool = False
    device: str = "cpu"
    openvino: bool = False

    def open(self, size: int | None, threads: int, stopping: Stopping) -> Stages:
        """Open it and return its stages."""
        if self.openvino:
            return openvino_stages(Bundle.open(self.folder), size, threads)
        if self.dtype is None:
            return engines_stages(Sessions(Bundle.open(self.folder), self.device, threads), size, stopping)
        reference = Reference(load_reference(open_checkpoint(self.folder), self.dtype).to(self.device))
        if self.compiled:
            compile_layers(reference)
        stages = reference_stages(reference, size)
        return {name: partial(run_to_its_end, run) for name, run in stages.items()} if self.device != "cpu" else stages


def run_to_its_end(run: Callable[[], object]) -> None:
    """Run a stage on a card and wait until it is done: PyTorch returns as soon as all is launched."""
    run()
    torch.cuda.synchronize()


class Arm:
    """A contender in a process of its own."""

    def __init__(self, contender: Contender, size: int | None, threads: int) -> None:
        """Start it.

        Raises:
            SystemExit: It died while it opened; it has said why.
        """
        self.name = contender.name
        here, there = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(contender, size, threads, there), daemon=True
        )
        self._process.start()
        there.close()
        self._asked = here
        try:
            self.opened: float = here.recv()
            self.stages: list[str] = here.recv()
        except EOFError:
            raise SystemExit(f"{contender.name} did not open, and nothing was measured.") from None

    def run(self, stage: str) -> float:
        """Run a stage once; return seconds."""
        self._asked.send(stage)
        seconds: float = self._asked.recv()
        return seconds

    def close(self) -> float:
        """End it; return the most resident memory that it had, in GB."""
        self._asked.send(None)
        peak: float = self._asked.recv()
        self._process.join()
        return peak


def serve(contender: Contender, size: int | None, threads: int, asked: Connection) -> None:
    """Open a contender, run what is asked for and send the seconds, until nothing is."""
    torch.set_num_threads(threads)
    with Stopping(never_stop) as stopping:
        began = time.perf_counter()
        stages = contender.open(size, threads, stopping)
        asked.send(time.perf_counter() - began)
        asked.send(list(stages))
        while (stage := asked.recv()) is not None:
            began = time.perf_counter()
            stages[stage]()
            asked.send(time.perf_counter() - began)
    asked.send(peak_memory_gb())


def reference_stages(reference: Reference, size: int | None) -> Stages:
    """Return the stages of a report and of a picture by the reference path."""
    config = reference.model.config
    pixels = np.zeros((1, 3, config.vision.image_size, config.vision.image_size), np.float32)
    side = size // config.vae.downsample if size else config.max_latent_size
    noise = seeded_noise(0, side**2, config.vae.z_channels)
    bos = config.special_tokens.bos_token_id
    embeddings = reference.encode_image(pixels)
    image = reference.feed_image(Context(), embeddings)
    read, _ = reference.feed_text(image, [bos] * WORDS)
    prompt = reference.prompt_context([bos] * 24)

    def first_token() -> None:
        reference.feed_text(reference.feed_image(Context(), reference.encode_image(pixels)), [bos])

    def decode() -> None:
        context = read
        for _ in range(TOKENS):
            context, _ = reference.feed_text(context, [bos])

    def step() -> None:
        for context in (prompt, []):
            reference.velocity(noise, 0.8, context)

    return {
        "vision": lambda: reference.encode_image(pixels),
        IMAGE_BLOCK: lambda: reference.feed_image(Context(), embeddings),
        "first token": first_token,
        DECODING: decode,
        STEP: step,
        ROW: lambda: reference.velocity(noise, 0.2, prompt),
        "vae decode": lambda: reference.decode(noise),
    }


def openvino_stages(bundle: Bundle, size: int | None, threads: int) -> Stages:
    """Return the vision tower and the stages of a picture by OpenVINO, in float32 of the same graphs.

    It reads no TensorScatter, so the report's other stages are left out.
    """
    import openvino

    dims = bundle.manifest.model
    core, hints = openvino.Core(), {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"}
    vision, denoiser, vae_decoder = (
        core.compile_model(str(bundle.folder / f"{name}.onnx"), "CPU", hints)
        for name in (VISION, DENOISER, VAE_DECODER)
    )
    side = size // dims.downsample if size else dims.latent_size
    noise = seeded_noise(0, side**2, dims.latent_channels)
    places = (np.arange(side)[:, None] * dims.latent_size + np.arange(side)).ravel()

    def feeds(timestep: float, tokens: list[int]) -> dict[str, object]:
        batch, width = len(tokens), dims.kv_heads * dims.head_dim
        context = np.zeros((batch, CONTEXT_BUCKETS[0], width), np.float32)
        return {
            "latents": np.stack([noise] * batch),
            "latent_positions": places,
            "timestep": np.full(batch, timestep, np.float32),
            "position": np.array(tokens),
            "visible": np.array(tokens) + len(noise) + 2,
            **{f"context.{layer}.{part}": context for layer in range(dims.layers) for part in ("key", "value")},
        }

    step, row = feeds(0.8, [24, 0]), feeds(0.2, [24])
    pixels = np.zeros((1, 3, dims.image_size, dims.image_size), np.float32)
    grid = np.ascontiguousarray(noise.T.reshape(1, -1, side, side))
    return {
        "vision": lambda: vision(pixels),
        STEP: lambda: denoiser(step),
        ROW: lambda: denoiser(row),
        "vae decode": lambda: vae_decoder(grid),
    }


def refuse_amx() -> None:
    """Let this process and its children have no AMX, as a processor without it: libraries ask for it, and fall back.

    By a filter that answers arch_prctl(ARCH_REQ_XCOMP_PERM) with EPERM (seccomp(2)); for good.

    Raises:
        OSError: This system has no such filters.
    """
    load, jump_unless_equal, answer = 0x20, 0x15, 0x06  # BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
    arch_prctl, permission, refuse, allow = 158, 0x1023, 0x00050000 | errno.EPERM, 0x7FFF0000
    program = [
        (load, 0, 0, 0),  # the call's number
        (jump_unless_equal, 0, 3, arch_prctl),
        (load, 0, 0, 16),  # its first argument
        (jump_unless_equal, 0, 1, permission),
        (answer, 0, 0, refuse),
        (answer, 0, 0, allow),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in program))
    filters = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, by_filter = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(seccomp, by_filter, filters):
        raise OSError(ctypes.get_errno(), "this system refuses the filter that keeps AMX away")


def compile_layers(reference: Reference) -> None:
    """Let torch.compile compile every layer of both branches; the shapes that change are told by themselves."""
    for branch in (reference.model.understanding, reference.model.generation):
        for layer in branch.layers:
            layer.compile(dynamic=True)


def measure_bounds() -> dict[str, float]:
    """Return what this machine does at most: memory it reads, and what it multiplies in float32 and in int8.

    Reads are of 1 GiB, in GB a second; products of 2,048 rows and columns by PyTorch, and of 576 rows by ONNX Runtime
    in int8, each in billions of operations a second.
    """
    values, matrix = torch.ones(2**28), torch.ones(2048, 2048)
    return {
        "read_gb_s": round(values.nbytes / 1e9 / _best(values.sum), 1),
        "fp32_gflop_s": round(2 * 2048**3 / 1e9 / _best(lambda: matrix @ matrix), 1),
        "int8_gop_s": round(2 * 576 * 2048**2 / 1e9 / _best(_product_of_integers(576, 2048)), 1),
    }


def _product_of_integers(rows: int, columns: int) -> Callable[[], object]:
    """Return a run of one MatMulInteger, with weights as the bundles hold them."""
    from onnx import TensorProto, helper, numpy_helper

    weights = np.random.default_rng(0).integers(-64, 65, (columns, columns), dtype=np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "weights", "zero"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [rows, columns])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [rows, columns])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(np.array(128, np.uint8), "zero")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return partial(session.run, None, {"x": np.full((rows, columns), 100, np.uint8)})


def _best(run: Callable[[], object]) -> float:
    least = math.inf
    for _ in range(6):
        began = time.perf_counter()
        run()
        least = min(least, time.perf_counter() - began)
    return least


def peak_memory_gb() -> float:
    """Return this process's peak resident memory so far, pages of mapped files included."""
    status = Path("/proc/self/status").read_text("utf-8")
    return round(int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1e6, 2)
