"""The desk without widgets: what is marked, opened or acted on is what is seen, in whatever order things come."""

import os
import random
from collections import Counter, deque
from pathlib import Path

import pytest

from unix_edge_desktop.studies.desk import Arrival, Listing, Step, View, Views, row_key
from unix_edge_desktop.studies.stacks import make_stack
from unix_edge_desktop.studies.studies import Instance, Patient, Series, Study

INTERLEAVINGS = 1_000 * int(os.environ.get("UNIX_EDGE_SOAK", "1"))
STEPS = 60


def make_patient(name: str, studies: int, shared_uid: str = "") -> Patient:
    """One with studies of two series; the first study may bear another patient's UID."""
    made = []
    for number in range(studies):
        uid = shared_uid if shared_uid and not number else f"{name}.{number}"
        series = []
        for at in range(2):
            where = Path(f"{name}{number}{at}")
            image = Instance(f"{name}.{number}.{at}", "", where, "", 1, 2, 2, 1, False, 1, 1)
            series.append(Series(f"{uid}.{at}", at, "DX", "", "", (image,)))
        made.append(Study(uid, f"2026010{number + 1}", "", f"study {number}", "", tuple(series)))
    return Patient(name, "", f"{name}^Jane", "", "", tuple(reversed(made)))


ANNA, BERTA, CARLA = make_patient("anna", 2), make_patient("berta", 1), make_patient("carla", 3, "anna.0")
ALL = (CARLA, ANNA, BERTA)


def make_view(patient: Patient, study: Study | None = None, at: int = 0) -> View:
    study = study or patient.studies[0]
    return View(patient, study, study.series[at], make_stack(study.series[at]), 0)


def found_by(question: str) -> tuple[Patient, ...]:
    return tuple(each for each in ALL if question in each.name)


def test_so_many_of_the_nearest_pictures_are_wanted_next():
    files = tuple(Instance(f"{at}", "", Path(f"{at}"), "", at, 2, 2, 1, False, 1, 1) for at in range(1000))
    series = Series("1", 1, "CT", "", "", files)
    for at, nearest in ((500, [501, 499, 502, 498]), (0, [1, 2, 3, 4]), (999, [998, 997, 996, 995])):
        view = View(ANNA, ANNA.studies[0], series, make_stack(series), at)
        assert [each.instance.number for each in view.neighbours(4)] == nearest


def test_an_enter_waits_for_its_own_answer_and_two_open_the_one_patient_that_was_found():
    listing = Listing()
    listing.show(ALL, "", None)
    for typed in ("ber", "berta"):
        listing.type(typed)
    assert [listing.enter(), listing.enter()] == [Step.WAIT, Step.WAIT]
    assert listing.show(found_by("ber"), "ber", None) is Step.STAY, "the answer to an older question opens nothing"
    assert listing.show(found_by("berta"), "berta", None) is Step.OPEN
    assert listing.go_to_first() == (BERTA, None, None)


def test_two_enters_open_nothing_where_several_patients_were_found():
    listing = Listing()
    listing.type("a")
    assert [listing.enter(), listing.enter()] == [Step.WAIT, Step.WAIT]
    assert listing.show(ALL, "a", None) is Step.GO


def test_an_enter_is_forgotten_when_something_else_is_typed_or_the_reader_goes_elsewhere():
    for turn in (lambda listing: listing.type("anna"), lambda listing: listing.leave()):
        listing = Listing()
        listing.type("berta")
        listing.enter(opens=True)
        turn(listing)
        assert listing.show(found_by("berta"), "berta", None) is Step.STAY
        assert listing.show(found_by("anna"), "anna", None) is Step.STAY


def test_what_was_chosen_in_an_older_list_is_chosen_no_more():
    listing = Listing()
    listing.show(ALL, "", None)
    listing.choose(row_key(ANNA, ANNA.studies[0]))
    listing.show(ALL, "", None)
    assert listing.subject(None) == (ANNA, ANNA.studies[0])
    listing.show((BERTA,), "berta", None)
    assert listing.chosen == () and listing.subject(None) is None


