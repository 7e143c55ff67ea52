"""Predicates as SQL: one function, one case a kind of predicate, every name and value quoted."""

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
from mlval.measure.literals import identifier, literal, text
from mlval.measure.tables import Table

_TIME_KINDS = {"date", "timestamp"}
_CSV_TYPES = {"bool": "BOOLEAN", "int": "BIGINT", "float": "DOUBLE", "date": "DATE", "timestamp": "TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class Conditions:
    """Compiles predicates for one table; `expression` compiles a predicate of the contract."""

    table: Table
    expression: Callable[[str], str]

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
                return f"NOT coalesce({self.expression(expression)}, true)"
            case Decided(expression):
                return f"({self.expression(expression)}) IS NOT NULL"
            case Either(parts):
                return " OR ".join(f"({self.sql(part)})" for part in parts)

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
        compared = f"{identifier(name)} {operator} {self._comparable(column, limit)}"
        # The engine orders NaN above every number; here it lies beyond every limit.
        return (
            f"{compared} OR isnan({identifier(name)})" if column.stored in {"FLOAT", "DOUBLE"} else compared
        )

    def _comparable(self, column: Column, limit: Scalar) -> str:
        """Return a limit as a literal of the column's kind; numbers with numbers, times with times."""
        if column.kind in _TIME_KINDS and isinstance(limit, str | date | datetime):
            return f"CAST({text(_moment(column, limit))} AS {column.stored})"
        if column.kind in {"int", "float"} and isinstance(limit, int | float) and not isinstance(limit, bool):
            return literal(limit)
        message = (
            f"{shown(column.name)!r} holds {column.kind} values, which cannot be compared with {limit!r}"
        )
        raise Unmeasurable(message)

    def _among(self, name: str, values: Sequence[Scalar]) -> str:
        column = self.column(name)
        return f"{identifier(name)} IN ({', '.join(self._equal(column, value) for value in values)})"

    def _equal(self, column: Column, value: Scalar) -> str:
        if column.kind == "string" and isinstance(value, str | int | float) and not isinstance(value, bool):
            return text(str(value))
        if column.kind == "bool" and isinstance(value, bool):
            return literal(value)
        return self._comparable(column, value)

    def _not_matching(self, name: str, pattern: str) -> str:
        column = self.column(name)
        if column.kind != "string" and not self.table.untyped:
            message = f"{shown(name)!r} holds {column.kind} values; a pattern needs text"
            raise Unmeasurable(message)
        return f"NOT regexp_matches({identifier(name)}::VARCHAR, {text(pattern)})"

    def _not_of_type(self, name: str, wanted: str) -> str:
        """Return what is true of a value that is not of a type; see the rule `type` for what counts."""
        column, sql = self.column(name), identifier(name)
        if column.kind == wanted:
            return "false"
        if column.kind == "string" and self.table.untyped:
            return f"NOT coalesce({csv_table.fits(name, _CSV_TYPES[wanted])}, false)"
        if column.kind == "float" and wanted == "int":
            return f"NOT isfinite({sql}) OR {sql} <> trunc({sql})"
        if column.kind == "timestamp" and wanted == "date":
            return f"{sql} <> date_trunc('day', {sql})"
        fits = (column.kind, wanted) in {("int", "float"), ("date", "timestamp")}
        text_file = self.table.untyped and wanted == "string"
        return "false" if fits or text_file else "true"


def _moment(column: Column, limit: str | date | datetime) -> str:
    if isinstance(limit, date | datetime):
        return limit.isoformat()
    try:
        return datetime.fromisoformat(limit).isoformat()
    except ValueError as error:
        message = f"{shown(column.name)!r} holds times, which cannot be compared with {shown(limit)!r}"
        raise Unmeasurable(message, remedy="write a time as 2026-01-31 or 2026-01-31T12:00:00") from error
