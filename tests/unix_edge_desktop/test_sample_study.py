"""The sample study is the same each time, conforms, says what it is, and is made once, whole or not at all."""

import hashlib
import sys

import numpy as np
import pytest
from pydicom import dcmread

from unix_edge.errors import OutputError, StoppedError
from unix_edge_desktop.image.images import load_view_image
from unix_edge_desktop.studies import sample_study
from unix_edge_desktop.studies.sample_study import SAMPLES, make_sample_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder, and how far it was said to be."""
    steps = []
    folder = make_sample_study(tmp_path_factory.mktemp("data"), lambda *step: steps.append(step))
    return folder, steps


def test_it_is_several_patients_and_one_with_a_pair_to_compare(made):
    folder, steps = made
    images = [dcmread(path) for path in sorted(folder.iterdir())]
    assert len(images) == len(SAMPLES) == 6 and steps[-1] == (6, 6) and steps == sorted(steps)
    patients = {}
    for image in images:
        patients.setdefault(image.PatientID, []).append(image)
    pairs = [each for each in patients.values() if len(each) == 2]
    assert len(patients) == 5 and len(pairs) == 1
    prior, current = sorted(pairs[0], key=lambda image: image.StudyDate)
    assert prior.StudyDate < current.StudyDate and prior.StudyInstanceUID != current.StudyInstanceUID
    assert prior.PatientName == current.PatientName
    assert current.StudyDate == max(image.StudyDate for image in images), "opened first, with something to compare"
    # The same thorax: alike but where the finding is, on the left, which is the image's right half.
    difference = np.abs(prior.pixel_array.astype(int) - current.pixel_array)
    assert (difference[:, 405:] > 20).mean() > 0.03 and difference[:, :360].max() <= 5


def test_each_conforms_and_is_marked_as_synthetic(made, assert_conforms):
    for path in made[0].iterdir():
        assert_conforms(path)
        dataset = dcmread(path)
        assert dataset.SyntheticData == "YES" and str(dataset.PatientName).startswith("SYNTHETIC^")
        assert dataset.DerivationDescription.endswith("Its date and time are invented.")
    assert load_view_image(path).synthetic


def test_it_is_made_once_and_the_same_each_time(made, tmp_path):
    folder, _ = made
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert make_sample_study(folder.parent) == folder
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    # Made again by the same way: with other threads a processor may round the last bit otherwise.
    again = make_sample_study(tmp_path)
    hashes = [
        {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in each.iterdir()}
        for each in (folder, again)
    ]
    assert hashes[0] == hashes[1] and len(hashes[0]) == len(SAMPLES)


def test_stopped_or_dead_it_leaves_nothing(tmp_path, monkeypatch):
    asked = []
    with pytest.raises(StoppedError):
        make_sample_study(tmp_path / "data", should_stop=lambda: len(asked) > 2 or asked.append(1))
    assert not (tmp_path / "data").exists() or list((tmp_path / "data").iterdir()) == []
    monkeypatch.setattr(sample_study.sys, "executable", "/bin/false")
    with pytest.raises(OutputError, match="the process that computes it died"):
        make_sample_study(tmp_path / "data")
    assert not (tmp_path / "data").exists() or list((tmp_path / "data").iterdir()) == []
    assert sys.executable == "/bin/false"
