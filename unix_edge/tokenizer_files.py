"""A checkpoint's tokenizer files, of which only what a UniX tokenizer needs reaches the native library.

A tokenizer.json can say much else: text to pad to, rules that grow a text without end, expressions that never come to
one. The library believes all of it, and what it dies of takes the process with it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Self, TypeVar

from tokenizers import Tokenizer

from .files import read_regular

TOKENIZER, TOKENIZER_CONFIG = "tokenizer.json", "tokenizer_config.json"
TOKENIZER_FILES = (TOKENIZER, TOKENIZER_CONFIG, "special_tokens_map.json")
"""The last is nobody's but transformers', and may be missing."""

_MAX_BYTES = 1 << 26
"""The release's tokenizer.json has 7.5 MB."""
_MAX_TOKENS = 1 << 20
_MAX_LENGTH = 1000
"""Characters of a token."""
_MAX_PARTS = 32
_MAX_PATTERN = 4000
_MAX_REPEATS = 3
"""Open repetitions in one branch of an expression: each multiplies the time that it may take by a text's length."""

Result = TypeVar("Result")

_FLAGS = ("add_prefix_space", "trim_offsets", "use_regex", "individual_digits", "invert")
_BEHAVIOURS = ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous")
_NORMALIZERS = ("Sequence", "NFC", "NFD", "NFKC", "NFKD")
_PRE_TOKENIZERS = ("Sequence", "ByteLevel", "Split", "Digits", "Whitespace", "WhitespaceSplit")
_DECODERS = ("Sequence", "ByteLevel", "Fuse", "ByteFallback")
_MEMBERS = ("normalizers", "pretokenizers", "decoders")
"""What a Sequence calls its parts."""


