"""Answers about times: how they cover the span between the first and the last of them."""

from typing import Any

import duckdb

from mlval.domain.asks import (
    Column,
)
from mlval.domain.asks_of_time import Coverage, Gaps
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure.conditions import Conditions
from mlval.measure.literals import identifier
from mlval.measure.relations import selected

_MICROSECONDS = 1_000_000


def coverage(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Gaps) -> Coverage:
    """Count the calendar periods in UTC from the first to the last time, and find the largest gap.

    Times are sorted by the engine, which spills to disk what does not fit into memory.

    Raises
    ------
    Unmeasurable
        If the column holds no times, or one without end.
    """
    time = _time(conditions.column(ask.column))
    rows = selected(conditions, ask.rows, conditions.all_of((*ask.of,)), f"{time} IS NOT NULL")
    period = f"date_trunc('{ask.every}', {time})"
    spanned = f"date_diff('{ask.every}', min({period}), max({period})) + 1"
    periods, occupied, finite = _row(
        connection,
        f"SELECT coalesce({spanned}, 0), count(DISTINCT {period}), bool_and(isfinite({time})) FROM {rows}",
    )
    if finite is False:
        message = f"{shown(ask.column)!r} holds a time without end"
        raise Unmeasurable(message, remedy="say with `missing:` or `where:` what is no time")
    moments = f"SELECT epoch_us({time}) AS moment FROM {rows}"
    between = "moment - lag(moment) OVER (ORDER BY moment) AS gap"
    (largest,) = _row(connection, f"SELECT max(gap) FROM (SELECT {between} FROM ({moments}))")
    return Coverage(
        periods=periods,
        empty=periods - occupied,
        largest_gap=None if largest is None else largest / _MICROSECONDS,
    )


def _time(column: Column) -> str:
    """Return the SQL of a value as a time in UTC."""
    if column.kind in {"date", "timestamp"}:
        return f"{identifier(column.name)}::TIMESTAMP"
    message = f"{shown(column.name)!r} holds {column.kind} values, not times"
    raise Unmeasurable(message)


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()
