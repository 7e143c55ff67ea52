"""Tensors of an ONNX file that lie in other files: protobuf, read just so far as to find their paths."""

import mmap
from collections.abc import Iterator
from pathlib import Path

from mlval.domain.model_findings import Finding
from mlval.domain.text import shown
from mlval.scoring.findings_folder import escapes

DEEPEST = 64
MOST_FIELDS = 5_000_000
_LONGEST_NUMBER = 10
_LOCATION = b"location"

# By message: which field holds which message. Names and numbers are those of onnx.proto3.
_BELOW: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "training": {1: "graph", 2: "graph"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "external"},
}


class _Broken(Exception):
    """The bytes are no ONNX."""


def in_onnx(file: Path, path: str) -> Iterator[Finding]:
    """Yield tensors whose bytes are looked for outside the model's folder."""
    told = shown(path)
    try:
        with file.open("rb") as source, mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as data:
            locations = sorted(set(_locations(data)))
    except (_Broken, ValueError, OSError):
        yield Finding("unreadable", told, "is no ONNX file that can be read")
        return
    for location in locations:
        if escapes(location):
            message = f"looks for a tensor at `{shown(location)}`, which leads out of the model"
            yield Finding("onnx-external-data", told, message)


def _locations(data: mmap.mmap) -> Iterator[str]:
    """Yield the `location` of every tensor with external data, wherever it stands in the model."""
    waiting = [("model", 0, len(data), 0)]
    left = MOST_FIELDS
    while waiting:
        message, start, end, depth = waiting.pop()
        if depth > DEEPEST:
            raise _Broken
        for number, wire, first, last in _fields(data, start, end):
            left -= 1
            if left < 0:
                raise _Broken
            below = _BELOW[message].get(number)
            if below == "external" and wire == 2:
                yield from _location(data, first, last)
            elif below is not None:
                if wire != 2:
                    raise _Broken
                waiting.append((below, first, last, depth + 1))


def _location(data: mmap.mmap, start: int, end: int) -> Iterator[str]:
    keys: list[bytes] = []
    values: list[bytes] = []
    for number, wire, first, last in _fields(data, start, end):
        if wire == 2 and number in {1, 2}:
            (keys if number == 1 else values).append(data[first:last])
    # The last of several counts, as readers of protobuf have it.
    if keys and keys[-1] == _LOCATION:
        yield values[-1].decode(errors="replace") if values else ""


def _fields(data: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield number, wire type, and where the value lies, of each field of a message."""
    while start < end:
        key, start = _number(data, start, end)
        number, wire = key >> 3, key & 7
        first = start
        if wire == 0:
            _, start = _number(data, start, end)
        elif wire == 2:
            size, first = _number(data, start, end)
            start = first + size
        elif wire in {1, 5}:
            start += 8 if wire == 1 else 4
        else:
            raise _Broken
        if start > end or number == 0:
            raise _Broken
        yield number, wire, first, start


def _number(data: mmap.mmap, start: int, end: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST_NUMBER):
        if start + place >= end:
            raise _Broken
        byte = data[start + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, start + place + 1
    raise _Broken
