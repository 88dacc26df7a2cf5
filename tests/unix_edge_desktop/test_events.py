"""The log leaves as CSV and as JSON, in IHE AIRAI's words where something was decided."""

import csv
import io
import json

from unix_edge_desktop.drafts.events import Event, EventKind, as_csv, as_json

EVENTS = [
    Event(1, "2026-01-01T10:00:00.000+01:00", EventKind.DRAFTED, None, "", "UniX fp16 ab", "cd"),
    Event(2, "2026-01-01T10:01:00.000+01:00", EventKind.SUPPLEMENTED, 7, "", "=UniX", "cd"),
    Event(3, "2026-01-01T10:02:00.000+01:00", EventKind.REJECTED, 0, "wrong side", "UniX", "cd"),
]


def test_as_json_and_as_csv_it_says_the_same():
    told = json.loads(as_json(EVENTS))
    assert [each["assessment"] for each in told] == ["", "supplemented", "rejected"]
    assert told[1] == EVENTS[1].as_dict() and told[1]["edit_distance"] == 7
    rows = list(csv.DictReader(io.StringIO(as_csv(EVENTS).decode())))
    assert [row["event"] for row in rows] == ["drafted", "supplemented", "rejected"]
    assert rows[0]["edit_distance"] == "" and rows[2]["edit_distance"] == "0" and rows[2]["reason"] == "wrong side"
    assert rows[1]["model"] == "'=UniX"


def test_only_what_was_decided_is_an_assessment():
    assert {each.assessment for each in EventKind} == {"", "accepted", "rejected", "supplemented"}
