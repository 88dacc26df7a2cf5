"""Files are whole or not there."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from unix_edge import files
from unix_edge.errors import OutputError
from unix_edge.files import folder_written_aside, unused_path, write_atomically
from unix_edge.leftovers import remove_leftovers


def test_a_file_replaces_the_one_before_whole(tmp_path):
    path = tmp_path / "a.txt"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two" and [each.name for each in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o000])
def test_what_is_about_a_patient_is_for_this_user_alone_and_the_rest_as_the_umask_says(tmp_path, umask):
    was = os.umask(umask)
    try:
        (tmp_path / "theirs").touch(0o644)
        for name in ("theirs", "new"):
            write_atomically(tmp_path / name, b"a patient", private=True)
        write_atomically(tmp_path / "picture", b"of nobody")
        with folder_written_aside(tmp_path / "bundle"):
            pass
    finally:
        os.umask(was)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert modes == {"theirs": 0o600, "new": 0o600, "picture": 0o666 & ~umask, "bundle": 0o777 & ~umask}


def test_a_file_that_is_about_a_patient_is_private_before_its_first_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(files.os, "fsync", lambda descriptor: modes.append(os.fstat(descriptor).st_mode & 0o777))
    modes = []
    write_atomically(tmp_path / "a", b"a patient", private=True)
    assert modes == [0o600]


def test_a_folder_appears_only_when_it_is_complete(tmp_path):
    target = tmp_path / "deep" / "bundle"
    with folder_written_aside(target) as staging:
        (staging / "a").write_text("1")
        assert not target.exists()
    assert (target / "a").read_text() == "1"
    assert [each.name for each in target.parent.iterdir()] == ["bundle"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_a_folder_that_fails_leaves_nothing_and_keeps_what_was_there(tmp_path, failure):
    target = tmp_path / "deep" / "bundle"
    with pytest.raises(failure), folder_written_aside(target) as staging:
        (staging / "a").write_text("1")
        raise failure
    assert list(tmp_path.iterdir()) == []
    target.mkdir(parents=True)
    (target / "mine").write_text("old")
    with pytest.raises(failure), folder_written_aside(target) as staging:
        raise failure
    assert (target / "mine").read_text() == "old" and len(list(target.parent.iterdir())) == 1


def test_a_folder_replaces_the_one_before(tmp_path):
    target = tmp_path / "bundle"
    for text in ("old", "new"):
        with folder_written_aside(target) as staging:
            (staging / text).write_text(text)
    assert [each.name for each in target.iterdir()] == ["new"]
    assert [each.name for each in tmp_path.iterdir()] == ["bundle"]


def test_a_place_that_cannot_be_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="was not written"), folder_written_aside(tmp_path / "file" / "bundle"):
        pass


FULL = """
mount -t tmpfs -o size=64k none {folder} || exit 77
cd {folder}
{python} -c "
from pathlib import Path
from unix_edge.errors import NoSpaceError
from unix_edge import files
from unix_edge.files import folder_written_aside, write_atomically
for write in (lambda: write_atomically(Path('a.png'), bytes(200_000)), lambda: fill()):
    def fill():
        with folder_written_aside(Path('bundle')) as staging:
            (staging / 'weights').write_bytes(bytes(200_000))
    try:
        write()
    except NoSpaceError as error:
        print(error)