def test_the_list_follows_the_active_view_and_chooses_nothing_that_it_does_not_show():
    listing, views = Listing(), Views("left")
    listing.show((BERTA,), "berta", None)
    views.views.update(left=make_view(BERTA), right=make_view(ANNA, at=1))
    assert listing.follow(views.seen) == views.seen.row
    views.active = "right"
    assert listing.follow(views.seen) is None and listing.subject(views.seen) == (ANNA, ANNA.studies[0])
    listing.show(ALL, "", views.seen)
    assert listing.find(listing.chosen) == (ANNA, ANNA.studies[0], ANNA.studies[0].series[1])


def test_two_patients_with_one_study_uid_are_never_taken_for_each_other():
    listing = Listing()
    shared = CARLA.studies[-1]
    assert shared.uid == ANNA.studies[-1].uid
    listing.show((ANNA,), "", None)
    assert listing.follow(make_view(CARLA, shared)) is None
    listing.show(ALL, "", make_view(CARLA, shared))
    assert listing.find(listing.chosen)[0] is CARLA


@pytest.mark.parametrize(
    ("shown", "asked", "expected"),
    [
        ((), False, Arrival.ALL_VIEWS),
        (("right",), False, Arrival.ACTIVE_VIEW),
        (("left",), False, Arrival.OFFERED),
        (("left", "right"), False, Arrival.OFFERED),
        (("left",), True, Arrival.ALL_VIEWS),
    ],
)
def test_what_is_opened_takes_nothing_away_that_is_read_unless_it_was_asked_for(shown, asked, expected):
    views = Views("left")
    views.views.update({place: make_view(ANNA) for place in shown})
    assert views.arrive(asked=asked) is expected


