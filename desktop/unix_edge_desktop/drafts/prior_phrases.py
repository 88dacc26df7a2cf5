"""Words by which a report compares with an earlier image; the model is shown one image, so it makes them up.

"No new effusion" compares as well: it leaves open an old one. "No prior study for comparison" does not. Nor do words
that only sound like it: what is seen of an old disease or an operation ("prior sternotomy", "old fracture"), a state
("increased markings", "low lung volumes", "degenerative changes"), "the remainder", "clinically stable".
"""

import re
from collections.abc import Iterator

_SEEN = r"(?:seen|noted|demonstrated|identified|visuali[sz]ed|present|evident|described|appreciated|observed|shown)"
_STUDY = r"(?:stud(?:y|ies)|exam\w*|radiographs?|films?|images?|imaging|x-?rays?|ct|scans?|chest|reports?)"
_CHANGED = (
    r"(?:increased|decreased|improved|worsened|resolved|progressed|enlarged|cleared|grown|developed|changed|diminished)"
)
_PHRASES = (
    r"unchanged",
    r"(?:no|without|little) (?:(?:significant|interval|appreciable|substantial|relevant|major|acute) ){0,2}changes?"
    r"(?! of\b)",
    r"(?<!qt )(?<!pr )interval",
    r"(?:in )?compar(?:ed|ison)(?: (?:is made |was made )?(?:to|with))?",
    rf"(?:prior|previous|earlier|preceding) (?:\w+ ){{0,2}}?{_STUDY}",
    r"(?:since|than|from|with|to|on|as) (?:the |a |her |his )?(?:prior|previous|earlier|last|preceding)"
    r"(?! (?:surg|oper|steno|sterno|resec|fract|infec|granul|trauma|thorac|median|cabg|myocard))",
    rf"previously {_SEEN}",
    r"priors",
    rf"(?:once )?again(?: (?:is|are|was|were))?(?: {_SEEN})?",
    rf"(?:is |are )?still {_SEEN}",
    r"re-?demonstrat\w+",
    r"remain(?:s|ed)?",
    r"persist(?:s|ed|ent|ently|ing|ence)?",
    r"(?<!clinically )(?<!hemodynamically )(?<!haemodynamically )stable",
    r"no longer",
    r"now(?! known)",
    r"new(?!-?born|-? ?york)|newly",
    rf"(?:has|have|had) (?:\w+ly |not )?{_CHANGED}",
    rf"{_CHANGED} (?:\w+ ){{0,2}}?(?:since|compared|in the interval)",
    r"worsen(?:s|ing|ed)?|improving|improved|improvements?|resolving|resolved|resolution|progression|progressive(?:ly)?",
    r"increasing|decreasing|enlarging|evolving",
)
_PATTERN = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b", re.IGNORECASE | re.ASCII)
_NO_PRIOR = re.compile(
    rf"\b(?:no|without|absence of|lack of)(?: available)? (?:\w+ )?(?:priors?|previous|comparisons?|earlier)\b"
    rf"|\bcomparisons?\s*:\s*(?:none|no|not)\b"
    rf"|\b(?:priors?|previous|comparisons?)(?: {_STUDY})? (?:is |are )?(?:un|not )available",
    re.IGNORECASE | re.ASCII,
)
_SENTENCE = re.compile(r"[^.;!?\n]+(?:[.](?=\d)[^.;!?\n]+)*")


def find_comparisons(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text compares with an earlier image, in its order."""
    for sentence in _SENTENCE.finditer(text):
        if _NO_PRIOR.search(sentence.group()):
            continue
        for match in _PATTERN.finditer(text, *sentence.span()):
            yield match.span()
