"""What a dead process left is removed by who may, and what lives, or is another's, is not touched."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from unix_edge.files import folder_written_aside, make_private_file, make_private_folder, write_atomically
from unix_edge.leftovers import TemporaryFolder, hidden_name, remove_dead, remove_leftovers

if sys.platform == "win32":
    pytest.skip("has no locks on folders", allow_module_level=True)

MARK = "0123abcd"
LONGEST = "ü" * 127  # 254 bytes
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give something away")

WRITER = """
import sys
from pathlib import Path
from unix_edge import files
kind, target = sys.argv[1], Path(sys.argv[2])
def wait(*_):
    print("writing", flush=True)
    sys.stdin.read()
if kind == "file":
    files._rename = wait
    files.write_atomically(target, b"half", private=True)
elif kind == "folder":
    with files.folder_written_aside(target) as aside:
        (aside / "half").write_text("1")
        wait()
elif kind == "made way":
    rename, calls = files._rename, []
    files._rename = lambda *both: wait() if calls else (calls.append(1), rename(*both))
    with files.folder_written_aside(target) as aside:
        (aside / "new").write_text("1")
else:
    from unix_edge.leftovers import TemporaryFolder
    folder = TemporaryFolder()
    (folder.path / "index").write_text("Doe^Jane")
    wait()
