"""What becomes of a card that is too small for all at once, at the release's size."""

import random

import pytest

GB4 = 4_000
IN_ALL = int(11.2e9 / 2**20)
"""What a card of 12 GB has beside its own context and the display's."""


@pytest.mark.parametrize("memory", [8_000, 6_000])
def test_a_report_a_picture_and_a_report_again_fit_by_turns(play, bundle, memory):
    told = play("report_and_picture", bundle("release"), memory=memory, FAKE_SKIPCOPY="1")
    assert [each["what"] for each in told] == [
        "report of 3",
        "DenoisingStep",
        "DenoisingStep",
        "SyntheticImage",
        "report of 3",
        "another image",
    ]
    assert max(each["peak"] for each in told) <= memory * 2**20
    assert any("understanding" not in each["open"] for each in told), "graphs were let go of"


def test_where_there_is_room_no_graph_is_let_go_of(play, bundle):
    """What several graphs name is on the card once, so that is a card of 12 GB."""
    told = play("report_and_picture", bundle("release"), memory=IN_ALL, FAKE_SKIPCOPY="1")
    assert max(each["peak"] for each in told) <= 11.2e9
    assert told[-1]["open"] == ["cross_attention", "denoiser", "understanding", "vae_decoder", "vision"]


@pytest.mark.parametrize(
    ("name", "memory", "resident"),
    [
        ("release_int8", 7_600, True),
        ("release_int8", 3_600, False),
        ("release_int4", 5_600, False),
        ("release_int4", 3_200, False),
    ],
)
def test_integers_fit_on_smaller_cards(play, bundle, name, memory, resident):
    """Of 8 and 4 GB, of 6 and 4 less, their own context and the display's taken off."""
    told = play("report_and_picture", bundle(name), memory=memory, FAKE_SKIPCOPY="1")
    assert told[-1]["what"] == "another image" and max(each["peak"] for each in told) <= memory * 2**20
    assert (len(told[-1]["open"]) == 5) == resident


def test_a_picture_at_4_gb_is_told_as_what_it_is(play, bundle):
    told = play("fail_at_picture", bundle("release"), memory=GB4, FAKE_SKIPCOPY="1")
    assert (told["kind"], told["graph"]) == ("CardMemoryError", "denoiser")
    assert f" of {GB4:,} MiB are free" in told["words"]
    free, total = told["memory"]
    assert 3_000 < free / 2**20 < GB4 and total == GB4 * 2**20, "what failed holds nothing any more"
    assert told["tokens_after"] == 3, "the reading is still good"


@pytest.mark.parametrize("held", [1_850, 2_100, 2_300, 2_500])
def test_a_decoder_that_lacked_memory_works_when_there_is_some_again(play, bundle, held):
    """A session that lacked memory crashes at its next run if it was at a convolution, as at 2300; so none is."""
    told = play("decode_again", bundle("release"), held, memory=3_000, FAKE_SKIPCOPY="1")
    assert told == ["CardMemoryError", [3, 512, 512]]


@pytest.mark.parametrize(
    ("memory", "graph"), [(100, "vision"), (700, "understanding"), (3_000, "understanding"), (3_200, "understanding")]
)
def test_memory_may_end_anywhere(play, bundle, memory, graph):
    """At opening the first graph or the second, at allocating its buffers, and while it runs."""
    told = play("refuse", bundle("release"), memory=memory, FAKE_SKIPCOPY="1")
    assert (told["kind"], told["graph"]) == ("CardMemoryError", graph)


def test_auto_says_that_memory_is_short_and_not_that_there_is_no_card(play, bundle):
    chosen = play("choose", bundle("release"), memory=400)
    assert chosen["device"] == "cpu"
    assert "too small for the vision graph" in chosen["reason"] and "of 400 MiB are free" in chosen["reason"]


def test_the_command_ends_with_one_sentence(run_child, bundle, tmp_path):
    options = ["--engines", bundle("release"), "--device", "cuda", "--out", tmp_path / "picture.png", "--json"]
    told = run_child("-m", "unix_edge.cli", "generate", "Clear lungs.", *options, memory=GB4, FAKE_SKIPCOPY="1")
    assert told.returncode == 1 and told.stdout == ""
    assert told.stderr.count("too small for the denoiser graph") == 1 and "Traceback" not in told.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seed", range(50))
def test_memory_that_ends_at_random_is_told_and_the_next_run_is_right(play, bundle, seed):
    """Another program takes some of the card, and ends."""
    held = random.Random(seed).randrange(20, 400)
    told = play("survive", bundle("fp16"), held, memory=400)
    assert told["failed"] in ("", "CardMemoryError") and told["after"] == ["report of 3", "SyntheticImage"]


def test_some_of_those_failed(play, bundle):
    """Else the test above would show nothing."""
    assert play("survive", bundle("fp16"), 395, memory=400)["failed"] == "CardMemoryError"
    assert play("survive", bundle("fp16"), 20, memory=400)["failed"] == ""
