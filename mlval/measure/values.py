"""Answers about the most frequent values of a column."""

import duckdb

from mlval.domain.asks import Level, Top
from mlval.measure.conditions import Conditions
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier
from mlval.measure.relations import selected

MOST_TIED = 1_000
"""Values beyond the limit that are told for being as frequent as the last one within."""


def top(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: Top
) -> tuple[tuple[Level, int], ...]:
    """Return the most frequent values as text, by falling count, then by the code points of the text."""
    column = conditions.column(ask.column)
    name = identifier(column.name)
    text = as_text(column)
    # Equal numbers can be written in several ways, and some numbers share a text.
    value = f"{text} AS {name}" if column.kind in {"float", "other"} else name
    rows = selected(conditions, ask.rows, conditions.all_of((*ask.of,)), f"{name} IS NOT NULL")
    counted = f'SELECT {value}, count(*) AS "mlval:count" FROM {rows} GROUP BY 1'
    last = f'SELECT "mlval:count" AS n FROM counted ORDER BY n DESC LIMIT {ask.limit}'
    told = name if column.kind in {"float", "other"} else text
    found = connection.execute(
        f"WITH counted AS MATERIALIZED ({counted})"
        f' SELECT {told} AS level, "mlval:count" AS n FROM counted WHERE n >= (SELECT min(n) FROM ({last}))'
        f" ORDER BY n DESC, level LIMIT {ask.limit + MOST_TIED}"
    ).fetchall()
    return tuple((level, count) for level, count in found)
