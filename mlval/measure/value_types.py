"""What kind of thing a value is, as SQL: of a type, not a number, without end."""

from mlval.domain.asks import Column
from mlval.measure import csv_table
from mlval.measure.comparison import is_float, is_mixed
from mlval.measure.literals import identifier
from mlval.measure.tables import Table

_TYPES_OF_TEXT = {
    "bool": ("BOOLEAN",),
    "int": ("HUGEINT",),
    "float": ("DOUBLE",),
    "date": ("DATE",),
    "timestamp": ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
}


def not_of_type(table: Table, column: Column, wanted: str) -> str:
    """Return what is true of a value that is not of a type; see the rule `type` for what counts."""
    name, sql = column.name, identifier(column.name)
    if column.kind == wanted:
        return "false"
    if is_mixed(table, column):
        fits = " OR ".join(f"({csv_table.fits(name, kind)})" for kind in _TYPES_OF_TEXT[wanted])
        whole = f" OR ({csv_table.fits(name, 'DOUBLE')}) AND {_is_whole(f'TRY_CAST({sql} AS DOUBLE)')}"
        return f"NOT ({fits}{whole if wanted == 'int' else ''})"
    if column.kind == "float" and wanted == "int":
        return f"NOT ({_is_whole(sql)})"
    if column.kind == "timestamp" and wanted == "date":
        return f"{sql} <> date_trunc('day', {sql})"
    is_wider = (column.kind, wanted) in {("int", "float"), ("date", "timestamp")}
    is_text = wanted == "string" and name in table.written
    return "false" if is_wider or is_text else "true"


def is_nan(column: Column) -> str:
    """Return what is true of a float that is not a number; other kinds hold none."""
    return f"isnan({identifier(column.name)})" if is_float(column) else "false"


def is_infinite(column: Column) -> str:
    """Return what is true of a float or a time without end; other kinds hold none."""
    has_ends = is_float(column) or column.kind in {"date", "timestamp"}
    return f"isinf({identifier(column.name)})" if has_ends else "false"


def _is_whole(sql: str) -> str:
    return f"isfinite({sql}) AND {sql} = trunc({sql})"
