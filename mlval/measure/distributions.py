"""Answers about distributions: edges, counts on edges, levels, groups and whole columns."""

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import (
    Binned,
    Bins,
    Columns,
    Edges,
    GroupCounts,
    Groups,
    Guessed,
    Guesses,
    LevelCounts,
    Levels,
    Vectors,
)
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure import guessing
from mlval.measure.conditions import Conditions
from mlval.measure.doubles import as_number
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier, literal, text
from mlval.measure.predicate import parser
from mlval.measure.relations import selected
from mlval.measure.row_value import row_value
from mlval.measure.splits import level
from mlval.measure.tables import ROW
from mlval.stats import bins

SAMPLE = 100_000
IN_MEMORY = 20_000_000
"""Rows up to which one column is sorted in memory (160 MB); beyond, the engine counts it in a stream."""
MOST_LEVELS = 10_000
"""Levels that a split of whole columns may have."""


def answer(
    connection: duckdb.DuckDBPyConnection,
    conditions: Conditions,
    ask: Edges | Bins | Levels | Groups | Vectors | Guesses,
) -> tuple[float, ...] | Binned | LevelCounts | GroupCounts | Columns | Guessed:
    """Answer one ask about a distribution."""
    match ask:
        case Edges():
            return edges(connection, conditions, ask)
        case Bins():
            return binned(connection, conditions, ask)
        case Levels():
            return levels(connection, conditions, ask)
        case Groups():
            return groups(connection, conditions, ask)
        case Vectors():
            return vectors(connection, conditions, ask)
        case Guesses():
            return guessing.answer(connection, conditions, ask)


def edges(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Edges) -> tuple[float, ...]:
    """Return edges of about equal mass, from a fixed stride over the rows."""
    value = as_number(conditions.column(ask.column))
    kept = [f"{identifier(ask.column)} IS NOT NULL", f"isfinite({value})"]
    if conditions.table.shape.rows > (IN_MEMORY if ask.whole else SAMPLE):
        # Of the rows that are asked for: a stride for the whole table could miss a small selection.
        (count,) = _row(connection, f"SELECT count(*) FROM {selected(conditions, ask.rows, *kept)}")
        kept.append(f"{identifier(ROW)} % {max(1, -(-count // SAMPLE))} = 0")
    sample = _array(connection, value, selected(conditions, ask.rows, *kept))
    sample.sort()
    return tuple(float(edge) for edge in bins.edges(sample, bins=ask.bins)) if len(sample) else ()


def binned(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Bins) -> Binned:
    """Count all rows of a column on edges; nulls and NaN apart."""
    value = as_number(conditions.column(ask.column))
    rows = selected(conditions, ask.rows)
    if conditions.table.shape.rows > IN_MEMORY:
        return _streamed(connection, value, rows, at=ask.edges)
    fetched = connection.execute(f"SELECT {value} AS value FROM {rows}").fetchnumpy()["value"]
    missing = np.ma.getmaskarray(fetched)
    nulls = int(np.count_nonzero(missing))
    values = np.ma.getdata(fetched)[~missing]
    values.sort()
    nans = int(np.count_nonzero(np.isnan(values)))
    counts = bins.count(values[: len(values) - nans], np.array(ask.edges))
    return Binned(counts=tuple(int(count) for count in counts), nulls=nulls, nans=nans)


def levels(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Levels) -> LevelCounts:
    """Count every value of a column, in the order of their text."""
    name = as_text(conditions.column(ask.column))
    counted = connection.execute(
        f"SELECT {name}, count(*) FROM {selected(conditions, ask.rows)}"
        f" GROUP BY 1 ORDER BY 1 NULLS LAST LIMIT {ask.limit + 1}"
    ).fetchall()
    if len(counted) > ask.limit:
        message = f"{shown(ask.column)!r} has more than {ask.limit:,} different values"
        raise Unmeasurable(message, remedy="an identifier has no distribution; leave the column out")
    return LevelCounts(dict(counted))


def groups(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Groups) -> GroupCounts:
    """Count every combination of levels, in their order."""
    names = ", ".join(f"{level(conditions, split)} AS level{index}" for index, split in enumerate(ask.by))
    keys = ", ".join(f"level{index}" for index in range(len(ask.by)))
    counted = connection.execute(
        f"SELECT {keys}, count(*) FROM (SELECT {names} FROM {selected(conditions, ask.rows)})"
        f" GROUP BY {keys} ORDER BY {keys} LIMIT {ask.limit + 1}"
    ).fetchall()
    if len(counted) > ask.limit:
        message = f"more than {ask.limit:,} groups"
        raise Unmeasurable(message, remedy="split by columns with fewer values")
    return GroupCounts({tuple(row[:-1]): row[-1] for row in counted})


