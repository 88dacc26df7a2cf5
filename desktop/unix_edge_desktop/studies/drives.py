"""Which folders lie on another machine: there the index must not use SQLite's write-ahead log."""

import re
import sys
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = {"9p", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "nfs", "nfs4", "rclone", "smb3", "sshfs"}
_DRIVE_REMOTE = 4


def is_remote(folder: Path) -> bool:
    """Return whether a folder is on a network drive, as far as Linux or Windows says so; on others it is not known."""
    if sys.platform == "win32":  # not run: no such machine here
        import ctypes

        root = folder.absolute().drive + "\\"
        return root.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(root) == _DRIVE_REMOTE
    return file_system(folder).removeprefix("fuse.") in _REMOTE


def file_system(folder: Path) -> str:
    """Return the kind of file system that a folder is on, as Linux lists it; empty where it lists none."""
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    real, kinds = folder.resolve(), dict[Path, str]()
    for line in lines:  # ID, parent, device, root, mount point, options, more of them, "-", kind, source, options
        before, _, after = line.partition(" - ")
        kinds[Path(_unescape(before.split(" ")[4]))] = after.split(" ")[0]
    return next((kinds[each] for each in (real, *real.parents) if each in kinds), "")


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
