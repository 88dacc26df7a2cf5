"""A run's words land in the draft that it was begun for, whatever is shown, drafted or stopped meanwhile."""

import random

import pytest

from unix_edge.report import Ended, ReportSettings
from unix_edge.worker import messages
from unix_edge_desktop.drafts.draft import Draft
from unix_edge_desktop.drafts.draft_text import Section
from unix_edge_desktop.drafts.drafting import Drafting, Task
from unix_edge_desktop.drafts.store_thread import DraftThread
from unix_edge_desktop.drafts.values import State

FINDINGS, IMPRESSION = Section
SETTINGS = ReportSettings()


@pytest.fixture
def drafts(tmp_path):
    thread = DraftThread(tmp_path)
    yield thread
    thread.close()


class Desk:
    """A drafting, its model, and a panel that does what it is told."""

    def __init__(self, drafts, model):
        self.model = model
        self.fields = dict.fromkeys(Section, "")
        self.drafting = Drafting(drafts, self.model, self.show, self.apply, lambda: None)
        self.model.take = self.drafting.take

    def show(self):
        draft = self.drafting.draft
        self.fields = {section: "" if draft is None else draft.text.text(section) for section in Section}

    def apply(self, changes):
        for change in changes:
            text, edit = self.fields[change.section], change.edit
            assert text[edit.position :].startswith(edit.removed)
            self.fields[change.section] = text[: edit.position] + edit.added + text[edit.position + len(edit.removed) :]

    def type(self, section, at, words):
        text = self.fields[section]
        self.fields[section] = text[:at] + words + text[at:]
        self.drafting.edit(section, at, 0, words)


@pytest.fixture
def desk(drafts, pretended_model):
    return Desk(drafts, pretended_model())


@pytest.fixture
def film(make_film):
    return make_film


def test_a_report_is_written_into_both_sections_and_kept(desk, film, drafts):
    desk.drafting.show_film(film(1))
    run = desk.drafting.begin(SETTINGS)
    for piece in ("FIND", "INGS: Large heart. IM", "PRESSION: Cardio", "megaly."):
        desk.model.say(run.number, piece)
    assert desk.drafting.run is run and desk.drafting.draft is not None
    desk.model.end(run.number)
    assert desk.fields == {FINDINGS: "Large heart.", IMPRESSION: "Cardiomegaly."}
    assert desk.drafting.run is None
    (kept,) = drafts.ask(lambda store: store.versions("2.25.1")).result()
    assert (kept.findings, kept.machine.impression, kept.image.study_uid) == ("Large heart.", "Cardiomegaly.", "2.26.1")


def test_while_words_come_nothing_is_told_but_the_words(drafts, film, pretended_model):
    told, model = [], pretended_model()
    drafting = Drafting(drafts, model, lambda: None, told.append, lambda: told.append("state"))
    model.take = drafting.take
    drafting.show_film(film(1))
    run = drafting.begin(SETTINGS)
    model.say(run.number, "FINDINGS: Large")
    assert told[-1] == "state"
    told.clear()
    for word in (" heart.", " Clear lungs."):
        model.say(run.number, word)
    assert len(told) == 2 and "state" not in told
    model.end(run.number)
    assert told[-1] == "state"


def test_nothing_is_kept_of_a_film_that_was_refused_and_a_doubt_can_be_confirmed(desk, film, drafts):
    desk.drafting.show_film(film(1))
    desk.model.fail(desk.drafting.begin(SETTINGS).number, "it names no body part")
    assert desk.drafting.draft is None and str(desk.drafting.refusal.sentence) == "It is a leg."
    assert desk.drafting.refusal.doubts and drafts.ask(lambda store: store.versions("2.25.1")).result() == []
    desk.drafting.begin(SETTINGS, assume_frontal_chest=True)
    assert desk.drafting.refusal is None


