"""Builders of drafts and pictures, and a card that is none."""

import sys
import types

import numpy as np
import onnxruntime
import pytest

from unix_edge import card
from unix_edge.generate import GenerationSettings, SyntheticImage
from unix_edge.isolated.decode import Decoded, decode
from unix_edge.provenance import Provenance
from unix_edge.report import Ended, Report
from unix_edge.sampler import schedule
from unix_edge.sessions import Device


@pytest.fixture
def make_provenance():
    def make(**fields) -> Provenance:
        usual = {
            "software": "UniX Edge 0.1.0",
            "checkpoint": "UniX",
            "checkpoint_sha256": "ab" * 32,
            "precision": "fp16",
            "device": "cpu",
            "trained": True,
            "parameters": {"max_tokens": 500, "temperature": 0.5, "seed": 11, "prompt_sha256": "cd" * 32},
            "created": "2026-01-02T03:04:05+00:00",
            "source": {"sha256": "ef" * 32, "sop_instance_uid": "2.25.3"},
        }
        return Provenance(**{**usual, **fields})

    return make


@pytest.fixture
def make_report(make_provenance):
    def make(findings="The lungs are clear.", impression="No acute disease.", ended=Ended.FINISHED, **fields) -> Report:
        text = f"FINDINGS: {findings}\nIMPRESSION: {impression}"
        return Report(text, findings, impression, (1, 2), (-0.1, -0.2), ended, make_provenance(**fields))

    return make


@pytest.fixture
def make_picture(make_provenance):
    """Build a picture of noise, so that no row of it can be mistaken for the strip."""
    from dataclasses import asdict

    def make(side=256, settings=GenerationSettings(seed=7), **fields) -> SyntheticImage:  # noqa: B008 - frozen
        parameters = asdict(settings) | {"noise": "seeded", "size": side, "prompt_sha256": "cd" * 32}
        parameters |= {"steps": len(schedule(settings)) - 1}
        gray = np.random.default_rng(0).integers(0, 200, (side, side, 1), dtype=np.uint8)
        provenance = make_provenance(**{"parameters": parameters, "source": {}, **fields})
        return SyntheticImage(gray.repeat(3, axis=2), np.zeros((4, 4), np.float32), provenance)

    return make


@pytest.fixture
def decode_bytes(tmp_path):
    """Decode a file of these bytes."""

    def run(data: bytes, **kwargs) -> Decoded:
        path = tmp_path / "film.dcm"
        path.write_bytes(data)
        return decode(path, **kwargs)

    return run


@pytest.fixture
def pretended(monkeypatch):
    """An ONNX Runtime that calls the CPU CUDA. Before it opens or runs a graph it asks `fail`, which may raise."""
    real, preload = onnxruntime.InferenceSession, onnxruntime.preload_dlls
    told = types.SimpleNamespace(opened=[], fail=lambda doing, graph: None, preloaded=0, captures=[])

    class Session:
        def __init__(self, path, options, providers, enable_fallback):
            told.opened.append((path.stem, providers, enable_fallback, told.preloaded))
            self.graph, self.providers = path.stem, [each[0] if isinstance(each, tuple) else each for each in providers]
            told.fail("open", self.graph)
            self.session = real(path, options, providers=["CPUExecutionProvider"])

        def __getattr__(self, name):
            return getattr(self.session, name)

        def get_providers(self):
            return [*self.providers, "CPUExecutionProvider"]

        def run(self, *arguments):
            told.fail("run", self.graph)
            return self.session.run(*arguments)

        def run_with_iobinding(self, binding, options):
            told.fail("run", self.graph)
            if "CUDAExecutionProvider" in self.providers:
                told.captures.append((self.graph, int(options.get_run_config_entry("gpu_graph_id"))))
            return self.session.run_with_iobinding(binding, options)

    def preload_dlls():
        told.preloaded += 1
        sys.stdout.write("Failed to load /a/path/libcublas.so.13")
        return preload(cuda=False, cudnn=False)

    providers = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: providers)
    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    monkeypatch.setattr(onnxruntime, "preload_dlls", preload_dlls)
    monkeypatch.setattr(Device, "memory", "cpu")
    monkeypatch.setattr(card, "free_memory", lambda index: (512 << 20, 4096 << 20))
    card.preload_libraries.cache_clear()
    yield told
    card.preload_libraries.cache_clear()