class Session:
    """A reader, an index that answers late, and a loader that loads late, over the model."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.listing, self.views = Listing(), Views(0)
        self.asked: deque[str] = deque()
        """Questions that are not answered yet."""
        self.loading: list[tuple[int, View]] = []
        self.films: dict[int, str] = {}
        """The SOP Instance UID that is seen in each view."""
        self.compared: deque[tuple[int, View | None]] = deque()
        self.offered: tuple[Patient, Study] | None = None
        self.removed: set[tuple[str, ...]] = set()
        self.room = 4
        self.happened: Counter[str] = Counter()
        """How often what is held here came to pass."""

    def show(self, place: int, view: View) -> None:
        self.films.pop(place, None)
        self.views.views[place] = view
        self.loading.append((place, view))
        self.follow(place)

    def follow(self, place: int) -> None:
        if place == self.views.active:
            self.listing.follow(self.views.seen)

    def type(self) -> None:
        self.listing.type(self.chance.choice(["", "a", "anna", "berta", "nobody"]))
        if self.chance.random() < 0.7:
            self.asked.append(self.listing.typed)

    def answer(self) -> None:
        if not self.asked:
            return
        question = self.asked.popleft()
        found = [each for each in found_by(question) if not {row_key(each, one) for one in each.studies} & self.removed]
        step = self.listing.show(found, question, self.views.seen)
        if step is Step.OPEN:
            assert question == self.listing.typed and len(found) == 1
            self.open_study(found[0], found[0].studies[0])
            self.happened["found"] += 1
        elif step is Step.GO:
            assert self.listing.go_to_first() is not None

    def enter(self) -> None:
        step = self.listing.enter(opens=self.chance.random() < 0.5)
        if step is Step.WAIT:
            self.asked.append(self.listing.typed)
        elif step is Step.GO:
            assert self.listing.answered == self.listing.typed
            row = self.listing.go_to_first()
            assert row is not None and row[0] is self.listing.patients[0]

    def open_study(self, patient: Patient, study: Study) -> None:
        for place in range(4):
            self.close(place)
        self.show(0, make_view(patient, study))
        self.activate(0)

    def open_row(self) -> None:
        row = self.listing.find(self.listing.chosen)
        if row is not None:
            assert row[0] in self.listing.patients, "only what is listed is opened from the list"
            patient, study, _ = row
            self.show(self.views.active, make_view(patient, study, self.chance.randrange(2)))

    def choose(self) -> None:
        if self.listing.patients:
            patient = self.chance.choice(self.listing.patients)
            self.listing.choose(row_key(patient, self.chance.choice((None, *patient.studies))))

    def activate(self, place: int) -> None:
        self.views.active = place
        self.listing.follow(self.views.seen)
        self.listing.leave()

    def click(self) -> None:
        self.activate(self.chance.randrange(self.room))

    def close(self, place: int) -> None:
        self.films.pop(place, None)
        self.views.views.pop(place, None)
        self.follow(place)

    def close_active(self) -> None:
        self.close(self.views.active)

    def drop(self) -> None:
        place = self.chance.randrange(self.room)
        row = self.listing.find(self.listing.chosen)
        if row is not None:
            self.activate(place)
            self.show(place, make_view(row[0], row[1]))

    def lay_out(self) -> None:
        self.room = self.chance.choice([1, 2, 4])
        if self.views.active >= self.room:
            self.activate(0)

    def arrive(self) -> None:
        """A folder's first study is there."""
        patient = self.chance.choice(ALL)
        before = dict(self.views.views)
        arrival = self.views.arrive(asked=False)
        if arrival is Arrival.ALL_VIEWS:
            assert not before
            self.open_study(patient, patient.studies[0])
        elif arrival is Arrival.ACTIVE_VIEW:
            assert self.views.active not in before
            self.show(self.views.active, make_view(patient))
        else:
            self.offered = patient, patient.studies[0]
            assert self.views.views == before, "what is read stays"
            self.happened["kept"] += 1

    def take_offer(self) -> None:
        if self.offered is not None:
            self.open_study(*self.offered)
            self.offered = None

    def load(self) -> None:
        """A picture is there, in any order; that of an older request is not shown."""
        if self.loading:
            place, view = self.loading.pop(self.chance.randrange(len(self.loading)))
            self.happened["loaded" if self.views.still(place, view) else "late"] += 1
            if self.views.still(place, view):
                self.films[place] = view.instance.sop_uid

    def compare(self) -> None:
        self.compared.append((self.views.active, self.views.seen))

    def answer_comparison(self) -> None:
        if self.compared:
            place, view = self.compared.popleft()
            if view is not None and place == self.views.active and self.views.still(place, view):
                self.happened["compared"] += 1
                beside = (place + 1) % 4
                self.show(beside, make_view(view.patient, view.patient.studies[-1]))
                assert self.views.views[beside].patient is self.views.seen.patient

    def remove(self) -> None:
        """The dialog names the subject; what it names is what is marked, chosen or shown."""
        subject = self.listing.subject(self.views.seen)
        if subject is None:
            return
        row, seen = self.listing.find(self.listing.chosen), self.views.seen
        if row is not None:
            assert subject == row[:2] and subject[0] in self.listing.patients
        else:
            assert seen is not None and subject == (seen.patient, seen.study)
        if self.chance.random() < 0.3:
            self.removed.add(row_key(*subject))
            self.asked.append(self.listing.typed)

    def check(self) -> None:
        for place, uid in self.films.items():
            assert self.views.views[place].instance.sop_uid == uid, "a film is its view's"
        chosen = self.listing.find(self.listing.chosen)
        assert (chosen is None) == (self.listing.chosen == ()), "no row of another list is chosen"


def test_a_thousand_interleavings_never_mark_open_or_act_on_another_study_than_is_seen():
    happened: Counter[str] = Counter()
    for seed in range(INTERLEAVINGS):
        session = Session(seed)
        acts = [
            *[session.type, session.answer, session.enter, session.open_row, session.choose, session.click],
            *[session.close_active, session.drop, session.lay_out, session.arrive, session.take_offer, session.load],
            *[session.load, session.answer, session.compare, session.answer_comparison, session.remove],
        ]
        for _ in range(STEPS):
            act = session.chance.choice(acts)
            before = session.views.seen
            act()
            session.check()
            if act == session.click or session.views.seen is not before:
                seen, chosen = session.views.seen, session.listing.find(session.listing.chosen)
                listed = seen is not None and session.listing.find(row_key(seen.patient, seen.study)) is not None
                assert (chosen is not None) == listed, "the list follows the active view"
                assert chosen is None or (chosen[0].name, chosen[1].uid) == (seen.patient.name, seen.study.uid)
        for what, count in session.happened.items():
            happened[what] += count
    assert min(happened[each] for each in ("found", "loaded", "late", "compared", "kept")) > INTERLEAVINGS / 20, (
        happened
    )
