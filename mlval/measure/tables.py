"""Opening files as relations that can be asked: columns with kinds, and a position for every row."""

from dataclasses import dataclass

import duckdb

from mlval.domain.asks import Column, Kind, TableShape
from mlval.domain.errors import SourceBroken
from mlval.domain.source import TableFiles
from mlval.domain.text import shown
from mlval.measure import csv_table
from mlval.measure.literals import identifier, text

ROW = "mlval:row"

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
    """A relation of the engine. `untyped` says that its file holds text only, so that types were inferred."""

    name: str
    shape: TableShape
    untyped: bool = False

    @property
    def sql(self) -> str:
        """The relation's name, ready for a query."""
        return identifier(self.name)

    def column(self, name: str) -> Column | None:
        """Return a column by its exact name."""
        return next((column for column in self.shape.columns if column.name == name), None)


def open_table(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles) -> Table:
    """Make files readable as the relation `name`.

    Parquet is read in place; text formats are read once into the engine's own storage, which
    spills to disk. Column `mlval:row` numbers the rows by file and position.

    Raises
    ------
    SourceBroken
        If the files cannot be read whole as what they claim to be.
    """
    try:
        if files.format == "parquet":
            _view_of_parquet(connection, name, files)
        elif files.format == "csv":
            csv_table.load(connection, name, files, row=ROW)
        else:
            _table_of_json(connection, name, files)
        return Table(name=name, shape=shape_of(connection, name), untyped=files.format == "csv")
    except duckdb.Error as error:
        message = f"cannot read it as {files.format}: {shown(str(error).splitlines()[0])}"
        raise SourceBroken(
            message, remedy="check that the file is complete and named after its format"
        ) from error


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


def _view_of_parquet(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles) -> None:
    paths = ", ".join(text(path) for path in files.paths)
    own = connection.execute(
        f"DESCRIBE SELECT * FROM read_parquet([{paths}], hive_partitioning = false)"
    ).fetchall()
    columns = ", ".join(identifier(column) for column, *_ in own)
    # 2**40 rows a file are enough to keep positions of different files apart.
    position = f"(file_index::BIGINT << 40) + file_row_number AS {identifier(ROW)}"
    connection.execute(
        f"CREATE VIEW {identifier(name)} AS SELECT {columns}, {position}"
        f" FROM read_parquet([{paths}], file_row_number = true, hive_partitioning = false)"
    )


def _table_of_json(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles) -> None:
    paths = ", ".join(text(path) for path in files.paths)
    connection.execute(
        f"CREATE TABLE {identifier(name)} AS SELECT *, row_number() OVER () - 1 AS {identifier(ROW)}"
        f" FROM read_json([{paths}], format = 'newline_delimited', sample_size = -1, maximum_depth = 1)"
    )
