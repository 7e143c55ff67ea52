"""Reading CSV: as text by a dialect that was decided before, then typed by all of its values."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from mlval.domain.errors import SourceBroken
from mlval.domain.source import TableFiles
from mlval.measure.literals import identifier, text

# What makes a text a value of a type, narrowest type first; `@` is the column, never null here.
_ZONE = "'(Z| UTC|[+-][0-9]{2}(:?[0-9]{2}(:?[0-9]{2})?)?)$'"
_DAY = "@[5] IN ('-', '/')"
_FITS = {
    "BOOLEAN": "lower(@) IN ('true', 'false')",
    "BIGINT": "TRY_CAST(@ AS BIGINT)::VARCHAR = @",
    # Whole numbers beyond 64 bits: as doubles, different keys would become equal.
    "HUGEINT": "TRY_CAST(@ AS HUGEINT)::VARCHAR = @",
    "DOUBLE": (
        "TRY_CAST(@ AS DOUBLE) IS NOT NULL AND NOT contains(@, '_')"
        " AND NOT (@[1] = '0' AND @[2] BETWEEN '0' AND '9')"
        " AND NOT (@[1] IN ('-', '+') AND @[2] = '0' AND @[3] BETWEEN '0' AND '9')"
        r" AND CASE WHEN @[1] <= ' ' THEN NOT regexp_matches(@, '^\s*[+-]?0[0-9]') ELSE true END"
    ),
    "DATE": f"length(@) = 10 AND {_DAY} AND TRY_CAST(@ AS DATE) IS NOT NULL",
    "TIMESTAMP": (
        f"length(@) >= 16 AND {_DAY} AND TRY_CAST(@ AS TIMESTAMP) IS NOT NULL"
        f" AND @[-1] BETWEEN '0' AND '9' AND NOT regexp_matches(@, {_ZONE})"
    ),
    "TIMESTAMP WITH TIME ZONE": (
        f"length(@) >= 16 AND {_DAY} AND TRY_CAST(@ AS TIMESTAMPTZ) IS NOT NULL"
        f" AND regexp_matches(@, {_ZONE})"
    ),
}
TYPES = tuple(_FITS)
MOST_AT_ONCE = 100
"""Aggregates in one query: planning takes the engine time that grows with the square of their number."""
_SHOWN_LINES = 5
# The engine asks for plain words here; no relation of ours has one for a name.
_REJECTS, _SCANS = "rejected_lines", "rejecting_scans"


def load(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles, *, row: str) -> None:
    """Read CSV files into the table `name`, with the row position in the column `row`.

    An empty field is null. A column has the narrowest type that every one of its values can be
    read as; numbers with leading zeros or underscores are text, since they are codes.

    Raises
    ------
    SourceBroken
        If rows are ragged or not UTF-8: all of them are counted, the first named by line.
    """
    raw = f"{name}:text"
    paths = ", ".join(text(path) for path in files.paths)
    rejects = (
        f"store_rejects = true, rejects_limit = 0, rejects_table = '{_REJECTS}', rejects_scan = '{_SCANS}'"
    )
    try:
        connection.execute(
            f"CREATE TABLE {identifier(raw)} AS SELECT *, row_number() OVER () - 1 AS {identifier(row)}"
            f" FROM read_csv([{paths}], {dialect(files)}, {rejects})"
        )
        _refuse_rejected(connection, files)
        types = infer(connection, raw, dict.fromkeys(files.header, TYPES))
        typed = ", ".join(f"{cast(column, types[column])} AS {identifier(column)}" for column in files.header)
        connection.execute(
            f"CREATE TABLE {identifier(name)} AS SELECT {typed}, {identifier(row)} FROM {identifier(raw)}"
        )
    finally:
        # What one file leaves behind must not be held against the next.
        for left in (raw, _REJECTS, _SCANS):
            connection.execute(f"DROP TABLE IF EXISTS {identifier(left)}")


def dialect(files: TableFiles) -> str:
    """Return how the text is written, as options of the engine."""
    columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in files.header)
    # Told of pairs, the engine reads no row at all in strict mode; untold, it knows them itself.
    newline = "" if files.newline == "\\r\\n" else f", new_line = {text(files.newline)}"
    return (
        f"auto_detect = false, header = true, columns = {{{columns}}}, delim = {text(files.delimiter)},"
        f" quote = '\"', escape = '\"', strict_mode = true, hive_partitioning = false{newline}"
    )


def infer(
    connection: duckdb.DuckDBPyConnection, table: str, allowed: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Return for each text column the first of its allowed types that holds all of its values.

    The first values give candidates, one query over all values confirms them; a column that is
    refused tries its next candidate, at last text. A column without values is text.
    """
    sample = f"(SELECT * FROM {identifier(table)} LIMIT 1000)"
    candidates = _fitting(connection, sample, allowed)
    counts = ", ".join(f"count({identifier(column)})" for column in allowed)
    begun = connection.execute(f"SELECT {counts} FROM {sample}").fetchone() or ()
    late = {column: allowed[column] for column, count in zip(allowed, begun, strict=True) if not count}
    candidates |= _fitting(connection, identifier(table), late)
    types = dict.fromkeys(allowed, "VARCHAR")
    while candidates:
        first = {column: kinds[:1] for column, kinds in candidates.items()}
        confirmed = _fitting(connection, identifier(table), first)
        types |= {column: kinds[0] for column, kinds in confirmed.items()}
        candidates = {
            c: kinds[1:] for c, kinds in candidates.items() if c not in confirmed and len(kinds) > 1
        }
    return types


