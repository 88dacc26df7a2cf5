"""Patients, studies, series and images as the index knows them. All text is as it stands in the files."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class FileState(StrEnum):
    """What has become of a file since it was indexed."""

    PRESENT = "present"
    MISSING = "missing"
    CHANGED = "changed"


class Order(StrEnum):
    """In which studies are listed; those that do not say come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    TIME = "time"
    """Of the day."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One image, or another DICOM object of its study, and where it is."""

    sop_uid: str
    """Where the file has none, a name of ours that begins with "file:"; so too of series and study."""
    sop_class: str
    """Empty of a PNG or JPEG."""
    path: Path
    """Of the file, or of the archive that it is in."""
    member: str
    """Its name in the archive, else empty."""
    number: int | None
    rows: int
    """0 of what is no image."""
    columns: int
    frames: int
    synthetic: bool
    """Whether the file says that it is synthetic data."""
    size: int
    """Of what is at the path, when it was indexed."""
    modified_ns: int
    copies: tuple["Instance", ...] = ()
    """Files that hold the same image, as on a medium and in an archive."""
    conflict: bool = False
    """Whether another file has its SOP Instance UID and other content."""

    @property
    def name(self) -> str:
        """Its file's."""
        return self.member.rpartition("/")[2] or self.path.name

    @property
    def is_picture(self) -> bool:
        """Whether it is a PNG or JPEG, which tells of nobody."""
        return not self.sop_class

    def is_file_of(self, other: "Instance") -> bool:
        """Return whether it is the same file, which may be known by a copy of it by now."""
        return (other.path, other.member) in ((each.path, each.member) for each in (self, *self.copies))

    def present(self) -> "Instance":
        """Return it, or a copy of it that is still as it was indexed where it is not."""
        return next((each for each in (self, *self.copies) if each.state() is FileState.PRESENT), self)

    def state(self) -> FileState:
        """Look at the file: it may be gone, or another than was indexed."""
        try:
            status = self.path.stat()
        except (OSError, ValueError):
            return FileState.MISSING
        same = (status.st_size, status.st_mtime_ns) == (self.size, self.modified_ns)
        return FileState.PRESENT if same else FileState.CHANGED


@dataclass(frozen=True, slots=True)
class Series:
    """Images by number; the pictures of a folder by name."""

    uid: str
    number: int | None
    modality: str
    description: str
    body_part: str
    instances: tuple[Instance, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """Series by number."""

    uid: str
    date: str
    """YYYYMMDD, or whatever the file says."""
    time: str
    description: str
    accession: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Patient:
    """Studies, newest first.

    Two that share an ID and have other names are two patients; whoever has no ID is a patient of one study.
    """

    id: str
    issuer: str
    name: str
    birth_date: str
    sex: str
    studies: tuple[Study, ...]


def is_before(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Return whether a date and time is before another, as far as both say; of one day the times decide, if any."""
    (day, time), (its_day, its_time) = one, other
    if day != its_day:
        return bool(day) and day < its_day
    return bool(day and time) and time < its_time
