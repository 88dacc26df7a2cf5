"""A card's first contact, with stand-ins for the card; `make fake-cuda` repeats it on the real provider."""

import contextlib
import csv
import ctypes
import dataclasses
import gc
import sys
import types
import weakref

import numpy as np
import onnxruntime
import platformdirs
import pytest

from unix_edge import GenerationSettings, ReportSettings, UniX, card
from unix_edge.batch import BatchSettings, draft_files
from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.console import explain
from unix_edge.errors import CardMemoryError, DeviceUnavailableError, StoppedError, UnixEdgeError
from unix_edge.graphs import DENOISER, UNDERSTANDING, VISION
from unix_edge.sessions import Backend, Device, Sessions, Stopping, never_stop

FULL = "[ONNXRuntimeError] : 1 : FAIL : bfc_arena.cc:360 Failed to allocate memory for requested buffer of size 73728"
NO_CUDNN = "[ONNXRuntimeError] : 9 : NOT_IMPLEMENTED : cuDNN is unavailable or disabled: dlopen failed for libcudnn.so"
NO_SUCH_CARD = "Invalid device ID: 3, must be between 0 (inclusive) and 1 (exclusive)."
PIXELS = {"pixel_values": np.zeros((1, 3, 192, 192), np.float32)}
IMAGE, OTHER = np.random.default_rng(0).integers(0, 256, (2, 90, 70), dtype=np.uint8)


class NotImplemented(Exception):  # noqa: N818 - ONNX Runtime's name
    pass


class EPFail(Exception):  # noqa: N818 - ONNX Runtime's name
    pass


@pytest.fixture
def bundle():
    return Bundle.open(EMBEDDED)


def failing(error, doing, *graphs, times=10**6):
    left = [times]

    def fail(now, graph):
        if now == doing and (not graphs or graph in graphs) and left[0]:
            left[0] -= 1
            raise error

    return fail


# Libraries ------------------------------------------------------------------------------------------------------------


def test_libraries_are_preloaded_once_and_before_the_first_session(pretended, bundle, capsys):
    for _ in range(2):
        sessions = Sessions(bundle, "cuda")
        sessions.session(VISION), sessions.session(DENOISER)
    assert pretended.preloaded == 1 and all(preloaded == 1 for *_, preloaded in pretended.opened)
    told = capsys.readouterr()
    assert told.out == "" and "Failed to load" in told.err


def test_the_cpu_preloads_nothing(pretended, bundle):
    pretended.fail = failing(AssertionError("stop here"), "open")
    with pytest.raises(Exception, match=r"vision\.onnx"):
        Sessions(bundle, "cpu").session(VISION)
    assert pretended.preloaded == 0


# No silent fallback ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["cpu", "cuda", "cuda:3"])
def test_the_wrapper_s_own_fallback_is_off(pretended, bundle, device):
    pretended.fail = failing(RuntimeError("opened"), "open")
    with pytest.raises(UnixEdgeError):
        Sessions(bundle, device).session(VISION)
    assert [fallback for _, _, fallback, _ in pretended.opened] == [0]


@pytest.mark.parametrize("fallback", [0, 1])
def test_onnx_runtime_honours_it_when_it_opens(monkeypatch, capsys, fallback):
    tried = []

    def create(self, providers, *rest):
        self._fallback_providers = ["CPUExecutionProvider"]
        tried.append(providers)
        if providers == ["CUDAExecutionProvider"]:
            raise RuntimeError("no card")

    monkeypatch.setattr(onnxruntime.InferenceSession, "_create_inference_session", create)
    with contextlib.suppress(RuntimeError):
        onnxruntime.InferenceSession("a.onnx", providers=["CUDAExecutionProvider"], enable_fallback=fallback)
    assert (len(tried), "Falling back" in capsys.readouterr().out) == ((2, True) if fallback else (1, False))


@pytest.mark.parametrize("fallback", [0, 1])
def test_onnx_runtime_honours_it_when_it_runs(bundle, capsys, fallback):
    def fail(*_):
        raise onnxruntime.capi.onnxruntime_pybind11_state.EPFail("the card failed")

    path, cpu = bundle.folder / "vision.onnx", ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(path, providers=cpu, enable_fallback=fallback)
    session._sess = types.SimpleNamespace(run=fail, is_webgpu_graph_capture_enabled=lambda: False)
    with contextlib.suppress(Exception):
        session.run(None, PIXELS)
    assert ("Falling back" in capsys.readouterr().out) == bool(fallback)


