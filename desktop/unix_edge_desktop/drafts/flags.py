"""What a reader should look at twice in a draft, each with its reason and its place; nothing is changed by it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from unix_edge.domain import OUT_OF_DOMAIN
from unix_edge.findings import Label, Side, find_labels, find_unasserted, locate
from unix_edge.report import Ended
from unix_edge.sentences import Sentence

from .draft_text import Section
from .prior_phrases import find_comparisons


class Flagged(StrEnum):
    """What is odd."""

    DOMAIN = "domain"
    CUT = "cut"
    PRIOR = "prior"
    CONTRADICTION = "contradiction"
    SIDE = "side"
    ONE_SECTION = "one section"


@dataclass(frozen=True, slots=True)
class Flag:
    """One of them."""

    what: Flagged
    section: Section | None
    """None where it is of the whole draft."""
    start: int
    end: int
    """Of the characters that it is of; the same as `start` where it is of a place."""
    reason: Sentence


def find_flags(findings: str, impression: str, ended: Ended | None, in_domain: bool | None) -> list[Flag]:
    """Return what is odd about a draft as it now stands, what is of the whole draft first.

    Args:
        findings: Of the draft.
        impression: Of the draft.
        ended: How the machine ended it; None where the machine failed.
        in_domain: Whether the model knows such images (`Report.in_domain`).
    """
    texts = {Section.FINDINGS: findings, Section.IMPRESSION: impression}
    flags = [Flag(Flagged.DOMAIN, None, 0, 0, OUT_OF_DOMAIN)] if in_domain is False else []
    if ended is not Ended.FINISHED:
        last = Section.IMPRESSION if impression.strip() else Section.FINDINGS
        end = len(texts[last])
        flags.append(Flag(Flagged.CUT, last, end, end, _how_cut(ended)))
    for section, text in texts.items():
        for start, end in find_comparisons(text):
            reason = Sentence('"{0}" compares with an earlier image, and the model has seen none.', text[start:end])
            flags.append(Flag(Flagged.PRIOR, section, start, end, reason))
    if findings.strip() and impression.strip():
        flags += _compare(texts)
    return flags


_TOLD = {
    Side.LEFT: Sentence("on the left"),
    Side.RIGHT: Sentence("on the right"),
    Side.BOTH: Sentence("on both sides"),
}


def _how_cut(ended: Ended | None) -> Sentence:
    if ended is Ended.STOPPED:
        return Sentence("The draft was stopped: the model had not ended it.")
    if ended is Ended.MAX_TOKENS:
        return Sentence("The draft is cut at its longest: the model had not ended it.")
    return Sentence("The draft was cut off as the model failed.")


_NORMAL = re.compile(
    r"\b(?:no (?:evidence of )?(?:acute|active|significant|abnormal)\b|normal (?:chest|study|exam\w*|radiograph)"
    r"|unremarkable|no findings?\b|no abnormalit|within normal limits)|^\W*normal\W*$",
    re.IGNORECASE,
)


def _compare(texts: dict[Section, str]) -> Iterator[Flag]:
    """Yield where FINDINGS and IMPRESSION do not say the same."""
    asserted = {section: find_labels(text) for section, text in texts.items()}
    for section, other in ((Section.FINDINGS, Section.IMPRESSION), (Section.IMPRESSION, Section.FINDINGS)):
        left_open = find_unasserted(texts[other])
        for label in asserted[section]:
            # Devices are seldom told twice, and that nothing was found is no finding.
            if label in (Label.NO_FINDING, Label.SUPPORT_DEVICES) or label in asserted[other]:
                continue
            start, end = locate(texts[section], label) or (0, 0)
            words = texts[section][start:end] or label.value
            if label in left_open:
                yield Flag(Flagged.CONTRADICTION, section, start, end, _says_otherwise(other, words))
            elif section is Section.FINDINGS and _NORMAL.search(texts[other]) and Label.NO_FINDING in asserted[other]:
                reason = Sentence('The findings state "{0}", and the impression calls the chest normal.', words)
                yield Flag(Flagged.CONTRADICTION, section, start, end, reason)
            else:
                yield Flag(Flagged.ONE_SECTION, section, start, end, _says_nothing(other, words))
    for label, side in asserted[Section.IMPRESSION].items():
        known = asserted[Section.FINDINGS].get(label)
        if side is not None and known is not None and side is not known:
            start, end = locate(texts[Section.IMPRESSION], label) or (0, 0)
            words = texts[Section.IMPRESSION][start:end] or label.value
            reason = Sentence(
                '"{0}" is {1} in the impression and {2} in the findings.', words, _TOLD[side], _TOLD[known]
            )
            yield Flag(Flagged.SIDE, Section.IMPRESSION, start, end, reason)


def _says_otherwise(other: Section, words: str) -> Sentence:
    if other is Section.FINDINGS:
        return Sentence('The impression states "{0}", which the findings deny or leave open.', words)
    return Sentence('The findings state "{0}", which the impression denies or leaves open.', words)


def _says_nothing(other: Section, words: str) -> Sentence:
    if other is Section.FINDINGS:
        return Sentence('The impression states "{0}", of which the findings say nothing.', words)
    return Sentence('The findings state "{0}", of which the impression says nothing.', words)
