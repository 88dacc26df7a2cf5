"""The model's process from the window's side: every run ends once, whatever becomes of the process."""

import os
import queue
import random
import signal
import time
from functools import partial

import numpy as np
import pytest
from PIL import Image

from unix_edge import GenerationSettings, ReportSettings, UniX
from unix_edge.bundle import EMBEDDED
from unix_edge.image import LoadedRadiograph, load_radiograph
from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge.report import Ended
from unix_edge.worker import messages
from unix_edge_desktop.drafts.model_image import as_loaded
from unix_edge_desktop.drafts.model_process import ModelProcess, Patience
from unix_edge_desktop.image.images import load_view_image

LONG = ReportSettings(temperature=50.0, max_tokens=1200, seed=17464)
"""So hot that words are drawn nearly evenly, and of a seed that draws no end for 800 of them, some seconds."""
SOON = 1.0
"""Seconds within which a run ends that was stopped: half a second, and as long again where others keep the cores."""
ENDINGS = (messages.Drafted, messages.Picture, messages.Stopped, messages.Failed)


class Heard:
    """A process, and all that it said."""

    def __init__(self, **kwargs) -> None:
        self.all: list[messages.Event] = []
        self.new: queue.Queue[messages.Event] = queue.Queue()
        self.process = ModelProcess(self.hear, **kwargs)

    def hear(self, event):
        self.all.append(event)
        self.new.put(event)

    def wait(self, *kinds, run=None, timeout=60):
        """Wait for an event of some kinds, of a run."""
        ends = time.monotonic() + timeout
        while True:
            event = self.new.get(timeout=max(0.0, ends - time.monotonic()))
            if isinstance(event, kinds) and (run is None or event.run == run):
                return event

    def of(self, run):
        return [each for each in self.all if getattr(each, "run", None) == run and not isinstance(each, messages.Beat)]

    @property
    def pid(self):
        return self.process._child._process.pid


@pytest.fixture
def heard():
    made = []

    def make(engines=str(EMBEDDED), **kwargs):
        found = Heard(**kwargs)
        made.append(found)
        if engines:
            found.process.open(engines, "cpu")
            found.wait(messages.Ready)
        return found

    yield make
    for each in made:
        each.process.close()


@pytest.fixture(scope="module")
def phantom(tmp_path_factory):
    path = tmp_path_factory.mktemp("phantom") / "phantom.dcm"
    write_phantom(compute_phantom(10_000_007, 512), path)
    return path


@pytest.fixture(scope="module")
def film(phantom):
    return load_radiograph(phantom)


def assert_each_run_ended_once(heard, runs):
    for run in runs:
        said = heard.of(run)
        assert [type(each) for each in said if isinstance(each, ENDINGS)] == [type(said[-1])], said


def test_the_draft_is_the_library_s(heard, phantom):
    told = heard()
    run = told.process.draft(partial(as_loaded, load_view_image(phantom)))
    drafted = told.wait(messages.Drafted, run=run)
    here = UniX.load(EMBEDDED, "cpu", threads=max(1, (os.cpu_count() or 1) - 1)).report(phantom)
    assert drafted.report.text == here.text and drafted.report.tokens == here.tokens
    assert drafted.report.log_probabilities == here.log_probabilities
    assert drafted.report.in_domain is True and drafted.report.ended is Ended.FINISHED
    for name in ("source", "runtime", "parameters", "device", "checkpoint_sha256"):
        assert getattr(drafted.report.provenance, name) == getattr(here.provenance, name)
    assert "first" in here.provenance.source["window"]
    pieces = [each for each in told.of(run) if isinstance(each, messages.Piece)]
    assert "".join(each.text for each in pieces) == here.text
    assert tuple(p for each in pieces for p in each.log_probabilities) == here.log_probabilities
    assert [each.tokens for each in pieces][-1] == len(here.tokens)
    assert 0 < drafted.seconds_to_first < drafted.seconds and drafted.tokens_per_second > 1


