"""Drafting: streams, stops, prompts and settings."""

import itertools
import threading
import time

import numpy as np
import pytest

from unix_edge import Report, ReportSettings
from unix_edge.errors import NotFiniteError, PromptError, SettingsError, StoppedError
from unix_edge.report import Ended, choose


@pytest.fixture(scope="module")
def reading(unix):
    return unix.read(np.random.default_rng(0).integers(0, 256, (90, 70), dtype=np.uint8))


def test_the_pieces_add_up_to_the_report(reading):
    *pieces, report = reading.stream(ReportSettings(max_tokens=40))
    assert isinstance(report, Report)
    assert "".join(pieces) == report.text
    assert len(pieces) > 5
    assert report.ended is Ended.MAX_TOKENS and len(report.tokens) == 39


def test_a_report_may_begin_with_the_reader_s_words(reading):
    free = reading.report(ReportSettings(max_tokens=30))
    *_, begun = reading.stream(ReportSettings(max_tokens=30), prefix="FINDINGS: The heart")
    assert begun.text.startswith("FINDINGS: The heart")
    assert begun.tokens != free.tokens


def test_stopping_keeps_what_is_finished_and_marks_it(reading):
    stop = threading.Event()
    stream = reading.stream(ReportSettings(max_tokens=400), should_stop=stop.is_set)
    pieces = list(itertools.islice(stream, 5))
    stop.set()
    began = time.perf_counter()
    *rest, report = stream
    assert time.perf_counter() - began < 0.5
    assert report.ended is Ended.STOPPED
    assert report.text == "".join([*pieces, *rest]) and 5 <= len(report.tokens) < 30


def test_stopping_before_the_first_word_leaves_nothing(reading, unix, chest):
    with pytest.raises(StoppedError):
        list(reading.stream(should_stop=lambda: True))
    with pytest.raises(StoppedError):
        unix.read(chest, should_stop=lambda: True)


def test_a_seed_repeats_a_draw_and_temperature_changes_it(reading):
    def draw(seed, temperature):
        return reading.report(ReportSettings(max_tokens=20, temperature=temperature, seed=seed)).tokens

    assert draw(1, 1.0) == draw(1, 1.0) != draw(2, 1.0)
    assert draw(1, 0.0) == draw(2, 0.0)
    assert draw(1, 1e-4) == draw(1, 0.0)


def test_an_empty_prompt_and_one_beyond_the_context_are_refused(reading):
    with pytest.raises(PromptError, match="The prompt is empty"):
        ReportSettings(prompt="  \n")
    with pytest.raises(PromptError, match=r"hold 1536 positions; nothing was drafted. Shorten it"):
        reading.report(ReportSettings(prompt="left " * 4000))


@pytest.mark.parametrize("wrong", [{"max_tokens": 0}, {"temperature": -1}, {"temperature": float("nan")}, {"seed": -1}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(SettingsError, match="Nothing was drafted"):
        ReportSettings(**wrong)


def test_logits_that_are_no_numbers_are_refused():
    with pytest.raises(NotFiniteError, match="no numbers"):
        choose(np.array([0.0, np.nan], np.float32), 0.0, np.random.default_rng(0))


def test_drawing_follows_softmax():
    random, logits = np.random.default_rng(0), np.log(np.array([0.1, 0.2, 0.7], np.float32))
    counts = np.bincount([choose(logits, 1.0, random) for _ in range(4000)], minlength=3) / 4000
    np.testing.assert_allclose(counts, [0.1, 0.2, 0.7], atol=0.03)


def test_provenance_holds_the_prompt_as_a_hash_only(reading):
    report = reading.report(ReportSettings(prompt="Secret words about somebody.", max_tokens=3))
    assert "Secret" not in str(report.provenance)
    assert report.provenance.parameters["prompt_sha256"]
    assert report.provenance.device == "cpu"