@pytest.mark.parametrize("device", ["cuda:3", "cuda:99"])
def test_a_card_that_is_not_there_is_refused(pretended, bundle, device, capsys):
    pretended.fail = failing(RuntimeError(NO_SUCH_CARD), "open")
    with pytest.raises(DeviceUnavailableError, match=f"'{device}' cannot be used here: there is no card of this numb"):
        Sessions(bundle, device).session(VISION)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "error", [EPFail("failed"), RuntimeError("CUDA failure 700: an illegal memory access"), NotImplemented(NO_CUDNN)]
)
def test_what_fails_in_a_run_is_never_repeated_elsewhere(pretended, bundle, error):
    sessions = Sessions(bundle, "cuda")
    pretended.fail = failing(error, "run")
    with pytest.raises(DeviceUnavailableError, match="'cuda' cannot be used here"):
        sessions.run(VISION, PIXELS, Stopping(never_stop))
    assert len(pretended.opened) == 1


# Out of memory --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [FULL, "CUDA failure 2: out of memory ; GPU=0", "CUBLAS_STATUS_ALLOC_FAILED"])
@pytest.mark.parametrize("doing", ["open", "run"])
@pytest.mark.parametrize("kind", [RuntimeError, Exception])
def test_memory_that_ends_is_told_with_the_graph_and_what_is_free(pretended, bundle, doing, words, kind):
    sessions = Sessions(bundle, "cuda")
    pretended.fail = failing(kind(words), doing)
    with pytest.raises(CardMemoryError, match="too small for the vision graph: 512 of 4,096 MiB are free") as caught:
        sessions.run(VISION, PIXELS, Stopping(never_stop))
    assert (caught.value.graph, caught.value.device) == (VISION, "cuda")
    for advice in ("close other programs", "smaller picture", "--device cpu"):
        assert advice in str(caught.value)


def test_a_session_that_lacked_memory_is_never_run_again(pretended, bundle):
    """The provider may crash at it, whoever asks again."""
    sessions = Sessions(bundle, "cuda")
    pretended.fail = failing(RuntimeError(FULL), "run")
    for times in (2, 4):
        with pytest.raises(CardMemoryError):
            sessions.run(VISION, PIXELS, Stopping(never_stop))
        assert len(pretended.opened) == times


def test_a_session_that_lacked_memory_is_let_go_of_although_it_was_stopped(pretended, bundle):
    """A stop that comes while memory ends must not leave such a session for the next run."""
    sessions = Sessions(bundle, "cuda")
    lacking, stopping = sessions.session(VISION), Stopping(never_stop)

    def fail(doing, _):
        if doing == "run":
            stopping.stopped = True
            raise RuntimeError(FULL)

    pretended.fail = fail
    with pytest.raises(StoppedError):
        sessions.run(VISION, PIXELS, stopping)
    assert sessions.session(VISION) is not lacking


def test_memory_that_ends_while_buffers_are_made_is_told_too(pretended, bundle, monkeypatch):
    unix = UniX(Sessions(bundle, "cuda"))

    def empty(*_):
        raise RuntimeError(FULL)

    monkeypatch.setattr(unix.sessions, "empty", empty)
    with pytest.raises(CardMemoryError, match="the understanding graph"):
        unix.read(IMAGE)
    with pytest.raises(CardMemoryError, match="the denoiser graph"):
        unix.generate("Clear lungs.", GenerationSettings(timesteps=3))


def test_what_is_free_may_be_unknown():
    assert "how much is free is unknown" in str(CardMemoryError(VISION, "cuda", None))


