"""What is opened in the window, how it is listed, searched, and taken off the list again."""

import os
import shutil
import sqlite3
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom.data import get_testdata_file
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from unix_edge.files import MARK
from unix_edge_desktop.shell import features
from unix_edge_desktop.studies import indexing
from unix_edge_desktop.studies.index import NAME, StudyIndex
from unix_edge_desktop.studies.index_schema import SCHEMA

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def test_one_study_gives_the_same_from_files_a_folder_and_an_archive(
    make_window, open_in, idle, study, tmp_path, rows, uid
):
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for each in study.iterdir():
            file.write(each, f"köln/{each.name}")
    accented = tmp_path / "Müller 日本語 é"
    accented.mkdir()
    for each in study.iterdir():
        (accented / each.name).write_bytes(each.read_bytes())
    seen = []
    for paths in ([study], [study / "image1", study / "image2"], [archive], [accented]):
        window = make_window()
        open_in(window, *paths)
        seen.append((rows(window), uid(window.grid.canvases[0]), window.failures.text()))
        for each in window.studies.patients:
            for one in each.studies:
                window.library.remove(each, one)
        idle(window)
        window.close()
    assert seen[0][0] == ["Doe, Jane | 4711  1960-02-29  F", "  2026-01-02  DX"] + [
        f"    DX  CHEST  Chest {view}" for view in ("PA", "LL")
    ]
    assert seen[0][1] == "2.25.301"
    assert all(each == seen[0] for each in seen)


def test_a_medium_is_opened_by_its_dicomdir(window, open_in, tmp_path):
    source = Path(get_testdata_file("dicomdirtests/DICOMDIR", download=False)).parent
    shutil.copytree(source / "77654033", tmp_path / "medium" / "77654033")
    shutil.copyfile(source / "DICOMDIR", tmp_path / "medium" / "DICOMDIR")
    open_in(window, tmp_path / "medium" / "DICOMDIR")
    assert window.grid.active.image is not None
    assert all("not there" in str(each.reason) for each in window.failures.failures)


def test_what_is_dropped_is_opened_and_nothing_is_fetched(window, idle, study, qtbot, uid):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(study)), QUrl("https://example.org/image.dcm")])
    at, action, button = QPointF(50, 50), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, action, data, button, Modifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(at, action, data, button, Modifier.NoModifier))
    assert "nothing was fetched" in window.message.text()
    idle(window)
    assert uid(window.grid.active) == "2.25.301"


def test_pictures_are_opened_too(window, open_in, radiograph_png, tmp_path):
    photograph = tmp_path / "photograph.jpg"
    Image.fromarray(np.full((90, 80), 99, np.uint8)).save(photograph)
    open_in(window, radiograph_png)
    assert window.grid.active.image.shape == (120, 100)
    open_in(window, photograph)
    assert window.grid.active.image.shape == (90, 80)


def test_nothing_is_lost_in_silence(window, open_in, study, tmp_path, make_file, uid):
    whole = make_file(tmp_path / "whole").read_bytes()
    for number in range(5):
        (study / f"cut{number}").write_bytes(whole[: -1000 * (number + 1)])
    for number in range(3):
        (study / f"notes{number}.txt").write_text("Not an image.")
    (study / "a\u202egpj.exe\n<b>").write_bytes(b"MZ")
    open_in(window, study)
    assert uid(window.grid.active) == "2.25.301"
    assert len(window.failures.failures) == 9 == window.failures.table.rowCount()
    assert window.failed.isVisible() and window.failed.text() == "Files not opened: 9"
    window.failed.click()
    assert window.failures.isVisible()
    window.failures.findChildren(QPushButton)[0].click()
    copied = QGuiApplication.clipboard().text()
    assert copied == window.failures.text() and len(copied.splitlines()) == 9
    assert all("\t" in line and line.endswith(".") for line in copied.splitlines())
    assert "\u202e" not in copied and "<b>" not in copied


def test_a_running_opening_is_shown_and_stops_when_it_is_told_to(window, idle, tmp_path, make_file):
    folder = tmp_path / "many"
    folder.mkdir()
    content = make_file(tmp_path / "one").read_bytes()
    for number in range(300):
        (folder / f"{number}").write_bytes(content)
    window.open_paths([folder])
    assert window.progress.isVisible() and window.stop.isVisible()
    window.stop.click()
    idle(window)
    assert not window.progress.isVisible() and not window.stop.isVisible()


def test_an_index_that_another_window_has_open_is_said_and_files_can_be_opened(make_window, open_in, study, uid):
    make_window()
    second = make_window()
    assert "another window of this program has it open" in second.message.text()
    open_in(second, study)
    assert uid(second.grid.active) == "2.25.301"


