"""What a chest radiograph's report asserts: the fourteen CheXpert labels and their sides, by rule.

As CheXpert's labeler does, phrases are looked up sentence by sentence, and what is negated or uncertain is left out.
"""

import re
from enum import StrEnum
from typing import NamedTuple


class Label(StrEnum):
    """The CheXpert-14."""

    NO_FINDING = "No Finding"
    ENLARGED_CARDIOMEDIASTINUM = "Enlarged Cardiomediastinum"
    CARDIOMEGALY = "Cardiomegaly"
    LUNG_LESION = "Lung Lesion"
    LUNG_OPACITY = "Lung Opacity"
    EDEMA = "Edema"
    CONSOLIDATION = "Consolidation"
    PNEUMONIA = "Pneumonia"
    ATELECTASIS = "Atelectasis"
    PNEUMOTHORAX = "Pneumothorax"
    PLEURAL_EFFUSION = "Pleural Effusion"
    PLEURAL_OTHER = "Pleural Other"
    FRACTURE = "Fracture"
    SUPPORT_DEVICES = "Support Devices"


LABELS = tuple(Label)
FIVE = (Label.CARDIOMEGALY, Label.EDEMA, Label.CONSOLIDATION, Label.ATELECTASIS, Label.PLEURAL_EFFUSION)
"""Those on which CheXpert's readers competed."""
MIDLINE = frozenset({Label.NO_FINDING, Label.ENLARGED_CARDIOMEDIASTINUM, Label.CARDIOMEGALY, Label.EDEMA})
"""Labels that have no side."""


