"""Reading JSON lines: numbers, truth values and text as they are written, times where all text is one."""

import duckdb

from mlval.domain.errors import SourceBroken
from mlval.domain.source import TableFiles
from mlval.measure import csv_table
from mlval.measure.literals import identifier, text

_NUMBERS = {"BIGINT", "UBIGINT", "HUGEINT", "DOUBLE"}
_SCALARS = {*_NUMBERS, "BOOLEAN", "VARCHAR"}


def load(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles, *, row: str) -> frozenset[str]:
    """Read JSON lines into the table `name`, with the row position in the column `row`.

    Return the columns that hold text in the file. A column of text has the type of its times where
    every value can be read as one; a column that mixes scalars is text; one with lists or objects
    stays as it is.

    Raises
    ------
    SourceBroken
        If a line holds something else than an object.
    """
    raw, plain = f"{name}:json", f"{name}:text"
    paths = ", ".join(text(path) for path in files.paths)
    options = (
        "format = 'newline_delimited', sample_size = -1, maximum_depth = 1, map_inference_threshold = -1,"
        f" maximum_sample_files = {len(files.paths)}, hive_partitioning = false"
    )
    try:
        connection.execute(
            f"CREATE TABLE {identifier(raw)} AS SELECT *, row_number() OVER () - 1 AS {identifier(row)}"
            f" FROM read_json([{paths}], {options})"
        )
        held = _held(connection, raw, row)
        if set(held) == {"json"}:
            _refuse_other_than_objects(connection, paths)
        values = ", ".join(
            f"{_value(column, kinds)} AS {identifier(column)}" for column, kinds in held.items()
        )
        connection.execute(
            f"CREATE TABLE {identifier(plain)} AS SELECT {values}, {identifier(row)} FROM {identifier(raw)}"
        )
        types = csv_table.infer(connection, plain, {c: _candidates(kinds) for c, kinds in held.items()})
        typed = ", ".join(
            f"{csv_table.cast(column, types[column])} AS {identifier(column)}" for column in held
        )
        connection.execute(
            f"CREATE TABLE {identifier(name)} AS SELECT {typed}, {identifier(row)} FROM {identifier(plain)}"
        )
    finally:
        for left in (raw, plain):
            connection.execute(f"DROP TABLE IF EXISTS {identifier(left)}")
    return frozenset(column for column, kinds in held.items() if kinds <= {"VARCHAR"})


def _held(connection: duckdb.DuckDBPyConnection, table: str, row: str) -> dict[str, set[str]]:
    """Return what kinds of JSON value each column holds; none where it holds nulls alone."""
    described = connection.execute(f"DESCRIBE {identifier(table)}").fetchall()
    columns = [str(column) for column, *_ in described if column != row]
    kinds = ", ".join(f"list_distinct(list(json_type({identifier(column)})))" for column in columns)
    found = connection.execute(f"SELECT {kinds} FROM {identifier(table)}").fetchone() or ()
    return {column: {*(kinds or ())} - {"NULL"} for column, kinds in zip(columns, found, strict=True)}


def _value(column: str, kinds: set[str]) -> str:
    name = identifier(column)
    return f"{name} ->> '$'" if kinds <= _SCALARS else name


def _candidates(kinds: set[str]) -> tuple[str, ...]:
    """Return the types that a column of these kinds may have, narrowest first; text needs no candidate."""
    if kinds and kinds <= _NUMBERS:
        return "BIGINT", "HUGEINT", "DOUBLE"
    if kinds == {"BOOLEAN"}:
        return ("BOOLEAN",)
    return ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE") if kinds == {"VARCHAR"} else ()


def _refuse_other_than_objects(connection: duckdb.DuckDBPyConnection, paths: str) -> None:
    """Raise where the engine has put whole lines into a column of its own name, since they do not fit."""
    counted = "count(*) FILTER (WHERE NOT coalesce(json_exists(json, '$.json'), false))"
    query = f"SELECT {counted} FROM read_ndjson_objects([{paths}])"
    (others,) = connection.execute(query).fetchone() or (0,)
    if others:
        message = f"{others:,} {'line is' if others == 1 else 'lines are'} no object with named values"
        raise SourceBroken(message, remedy='write one object a line: {"a": 1}')
