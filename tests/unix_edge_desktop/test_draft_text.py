"""A machine writes while a person edits: nothing that was typed is lost, and what each did is undone by itself."""

import json
import random

import pytest

from unix_edge.text import split_sections
from unix_edge_desktop.drafts.draft_text import DraftText, Section, plain
from unix_edge_desktop.drafts.section_text import Source
from unix_edge_desktop.drafts.utf16 import from_utf16, to_utf16

FINDINGS, IMPRESSION = Section.FINDINGS, Section.IMPRESSION
REPORT = "FINDINGS: The heart is large. No effusion.\n\nIMPRESSION: Cardiomegaly."


class Fields:
    """What two text fields show that do what they are told, as a window's would."""

    def __init__(self, draft):
        self.draft = draft
        self.shown = dict.fromkeys(Section, "")

    def do(self, changes):
        for change in changes:
            text, edit = self.shown[change.section], change.edit
            assert text[edit.position : edit.position + len(edit.removed)] == edit.removed
            assert edit.removed or edit.added
            self.shown[change.section] = text[: edit.position] + edit.added + text[edit.position + len(edit.removed) :]
        self.check()

    def type(self, section, position, removed, added):
        text = self.shown[section]
        edit = self.draft.edit(section, position, removed, added)
        assert edit.removed == text[position : position + removed]
        self.shown[section] = text[:position] + added + text[position + removed :]
        self.check()

    def check(self):
        assert self.shown == {section: self.draft.text(section) for section in Section}


@pytest.fixture
def fields():
    return Fields(DraftText())


def stream(fields, text=REPORT, size=3):
    fields.draft.begin("run")
    for at in range(0, len(text), size):
        fields.do(fields.draft.feed(text[at : at + size]))
    fields.do(fields.draft.end())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_sections_fill_as_their_headings_arrive_and_no_heading_is_ever_seen(fields, size):
    fields.draft.begin("run")
    for at in range(0, len(REPORT), size):
        fields.do(fields.draft.feed(REPORT[at : at + size]))
        assert not any("INGS" in each or "IMPRES" in each for each in fields.shown.values())
        come = split_sections(REPORT[: at + size])
        if REPORT[: at + size].upper()[-1] not in "FINDINGSIMPRESSION":
            assert tuple(fields.shown.values()) == come
    fields.do(fields.draft.end())
    assert tuple(fields.shown.values()) == split_sections(REPORT)


@pytest.mark.parametrize(
    "report",
    [
        "No headings at all",
        "Before. FINDINGS: The lungs.",
        "IMPRESSION: First. FINDINGS: Then.",
        "findings: a IMPRESSION: b impression: c",
        "FINDINGS: Straße, große IMPRESSION: ßß",
        "FINDINGS: cut off in the mid IMPRESS",
        "",
    ],
)
def test_at_its_end_what_is_shown_is_the_split_of_what_came(fields, report):
    stream(fields, report, 2)
    assert tuple(fields.shown.values()) == split_sections(report)


def test_one_undo_takes_the_whole_draft_back_and_one_redo_brings_it(fields):
    stream(fields)
    fields.do(fields.draft.undo())
    assert fields.shown == {FINDINGS: "", IMPRESSION: ""} and not fields.draft.can_undo
    fields.do(fields.draft.redo())
    assert tuple(fields.shown.values()) == split_sections(REPORT)


def test_typing_is_undone_word_by_word_and_the_draft_stays(fields):
    stream(fields)
    end = len(fields.shown[IMPRESSION])
    for letter in " No change.":
        fields.type(IMPRESSION, end, 0, letter)
        end += 1
    fields.do(fields.draft.undo())
    assert fields.shown[IMPRESSION] == "Cardiomegaly. No "
    fields.do(fields.draft.undo())
    assert fields.shown[IMPRESSION] == "Cardiomegaly. "
    fields.do(fields.draft.undo())
    assert fields.shown[IMPRESSION] == "Cardiomegaly."


def test_a_row_of_removals_is_one_step(fields):
    stream(fields)
    for end in range(len("Cardiomegaly."), 6, -1):
        fields.type(IMPRESSION, end - 1, 1, "")
    assert fields.shown[IMPRESSION] == "Cardio"
    fields.do(fields.draft.undo())
    assert fields.shown[IMPRESSION] == "Cardiomegaly."


