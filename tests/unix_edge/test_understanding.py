"""The contract of keys and values in place: in place == copied == recomputed, and nothing leaks."""

import os

import numpy as np
import pytest

from unix_edge.bundle import Bundle
from unix_edge.embeddings import EmbeddingTable
from unix_edge.graphs import UNDERSTANDING, UNDERSTANDING_CPU
from unix_edge.sessions import Backend, Sessions, Stopping, never_stop
from unix_edge.understanding import Place, UnderstandingEngine

IDS = [600, 600, 5, 77, 301, 20, 601, 600, 44, 45]


@pytest.fixture(scope="module", params=os.environ.get("UNIX_EDGE_TEST_DEVICES", "cpu").split())
def sessions(request, engines):
    """Every device that is offered must pass; where none is named there is the CPU."""
    return Sessions(Bundle.open(engines), request.param)


@pytest.fixture(scope="module")
def table(sessions):
    return EmbeddingTable(sessions.bundle)


@pytest.fixture
def stopping():
    with Stopping(never_stop) as watcher:
        yield watcher


@pytest.fixture(scope="module")
def image(sessions):
    dims = sessions.bundle.manifest.model
    return np.random.default_rng(0).standard_normal((dims.image_tokens, dims.hidden_size), dtype=np.float32)


def close(found, wanted):
    return np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()


def one_by_one(engine, place, ids, stopping):
    for token in ids:
        place, logits = engine.feed_text(place, [token], stopping)
    return place, logits


def test_token_by_token_in_place_equals_all_at_once(sessions, table, image, stopping):
    engine = UnderstandingEngine(sessions, table)
    place, in_place = one_by_one(engine, engine.feed_image(Place(), image, stopping), IDS, stopping)
    other = UnderstandingEngine(sessions, table)
    again, recomputed = other.feed_text(other.feed_image(Place(), image, stopping), IDS, stopping)
    assert place == again == Place(len(image) + 2 + len(IDS), 1 + len(IDS))
    assert close(in_place, recomputed)
    assert close(engine.key_values(2, "key")[:, :, : place.row], other.key_values(2, "key")[:, :, : place.row])


def test_in_place_equals_copied(sessions, table, stopping):
    """The same graph with past and present in different arrays."""
    engine = UnderstandingEngine(sessions, table)
    _, in_place = one_by_one(engine, Place(), IDS, stopping)
    session = sessions.session("understanding")
    past = {
        each.name: np.zeros(each.shape, np.float32) for each in session.get_inputs() if "past_key_values" in each.name
    }
    for row, token in enumerate(IDS):
        feeds = {
            "embeddings": table.rows([token])[None],
            "positions": np.array([[row]]),
            "write_index": np.array([row]),
            "limits": np.array([[row + 1]]),
        }
        found = sessions.run("understanding", {**feeds, **past}, stopping)
        past = {name: found[name.replace("past_key_values", "present")] for name in past}
    assert close(in_place, found["logits"][0])


def test_what_lies_beyond_the_limit_never_leaks(sessions, table, image, stopping):
    engine = UnderstandingEngine(sessions, table)
    after = engine.feed_image(Place(), image, stopping)
    place, clean = engine.feed_text(after, IDS, stopping)
    # A longer, other text leaves its keys and values behind; the buffers are not wiped.
    engine.feed_text(after, [9] * 60, stopping)
    again, dirty = engine.feed_text(after, IDS, stopping)
    assert again == place
    np.testing.assert_array_equal(dirty, clean)


def test_of_a_bundle_in_half_a_cpu_reads_with_keys_and_values_in_float32(
    export_golden, tiny_golden, sessions, table, image, stopping
):
    """Not by the graph of cards, which it could run as well."""
    bundle = Bundle.open(export_golden(tiny_golden, "fp16"))
    half, for_card = Sessions(bundle, "cpu"), Sessions(bundle, "cpu", for_card=True)
    own = UnderstandingEngine(half, EmbeddingTable(bundle))
    cards = UnderstandingEngine(for_card, EmbeddingTable(bundle))
    assert [each.form(UNDERSTANDING) for each in (half, for_card)] == [UNDERSTANDING_CPU, UNDERSTANDING]
    exact = UnderstandingEngine(sessions, table)
    logits = [
        one_by_one(each, each.feed_image(Place(), image, stopping), IDS, stopping)[1] for each in (own, cards, exact)
    ]
    keys = [each.key_values(0, "key") for each in (own, cards)]
    assert [each.dtype for each in keys] == [np.float32, np.float16]
    assert [each.shape[2] for each in keys] == [128, bundle.manifest.capacity]
    errors = [np.sqrt(np.square(each - logits[2]).mean()) for each in logits[:2]]
    assert errors[0] < errors[1] < 2e-3 * np.abs(logits[2]).max()


def test_the_image_is_read_once_for_any_number_of_questions(unix, chest):
    reading = unix.read(chest)
    first, other = reading.report(), reading.report(settings_of("Is there a pneumothorax?"))
    again = reading.report()
    assert first.tokens == again.tokens == unix.read(chest).report().tokens
    assert other.tokens != first.tokens


def settings_of(prompt):
    from unix_edge import ReportSettings

    return ReportSettings(prompt=prompt, max_tokens=20)


def test_on_a_cpu_understanding_makes_the_context_that_cross_attention_would(sessions, table, stopping):
    """A session with weights of its own is spared."""
    from unix_edge.generate import Generator

    sessions.release()
    context = Generator(sessions, sessions.bundle.text()).make_context(IDS, stopping)
    assert ("cross_attention" in sessions._open) == (sessions.device.backend is not Backend.CPU)
    feeds = {"embeddings": table.rows(IDS)[None], "positions": np.arange(len(IDS))[None]}
    wanted = sessions.run("cross_attention", feeds, stopping)
    assert context.keys() == wanted.keys()
    for name, values in wanted.items():
        assert close(context[name][:, : len(IDS)], values) and not context[name][:, len(IDS) :].any()