def test_a_second_question_of_the_same_image_does_not_read_it_again(heard, film):
    told = heard()
    first = told.wait(messages.Drafted, run=told.process.draft(film))
    begun = told.wait(messages.Drafted, run=told.process.draft(film, prefix="FINDINGS: The heart"))
    assert begun.report.text.startswith("FINDINGS: The heart")
    assert begun.seconds_to_first < first.seconds_to_first
    again = told.wait(messages.Drafted, run=told.process.draft(film))
    assert again.report.text == first.report.text


def test_a_picture_is_the_library_s(heard):
    told, settings = heard(), GenerationSettings(timesteps=4, seed=3, size=96)
    run = told.process.generate("Moderate cardiomegaly.", settings)
    picture = told.wait(messages.Picture, run=run).picture
    here = UniX.load(EMBEDDED, "cpu", threads=max(1, (os.cpu_count() or 1) - 1))
    assert (picture.pixels == here.generate("Moderate cardiomegaly.", settings).pixels).all()
    steps = [each for each in told.of(run) if isinstance(each, messages.Step)]
    assert [(each.step, each.steps) for each in steps] == [(1, 3), (2, 3), (3, 3)]
    assert steps[-1].seconds_left == 0 < steps[0].seconds_left


def test_a_run_stops_soon_wherever_it_is_and_the_next_one_works(heard, film):
    told, chance = heard(), random.Random(0)
    kinds = set()
    for place in range(12):
        picture = place % 3 == 2
        run = told.process.generate("Clear lungs.") if picture else told.process.draft(film, LONG, prefix="X" * place)
        if place in (0, 4):
            told.wait(messages.Piece, run=run)  # on a busy machine that may take longer than chance gives it
        else:
            time.sleep(chance.uniform(0, 0.6) if place > 1 else 0)
        began = time.perf_counter()
        told.process.stop(run)
        ended = told.wait(*ENDINGS, run=run)
        assert time.perf_counter() - began < SOON
        assert isinstance(ended, messages.Stopped) or ended.report.ended is Ended.STOPPED
        kinds.add(type(ended))
    assert kinds == {messages.Stopped, messages.Drafted}
    assert told.wait(messages.Drafted, run=told.process.draft(film)).report.ended is Ended.FINISHED
    assert_each_run_ended_once(told, range(1, 14))


def test_runs_wait_for_their_turn_and_one_that_waits_can_be_stopped(heard, film):
    told = heard()
    first, second, third = (told.process.draft(film, LONG) for _ in range(3))
    told.wait(messages.Piece, run=first)
    told.process.stop(second)
    assert told.wait(messages.Stopped).run == second
    told.process.stop(first)
    told.wait(messages.Piece, run=third)
    assert not any(each.run != third for each in told.all[told.all.index(told.of(third)[0]) :] if hasattr(each, "text"))
    told.process.stop(third)
    told.wait(*ENDINGS, run=third)
    assert_each_run_ended_once(told, (first, second, third))


@pytest.mark.soak
def test_a_process_that_is_killed_anywhere_leaves_no_stale_event_and_the_next_run_works(heard, film, soak):
    told = heard(patience=Patience(deaths=1000))
    chance, runs = random.Random(1), []
    for place in range(12 if soak == 1 else 100):
        kind = place % 3
        run = told.process.generate("Clear lungs.") if kind == 2 else told.process.draft(film, LONG)
        time.sleep(chance.uniform(0, 0.5))
        os.kill(told.pid, signal.SIGKILL)
        failed = told.wait(*ENDINGS, run=run)
        assert failed.error == "ModelProcessError" and "nothing else was harmed" in str(failed.sentence)
        told.wait(messages.Ready)
        runs.append(run)
    last = told.process.draft(film)
    assert told.wait(messages.Drafted, run=last).report.ended is Ended.FINISHED
    time.sleep(0.3)
    assert_each_run_ended_once(told, [*runs, last])


