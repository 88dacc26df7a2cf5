"""Which operators an ONNX file holds, read before ONNX Runtime is given it.

A bundle's graphs hold standard operators, the two products of integers that ONNX Runtime adds, and nothing that runs
again and again (docs/bundle.md): a stranger's
`Loop` never ends, and another domain's operator is native code of somebody's choice. ONNX Runtime would fold constants,
and so run the one and the other, as soon as it opens the file. The file is protobuf (onnx.proto): fields, each a
number, a kind and its bytes; of those that may stand once but stand twice, both count here.
"""

from collections.abc import Iterator

STANDARD = frozenset(("", "ai.onnx"))
"""The domain of ONNX's own operators, by both its names."""
QUANTISED_DOMAIN = "com.microsoft"
QUANTISED = frozenset(("MatMulIntegerToFloat", "MatMulNBits"))
"""The products with quantised weights, which ONNX itself has no operators for: these two of that domain, no other."""

_GRAPH, _FUNCTIONS = 7, 25  # of ModelProto
_NODE = 1  # of GraphProto
_OP_TYPE, _ATTRIBUTE, _DOMAIN = 4, 5, 7  # of NodeProto
_SUBGRAPH, _SUBGRAPHS = 6, 11  # of AttributeProto
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def find_foreign(model: memoryview) -> str:
    """Return what an ONNX file holds beside the operators of a bundle; "" is nothing.

    Args:
        model: The file's bytes.

    Raises:
        ValueError: It is no such file.
    """
    for field, value in _fields(model):
        if field == _FUNCTIONS:
            return "functions of its own"
        if field == _GRAPH:
            for inner, node in _fields(value):
                if inner == _NODE and (found := _foreign_in_node(node)):
                    return found
    return ""


def _foreign_in_node(node: memoryview) -> str:
    operators, domains, attributes = [], [], False
    for field, value in _fields(node):
        if field == _OP_TYPE:
            operators.append(_name(value))
        elif field == _DOMAIN:
            domains.append(_name(value))
        elif field == _ATTRIBUTE:
            attributes |= any(inner in (_SUBGRAPH, _SUBGRAPHS) for inner, _ in _fields(value))
    if attributes:
        return f"control flow ({', '.join(operators)})".replace(" ()", "")
    foreign = [each for each in domains if each not in STANDARD]
    if foreign and not (set(foreign) == {QUANTISED_DOMAIN} and operators and QUANTISED.issuperset(operators)):
        return f"an operator of {foreign[0]}"
    return ""


def _name(value: memoryview) -> str:
    return bytes(value).decode("utf-8", "replace")[:100]


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield a message's fields by number; of those that are no bytes, nothing but the number."""
    at, end = 0, len(message)
    while at < end:
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
            length = 0
        elif kind in (_FIXED64, _FIXED32):
            at, length = at + (8 if kind == _FIXED64 else 4), 0
        elif kind == _BYTES:
            length, at = _varint(message, at)
        else:
            raise ValueError("it is no ONNX")
        if at + length > end:
            raise ValueError("it is no ONNX")
        yield key >> 3, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("it is no ONNX")
