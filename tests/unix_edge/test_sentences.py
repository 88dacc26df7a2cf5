"""Sentences are templates and values: said in any language, sent between processes, never a stranger's to abuse."""

import ast
from pathlib import Path

import pytest

import unix_edge
from unix_edge import errors
from unix_edge.errors import ImageError, OutputError
from unix_edge.sentences import Sentence, as_whole, harmless, system_says

LIBRARY = Path(unix_edge.__file__).parent


def in_angles(template: str) -> str:
    """A language in which every sentence is in angles, its values in their places."""
    return f"«{template[:-1]}»."


@pytest.mark.parametrize(
    ("sentence", "english", "translated"),
    [
        (Sentence("It is late."), "It is late.", "«It is late»."),
        (Sentence("it is empty"), "it is empty", "«It is empty»"),
        (Sentence("it has no frame {0}", 7), "it has no frame 7", "«It has no frame 7»"),
        (
            Sentence("{0} was not read: {1}.", "a: b.dcm", Sentence("it is empty")),
            "a: b.dcm was not read: it is empty.",
            "«a: b.dcm was not read: «It is empty»».",
        ),
        (
            Sentence("{0}. {1}", Sentence("there is no screen"), Sentence("Start it within a desktop.")),
            "there is no screen. Start it within a desktop.",
            "««There is no screen». «Start it within a desktop».»",
        ),
        (
            Sentence("Not started: {0}.", (Sentence("one"), Sentence("two {0}", 2))),
            "Not started: one; two 2.",
            "«Not started: «One»; «Two 2»».",
        ),
    ],
)
def test_a_sentence_is_said_in_english_and_in_another_language(sentence, english, translated):
    assert str(sentence) == english
    assert sentence.say(in_angles) == translated


def test_without_a_translation_a_clause_stays_a_clause():
    assert ImageError("a", Sentence("it is empty")).sentence.say(str) == "a was not read: it is empty."


def test_a_clause_becomes_a_sentence_and_a_sentence_stays_one():
    assert str(Sentence("it has {0} files", 3).whole) == "It has 3 files."
    assert Sentence("It is late.").whole == Sentence("It is late.")
    assert as_whole("Now!") == "Now!"


def test_a_stranger_s_text_is_made_harmless_wherever_it_stands():
    name = "a\x1b[31m\r\n\u202eb" + "x" * 5000
    said = str(ImageError(name, Sentence("it cannot be opened ({0})", "\x07")))
    assert said.isprintable()
    assert "\\u001b[31m\\u000d\\u000a\\u202eb" in said and "(\\u0007)" in said
    assert len(said) < 1200
    assert str(OutputError(Path("/\x1b"), Sentence("it is the image itself"))).isprintable()


def test_letters_of_all_languages_and_blanks_are_seen():
    assert harmless("Müller 山田 Łukasz") == "Müller 山田 Łukasz"


def test_braces_of_a_stranger_are_no_places():
    assert str(Sentence("{0} is missing", "{0} {1.__class__}")) == "{0} {1.__class__} is missing"


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence("it is empty"),
        Sentence("it has more than {0} files, {1}", 7, "a\u202eb"),
        Sentence("{0}: {1}.", Sentence("it is {0}", Sentence("late")), (Sentence("one"), Sentence("two {0}", 2))),
    ],
)
def test_what_a_process_sends_is_what_arrives(sentence):
    assert Sentence.from_json(sentence.as_json()) == sentence


def test_a_path_arrives_as_its_text():
    assert str(Sentence.from_json(Sentence("{0} is missing", Path("/a")).as_json())) == "/a is missing"


@pytest.mark.parametrize(
    "said",
    [
        None,
        "it is empty",
        [],
        [7],
        ["\x1b[31m"],
        ["it is <b>bold</b>"],
        ["{0.__class__}", 1],
        ["{0!r}", 1],
        ["{0} {1}", 1],
        ["{}", 1],
        ["x" * 601],
        ["{0}", 1.5],
        ["{0}", None],
        ["{0}", True],
        ["{0}", "x" * 1025],
        ["{0}", 10**1025],
        ["{0}", {"clauses": "x"}],
        ["{0}", {"clauses": [["a"]] * 9}],
        ["{0}", {"other": []}],
        ["{0}", ["{0}", ["{0}", ["{0}", ["{0}", ["{0}", ["a"]]]]]]],
        ["a", *range(9)],
    ],
)
def test_what_no_sentence_of_ours_looks_like_is_refused(said):
    with pytest.raises(ValueError, match="no sentence of ours"):
        Sentence.from_json(said)


def test_what_the_system_says_is_told_in_its_words():
    assert str(system_says(PermissionError(13, "Permission denied"))) == "Permission denied"
    assert str(system_says(ValueError("secret of a patient"))) == "ValueError"


def test_no_template_is_put_together_when_it_is_told():
    """A text with its values already in it could not be found among the translations."""
    marked = 0
    for module in [*LIBRARY.rglob("*.py"), *(LIBRARY.parent / "desktop").rglob("*.py")]:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
                assert isinstance(node.args[0], (ast.Constant, ast.Name, ast.Subscript, ast.Call)), ast.unparse(node)
                marked += 1
    assert marked > 300


def test_every_failure_holds_its_sentence():
    kinds = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.UnixEdgeError)
    ]
    assert len(kinds) > 25
    assert errors.StoppedError().sentence == Sentence("Stopped before anything was finished.")
