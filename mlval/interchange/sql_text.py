"""Pieces of SQL predicates: names and values quoted, and sentences made of them."""

import math
import re
from collections.abc import Iterable

from mlval.interchange.demand import Unmappable
from mlval.interchange.json_text import Value

LONGEST = 4_000

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_RESERVED = re.compile(
    r"all|and|any|array|as|asc|between|both|case|cast|check|collate|column|constraint|create|date|default|desc"
    r"|distinct|do|else|end|except|exists|false|fetch|for|foreign|from|glob|grant|group|having|ilike|in"
    r"|initially|intersect|interval|into|is|isnull|lambda|lateral|leading|like|limit|map|not|notnull|null|offset"
    r"|on|only|or|order|over|pivot|placing|primary|qualify|references|returning|row|select|show|similar|some"
    r"|struct|summarize|symmetric|table|then|time|timestamp|to|trailing|true|try_cast|union|unique|unpivot"
    r"|user|using|values|variadic|when|where|window|with|current_date|current_time|current_timestamp"
    r"|localtime|localtimestamp|describe|analyse|analyze|asymmetric|deferrable"
)


def name(column: str) -> str:
    """Return the name of a column as a predicate has it, quoted where it must be.

    >>> name("fare"), name("trip id")
    ('fare', '"trip id"')
    """
    if not column:
        raise Unmappable("a column without a name")
    if _PLAIN.fullmatch(column) and not _RESERVED.fullmatch(column):
        return column
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return text as a predicate has it.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def literal(value: Value) -> str:
    """Return a number, a text or a truth value as a predicate has it.

    Raises
    ------
    Unmappable
        If it is none of them.
    """
    match value:
        case bool():
            return str(value).lower()
        case str():
            return text(value)
        case int() | float() if math.isfinite(value):
            return str(value)
    raise Unmappable("a value that is no number, text or truth value")


def joined(parts: Iterable[str], word: str) -> str:
    """Join predicates by `AND` or `OR`, in brackets where there are several.

    Raises
    ------
    Unmappable
        If the whole is longer than a predicate may be.
    """
    listed = list(parts)
    sql = f" {word} ".join(f"({part})" for part in listed) if len(listed) > 1 else listed[0]
    if len(sql) > LONGEST:
        raise Unmappable(f"the predicate would have more than {LONGEST:,} characters")
    return sql
