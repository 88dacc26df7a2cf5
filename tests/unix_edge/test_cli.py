"""The commands as a person meets them: words, files, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image


@pytest.fixture
def unix_edge(run_python):
    return lambda *args, **kwargs: run_python("-m", "unix_edge.cli", *map(str, args), **kwargs)


def refused(result, *words):
    assert result.returncode == 1, (result.stdout, result.stderr)
    assert "Traceback" not in result.stderr
    sentence = result.stderr.strip().splitlines()[-1]
    for word in words:
        assert word in sentence, sentence


def test_report_drafts_from_a_real_radiograph(unix_edge, engines, chest):
    result = unix_edge("report", chest, "--engines", engines, "--max-tokens", "12")
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()
    assert "Not for diagnosis" in result.stderr and "on cpu" in result.stderr and "cut after 11 tokens" in result.stderr


def test_report_as_json_tells_where_it_comes_from(unix_edge, engines, chest, radiograph_png):
    result = unix_edge("report", chest, radiograph_png, "--engines", engines, "--max-tokens", "6", "--json")
    drafts = json.loads(result.stdout)
    assert [draft["file"] for draft in drafts] == [str(chest), str(radiograph_png)]
    assert all(draft["status"] == "DRAFT, not verified" and len(draft["tokens"]) == 5 for draft in drafts)
    assert drafts[0]["provenance"]["precision"] == "fp32"


def test_generate_writes_a_marked_picture_and_says_where(unix_edge, engines, tmp_path):
    result = unix_edge(
        "generate", "Clear lungs.", "--engines", engines, "--quality", "preview", "--seed", 3, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert "synthetic-3.png" in result.stdout
    assert Image.open(tmp_path / "synthetic-3.png").text["Synthetic Data"] == "YES"


def test_verify_shows_the_parity(unix_edge, engines):
    result = unix_edge("verify", engines)
    assert (
        result.returncode == 0 and "whole and unchanged" in result.stdout and "latents after all steps" in result.stdout
    )


def test_verify_refuses_a_changed_bundle(unix_edge, engines, tmp_path):
    import shutil

    copy = shutil.copytree(engines, tmp_path / "copy")
    with (copy / "vision.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"\xff\xfe\xfd")
    refused(unix_edge("verify", copy), "vision.onnx was changed", "Export the checkpoint again")


def test_bad_input_is_one_sentence(unix_edge, engines, chest, tmp_path):
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "words.dcm").write_text("no image")
    report = ("report", chest, "--engines", engines)
    refused(unix_edge("report", tmp_path / "empty.png", "--engines", engines), "empty.png was not read: it is empty")
    refused(unix_edge("report", tmp_path / "words.dcm", "--engines", engines), "neither DICOM, PNG nor JPEG")
    refused(unix_edge("report", tmp_path / "none.dcm", "--engines", engines), "there is no such file")
    refused(unix_edge(*report, "--device", "gpu"), "no device called 'gpu'")
    refused(unix_edge(*report, "--device", "cuda"), "'cuda' cannot be used here")
    refused(unix_edge(*report, "--prompt", ""), "The prompt is empty")
    refused(unix_edge(*report, "--prompt", "left " * 3000), "1536 positions")
    refused(unix_edge("report", chest, "--engines", tmp_path), "holds no manifest.json")
    refused(unix_edge("report", chest), "There are no engines in", "unix_edge.export")
    generate = ("generate", "Clear lungs.", "--engines", engines)
    refused(unix_edge("generate", "", "--engines", engines, cwd=tmp_path), "The prompt is empty")
    refused(unix_edge("generate", "left " * 900, "--engines", engines, cwd=tmp_path), "512 is the most")
    refused(unix_edge(*generate, "--size", 100, cwd=tmp_path), "a multiple of 16")
    refused(unix_edge(*generate, "--out", tmp_path / "no" / "a.png"), "was not written")
    refused(unix_edge(*generate, "--out", tmp_path / "a.jpg"), "as .png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.png", "words.dcm"]


def test_wrong_usage_is_exit_2(unix_edge):
    for wrong in (("report",), ("generate", "text", "--sise", "3"), ("draft",)):
        result = unix_edge(*wrong)
        assert result.returncode == 2 and "Traceback" not in result.stderr, result.stderr


def test_engines_are_found_where_they_are_named(unix_edge, engines, chest):
    result = unix_edge("report", chest, "--max-tokens", "4", env={**os.environ, "UNIX_EDGE_ENGINES": str(engines)})
    assert result.returncode == 0, result.stderr
    assert str(engines) in result.stderr


def test_the_newest_export_is_found(unix_edge, engines, chest, tmp_path):
    import shutil

    shutil.copytree(engines, tmp_path / "unix-edge" / "engines" / "mine")
    result = unix_edge("report", chest, "--max-tokens", "4", env={**os.environ, "XDG_DATA_HOME": str(tmp_path)})
    assert result.returncode == 0 and "engines/mine" in result.stderr


SLOW = """
import sys, time
import unix_edge.generate as module
sample = module.sample
def slowly(*args, **kwargs):
    for latents in sample(*args, **kwargs):
        print("step", flush=True)
        time.sleep(0.5)
        yield latents
module.sample = slowly
from unix_edge.cli import main
sys.argv = {argv!r}
main()
"""


def test_ctrl_c_is_exit_130_and_leaves_nothing(engines, tmp_path):
    slow = SLOW.format(argv=["unix-edge", "generate", "Clear lungs.", "--engines", str(engines)])
    process = subprocess.Popen(
        [sys.executable, "-c", slow], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "step\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and "Interrupted" in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
