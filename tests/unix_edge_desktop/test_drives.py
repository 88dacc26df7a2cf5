"""Which folders are another machine's, and what that means for the index."""

import sqlite3
import sys
from pathlib import Path

import pytest

from unix_edge_desktop.studies import drives
from unix_edge_desktop.studies import index as module
from unix_edge_desktop.studies.drives import file_system, is_remote
from unix_edge_desktop.studies.index import NAME, StudyIndex


@pytest.mark.parametrize(
    ("kind", "remote"),
    [("nfs", True), ("nfs4", True), ("cifs", True), ("smb3", True), ("fuse.sshfs", True), ("9p", True)]
    + [(each, False) for each in ("ext4", "xfs", "btrfs", "tmpfs", "overlay", "fuseblk")],
)
def test_file_systems_are_told_apart_by_the_nearest_mount(tmp_path, monkeypatch, kind, remote):
    mounts, share = tmp_path / "mountinfo", tmp_path / "my share"
    (share / "deep").mkdir(parents=True)
    where = str(share).replace(" ", "\\040")
    mounts.write_text(
        "22 1 8:1 / / rw,noatime shared:1 master:2 - ext4 /dev/sda1 rw\n"
        f"31 22 0:40 / {where} rw,relatime - {kind} server:/home rw,vers=4\n"
    )
    monkeypatch.setattr(drives, "_MOUNTS", mounts)
    assert is_remote(share / "deep") is is_remote(share) is remote
    assert file_system(share / "deep") == kind and file_system(tmp_path) == "ext4"
    monkeypatch.setattr(drives, "_MOUNTS", tmp_path / "none")
    assert not is_remote(share)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists its mounts there")
def test_the_mounts_of_this_machine_are_read():
    assert file_system(Path("/proc")) == "proc" and not is_remote(Path("/proc"))


@pytest.mark.parametrize(("remote", "mode"), [(True, "delete"), (False, "wal")])
def test_the_index_has_no_write_ahead_log_on_another_machine(tmp_path, monkeypatch, remote, mode):
    for first in (remote, not remote, remote):  # a home that moved to a share, and back
        monkeypatch.setattr(module, "is_remote", lambda _, first=first: first)
        index = StudyIndex(tmp_path)
        index.begin_opening([tmp_path / str(first)])
        assert index.patients() == () and not index.notice
        index.close()
    found = sqlite3.connect(tmp_path / NAME)
    assert found.execute("PRAGMA journal_mode").fetchone()[0] == mode
    found.close()
