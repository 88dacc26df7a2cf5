"""Advice on fact sets.

Those named recorded-* are what `unix-edge doctor --json` found in environments without a card; those with cards and
drivers are written by hand from what vendors say of them, not recorded.
"""

import dataclasses
import json
from pathlib import Path

import pytest

from unix_edge.doctor import CUDA_LIBRARIES, Card, Facts, Verdict, advise, gather_facts
from unix_edge.sessions import Backend

FACTS = Path(__file__).parents[1] / "data" / "doctor"
R, L, X = Verdict.READY, Verdict.LACKING, Verdict.IMPOSSIBLE

EXPECTED = {  # cpu, cuda, tensorrt, tensorrt-rtx; words of the advice
    "cpu-only": ((R, X, X, X), ["there is no NVIDIA card"]),
    "no-runtime": ((L, X, X, X), ["unix-edge[cpu]"]),
    "gpu-wheel-without-card": ((R, X, X, X), ["there is no NVIDIA card"]),
    "both-runtimes": ((R, L, L, L), ["overwrite each other", "pip uninstall --yes onnxruntime onnxruntime-gpu"]),
    "card-with-cpu-wheel": ((R, L, L, L), ["no CUDA provider", "unix-edge[cuda]"]),
    "rtx-4090": ((R, R, L, L), ["fits in fp16 with every graph open", "libnvinfer.so.10"]),
    "rtx-3060-tensorrt": (
        (R, R, R, L),
        ["12 GiB: the 1.5B release fits in fp16 with every graph open", "built at first use"],
    ),
    "tensorrt-11": ((R, R, L, L), ["TensorRT 11 is there, but"]),
    "old-driver": ((R, L, L, L), ["driver is 535.183.01, and CUDA 13 needs 580"]),
    "no-cudnn": ((R, L, L, L), ["libcudnn.so.9 cannot be loaded", "unix-edge[cuda]"]),
    "small-card": ((R, R, L, X), ["4 GiB: the 1.5B release fits in int8 with graphs opened in turn"]),
    "h100": ((R, R, L, X), ["TensorRT-RTX does not support NVIDIA H100 80GB HBM3 (9.0)"]),
    "a100": ((R, R, L, X), ["TensorRT-RTX does not support NVIDIA A100-SXM4-40GB (8.0)", "Use cuda."]),
    "gtx-1080": ((R, X, X, X), ["ONNX Runtime holds no code for NVIDIA GeForce GTX 1080 (6.1)", "Use cpu."]),
    "v100": ((R, X, X, X), ["no code for Tesla V100-PCIE-32GB (7.0)"]),
    "b200": ((R, X, X, X), ["no code for NVIDIA B200 (10.0)"]),
    "gb10": ((R, X, X, L), ["no code for NVIDIA GB10 (12.1)", "Linux on aarch64 is not tested"]),
    "rtx-5090-plugin": ((R, L, L, R), ["no CUDA provider", "on NVIDIA GeForce RTX 5090"]),
    "turing-plugin": ((R, L, L, X), ["TensorRT-RTX does not support NVIDIA GeForce RTX 2080 Ti (7.5)"]),
    "old-card-beside-a-new-one": ((R, R, L, L), ["NVIDIA RTX A2000, 12 GiB"]),
    "no-driver-library": ((R, L, L, L), ["libcuda.so.1 cannot be loaded", "whole NVIDIA driver"]),
    "rtx-plugin": ((R, L, L, R), ["export --tensorrt-rtx"]),
    "driver-without-card": ((R, L, L, L), ["shows no card"]),
    "old-torch-and-python": ((R, X, X, X), ["Python 3.10.14 is not", "torch 2.9.1 is older", "come with the program"]),
    "recorded-no-runtime": ((L, X, X, X), ["unix-edge[cpu]", "come with the program"]),
    "recorded-gpu-wheel-without-card": ((R, X, X, X), ["there is no NVIDIA card"]),
    "recorded-both-runtimes": ((R, X, X, X), ["overwrite each other"]),
    "recorded-cpu-with-export": ((R, X, X, X), ["there is no NVIDIA card"]),
    "mac": ((R, X, X, X), ["Darwin on arm64 is not tested", "install torch"]),
}


def recorded(name):
    return Facts.from_json(json.loads((FACTS / f"{name}.json").read_text("utf-8")))


