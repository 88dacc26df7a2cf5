"""The whole path from a checkpoint to a bundle."""

import gc
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import torch

from unix_edge import __version__
from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle, FileRecord, Manifest, ParityRecord, SpecialTokens, user_bundles
from unix_edge.errors import (
    CheckpointError,
    MissingPackageError,
    NoSpaceError,
    OverflowInHalfError,
    ParityError,
    SettingsError,
)
from unix_edge.files import folder_written_aside, sha256
from unix_edge.graphs import CARD_GRAPHS, WEIGHTS_FILE, buffer_rows, graphs_of
from unix_edge.leftovers import remove_dead
from unix_edge.sentences import Sentence
from unix_edge.sessions import import_onnxruntime
from unix_edge.text import Text
from unix_edge.tokenizer_files import TokenizerFiles

from .activations import layers_to_keep, measure_activations, recording, refuse_overflow
from .certificate import count_findings, require_phantoms
from .expectation import Expected, expect
from .fit_preview import fit_preview
from .inspection import inspect
from .modules.cache import OPSET
from .modules.linear import make_traceable
from .outliers import linears_to_keep, measure_costs
from .parity import END_TO_END_BYTES, compare, failures
from .reference.checkpoint import CheckpointReader, load_reference, open_checkpoint
from .reference.config import config_to_json
from .reference.model import UniX
from .reference.precision import Precision, choose_dtypes, choose_forms
from .reference.run import Reference
from .to_onnx import TracedGraph, embedding_table, model_dims, trace, write_graph
from .weights import Layout, Progress, lay_out, write_weights

DEFAULT_CAPACITY = 1536
CAPACITY_UNIT, MOST_CAPACITY = 8, 16384
"""CUDA's attention with a mask is one kernel where the rows are a multiple of four; otherwise it is several."""
_SHARE = {Precision.FP32: 2.0, Precision.FP16: 1.0, Precision.INT8: 0.6, Precision.INT4: 0.5}
"""Size of a bundle's weights beside the release's, which are bfloat16."""
LEAST_TEXT = 64
"""Positions that must be left for prompt and report beside an image."""
RELEASE = Path("weights/UniX")
_TOOLS = ("torch", "onnx", "onnxscript", "transformers", "diffusers", "optimum", "tokenizers")


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export made."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class _Measured:
    """What probe inputs show."""

    activations: Mapping[str, float] = field(default_factory=dict)
    """The largest of each layer."""
    costs: Mapping[str, float] = field(default_factory=dict)
    """What quantising moves each linear by."""
    large: tuple[str, ...] = ()
    """Layers whose activations leave float16's range."""
    kept: tuple[str, ...] = ()
    """What is stored in float32: those, but of a bundle of integers the linears that cost too much."""


