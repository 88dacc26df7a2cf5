"""The list of studies in the window: what is typed, marked and clicked in it, by keys that nobody waits after."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from unix_edge_desktop.reading.study_rows import DraftState, RowItem
from unix_edge_desktop.studies.desk import row_key
from unix_edge_desktop.studies.stacks import find_study

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def people(tmp_path, make_file):
    """Three patients, Zoe's study the newest."""
    folder = tmp_path / "people"
    folder.mkdir()
    for number, (name, date) in enumerate(
        (("Adams^Ann", "20240101"), ("Brown^Bea", "20250101"), ("Zell^Zoe", "20260101"))
    ):
        make_file(
            folder / f"{number}",
            seed=number + 1,
            PatientName=name,
            PatientID=f"P{number}",
            StudyDate=date,
            StudyInstanceUID=f"2.25.10{number}",
            SeriesInstanceUID=f"2.25.20{number}",
            SOPInstanceUID=f"2.25.30{number}",
        )
    return folder


def scan(window, text, enters=2):
    """Type as a scanner of barcodes does: at once, without a look at what comes."""
    QTest.keyClick(QApplication.focusWidget() or window, Key.Key_F, Modifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget(), text)
    for _ in range(enters):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)


def marked(window):
    """What the list marks, by UIDs."""
    items = [each for each in window.studies._all_items() if each.is_shown]
    return {(study.uid, series.uid if series else "") for _, study, series in (each.row for each in items)}


def agree(window):
    """Hold the list beside the active view."""
    view = window.desk.views.get(window.grid.active)
    assert window.desk.model.active is window.grid.active
    listing = window.studies.listing
    if view is None or listing.find(row_key(view.patient, view.study)) is None:
        assert not marked(window)
    else:
        assert (view.study.uid, "") in marked(window)
        assert {study for study, _ in marked(window)} == {view.study.uid}
    for canvas in window.grid.canvases:
        own = window.desk.views.get(canvas)
        assert canvas.image is None or canvas.image.uid == own.instance.sop_uid
    current = window.studies.tree.currentItem()
    assert (current.key if isinstance(current, RowItem) else ()) == listing.chosen


def test_a_scanned_name_opens_that_patient_and_no_other(window, open_in, idle, people, uid):
    open_in(window, people)
    for name, expected in (("Adams", "2.25.300"), ("Zell", "2.25.302"), ("P1", "2.25.301")):
        scan(window, name)
        idle(window)
        assert uid(window.grid.active) == expected
        assert QApplication.focusWidget() is window.grid.active
        agree(window)


def test_two_enters_open_nothing_where_several_patients_are_found(window, open_in, idle, people, uid):
    open_in(window, people)
    before = uid(window.grid.active)
    scan(window, "2.25.")
    idle(window)
    assert uid(window.grid.active) == before and QApplication.focusWidget() is window.studies.search
    scan(window, "e")
    idle(window)
    assert uid(window.grid.active) == before and len(window.studies.patients) == 2
    assert QApplication.focusWidget() is window.studies.tree and window.studies.tree.currentItem().row[0].id == "P2"


def test_an_enter_in_the_list_waits_for_what_was_typed(window, open_in, idle, people, uid):
    open_in(window, people)
    scan(window, "Adams", enters=0)
    QTest.keyClick(window.studies.search, Key.Key_Tab)
    window.studies.tree.setFocus()
    QTest.keyClick(window.studies.tree, Key.Key_Return)
    assert uid(window.grid.active) == "2.25.302", "not what was chosen in the older list"
    idle(window)
    idle(window)
    assert uid(window.grid.active) == "2.25.300"


def test_an_enter_that_waits_is_forgotten_by_a_reader_who_goes_elsewhere(window, open_in, idle, people, uid):
    open_in(window, people)
    scan(window, "Adams")
    window.grid.active.setFocus()
    idle(window)
    assert uid(window.grid.active) == "2.25.302" and QApplication.focusWidget() is window.grid.active


