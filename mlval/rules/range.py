"""The interval that all values of a column lie in.

What it measures
    Values outside [low, high], against all values that are there. Either end may be open (`null`).
    NaN lies outside every range.

Why it matters
    The same as `min` and `max`, where both belong together in one line.

When it misleads
    A range read off one sample fails on the next; leave room, or tolerate a share with `allow`.

Example
    fare: {range: [0, 500], allow: 0.5%}

Elsewhere
    Great Expectations: expect_column_values_to_be_between(min_value, max_value)
    Soda: valid min, valid max
    pandera: in_range
    pointblank: col_vals_between
    Deequ: satisfies
    dbt: dbt_utils.accepted_range(min_value, max_value)
    ODCS: logicalTypeOptions.minimum, logicalTypeOptions.maximum

References
    None; a count.
"""

from datetime import UTC, datetime
from typing import Self

from pydantic import model_validator

from mlval.domain.asks import Column
from mlval.domain.limits import Comparable
from mlval.domain.predicate import Above, Below, Either, Predicate
from mlval.domain.rule import RowRule


class Range(RowRule[tuple[Comparable | None, Comparable | None]]):
    """Every value lies between these two, both included; `null` leaves an end open."""

    name = "range"
    tighter = "within"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        message = ""
        match self.root:
            case (None, None):
                message = "a range needs at least one end"
            case (str(), int() | float()) | (int() | float(), str()):
                message = "both ends are numbers, or both are times"
            case (str(low), str(high)) if _moment(low) > _moment(high):
                message = f"{low} is after {high}: nothing could pass"
            case (int() | float() as least, int() | float() as most) if least > most:
                message = f"{least} is above {most}: nothing could pass"
        if message:
            raise ValueError(message)
        return self

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value outside."""
        low, high = self.root
        ends: tuple[Predicate, ...] = ()
        if low is not None:
            ends += (Below(column.name, low),)
        if high is not None:
            ends += (Above(column.name, high),)
        return Either(ends)


def _moment(text: str) -> datetime:
    """Read a time; without an offset it is UTC, as where it is compared with values."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
