"""The desk without its widgets: what each view shows, which list is seen, what in it is marked, what an action is for.

Answers come late and readers do not wait. What is decided here is decided by what the reader sees at that moment: the
answer to an older question opens nothing, and a mark is never on another study than the active view shows.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar

from .stacks import Slot, make_stack
from .studies import Instance, Patient, Series, Study

Row = tuple[Patient, Study | None, Series | None]
"""Of the list: a patient, a study, or a series."""
Key = tuple[str, ...]
Place = TypeVar("Place", bound=Hashable)
"""Whatever stands for a view."""


@dataclass(slots=True)
class View:
    """What a view shows, or is about to."""

    patient: Patient
    study: Study
    series: Series
    stack: tuple[Slot, ...]
    at: int

    @property
    def key(self) -> tuple[str, str]:
        """What tells its series from all others."""
        return self.study.uid, self.series.uid

    @property
    def spacing_key(self) -> tuple[str, str]:
        """What a calibration is kept for: its series, but of pictures each alone, as each was taken in its own way."""
        return (self.instance.sop_uid, self.instance.sop_uid) if self.instance.is_picture else self.key

    @property
    def row(self) -> Row:
        """Its row in the list."""
        return self.patient, self.study, self.series

    @property
    def instance(self) -> Instance:
        """The file of its picture."""
        return self.stack[self.at].instance

    @property
    def clip(self) -> range:
        """Which pictures play: the frames of the file that is shown, else the whole series."""
        files = [each.instance for each in self.stack]
        count = files.count(self.instance)
        return (
            range(len(files)) if count == 1 else range(files.index(self.instance), files.index(self.instance) + count)
        )

    def neighbours(self, most: int) -> tuple[Slot, ...]:
        """Return so many other pictures of its series at most, the nearest first."""
        around = range(max(0, self.at - most), min(len(self.stack), self.at + most + 1))
        others = sorted(around, key=lambda at: (abs(at - self.at), at < self.at))
        return tuple(self.stack[at] for at in others[1 : most + 1])

    def extend(self, patients: Sequence[Patient]) -> None:
        """Take what the index has by now of its study; the picture stays the same, at the place where it is now."""
        found = find_again(patients, self.patient, self.study)
        series = next((each for each in found[1].series if each.uid == self.series.uid), None) if found else None
        stack = make_stack(series) if series else ()
        at = next((at for at, each in enumerate(stack) if each.is_picture_of(self.stack[self.at])), None)
        if found and series and at is not None:
            (self.patient, self.study), self.series, self.stack, self.at = found, series, stack, at


def row_key(patient: Patient, study: Study | None = None, series: Series | None = None) -> Key:
    """Return what tells a row from all others: two patients may share the UID of a study."""
    own = (patient.id, patient.issuer, patient.name, "" if patient.id else patient.studies[-1].uid)
    return (*own, study.uid if study else "", series.uid if series else "")


def is_study(one: tuple[Patient, Study], other: tuple[Patient, Study]) -> bool:
    """Return whether two are one study of one patient."""
    return row_key(*one) == row_key(*other)


def find_again(patients: Sequence[Patient], patient: Patient, study: Study) -> tuple[Patient, Study] | None:
    """Return a study as it is listed by now."""
    listed = ((each, one) for each in patients for one in each.studies)
    return next((each for each in listed if is_study(each, (patient, study))), None)


class Arrival(Enum):
    """What becomes of a study that has been opened while something else may be read."""

    ALL_VIEWS = auto()
    """It is shown from the first view on."""
    ACTIVE_VIEW = auto()
    """It is shown in the active view, which is empty."""
    OFFERED = auto()
    """It is listed, and shown when the reader says so."""


class Views(Generic[Place]):
    """What each view shows, and which of them actions are for."""

    def __init__(self, active: Place) -> None:
        self.views: dict[Place, View] = {}
        self.active = active

    @property
    def seen(self) -> View | None:
        """What the active view shows: the list marks it, and actions are for it."""
        return self.views.get(self.active)

    @property
    def studies(self) -> list[str]:
        """The UIDs of the studies that are shown."""
        return sorted({each.study.uid for each in self.views.values()})

    def arrive(self, *, asked: bool) -> Arrival:
        """Return where a study goes that has been opened; only one that was asked for takes away what is read."""
        if asked or not self.views:
            return Arrival.ALL_VIEWS
        return Arrival.ACTIVE_VIEW if self.seen is None else Arrival.OFFERED

    def still(self, place: Place, view: View | None) -> bool:
        """Return whether a place shows what it showed when a question was asked that is answered now."""
        return self.views.get(place) is view


class Step(Enum):
    """What an Enter in the list or its search box does."""

    WAIT = auto()
    """Nothing yet: the answer to what was typed is not seen yet."""
    GO = auto()
    """Go to the first row."""
    OPEN = auto()
    """Go there, and open it."""
    STAY = auto()
    """Nothing: nothing was found."""


class Listing:
    """The list of studies as it is seen, what was typed over it, and the row that is chosen."""

    def __init__(self) -> None:
        self.patients: tuple[Patient, ...] = ()
        self.answered = ""
        """The question whose answer is seen."""
        self.typed = ""
        self.chosen: Key = ()
        """The row's key; empty where none is."""
        self._enters = 0

    @property
    def is_current(self) -> bool:
        """Whether what is seen answers what was typed."""
        return self.answered == self.typed

    def type(self, text: str) -> None:
        """Ask something else; an Enter that waits for an answer belonged to the older question."""
        if text != self.typed:
            self.typed, self._enters = text, 0

    def enter(self, *, opens: bool = False) -> Step:
        """Press Enter; `opens` where the focus is in the list already, so that it opens what it finds."""
        if self.is_current:
            return Step.GO if self.patients else Step.STAY
        self._enters += 2 if opens else 1
        return Step.WAIT

    def leave(self) -> None:
        """Go elsewhere: an Enter that waits is no longer meant."""
        self._enters = 0

    def show(self, patients: Sequence[Patient], question: str, seen: View | None) -> Step:
        """See an answer; return what an Enter that waited for it does now.

        What was chosen stays so if it is there still. Two Enters open what was found only where it is one patient's:
        nobody has seen yet which of several it would be.
        """
        self.patients, self.answered = tuple(patients), question
        if self.find(self.chosen) is None:
            self.follow(seen)
        if not self._enters or not self.is_current:
            return Step.STAY
        enters, self._enters = self._enters, 0
        if not self.patients:
            return Step.STAY
        return Step.OPEN if enters > 1 and len(self.patients) == 1 else Step.GO

    def go_to_first(self) -> Row | None:
        """Choose the first row, and return it."""
        if not self.patients:
            return None
        self.chosen = row_key(self.patients[0])
        return self.patients[0], None, None

    def follow(self, seen: View | None) -> Row | None:
        """Choose what the active view shows, its study's row if that is chosen; nothing where it is not listed."""
        row = None if seen is None else self.find(row_key(*seen.row)) or self.find(row_key(seen.patient, seen.study))
        if row is None:
            self.chosen = ()
        elif self.chosen != row_key(row[0], row[1]):
            self.chosen = row_key(*row)
        return self.find(self.chosen)

    def choose(self, key: Key) -> None:
        """Choose a row that is seen."""
        self.chosen = key if self.find(key) is not None else ()

    def find(self, key: Key) -> Row | None:
        """Return a row that is listed."""
        return next((row for row in self._rows() if row_key(*row) == key), None) if key else None

    def subject(self, seen: View | None) -> tuple[Patient, Study] | None:
        """Return the study that an action on the list is for: of the chosen row, else what the active view shows."""
        patient, study, _ = self.find(self.chosen) or (None, None, None)
        if patient is not None:
            return (patient, study) if study is not None else None
        return (seen.patient, seen.study) if seen is not None else None

    def _rows(self) -> Iterator[Row]:
        for patient in self.patients:
            yield patient, None, None
            for study in patient.studies:
                yield patient, study, None
                for series in study.series:
                    yield patient, study, series
