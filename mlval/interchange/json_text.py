"""JSON read strictly: one value with places, within limits; what readers disagree about is refused.

Depth is data, not recursion, and a number keeps to what every reader can hold.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

from mlval.domain.errors import Place, UsageError
from mlval.domain.measurement import Path
from mlval.domain.text import shown

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | dict[str, Value] | None"

BYTES = 4 << 20
DEPTH = 32
VALUES = 200_000

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:(?P<mark>[\[\]{},:])|(?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.+-])"
    r"|(?P<word>true|false|null)(?!\w))"
)
_WORDS = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER = 100


class JsonRefused(UsageError):
    """A text is no JSON, or none that is read: what is wrong, with its line and column."""


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """A parsed text. Lists are tuples; `places` knows where each path begins, the whole as ()."""

    value: Value
    places: Mapping[Path, Place]


@dataclass(slots=True)
class _Open:
    """An object or list that has begun, and the key under way."""

    items: "dict[str, Value] | list[Value]"
    path: Path
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    """The text, and what has been read of it."""

    text: str
    name: str
    at: int = 0
    lines: int = 1
    line_start: int = 0
    counted: int = 0
    places: dict[Path, Place] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)

    def place(self, offset: int) -> Place:
        self.lines += self.text.count("\n", self.counted, offset)
        newline = self.text.rfind("\n", self.counted, offset)
        self.line_start = self.line_start if newline < 0 else newline + 1
        self.counted = max(self.counted, offset)
        return Place(self.lines, offset - self.line_start + 1)

    def stop(self, why: str, offset: int) -> NoReturn:
        place = self.place(offset)
        message = f"{self.name}:{place.line}:{place.column}: {why}"
        raise JsonRefused(message, remedy="write it as plain JSON")

    def token(self) -> tuple[str, str, int]:
        """Return the kind, the text and the offset of the next token; the kind of the end is empty."""
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.lastgroup is None:
            rest = self.text[self.at :].lstrip(" \t\r\n")
            start = len(self.text) - len(rest)
            if not rest:
                return "", "", start
            self.stop(f"this is no JSON: {shown(rest[:20])}", start)
        self.at = match.end()
        return match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)

    def begin(self, offset: int) -> Path:
        """Note where the next value stands, and return its path."""
        if len(self.places) == VALUES:
            self.stop(f"more than {VALUES:,} values", offset)
        path: Path = ()
        if self.open:
            parent = self.open[-1]
            path = (*parent.path, len(parent.items) if parent.key is None else parent.key)
        self.places[path] = self.place(offset)
        return path

    def scalar(self, kind: str, text: str, offset: int) -> Value:
        if kind == "word":
            return _WORDS[text]
        if kind == "text":
            return self.decoded(text, offset)
        if len(text) > _LONGEST_NUMBER:
            self.stop("this number is too long", offset)
        if text.lstrip("-").isdigit():
            whole = int(text)
            if not -(2**63) <= whole < 2**64:
                self.stop("this whole number does not fit into 64 bits", offset)
            return whole
        number = float(text)
        if not math.isfinite(number):
            self.stop("this number is beyond all floats", offset)
        return number

    def decoded(self, text: str, offset: int) -> str:
        try:
            decoded: str = json.loads(text)
        except ValueError:
            self.stop("this text has an escape that JSON does not know", offset)
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in decoded):
            self.stop("this text holds NUL or half a character", offset)
        return decoded


def read_json(data: bytes, *, name: str) -> JsonDocument:
    """Read the bytes of a JSON file; `name` is what messages call it.

    Raises
    ------
    JsonRefused
        If it is too large, too deep, no UTF-8, no JSON, or has NaN or a key twice.
    """
    if len(data) > BYTES:
        raise JsonRefused(f"{name} has {len(data):,} bytes; at most {BYTES:,} are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonRefused(f"{name} is not UTF-8", remedy="save it as UTF-8") from error
    reader = _Reader(text, name)
    value = _value(reader)
    kind, _, offset = reader.token()
    if kind:
        reader.stop("something follows the end", offset)
    return JsonDocument(value, reader.places)


def _value(reader: _Reader) -> Value:
    while True:
        kind, text, offset = reader.token()
        if kind == "mark" and text in "]}" and reader.open and _may_close(reader, text):
            value, done = _closed(reader)
        elif kind == "mark" and text in "[{":
            if len(reader.open) == DEPTH:
                reader.stop(f"nested more than {DEPTH} levels deep", offset)
            path = reader.begin(offset)
            reader.open.append(_Open([] if text == "[" else {}, path))
            _key(reader)
            continue
        elif kind in {"text", "number", "word"}:
            reader.begin(offset)
            value, done = _stored(reader, reader.scalar(kind, text, offset))
        else:
            reader.stop("expected a value", offset)
        while not done:
            kind, text, offset = reader.token()
            if text == "," and kind == "mark":
                _key(reader, required=True)
                break
            if kind != "mark" or text != ("}" if isinstance(reader.open[-1].items, dict) else "]"):
                reader.stop("expected `,` or the end of the list or object", offset)
            value, done = _closed(reader)
        if done:
            return value


def _may_close(reader: _Reader, text: str) -> bool:
    """Whether a bracket closes what was opened just before it: only what is empty ends so."""
    top = reader.open[-1]
    return not top.items and top.key is None and text == ("}" if isinstance(top.items, dict) else "]")


def _closed(reader: _Reader) -> tuple[Value, bool]:
    items = reader.open.pop().items
    return _stored(reader, tuple(items) if isinstance(items, list) else items)


def _stored(reader: _Reader, value: Value) -> tuple[Value, bool]:
    """Put a value where it belongs, and say whether it is the whole."""
    if not reader.open:
        return value, True
    parent = reader.open[-1]
    if isinstance(parent.items, list):
        parent.items.append(value)
    elif parent.key is not None:
        parent.items[parent.key] = value
        parent.key = None
    return value, False


def _key(reader: _Reader, *, required: bool = False) -> None:
    """Read the key of the next entry, where an object is open."""
    top = reader.open[-1]
    if not isinstance(top.items, dict):
        if required and _is_next(reader, "]"):
            reader.stop("a comma before the end", reader.at)
        return
    if not required and _is_next(reader, "}"):
        return
    kind, text, offset = reader.token()
    if kind != "text":
        reader.stop("expected a key in double quotes", offset)
    key = reader.decoded(text, offset)
    if key in top.items:
        reader.stop(f"the key {shown(key)!r} stands here twice", offset)
    kind, text, offset = reader.token()
    if kind != "mark" or text != ":":
        reader.stop("expected `:` after the key", offset)
    top.key = key


def _is_next(reader: _Reader, mark: str) -> bool:
    match = _TOKEN.match(reader.text, reader.at)
    return match is not None and match["mark"] == mark
