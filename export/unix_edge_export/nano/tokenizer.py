"""The tokenizer: a byte-level BPE of the grammar's reports and prompts, in which any text can be written."""

from dataclasses import astuple
from pathlib import Path

import numpy as np

from unix_edge.files import folder_written_aside
from unix_edge.phantom.cases import draw_case
from unix_edge.phantom.wording import write_prompt, write_report
from unix_edge.text import REPORT_PROMPTS, Text

from ..random_checkpoint import write_tokenizer
from ..reference.config import SpecialTokens


def prepare_tokenizer(folder: Path, tokens: SpecialTokens, sentences: int) -> Text:
    """Train the tokenizer unless its folder is there, and open it."""
    if not folder.is_dir():
        with folder_written_aside(folder) as staging:
            write_tokenizer(staging, tokens, _sentences(sentences), min(astuple(tokens)))
    return Text.load(folder, tokens.bos_token_id, tokens.eos_token_id)


def _sentences(count: int) -> list[str]:
    rng = np.random.default_rng(0)
    found: list[str] = []
    while len(found) < count:
        case = draw_case(rng)
        found += [write_report(case, rng), write_prompt(case, rng)]
    # The authors' prompts count as much as the grammar's commonest words.
    return found + [prompt for prompt in REPORT_PROMPTS for _ in range(count // 10)]