def test_a_newer_versions_index_is_left_and_files_can_be_opened(make_window, open_in, study, own_folders, uid):
    StudyIndex(own_folders.data).close()
    path = own_folders.data / NAME
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    newer.close()
    before = path.read_bytes()
    window = make_window()
    assert "newer version" in window.message.text()
    open_in(window, study)
    assert uid(window.grid.active) == "2.25.301"
    window.close()
    assert path.read_bytes() == before


def test_the_search_finds_by_name_id_and_date_and_says_so_when_nothing_is_found(window, open_in, patient, qtbot):
    open_in(window, patient)
    assert window.studies.note.text() == "Studies: 4"
    for words, count in (("jane", 4), ("4712", 1), ("2025-06", 1), ("doe 4711", 3), ("nobody", 0)):
        window.studies.search.setText(words)
        expected = f"Studies: {count}" if count else "No study found."
        qtbot.waitUntil(lambda expected=expected: window.studies.note.text().splitlines()[0] == expected)


@pytest.mark.parametrize("thumbnails", [True])
def test_files_that_are_gone_or_changed_are_shown_as_such_in_words(make_window, open_in, idle, study, qtbot, rows):
    window = make_window()
    open_in(window, study)
    window.close()
    (study / "image1").unlink()
    changed = study / "image2"
    changed.write_bytes(changed.read_bytes() + b"\0\0")
    window = make_window()
    window.open_last()
    idle(window)
    qtbot.waitUntil(
        lambda: "The file is missing." in str(rows(window)) and "The file has changed." in str(rows(window))
    )
    assert window.grid.active.image is None and "No such file" in window.grid.active.message


def test_another_patients_file_at_the_same_path_is_not_shown_under_the_first_ones_row(
    window, open_in, idle, study, make_file
):
    open_in(window, study)
    row = window.studies.patients[0]
    for path in study.iterdir():
        status = path.stat()
        make_file(path, seed=9, SOPInstanceUID="2.25.999", PatientName="Roe^Richard", PatientID="8")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    window.desk.close_image()
    window.desk.loader._kept.clear()  # as in another session
    window.desk.open_study(row, row.studies[0])
    idle(window)
    assert window.grid.active.image is None and "has changed" in window.grid.active.message


def test_removing_a_study_asks_first_and_leaves_its_files(window, open_in, idle, study, monkeypatch, rows):
    open_in(window, study)
    answers, asked = [False, True], []
    monkeypatch.setattr(features, "confirm", lambda *said: asked.append(said) or answers.pop(0))
    window.menus.actions["remove_study"].trigger()
    idle(window)
    assert len(rows(window)) == 4
    window.menus.actions["remove_study"].trigger()
    idle(window)
    assert rows(window) == [] and "No file was touched" in window.message.text()
    assert len(list(study.iterdir())) == 2
    assert all(each in asked[0][3] for each in ("Doe, Jane", "4711", "2026-01-02"))


@pytest.mark.parametrize("thumbnails", [True])
def test_thumbnails_are_made_of_what_is_seen(window, open_in, study):
    open_in(window, study)
    top = window.studies.tree.topLevelItem(0).child(0)
    assert [not top.child(at).icon(0).isNull() for at in range(2)] == [True, True]


def test_names_of_files_and_headers_cannot_pretend(window, open_in, tmp_path, make_file, rows):
    make_file(
        tmp_path / "image",
        SpecificCharacterSet="ISO_IR 192",
        PatientName="<b>Evil</b>\u202e^Roe",
        PatientID="\u202e1",
        StudyDescription="<img>",
    )
    open_in(window, tmp_path / "image")
    said = " ".join(rows(window))
    assert "Evil" in said and not set("<>\u202e") & set(said)


def test_opening_one_file_of_a_study_shows_its_own_picture(window, open_in, study, uid):
    for number in (2, 1, 2):
        open_in(window, study / f"image{number}")
    assert uid(window.grid.canvases[0]) == "2.25.302" and len(window.desk.views) == 1
    window.preferences.set_layout("1x2")
    open_in(window, study / "image2")
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.302", "2.25.301"]


def test_a_file_of_a_long_series_is_shown_at_its_place(window, open_in, ct, uid):
    open_in(window, ct)
    open_in(window, ct / "4")
    assert uid(window.grid.active) == "2.25.34" and window.desk.views[window.grid.active].at == 3
    window.preferences.set_layout("1x2")
    open_in(window, ct / "4")
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.34", None], "no series is shown twice"


