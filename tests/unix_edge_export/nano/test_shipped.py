"""The model that comes with the program: what its bundle holds, what its words and pictures say."""

import numpy as np
import pytest

from unix_edge import GenerationSettings, ReportSettings, UniX
from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.domain import COMPUTED_PHANTOMS
from unix_edge.findings import find_labels
from unix_edge.phantom import compute_phantom
from unix_edge.sampler import Quality
from unix_edge_export.nano.checkpoint import load_shipped, write_checkpoint
from unix_edge_export.nano.config import NANO
from unix_edge_export.nano.stages import CHECKPOINT
from unix_edge_export.nano.understanding import compare_labels
from unix_edge_export.reference.checkpoint import Checkpoint

HELD_OUT = 10_000_000


@pytest.fixture(scope="module")
def shipped():
    return UniX.load(EMBEDDED, "cpu")


def test_it_is_small_whole_and_says_what_it_has_seen():
    bundle = Bundle.open(EMBEDDED)
    bundle.verify()
    assert sum(path.stat().st_size for path in EMBEDDED.iterdir()) <= 18_000_000
    manifest = bundle.manifest
    assert (manifest.precision, manifest.trained, manifest.trained_on) == ("fp16", True, COMPUTED_PHANTOMS)
    assert manifest.checkpoint == CHECKPOINT and manifest.parity and not manifest.float32_layers


def test_its_checkpoint_comes_back_bit_for_bit(tmp_path):
    write_checkpoint(dict(load_shipped().named_parameters()), NANO, EMBEDDED, tmp_path / CHECKPOINT)
    assert Checkpoint(tmp_path / CHECKPOINT).sha256() == Bundle.open(EMBEDDED).manifest.checkpoint_sha256


def test_its_drafts_say_what_held_out_phantoms_show(shipped):
    phantoms = [compute_phantom(seed, 384) for seed in range(HELD_OUT, HELD_OUT + 12)]
    drafts = [shipped.report(each.pixels, ReportSettings(max_tokens=160)).text for each in phantoms]
    found = [{str(label): side for label, side in find_labels(draft).items()} for draft in drafts]
    truth = [{str(label): side for label, side in each.case.labels.items()} for each in phantoms]
    assert compare_labels(found, truth)["micro_f1"] > 0.7


def lower_thirds(shipped, prompt):
    """Return the mean gray of the patient's left and right lower lung zone, over a dozen pictures: they vary."""
    settings = [GenerationSettings.of_quality(Quality.BALANCED, seed=seed) for seed in range(12)]
    pictures = [shipped.generate(prompt, each).pixels for each in settings]
    zone = np.mean(pictures, axis=(0, 3))[84:132]
    return {"right": zone[:, 30:66].mean(), "left": zone[:, 126:162].mean()}


@pytest.fixture(scope="module")
def clear(shipped):
    return lower_thirds(shipped, "Normal chest radiograph.")


@pytest.mark.parametrize("side", ["left", "right"])
def test_its_pictures_show_fluid_on_the_side_that_was_asked_for(shipped, clear, side):
    fluid = lower_thirds(shipped, f"Large {side} pleural effusion.")
    other = {"left": "right", "right": "left"}[side]
    assert fluid[side] - clear[side] > fluid[other] - clear[other] + 20
