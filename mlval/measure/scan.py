"""Aggregates of one source in as few queries as the engine plans quickly, for all rows or for each group."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import duckdb

from mlval.domain.asks import Level
from mlval.domain.errors import Failure
from mlval.measure.aggregates import Reading
from mlval.measure.csv_table import MOST_AT_ONCE
from mlval.measure.literals import text
from mlval.measure.relations import unmeasurable

IN_MEMORY = 20_000_000
"""Values that exact quantiles may hold at a time (160 MB); the engine does not spill them."""
QUANTILE = "quantile_cont("

A = TypeVar("A")
Key = tuple[Level, ...]
Values = Mapping[Key, object]
"""The value of an aggregate in each group that occurs; without groups its key is empty."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is selected from, how many rows it has at most, and the SQL of levels that it is grouped by."""

    sql: str
    rows: int
    by: tuple[str, ...] = ()


def scan(
    connection: duckdb.DuckDBPyConnection, source: Source, parts: Sequence[str], *, keys: Sequence[Key]
) -> dict[str, Values | Failure]:
    """Return the value of each aggregate in each of these groups; a group that does not occur has none.

    Where the engine refuses a query for the sake of one aggregate, each is asked alone.
    """
    found: dict[str, Values | Failure] = {}
    for together in _chunks(list(dict.fromkeys(parts)), source.rows):
        found |= _scan(connection, source, together, keys=keys)
    return found


def read(reading: Reading[A], found: Mapping[str, Values | Failure], key: Key) -> A | Failure:
    """Return what a reading says of a group; where the group does not occur, what it says of no rows."""
    row = []
    for part in reading.parts:
        values = found[part]
        if isinstance(values, Failure):
            return values
        row.append(values.get(key))
    return reading.read(row)


def among(by: Sequence[str], keys: Sequence[Key]) -> str:
    """Return what is true of rows in these groups, and perhaps in some that mix their levels."""
    told = []
    for index, level in enumerate(by):
        levels = sorted({key[index] for key in keys if key[index] is not None}, key=str)
        parts = [f"{level} IN ({', '.join(text(str(one)) for one in levels)})"] if levels else []
        parts += [f"{level} IS NULL"] if any(key[index] is None for key in keys) else []
        told.append(f"({' OR '.join(parts)})")
    return " AND ".join(told)


def _scan(
    connection: duckdb.DuckDBPyConnection, source: Source, parts: Sequence[str], *, keys: Sequence[Key]
) -> dict[str, Values | Failure]:
    query = f"SELECT {', '.join((*source.by, *parts))} FROM {source.sql}"
    if source.by:
        places = ", ".join(str(place + 1) for place in range(len(source.by)))
        query += f" WHERE {among(source.by, keys)} GROUP BY {places}"
    try:
        rows = connection.execute(query).fetchall()
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        if len(parts) == 1:
            return {parts[0]: Failure(unmeasurable(error))}
        alone = (_scan(connection, source, [part], keys=keys) for part in parts)
        return {part: values for one in alone for part, values in one.items()}
    width = len(source.by)
    return {
        part: {tuple(row[:width]): row[width + index] for row in rows} for index, part in enumerate(parts)
    }


def _chunks(parts: Sequence[str], rows: int) -> Iterator[list[str]]:
    """Split aggregates into queries: not too many in one, nor too many values that are held in memory."""
    most_quantiles = max(1, IN_MEMORY // max(1, rows))
    chunk: list[str] = []
    quantiles = 0
    for part in parts:
        is_quantile = part.startswith(QUANTILE)
        if len(chunk) == MOST_AT_ONCE or (is_quantile and quantiles == most_quantiles):
            yield chunk
            chunk, quantiles = [], 0
        chunk.append(part)
        quantiles += is_quantile
    if chunk:
        yield chunk