def test_undo_while_it_streams_takes_back_typing_only_and_the_stream_goes_on(fields):
    fields.draft.begin("run")
    fields.do(fields.draft.feed("FINDINGS: The heart"))
    fields.type(FINDINGS, 0, 0, "Portable.\n")
    fields.do(fields.draft.undo())
    assert fields.shown[FINDINGS] == "The heart"
    assert not fields.draft.can_undo and fields.draft.undo() == []
    fields.do(fields.draft.redo())
    fields.do(fields.draft.feed(" is large."))
    fields.do(fields.draft.end())
    assert fields.shown[FINDINGS] == "Portable.\nThe heart is large."


def test_what_is_typed_above_and_below_where_it_writes_stays_there(fields):
    fields.draft.begin("run")
    fields.do(fields.draft.feed("FINDINGS: The heart"))
    fields.type(FINDINGS, 9, 0, "\nMine below.")
    fields.type(FINDINGS, 0, 0, "Mine above.\n")
    fields.do(fields.draft.feed(" is large."))
    assert fields.shown[FINDINGS] == "Mine above.\nThe heart is large.\nMine below."


def test_what_was_there_before_stays_above_on_lines_of_its_own(fields):
    fields.type(FINDINGS, 0, 0, "Mine.")
    stream(fields)
    assert fields.shown[FINDINGS] == "Mine.\nThe heart is large. No effusion."
    fields.do(fields.draft.undo())
    assert fields.shown[FINDINGS] == "Mine."


def test_it_does_not_go_into_a_line_that_is_being_written(fields):
    fields.type(IMPRESSION, 0, 0, "First line.\nThe ca")
    fields.draft.begin("run")
    fields.do(fields.draft.feed("FINDINGS: x"))
    fields.type(IMPRESSION, 18, 0, "rdiac")
    fields.do(fields.draft.feed(" IMPRESSION: Cardiomegaly."))
    assert fields.shown[IMPRESSION] == "First line.\nCardiomegaly.\nThe cardiac"


def test_what_a_person_removed_stays_removed(fields):
    fields.draft.begin("run")
    fields.do(fields.draft.feed("FINDINGS: The heart is"))
    fields.type(FINDINGS, 0, 12, "Heart")
    fields.do(fields.draft.feed(" large."))
    assert fields.shown[FINDINGS] == " large.Heart"
    fields.do(fields.draft.end())
    fields.do(fields.draft.undo())
    assert fields.shown[FINDINGS] == "The heart is large."


def test_a_section_alone_leaves_the_other(fields):
    stream(fields)
    fields.draft.begin("again", only=IMPRESSION)
    fields.do(fields.draft.feed("FINDINGS: Other. IMPRESSION: Large heart."))
    fields.do(fields.draft.end())
    assert fields.shown[FINDINGS] == "The heart is large. No effusion."
    assert fields.shown[IMPRESSION] == "Cardiomegaly.\nLarge heart."
    assert [(each.source, each.run) for each in fields.draft.ranges(IMPRESSION)] == [
        (Source.MACHINE, "run"),
        (Source.MACHINE, "again"),
    ]


def test_sources_are_told_by_range_and_only_a_person_s_deed_is_an_edit(fields):
    stream(fields)
    assert not fields.draft.is_edited
    fields.type(IMPRESSION, 6, 0, "XY")
    assert [(each.start, each.end, each.source) for each in fields.draft.ranges(IMPRESSION)] == [
        (0, 6, Source.MACHINE),
        (6, 8, Source.PERSON),
        (8, 15, Source.MACHINE),
    ]
    assert fields.draft.is_edited
    fields.do(fields.draft.undo())
    assert not fields.draft.is_edited
    fields.type(FINDINGS, 0, 4, "")
    assert fields.draft.is_edited


def test_a_place_outside_is_refused_and_changes_nothing(fields):
    stream(fields)
    before = list(fields.draft.operations)
    for place in ((14, 0), (13, 1), (-1, 1), (0, 14)):
        with pytest.raises(IndexError):
            fields.draft.edit(IMPRESSION, *place, "x")
    fields.check()
    assert fields.draft.operations == before
    with pytest.raises(ValueError, match="no operation"):
        DraftText.restore([("explode",)])


def test_text_comes_as_a_field_can_show_it(fields):
    assert plain("a\r\nb\rc\u2029d\x00e\tf\ud83dg\x85h") == "a\nb\nc\nd e\tf\ufffdg\nh"
    stream(fields, "FINDINGS: a\r\nb\x07 \U0001f600", 1)
    assert fields.shown[FINDINGS] == "a\nb  \U0001f600"