def test_another_film_in_the_view_leaves_the_draft_where_it_is_and_says_so(desk, film):
    one, two = film(1), film(2)
    desk.drafting.show_film(one)
    run = desk.drafting.begin(SETTINGS)
    desk.model.say(run.number, "FINDINGS: One")
    desk.drafting.show_film(two)
    assert desk.drafting.is_elsewhere and desk.drafting.about is one
    assert desk.drafting.begin(SETTINGS, Task.IMPRESSION) is None
    desk.model.say(run.number, " more.")
    assert desk.fields[FINDINGS] == "One more."
    second = desk.drafting.begin(SETTINGS)
    assert desk.drafting.about is two and desk.fields[FINDINGS] == ""
    desk.model.say(run.number, " And more.")
    assert desk.fields[FINDINGS] == ""
    desk.model.end(run.number)
    desk.model.say(second.number, "FINDINGS: Two.")
    assert desk.fields[FINDINGS] == "Two."
    desk.drafting.show_film(one)
    desk.drafting.turn_to_film()
    assert desk.fields[FINDINGS] == "One more. And more." and not desk.drafting.is_elsewhere


def finished(desk, film, words="FINDINGS: Large heart. IMPRESSION: Nothing."):
    desk.drafting.show_film(film)
    run = desk.drafting.begin(SETTINGS)
    desk.model.say(run.number, words)
    desk.model.end(run.number)


def test_the_impression_follows_from_the_findings_as_they_were_edited(desk, film):
    finished(desk, film(1))
    desk.type(FINDINGS, 12, " No effusion.")
    run = desk.drafting.begin(SETTINGS, Task.IMPRESSION)
    given = "FINDINGS: Large heart. No effusion. IMPRESSION:"
    assert desk.model.prefixes[run.number] == given
    desk.model.say(run.number, given)
    assert desk.fields[IMPRESSION] == "Nothing."
    desk.model.say(run.number, " Cardiomegaly. IMPRESSION: again")
    assert desk.fields[IMPRESSION] == "Cardiomegaly." and run.number in desk.model.stopped
    desk.model.end(run.number, Ended.STOPPED)
    assert desk.fields[FINDINGS] == "Large heart. No effusion."
    assert desk.drafting.draft.machine.impression == "Nothing."


def test_what_a_person_wrote_stays_when_a_section_is_written_anew(desk, film):
    finished(desk, film(1))
    desk.type(IMPRESSION, 8, " My own words.")
    run = desk.drafting.begin(SETTINGS, Task.IMPRESSION)
    desk.model.say(run.number, f"{desk.model.prefixes[run.number]} Cardiomegaly.")
    desk.model.end(run.number)
    assert "My own words." in desk.fields[IMPRESSION] and "Cardiomegaly." in desk.fields[IMPRESSION]
    assert "Nothing." not in desk.fields[IMPRESSION]


def test_one_more_sentence_and_no_more(desk, film):
    finished(desk, film(1))
    run = desk.drafting.begin(SETTINGS, Task.SENTENCE)
    desk.model.say(run.number, f"{desk.model.prefixes[run.number]} No effusion. No pneumo")
    desk.model.end(run.number, Ended.STOPPED)
    assert desk.fields[FINDINGS].split() == ["Large", "heart.", "No", "effusion."]


def test_where_the_findings_end_no_heading_is_written_into_them(desk, film):
    finished(desk, film(1))
    run = desk.drafting.begin(SETTINGS, Task.SENTENCE)
    for piece in (desk.model.prefixes[run.number], " IMPRESSION", ": Cardiomegaly."):
        desk.model.say(run.number, piece)
    desk.model.end(run.number, Ended.STOPPED)
    assert desk.fields[FINDINGS] == "Large heart."


def test_a_signed_draft_is_changed_by_nothing(desk, film, drafts):
    finished(desk, film(1))
    desk.drafting.draft.sign("Dr. A").result(5)
    assert desk.drafting.draft.state is State.SIGNED
    assert desk.drafting.begin(SETTINGS, Task.IMPRESSION) is None
    desk.drafting.edit(FINDINGS, 0, 0, "x")
    assert drafts.ask(lambda store: store.versions("2.25.1")).result()[0].findings == "Large heart."
    second = desk.drafting.begin(SETTINGS)
    desk.model.say(second.number, "FINDINGS: Anew.")
    assert len(drafts.ask(lambda store: store.versions("2.25.1")).result()) == 2


