"""A report as it is written, FINDINGS and IMPRESSION: a machine's stream and a person's edits, and taking them back.

What happens to it is a list of operations, plain values as JSON holds them. Doing them again makes the same text, with
the same sources of its characters and the same steps to undo: so it is kept on disk, and so it comes back.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from unix_edge.text import split_sections

from .section_text import Edit, Range, SectionText, Source, Step

Operation = Sequence[Any]
"""Its name, then its values: begin, piece, end, edit, undo, redo or anew."""
_NOT_PLAIN = re.compile("\r\n|[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef]")
_BEGINNING = re.compile(
    "(?:{})\\Z".format("|".join(each[:size] for each in ("FINDINGS:", "IMPRESSION:") for size in range(1, len(each)))),
    re.IGNORECASE | re.ASCII,
)
"""Of a heading, where a text ends within it."""


class Section(StrEnum):
    """A part of the report that stands in a field of its own."""

    FINDINGS = "findings"
    IMPRESSION = "impression"


@dataclass(frozen=True, slots=True)
class Change:
    """One edit that whoever shows the text is to do, in the order in which they come."""

    section: Section
    edit: Edit


class DraftText:
    """Both sections, with one stack of steps: a machine's whole draft is one, and so is each word a person types.

    While the machine writes, what a person typed since can be undone, and the draft itself only when it has ended.
    """

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        """All that was done, the oldest first."""
        self._sections = {section: SectionText() for section in Section}
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._typing: tuple[Section, int, str] | None = None
        """Where the last edit of a person ended and what it was, if the next can be one step with it."""
        self._stream: Step | None = None
        self._only: Section | None = None
        self._received = ""

    @classmethod
    def restore(cls, operations: Iterable[Operation]) -> Self:
        """Do operations again.

        Raises:
            ValueError, IndexError, TypeError: They are not those of a text.
        """
        text = cls()
        listed = list(operations)
        anew = max((at for at, each in enumerate(listed) if each[0] == "anew"), default=0)
        text.operations = listed[:anew]
        for name, *values in listed[anew:]:
            match name:
                case "anew":
                    text.begin_anew(*values)
                case "begin":
                    text.begin(values[0], only=Section(values[1]) if values[1] else None)
                case "piece":
                    text.feed(values[0])
                case "end":
                    text.end()
                case "edit":
                    text.edit(Section(values[0]), *values[1:])
                case "undo":
                    text.undo()
                case "redo":
                    text.redo()
                case _:
                    raise ValueError(f"{name} is no operation")
        return text

    def text(self, section: Section) -> str:
        """Return what is to be seen of a section."""
        return self._sections[section].text

    def ranges(self, section: Section) -> tuple[Range, ...]:
        """Return who wrote the characters of a section."""
        return self._sections[section].ranges

    @property
    def is_streaming(self) -> bool:
        """Whether the machine writes."""
        return self._stream is not None

    @property
    def is_edited(self) -> bool:
        """Whether a person wrote some of it, or removed something that the machine wrote."""
        return any(each.is_edited for each in self._sections.values())

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo; a draft is none before it has ended."""
        return bool(self._done) and self._done[-1] is not self._stream

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._undone)

    def begin_anew(self, findings: str, impression: str) -> None:
        """Hold what was kept of a text whose operations cannot be done again; nobody knows who wrote what."""
        self.operations.append(("anew", findings, impression))
        for section, said in zip(Section, (findings, impression), strict=True):
            self._sections[section].edit(Step(Source.PERSON), 0, 0, said)

    def begin(self, run: str, *, only: Section | None = None) -> None:
        """Let a machine write, below all that there is.

        Args:
            run: Names it in `ranges`.
            only: The one section that is wanted; what it says of the other is not shown.
        """
        self.end()
        self.operations.append(("begin", run, only))
        self._stream, self._only, self._received = Step(Source.MACHINE, run), only, ""
        self._push(self._stream)
        for each in self._sections.values():
            each.begin(self._stream)

    def feed(self, piece: str) -> list[Change]:
        """Take a piece of the machine's text, headings and all; return what it changes in the sections.

        The beginning of what may become a heading is held back.
        """
        if self._stream is None or not piece:
            return []
        self.operations.append(("piece", piece))
        self._received += piece
        return self._show(self._received[: len(self._received) - held_back(self._received)])

    def end(self) -> list[Change]:
        """Note that the machine has ended, or was stopped; return what was held back."""
        if self._stream is None:
            return []
        self.operations.append(("end",))
        changes = self._show(self._received)
        self._stream, self._typing = None, None
        for each in self._sections.values():
            each.end()
        return changes

    def edit(self, section: Section, position: int, removed: int, added: str) -> Edit:
        """Take what a person did: at a position, so many characters made way for others.

        Raises:
            IndexError: There are not so many; nothing was changed.
        """
        if position < 0 or removed < 0 or position + removed > len(self.text(section)):
            raise IndexError(f"{removed} characters at {position} of {len(self.text(section))}")
        added = plain(added)
        if not removed and not added:
            return Edit(position, "", "")
        self.operations.append(("edit", section, position, removed, added))
        if not self._goes_on(section, position, removed, added):
            self._push(Step(Source.PERSON))
        kind = "" if removed and added else added[-1:] or "removed"
        self._typing = (section, position + len(added), kind)
        return self._sections[section].edit(self._done[-1], position, removed, added)

    def undo(self) -> list[Change]:
        """Take the last step back."""
        if not self.can_undo:
            return []
        self.operations.append(("undo",))
        return self._turn(self._done, self._undone)

    def redo(self) -> list[Change]:
        """Do the step again that was taken back last."""
        if not self.can_redo:
            return []
        self.operations.append(("redo",))
        return self._turn(self._undone, self._done)

    def _push(self, step: Step) -> None:
        self._done.append(step)
        self._undone.clear()
        self._typing = None

    def _turn(self, source: list[Step], target: list[Step]) -> list[Change]:
        step = source.pop()
        target.append(step)
        self._typing = None

        def flip() -> None:
            step.done = not step.done

        return self._changes(flip)

    def _goes_on(self, section: Section, position: int, removed: int, added: str) -> bool:
        """Tell whether an edit is one step with the last: the same word, or the same row of removals."""
        if self._typing is None or (removed and added):
            return False
        last_section, end, last = self._typing
        if section is not last_section:
            return False
        if added:
            return last not in ("", "removed") and position == end and (added.isspace() or not last.isspace())
        return last == "removed" and end in (position, position + removed)

    def _show(self, received: str) -> list[Change]:
        shown = {section: plain(text) for section, text in zip(Section, split_sections(received), strict=True)}
        return [
            Change(section, edit)
            for section, text in shown.items()
            if self._only in (None, section)
            for edit in self._sections[section].show(text)
        ]

    def _changes(self, act: Callable[[], None]) -> list[Change]:
        for each in self._sections.values():
            each.note_seen()
        act()
        return [Change(section, edit) for section, text in self._sections.items() for edit in text.edits()]


def plain(text: str) -> str:
    """Return text as a field shows it: lines end in a newline, no other control characters, no half of a pair."""
    return _NOT_PLAIN.sub(_make_plain, text)


def _make_plain(found: re.Match[str]) -> str:
    letters = found.group()
    if letters == "\r\n" or letters in "\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    return "\ufffd" if "\ud800" <= letters <= "\udfff" else " "


def held_back(received: str) -> int:
    """Return how many of the last characters may be the beginning of a heading, and are not to be shown yet."""
    found = _BEGINNING.search(received, max(0, len(received) - len("IMPRESSION")))
    return len(found.group()) if found else 0
