import json
import signal
import subprocess
import sys
import time

import pytest
import torch

from unix_edge.errors import CheckpointError
from unix_edge_export.nano.config import NANO, Optimisation
from unix_edge_export.nano.losses import LossLog, plot, read_log
from unix_edge_export.nano.stages import CHECKPOINT, Stage, is_done
from unix_edge_export.nano.training import Run, learning_rate, load_stage, make_optimisers
from unix_edge_export.nano.vae import VaeTask
from unix_edge_export.reference.checkpoint import Checkpoint

STEPS = 6


def test_the_rate_warms_up_and_falls():
    settings = Optimisation(100, 1.0, warm_up=10)
    rates = [learning_rate(settings, step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1) and max(rates) == pytest.approx(1.0) and rates[-1] < 0.03
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_muon_moves_the_matrices_it_is_given_and_adamw_all_else(model):
    parameters = dict(model.named_parameters())
    settings = Optimisation(10, 1e-3, muon="generation.")
    adamw, muon = make_optimisers(parameters, settings)
    moved = {
        id(value): optimiser
        for optimiser in (adamw, muon)
        for group in optimiser.param_groups
        for value in group["params"]
    }
    assert len(moved) == len(parameters)
    for name, value in parameters.items():
        assert (moved[id(value)] is muon) == (name.startswith("generation.") and value.ndim == 2), name
    assert len(make_optimisers(parameters, Optimisation(10, 1e-3))) == 1


def test_a_log_goes_on_after_the_step_that_was_saved(tmp_path):
    path = tmp_path / "stage.jsonl"
    path.write_text('{"step": 1, "loss": 3}\n{"step": 2, "loss": 2}\n{"step": 3, "lo', "utf-8")
    log = LossLog(path, 1)
    log.write(2, loss=1.5)
    log.close()
    assert read_log(path) == [{"step": 1, "loss": 3}, {"step": 1, "resumed": True}, {"step": 2, "loss": 1.5}]
    plot(path, tmp_path / "stage.png")
    assert (tmp_path / "stage.png").is_file()


def test_what_a_later_stage_trained_further_is_not_trained_again(tmp_path):
    for left, done in (
        ([], []),
        (["seeing"], ["seeing"]),
        (["understanding"], ["seeing", "understanding"]),
        (["wording"], ["seeing", "understanding", "wording"]),
        (["vae", "generation"], ["vae", "generation_low", "generation"]),
        (["decoder"], ["decoder"]),
    ):
        out = tmp_path / "-".join(["out", *left])
        out.mkdir()
        for stage in left:
            (out / f"{stage}.safetensors").touch()
        assert [stage for stage in Stage if is_done(out, stage)] == done


def test_a_run_does_not_go_on_beside_other_frozen_weights(recipe, model, scene, tmp_path):
    def begin():
        task = VaeTask(model, recipe.vae, scene)
        return Run("vae", task, recipe.vae.optimisation, tmp_path)

    run = begin()
    run.step = 7
    run.save()
    again = begin()
    again.resume()
    assert again.step == 7
    with torch.no_grad():
        model.lm_head.weight += 1
    with pytest.raises(CheckpointError, match="other weights"):
        begin().resume()


def test_weights_of_other_dims_are_refused_in_a_sentence(model, tmp_path):
    from safetensors.torch import save_file

    save_file({"lm_head.weight": torch.zeros(2, 2)}, tmp_path / "understanding.safetensors")
    with pytest.raises(CheckpointError, match="other dims"):
        load_stage(model, tmp_path / "understanding.safetensors")


def test_a_run_killed_within_a_stage_goes_on_and_ends(tmp_path):
    command = [
        sys.executable,
        "-m",
        "unix_edge_export.nano",
        "--smoke",
        "--minutes-scale",
        "0.5",
        "--out",
        str(tmp_path / "nano"),
    ]
    log = tmp_path / "nano" / "understanding.jsonl"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        deadline = time.monotonic() + 300
        while len(read_log(log)) < 3:
            assert killed.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
    vae = (tmp_path / "nano" / "vae.safetensors").stat().st_mtime_ns
    resume = torch.load(tmp_path / "nano" / "understanding.resume.pt", weights_only=True)
    assert 2 <= resume["step"] < STEPS

    again = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "nano" / "vae.safetensors").stat().st_mtime_ns == vae, "a finished stage is kept"
    lines = read_log(log)
    resumed = [line["step"] for line in lines if line.get("resumed")]
    assert len(resumed) == 1 and resumed[0] >= resume["step"]
    assert [line["step"] for line in lines if "loss" in line] == list(range(1, STEPS + 1))
    checkpoint = Checkpoint(tmp_path / "nano" / CHECKPOINT)
    assert (
        json.loads((checkpoint.folder / "config.json").read_text())["llm_config"]["vocab_size"]
        == NANO.language.vocab_size
    )
    assert not list((tmp_path / "nano").glob("*.resume.pt"))