def test_every_recorded_fact_set_has_its_expectation():
    assert {path.stem for path in FACTS.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_advice(name):
    verdicts, words = EXPECTED[name]
    advice = advise(recorded(name))
    assert tuple(device.verdict for device in advice.devices) == verdicts
    text = json.dumps(advice.as_dict())
    for word in words:
        assert word in text, text


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_not_ready_says_what_to_do(name):
    for device in advise(recorded(name)).devices:
        assert device.verdict is Verdict.READY or device.remedy, device


@pytest.mark.parametrize("library", CUDA_LIBRARIES)
def test_each_library_that_is_missing_is_named(library):
    facts = recorded("rtx-4090")
    without = dataclasses.replace(facts, libraries={**facts.libraries, library: False})
    advice = {each.device: each for each in advise(without).devices}[Backend.CUDA]
    assert (advice.verdict, advice.reason) == (L, f"{library} cannot be loaded")


@pytest.mark.parametrize(
    ("capability", "cuda", "rtx"),
    [
        *((old, False, False) for old in ("3.5", "5.2", "6.1", "7.0", "7.2", "")),
        *((known, True, False) for known in ("7.5", "8.0", "8.7", "9.0")),
        *((known, True, True) for known in ("8.6", "8.9", "12.0")),
        *((data_centre, False, False) for data_centre in ("10.0", "10.3", "11.0")),
        *((new, False, True) for new in ("12.1", "13.0")),
    ],
)
def test_what_runs_on_a_card_goes_by_its_compute_capability(capability, cuda, rtx):
    facts = dataclasses.replace(recorded("rtx-4090"), cards=(Card("card", 24_564, capability),))
    advice = {each.device: each.verdict for each in advise(facts).devices}
    assert (advice[Backend.CUDA] is not X, advice[Backend.TENSORRT_RTX] is not X) == (cuda, rtx)


def test_a_library_that_is_there_and_cannot_be_loaded_is_missing(tmp_path, monkeypatch):
    (tmp_path / "nvidia" / "cu13" / "lib").mkdir(parents=True)
    (tmp_path / "nvidia" / "cu13" / "lib" / "libcublas.so.13").write_bytes(b"no library")
    monkeypatch.syspath_prepend(tmp_path)
    assert not gather_facts().libraries["libcublas.so.13"]


def test_two_runtimes_at_once_are_a_problem_only_then():
    assert [name for name in EXPECTED if any("overwrite" in each for each in advise(recorded(name)).problems)] == [
        "both-runtimes",
        "recorded-both-runtimes",
    ]


def test_this_machine_can_be_looked_at():
    facts = gather_facts()
    assert facts.packages["pydicom"] and facts.memory_mib > 500
    assert "CPUExecutionProvider" in facts.providers
    assert advise(facts).devices[0].verdict is Verdict.READY
    assert Facts.from_json(json.loads(json.dumps(_plain(facts)))) == facts


def _plain(facts):
    from dataclasses import asdict

    return asdict(facts)


def test_the_command_prints_a_row_a_device(run_python):
    told = run_python("-m", "unix_edge.cli", "doctor")
    assert told.returncode == 0, told.stderr
    assert [line.split()[0] for line in told.stdout.splitlines()[:1]] == ["cpu"]
    assert all(f"\n{device}" in told.stdout for device in ("cuda", "tensorrt", "tensorrt-rtx"))
    raw = json.loads(run_python("-m", "unix_edge.cli", "doctor", "--json").stdout)
    assert set(raw) == {"facts", "advice"}


def test_whether_a_file_can_be_decoded_is_tried(monkeypatch):
    from unix_edge.isolated import child

    assert gather_facts().decodes
    monkeypatch.setattr(child, "_START", "raise SystemExit(7)")
    facts = gather_facts()
    assert not facts.decodes
    assert any("no file can be decoded here" in each for each in advise(facts).problems)


@pytest.mark.parametrize(
    ("gib", "said"),
    [
        (16, "fits in fp16 with every graph open"),
        (8, "fits in int8 with every graph open, in fp16 with graphs opened in turn"),
        (6, "fits in int8 or fp16 with graphs opened in turn"),
        (3, "is too large; smaller checkpoints fit"),
    ],
)
def test_how_the_release_fits_follows_from_the_memory(gib, said):
    facts = recorded("rtx-4090")
    card = dataclasses.replace(facts.cards[0], memory_mib=1024 * gib - 20)
    cuda = advise(dataclasses.replace(facts, cards=(card,))).devices[1]
    assert cuda.reason == f"{card.name}, {gib} GiB: the 1.5B release {said}"
