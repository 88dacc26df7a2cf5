"""A folder of pictures is one series, turned in the order of its names, and each says which it is."""

import sqlite3
import zipfile

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from unix_edge_desktop.image.corner_text import write_corners
from unix_edge_desktop.image.measuring import Length
from unix_edge_desktop.studies.index import NAME, StudyIndex

Key = Qt.Key


def draw(path, gray, size=(90, 80)):
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(np.full(size, gray, np.uint8)).save(path, "JPEG" if path.suffix == ".jpg" else "PNG")


@pytest.fixture
def pictures(tmp_path):
    """Four of a folder, whose names are not in the order of their letters."""
    folder = tmp_path / "films of June"
    for number, name in enumerate(("film 1.png", "Film 2.jpg", "film 10.png", "film 011.png")):
        draw(folder / name, 10 * number)
    return folder


def name_in(canvas):
    corners = write_corners(canvas.image, canvas.window_state, 1.0, hide_patient=canvas.hide_patient)
    return corners.top_left


def test_a_folder_of_pictures_is_a_series_in_the_order_of_their_numbers(window, open_in, idle, pictures, press, rows):
    open_in(window, pictures)
    canvas = window.grid.active
    canvas.setFocus()
    assert canvas.stack_size == 4
    names = [name_in(canvas)]
    for _ in range(3):
        press(window, Key.Key_Down)
        idle(window)
        names.append(name_in(canvas))
    assert names == [("film 1.png",), ("Film 2.jpg",), ("film 10.png",), ("film 011.png",)]
    assert rows(window) == ["No patient name", "  No date  films of June", "    Series | Images: 4"]


def test_folders_are_series_of_their_own_and_dicom_stays_what_it_is(window, open_in, pictures, make_file, uid):
    make_file(pictures / "film 3", SOPInstanceUID="2.25.3")
    draw(pictures / "older" / "film 1.png", 200)
    open_in(window, pictures)
    found = {
        study.description: [[each.name for each in series.instances] for series in study.series]
        for patient in window.studies.patients
        for study in patient.studies
    }
    assert sorted(map(len, found.values())) == [1, 1, 1]
    assert found["films of June"] == [["film 1.png", "Film 2.jpg", "film 10.png", "film 011.png"]]
    assert found["film 1.png"] == [["film 1.png"]], "one alone goes by its own name"
    assert len(window.studies.patients) == 3 and uid(window.grid.active) == "2.25.3"


def test_one_of_them_is_opened_alone_and_the_others_join_it(window, open_in, idle, pictures, press):
    open_in(window, pictures / "film 10.png")
    canvas = window.grid.active
    assert name_in(canvas) == ("film 10.png",)
    open_in(window, pictures)
    assert name_in(canvas) == ("film 10.png",) and canvas.stack_size == 4
    canvas.setFocus()
    press(window, Key.Key_Up)
    idle(window)
    assert name_in(canvas) == ("Film 2.jpg",)


def test_folders_in_an_archive_are_series_too(window, open_in, pictures):
    archive = pictures.parent / "disc.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for number, name in enumerate(("a/10.png", "a/9.png", "b/1.png", "2.png", "1.png")):
            packed.write(sorted(pictures.iterdir())[number % 4], name)
    open_in(window, archive)
    found = sorted(
        [each.member for each in series.instances]
        for patient in window.studies.patients
        for study in patient.studies
        for series in study.series
    )
    assert found == [["1.png", "2.png"], ["a/9.png", "a/10.png"], ["b/1.png"]]


def test_every_name_of_a_series_is_found(window, open_in, qtbot, pictures):
    open_in(window, pictures)
    for text in ("film 10.png", "011", "June"):
        window.studies.search.setText(text)
        qtbot.waitUntil(lambda text=text: window.studies.listing.answered == text)
        assert len(window.studies.patients) == 1, text


def test_a_name_may_tell_who_it_is_and_is_hidden_with_the_patient(window, open_in, pictures, rows):
    open_in(window, pictures)
    window.preferences.set_hide_patient(True)
    assert name_in(window.grid.active) == ("patient hidden",)
    assert not any(word in " ".join(rows(window)) for word in ("film", "June"))


def test_two_pictures_of_one_folder_keep_step(window, open_in, idle, pictures, press):
    open_in(window, pictures)
    window.preferences.set_layout("1x2")
    first, second = window.grid.shown
    view = window.desk.views[first]
    window.desk.show(second, view.patient, view.study, view.series, 2)
    idle(window)
    window.grid.focus_active()
    press(window, Key.Key_S)
    press(window, Key.Key_Plus)
    assert window.grid.apart == "" and second.viewport.zoom == pytest.approx(first.viewport.zoom)


def test_a_calibration_of_one_picture_is_not_another_s(window, open_in, idle, pictures, press):
    open_in(window, pictures)
    canvas = window.grid.active
    canvas.setFocus()
    canvas.add_measurement(Length(((0.0, 0.0), (10.0, 0.0))))
    window.desk.calibrate(canvas, canvas.image.calibrate((0.5, 0.5)))
    press(window, Key.Key_Down)
    idle(window)
    assert canvas.image.calibrated is None
    press(window, Key.Key_Up)
    idle(window)
    assert canvas.image.calibrated == (0.5, 0.5)


def test_an_index_that_took_each_for_a_study_is_joined(make_window, open_in, own_folders, pictures):
    window = make_window()
    open_in(window, pictures)
    window.close()
    with sqlite3.connect(own_folders.data / NAME) as earlier:
        (patient, study, series) = earlier.execute(
            "SELECT patients.id, studies.id, series.id FROM series JOIN studies ON studies.id = study"
            " JOIN patients ON patients.id = patient"
        ).fetchone()
        for number, (instance, name) in enumerate(earlier.execute("SELECT id, sop_uid FROM instances").fetchall(), 50):
            earlier.execute("INSERT INTO patients VALUES (?, ?, '', '', '', '', '')", [number, f'["{name}"]'])
            earlier.execute("INSERT INTO studies VALUES (?, ?, ?, '', '', 'x', '', 'x')", [number, number, name])
            earlier.execute("INSERT INTO series VALUES (?, ?, ?, NULL, '', '', '')", [number, number, name])
            earlier.execute("UPDATE instances SET series = ? WHERE id = ?", [number, instance])
        earlier.execute("DELETE FROM series WHERE id = ?", [series])
        earlier.execute("DELETE FROM studies WHERE id = ?", [study])
        earlier.execute("DELETE FROM patients WHERE id = ?", [patient])
    earlier.close()
    index = StudyIndex(own_folders.data)
    (patient,) = index.patients()
    assert [each.name for each in patient.studies[0].series[0].instances][1] == "Film 2.jpg"
    assert index.count() == 1 and patient.studies[0].description == pictures.name
    index.close()
