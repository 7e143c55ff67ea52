"""One number over the values of a column: what the engine adds up, and how an answer is read from it.

Whole numbers, decimals and times are added up exactly. Doubles are added up with compensation, and
what may still depend on the order in which threads met is rounded away.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from mlval.domain.asks import Aggregate, Column
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import NotNull, Predicate
from mlval.domain.text import shown
from mlval.measure.literals import identifier, literal

A = TypeVar("A")

Form = Literal["whole", "decimal", "double"]
_MICROSECOND, _NANOSECOND, _DAY = Fraction(1, 10**6), Fraction(1, 10**9), Fraction(86_400)
_KEPT_BITS = 40


@dataclass(frozen=True, slots=True)
class Reading(Generic[A]):
    """Aggregates of one query, and how an answer is read from their values.

    Where there are no rows a count may also be None.
    """

    parts: tuple[str, ...]
    read: Callable[[Sequence[Any]], A]


@dataclass(frozen=True, slots=True)
class Number:
    """A column's values as numbers: their SQL, how they add up, and what one stands for.

    `sql` is null for a time without end; `name` is the column itself.
    """

    name: str
    sql: str
    form: Form
    stored: str
    unit: Fraction = Fraction(1)

    @property
    def double(self) -> str:
        """The SQL of the value as a double, in its own unit."""
        return self.sql if self.form == "double" else f"({self.sql})::DOUBLE"


def number(column: Column) -> Number:
    """Return a column's values as numbers.

    Raises
    ------
    Unmeasurable
        If it holds neither numbers nor truth nor times.
    """
    name, stored = identifier(column.name), column.stored
    form: Form = "whole"
    sql, unit = name, Fraction(1)
    match column.kind:
        case "bool":
            sql = f"{name}::TINYINT"
        case "int":
            # The engine adds up unsigned numbers of 128 bits as doubles.
            sql = f"{name}::HUGEINT" if stored == "UHUGEINT" else name
        case "float":
            form = "decimal" if stored.startswith("DECIMAL") else "double"
            sql = f"{name}::DOUBLE" if stored == "FLOAT" else name
        case "date":
            sql, unit = f"(CASE WHEN isfinite({name}) THEN {name} - DATE '1970-01-01' END)", _DAY
        case "timestamp":
            is_fine = stored == "TIMESTAMP_NS"
            sql, unit = (f"epoch_ns({name})", _NANOSECOND) if is_fine else (f"epoch_us({name})", _MICROSECOND)
        case _:
            message = f"{shown(column.name)!r} holds {column.kind} values, not numbers"
            raise Unmeasurable(message)
    return Number(name, sql, form, stored, unit)


def reading(ask: Aggregate, values: Number, where: str, *, shares: Sequence[float]) -> Reading[float | None]:
    """Return what is to be aggregated for an ask, over the rows for which `where` holds.

    `shares` are all those that quantiles of the same values are wanted at.

    Raises
    ------
    Unmeasurable
        If a quantile is wanted at no share.
    """
    match ask.function:
        case "sum" | "mean":
            return _total(values, where, mean=ask.function == "mean")
        case "min" | "max":
            return _extreme(values, where, ask.function)
        case "quantile":
            return _quantile(values, where, share_of(ask), shares=shares)
    message = f"{ask.function} needs two passes"
    raise TypeError(message)


def share_of(ask: Aggregate) -> float:
    """Return where a quantile is wanted, in [0, 1]."""
    if ask.at is None or not 0 <= ask.at <= 1:
        message = "a quantile is wanted at a share between 0% and 100%"
        raise Unmeasurable(message)
    return float(ask.at)


def needed(ask: Aggregate) -> list[Predicate]:
    """Return the predicates that say more than that a value is there, which aggregates ask for anyway."""
    columns = {ask.column, ask.other}
    return [one for one in ask.of if not (isinstance(one, NotNull) and columns.issuperset(one.columns))]


def filtered(aggregate: str, where: str) -> str:
    """Return an aggregate over the rows for which a condition holds; over all, where it is empty."""
    return f"{aggregate} FILTER (WHERE {where})" if where else aggregate


def totals(values: Number, where: str) -> tuple[str, ...]:
    """Return the sum, the number of values, and what says whether the sum can be trusted."""
    count = filtered(f"count({values.name})", where)
    if values.form == "double":
        return filtered(f"fsum({values.sql})", where), count, filtered(f"sum(abs({values.sql}))", where)
    # Fewer numbers than values: some are times without end.
    return filtered(f"sum({values.sql})", where), count, filtered(f"count({values.sql})", where)


def total(values: Number, row: Sequence[Any]) -> tuple[Fraction | float | None, int]:
    """Read the sum in the unit of the values, and their number, from what `totals` asks for.

    None where there are no values; NaN where one is NaN or endless, or the sum is too large.
    """
    added, count, check = row[0], int(row[1] or 0), row[2]
    if not count:
        return None, 0
    if values.form == "double":
        return settled(added, check), count
    return (Fraction(added) if check == count else math.nan), count


def settled(value: float, scale: float) -> float:
    """Round away what a sum of doubles owes to the order of its terms; `scale` is the sum of their sizes.

    Compensated sums differ by 2^-52 of the scale at most; what is kept are multiples of 2^-40 of it.
    """
    if not (math.isfinite(value) and math.isfinite(scale)):
        return math.nan
    step = math.ldexp(1.0, math.frexp(scale)[1] - _KEPT_BITS)
    return value if scale == 0 or step == 0 else round(value / step) * step


def exact(values: Number, value: float | Decimal | Fraction) -> float:
    """Return an exact value in the answer's unit: whole where it is, else the nearest double."""
    if isinstance(value, float):
        return value + 0.0  # zero has no sign
    found = Fraction(value) * values.unit
    return int(found) if found.denominator == 1 and values.form == "whole" else float(found)


def _total(values: Number, where: str, *, mean: bool) -> Reading[float | None]:
    def read(row: Sequence[Any]) -> float | None:
        added, count = total(values, row)
        if added is None:
            return None
        return float(exact(values, added / count)) if mean else exact(values, added)

    return Reading(totals(values, where), read)


def _extreme(values: Number, where: str, function: str) -> Reading[float | None]:
    def read(row: Sequence[Any]) -> float | None:
        return None if row[1] in {0, None} else (exact(values, row[0]) if _sound(values, row) else math.nan)

    return Reading((filtered(f"{function}({values.sql})", where), *_checks(values, where)), read)


def _quantile(values: Number, where: str, share: float, *, shares: Sequence[float]) -> Reading[float | None]:
    listed = ", ".join(literal(one) for one in shares)

    def read(row: Sequence[Any]) -> float | None:
        if row[1] in {0, None}:
            return None
        return row[0][shares.index(share)] * float(values.unit) if _sound(values, row) else math.nan

    found = filtered(f"quantile_cont({values.double}, [{listed}]::DOUBLE[])", where)
    return Reading((found, *_checks(values, where)), read)


def _checks(values: Number, where: str) -> tuple[str, str]:
    """Return how many values there are, and what says whether each has a place on the line of numbers.

    The engine orders NaN above every number: the largest value tells of it, the smallest does not.
    """
    telling = f"max({values.sql})" if values.form == "double" else f"count({values.sql})"
    return filtered(f"count({values.name})", where), filtered(telling, where)


def _sound(values: Number, row: Sequence[Any]) -> bool:
    return not math.isnan(row[2]) if values.form == "double" else bool(row[1] == row[2])
