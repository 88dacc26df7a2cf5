"""What a person made of a machine's text, word by word."""

import difflib
import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that is the same in both texts, or one that made way for another."""

    was: str
    now: str

    @property
    def is_same(self) -> bool:
        """Whether nothing was changed."""
        return self.was == self.now


def compare(was: str, now: str) -> list[Difference]:
    """Return both texts in parts, in their order; put together the parts are the texts."""
    old, new = _WORD.findall(was), _WORD.findall(now)
    return [Difference("".join(old[a:b]), "".join(new[c:d])) for _, a, b, c, d in _match(old, new).get_opcodes()]


def edit_distance(was: str, now: str) -> int:
    """Return how many words and signs were put in, taken out or replaced, by `compare`; spaces do not count."""
    old, new = ([each for each in _WORD.findall(text) if not each.isspace()] for text in (was, now))
    return sum(max(b - a, d - c) for what, a, b, c, d in _match(old, new).get_opcodes() if what != "equal")


def _match(old: list[str], new: list[str]) -> "difflib.SequenceMatcher[str]":
    return difflib.SequenceMatcher(None, old, new, autojunk=False)
