"""Many files to a folder: every file has an outcome, names are safe, and finished work is not done again."""

import csv
import json
import os
import signal
import subprocess
import sys

import pytest
from pydicom import dcmread

from unix_edge import ReportSettings
from unix_edge.batch import BatchSettings, Status, draft_files, list_files
from unix_edge.errors import ImageError, NoSpaceError, OutputError, PromptError
from unix_edge.sentences import Sentence

SHORT = ReportSettings(max_tokens=5)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def rows(folder):
    with (folder / "outcomes.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def drafts(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != "outcomes.csv")


def test_each_good_file_has_a_draft_and_a_bad_one_stops_nothing(unix, make_file, radiograph_png, folder, tmp_path):
    (tmp_path / "bad.dcm").write_text("no image")
    files = [make_file(tmp_path / "a.dcm"), tmp_path / "bad.dcm", tmp_path / "none.dcm", radiograph_png]
    outcomes = list(draft_files(unix, files, SHORT, BatchSettings(folder)))
    assert [each.status for each in outcomes] == [Status.CUT, Status.FAILED, Status.FAILED, Status.CUT]
    found = rows(folder)
    assert [row["file"] for row in found] == [str(file) for file in files]
    assert [row["status"] for row in found] == [each.status.value for each in outcomes]
    assert all(float(row["seconds"]) >= 0 for row in found)
    assert "neither DICOM, PNG nor JPEG" in found[1]["error"] and "there is no such file" in found[2]["error"]
    assert drafts(folder) == sorted(row["output"] for row in found if row["output"])
    text = (folder / found[0]["output"]).read_text("utf-8")
    assert text.startswith("AI DRAFT, NOT VERIFIED. Research use only. Not for diagnosis.")
    assert "cut here" in text and unix.report(files[0], SHORT).text.strip() in text
    assert json.loads(text.splitlines()[-1])["source"]["sop_instance_uid"] == "2.25.3"


def test_a_finished_draft_is_kept_until_bytes_or_settings_change(unix, make_file, folder, tmp_path):
    file = make_file(tmp_path / "a.dcm")

    def run(settings=SHORT, **options):
        (outcome,) = draft_files(unix, [file], settings, BatchSettings(folder, **options))
        return outcome

    first = run()
    (folder / first.output).write_text("edited by a reader")
    assert run().status is Status.KEPT and run().output == first.output
    assert (folder / first.output).read_text() == "edited by a reader"
    assert run(ReportSettings(max_tokens=6)).status is Status.CUT
    assert run(ReportSettings(max_tokens=5, prompt="Which side?")).status is Status.CUT
    assert run(as_json=True).status is Status.CUT
    make_file(file, seed=1)
    assert run().status is Status.CUT
    assert len(drafts(folder)) == 5


def test_files_of_one_name_do_not_collide(unix, make_file, folder, tmp_path):
    files = []
    for seed in (0, 1):
        (tmp_path / str(seed)).mkdir()
        files.append(make_file(tmp_path / str(seed) / "image.dcm", seed=seed))
    outputs = {outcome.output for outcome in draft_files(unix, files, SHORT, BatchSettings(folder))}
    assert len(outputs) == 2 and {name[:6] for name in outputs} == {"image-"}


@pytest.mark.parametrize("name", ["é ü 日本語.dcm", "a\nb\x1b[31m.dcm", "...", "x" * 200, "CON", "=1+1.dcm", "-rf.dcm"])
def test_names_are_made_safely(unix, make_file, folder, tmp_path, name):
    (outcome,) = draft_files(unix, [make_file(tmp_path / name)], SHORT, BatchSettings(folder))
    stem, suffix = outcome.output.rsplit(".", 1)
    assert suffix == "txt" and stem.isascii() and len(stem) <= 53
    assert all(each.isalnum() or each in "-_" for each in stem) and stem[0] not in "-."
    assert len(rows(folder)) == 1


def test_a_spreadsheet_takes_no_cell_for_a_formula(unix, make_file, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    list(draft_files(unix, [Path("=cmd"), make_file(Path("-a"))], SHORT, BatchSettings(folder)))
    assert [row["file"] for row in rows(folder)] == ["'=cmd", "'-a"]
    assert rows(folder)[0]["error"].startswith("'=cmd was not read")


def test_drafts_may_be_json_and_structured_reports(unix, make_file, radiograph_png, folder, tmp_path):
    files = [make_file(tmp_path / "a.dcm"), radiograph_png]
    first, second = draft_files(unix, files, SHORT, BatchSettings(folder, as_json=True, sr_folder=folder))
    draft = json.loads((folder / first.output).read_text("utf-8"))
    assert draft["file"] == str(files[0]) and draft["status"] == "DRAFT, not verified"
    dataset = dcmread(folder / first.output.replace(".json", ".sr.dcm"))
    assert (dataset.StudyInstanceUID, dataset.VerificationFlag) == ("2.25.1", "UNVERIFIED")
    assert second.status is Status.FAILED and "the image is not DICOM" in second.error
    assert len(drafts(folder)) == 2
    modes = {each.stat().st_mode & 0o777 for each in folder.iterdir()}
    assert modes == {0o600}, "they are about patients"


def test_what_is_odd_about_an_image_is_told(unix, make_file, folder, tmp_path, monkeypatch):
    reading = unix.read(make_file(tmp_path / "a.dcm"))
    reading.warnings = (Sentence("It has no window."), Sentence("It is odd."))
    monkeypatch.setattr(unix, "read", lambda *_, **__: reading)
    (outcome,) = draft_files(unix, [tmp_path / "a.dcm"], SHORT, BatchSettings(folder))
    assert outcome.warnings == reading.warnings and rows(folder)[0]["warnings"] == "It has no window. It is odd."


def test_an_unexpected_failure_of_one_file_stops_nothing(unix, make_file, folder, tmp_path, monkeypatch):
    files = [make_file(tmp_path / "a.dcm"), make_file(tmp_path / "b.dcm", seed=1)]
    read = unix.read

    def failing(file, **options):
        if file == files[0]:
            raise KeyError("Doe^Jane")
        return read(file, **options)

    monkeypatch.setattr(unix, "read", failing)
    first, second = draft_files(unix, files, SHORT, BatchSettings(folder))
    assert first.status is Status.FAILED and "(KeyError)" in first.error and "Doe" not in first.error
    assert second.status is Status.CUT


def test_what_would_fail_for_every_file_stops_at_once(unix, make_file, folder, tmp_path, monkeypatch):
    files = [make_file(tmp_path / "a.dcm"), make_file(tmp_path / "b.dcm", seed=1)]
    with pytest.raises(PromptError, match="1536 positions"):
        list(draft_files(unix, files, ReportSettings(prompt="left " * 3000), BatchSettings(folder)))

    def full(path, content, **_):
        raise NoSpaceError(path.parent)

    monkeypatch.setattr("unix_edge.batch.write_atomically", full)
    with pytest.raises(NoSpaceError):
        list(draft_files(unix, files, SHORT, BatchSettings(folder)))
    assert drafts(folder) == [] and rows(folder) == []


def test_folders_give_their_regular_files_sorted(tmp_path):
    for name in ("b/2.dcm", "b/1.dcm", "a.dcm", ".hidden", ".cache/c.dcm", "out/a-1.txt", "out/outcomes.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.dcm").symlink_to(tmp_path / "a.dcm")
    os.mkfifo(tmp_path / "pipe")
    names = ["a.dcm", "b/1.dcm", "b/2.dcm"]
    assert list_files([tmp_path], [tmp_path / "out"]) == [tmp_path / name for name in names]
    assert list_files([tmp_path / "z.dcm", tmp_path / "b"])[:2] == [tmp_path / "z.dcm", tmp_path / "b" / "1.dcm"]
    assert len(list_files([tmp_path])) == 5


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(ImageError, match="the folder holds no file"):
        list_files([tmp_path])


def test_a_pipe_is_refused_and_not_waited_for(unix, folder, tmp_path):
    os.mkfifo(tmp_path / "pipe.dcm")
    (outcome,) = draft_files(unix, [tmp_path / "pipe.dcm"], SHORT, BatchSettings(folder))
    assert "it is no regular file" in outcome.error


SLOW = """
import sys, time
import unix_edge.report as module
choose = module.choose
def slowly(*args):
    time.sleep(0.02)
    return choose(*args)
module.choose = slowly
from unix_edge.cli import main
sys.argv = {argv!r}
main()
"""


def test_ctrl_c_keeps_what_is_finished(engines, make_file, folder, tmp_path):
    (tmp_path / "in").mkdir()
    for seed in range(30):
        make_file(tmp_path / "in" / f"{seed:02}.dcm", seed=seed)
    argv = ["unix-edge", "report", "in", "--out-dir", "out", "--engines", str(engines), "--max-tokens", "20"]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(argv=argv)], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while not process.stderr.readline().startswith("2/30"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and "Interrupted" in said and "Traceback" not in said
    finished = rows(folder)
    assert 2 <= len(finished) < 30
    assert drafts(folder) == sorted(row["output"] for row in finished)


@pytest.fixture(scope="module")
def ours():
    """The model that comes with the program: none of these files comes to be drafted, so it need not be exported."""
    from unix_edge import UniX
    from unix_edge.bundle import EMBEDDED

    return UniX.load(EMBEDDED, "cpu")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(ours, folder, tmp_path, monkeypatch):
    with (tmp_path / "large.dcm").open("wb") as file:
        file.truncate(7 << 30)
    (tmp_path / "empty.png").touch()
    monkeypatch.setattr("unix_edge.batch.hashlib.sha256", lambda *_: pytest.fail("it was read"))
    monkeypatch.setattr("unix_edge.files.hashlib.file_digest", lambda *_: pytest.fail("it was read"))
    files = [tmp_path / "large.dcm", tmp_path / "empty.png"]
    large, empty = draft_files(ours, files, SHORT, BatchSettings(folder))
    assert "it is larger than 512 MiB" in large.error and "it is empty" in empty.error


def test_the_table_of_outcomes_is_not_written_through_a_link(ours, folder, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    (folder / "outcomes.csv").symlink_to(tmp_path / "thesis.txt")
    (outcome,) = draft_files(ours, [tmp_path / "none.dcm"], SHORT, BatchSettings(folder))
    assert outcome.status is Status.FAILED
    assert (tmp_path / "thesis.txt").read_text() == "mine"
    assert not (folder / "outcomes.csv").is_symlink() and len(rows(folder)) == 1


def test_no_part_of_a_name_is_a_cell_of_its_own_in_any_spreadsheet(ours, folder, tmp_path):
    names = ["a;=2+2;.dcm", "b\t=3+3\t.dcm", 'c";=4+4;".dcm', "d,@SUM(1),.dcm"]
    list(draft_files(ours, [tmp_path / name for name in names], SHORT, BatchSettings(folder)))
    assert [row["file"] for row in rows(folder)] == [str(tmp_path / name) for name in names]
    for line in (folder / "outcomes.csv").read_text("utf-8").splitlines():
        assert line.startswith('"') and line.endswith('"') and line.count('","') == 5


def test_a_second_batch_on_the_same_folder_is_told_so_and_takes_no_row(ours, folder, tmp_path):
    files = [tmp_path / "x.dcm", tmp_path / "y.dcm"]
    first = draft_files(ours, files, SHORT, BatchSettings(folder))
    next(first)
    with pytest.raises(OutputError, match="another run is writing drafts into the same folder"):
        next(draft_files(ours, files, SHORT, BatchSettings(folder)))
    next(first)
    first.close()
    assert len(rows(folder)) == 2
    assert len(list(draft_files(ours, files[:1], SHORT, BatchSettings(folder)))) == 1


def test_pipes_in_a_folder_are_named_as_skipped_and_nothing_waits_for_them(make_file, tmp_path):
    source, out = tmp_path / "films", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    make_file(source / "a.dcm")
    for name in ("pipe.dcm", "deep/pipe"):
        os.mkfifo(source / name)
    (source / "zero").symlink_to("/dev/zero")
    command = [sys.executable, "-m", "unix_edge.cli", "report", str(source), "--max-tokens", "3"]
    said = subprocess.run([*command, "--out-dir", str(out)], capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    found = {row["file"]: (row["status"], row["error"]) for row in rows(out)}
    assert set(found) == {str(source / name) for name in ("a.dcm", "pipe.dcm", "deep/pipe")}
    assert found[str(source / "pipe.dcm")] == ("skipped", "pipe.dcm was not read: it is no regular file.")
    assert "2 skipped" in said.stdout
    alone = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert alone.returncode == 0 and "pipe was skipped: it is no regular file." in alone.stderr
