"""Tokens, and text that streams."""

import pytest

from unix_edge.text import Text, split_sections


@pytest.fixture(scope="module")
def text(engines):
    return Text.load(engines, 600, 601)


def test_a_segment_has_two_bos_and_an_eos(text):
    ids = text.segment("Clear lungs.")
    assert ids[:2] == [600, 600] and ids[-1] == 601 and 600 not in ids[2:]


def test_a_character_that_spans_tokens_is_held_back_until_it_is_whole(text):
    ids = text.encode("12.5 cm × 3 — stable")[1:]
    pieces = [piece for _, piece in text.pieces(iter(ids))]
    assert "".join(pieces) == "12.5 cm × 3 — stable"
    assert not any("\ufffd" in piece for piece in pieces)
    assert "" in pieces  # something was held back


def test_broken_bytes_become_replacement_characters_only_once_they_are_certain(text):
    half = text.encode("×")[1:][:1]
    ids = half + text.encode(" stable")[1:]
    assert "".join(piece for _, piece in text.pieces(iter(ids))) == "\ufffd stable" == text.decode(ids)


@pytest.mark.parametrize(
    ("report", "findings", "impression"),
    [
        ("FINDINGS: Clear lungs. IMPRESSION: Normal.", "Clear lungs.", "Normal."),
        ("Findings:\nClear.\nImpression:\nNormal.\n", "Clear.", "Normal."),
        ("IMPRESSION: Normal.", "", "Normal."),
        ("Clear lungs.", "Clear lungs.", ""),
        ("", "", ""),
        ("FINDINGS: Große Aufhellung, Rückstoß. IMPRESSION: ß.", "Große Aufhellung, Rückstoß.", "ß."),
    ],
)
def test_sections(report, findings, impression):
    assert split_sections(report) == (findings, impression)
