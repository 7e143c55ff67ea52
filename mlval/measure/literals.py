"""Names and values as SQL text: what is written here is read back as the same name or the same value."""

import math
from datetime import UTC, date, datetime

from mlval.domain.predicate import Scalar

LOWEST_INT = -(2**127)
HIGHEST_INT = 2**127 - 1


def identifier(name: str) -> str:
    """Return a column or table name in double quotes.

    Raises
    ------
    ValueError
        If the name is empty, or holds NUL or half a character.
    """
    if not name:
        raise ValueError("a name has at least one character")
    return '"' + _encodable(name).replace('"', '""') + '"'


def text(value: str) -> str:
    """Return text in single quotes, where a backslash is a character like any other.

    Raises
    ------
    ValueError
        If the text holds NUL or half a character.
    """
    return "'" + _encodable(value).replace("'", "''") + "'"


def literal(value: Scalar) -> str:
    """Return a value as SQL that the engine reads as exactly this value.

    A float becomes a DOUBLE, never a DECIMAL; a time with an offset becomes the same instant in UTC.
    The engine wraps numbers beyond 128 bits around when it compares them, so these are refused.

    Raises
    ------
    ValueError
        If the value is a float that is not finite, an integer beyond 128 bits, or text as in `text`.
    """
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return _integer(value)
        case float():
            return _double(value)
        case str():
            return text(value)
        case datetime():
            return _moment(value)
        case date():
            return f"DATE '{value.isoformat()}'"


def _integer(value: int) -> str:
    if not LOWEST_INT <= value <= HIGHEST_INT:
        raise ValueError("an integer has at most 128 bits")
    return str(value)


def _double(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError("a number is finite")
    digits = float.__repr__(value)  # a numpy float is a float that writes itself otherwise
    return digits if "e" in digits else f"{digits}e0"


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
    try:
        instant = value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time lies between the years 1 and 9999 in UTC") from error
    return f"TIMESTAMPTZ '{instant.isoformat(sep=' ')}'"


def _encodable(value: str) -> str:
    if "\0" in value:
        raise ValueError("text cannot hold NUL")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text cannot hold half a surrogate pair") from error
    return value
