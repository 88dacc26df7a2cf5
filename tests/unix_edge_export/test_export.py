"""The export: what it refuses, what it leaves behind, and what a bundle holds."""

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import onnx
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from unix_edge import bundle as bundles
from unix_edge.bundle import Bundle, ParityRecord
from unix_edge.errors import NoSpaceError, OverflowInHalfError, ParityError, SettingsError
from unix_edge.graphs import GRAPHS, WEIGHTS_FILE
from unix_edge.text import Text
from unix_edge_export import export as exporter
from unix_edge_export.activations import layer_of, layers_to_keep, measure_activations
from unix_edge_export.export import export
from unix_edge_export.parity import failures
from unix_edge_export.random_checkpoint import TINY, write_random_checkpoint
from unix_edge_export.reference.checkpoint import WEIGHTS, Checkpoint, load_reference, make_skeleton
from unix_edge_export.reference.config import VaeConfig
from unix_edge_export.reference.precision import Precision, choose_dtypes
from unix_edge_export.reference.run import Reference

SMALL = dataclasses.replace(
    TINY,
    vision=dataclasses.replace(TINY.vision, num_hidden_layers=1),
    language=dataclasses.replace(TINY.language, num_hidden_layers=3),
    vae=VaeConfig(ch=16, ch_mult=(1, 2), num_res_blocks=1, z_channels=16, num_groups=4),
)


@pytest.fixture(scope="session")
def half_engines(export_golden, tiny_golden):
    return export_golden(tiny_golden, "fp16")


@pytest.fixture
def small(tmp_path):
    """A checkpoint of three layers a branch and little else, which is traced sooner than the golden one."""
    folder = tmp_path / "small"
    folder.mkdir()
    write_random_checkpoint(folder, SMALL)
    return folder


@pytest.fixture
def folder(tiny_golden, tmp_path):
    return shutil.copytree(tiny_golden, tmp_path / "unix", ignore=shutil.ignore_patterns("golden*", "input.png"))


def graphs(bundle):
    return {path.stem: onnx.load(path, load_external_data=False) for path in bundle.glob("*.onnx")}


def test_weights_stand_once_under_the_checkpoint_s_names(half_engines, tiny_golden):
    checkpoint = set(load_file(tiny_golden / WEIGHTS))
    with safe_open(half_engines / WEIGHTS_FILE, "np") as weights:
        names = set(weights.keys())
        places = {}
        for graph in graphs(half_engines).values():
            for tensor in graph.graph.initializer:
                if tensor.external_data:
                    told = {entry.key: entry.value for entry in tensor.external_data}
                    assert told["location"] == WEIGHTS_FILE and tensor.name in names
                    assert places.setdefault(tensor.name, told["offset"]) == told["offset"]
    apart = {name.replace("qkv_proj", f"{part}_proj") for name in names for part in "qkv"}
    whole = {name.removesuffix(".q").removesuffix(".k").removesuffix(".v") for name in apart}
    language = {name for name in whole if name.startswith(("language_model", "vit_model", "connector", "vae2llm"))}
    assert language <= checkpoint
    assert len(places) == len(names) - 1  # the embedding table is gathered on the host


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_the_weights_are_the_checkpoint_s_bit_for_bit(export_golden, tiny_golden, precision):
    """bf16 fits float32 whole and, in these ranges, float16; linears stand transposed."""
    source = load_file(tiny_golden / WEIGHTS)
    with safe_open(export_golden(tiny_golden, precision) / WEIGHTS_FILE, "pt") as weights:
        assert weights.metadata() == {"linears": "transposed"}
        for name in ("language_model.lm_head.weight", "language_model.model.layers.3.mlp_moe_gen.down_proj.weight"):
            assert torch.equal(
                weights.get_tensor(name).float(), source[name].T.to(weights.get_tensor(name).dtype).float()
            )
        name = "vit_model.vision_tower.blocks.1.attn.qkv.weight"
        thirds = [weights.get_tensor(f"{name}.{part}").T for part in "qkv"]
        assert torch.equal(torch.cat(thirds).float(), source[name].to(thirds[0].dtype).float())
        name = "language_model.model.layers.2.self_attn.qkv_proj_moe_gen"
        parts = [name.replace("qkv_proj", f"{part}_proj") for part in "qkv"]
        for kind in ("weight", "bias"):
            packed = weights.get_tensor(f"{name}.{kind}")
            assert torch.equal(
                packed.T if kind == "weight" else packed,
                torch.cat([source[f"{part}.{kind}"] for part in parts]).to(packed.dtype),
            )
        table = weights.get_tensor("language_model.model.embed_tokens.weight")
        assert table.dtype is (torch.float32 if precision == "fp32" else torch.float16)


