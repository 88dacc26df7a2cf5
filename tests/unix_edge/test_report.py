"""Drafting: streams, stops, prompts and settings."""

import itertools
import json
import threading
import time

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence

from unix_edge import Report, ReportSettings
from unix_edge.batch import as_json, as_text
from unix_edge.dicom.grayscale import ImageWarning
from unix_edge.errors import ImageError, NotFiniteError, PromptError, SettingsError, StoppedError
from unix_edge.report import Ended, choose, log_probability
from unix_edge.results.structured_report import make_sr


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


def test_every_token_has_its_probability(reading):
    *pieces, report = reading.stream_pieces(ReportSettings(max_tokens=30, temperature=1.0), prefix="FINDINGS:")
    told = report.log_probabilities
    assert len(told) == len(report.tokens) and told == tuple(p for each in pieces for p in each.log_probabilities)
    given = len(list(itertools.takewhile(lambda each: each == 0.0, told)))
    assert 1 <= given < 10 and all(each < 0 for each in told[given:])


def test_a_probability_is_the_model_s_own():
    logits = np.log(np.array([0.1, 0.2, 0.7], np.float32)) + np.float32(50)
    for token, share in enumerate((0.1, 0.2, 0.7)):
        assert np.exp(log_probability(logits, token)) == pytest.approx(share, rel=1e-5)


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
    assert report.provenance.parameters["prompt_sha256"] and "prefix_sha256" not in report.provenance.parameters
    *_, begun = reading.stream(ReportSettings(max_tokens=9), prefix="Secret words")
    assert "Secret" not in str(begun.provenance) and begun.provenance.parameters["prefix_sha256"]
    assert report.provenance.device == "cpu"


RUINED = {"WindowCenter": 9000, "WindowWidth": 10}
"""Beside all values of a file by `make_file`, which are shown white."""


def test_a_ruined_picture_is_drafted_from_its_percentiles_and_everybody_is_told(unix, make_file, tmp_path):
    """The reading, the draft, its provenance, the structured report, JSON and the text file."""
    settings = ReportSettings(max_tokens=12)
    reading = unix.read(make_file(tmp_path / "ruined.dcm", **RUINED))
    draft, plain = reading.report(settings), unix.report(make_file(tmp_path / "plain.dcm"), settings)
    assert draft.tokens == plain.tokens and plain.warnings == () and "ruins" not in plain.provenance.source["window"]
    assert reading.warnings == draft.warnings == (ImageWarning.RUINED.value,)
    assert "percentile, for the file's own ruins" in draft.provenance.source["window"]
    said = str(ImageWarning.RUINED.value)
    assert said in make_sr(draft, reading.header).ContentSequence[3].TextValue
    assert as_json(draft)["warnings"] == [said] and said in as_text(draft)


def test_the_command_says_so_before_it_writes(run_python, engines, make_file, tmp_path, assert_conforms):
    film = str(make_file(tmp_path / "ruined.dcm", **RUINED))
    command = ("-m", "unix_edge.cli", "report", film, "--engines", str(engines), "--max-tokens", "12", "--json")
    result = run_python(*command, "--sr", str(tmp_path / "a.sr.dcm"))
    assert result.returncode == 0
    assert result.stderr.index(str(ImageWarning.RUINED.value)) < result.stderr.index("Wrote")
    assert json.loads(result.stdout)[0]["warnings"] == [str(ImageWarning.RUINED.value)]
    assert_conforms(tmp_path / "a.sr.dcm")


def flattening_lut():
    item = Dataset()
    item.LUTDescriptor, item.ModalityLUTType = [4096, 0, 16], "US"
    item.add_new("LUTData", "US", [700] * 4096)
    return item


def test_there_is_no_draft_from_a_picture_without_content(unix, make_file, tmp_path):
    blank, stripes = np.full((90, 70), 200, np.uint8), np.tile(np.array([0, 255], np.uint8), (90, 35))
    with pytest.raises(ImageError, match="all its pixels are alike"):
        unix.read(blank)
    with pytest.raises(ImageError, match="all its pixels are alike"):
        unix.read(np.stack([blank] * 3, axis=2))
    with pytest.raises(ImageError, match="only 2 shades of gray"):
        unix.read(stripes)
    with pytest.raises(ImageError, match="only 16 shades of gray"):
        unix.read(np.arange(90 * 70, dtype=np.uint16).reshape(90, 70).astype(np.uint8) // 16)
    with pytest.raises(ImageError, match="all its pixels are alike"):
        unix.read(make_file(tmp_path / "a.dcm", ModalityLUTSequence=Sequence([flattening_lut()])))
    almost = blank.copy()
    almost[:8, :8] = np.arange(64).reshape(8, 8)
    with pytest.raises(ImageError, match="nearly all its pixels are alike"):
        unix.read(almost)
    flat = flattening_lut()
    flat.LUTData = [0] * 2000 + [65535] * 2096
    with pytest.raises(ImageError, match="only 2 shades"):
        unix.read(make_file(tmp_path / "b.dcm", ModalityLUTSequence=Sequence([flat])))
    flat.LUTData = [step // 40 for step in range(4096)]
    film = make_file(tmp_path / "c.dcm", ModalityLUTSequence=Sequence([flat]), WindowCenter=50, WindowWidth=100)
    assert ImageWarning.MODALITY.value not in unix.read(film).warnings  # 103 steps are enough
