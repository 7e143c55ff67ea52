"""Answers about how well one column tells another: guesses learnt on one half of the rows, tried on the rest.

One group-by of (value, target, half) in the engine, however many values there are; the rest is arithmetic on
its counts, in whole numbers, so that no order of additions shows.
"""

from collections.abc import Sequence

import duckdb

from mlval.domain.asks import Column, Guessed, Guesses
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure.conditions import Conditions
from mlval.measure.doubles import as_number
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier, literal
from mlval.measure.relations import selected
from mlval.measure.row_hash import hashable
from mlval.measure.tables import ROW

_NOT_A_NUMBER = -1
"""The bin of NaN: the others count from 0."""

_MOST_FREQUENT = """
    SELECT {by} h, y AS g FROM (
        SELECT *, row_number() OVER (PARTITION BY {by} h ORDER BY n DESC, y) AS place FROM {counts}
    ) WHERE place = 1"""
_LOWER_MEDIAN = """
    SELECT {by} h, min(y) AS g FROM (
        SELECT *, sum(n) OVER (PARTITION BY {by} h ORDER BY y) AS below,
            sum(n) OVER (PARTITION BY {by} h) AS whole
        FROM {counts}
    ) WHERE 2 * below >= whole GROUP BY {by} h"""
_QUERY = """
WITH counted AS MATERIALIZED (
    SELECT f, y, h, count(*) AS n FROM (
        SELECT {column} AS f, {target} AS y, {half} AS h FROM {rows}
    ) GROUP BY f, y, h
), common AS (
    SELECT f AS value FROM counted GROUP BY f HAVING min(h) <> max(h)
), known AS (
    SELECT f, y, h, n FROM counted JOIN common ON value IS NOT DISTINCT FROM f
), learnt AS ({learnt}), total AS (
    SELECT y, h, sum(n) AS n FROM counted GROUP BY y, h
), blind AS ({blind})
SELECT
    coalesce(sum(n), 0),
    sum(n * {by_column}),
    sum(n * {by_nothing}),
    count(DISTINCT counted.h)
FROM counted
LEFT JOIN learnt ON learnt.f IS NOT DISTINCT FROM counted.f AND learnt.h = 1 - counted.h
LEFT JOIN blind ON blind.h = 1 - counted.h
"""


def answer(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Guesses) -> Guessed:
    """Answer one ask.

    Raises
    ------
    Unmeasurable
        If a column cannot be read as it is asked for, or all rows fall into one half.
    """
    column, target = conditions.column(ask.column), conditions.column(ask.target)
    known = f"{identifier(target.name)} IS NOT NULL"
    if ask.steps is not None:
        known += f" AND NOT isnan({as_number(target)})"
    guess = _MOST_FREQUENT if ask.steps is None else _LOWER_MEDIAN
    query = _QUERY.format(
        column=_value(column, ask.edges),
        target=_value(target, ask.steps),
        half=f"hash({', '.join(map(hashable, conditions.columns(ask.keys))) or identifier(ROW)}) % 2",
        rows=selected(conditions, ask.rows, known),
        learnt=guess.format(by="f,", counts="known"),
        blind=guess.format(by="", counts="total"),
        by_column=_loss("coalesce(learnt.g, blind.g)", ordered=ask.steps is not None),
        by_nothing=_loss("blind.g", ordered=ask.steps is not None),
    )
    rows, by_column, by_nothing, halves = connection.execute(query).fetchone() or (0, None, None, 0)
    if halves != 2:
        message = f"the {rows:,} rows with a value in {shown(ask.target)!r} do not fall into two halves"
        raise Unmeasurable(message, remedy="more rows are needed, with keys that differ")
    return Guessed(rows=int(rows), by_column=int(by_column), blind=int(by_nothing))


def _loss(guess: str, *, ordered: bool) -> str:
    return f"abs(counted.y - {guess})" if ordered else f"(counted.y <> {guess})::INTEGER"


def _value(column: Column, edges: Sequence[float] | None) -> str:
    if edges is None:
        return as_text(column)
    value = as_number(column)
    bins = _bin(value, [literal(edge) for edge in edges], first=0)
    return f"CASE WHEN isnan({value}) THEN {_NOT_A_NUMBER} WHEN {value} IS NOT NULL THEN {bins} END"


def _bin(value: str, edges: Sequence[str], *, first: int) -> str:
    """Return the number of a bin by halving the edges: a list of cases would try each of them."""
    if not edges:
        return str(first)
    middle = len(edges) // 2
    left = _bin(value, edges[:middle], first=first)
    right = _bin(value, edges[middle + 1 :], first=first + middle + 1)
    return f"CASE WHEN {value} <= {edges[middle]} THEN {left} ELSE {right} END"
