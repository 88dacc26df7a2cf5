"""A case in words: reports in the manner of MIMIC's, cleaned of priors, and what a person types to have one drawn.

The vocabulary is small so that a small model can learn it, and `find_labels` reads all of it.
"""

import re
from typing import Any, Protocol

from ..findings import LABELS, Label, Side
from .cases import Case, Finding

# In FINDINGS. Fields: `there` "there is a", `a` an article or nothing, `s` the plural's, `is`, `shows`; `side`; `on`
# "on the left"; `base`, `apex`, `zone` "the left base"; `mildly` the size as an adverb; `bone` "left fifth rib".
_SENTENCES = {
    "widening": (
        "the superior mediastinum is {mildly} widened",
        "there is {size} widening of the superior mediastinum",
        "{size} widening of the upper mediastinum is seen",
        "the upper mediastinum is {mildly} widened",
    ),
    "enlargement": (
        "the heart is {mildly} enlarged",
        "there is {size} cardiomegaly",
        "the cardiac silhouette is {mildly} enlarged",
        "{size} enlargement of the heart is seen",
        "heart size is {mildly} increased",
    ),
    "nodule": (
        "there is a {size} nodule in {zone}",
        "a {size} round nodule projects over {zone}",
        "{zone} contains a {size} nodule",
        "a {size} pulmonary nodule is seen in {zone}",
    ),
    "mass": (
        "there is a {size} mass in {zone}",
        "a {size} lobulated mass projects over {zone}",
        "{zone} contains a {size} mass",
        "a {size} lung mass is seen in {zone}",
    ),
    "hazy": (
        "{there} {size} hazy {opacity} in {zone}",
        "{zone} {shows} {a} {size} hazy {opacity}",
        "{a} {size} hazy {opacity} {is} seen in {zone}",
        "{a} {size} area{s} of hazy opacity {is} present in {zone}",
    ),
    "interstitial": (
        "there is {size} interstitial pulmonary edema",
        "{size} interstitial edema is seen around both hila",
        "the vessels are congested with {size} perihilar interstitial edema",
        "perihilar interstitial edema is {size}",
    ),
    "alveolar": (
        "there is {size} alveolar pulmonary edema",
        "{size} alveolar edema is seen around both hila",
        "the vessels are congested with {size} perihilar alveolar edema",
        "perihilar alveolar edema is {size}",
    ),
    "lobar": (
        "there is {size} lobar consolidation in {zone}",
        "{zone} {shows} {size} consolidation with air bronchograms",
        "{size} dense consolidation is seen in {zone}",
        "{size} consolidation is present in {zone}",
    ),
    "patchy": (
        "there is {size} patchy pneumonia in {zone}",
        "{zone} {shows} {size} patchy pneumonia",
        "{size} multifocal pneumonia is seen in {zone}",
        "multiple patches of {size} pneumonia are present in {zone}",
    ),
    "linear": (
        "there is {size} linear atelectasis at {base}",
        "{size} bands of atelectasis cross {base}",
        "{base} {shows} {size} linear atelectasis",
        "{size} linear atelectasis is seen at {base}",
    ),
    "volume loss": (
        "there is {size} atelectasis with volume loss at {base}",
        "{base} {shows} {size} atelectasis with volume loss",
        "{size} {side} basal atelectasis raises the hemidiaphragm{s}",
        "{size} atelectasis with volume loss is seen at {base}",
    ),
    "simple": (
        "there is a {size} {side} pneumothorax",
        "a {size} {side} apical pneumothorax is present",
        "a {size} pneumothorax is seen at {apex}",
        "there is a {size} {side} pneumothorax with a visible pleural line",
    ),
    "free": (
        "{there} {size} {side} pleural effusion{s}",
        "{a} {size} {side} pleural effusion{s} {is} present",
        "{a} {size} pleural effusion{s} {is} seen {on}",
        "a {size} amount of pleural fluid is seen at {base}",
        "{base} {shows} {a} {size} pleural effusion{s}",
    ),
    "thickening": (
        "there is {size} {side} {site} pleural thickening",
        "{size} thickening of the {side} {site} pleura is seen",
        "the {side} {site} pleura is thickened, {size} in extent",
        "{size} {site} pleural thickening is present {on}",
    ),
    "plaque": (
        "there is a {size} calcified plaque along the {side} {site}",
        "a {size} calcified pleural plaque is seen along the {side} {site}",
        "the {side} {site} shows a {size} calcified pleural plaque",
        "a {size} {side} pleural plaque is present along the {site}",
    ),
    "fracture": (
        "there is a {size} fracture of the {bone}",
        "a {size} fracture of the {bone} is seen",
        "the {bone} shows a {size} fracture",
        "the {bone} has a {size} fracture",
    ),
    "endotracheal tube": (
        "an endotracheal tube ends in the trachea",
        "the tip of an endotracheal tube is in the trachea",
        "an endotracheal tube is in place",
        "an endotracheal tube is seen in the trachea",
    ),
    "nasogastric tube": (
        "a nasogastric tube ends in the stomach",
        "the tip of a nasogastric tube is in the stomach",
        "a nasogastric tube is in place",
        "a nasogastric tube reaches the stomach",
    ),
    "central line": (
        "a {side} central line ends in the superior vena cava",
        "the tip of a {side} central line is in the superior vena cava",
        "a {side} central line is in place",
        "a {side} central line reaches the superior vena cava",
    ),
    "picc": (
        "a {side} PICC ends in the superior vena cava",
        "the tip of a {side} PICC is in the superior vena cava",
        "a {side} PICC is in place",
        "a {side} PICC reaches the superior vena cava",
    ),
    "pacemaker": (
        "a {side} pacemaker has leads in the right ventricle",
        "a {side} chest pacemaker is present",
        "a {side} pacemaker is in place",
        "there is a {side} pacemaker with leads",
    ),
    "chest tube": (
        "a {side} chest tube ends at the apex",
        "the tip of a {side} chest tube is at the apex",
        "a {side} chest tube is in place",
        "there is a {side} chest tube",
    ),
}

