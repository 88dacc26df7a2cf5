"""What gpu.sh promises: it ends in time, and a stage that fails says so in one line while the others go on."""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from unix_edge.bundle import EMBEDDED, Bundle
from unix_edge.sessions import Sessions

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import gpu  # noqa: E402
import gpu_stages  # noqa: E402
import onnx_bytes  # noqa: E402


@pytest.fixture
def options(tmp_path):
    return argparse.Namespace(device="cpu", engines=[EMBEDDED], out=tmp_path)


def python(code):
    return lambda _: ["-c", code]


def test_the_command_ends_in_time_with_a_table_and_json(tmp_path):
    command = [BENCHMARKS / "gpu.sh", "--device", "cpu", "--minutes", "0.5", "--out", tmp_path]
    command += ["--stages", "card", "peaks", "quality"]
    began = time.monotonic()
    told = subprocess.run(
        list(map(str, command)),
        env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable, "XDG_CACHE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert told.returncode == 0, told.stderr
    assert time.monotonic() - began < 60
    found = json.loads(told.stdout.splitlines()[-1])
    assert found == json.loads((tmp_path / "gpu.json").read_text())
    assert "left out: it wants 60 s" in found["stages"]["quality"]["failed"]
    assert found["stages"]["peaks"]["fp32_gflop_s"] > 1 and found["stages"]["peaks"]["memory_gb_s"] > 1
    assert f"card       {'onnxruntime':40} {onnxruntime.__version__}" in told.stdout


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("print('{\"half\": 1}', flush=True); import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        ("import os; os.abort()", "exit -6"),
        ("import time; time.sleep(60)", "not done within 1 s"),
        ("import subprocess; subprocess.run(['sleep', '60'])", "not done within 1 s"),
    ],
)
def test_a_stage_that_fails_says_so_in_one_line(options, capsys, code, words):
    began = time.monotonic()
    found = gpu.run(gpu.Stage("broken", python(code), 0, 1), options, left=100)
    assert time.monotonic() - began < 10, "nothing that it started holds up the next"
    assert words in found["failed"]
    told = capsys.readouterr().out
    assert told.count("\n") == 1 and words in told
    assert found.get("half") == (1 if "half" in code else None), "what it had found is kept"


def test_a_stage_is_given_no_more_than_what_is_left(options):
    found = gpu.run(gpu.Stage("slow", python("import time; time.sleep(60)"), 0, 600), options, left=1)
    assert found["failed"] == "not done within 1 s"


def test_what_would_not_end_in_time_is_not_begun(options):
    found = gpu.run(gpu.Stage("slow", python("raise AssertionError"), 30, 60), options, left=20)
    assert found["failed"] == "left out: it wants 30 s and 20 are left"


def test_parity_finds_no_difference_of_a_device_beside_itself(options):
    found = gpu.run(gpu.Stage("parity", gpu.own("parity"), 0, 300), options, 300)
    rows = found["bundles"]["unix-nano fp16"]
    assert rows.pop("tokens of a draft, same").startswith("63 of 63") and len(rows) == 8
    assert set(rows.values()) == {0}


def test_each_row_of_the_table_has_its_figures(monkeypatch):
    monkeypatch.setattr(gpu_stages, "ROUNDS", 1)
    monkeypatch.setattr(gpu_stages, "LONGEST", 0)
    rows = gpu_stages.speed("cpu", [EMBEDDED])["bundles"]["unix-nano fp16"]
    assert all(row["seconds"] > 0 for name, row in rows.items() if name != "memory") and len(rows) == 11
    assert "% of memory" in gpu.describe(rows["16 tokens"], {"memory_gb_s": 10, "fp16_gflop_s": 10})


def test_another_graph_is_told_apart(monkeypatch):
    """Else the differences above would show nothing."""
    sessions = Sessions(Bundle.open(EMBEDDED), "cpu")
    wanted = gpu_stages.outputs(sessions)
    rms = {what: gpu_stages.root_mean_square(values * 1.01, values) for what, values in wanted.items()}
    assert all(each == pytest.approx(0.01, rel=1e-3) for each in rms.values())


def test_bounds_are_those_of_the_weights():
    """Of unix-nano: what a token is multiplied by, and what it reads."""
    bundle = Bundle.open(EMBEDDED)
    found, dims = gpu_stages.bounds(Sessions(bundle, "cpu")), bundle.manifest.model
    matrices = [
        each
        for each in onnx.load(bundle.folder / "understanding.onnx", load_external_data=False).graph.initializer
        if each.external_data and len(each.dims) > 1
    ]
    values = sum(int(np.prod(each.dims)) for each in matrices)
    assert found["16 tokens"]["gflop"] == pytest.approx(16 * 2 * values / 1e9)
    head = dims.hidden_size * dims.vocab_size
    assert found["image block"]["gflop"] == pytest.approx(2 * ((dims.image_tokens + 2) * (values - head) + head) / 1e9)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("operator", ["Abs", "MatMul"])
def test_models_written_byte_by_byte_are_models(operator, dtype):
    written = onnx_bytes.one_node(operator, dtype, [3, 3])
    onnx.checker.check_model(onnx.load_from_string(written))
    session = onnxruntime.InferenceSession(written, providers=["CPUExecutionProvider"])
    given = np.arange(-4, 5, dtype=dtype).reshape(3, 3)
    (found,) = session.run(None, {each.name: given for each in session.get_inputs()})
    np.testing.assert_array_equal(found, np.abs(given) if operator == "Abs" else given @ given)
