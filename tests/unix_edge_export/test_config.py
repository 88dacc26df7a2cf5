"""A config is small and plain, or it is refused at once."""

import json
import os
import shutil
import time

import pytest

from unix_edge.errors import CheckpointError
from unix_edge_export.reference.config import read_config


@pytest.fixture
def folder(tiny_golden, tmp_path):
    copy = tmp_path / "checkpoint"
    (copy / "vae").mkdir(parents=True)
    for name in ("config.json", "vae/config.yaml"):
        shutil.copy(tiny_golden / name, copy / name)
    return copy


def refused(folder):
    began = time.monotonic()
    with pytest.raises(CheckpointError) as failure:
        read_config(folder)
    assert time.monotonic() - began < 5
    assert len(str(failure.value)) < 400 + len(str(folder))
    return str(failure.value)


def test_the_config_as_it_is_can_be_read(folder):
    assert read_config(folder).language.hidden_size


@pytest.mark.parametrize("name", ["config.json", "vae/config.yaml"])
def test_what_is_no_regular_file_or_too_large_is_refused(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert "not a readable config file" in refused(folder)
    (folder / name).unlink()
    (folder / name).symlink_to("/dev/zero")
    assert "not a readable config file" in refused(folder)
    (folder / name).unlink()
    with (folder / name).open("wb") as file:
        file.truncate(3 << 30)
    assert "not a readable config file" in refused(folder)


ALIASES = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8)
)


@pytest.mark.parametrize(
    "text",
    [
        ALIASES + "model: {params: {ddconfig: {ch: *a7}}}\n",
        "model: {params: {ddconfig: {<<: {ch: 32}}}}\n",
        "b: &b {ch: 32}\nmodel: {params: {ddconfig: {<<: *b}}}\n",
    ],
)
def test_aliases_and_merge_keys_are_refused(folder, text):
    (folder / "vae/config.yaml").write_text(text)
    assert "not a readable config file" in refused(folder)


@pytest.mark.parametrize("value", ["1e400", "-1e400", json.dumps("9" * 500_000), json.dumps(["long"] * 50_000)])
@pytest.mark.parametrize("place", ["hidden_size", "max_latent_size"])
def test_a_value_that_cannot_be_is_one_short_sentence(folder, place, value):
    raw = json.loads((folder / "config.json").read_text())
    section = "llm_config" if raw.get("llm_config") else "language_config"
    (raw if place == "max_latent_size" else raw[section])[place] = "HERE"
    (folder / "config.json").write_text(json.dumps(raw).replace('"HERE"', value))
    assert "a value that cannot be" in refused(folder)


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("llm_config", {"num_hidden_layers": 10**6}),
        ("llm_config", {"num_hidden_layers": 257}),
        ("llm_config", {"hidden_size": 2**17, "num_attention_heads": 2}),
        ("llm_config", {"rms_norm_eps": "1e-6"}),
        ("llm_config", {"rms_norm_eps": True}),
        ("llm_config", {"rope_theta": float("nan")}),
        ("llm_config", {"num_attention_heads": 4.0}),
        ("vit_config", {"image_size": 20_000, "patch_size": 1}),
        ("vit_config", {"image_size": 2048, "patch_size": 2}),
        ("vit_config", {"num_hidden_layers": True}),
        ("special_token_ids", {"bos_token_id": "600"}),
        (None, {"max_latent_size": 10**5}),
        (None, {"max_latent_size": "32"}),
        (None, {"max_latent_size": 7.9}),
        (None, {"random_weights": "false"}),
        (None, {"random_weights": 0}),
        (None, {"trained_on": ["x"]}),
        (None, {"trained_on": "x" * 5000}),
    ],
    ids=str,
)
def test_what_no_model_could_have_is_refused_at_once(folder, section, values):
    raw = json.loads((folder / "config.json").read_text())
    (raw if section is None else raw.setdefault(section, {})).update(values)
    (folder / "config.json").write_text(json.dumps(raw))
    assert "a value that cannot be" in refused(folder)


@pytest.mark.parametrize(
    "dims",
    ["ch_mult: 12", "ch_mult: '1224'", "ch_mult: [1, 2.5]", "ch_mult: [1, 1, 1, 1, 1, 1, 1, 1, 1]", "ch: 1.0e+9"],
)
def test_a_vae_that_could_not_be_is_refused_at_once(folder, dims):
    (folder / "vae/config.yaml").write_text(f"model: {{params: {{ddconfig: {{{dims}}}}}}}\n")
    assert "a value that cannot be" in refused(folder)
