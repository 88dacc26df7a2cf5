"""Cases: how often, together with what, and never what cannot be seen."""

from collections import Counter

import numpy as np
import pytest

from unix_edge.findings import LABELS, MIDLINE, Label, Side
from unix_edge.phantom.cases import ZONES, Case, Finding, draw_case, each_side


def draw(count, seed=0):
    rng = np.random.default_rng(seed)
    return [draw_case(rng) for _ in range(count)]


@pytest.fixture(scope="module")
def cases():
    return draw(5000)


def share(cases, holds):
    return sum(map(holds, cases)) / len(cases)


@pytest.mark.parametrize("seed", range(8))
def test_every_label_occurs_forty_times_in_five_hundred_cases(seed):
    counts = Counter(label for case in draw(500, seed) for label in case.labels)
    assert min(counts[label] for label in LABELS) >= 40


def test_an_abnormal_case_has_two_labels_or_some_more(cases):
    assert 2 <= np.mean([len(case.labels) for case in cases if Label.NO_FINDING not in case.labels]) <= 2.6
    assert 0.12 < share(cases, lambda case: Label.NO_FINDING in case.labels) < 0.16
    assert any({Label.NO_FINDING, Label.SUPPORT_DEVICES} <= case.labels.keys() for case in cases)


def test_the_most_frequent_label_said_of_every_case_scores_low(cases):
    counts = Counter(label for case in cases for label in case.labels)
    assert 2 * max(counts.values()) / (len(cases) + counts.total()) < 0.4


def test_a_third_is_hard_to_see(cases):
    conspicuity = np.array([finding.conspicuity for case in cases for finding in case.findings])
    assert conspicuity.min() >= 0 and conspicuity.max() <= 1
    assert (conspicuity < 0.4).mean() > 1 / 3


@pytest.mark.parametrize("label", [label for label in LABELS if label not in MIDLINE])
def test_left_and_right_are_balanced(cases, label):
    sides = Counter(case.labels[label] for case in cases if label in case.labels)
    assert 0.8 < sides[Side.LEFT] / sides[Side.RIGHT] < 1.25


def test_findings_go_together_as_in_a_hospital(cases):
    def together(one, other):
        with_one = [case for case in cases if one in case.labels]
        return share(with_one, lambda case: other in case.labels) / share(cases, lambda case: other in case.labels)

    assert together(Label.EDEMA, Label.CARDIOMEGALY) > 1.8
    assert together(Label.EDEMA, Label.PLEURAL_EFFUSION) > 1.5
    assert together(Label.PLEURAL_EFFUSION, Label.ATELECTASIS) > 1.5
    assert together(Label.PNEUMOTHORAX, Label.SUPPORT_DEVICES) > 1.5
    assert together(Label.PNEUMOTHORAX, Label.FRACTURE) > 1.3


def test_no_finding_hides_another(cases):
    for case in cases:
        for side in (Side.LEFT, Side.RIGHT):
            here = [finding for finding in case.findings if side in each_side(finding.side)]
            large = {finding.label for finding in here if finding.size == "large"}
            lung = [finding for finding in here if finding.site in ZONES]
            zones = [finding.site for finding in lung]
            assert len(set(zones)) == len(zones)
            labels = {finding.label for finding in here}
            if Label.ATELECTASIS in labels:
                assert "lower" not in zones and not large & {Label.PLEURAL_EFFUSION, Label.PNEUMOTHORAX}
            if Label.PLEURAL_EFFUSION in large:
                assert "lower" not in zones and Label.PNEUMOTHORAX not in labels
            if Label.PNEUMOTHORAX in large:
                assert not lung


def test_a_label_is_found_once_on_a_side_and_a_device_once(cases):
    for case in cases:
        keys = [finding.kind if finding.label is Label.SUPPORT_DEVICES else finding.label for finding in case.findings]
        assert len(set(keys)) == len(keys)
        assert all((finding.label in MIDLINE) <= (finding.side is None) for finding in case.findings)


def test_sides_of_several_devices_merge():
    tubes = [Finding(Label.SUPPORT_DEVICES, side, "", "", "", 1) for side in (None, Side.LEFT, Side.RIGHT)]
    assert Case(tuple(tubes[:2])).labels == {Label.NO_FINDING: None, Label.SUPPORT_DEVICES: Side.LEFT}
    assert Case(tuple(tubes)).labels[Label.SUPPORT_DEVICES] is Side.BOTH


def test_a_seed_repeats_its_cases():
    assert draw(50, 3) == draw(50, 3) != draw(50, 4)