def test_qt_counts_an_emoji_twice():
    text = "a\U0001f600b"
    assert [to_utf16(text, at) for at in range(4)] == [0, 1, 3, 4]
    assert [from_utf16(text, at) for at in (0, 1, 2, 3, 4, 9)] == [0, 1, 1, 2, 3, 3]


def is_within(typed, text):
    """Whether letters stand in a text in their order."""
    letters = iter(text)
    return all(each in letters for each in typed)


def interleave(seed):
    """Type, remove, stream, undo, redo and stop at random; yield the fields and who typed what after each."""
    chance = random.Random(seed)
    fields = Fields(DraftText())
    draft = fields.draft
    words = "FINDINGS: the heart is large\n\nIMPRESSION: cardiomegaly, no effusion. " * 2
    sent, letter = 0, 0xE000  # typed letters are private ones, each only once
    steps: list[tuple[set[str], set[str]]] = []
    undone: list[tuple[set[str], set[str]]] = []
    for _ in range(60):
        match chance.choice(
            ["type", "type", "remove", "replace", "feed", "feed", "feed", "begin", "stop", "undo", "redo"]
        ):
            case "type" | "remove" | "replace" as what:
                section = chance.choice(list(Section))
                text = fields.shown[section]
                first = chance.choice([0, len(text), chance.randint(0, len(text))])
                last = first if what == "type" else min(len(text), first + chance.randint(0, 9))
                added = ""
                if what != "remove":
                    added = "".join(chr(letter + each) for each in range(chance.randint(1, 3)))
                    letter += len(added)
                if not added and first == last:
                    continue
                pushed = len(draft._done)
                fields.type(section, first, last - first, added)
                mine = {each for each in text[first:last] if each >= "\ue000"}
                undone.clear() if len(draft._done) > pushed else None
                if len(draft._done) > pushed:
                    steps.append((set(added), mine))
                else:
                    steps[-1][0].update(added)
                    steps[-1][1].update(mine)
            case "begin":
                fields.do(draft.end())
                draft.begin(str(sent))
                sent = 0
                steps.append((set(), set()))
                undone.clear()
            case "feed":
                size = chance.randint(1, 12)
                fields.do(draft.feed(words[sent : sent + size]))
                sent += size if draft.is_streaming else 0
            case "stop":
                fields.do(draft.end())
            case "undo":
                if draft.can_undo:
                    undone.append(steps.pop())
                fields.do(draft.undo())
            case "redo":
                if draft.can_redo:
                    steps.append(undone.pop())
                fields.do(draft.redo())
        yield fields, steps


def check_letters(fields, steps, seed):
    """Hold that just what was typed and neither removed nor taken back is there, once; return how much that is."""
    added = set().union(*(each for each, _ in steps))
    removed = set().union(*(each for _, each in steps))
    typed = [each for text in fields.shown.values() for each in text if each >= "\ue000"]
    assert sorted(typed) == sorted(added - removed), seed
    return len(typed)


@pytest.mark.soak
def test_in_any_order_of_deeds_every_letter_typed_and_not_removed_is_there(soak):
    kept = 0
    for seed in range(1000 * soak):
        for number, (fields, steps) in enumerate(interleave(seed)):
            if number % 10 == 9:
                check_letters(fields, steps, seed)
        kept += check_letters(fields, steps, seed)
        again = DraftText.restore(json.loads(json.dumps(fields.draft.operations)))
        assert [again.text(each) for each in Section] == list(fields.shown.values()), seed
        assert [again.ranges(each) for each in Section] == [fields.draft.ranges(each) for each in Section]
        assert (again.can_undo, again.can_redo, again.is_edited) == (
            fields.draft.can_undo,
            fields.draft.can_redo,
            fields.draft.is_edited,
        )
    assert kept > 5000


def test_words_that_were_typed_in_one_go_stay_in_their_order(fields):
    fields.draft.begin("run")
    place = 0
    for letter, piece in zip("abcdefgh", REPORT, strict=False):
        fields.type(IMPRESSION, place, 0, letter)
        place = fields.shown[IMPRESSION].index(letter) + 1
        fields.do(fields.draft.feed(piece))
    assert is_within("abcdefgh", fields.shown[IMPRESSION])
