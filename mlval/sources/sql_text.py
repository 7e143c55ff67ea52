"""The text of a query: one SELECT, or the whole of a table.

What is looked at here gives a good sentence before anything is contacted. It is no wall: that the text is one
SELECT is held by the grammar of the server, and that it writes nothing by a transaction that cannot.
"""

import re

from mlval.domain.errors import SourceRefused
from mlval.domain.text import shown

LONGEST = 50_000

_BLANK = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*(?:[^*]|\*(?!/))*\*/)*")
_SELECT = re.compile(r"\(*\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_REMEDY = "Write one SELECT; it may begin with WITH."
_LONGEST_NAME = 63


def one_select(text: str) -> str:
    """Return a query without the semicolon that may end it.

    Raises
    ------
    SourceRefused
        If it is too long, holds what no query can hold, or does not begin as a SELECT.
    """
    if len(text) > LONGEST:
        raise SourceRefused(f"`sql:` has more than {LONGEST:,} characters.", remedy="Make it a view.")
    if not _sayable(text):
        raise SourceRefused("`sql:` holds a NUL, or half a character.", remedy=_REMEDY)
    begin = _BLANK.match(text)
    if not _SELECT.match(text, begin.end() if begin else 0):
        raise SourceRefused(
            f"`sql:` does not begin as a SELECT: `{shown(text.strip(), 40)}`.", remedy=_REMEDY
        )
    return text.strip().removesuffix(";").rstrip()


def whole_table(name: str) -> str:
    """Return the query for all rows of `name` or `schema.name`, each name taken as it is written.

    >>> whole_table('shop.Orders')
    'SELECT * FROM "shop"."Orders"'

    Raises
    ------
    SourceRefused
        If it is not one or two names.
    """
    parts = name.split(".")
    if len(parts) > 2 or not all(_is_name(part) for part in parts):
        raise SourceRefused(
            f"`table: {shown(name)}` is not the name of a table.", remedy="Write `name` or `schema.name`."
        )
    quoted = (part.replace('"', '""') for part in parts)
    return "SELECT * FROM " + ".".join(f'"{part}"' for part in quoted)  # noqa: S608 - each name is quoted


def _is_name(part: str) -> bool:
    return bool(part) and _sayable(part) and len(part.encode()) <= _LONGEST_NAME


def _sayable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