"
ls -A {folder}
"""


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path):
    script = FULL.format(folder=tmp_path, python=sys.executable)
    result = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"this machine lets no test mount a small disk: {result.stderr}"
    lines = result.stdout.strip().splitlines()
    assert len(lines) == 2 and all("not enough space" in line for line in lines), result.stdout


def test_a_new_name_is_nobodys(tmp_path):
    folder = tmp_path / "deep" / "out"
    for number in (1, 2, 3):
        path = unused_path(folder, "view", ".dcm")
        assert path == folder / f"view {number}.dcm"
        path.write_bytes(b"x")
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(OutputError, match="was not written"):
        unused_path(tmp_path / "file" / "within", "view", ".dcm")


def test_a_refused_rename_is_tried_again_for_two_seconds(tmp_path, monkeypatch):
    refusals, replace = iter([True, True, False]), Path.replace
    monkeypatch.setattr(files, "_WAIT", 0.0)

    def refuse(path, target):
        if next(refusals):
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    write_atomically(tmp_path / "a.txt", b"one")
    assert (tmp_path / "a.txt").read_bytes() == b"one"
    tries = []
    monkeypatch.setattr(Path, "replace", lambda *_: tries.append(1) or refuse_always())
    with pytest.raises(OutputError, match="Permission denied"):
        write_atomically(tmp_path / "a.txt", b"two")
    assert len(tries) == 6 and [each.name for each in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"one"


def test_the_tries_take_two_seconds(monkeypatch, tmp_path):
    waited = []
    monkeypatch.setattr(files.time, "sleep", waited.append)
    monkeypatch.setattr(Path, "replace", lambda *_: refuse_always())
    with pytest.raises(OutputError):
        write_atomically(tmp_path / "a.txt", b"one")
    assert sum(waited) == pytest.approx(2.0)


@pytest.mark.parametrize("at", [1, 2])
def test_a_signal_as_soon_as_a_folder_is_made_leaves_nothing_beside(tmp_path, monkeypatch, at):
    """Of the new one, and of the one in which the old one is to make way."""
    target, made, add = tmp_path / "bundle", [], files.Held.add
    target.mkdir()
    (target / "mine").write_text("old")

    def interrupt(held, path, descriptor=None):
        made.append(path)
        if len(made) == at:
            raise KeyboardInterrupt
        return add(held, path, descriptor)

    monkeypatch.setattr(files.Held, "add", interrupt)
    with pytest.raises(KeyboardInterrupt), folder_written_aside(target):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["bundle"] and (target / "mine").read_text() == "old"


@pytest.mark.parametrize("refused", [1, 2, 3])
def test_a_folder_is_never_lost_whatever_move_is_refused(tmp_path, monkeypatch, refused):
    """Of a replacement's moves the first, the second, or the second and the one that puts the old folder back."""
    target, calls, rename = tmp_path / "bundle", [], files._rename
    target.mkdir()
    (target / "mine").write_text("old")

    def refuse(path, to):
        calls.append(path)
        if len(calls) == min(refused, 2) or (refused == 3 and len(calls) == 3):
            refuse_always()
        rename(path, to)

    monkeypatch.setattr(files, "_rename", refuse)
    with pytest.raises(OutputError), folder_written_aside(target) as staging:
        (staging / "new").write_text("1")
    (kept,) = tmp_path.rglob("mine")
    assert kept.read_text() == "old" and (refused == 3 or kept.parent == target)
    assert len(list(tmp_path.iterdir())) == 1


def refuse_always():
    raise PermissionError(13, "Permission denied")


_KILLED = """
import os, sys
from pathlib import Path
from unix_edge import files
kind, target, files.MARK = sys.argv[1], Path(sys.argv[2]), "0123abcd"
die = lambda *_: os.kill(os.getpid(), 9)
if kind == "file":
    files._rename = die
    files.write_atomically(target, b"half")
else:
    calls = []
    rename = files._rename
    files._rename = lambda *both: die() if calls else (calls.append(1), rename(*both))
    with files.folder_written_aside(target) as aside:
        (aside / "new").write_text("1")
"""


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_kill_left_beside_a_target_is_removed_and_what_made_way_is_put_back(tmp_path, kind):
    target, other = tmp_path / "a.png", tmp_path / ".a.png.partial-ffffffffx"
    other.write_text("mine")
    if kind == "folder":
        target.mkdir()
        (target / "old").write_text("0")
    killed = subprocess.run([sys.executable, "-c", _KILLED, kind, str(target)], check=False)
    assert killed.returncode == -9 and len(list(tmp_path.iterdir())) == (2 if kind == "file" else 3)
    remove_leftovers(tmp_path, "0123abcd")
    assert other.exists() and len(list(tmp_path.iterdir())) == (1 if kind == "file" else 2)
    if kind == "folder":
        assert [each.name for each in target.iterdir()] == ["old"]


def test_what_others_could_have_written_is_not_own(tmp_path):
    from unix_edge.files import is_own

    path = tmp_path / "record"
    path.write_text("x")
    for mode, own in ((0o600, True), (0o644, True), (0o755, True), (0o664, False), (0o602, False), (0o777, False)):
        path.chmod(mode)
        assert is_own(path) is own
    path.chmod(0o600)
    (tmp_path / "link").symlink_to(path)
    assert not is_own(tmp_path / "link") and not is_own(tmp_path / "none")


def test_what_another_user_owns_is_not_own(tmp_path):
    from unix_edge.files import is_own

    if os.geteuid():
        pytest.skip("only root can give a file away")
    path = tmp_path / "record"
    path.write_text("x")
    os.chown(path, 65534, -1)
    assert not is_own(path)
