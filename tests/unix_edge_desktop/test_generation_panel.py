"""Pictures from words: what is asked, what is told meanwhile, and what can be done with what was made."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from unix_edge.generate import GenerationSettings, SyntheticImage
from unix_edge.provenance import Provenance
from unix_edge.report import Ended, Report
from unix_edge.sampler import Quality
from unix_edge.sentences import Sentence
from unix_edge.text import split_sections
from unix_edge.worker import messages
from unix_edge_desktop.assistant.generation_panel import PRESETS, GenerationPanel

MADE = Provenance("UniX Edge", "nano", "ab" * 32, "fp16", "cpu", True, {"seed": 3}, "2026-01-01T00:00:00+00:00")


class Process:
    def __init__(self):
        self.asked, self.stopped = [], []

    def generate(self, prompt, settings):
        self.asked.append((prompt, settings))
        return len(self.asked)

    def draft(self, image, settings=None, **_):
        self.asked.append(image)
        return len(self.asked)

    def stop(self, run):
        self.stopped.append(run)


class Model(QObject):
    changed = Signal()

    def __init__(self):
        super().__init__()
        self.process, self.is_wanted, self.opened = Process(), True, 0
        self.ready = messages.Ready(
            "e", "nano", "ab" * 32, "fp16", "cpu", Sentence("CUDA is here"), True, "", 256, 16, 1536, True, 1
        )

    def open(self):
        self.opened += 1


def picture(seed, side=32):
    pixels = np.full((side, side, 3), seed, np.uint8)
    return SyntheticImage(pixels, np.zeros((4, 4), np.float32), MADE)


@pytest.fixture
def panel(qtbot):
    panel = GenerationPanel(Model())
    qtbot.addWidget(panel)
    panel.show()
    return panel


def make(panel, prompt="Large left effusion.", seed=3):
    panel.set_prompt(prompt)
    panel.seed.setValue(seed)
    panel.begin()
    run = len(panel._model.process.asked)
    panel.take(messages.Picture(run, picture(seed), 1.0))
    return run


def test_what_is_set_is_what_is_asked(panel):
    panel.set_prompt("  Large   left effusion. \n")
    panel.seed.setValue(77)
    panel.side.setCurrentIndex(panel.side.findData(128))
    panel.guidance.setValue(3.5)
    panel.quality.setCurrentIndex(panel.quality.findData("fast"))
    panel.begin()
    prompt, settings = panel._model.process.asked[0]
    assert prompt == "Large left effusion."
    assert settings == GenerationSettings.of_quality(Quality.FAST, size=128, guidance=3.5, seed=77)
    assert not panel.generate.isEnabled() and panel.stop.isEnabled() and panel.progress.isVisible()


def test_the_balanced_way_is_the_usual_one(panel):
    panel.set_prompt(PRESETS[0])
    panel.begin()
    usual = GenerationSettings.of_quality(Quality.BALANCED, size=256, seed=panel.seed.value())
    assert panel._model.process.asked[0][1] == usual


def test_without_words_nothing_is_asked_and_a_person_is_told(panel, qtbot):
    with qtbot.waitSignal(panel.status) as said:
        panel.begin()
    assert said.args == ["Write what the picture should show."] and panel._model.process.asked == []


def test_words_that_name_nothing_of_a_chest_are_noticed_before_a_picture_is_made(panel):
    panel.set_prompt("a cat")
    assert panel.warning.isVisible() and "nothing to do with it" in panel.warning.text()
    panel.set_prompt(PRESETS[1])
    assert not panel.warning.isVisible()


def test_a_model_that_is_not_open_is_opened(panel):
    panel._model.is_wanted = False
    panel.set_prompt(PRESETS[0])
    panel.begin()
    assert panel._model.opened == 1


def test_steps_are_told_with_a_preview_and_the_time_that_is_left(panel):
    panel.set_prompt(PRESETS[0])
    panel.begin()
    gray = np.arange(256, dtype=np.uint8).reshape(16, 16)
    panel.take(messages.Step(1, 7, 49, 12.4, gray))
    assert (panel.progress.value(), panel.progress.maximum(), panel.left.text()) == (7, 49, "12 s left")
    assert panel.preview.isVisible() and not panel.preview.pixmap().isNull()
    panel.take(messages.Step(99, 40, 49, 1.0, None))
    assert panel.progress.value() == 7
    panel.take(messages.Picture(1, picture(1), 1.0))
    assert not panel.progress.isVisible() and not panel.preview.isVisible() and panel.generate.isEnabled()


def test_a_stop_says_that_nothing_was_made_and_the_next_can_begin(panel):
    panel.set_prompt(PRESETS[0])
    panel.begin()
    panel.stop.click()
    assert panel._model.process.stopped == [1]
    panel.take(messages.Stopped(1))
    assert panel.told.text() == "Stopped; no picture was made." and panel.generate.isEnabled() and panel.made == []


def test_where_memory_is_short_a_smaller_size_is_chosen(panel):
    panel.set_prompt(PRESETS[0])
    panel.begin()
    panel.take(messages.Failed(1, "MemoryError", Sentence("There is not enough memory."), (), True, 128))
    assert panel.side.currentData() == 128 and "smaller size" in panel.told.text()
    panel.begin()
    assert panel._model.process.asked[1][1].size == 128


def test_the_seed_changes_after_a_picture_unless_it_is_kept(panel):
    make(panel, seed=5)
    changed = panel.seed.value() != 5
    panel.keep_seed.setChecked(True)
    make(panel, seed=6)
    assert changed and panel.seed.value() == 6


def test_each_picture_of_the_gallery_says_that_it_is_synthetic(panel):
    make(panel, "One. Clear lungs.", 1)
    make(panel, "Two. Clear lungs.", 2)
    assert panel.gallery.count() == 2
    for at in range(2):
        assert (
            panel.gallery.item(at).text().startswith("SYNTHETIC") and "AI generated" in panel.gallery.item(at).toolTip()
        )
    assert "Two." in panel.gallery.item(0).text()


def test_two_chosen_pictures_show_where_they_differ(panel):
    make(panel, seed=10)
    make(panel, seed=200)
    panel.gallery.selectAll()
    assert panel.preview.isVisible() and "differ" in panel.told.text()
    gray = panel.preview.pixmap().toImage().pixelColor(5, 5).value()
    assert gray == 255
    panel.gallery.clearSelection()
    panel.gallery.item(0).setSelected(True)
    assert "differ" not in panel.told.text()


def test_what_is_read_back_is_compared_by_its_findings(panel):
    make(panel, "Large left pleural effusion. Cardiomegaly.")
    panel.read_back()
    text = "FINDINGS: Left pleural effusion. Pneumothorax. IMPRESSION: Effusion."
    report = Report(text, *split_sections(text), (1,), (-0.1,), Ended.FINISHED, MADE)
    panel.take(messages.Drafted(2, report, 0.1, 1.0, 1.0))
    said = panel.told.text()
    assert "Both say: Pleural Effusion" in said and "Only the prompt says: Cardiomegaly" in said
    assert "Only the reading says: Pneumothorax" in said
    assert panel._model.process.asked[1].image.mode == "L"


def test_reading_back_that_fails_says_why(panel):
    make(panel)
    panel.read_back()
    panel.take(messages.Failed(2, "ImageError", Sentence("It has no content.")))
    assert panel.told.text() == "It has no content." and panel.made[0].read == ""


def test_a_picture_that_cannot_be_used_is_marked_so(panel):
    make(panel)
    panel.bad.click()
    assert panel.made[0].is_bad and "Cannot be used" in panel.gallery.item(0).text()
    panel.bad.click()
    assert not panel.made[0].is_bad and "Cannot be used" not in panel.gallery.item(0).text()


def test_buttons_of_a_picture_wait_for_one(panel, qtbot):
    assert not any(button.isEnabled() for button in panel._of_picture)
    make(panel)
    assert all(button.isEnabled() for button in panel._of_picture)
    with qtbot.waitSignal(panel.picture_wanted) as shown:
        panel._of_picture[0].click()
    with qtbot.waitSignal(panel.save_wanted) as saved:
        panel._of_picture[1].click()
    assert shown.args == saved.args == [panel.made[0]]


def test_words_of_an_empty_report_leave_the_prompt_as_it_is(panel, qtbot):
    panel.set_prompt(PRESETS[0])
    with qtbot.waitSignal(panel.status):
        panel.set_prompt("  ")
    assert panel.prompt.toPlainText() == PRESETS[0]
