"""What a person changed is told word by word."""

import pytest

from unix_edge_desktop.drafts.difference import Difference, compare, edit_distance


def test_the_parts_are_the_texts():
    was, now = "The heart is large. No effusion.", "The heart is not enlarged. No effusion.\nNew line."
    parts = compare(was, now)
    assert "".join(each.was for each in parts) == was and "".join(each.now for each in parts) == now
    assert parts[0] == Difference("The heart is ", "The heart is ") and parts[0].is_same
    assert not all(each.is_same for each in parts)


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("", "", 0),
        ("No effusion.", "No effusion.", 0),
        ("No effusion.", "No  effusion.\n", 0),
        ("No effusion.", "Small effusion.", 1),
        ("No effusion.", "", 3),
        ("", "No effusion.", 3),
        ("a b c d", "a c d e", 2),
    ],
)
def test_a_distance_counts_words_and_signs(was, now, words):
    assert edit_distance(was, now) == words
