"""Sentences of failures in the reader's language: they are made in English, values and all, where there is no Qt."""

import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from ..studies.opening import sentence
from ..words.sentence_table import SENTENCES

_VALUE = re.compile(r"\{([0-9])\}")


def translate_sentence(text: str) -> str:
    """Return a sentence of `SENTENCES` in the reader's language, with its values; any other as it is."""
    for source, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is None:
            continue
        translated = QCoreApplication.translate("Sentences", source)
        if translated == source:
            return text
        values = {name: _translate_value(value) for name, value in found.groupdict().items()}
        return _VALUE.sub(r"{v\1}", translated).format(**values)
    return text


def _translate_value(value: str) -> str:
    """Return a value; one that is the clause of another failure is translated as a sentence."""
    clause = sentence(value)
    translated = translate_sentence(clause)
    return value if translated == clause else translated.rstrip(".")


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return the sentences, those that leave the least open first."""
    ordered = sorted(SENTENCES, key=lambda each: (len(_VALUE.findall(each)), -len(each)))
    return [(each, _compile(each)) for each in ordered]


def _compile(source: str) -> re.Pattern[str]:
    parts = _VALUE.split(source)
    pattern = "".join(f"(?P<v{part}>.*)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(pattern, re.DOTALL)
