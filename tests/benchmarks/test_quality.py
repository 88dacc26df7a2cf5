"""What quality is counted by, on values worked out by hand, and that a run goes on where it was killed."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from unix_edge.findings import LABELS, Label, Side
from unix_edge.phantom.cases import Case, Finding

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import quality_classifier  # noqa: E402
import quality_data  # noqa: E402
import quality_metrics  # noqa: E402
from quality_table import Target, targets  # noqa: E402

from unix_edge_export import finding_counts  # noqa: E402


@pytest.fixture
def one_thread():
    """So little is to be computed that threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


EDEMA, MASS, FLUID, AIR = Label.EDEMA, Label.LUNG_LESION, Label.PLEURAL_EFFUSION, Label.PNEUMOTHORAX


def figures_of(found, truth):
    return {
        name: float(value)
        for name, value in finding_counts.figures(finding_counts.count(found, truth).sum(axis=0)).items()
    }


def test_f1_and_sides_are_those_counted_by_hand():
    truth = [{EDEMA: None, FLUID: Side.BOTH}, {FLUID: Side.LEFT}, {MASS: Side.RIGHT}]
    found = [{EDEMA: None, FLUID: Side.LEFT}, {FLUID: Side.LEFT, AIR: Side.LEFT}, {EDEMA: None}]
    told = figures_of(found, truth)
    # Labels: edema 1 right 1 surplus, effusion 2 right, pneumothorax 1 surplus, lesion 1 missed.
    assert told["micro_f1_14"] == pytest.approx(2 * 3 / (2 * 3 + 2 + 1))
    assert told["macro_f1_14"] == pytest.approx((2 / 3 + 1) / 14)
    assert told["micro_f1_5"] == pytest.approx(2 * 3 / (2 * 3 + 1))
    assert told["macro_f1_5"] == pytest.approx((2 / 3 + 1) / 5)
    # On each side: edema 1 right 1 surplus, left fluid 2 right, right fluid missed, left air surplus, mass missed.
    assert told["sided_f1"] == pytest.approx(2 * 3 / (2 * 3 + 2 + 2))
    assert told["sides"] == pytest.approx(1 / 2)


def test_the_truth_itself_scores_one_and_silence_nothing():
    truth = [{label: None for label in LABELS}]
    assert figures_of(truth, truth)["macro_f1_14"] == 1
    assert set(figures_of([{}], truth).values()) == {0}


def test_f1_by_label_is_each_label_s_own():
    counts = finding_counts.count([{EDEMA: None}, {EDEMA: None}], [{EDEMA: None}, {}])
    assert finding_counts.f1_by_label(counts)[EDEMA.value] == pytest.approx(2 / 3)
    assert finding_counts.f1_by_label(counts)[AIR.value] == 0


def test_recall_goes_by_the_most_visible_finding_of_a_label():
    def finding(conspicuity):
        return Finding(MASS, Side.LEFT, "upper", "small", "nodule", conspicuity)

    cases = [Case((finding(0.1), finding(0.9))), Case((finding(0.2),))]
    told = quality_metrics.recall_by_conspicuity([{MASS: Side.LEFT}, {}], cases)
    assert told["Lung Lesion"] == {"count": 2, "recall": 0.5, "barely": 0, "fairly": None, "clearly": 1}
    assert told["all"] == told["Lung Lesion"]


def test_the_frechet_distance_of_known_gaussians():
    one, other = np.diag([1.0, 4.0]), np.diag([9.0, 4.0])
    mean, away = np.zeros(2), np.array([3.0, 4.0])
    assert quality_metrics.frechet(mean, one, mean, one) == pytest.approx(0, abs=1e-9)
    assert quality_metrics.frechet(mean, one, away, one) == pytest.approx(25)
    assert quality_metrics.frechet(mean, one, mean, other) == pytest.approx((3 - 1) ** 2)


def test_the_frechet_distance_of_covariances_that_do_not_commute():
    one, other = np.array([[2.0, 1.0], [1.0, 2.0]]), np.diag([1.0, 3.0])
    # trace(sqrt(AB)) of 2x2: sqrt(trace(AB) + 2 sqrt(det(AB))).
    between = np.sqrt(np.trace(one @ other) + 2 * np.sqrt(np.linalg.det(one @ other)))
    assert quality_metrics.frechet(np.zeros(2), one, np.zeros(2), other) == pytest.approx(4 + 4 - 2 * between)