# In IMPRESSION and in a list.
_NOTES = {
    "widening": ("{size} mediastinal widening", "{mildly} widened mediastinum", "{size} superior mediastinal widening"),
    "enlargement": ("{size} cardiomegaly", "{mildly} enlarged heart"),
    "nodule": ("{size} {side} {site} zone nodule", "{size} nodule in {zone}"),
    "mass": ("{size} {side} {site} zone mass", "{size} mass in {zone}"),
    "hazy": ("{size} {side} {site} zone {opacity}", "{size} hazy {opacity} in {zone}"),
    "interstitial": ("{size} interstitial edema", "{size} interstitial pulmonary edema"),
    "alveolar": ("{size} alveolar edema", "{size} alveolar pulmonary edema"),
    "lobar": ("{size} {side} {site} zone consolidation", "{size} consolidation in {zone}"),
    "patchy": ("{size} {side} {site} zone pneumonia", "{size} pneumonia in {zone}"),
    "linear": ("{size} {side} linear atelectasis", "{size} {side} basal atelectasis"),
    "volume loss": ("{size} {side} atelectasis with volume loss", "{size} {side} basal atelectasis"),
    "simple": ("{size} {side} pneumothorax", "{size} {side} apical pneumothorax"),
    "free": ("{size} {side} pleural effusion{s}", "{size} {side} effusion{s}"),
    "thickening": ("{size} {side} {site} pleural thickening", "{size} {side} pleural thickening"),
    "plaque": ("{size} {side} pleural plaque", "{size} calcified {side} pleural plaque"),
    "fracture": ("{size} {bone} fracture", "{size} fracture of the {bone}"),
    "endotracheal tube": ("endotracheal tube",),
    "nasogastric tube": ("nasogastric tube",),
    "central line": ("{side} central line",),
    "picc": ("{side} PICC",),
    "pacemaker": ("{side} pacemaker",),
    "chest tube": ("{side} chest tube",),
}
_NORMAL = (
    "no acute cardiopulmonary process",
    "no acute cardiopulmonary abnormality",
    "normal chest radiograph",
    "no acute findings",
    "normal heart and clear lungs",
)

