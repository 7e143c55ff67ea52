"""Predicates as SQL: one function, one case a kind of predicate, every name and value quoted."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import (
    Above,
    Below,
    Breaks,
    Decided,
    Either,
    Holds,
    In,
    IsNull,
    NotIn,
    NotMatching,
    NotNull,
    NotOfType,
    Predicate,
    Repeated,
    Scalar,
)
from mlval.domain.text import shown
from mlval.measure import csv_table
from mlval.measure.literals import HIGHEST_INT, identifier, literal
from mlval.measure.tables import Table

_TIME_KINDS = {"date", "timestamp"}
_TYPES_OF_TEXT = {
    "bool": ("BOOLEAN",),
    "int": ("HUGEINT",),
    "float": ("DOUBLE",),
    "date": ("DATE",),
    "timestamp": ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
}
_DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)")
_LARGEST_FLOAT = 3.4028234e38


@dataclass(frozen=True, slots=True)
class Conditions:
    """Compiles predicates for one table; `expression` compiles a predicate of the contract."""

    table: Table
    expression: Callable[[str], str]
    mentioned: Callable[[str], frozenset[str]]

    def all_of(self, predicates: Sequence[Predicate]) -> str:
        """Return the SQL that is true of rows for which every predicate holds."""
        return " AND ".join(f"({self.sql(predicate)})" for predicate in predicates) or "true"

    def where(self, expression: str) -> str:
        """Return the SQL of a row filter of the contract: true, never null."""
        return self.sql(Holds(expression))

    def sql(self, predicate: Predicate) -> str:  # noqa: PLR0911, PLR0912, C901 - one line a kind
        """Return the SQL of one predicate.

        Raises
        ------
        Unmeasurable
            If a column is absent or holds something that the predicate cannot be asked of.
        """
        match predicate:
            case IsNull(column):
                return f"{self._name(column)} IS NULL"
            case NotNull(columns):
                return " AND ".join(f"{self._name(column)} IS NOT NULL" for column in columns)
            case Below(column, limit):
                return self._beyond(column, "<", limit)
            case Above(column, limit):
                return self._beyond(column, ">", limit)
            case In(column, values):
                return self._among(column, values)
            case NotIn(column, values):
                return f"NOT ({self._among(column, values)})"
            case NotMatching(column, pattern):
                return self._not_matching(column, pattern)
            case NotOfType(column, wanted):
                return self._not_of_type(column, wanted)
            case Repeated(columns):
                names = ", ".join(self._name(column) for column in columns)
                repeated = f"SELECT {names} FROM {self.table.sql} GROUP BY {names} HAVING count(*) > 1"
                return f"({names}) IN ({repeated})" if len(columns) > 1 else f"{names} IN ({repeated})"
            case Holds(expression):
                return f"coalesce({self.expression(expression)}, false)"
            case Breaks(expression):
                # The engine orders NaN above every number and equal to itself: it would pass.
                nan = " OR ".join(f"isnan({identifier(name)})" for name in self.unguarded(expression))
                broken = f"NOT coalesce({self.expression(expression)}, true)"
                return f"({broken}) OR ({nan})" if nan else broken
            case Decided(expression):
                return f"({self.expression(expression)}) IS NOT NULL"
            case Either((Below(column, low), Above(other, high))) if column == other:
                found = self.column(column)
                ends = f"{self._comparable(found, low)} AND {self._comparable(found, high)}"
                return f"{_value(found)} NOT BETWEEN {ends}"
            case Either(parts):
                return " OR ".join(f"({self.sql(part)})" for part in parts)

    def unguarded(self, expression: str) -> list[str]:
        """Return the float columns whose NaN a predicate of the contract does not itself look for."""
        if "isnan(" in (compiled := self.expression(expression)) or "isfinite(" in compiled:
            return []
        mentioned = {name.lower() for name in self.mentioned(expression)}
        floats = (one for one in self.table.shape.columns if one.stored in {"FLOAT", "DOUBLE"})
        return [one.name for one in floats if one.name.lower() in mentioned]

    def column(self, name: str) -> Column:
        """Return a column of the table, or say which one was meant."""
        column = self.table.column(name)
        if column is None:
            message = f"there is no column {shown(name)!r}"
            raise Unmeasurable(message, remedy=f"columns: {shown(', '.join(self.table.shape.names))}")
        return column

    def _name(self, column: str) -> str:
        return identifier(self.column(column).name)

    def _beyond(self, name: str, operator: str, limit: Scalar) -> str:
        column = self.column(name)
        compared = f"{_value(column)} {operator} {self._comparable(column, limit)}"
        # NaN lies beyond every limit; the engine orders it above every number, so only `<` must be told.
        is_float = column.stored in {"FLOAT", "DOUBLE"}
        return f"{compared} OR isnan({identifier(name)})" if is_float and operator == "<" else compared

    def _comparable(self, column: Column, limit: Scalar) -> str:
        """Return a limit as a literal of the column's kind; numbers with numbers, times with times."""
        if column.kind in _TIME_KINDS and isinstance(limit, str | date | datetime):
            return _literal(column, _moment(column, limit))
        if column.kind in {"int", "float"} and isinstance(limit, int | float) and not isinstance(limit, bool):
            return number(column, limit)
        raise _incomparable(column, limit)

    def _among(self, name: str, values: Sequence[Scalar]) -> str:
        column = self.column(name)
        equals = [self._equal(column, value) for value in values if not _is_fraction(column, value)]
        return (
            f"{_value(column)} IN ({', '.join(equals)})"
            if equals
            else f"{_value(column)} <> {_value(column)}"
        )

    def _equal(self, column: Column, value: Scalar) -> str:
        if column.kind == "string" and isinstance(value, str | int) and not isinstance(value, bool):
            return _literal(column, str(value))
        if column.kind == "string" and isinstance(value, float):
            # 1.50 in a contract has lost its last digit when it comes here.
            raise _incomparable(column, value, remedy="write it in quotes")
        if column.kind == "bool" and isinstance(value, bool):
            return literal(value)
        return self._comparable(column, value)

    def _not_matching(self, name: str, pattern: str) -> str:
        column = self.column(name)
        if column.kind != "string" and name not in self.table.written:
            message = f"{shown(name)!r} holds {column.kind} values; a pattern needs text"
            raise Unmeasurable(message)
        return f"NOT regexp_matches({identifier(name)}::VARCHAR, {_literal(column, pattern)})"

    def _not_of_type(self, name: str, wanted: str) -> str:
        """Return what is true of a value that is not of a type; see the rule `type` for what counts."""
        column, sql = self.column(name), identifier(name)
        if column.kind == wanted:
            return "false"
        if column.kind == "string" and name in self.table.written:
            fits = " OR ".join(f"({csv_table.fits(name, kind)})" for kind in _TYPES_OF_TEXT[wanted])
            whole = f" OR ({csv_table.fits(name, 'DOUBLE')}) AND {_is_whole(f'TRY_CAST({sql} AS DOUBLE)')}"
            return f"NOT ({fits}{whole if wanted == 'int' else ''})"
        if column.kind == "float" and wanted == "int":
            return f"NOT ({_is_whole(sql)})"
        if column.kind == "timestamp" and wanted == "date":
            return f"{sql} <> date_trunc('day', {sql})"
        is_wider = (column.kind, wanted) in {("int", "float"), ("date", "timestamp")}
        is_text = wanted == "string" and name in self.table.written
        return "false" if is_wider or is_text else "true"


