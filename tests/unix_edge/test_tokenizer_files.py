"""What of a tokenizer's files reaches the native library."""

import json
import os

import pytest
from tokenizers import Tokenizer

from unix_edge.bundle import EMBEDDED
from unix_edge.text import Text
from unix_edge.tokenizer_files import TOKENIZER, TOKENIZER_CONFIG, TokenizerFiles, call

WORDS = "FINDINGS: The heart is 12.5 cm wide;\r\n  no  pneumothorax — normal.  \n"
BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}


def split(pattern, behavior="Isolated"):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": False}


def regex(*expressions):
    return {"type": "Sequence", "pretokenizers": [*(split({"Regex": each}) for each in expressions), BYTES]}


@pytest.fixture
def change(tmp_path):
    """Write our model's tokenizer with other values; return the folder."""

    def run(**values):
        said = json.loads((EMBEDDED / TOKENIZER).read_text("utf-8"))
        for name, value in values.items():
            part = said["model"] if name in said["model"] else said
            part[name] = value
        (tmp_path / TOKENIZER).write_text(json.dumps(said), "utf-8")
        (tmp_path / TOKENIZER_CONFIG).write_text('{"add_bos_token": true}', "utf-8")
        return tmp_path

    return run


@pytest.mark.parametrize(
    "expressions",
    [
        (r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", r"[一-龥ࠀ-一가-퟿]+", r"\p{N}"),
        (
            r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
            r"|\s+(?!\S)|\s+",
        ),
        (
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{M}]*[\p{Ll}\p{Lo}\p{M}]+(?i:'s|'t)?|\p{N}{1,3}"
            r"| ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|\s+$",
        ),
    ],
    ids=["janus", "qwen", "others"],
)
def test_tokenizers_of_models_that_are_used_give_what_the_library_alone_gives(change, expressions):
    digits = {"type": "Digits", "individual_digits": True}
    ways = regex(*expressions)
    ways["pretokenizers"].insert(-1, digits)
    empty = {"type": "Sequence", "normalizers": []}
    after = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False}
    folder = change(pre_tokenizer=ways, normalizer=empty, post_processor=after)
    raw = Tokenizer.from_file(str(folder / TOKENIZER))
    assert Text.load(folder, 1, 2).encode(WORDS)[1:] == raw.encode(WORDS, add_special_tokens=False).ids
    assert Text.load(folder, 1, 2).decode(raw.encode(WORDS).ids) == raw.decode(raw.encode(WORDS).ids)


@pytest.mark.parametrize(
    "values",
    [
        {"truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 9}},
        {"truncation": {"direction": "Left", "max_length": 2, "strategy": "OnlyFirst", "stride": 0}},
        {
            "padding": {
                "strategy": {"Fixed": 10**11},
                "direction": "Right",
                "pad_to_multiple_of": None,
                "pad_id": 0,
                "pad_type_id": 0,
                "pad_token": "x",
            }
        },
        {"post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 9], "cls": ["[CLS]", 8]}},
        {"dropout": 0.9},
        {"continuing_subword_prefix": "##"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_what_a_unix_tokenizer_does_not_need_does_nothing(change, values):
    assert Text.load(change(**values), 1, 2).encode(WORDS) == Text.load(EMBEDDED, 1, 2).encode(WORDS)


def nested(depth):
    part = {"type": "Sequence", "normalizers": [{"type": "NFC"}]}
    for _ in range(depth):
        part = {"type": "Sequence", "normalizers": [part]}
    return part


@pytest.mark.parametrize(
    "values",
    [
        {"normalizer": {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 4096}},
        {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Replace", "pattern": {"Regex": ""}}] * 20}},
        {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAA"}},
        {"normalizer": {"type": "Prepend", "prepend": "x" * 10**6}},
        {"normalizer": nested(40)},
        {"normalizer": ["NFC"]},
        {"decoder": {"type": "Replace", "pattern": {"String": ""}, "content": "b" * 10**6}},
        {"decoder": {"type": "Strip", "content": "a", "start": 2**63, "stop": 2**63}},
        {"pre_tokenizer": {"type": "FixedLength", "length": 0}},
        {"pre_tokenizer": regex("(a+)+$")},
        {"pre_tokenizer": regex(r"(?:\s|\s\s)*x")},
        {"pre_tokenizer": regex(r"(?:\s+)?+x")},
        {"pre_tokenizer": regex(r"(\s{2,}){3}")},
        {"pre_tokenizer": regex(r"\s*" * 40 + "x")},
        {"pre_tokenizer": regex(r"x|[\]\s]*" + r"a{0,}" * 4)},
        {"pre_tokenizer": regex(r"(a)\1")},
        {"pre_tokenizer": regex("a" * 10_000)},
        {"pre_tokenizer": split({"Regex": 5})},
        {"pre_tokenizer": split({"String": "a"}, "Elsewhere")},
        {"type": "WordPiece"},
        {"vocab": {"a": -1}},
        {"vocab": {"a": 2**40}},
        {"vocab": {"a": True}},
        {"vocab": {"a": 0.5}},
        {"vocab": {"a" * 5000: 0}},
        {"vocab": [["a", 0.0]]},
        {"merges": [["never", "heard"]]},
        {"merges": [["a"]]},
        {"merges": {"a": "b"}},
        {"added_tokens": [{"id": 2**33, "content": "x"}]},
        {"added_tokens": [{"id": 1, "content": ""}]},
        {"added_tokens": [{"id": 1, "content": "x" * 10**6}]},
        {"added_tokens": ["x"]},
        {"model": None},
    ],
    ids=lambda values: str(values)[:60],
)
def test_what_no_unix_tokenizer_has_is_refused(change, values):
    with pytest.raises(ValueError, match="tokenizer"):
        Text.load(change(**values), 1, 2)


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff\xfe", b'{"a": ' * 3000, b"null"])
@pytest.mark.parametrize("name", [TOKENIZER, TOKENIZER_CONFIG, "special_tokens_map.json"])
def test_what_is_no_mapping_is_refused(change, content, name):
    folder = change()
    (folder / name).write_bytes(content)
    with pytest.raises(ValueError, match=name):
        Text.load(folder, 1, 2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes")
@pytest.mark.parametrize("name", [TOKENIZER, TOKENIZER_CONFIG])
def test_a_pipe_and_a_vast_file_are_not_read(change, name):
    folder = change()
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(ValueError, match=name):
        Text.load(folder, 1, 2)
    (folder / name).unlink()
    with (folder / name).open("wb") as file:
        file.truncate(1 << 34)
    with pytest.raises(ValueError, match=name):
        Text.load(folder, 1, 2)


def test_a_panic_of_the_library_is_an_exception_like_others(change):
    """The library alone panics, which is no `Exception`."""
    folder = change(truncation={"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 9})
    raw = Tokenizer.from_file(str(folder / TOKENIZER))
    with pytest.raises(BaseException) as panic:
        raw.encode(WORDS)
    assert not isinstance(panic.value, Exception)
    with pytest.raises(ValueError, match="the tokenizer failed"):
        call(lambda: raw.encode(WORDS))


def test_what_was_read_is_what_is_used_and_kept(change):
    folder = change()
    files = TokenizerFiles.read(folder)
    before = dict(files.contents)
    for name in files.contents:
        (folder / name).write_text("{}", "utf-8")
    assert files.contents == before and files.load().get_vocab_size() > 100