def vectors(
    connection: duckdb.DuckDBPyConnection,
    conditions: Conditions,
    ask: Vectors,
    *,
    further: Mapping[str, str] | None = None,
) -> Columns:
    """Fetch aligned columns as arrays, with the level code of every row in each split.

    `further` is SQL of the row by name, kept in the type that it has.
    """
    rows = selected(conditions, ask.rows)
    if conditions.table.shape.rows > ask.limit:
        (count,) = _row(connection, f"SELECT count(*) FROM {rows}")
        if count > ask.limit:
            message = f"{count:,} rows are more than the {ask.limit:,} that fit"
            raise Unmeasurable(message)
    wanted = {name: as_number(conditions.column(name)) for name in ask.columns}
    for name, column, value in ask.equals:
        wanted[name] = f"CAST({as_text(conditions.column(column))} = {text(value)} AS DOUBLE)"
    for name, column in ask.ranks:
        value = as_text(conditions.column(column))
        rank = f"(dense_rank() OVER (ORDER BY {value} NULLS LAST) - 1)::DOUBLE"
        wanted[name] = f"CASE WHEN {value} IS NOT NULL THEN {rank} END"
    for one in ask.expressions:
        wanted[one.name] = row_value(one, conditions, parser(connection))
    wanted |= further or {}
    splits = [level(conditions, split) for split in ask.by]
    levels = tuple(
        _coded(connection, name, rows, type_name=_code(index)) for index, name in enumerate(splits)
    )
    for index, name in enumerate(splits):
        code = f"enum_code(TRY_CAST({name} AS {_code(index)}))"
        wanted[f"{ROW}:{index}"] = f"coalesce({code}::INTEGER, -1)"
    selects = ", ".join(f"{value} AS column{index}" for index, value in enumerate(wanted.values()))
    # To number values the engine sorts the rows, and gives them back as its threads were done with them.
    order = f" ORDER BY {identifier(ROW)}" if ask.ranks else ""
    fetched = connection.execute(f"SELECT {selects} FROM {rows}{order}").fetchnumpy()
    arrays = {name: _filled(fetched[f"column{index}"]) for index, name in enumerate(wanted)}
    codes = tuple(arrays.pop(f"{ROW}:{index}").astype(np.int32) for index in range(len(splits)))
    return Columns(values=arrays, codes=codes, levels=levels)


def _code(index: int) -> str:
    return identifier(f"mlval:levels:{index}")


def _coded(connection: duckdb.DuckDBPyConnection, name: str, rows: str, *, type_name: str) -> tuple[str, ...]:
    """Make a type whose codes are the levels of a split, in the order of their text; return the levels."""
    known = f"SELECT level FROM (SELECT DISTINCT {name} AS level FROM {rows}) WHERE level IS NOT NULL"
    connection.execute(f"DROP TYPE IF EXISTS {type_name}")
    # Temporary: it belongs to this cursor alone, and others are answering at the same time.
    connection.execute(
        f"CREATE TEMP TYPE {type_name} AS ENUM ({known} ORDER BY level LIMIT {MOST_LEVELS + 1})"
    )
    (levels,) = _row(connection, f"SELECT enum_range(NULL::{type_name})")
    if len(levels) > MOST_LEVELS:
        message = f"more than {MOST_LEVELS:,} slices"
        raise Unmeasurable(message, remedy="split by columns with fewer values")
    return tuple(levels)


def _array(connection: duckdb.DuckDBPyConnection, value: str, rows: str) -> NDArray[np.float64]:
    fetched = connection.execute(f"SELECT {value} AS value FROM {rows}").fetchnumpy()
    return np.array(_filled(fetched["value"]))


def _filled(values: Any) -> NDArray[np.float64]:  # noqa: ANN401 - the engine gives plain or masked arrays
    return np.ma.filled(values, np.nan) if np.ma.isMaskedArray(values) else np.asarray(values)


def _streamed(
    connection: duckdb.DuckDBPyConnection, value: str, rows: str, *, at: tuple[float, ...]
) -> Binned:
    """Count on edges inside the engine, in bounded memory."""
    bounds = ", ".join(literal(edge) for edge in at)
    counted = f"histogram({value}, [{bounds}]::DOUBLE[]) FILTER (WHERE NOT isnan({value}))"
    histogram: Mapping[float, int] | None
    histogram, total, present, nans = _row(
        connection, f"SELECT {counted}, count(*), count({value}), count_if(isnan({value})) FROM {rows}"
    )
    found = histogram or {}
    counts = tuple(int(found.get(edge, 0)) for edge in (*at, float("inf")))
    return Binned(counts=counts, nulls=total - present, nans=nans or 0)


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()
