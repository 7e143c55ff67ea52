"""Counts as aggregates of the engine: how many rows, and how many different values."""

from collections.abc import Iterator, Sequence
from typing import Any

from mlval.domain.asks import Count, Distinct
from mlval.domain.predicate import Above, Below, Either, In, IsNull, NotIn, NotMatching, NotNull, Predicate
from mlval.measure.aggregates import Reading, filtered
from mlval.measure.conditions import Conditions
from mlval.measure.literals import identifier


def reading(conditions: Conditions, ask: Count | Distinct) -> Reading[int]:
    """Return what is to be counted for an ask, its row filter included."""
    if isinstance(ask, Distinct):
        parts = _different(conditions, ask)
    else:
        expression = _counted(conditions, ask)
        parts = () if expression is None else (expression,)
    return Reading(parts, _sum)


def condition(conditions: Conditions, where: str | None, of: Sequence[Predicate]) -> str:
    """Return what is true of rows that pass a filter and satisfy predicates; empty where all rows do."""
    parts = [] if where is None else [conditions.where(where)]
    parts += [conditions.sql(predicate) for predicate in of]
    return " AND ".join(f"({part})" for part in parts)


def _sum(row: Sequence[Any]) -> int:
    return sum(int(value or 0) for value in row)


def _different(conditions: Conditions, ask: Distinct) -> tuple[str, ...]:
    """Return the number of different values, and one more where nulls are a value among them."""
    names = [identifier(conditions.column(column).name) for column in ask.columns]
    if not ask.nulls:
        where = condition(conditions, ask.rows.where, (*ask.of, NotNull(ask.columns)))
        value = names[0] if len(names) == 1 else f"({', '.join(names)})"
        return (filtered(f"count(DISTINCT {value})", where),)
    where = condition(conditions, ask.rows.where, ask.of)
    if len(names) > 1:
        return (filtered(f"count(DISTINCT ({', '.join(names)}))", where),)
    return (
        filtered(f"count(DISTINCT {names[0]})", where),
        filtered(f"bool_or({names[0]} IS NULL)", where),
    )


def _counted(conditions: Conditions, ask: Count) -> str | None:
    """Return the aggregate that answers an ask; None where no row can count."""
    where = [] if ask.rows.where is None else [f"({conditions.where(ask.rows.where)})"]
    if not where and len(ask.of) == 1:
        match ask.of[0]:
            case NotNull((column,)):
                return f"count({identifier(conditions.column(column).name)})"
            case IsNull(column):
                return f"count(*) - count({identifier(conditions.column(column).name)})"
    parts = [conditions.sql(predicate) for predicate in _needed(ask.of)]
    if "false" in parts:
        return None
    where += [f"({part})" for part in parts]
    # Where every row is undecided, `count_if` is null.
    return f"coalesce(count_if({' AND '.join(where)}), 0)" if where else "count(*)"


def _needed(predicates: Sequence[Predicate]) -> Iterator[Predicate]:
    """Leave out that a value is there where another predicate, null for a null, says it as well."""
    last = predicates[-1] if predicates else None
    for predicate in predicates:
        match predicate, last:
            case NotNull((column,)), Below(same, _) | Above(same, _) | In(same, _) | NotIn(same, _) if (
                column == same
            ):
                continue
            case NotNull((column,)), NotMatching(same, _) if column == same:
                continue
            case NotNull((column,)), Either((Below(same, _), Above(other, _))) if column == same == other:
                continue
        yield predicate
