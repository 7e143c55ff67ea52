"""Rows that show a failure: the key columns and the offending ones, in a total order."""

import duckdb

from mlval.domain.asks import Examples, Level
from mlval.measure.conditions import Conditions
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier
from mlval.measure.relations import selected
from mlval.measure.tables import ROW


def answer(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Examples
) -> tuple[tuple[Level, ...], ...]:
    """Return at most `ask.limit` rows as text, by their position in the file."""
    columns = ", ".join(as_text(conditions.column(column)) for column in ask.columns)
    rows = selected(conditions, ask.rows, conditions.all_of(ask.of))
    found = connection.execute(f"SELECT {columns} FROM {rows} ORDER BY {identifier(ROW)} LIMIT {ask.limit}")
    return tuple(tuple(row) for row in found.fetchall())
