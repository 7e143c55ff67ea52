"""Rows of a table as the FROM part of a query, and the engine's errors as ours."""

import re
from dataclasses import replace

import duckdb

from mlval.domain.asks import Rows
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure import splits
from mlval.measure.conditions import Conditions
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier, text
from mlval.measure.tables import QUOTED, ROW

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def relation(conditions: Conditions, rows: Rows) -> str:
    """Return what to select from, apart from `where`: the table, or its last rows by time, or those before.

    Of these, `part` leaves the rows of one level. Rows of one time are taken by their position in the file,
    the later first, so that the choice does not depend on the engine.
    """
    if rows.part is not None:
        split, level = rows.part
        whole = relation(conditions, replace(rows, part=None))
        return f"(SELECT * FROM {whole} WHERE {splits.level(conditions, split)} = {text(level)})"
    if rows.last is None:
        return conditions.table.sql
    time = identifier(conditions.column(rows.last.time).name)
    kept = [f"{time} IS NOT NULL"]
    if rows.where is not None:
        kept.append(conditions.where(rows.where))
    part = "OFFSET" if rows.last.before else "LIMIT"
    order = f"ORDER BY {time} DESC, {identifier(ROW)} DESC {part} {rows.last.count}"
    return f"(SELECT * FROM {conditions.table.sql} WHERE {' AND '.join(kept)} {order})"


def selected(conditions: Conditions, rows: Rows, *further: str) -> str:
    """Return the FROM and WHERE parts that leave exactly these rows."""
    where = list(further)
    if rows.where is not None:
        where.append(conditions.where(rows.where))
    for name, level in rows.group:
        value = as_text(conditions.column(name))
        where.append(f"{value} IS NULL" if level is None else f"{value} = {text(level)}")
    filtered = f" WHERE {' AND '.join(where)}" if where else ""
    return f"{relation(conditions, rows)}{filtered}"


def unmeasurable(error: duckdb.Error) -> Unmeasurable:
    """Translate an error of the engine: the first line says what, the rest repeats our own query.

    Values of the data, which some errors tell, are left out.
    """
    if isinstance(error, duckdb.ConversionException):
        return Unmeasurable("a value cannot be converted to the type that it is compared with or cast to")
    if isinstance(error, duckdb.OutOfRangeException):
        return Unmeasurable("a number grows too large for its type")
    if isinstance(error, duckdb.OutOfMemoryException):
        return Unmeasurable("there is not enough memory or scratch space")
    if "Division by zero" in str(error):
        return Unmeasurable("a predicate divides by zero", remedy="write `nullif(x, 0)` for the divisor")
    sentence = QUOTED.sub("…", str(error).splitlines()[0])
    if isinstance(error, duckdb.InvalidInputException):
        # Its kind, what is wrong, and then the pattern or value in which it is wrong.
        sentence = _NUMBER.sub("…", sentence.partition(": ")[2].partition(": ")[0])
    return Unmeasurable(shown(sentence) or "the engine cannot compute it")