def test_the_list_marks_what_the_active_view_shows(window, open_in, idle, people, make_file, tmp_path):
    window.preferences.set_layout("1x2")
    open_in(window, people)
    first, second = window.grid.canvases[:2]
    patient, study = find_study(window.studies.patients, "2.25.100")
    window.grid.activate(second)
    window.desk.open_series(patient, study, study.series[0])
    idle(window)
    assert marked(window) == {("2.25.100", ""), ("2.25.100", "2.25.200")}
    QTest.mouseClick(first, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert marked(window) == {("2.25.102", ""), ("2.25.102", "2.25.202")}
    assert window.studies.subject()[0].id == "P2"
    window.studies.search.setText("Adams")
    QTest.qWait(300)
    idle(window)
    assert marked(window) == set() and window.studies.tree.currentItem() is None
    assert "in the active view is not in this list" in window.studies.note.text()
    assert window.studies.subject()[0].id == "P2", "what is removed is what is seen"
    QTest.mouseClick(second, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert marked(window) == {("2.25.100", ""), ("2.25.100", "2.25.200")}
    item = next(each for each in window.studies._all_items() if each.is_shown)
    assert item.data(0, Qt.ItemDataRole.AccessibleTextRole).endswith(", in the active view")


def test_removing_names_the_patient_and_a_hasty_enter_removes_nothing(window, open_in, idle, people, qtbot):
    open_in(window, people)
    said = []

    def answer():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            return
        timer.stop()
        said.append(box.text())
        QTest.keyClick(box, Key.Key_Return)

    from PySide6.QtCore import QTimer

    timer = QTimer(interval=20)
    timer.timeout.connect(answer)
    timer.start()
    window.menus.actions["remove_study"].trigger()
    assert all(each in said[0] for each in ("Zell, Zoe", "P2", "2026-01-01"))
    window.studies.tree.setFocus()
    patient, study = find_study(window.studies.patients, "2.25.100")
    window.studies.listing.choose(row_key(patient, study))
    window.studies._go_to(row_key(patient, study))
    timer.start()
    window.menus.actions["remove_study"].trigger()
    assert "Adams, Ann" in said[1] and "not the one in the active view" in said[1]
    window.preferences.set_hide_patient(True)
    timer.start()
    window.menus.actions["remove_study"].trigger()
    assert "Adams" not in said[2] and "hidden" in said[2]
    idle(window)
    assert len(window.studies.patients) == 3


def test_a_folder_that_is_opened_while_something_is_read_is_offered(window, open_in, idle, people, study, uid):
    open_in(window, people)
    before = uid(window.grid.active)
    open_in(window, study)
    assert uid(window.grid.active) == before and window.status.offer.isVisible()
    assert "Doe, Jane" in window.status.offer.label.text() and "2026-01-02" in window.status.offer.label.text()
    assert find_study(window.studies.patients, "2.25.1") is not None, "it is listed"
    window.preferences.set_hide_patient(True)
    assert "Doe" not in window.status.offer.label.text()
    window.status.offer.button.setFocus()
    QTest.keyClick(window.status.offer.button, Key.Key_Space)
    idle(window)
    assert uid(window.grid.active) == "2.25.301" and not window.status.offer.isVisible()
    assert QApplication.focusWidget() is window.grid.active
    agree(window)


def test_a_folder_goes_into_the_empty_active_view_and_a_file_is_shown_as_asked(window, open_in, people, study, uid):
    window.preferences.set_layout("1x2")
    open_in(window, people)
    window.grid.activate(window.grid.canvases[1])
    open_in(window, study)
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.302", "2.25.301"]
    open_in(window, people / "0")
    assert [uid(canvas) for canvas in window.grid.shown] == ["2.25.300", None]
    agree(window)


def test_a_click_is_not_on_a_row_that_has_just_come_under_the_mouse(window, open_in, idle, people, uid, qtbot):
    open_in(window, people / "0")
    tree = window.studies.tree
    place = tree.visualItemRect(tree.topLevelItem(0).child(0)).center()
    open_in(window, people)
    before = uid(window.grid.active)
    assert tree.itemAt(place).row[0].id != "P0", "the list has grown upwards"
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert uid(window.grid.active) == before and "has just changed" in window.message.text()
    QTest.qWait(500)
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    idle(window)
    assert uid(window.grid.active) == "2.25.302"


def test_a_prior_that_is_found_late_is_not_put_beside_another_patient(window, open_in, idle, people, patient, uid):
    open_in(window, patient)
    window.library.open([people], show=False)
    idle(window)
    window.desk.open_study(*find_study(window.studies.patients, "2.25.103"))
    idle(window)
    window.menus.actions["compare_prior"].trigger()
    window.desk.open_study(*find_study(window.studies.patients, "2.25.100"))
    idle(window)
    assert len(window.grid.shown) == 1 and uid(window.grid.active) == "2.25.300"
    assert "nothing was compared" in window.message.text()


def test_what_was_shown_last_time_is_not_put_in_place_of_what_was_opened_meanwhile(
    make_window, open_in, idle, people, uid
):
    window = make_window()
    open_in(window, people)
    window.close()
    again = make_window()
    again.open_last()
    again.desk.open_study(*find_study(window.studies.patients, "2.25.100"))
    idle(again)
    assert uid(again.grid.active) == "2.25.300"


def test_a_window_that_is_closed_while_a_search_is_typed_asks_nothing_more(window):
    scan(window, "Adams", enters=0)
    window.close()
    QTest.qWait(300)
    assert not window.library.is_busy


def test_drafts_are_written_beside_their_studies_in_words(window, open_in, people, rows):
    open_in(window, people)
    window.studies.set_draft_states({"2.25.100": DraftState.DRAFTED, "2.25.101": DraftState.SIGNED})
    said = " ".join(rows(window))
    assert said.count("[Draft]") == said.count("[Signed]") == 1
    window.studies.set_draft_states({"2.25.100": DraftState.REJECTED})
    said = " ".join(rows(window))
    assert "[Rejected]" in said and "[Signed]" not in said
    window.preferences.set_hide_patient(True)
    assert "[Rejected]" in " ".join(rows(window))


def test_keys_and_clicks_in_any_order_keep_list_and_views_together(window, open_in, idle, people):
    open_in(window, people)
    window.preferences.set_layout("2x2")
    chance = random.Random(7)
    tree, grid = window.studies.tree, window.grid

    def click_row():
        items = [each for each in window.studies._all_items() if tree.visualItemRect(each).isValid()]
        if items:
            place = tree.visualItemRect(chance.choice(items)).center()
            QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)

    acts = [
        lambda: scan(window, chance.choice(["Adams", "Brown", "Zell", "nobody", "P", "e"]), chance.randrange(3)),
        lambda: QTest.mouseClick(chance.choice(grid.shown), Qt.MouseButton.LeftButton, pos=QPoint(20, 20)),
        click_row,
        lambda: window.desk.close_image(),
        lambda: window.menus.actions[f"layout_{chance.choice(['1x1', '1x2', '2x2'])}"].trigger(),
        lambda: window.library.open([people], show=True),
        lambda: window.library.look(),
        lambda: window.menus.actions["compare_prior"].trigger(),
        lambda: QTest.qWait(chance.choice([0, 5, 40, 200])),
        lambda: QApplication.processEvents(),
        lambda: QTest.keyClick(QApplication.focusWidget() or window, chance.choice([Key.Key_Down, Key.Key_Return])),
    ]
    for _ in range(150):
        chance.choice(acts)()
        agree(window)
    idle(window)
    agree(window)
