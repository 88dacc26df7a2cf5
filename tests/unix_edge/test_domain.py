"""A model that has only seen phantoms says so of everything else, and files no report on it."""

import csv
import dataclasses
import json
import os
import shutil

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from unix_edge import ReportSettings, UniX, model
from unix_edge.batch import BatchSettings, Status, draft_files
from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle
from unix_edge.domain import COMPUTED_PHANTOMS, OUT_OF_DOMAIN, PHANTOM_MARK, is_in_domain
from unix_edge.errors import StructuredReportError
from unix_edge.image import load_radiograph
from unix_edge.model import find_engines
from unix_edge.phantom import compute_phantom
from unix_edge.phantom.dicom import write_phantom
from unix_edge.phantom.png import write_png
from unix_edge.results.structured_report import make_sr

SHORT = ReportSettings(max_tokens=5)
SAID = str(OUT_OF_DOMAIN)
REFUSED = "No structured report was written: this model has only seen computed phantoms, and the image is none."


@pytest.fixture(scope="module")
def phantom_engines(engines, tmp_path_factory):
    """The tiny bundle, saying that it has only seen phantoms."""
    folder = shutil.copytree(engines, tmp_path_factory.mktemp("engines") / "phantoms-only")
    manifest = dataclasses.replace(Bundle.open(engines).manifest, trained_on=COMPUTED_PHANTOMS)
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    return folder


@pytest.fixture(scope="module")
def unix_phantoms(phantom_engines):
    return UniX.load(phantom_engines, "cpu")


@pytest.fixture(scope="module")
def phantom_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("phantom") / "phantom.dcm"
    write_phantom(compute_phantom(3, 256), path)
    return path


@pytest.fixture
def run_report(run_python, phantom_engines):
    def run(*args):
        options = ("--engines", phantom_engines, "--max-tokens", "5")
        return run_python("-m", "unix_edge.cli", "report", *map(str, (*args, *options)))

    return run


def test_only_a_bundle_that_says_what_it_has_seen_decides():
    assert is_in_domain("", True) is is_in_domain("", False) is None
    assert is_in_domain("something else", True) is None
    assert is_in_domain(COMPUTED_PHANTOMS, True) is True and is_in_domain(COMPUTED_PHANTOMS, False) is False


