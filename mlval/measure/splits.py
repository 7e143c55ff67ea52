"""Splits of rows as SQL: an expression that names the level of a row, null where it has none."""

from mlval.domain.asks import ByBins, ByColumn, ByPeriod, ByPredicate, Column, Crossed, Split
from mlval.domain.classes import as_level
from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.measure.comparison import number
from mlval.measure.conditions import Conditions
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier, text

_PERIODS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}


def level(conditions: Conditions, split: Split) -> str:
    """Return the SQL of a row's level in a split, as text."""
    match split:
        case ByColumn(name, nulls):
            value = as_text(conditions.column(name))
            return value if nulls is None else f"coalesce({value}, {text(nulls)})"
        case ByBins(name, edges):
            return _bin(conditions.column(name), edges)
        case ByPeriod(name, every):
            return _period(conditions.column(name), every)
        case ByPredicate(name, where):
            return f"CASE WHEN {conditions.where(where)} THEN {text(name)} END"
        case Crossed(parts):
            levels = [level(conditions, part) for part in parts]
            known = " AND ".join(f"({one}) IS NOT NULL" for one in levels)
            return f"CASE WHEN {known} THEN to_json([{', '.join(levels)}])::VARCHAR END"


def _bin(column: Column, edges: tuple[float, ...]) -> str:
    if column.kind not in {"int", "float"}:
        message = f"bins need numbers; {shown(column.name)!r} holds {column.kind} values"
        raise Unmeasurable(message)
    name = identifier(column.name)
    told = [as_level(edge) for edge in edges]
    cases = [
        f"WHEN isnan({name}::DOUBLE) THEN 'NaN'",
        f"WHEN {name} < {number(column, edges[0])} THEN {text(f'< {told[0]}')}",
    ]
    for index, edge in enumerate(edges[1:]):
        between = text(f"{told[index]} to < {told[index + 1]}")
        cases.append(f"WHEN {name} < {number(column, edge)} THEN {between}")
    return f"CASE {' '.join(cases)} WHEN {name} IS NOT NULL THEN {text(f'>= {told[-1]}')} END"


def _period(column: Column, every: str) -> str:
    if column.kind not in {"date", "timestamp"}:
        message = f"periods need dates or timestamps; {shown(column.name)!r} holds {column.kind} values"
        raise Unmeasurable(message)
    name = f"{identifier(column.name)}::TIMESTAMP"
    if every == "quarter":
        return f"strftime({name}, '%Y') || '-Q' || quarter({name})::VARCHAR"
    return f"strftime({name}, '{_PERIODS[every]}')"
