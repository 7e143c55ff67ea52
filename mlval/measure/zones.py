"""Answers about time zones: which values are times of a zone.

The engine keeps the instant of a time with an offset and forgets the offset, so text that was read as
times is read once more, and only where somebody asks.
"""

import duckdb

from mlval.domain.asks_of_time import OffZone
from mlval.domain.errors import Unmeasurable
from mlval.domain.source import TableFiles
from mlval.domain.text import shown
from mlval.measure import csv_table
from mlval.measure.conditions import Conditions
from mlval.measure.literals import identifier, text
from mlval.measure.relations import selected
from mlval.measure.tables import ROW

ZONED = "TIMESTAMP WITH TIME ZONE"
_OFFSET = "'(Z| UTC|[+-][0-9]{2}(:?[0-9]{2}(:?[0-9]{2})?)?)$'"


def off_zone(
    connection: duckdb.DuckDBPyConnection,
    conditions: Conditions,
    ask: OffZone,
    *,
    files: TableFiles | None,
) -> int:
    """Count the values that are no times of a zone; `files` are where the table was read from.

    Raises
    ------
    Unmeasurable
        If the column holds neither times nor text, or the engine knows no such zone.
    """
    column = conditions.column(ask.column)
    name = identifier(column.name)
    if column.kind not in {"date", "timestamp", "string"}:
        message = f"{shown(column.name)!r} holds {column.kind} values, not times"
        raise Unmeasurable(message)
    if ask.zone is not None:
        _refuse_unknown(connection, ask.zone)
    rows = selected(conditions, ask.rows, conditions.all_of((*ask.of,)), f"{name} IS NOT NULL")
    if column.kind == "string":
        wrong = _wrong(column.name, ask.zone)
    elif (column.stored == ZONED) != (ask.zone is not None):
        wrong = "true"
    elif ask.zone is None or column.name not in conditions.table.written or files is None:
        wrong = "false"
    else:
        wrong = _wrong(column.name, ask.zone)
        kept = f"SELECT {identifier(ROW)} FROM {rows}"
        rows = f"({_as_written(files, column.name)}) WHERE {identifier(ROW)} IN ({kept})"
    row = connection.execute(f"SELECT coalesce(count_if({wrong}), 0) FROM {rows}").fetchone()
    return int(row[0]) if row else 0


def _wrong(column: str, zone: str | None) -> str:
    """Return what is true of a text that is no time of a zone, or, for None, no time without one."""
    if zone is None:
        return f"NOT ({csv_table.fits(column, 'DATE')} OR {csv_table.fits(column, 'TIMESTAMP')})"
    name = identifier(column)
    written = f"TRY_CAST(regexp_replace({name}, {_OFFSET}, '') AS TIMESTAMP)"
    shown_there = f"timezone({text(zone)}, TRY_CAST({name} AS TIMESTAMPTZ))"
    return f"NOT {csv_table.fits(column, ZONED)} OR {written} IS DISTINCT FROM {shown_there}"


def _as_written(files: TableFiles, column: str) -> str:
    """Return a query for the text of one column, numbered as the rows of the table are."""
    paths = ", ".join(text(path) for path in files.paths)
    if files.format == "csv":
        source = f"read_csv([{paths}], {csv_table.dialect(files)})"
    else:
        source = (
            f"read_json([{paths}], format = 'newline_delimited', columns = {{{text(column)}: 'VARCHAR'}},"
            " hive_partitioning = false)"
        )
    return f"SELECT {identifier(column)}, row_number() OVER () - 1 AS {identifier(ROW)} FROM {source}"


def _refuse_unknown(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    try:
        connection.execute("SELECT timezone(?, TIMESTAMP '2000-01-01')", [zone])
    except duckdb.NotImplementedException as error:
        message = f"there is no time zone {shown(zone)!r}"
        raise Unmeasurable(message, remedy="name one of the IANA database, such as Europe/Berlin") from error