def _fitting(
    connection: duckdb.DuckDBPyConnection, relation: str, candidates: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return, for each column, those of its candidate types that hold all of its values, if any."""
    pairs = [(column, kind) for column, kinds in candidates.items() for kind in kinds]
    fitting: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(pairs), MOST_AT_ONCE):
        part = pairs[start : start + MOST_AT_ONCE]
        tests = ", ".join(
            f"bool_and({fits(column, kind)}) FILTER (WHERE {identifier(column)} IS NOT NULL)"
            for column, kind in part
        )
        verdicts = connection.execute(f"SELECT {tests} FROM {relation}").fetchone() or ()
        for (column, kind), holds in zip(part, verdicts, strict=True):
            if holds:
                fitting[column] = (*fitting.get(column, ()), kind)
    return fitting


def cast(column: str, kind: str) -> str:
    """Return the expression that reads a text column as a type, null where it is not one."""
    name = identifier(column)
    return name if kind == "VARCHAR" else f"TRY_CAST({name} AS {kind})"


def fits(column: str, kind: str) -> str:
    """Return the expression that is true where a text can be read as a type without loss, else false.

    It is never null: `bool_and` passes over nulls, and a word among numbers would become one.
    """
    return f"coalesce({_FITS[kind].replace('@', identifier(column))}, false)"


def _refuse_rejected(connection: duckdb.DuckDBPyConnection, files: TableFiles) -> None:
    """Raise if any row was rejected: a table with rows missing must not be judged."""
    query = f"SELECT count(DISTINCT (file_id, line)), list(DISTINCT error_type::VARCHAR) FROM {_REJECTS}"
    count, kinds = connection.execute(query).fetchone() or (0, None)
    if not count:
        return
    first = connection.execute(
        f"SELECT DISTINCT file_id, line, line_byte_position, file_path FROM {_REJECTS}"
        f" JOIN {_SCANS} USING (scan_id, file_id) ORDER BY file_id, line LIMIT {_SHOWN_LINES}"
    ).fetchall()
    lines = [_line(path, position) if position else record for _, record, position, path in first]
    if len(files.paths) > 1:
        lines = [f"{line} of file {file + 1}" for line, (file, *_) in zip(lines, first, strict=True)]
    if {"MISSING COLUMNS", "TOO MANY COLUMNS"}.issuperset(kinds or ()):
        what = f"without exactly {len(files.header)} fields"
        remedy = "check the delimiter and the quotes on these lines"
    else:
        what, remedy = "that cannot be read", "check the quotes on these lines and that the file is UTF-8"
    shown = ", ".join(map(str, lines)) + (", …" if count > _SHOWN_LINES else "")
    message = f"{count:,} {'row' if count == 1 else 'rows'} {what}: line {shown}"
    raise SourceBroken(message, remedy=remedy)


def _line(path: str, position: int) -> int:
    """Return the line of a byte, counting both from 1; the engine counts a row over two lines as one."""
    line, left = 1, position - 1
    with Path(path).open("rb") as handle:
        while left > 0 and (chunk := handle.read(min(left, 2**20))):
            line += chunk.count(b"\n")
            left -= len(chunk)
    return line
