"""The window whose model dies, hangs or lacks memory: one sentence, what was typed stays, and the next draft comes."""

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from unix_edge import ReportSettings
from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge_desktop.assistant import assistant_dock
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.model_process import Patience

FINDINGS, _ = Section
LONG = ReportSettings(temperature=50.0, max_tokens=1200, seed=17464)
"""Some seconds of words that mean nothing."""
MINE = "Mine and nobody else's. "
WAIT = 60_000
SHORT = """
import sys
from unix_edge.worker import serve
from unix_edge.sessions import Sessions
real, left = Sessions.run, {"%s": 1}

def run(self, graph, *rest):
    if left.pop(graph, None):
        raise MemoryError
    return real(self, graph, *rest)

Sessions.run = run
serve.Worker._warm_up = lambda self: setattr(self, "_is_warm", True)
serve.main()
"""


@pytest.fixture
def assistant(window, open_in, qtbot, tmp_path):
    path = tmp_path / "phantom.dcm"
    write_phantom(compute_phantom(10000007, 256), path)
    open_in(window, path)
    qtbot.waitUntil(lambda: window.assistant.drafting.film is not None)
    return window.assistant


@pytest.fixture
def typed_in(assistant, window, qtbot, monkeypatch):
    """The panel in the midst of a long draft, into which a person has typed."""
    monkeypatch.setattr(assistant_dock, "ReportSettings", lambda **_: LONG)
    press_f2(window)
    field = assistant.report.fields[FINDINGS]
    qtbot.waitUntil(lambda: len(field.toPlainText()) > 3, timeout=WAIT)
    field.moveCursor(field.textCursor().MoveOperation.Start)
    QTest.keyClicks(field, MINE)
    assert assistant.drafting.run is not None
    monkeypatch.undo()
    return assistant


def press_f2(window):
    QTest.keyClick(window.grid.active, Qt.Key.Key_F2)


def wait_for_refusal(qtbot, assistant):
    qtbot.waitUntil(lambda: assistant.drafting.refusal is not None, timeout=WAIT)
    assert assistant.drafting.run is None
    said = assistant.report.refusal
    assert said.isVisible() and "\n" not in said.text() and "Traceback" not in said.text()
    return said.text()


def assert_what_was_typed_stays(assistant, qtbot):
    draft = assistant.drafting.draft
    assert assistant.report.fields[FINDINGS].toPlainText().startswith(MINE)
    qtbot.waitUntil(draft.saved.done)
    kept = assistant.drafts.ask(lambda store: store.read(draft.run)).result(9)
    assert kept.findings.startswith(MINE)


def assert_the_next_draft_comes(assistant, window, qtbot):
    before = assistant.drafting.draft
    press_f2(window)
    qtbot.waitUntil(
        lambda: assistant.drafting.draft is not before and assistant.drafting.draft is not None, timeout=WAIT
    )
    qtbot.waitUntil(lambda: assistant.drafting.run is None, timeout=WAIT)
    assert assistant.drafting.refusal is None and not assistant.report.refusal.isVisible()
    assert assistant.report.fields[FINDINGS].toPlainText().strip() and assistant.drafting.draft.machine is not None


def pid(assistant):
    return assistant.model.process._child._process.pid


def test_a_model_that_is_killed_is_one_sentence_and_the_next_draft_comes(typed_in, window, qtbot):
    os.kill(pid(typed_in), signal.SIGKILL)
    assert "The system ended the process that runs the model" in wait_for_refusal(qtbot, typed_in)
    assert_what_was_typed_stays(typed_in, qtbot)
    QTest.keyClicks(typed_in.report.fields[FINDINGS], "And more. ")
    assert "And more. " in typed_in.drafting.draft.text.text(FINDINGS)
    assert_the_next_draft_comes(typed_in, window, qtbot)


def test_a_model_that_hangs_is_one_sentence_and_the_next_draft_comes(typed_in, window, qtbot):
    typed_in.model.process._patience = Patience(silent=2.0)
    os.kill(pid(typed_in), signal.SIGSTOP)
    assert "no longer answered" in wait_for_refusal(qtbot, typed_in)
    assert_what_was_typed_stays(typed_in, qtbot)
    typed_in.model.process._patience = Patience()
    assert_the_next_draft_comes(typed_in, window, qtbot)


def test_a_draft_of_a_model_that_hangs_is_stopped_within_half_a_second_all_the_same(typed_in, window, qtbot):
    os.kill(pid(typed_in), signal.SIGSTOP)
    QTest.keyClick(window, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: typed_in.drafting.run is None, timeout=1000)
    assert_what_was_typed_stays(typed_in, qtbot)
    os.kill(pid(typed_in), signal.SIGCONT)
    assert_the_next_draft_comes(typed_in, window, qtbot)


def test_where_memory_is_short_it_is_one_sentence_and_the_next_draft_comes(assistant, window, qtbot):
    assistant.model.process._program = SHORT % "vision"
    assistant.model.open()
    press_f2(window)
    assert "memory" in wait_for_refusal(qtbot, assistant)
    assert assistant.drafting.draft is None
    assert_the_next_draft_comes(assistant, window, qtbot)


def test_where_memory_is_short_for_a_picture_a_smaller_one_is_chosen_and_comes(assistant, window, qtbot):
    assistant.model.process._program = SHORT % "vae_decoder"
    assistant.model.open()
    qtbot.waitUntil(lambda: assistant.model.ready is not None, timeout=WAIT)
    panel = assistant.generation
    panel.prompt.setPlainText("Clear lungs.")
    panel.quality.setCurrentIndex(panel.quality.findData("fast"))
    panel.generate.click()
    qtbot.waitUntil(lambda: not panel.stop.isEnabled(), timeout=WAIT)
    assert "memory" in panel.told.text() and "smaller size" in panel.told.text() and not panel.made
    panel.generate.click()
    qtbot.waitUntil(lambda: len(panel.made) == 1, timeout=WAIT)
    assert panel.made[0].picture.pixels.shape == (96, 96, 3)
    assert panel.prompt.toPlainText() == "Clear lungs."
