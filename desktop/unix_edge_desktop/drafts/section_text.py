"""The text of one section of a report: a machine writes into it while a person edits it, and both can be taken back.

No character is thrown away. What a step added is hidden while the step is undone, and what it removed is hidden while
it is not. So the machine cannot overwrite a person, and undoing a step leaves what every other one did.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Source(StrEnum):
    """Who wrote a character."""

    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a text; positions count characters as Python does (`utf16` for Qt's)."""

    position: int
    removed: str
    added: str


@dataclass(frozen=True, slots=True)
class Range:
    """Characters that follow each other and have one source."""

    start: int
    end: int
    source: Source
    run: str
    """The run that wrote them; empty for a person."""


@dataclass(eq=False, slots=True)
class Step:
    """What is undone at once."""

    source: Source
    run: str = ""
    done: bool = True


@dataclass(eq=False, slots=True)
class _Segment:
    text: str
    made_by: Step
    parts_lines: bool = False
    """It only keeps the machine's text and a person's on lines of their own."""
    removed_by: set[Step] = field(default_factory=set)
    was_seen: bool = False
    """When `SectionText.note_seen` was last called."""

    @property
    def is_seen(self) -> bool:
        return self.made_by.done and not (self.removed_by and any(step.done for step in self.removed_by))


class SectionText:
    """A text of segments, each made by one step; hidden ones keep their places."""

    def __init__(self) -> None:
        self._segments: list[_Segment] = []
        self._stream: Step | None = None
        self._after: _Segment | None = None
        """Behind which the machine goes on writing; None is the beginning."""

    @property
    def text(self) -> str:
        """What is seen."""
        return "".join(each.text for each in self._segments if each.is_seen)

    @property
    def ranges(self) -> tuple[Range, ...]:
        """Who wrote what is seen."""
        ranges: list[Range] = []
        end = 0
        for each in self._segments:
            if each.is_seen and each.text:
                start, end, made = end, end + len(each.text), each.made_by
                if ranges and (ranges[-1].source, ranges[-1].run) == (made.source, made.run):
                    start = ranges.pop().start
                ranges.append(Range(start, end, made.source, made.run))
        return tuple(ranges)

    @property
    def is_edited(self) -> bool:
        """Whether a person wrote some of it, or removed something that the machine wrote."""
        return any(
            each.is_seen
            if each.made_by.source is Source.PERSON
            else each.made_by.done and any(by.done and by.source is Source.PERSON for by in each.removed_by)
            for each in self._segments
        )

    def edit(self, step: Step, position: int, removed: int, added: str) -> Edit:
        """Do what a person did; text that is typed where the machine writes stays behind what it writes."""
        first, last = self._cut(position), self._cut(position + removed)
        taken = [each for each in self._segments[first:last] if each.is_seen]
        for each in taken:
            each.removed_by.add(step)
        if added:
            anchor = first if self._stream is None else max(first, self._anchor)
            at = first if any(each.is_seen for each in self._segments[first:anchor]) else anchor
            self._segments.insert(at, _Segment(added, step))
        return Edit(position, "".join(each.text for each in taken), added)

    def begin(self, step: Step) -> None:
        """Let the machine write behind all that there is."""
        self._stream = step
        self._after = self._segments[-1] if self._segments else None

    def end(self) -> None:
        """Let the machine write no more."""
        self._stream = None

    def show(self, text: str) -> list[Edit]:
        """Make what the machine wrote in this stream `text`: it appends, and takes back only its own."""
        step = self._stream
        assert step is not None
        written = "".join(each.text for each in self._written(step))
        same = len(written)
        if not text.startswith(written):
            same = next(at for at, letter in enumerate(written) if text[at : at + 1] != letter)
        self.note_seen()
        if same < len(written):
            self._withdraw(step, same)
        if text[same:]:
            self._append(step, text[same:])
        return self.edits()

    def note_seen(self) -> None:
        """Note what is seen now, for `edits`."""
        for each in self._segments:
            each.was_seen = each.is_seen

    def edits(self) -> list[Edit]:
        """Return the edits, to be done one after another, that make of what was seen what is seen now."""
        edits: list[Edit] = []
        position = 0
        for each in self._segments:
            if each.was_seen != each.is_seen and each.text:
                edits.append(Edit(position, *((each.text, "") if each.was_seen else ("", each.text))))
            if each.is_seen:
                position += len(each.text)
        return edits

    @property
    def _anchor(self) -> int:
        return 0 if self._after is None else self._segments.index(self._after) + 1

    def _cut(self, position: int) -> int:
        """Return the index of the first segment at a position of what is seen, cutting the one that lies across it."""
        passed = 0
        for index, each in enumerate(self._segments):
            if passed == position:
                return index
            if each.is_seen:
                if passed + len(each.text) > position:
                    self._split(index, position - passed)
                    return index + 1
                passed += len(each.text)
        if passed < position:
            raise IndexError(f"position {position} of {passed}")
        return len(self._segments)

    def _split(self, index: int, at: int) -> None:
        whole = self._segments[index]
        rest = replace(whole, text=whole.text[at:], removed_by=set(whole.removed_by))
        whole.text = whole.text[:at]
        self._segments.insert(index + 1, rest)
        if self._after is whole:
            self._after = rest

    def _written(self, step: Step) -> Iterator[_Segment]:
        """Yield what the machine wrote in a stream and did not take back, hidden by a person or not."""
        for each in self._segments:
            if each.made_by is step and step not in each.removed_by and not each.parts_lines:
                yield each

    def _withdraw(self, step: Step, same: int) -> None:
        passed = 0
        for each in list(self._written(step)):
            if passed < same < passed + len(each.text):
                index = self._segments.index(each)
                self._split(index, same - passed)
                self._segments[index + 1].removed_by.add(step)
            elif passed >= same:
                each.removed_by.add(step)
            passed += len(each.text)

    def _append(self, step: Step, text: str) -> None:
        if not any(each.made_by is step for each in self._segments):
            self._part_lines(step)
        new = _Segment(text, step)
        self._segments.insert(self._anchor, new)
        self._after = new

    def _part_lines(self, step: Step) -> None:
        """Before the machine's first word here: never go into a line that a person is writing."""
        before = "".join(each.text for each in self._segments[: self._anchor] if each.is_seen)
        behind = "".join(each.text for each in self._segments[self._anchor :] if each.is_seen)
        if behind[:1] not in ("", "\n") and before[-1:] not in ("", "\n"):
            line = before.rpartition("\n")[2]
            behind, before = line + behind, before[: len(before) - len(line)]
            at = self._cut(len(before))
            self._after = self._segments[at - 1] if at else None
        if behind[:1] not in ("", "\n"):
            self._segments.insert(self._anchor, _Segment("\n", step, parts_lines=True))
        if before[-1:] not in ("", "\n"):
            new = _Segment("\n", step, parts_lines=True)
            self._segments.insert(self._anchor, new)
            self._after = new
