"""What a person sees of a picture while it is made."""

import dataclasses
import json
import shutil

import numpy as np
import pytest

from unix_edge import GenerationSettings, UniX
from unix_edge.bundle import EMBEDDED, MANIFEST, Manifest
from unix_edge.errors import BundleError
from unix_edge.preview import make_preview


def alike(preview, pixels):
    """How alike a preview and a picture of the same size are, as correlation."""
    between = len(pixels) // len(preview)
    shrunk = pixels[..., 0].reshape(len(preview), between, len(preview), between).mean(axis=(1, 3))
    return np.corrcoef(preview.ravel(), shrunk.ravel())[0, 1]


@pytest.fixture(scope="module")
def nano():
    return UniX.load(EMBEDDED, "cpu")


@pytest.mark.parametrize(("size", "seed"), [(None, 7), (96, 8)])
def test_each_step_shows_what_will_come_of_it_and_the_last_shows_the_picture(nano, size, seed):
    settings = GenerationSettings(size=size, seed=seed, timesteps=11)
    *steps, picture = nano.stream_generate("Moderate left pleural effusion. Moderate cardiomegaly.", settings)
    assert {each.preview.shape for each in steps} == {((size or 192) // 4,) * 2}
    found = [alike(each.preview, picture.pixels) for each in steps]
    assert found[0] > 0.6 and found[-1] > 0.9
    assert found[0] < found[4] < found[-1] + 0.01


def test_a_map_is_laid_over_every_latent_in_its_place():
    weights = [[0.0] * 16 for _ in range(3)]
    weights[0][0], weights[1][15], weights[2][5] = 1.0, 0.5, 2.0
    latents = np.zeros((4, 2), np.float32)
    latents[1], latents[2] = (1, 0), (0, 1)
    preview = make_preview(latents, weights)
    assert preview.shape == (8, 8)
    assert [tuple(place) for place in np.argwhere(preview == 255)] == [(0, 4), (1, 1), (1, 5), (5, 1), (5, 5)]
    assert preview[7, 3] == 127 and np.count_nonzero(preview) == 6


def test_a_bundle_without_a_map_opens_as_before_and_shows_no_preview(tmp_path):
    folder = tmp_path / "old"
    shutil.copytree(EMBEDDED, folder)
    manifest = dataclasses.replace(Manifest.from_json((folder / MANIFEST).read_text("utf-8")), preview=())
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    assert "preview" not in json.loads((folder / MANIFEST).read_text("utf-8"))
    first = next(UniX.load(folder, "cpu").stream_generate("Clear lungs.", GenerationSettings(timesteps=3)))
    assert first.preview is None


@pytest.mark.parametrize("weights", [((0.0,) * 16,), ((0.0,) * 15,) * 33, (("a",) * 16,) * 33, ((0.0,) * 16,) * 34])
def test_a_map_for_other_latents_is_refused(tmp_path, weights):
    folder = tmp_path / "wrong"
    shutil.copytree(EMBEDDED, folder)
    manifest = Manifest.from_json((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(dataclasses.replace(manifest, preview=weights).to_json(), "utf-8")
    with pytest.raises(BundleError, match="manifest"):
        UniX.load(folder, "cpu")
