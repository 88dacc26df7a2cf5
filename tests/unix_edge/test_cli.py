"""The commands as a person meets them: words, files, exit codes."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image

from unix_edge.bundle import EMBEDDED, Bundle


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
    result = unix_edge("generate", "Clear lungs.", "--engines", engines, "--quality", "fast", "--seed", 3, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "synthetic-3.png" in result.stdout
    with Image.open(tmp_path / "synthetic-3.png") as written:
        assert written.info["Synthetic Data"] == "YES"


def test_verify_shows_the_parity(unix_edge, engines):
    result = unix_edge("verify", engines)
    assert (
        result.returncode == 0 and "whole and unchanged" in result.stdout and "latents after all steps" in result.stdout
    )


def test_verify_shows_each_row_s_share_of_its_limit(unix_edge):
    """Also of the bundle that comes along, whose table is an older one; what it costs in findings stands below."""
    result = unix_edge("verify", EMBEDDED)
    *rows, findings = result.stdout.splitlines()[1:]
    assert result.returncode == 0
    for line, row in zip(rows, Bundle.open(EMBEDDED).manifest.parity, strict=True):
        assert line.endswith(f" {row.share:.0%} of its limit, {row.limit:g}"), line
    assert findings == "  What this precision costs in findings was not counted."


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
    generate = ("generate", "Clear lungs.", "--engines", engines)
    refused(unix_edge("generate", "", "--engines", engines, cwd=tmp_path), "The prompt is empty")
    refused(unix_edge("generate", "left " * 900, "--engines", engines, cwd=tmp_path), "512 is the most")
    refused(unix_edge(*generate, "--size", 100, cwd=tmp_path), "a multiple of 16")
    refused(unix_edge(*generate, "--out", tmp_path / "no" / "a.png"), "was not written")
    refused(unix_edge(*generate, "--out", tmp_path / "a.jpg"), "as .png or, for DICOM, as .dcm")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.png", "words.dcm"]


def test_one_bad_file_does_not_cost_the_others_their_drafts(unix_edge, engines, radiograph_png, tmp_path):
    (tmp_path / "words.dcm").write_text("no image")
    files = (tmp_path / "none.dcm", radiograph_png, tmp_path / "words.dcm")
    result = unix_edge("report", *files, "--engines", engines, "--max-tokens", "6")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "there is no such file" in result.stderr and "neither DICOM, PNG nor JPEG" in result.stderr
    assert result.stderr.strip().endswith("2 of 3 files have no draft.")
    drafted = result.stdout.split("radiograph.png\n")[1].split("\n")[0]
    assert drafted.strip()
    result = unix_edge("report", *files, "--engines", engines, "--max-tokens", "6", "--json")
    assert [draft["file"] for draft in json.loads(result.stdout)] == [str(radiograph_png)]


def test_report_to_a_folder_says_what_became_of_each(unix_edge, engines, make_file, tmp_path):
    (tmp_path / "in").mkdir()
    make_file(tmp_path / "in" / "a.dcm")
    (tmp_path / "in" / "bad.dcm").write_text("no image")
    batch = ("report", "in", "--out-dir", "in/out", "--sr", "in/out", "--engines", engines, "--max-tokens", "6")
    result = unix_edge(*batch, cwd=tmp_path)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "1/2 a.dcm: drafted" in result.stderr and "2/2 bad.dcm was not read" in result.stderr
    assert "1 drafted (cut at the token limit), 1 failed" in result.stdout
    assert sorted(path.suffixes[-1] for path in (tmp_path / "in/out").iterdir()) == [".csv", ".dcm", ".txt"]
    (tmp_path / "in" / "bad.dcm").unlink()
    result = unix_edge(*batch, cwd=tmp_path)
    assert result.returncode == 0 and "1 already drafted" in result.stdout


def test_report_writes_a_structured_report(unix_edge, engines, chest, tmp_path, assert_conforms):
    sr = ("--engines", engines, "--max-tokens", "20", "--sr", tmp_path / "a.sr.dcm")
    result = unix_edge("report", chest, *sr)
    assert result.returncode == 0, result.stderr
    assert "partial, preliminary, unverified" in result.stderr
    assert_conforms(tmp_path / "a.sr.dcm")
    from pydicom import dcmread

    written, source = dcmread(tmp_path / "a.sr.dcm"), dcmread(chest, stop_before_pixels=True)
    assert written.StudyInstanceUID == source.StudyInstanceUID
    told = json.loads(written.ContributingEquipmentSequence[0].ContributionDescription)
    assert told["source"]["sop_instance_uid"] == source.SOPInstanceUID
    assert told["source"]["sha256"] == hashlib.sha256(chest.read_bytes()).hexdigest()


def test_a_draft_about_a_synthetic_image_is_synthetic_data(unix_edge, engines, make_file, tmp_path, assert_conforms):
    source = make_file(
        tmp_path / "a.dcm", SyntheticData="YES", PatientName="Größe^心臓", SpecificCharacterSet="ISO_IR 192"
    )
    result = unix_edge("report", source, "--engines", engines, "--max-tokens", "6", "--sr", tmp_path / "b.dcm")
    assert result.returncode == 0, result.stderr
    assert_conforms(tmp_path / "b.dcm")
    from pydicom import dcmread

    written = dcmread(tmp_path / "b.dcm")
    assert written.SyntheticData == "YES" and str(written.PatientName) == "Größe^心臓"


def test_a_structured_report_is_refused_where_it_cannot_be(
    unix_edge, engines, chest, radiograph_png, make_file, tmp_path
):
    sr = ("--engines", engines, "--sr", tmp_path / "a.sr.dcm")
    refused(unix_edge("report", radiograph_png, *sr), "No structured report was written: the image is not DICOM")
    no_study = make_file(tmp_path / "a.dcm", StudyInstanceUID=None)
    refused(unix_edge("report", no_study, *sr), "no valid StudyInstanceUID")
    refused(unix_edge("report", chest, "--engines", engines, "--sr", tmp_path / "no" / "a"), "its folder is missing")
    before = no_study.read_bytes()
    refused(unix_edge("report", no_study, "--engines", engines, "--sr", no_study), "it is the image itself")
    assert no_study.read_bytes() == before and not (tmp_path / "a.sr.dcm").exists()
    assert unix_edge("report", chest, chest, *sr).returncode == 2


def test_generate_writes_dicom_that_conforms(unix_edge, engines, tmp_path, assert_conforms):
    result = unix_edge(
        "generate", "Clear lungs.", "--engines", engines, "--quality", "fast", "--out", tmp_path / "a.DCM"
    )
    assert result.returncode == 0, result.stderr
    assert_conforms(tmp_path / "a.DCM")
    assert b"Clear lungs" not in (tmp_path / "a.DCM").read_bytes()


def test_what_is_no_chest_is_refused_and_a_doubt_names_the_option(unix_edge, engines, make_file, tmp_path):
    engine = ("--engines", engines, "--max-tokens", "4")
    knee = make_file(tmp_path / "knee.dcm", BodyPartExamined="KNEE")
    refused(unix_edge("report", knee, *engine, "--assume-frontal-chest"), "another part of the body (knee)")
    lateral = make_file(tmp_path / "lateral.dcm", ViewPosition="LL")
    refused(unix_edge("report", lateral, *engine), "a view that is not frontal", "--assume-frontal-chest")
    assert unix_edge("report", lateral, *engine, "--assume-frontal-chest").returncode == 0


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_a_doubt_is_a_question(answer_on_terminal, engines, make_file, tmp_path, answer, code):
    lateral = make_file(tmp_path / "lateral.dcm", ViewPosition="LL")
    ended, said = answer_on_terminal(["report", lateral, "--engines", engines, "--max-tokens", "4"], answer)
    assert ended == code
    assert b"a view that is not frontal" in said


def test_no_patient_text_leaves_by_words_names_or_tables(unix_edge, engines, make_file, tmp_path):
    """Every text attribute of the source holds a word of its own; only the structured report may hold them."""
    keywords = [
        "PatientName",
        "PatientID",
        "StudyID",
        "AccessionNumber",
        "ReferringPhysicianName",
        "BodyPartExamined",
        "ViewPosition",
        "StudyDescription",
        "SeriesDescription",
        "InstitutionName",
        "ImageComments",
        "OperatorsName",
        "PatientBirthDate",
        "StudyDate",
        "PatientSex",
        "Laterality",
    ]
    canaries = {keyword: f"CANARY{number}" for number, keyword in enumerate(keywords)}
    (tmp_path / "in").mkdir()
    make_file(tmp_path / "in" / "a.dcm", **canaries)
    make_file(tmp_path / "in" / "b.dcm", **canaries | {"Modality": "CANARY"})
    make_file(tmp_path / "in" / "c.dcm", **canaries | {"StudyInstanceUID": "CANARY"})
    engine = ("--engines", engines, "--max-tokens", "4", "--assume-frontal-chest")
    said = []
    for options in (("--out-dir", "out", "--sr", "sr"), ("--out-dir", "out", "--json"), (), ("--json",)):
        result = unix_edge("report", "in", *options, *engine, cwd=tmp_path)
        said += [result.stdout, result.stderr]
    said.append(unix_edge("report", "in/a.dcm", *engine[:-1], cwd=tmp_path).stderr)
    said += [path.read_text("utf-8") for path in (tmp_path / "out").iterdir()]
    said += [path.name for folder in ("out", "sr") for path in (tmp_path / folder).iterdir()]
    assert "CANARY" not in "".join(said).upper()
    assert len(list((tmp_path / "sr").iterdir())) >= 1


def test_wrong_usage_is_exit_2(unix_edge):
    for wrong in (("report",), ("generate", "text", "--sise", "3"), ("draft",)):
        result = unix_edge(*wrong)
        assert result.returncode == 2 and "Traceback" not in result.stderr, result.stderr


def test_engines_are_found_where_they_are_named(unix_edge, engines, chest):
    result = unix_edge("report", chest, "--max-tokens", "4", env={**os.environ, "UNIX_EDGE_ENGINES": str(engines)})
    assert result.returncode == 0, result.stderr
    assert str(engines) in result.stderr


def test_without_engines_the_model_that_comes_along_drafts_and_warns(unix_edge, chest, tmp_path):
    result = unix_edge("report", chest, "--max-tokens", "4", env={**os.environ, "XDG_DATA_HOME": str(tmp_path)})
    assert result.returncode == 0 and "models/unix-nano" in result.stderr.replace("\n", "")
    assert "only seen computed phantoms" in result.stderr


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


STRANGERS = ("typer", "numpy", "socket", "rich", "tokenizers", "yaml", "click", "hashlib", "pydicom")


@pytest.mark.parametrize("module", ["unix_edge.export", "unix_edge.phantom", "unix_edge_export.nano", "unix_edge.cli"])
def test_no_module_runs_what_lies_in_the_current_folder(run_python, tmp_path, module):
    for name in STRANGERS:
        (tmp_path / f"{name}.py").write_text(f"open('ran-{name}', 'w')\nraise SystemExit(9)\n")
    told = run_python("-m", module, "--help", cwd=tmp_path)
    assert list(tmp_path.glob("ran-*")) == []
    assert told.returncode == 0 and "Usage" in told.stdout


@pytest.mark.parametrize("command", ["export", "phantom"])
def test_export_and_phantom_are_commands_with_their_own_options(run_python, tmp_path, command):
    told = run_python("-m", "unix_edge.cli", command, "--help")
    assert f"unix-edge {command}" in told.stdout
    assert {"export": "--tensorrt-rtx", "phantom": "--size"}[command] in told.stdout


def test_a_phantom_is_written_by_the_command(run_python, tmp_path):
    told = run_python("-m", "unix_edge.cli", "phantom", "11", str(tmp_path / "p.png"), "--size", "300")
    assert told.returncode == 0 and (tmp_path / "p.png").is_file()
    wrong = run_python("-m", "unix_edge.cli", "phantom", "11", str(tmp_path / "p.gif"))
    assert wrong.returncode == 1 and "written as .dcm or .png" in wrong.stderr