# What may be denied, and the labels that forbid it; first what is put into one list.
_LISTED = {
    "pleural effusion": {Label.PLEURAL_EFFUSION},
    "pneumothorax": {Label.PNEUMOTHORAX},
    "consolidation": {Label.CONSOLIDATION},
    "pulmonary edema": {Label.EDEMA},
    "fracture": {Label.FRACTURE},
}
_LISTS = ("there is no {}", "no {}", "no {} is seen", "no evidence of {}", "the chest is free of {}")
_LUNGS = {
    Label.LUNG_LESION,
    Label.LUNG_OPACITY,
    Label.EDEMA,
    Label.CONSOLIDATION,
    Label.PNEUMONIA,
    Label.ATELECTASIS,
    Label.PNEUMOTHORAX,
    Label.PLEURAL_EFFUSION,
}
_NORMALS = (
    (
        {Label.CARDIOMEGALY},
        ("the heart is normal in size", "heart size is normal", "the cardiac silhouette is normal"),
    ),
    (
        {Label.ENLARGED_CARDIOMEDIASTINUM},
        (
            "the mediastinum is normal in width",
            "mediastinal contours are normal",
            "mediastinal contours are unremarkable",
        ),
    ),
    (_LUNGS, ("the lungs are clear", "both lungs are clear", "the lungs are clear and well expanded")),
    ({Label.FRACTURE}, ("the bones are intact", "the ribs are intact")),
)

_ADVERBS = {"mild": "mildly", "moderate": "moderately", "marked": "markedly"}
_ORDINALS = {"4": "fourth", "5": "fifth", "6": "sixth", "7": "seventh", "8": "eighth", "9": "ninth"}
_SITES = {"lateral": "chest wall", "diaphragm": "diaphragm"}
FEWEST_WORDS, MOST_WORDS = 30, 65


class Chance(Protocol):
    """What words are chosen by; numpy's generators are such."""

    def random(self) -> float:
        """Return a number from 0 to 1."""

    def integers(self, low: int, high: int | None = None) -> Any:
        """Return a number from `low` to below `high`, or from 0 to below `low`."""

    def shuffle(self, x: list[str]) -> None:
        """Change the order."""


class _FirstChoice:
    """No chance at all: the first of everything, in its order."""

    def random(self) -> float:
        return 0.5

    def integers(self, low: int, high: int | None = None) -> int:
        return 0 if high is None else low

    def shuffle(self, x: list[str]) -> None: ...


def write_report(case: Case, rng: Chance) -> str:
    """Write a report, on one line, of 30 to 65 words where the case allows."""
    best, off = "", MOST_WORDS
    spare = False
    for _ in range(30):
        findings, impression = _write_findings(case, rng, spare=spare), _write_impression(case, rng, spare=spare)
        draft = f"FINDINGS: {findings} IMPRESSION: {impression}"
        words = len(draft.split())
        if (distance := max(FEWEST_WORDS - words, words - MOST_WORDS, 0)) < off:
            best, off = draft, distance
        if not off:
            break
        spare = words > MOST_WORDS
    return best


def write_plain_report(case: Case) -> str:
    """Write the report that is the same for all cases alike: the shortest words, findings in the order of the labels.

    Where each report says a thing in one of many ways, the likeliest next word is often one that few reports begin
    with, and a greedy draft says what it does not believe.
    """
    findings = sorted(case.findings, key=lambda each: (LABELS.index(each.label), each.kind, str(each.side), each.site))
    return write_report(Case(tuple(findings)), _FirstChoice())


def write_prompt(case: Case, rng: Chance) -> str:
    """Write what a person types to have a case drawn: a list, one section of a report, or all of it."""
    form = rng.random()
    if form < 0.4:
        return _write_impression(case, rng)
    if form < 0.55:
        return _write_findings(case, rng)
    report = write_report(case, rng)
    if form < 0.7:
        return report[report.index("IMPRESSION") :]
    return report[: report.index(" IMPRESSION")] if form < 0.8 else report


