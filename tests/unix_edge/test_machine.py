"""What is told of the machine, and how a lack of its memory is known."""

import re

import pytest

from unix_edge import UniX, machine
from unix_edge.bundle import EMBEDDED
from unix_edge.errors import BundleError
from unix_edge.sessions import Sessions


def test_the_processor_is_told_by_what_changes_rounding():
    features = machine.processor_features()
    assert re.fullmatch(r"([A-Z0-9_]+( |$))*", features)
    assert not {"SSE", "POPCNT", "MMX"} & set(features.split())


def test_where_there_is_no_card_nothing_is_told_of_it(monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr("ctypes.CDLL", missing)
    assert machine.card_name(0) == machine.driver_version() == ""


@pytest.mark.parametrize("threads", [None, 1])
def test_what_runs_is_told_with_its_threads(threads):
    import onnxruntime

    runtime = UniX.load(EMBEDDED, "cpu", threads=threads).sessions.runtime
    assert runtime["onnxruntime"] == onnxruntime.__version__
    assert runtime["threads"] == str(threads or "one a core") and set(runtime) == {
        "onnxruntime",
        "threads",
        "processor",
    }


@pytest.mark.parametrize(
    ("error", "lacks"),
    [
        (MemoryError(), True),
        (RuntimeError("[ONNXRuntimeError] : 6 : Exception during initialization: std::bad_alloc"), True),
        (RuntimeError("can't start new thread"), True),
        (OSError(12, "Cannot allocate memory"), True),
        (RuntimeError("CUDA failure 2: out of memory"), False),
        (ValueError("nothing"), False),
    ],
)
def test_a_lack_of_memory_is_known_by_its_words(error, lacks):
    assert machine.lacks_memory(error) is lacks


@pytest.mark.parametrize(
    ("said", "raised"),
    [
        ("std::bad_alloc", MemoryError),
        ("Failed to allocate memory for requested buffer", RuntimeError),
        ("no such operator", BundleError),
    ],
)
def test_a_graph_that_memory_does_not_hold_is_no_broken_bundle(monkeypatch, said, raised):
    sessions = UniX.load(EMBEDDED, "cpu").sessions

    def fail(*args, **kwargs):
        raise RuntimeError(said)

    monkeypatch.setattr(sessions._ort, "InferenceSession", fail)
    assert isinstance(sessions, Sessions)
    with pytest.raises(raised):
        sessions.session("vision")