def test_a_process_that_dies_again_and_again_stays_closed_until_it_is_opened(heard, film):
    told = heard(patience=Patience(deaths=2))
    for _ in range(2):
        os.kill(told.pid, signal.SIGKILL)
        told.wait(messages.Ready)
    run = told.process.draft(film, LONG)
    told.wait(messages.Piece, run=run)
    os.kill(told.pid, signal.SIGKILL)
    assert "stays closed" in str(told.wait(messages.Failed, run=run).sentence)
    assert told.wait(messages.Failed).run is None
    refused = told.wait(messages.Failed, run=told.process.draft(film))
    assert refused.error == "ModelNotOpenError"
    told.process.open(str(EMBEDDED), "cpu")
    told.wait(messages.Ready)
    assert told.wait(messages.Drafted, run=told.process.draft(film))


def test_a_process_that_hangs_is_ended_and_started_again(heard, film):
    told = heard(patience=Patience(silent=3.0))
    run = told.process.draft(film, LONG)
    told.wait(messages.Piece, run=run)
    os.kill(told.pid, signal.SIGSTOP)
    failed = told.wait(*ENDINGS, run=run)
    assert "no longer answered" in str(failed.sentence)
    told.wait(messages.Ready)
    assert told.wait(messages.Drafted, run=told.process.draft(film))


def test_a_run_of_a_process_that_hangs_is_stopped_all_the_same(heard, film):
    told = heard()
    run = told.process.draft(film, LONG)
    told.wait(messages.Piece, run=run)
    os.kill(told.pid, signal.SIGSTOP)
    began = time.perf_counter()
    told.process.stop(run)
    assert isinstance(told.wait(*ENDINGS, run=run), messages.Stopped)
    assert time.perf_counter() - began < SOON
    os.kill(told.pid, signal.SIGCONT)
    assert told.wait(messages.Drafted, run=told.process.draft(film))
    assert_each_run_ended_once(told, [run])


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import time; print('hello', flush=True); time.sleep(60)", "makes no sense"),
        ("import sys; sys.exit(1)", "died"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "system ended"),
    ],
)
def test_a_process_that_is_no_model_is_one_sentence(heard, film, program, words):
    told = heard(engines="", program=program, patience=Patience(deaths=1))
    told.process.open()
    failed = told.wait(messages.Failed)
    assert failed.run is None and words in str(failed.sentence)
    assert len([each for each in told.all if isinstance(each, messages.Failed)]) == 1


def test_engines_that_cannot_be_opened_are_one_sentence(heard, tmp_path, film):
    told = heard(engines="")
    told.process.open(str(tmp_path / "none"), "cpu")
    failed = told.wait(messages.Failed)
    assert failed.run is None and failed.error == "BundleError" and "there is no such folder" in str(failed.sentence)
    assert told.wait(messages.Failed, run=told.process.draft(film)).error == "ModelNotOpenError"
    told.process.open(str(EMBEDDED), "cpu")
    assert told.wait(messages.Ready).checkpoint == "unix-nano"


def test_what_the_library_refuses_is_told_with_what_can_be_confirmed(heard, make_header, film):
    told = heard()
    doubtful = LoadedRadiograph(film.image, make_header(BodyPartExamined=None, ViewPosition=None))
    failed = told.wait(messages.Failed, run=told.process.draft(doubtful))
    assert failed.error == "UnconfirmedChestError" and failed.doubts
    told.wait(messages.Drafted, run=told.process.draft(doubtful, assume_frontal_chest=True))
    assert told.wait(*ENDINGS, run=told.process.draft(doubtful)).error == "UnconfirmedChestError"
    blank = LoadedRadiograph(Image.fromarray(np.zeros((300, 300), np.uint8)))
    assert "all its pixels are alike" in str(told.wait(messages.Failed, run=told.process.draft(blank)).sentence)
    endless = told.process.generate("left " * 300_000)
    assert told.wait(messages.Failed, run=endless).error == "PromptError"
    lost = told.process.draft(lambda: 1 / 0)
    assert "ZeroDivisionError" in str(told.wait(messages.Failed, run=lost).sentence)


def test_opening_others_stops_what_runs(heard, film):
    told = heard()
    run = told.process.draft(film, LONG)
    told.wait(messages.Piece, run=run)
    told.process.open(str(EMBEDDED), "cpu")
    assert isinstance(told.wait(*ENDINGS, run=run), messages.Stopped)
    told.wait(messages.Ready)
    assert told.wait(messages.Drafted, run=told.process.draft(film))
    assert_each_run_ended_once(told, [run])


