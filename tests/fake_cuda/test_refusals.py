"""What is told where a card, its libraries or its memory are missing."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from unix_edge.doctor import CUDA_LIBRARIES


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.png"
    Image.fromarray(np.arange(512 * 512, dtype=np.uint32).astype(np.uint8).reshape(512, 512)).save(path)
    return path


@pytest.fixture
def report(run_child, film, bundle):
    """Draft by the command."""

    def run(*options, **card):
        return run_child("-m", "unix_edge.cli", "report", film, "--engines", bundle("fp16"), *options, **card)

    return run


def test_libraries_that_pip_installed_are_found(play, bundle):
    """The stand-ins lie where pip puts CUDA and cuDNN, and on no search path."""
    assert play("choose", bundle("fp16")) == {"device": "cuda", "reason": "CUDA is here"}


@pytest.mark.parametrize(
    ("missing", "words"),
    [(["cuda", "cudnn"], "its libraries are missing"), (["cudnn"], "cuDNN 9 cannot be loaded")],
)
def test_auto_takes_the_cpu_and_says_what_is_missing(play, bundle, missing, words):
    chosen = play("choose_without", bundle("fp16"), *missing)
    assert chosen["device"] == "cpu"
    assert words in chosen["reason"]


@pytest.mark.parametrize(
    ("missing", "words"),
    [(["cuda", "cudnn"], "its libraries are missing"), (["cudnn"], "cuDNN 9 cannot be loaded")],
)
def test_cuda_by_name_is_refused_for_what_is_missing(play, bundle, missing, words):
    told = play("refuse", bundle("fp16"), "cuda", *missing)
    assert told["kind"] == "DeviceUnavailableError"
    assert words in told["words"]


@pytest.mark.parametrize("device", ["cuda:1", "cuda:3", "cuda:99"])
def test_a_card_that_is_not_there_is_refused_on_stderr(report, device):
    told = report("--device", device, "--json")
    assert told.returncode == 1
    assert told.stdout == ""
    assert f"The device '{device}' cannot be used here: there is no card of this number" in told.stderr
    assert "EP Error" not in told.stderr


def test_stdout_holds_the_json_alone_where_no_library_is_found(run_child, film, bundle):
    hide = "import onnxruntime as o; real = o.preload_dlls; o.preload_dlls = lambda: real(directory='/')"
    command = [f"{hide}; from unix_edge.cli import main; main()", "report", film, "--engines", bundle("fp16"), "--json"]
    told = run_child("-c", *command, "--max-tokens", "4")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)[0]["provenance"]["device"] == "cpu"
    assert "Failed to load" in told.stderr, "what preloading prints goes to stderr"


def test_without_a_driver_auto_takes_the_cpu(report):
    told = report("--device", "auto", "--json", "--max-tokens", "4", driver=False)
    assert json.loads(told.stdout)[0]["provenance"]["device"] == "cpu"
    assert "CUDAExecutionProvider did not start" in told.stderr


def test_onnx_runtime_logs_nothing(report):
    told = report("--device", "auto", "--json", "--max-tokens", "4")
    assert json.loads(told.stdout)[0]["provenance"]["device"] == "cuda"
    assert not re.search(r"onnxruntime|\[[EWI]:", told.stderr)


def test_doctor_finds_what_a_session_would_load(run_child):
    told = run_child("-m", "unix_edge.cli", "doctor", "--json")
    libraries = json.loads(told.stdout)["facts"]["libraries"]
    assert [name for name in CUDA_LIBRARIES if not libraries[name]] == []
    assert libraries["libcuda.so.1"] and not libraries["libnvinfer.so.10"]


@pytest.mark.parametrize("precision", ["fp16", "fp32"])
def test_a_report_and_a_picture_run_through(play, bundle, precision):
    told = play("report_and_picture", bundle(precision))
    assert [each["what"] for each in told[-3:]] == ["SyntheticImage", "report of 3", "another image"]
