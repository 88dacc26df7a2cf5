"""Text to tokens and back, the way the released code wraps it."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from tokenizers import Tokenizer

from .tokenizer_files import TokenizerFiles, call

_FINDINGS, _IMPRESSION = (re.compile(each, re.IGNORECASE | re.ASCII) for each in ("FINDINGS:", "IMPRESSION:"))
REPORT_PROMPT = "Provide the FINDINGS and IMPRESSION for this chest X-ray."
REPORT_PROMPTS = (
    REPORT_PROMPT,
    "Review this X-ray and provide a detailed FINDINGS and IMPRESSION.",
    "As an imaging expert, review this X-ray and share the FINDINGS and IMPRESSION.",
)
"""Those that the authors trained with."""


class Text:
    """A checkpoint's tokenizer with the special tokens around it."""

    def __init__(self, tokenizer: Tokenizer, bos: int, eos: int, *, add_bos_token: bool) -> None:
        self._tokenizer = tokenizer
        self._own_bos = [bos] if add_bos_token else []
        self.bos = bos
        self.eos = eos

    @classmethod
    def load(cls, folder: Path, bos: int, eos: int) -> Self:
        """Read tokenizer.json and tokenizer_config.json.

        Raises:
            OSError, ValueError: A file is missing or cannot be read.
        """
        return cls.of(TokenizerFiles.read(folder), bos, eos)

    @classmethod
    def of(cls, files: TokenizerFiles, bos: int, eos: int) -> Self:
        """Make it of files that were read.

        Raises:
            ValueError: They hold something that no UniX tokenizer has.
        """
        return cls(files.load(), bos, eos, add_bos_token=files.adds_bos())

    def encode(self, text: str) -> list[int]:
        """Return the tokenizer's own ids, with the bos that `add_bos_token` asks for."""
        return self._own_bos + list(call(lambda: self._tokenizer.encode(text, add_special_tokens=False)).ids)

    def segment(self, text: str) -> list[int]:
        """Return a text segment as the model is fed it: bos and eos around `encode`, so usually two bos."""
        return [self.bos, *self.encode(text), self.eos]

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of `ids`: special tokens kept, nothing stripped, broken UTF-8 as U+FFFD."""
        return str(call(lambda: self._tokenizer.decode(list(ids), skip_special_tokens=False)))

    def pieces(self, tokens: Iterator[int]) -> Iterator[tuple[list[int], str]]:
        """Yield after each token all tokens so far and the text that has become certain since the last yield.

        A character may span tokens, so an unfinished one at the end is held back until it is finished.
        """
        ids: list[int] = []
        told = ""
        for token in tokens:
            ids.append(token)
            certain = self.decode(ids).rstrip("\ufffd")
            piece = certain[len(told) :] if certain.startswith(told) else ""
            told += piece
            yield ids, piece


def is_text(said: str) -> bool:
    """Return whether a text can be told to a tokenizer: half a character, as of bytes that are no UTF-8, cannot."""
    try:
        said.encode()
    except UnicodeEncodeError:
        return False
    return True


def split_sections(text: str) -> tuple[str, str]:
    """Return what stands under FINDINGS and under IMPRESSION; a text without headings is all findings."""
    findings, _, impression = _part(_IMPRESSION, text)
    before, heading, after = _part(_FINDINGS, findings)
    return (after if heading else before).strip(), impression.strip()


def _part(heading: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """Return what stands before a heading, the heading, and what stands behind it."""
    found = heading.search(text)
    return (text[: found.start()], found.group(), text[found.end() :]) if found else (text, "", "")
