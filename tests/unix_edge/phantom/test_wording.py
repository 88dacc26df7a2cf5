"""Words of cases: true, readable by rule, few."""

import re

import numpy as np
import pytest

from unix_edge.findings import find_labels
from unix_edge.phantom.cases import Case, draw_case
from unix_edge.phantom.wording import write_plain_report, write_prompt, write_report


def write(count, seed=0):
    rng = np.random.default_rng(seed)
    cases = [draw_case(rng) for _ in range(count)]
    return [(case, write_report(case, rng), write_prompt(case, rng)) for case in cases]


@pytest.fixture(scope="module")
def written():
    return write(5000)


def test_reports_and_prompts_say_exactly_what_the_case_shows(written):
    for case, report, prompt in written:
        assert find_labels(report) == case.labels, report
        assert find_labels(prompt) == case.labels, prompt


def test_each_section_says_all_of_it(written):
    for case, report, _ in written[:500]:
        findings, impression = report.removeprefix("FINDINGS: ").split(" IMPRESSION: ")
        assert find_labels(findings) == find_labels(impression) == case.labels, report


def test_reports_are_one_line_of_thirty_to_sixty_five_words(written):
    lengths = np.array([len(report.split()) for _, report, _ in written])
    assert 38 <= np.median(lengths) <= 46
    assert ((lengths >= 30) & (lengths <= 65)).mean() > 0.995
    assert not any("\n" in report or "  " in report for _, report, _ in written)


def test_the_words_are_few_and_lower_case_within_sentences(written):
    texts = [text for _, *both in written for text in both]
    assert len({word for text in texts for word in re.findall(r"[a-z]+", text.lower())}) <= 260
    assert not any(re.search(r"[a-z,] [A-Z](?!ICC)", text) for text in texts)


def test_no_report_knows_an_earlier_one(written):
    prior = r"\b(prior|previous|compar|unchanged|new|interval|stable|again|change|since|improv|worse|remain)|_|\d"
    assert not any(re.search(prior, text.lower()) for _, *both in written for text in both)


def test_wordings_vary(written):
    reports = [report for _, report, _ in written]
    assert len(set(reports)) > 0.97 * len(reports)


def test_a_seed_repeats_its_words():
    assert write(20, 3) == write(20, 3) != write(20, 4)


def test_the_plain_report_says_the_same_of_cases_alike_and_all_of_each(written):
    words = set()
    for case, *_ in written[:1000]:
        plain = write_plain_report(case)
        assert find_labels(plain) == case.labels, plain
        assert write_plain_report(Case(case.findings[::-1])) == plain
        words.add(plain.split(". ")[0])
    assert len(words) < len({report.split(". ")[0] for _, report, _ in written[:1000]}) / 2