@pytest.mark.parametrize("thumbnails", [True])
def test_a_study_that_is_removed_leaves_no_picture_of_it(window, open_in, idle, study, own_folders, monkeypatch):
    open_in(window, study)
    assert len(list(own_folders.thumbnails.iterdir())) == 2
    window.studies.tree.setCurrentItem(window.studies.tree.topLevelItem(0).child(0))
    monkeypatch.setattr(features, "confirm", lambda *_: True)
    window.features.remove_study()
    idle(window)
    assert list(own_folders.thumbnails.iterdir()) == []
    open_in(window, study)
    assert len(list(own_folders.thumbnails.iterdir())) == 2, "opened again it has its pictures again"


def drop(window, content, canvas):
    at = QPointF(canvas.mapTo(window, canvas.rect().center()))
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, action, content, button, Modifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(at, action | Qt.DropAction.MoveAction, content, button, Modifier.ShiftModifier)
    QApplication.sendEvent(window, event)
    assert event.isAccepted() and event.dropAction() == Qt.DropAction.CopyAction, "nothing is ever moved"


def test_a_series_is_dragged_into_a_view_and_another_program_would_learn_nothing(window, open_in, idle, study, uid):
    window.preferences.set_layout("2x2")
    open_in(window, study)
    tree = window.studies.tree
    patient_row = tree.topLevelItem(0)
    study_row = patient_row.child(0)
    last = window.grid.canvases[3]
    content = tree.mimeData([study_row.child(1)])
    assert content.formats() == ["application/x-unix-edge-row"]
    assert bytes(content.data("application/x-unix-edge-row").data()) == MARK.encode()
    drop(window, content, last)
    idle(window)
    assert uid(last) == "2.25.302" and window.grid.active is last
    drop(window, tree.mimeData([study_row]), window.grid.canvases[2])
    idle(window)
    assert uid(window.grid.canvases[2]) == "2.25.301" and uid(last) == "2.25.302"
    drop(window, tree.mimeData([patient_row]), window.grid.canvases[0])
    idle(window)
    assert [uid(canvas) for canvas in window.grid.canvases] == ["2.25.301", "2.25.302", "2.25.301", "2.25.302"]


@pytest.fixture
def read_next(make_window, monkeypatch):
    """Let so many more files be read of those that are opened; without it none is."""
    allowed, reading = threading.Semaphore(0), indexing.read_headers

    def one_by_one(sources, should_stop):
        for each in reading(sources, should_stop):
            while not allowed.acquire(timeout=0.02) and not should_stop():
                pass
            yield each

    monkeypatch.setattr(indexing, "_TICK", 0.05)
    monkeypatch.setattr(indexing, "read_headers", one_by_one)
    return allowed.release


def test_a_series_that_is_still_read_is_turned_to_its_end(window, read_next, qtbot, idle, ct, uid):
    window.open_paths([ct])
    read_next(2)
    canvas = window.grid.active
    qtbot.waitUntil(lambda: uid(canvas) == "2.25.31")
    window.desk.page(1)
    qtbot.waitUntil(lambda: uid(canvas) == "2.25.32")
    assert canvas.stack_size == 2
    read_next(3)
    idle(window)
    assert uid(canvas) == "2.25.32" and canvas.stack_size == 5
    window.desk.go_to_last()
    idle(window)
    assert uid(canvas) == "2.25.35"
    assert len(window.desk.views[canvas].study.series[0].instances) == 5, "what is exported is all of it"


def test_what_comes_before_the_image_that_is_seen_moves_none(window, read_next, qtbot, idle, make_file, tmp_path, uid):
    folder = tmp_path / "backwards"
    folder.mkdir()
    for number in range(1, 4):
        make_file(folder / str(number), seed=number, SOPInstanceUID=f"2.25.3{number}", InstanceNumber=4 - number)
    window.open_paths([folder])
    read_next(1)
    canvas = window.grid.active
    qtbot.waitUntil(lambda: uid(canvas) == "2.25.31")
    read_next(2)
    idle(window)
    assert uid(canvas) == "2.25.31" and window.desk.views[canvas].at == 2
    window.desk.page(-1)
    idle(window)
    assert uid(canvas) == "2.25.32"


@pytest.mark.parametrize("closed", [False, True])
def test_a_second_projection_that_is_read_later_gets_its_view(window, read_next, qtbot, idle, study, uid, closed):
    window.preferences.set_layout("1x2")
    first, second = window.grid.canvases[:2]
    window.open_paths([study])
    read_next(1)
    qtbot.waitUntil(lambda: uid(first) == "2.25.301")
    assert second.image is None
    if closed:
        window.desk.close_image(second)
    read_next(1)
    idle(window)
    assert (uid(first), uid(second)) == ("2.25.301", None if closed else "2.25.302")
