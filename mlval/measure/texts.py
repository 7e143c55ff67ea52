"""Text as SQL: patterns that are found in it, and how many characters it has."""

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure.comparison import quoted
from mlval.measure.literals import identifier
from mlval.measure.tables import Table

# In a text file these are read from texts of different lengths, which are not kept.
_LENGTHS_ARE_LOST = {"float", "timestamp"}


def contains(table: Table, column: Column, pattern: str) -> str:
    """Return what is true of a text in which a regular expression is found, null of a null.

    Raises
    ------
    Unmeasurable
        If the column holds no text, neither in the table nor in its file.
    """
    _refuse_other_than_text(table, column, "a pattern")
    return f"regexp_matches({identifier(column.name)}::VARCHAR, {quoted(column, pattern)})"


def length_outside(table: Table, column: Column, *, low: int | None, high: int | None) -> str:
    """Return what is true of a text with fewer or more characters than it may have, null of a null.

    Raises
    ------
    Unmeasurable
        If the column holds no text, or its file has texts whose lengths are not known any more.
    """
    _refuse_other_than_text(table, column, "a length")
    if column.kind in _LENGTHS_ARE_LOST:
        message = f"{shown(column.name)!r} has been read as {column.kind} values, whose lengths are not kept"
        raise Unmeasurable(message, remedy="bound the values instead, or demand a `format`")
    length = f"length({identifier(column.name)}::VARCHAR)"
    ends = ((length, "<", low), (length, ">", high))
    return " OR ".join(f"{sql} {operator} {end}" for sql, operator, end in ends if end is not None) or "false"


def _refuse_other_than_text(table: Table, column: Column, what: str) -> None:
    if column.kind != "string" and column.name not in table.written:
        message = f"{shown(column.name)!r} holds {column.kind} values; {what} needs text"
        raise Unmeasurable(message)
