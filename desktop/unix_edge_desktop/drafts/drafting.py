"""Which film the reader looks at, which draft the panel shows, and where the words of each run go.

A run's words land in the draft that it was begun for, and nowhere else: whatever is shown, opened or drafted meanwhile.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol, assert_never

import numpy as np

from unix_edge.image import LoadedRadiograph
from unix_edge.report import ReportSettings
from unix_edge.sentences import Sentence
from unix_edge.worker import messages

from ..image.corner_text import ShowDate, show_name, write_iso
from ..image.images import ViewImage
from .draft import Draft
from .draft_text import Change, Section, held_back
from .model_image import as_loaded
from .section_text import Source
from .store_thread import DraftThread
from .values import DraftImage, MachineDraft, hash_gray

_IMPRESSION = "IMPRESSION:"
_SENTENCE_ENDS = (". ", ".\n")


class Task(Enum):
    """What a run is to write."""

    REPORT = auto()
    """A new version, both sections."""
    FINDINGS = auto()
    """That section once more, from the image."""
    IMPRESSION = auto()
    """What follows from the findings as they stand."""
    SENTENCE = auto()
    """One more sentence of the findings, after those that there are."""


class Model(Protocol):
    """What is asked of the process that runs the model (`ModelProcess`)."""

    def draft(
        self,
        image: LoadedRadiograph | Callable[[], LoadedRadiograph],
        settings: ReportSettings | None = None,
        *,
        prefix: str = "",
        assume_frontal_chest: bool = False,
    ) -> int:
        """Begin a run and return its number."""

    def stop(self, run: int) -> None:
        """End a run soon."""


@dataclass(frozen=True, slots=True)
class Film:
    """An image in a view, as the panel names it."""

    image: ViewImage

    @property
    def key(self) -> tuple[str, int, str]:
        """SOP Instance UID, frame, and the SHA-256 of its file: the same for the same picture."""
        return self.image.uid, self.image.frame, self.image.sha256

    @property
    def patient(self) -> str:
        """The patient's name, else the ID, else the file's name."""
        header = self.image.header
        return show_name(header) or str(header.get("PatientID") or "") or self.image.name

    def details(self, show_date: ShowDate = write_iso) -> tuple[str, ...]:
        """Return ID, date, and what is shown from where, as far as the header says it."""
        header = self.image.header
        date = show_date(str(header.get("StudyDate") or ""))
        view = " ".join(str(header.get(each) or "") for each in ("Modality", "BodyPartExamined", "ViewPosition"))
        told = (str(header.get("PatientID") or ""), date, " ".join(view.split()))
        return tuple(each for each in told if each)

    def identify(self, loaded: LoadedRadiograph) -> DraftImage:
        """Return what a draft keeps of it."""
        header = self.image.header

        def text(keyword: str) -> str:
            return str(header.get(keyword) or "").strip()

        return DraftImage(
            sop_uid=self.image.uid,
            gray_sha256=hash_gray(np.asarray(loaded.image)),
            study_uid=text("StudyInstanceUID") or self.image.uid,
            series_uid=text("SeriesInstanceUID"),
            patient_id=text("PatientID"),
            issuer=text("IssuerOfPatientID"),
            patient_name=text("PatientName"),
            study_date=text("StudyDate"),
            accession=text("AccessionNumber"),
            synthetic=self.image.synthetic,
        )


@dataclass(eq=False, slots=True)
class Run:
    """A run that has not ended."""

    number: int
    film: Film
    task: Task
    settings: ReportSettings
    given: str = ""
    """What the machine was told to begin with, which is not written again."""
    draft: Draft | None = None
    """None until the first word of a new version comes."""
    images: list[DraftImage] = field(default_factory=list)
    """What a draft keeps of the film, when the model has been given it."""
    has_begun: bool = False
    """Whether it has written a word."""
    received: str = ""
    fed: int = 0
    """Characters of what was received that are in the draft."""
    is_enough: bool = False
    """Whether further words are not wanted."""
    stopping: bool = False


@dataclass(slots=True)
class Refusal:
    """Why nothing was drafted of a film."""

    film: Film
    sentence: Sentence
    doubts: tuple[Sentence, ...] = ()
    """What a person may confirm, and then draft all the same."""
    settings: ReportSettings = field(default_factory=ReportSettings)


class Drafting:
    """The film in the active view, the draft in the panel, and the runs; for one thread.

    `on_shown` is told when the panel is to show another draft, or none; `on_changes` of edits to the one that it shows;
    `on_state` of everything else that is to be seen.
    """

    def __init__(
        self,
        drafts: DraftThread,
        model: Model,
        on_shown: Callable[[], None],
        on_changes: Callable[[list[Change]], None],
        on_state: Callable[[], None],
    ) -> None:
        self._drafts, self._model = drafts, model
        self._on_shown, self._on_changes, self._on_state = on_shown, on_changes, on_state
        self._runs: dict[int, Run] = {}
        self._newest: dict[tuple[str, int, str], Draft] = {}
        """Of each film, what was drafted or taken up since the window was opened: never twice the same draft."""
        self.film: Film | None = None
        """In the active view."""
        self.about: Film | None = None
        """What the panel's draft, run or refusal is about."""
        self.draft: Draft | None = None
        """In the panel."""
        self.refusal: Refusal | None = None
        self.told: messages.Drafted | None = None
        """How fast the last draft was."""

    # What is shown

    @property
    def is_elsewhere(self) -> bool:
        """Whether the panel is about another film than the view shows."""
        return self.about is not None and (self.film is None or self.film.key != self.about.key)

    @property
    def run(self) -> Run | None:
        """The run that writes into what the panel shows."""
        return next((each for each in self._runs.values() if self._is_shown(each)), None)

    @property
    def is_busy(self) -> bool:
        """Whether any run has not ended."""
        return bool(self._runs)

    def show_film(self, film: Film | None) -> None:
        """Note what the active view shows; an empty panel turns to it, any other says which film it is about."""
        if (film and film.key) == (self.film and self.film.key):
            return
        self.film = film
        if self.draft is None and self.run is None:
            self.turn_to_film()
        self._on_state()

    def turn_to_film(self) -> None:
        """Let the panel be about the film in the view; what it was about stays as it is kept."""
        self._turn(self.film, None if self.film is None else self._newest.get(self.film.key))

    def take_up(self, draft: Draft, film: Film) -> None:
        """Let the panel show a draft that was kept of a film, unless there is one or the reader has turned away."""
        if film.key in self._newest:
            return
        self._newest[film.key] = draft
        if self._concerns(film) and self.draft is None and self.run is None:
            self._turn(film, draft)

    # What a person asks for

    def begin(
        self,
        settings: ReportSettings,
        task: Task = Task.REPORT,
        *,
        assume_frontal_chest: bool = False,
    ) -> Run | None:
        """Begin a run of the film in the view; None where there is none, or the panel is about another.

        A report is a new version, whatever the panel is about; every other task goes on in the panel's draft.
        """
        if self.film is None or (self.run is not None and self.run.film.key == self.film.key):
            return None
        if task is not Task.REPORT and (self.draft is None or self.is_elsewhere or self.draft.state.is_final):
            return None
        film, draft = self.film, None if task is Task.REPORT else self.draft
        given = "" if draft is None else _given(draft, task)
        images: list[DraftImage] = []

        def load() -> LoadedRadiograph:
            loaded = as_loaded(film.image)
            images.append(film.identify(loaded))
            return loaded

        number = self._model.draft(load, settings, prefix=given, assume_frontal_chest=assume_frontal_chest)
        run = Run(number, film, task, settings, given, draft, images)
        self._runs[number] = run
        self.refusal = None
        if draft is None:
            self._turn(film, None)
        self._on_state()
        return run

    def stop(self) -> None:
        """End the run that writes into what is shown, else all; what it wrote stays."""
        for run in [self.run] if self.run is not None else list(self._runs.values()):
            run.stopping = True
            self._model.stop(run.number)
        self._on_state()

    def edit(self, section: Section, position: int, removed: int, added: str) -> None:
        """Take what a person did to the draft that is shown."""
        if self.draft is not None:
            self.draft.edit(section, position, removed, added)

    # What the model says

    def take(self, event: messages.Event) -> None:
        """Take an event of a run; of one that is not ours nothing is taken."""
        number = getattr(event, "run", None)
        run = self._runs.get(number) if isinstance(number, int) and not isinstance(event, messages.Beat) else None
        if run is None:
            return
        match event:
            case messages.Piece():
                was = run.has_begun, run.stopping
                self._feed(run, event.text)
                if (run.has_begun, run.stopping) == was:  # all that there is to be seen are the words
                    return
            case messages.Drafted():
                self._end(run, event)
            case messages.Stopped():
                self._end(run, None)
            case messages.Failed():
                self._end(run, None)
                if self._concerns(run.film):
                    self.refusal = Refusal(run.film, event.sentence, event.doubts, run.settings)
        self._on_state()

    def _feed(self, run: Run, text: str) -> None:
        run.received += text
        wanted = _wanted(run)
        if wanted is None or len(wanted) <= run.fed:
            return
        piece, run.fed = wanted[run.fed :], len(wanted)
        if piece:
            changes = [] if run.has_begun else self._start_writing(run)
            assert run.draft is not None
            changes += run.draft.feed(piece)
            if run.draft is self.draft:
                self._on_changes(changes)
        if run.is_enough and not run.stopping:
            run.stopping = True
            self._model.stop(run.number)

    def _start_writing(self, run: Run) -> list[Change]:
        """Let the machine write: into a new version, or into the section of the draft that it goes on with."""
        run.has_begun = True
        if run.draft is not None:
            return _make_room(run.draft, run.task, uuid.uuid4().hex)
        run.draft = self._newest[run.film.key] = Draft.begin(self._drafts, run.images[-1], uuid.uuid4().hex)
        if self._concerns(run.film) and self.draft is None:
            self.draft = run.draft
            self._on_shown()
        return []

    def _end(self, run: Run, event: messages.Drafted | None) -> None:
        del self._runs[run.number]
        if run.draft is None or not run.has_begun:
            return
        if event is not None and run.task is Task.REPORT:
            changes = run.draft.finish(MachineDraft.of(event.report))
        else:
            changes = run.draft.cut_off()
        if run.draft is self.draft:
            self.told = event or self.told
            self._on_changes(changes)

    def _turn(self, film: Film | None, draft: Draft | None) -> None:
        self.about, self.draft, self.refusal, self.told = film, draft, None, None
        self._on_shown()
        self._on_state()

    def _is_shown(self, run: Run) -> bool:
        return run.draft is self.draft if run.draft is not None else self._concerns(run.film)

    def _concerns(self, film: Film) -> bool:
        return self.about is not None and self.about.key == film.key


