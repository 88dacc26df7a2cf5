"""Devices are what was asked for, interfaces what we know, and a stop stops."""

import dataclasses
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from unix_edge.bundle import Bundle
from unix_edge.errors import BundleError, DeviceUnavailableError, StoppedError, UnknownDeviceError
from unix_edge.sessions import Backend, Device, Sessions, Stopping, never_stop


@pytest.mark.parametrize("name", ["gpu", "", "cuda:x", "cpu:1", "CPU", "cuda:1:2", "tensorrt-rtx-2"])
def test_an_unknown_device_is_named(name):
    with pytest.raises(UnknownDeviceError, match=f"no device called '{name}'"):
        Device.parse(name)


def test_known_devices_are_read():
    assert Device.parse("auto") is None
    assert Device.parse("cuda:1") == Device(Backend.CUDA, 1)
    assert str(Device(Backend.CUDA, 1)) == "cuda:1" and str(Device(Backend.TENSORRT_RTX)) == "tensorrt-rtx"


@pytest.mark.parametrize("name", ["cuda", "cuda:1", "tensorrt", "tensorrt-rtx"])
def test_a_device_that_is_not_here_is_refused_and_never_replaced(engines, name, monkeypatch):
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(DeviceUnavailableError, match=f"'{name}' cannot be used here"):
        Sessions(Bundle.open(engines), name)


def test_a_provider_that_quietly_falls_back_is_refused(engines, monkeypatch):
    """A GPU build lists CUDA with no card there, and then runs on the CPU with only a warning."""
    import onnxruntime

    monkeypatch.setattr(
        onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"]
    )
    monkeypatch.setattr(onnxruntime, "InferenceSession", falling_back(onnxruntime.InferenceSession))
    with pytest.raises(DeviceUnavailableError, match="did not start"):
        Sessions(Bundle.open(engines), "cuda").session("vision")
    chosen = Sessions(Bundle.open(engines), "auto")
    assert chosen.device == Device(Backend.CPU)
    assert "did not start" in str(chosen.reason)


def falling_back(session):
    return lambda path, options, providers, enable_fallback: session(path, options, providers=["CPUExecutionProvider"])


def test_a_graph_that_several_threads_want_is_opened_once(engines, monkeypatch):
    """What one of them had bound of its session would be another session's otherwise."""
    import onnxruntime

    opened, open_session = [], onnxruntime.InferenceSession

    def slowly(*arguments, **named):
        opened.append(arguments[0])
        time.sleep(0.2)
        return open_session(*arguments, **named)

    monkeypatch.setattr(onnxruntime, "InferenceSession", slowly)
    sessions = Sessions(Bundle.open(engines), "cpu")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: sessions.session("vision"), range(4)))
    assert len(opened) == 1 and len({id(each) for each in found}) == 1


def test_auto_says_why_it_took_the_cpu(engines):
    sessions = Sessions(Bundle.open(engines), "auto")
    assert sessions.device == Device(Backend.CPU)
    assert "CUDAExecutionProvider" in str(sessions.reason)


def test_a_graph_of_another_interface_is_refused(engines):
    bundle = Bundle.open(engines)
    dims = dataclasses.replace(bundle.manifest.model, hidden_size=64)
    other = Bundle(bundle.folder, dataclasses.replace(bundle.manifest, model=dims))
    with pytest.raises(BundleError, match=r"vision\.onnx's output image_embeddings"):
        Sessions(other, "cpu").session("vision")


def test_sessions_open_when_needed_and_can_be_let_go(engines):
    sessions = Sessions(Bundle.open(engines), "cpu")
    first = sessions.session("vae_decoder")
    assert sessions.session("vae_decoder") is first
    sessions.release("vae_decoder")
    assert sessions.session("vae_decoder") is not first
    sessions.release()


def test_a_long_run_is_left_in_its_middle(engines):
    """The decoder of a picture far larger than the model's takes long enough to be caught inside one run."""
    sessions = Sessions(Bundle.open(engines), "cpu")
    latents = np.random.default_rng(0).standard_normal((1, 16, 80, 80), dtype=np.float32)
    with Stopping(never_stop) as stopping:
        began = time.perf_counter()
        sessions.run("vae_decoder", {"latents": latents[:, :, :40, :40]}, stopping)
        alone = time.perf_counter() - began
    asked = threading.Event()
    threading.Timer(alone / 2, asked.set).start()
    with pytest.raises(StoppedError), Stopping(asked.is_set) as stopping:
        sessions.run("vae_decoder", {"latents": latents}, stopping)
    late = time.perf_counter()
    assert asked.is_set()
    with Stopping(never_stop) as stopping:  # the session is still good
        sessions.run("vae_decoder", {"latents": latents[:, :, :4, :4]}, stopping)
    assert late - began < 2 * alone + 1.0
