"""The smallest value that a column may hold.

What it measures
    Values below the limit, against all values that are there. NaN lies beyond every limit.

Why it matters
    Negative ages, refunds among fares, dates before the company existed.

When it misleads
    A limit read off one sample fails on the next; leave room, or tolerate a share with `allow`.

Example
    amount: {min: 0, allow: 0.5%}

Elsewhere
    Great Expectations: expect_column_values_to_be_between(min_value)
    Soda: valid min
    pandera: ge
    pointblank: col_vals_ge
    Deequ: isNonNegative, hasMin
    dbt: dbt_utils.accepted_range(min_value)
    ODCS: logicalTypeOptions.minimum

References
    None; a count.
"""

from mlval.domain.asks import Column
from mlval.domain.limits import Comparable
from mlval.domain.predicate import Below, Predicate
from mlval.domain.rule import RowRule


class Min(RowRule[Comparable]):
    """No value lies below this number or time; the limit itself passes."""

    name = "min"
    tighter = "up"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value that is too small."""
        return Below(column.name, self.root)