def _given(draft: Draft, task: Task) -> str:
    """Return what a task goes on from."""
    findings = " ".join(draft.text.text(Section.FINDINGS).split())
    match task:
        case Task.REPORT | Task.FINDINGS:
            return ""
        case Task.IMPRESSION:
            return f"FINDINGS: {findings} {_IMPRESSION}"
        case Task.SENTENCE:
            return f"FINDINGS: {findings}"
        case _:
            assert_never(task)


def _make_room(draft: Draft, task: Task, name: str) -> list[Change]:
    """Take away what the machine wrote where it is to write anew, and let it write; a person's words stay."""
    section = Section.IMPRESSION if task is Task.IMPRESSION else Section.FINDINGS
    changes: list[Change] = []
    if task is not Task.SENTENCE:
        for written in reversed(draft.text.ranges(section)):
            if written.source is Source.MACHINE:
                changes += draft.remove(section, written.start, written.end - written.start)
    draft.go_on(name, section)
    return changes


def _wanted(run: Run) -> str | None:
    """Return what of a run's words is to be written; None while it repeats what it was given."""
    if len(run.received) < len(run.given):
        return None
    words = run.received[len(run.given) :]
    if run.task is Task.REPORT:
        return words  # whose headings the text itself looks for
    words = words[: len(words) - held_back(words)]
    match run.task:
        case Task.FINDINGS:
            before, heading, _ = words.partition(_IMPRESSION)
            run.is_enough = bool(heading)
            return before
        case Task.IMPRESSION:
            ends = [at for each in ("FINDINGS:", _IMPRESSION) if (at := words.find(each)) >= 0]
            run.is_enough = bool(ends)
            words = words[: min(ends)] if ends else words
            return f"{_IMPRESSION}{words}" if words else ""
        case Task.SENTENCE:
            ends = [at + 1 for each in _SENTENCE_ENDS if (at := words.find(each)) >= 0]
            if _IMPRESSION in words:
                ends.append(words.find(_IMPRESSION))
            run.is_enough = bool(ends)
            return words[: min(ends)] if ends else words
        case _:
            assert_never(run.task)
