"""Sentences of failures are made in English where there is no Qt, and are shown in the reader's language."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

import unix_edge_desktop
from unix_edge import errors
from unix_edge.errors import (
    DeidentificationError,
    ImageError,
    IndexUnavailableError,
    KeyObjectsError,
    NoSpaceError,
    OutputError,
    PresentationStateError,
    StoppedError,
)
from unix_edge.isolated import child, headers
from unix_edge_desktop.studies import media
from unix_edge_desktop.studies.opening import sentence
from unix_edge_desktop.toolkit import sentences
from unix_edge_desktop.toolkit.sentences import translate_sentence
from unix_edge_desktop.words.sentence_table import SENTENCES

CLAUSES = {
    each.__name__
    for each in (
        ImageError,
        PresentationStateError,
        KeyObjectsError,
        DeidentificationError,
        OutputError,
        IndexUnavailableError,
    )
}
WHOLE = {"Failure", "SettingsError"}
DESKTOP = Path(unix_edge_desktop.__file__).parent
LIBRARY = Path(errors.__file__).parent
READING = ("raster", "files")
DICOM = ("codestream", "decoders", "deidentify", "displayed_area", "graphics", "key_objects", "layout", "overlays")
DICOM += ("pixels", "presentation_state", "shutters", "structure", "tags", "transforms", "spacing")
NAMES = {"The file.", "The array."}
"""What a failure is of, where it has no name."""


def template(node: ast.expr) -> str:
    """Return a text with its values as {0}, {1}; nothing of what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    text, values = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += part.value
        else:
            text, values = f"{text}{{{values}}}", values + 1
    return text


def said_in(module: Path):
    """Yield the sentences of failures that a module makes."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLAUSES | WHOLE:
            texts = [text for each in node.args if " " in (text := template(each))]
            yield from (sentence(text) if node.func.id in CLAUSES else text for text in texts)


def test_every_sentence_of_a_failure_can_be_translated():
    modules = [*DESKTOP.rglob("*.py"), *(LIBRARY / f"{each}.py" for each in READING)]
    modules += [LIBRARY / "dicom" / f"{each}.py" for each in DICOM]
    modules += [*(LIBRARY / "isolated").glob("*.py")]
    said = {each for module in modules for each in said_in(module)} - NAMES
    said |= {sentence(each) for each in (child.DIED, child.UNREADABLE, headers.DIED, media.OUTSIDE)}
    assert len(said) > 80
    assert said - set(SENTENCES) == set()


def test_no_sentence_stands_twice():
    assert len(set(SENTENCES)) == len(SENTENCES)


@pytest.fixture
def translated(monkeypatch):
    """A language in which every sentence is in angles, its values in their places."""
    monkeypatch.setattr(
        QCoreApplication, "translate", lambda context, source: f"«{source[:-1]}»." if context else source
    )
    monkeypatch.setattr(sentences, "QCoreApplication", QCoreApplication)


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (ImageError("a: b.dcm", "it is empty"), "«a: b.dcm was not read: «It is empty»»."),
        (ImageError("a", "it has no frame 7"), "«a was not read: «It has no frame 7»»."),
        (OutputError(Path("/x"), "Permission denied"), "«/x was not written: Permission denied»."),
        (
            NoSpaceError(Path("/x")),
            "«There is not enough space in /x. Nothing was left there; free some and try again».",
        ),
        (
            PresentationStateError("there is no image", "written"),
            "«The presentation state was not written: «There is no image»».",
        ),
        (DeidentificationError("Unheard of"), "«No anonymised copy was made: Unheard of»."),
        (StoppedError(), "«Stopped before anything was finished»."),
        ("What nobody has heard of.", "What nobody has heard of."),
    ],
)
def test_values_and_clauses_keep_their_places(translated, failure, expected):
    assert translate_sentence(str(failure)) == expected


def test_without_a_translation_a_sentence_is_as_it_was_made():
    assert translate_sentence(str(ImageError("a", "it is empty"))) == "a was not read: it is empty."
