"""Order as SQL: rows whose value does not follow the one before it."""

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import OutOfOrder
from mlval.domain.text import shown
from mlval.measure import csv_table
from mlval.measure.comparison import is_float, is_mixed
from mlval.measure.literals import identifier
from mlval.measure.tables import ROW, Table

_NAN, _NUMBER = '"mlval:nan"', '"mlval:number"'
_BEFORE, _NUMBER_BEFORE = '"mlval:before"', '"mlval:number before"'


def out_of_order(table: Table, column: Column, asked: OutOfOrder, *, among: str) -> str:
    """Return what is true of a row that is out of order: that it is in a list of positions.

    `among` is the SQL of the rows that are looked at. NaN is always out of order, and the numbers around it
    are compared with one another. Where a word has made text of numbers in a text file, two numbers are
    compared as such.

    Raises
    ------
    Unmeasurable
        If the column holds something that has no order.
    """
    if column.kind == "other":
        message = f"{shown(column.name)!r} holds {shown(column.stored)} values, which have no order"
        raise Unmeasurable(message)
    name, row = identifier(column.name), identifier(ROW)
    order = row if asked.by is None else f"{identifier(asked.by)}, {row}"
    apart = ", ".join((*map(identifier, asked.per), _NAN))
    operator = (">" if asked.falling else "<") + ("=" if asked.strict else "")
    broken = f"{name} {operator} {_BEFORE}"
    numbers = nan = "false"
    if is_mixed(table, column):
        numbers = f"CASE WHEN {csv_table.fits(column.name, 'DOUBLE')} THEN TRY_CAST({name} AS DOUBLE) END"
        nan = f"coalesce(isnan({numbers}), false)"
        both = f"{_NUMBER} IS NOT NULL AND {_NUMBER_BEFORE} IS NOT NULL"
        broken = f"CASE WHEN {both} THEN {_NUMBER} {operator} {_NUMBER_BEFORE} ELSE {broken} END"
    elif is_float(column):
        nan = f"isnan({name})"
    present = " AND ".join(f"{one} IS NOT NULL" for one in (name, *_named(asked.by)))
    values = f"SELECT *, {nan} AS {_NAN}, {numbers} AS {_NUMBER} FROM {table.sql} WHERE {present} AND {among}"
    pairs = (
        f"SELECT {row}, {name}, {_NAN}, {_NUMBER}, lag({name}) OVER before AS {_BEFORE},"
        f" lag({_NUMBER}) OVER before AS {_NUMBER_BEFORE} FROM ({values})"
        f" WINDOW before AS (PARTITION BY {apart} ORDER BY {order})"
    )
    return f"{row} IN (SELECT {row} FROM ({pairs}) WHERE {_NAN} OR {broken})"


def _named(column: str | None) -> tuple[str, ...]:
    return () if column is None else (identifier(column),)
