"""Answers to counting asks: however many there are of one table, one query answers them."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from mlval.domain.asks import Count, Distinct
from mlval.domain.errors import Failure, MlvalError
from mlval.domain.predicate import NotNull
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


def _expression(conditions: Conditions, ask: Counting) -> str:
    """Return the aggregate that answers an ask, its row filter included."""
    where = [] if ask.rows.where is None else [f"({conditions.where(ask.rows.where)})"]
    if isinstance(ask, Distinct):
        names = ", ".join(identifier(conditions.column(column).name) for column in ask.columns)
        where += [f"({conditions.sql(predicate)})" for predicate in (*ask.of, NotNull(ask.columns))]
        value = names if len(ask.columns) == 1 else f"({names})"
        return f"count(DISTINCT {value}) FILTER (WHERE {' AND '.join(where)})"
    if not where and len(ask.of) == 1 and isinstance(ask.of[0], NotNull) and len(ask.of[0].columns) == 1:
        return f"count({identifier(conditions.column(ask.of[0].columns[0]).name)})"
    where += [f"({conditions.sql(predicate)})" for predicate in ask.of]
    return f"count(*) FILTER (WHERE {' AND '.join(where)})" if where else "count(*)"
