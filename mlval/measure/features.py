"""The columns that a model is shown as arrays, in the order of the rows, in blocks of bounded size."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.features import Feature, FeatureKind
from mlval.domain.text import shown
from mlval.measure.literals import identifier
from mlval.measure.tables import ROW, Table

BLOCK = 20_000_000
"""Values of one block: 160 MB."""
_KINDS: dict[str, FeatureKind] = {
    "bool": "bool",
    "int": "int",
    "float": "float",
    "string": "text",
    "date": "time",
    "timestamp": "time",
}
_WIDE = {"HUGEINT", "UHUGEINT", "UBIGINT"}


def blocks(
    connection: duckdb.DuckDBPyConnection, table: Table, names: Sequence[str], *, values: int = BLOCK
) -> Iterator[tuple[NDArray[np.int64], tuple[Feature, ...]]]:
    """Yield the positions of rows and their features, at most `values` numbers at a time.

    Raises
    ------
    Unmeasurable
        If a column is absent, or holds what no model is shown: lists, numbers beyond 64 bits.
    """
    columns = [_known(table, name) for name in names]
    rows = connection.execute(f"SELECT {identifier(ROW)} AS place FROM {table.sql} ORDER BY 1").fetchnumpy()
    places = np.asarray(rows["place"], dtype=np.int64)
    size = max(1, values // max(1, len(names)))
    for start in range(0, len(places), size):
        block = places[start : start + size]
        yield block, _block(connection, table, columns, between=(int(block[0]), int(block[-1])))


def _block(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    columns: Sequence[Column],
    *,
    between: tuple[int, int],
) -> tuple[Feature, ...]:
    low, high = between
    rows = f"{table.sql} WHERE {identifier(ROW)} BETWEEN {low} AND {high}"
    levels: dict[int, tuple[str, ...]] = {}
    wanted = []
    for index, column in enumerate(columns):
        value = identifier(column.name)
        if column.kind == "string":
            kind = identifier(f"mlval:feature:{index}")
            levels[index] = _levels(
                connection, kind, f"SELECT DISTINCT {value}::VARCHAR AS level FROM {rows}"
            )
            value = f"coalesce(enum_code({value}::VARCHAR::{kind})::INTEGER, -1)"
        wanted.append(f"{_stored(column, value)} AS column{index}")
    selects = ", ".join(wanted) or "1 AS nothing"
    found = connection.execute(f"SELECT {selects} FROM {rows} ORDER BY {identifier(ROW)}").fetchnumpy()
    return tuple(
        _feature(column, found[f"column{index}"], levels.get(index)) for index, column in enumerate(columns)
    )


def _known(table: Table, name: str) -> Column:
    column = table.column(name)
    if column is None:
        message = f"the dataset has no column {shown(name)!r}, which the model is to be shown"
        raise Unmeasurable(message, remedy=f"columns: {shown(', '.join(table.shape.names))}")
    if column.kind not in _KINDS or column.stored in _WIDE:
        message = f"the column {shown(name)!r} holds {shown(column.stored)}, which no model is shown"
        raise Unmeasurable(message, remedy="leave it out of `features:`, or store numbers, text or times")
    return column


def _stored(column: Column, value: str) -> str:
    """Return a value as one of the types that become an array: 64 bits, booleans, microseconds in UTC."""
    match column.kind:
        case "float":
            return f"{value}::DOUBLE"
        case "int":
            return f"{value}::BIGINT"
        case "date" | "timestamp":
            instant = f"timezone('UTC', {value})" if column.stored == "TIMESTAMP WITH TIME ZONE" else value
            return f"{instant}::TIMESTAMP"
        case _:
            return value


def _levels(connection: duckdb.DuckDBPyConnection, kind: str, known: str) -> tuple[str, ...]:
    connection.execute(f"DROP TYPE IF EXISTS {kind}")
    known = f"SELECT level FROM ({known}) WHERE level IS NOT NULL ORDER BY level"
    connection.execute(f"CREATE TEMP TYPE {kind} AS ENUM ({known})")
    (levels,) = connection.execute(f"SELECT enum_range(NULL::{kind})").fetchone() or ((),)
    return tuple(levels)


def _feature(column: Column, values: Any, levels: tuple[str, ...] | None) -> Feature:  # noqa: ANN401 - plain or masked
    kind = _KINDS[column.kind]
    nulls = None
    if np.ma.isMaskedArray(values):
        mask = np.ma.getmaskarray(values)
        nulls = mask if mask.any() else None
        values = values.filled(np.nan if kind == "float" else np.datetime64("NaT") if kind == "time" else 0)
    array = np.asarray(values)
    if kind == "text":
        array = array.astype(np.int32)
        nulls = array < 0 if (array < 0).any() else None
    return Feature(column.name, kind, array, nulls=nulls, levels=levels)
