"""The measurements of one image: added, changed and taken back, and kept in a file that is whole or not there."""

import math
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from unix_edge.sentences import Sentence

from ..storage.json_store import KeptFiles, Trouble
from .measuring import KINDS, MOST_WORDS, Measurement
from .viewport import Point

SAVE_AFTER = 1.0
"""Seconds from the first change to when it is written."""
_MOST = 1000
_LARGEST = 1e6

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

    def clear(self) -> None:
        """Take all away."""
        self._change(())

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to go back."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is an `undo` to take back."""
        return self._at + 1 < len(self._states)

    def undo(self) -> bool:
        """Go back one change; return whether there was one."""
        self._at -= (possible := self.can_undo)
        return possible

    def redo(self) -> bool:
        """Take back the last `undo`; return whether there was one."""
        self._at += (possible := self.can_redo)
        return possible

    def describe(self, uid: str, frame: int) -> dict[str, Any]:
        """Return what there is now, of a frame of an image, as JSON has it."""
        return {"uid": uid, "frame": frame, "measurements": [_describe(each) for each in self.measurements]}

    @classmethod
    def rebuild(cls, said: Mapping[str, Any], uid: str, frame: int) -> "MeasurementSet":
        """Read what `describe` returned of that frame.

        Raises:
            ValueError, KeyError, TypeError: It is not that.
        """
        if (said["uid"], said["frame"]) != (uid, frame):
            raise ValueError
        return cls(tuple(_rebuild(each) for each in said["measurements"][:_MOST]))

    def _change(self, measurements: Measurements) -> None:
        self._states[self._at + 1 :] = [measurements]
        self._at += 1


class MeasurementStore:
    """A folder with a file for each image that was measured.

    While it is open there is one set for a frame, whoever shows it, so that nothing is lost between two views.
    """

    def __init__(self, folder: Path, trouble: Trouble | None = None) -> None:
        """Read nothing yet; `trouble` hears, in another thread, why something is not saved, and that all is again."""
        self._files = KeptFiles(folder, SAVE_AFTER, trouble)
        self._open: dict[tuple[str, int], MeasurementSet] = {}
        self._reading = threading.Lock()

    def save(self, measurements: MeasurementSet, uid: str, frame: int) -> "Future[None]":
        """Write in the background, soon and once for all changes meanwhile; what fails is tried again.

        The future raises NoSpaceError or OutputError.
        """
        return self._files.write(f"{uid} {frame}", measurements.describe(uid, frame))

    def save_now(self) -> None:
        """Let what waits be written at once."""
        self._files.write_now()

    def restore(self, uid: str, frame: int) -> MeasurementSet:
        """Return what there is of a frame; a file that cannot be read is put aside, never overwritten.

        The file is read once, by whichever thread wants it first.
        """
        of = uid, frame
        if of not in self._open:  # else nobody waits for another's reading
            with self._reading:
                if of not in self._open:
                    self._open[of] = self._files.read(
                        f"{uid} {frame}", lambda said: MeasurementSet.rebuild(said, uid, frame), MeasurementSet()
                    )
        return self._open[of]

    def why_left(self, uid: str, frame: int) -> Sentence | None:
        """Return why what is measured on a frame is not written, in a sentence, else nothing."""
        return self._files.why_left(f"{uid} {frame}")

    def close(self) -> Sentence | None:
        """Wait until everything is written; return why something could not be, in a sentence, else nothing."""
        return self._files.close()

    def path(self, uid: str, frame: int) -> Path:
        """Return the file of a frame."""
        return self._files.path(f"{uid} {frame}")


def _describe(measurement: Measurement) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": measurement.kind, "points": measurement.points}
    if measurement.labels:
        said["labels"] = measurement.labels
    if measurement.words:
        said["words"] = measurement.words
    return said


def _rebuild(said: Any) -> Measurement:
    kind = KINDS[said["kind"]]
    points = tuple((_number(x), _number(y)) for x, y in said["points"])
    labels = tuple(None if each is None else _place(*each) for each in said.get("labels", ()))
    words = said.get("words", "")
    if len(points) != kind.count or len(labels) > 1 + len(kind.paths):
        raise ValueError
    if not isinstance(words, str) or len(words) > MOST_WORDS or (words and not kind.has_words):
        raise ValueError
    return kind(points, labels, words)


def _place(x: object, y: object) -> Point:
    return _number(x), _number(y)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise ValueError
    return value
