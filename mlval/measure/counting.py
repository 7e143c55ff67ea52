"""Answers to counting asks: however many there are of one table, one query answers them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb

from mlval.domain.asks import Count, Distinct
from mlval.domain.errors import Failure, MlvalError
from mlval.domain.predicate import Above, Below, Either, In, IsNull, NotIn, NotMatching, NotNull, Predicate
from mlval.measure.conditions import Conditions
from mlval.measure.csv_table import MOST_AT_ONCE
from mlval.measure.literals import identifier
from mlval.measure.relations import relation, unmeasurable

Counting = Count | Distinct


def answer(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, asks: Sequence[Counting]
) -> Mapping[Counting, int | Failure]:
    """Answer counting asks of one table.

    They share one scan. Where the engine refuses the query for the sake of one of them, each is
    asked alone, so that the others are not lost.
    """
    answers: dict[Counting, int | Failure] = {}
    sources: dict[str, dict[Counting, str]] = {}
    for ask in asks:
        try:
            source, expression = relation(conditions, ask.rows), _expression(conditions, ask)
        except MlvalError as error:
            answers[ask] = Failure(error)
        else:
            if expression is None:
                answers[ask] = 0
            else:
                sources.setdefault(source, {})[ask] = expression
    for source, expressions in sources.items():
        answers |= _scan(connection, source, expressions)
    return answers


def _scan(
    connection: duckdb.DuckDBPyConnection, source: str, expressions: Mapping[Counting, str]
) -> Mapping[Counting, int | Failure]:
    distinct = list(dict.fromkeys(expressions.values()))
    if len(distinct) > MOST_AT_ONCE:
        return _in_parts(connection, source, expressions)
    try:
        row: tuple[Any, ...] = (
            connection.execute(f"SELECT {', '.join(distinct)} FROM {source}").fetchone() or ()
        )
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        if len(distinct) == 1:
            return dict.fromkeys(expressions, Failure(unmeasurable(error)))
        alone = (_scan(connection, source, {ask: sql}) for ask, sql in expressions.items())
        return {ask: value for answers in alone for ask, value in answers.items()}
    values = dict(zip(distinct, row, strict=True))
    return {ask: int(values[sql]) for ask, sql in expressions.items()}


def _in_parts(
    connection: duckdb.DuckDBPyConnection, source: str, expressions: Mapping[Counting, str]
) -> Mapping[Counting, int | Failure]:
    """Scan once for every so many expressions."""
    asks = sorted(expressions, key=expressions.__getitem__)
    answers: dict[Counting, int | Failure] = {}
    for start in range(0, len(asks), MOST_AT_ONCE):
        part = asks[start : start + MOST_AT_ONCE]
        answers |= _scan(connection, source, {ask: expressions[ask] for ask in part})
    return answers


def _expression(conditions: Conditions, ask: Counting) -> str | None:
    """Return the aggregate that answers an ask, its row filter included; None where no row can count."""
    where = [] if ask.rows.where is None else [f"({conditions.where(ask.rows.where)})"]
    if isinstance(ask, Distinct):
        names = ", ".join(identifier(conditions.column(column).name) for column in ask.columns)
        where += [f"({conditions.sql(predicate)})" for predicate in (*ask.of, NotNull(ask.columns))]
        value = names if len(ask.columns) == 1 else f"({names})"
        return f"count(DISTINCT {value}) FILTER (WHERE {' AND '.join(where)})"
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
