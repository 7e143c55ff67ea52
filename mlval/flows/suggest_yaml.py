"""Writing a contract as text: one rule set a line with its reason, whatever names and values hold."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from mlval.domain.text import shown

Plain: TypeAlias = "str | int | float | bool | Sequence[Plain] | Mapping[str, Plain] | None"

_COMMENT = 400
_LONGEST_KEY = 1000  # YAML ends a key after 1,024 characters
_SIMPLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*|[0-9]+(?:\.[0-9]+)?%")
# What YAML 1.2 or 1.1 reads as something else than text; editors may still follow the older version.
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"}
_QUOTABLE = re.compile(r"[ -~\u00a0-\u017f]*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class Noted:
    """A value of the contract, why it is there, and what looks odd about what it was taken from."""

    value: Plain
    why: str = ""
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetDraft:
    """What a contract is to say of one dataset: where it is, its roles, rules of the table and of columns."""

    name: str
    place: Noted
    table: Mapping[str, Noted] = field(default_factory=dict)
    columns: Mapping[str, Noted] = field(default_factory=dict)


def contract_text(name: str, drafts: Sequence[DatasetDraft], *, opening: Sequence[str] = ()) -> str:
    """Return a contract as YAML that the gate reads back as exactly these values.

    Parameters
    ----------
    name : of the contract
    drafts : at least one, each with a name of its own
    opening : sentences that stand above everything, as comments
    """
    return "\n".join(_lines(name, drafts, opening)) + "\n"


def _lines(name: str, drafts: Sequence[DatasetDraft], opening: Sequence[str]) -> Iterator[str]:
    yield from (f"# {sentence}" for sentence in opening)
    yield "version: 1"
    yield f"name: {flow(name)}"
    yield ""
    yield "datasets:"
    for draft in drafts:
        yield from _entry(draft.name, draft.place, indent="  ")
    yield ""
    yield "validations:"
    for draft in drafts:
        yield f"  - id: {flow(draft.name)}"
        yield "    type: data"
        yield f"    dataset: {flow(draft.name)}"
        for key, noted in draft.table.items():
            yield from _entry(key, noted, indent="    ")
        if draft.columns:
            yield "    columns:"
        for column, noted in draft.columns.items():
            yield from _entry(column, noted, indent="      ")


def _entry(key: str, noted: Noted, *, indent: str) -> Iterator[str]:
    """Return the line of a key, with what is odd above it and why at its end."""
    yield from (f"{indent}# odd: {shown(odd, _COMMENT)}" for odd in noted.odd)
    why = f"  # {shown(noted.why, _COMMENT)}" if noted.why else ""
    yield f"{indent}{flow(key)}: {flow(noted.value)}{why}"


def is_short(name: str) -> bool:
    """Say whether a name can be a key, however much of it must be escaped."""
    return len(flow(name)) <= _LONGEST_KEY


def flow(value: Plain) -> str:
    """Return a value in YAML's flow style, on one line.

    >>> flow({"in": ["free", "NO", "a: b", 1, 0.5], "range": [0, None]})
    "{in: [free, 'NO', 'a: b', 1, 0.5], range: [0, null]}"
    """
    match value:
        case None | bool() | int():
            return json.dumps(value)
        case float():
            return repr(float(value))
        case str():
            return _text(value)
        case Mapping():
            return "{" + ", ".join(f"{_text(key)}: {flow(item)}" for key, item in value.items()) + "}"
        case _:
            return "[" + ", ".join(flow(item) for item in value) + "]"


def _text(text: str) -> str:
    """Return text without quotes where it is safe, in single ones where all of it is seen, else escaped."""
    if _SIMPLE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if _QUOTABLE.fullmatch(text) and "\u00ad" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and code not in {0xFEFF, 0xFFFE, 0xFFFF}:
        return character
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
