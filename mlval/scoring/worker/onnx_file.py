"""The names of classes in an ONNX file, read from its bytes: its runtime does not tell them.

The format is a protocol buffer: fields of (number, kind), of which four lead to the attributes of nodes.
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRAPH, _NODE, _ATTRIBUTE, _NAME, _INTS, _STRINGS = 7, 1, 5, 1, 8, 9
_LABELS = {b"classlabels_ints", b"classlabels_int64s", b"classlabels_strings"}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_BITS = 64


def class_labels(model: bytes) -> tuple[int | str, ...]:
    """Return the labels that the last node with labels in the graph names, none where no node does.

    Raises
    ------
    Refused
        If the bytes are no protocol buffer.
    """
    found: tuple[int | str, ...] = ()
    try:
        for graph in _parts(memoryview(model), _GRAPH):
            for node in _parts(graph, _NODE):
                for attribute in _parts(node, _ATTRIBUTE):
                    found = _labels(attribute) or found
    except (IndexError, ValueError) as error:
        raise Refused("broken", "the file is not a whole ONNX model") from error
    return found


def _labels(attribute: memoryview) -> tuple[int | str, ...]:
    if not any(bytes(name) in _LABELS for name in _parts(attribute, _NAME)):
        return ()
    texts = tuple(bytes(text).decode("utf-8", "replace") for text in _parts(attribute, _STRINGS))
    return texts or tuple(_integers(attribute))


def _integers(attribute: memoryview) -> Iterator[int]:
    for number, value in _fields(attribute):
        if number == _INTS and isinstance(value, int):
            yield _signed(value)
        elif number == _INTS and isinstance(value, memoryview):
            place = 0
            while place < len(value):
                packed, place = _varint(value, place)
                yield _signed(packed)


def _signed(value: int) -> int:
    return value - 2**_BITS if value >= 2 ** (_BITS - 1) else value


def _parts(message: memoryview, wanted: int) -> Iterator[memoryview]:
    for number, value in _fields(message):
        if number == wanted and isinstance(value, memoryview):
            yield value


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, place = _varint(message, place)
            yield number, value
            continue
        if kind == _BYTES:
            size, place = _varint(message, place)
        elif kind in {_FIXED64, _FIXED32}:
            size = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(kind)
        if place + size > len(message):
            raise ValueError(size)
        yield number, message[place : place + size]
        place += size


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while shift < _BITS + 6:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise ValueError(place)
