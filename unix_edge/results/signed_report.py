"""A report that a person signed: what a machine drafted, and what it now says."""

from dataclasses import dataclass
from datetime import datetime

from ..provenance import RESEARCH_ONLY, UNTRAINED
from ..report import Report
from .ai_mark import AiMark


@dataclass(frozen=True, slots=True)
class SignedReport:
    """The text as it was signed; nobody was authenticated, so it is never verified."""

    draft: Report
    findings: str
    impression: str
    edited: bool
    """Whether a person changed what the machine wrote."""
    signer: str
    """The name that was typed."""
    signed: datetime
    """With its zone."""

    def mark(self, *, synthetic: bool = False) -> AiMark:
        """Return the mark that goes with it wherever it goes."""
        return AiMark(self.draft.provenance, self.edited, self.signer, synthetic)


def as_clean_text(findings: str, impression: str, mark: AiMark) -> str:
    """Return a report as plain text, as for a clipboard: no patient, and its mark below it."""
    sections = [
        f"{heading}:\n{text.strip()}"
        for heading, text in (("FINDINGS", findings), ("IMPRESSION", impression))
        if text.strip()
    ]
    words = RESEARCH_ONLY if mark.made.trained else f"{RESEARCH_ONLY} {UNTRAINED}"
    return "\n\n".join([*sections, f"{words}\n{mark.as_line()}"]) + "\n"
