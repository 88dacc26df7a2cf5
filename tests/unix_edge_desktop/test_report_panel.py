"""The report's panel: what can be done when, whom it is about, and that words of both stay where they were put."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from unix_edge.report import Ended, ReportSettings
from unix_edge.sentences import Sentence
from unix_edge.text import REPORT_PROMPTS
from unix_edge_desktop.assistant.report_panel import ReportPanel
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.drafting import Drafting, Task
from unix_edge_desktop.drafts.store_thread import DraftThread
from unix_edge_desktop.drafts.values import Reason

FINDINGS, IMPRESSION = Section
SETTINGS = ReportSettings()
WORDS = "FINDINGS: Large heart. IMPRESSION: Cardiomegaly."


class Panel(ReportPanel):
    """The panel, its drafting and its model."""

    def __init__(self, drafting, model):
        super().__init__(drafting)
        self.drafting, self.pretended = drafting, model


@pytest.fixture
def panel(qtbot, tmp_path, pretended_model):
    """A panel over drafts in a folder of their own."""
    thread, model, panels = DraftThread(tmp_path), pretended_model(), []

    def told(name):
        return lambda *arguments: getattr(panels[0], name)(*arguments) if panels else None

    drafting = Drafting(thread, model, told("show_draft"), told("apply"), told("show_state"))
    model.take = drafting.take
    panel = Panel(drafting, model)
    panels.append(panel)
    qtbot.addWidget(panel)
    panel.show()
    panel.activateWindow()
    yield panel
    thread.close()


def write(panel, film, words=WORDS, **ending):
    panel.drafting.show_film(film)
    run = panel.drafting.begin(SETTINGS)
    panel.pretended.say(run.number, words)
    panel.pretended.end(run.number, **ending)


def usable(panel):
    buttons = {"draft", "stop", "sign", "reject", "copy", "name"}
    return {name for name in buttons if getattr(panel, name).isEnabled()}


def test_without_a_film_there_is_nothing_to_do_and_the_way_in_is_said(panel):
    assert usable(panel) == set() and "F2" in panel.details.text()
    assert all(field.isReadOnly() for field in panel.fields.values())


def test_a_film_can_be_drafted_and_nothing_else(panel, make_film):
    panel.drafting.show_film(make_film(1, PatientID="4711", StudyDate="20260102", Modality="DX", ViewPosition="PA"))
    assert usable(panel) == {"draft"}
    assert panel.patient.text() == "Doe, Jane" and panel.details.text() == "4711  2026-01-02  DX PA"
    assert panel.state.text() == "No draft of this film."


def test_while_it_is_written_it_can_be_stopped_and_edited_and_not_signed(panel, make_film):
    panel.drafting.show_film(make_film(1))
    run = panel.drafting.begin(SETTINGS)
    assert panel.state.text() == "The model reads the film..." and usable(panel) == {"stop"}
    panel.pretended.say(run.number, "FINDINGS: Large")
    assert panel.state.text() == "The model is writing..." and usable(panel) == {"stop"}
    assert not panel.fields[FINDINGS].isReadOnly()
    panel.drafting.stop()
    assert panel.state.text() == "Stopping..."


def test_a_draft_that_has_ended_can_be_signed_once_there_is_a_name(panel, make_film, qtbot):
    write(panel, make_film(1))
    assert usable(panel) == {"draft", "reject", "copy", "name"}
    QTest.keyClicks(panel.name, "Dr. A")
    assert panel.sign.isEnabled()
    with qtbot.waitSignal(panel.sign_wanted) as wanted:
        QTest.keyClick(panel.name, Qt.Key.Key_Return)
    assert wanted.args == ["Dr. A"]


def test_what_is_signed_or_rejected_changes_no_more(panel, make_film):
    for number, close in ((1, lambda draft: draft.sign("Dr. A")), (2, lambda draft: draft.reject(Reason.SIDE))):
        write(panel, make_film(number))
        close(panel.drafting.draft)
        panel.show_state()
        assert all(field.isReadOnly() for field in panel.fields.values())
        assert usable(panel) == {"draft", "copy"}
        QTest.keyClicks(panel.fields[FINDINGS], "x")
        assert panel.fields[FINDINGS].toPlainText() == "Large heart."


def test_a_draft_of_what_the_model_does_not_know_cannot_be_signed(panel, make_film):
    write(panel, make_film(1), in_domain=False)
    assert not panel.name.isEnabled() and panel.reject.isEnabled()
    assert "only seen computed phantoms" in panel.cautions.text()


def test_what_is_typed_at_the_start_while_words_come_behind_stays(panel, make_film):
    panel.drafting.show_film(make_film(1))
    run = panel.drafting.begin(SETTINGS)
    panel.pretended.say(run.number, "FINDINGS: Large heart.")
    field = panel.fields[FINDINGS]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for at, word in enumerate(("I", " see", " this.", " ")):
        QTest.keyClicks(field, word)
        panel.pretended.say(run.number, f" w{at}")
    panel.pretended.end(run.number)
    assert field.toPlainText() == "I see this. Large heart. w0 w1 w2 w3"
    assert field.textCursor().position() == len("I see this. ")


def test_undo_takes_back_words_and_then_the_whole_draft_and_redo_brings_both(panel, make_film):
    write(panel, make_film(1))
    field = panel.fields[FINDINGS]
    QTest.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, " Mine.")
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.toPlainText() == panel.fields[IMPRESSION].toPlainText() == ""
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert field.toPlainText() == "Large heart. Mine." and panel.fields[IMPRESSION].toPlainText() == "Cardiomegaly."


def test_what_to_think_twice_about_is_said_and_underlined(panel, make_film):
    write(panel, make_film(1), "FINDINGS: Unchanged left effusion. IMPRESSION: Right effusion.")
    said = panel.cautions.text()
    assert "compares with an earlier image" in said and panel.cautions.isVisible()
    assert panel.fields[FINDINGS].extraSelections()
    write(panel, make_film(2), "FINDINGS: No effusion. IMPRESSION: Normal.")
    assert not panel.cautions.isVisible()


def test_a_stopped_draft_says_that_it_was_cut(panel, make_film):
    write(panel, make_film(1), "FINDINGS: Large", ended=Ended.STOPPED)
    assert "stopped" in panel.cautions.text()


def test_the_difference_is_shown_where_something_was_changed_and_is_only_text(panel, make_film):
    write(panel, make_film(1))
    assert not panel.compare.isEnabled()
    QTest.keyClicks(panel.fields[FINDINGS], "<b>Not</b> ")
    assert panel.compare.isEnabled()
    panel.compare.setChecked(True)
    assert panel.difference.isVisible()
    assert "&lt;b&gt;" in panel.difference.text() and "<b>Not" not in panel.difference.text()
    assert "<u" in panel.difference.text()


def test_a_refusal_says_why_and_a_doubt_can_be_answered(panel, make_film, qtbot):
    panel.drafting.show_film(make_film(1))
    panel.pretended.fail(panel.drafting.begin(SETTINGS).number)
    assert panel.refusal.text() == "It is a leg." and not panel.confirm.isVisible()
    panel.pretended.fail(panel.drafting.begin(SETTINGS).number, "it names no body part")
    assert panel.confirm.isVisible()
    with qtbot.waitSignal(panel.draft_wanted) as wanted:
        panel.confirm.click()
    assert wanted.args == [True]
    panel.drafting.show_film(make_film(2))
    assert not panel.refusal.isVisible()


def test_another_film_greys_everything_but_the_ways_on_and_back(panel, make_film, qtbot):
    write(panel, make_film(1, PatientName="Roe^Ann"))
    panel.drafting.show_film(make_film(2))
    assert "Roe, Ann" in panel.banner.text() and panel.patient.text() == "Roe, Ann"
    assert usable(panel) >= {"draft"} and not usable(panel) & {"sign", "reject", "name"}
    assert not panel.fields[FINDINGS].isEnabled() and panel.fields[FINDINGS].toPlainText() == "Large heart."
    with qtbot.waitSignal(panel.back_wanted):
        panel.back.click()
    with qtbot.waitSignal(panel.film_wanted):
        panel.turn.click()
    panel.drafting.turn_to_film()
    assert panel.fields[FINDINGS].toPlainText() == "" and not panel.banner.isVisible()


def test_hidden_patients_are_named_nowhere(panel, make_film):
    panel.hides_patient = True
    write(panel, make_film(1, PatientName="CANARY^Ann", PatientID="CANARY", StudyDate="20260102"))
    panel.drafting.show_film(make_film(2))
    told = [panel.patient.text(), panel.details.text(), panel.banner.text(), panel.banner.toolTip()]
    assert "CANARY" not in " ".join(told) and "another film" in panel.banner.text()


def test_a_stranger_s_name_is_shown_as_text_on_one_line(panel, make_film):
    panel.drafting.show_film(make_film(1, PatientName="<b>A\N{RIGHT-TO-LEFT OVERRIDE}^B"))
    assert "<" not in panel.patient.text() and "\u202e" not in panel.patient.text()
    assert panel.patient.textFormat() is Qt.TextFormat.PlainText


def test_sections_ask_for_their_tasks_and_only_within_a_draft(panel, make_film, qtbot):
    assert not panel._tasks[IMPRESSION].isEnabled()
    write(panel, make_film(1))
    with qtbot.waitSignal(panel.task_wanted) as wanted:
        panel._tasks[IMPRESSION].click()
    assert wanted.args == [Task.IMPRESSION]
    with qtbot.waitSignal(panel.task_wanted) as wanted:
        panel._tasks[FINDINGS].click()
    assert wanted.args == [Task.SENTENCE]
    again = [action for action in panel._tasks[FINDINGS].menu().actions() if "again" in action.text()]
    with qtbot.waitSignal(panel.task_wanted) as wanted:
        again[0].trigger()
    assert wanted.args == [Task.FINDINGS]


def test_every_reason_of_a_rejection_can_be_chosen(panel, make_film, qtbot):
    write(panel, make_film(1))
    told = []
    panel.reject_wanted.connect(told.append)
    for action in panel.reject.menu().actions():
        action.trigger()
    assert told == list(Reason)


def test_the_model_is_asked_by_the_authors_words_or_by_one_s_own(panel):
    assert [panel.prompts.itemText(at) for at in range(panel.prompts.count())] == list(REPORT_PROMPTS)
    panel.prompts.setEditText("  Only the heart. ")
    assert panel.prompt == "Only the heart."


def test_a_trouble_of_the_disk_is_said_above_and_the_words_stay(panel, make_film):
    write(panel, make_film(1))
    panel.notice = str(Sentence("The disk is full."))
    panel.show_state()
    assert panel.banner.isVisible() and panel.banner.text() == "The disk is full."
    assert panel.fields[FINDINGS].toPlainText() == "Large heart."


def test_the_words_for_a_picture_are_the_impression_s_else_the_findings(panel, make_film):
    assert panel.words() == ""
    write(panel, make_film(1))
    assert panel.words() == "Cardiomegaly."
    write(panel, make_film(2), "FINDINGS: Large heart.")
    assert panel.words() == "Large heart."
