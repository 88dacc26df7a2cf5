"""Whether a prompt names anything of a chest: the model draws a plausible radiograph from whatever it is given.

It is meant to miss nothing that a person could want drawn, and to notice what is no report at all: a cat, another
language, a typing error in the only word that counts.
"""

import re

from .findings import find_phrases
from .sentences import Sentence

NOT_UNDERSTOOD = Sentence(
    "No finding was understood in the prompt, nor a device or a normal state: the picture has nothing to do with it. "
    "Prompts are a report's words, in English."
)

# Words of reports that mean something else in the street: they count beside one that is said of a chest.
_EVERYDAY = re.compile(
    r"clear|normal|unremarkable|sharp|intact|mass(?:es)?|haz\w+|collapsed?|congest\w+|infecti\w+|infiltrat(?:ed|e|ing)|blunt\w*"
    r"|plaques?|devices?|tubes?|ports?|generators?|leads|drains?|hardware|screws?|(?:monitoring|support) lines?"
)
_OF_A_CHEST = re.compile(
    r"\b(?:chest|thora\w+|lungs?|lob(?:e|es|ar)|pulmon\w+|bronch\w+|trache\w+|carina\w*|heart|cardi\w+|(?:cardio)?mediastin\w+"
    r"|pleura\w*|hil(?:ar|a|um)|perihilar|diaphragm\w*|hemidiaphragm\w*|costophrenic|sulc\w+|ribs?|clavic\w+|scapul\w+"
    r"|stern\w+|aort\w+|vascula\w+|vessels|atri\w+|ventric\w+|vena|venous|svc|bas(?:al|es|ilar)|bibas\w+|apex|apices"
    r"|apical|biapical|(?:upper|middle|mid|lower) zones?|(?:left|right) (?:base|lower|upper|mid\w*)|bilateral(?:ly)?"
    r"|retrocardiac|lingula\w*"
    r"|radiographs?|x-?rays?|cxr|endotracheal|nasogastric|orogastric|enteric|feeding|gastric|jugular|subclavian|dialysis)\b"
)
# What the fourteen labels leave out.
_OTHERS = re.compile(
    r"\b(?:emphysema\w*|copd|hyper(?:inflat|expan|lucen|aerat)\w+|fibro(?:sis|tic)|scar(?:s|ring)?|granulom\w+"
    r"|bronchiectasis|(?:lymph)?adenopathy|hernias?|scolio\w+|kypho\w+|osteophyt\w+|osteopen\w+|pneumo(?:mediastinum|peritoneum|pericardium)"
    r"|pericardial|port-?a-?cath|tortuous|aneurysms?|sternotomy|tracheostomy|stents?|cavit\w+"
    r"|(?:prosthetic|mitral|aortic) valves?|(?:mediastinal|tracheal|midline) (?:shift|deviation)|dextrocardia"
    r"|(?:elevat|flatten|rais)\w+ (?:left |right )?(?:hemi)?diaphragms?|(?:low|small|large) lung volumes|free air"
    r"|situs inversus|(?:enlarged|prominent|dilated) (?:hil\w+|pulmonary|aort\w+|vessels)|embol\w+|cancer|carcinoma"
    r"|metast\w+|sarcoid\w*|silicosis|asbestos\w*|empyema|abscess\w*|ards|aspirat\w+|contusions?|pectus|degenerative"
    r"|(?:pneumon|lob|mast)ectomy"
    r"|(?:ng|og|dobhoff|dobbhoff|enteric|feeding|gastric|tracheostomy) tubes?|lvad|iabp|balloon pump|cabg|bypass"
    r"|wires|clips"
    r"|impella|ecmo|hemidiaphragms?"
    r"|interstitial|miliary|calcifi\w+|tubercul\w+|covid\w*)\b"
)
_NORMAL = re.compile(
    r"\b(?:normal|unremarkable|clear|healthy|no (?:acute|abnormal\w*|findings?|evidence|significant))\b"
)
_ONLY_NORMAL = re.compile(
    r"(?:(?:a|an|is|are|the|of|no|within|limits|entirely|completely|normal|unremarkable|healthy|acute|significant|study"
    r"|exam(?:ination)?|film|image|findings?|abnormal(?:ity|ities)?|process|disease|impression|adult|patient)(?: |$))+"
)
# Of languages in which findings have the same names. UniX was taught in English.
_ANOTHER_LANGUAGE = re.compile(
    r"\b(?:und|der|das|ein|eine|einer|eines|kein|keine|keinen|ist|mit|ohne|im|links|rechts|beidseits|une|des|pas|sans|avec"
    r"|droite?|gauche|una|sin|con|del|derech[oa]|izquierd[oa]|della?|senza|destr[oa]|sinistr[oa]|sem|esquerd[oa])\b"
)
_ENGLISH = re.compile(
    r"\b(?:the|of|in|is|are|and|with|without|at|on|or|there|no|not|left|right|bilateral|mild|moderate|severe|marked|small"
    r"|large|normal|clear|status|patient|acute|pleural|effusions?|cardiomegaly|opacit\w+)\b"
)


def names_something_of_a_chest(prompt: str) -> bool:
    """Tell whether a prompt names a finding, a device or a normal state, present or denied, in a report's words."""
    text = re.sub(r"[^\w-]+", " ", prompt.lower()).strip()
    foreign = [
        *_ANOTHER_LANGUAGE.findall(text),
        *(each for each in text.split() if each.isalpha() and not each.isascii()),
    ]
    if len(foreign) > len(_ENGLISH.findall(text)):
        return False
    phrases = find_phrases(text)
    if _OTHERS.search(text) or not all(map(_EVERYDAY.fullmatch, phrases)):
        return True
    if _ONLY_NORMAL.fullmatch(text) and _NORMAL.search(text):
        return True
    return bool(_OF_A_CHEST.search(text) and (phrases or _NORMAL.search(text)))
