"""Sentences in the reader's language; they are made as templates and values where there is no Qt."""

from PySide6.QtCore import QCoreApplication

from unix_edge.console import explain
from unix_edge.sentences import Sentence

CONTEXT = "Sentences"
"""Of every template in the translations."""


def translate_sentence(sentence: Sentence) -> str:
    """Return a sentence in the reader's language, or in English where it has no translation."""
    return sentence.say(lambda template: QCoreApplication.translate(CONTEXT, template))


def tell(error: BaseException) -> str:
    """Return what a reader is told of a failure, in their language."""
    return translate_sentence(explain(error))
