"""Answers about a column over time: its rows, or what a function makes of each day or week, in order."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb

from mlval.domain.asks import (
    Aggregate,
    Column,
    Function,
)
from mlval.domain.asks_of_time import Series, Timeline
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure.aggregates import Reading, number, reading
from mlval.measure.conditions import Conditions
from mlval.measure.literals import identifier
from mlval.measure.relations import selected

_FUNCTIONS: Mapping[str, Function] = {
    "mean": "mean",
    "median": "quantile",
    "sum": "sum",
    "max": "max",
    "min": "min",
}
_MIDDLE = 0.5
_DAYS = {"day": 1, "week": 7}


def answer(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Series) -> Timeline:
    """Return the points of a series, oldest first, whatever the order of the rows.

    Raises
    ------
    Unmeasurable
        If `time` holds neither times nor whole numbers, or the column no numbers; if a row has no time, two
        points have the same, or a point has no finite value; if there are too many.
    """
    column = None if ask.column is None else _metric(conditions.column(ask.column), ask)
    moment = conditions.column(ask.time)
    time = _time(moment, ask)
    _refuse_timeless(connection, conditions, ask)
    if ask.every is None:
        if column is None:
            raise Unmeasurable("rows are counted by day or by week, and no period is named")
        return _rows(connection, conditions, ask, time=time, value=column)
    return _periods(connection, conditions, ask, time=time, value=column)


def _metric(column: Column, ask: Series) -> Column:
    if column.kind not in {"int", "float", "bool"} and ask.function != "count":
        message = f"{shown(column.name)!r} holds {column.kind} values, not numbers"
        raise Unmeasurable(message, remedy="a trend is one of numbers; of anything else `function: count`")
    return column


def _time(column: Column, ask: Series) -> str:
    name = identifier(column.name)
    if column.kind in {"date", "timestamp"}:
        return f"{name}::TIMESTAMP" if column.stored == "TIMESTAMP WITH TIME ZONE" else name
    if column.kind == "int" and ask.every is None:
        return name
    wanted = "times or whole numbers" if ask.every is None else f"times, which `every: {ask.every}` needs"
    message = f"{shown(column.name)!r} holds {column.kind} values, not {wanted}"
    raise Unmeasurable(
        message, remedy="name a column of dates or timestamps: `by:`, or the dataset's `time:`"
    )


def _refuse_timeless(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Series) -> None:
    column = conditions.column(ask.time)
    name = identifier(column.name)
    endless = f"count_if(NOT isfinite({name}::TIMESTAMP))" if column.kind in {"date", "timestamp"} else "0"
    (missing, infinite) = _row(
        connection, f"SELECT count(*) - count({name}), {endless} FROM {selected(conditions, ask.rows)}"
    )
    if missing or infinite:
        message = f"{missing + infinite:,} rows have no time in {shown(ask.time)!r}"
        raise Unmeasurable(message, remedy="leave them out with `where:`")


def _rows(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Series, *, time: str, value: Column
) -> Timeline:
    """Return every row as a point."""
    name = f"{identifier(value.name)}::DOUBLE"
    found = connection.execute(
        f"SELECT ({time})::VARCHAR, {name}, {time} FROM {selected(conditions, ask.rows)}"
        f" ORDER BY {time} LIMIT {ask.limit + 1}"
    ).fetchall()
    if len(found) > ask.limit:
        message = f"more than {ask.limit:,} rows: each would be a point of the series"
        raise Unmeasurable(message, remedy="say `every: day` with a `function:`, or keep fewer with `where:`")
    repeated = sum(one[2] == other[2] for one, other in pairwise(found))
    if repeated:
        message = f"{repeated:,} rows have the time of another, so that their order is not known"
        raise Unmeasurable(message, remedy="say `every: day` with a `function:`, or order by another column")
    return _timeline([(str(one[0]).replace(" ", "T"), one[1]) for one in found], ask)


def _periods(
    connection: duckdb.DuckDBPyConnection,
    conditions: Conditions,
    ask: Series,
    *,
    time: str,
    value: Column | None,
) -> Timeline:
    """Return a point for every period, made of the values in it."""
    made = _made(ask, value)
    found = connection.execute(
        f"SELECT date_trunc('{ask.every}', {time})::DATE AS period, {', '.join(made.parts)}"
        f" FROM {selected(conditions, ask.rows)} GROUP BY period ORDER BY period LIMIT {ask.limit + 1}"
    ).fetchall()
    values: dict[date, float | None] = {row[0]: made.read(row[1:]) for row in found}
    days = _DAYS[ask.every or "day"]
    span = (max(values) - min(values)).days // days + 1 if values else 0
    is_additive = ask.function in {"count", "sum"}
    if len(values) > ask.limit or (is_additive and span > ask.limit):
        message = f"more than {ask.limit:,} periods from the first to the last time"
        raise Unmeasurable(message, remedy="say `every: week`, or keep fewer rows with `where:`")
    if is_additive and values:
        first = min(values)
        for place in range(span):
            values.setdefault(first + timedelta(days=place * days), 0.0)
    return _timeline([(period.isoformat(), values[period]) for period in sorted(values)], ask)


def _made(ask: Series, value: Column | None) -> Reading[float | None]:
    if ask.function == "count":
        counted = "count(*)" if value is None else f"count({identifier(value.name)})"
        return Reading((counted,), lambda row: float(row[0]))
    if value is None:
        message = f"`function: {ask.function}` needs a column"
        raise Unmeasurable(message)
    function = _FUNCTIONS[ask.function]
    one = Aggregate(ask.rows, function, value.name, at=_MIDDLE if function == "quantile" else None)
    return reading(one, number(value), "", shares=(_MIDDLE,))


def _timeline(points: list[tuple[str, float | None]], ask: Series) -> Timeline:
    """Return the points, after making sure that each has a value."""
    what = "rows" if ask.every is None else f"{ask.every}s"
    column = repr(shown(ask.column))
    missing = sum(value is None for _, value in points)
    if missing:
        message = f"{missing:,} of {len(points):,} {what} have no value in {column}"
        raise Unmeasurable(message, remedy=f"leave them out with `where: {shown(ask.column)} IS NOT NULL`")
    values = tuple(float(value) for _, value in points if value is not None)
    odd = sum(not math.isfinite(value) for value in values)
    if odd:
        message = f"{odd:,} of {len(points):,} {what} have NaN or infinity in {column}"
        raise Unmeasurable(message, remedy=f"leave them out with `where: isfinite({shown(ask.column)})`")
    return Timeline(tuple(time for time, _ in points), values)


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()
