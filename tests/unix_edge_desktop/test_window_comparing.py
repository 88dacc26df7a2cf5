"""What is laid beside a film: priors of the same patient that show the same, and views that keep step."""

import threading
import time

import pytest
from pydicom import Dataset, Sequence
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from unix_edge_desktop.reading import comparing
from unix_edge_desktop.studies.priors import Priors
from unix_edge_desktop.studies.stacks import find_study

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def films(tmp_path):
    folder = tmp_path / "films"
    folder.mkdir()
    return folder


@pytest.fixture
def film(films, make_file):
    """Write a film of a study."""
    written = []

    def write(study, date, view="PA", part="CHEST", **elements):
        number = len(written) + 1
        usual = {
            "StudyDate": date,
            "ViewPosition": view,
            "BodyPartExamined": part,
            "StudyInstanceUID": f"2.25.1{study}",
            "SeriesInstanceUID": f"2.25.2{number}",
            "SOPInstanceUID": f"2.25.3{number}",
            "SeriesNumber": number,
            "PatientOrientation": None,
        }
        written.append(make_file(films / f"{number}.dcm", seed=number, **{**usual, **elements}))
        return f"2.25.3{number}"

    return write


@pytest.fixture
def read(window, open_in, idle, films):
    """Open all films, and one study of them in the first view."""

    def open_study(number, layout="1x1"):
        open_in(window, films)
        window.preferences.set_layout(layout)
        window.desk.open_study(*find_study(window.studies.patients, f"2.25.1{number}"))
        idle(window)
        window.grid.active.setFocus()

    return open_study


@pytest.fixture
def key(window, idle):
    """Press a key as in the image, and wait for what comes of it."""

    def press_key(which, modifiers=Modifier.NoModifier):
        QTest.keyClick(window.grid.active, which, modifiers)
        idle(window)

    return press_key


@pytest.fixture
def seen(window, uid):
    return lambda: [uid(canvas) for canvas in window.grid.shown]


@pytest.fixture
def corner(window):
    """What is written in the upper right corner of a view."""
    from unix_edge_desktop.image.corner_text import write_corners

    def read_corner(at):
        scene = window.grid.shown[at].describe_scene()
        return write_corners(scene.image, scene.window_state, 1.0, prior=scene.prior).top_right

    return read_corner


def test_a_prior_shows_the_same_part_in_the_same_view(film, read, key, seen):
    current = film(1, "20260601")
    film(2, "20260501", "AP", "LEG")
    film(3, "20260401", "LL")
    film(4, "20260301", "LL")
    wanted = film(4, "20260301", "AP")
    film(5, "20260201")
    read(1)
    key(Key.Key_B, Modifier.ControlModifier)
    assert seen() == [current, wanted]


def test_a_lateral_is_compared_with_laterals(film, read, key, seen, window):
    film(1, "20260601", "PA")
    lateral = film(1, "20260601", "LL")
    film(2, "20260301", "PA")
    wanted = film(2, "20260301", "RL")
    read(1, "2x2")
    window.grid.activate(window.grid.canvases[1])
    key(Key.Key_B, Modifier.ControlModifier)
    assert seen()[1:3] == [lateral, wanted]


@pytest.mark.parametrize("active", [0, 1])
def test_priors_are_gone_through_by_a_key_each_way_and_say_their_age(film, read, key, seen, window, corner, active):
    current = film(1, "20260601")
    spring = film(2, "20260101")
    film(6, "20251201", "LL")
    winter = film(3, "20251201")
    year = film(4, "20240501")
    film(5, "20260701")
    read(1)
    key(Key.Key_B, Modifier.ControlModifier)
    assert seen() == [current, spring] and "prior, 5 months" in corner(1)
    assert not any("prior" in line for line in corner(0))
    window.grid.activate(window.grid.canvases[active])
    window.grid.focus_active()
    key(Key.Key_Comma)
    assert seen() == [current, winter] and "prior, 6 months" in corner(1)
    key(Key.Key_Comma)
    assert seen() == [current, year] and "prior, 2 years" in corner(1)
    key(Key.Key_Comma)
    assert seen() == [current, year] and "no older prior" in window.message.text()
    for expected in (winter, spring, spring):
        key(Key.Key_Period)
        assert seen() == [current, expected]
    assert "no newer prior" in window.message.text()


