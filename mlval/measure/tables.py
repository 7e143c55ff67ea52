"""Opening files as relations that can be asked: columns with kinds, and a position for every row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from mlval.domain.asks import Column, Kind, TableShape
from mlval.domain.errors import SourceBroken
from mlval.domain.source import TableFiles
from mlval.domain.text import shown
from mlval.measure import csv_table, declared_table, json_table
from mlval.measure.literals import identifier, text

OWN_NAMES = "mlval:"
ROW = "mlval:row"
_NUMBERED = re.compile(r"_[0-9]+$")
QUOTED = re.compile(r"\"[^\"]*\"?|'[^']*'?")
"""What the engine quotes in its errors: paths of this machine, and values of the data."""

_KINDS: dict[str, Kind] = {
    "BOOLEAN": "bool",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "int"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "int"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "float"),
    "VARCHAR": "string",
    "UUID": "string",
    "DATE": "date",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "timestamp"),
    "TIMESTAMP WITH TIME ZONE": "timestamp",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A relation of the engine; its file holds the columns in `written` as text, whatever their type."""

    name: str
    shape: TableShape
    written: frozenset[str] = frozenset()
    _named: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep the columns by name: each ask looks up some, and a table may have thousands."""
        object.__setattr__(self, "_named", {column.name: column for column in self.shape.columns})

    @property
    def sql(self) -> str:
        """The relation's name, ready for a query."""
        return identifier(self.name)

    def column(self, name: str) -> Column | None:
        """Return a column by its exact name."""
        return self._named.get(name)


def open_table(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles) -> Table:
    """Make files readable as the relation `name`.

    Parquet is read in place; text formats are read once into the engine's own storage, which
    spills to disk. Column `mlval:row` numbers the rows by file and position.

    Raises
    ------
    SourceBroken
        If the files cannot be read whole as what they claim to be.
    """
    written: frozenset[str] = frozenset()
    try:
        if files.format == "parquet":
            _open_parquet(connection, name, files)
        elif files.format == "csv":
            csv_table.load(connection, name, files, row=ROW)
            written = frozenset(files.header)
        elif files.format == "rows":
            declared_table.load(connection, name, files, row=ROW)
        else:
            written = json_table.load(connection, name, files, row=ROW)
        shape = shape_of(connection, name)
    except duckdb.Error as error:
        sentence = QUOTED.sub("…", str(error).splitlines()[0])
        message = f"cannot read it as {files.format}: {shown(sentence)}"
        raise SourceBroken(
            message, remedy="check that the file is complete and named after its format"
        ) from error
    except ValueError as error:
        message = f"it has a column whose name cannot be said: {error}"
        raise SourceBroken(message, remedy="rename the column") from error
    _refuse_names(shape.names)
    return Table(name=name, shape=shape, written=written)


def _refuse_names(names: tuple[str, ...]) -> None:
    """Refuse columns that could be taken for ours, or for one another."""
    own = next((name for name in names if name.lower().startswith(OWN_NAMES)), None)
    if own is not None:
        message = f"the column {shown(own)!r} has a name that is kept for the gate's own columns"
        raise SourceBroken(message, remedy=f"rename it: no column begins with {OWN_NAMES}")
    written = {name.lower(): name for name in names}
    for name in names:
        # Names that differ in case are one to the engine, which adds a number to the second.
        stem = name.rpartition("_")[0] if _NUMBERED.search(name) else ""
        if stem and written.get(stem.lower(), stem) != stem:
            message = f"the columns {shown(written[stem.lower()])!r} and {shown(stem)!r} differ in case only"
            raise SourceBroken(message, remedy="rename one of them: upper and lower case are one")


def shape_of(connection: duckdb.DuckDBPyConnection, name: str) -> TableShape:
    """Describe a relation, without the row position."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {identifier(name)}").fetchall()
    (rows,) = connection.execute(f"SELECT count(*) FROM {identifier(name)}").fetchone() or (0,)
    columns = tuple(
        Column(column, kind_of(stored), stored) for column, stored, *_ in described if column != ROW
    )
    return TableShape(columns, rows)


def kind_of(stored: str) -> Kind:
    """Return what an engine type holds."""
    return "float" if stored.startswith("DECIMAL") else _KINDS.get(stored, "other")


def _open_parquet(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles) -> None:
    """Read files in place. Where they differ in a column's type, it has the type that holds both."""
    columns = _columns_of_parquet(connection, files)
    paths = ", ".join(text(path) for path in files.paths)
    options = f"union_by_name = {len(files.paths) > 1}, hive_partitioning = false"
    named = ", ".join(columns.values())
    if {"file_index", "file_row_number"}.isdisjoint(column.lower() for column in columns):
        # 2**40 rows a file are enough to keep positions of different files apart.
        position, kind = "(file_index::BIGINT << 40) + file_row_number", "VIEW"
        options += ", file_row_number = true"
    else:
        # Columns of these names would be taken for the engine's own.
        position, kind = "row_number() OVER () - 1", "TABLE"
    connection.execute(
        f"CREATE {kind} {identifier(name)} AS SELECT {named}, {position} AS {identifier(ROW)}"
        f" FROM read_parquet([{paths}], {options})"
    )


def _columns_of_parquet(connection: duckdb.DuckDBPyConnection, files: TableFiles) -> dict[str, str]:
    """Return the columns as SQL, in the order of the first file, which every other has too and no more.

    Files leave NaN out of the extremes that they note down of themselves. From these the engine
    concludes that no value can lie beyond, or be NaN; through TRY it draws no conclusion.
    """
    found: list[tuple[str, ...]] = []
    floats: set[str] = set()
    for path in files.paths:
        one = f"read_parquet([{text(path)}], hive_partitioning = false)"
        described = connection.execute(f"DESCRIBE SELECT * FROM {one}").fetchall()
        found.append(tuple(str(column) for column, *_ in described))
        floats.update(str(column) for column, stored, *_ in described if stored in {"FLOAT", "DOUBLE"})
    for number, columns in enumerate(found, 1):
        if odd := sorted(set(found[0]) ^ set(columns)):
            message = f"file {number} of {len(found)} has different columns: {shown(', '.join(odd))}"
            raise SourceBroken(message, remedy="write the files alike, or name fewer")
    names = {column: identifier(column) for column in found[0]}
    return {column: f"TRY({name}) AS {name}" if column in floats else name for column, name in names.items()}
