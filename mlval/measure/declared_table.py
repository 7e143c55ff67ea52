"""Reading what a database gave: a column has the type that it had there, whatever its values look like."""

from collections.abc import Mapping

import duckdb

from mlval.domain.source import Declared, TableFiles
from mlval.measure.literals import identifier, text

_READ_AS: Mapping[Declared, str] = {
    "bool": "BOOLEAN",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float32": "FLOAT",
    "float64": "DOUBLE",
    "text": "VARCHAR",
}
_CAST_TO: Mapping[Declared, str] = {
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "instant": "TIMESTAMP WITH TIME ZONE",
}
_DIALECT = (
    "auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '\\N',"
    " allow_quoted_nulls = false, strict_mode = true, new_line = '\\n', hive_partitioning = false"
)
_ERA = r"'^([0-9]+-[0-9]{2}-[0-9]{2})(.*) BC$', '\1 (BC)\2'"
_WIDTHS = (18, 38)
"""Digits of a decimal that fit 64 and 128 bits."""


def load(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles, *, row: str) -> None:
    """Read the rows of a database into the table `name`, with the row position in the column `row`.

    A decimal is exact where all values of its column fit one decimal of 38 digits, else a double: one
    holds NaN and infinity, the other does not. What is none of our kinds becomes a list of one text, so
    that it has no kind, and can still be counted and compared.

    Raises
    ------
    duckdb.Error
        If a value cannot be read as what its column is declared to hold.
    """
    declared = dict(zip(files.header, files.types, strict=True))
    raw = f"{name}:raw"
    paths = ", ".join(text(path) for path in files.paths)
    columns = ", ".join(
        f"{text(column)}: {text(_READ_AS.get(kind, 'VARCHAR'))}" for column, kind in declared.items()
    )
    try:
        connection.execute(
            f"CREATE TABLE {identifier(raw)} AS SELECT *, row_number() OVER () - 1 AS {identifier(row)}"
            f" FROM read_csv([{paths}], {_DIALECT}, columns = {{{columns}}})"
        )
        casts = {column: _CAST_TO[kind] for column, kind in declared.items() if kind in _CAST_TO}
        decimals = [column for column, kind in declared.items() if kind == "decimal"]
        casts |= {column: _narrowest(connection, raw, column) for column in decimals}
        typed = ", ".join(
            f"{_value(column, kind, casts.get(column))} AS {identifier(column)}"
            for column, kind in declared.items()
        )
        connection.execute(
            f"CREATE TABLE {identifier(name)} AS SELECT {typed}, {identifier(row)} FROM {identifier(raw)}"
        )
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {identifier(raw)}")


def _value(column: str, kind: Declared, cast: str | None) -> str:
    name = identifier(column)
    if kind == "other":
        return f"CASE WHEN {name} IS NOT NULL THEN [{name}] END"
    if kind in _CAST_TO:
        # The engine passes over what follows a time; it wants to be told of the era after the day.
        name = f"CASE WHEN ends_with({name}, ' BC') THEN regexp_replace({name}, {_ERA}) ELSE {name} END"
    return f"CAST({name} AS {cast})" if cast else name


def _narrowest(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> str:
    """Return the narrowest decimal that holds every value of a column exactly, DOUBLE where none does."""
    name, source = identifier(column), identifier(table)
    found = connection.execute(f"SELECT max(length(split_part({name}, '.', 2))) FROM {source}").fetchone()
    scale = int(found[0] or 0) if found else 0
    for width in _WIDTHS:
        if scale <= width:
            kind = f"DECIMAL({width}, {scale})"
            beyond = f"{name} IS NOT NULL AND TRY_CAST({name} AS {kind}) IS NULL"
            if connection.execute(f"SELECT count(*) FROM {source} WHERE {beyond}").fetchone() == (0,):
                return kind
    return "DOUBLE"
