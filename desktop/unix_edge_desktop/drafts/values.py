"""What is kept of a draft, as plain values: which image it is of, what the machine wrote, and what became of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from unix_edge.errors import SigningError
from unix_edge.provenance import Provenance
from unix_edge.report import Ended, Report
from unix_edge.results.signed_report import SignedReport
from unix_edge.sentences import Sentence, translatable

CUT_OFF = Sentence("the machine was cut off before it said which model it is; draft again")


class State(StrEnum):
    """What became of a draft; a signed or rejected one changes no more."""

    DRAFTED = "drafted"
    EDITED = "edited"
    SIGNED = "signed"
    REJECTED = "rejected"

    @property
    def is_final(self) -> bool:
        """Whether it changes no more."""
        return self in (State.SIGNED, State.REJECTED)


class Reason(StrEnum):
    """Why a draft was rejected; it goes into the log, where a person's own words could name a patient.

    Its value is English, and is translated where it is shown.
    """

    INVENTED = translatable("states what is not there")
    MISSED = translatable("misses what is there")
    SIDE = translatable("wrong side")
    PRIOR = translatable("compares with what was not seen")
    UNUSABLE = translatable("unusable text")
    NOT_NEEDED = translatable("not needed")
    OTHER = translatable("other")


@dataclass(frozen=True, slots=True)
class DraftImage:
    """The image that a draft is of, and whose, as far as a list of drafts says it."""

    sop_uid: str
    gray_sha256: str
    """Of the pixels that the model was shown (`hash_gray`)."""
    study_uid: str
    series_uid: str = ""
    patient_id: str = ""
    issuer: str = ""
    patient_name: str = ""
    study_date: str = ""
    accession: str = ""
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class MachineDraft:
    """What the machine wrote, kept as it came."""

    text: str
    findings: str
    impression: str
    ended: Ended
    tokens: tuple[int, ...] = ()
    log_probabilities: tuple[float, ...] = ()
    """Of each token (`Report.log_probabilities`)."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """`Provenance.as_dict`."""
    warnings: tuple[Sentence, ...] = ()
    in_domain: bool | None = None

    @classmethod
    def of(cls, report: Report) -> Self:
        """Return what is kept of a report."""
        sections = (report.text, report.findings, report.impression, report.ended)
        made = report.provenance.as_dict()
        return cls(*sections, report.tokens, report.log_probabilities, made, report.warnings, report.in_domain)

    def as_report(self) -> Report:
        """Return the report again.

        Raises:
            TypeError: Its provenance is not whole.
        """
        made = Provenance(**self.provenance)
        words = (self.text, self.findings, self.impression, self.tokens, self.log_probabilities)
        return Report(*words, self.ended, made, self.in_domain, self.warnings)


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """One version of an image's report, as it is on disk."""

    run: str
    version: int
    """Of the image, from 1; a new run makes a new one."""
    image: DraftImage
    state: State
    is_edited: bool
    """Whether a person changed what the machine wrote."""
    findings: str
    impression: str
    began: str
    """ISO 8601, with its zone, as the next two."""
    changed: str
    closed: str
    """When it was signed or rejected; else empty."""
    signer: str
    reason: Reason | None
    note: str
    """A person's own words on why it was rejected; not in the log."""
    machine: MachineDraft | None
    """None where the run was cut off before its end: what had come stands in the sections."""

    def as_signed_report(self) -> SignedReport:
        """Return it as what leaves is made of; without a signer it is a draft.

        Raises:
            SigningError: Its run was cut off, so that nobody can say what made it.
        """
        if self.machine is None:
            raise SigningError(CUT_OFF)
        when = datetime.fromisoformat(self.closed or self.changed)
        words = (self.findings, self.impression, self.is_edited)
        return SignedReport(self.machine.as_report(), *words, self.signer, when)


def hash_gray(gray: NDArray[Any]) -> str:
    """Return the SHA-256 of an image's size, depth and values."""
    described = f"{gray.dtype.str} {gray.shape} ".encode()
    return hashlib.sha256(described + np.ascontiguousarray(gray).tobytes()).hexdigest()
