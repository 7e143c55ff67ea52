"""Predicates as SQL: one function, one case a kind of predicate, every name and value quoted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import (
    Above,
    Below,
    Breaks,
    Contradicted,
    Decided,
    Either,
    Found,
    Holds,
    In,
    IsInfinite,
    IsNaN,
    IsNull,
    LengthOutside,
    Matching,
    MoreDecimals,
    Not,
    NotAfter,
    NotFormatted,
    NotIn,
    NotMatching,
    NotMultiple,
    NotNull,
    NotOfType,
    OutOfOrder,
    Predicate,
    Repeated,
    Sentinel,
)
from mlval.domain.text import shown
from mlval.measure import matching
from mlval.measure.comparison import among, beyond, is_mixed, outside, sentinel
from mlval.measure.digits import more_decimals, not_multiple
from mlval.measure.formats import not_formatted
from mlval.measure.literals import identifier
from mlval.measure.order import out_of_order
from mlval.measure.tables import Table
from mlval.measure.texts import contains, length_outside
from mlval.measure.value_types import is_infinite, is_nan, not_of_type


@dataclass(frozen=True, slots=True)
class Conditions:
    """Compiles predicates for one table; `expression` compiles a predicate of the contract.

    `other` returns the conditions of another table by its name.
    """

    table: Table
    expression: Callable[[str], str]
    mentioned: Callable[[str], frozenset[str]]
    other: Callable[[str], "Conditions"]

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
            case Below(column, limit, or_equal):
                operator = "<=" if or_equal else "<"
                return beyond(self.table, self.column(column), operator=operator, limit=limit)
            case Above(column, limit, or_equal):
                operator = ">=" if or_equal else ">"
                return beyond(self.table, self.column(column), operator=operator, limit=limit)
            case In(column, values):
                return among(self.column(column), values)
            case NotIn(column, values):
                return f"NOT ({among(self.column(column), values)})"
            case Sentinel(column, values):
                return sentinel(self.table, self.column(column), values)
            case Matching(column, pattern):
                return contains(self.table, self.column(column), pattern)
            case NotMatching(column, pattern):
                return f"NOT {contains(self.table, self.column(column), pattern)}"
            case NotFormatted(column, wanted):
                return not_formatted(self.table, self.column(column), wanted)
            case LengthOutside(column, low, high):
                return length_outside(self.table, self.column(column), low=low, high=high)
            case NotOfType(column, wanted):
                return not_of_type(self.table, self.column(column), wanted)
            case IsNaN(column):
                return is_nan(self.column(column))
            case IsInfinite(column):
                return is_infinite(self.column(column))
            case MoreDecimals(column, places):
                return more_decimals(self.table, self.column(column), places)
            case NotMultiple(column, divisor):
                return not_multiple(self.table, self.column(column), divisor)
            case OutOfOrder():
                return self._out_of_order(predicate)
            case Repeated(columns, some):
                return matching.repeated(self.table, self.columns(columns), among=self.all_of(some))
            case Contradicted(columns, label, some):
                own = self.columns(columns), self.column(label)
                return matching.contradicted(self.table, *own, among=self.all_of(some))
            case Found(columns, name, others, some, nulls):
                there = self.other(name)
                pairs = self.columns(columns), there.table, there.columns(others)
                return matching.found(*pairs, among=there.all_of(some), nulls=nulls)
            case NotAfter(column, name, last, some):
                there = self.other(name)
                pair = self.column(column), there.table, there.column(last)
                return matching.not_after(*pair, among=there.all_of(some))
            case Holds(expression):
                return f"coalesce({self.expression(expression)}, false)"
            case Breaks(expression):
                # The engine orders NaN above every number and equal to itself: it would pass.
                nan = " OR ".join(f"isnan({identifier(name)})" for name in self.unguarded(expression))
                broken = f"NOT coalesce({self.expression(expression)}, true)"
                return f"({broken}) OR ({nan})" if nan else broken
            case Decided(expression):
                return f"({self.expression(expression)}) IS NOT NULL"
            case Either((Below(column, low, False), Above(other, high, False))) if (
                column == other and not is_mixed(self.table, self.column(column))
            ):
                return outside(self.column(column), low, high)
            case Either(parts):
                return " OR ".join(f"({self.sql(part)})" for part in parts) or "false"
            case Not(part):
                return f"NOT coalesce({self.sql(part)}, false)"

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

    def columns(self, names: Sequence[str]) -> tuple[Column, ...]:
        """Return columns of the table, as `column` does."""
        return tuple(self.column(name) for name in names)

    def _name(self, column: str) -> str:
        return identifier(self.column(column).name)

    def _out_of_order(self, asked: OutOfOrder) -> str:
        self.columns((*asked.per, *(() if asked.by is None else (asked.by,))))
        return out_of_order(self.table, self.column(asked.column), asked, among=self.all_of(asked.among))
