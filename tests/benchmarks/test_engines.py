"""What engines.py counts, that it measures what it says, and how compare.py sets two runs beside each other."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from unix_edge.bundle import EMBEDDED
from unix_edge.sampler import GenerationSettings, Quality

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import engines  # noqa: E402


def test_evaluations_are_those_that_the_settings_ask_for():
    """Of 49 steps 41 are guided; the demo evaluates a third condition there."""
    assert engines.count_steps(GenerationSettings()) == (41, 8)
    for quality, rows in ((Quality.PUBLISHED, 90), (Quality.BALANCED, 25), (Quality.FAST, 15)):
        guided, plain = engines.count_steps(GenerationSettings.of_quality(quality))
        assert 2 * guided + plain == rows
    figures = {engines.STEP: {"a": 2.0}, engines.ROW: {"a": 1.0}, "vae decode": {"a": 0.5}}
    found = engines.pictures(figures)
    assert found["picture, published"]["a"] == 90.5 and found["picture, demo"]["a"] == 131.5


def run(name, *arguments):
    command = [sys.executable, str(BENCHMARKS / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    result = run("engines.py", "--engines", EMBEDDED, "--rounds", 1)
    assert result.returncode == 0, result.stderr
    path = tmp_path_factory.mktemp("runs") / "A.json"
    path.write_text(result.stdout)
    return path


def test_every_arm_runs_every_stage_in_a_process_of_its_own(measured):
    told = json.loads(measured.read_text().splitlines()[-1])
    arms = {"reference fp32", "engines fp16"}
    assert all(row.keys() == arms for row in told["seconds"].values()) and len(told["seconds"]) == 11
    assert all(seconds > 0 for row in told["seconds"].values() for seconds in row.values())
    for stage, row in told["seconds"].items():
        times_as_fast = row["reference fp32"] / row["engines fp16"]
        assert told["ratios"][stage]["engines fp16"] == pytest.approx(times_as_fast, rel=1e-3), stage
    for name in arms:
        assert 0 < told["bandwidth_share"][name] < 1 and 0.1 < told["peak_memory_gb"][name] < 4
        assert all(0 < row[name] < 1 for row in told["arithmetic_share"].values())


def test_a_peer_that_is_not_installed_is_said_before_anything_is_measured():
    result = run("engines.py", "--engines", EMBEDDED, "--peers", "openvino")
    assert result.returncode == 2 and "OpenVINO is not installed here" in result.stderr and not result.stdout


def test_two_runs_are_set_beside_each_other(measured, tmp_path):
    told = json.loads(measured.read_text().splitlines()[-1])
    told["ratios"]["vision"]["engines fp16"] *= 2
    told["processor"] = "another"
    del told["ratios"]["vae decode"]
    (tmp_path / "B.json").write_text(json.dumps(told))
    result = run("compare.py", measured, tmp_path / "B.json")
    lines = result.stdout.splitlines()
    assert result.returncode == 0 and lines[0].startswith("not the same processor: ") and "another" in lines[0]
    assert "vae decode" not in result.stdout
    assert [line.split()[-1] for line in lines if line.startswith("vision") and "fp16" in line] == ["2.00"]


@pytest.mark.parametrize(("content", "said"), [(None, "was not read"), ("", "no such JSON"), ("[1]", "no such JSON")])
def test_what_is_no_run_is_refused_in_a_sentence(measured, tmp_path, content, said):
    if content is not None:
        (tmp_path / "B.json").write_text(content)
    result = run("compare.py", measured, tmp_path / "B.json")
    assert result.returncode == 2 and said in result.stderr and "Traceback" not in result.stderr