def test_a_covariance_is_shrunk_only_where_samples_are_few():
    features = np.random.default_rng(0).standard_normal((200, 4))
    _, covariance, shrunk = quality_metrics.gaussian(features)
    assert shrunk == 0
    np.testing.assert_allclose(covariance, np.cov(features.T))
    _, covariance, shrunk = quality_metrics.gaussian(features[:3])
    assert shrunk == 4 / 7
    assert np.linalg.eigvalsh(covariance).min() > 0
    assert np.trace(covariance) == pytest.approx(np.trace(np.cov(features[:3].T)))


def test_paired_differences_are_reproducible_and_nothing_between_equals():
    rng = np.random.default_rng(0)
    truth = [{LABELS[index]: None for index in rng.choice(14, 3, replace=False)} for _ in range(40)]
    found = [{LABELS[index]: None for index in rng.choice(14, 3, replace=False)} for _ in range(40)]
    counts, right = finding_counts.count(found, truth), finding_counts.count(truth, truth)
    told = finding_counts.difference(counts, right, 200)
    assert told == finding_counts.difference(counts, right, 200)
    low, high = told["micro_f1_14"]["interval"]
    assert low < told["micro_f1_14"]["value"] < high < 0
    assert finding_counts.difference(counts, counts, 50)["micro_f1_14"] == {"value": 0, "interval": (0, 0)}


def test_the_bootstrap_s_interval_of_a_share_is_the_binomial_s():
    truth = [{FLUID: Side.LEFT}] * 100
    found = [{FLUID: Side.LEFT}] * 80 + [{FLUID: Side.RIGHT}] * 20
    told = finding_counts.summary(finding_counts.count(found, truth))["sides"]
    assert told["value"] == pytest.approx(0.8)
    assert told["interval"] == pytest.approx((0.72, 0.88), abs=0.021)


def test_diversity_is_the_mean_distance_of_pairs():
    told = quality_metrics.diversity(np.zeros((2, 2)), np.array([[3.0, 4.0], [0.0, 1.0]]))
    assert told["value"] == 3
    assert told["interval"] == (1, 5)


def test_rows_go_on_after_a_row_that_was_cut(tmp_path):
    path = tmp_path / "rows" / "some.jsonl"
    rows = quality_data.Rows(path)
    rows.add("1", text="one")
    rows.add("2", text="two")
    rows.close()
    path.write_bytes(path.read_bytes()[:-5])
    rows = quality_data.Rows(path)
    assert "1" in rows and "2" not in rows
    rows.add("2", text="again")
    with pytest.raises(ValueError, match="2 is there"):
        rows.add("2", text="twice")
    rows.close()
    assert [json.loads(line)["text"] for line in path.read_text().splitlines()] == ["one", "again"]


def test_a_killed_run_s_rows_are_on_disk(tmp_path):
    path = tmp_path / "some.jsonl"
    run = (
        f"import os, sys; sys.path.insert(0, {str(BENCHMARKS)!r}); from quality_data import Rows\n"
        f"from pathlib import Path; rows = Rows(Path({str(path)!r}))\n"
        "for number in range(len(rows), 5):\n"
        "    rows.add(str(number)); len(rows) == int(sys.argv[1]) and os._exit(9)\n"
    )
    for most, status in (("2", 9), ("4", 9), ("9", 0)):
        assert subprocess.run([sys.executable, "-c", run, most]).returncode == status
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == ["0", "1", "2", "3", "4"]


def test_phantoms_of_the_same_cases_are_others(tmp_path, monkeypatch):
    monkeypatch.setattr(quality_data, "FILE", 2)
    seed = quality_data.HELD_OUT
    for name in (f"{seed}", f"{seed}-again"):
        quality_data.compute_file(tmp_path, name)
    phantoms, again = (json.loads((tmp_path / f"{seed}{end}.json").read_text()) for end in ("", "-again"))
    assert [each["findings"] for each in phantoms] == [each["findings"] for each in again]
    one, other = (np.load(tmp_path / f"{seed}{end}.npy") for end in ("", "-again"))
    assert one.shape == (2, 192, 192)
    assert (one != other).mean() > 0.5
    (tmp_path / f"v{quality_data.VERSION}").symlink_to(tmp_path)
    read = quality_data.compute_phantoms(tmp_path, seed, 2)
    assert read.labels == [quality_data.compute_phantom(each, 32).case.labels for each in (seed, seed + 1)]


