"""The log of what became of drafts, without a word on any patient, and as CSV and JSON for whoever counts.

IHE's AI Result Assessment for Imaging (AIRAI) knows three assessments: accepted, rejected, supplemented. A draft that
is signed as it came is accepted; one that a person edited before signing is supplemented.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What happened to a draft."""

    DRAFTED = "drafted"
    EDITED = "edited"
    """For the first time."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPPLEMENTED = "supplemented"

    @property
    def assessment(self) -> str:
        """AIRAI's word for it; empty where nothing was decided yet."""
        return self.value if self in (EventKind.ACCEPTED, EventKind.REJECTED, EventKind.SUPPLEMENTED) else ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log; its order is that of the sequence, whatever the clock said."""

    sequence: int
    time: str
    """ISO 8601, with its zone."""
    kind: EventKind
    edit_distance: int | None
    """Words that a person changed (`difference.edit_distance`); None where there is nothing to compare."""
    reason: str
    """Of a rejection: one of `values.Reason`, never a person's own words."""
    model: str
    """Name, precision and SHA-256 of the weights."""
    sop_uid_sha256: str

    def as_dict(self) -> dict[str, str | int | None]:
        """Return it as JSON can hold it."""
        return {
            "sequence": self.sequence,
            "time": self.time,
            "event": self.kind.value,
            "assessment": self.kind.assessment,
            "edit_distance": self.edit_distance,
            "reason": self.reason,
            "model": self.model,
            "sop_uid_sha256": self.sop_uid_sha256,
        }


def as_json(events: Iterable[Event]) -> bytes:
    """Return the log as a file of JSON."""
    return json.dumps([each.as_dict() for each in events], indent=1).encode()


def as_csv(events: Iterable[Event]) -> bytes:
    """Return the log as a table; no cell is one that a spreadsheet would take for a formula."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    names = list(Event(0, "", EventKind.DRAFTED, None, "", "", "").as_dict())
    rows.writerow(names)
    for each in events:
        cells = ["" if value is None else str(value) for value in each.as_dict().values()]
        rows.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells])
    return stream.getvalue().encode()


def hash_uid(uid: str) -> str:
    """Return the SHA-256 of a UID, which stands for it in the log."""
    return hashlib.sha256(uid.encode()).hexdigest()
