"""A checkpoint is read strictly, in both spellings, and never runs code."""

import contextlib
import json
import os
import pickle
import shutil
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from unix_edge.errors import CheckpointError, TensorsError
from unix_edge_export.reference.checkpoint import VAE_WEIGHTS, WEIGHTS, Checkpoint, load_reference
from unix_edge_export.reference.config import UniXConfig, read_config
from unix_edge_export.reference.run import Reference

LAYER = "language_model.model.layers.1.mlp.up_proj.weight"


@pytest.fixture
def folder(tiny_golden, tmp_path):
    names = (WEIGHTS, VAE_WEIGHTS, "vae/config.yaml", "config.json", "tokenizer.json", "tokenizer_config.json")
    for name in names:
        (tmp_path / "unix" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tiny_golden / name, tmp_path / "unix" / name)
    return tmp_path / "unix"


def edit_weights(folder, edit):
    tensors = load_file(folder / WEIGHTS)
    edit(tensors)
    save_file(tensors, folder / WEIGHTS)


def edit_json(path, **changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def refuse(folder, kind, match):
    with pytest.raises(kind, match=match) as failure:
        Checkpoint(folder)
    assert "\n" not in str(failure.value)


def test_a_missing_folder_and_missing_files(folder, tmp_path):
    refuse(tmp_path / "nowhere", CheckpointError, "there is no such folder")
    for name in (VAE_WEIGHTS, "tokenizer.json", "config.json", WEIGHTS):
        (folder / name).rename(tmp_path / "aside")
        refuse(folder, CheckpointError, f"{name} is missing")
        (tmp_path / "aside").rename(folder / name)


def test_missing_tensors_are_named(folder):
    edit_weights(folder, lambda tensors: tensors.pop(LAYER))
    refuse(folder, TensorsError, f"1 tensors are missing: {LAYER}")


def test_surplus_tensors_are_named(folder):
    edit_weights(folder, lambda tensors: tensors.update(extra=torch.zeros(2)))
    refuse(folder, TensorsError, "1 tensors are surplus: extra")


def test_tensors_of_another_shape_are_named(folder):
    edit_weights(folder, lambda tensors: tensors.update({LAYER: torch.zeros(3, 3)}))
    refuse(folder, TensorsError, rf"{LAYER} is \(3, 3\), not \(352, 128\)")


def test_values_that_are_no_numbers_are_named(folder):
    edit_weights(folder, lambda tensors: tensors[LAYER].view(-1)[5].fill_(torch.nan))
    with pytest.raises(CheckpointError, match=f"{LAYER} holds values that are not finite"):
        load_reference(Checkpoint(folder))


@pytest.mark.parametrize("kept", [0.99, 0.5, 0.001, 0])
def test_a_truncated_safetensors_is_refused(folder, kept):
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[: int(len(content) * kept)])
    refuse(folder, CheckpointError, "cut short or no safetensors")


@pytest.mark.parametrize("kept", [0.99, 0.5, 0])
def test_a_truncated_vae_is_refused(folder, kept):
    content = (folder / VAE_WEIGHTS).read_bytes()
    (folder / VAE_WEIGHTS).write_bytes(content[: int(len(content) * kept)])
    refuse(folder, CheckpointError, "cut short or no PyTorch checkpoint")


@pytest.mark.soak
def test_headers_mutated_at_random_are_refused_or_read_the_same(folder, soak):
    """A flip may hit a space or a name that is then missing; it never passes as other tensors."""
    content = (folder / WEIGHTS).read_bytes()
    header = int.from_bytes(content[:8], "little") + 8
    sound = Checkpoint(folder)
    random = np.random.default_rng(0)
    for at in random.integers(0, header, 30 * soak):
        mutated = bytearray(content)
        mutated[at] ^= 1 << random.integers(0, 8)
        (folder / WEIGHTS).write_bytes(mutated)
        with contextlib.suppress(CheckpointError):
            assert torch.equal(Checkpoint(folder).tensor("lm_head.weight"), sound.tensor("lm_head.weight"))


class Hostile:
    """Unpickling it would make a file."""

    def __init__(self, sentinel: Path) -> None:
        self.sentinel = sentinel

    def __reduce__(self):
        return os.system, (f"touch {self.sentinel}",)


