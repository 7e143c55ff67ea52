"""Answers about the names of columns."""

import duckdb

from mlval.domain.asks import TableShape


def misnamed(connection: duckdb.DuckDBPyConnection, shape: TableShape, pattern: str) -> tuple[str, ...]:
    """Return the columns in whose name a pattern is not found, in the order of the table.

    The engine looks for the pattern: its expressions take time in proportion to the text, whatever a
    contract writes.
    """
    named = "SELECT unnest(?::VARCHAR[]) AS name"
    found = connection.execute(
        f"SELECT name FROM ({named}) WHERE NOT regexp_matches(name, ?)", [list(shape.names), pattern]
    ).fetchall()
    wrong = {name for (name,) in found}
    return tuple(name for name in shape.names if name in wrong)
