"""A first draft in a real window: read, edited while it comes, signed, found again; and a picture of its words."""

import json

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QProgressBar, QPushButton

from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge.results.ai_mark import find_mark
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.values import State

FINDINGS, IMPRESSION = Section
LONG = 60_000


@pytest.fixture(scope="module")
def phantom(tmp_path_factory):
    path = tmp_path_factory.mktemp("phantom") / "phantom.dcm"
    write_phantom(compute_phantom(10000007, 256), path)
    return path


@pytest.fixture
def drafted(window, open_in, qtbot, phantom):
    """A window in which F2 was pressed on a phantom, and the draft has come."""
    open_in(window, phantom)
    QTest.keyClick(window.grid.active, Qt.Key.Key_F2)
    wait_for_draft(qtbot, window.assistant)
    return window


def wait_for_draft(qtbot, assistant):
    qtbot.waitUntil(lambda: assistant.drafting.draft is not None and assistant.drafting.run is None, timeout=LONG)


def words(assistant, section):
    return assistant.report.fields[section].toPlainText()


def test_f2_drafts_the_film_in_the_view_into_two_sections(drafted):
    assistant = drafted.assistant
    assert words(assistant, FINDINGS) and words(assistant, IMPRESSION)
    assert assistant.report.state.text() == "AI draft, not verified."
    assert "PHANTOM" in assistant.report.details.text() and "unix-nano" in assistant.report.model.text()
    assert assistant.drafting.draft.machine.provenance["source"]["sop_instance_uid"]


def test_what_is_typed_while_it_streams_is_kept_and_keys_do_not_act_on_the_film(window, open_in, qtbot, phantom):
    open_in(window, phantom)
    assistant, canvas = window.assistant, window.grid.active
    before = canvas.window_state
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    field = assistant.report.fields[FINDINGS]
    qtbot.waitUntil(lambda: len(field.toPlainText()) > 3, timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_F6)
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "I see: wiwbkp ")
    wait_for_draft(qtbot, assistant)
    assert field.toPlainText().startswith("I see: wiwbkp ")
    assert canvas.window_state == before and canvas.image is not None
    assert assistant.drafting.draft.text.is_edited and assistant.report.compare.isEnabled()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not field.toPlainText().endswith("wiwbkp ") and "I see: " in field.toPlainText()


def test_a_signed_report_is_there_again_after_the_window_was_closed(drafted, make_window, open_in, qtbot, phantom):
    assistant = drafted.assistant
    QTest.keyClicks(assistant.report.fields[IMPRESSION], "Checked. ")
    edited = words(assistant, IMPRESSION)
    QTest.keyClicks(assistant.report.name, "Dr. Ada Byron")
    QTest.keyClick(assistant.report.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: assistant.drafting.draft.state is State.SIGNED)
    assert assistant.report.fields[IMPRESSION].isReadOnly() and not assistant.report.sign.isEnabled()
    qtbot.waitUntil(lambda: drafted.studies.texts.drafts != {})
    drafted.close()
    again = make_window()
    open_in(again, phantom)
    qtbot.waitUntil(lambda: again.assistant.drafting.draft is not None, timeout=LONG)
    assert words(again.assistant, IMPRESSION) == edited
    assert (
        again.assistant.drafting.draft.state is State.SIGNED
        and again.assistant.drafting.draft.signer == "Dr. Ada Byron"
    )


def test_what_is_copied_says_that_a_machine_wrote_it_and_names_nobody(drafted):
    drafted.assistant.report.leave_wanted.emit("copy")
    copied = QGuiApplication.clipboard().text()
    assert find_mark(copied) is False and words(drafted.assistant, FINDINGS) in copied
    assert "PHANTOM" not in copied
    QTest.keyClicks(drafted.assistant.report.fields[FINDINGS], "x")
    drafted.assistant.report.leave_wanted.emit("copy")
    assert find_mark(QGuiApplication.clipboard().text()) is True


def test_sr_pdf_and_log_are_written_where_a_person_says(drafted, qtbot, tmp_path, monkeypatch, assert_conforms):
    for how, name in (("sr", "draft.dcm"), ("pdf", "draft.pdf")):
        path = tmp_path / name
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        drafted.assistant.report.leave_wanted.emit(how)
        qtbot.waitUntil(path.exists)
    assert_conforms(tmp_path / "draft.dcm")
    assert b"trainedAlgorithmicMedia" in (tmp_path / "draft.pdf").read_bytes()
    path = tmp_path / "log.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    drafted.assistance.export_log()
    qtbot.waitUntil(path.exists)
    assert [each["event"] for each in json.loads(path.read_text())] == ["drafted"] and "PHANTOM" not in path.read_text()


def test_another_film_in_the_view_greys_the_report_and_the_way_back_is_offered(drafted, open_in, qtbot, tmp_path):
    other = tmp_path / "other.dcm"
    write_phantom(compute_phantom(11, 256), other)
    assistant = drafted.assistant
    drafted.library.open([other], asked=True)
    qtbot.waitUntil(lambda: assistant.drafting.is_elsewhere, timeout=LONG)
    report = assistant.report
    assert "about" in report.banner.text() and not report.fields[FINDINGS].isEnabled()
    assert not report.sign.isEnabled() and not report.copy.isEnabled() and report.back.isVisible()
    report.back.click()
    qtbot.waitUntil(lambda: not assistant.drafting.is_elsewhere, timeout=LONG)
    assert report.fields[FINDINGS].isEnabled() and not report.banner.isVisible()


