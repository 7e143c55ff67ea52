"""Rows against other rows, of the same table or of another, as SQL.

Each is a correlated `EXISTS` on equal values, which the engine answers by one hash join, inside an
aggregate as well as in a filter, and which is true or false but never null. A list of pairs with `IN` would
be compared row by row. The columns of the inner rows have names of our own, so that a bare name means the
outer row.
"""

from collections.abc import Sequence

from mlval.domain.asks import Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier
from mlval.measure.tables import Table

_TIMES = {"date", "timestamp"}
_NUMBERS = {"int", "float"}
_INTS_OF_64_BITS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}


def repeated(table: Table, columns: Sequence[Column], *, among: str) -> str:
    """Return what is true of a row that shares its values with another row `among` which that is true."""
    return _exists(table, columns, having="count(*) > 1", among=among)


def contradicted(table: Table, columns: Sequence[Column], label: Column, *, among: str) -> str:
    """Return what is true of a row with a label where equal rows `among` others have another label.

    Raises
    ------
    Unmeasurable
        If labels of this type have no order, by which two of them are told apart.
    """
    if label.kind == "other":
        message = f"{shown(label.name)!r} holds {shown(label.stored)} values, which are no labels"
        raise Unmeasurable(message)
    name = identifier(label.name)
    differing = _exists(table, columns, having=f"min({name}) <> max({name})", among=among)
    return f"{name} IS NOT NULL AND {differing}"


def found(
    columns: Sequence[Column], table: Table, others: Sequence[Column], *, among: str, nulls: bool
) -> str:
    """Return what is true of a row whose values stand together in a row of another table.

    Parameters
    ----------
    columns, others : what is compared, pair by pair; times with times, numbers with numbers, else like kinds
    among : SQL that is true of the rows of the other table which are looked at
    nulls : whether nulls are equal to one another; otherwise they equal nothing

    Raises
    ------
    Unmeasurable
        If a pair holds values of kinds that are never equal.
    """
    if not columns or len(columns) != len(others):
        message = f"{len(columns)} columns cannot be paired with {len(others)}"
        raise Unmeasurable(message)
    pairs = [_comparable(own, other) for own, other in zip(columns, others, strict=True)]
    inner = ", ".join(f"{other} AS {_inner(index)}" for index, (_, other) in enumerate(pairs))
    operator = "IS NOT DISTINCT FROM" if nulls else "="
    equal = " AND ".join(f"{_inner(index)} {operator} {own}" for index, (own, _) in enumerate(pairs))
    return f"EXISTS (SELECT 1 FROM (SELECT {inner} FROM {table.sql} WHERE {among}) WHERE {equal})"


def not_after(column: Column, table: Table, other: Column, *, among: str) -> str:
    """Return what is true of a value at or before the last one in a column of another table; never null.

    Raises
    ------
    Unmeasurable
        If one of the columns holds no times.
    """
    for one in (column, other):
        if one.kind not in _TIMES:
            message = f"{shown(one.name)!r} holds {one.kind} values, not times"
            raise Unmeasurable(message)
    own, last = _comparable(column, other)
    return f"coalesce({own} <= (SELECT max({last}) FROM {table.sql} WHERE {among}), false)"


def _exists(table: Table, columns: Sequence[Column], *, having: str, among: str) -> str:
    names = [identifier(column.name) for column in columns]
    inner = ", ".join(f"{name} AS {_inner(index)}" for index, name in enumerate(names))
    equal = " AND ".join(f"{_inner(index)} IS NOT DISTINCT FROM {name}" for index, name in enumerate(names))
    groups = f"SELECT {inner} FROM {table.sql} WHERE {among} GROUP BY {', '.join(names)} HAVING {having}"
    return f"EXISTS (SELECT 1 FROM ({groups}) WHERE {equal})"


def _inner(index: int) -> str:
    return identifier(f"mlval:{index}")


def _comparable(own: Column, other: Column) -> tuple[str, str]:
    """Return two columns in a form in which equal values are equal."""
    left, right = identifier(own.name), identifier(other.name)
    kinds, stored = {own.kind, other.kind}, {own.stored, other.stored}
    if len(stored) == 1 or stored <= _INTS_OF_64_BITS:
        return left, right
    if kinds <= _NUMBERS:
        # As doubles, large whole numbers would become equal, and 0.1 is another number in 32 bits.
        return as_text(own), as_text(other)
    if kinds <= _TIMES:
        return f"{left}::TIMESTAMP", f"{right}::TIMESTAMP"
    if kinds == {"string"}:
        return f"{left}::VARCHAR", f"{right}::VARCHAR"
    message = (
        f"{shown(own.name)!r} holds {_told(own)} values, {shown(other.name)!r} of the other table holds"
        f" {_told(other)} values: these are never equal"
    )
    raise Unmeasurable(message, remedy="write both with the same type")


def _told(column: Column) -> str:
    return shown(column.stored) if column.kind == "other" else column.kind
