"""Values against limits and lists as SQL: every kind of column with the literals that fit it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TypeGuard

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import Scalar
from mlval.domain.text import shown
from mlval.measure import csv_table
from mlval.measure.literals import HIGHEST_INT, identifier, literal
from mlval.measure.tables import Table

_TIME_KINDS = {"date", "timestamp"}
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")
_LARGEST_FLOAT = 3.4028234e38
_INEXACT = 2**53


def beyond(table: Table, column: Column, *, operator: str, limit: Scalar) -> str:
    """Return what is true of a value on the wrong side of a limit, or of one that is not a number."""
    name = identifier(column.name)
    if is_mixed(table, column) and _is_number(limit):
        return f"{name} IS NOT NULL AND {_beyond_in_text(column, operator, limit)}"
    compared = f"{value(column)} {operator} {comparable(column, limit)}"
    # NaN lies beyond every limit; the engine orders it above every number, so only `<` must be told.
    return f"{compared} OR isnan({name})" if is_float(column) and operator[0] == "<" else compared


def outside(column: Column, low: Scalar, high: Scalar) -> str:
    """Return what is true of a value that does not lie in [low, high], or is not a number."""
    return f"{value(column)} NOT BETWEEN {comparable(column, low)} AND {comparable(column, high)}"


def among(column: Column, values: Sequence[Scalar]) -> str:
    """Return what is true of a value in a list, false of another, null of a null."""
    equals = [_equal(column, one) for one in values if not _is_fraction(column, one)]
    return f"{value(column)} IN ({', '.join(equals)})" if equals else f"{value(column)} <> {value(column)}"


def sentinel(table: Table, column: Column, values: Sequence[Scalar]) -> str:
    """Return what is true of a value in a list and false of any other value and of a null.

    What is of another kind equals nothing. In a text file where a word has made text of numbers, a number of
    the list equals every spelling of it.
    """
    equals = list(_equals(column, values))
    parts = [f"{value(column)} IN ({', '.join(equals)})"] if equals else []
    if is_mixed(table, column):
        numbers = [one for one in values if _is_number(one) and _is_moderate(one)]
        parts += [_equal_in_text(column, numbers)] if numbers else []
    return f"coalesce({' OR '.join(parts)}, false)" if parts else "false"


def comparable(column: Column, limit: Scalar) -> str:
    """Return a limit as a literal of the column's kind; numbers with numbers, times with times.

    Raises
    ------
    Unmeasurable
        If the limit is of another kind.
    """
    if column.kind in _TIME_KINDS and isinstance(limit, str | date | datetime):
        return quoted(column, _moment(column, limit))
    if column.kind in {"int", "float"} and isinstance(limit, int | float) and not isinstance(limit, bool):
        return number(column, limit)
    raise _incomparable(column, limit)


def number(column: Column, limit: float) -> str:
    """Return a number as a literal that a column of numbers is compared with as it was meant."""
    if column.kind == "int" and limit % 1 == 0:
        limit = int(limit)  # compared as doubles, large whole numbers would become equal
    sql = quoted(column, limit)
    digits = _DECIMAL.fullmatch(column.stored)
    if digits and abs(limit) >= 10 ** (int(digits[1]) - int(digits[2])):
        return literal(float(limit))  # such a number cannot be made a decimal of the column's
    # 0.1 is one number in 32 bits and another in 64.
    return f"CAST({sql} AS FLOAT)" if column.stored == "FLOAT" and abs(limit) <= _LARGEST_FLOAT else sql


def value(column: Column) -> str:
    """Return the SQL of a value in the form that literals are compared with."""
    if column.kind == "string" and column.stored != "VARCHAR":
        return f"{identifier(column.name)}::VARCHAR"
    # Compared in nanoseconds, a limit after the year 2262 would be an error.
    return f"{identifier(column.name)}{'::TIMESTAMP' if column.stored == 'TIMESTAMP_NS' else ''}"


def quoted(column: Column, one: Scalar) -> str:
    """Return a value of the contract as a literal, or say that the column can hold no such value."""
    try:
        return literal(one)
    except ValueError as error:
        raise _incomparable(column, one, remedy=str(error)) from error


def is_float(column: Column) -> bool:
    """Whether values may be NaN or infinite."""
    return column.stored in {"FLOAT", "DOUBLE"}


def is_mixed(table: Table, column: Column) -> bool:
    """Whether a column is text in a text file: some of its values may be numbers all the same."""
    return column.kind == "string" and column.name in table.written


def _beyond_in_text(column: Column, operator: str, limit: float) -> str:
    """Return what is true of a text that is no number, or one on the wrong side of a limit; never null."""
    told = f"@ {operator} {quoted(column, limit)}"
    whole = f"@ {operator} {literal(int(limit))}" if _INEXACT <= abs(limit) <= HIGHEST_INT else None
    return _of_number(column, f"{told} OR isnan(@)", whole=whole, otherwise="true")


def _equal_in_text(column: Column, values: Sequence[float]) -> str:
    """Return what is true of a text that is one of these numbers; never null."""
    wholes = [int(one) for one in values if one % 1 == 0 and abs(one) <= HIGHEST_INT]
    told = f"@ IN ({', '.join(literal(float(one)) for one in values)})"
    exact = (
        f"@ IN ({', '.join(map(literal, wholes))})" if any(abs(one) >= _INEXACT for one in wholes) else None
    )
    return _of_number(column, told, whole=exact, otherwise="false")


def _of_number(column: Column, real: str, *, whole: str | None, otherwise: str) -> str:
    """Return a condition on the number that a text is, which stands there as `@`.

    `whole` is that of a whole number: as doubles, large ones would become equal.
    """
    cases = ""
    for told, kind in ((whole, "HUGEINT"), (real, "DOUBLE")):
        if told is not None:
            number = f"TRY_CAST({identifier(column.name)} AS {kind})"
            cases += f" WHEN {csv_table.fits(column.name, kind)} THEN {told.replace('@', number)}"
    return f"CASE{cases} ELSE {otherwise} END"


def _equals(column: Column, values: Sequence[Scalar]) -> Iterator[str]:
    for one in values:
        if not _is_fraction(column, one):
            try:
                yield _equal(column, one)
            except Unmeasurable:
                continue


def _equal(column: Column, one: Scalar) -> str:
    if _is_number(one) and not _is_moderate(one):
        raise _incomparable(column, one)
    if column.kind == "string" and isinstance(one, str | int) and not isinstance(one, bool):
        return quoted(column, str(one))
    if column.kind == "string" and isinstance(one, float):
        # 1.50 in a contract has lost its last digit when it comes here.
        raise _incomparable(column, one, remedy="write it in quotes")
    if column.kind == "bool" and isinstance(one, bool):
        return literal(one)
    return comparable(column, one)


def _is_number(one: Scalar) -> TypeGuard[float]:
    return isinstance(one, int | float) and not isinstance(one, bool)


def _is_moderate(one: float) -> bool:
    """Whether a column may hold a number: a whole one beyond 128 bits is in none."""
    return isinstance(one, float) or abs(one) <= HIGHEST_INT


def _is_fraction(column: Column, one: Scalar) -> bool:
    """Whether no whole number equals a value; among whole numbers it would make doubles of them all."""
    return column.kind == "int" and isinstance(one, float) and not one.is_integer()


def _moment(column: Column, limit: str | date | datetime) -> datetime:
    try:
        return datetime.fromisoformat(limit if isinstance(limit, str) else limit.isoformat())
    except ValueError as error:
        raise _incomparable(
            column, limit, remedy="write a time as 2026-01-31 or 2026-01-31T12:00:00"
        ) from error


def _incomparable(column: Column, limit: Scalar, *, remedy: str = "") -> Unmeasurable:
    message = (
        f"{shown(column.name)!r} holds {column.kind} values, which cannot be compared with {_told(limit)}"
    )
    return Unmeasurable(message, remedy=remedy)


def _told(limit: Scalar) -> str:
    if isinstance(limit, int) and abs(limit) > HIGHEST_INT:
        return "a number of that size"
    return shown(repr(limit), 80)