def test_a_phantom_is_known_by_its_mark_however_it_comes(phantom_file, chest, radiograph_png, tmp_path):
    write_png(compute_phantom(3, 256), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        for source in (phantom_file, dcmread(phantom_file), tmp_path / "a.png", picture):
            assert load_radiograph(source).phantom is True
        for source in (chest, dcmread(chest), radiograph_png, np.asarray(picture)):
            assert load_radiograph(source).phantom is False


@pytest.mark.parametrize("half", [{"SyntheticData": "YES"}, {"SeriesDescription": PHANTOM_MARK}])
def test_half_a_mark_is_none(make_file, tmp_path, half):
    assert load_radiograph(make_file(tmp_path / "a.dcm", **half)).phantom is False


def test_a_reading_and_its_report_say_whether_they_mean_anything(unix, unix_phantoms, phantom_file, chest):
    for each, source, expected in (
        (unix, phantom_file, None),
        (unix, chest, None),
        (unix_phantoms, phantom_file, True),
        (unix_phantoms, chest, False),
    ):
        reading = each.read(source)
        assert reading.in_domain is reading.report(SHORT).in_domain is expected


def test_no_structured_report_is_made_of_what_the_model_has_never_seen(make_report, make_header):
    report = make_report()
    with pytest.raises(StructuredReportError) as refusal:
        make_sr(dataclasses.replace(report, in_domain=False), make_header())
    assert str(refusal.value) == REFUSED
    for known in (True, None):
        assert make_sr(dataclasses.replace(report, in_domain=known), make_header()).Modality == "SR"


def test_a_draft_of_a_real_radiograph_is_preceded_by_the_warning(run_report, phantom_file, chest):
    real, phantom = run_report(chest), run_report(phantom_file)
    assert real.returncode == phantom.returncode == 0, real.stderr + phantom.stderr
    assert real.stdout.strip() and real.stderr.splitlines().count(SAID) == 1
    assert SAID not in phantom.stderr


def test_json_says_so_of_each_file(run_report, phantom_file, chest):
    result = run_report(chest, phantom_file, "--json")
    assert [draft["in_domain"] for draft in json.loads(result.stdout)] == [False, True]
    assert result.stderr.splitlines().count(SAID) == 1


def test_json_says_null_where_the_bundle_does_not_say(run_python, engines, phantom_file):
    options = ("--engines", str(engines), "--max-tokens", "5", "--json")
    result = run_python("-m", "unix_edge.cli", "report", str(phantom_file), *options)
    assert json.loads(result.stdout)[0]["in_domain"] is None and SAID not in result.stderr


def test_a_structured_report_is_refused_and_nothing_is_written(run_report, phantom_file, chest, tmp_path):
    result = run_report(chest, "--sr", tmp_path / "a.sr.dcm")
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.splitlines()[-1] == REFUSED and SAID not in result.stderr
    assert list(tmp_path.iterdir()) == []
    assert run_report(phantom_file, "--sr", tmp_path / "a.sr.dcm").returncode == 0
    assert dcmread(tmp_path / "a.sr.dcm").SyntheticData == "YES"


def test_a_folder_of_drafts_tells_which_mean_nothing(unix_phantoms, phantom_file, chest, tmp_path):
    phantom, real = draft_files(unix_phantoms, [phantom_file, chest], SHORT, BatchSettings(tmp_path))
    assert OUT_OF_DOMAIN not in phantom.warnings and OUT_OF_DOMAIN in real.warnings
    assert SAID in (tmp_path / real.output).read_text("utf-8").splitlines()[0]
    assert SAID not in (tmp_path / phantom.output).read_text("utf-8")
    with (tmp_path / "outcomes.csv").open(encoding="utf-8", newline="") as stream:
        assert [SAID in row["warnings"] for row in csv.DictReader(stream)] == [False, True]


def test_in_a_folder_a_structured_report_is_refused_file_by_file(unix_phantoms, phantom_file, chest, tmp_path):
    (tmp_path / "sr").mkdir()
    batch = BatchSettings(tmp_path, as_json=True, sr_folder=tmp_path / "sr")
    real, phantom = draft_files(unix_phantoms, [chest, phantom_file], SHORT, batch)
    assert (real.status, str(real.error)) == (Status.FAILED, REFUSED)
    assert phantom.status is Status.CUT
    assert json.loads((tmp_path / phantom.output).read_text("utf-8"))["in_domain"] is True
    assert len(list((tmp_path / "sr").iterdir())) == len(list(tmp_path.glob("*.json"))) == 1


def test_the_bundle_that_comes_with_the_program_is_the_last_choice(tmp_path, monkeypatch):
    monkeypatch.setattr(model, "user_bundles", lambda: tmp_path / "exports")
    assert find_engines() == EMBEDDED
    (tmp_path / "exports" / "mine").mkdir(parents=True)
    (tmp_path / "exports" / "mine" / MANIFEST).touch()
    assert find_engines() == tmp_path / "exports" / "mine"
    monkeypatch.setenv("UNIX_EDGE_ENGINES", str(tmp_path / "named"))
    assert find_engines() == tmp_path / "named"


@pytest.mark.parametrize(
    ("device", "has_cuda", "taken"),
    [("auto", False, "b"), ("cpu", True, "b"), ("auto", True, "a"), ("cuda", False, "a"), ("tensorrt", True, "a")],
)
def test_of_the_newest_checkpoint_that_is_taken_which_suits_the_device(tmp_path, monkeypatch, device, has_cuda, taken):
    """c is the newest, an int4 of the same checkpoint as a and b; d is another's, and the oldest."""
    monkeypatch.setattr(model, "user_bundles", lambda: tmp_path)
    monkeypatch.setattr(model, "has_cuda", lambda: has_cuda)
    kinds = {"d": ("other", "int8"), "a": ("same", "fp16"), "b": ("same", "int8"), "c": ("same", "int4")}
    ours = Bundle.open(EMBEDDED).manifest
    for age, (name, (checkpoint, precision)) in enumerate(kinds.items()):
        (tmp_path / name).mkdir()
        path = tmp_path / name / MANIFEST
        path.write_text(dataclasses.replace(ours, checkpoint_sha256=checkpoint, precision=precision).to_json())
        os.utime(path, (1000 + age, 1000 + age))
    assert find_engines(device).name == taken
    (tmp_path / taken / MANIFEST).write_text("{}")
    os.utime(tmp_path / taken / MANIFEST, (1, 1))
    assert find_engines(device).name == "c", "the newest is taken where none suits"


def test_the_choice_is_told(tmp_path, monkeypatch, capsys):
    from unix_edge import cli

    monkeypatch.setattr(model, "user_bundles", lambda: tmp_path)
    cli._load(None, "cpu")
    assert str(EMBEDDED) in capsys.readouterr().err.replace("\n", "")
