"""Whether a prompt names anything of a chest: the model draws a plausible radiograph from whatever it is given.

It is meant to miss nothing that a person could want drawn, and to notice what is no report at all: a cat, another
language, a typing error in the only word that counts.
"""

import re

from .findings import find_phrases

NOT_UNDERSTOOD = (
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
    r"|(?:prosthetic|mitral|aortic) valves?"
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
    r"[^\W\d_a-z]|\b(?:und|der|das|ein|eine|einer|eines|kein|keine|keinen|ist|mit|ohne|links|rechts|beidseits|le|les|une|des"
    r"|pas|sans|avec|droite?|gauche|el|los|las|una|sin|con|derech[oa]|izquierd[oa]|il|della?|senza|destro|sinistro)\b"
)


def names_something_of_a_chest(prompt: str) -> bool:
    """Tell whether a prompt names a finding, a device or a normal state, present or denied, in a report's words."""
    text = re.sub(r"[^\w-]+", " ", prompt.lower()).strip()
    if _ANOTHER_LANGUAGE.search(text):
        return False
    phrases = find_phrases(text)
    if _OTHERS.search(text) or not all(map(_EVERYDAY.fullmatch, phrases)):
        return True
    if _ONLY_NORMAL.fullmatch(text) and _NORMAL.search(text):
        return True
    return bool(_OF_A_CHEST.search(text) and (phrases or _NORMAL.search(text)))