def test_without_a_cuda_runtime_free_memory_is_unknown(monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert card.free_memory(0) is None


@pytest.mark.parametrize("doing", ["open", "run"])
def test_graphs_are_let_go_of_when_another_lacks_memory(pretended, bundle, doing):
    sessions = Sessions(bundle, "cuda")
    vision = weakref.ref(sessions.session(VISION))
    pretended.fail = failing(RuntimeError(FULL), doing, UNDERSTANDING, times=1)
    freed = []
    later = pretended.fail

    def watch(now, graph):
        freed.append(vision() is None)
        later(now, graph)

    pretended.fail = watch
    reading = UniX(sessions).read(IMAGE)
    assert freed[-1], "it was gone before the second attempt"
    assert reading.report(ReportSettings(max_tokens=4)).tokens


def test_a_reading_keeps_its_keys_and_values_and_not_its_graph(pretended, bundle):
    sessions = Sessions(bundle, "cuda")
    reading = UniX(sessions).read(IMAGE)
    settings = ReportSettings(max_tokens=8)
    before, session = reading.report(settings).tokens, weakref.ref(sessions.session(UNDERSTANDING))
    sessions.release()
    gc.collect()
    assert session() is None
    assert reading.report(settings).tokens == before
    assert [graph for graph, *_ in pretended.opened].count(VISION) == 1, "the image was not read again"


def test_a_picture_half_made_goes_on_after_its_graph_was_let_go_of(pretended, bundle):
    unix = UniX(Sessions(bundle, "cuda"))
    settings = GenerationSettings(seed=7, timesteps=5)
    whole = unix.generate("Clear lungs.", settings)
    stream = unix.stream_generate("Clear lungs.", settings)
    next(stream)
    session = weakref.ref(unix.sessions.session(DENOISER))
    unix.release()
    gc.collect()
    assert session() is None
    *_, picture = stream
    np.testing.assert_array_equal(picture.pixels, whole.pixels)


def test_a_card_too_small_ends_a_batch(pretended, bundle, tmp_path, radiograph_png):
    unix = UniX(Sessions(bundle, "cuda"))
    pretended.fail = failing(RuntimeError(FULL), "run")
    with pytest.raises(CardMemoryError):
        list(draft_files(unix, [radiograph_png] * 2, ReportSettings(max_tokens=4), BatchSettings(tmp_path)))
    with (tmp_path / "outcomes.csv").open(newline="") as stream:
        assert len(list(csv.reader(stream))) == 1


def test_memory_on_the_cpu_is_not_called_a_card_s(pretended, bundle):
    sessions = Sessions(bundle, "cpu")
    sessions.device = Device(Backend.CPU)
    with pytest.raises(RuntimeError, match="Failed to allocate") as raised:
        sessions.with_room(VISION, lambda: failing(RuntimeError(FULL), "run")("run", VISION))
    assert "not enough memory" in str(explain(raised.value))


# What auto settles for ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "doing", "words"),
    [
        (NotImplemented(NO_CUDNN), "run", "cuDNN 9 cannot be loaded"),
        (RuntimeError(FULL), "open", "too small for the vision graph: 512 of 4,096 MiB"),
        (RuntimeError(FULL), "run", "too small for the vision graph: 512 of 4,096 MiB"),
        (RuntimeError("no CUDA-capable device is detected"), "open", "did not start"),
        (ValueError("whatever"), "run", "fails at the vision graph (ValueError)"),
    ],
)
def test_auto_runs_the_vision_graph_before_it_settles(pretended, bundle, error, doing, words):
    pretended.fail = failing(error, doing)
    sessions = Sessions(bundle, "auto")
    assert sessions.device == Device(Backend.CPU)
    assert words in str(sessions.reason)


def test_auto_takes_a_card_that_works(pretended, bundle):
    sessions = Sessions(bundle, "auto")
    assert (str(sessions.device), str(sessions.reason)) == ("cuda", "CUDA is here")


# What ONNX Runtime is told --------------------------------------------------------------------------------------------


def test_the_default_logger_is_quiet(bundle, monkeypatch):
    severities = []
    monkeypatch.setattr(onnxruntime, "set_default_logger_severity", severities.append)
    Sessions(bundle, "cpu")
    assert severities == [4]


@pytest.mark.parametrize(("precision", "tf32"), [("fp32", "0"), ("fp16", None)])
@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_cuda_takes_the_memory_it_needs_and_full_float32(pretended, bundle, precision, tf32, device):
    bundle = Bundle(bundle.folder, dataclasses.replace(bundle.manifest, precision=precision))
    Sessions(bundle, device).session(VISION)
    [(_, [(provider, options)], _, _)] = pretended.opened
    assert provider == "CUDAExecutionProvider"
    assert options["device_id"] == str(Device.parse(device).index)
    assert options["arena_extend_strategy"] == "kSameAsRequested"
    assert options.get("use_tf32") == tf32