def test_a_kept_draft_is_taken_up_once_and_not_over_what_runs(desk, film, drafts, pretended_model):
    finished(desk, film(1))
    again = Desk(drafts, pretended_model())
    kept = drafts.ask(lambda store: (store.versions("2.25.1")[0], store.operations(store.versions("2.25.1")[0].run)))
    again.drafting.show_film(film(1))
    again.drafting.take_up(Draft.reopen(drafts, *kept.result()), film(1))
    assert again.fields[FINDINGS] == "Large heart."
    late = Desk(drafts, pretended_model())
    late.drafting.show_film(film(1))
    run = late.drafting.begin(SETTINGS)
    late.drafting.take_up(Draft.reopen(drafts, *kept.result()), film(1))
    assert late.drafting.draft is None
    late.model.say(run.number, "FINDINGS: New.")
    assert late.fields[FINDINGS] == "New."


def test_events_of_runs_that_are_over_are_nobody_s(desk, film):
    finished(desk, film(1))
    desk.model.take(messages.Piece(1, "stale", 1, ()))
    desk.model.take(messages.Piece(99, "stale", 1, ()))
    desk.model.take(messages.Beat(1, 1))
    assert "stale" not in desk.fields[FINDINGS]


@pytest.mark.parametrize("token", range(0, 60, 10))
def test_type_undo_and_stop_at_every_tenth_token(desk, film, token):
    desk.drafting.show_film(film(1))
    run = desk.drafting.begin(SETTINGS)
    tokens = [f"w{number} " for number in range(60)]
    desk.model.say(run.number, "FINDINGS: ")
    for number, word in enumerate(tokens):
        desk.model.say(run.number, word)
        if number == token:
            desk.type(FINDINGS, 0, "mine ")
            desk.type(FINDINGS, 5, "gone")
            desk.apply(desk.drafting.draft.undo())
            desk.drafting.stop()
            break
    desk.model.end(run.number, Ended.STOPPED)
    text = desk.fields[FINDINGS]
    assert text.startswith("mine ") and "gone" not in text and f"w{token}" in text
    desk.apply(desk.drafting.draft.undo())
    desk.apply(desk.drafting.draft.redo())
    assert desk.fields[FINDINGS] == text
    assert run.number in desk.model.stopped


def test_a_thousand_random_interleavings_never_mix_two_films(drafts, film, soak, pretended_model):
    """Of open, run, switch, edit, stop, finish and fail: each word says of which film it is."""
    for seed in range(max(1, 10 * soak // 10)):
        interleave(
            random.Random(seed), Desk(drafts, pretended_model()), [film(10 * seed + at) for at in range(1, 5)], drafts
        )


def interleave(chance, desk, films, drafts):
    drafting, model, running, typed = desk.drafting, desk.model, {}, {}
    for step in range(1000):
        match chance.randrange(9):
            case 0:
                drafting.show_film(chance.choice([*films, None]))
            case 1:
                drafting.turn_to_film()
            case 2 | 3:
                run = drafting.begin(SETTINGS, chance.choice(list(Task)))
                if run is not None:
                    running[run.number] = run.film
                    model.say(run.number, model.prefixes[run.number])
            case 4 | 5 if running:
                number = chance.choice(list(running))
                uid = running[number].image.uid
                model.say(number, chance.choice(["FINDINGS: ", " IMPRESSION: ", f"[{uid}] ", f"[{uid}]. "]))
            case 6 if running:
                number = chance.choice(list(running))
                chance.choice([model.end, model.fail, lambda run: model.take(messages.Stopped(run))])(number)
                del running[number]
            case 7 if drafting.draft is not None and not drafting.is_elsewhere:
                section = chance.choice(list(Section))
                word = f"<{drafting.film.image.uid}:{step}> "
                desk.type(section, chance.randrange(len(desk.fields[section]) + 1), word)
                typed.setdefault((drafting.draft, section), []).append(word)
            case 8:
                drafting.stop()
        draft = drafting.draft
        if draft is not None:
            assert desk.fields == {section: draft.text.text(section) for section in Section}
            assert draft.image.sop_uid == drafting.about.image.uid
    for number in list(running):
        model.end(number)
    for one in films:
        uid = one.image.uid
        for kept in drafts.ask(lambda store, uid=uid: store.versions(uid)).result():
            words = kept.findings + kept.impression
            for other in films:
                assert other is one or (f"{other.image.uid}]" not in words and f"<{other.image.uid}:" not in words)
    for (draft, section), words in typed.items():
        for word in words:  # whatever was typed into the midst of it
            letters = iter(draft.text.text(section))
            assert all(letter in letters for letter in word), word
