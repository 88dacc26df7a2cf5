"""A bundle is also a checkpoint: what was exported is read back, and exported again."""

import dataclasses
import json
import shutil
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from unix_edge import ReportSettings, UniX, understanding
from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle, FileRecord, Manifest
from unix_edge.embeddings import EmbeddingTable
from unix_edge.errors import (
    BundleError,
    CheckpointError,
    DeviceUnavailableError,
    SettingsError,
    TensorsError,
    UnixEdgeError,
)
from unix_edge.files import sha256
from unix_edge.graphs import WEIGHTS_FILE
from unix_edge.sessions import Sessions, Stopping, never_stop
from unix_edge_export import export as exporter
from unix_edge_export.export import export
from unix_edge_export.random_checkpoint import LEAST, RELEASE, TINY, write_random_checkpoint
from unix_edge_export.reference.checkpoint import (
    BundledCheckpoint,
    Checkpoint,
    load_reference,
    open_checkpoint,
)
from unix_edge_export.reference.config import config_from_json, config_to_json
from unix_edge_export.reference.precision import Precision
from unix_edge_export.reference.run import Reference


@pytest.fixture(scope="module")
def half_checkpoint(tmp_path_factory):
    """A checkpoint whose values are float16 numbers, as the small model's are."""
    folder = tmp_path_factory.mktemp("checkpoint") / "unix-half"
    folder.mkdir()
    write_random_checkpoint(folder, LEAST, dtype=torch.float16)
    return folder


PRECISIONS = (Precision.FP32, Precision.FP16)
"""Those that a checkpoint comes back from."""