"""


@pytest.fixture
def writer(tmp_path):
    """Start a process that writes, and stops in the middle."""
    started = []

    def run(kind, target=tmp_path / "a", **environment):
        told = {**os.environ, **environment}
        command = [sys.executable, "-c", WRITER, kind, str(target)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=told)
        started.append(process)
        assert process.stdout.readline() == "writing\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def names(folder):
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_living_process_writes_is_left_to_it_and_a_dead_one_s_is_removed(tmp_path, writer, kind):
    process = writer(kind)
    remove_dead(tmp_path)
    remove_dead(tmp_path, "a")
    (left,) = tmp_path.iterdir()
    kill(process)
    remove_dead(tmp_path, "another")
    assert left.exists()
    remove_dead(tmp_path, "a")
    assert names(tmp_path) == []


def test_a_folder_that_made_way_is_put_back_once_nobody_writes(tmp_path, writer):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "old").touch()
    process = writer("made way")
    remove_dead(tmp_path)
    assert len(names(tmp_path)) == 2
    kill(process)
    remove_dead(tmp_path)
    assert names(tmp_path) == ["a"] and names(tmp_path / "a") == ["old"]


def test_what_made_way_never_takes_the_place_of_what_stands_there_now(tmp_path, writer):
    (tmp_path / "a").mkdir()
    kill(writer("made way"))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "newer").touch()
    remove_dead(tmp_path)
    assert names(tmp_path) == ["a"] and names(tmp_path / "a") == ["newer"]


@pytest.mark.parametrize("name", [".a.partial-xyz", ".partial-0123abcd", "a.partial-0123abcd00112233", ".a.partialx"])
def test_what_has_another_name_is_not_ours(tmp_path, name):
    (tmp_path / name).touch()
    remove_dead(tmp_path)
    remove_leftovers(tmp_path, MARK)
    assert names(tmp_path) == [name]


def test_pipes_and_links_under_our_names_are_left_alone(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").touch()
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / f".a.replaced-{MARK}00112233").symlink_to(elsewhere)
    (shared / f".a.partial-{MARK}00112233").symlink_to(elsewhere)
    (shared / f".b.partial-{MARK}00112233").symlink_to(elsewhere / "mine")
    os.mkfifo(shared / f".c.partial-{MARK}00112233")
    before = names(shared)
    remove_dead(shared)
    assert names(shared) == before and names(elsewhere) == ["mine"]
    remove_leftovers(shared, MARK)
    assert set(names(shared)) >= set(before[:2]) and names(elsewhere) == ["mine"]


def test_a_link_within_what_made_way_is_moved_and_not_followed(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "mine").touch()
    made_way = tmp_path / f".a.replaced-{MARK}00112233"
    made_way.mkdir()
    (made_way / "a").symlink_to(home)
    remove_leftovers(tmp_path, MARK)
    assert names(tmp_path) == ["a", "home"] and names(home) == ["mine"] and (tmp_path / "a").is_symlink()


@as_root
@pytest.mark.parametrize("kind", ["partial", "replaced"])
def test_what_another_user_put_there_is_not_touched(tmp_path, kind):
    theirs = tmp_path / f".a.{kind}-{MARK}00112233"
    theirs.mkdir()
    (theirs / "a").touch()
    os.chown(theirs, NOBODY, NOBODY)
    remove_dead(tmp_path)
    remove_leftovers(tmp_path, MARK)
    assert names(tmp_path) == [theirs.name] and names(theirs) == ["a"]


def test_names_as_long_as_a_disk_takes_are_written_and_cleaned_up(tmp_path, writer):
    write_atomically(tmp_path / LONGEST, b"x")
    with folder_written_aside(tmp_path / f"{LONGEST}b") as aside:
        (aside / "x").touch()
    with folder_written_aside(tmp_path / f"{LONGEST}b") as aside:
        (aside / "y").touch()
    assert names(tmp_path) == sorted([LONGEST, f"{LONGEST}b"])
    kill(writer("file", tmp_path / LONGEST))
    assert len(names(tmp_path)) == 3
    remove_dead(tmp_path, LONGEST)
    assert names(tmp_path) == sorted([LONGEST, f"{LONGEST}b"])
    assert len(os.fsencode(hidden_name(LONGEST, ".partial-", MARK))) <= 255


def test_a_writer_whose_file_was_taken_for_a_dead_one_s_writes_it_again(tmp_path, monkeypatch):
    """Between its opening and its lock."""
    from unix_edge.leftovers import Held

    add, taken = Held.add, []

    def late(held, path, *descriptor):
        if not taken:
            taken.append(path)
            remove_dead(tmp_path)
        return add(held, path, *descriptor)

    monkeypatch.setattr(Held, "add", late)
    write_atomically(tmp_path / "a", b"all of it")
    assert (tmp_path / "a").read_bytes() == b"all of it" and taken and names(tmp_path) == ["a"]
    taken.clear()
    with folder_written_aside(tmp_path / "b") as aside:
        (aside / "x").touch()
    assert names(tmp_path / "b") == ["x"] and names(tmp_path) == ["a", "b"]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The system's folder for what is temporary."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_temporary_folder_is_for_this_user_and_goes_at_the_end(temporary):
    with TemporaryFolder() as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700 and folder.path.parent == temporary
        (folder.path / "a").touch()
    assert names(temporary) == []


def test_a_killed_process_s_temporary_folder_goes_with_the_next_one_and_a_living_one_s_stays(temporary, writer):
    dead = writer("temporary", TMPDIR=str(temporary))
    writer("temporary", TMPDIR=str(temporary))
    assert len(names(temporary)) == 2
    kill(dead)
    with TemporaryFolder():
        assert len(names(temporary)) == 2
    assert len(names(temporary)) == 1


def test_a_process_that_ends_by_itself_leaves_no_temporary_folder(temporary):
    script = "from unix_edge.leftovers import TemporaryFolder\nkept = TemporaryFolder()\nraise SystemExit(3)"
    ended = subprocess.run([sys.executable, "-c", script], env={**os.environ, "TMPDIR": str(temporary)}, check=False)
    assert ended.returncode == 3 and names(temporary) == []


def test_other_folders_there_are_not_touched(temporary):
    for name, mode in (("unix-edge-abcdefgh", 0o755), ("unix-edge-other-one", 0o700), ("unix-edge-abc", 0o700)):
        (temporary / name).mkdir(mode=mode)
    (temporary / "unix-edge-12345678").symlink_to(temporary / "unix-edge-abc")
    (temporary / "unix-edge-aaaaaaaa").touch(mode=0o700)
    before = names(temporary)
    with TemporaryFolder():
        pass
    assert names(temporary) == before


@as_root
def test_another_user_s_temporary_folder_is_not_touched(temporary):
    theirs = temporary / "unix-edge-abcdefgh"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, NOBODY, NOBODY)
    with TemporaryFolder():
        pass
    assert names(temporary) == [theirs.name]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_files_become_this_user_s_alone(tmp_path):
    (tmp_path / "a").mkdir(mode=0o777)
    (tmp_path / "a").chmod(0o777)
    make_private_folder(tmp_path / "a")
    make_private_folder(tmp_path / "a" / "deep" / "er")
    (tmp_path / "a" / "file").write_text("kept")
    make_private_file(tmp_path / "a" / "file")
    make_private_file(tmp_path / "a" / "new")
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "deep" / "er") == 0o700
    assert mode(tmp_path / "a" / "file") == mode(tmp_path / "a" / "new") == 0o600
    assert (tmp_path / "a" / "file").read_text() == "kept"


def test_a_folder_that_the_user_moved_to_another_disk_and_linked_is_used(tmp_path):
    (tmp_path / "disk").mkdir(mode=0o755)
    (tmp_path / "data").symlink_to(tmp_path / "disk")
    make_private_folder(tmp_path / "data")
    assert mode(tmp_path / "disk") == 0o700


@as_root
@pytest.mark.parametrize("make", [make_private_folder, make_private_file])
def test_another_user_s_folder_file_or_link_gets_no_other_mode(tmp_path, make):
    theirs, mine = tmp_path / "theirs", tmp_path / "mine"
    for path in (theirs, mine):
        path.mkdir(mode=0o755) if make is make_private_folder else path.touch(mode=0o644)
    os.chown(theirs, NOBODY, NOBODY)
    link = tmp_path / "link"
    link.symlink_to(mine)
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    before = mode(mine), mode(theirs)
    for path in (theirs, link):
        with pytest.raises(OSError, match=r"not permitted|symbolic links|Not a directory"):
            make(path)
    assert (mode(mine), mode(theirs)) == before


def test_a_link_that_is_swapped_in_is_not_followed(tmp_path, monkeypatch):
    """Another user may do that where the folder is writable for both."""
    target, victim = tmp_path / "data", tmp_path / "victim"
    victim.mkdir(mode=0o755)
    make = Path.mkdir

    def swapped(path, *arguments, **options):
        make(path, *arguments, **options)
        path.rmdir()
        path.symlink_to(victim)
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    if os.geteuid() != 0:
        pytest.skip("only root can give something away")
    monkeypatch.setattr(Path, "mkdir", swapped)
    with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
        make_private_folder(target)
    assert mode(victim) == 0o755


def test_folders_that_are_reached_through_links_are_written_and_cleaned_up(tmp_path, writer):
    (tmp_path / "disk" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    through = tmp_path / "link" / "deep"
    write_atomically(through / "a", b"x")
    for content in "12":
        with folder_written_aside(through / "b") as aside:
            (aside / content).touch()
    kill(writer("folder", through / "c"))
    assert len(names(tmp_path / "disk" / "deep")) == 3
    remove_dead(through)
    assert names(tmp_path / "disk" / "deep") == ["a", "b"] and names(through / "b") == ["2"]
    make_private_folder(tmp_path / "link" / "made" / "here")
    assert mode(tmp_path / "disk" / "made" / "here") == 0o700
