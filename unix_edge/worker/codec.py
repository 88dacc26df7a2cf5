"""Requests and events as bytes: a JSON line, and blocks of bytes of the lengths that it states.

Every value is checked against the type that its dataclass declares, whoever sent it; nothing is pickled.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import IO, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import Dataset

from ..dicom.header import pick_header, rebuild_header
from ..limits import MAX_LINE, MAX_SIDE
from ..sentences import Sentence
from . import messages

_MOST_BYTES = 3 * MAX_SIDE * MAX_SIDE
"""Of all blocks of a message: one picture in colour."""
_MOST_BLOCKS = 8
_DTYPES = ("uint8", "float32")
_LARGEST = 2**63
_KINDS = {each.__name__: each for each in (*get_args(messages.Request), *get_args(messages.Event))}
T = TypeVar("T")


class GarbageError(ValueError):
    """What came is no message."""


class TooLongError(ValueError):
    """A message's texts are longer than a line may be."""


def pack(message: messages.Request | messages.Event) -> bytes:
    """Return a message as it travels.

    Raises:
        TooLongError: It does not fit.
    """
    blocks: list[bytes] = []
    said = {"kind": type(message).__name__, "value": _tell(message, blocks), "blocks": [len(each) for each in blocks]}
    line = json.dumps(said, allow_nan=False).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise TooLongError
    return b"".join([line, *blocks])


def read_request(pipe: IO[bytes]) -> messages.Request | None:
    """Read a request; None where there are no more.

    Raises:
        GarbageError: It is none.
    """
    return _read(pipe, messages.Request)


def read_event(pipe: IO[bytes]) -> messages.Event | None:
    """Read an event; None where there are no more.

    Raises:
        GarbageError: It is none.
    """
    return _read(pipe, messages.Event)


def _read(pipe: IO[bytes], among: UnionType) -> Any:
    line = pipe.readline(MAX_LINE)
    if not line:
        return None
    try:
        said = json.loads(line)
        kind, lengths = _KINDS[said["kind"]], said["blocks"]
        if kind not in get_args(among) or not line.endswith(b"\n") or len(lengths) > _MOST_BLOCKS:
            raise GarbageError
        if not all(type(each) is int and each >= 0 for each in lengths) or sum(lengths) > _MOST_BYTES:
            raise GarbageError
        blocks = [pipe.read(each) for each in lengths]
        if [len(each) for each in blocks] != lengths:
            raise GarbageError
        left = iter(blocks)
        message = _hear(kind, said["value"], left)
        if next(left, None) is not None:
            raise GarbageError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise GarbageError from None
    return message


def _tell(value: Any, blocks: list[bytes]) -> Any:
    """Return a value as JSON holds it; what is large goes to the blocks."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Image.Image):
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        blocks.append(np.ascontiguousarray(value).tobytes())
        return {"dtype": value.dtype.name, "shape": list(value.shape)}
    if isinstance(value, Dataset):
        return pick_header(value)
    if isinstance(value, Sentence):
        return value.as_json()
    if isinstance(value, Mapping):
        return {key: _tell(each, blocks) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_tell(each, blocks) for each in value]
    return {each.name: _tell(getattr(value, each.name), blocks) for each in fields(value)}


def _hear(kind: Any, said: Any, blocks: Iterator[bytes]) -> Any:
    """Return a value of a declared type.

    Raises:
        GarbageError: It is none; ValueError, KeyError or TypeError likewise.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if said is None and NoneType in inner:
            return None
        (kind,) = (each for each in inner if each is not NoneType)
        return _hear(kind, said, blocks)
    if origin is tuple:
        kinds = [inner[0]] * len(said) if inner[1:] == (...,) else list(inner)
        return tuple(_hear(*pair, blocks) for pair in zip(kinds, _list(said), strict=True))
    if origin is np.ndarray:
        return _array(said, next(blocks, b""), get_args(inner[1])[0])
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(said, inner[1])
    if kind is Image.Image:
        return Image.fromarray(_picture(said, next(blocks, b"")))
    if kind is Dataset:
        return rebuild_header(said)
    if kind is Sentence:
        return Sentence.from_json(said)
    if is_dataclass(kind):
        return _dataclass(kind, said, blocks)
    return _plain(kind, said)


def _dataclass(kind: Any, said: Any, blocks: Iterator[bytes]) -> Any:
    hints = _hints(kind)
    if said.keys() != hints.keys():
        raise GarbageError
    return kind(**{name: _hear(hint, said[name], blocks) for name, hint in hints.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """Return the declared type of every field, in the fields' order."""
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def _plain(kind: Any, said: Any) -> Any:
    if issubclass(kind, Enum):
        return kind(said)
    if kind is float:
        if type(said) not in (int, float) or not math.isfinite(said):
            raise GarbageError
        return float(said)
    if type(said) is not kind or (kind is int and abs(said) > _LARGEST):
        raise GarbageError
    return said


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise GarbageError
    return said


def _mapping(said: Any, values: Any) -> dict[str, Any]:
    """Return a mapping of texts, or of whatever JSON holds."""
    if not isinstance(said, dict) or (values is str and not all(isinstance(each, str) for each in said.values())):
        raise GarbageError
    return said


def _array(said: Any, block: bytes, scalar: Any) -> NDArray[Any]:
    dtype, shape = said["dtype"], said["shape"]
    if dtype not in _DTYPES or np.dtype(scalar).name != dtype:
        raise GarbageError
    if len(_list(shape)) > 4 or not all(type(side) is int and 1 <= side <= MAX_SIDE for side in shape):
        raise GarbageError
    return np.frombuffer(block, dtype).reshape(shape)


def _picture(said: Any, block: bytes) -> NDArray[np.uint8]:
    pixels: NDArray[np.uint8] = _array(said, block, np.uint8)
    if pixels.ndim != 2 and pixels.shape[2:] != (3,):
        raise GarbageError
    return pixels
