"""A field in which a machine and a person write at once: caret and words of both stay where they were."""

import random
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from unix_edge_desktop.assistant.section_field import SectionField
from unix_edge_desktop.drafts.section_text import Edit, Range, Source


@pytest.fixture
def field(qtbot):
    field: Any = SectionField("Findings")
    qtbot.addWidget(field)
    field.show()
    field.mirror = ""

    def follow(position, removed, added):
        field.mirror = field.mirror[:position] + added + field.mirror[position + removed :]

    field.edited.connect(follow)
    return field


def put_caret(field, at):
    cursor = field.textCursor()
    cursor.setPosition(at)
    field.setTextCursor(cursor)


def test_what_a_person_types_is_told_and_what_is_shown_is_not(field):
    field.apply(Edit(0, "", "Large heart."))
    field.mirror = field.text
    assert field.toPlainText() == "Large heart."
    put_caret(field, 5)
    QTest.keyClicks(field, "st")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text == field.toPlainText() == field.mirror == "Larges heart."


def test_the_same_letter_is_told_from_where_it_was_typed(field):
    told = []
    field.edited.connect(lambda *edit: told.append(edit))
    field.set_text("aaa")
    put_caret(field, 1)
    QTest.keyClicks(field, "a")
    assert told == [(1, 0, "a")]


def test_caret_and_selection_stay_while_words_come_before_and_behind(field):
    field.set_text("Large heart.")
    cursor = field.textCursor()
    cursor.setPosition(6)
    cursor.setPosition(11, QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)
    field.apply(Edit(12, "", " No effusion."))
    field.apply(Edit(0, "", "A "))
    assert field.textCursor().selectedText() == "heart"
    field.apply(Edit(0, "A ", ""))
    assert field.textCursor().selectedText() == "heart" and field.text == "Large heart. No effusion."


def test_a_caret_at_the_place_where_the_machine_writes_is_not_pushed_along(field):
    field.set_text("One.")
    put_caret(field, 4)
    field.apply(Edit(4, "", " Two."))
    assert field.textCursor().position() == 4


def test_emoji_and_letters_of_other_planes_count_as_one(field):
    field.set_text("a\N{LUNGS}b")
    field.mirror = field.text
    put_caret(field, 3)
    QTest.keyClicks(field, "x")
    assert field.mirror == field.text == "a\N{LUNGS}xb"
    field.apply(Edit(1, "\N{LUNGS}", "\N{ANATOMICAL HEART}\N{LUNGS}"))
    assert field.toPlainText() == field.text == "a\N{ANATOMICAL HEART}\N{LUNGS}xb"


def test_undo_and_redo_are_asked_for_and_not_done_by_the_field(field, qtbot):
    QTest.keyClicks(field, "words")
    with qtbot.waitSignal(field.undo_wanted):
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(field.redo_wanted):
        QTest.keyClick(field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert field.toPlainText() == "words"


def test_escape_asks_the_machine_to_end_and_changes_nothing(field, qtbot):
    QTest.keyClicks(field, "words")
    with qtbot.waitSignal(field.stop_wanted):
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.toPlainText() == "words"


def test_a_paste_of_a_hundred_thousand_characters_is_told_whole(field):
    words = "line of words\n" * 7000
    field.insertPlainText(words)
    assert field.mirror == field.text == words


def test_marks_change_no_word(field):
    field.set_text("Large heart. Mine.")
    field.mark([Range(0, 13, Source.MACHINE, "run"), Range(13, 18, Source.PERSON, "")], [(0, 5)])
    assert field.text == field.toPlainText() == "Large heart. Mine." and len(field.extraSelections()) == 2


@pytest.mark.parametrize("seed", range(20))
def test_random_typing_and_streaming_keep_field_and_model_alike(field, seed):
    chance = random.Random(seed)
    for _ in range(120):
        at = chance.randrange(len(field.text) + 1)
        if chance.random() < 0.5:
            words = chance.choice(["ab", "a", "\n", "\N{LUNGS}"])
            field.apply(Edit(at, "", words))
            field.mirror = field.mirror[:at] + words + field.mirror[at:]
            continue
        put_caret(field, len(field.text[:at].encode("utf-16-le")) // 2)
        if chance.random() < 0.3:
            QTest.keyClick(field, Qt.Key.Key_Backspace)
        else:
            QTest.keyClicks(field, chance.choice(["a", "b", "aa", " "]))
        assert field.mirror == field.text == field.toPlainText()