def test_what_is_no_chest_is_refused_in_the_panel_and_nothing_is_kept(window, open_in, qtbot, phantom, tmp_path):
    knee = dcmread(phantom)
    knee.BodyPartExamined = "KNEE"
    knee.save_as(tmp_path / "knee.dcm")
    open_in(window, tmp_path / "knee.dcm")
    QTest.keyClick(window.grid.active, Qt.Key.Key_F2)
    report = window.assistant.report
    qtbot.waitUntil(lambda: bool(report.refusal.text()), timeout=LONG)
    assert "knee" in report.refusal.text() and window.assistant.drafting.draft is None
    assert window.assistant.drafts.ask(lambda store: store.unfinished()).result() == []


def test_a_picture_of_the_report_s_words_is_made_shown_and_read_back(drafted, qtbot):
    assistant = drafted.assistant
    QTest.keyClick(drafted, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    generation = assistant.generation
    generation.from_report.click()
    assert generation.prompt.toPlainText() == words(assistant, IMPRESSION).strip()
    generation.quality.setCurrentIndex(generation.quality.findData("fast"))
    generation.generate.click()
    qtbot.waitUntil(lambda: len(generation.made) == 1, timeout=LONG)
    assert generation.progress.value() > 1
    assert generation.preview.pixmap().isNull() is not assistant.model.ready.has_preview
    generation.read_back()
    qtbot.waitUntil(lambda: bool(generation.made[0].read), timeout=LONG)
    assert "FINDINGS" in generation.told.text()
    generation.picture_wanted.emit(generation.made[0])
    image = drafted.grid.active.image
    assert image.synthetic and image.shape == generation.made[0].picture.pixels.shape[:2]
    assert np.isfinite(generation.made[0].picture.latents).all()


def test_stopping_keeps_the_words_that_came_and_marks_them(window, open_in, qtbot, phantom):
    open_in(window, phantom)
    assistant = window.assistant
    assistant.draft()
    qtbot.waitUntil(lambda: bool(words(assistant, FINDINGS)), timeout=LONG)
    QTest.keyClick(assistant.report.fields[FINDINGS], Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: assistant.drafting.run is None, timeout=2000)
    assert words(assistant, FINDINGS) and "stopped" in assistant.report.cautions.text()


def test_keys_typed_in_a_panel_that_floats_do_not_act_on_the_film(drafted, qtbot):
    dock, field = drafted.assistant, drafted.assistant.report.fields[FINDINGS]
    dock.setFloating(True)
    dock.activateWindow()
    qtbot.waitUntil(dock.isActiveWindow)
    field.setFocus()
    for key in (Qt.Key.Key_W, Qt.Key.Key_B, Qt.Key.Key_H):
        QTest.keyClick(field, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "ipb")
    assert drafted.grid.active.image is not None and "ipb" in field.toPlainText()
    assert not drafted.preferences.settings.hide_patient


def test_a_report_and_a_picture_are_each_shown_and_stopped_where_the_panel_does_not_show_them(
    window, open_in, qtbot, phantom
):
    open_in(window, phantom)
    assistant, canvas = window.assistant, window.grid.active
    bar = window.statusBar()

    def runs():
        """What the status bar says of runs, and their buttons."""
        shown = [each for each in bar.findChildren(QProgressBar) if each.isVisible()]
        stops = {each.accessibleName(): each for each in bar.findChildren(QPushButton) if each.isVisible()}
        return [each.accessibleName() for each in shown], stops

    QTest.keyClick(canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assistant.generation.prompt.setPlainText("Large left pleural effusion.")
    assistant.generation.generate.click()
    assert runs()[0] == []
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    assert assistant.drafting.is_busy and runs()[0] == ["Making the picture"]
    QTest.keyClick(canvas, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: runs()[0] == ["Writing the report", "Making the picture"])
    QTest.mouseClick(runs()[1]["Stop: Writing the report"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not assistant.drafting.is_busy, timeout=LONG)
    assert assistant.generation.is_running and runs()[0] == ["Making the picture"]
    QTest.mouseClick(runs()[1]["Stop: Making the picture"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not assistant.generation.is_running, timeout=LONG)
    assert runs()[0] == [] and assistant.generation.gallery.count() == 0


def test_the_reports_own_stop_lets_a_picture_go_on(window, open_in, qtbot, phantom):
    open_in(window, phantom)
    assistant, canvas = window.assistant, window.grid.active
    assistant.generation.prompt.setPlainText("Large left pleural effusion.")
    assistant.generation.begin()
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    assistant.report.stop.click()
    qtbot.waitUntil(lambda: not assistant.drafting.is_busy, timeout=LONG)
    assert assistant.generation.stop.isEnabled()
    QTest.keyClick(canvas, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: not assistant.generation.stop.isEnabled(), timeout=LONG)
