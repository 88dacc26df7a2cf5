"""Weights for a card: what several graphs of a bundle name is there once, and integers lie as its kernels read them."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any, BinaryIO
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from .bundle import Bundle
from .graphs import CARD_GRAPHS, GRAPHS, QUANTISED_PRECISIONS, WEIGHTS_FILE, form_of

DTYPES = {"F32": np.float32, "F16": np.float16, "I8": np.int8, "U8": np.uint8}
"""How safetensors calls what bundles hold."""
_BLOCK = 128
"""Bytes of a column that lie together."""
_ZERO_POINT = 128
"""What stands for zero in the bytes of a `MatMulNBits` of eight bits that is told of no other."""
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

    def give(self, graph: str, options: Any, *, shared: bool) -> list[Any]:
        """Add weights to the options of a graph's session; return what must live as long as the session.

        Those are the ones that it shares with others, and whatever does not lie in the file as the graph reads it.

        Args:
            graph: In its form for cards, or there is nothing to add.
            options: The session's, before it is opened.
            shared: Whether to share, and so to place on the card what is given; else the session copies it there.
        """
        from onnxruntime import OrtValue

        if not shared and graph not in CARD_GRAPHS:
            return []
        kept: list[Any] = []
        turned: dict[str, Any] = {}
        described = self._describe(graph)
        with (self._bundle.folder / WEIGHTS_FILE).open("rb") as file:
            header, start = read_header(file)
            for name, entry in header.items():
                turn = graph in CARD_GRAPHS and entry["dtype"] == "I8"
                if not is_named(name, described) or not (turn or (shared and name in self._shared)):
                    continue
                if not shared:
                    turned[name] = OrtValue.ortvalue_from_numpy(turn_for_card(_read(file, entry, start)))
                    continue
                value = self._placed.get(name)
                if value is None:
                    array = _read(file, entry, start)
                    value = self._placed[name] = self._place(turn_for_card(array) if turn else array)
                # ONNX Runtime takes only what it does not own itself: views of the values, by DLPack.
                view = OrtValue.from_dlpack(value)
                options.add_initializer(name, view)
                kept += [value, view]  # the options have but a pointer to the view
        if turned:
            options.add_external_initializers([*turned], [*turned.values()])
        return [*kept, *turned.values()]

    @cached_property
    def _shared(self) -> frozenset[str]:
        """The names of weights that more than one graph names; of integers their values, not scales and biases."""
        precision = self._bundle.manifest.precision
        with (self._bundle.folder / WEIGHTS_FILE).open("rb") as file:
            header, _ = read_header(file)
        described = [self._describe(form_of(graph, precision, card=True)) for graph in GRAPHS]
        named = Counter(name for each in described for name in header if is_named(name, each))
        dtypes = ("I8", "U8") if precision in QUANTISED_PRECISIONS else DTYPES
        return frozenset(name for name, graphs in named.items() if graphs > 1 and header[name]["dtype"] in dtypes)

    def _describe(self, graph: str) -> bytes:
        return (self._bundle.folder / f"{graph}.onnx").read_bytes()


def turn_for_card(values: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Turn int8 weights (in, out) into what `MatMulNBits` reads, bytes about 128: (out, blocks, 128), zeros behind."""
    inputs, outputs = values.shape
    turned = np.full((outputs, -(-inputs // _BLOCK) * _BLOCK), _ZERO_POINT, np.uint8)
    turned[:, :inputs] += values.T.view(np.uint8)  # a sum of bytes in two's complement
    return turned.reshape(outputs, -1, _BLOCK)


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
