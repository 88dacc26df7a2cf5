"""Two users on one machine: another one reads no draft, and cannot make us write, move or remove anything."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from unix_edge.bundle import EMBEDDED
from unix_edge.phantom.compute import compute_phantom
from unix_edge.phantom.dicom import write_phantom

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c"]
pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root is two users"
)


@pytest.fixture
def shared():
    """A folder that everybody may write to, in one that everybody may enter."""
    outer = Path(tempfile.mkdtemp())
    outer.chmod(0o755)
    folder = outer / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(outer)


@pytest.fixture
def film(tmp_path):
    write_phantom(compute_phantom(10000007, 256), tmp_path / "film.dcm")
    return tmp_path / "film.dcm"


def as_nobody(script):
    return subprocess.run([*NOBODY, script], capture_output=True, text=True, check=False)


def report(film, out, *options, **environment):
    command = [sys.executable, "-m", "unix_edge.cli", "report", film, "--engines", EMBEDDED, "--max-tokens", "12"]
    command += ["--out-dir", out, *options]
    environment = {**os.environ, **environment}
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, timeout=120, env=environment, umask=0
    )


def test_another_user_reads_nothing_of_a_batch_not_even_of_one_that_was_killed(shared, film):
    assert as_nobody(f"touch {shared}/theirs && ls {shared}").returncode == 0, "they can write there"
    assert report(film, shared, "--sr", shared / "sr", "--json").returncode == 0
    ours = [path for path in shared.rglob("*") if path.is_file() and path.name != "theirs"]
    assert {path.suffix for path in ours} == {".json", ".dcm", ".csv"}
    for path in ours:
        assert as_nobody(f"cat '{path}'").returncode != 0 and path.stat().st_mode & 0o077 == 0
    script = (
        "import os; from pathlib import Path; from unix_edge import files\n"
        "os.umask(0); files._rename = lambda *_: os.kill(os.getpid(), 9)\n"
        f"files.write_atomically(Path({str(shared / 'draft')!r}), b'Doe^Jane', private=True)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    (half,) = shared.glob(".draft.partial-*")
    assert as_nobody(f"cat '{half}'").returncode != 0


def test_another_user_s_links_are_not_written_through_and_their_folders_not_moved(shared, film, tmp_path):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "keys").write_text("secret")
    mark = "0123abcd00112233"
    planted = as_nobody(
        f"cd {shared}; ln -s {victim}/keys outcomes.csv; ln -s {victim} .a.replaced-{mark};"
        f"ln -s {victim}/keys .b.partial-{mark}; mkdir .c.replaced-{mark}; touch .c.replaced-{mark}/c; ls -A | wc -l"
    )
    assert planted.stdout.strip() == "4"
    assert report(film, shared).returncode == 0
    assert (victim / "keys").read_text() == "secret" and [each.name for each in victim.iterdir()] == ["keys"]
    assert not (shared / "outcomes.csv").is_symlink() and not (shared / "c").exists()
    assert (shared / f".c.replaced-{mark}" / "c").exists()


def test_another_user_s_temporary_folder_under_our_name_is_left_alone(shared, film, tmp_path):
    assert as_nobody(f"mkdir -m 700 {shared}/unix-edge-abcdefgh").returncode == 0
    command = [sys.executable, "-m", "unix_edge.cli", "view", str(film), "--screenshot", str(tmp_path / "a.png")]
    environment = {**os.environ, "TMPDIR": str(shared), "QT_QPA_PLATFORM": "offscreen"}
    assert subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120).returncode == 0
    assert [each.name for each in shared.iterdir()] == ["unix-edge-abcdefgh"]


def test_another_user_who_holds_the_folder_is_told_of_and_nothing_is_written(shared, film):
    holding = f"exec 9<{shared}; flock 9; echo held; sleep 60"
    with subprocess.Popen([*NOBODY, holding], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        said = report(film, shared)
        holder.kill()
    assert said.returncode == 1 and "another run is writing drafts" in said.stderr
    assert list(shared.iterdir()) == []