def test_graphs_use_only_standard_operators_and_tell_nothing_of_this_machine(half_engines):
    for name, graph in graphs(half_engines).items():
        onnx.checker.check_model(str(half_engines / f"{name}.onnx"))
        assert {node.domain for node in graph.graph.node} == {""}, name
        text = (half_engines / f"{name}.onnx").read_bytes()
        assert b"site-packages" not in text and b"/export/" not in text and b".py" not in text


def test_the_decoder_s_graphs_keep_their_fused_operators(half_engines):
    made = graphs(half_engines)
    layers = Bundle.open(half_engines).manifest.model.layers

    def count(graph, operator):
        return sum(node.op_type == operator for node in made[graph].graph.node)

    assert {*GRAPHS, "understanding_cpu"} == {*made}
    for understanding in ("understanding", "understanding_cpu"):
        assert count(understanding, "TensorScatter") == 2 * layers
        assert count(understanding, "Attention") == layers
        assert count(understanding, "MatMul") == 5 * layers + 1
    assert count("denoiser", "Attention") == layers
    # Norms of heads are one operator, those of the residual stream are spelt out.
    assert count("denoiser", "RMSNormalization") + count("denoiser", "Pow") >= 8 * layers


def test_float16_is_for_linears_and_the_islands_are_float32(half_engines):
    """Every matrix lies in float16; those of the islands are widened before anything is computed with them."""
    made = graphs(half_engines)
    half, single = onnx.TensorProto.FLOAT16, onnx.TensorProto.FLOAT
    islands = (
        "time_embedder",
        "vae2llm",
        "llm2vae",
        "latent_pos",
        "vit_model.vision_tower.p",
        "decoder.",
        "post_quant",
    )
    seen = set()
    for graph in made.values():
        for tensor in graph.graph.initializer:
            if "norm" in tensor.name:
                for_linears = tensor.name.startswith("language_model") and "model.norm_moe_gen" not in tensor.name
                assert tensor.data_type == (half if for_linears else single), tensor.name
            elif tensor.external_data and len(tensor.dims) > 1:
                assert tensor.data_type == half, tensor.name
                uses = [node for node in graph.graph.node if tensor.name in node.input]
                widened = [node.attribute[0].i for node in uses if node.op_type == "Cast"]
                inside = [each for each in islands if tensor.name.startswith(each)]
                assert widened == [single] * len(inside) and (not inside or len(uses) == 1), tensor.name
                seen |= set(inside)
    assert seen == set(islands)
    outputs = {name: [value.type.tensor_type.elem_type for value in graph.graph.output] for name, graph in made.items()}
    assert outputs["understanding"][0] == outputs["denoiser"][0] == outputs["vae_decoder"][0] == single
    assert set(outputs["cross_attention"]) == {half}


def test_activations_are_in_the_manifest_of_fp16(half_engines, engines):
    activations = Bundle.open(half_engines).manifest.activations
    layers = Bundle.open(half_engines).manifest.model.layers
    assert {f"{branch}.layers.{i}" for branch in ("understanding", "generation") for i in range(layers)} <= set(
        activations
    )
    assert "lm_head" in activations and "vision.connector" in activations
    assert all(0 < value < 65504 for value in activations.values())
    assert Bundle.open(engines).manifest.activations == {}


@pytest.fixture
def loud(folder):
    """A checkpoint with one layer whose values leave a quarter of float16's range."""

    def edit(factor, folder=folder):
        tensors = load_file(folder / WEIGHTS)
        for name in ("gate_proj", "up_proj"):
            tensors[f"language_model.model.layers.2.mlp_moe_gen.{name}.weight"] *= factor
        tensors["language_model.model.layers.2.mlp_moe_gen.down_proj.weight"] /= factor**2
        save_file(tensors, folder / WEIGHTS)
        return folder

    return edit


def measured(folder, dtype=torch.float32, keep=()):
    text = Text.load(folder, 600, 601)
    return measure_activations(Reference(load_reference(Checkpoint(folder), dtype, keep)), text)