def test_priors_of_one_time_are_all_gone_through(film, read, key, seen, window):
    current = film(1, "20260601")
    films = {film(number, "20260501", StudyTime="120000") for number in range(2, 5)}
    read(1)
    key(Key.Key_B, Modifier.ControlModifier)
    order = [seen()[1]]
    for _ in range(2):
        key(Key.Key_Comma)
        order.append(seen()[1])
    assert set(order) == films
    key(Key.Key_Comma)
    assert seen() == [current, order[-1]] and "no older prior" in window.message.text()
    for expected in (order[1], order[0], order[0]):
        key(Key.Key_Period)
        assert seen() == [current, expected]
    assert "no newer prior" in window.message.text()


def test_films_are_shown_while_priors_are_looked_for(film, read, window, idle, uid, qtbot, monkeypatch):
    film(1, "20260601")
    other = film(2, "20260501")
    read(1)
    go_on, asked = threading.Event(), []

    def look(*_):
        asked.append(1)
        go_on.wait(20)
        return Priors()

    monkeypatch.setattr(comparing, "find_priors", look)
    for _ in range(3):
        QTest.keyClick(window.grid.active, Key.Key_B, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(asked), timeout=10_000)
    qtbot.wait(300)
    window.desk.loader._kept.clear()
    window.desk.open_study(*find_study(window.studies.patients, "2.25.12"))
    try:
        qtbot.waitUntil(lambda: uid(window.grid.active) == other, timeout=10_000)
    finally:
        go_on.set()
    idle(window)


def test_priors_of_a_patient_who_was_left_are_looked_for_no_longer(film, read, window, idle, qtbot, monkeypatch):
    film(1, "20260601")
    film(2, "20260501", PatientID="4712")
    read(1)
    ended = []

    def look(*given):
        began = time.monotonic()
        while not given[-1]() and time.monotonic() - began < 10:
            time.sleep(0.01)
        ended.append(time.monotonic() - began)
        return Priors()

    monkeypatch.setattr(comparing, "find_priors", look)
    QTest.keyClick(window.grid.active, Key.Key_B, Modifier.ControlModifier)
    qtbot.wait(300)
    view = window.desk.views[window.grid.active]
    window.desk.open_study(*find_study(window.studies.patients, "2.25.12"))
    qtbot.waitUntil(lambda: bool(ended), timeout=20_000)
    window.desk.show(window.grid.active, view.patient, view.study, view.series)
    idle(window)
    assert ended[0] < 9 and "nothing was compared" in window.message.text()


def test_the_older_key_begins_a_comparison(film, read, key, seen):
    current, wanted = film(1, "20260601"), film(2, "20260101")
    read(1)
    key(Key.Key_Period)
    assert seen() == [current]
    key(Key.Key_Comma)
    assert seen() == [current, wanted]


def test_several_views_show_several_priors_and_none_twice(film, read, key, seen, window):
    films = [film(number, f"20260{7 - number}01") for number in range(1, 4)]
    read(1, "2x2")
    for _ in range(3):
        key(Key.Key_B, Modifier.ControlModifier)
    assert seen() == [*films, None] and "seen already" in window.message.text()
    key(Key.Key_Comma)
    shown = [each for each in seen() if each]
    assert len(shown) == len(set(shown)) == 3