def export(
    checkpoint: Path | None,
    out: Path | None,
    precision: Precision,
    *,
    capacity: int = DEFAULT_CAPACITY,
    prove: bool = True,
    phantoms: int = 0,
    progress: Progress = lambda what, done: None,
) -> Exported:
    """Export a checkpoint to a bundle, proven against the reference path.

    Args:
        checkpoint: A folder in the release's layout, or a bundle; None: `weights/UniX` if it is there, else the bundle
            that comes with the program.
        out: The bundle's folder, replaced only once the new one is complete; None: in the user's data folder.
        precision: Of the linears.
        capacity: Positions of the understanding branch's buffers: image, prompt and report together; a multiple of 8.
        prove: Measure parity. Without it the manifest's parity table is empty, and the bundle is only read back; for
            machines that cannot hold the reference path in float32, four bytes a parameter.
        phantoms: On which findings are counted, beside the reference path's; of unix-nano's checkpoint alone.
        progress: Told what is being done, and how much of that.

    Raises:
        CheckpointError, BundleError: The checkpoint cannot be used.
        SettingsError: The capacity or a count of findings does not suit it, or it would be replaced by the bundle.
        OverflowInHalfError: It does not fit float16.
        ParityError: The bundle is unlike its contract, or its engines differ from the reference path beyond the limits.
        NoSpaceError: The disk is full, or would be.
    """
    onnxruntime = import_onnxruntime()
    # Earlier ones can be made to run code by a file read as weights only. TorchVersion compares as versions do.
    if torch.__version__ < "2.10":
        raise MissingPackageError("torch 2.10 or newer", Sentence("Reading checkpoints"), "export")
    folder = checkpoint or _find_checkpoint()
    source = open_checkpoint(folder)
    _check_capacity(capacity, source.config.vision.num_patches + 2 + LEAST_TEXT)
    require_phantoms(source, phantoms)
    target = out or user_bundles() / f"{folder.name}-{precision.value}"
    if target.resolve() == folder.resolve() or (target.exists() and target.samefile(folder)):  # case may not count
        raise SettingsError(Sentence("Nothing was exported: the bundle would replace {0}. Name another --out.", folder))
    remove_dead(target.parent, target.name)
    _check_space(target, round(source.weights_bytes() * _SHARE[precision] * 1.2) + 2**26)
    tokenizer, text = _read_tokenizer(source)
    measured = _measure(source, text, precision, progress)
    gc.collect()  # what was measured held gigabytes, some of it in cycles
    expected = _expect(source, text, capacity, progress) if prove else None
    graphs, layout = _trace(source, precision, measured, capacity, progress)
    with folder_written_aside(target) as staging:
        weights_sha256 = _write(source, tokenizer, graphs, layout, staging, progress)
        _read_back(source, staging, precision, measured, progress)
        manifest = Manifest(
            created_by=f"unix-edge {__version__}",
            model=model_dims(source.config),
            config=config_to_json(source.config),
            special_tokens=SpecialTokens(*_token_ids(source)),
            precision=precision.value,
            float32_layers=measured.kept,
            opset=OPSET,
            capacity=capacity,
            trained=not source.config.random_weights,
            trained_on=source.config.trained_on,
            checkpoint=source.name,
            checkpoint_sha256=source.sha256(),
            files=_file_records(staging, weights_sha256),
            tools={name: version(name) for name in _TOOLS} | {"onnxruntime": onnxruntime.__version__},
            activations=measured.activations,
            quantisation=measured.costs,
        )
        progress("Fitting the preview", 0.0)
        manifest = replace(manifest, preview=fit_preview(Bundle(staging, manifest)))
        if expected is not None:
            parity = _prove(expected, Bundle(staging, manifest), text, precision, progress)
            manifest = replace(manifest, parity=parity)
        if phantoms:
            findings = count_findings(source, Bundle(staging, manifest), text, phantoms, progress)
            manifest = replace(manifest, findings=findings)
        (staging / MANIFEST).write_text(manifest.to_json(), "utf-8")
    return Exported(target, manifest)


def _find_checkpoint() -> Path:
    """Return the checkpoint to export where none is named: the release's, else the model that comes along."""
    return RELEASE if RELEASE.is_dir() else EMBEDDED


