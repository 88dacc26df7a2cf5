"""Weights on a card: what several graphs of a bundle name is there once."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any, BinaryIO
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle
from .graphs import GRAPHS, WEIGHTS_FILE

DTYPES = {"F32": np.float32, "F16": np.float16}
"""How safetensors calls what bundles hold in floating point."""
_MAX_HEADER = 16 * 2**20
_INITIALIZER_NAME = 0x42
"""Key of `TensorProto.name` in ONNX's protobuf: field 8, length-delimited."""


def read_header(file: BinaryIO) -> tuple[dict[str, dict[str, Any]], int]:
    """Read the header of a safetensors file; return its entries by name, and where their offsets count from.

    Raises:
        ValueError: It is none, or too large.
    """
    length = int.from_bytes(file.read(8), "little")
    if length > _MAX_HEADER:
        raise ValueError("too large a header")
    header: dict[str, dict[str, Any]] = json.loads(file.read(length))
    header.pop("__metadata__", None)
    return header, 8 + length


class CardWeights:
    """The weights that several graphs name, each placed once and kept as long as one of their sessions."""

    def __init__(self, bundle: Bundle, place: Callable[[NDArray[Any]], Any]) -> None:
        """Share a bundle's weights.

        Args:
            bundle: Whose.
            place: Copies an array into an OrtValue on the card.
        """
        self._bundle, self._place = bundle, place
        self._placed: WeakValueDictionary[str, Any] = WeakValueDictionary()

    def give(self, graph: str, options: Any) -> list[Any]:
        """Add what a graph shares with others to its session's options; return what must live as long as the session.

        ONNX Runtime takes only what it does not own itself: views of the values, by DLPack.
        """
        from onnxruntime import OrtValue

        given = []
        described = self._describe(graph)
        with (self._bundle.folder / WEIGHTS_FILE).open("rb") as file:
            header, start = read_header(file)
            for name in self._shared:
                if is_named(name, described):
                    value = self._placed.get(name)
                    if value is None:
                        value = self._placed[name] = self._place(_read(file, header[name], start))
                    view = OrtValue.from_dlpack(value)
                    options.add_initializer(name, view)
                    given += [value, view]  # the options have but a pointer to the view
        return given

    @cached_property
    def _shared(self) -> list[str]:
        """The names of weights that more than one graph names."""
        with (self._bundle.folder / WEIGHTS_FILE).open("rb") as file:
            header, _ = read_header(file)
        described = [self._describe(graph) for graph in GRAPHS]
        named = Counter(name for each in described for name in header if is_named(name, each))
        return [name for name, graphs in named.items() if graphs > 1 and header[name]["dtype"] in DTYPES]

    def _describe(self, graph: str) -> bytes:
        return (self._bundle.folder / f"{graph}.onnx").read_bytes()


def is_named(name: str, described: bytes) -> bool:
    """Return whether an ONNX file has an initializer of this name, without reading the whole of it as protobuf."""
    encoded = name.encode()
    length, size = [], len(encoded)
    while size > 0x7F:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([_INITIALIZER_NAME, *length, size]) + encoded in described


def _read(file: BinaryIO, entry: dict[str, Any], start: int) -> NDArray[Any]:
    first, last = entry["data_offsets"]
    file.seek(start + first)
    return np.frombuffer(file.read(last - first), DTYPES[entry["dtype"]]).reshape(entry["shape"])