@dataclass(frozen=True, slots=True)
class TokenizerFiles:
    """The files as they were read once: what was checked is what is used, and what an export copies."""

    contents: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read them.

        Raises:
            OSError: One is missing, or cannot be read.
            ValueError: One is no regular file, or larger than such a file can be.
        """
        contents = {}
        for name in TOKENIZER_FILES:
            try:
                contents[name] = read_regular(folder / name, _MAX_BYTES)
            except FileNotFoundError:
                if name in (TOKENIZER, TOKENIZER_CONFIG):
                    raise
            else:
                _mapping(name, contents[name])
        return cls(contents)

    def adds_bos(self) -> bool:
        """Return whether the tokenizer itself puts a bos first.

        Raises:
            ValueError: The file says nothing that could be meant.
        """
        return bool(_mapping(TOKENIZER_CONFIG, self.contents[TOKENIZER_CONFIG]).get("add_bos_token", False))

    def load(self) -> Tokenizer:
        """Build the tokenizer of its vocabulary, merges and ways to split; truncation and padding are left out.

        Raises:
            ValueError: It holds something that no UniX tokenizer has.
        """
        raw = _mapping(TOKENIZER, self.contents[TOKENIZER])
        taken = {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [_added_token(each) for each in _list(raw.get("added_tokens"), _MAX_TOKENS)],
            "normalizer": _part(raw.get("normalizer"), _NORMALIZERS),
            "pre_tokenizer": _part(raw.get("pre_tokenizer"), _PRE_TOKENIZERS),
            "post_processor": None,
            "decoder": _part(raw.get("decoder"), _DECODERS),
            "model": _model(raw.get("model")),
        }
        return call(lambda: Tokenizer.from_str(json.dumps(taken)))


def call(native: Callable[[], Result]) -> Result:
    """Call into the library, whose panics are no `Exception` and would pass every handler.

    Raises:
        ValueError: It failed.
    """
    try:
        return native()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise ValueError(f"the tokenizer failed ({type(error).__name__})") from None


def _mapping(name: str, content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        _refuse("it holds no JSON mapping", name)
    return said


def _refuse(what: str, name: str = TOKENIZER) -> NoReturn:
    raise ValueError(f"{name}: {what}")


def _list(said: Any, most: int) -> list[Any]:
    if said is None:
        return []
    if not isinstance(said, list) or len(said) > most:
        _refuse("a list is none, or too long")
    return said


def _text(said: Any, most: int = _MAX_LENGTH) -> str:
    if not isinstance(said, str) or not 0 < len(said) <= most:
        _refuse("a text is none, or too long")
    return said


def _token_id(said: Any) -> int:
    if type(said) is not int or not 0 <= said < 2 * _MAX_TOKENS:
        _refuse("a token's number is none")
    return said


def _added_token(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        _refuse("an added token is none")
    flags = {name: said.get(name, False) is True for name in ("single_word", "lstrip", "rstrip", "normalized")}
    special = said.get("special", True) is True
    return {"id": _token_id(said.get("id")), "content": _text(said.get("content")), **flags, "special": special}


def _part(said: Any, allowed: tuple[str, ...], depth: int = 0) -> dict[str, Any] | None:
    """Take a normalizer, a way to split, or a decoder, and of it only what is known."""
    if said is None:
        return None
    kind = said.get("type") if isinstance(said, dict) else None
    if kind not in allowed or depth > 2:
        _refuse(f"it splits or changes text in a way that no UniX tokenizer does ({str(kind)[:40]})")
    taken: dict[str, Any] = {"type": kind}
    taken |= {name: said[name] for name in _FLAGS if type(said.get(name)) is bool}
    for name in _MEMBERS:
        if name in said:
            taken[name] = [_part(each, allowed, depth + 1) for each in _list(said[name], _MAX_PARTS)]
    if kind == "Split":
        taken |= {"pattern": _pattern(said.get("pattern")), "behavior": said.get("behavior")}
        if taken["behavior"] not in _BEHAVIOURS:
            _refuse("a split has no such behaviour")
    return taken


def _pattern(said: Any) -> dict[str, str]:
    """Take what a split is at; no expression whose time could grow faster than a small power of the text's length."""
    if not isinstance(said, dict) or len(said) != 1:
        _refuse("a split has no pattern")
    if "String" in said:
        return {"String": _text(said["String"])}
    expression = _text(said.get("Regex"), _MAX_PATTERN)
    # Without what is escaped and what stands in classes, what is left of repetitions and groups is meant as such.
    bare = re.sub(r"\[(?:[^\]\\]|\\.)*\]", "c", re.sub(r"\\[pP]\{\^?\w+\}", "c", expression))
    bare = re.sub(r"\\[^\d\sgk]", "c", bare)
    repeats = [len(re.findall(r"[*+]|\{\d*,\}", branch)) for branch in bare.split("|")]
    if re.search(r"\)\??[*+{]|\\", bare) or max(repeats) > _MAX_REPEATS:
        _refuse("a split's expression might never end")
    return {"Regex": expression}


def _model(said: Any) -> dict[str, Any]:
    """Take a BPE's vocabulary and merges."""
    if not isinstance(said, dict) or said.get("type", "BPE") != "BPE" or not isinstance(said.get("vocab"), dict):
        _refuse("its model is no BPE")
    vocab = said["vocab"]
    if len(vocab) > _MAX_TOKENS:
        _refuse("its vocabulary is too large")
    for token, number in vocab.items():
        _text(token)
        _token_id(number)
    taken = {name: said.get(name) is True for name in ("fuse_unk", "byte_fallback", "ignore_merges")}
    unknown = said.get("unk_token")
    return {
        "type": "BPE",
        "dropout": None,
        "unk_token": None if unknown is None else _text(unknown),
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        **taken,
        "vocab": vocab,
        "merges": [_merge(each) for each in _list(said.get("merges"), 2 * _MAX_TOKENS)],
    }


def _merge(said: Any) -> Any:
    """Take a merge, in either form: two tokens, or one text with a blank between them."""
    if isinstance(said, str):
        return _text(said, 2 * _MAX_LENGTH)
    if not isinstance(said, list) or len(said) != 2:
        _refuse("a merge is none")
    return [_text(each) for each in said]
