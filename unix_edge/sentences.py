"""What a person is told, as data: a template and its values, so that it can be said in another language.

A template stands in the code in English, whole, as the first argument of `Sentence` or of `translatable`; from there
it is collected for translation. A clause, with a small first letter and without a full stop, is a value of another
sentence, and can be made one. Whatever a stranger wrote (a file's name, a header's text) is a value, and is made
harmless here and nowhere else.
"""

import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Translate = Callable[[str], str]
"""Returns a template in another language, or as it is."""

_LONGEST = 1024
"""Characters of a value that are told."""
_MOST_VALUES = 8
_DEEPEST = 4
_NO_SENTENCE = "what was sent is no sentence of ours"
_TEMPLATE = re.compile(r"(?:[\w ,.;:'\"()/=\[\]\\-]|\{[0-9]\}){1,600}", re.ASCII)


@dataclass(frozen=True, slots=True, init=False)
class Sentence:
    """A sentence or a clause: a template with {0}, {1} and what stands in their places."""

    template: str
    values: tuple[object, ...]
    """A `Sentence`, a tuple of clauses, which are told one after the other, or whatever has a text."""

    def __init__(self, template: str, *values: object) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        """Return it in English."""
        return self.say(lambda template: template)

    @property
    def whole(self) -> "Sentence":
        """A clause as a sentence; a sentence as it is."""
        return self if self.template[-1:] in ".!?" else Sentence(as_whole(self.template), *self.values)

    def say(self, translate: Translate) -> str:
        """Return it in the language of `translate`, which is asked for whole sentences only."""
        whole = as_whole(self.template)
        said = translate(whole)
        if said == whole:
            said = self.template
        elif whole != self.template:
            said = said.removesuffix(".")
        return said.format(*(_say_value(each, translate) for each in self.values))

    def as_json(self) -> list[Any]:
        """Return it as JSON can hold it."""
        return [self.template, *(_as_json(each) for each in self.values)]

    @classmethod
    def from_json(cls, said: Any, depth: int = 0) -> "Sentence":
        """Read what `as_json` returned, from a process that a stranger's file may have taken over.

        Raises:
            ValueError: It is no such thing, or no sentence of ours could look like it.
        """
        if not isinstance(said, list) or not 1 <= len(said) <= _MOST_VALUES + 1 or depth > _DEEPEST:
            raise ValueError(_NO_SENTENCE)
        template, *values = said
        if not isinstance(template, str) or not _TEMPLATE.fullmatch(template):
            raise ValueError(_NO_SENTENCE)
        try:
            template.format(*values)
        except (LookupError, ValueError, AttributeError):
            raise ValueError(_NO_SENTENCE) from None
        return cls(template, *(_from_json(each, depth + 1) for each in values))


def system_says(error: Exception) -> Sentence:
    """Return what the system says of a failure, in its own language; a clause."""
    return Sentence("{0}", getattr(error, "strerror", None) or type(error).__name__)


def translatable(text: str) -> str:
    """Return a text as it is; it is collected for translation, and translated where it is shown."""
    return text


def as_whole(clause: str) -> str:
    """Return a clause as a sentence: with a capital, and a full stop; a sentence as it is."""
    return clause if clause[-1:] in ".!?" else f"{clause[:1].upper()}{clause[1:]}."


def path_as_text(path: Path) -> str:
    """Return a path as any JSON can hold it: bytes of a name that are no text as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def harmless(text: str) -> str:
    """Return a stranger's text so that it can only be read: on one line, in its order, nothing a terminal obeys."""
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\N{HORIZONTAL ELLIPSIS}"
    return "".join(map(_seen, text))


def _seen(character: str) -> str:
    # What is no letter, mark or blank is not seen, or makes text read in another order than it is written.
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return f"\\u{ord(character):04x}"


def _say_value(value: object, translate: Translate) -> str:
    if isinstance(value, tuple):
        return "; ".join(_say_value(each, translate) for each in value)
    return value.say(translate) if isinstance(value, Sentence) else harmless(str(value))


def _as_json(value: object) -> Any:
    match value:
        case Sentence():
            return value.as_json()
        case tuple():
            return {"clauses": [each.as_json() for each in value]}
        case int():
            return value
        case _:
            return str(value)


def _from_json(said: Any, depth: int) -> object:
    if isinstance(said, dict) and set(said) == {"clauses"} and isinstance(said["clauses"], list):
        if len(said["clauses"]) > _MOST_VALUES:
            raise ValueError(_NO_SENTENCE)
        return tuple(Sentence.from_json(each, depth) for each in said["clauses"])
    if isinstance(said, list):
        return Sentence.from_json(said, depth)
    if type(said) not in (str, int) or len(str(said)) > _LONGEST:
        raise ValueError(_NO_SENTENCE)
    return said