def _write_findings(case: Case, rng: Chance, *, spare: bool = False) -> str:
    """Write what is seen, and some of what is not; sparing, of that as little as may be."""
    devices = [finding for finding in case.findings if finding.label is Label.SUPPORT_DEVICES]
    others = [finding for finding in case.findings if finding.label is not Label.SUPPORT_DEVICES]
    sentences = [_word(_SENTENCES, finding, rng, spare=spare) for finding in others]
    sentences += _write_absent(case, rng, spare=spare)
    rng.shuffle(sentences)
    if len(devices) > 1:
        said = [f"{_join([_word(_NOTES, finding, rng) for finding in devices], 'and')} are in place"]
    else:
        said = [_word(_SENTENCES, finding, rng, spare=spare) for finding in devices]
    return _sentences(said + sentences if rng.random() < 0.5 else sentences + said)


def _write_impression(case: Case, rng: Chance, *, spare: bool = False) -> str:
    """Write the findings tersely, devices last."""
    devices: list[str] = []
    notes: list[str] = []
    for finding in case.findings:
        worded = _word(_NOTES, finding, rng, spare=spare)
        (devices if finding.label is Label.SUPPORT_DEVICES else notes).append(worded)
    rng.shuffle(notes)
    if not notes:
        notes = [_pick(_NORMAL, rng)]
    elif len(notes) > 1 and rng.random() < 0.4:
        notes = [f"{notes[0]} and {notes[1]}", *notes[2:]]
    if devices:
        notes.append(_join(devices, "and") + _pick((" in place", ""), rng))
    return _sentences(notes)


def _write_absent(case: Case, rng: Chance, *, spare: bool) -> list[str]:
    """Write what is not seen, most often two to four things."""
    present = case.labels
    normal = Label.NO_FINDING in present
    listed = [name for name, labels in _LISTED.items() if not present.keys() & labels]
    statements = [_pick(wordings, rng) for labels, wordings in _NORMALS if not present.keys() & labels]
    rng.shuffle(listed)
    rng.shuffle(statements)
    count = len(case.findings)
    if spare and count > 4:
        return []
    listed = listed[: 2 if count > 2 else int(rng.integers(2, 4))]
    few, most = (3, 4) if normal else (2, 3) if count == 1 else (0, 2) if count == 2 else (0, 1)
    statements = statements[: few if spare else int(rng.integers(few, most + 1))]
    return [_pick(_LISTS, rng).format(_join(listed, "or")), *statements]


def _word(table: dict[str, tuple[str, ...]], finding: Finding, rng: Chance, *, spare: bool = False) -> str:
    """Word one finding by a table's template; sparing, by one of its shorter ones."""
    both = finding.side is Side.BOTH
    side = finding.side or ""
    each = "both" if both else f"the {side}"
    plural = "s" if both else ""
    bone = finding.site if finding.site == "clavicle" else f"{_ORDINALS.get(finding.site[-1:], '')} rib"
    kind = "fracture" if finding.label is Label.FRACTURE else finding.kind
    templates = sorted(table[kind], key=lambda template: len(template.split()))[: 1 if spare else None]
    worded = _pick(tuple(templates), rng).format(
        there="there are" if both else "there is a",
        a="" if both else "a",
        s=plural,
        **{"is": "are" if both else "is"},
        shows="show" if both else "shows",
        opacity="opacities" if both else "opacity",
        size=finding.size,
        mildly=_ADVERBS.get(finding.size, finding.size),
        side=side,
        on="on both sides" if both else f"on the {side}",
        base=f"{each} {'lung ' if rng.random() < 0.3 else ''}base{plural}",
        apex=f"{each} apex",
        zone=f"{each} {finding.site} zone{plural}",
        site=_SITES.get(finding.site, finding.site) if kind == "plaque" else finding.site,
        bone=f"{side} {bone}",
    )
    return re.sub(" +", " ", worded).strip()


def _pick(choices: tuple[str, ...], rng: Chance) -> str:
    return choices[int(rng.integers(len(choices)))]


def _join(names: list[str], word: str) -> str:
    """Join as "a, b and c"."""
    return f" {word} ".join([part for part in (", ".join(names[:-1]), names[-1]) if part])


def _sentences(clauses: list[str]) -> str:
    """Make sentences of clauses."""
    return " ".join(f"{clause[0].upper()}{clause[1:]}." for clause in clauses)