def test_a_loud_layer_is_kept_in_float32_by_name_and_the_engines_still_agree(loud, small, tmp_path):
    folder = loud(128.0, small)
    assert np.isinf(measured(folder, torch.float16)["generation.layers.2"]), "it would overflow otherwise"
    bundle = export(folder, tmp_path / "out", Precision.FP16)
    assert bundle.manifest.float32_layers == ("generation.layers.2",)
    assert bundle.manifest.activations["generation.layers.2"] > 65504
    assert not failures(bundle.manifest.parity)
    with safe_open(tmp_path / "out" / WEIGHTS_FILE, "pt") as weights:
        kept = weights.get_tensor("language_model.model.layers.2.mlp_moe_gen.up_proj.weight")
        other = weights.get_tensor("language_model.model.layers.1.mlp_moe_gen.up_proj.weight")
    assert (kept.dtype, other.dtype) == (torch.float32, torch.float16)


def test_what_overflows_even_so_is_refused_by_name(folder, tmp_path, monkeypatch):
    tensors = load_file(folder / WEIGHTS)
    tensors["language_model.model.embed_tokens.weight"][3] = 1e9
    save_file(tensors, folder / WEIGHTS)
    monkeypatch.setattr(exporter, "_trace", lambda *_: pytest.fail("too late"))
    with pytest.raises(OverflowInHalfError, match=r"embed_tokens\.weight overflow. Nothing was written") as failure:
        export(folder, tmp_path / "out", Precision.FP16)
    assert "--fp32" in str(failure.value)
    assert not (tmp_path / "out").exists()


def test_values_beyond_float32_are_refused_by_name():
    with pytest.raises(OverflowInHalfError, match=r"generation\.layers\.2"):
        layers_to_keep({"lm_head": 3.0, "generation.layers.2": float("inf")})
    assert layers_to_keep({"a": 16376.1, "b": 16375.9}) == ("a",)


def test_layers_are_named_as_the_reference_path_names_them():
    assert layer_of("generation.layers.2.mlp.up_proj") == "generation.layers.2"
    assert layer_of("vision.tower.encoder.layers.0.mlp.fc1") == "vision.tower.encoder.layers.0"
    assert layer_of("vision.connector.2") == "vision.connector" and layer_of("lm_head") == "lm_head"


def test_a_kept_layer_keeps_all_its_linears():
    dtypes = choose_dtypes(make_skeleton(TINY), torch.float16, ("understanding.layers.1",))
    inside = {name: dtype for name, dtype in dtypes.items() if name.startswith("understanding.layers.1.")}
    assert inside and set(inside.values()) == {torch.float32}
    assert dtypes["understanding.layers.2.mlp.up_proj.weight"] is torch.float16


def test_parity_beyond_its_limit_fails_the_export(tiny_golden, tmp_path, monkeypatch):
    """A wrong epsilon in one norm of what is traced is found."""
    real = exporter.make_traceable

    def wrong(config, dtypes):
        model = real(config, dtypes)
        model.generation.norm.eps = 1e-2
        return model

    monkeypatch.setattr(exporter, "make_traceable", wrong)
    monkeypatch.setattr(exporter, "inspect", lambda *_: [])  # it would be read in the graph before it is measured
    for module in (exporter, bundles):
        monkeypatch.setattr(module, "graphs_of", lambda _: ("denoiser",))
    monkeypatch.setattr(exporter, "END_TO_END_BYTES", 0)  # one graph alone drafts and draws nothing
    monkeypatch.setattr(exporter, "fit_preview", lambda _: ())
    with pytest.raises(ParityError, match=r"denoiser \(velocity.*nothing was written"):
        export(tiny_golden, tmp_path / "deep" / "out", Precision.FP32)
    assert list(tmp_path.iterdir()) == []


def test_failures_name_rows_beyond_and_rows_that_are_no_numbers():
    rows = [ParityRecord("vision", "a", 1e-6, 1e-4), ParityRecord("denoiser", "b", 1e-3, 1e-4)]
    rows.append(ParityRecord("vae_decoder", "c", float("nan"), 1e-4))
    assert [each.split()[0] for each in failures(rows)] == ["denoiser", "vae_decoder"]


def test_a_context_too_small_for_image_and_words_is_refused(tiny_golden, tmp_path):
    for capacity in (0, 100, 102, 10**6):  # 102 hold image and words, and 104 is the first multiple of 8 from there
        with pytest.raises(SettingsError, match="--context must be from 104 to 16384"):
            export(tiny_golden, tmp_path / "out", Precision.FP32, capacity=capacity)


@pytest.mark.parametrize(("capacity", "near"), [(105, "104 or 112"), (1538, "1536 or 1544"), (16383, "16376 or 16384")])
def test_a_context_at_which_cards_are_slow_is_refused(tiny_golden, tmp_path, capacity, near):
    with pytest.raises(SettingsError, match=f"Nothing was exported: --context must be a multiple of 8, as {near};"):
        export(tiny_golden, tmp_path / "out", Precision.FP32, capacity=capacity)