# TensorRT-RTX ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def plugin(monkeypatch, tmp_path):
    """A TensorRT-RTX plugin of which ONNX Runtime says what the real one says of a second registration."""
    told = types.SimpleNamespace(registered=[], options=[])

    def register(name, library):
        if name in told.registered:
            raise RuntimeError(f"library {library} already registered")
        told.registered.append(name)

    class Options(onnxruntime.SessionOptions):
        def add_provider_for_devices(self, cards, options):
            told.options.append((cards, options))

    real = onnxruntime.InferenceSession

    def opened(path, options, providers, enable_fallback):
        session = real(path, onnxruntime.capi._pybind_state.SessionOptions(), providers=["CPUExecutionProvider"])
        monkeypatch.setattr(session, "get_providers", lambda: [card.RTX_PROVIDER])
        return session

    module = types.ModuleType(card.RTX_PLUGIN)
    module.__dict__["get_library_path"] = lambda: "libplugin.so"
    module.__spec__ = types.SimpleNamespace()
    monkeypatch.setitem(sys.modules, card.RTX_PLUGIN, module)
    cards = [types.SimpleNamespace(ep_name=name) for name in ("CPUExecutionProvider", card.RTX_PROVIDER)]
    monkeypatch.setattr(onnxruntime, "register_execution_provider_library", register)
    monkeypatch.setattr(onnxruntime, "get_ep_devices", lambda: cards)
    monkeypatch.setattr(onnxruntime, "SessionOptions", Options)
    monkeypatch.setattr(onnxruntime, "InferenceSession", opened)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    card.register_rtx.cache_clear()
    yield told
    card.register_rtx.cache_clear()


def test_the_plugin_is_registered_once_a_process(plugin, bundle):
    for _ in range(2):
        sessions = Sessions(bundle, "tensorrt-rtx")
        sessions.session(VISION), sessions.session(UNDERSTANDING)
    assert plugin.registered == [card.RTX_PROVIDER]
    assert all(cards[0].ep_name == card.RTX_PROVIDER for cards, _ in plugin.options)


def test_the_plugin_is_told_shapes_where_no_engine_was_built(plugin, bundle):
    Sessions(bundle, "tensorrt-rtx").session(UNDERSTANDING)
    [(_, options)] = plugin.options
    assert "nv_runtime_cache_path" not in options, "what it would read from there was hashed by nobody"
    dims = bundle.manifest.model
    least, usual, most = (options[f"nv_profile_{which}_shapes"].split(",") for which in ("min", "opt", "max"))
    assert f"embeddings:1x1x{dims.hidden_size}" in least and f"embeddings:1x640x{dims.hidden_size}" in most
    assert "positions:1x1" in usual
    assert {shape.split(":")[0] for shape in least} == {"embeddings", "positions", "limits"}, "those that vary"


def test_the_plugin_is_told_nothing_of_a_graph_whose_engine_was_built(plugin, bundle, monkeypatch):
    monkeypatch.setattr("unix_edge.tensorrt.find_engine", lambda bundle, graph: bundle.folder / f"{graph}.onnx")
    Sessions(bundle, "tensorrt-rtx").session(VISION)
    assert [options for _, options in plugin.options] == [{}]


def test_a_plugin_without_a_card_is_refused(plugin, bundle, monkeypatch):
    monkeypatch.setattr(onnxruntime, "get_ep_devices", list)
    with pytest.raises(DeviceUnavailableError, match="'tensorrt-rtx' cannot be used here: the plugin found no card of"):
        Sessions(bundle, "tensorrt-rtx").session(VISION)


# Captured runs --------------------------------------------------------------------------------------------------------


def test_the_graphs_that_run_often_are_opened_to_be_captured(pretended, bundle):
    unix = UniX(Sessions(bundle, "cuda"))
    unix.report(IMAGE, ReportSettings(max_tokens=2))
    unix.generate("Clear lungs.", GenerationSettings(timesteps=3))
    captured = {graph for graph, [(_, told)], *_ in pretended.opened if told.get("enable_cuda_graph") == "1"}
    assert captured == {UNDERSTANDING, DENOISER} and len(pretended.opened) == 5