def _check_capacity(capacity: int, least: int) -> None:
    """Refuse a capacity that does not suit a checkpoint, and name those beside it that do."""
    lowest = -(-least // CAPACITY_UNIT) * CAPACITY_UNIT
    if not lowest <= capacity <= MOST_CAPACITY:
        raise SettingsError(
            Sentence(
                "Nothing was exported: --context must be from {0} to {1} for this checkpoint.", lowest, MOST_CAPACITY
            )
        )
    if capacity % CAPACITY_UNIT:
        below = capacity // CAPACITY_UNIT * CAPACITY_UNIT
        raise SettingsError(
            Sentence(
                "Nothing was exported: --context must be a multiple of {0}, as {1} or {2}; cards are slow at others.",
                CAPACITY_UNIT,
                below,
                below + CAPACITY_UNIT,
            )
        )


def _check_space(target: Path, needed: int) -> None:
    existing = next(parent for parent in (target, *target.parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise NoSpaceError(target.parent, needed, free)


def _measure(source: CheckpointReader, text: Text, precision: Precision, progress: Progress) -> _Measured:
    """Run probe inputs.

    Of a large checkpoint activations are measured in bfloat16, whose range is float32's, for half the memory; only a
    small one is then also run in float16. What quantising costs is measured in float32.
    """
    if precision is Precision.FP32:
        return _Measured()
    small = source.weights_bytes() <= END_TO_END_BYTES
    if precision.is_quantised:
        progress("Measuring what quantising costs", 0.0)
        reference = Reference(load_reference(source))
        forms = choose_forms(reference.model, precision)
        with recording(reference.model) as largest:
            costs = measure_costs(reference, text, forms)
        activations = dict(sorted(largest.items()))
        return _Measured(activations, costs, layers_to_keep(activations), linears_to_keep(costs, forms))
    progress("Measuring activations", 0.0)
    reference = Reference(load_reference(source, torch.float32 if small else torch.bfloat16))
    activations = measure_activations(reference, text)
    kept = layers_to_keep(activations)
    del reference
    gc.collect()
    if small:
        progress("Looking for overflow in float16", 0.0)
        refuse_overflow(Reference(load_reference(source, torch.float16, kept)), text)
    return _Measured(activations, large=kept, kept=kept)


def _expect(source: CheckpointReader, text: Text, capacity: int, progress: Progress) -> Expected:
    """Run the reference path and let it go."""
    progress("Running the reference path", 0.0)
    reference = Reference(load_reference(source))
    expected = expect(reference, text, capacity=capacity, end_to_end=source.weights_bytes() <= END_TO_END_BYTES)
    del reference
    gc.collect()
    return expected


def _trace(
    source: CheckpointReader, precision: Precision, measured: _Measured, capacity: int, progress: Progress
) -> tuple[list[TracedGraph], Layout]:
    def make(dtype: torch.dtype, *kept: str) -> UniX:
        return make_traceable(source.config, choose_dtypes(source.skeleton, dtype, kept))

    model = make(precision.dtype, *measured.kept)
    for_card = make(torch.float16, *measured.kept, *measured.large) if precision.is_quantised else model
    forms = choose_forms(source.skeleton, precision, measured.kept)
    graphs = []
    names = graphs_of(precision.value)
    for index, name in enumerate(names):
        progress("Tracing graphs", index / len(names))
        rows = buffer_rows(name, precision.value, capacity)
        form = for_card if name in CARD_GRAPHS else model
        graphs.append(trace(name, form, source.tensor, source.sources, rows, precision, forms))
    progress("Tracing graphs", 1.0)
    stored = {embedding_table(model, source.sources, precision)}
    for graph in graphs:
        stored |= set(graph.weights.values())
    return graphs, lay_out(stored)


def _read_tokenizer(source: CheckpointReader) -> tuple[TokenizerFiles, Text]:
    tokens = source.config.special_tokens
    try:
        files = TokenizerFiles.read(source.folder)
        return files, Text.of(files, tokens.bos_token_id, tokens.eos_token_id)
    except (OSError, ValueError) as error:
        raise CheckpointError(source.folder, Sentence("its tokenizer cannot be read ({0})", error)) from error


def _write(
    source: CheckpointReader,
    tokenizer: TokenizerFiles,
    graphs: list[TracedGraph],
    layout: Layout,
    staging: Path,
    progress: Progress,
) -> str:
    """Write weights, graphs and tokenizer; return the weights' sha256."""
    _check_space(staging, layout.nbytes + 2**24)
    digest, overflowed = write_weights(layout, source.tensor, staging / WEIGHTS_FILE, progress)
    if overflowed:
        raise OverflowInHalfError(overflowed)
    for graph in graphs:
        write_graph(graph, layout, staging)
    for name, content in tokenizer.contents.items():
        (staging / name).write_bytes(content)
    return digest


def _read_back(
    source: CheckpointReader, staging: Path, precision: Precision, measured: _Measured, progress: Progress
) -> None:
    progress("Reading the bundle back", 0.0)
    if problems := inspect(source, staging, precision, measured.kept, measured.large):
        raise ParityError(problems)
    progress("Reading the bundle back", 1.0)


def _prove(
    expected: Expected, bundle: Bundle, text: Text, precision: Precision, progress: Progress
) -> tuple[ParityRecord, ...]:
    progress("Comparing the engines with the reference path", 0.0)
    rows = compare(expected, bundle, text, precision)
    progress("Comparing the engines with the reference path", 1.0)
    if failed := failures(rows):
        raise ParityError(failed)
    return rows


def _file_records(staging: Path, weights_sha256: str) -> dict[str, FileRecord]:
    return {
        path.name: FileRecord(path.stat().st_size, weights_sha256 if path.name == WEIGHTS_FILE else sha256(path))
        for path in sorted(staging.iterdir())
    }


def _token_ids(source: CheckpointReader) -> tuple[int, int, int, int]:
    tokens = source.config.special_tokens
    return tokens.bos_token_id, tokens.eos_token_id, tokens.start_of_image, tokens.end_of_image