def test_closing_ends_the_process_at_once_and_every_run_once(heard, film):
    told = heard()
    runs = [told.process.draft(film, LONG) for _ in range(3)]
    told.wait(messages.Piece, run=runs[0])
    pid, began = told.pid, time.perf_counter()
    told.process.close()
    assert time.perf_counter() - began < 1
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert_each_run_ended_once(told, runs)


def test_a_listener_that_fails_costs_nothing(heard, film, monkeypatch):
    said = []
    monkeypatch.setattr("sys.excepthook", lambda *error: said.append(error[0]))
    told = heard()
    monkeypatch.setattr(told, "new", None)
    told.process.draft(film, ReportSettings(max_tokens=4))
    deadline = time.monotonic() + 30
    while not any(isinstance(each, messages.Drafted) for each in told.all) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert isinstance(told.all[-1], (messages.Drafted, messages.Beat)) and set(said) == {AttributeError}


def test_no_event_of_the_process_blocks_the_asker(heard, film):
    told = heard()
    began = time.perf_counter()
    runs = [told.process.draft(film, ReportSettings(max_tokens=4)) for _ in range(5)]
    assert time.perf_counter() - began < 0.1
    for run in runs:
        told.wait(messages.Drafted, run=run)


def test_a_picture_stops_soon_while_its_latents_are_decoded(heard):
    told = heard()
    run = told.process.generate("Clear lungs.", GenerationSettings(timesteps=3))
    while told.wait(messages.Step, run=run).step < 2:
        pass
    began = time.perf_counter()
    told.process.stop(run)
    assert isinstance(told.wait(*ENDINGS, run=run), messages.Stopped)
    assert time.perf_counter() - began < SOON


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_a_draft_stops_soon_while_graphs_are_opened_and_the_image_is_read(heard, film, delay):
    told = heard()
    run = told.process.draft(film, LONG)  # at once, before anything is warm
    time.sleep(delay)
    began = time.perf_counter()
    told.process.stop(run)
    ended = told.wait(*ENDINGS, run=run)
    assert time.perf_counter() - began < SOON
    assert isinstance(ended, messages.Stopped) or ended.report.ended is Ended.STOPPED
    assert told.wait(messages.Drafted, run=told.process.draft(film)).report.ended is Ended.FINISHED


STUBBORN = """
import time
from unix_edge.worker import serve
real = serve.stream_draft

def slowly(*args, prefix, **kwargs):
    if prefix == "slowly":
        time.sleep(3)
    yield from real(*args, prefix=prefix, **kwargs)

serve.stream_draft = slowly
serve.main()
"""


def test_a_run_that_cannot_be_stopped_ends_for_the_reader_and_the_next_one_waits_for_it(heard, film):
    told = heard(program=STUBBORN)
    run = told.process.draft(film, prefix="slowly")
    told.wait(messages.Beat, run=run)
    began = time.perf_counter()
    told.process.stop(run)
    assert isinstance(told.wait(*ENDINGS, run=run), messages.Stopped)
    assert time.perf_counter() - began < SOON
    pid = told.pid
    assert told.wait(messages.Drafted, run=told.process.draft(film)) and told.pid == pid
    assert_each_run_ended_once(told, [run])


def test_a_run_that_does_not_stop_at_all_costs_the_process(heard, film):
    told = heard(program=STUBBORN, patience=Patience(stopped=1.0))
    run, pid = told.process.draft(film, prefix="slowly"), told.pid
    told.wait(messages.Beat, run=run)
    told.process.stop(run)
    told.wait(messages.Stopped, run=run)
    told.wait(messages.Ready)
    assert told.pid != pid
    assert told.wait(messages.Drafted, run=told.process.draft(film))


def test_a_step_of_a_picture_is_previewed(heard):
    told = heard()
    run = told.process.generate("Clear lungs.", GenerationSettings(timesteps=3))
    step = told.wait(messages.Step, run=run)
    assert step.preview.shape == (48, 48) and step.preview.std() > 10
    told.process.stop(run)
