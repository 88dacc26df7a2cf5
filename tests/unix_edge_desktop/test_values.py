"""What is kept of a draft is the machine's report, and says which pixels it was of."""

import numpy as np
import pytest

from unix_edge.errors import SigningError
from unix_edge.provenance import Provenance
from unix_edge.report import Ended, Report
from unix_edge.sentences import Sentence
from unix_edge_desktop.drafts.values import DraftImage, KeptDraft, MachineDraft, State, hash_gray

MADE = Provenance(
    "UniX Edge 1", "UniX", "ab", "fp16", "cpu", True, {"seed": 1}, "2026-01-01T00:00:00+00:00", {"a": "b"}
)
REPORT = Report("t", "f", "i", (1, 2), (-0.5, -1.5), Ended.STOPPED, MADE, False, (Sentence("Odd."),))


def test_a_report_comes_back_as_it_was():
    kept = MachineDraft.of(REPORT)
    assert kept.as_report() == REPORT and kept.provenance["parameters"] == {"seed": 1}
    with pytest.raises(TypeError):
        MachineDraft("t", "f", "i", Ended.FINISHED).as_report()


def keep(machine, **values):
    usual = {"state": State.DRAFTED, "is_edited": False, "closed": "", "signer": ""}
    times = {"began": "2026-01-01T10:00:00.000+01:00", "changed": "2026-01-01T11:00:00.000+01:00"}
    said = {"findings": "Mine.", "impression": "", "reason": None, "note": "", "machine": machine}
    return KeptDraft("run", 1, DraftImage("1", "2", "3"), **{**usual, **times, **said, **values})


def test_what_leaves_is_made_of_what_is_kept():
    kept = keep(MachineDraft.of(REPORT), is_edited=True, signer="Roe", closed="2026-01-01T12:00:00.000+01:00")
    signed = kept.as_signed_report()
    assert (signed.draft, signed.findings, signed.edited, signed.signer) == (REPORT, "Mine.", True, "Roe")
    assert signed.signed.isoformat() == "2026-01-01T12:00:00+01:00"
    draft = keep(MachineDraft.of(REPORT)).as_signed_report()
    assert draft.signer == "" and draft.signed.hour == 11
    with pytest.raises(SigningError, match="cut off"):
        keep(None).as_signed_report()


def test_other_pixels_have_another_hash():
    gray = np.arange(12, dtype=np.uint8).reshape(3, 4)
    others = [gray.reshape(4, 3), gray.astype(np.uint16), gray[::-1], gray + 1]
    assert hash_gray(gray) == hash_gray(gray.copy()) == hash_gray(np.asfortranarray(gray))
    assert len({hash_gray(gray), *map(hash_gray, others)}) == 5


def test_what_is_signed_or_rejected_is_final():
    assert [each.is_final for each in State] == [False, False, True, True]
