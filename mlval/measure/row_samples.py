"""Answers with some rows of a table: those with the smallest hashes, fetched as arrays."""

from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import Column, Rows
from mlval.domain.errors import Unmeasurable
from mlval.domain.sampled import RowSample, SampledRows, SampledVectors, VectorSample, holds_vectors
from mlval.domain.text import shown
from mlval.measure.conditions import Conditions
from mlval.measure.doubles import as_number
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier
from mlval.measure.relations import selected
from mlval.measure.row_hash import hashable, row_hash
from mlval.measure.tables import OWN_NAMES, ROW

MARKED = frozenset({"string", "int", "bool"})
"""Kinds of columns whose values are told apart by marks."""

_HASHES = 2**64
_MARGIN = 6
"""Standard deviations that more rows lie below the cut than are wanted: enough of them, all but surely."""


def answer(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: RowSample | VectorSample
) -> SampledRows | SampledVectors:
    """Answer one ask about some of the rows."""
    if isinstance(ask, RowSample):
        return _rows(connection, conditions, ask)
    return _vectors(connection, conditions, ask)


def _rows(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: RowSample) -> SampledRows:
    columns, texts = conditions.columns(ask.columns), conditions.columns(ask.texts)
    wanted = {f"n{index}": as_number(one) for index, one in enumerate(columns) if one.kind != "string"}
    wanted |= {f"m{index}": _mark(one) for index, one in enumerate(columns) if one.kind in MARKED}
    wanted |= {f"t{index}": as_text(one) for index, one in enumerate(texts)}
    of = _count(connection, conditions, ask.rows)
    names = {identifier(one.name) for one in (*columns, *texts)}
    chosen = _chosen(conditions, ask, of=of, limit=ask.limit, names=names)
    # No column of the data has such a name, so that none is taken for what is computed here.
    selects = ", ".join(f'{sql} AS "mlval:{name}"' for name, sql in wanted.items())
    found = connection.execute(f'SELECT "mlval:hash", {selects} FROM ({chosen}) {_IN_ORDER}').fetchnumpy()
    fetched = {name.removeprefix(OWN_NAMES): values for name, values in found.items()}
    return SampledRows(
        hashes=np.asarray(fetched["hash"]),
        numbers={columns[int(name[1:])].name: _filled(fetched[name]) for name in wanted if name[0] == "n"},
        marks={
            columns[int(name[1:])].name: np.ma.asarray(fetched[name]) for name in wanted if name[0] == "m"
        },
        of=of,
        texts={texts[int(name[1:])].name: np.ma.asarray(fetched[name]) for name in wanted if name[0] == "t"},
    )


def _vectors(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: VectorSample
) -> SampledVectors:
    column = conditions.column(ask.column)
    if not holds_vectors(column):
        message = f"{shown(column.name)!r} holds {shown(column.stored)} values, not lists of numbers"
        raise Unmeasurable(message)
    stored = column.stored.partition("[")[0]
    narrow = "FLOAT" if stored == "FLOAT" else "DOUBLE"
    vector = f"{identifier(column.name)}::{narrow}[]"
    of = _count(connection, conditions, ask.rows)
    chosen = _chosen(conditions, ask, of=of, limit=ask.limit, names={identifier(column.name)})
    length = _commonest_length(connection, vector, chosen)
    limit = min(ask.limit, ask.cells // max(1, length))
    chosen = _chosen(conditions, ask, of=of, limit=limit, names={identifier(column.name)})
    fetched = connection.execute(
        f'SELECT "mlval:hash", CASE WHEN len({vector}) = {length} THEN {vector} END AS "mlval:vector",'
        f' {identifier(column.name)} IS NULL AS "mlval:missing" FROM ({chosen}) {_IN_ORDER}'
    ).fetchnumpy()
    hashes, vectors = np.asarray(fetched["mlval:hash"]), fetched["mlval:vector"]
    rows = int(hashes.size)
    nulls = int(np.count_nonzero(fetched["mlval:missing"]))
    there = ~np.ma.getmaskarray(vectors)
    dtype = np.float32 if narrow == "FLOAT" else np.float64
    stacked = _stacked(np.ma.getdata(vectors)[there], length, dtype)
    usable = np.isfinite(stacked).all(axis=1)
    return SampledVectors(
        hashes=hashes[there][usable],
        vectors=stacked if usable.all() else stacked[usable],
        rows=rows,
        nulls=nulls,
        ragged=rows - nulls - int(np.count_nonzero(there)),
        broken=int(np.count_nonzero(~usable)),
        of=of,
    )


_IN_ORDER = f'ORDER BY "mlval:hash", {identifier(ROW)}'


def _chosen(
    conditions: Conditions, ask: RowSample | VectorSample, *, of: int, limit: int, names: set[str]
) -> str:
    """Return the query of the rows with the smallest hashes; most others are passed over unsorted."""
    hashed = row_hash(conditions.columns(ask.keys))
    cut = limit + _MARGIN * (limit**0.5 + 1)
    near = [f"{hashed} <= {int(cut / of * _HASHES)}::UBIGINT"] if cut < of else []
    columns = ", ".join([*sorted(names), identifier(ROW)])
    found = f'SELECT {columns}, {hashed} AS "mlval:hash" FROM {selected(conditions, ask.rows, *near)}'
    return f"{found} {_IN_ORDER} LIMIT {limit}"


def _count(connection: duckdb.DuckDBPyConnection, conditions: Conditions, rows: Rows) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {selected(conditions, rows)}").fetchone() or (0,)
    return int(count)


def _mark(column: Column) -> str:
    return f"CASE WHEN {identifier(column.name)} IS NOT NULL THEN hash({hashable(column)}) END"


def _commonest_length(connection: duckdb.DuckDBPyConnection, vector: str, chosen: str) -> int:
    found = connection.execute(
        f"SELECT len({vector}) FROM ({chosen}) WHERE len({vector}) IS NOT NULL"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1"
    ).fetchone()
    return int(found[0]) if found else 0


def _stacked(found: NDArray[Any], length: int, dtype: type[np.float32 | np.float64]) -> NDArray[Any]:
    """Return vectors of one length as a matrix; numbers that are missing become NaN."""
    stacked = np.empty((found.size, length), dtype)
    for index, vector in enumerate(found):
        stacked[index] = _filled(vector)
    return stacked


def _filled(values: Any) -> NDArray[Any]:  # noqa: ANN401 - the engine gives plain or masked arrays
    return np.ma.filled(values, np.nan) if np.ma.isMaskedArray(values) else np.asarray(values)