def test_a_film_without_a_view_position_is_judged_by_what_else_its_header_says(film, read, key, seen):
    current = film(1, "20260601", None, PatientOrientation=["L", "F"])
    film(2, "20260501", None, PatientOrientation=["A", "F"])
    film(3, "20260401", None, None, SeriesDescription="Knee ap")
    film(4, "20260301", None, SeriesDescription="Thorax lateral")
    wanted = film(5, "20260201", None, None, SeriesDescription="Thorax p.a.")
    read(1)
    key(Key.Key_B, Modifier.ControlModifier)
    assert seen() == [current, wanted]


def test_a_view_that_stands_as_a_code_alone_is_read(film, read, key, seen):
    codes = {"LL": "399173006", "PA": "272479007"}

    def coded(view):
        item = Dataset()
        item.CodeValue = codes[view]
        return Sequence([item])

    current = film(1, "20260601", None, ViewCodeSequence=coded("LL"))
    film(2, "20260501", None, ViewCodeSequence=coded("PA"))
    wanted = film(2, "20260501", None, ViewCodeSequence=coded("LL"))
    read(1)
    key(Key.Key_B, Modifier.ControlModifier)
    assert seen() == [current, wanted]


def test_a_ct_of_the_chest_is_no_prior_of_a_film(film, read, key, seen, window):
    current = film(1, "20260601")
    film(2, "20260501", None, Modality="CT", SOPClassUID="1.2.840.10008.5.1.4.1.1.2")
    read(1)
    key(Key.Key_B, Modifier.ControlModifier)
    assert seen() == [current] and "shows this body part in this view" in window.message.text()


def test_a_prior_whose_file_is_gone_is_passed_over(film, films, read, key, seen):
    current = film(1, "20260601")
    film(2, "20260501")
    wanted = film(3, "20260401")
    read(1)
    (films / "2.dcm").unlink()
    key(Key.Key_B, Modifier.ControlModifier)
    assert seen() == [current, wanted]


def test_a_maximised_prior_is_changed_where_it_is_and_keeps_its_age(film, read, key, seen, window, corner):
    film(1, "20260601")
    film(2, "20260501")
    older = film(3, "20260401")
    read(1)
    key(Key.Key_B, Modifier.ControlModifier)
    window.grid.activate(window.grid.canvases[1])
    window.grid.focus_active()
    key(Key.Key_X)
    key(Key.Key_Comma)
    assert seen() == [older] and "prior, 2 months" in corner(0)


def test_the_priors_keep_step_with_the_film_and_a_lateral_does_not(film, read, key, seen, window, idle):
    film(1, "20260601", ImagerPixelSpacing=[0.1, 0.1])
    lateral = film(1, "20260601", "LL")
    film(2, "20260501", ImagerPixelSpacing=[0.2, 0.2])
    film(3, "20260401", ImagerPixelSpacing=[0.4, 0.4])
    read(1)
    key(Key.Key_S)
    key(Key.Key_B, Modifier.ControlModifier)
    first, second = window.grid.shown
    for _ in range(4):
        key(Key.Key_Plus)
    key(Key.Key_Left, Modifier.AltModifier)
    assert not first.is_fitted and second.viewport.zoom == pytest.approx(first.viewport.zoom * 2)
    key(Key.Key_Comma)
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom * 4)
    offset = (first.viewport.centre[0] - first.image.shape[1] / 2) * 0.1
    assert offset and (second.viewport.centre[0] - second.image.shape[1] / 2) * 0.4 == pytest.approx(offset)
    key(Key.Key_Right)
    assert seen()[0] == lateral and "different projections" in window.grid.apart
    window.say("Something else.")
    before = second.viewport
    key(Key.Key_Plus)
    assert second.viewport == before and "different projections" in window.grid.apart
    key(Key.Key_Left)
    assert window.grid.apart == "" and second.viewport.zoom == pytest.approx(first.viewport.zoom * 4)
    key(Key.Key_Plus)
    assert second.viewport.zoom == pytest.approx(first.viewport.zoom * 4)
    assert window.menus.actions["synchronise"].isChecked()
