"""The measurements of one image: added, changed and taken back, and kept in a file that is whole or not there."""

import contextlib
import hashlib
import json
import math
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from unix_edge.errors import UnixEdgeError
from unix_edge.files import write_atomically

from .measuring import KINDS, Measurement

VERSION = 1
_MOST = 1000
_LARGEST = 1e6
_MOST_BYTES = 1 << 20

Measurements = tuple[Measurement, ...]


class MeasurementSet:
    """Measurements, and every state that they were in."""

    def __init__(self, measurements: Measurements = ()) -> None:
        self._states: list[Measurements] = [measurements]
        self._at = 0

    @property
    def measurements(self) -> Measurements:
        """Those that there are now."""
        return self._states[self._at]

    def add(self, measurement: Measurement) -> None:
        """Add one."""
        self._change((*self.measurements, measurement))

    def replace(self, index: int, measurement: Measurement) -> None:
        """Put another in its place, as after it was moved."""
        if self.measurements[index] != measurement:
            self._change((*self.measurements[:index], measurement, *self.measurements[index + 1 :]))

    def move(self, index: int, across: float, down: float) -> None:
        """Move one by so many pixels of the image."""
        self.replace(index, self.measurements[index].moved(across, down))

    def delete(self, index: int) -> None:
        """Take one away."""
        self._change((*self.measurements[:index], *self.measurements[index + 1 :]))

    def undo(self) -> bool:
        """Go back one change; return whether there was one."""
        self._at -= (possible := self._at > 0)
        return possible

    def redo(self) -> bool:
        """Take back the last `undo`; return whether there was one."""
        self._at += (possible := self._at + 1 < len(self._states))
        return possible

    def to_json(self, uid: str, frame: int) -> str:
        """Write what there is now, of a frame of an image."""
        said = [{"kind": each.kind, "points": each.points} for each in self.measurements]
        return json.dumps({"version": VERSION, "uid": uid, "frame": frame, "measurements": said}, indent=1)

    @classmethod
    def from_json(cls, text: str, uid: str, frame: int) -> "MeasurementSet":
        """Read what `to_json` wrote of that frame.

        Raises:
            ValueError: It is not that.
        """
        try:
            said = json.loads(text)
            if (said["version"], said["uid"], said["frame"]) != (VERSION, uid, frame):
                raise ValueError
            return cls(tuple(_rebuild(each) for each in said["measurements"][:_MOST]))
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError from error

    def _change(self, measurements: Measurements) -> None:
        self._states[self._at + 1 :] = [measurements]
        self._at += 1


class MeasurementStore:
    """A folder with a file for each image that was measured; its names say nothing of whose image it is.

    While it is open there is one set for a frame, whoever shows it, so that nothing is lost between two views.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer = ThreadPoolExecutor(1, "measurements")
        self._open: dict[tuple[str, int], MeasurementSet] = {}
        self._failures: dict[Path, str] = {}

    def save(self, measurements: MeasurementSet, uid: str, frame: int) -> "Future[None]":
        """Write in the background, in the order of the calls; the future raises NoSpaceError or OutputError."""
        content = measurements.to_json(uid, frame).encode()
        return self._writer.submit(self._write, self.path(uid, frame), content)

    def restore(self, uid: str, frame: int) -> MeasurementSet:
        """Return what there is of a frame; a file that cannot be read is put aside, never overwritten."""
        if (uid, frame) not in self._open:
            self._open[uid, frame] = self._read(uid, frame)
        return self._open[uid, frame]

    def close(self) -> str:
        """Wait until everything is written; return why something could not be, in a sentence, else nothing."""
        self._writer.shutdown()
        return next(iter(self._failures.values()), "")

    def path(self, uid: str, frame: int) -> Path:
        """Return the file of a frame."""
        return self._folder / f"{hashlib.sha256(f'{uid} {frame}'.encode()).hexdigest()[:32]}.json"

    def _read(self, uid: str, frame: int) -> MeasurementSet:
        path = self.path(uid, frame)
        try:
            with path.open("rb") as file:
                text = file.read(_MOST_BYTES + 1).decode()
            return MeasurementSet.from_json(text, uid, frame)
        except FileNotFoundError:
            return MeasurementSet()
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".unreadable"))
            return MeasurementSet()

    def _write(self, path: Path, content: bytes) -> None:
        with contextlib.suppress(OSError):  # what it means is said by the write
            self._folder.mkdir(parents=True, exist_ok=True)
        try:
            write_atomically(path, content)
        except UnixEdgeError as error:
            self._failures[path] = str(error)
            raise
        self._failures.pop(path, None)


def _rebuild(said: Any) -> Measurement:
    kind = KINDS[said["kind"]]
    points = tuple((_number(x), _number(y)) for x, y in said["points"])
    if len(points) != kind.count:
        raise ValueError
    return kind(points)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise ValueError
    return value