def test_a_pickle_that_would_run_code_is_refused_and_does_not_run(folder, tmp_path):
    sentinel = tmp_path / "sentinel"
    for legacy in (False, True):
        torch.save(
            {"state_dict": {}, "callbacks": Hostile(sentinel)},
            folder / VAE_WEIGHTS,
            _use_new_zipfile_serialization=not legacy,
        )
        refuse(folder, CheckpointError, "no PyTorch checkpoint" if legacy else "would run code")
    (folder / VAE_WEIGHTS).write_bytes(pickle.dumps(Hostile(sentinel)))
    refuse(folder, CheckpointError, "no PyTorch checkpoint")
    assert not sentinel.exists()


def test_lightning_s_leftovers_become_inert_stubs(folder, monkeypatch):
    """What a trainer leaves beside the weights is neither needed nor installed."""
    import sys
    import types

    module = types.ModuleType("pytorch_lightning.callbacks.model_checkpoint")

    class ModelCheckpoint:
        def __init__(self):
            self.best = 1.0

    ModelCheckpoint.__module__, ModelCheckpoint.__qualname__ = module.__name__, "ModelCheckpoint"
    module.__dict__["ModelCheckpoint"] = ModelCheckpoint
    for name in ("pytorch_lightning", "pytorch_lightning.callbacks"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    plain = torch.load(folder / VAE_WEIGHTS, weights_only=True)
    torch.save({**plain, "callbacks": {ModelCheckpoint: {"best": 1.0}, "one": ModelCheckpoint()}}, folder / VAE_WEIGHTS)
    for name in ("pytorch_lightning", "pytorch_lightning.callbacks", module.__name__):
        monkeypatch.delitem(sys.modules, name)
    checkpoint = Checkpoint(folder)
    key = "decoder.conv_in.weight"
    np.testing.assert_array_equal(checkpoint.tensor("vae.decoder.conv_in.weight"), plain["state_dict"][key])


def test_a_compressed_vae_is_refused_before_it_is_inflated(folder):
    stored = folder / VAE_WEIGHTS
    with zipfile.ZipFile(stored) as archive:
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    refuse(folder, CheckpointError, "compressed")


def test_a_view_larger_than_its_storage_is_refused(folder):
    plain = torch.load(folder / VAE_WEIGHTS, weights_only=True)
    shape = plain["state_dict"]["decoder.conv_in.weight"].shape
    plain["state_dict"]["decoder.conv_in.weight"] = torch.zeros(1).expand(shape)
    torch.save(plain, folder / VAE_WEIGHTS)
    refuse(folder, CheckpointError, "claims more values than the file holds")


def sparse(value):
    return value.float().to_sparse()


def compressed_rows(value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return value.float().flatten(1).to_sparse_csr()


def nested(value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.nested.nested_tensor([value.flatten(), value.flatten()[:3]])


@pytest.mark.parametrize(
    "make",
    [
        sparse,
        compressed_rows,
        nested,
        lambda value: value.to("meta"),
        lambda value: value.to(torch.int16),
        lambda value: value > 0,
        lambda value: value.to(torch.complex64),
        lambda value: value.float().to(torch.float8_e4m3fn),
        lambda value: torch.quantize_per_tensor(value.float(), 0.1, 0, torch.qint8),
    ],
    ids=["sparse", "compressed_rows", "nested", "meta", "int16", "bool", "complex", "float8", "quantised"],
)
@pytest.mark.filterwarnings("ignore")
def test_a_vae_of_no_plain_numbers_is_refused(folder, make):
    plain = torch.load(folder / VAE_WEIGHTS, weights_only=True)
    name = "decoder.conv_in.weight"
    plain["state_dict"][name] = make(plain["state_dict"][name])
    torch.save(plain, folder / VAE_WEIGHTS)
    refuse(folder, CheckpointError, r"no plain floating point numbers.*decoder\.conv_in|weights only|cannot list")


@pytest.mark.parametrize("dtype", [torch.int8, torch.int64, torch.bool, torch.float8_e5m2])
def test_weights_of_no_plain_numbers_are_refused(folder, dtype):
    tensors = load_file(folder / WEIGHTS)
    name = "language_model.model.norm.weight"
    tensors[name] = tensors[name].to(dtype)
    save_file(tensors, folder / WEIGHTS)
    refuse(folder, CheckpointError, r"no plain floating point numbers.*model\.norm\.weight")


def test_a_vae_with_other_tensors_is_refused(folder):
    plain = torch.load(folder / VAE_WEIGHTS, weights_only=True)
    plain["state_dict"].pop("quant_conv.bias")
    torch.save(plain, folder / VAE_WEIGHTS)
    refuse(folder, TensorsError, r"quant_conv\.bias")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"llm_config": {"hidden_size": "many"}}, "hidden_size"),
        ({"llm_config": {"hidden_size": -1}}, "hidden_size"),
        ({"llm_config": {"hidden_size": 2**40}}, "hidden_size"),
        ({"llm_config": {"hidden_size": 130, "num_attention_heads": 4}}, "no even multiple"),
        ({"llm_config": []}, "tensors are missing|cannot be"),
        ({"vit_config": 3}, "not a mapping"),
        ({"vit_config": {"params": 3}}, "not a mapping"),
        ({"special_token_ids": {"bos_token_id": 10**6}}, "outside the vocabulary"),
    ],
)
def test_a_config_that_cannot_be_is_refused(folder, changes, problem):
    edit_json(folder / "config.json", **changes)
    refuse(folder, CheckpointError, problem)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "3"])