def test_too_little_space_is_said_before_anything_is_done(tiny_golden, tmp_path, monkeypatch):
    usage = dataclasses.make_dataclass("Usage", ["free"])(10**6)
    monkeypatch.setattr(exporter.shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(exporter, "load_reference", lambda *_: pytest.fail("too late"))
    with pytest.raises(NoSpaceError, match=r"0\.\d\d GB needed, 0\.00 GB free"):
        export(tiny_golden, tmp_path / "deep" / "out", Precision.FP32)
    assert list(tmp_path.iterdir()) == []


FULL = """
mount -t tmpfs -o size=512k none {out} || exit 77
{python} -c "
import sys
from unix_edge_export import export
export._check_space = lambda *_: None  # as if the disk had filled since
export.graphs_of = lambda _: ('vision',)
from unix_edge.export import main
sys.argv = ['export', '--checkpoint', '{checkpoint}', '--out', '{out}/deep/bundle', '--fp32']
main()
"
echo rc=$?
find {out} -mindepth 1
"""


def test_a_disk_that_fills_is_one_sentence_and_leaves_nothing(tiny_golden, tmp_path):
    script = FULL.format(python=sys.executable, checkpoint=tiny_golden, out=tmp_path)
    result = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "rc=1", (result.stdout, result.stderr)
    assert "There is not enough space" in result.stderr.strip().splitlines()[-1]
    assert "Traceback" not in result.stderr


TRACING = """
import runpy
import unix_edge_export.export as exporter
trace = exporter.trace
def tell(*arguments):
    print("tracing", flush=True)
    return trace(*arguments)
exporter.trace = tell
runpy.run_module("unix_edge.export", run_name="__main__")
"""
"""The command, which says when it begins to trace a graph."""


def test_ctrl_c_in_the_middle_leaves_nothing(tiny_golden, tmp_path):
    command = [sys.executable, "-c", TRACING, "--checkpoint", str(tiny_golden), "--fp32"]
    home = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data"), "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(command, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "tracing\n"
    time.sleep(0.5)  # a graph takes seconds
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in said, said
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_writing_leaves_nothing_and_keeps_what_was_there(tiny_golden, tmp_path, monkeypatch):
    monkeypatch.setattr(exporter, "_trace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        export(tiny_golden, tmp_path / "out", Precision.FP32)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(exporter, "_trace", lambda *_: ([], None))
    monkeypatch.setattr(exporter, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export(tiny_golden, tmp_path / "out", Precision.FP32)
    assert [path.name for path in tmp_path.iterdir()] == ["out"] and (tmp_path / "out" / "mine").read_text() == "old"


STARTS = """
import json, os, sys
import unix_edge_export.command  # which takes seconds
from unix_edge.export import main
for arguments in json.loads(sys.argv[1]):
    if not (child := os.fork()):
        sys.argv[1:] = arguments
        sys.exit(main())
    print("ended with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=sys.stderr)
"""
"""Starts of the command, each a fork of what has imported it."""


def test_the_command_says_what_is_wrong_in_one_sentence(run_python, tmp_path, folder):
    raw = json.loads((folder / "config.json").read_text())
    raw["llm_config"]["num_hidden_layers"] = 5
    (folder / "config.json").write_text(json.dumps(raw))
    refused = [["--checkpoint", str(each), "--out", str(tmp_path / "out")] for each in (tmp_path / "nowhere", folder)]
    result = run_python("-c", STARTS, json.dumps([*refused, ["--fp32", "--fp16"]]))
    assert "Traceback" not in result.stderr, result.stderr
    assert not (tmp_path / "out").exists()
    nowhere, first, unlike, second, _, third, _ = re.split(r"ended with (-?\d+)\n", result.stderr)
    assert (first, second, third) == ("1", "1", "2")
    assert "there is no such folder" in nowhere.strip().splitlines()[-1]
    assert "tensors are missing: language_model.model.layers.4." in unlike.strip().splitlines()[-1]


def test_a_random_checkpoint_says_so_and_repeats(tmp_path):
    from unix_edge_export.random_checkpoint import TINY, write_random_checkpoint

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_random_checkpoint(tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    for name in files:
        if name.suffix != ".ckpt":
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    checkpoint = Checkpoint(tmp_path / "one")
    assert dataclasses.replace(checkpoint.config, random_weights=False) == TINY and checkpoint.config.random_weights
    text = Text.load(tmp_path / "one", 600, 601)
    ids = text.encode("Moderate left pleural effusion.")
    assert text.decode(ids[1:]) == "Moderate left pleural effusion." and max(ids[1:]) < 600