def number(column: Column, limit: float) -> str:
    """Return a number as a literal that a column of numbers is compared with as it was meant."""
    if column.kind == "int" and limit % 1 == 0:
        limit = int(limit)  # compared as doubles, large whole numbers would become equal
    sql = _literal(column, limit)
    digits = _DECIMAL.fullmatch(column.stored)
    if digits and abs(limit) >= 10 ** (int(digits[1]) - int(digits[2])):
        return literal(float(limit))  # such a number cannot be made a decimal of the column's
    # 0.1 is one number in 32 bits and another in 64.
    return f"CAST({sql} AS FLOAT)" if column.stored == "FLOAT" and abs(limit) <= _LARGEST_FLOAT else sql


def _value(column: Column) -> str:
    """Return the SQL of a value in the form that literals are compared with."""
    if column.kind == "string" and column.stored != "VARCHAR":
        return f"{identifier(column.name)}::VARCHAR"
    # Compared in nanoseconds, a limit after the year 2262 would be an error.
    return f"{identifier(column.name)}{'::TIMESTAMP' if column.stored == 'TIMESTAMP_NS' else ''}"


def _is_fraction(column: Column, value: Scalar) -> bool:
    """Whether no whole number equals a value; among whole numbers it would make doubles of them all."""
    return column.kind == "int" and isinstance(value, float) and not value.is_integer()


def _is_whole(sql: str) -> str:
    return f"isfinite({sql}) AND {sql} = trunc({sql})"


def _literal(column: Column, value: Scalar) -> str:
    try:
        return literal(value)
    except ValueError as error:
        raise _incomparable(column, value, remedy=str(error)) from error


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