def test_a_config_that_is_none_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    refuse(folder, CheckpointError, "config")


def test_a_config_is_data_and_names_nothing_that_runs(folder, tmp_path):
    sentinel = tmp_path / "sentinel"
    (folder / "vae" / "config.yaml").write_text(f"!!python/object/apply:os.system ['touch {sentinel}']")
    refuse(folder, CheckpointError, "not a readable config")
    assert not sentinel.exists()


def test_absent_fields_mean_the_release(folder):
    (folder / "config.json").write_text("{}")
    (folder / "vae" / "config.yaml").write_text("")
    assert read_config(folder) == UniXConfig()


def test_janus_spelling_gives_the_same_model(folder):
    ours = read_config(folder)
    raw = json.loads((folder / "config.json").read_text())
    vision = raw.pop("vit_config")
    raw["language_config"] = raw.pop("llm_config")
    raw["vision_config"] = {
        "cls": "CLIPVisionTower",
        "params": {"image_size": vision.pop("image_size"), "select_layer": -1},
        **vision,
    }
    raw["aligner_config"] = {"cls": "MlpProjector", "params": {"depth": 2, "projector_type": "mlp_gelu"}}
    (folder / "config.json").write_text(json.dumps(raw))
    assert read_config(folder) == ours
    Checkpoint(folder)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_it_loads_and_runs_in_three_precisions(folder, dtype):
    checkpoint = Checkpoint(folder)
    model = load_reference(checkpoint, dtype)
    assert model.lm_head.weight.dtype is dtype
    assert model.understanding.norm.weight.dtype is model.time_embedder.mlp[0].weight.dtype is torch.float32
    logits = Reference(model).feed_text(fresh(), [600, 5, 6])[1]
    exact = Reference(load_reference(checkpoint)).feed_text(fresh(), [600, 5, 6])[1]
    limit = {torch.float32: 0, torch.float16: 3e-3, torch.bfloat16: 3e-2}[dtype]
    assert (logits - exact).abs().max() <= limit * exact.abs().max()


def fresh():
    from unix_edge_export.reference.run import Context

    return Context()


def test_grouped_heads_serve_their_queries_in_a_row(folder, tmp_path):
    """A model with 2 KV heads equals one with 4 whose keys and values are those, each twice."""
    grouped = tmp_path / "grouped"
    shutil.copytree(folder, grouped)
    few, many = {}, load_file(folder / WEIGHTS)
    for name, tensor in many.items():
        if any(part in name for part in ("k_proj", "v_proj")):
            heads = tensor.view(4, 32, *tensor.shape[1:])[[0, 2]]
            few[name] = heads.reshape(64, *tensor.shape[1:]).contiguous()
            many[name] = heads.repeat_interleave(2, dim=0).reshape(tensor.shape).contiguous()
        else:
            few[name] = tensor
    save_file(few, grouped / WEIGHTS)
    save_file(many, folder / WEIGHTS)
    raw = json.loads((grouped / "config.json").read_text())
    raw["llm_config"]["num_key_value_heads"] = 2
    (grouped / "config.json").write_text(json.dumps(raw))
    one, other = (Reference(load_reference(Checkpoint(each))) for each in (grouped, folder))
    noise = np.random.default_rng(0).standard_normal((16, 16), dtype=np.float32)
    found, wanted = (each.velocity(noise, 0.7, each.prompt_context([600, 5, 77])) for each in (one, other))
    np.testing.assert_allclose(found, wanted, atol=1e-5)
