"""Columns of lists of labels, as one truth value for each row and label."""

from typing import Any, Final

import duckdb
import numpy as np

from mlval.domain.asks import Column, Vectors
from mlval.domain.errors import Unmeasurable
from mlval.domain.label_sets import LabelledRows, LabelSets
from mlval.domain.text import shown
from mlval.measure import distributions
from mlval.measure.conditions import Conditions
from mlval.measure.label_lists import is_list
from mlval.measure.literals import identifier, text
from mlval.measure.relations import selected

MOST_LABELS: Final = 1_000
MOST_CELLS: Final = 200_000_000
"""Truth values that are held at a time, rows × labels × columns: 200 MB."""
_KNOWN = "known"


def answer(connection: duckdb.DuckDBPyConnection, conditions: Conditions, ask: LabelSets) -> LabelledRows:
    """Fetch which labels every row has in each column, aligned with what else was asked for.

    Raises
    ------
    Unmeasurable
        If a column holds no lists of labels, a list is missing or holds a null, or there is too much.
    """
    columns = [_list_column(conditions, name) for name in ask.columns]
    truth = f"{identifier(columns[0].name)} IS NOT NULL"
    rows = selected(conditions, ask.rows, truth)
    missing = " OR ".join(f"{identifier(column.name)} IS NULL" for column in columns)
    count, lost = _row(connection, f"SELECT count(*), count_if({missing}) FROM {rows}")
    if lost:
        message = f"{lost:,} labelled rows have no predicted labels"
        raise Unmeasurable(message, remedy="an empty list says that a row has none")
    labels = _labels(connection, columns, rows)
    if count * max(1, len(labels)) * len(columns) > MOST_CELLS:
        message = f"{count:,} rows of {len(labels):,} labels are more than fit"
        raise Unmeasurable(message, remedy="look at fewer rows, by `where:` or `window:`")
    wanted = {
        f"{side}:{index}": f"coalesce(list_contains({_texts(column)}, {text(label)}), false)"
        for side, column in enumerate(columns)
        for index, label in enumerate(labels)
    }
    asked = Vectors(ask.rows, ask.numbers, by=ask.by)
    found = distributions.vectors(connection, conditions, asked, further={_KNOWN: truth, **wanted})
    known = np.asarray(found.values[_KNOWN], dtype=np.bool_)
    sides = []
    for side in range(len(columns)):
        table = np.empty((int(known.sum()), len(labels)), dtype=np.bool_)
        for index in range(len(labels)):
            table[:, index] = found.values[f"{side}:{index}"][known]
        sides.append(table)
    return LabelledRows(
        labels,
        tuple(sides),
        {name: found.values[name][known] for name in ask.numbers},
        tuple(codes[known] for codes in found.codes),
        found.levels,
    )


def _list_column(conditions: Conditions, name: str) -> Column:
    column = conditions.column(name)
    if not is_list(column):
        message = f"{shown(name)!r} holds no lists of labels"
        raise Unmeasurable(message, remedy="write lists of text or whole numbers, in Parquet")
    return column


def _labels(connection: duckdb.DuckDBPyConnection, columns: list[Column], rows: str) -> tuple[str, ...]:
    """Return every label of any column, in the order of their text."""
    each = " UNION ".join(
        f"SELECT DISTINCT unnest({_texts(column)}) AS label FROM {rows}" for column in columns
    )
    query = f"SELECT label FROM ({each}) ORDER BY label NULLS FIRST LIMIT {MOST_LABELS + 1}"
    found = [row[0] for row in connection.execute(query).fetchall()]
    if found and found[0] is None:
        raise Unmeasurable("a list of labels holds a null")
    if len(found) > MOST_LABELS:
        message = f"more than {MOST_LABELS:,} different labels"
        raise Unmeasurable(message, remedy="an identifier is no label")
    return tuple(found)


def _texts(column: Column) -> str:
    return f"{identifier(column.name)}::VARCHAR[]"


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()
