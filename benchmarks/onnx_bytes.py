"""Write an ONNX model of one node, byte by byte: where there is a card there may be no package that could."""

from typing import Any

import numpy as np

_FLOAT, _FLOAT16 = 1, 10
_OPSET, _IR_VERSION = 21, 10


def one_node(operator: str, dtype: Any, shape: list[int]) -> bytes:
    """Return a model that maps one input "x" to "y", or for MatMul "x" and "w", all of one dtype and shape."""
    names = ["x", "w"] if operator == "MatMul" else ["x"]
    kind = {np.float32: _FLOAT, np.float16: _FLOAT16}[dtype]
    node = b"".join(_field(1, name.encode()) for name in names) + _field(2, b"y") + _field(4, operator.encode())
    graph = _field(1, node) + _field(2, b"graph")
    graph += b"".join(_field(11, _value(name, kind, shape)) for name in names) + _field(12, _value("y", kind, shape))
    return _number(1, _IR_VERSION) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, _OPSET))


def _value(name: str, kind: int, shape: list[int]) -> bytes:
    """Encode a ValueInfoProto."""
    dims = b"".join(_field(1, _number(1, size)) for size in shape)
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, dims)))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    encoded = []
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