class Side(StrEnum):
    """The patient's side."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "bilateral"


def merge_sides(one: Side | None, other: Side | None) -> Side | None:
    """Return the side of a label that is found twice."""
    if one is None or other is None:
        return one or other
    return one if one is other else Side.BOTH


# What may stand between an organ and the word that calls it enlarged.
_LINK = (
    r"(?:(?:size|shadow|silhouette|contours?|borders?|and|the|of|is|are|was|looks|appears?|remains|shows|to be|not"
    r"|mediastin\w+|cardiomediastin\w+|upper|superior|surface|slight(?:ly)?|mild(?:ly)?|moderate(?:ly)?|marked(?:ly)?"
    r"|severe(?:ly)?|massive(?:ly)?|gross(?:ly)?|small|calcified|in) )*"
)
_OF = r"(?:(?:of|the|upper|superior) )*"
_HEART = r"(?:heart|cardiac)"
_MEDIASTINUM = r"(?:cardio)?-?mediastin(?:um|al)"
_WIDE = r"(?:wide|widened|widening|enlarged|enlargement|broad|broadened|prominent|prominence)"

# None is a normal statement: it asserts nothing, and the sides before it are its own.
_PHRASES: dict[Label | None, str] = {
    None: r"clear|normal|unremarkable|sharp|intact|well (?:expanded|inflated|aerated)",
    Label.ENLARGED_CARDIOMEDIASTINUM: rf"{_MEDIASTINUM} {_LINK}{_WIDE}|{_WIDE} {_OF}{_MEDIASTINUM}",
    Label.CARDIOMEGALY: rf"cardiomegaly|{_HEART} {_LINK}(?:enlarged|enlargement|increased|large|big)"
    rf"|(?:enlarged|enlargement|increased|large|big) {_OF}{_HEART}",
    Label.LUNG_LESION: r"nodules?|mass(?:es)?(?! effect)|tumou?rs?|neoplasms?|malignancy"
    r"|(?<!bone )(?<!bony )(?<!osseous )(?<!lytic )(?<!sclerotic )lesions?",
    Label.LUNG_OPACITY: r"opaci\w+|haz[ey]|haziness|ground[- ]glass|infiltrat\w+|air[- ]?space (?:disease|process)"
    r"|reticulations?",
    Label.EDEMA: r"(?<!subcutaneous )(?<!soft tissue )o?edema|congest\w+|vascular engorgement|cephali[sz]ation|chf"
    r"|heart failure|fluid overload|kerley",
    Label.CONSOLIDATION: r"consolidat\w+",
    Label.PNEUMONIA: r"(?:broncho)?pneumonias?|infection|infectious",
    Label.ATELECTASIS: r"atelecta\w+|(?<!vertebral )collapsed?|volume loss|loss of volume",
    Label.PNEUMOTHORAX: r"(?:hydro)?pneumo-?thora(?:x|xes|ces)|ptx",
    Label.PLEURAL_EFFUSION: r"(?<!pericardial )effusions?|pleural fluid|h(?:ydro|a?emo)thorax|hydropneumothorax"
    r"|blunt\w*",
    Label.PLEURAL_OTHER: rf"pleural? {_LINK}(?:thicken\w*|scar\w*|calcif\w+)|thicken\w*(?: \w+){{0,5}} pleura"
    r"|plaques?|fibrothorax|apical caps?",
    Label.FRACTURE: r"fractur\w+|broken (?:ribs?|clavicles?)",
    Label.SUPPORT_DEVICES: r"devices?|tubes?|catheters?|cannulas?|picc|ports?|port-?a-?cath|mediport|pacemakers?"
    r"|pacers?|aicd|icd|defibrillators?|generators?|leads|drains?|hardware|screws?|swan-ganz|ett|ngt"
    r"|(?:central|venous|jugular|subclavian|arterial|support|monitoring|dialysis) lines?",
}
_PATTERNS = {label: re.compile(rf"\b(?:{phrase})\b") for label, phrase in _PHRASES.items()}

_SENTENCE = re.compile(
    r"(?<!\d)[.](?!\d)|[.](?=\s|$)|[;!?]|\n(?=\W*(?:[A-Z]|$))|\b(?:FINDINGS|IMPRESSION)\b|\b(?i:findings|impression):"
)
_UNCHANGED = re.compile(r"\b(?:no|without|not) (?:\w+ ){0,2}(?:chang\w+|increase|decrease)\b")

_NEGATION = re.compile(
    r"\b(?:no|not|without|neither|nor|free (?:of|from)|absence of|negative for|clear of|lack of|lacks|resol\w+ of"
    r"|removal of|rather than|exclud\w+|rule out|possibl[ey]|may|might|could|questionable|question of|suspicious"
    r"|suspected|suspicion|concern\w*)\b"
)
_SCOPE_END = re.compile(
    r"\b(?:but|however|although|though|except|other than|apart from|aside from|there (?:is|are)"
    r"|(?<!consistent )(?<!compatible )(?<!associated )(?<!keeping )with|heart (?:size|is)"
    r"|lungs are|the (?:heart|lungs|cardiac|mediastinum|mediastinal)"
    r"|and (?:the|a|an))\b|, (?:the|a|an) "
)
_VERB = r"\b(?:is|are|was|were|has|have|be|been|can|cannot)\b"
_NEGATED_AFTER = re.compile(
    rf"^(?:(?!{_VERB})[^,])*(?:{_VERB} ?)*"
    r"\b(?:absent|excluded|resolved|removed|unlikely|possible|questionable|ruled out|no longer"
    r"|not (?:\w+ly )?(?:seen|present|evident|identified|visuali[sz]ed|appreciated|detected|demonstrated|excluded))"
)

_SIDE = re.compile(
    r"\b(?:(?P<left>left(?! ventric| atri| heart)|l[ul]l)|(?P<right>right(?! ventric| atri| heart)|r[uml]l)"
    r"|bilateral(?:ly)?|both|bibas\w+|biapical)\b"
)
_BOTH = re.compile(
    r"\b(?:left|right)(?:-sided)?(?: (?:upper|middle|mid|lower|basal|basilar|apical))*"
    r" (?:and|or|more than|greater than|larger than|less than|>|<) (?:the )?(?:left|right)\b"
)
_PLACED = re.compile(rf"^[^,]*?\b(?:on|in|at|of|over|from|via|along|within|involving|to) (?:the )?{_SIDE.pattern}")
_SHARED = re.compile(r"^\W*$|\b(?:and|with|or|likely|represent\w+|reflect\w+|due to|from)\b")


def find_labels(text: str) -> dict[Label, Side | None]:
    """Find what a report asserts as present, and on which side.

    What it denies or only suspects is left out. `No Finding` is present where nothing else is but support devices.
    As CheXpert has it, "airspace disease" is a lung opacity, and "collapse" an atelectasis.

    Args:
        text: A report, or a part of one; a model's may be cut, or lack its full stops.
    """
    found: dict[Label, Side | None] = {}
    for sentence in _SENTENCE.split(text.replace("\ufffd", " ")):
        for label, side in _read(_BOTH.sub("both", " ".join(sentence.lower().split()))):
            found[label] = merge_sides(found.get(label), side)
    return complete(found)


def find_unasserted(text: str) -> set[Label]:
    """Find the labels that a text mentions without asserting them anywhere: it denies or only suspects them."""
    sentences = (" ".join(each.lower().split()) for each in _SENTENCE.split(text))
    mentions = (mention for each in sentences for group in _find_mentions(each) for mention in group)
    return {mention.label for mention in mentions if mention.label is not None} - find_labels(text).keys()


def locate(text: str, label: Label) -> tuple[int, int] | None:
    """Return where the words stand by which a text asserts a label; None where it does not, or across lines."""
    lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    start = 0
    for end in [*(match.start() for match in _SENTENCE.finditer(text)), len(text)]:
        if label is not Label.NO_FINDING and label in find_labels(text[start:end]):
            blanks = re.sub(r"\s", " ", lowered[start:end])
            found = next(
                (
                    (start + match.start(), start + match.end())
                    for match in _PATTERNS[label].finditer(blanks)
                    if not _is_denied(blanks, _Mention(*match.span(), label))
                ),
                None,
            )
            if found:
                return found
        start = end
    return None


def find_phrases(text: str) -> set[str]:
    """Find the words for findings, devices and normal states that a text uses, whether it asserts or denies them."""
    lowered = " ".join(text.lower().split())
    return {match.group() for pattern in _PATTERNS.values() for match in pattern.finditer(lowered)}


def complete(found: dict[Label, Side | None]) -> dict[Label, Side | None]:
    """Return labels in their order, with `No Finding` where it is due."""
    if not found.keys() - {Label.SUPPORT_DEVICES}:
        found = {Label.NO_FINDING: None, **found}
    return {label: found[label] for label in LABELS if label in found}


def _read(sentence: str) -> list[tuple[Label, Side | None]]:
    """Return the labels that a sentence asserts, with their sides, as often as it says them."""
    asserted = []
    groups = _find_mentions(sentence)
    floor, last = 0, None  # before the floor, sides are others'; the last group's side may be shared
    for index, group in enumerate(groups):
        following = groups[index + 1][0].start if index + 1 < len(groups) else None
        start, end = group[0].start, group[-1].end
        gap, rest = sentence[floor:start], sentence[end:following]
        side = _side(sentence[floor:end])
        floor = end
        if side is None and (placed := _PLACED.search(rest)):
            floor += placed.end()
            side = _side(placed.group())
        elif side is None and following is None:
            side = _side(rest)
        if side is None and _SHARED.search(gap) and group[0].label is not Label.SUPPORT_DEVICES:
            side = last
        last = side
        for mention in group:
            if mention.label is not None and not _is_denied(sentence, mention):
                asserted.append((mention.label, None if mention.label in MIDLINE else side))
    return asserted


class _Mention(NamedTuple):
    start: int
    end: int
    label: Label | None


def _find_mentions(sentence: str) -> list[list[_Mention]]:
    """Return what a sentence mentions, in order; what directly follows each other ("hazy opacity") in one group."""
    mentions = [
        _Mention(*match.span(), label) for label, pattern in _PATTERNS.items() for match in pattern.finditer(sentence)
    ]
    groups: list[list[_Mention]] = []
    for mention in sorted(mentions, key=lambda mention: mention[:2]):
        if groups and not sentence[groups[-1][-1].end : mention.start].strip(" -/"):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _side(text: str) -> Side | None:
    side = None
    for match in _SIDE.finditer(text):
        said = Side.LEFT if match["left"] else Side.RIGHT if match["right"] else Side.BOTH
        side = merge_sides(side, said)
    return side


def _is_denied(sentence: str, mention: _Mention) -> bool:
    """Tell whether a sentence negates, or only suspects, what it mentions."""
    before = _UNCHANGED.sub("", sentence[: mention.end])
    cues = list(_NEGATION.finditer(before))
    if cues and not any(match.start() <= mention.start for match in _SCOPE_END.finditer(before, cues[-1].end())):
        return True
    return not re.search(_VERB, sentence[mention.start : mention.end]) and bool(
        _NEGATED_AFTER.search(sentence[mention.end :])
    )