def draw_toys(count, rng):
    """Return phantoms by name only: a bright left half has an edema, a bright top a mass."""
    pixels = rng.integers(80, 120, (count, 192, 192), dtype=np.uint8)
    cases = []
    for each in pixels:
        bright, top = (rng.random(2) < (0.7, 0.3)).tolist()
        each[:, :96] += np.uint8(60 * bright)
        each[:96] += np.uint8(50 * top)
        findings = [Finding(EDEMA, None, "", "", "", 1.0)] * bright + [Finding(MASS, Side.LEFT, "", "", "", 1.0)] * top
        cases.append(Case(tuple(findings)))
    return quality_data.Phantoms(0, pixels, tuple(cases), ("",) * count)


def test_the_toys_learn_what_thumbnails_show_and_the_most_frequent_label(one_thread):
    rng = np.random.default_rng(0)
    learnt, held, shown = (draw_toys(count, rng) for count in (80, 40, 40))
    read = quality_classifier.logistic_regression(learnt, held, shown.pixels)
    assert figures_of(read, shown.labels)["micro_f1_14"] > 0.95
    often = quality_classifier.most_frequent(learnt.labels, 3)
    assert often == [{EDEMA: None}] * 3


def test_the_classifier_s_logits_are_read_as_labels_and_sides():
    logits = np.full((1, 42), -5.0)
    sides = logits[0, 14:].reshape(14, 2)
    for label, left, right in (
        (EDEMA, 3, 3),
        (FLUID, 2, 1),
        (AIR, -1, -2),
        (MASS, -1, 4),
        (Label.SUPPORT_DEVICES, -1, -1),
    ):
        logits[0, LABELS.index(label)] = 2
        sides[LABELS.index(label)] = left, right
    assert quality_classifier.to_labels(logits, np.full(14, 0.5)) == [
        {EDEMA: None, FLUID: Side.BOTH, AIR: Side.LEFT, MASS: Side.RIGHT, Label.SUPPORT_DEVICES: None}
    ]


def test_a_threshold_is_where_f1_is_best():
    chances = np.full((4, 14), 0.01)
    chances[:, 0] = 0.1, 0.3, 0.6, 0.8
    truth = [{}, {}, {LABELS[0]: None}, {LABELS[0]: None}]
    assert 0.3 < quality_classifier.choose_thresholds(chances, truth)[0] < 0.6


def test_a_classifier_that_was_killed_goes_on_and_is_trained_once(one_thread, tmp_path, monkeypatch, capsys):
    toys = draw_toys(24, np.random.default_rng(0))
    monkeypatch.setattr(quality_classifier, "compute_phantoms", lambda *_: toys)
    learn = quality_classifier._learn

    def killed_after_one(*args):
        if args[4] == 1:
            raise KeyboardInterrupt
        return learn(*args)

    monkeypatch.setattr(quality_classifier, "_learn", killed_after_one)
    with pytest.raises(KeyboardInterrupt):
        quality_classifier.load_classifier(tmp_path, 24, 2)
    monkeypatch.setattr(quality_classifier, "_learn", learn)
    resumed = quality_classifier.load_classifier(tmp_path, 24, 2)
    assert capsys.readouterr().out.count("epoch") == 2
    labels, features = resumed.read(toys.pixels[:3])
    assert len(labels) == 3 and features.shape == (3, quality_classifier.FEATURES)
    again, same = quality_classifier.load_classifier(tmp_path, 24, 2).read(toys.pixels[:3])
    assert (again, capsys.readouterr().out) == (labels, "")
    np.testing.assert_array_equal(features, same)


def test_targets_are_met_or_missed_in_their_direction():
    assert Target("share", 0.9, 0.88, 0.94).verdict == "met"
    assert Target("share", 0.95, 0.88, 0.94).verdict == "met, and the aim"
    assert Target("share", 0.8, 0.88).verdict == "missed"
    assert Target("distance", 2, 3, 1.5, at_most=True).verdict == "met"
    assert Target("distance", 4, 3, 1.5, at_most=True).verdict == "missed"
    assert [each.met for each in targets({"labels": {"one": 39, "other": 60}})] == [False]
