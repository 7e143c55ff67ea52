"""Mutations of valid inputs: of trees, which mostly stay readable, and of bytes, which mostly do not."""

import copy
import random
from collections.abc import Sequence
from typing import Any, TypeAlias

Tree: TypeAlias = Any
"""What YAML and JSON are read as: mappings, lists, scalars."""
Parent: TypeAlias = Any
"""A mapping or a list."""
Key: TypeAlias = Any
"""A key of a mapping, or a position in a list."""

SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**63, -(2**70), 0.5, 1e308, -0.0, 1e-320),
    *("", " ", "a", "NaN", "1%", "-1%", "101%", ">= 1", "<= 5%", "24h", "NULL", "null", "on", "010", "1e-3"),
    *("2026-01-31", "2026-13-01", "x = 1", "x >", "1 = 1", "x / 0 = 1", "isnan(x)", "../../etc/passwd"),
    *(
        "/etc/passwd",
        "s3://b/k",
        "http://h/x",
        "t.csv",
        "*.csv",
        "[",
        "(",
        "a" * 3000,
        "\u202e\u0000",
        "é'\"`|",
    ),
    *("SELECT 1; SELECT 2", "'); DROP TABLE t; --", "${{ github.token }}", "::error::x", "{{ 7 * 7 }}"),
)
TOKENS = (
    *(
        b"\n",
        b":",
        b"- ",
        b"  ",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"'",
        b"#",
        b"&a",
        b"*a",
        b"!!python/none",
        b"|",
    ),
    *(
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\r",
        b"\t",
        b",",
        b";",
        b"%",
        b"0",
        b"9" * 400,
        b"---\n",
    ),
    *(
        "\u2028".encode(),
        "é".encode(),
        b"\x1b[31m",
        b"(",
        b")",
        b"=",
        b"--",
        b"/*",
        b"null",
        b"NaN",
        b"1e999",
    ),
)


def tree(seeds: Sequence[Tree], draw: random.Random, *, changes: int) -> Tree:
    """Return a copy of one seed with some nodes replaced, removed, repeated, or taken from another seed."""
    grown = copy.deepcopy(draw.choice(seeds))
    for _ in range(draw.randint(0, changes)):
        places = _places(grown)
        if not places:
            return grown
        parent, key = draw.choice(places)
        _change(parent, key, draw, donors=seeds)
    return grown


def text(written: bytes, draw: random.Random, *, changes: int) -> bytes:
    """Return bytes with some of them removed, repeated, swapped, or tokens put in between."""
    content = bytearray(written)
    for _ in range(draw.randint(0, changes)):
        start = draw.randint(0, len(content))
        end = min(len(content), start + draw.choice((0, 1, 1, 2, 8, 64)))
        match draw.randrange(4):
            case 0:
                del content[start:end]
            case 1:
                content[start:end] = draw.choice(TOKENS)
            case 2:
                content[start:start] = content[start:end] * draw.choice((1, 2, 50))
            case _:
                content[start:end] = bytes(draw.randrange(256) for _ in range(end - start))
    return bytes(content)


def _change(parent: Parent, key: Key, draw: random.Random, *, donors: Sequence[Tree]) -> None:
    match draw.randrange(8):
        case 0:
            del parent[key]
        case 1 | 2:
            parent[key] = draw.choice(SCALARS)
        case 3:
            parent[key] = copy.deepcopy(_value(draw.choice(_places(draw.choice(donors)))))
        case 4:
            parent[key] = [parent[key]]
        case 5:
            parent[key] = {str(draw.choice(SCALARS)): parent[key]}
        case 6 if isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
        case 6:
            parent[_word(draw, key)] = copy.deepcopy(parent[key])
        case _:
            _nudge(parent, key, draw)


def _nudge(parent: Parent, key: Key, draw: random.Random) -> None:
    """Change a scalar a little, as a hand does that edits a file; a mapping is put into another order."""
    value = parent[key]
    if isinstance(value, bool) or value is None:
        parent[key] = not value
    elif isinstance(value, int | float):
        parent[key] = draw.choice((value + 1, -value, value * 10, value / 2, str(value), f"{value}%"))
    elif isinstance(value, str):
        at = draw.randint(0, len(value))
        parent[key] = (
            value[:at] + draw.choice(("", " ", "x", "'", "%", "é")) + value[at + draw.randint(0, 1) :]
        )
    elif isinstance(value, dict):
        items = list(value.items())
        draw.shuffle(items)
        parent[key] = dict(items)
    elif isinstance(value, list):
        draw.shuffle(value)


def _word(draw: random.Random, key: Key) -> str:
    return draw.choice((f"{key}x", str(key).upper(), "where", "columns", "min", "unique", "per", "expect"))


def _places(grown: Tree) -> list[tuple[Parent, Key]]:
    """Return every node as its parent and its key there."""
    found: list[tuple[Parent, Key]] = []
    keys: Any = grown if isinstance(grown, dict) else range(len(grown)) if isinstance(grown, list) else ()
    for key in keys:
        found += [(grown, key), *_places(grown[key])]
    return found


def _value(place: tuple[Parent, Key]) -> Tree:
    parent, key = place
    return parent[key]
