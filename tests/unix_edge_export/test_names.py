"""The name map covers the release exactly."""

import dataclasses
import json
from pathlib import Path

import torch

from unix_edge_export import random_checkpoint
from unix_edge_export.random_checkpoint import RELEASE, TINY
from unix_edge_export.reference.checkpoint import make_skeleton
from unix_edge_export.reference.config import UniXConfig
from unix_edge_export.reference.model import UniX
from unix_edge_export.reference.names import checkpoint_shapes, iterate_sources, model_names, unused_names

RELEASED = Path(__file__).parents[1] / "data" / "golden" / "unix-1.5b-tensors.json"


def test_the_map_has_exactly_the_release_s_names_and_shapes():
    released = {name: tuple(shape) for name, shape in json.loads(RELEASED.read_text("utf-8")).items()}
    assert len(released) == 996
    assert checkpoint_shapes(UniXConfig()) == released


def test_a_random_full_size_checkpoint_has_exactly_them(tmp_path, monkeypatch):
    """What the writer lays out for the release's dims; only the 6.4 GB of values are not written here."""
    written = {}

    def lay_down(layout, read, path, progress):
        written.update({tensor.name: list(tensor.shape) for tensor in layout.tensors})

    monkeypatch.setattr(random_checkpoint, "write_weights", lay_down)
    small_vae = dataclasses.replace(RELEASE, vae=TINY.vae)  # the 996 do not hold the VAE
    random_checkpoint.write_random_checkpoint(tmp_path, small_vae)
    assert written == json.loads(RELEASED.read_text("utf-8"))


def test_every_parameter_has_a_source_and_every_tensor_a_use_or_a_place_on_the_unused_list():
    for config in (TINY, RELEASE):
        with torch.device("meta"):
            parameters = {name for name, _ in UniX(config).named_parameters()}
        assert {name for name, _ in iterate_sources(config)} == parameters
        used = {source.name for source in model_names(config).values()}
        assert used.isdisjoint(unused_names(config))
        assert used | set(unused_names(config)) == set(checkpoint_shapes(config))


def test_fused_tensors_are_split_in_three_and_all_others_used_once():
    sources = [(source.name, source.part) for _, source in iterate_sources(TINY)]
    assert len(set(sources)) == len(sources)
    fused = {name for name, part in sources if part is not None}
    assert all({part for name, part in sources if name == each} == {0, 1, 2} for each in fused)


def test_shapes_fit_their_parameters():
    for config in (TINY, RELEASE):
        skeleton = make_skeleton(config)
        for name, source in iterate_sources(config):
            thirds = 3 if source.part is not None else 1
            size = torch.Size(source.shape).numel() // thirds
            assert skeleton.get_parameter(name).numel() == size, name