def test_tokens_are_captured_and_blocks_are_not(pretended, bundle):
    reading = UniX(Sessions(bundle, "cuda")).read(IMAGE)
    before = len(pretended.captures)
    assert {capture for _, capture in pretended.captures} == {-1}, "the image"
    reading.report(ReportSettings(max_tokens=5))
    prompt, *tokens = [capture for _, capture in pretended.captures[before:]]
    assert prompt == -1 and len(tokens) == 5 and len(set(tokens)) == 1 and tokens[0] > 0


def test_films_one_after_the_other_take_the_same_buffers_and_say_what_they_say_alone(pretended, bundle):
    """A card keeps each capture as long as its graph, so captures must not become more with every film."""
    unix, settings = UniX(Sessions(bundle, "cuda")), ReportSettings(max_tokens=40)
    films = [IMAGE, OTHER, np.ascontiguousarray(IMAGE.T)]
    alone = [UniX(Sessions(bundle, "cpu", for_card=True)).report(film, settings) for film in films]
    found = [unix.report(film, settings) for film in films]
    assert [each.tokens for each in found] == [each.tokens for each in alone]
    assert [each.log_probabilities for each in found] == [each.log_probabilities for each in alone]
    assert len({capture for _, capture in pretended.captures}) == 2  # and that of what is never captured


def test_films_at_once_have_buffers_of_their_own(pretended, bundle):
    unix, settings = UniX(Sessions(bundle, "cuda")), ReportSettings(max_tokens=6)
    readings = [unix.read(film) for film in (IMAGE, OTHER)]
    plain = UniX(Sessions(bundle, "cpu", for_card=True))
    alone = [plain.report(film, settings).text for film in (IMAGE, OTHER)]
    assert [reading.report(settings).text for reading in readings] == alone
    assert [reading.report(settings).text for reading in reversed(readings)] == alone[::-1]
    assert len({capture for _, capture in pretended.captures}) == 3


def test_nothing_of_the_film_before_is_left_in_buffers(pretended, bundle):
    """Not even what is no number, which attention would spread although it is masked."""
    unix, settings = UniX(Sessions(bundle, "cuda")), ReportSettings(max_tokens=6)
    reading = unix.read(IMAGE)
    sound = reading.report(settings)
    for value in reading._engine._buffers.values.values():
        value.update_inplace(np.full_like(value.numpy(), np.nan))
    left = reading._engine._buffers
    del reading
    gc.collect()
    again = unix.read(IMAGE)
    assert again._engine._buffers is left
    assert again.report(settings).log_probabilities == sound.log_probabilities


def test_pictures_one_after_the_other_take_the_same_buffers(pretended, bundle):
    """One capture with guidance and one without, whatever the prompt; another where a longer prompt needs more rows."""
    unix, plain = UniX(Sessions(bundle, "cuda")), UniX(Sessions(bundle, "cpu", for_card=True))
    settings = GenerationSettings(timesteps=4, guidance_interval=(0.6, 1.0))
    for prompt in ("Clear lungs.", "Large left pleural effusion."):
        drawn = unix.generate(prompt, settings)
        np.testing.assert_array_equal(drawn.latents, plain.generate(prompt, settings).latents)
    assert len({capture for graph, capture in pretended.captures if graph == DENOISER}) == 2
    unix.generate("Mild cardiomegaly. " * 30, settings)
    assert len({capture for graph, capture in pretended.captures if graph == DENOISER}) == 4


def test_memory_that_ends_frees_spare_buffers_and_a_graph_opened_again_is_captured_anew(pretended, bundle):
    unix, settings = UniX(Sessions(bundle, "cuda")), ReportSettings(max_tokens=4)
    first = unix.report(IMAGE, settings)
    gc.collect()
    pretended.fail = failing(RuntimeError(FULL), "run", VISION, times=1)
    again = unix.report(IMAGE, settings)
    assert again.tokens == first.tokens
    assert len({capture for _, capture in pretended.captures}) == 3


def test_what_is_replayed_is_stopped_before_the_next_run(pretended, bundle):
    """A replay is one launch, which nothing ends."""
    runs = []

    def count(doing, graph):
        if (doing, graph) == ("run", DENOISER):
            runs.append(graph)

    pretended.fail = count
    stream = UniX(Sessions(bundle, "cuda")).stream_generate("Clear lungs.", should_stop=lambda: len(runs) == 3)
    with pytest.raises(StoppedError):
        list(stream)
    assert len(runs) == 3
