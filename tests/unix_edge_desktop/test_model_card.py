"""What is said of a model before it is believed, and the page on which one is chosen."""

import shutil
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge_desktop.assistant.model_card import ModelCardDialog, describe_bundle, find_bundles
from unix_edge_desktop.assistant.model_page import ModelPage
from unix_edge_desktop.storage.settings import Settings, measured_name


def test_the_card_says_what_the_model_was_trained_on_and_what_it_cannot():
    said = describe_bundle(str(EMBEDDED))
    assert "unix-nano, fp16" in said and "only seen computed phantoms" in said
    assert "no lateral views" in said and "Research use only" in said
    assert "Differences from the reference path: " in said and "SHA-256" in said


def test_a_folder_that_is_no_bundle_is_one_sentence(tmp_path):
    assert describe_bundle(str(tmp_path / "none")) == (
        f"The engines in {tmp_path / 'none'} were not used: there is no such folder. Export the checkpoint again."
    )


def test_exports_are_found_beside_the_one_that_comes_along(tmp_path, monkeypatch):
    monkeypatch.setattr("unix_edge_desktop.assistant.model_card.user_bundles", lambda: tmp_path)
    shutil.copytree(EMBEDDED, tmp_path / "mine")
    shutil.copytree(EMBEDDED, tmp_path / ".unfinished")
    assert find_bundles() == [EMBEDDED, tmp_path / "mine"]


@pytest.fixture
def page(qtbot):
    page = ModelPage(Settings())
    qtbot.addWidget(page)
    return page


def test_what_is_chosen_is_kept(page):
    page.engines.setCurrentIndex(page.engines.findData(str(EMBEDDED)))
    page.device.setCurrentIndex(page.device.findData("cpu"))
    assert page.chosen(Settings()) == replace(Settings(), engines=str(EMBEDDED), device="cpu")
    assert "unix-nano" in page.card.text()


def test_a_bundle_that_was_chosen_and_is_gone_stays_in_the_list_and_says_so(qtbot, tmp_path):
    page = ModelPage(replace(Settings(), engines=str(tmp_path / "gone")))
    qtbot.addWidget(page)
    assert page.chosen(Settings()).engines == str(tmp_path / "gone") and "no such folder" in page.card.text()


def test_its_files_are_checked_and_a_changed_one_is_told(qtbot, tmp_path):
    shutil.copytree(EMBEDDED, tmp_path / "mine")
    page = ModelPage(replace(Settings(), engines=str(tmp_path / "mine")))
    qtbot.addWidget(page)
    page.check.click()
    qtbot.waitUntil(lambda: page.card.text().startswith("Whole and unchanged."), timeout=20_000)
    path = tmp_path / "mine" / "vision.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    page.check.click()
    qtbot.waitUntil(lambda: "vision.onnx was changed" in page.card.text(), timeout=20_000)
    assert page.check.isEnabled()


def test_the_dialog_shows_the_card(qtbot):
    dialog = ModelCardDialog(str(EMBEDDED))
    qtbot.addWidget(dialog)
    assert any("unix-nano" in label.text() for label in dialog.findChildren(QLabel))


def test_how_long_a_report_and_a_picture_take_here_is_told_from_what_was_measured(qtbot, page):
    assert "is measured when they are made" in page.card.text()
    made = Bundle.open(EMBEDDED).manifest
    names = {what: measured_name(what, made.checkpoint_sha256, made.precision, "cpu") for what in ("report", "picture")}
    other = measured_name("report", "cd" * 32, "fp16", "cpu")
    measured = {names["report"]: 1.24, names["picture"]: 5.0, other: 77.0}
    kept = Settings.from_json(replace(Settings(), engines=str(EMBEDDED), measured=measured).to_json())
    again = ModelPage(kept)
    qtbot.addWidget(again)
    assert "The last report took 1.2 s on cpu." in again.card.text()
    assert "The last picture took 5.0 s on cpu." in again.card.text() and "77" not in again.card.text()
    assert again.chosen(kept).measured == measured


def test_seconds_that_cannot_be_are_not_believed():
    said = '{"measured": {"a": 1.5, "b": -1.0, "c": 1e99, "d": "x", "e": true}}'
    assert Settings.from_json(said).measured == {"a": 1.5}