@pytest.fixture(scope="module", autouse=True)
def traced_once(trace_again):
    """All are of one checkpoint's dims."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporter, "trace", partial(trace_again, exporter.trace))
        yield


@pytest.fixture(scope="module")
def bundles(half_checkpoint, tmp_path_factory):
    folder = tmp_path_factory.mktemp("engines")
    return {
        each: export(half_checkpoint, folder / each.value, each, prove=False, capacity=128).folder
        for each in PRECISIONS
    }


@pytest.fixture
def copied(bundles, tmp_path):
    return shutil.copytree(bundles[Precision.FP16], tmp_path / "bundle")


def changed(folder, tensors=None, **fields):
    """Change a bundle as one who knows how: hashes and digest are right again."""
    if tensors is not None:
        save_file(tensors, folder / WEIGHTS_FILE)
    manifest = Manifest.from_json((folder / MANIFEST).read_text())
    path = folder / WEIGHTS_FILE
    files = {**manifest.files, WEIGHTS_FILE: FileRecord(path.stat().st_size, sha256(path))}
    (folder / MANIFEST).write_text(dataclasses.replace(manifest, files=files, **fields).to_json())
    return folder


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_half_checkpoint_comes_back_from_its_bundle_bit_for_bit(half_checkpoint, bundles, precision):
    original, bundle = Checkpoint(half_checkpoint), BundledCheckpoint(bundles[precision])
    assert bundle.config == original.config and bundle.sha256() == original.sha256()
    there, here = load_reference(original).state_dict(), load_reference(bundle).state_dict()
    encoder = {name for name in there if name.startswith(("vae.encoder.", "vae.quant_conv."))}
    assert encoder and here.keys() == there.keys() - encoder
    for name, found in here.items():
        assert found.dtype is there[name].dtype is torch.float32, name
        assert torch.equal(found.view(torch.int32), there[name].view(torch.int32)), name


def test_the_reference_path_computes_the_same_from_either(half_checkpoint, bundles):
    one, other = (
        Reference(load_reference(open_checkpoint(each))) for each in (half_checkpoint, bundles[Precision.FP16])
    )
    noise = np.random.default_rng(0).standard_normal((16, 8), dtype=np.float32)
    velocities = [each.velocity(noise, 0.7, each.prompt_context([600, 5, 77])) for each in (one, other)]
    np.testing.assert_array_equal(*velocities)
    np.testing.assert_array_equal(one.decode(noise), other.decode(noise))


def test_what_a_bundle_does_not_hold_is_said_in_one_sentence(bundles):
    reference = Reference(load_reference(BundledCheckpoint(bundles[Precision.FP16])))
    with pytest.raises(UnixEdgeError, match="holds no VAE encoder") as failure:
        reference.encode(np.zeros((3, 32, 32), np.float32))
    assert "\n" not in str(failure.value)


def test_an_export_from_a_bundle_is_proven_and_names_the_first_checkpoint(half_checkpoint, bundles, tmp_path):
    again = export(bundles[Precision.FP16], tmp_path / "again", Precision.FP32, capacity=128)
    first = Bundle.open(bundles[Precision.FP16]).manifest
    assert (again.manifest.checkpoint, again.manifest.checkpoint_sha256) == ("unix-half", first.checkpoint_sha256)
    assert again.manifest.checkpoint_sha256 == Checkpoint(half_checkpoint).sha256()
    assert {row.graph for row in again.manifest.parity} >= {"vision", "understanding", "denoiser", "picture"}
    assert not again.manifest.trained
    assert (again.folder / WEIGHTS_FILE).read_bytes() == (bundles[Precision.FP32] / WEIGHTS_FILE).read_bytes()


def test_an_export_at_the_same_precision_writes_the_same_weights(bundles, tmp_path):
    again = export(bundles[Precision.FP16], tmp_path / "again", Precision.FP16, prove=False, capacity=128)
    first = Bundle.open(bundles[Precision.FP16]).manifest
    unlike = {
        each.name
        for each in dataclasses.fields(first)
        if getattr(first, each.name) != getattr(again.manifest, each.name)
    }
    assert (again.folder / WEIGHTS_FILE).read_bytes() == (bundles[Precision.FP16] / WEIGHTS_FILE).read_bytes()
    assert unlike == set()


def test_a_bundle_does_not_replace_itself_under_another_name(copied, tmp_path):
    """As where upper and lower case do not count; here a folder has two places."""
    other = tmp_path / "other"
    other.mkdir()
    words = f"--checkpoint {copied} --out {other} --fp32"
    script = f"mount --bind {copied} {other} || exit 77; {sys.executable} -m unix_edge.export {words}"
    said = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert said.returncode == 1 and f"the bundle would replace {copied}" in said.stderr, said.stderr
    Bundle.open(copied)


def test_a_bundle_does_not_replace_itself(copied):
    with pytest.raises(SettingsError, match="would replace"):
        export(copied, copied.parent / "." / copied.name, Precision.FP32)
    Bundle.open(copied).verify()


def test_nothing_is_read_before_every_hash_is_verified(copied, monkeypatch):
    Bundle.open(copied)
    monkeypatch.setattr(Bundle, "_state", lambda _: {})  # as if nothing had been touched since
    Bundle.open(copied)
    monkeypatch.setattr("unix_edge_export.reference.checkpoint.safe_open", lambda *_, **__: pytest.fail("it was read"))
    for name in (WEIGHTS_FILE, "vision.onnx"):
        content = bytearray((copied / name).read_bytes())
        content[-10] ^= 1
        (copied / name).write_bytes(content)
        with pytest.raises(BundleError, match="was changed"):
            open_checkpoint(copied)
        content[-10] ^= 1
        (copied / name).write_bytes(content)


def test_tensors_that_are_missing_surplus_or_of_another_shape_are_named(copied):
    sound, name = load_file(copied / WEIGHTS_FILE), "vit_model.vision_tower.blocks.0.attn.qkv.weight.k"
    for tensors, problem in (
        ({each: tensor for each, tensor in sound.items() if each != name}, "missing"),
        ({**sound, "extra": torch.zeros(2)}, "surplus: extra"),
        ({**sound, "language_model.lm_head.weight": torch.zeros(704, 128)}, r"is \(704, 128\), not \(128, 704\)"),
    ):
        changed(copied, tensors)
        with pytest.raises(TensorsError, match=problem):
            open_checkpoint(copied)


def test_values_that_are_no_numbers_are_named_and_not_exported(copied):
    tensors = load_file(copied / WEIGHTS_FILE)
    tensors["language_model.model.norm.weight"][3] = torch.nan
    changed(copied, tensors)
    with pytest.raises(CheckpointError, match=r"norm\.weight holds values that are not finite"):
        load_reference(open_checkpoint(copied))


@pytest.mark.parametrize("config", [TINY, RELEASE], ids=["tiny", "release"])
def test_a_config_survives_the_way_through_a_manifest(config, tmp_path):
    assert config_from_json(tmp_path, json.loads(json.dumps(config_to_json(config)))) == config


def test_a_config_that_cannot_be_or_is_not_whole_is_refused(copied, tmp_path):
    whole = config_to_json(TINY)
    for config, problem in (
        ({}, "another config"),
        ({**whole, "vae": {}}, "another config"),
        ({**whole, "surprise": 1}, "another config"),
        ({**whole, "vision": {**whole["vision"], "hidden_size": 2**40}}, "hidden_size"),
        ({**whole, "language": []}, "not a mapping"),
        ({**whole, "max_latent_size": "many"}, "cannot be"),
    ):
        changed(copied, config=config)
        with pytest.raises(CheckpointError, match=problem):
            open_checkpoint(copied)


def test_the_default_is_the_release_else_the_model_that_comes_along(tmp_path, monkeypatch):
    monkeypatch.setattr(exporter, "RELEASE", tmp_path / "weights" / "UniX")
    assert exporter._find_checkpoint() == EMBEDDED
    exporter.RELEASE.mkdir(parents=True)
    assert exporter._find_checkpoint() == exporter.RELEASE


@pytest.fixture(scope="module")
def integers(half_checkpoint, tmp_path_factory):
    return export(
        half_checkpoint, tmp_path_factory.mktemp("int8") / "out", Precision.INT8, prove=False, capacity=256
    ).folder


def test_integers_are_no_checkpoint(integers):
    with pytest.raises(CheckpointError, match="its weights are int8; use the checkpoint it was made of"):
        open_checkpoint(integers)


def test_buffers_that_grow_hold_what_they_held(integers, monkeypatch):
    """Whatever the step, and however what is fed lies across it, the same comes of it."""
    sessions = Sessions(Bundle.open(integers), "cpu")
    table, ids = EmbeddingTable(sessions.bundle), [7, 300, 12, 45, 3, 99, 120, 8, 61, 5]
    dims = sessions.bundle.manifest.model
    image = np.random.default_rng(0).standard_normal((dims.image_tokens, dims.hidden_size), dtype=np.float32)
    seen = {}
    with Stopping(never_stop) as stopping:
        for step in (1, 3, 8, 256, 1000):
            monkeypatch.setattr(understanding, "_STEP", step)
            engine = understanding.UnderstandingEngine(sessions, table)
            place = engine.feed_image(understanding.Place(), image, stopping)
            place, _ = engine.feed_text(place, ids, stopping)
            for token in ids:
                place, logits = engine.feed_text(place, [token], stopping)
            rows = engine.key_values(0, "key").shape[2]
            assert rows == min(-(-place.row // step) * step, 256)
            seen[step] = logits, engine.key_values(0, "value")[:, :, : place.row]
        # Attention sums as many rows as there are, so the last bits may differ, and with them one rounding.
        for logits, values in seen.values():
            assert np.abs(logits - seen[256][0]).max() <= 0.02 * np.abs(logits).max()
            assert np.abs(values - seen[256][1]).max() <= 0.05 * np.abs(values).max()
        with pytest.raises(AssertionError, match="callers check the capacity"):
            engine.feed_text(understanding.Place(row=250), ids, stopping)


def test_a_bundle_of_integers_drafts_within_its_capacity_and_no_engine_is_built_of_it(integers):
    unix = UniX.load(integers, "auto")
    assert str(unix.sessions.device) == "cpu"
    image = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    report = unix.report(image, ReportSettings(max_tokens=500))
    assert 0 < len(report.tokens) <= 256
    for device in ("tensorrt", "tensorrt-rtx"):
        with pytest.raises(DeviceUnavailableError, match="the bundle is int8, which runs on CPUs and by CUDA"):
            UniX.load(integers, device)
