"""The phantoms' texts as tokens, in the segments in which inference feeds them."""

from collections import defaultdict

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from unix_edge.text import Text

from .phantoms import Phantoms

IGNORED = -100
"""A target that counts for nothing."""


class Tokens:
    """Tokens of phantoms' reports and prompts, made when they are first asked for."""

    def __init__(self, text: Text, phantoms: Phantoms) -> None:
        self._text, self._phantoms = text, phantoms
        self._own_bos = len(text.encode(""))
        self._made: dict[tuple[str, int, int], list[int]] = {}

    def report(self, phantom: int, wording: int | None) -> list[int]:
        """Return a report as it is drafted, without any bos and eos: a wording of many, or the plain one."""
        key = ("report", phantom, -1 if wording is None else wording)
        if key not in self._made:
            record = self._phantoms.records[phantom]
            words = record.plain if wording is None else record.reports[wording]
            self._made[key] = self._text.encode(words)[self._own_bos :]
        return self._made[key]

    def prompt(self, phantom: int, wording: int) -> list[int]:
        """Return a prompt as the whole segment that becomes a context."""
        key = ("prompt", phantom, wording)
        if key not in self._made:
            self._made[key] = self._text.segment(self._phantoms.records[phantom].prompts[wording])
        return self._made[key]

    def segment(self, phantom: int, rng: np.random.Generator) -> list[int]:
        """Return one of a phantom's texts as a segment: a prompt, or a report fed as one."""
        record = self._phantoms.records[phantom]
        if rng.random() < 0.5:
            return self.prompt(phantom, int(rng.integers(len(record.prompts))))
        report = self.report(phantom, int(rng.integers(len(record.reports))))
        return [self._text.bos] * (1 + self._own_bos) + report + [self._text.eos]

    def prompts_by_length(self) -> dict[int, NDArray[np.int64]]:
        """Return for each length in tokens the prompts (n, 2) that have it, as phantom and wording."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for phantom, record in enumerate(self._phantoms.records):
            for wording in range(len(record.prompts)):
                found[len(self.prompt(phantom, wording))].append((phantom, wording))
        return {length: np.array(each) for length, each in sorted(found.items())}


def pad(rows: list[list[int]], filling: int) -> Tensor:
    """Return rows of tokens as one tensor, padded on the right."""
    longest = max(map(len, rows))
    return torch.tensor([row + [filling] * (longest - len(row)) for row in rows])
