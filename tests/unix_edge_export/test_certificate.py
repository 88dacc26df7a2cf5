"""What a precision costs in findings is counted on the same phantoms, and stands in the bundle."""

import dataclasses
import shutil

import pytest

from unix_edge import UniX, cli
from unix_edge.bundle import EMBEDDED, MANIFEST, Bundle, FindingsRow, Manifest
from unix_edge.errors import BundleError, SettingsError
from unix_edge.findings import LABELS
from unix_edge_export.certificate import FIRST_SEED, count_findings, require_phantoms
from unix_edge_export.random_checkpoint import TINY, write_random_checkpoint
from unix_edge_export.reference.checkpoint import BundledCheckpoint, Checkpoint

COUNT = 6


@pytest.fixture(scope="module")
def source():
    return BundledCheckpoint(EMBEDDED)


@pytest.fixture(scope="module")
def found(source):
    bundle = Bundle.open(EMBEDDED)
    return count_findings(source, bundle, bundle.text(), COUNT, lambda what, done: None)


@pytest.fixture
def counted(found, tmp_path):
    """The bundle that comes along, with what was counted."""
    folder = shutil.copytree(EMBEDDED, tmp_path / "counted")
    path = folder / MANIFEST
    path.write_text(dataclasses.replace(Bundle.open(EMBEDDED).manifest, findings=found).to_json(), "utf-8")
    return folder


def test_engines_that_say_the_same_cost_nothing(found):
    assert (found.phantoms, found.first_seed, found.same_reports) == (COUNT, FIRST_SEED, 1.0)
    assert all(row.difference == row.low == row.high == 0 for row in found.rows)
    assert {label.value for label in LABELS} < {row.what for row in found.rows}
    assert next(row for row in found.rows if row.what == "F1 of all labels").value > 0.7
    assert found.processor


def test_engines_that_say_less_lose_it(source, monkeypatch):
    """What they say of every other phantom is nothing."""
    bundle, report, number = Bundle.open(EMBEDDED), UniX.report, iter(range(COUNT))

    def half(*args):
        told = report(*args)
        return dataclasses.replace(told, text=told.text if next(number) % 2 else "Nothing.")

    monkeypatch.setattr(UniX, "report", half)
    found = count_findings(source, bundle, bundle.text(), COUNT, lambda what, done: None)
    assert found.same_reports == 0.5
    whole = next(row for row in found.rows if row.what == "F1 of all labels")
    assert whole.difference < -0.1 and whole.low <= whole.difference <= whole.high <= 0


def test_it_stands_in_the_manifest_and_verify_tells_it(counted, found, capsys):
    assert Bundle.open(counted).manifest.findings == found
    with pytest.raises(SystemExit) as request:
        cli.app(["verify", str(counted)])
    told = capsys.readouterr().out
    assert request.value.code == 0
    assert f"Findings on {COUNT} computed phantoms beside float32" in told and "100.0% of the reports" in told
    assert all(label.value in told for label in LABELS) and "+0.00 points" in told
    with pytest.raises(SystemExit):
        cli.app(["verify", str(EMBEDDED)])
    assert "What this precision costs in findings was not counted." in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        {"phantoms": "6"},
        {"phantoms": 6.0},
        {"same_reports": True},
        {"processor": "\x1b" * 2000},
        {"rows": (FindingsRow("Edema", "0.9", 0, 0, 0),)},
        {"rows": (FindingsRow(["Edema"], 0.9, 0, 0, 0),)},
    ],
)
def test_what_cannot_be_of_it_is_refused(counted, found, change):
    manifest = dataclasses.replace(Bundle.open(EMBEDDED).manifest, findings=dataclasses.replace(found, **change))
    (counted / MANIFEST).write_text(manifest.to_json(), "utf-8")
    with pytest.raises(BundleError, match="manifest"):
        Bundle.open(counted)


def test_a_record_with_a_surplus_or_missing_field_is_refused(found):
    manifest = dataclasses.replace(Bundle.open(EMBEDDED).manifest, findings=found)
    for text in (
        manifest.to_json().replace('"phantoms"', '"fantoms"'),
        manifest.to_json().replace('"rows"', '"lines"'),
    ):
        with pytest.raises(ValueError, match="changed"):
            Manifest.from_json(text)


def test_nothing_is_counted_of_a_checkpoint_that_phantoms_say_nothing_of(source, tmp_path):
    write_random_checkpoint(tmp_path, TINY)
    require_phantoms(Checkpoint(tmp_path), 0)
    with pytest.raises(SettingsError, match="of the model that comes with the program alone"):
        require_phantoms(Checkpoint(tmp_path), 5)
    for many in (-1, 10**6):
        with pytest.raises(SettingsError, match="from 0 to 10000"):
            require_phantoms(source, many)
