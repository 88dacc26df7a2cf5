import json
import re

import numpy as np
import pytest

from unix_edge.findings import LABELS, Label, find_labels
from unix_edge_export.nano.config import VALIDATION_SEED, Recipe
from unix_edge_export.nano.phantoms import EarlierPhantomsError, Phantoms, Workers, chunks, compute_chunk, cover


def test_no_phantom_is_held_out_and_none_is_in_two_files():
    data = Recipe().data
    first, *others = chunks(data)
    assert first.first_seed == VALIDATION_SEED and first.first_seed + first.count <= 10_000_000
    ends = [0, *(each.first_seed + each.count for each in others)]
    assert ends[:-1] == [each.first_seed for each in others] and ends[-1] == data.phantoms < VALIDATION_SEED


def test_files_are_taken_as_they_come_and_in_their_order(recipe, tmp_path):
    _, one, other = chunks(recipe.data)
    found = Phantoms(tmp_path, [one, other])
    compute_chunk(tmp_path, other, recipe.data)
    found.refresh()
    assert len(found) == 0
    compute_chunk(tmp_path, one, recipe.data)
    found.refresh()
    assert len(found) == 6 and found.complete
    size = recipe.data.size
    assert found.pixels([0, 5, 3]).shape == (3, size, size)
    last = Phantoms(tmp_path, [other])
    np.testing.assert_array_equal(found.pixels([5]), last.pixels([2]))
    assert not list(tmp_path.glob(".*"))


def test_a_file_of_an_earlier_version_is_refused_in_a_sentence(recipe, nano_folder, tmp_path):
    first, *_ = chunks(recipe.data)
    records = json.loads((nano_folder / f"{first.name}.json").read_text("utf-8"))
    for record in records:
        del record["plain"]
    (tmp_path / f"{first.name}.json").write_text(json.dumps(records), "utf-8")
    with pytest.raises(EarlierPhantomsError, match=f"lacks 'plain'. Delete {re.escape(str(tmp_path))}"):
        Phantoms(tmp_path, [first])


def test_every_wording_says_the_labels_that_are_kept(phantoms):
    for record in phantoms.records:
        for report in record.reports:
            assert {str(label): side for label, side in find_labels(report).items()} == record.labels


def test_it_is_kept_where_each_label_is_to_be_seen(phantoms):
    places = phantoms.places(range(len(phantoms)))
    assert places.shape[1:] == (len(LABELS), 12, 12)
    for place, record in zip(places, phantoms.records, strict=True):
        marked = {label.value for label, covered in zip(LABELS, place, strict=True) if covered.any()}
        assert marked <= set(record.labels), "a finding covers what no label says"
        assert (marked == set()) == (set(record.labels) == {"No Finding"})


def test_a_finding_on_one_side_covers_that_side(phantoms):
    checked = 0
    for place, record in zip(phantoms.places(range(len(phantoms))), phantoms.records, strict=True):
        for label, side in record.labels.items():
            covered = place[LABELS.index(Label(label))].astype(int)
            if side in ("left", "right") and label != "Support Devices" and covered.any():
                right, left = covered[:, :6].sum(), covered[:, 6:].sum()
                assert (left > right) == (side == "left"), (label, side)
                checked += 1
    assert checked > 5


def test_cover_tells_how_much_of_each_patch_is_masked():
    mask = np.zeros((10, 10), bool)
    mask[:5, 5:] = True
    mask[5:, :1] = True
    np.testing.assert_array_equal(cover(mask, 2), [[0, 255], [51, 0]])


def test_workers_make_what_is_missing_and_a_second_run_makes_nothing(recipe, phantoms, tmp_path):
    workers = Workers(tmp_path, recipe.data)
    found = Phantoms(tmp_path, chunks(recipe.data)[1:])
    workers.wait(found, 6)
    workers.stop()
    np.testing.assert_array_equal(found.pixels(range(6)), phantoms.pixels(range(6)))
    assert found.records == phantoms.records
    assert (tmp_path / "validation.json").is_file(), "the first file of the first worker"
    again = Workers(tmp_path, recipe.data)
    assert not again._processes


def test_a_worker_whose_trainer_is_gone_stops(recipe, tmp_path):
    compute_chunk(tmp_path, chunks(recipe.data)[0], recipe.data, parent=1 << 30)
    assert not list(tmp_path.iterdir())
