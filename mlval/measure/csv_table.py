"""Reading CSV: as text by a dialect that was decided before, then typed by all of its values."""

import duckdb

from mlval.domain.errors import SourceBroken
from mlval.domain.source import TableFiles
from mlval.measure.literals import identifier, text

# What makes a text a value of a type, narrowest type first; `?` is the column, never null here.
_OFFSET = "'(Z|[+-][0-9]{2}(:{0,1}[0-9]{2}){0,1})$'"
_FITS = {
    "BOOLEAN": "lower(?) IN ('true', 'false')",
    "BIGINT": "TRY_CAST(? AS BIGINT)::VARCHAR = ?",
    "DOUBLE": (
        "TRY_CAST(? AS DOUBLE) IS NOT NULL AND NOT contains(?, '_')"
        " AND NOT (?[1] = '0' AND ?[2] BETWEEN '0' AND '9')"
        " AND NOT (?[1] IN ('-', '+') AND ?[2] = '0' AND ?[3] BETWEEN '0' AND '9')"
    ),
    "DATE": "length(?) = 10 AND TRY_CAST(? AS DATE) IS NOT NULL",
    "TIMESTAMP": (
        f"length(?) >= 16 AND TRY_CAST(? AS TIMESTAMP) IS NOT NULL AND NOT regexp_matches(?, {_OFFSET})"
    ),
    "TIMESTAMP WITH TIME ZONE": (
        f"length(?) >= 16 AND TRY_CAST(? AS TIMESTAMPTZ) IS NOT NULL AND regexp_matches(?, {_OFFSET})"
    ),
}
_SHOWN_LINES = 5


def load(connection: duckdb.DuckDBPyConnection, name: str, files: TableFiles, *, row: str) -> None:
    """Read CSV files into the table `name`, with the row position in the column `row`.

    An empty field is null. A column has the narrowest type that every one of its values can be
    read as; numbers with leading zeros or underscores are text, since they are codes.

    Raises
    ------
    SourceBroken
        If rows are ragged or not UTF-8: all of them are counted, the first named by line.
    """
    raw = f"mlval:text:{name}"
    columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in files.header)
    dialect = (
        f"auto_detect = false, header = true, columns = {{{columns}}}, delim = {text(files.delimiter)},"
        f" quote = '\"', escape = '\"', new_line = {text(files.newline)}, strict_mode = true,"
        " hive_partitioning = false"
    )
    paths = ", ".join(text(path) for path in files.paths)
    connection.execute(
        f"CREATE TABLE {identifier(raw)} AS SELECT *, row_number() OVER () - 1 AS {identifier(row)}"
        f" FROM read_csv([{paths}], {dialect}, store_rejects = true, rejects_limit = 0)"
    )
    _refuse_ragged(connection, len(files.header))
    types = infer(connection, raw, files.header)
    typed = ", ".join(f"{cast(column, types[column])} AS {identifier(column)}" for column in files.header)
    connection.execute(
        f"CREATE TABLE {identifier(name)} AS SELECT {typed}, {identifier(row)} FROM {identifier(raw)}"
    )
    connection.execute(f"DROP TABLE {identifier(raw)}")


def infer(connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]) -> dict[str, str]:
    """Return for each text column the narrowest type that holds all of its values.

    The first values give candidates, one query over all values confirms them; a column that is
    refused tries its next candidate, at last text. A column without values is text.
    """
    sample = f"(SELECT * FROM {identifier(table)} LIMIT 1000)"
    candidates = _fitting(connection, sample, dict.fromkeys(columns, tuple(_FITS)))
    counts = ", ".join(f"count({identifier(column)})" for column in columns)
    begun = dict(
        zip(columns, connection.execute(f"SELECT {counts} FROM {sample}").fetchone() or (), strict=True)
    )
    late = {column: tuple(_FITS) for column in columns if not begun[column]}
    candidates |= _fitting(connection, identifier(table), late) if late else {}
    types = dict.fromkeys(columns, "VARCHAR")
    while candidates:
        first = {column: kinds[:1] for column, kinds in candidates.items()}
        confirmed = _fitting(connection, identifier(table), first)
        types |= {column: kinds[0] for column, kinds in confirmed.items()}
        candidates = {
            c: kinds[1:] for c, kinds in candidates.items() if c not in confirmed and len(kinds) > 1
        }
    return types


def _fitting(
    connection: duckdb.DuckDBPyConnection, relation: str, candidates: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return, for each column, those of its candidate types that hold all of its values, if any."""
    pairs = [(column, kind) for column, kinds in candidates.items() for kind in kinds]
    tests = ", ".join(
        f"bool_and({fits(column, kind)}) FILTER (WHERE {identifier(column)} IS NOT NULL)"
        for column, kind in pairs
    )
    verdicts = connection.execute(f"SELECT {tests} FROM {relation}").fetchone() or ()
    fitting: dict[str, tuple[str, ...]] = {}
    for (column, kind), holds in zip(pairs, verdicts, strict=True):
        if holds:
            fitting[column] = (*fitting.get(column, ()), kind)
    return fitting


def cast(column: str, kind: str) -> str:
    """Return the expression that reads a text column as a type, null where it is not one."""
    name = identifier(column)
    return name if kind == "VARCHAR" else f"TRY_CAST({name} AS {kind})"


def fits(column: str, kind: str) -> str:
    """Return the expression that is true where a text can be read as a type without loss."""
    return _FITS[kind].replace("?", identifier(column))


def _refuse_ragged(connection: duckdb.DuckDBPyConnection, width: int) -> None:
    """Raise if any row was rejected: a table with rows missing must not be judged."""
    rejected = connection.execute(
        "SELECT line, min(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    if not rejected:
        return
    lines = ", ".join(str(line) for line, _ in rejected[:_SHOWN_LINES])
    more = ", …" if len(rejected) > _SHOWN_LINES else ""
    kinds = {error for _, error in rejected}
    if kinds <= {"MISSING COLUMNS", "TOO MANY COLUMNS"}:
        what, remedy = f"without exactly {width} fields", "check the delimiter and the quotes on these lines"
    else:
        what, remedy = "that cannot be read", "check quotes and that the file is UTF-8"
    count = f"{len(rejected)} {'row' if len(rejected) == 1 else 'rows'}"
    message = f"{count} {what}: line {lines}{more}"
    raise SourceBroken(message, remedy=remedy)
