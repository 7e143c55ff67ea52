"""The largest value that a column may hold.

What it measures
    Values above the limit, against all values that are there. NaN lies beyond every limit.

Why it matters
    A fare of 3,000, a date in the future, a share above one.

When it misleads
    A limit read off one sample fails on the next; leave room, or tolerate a share with `allow`.

Example
    amount: {max: 500, allow: 0.5%}

Elsewhere
    Great Expectations: expect_column_values_to_be_between(max_value)
    Soda: valid max
    pandera: le
    pointblank: col_vals_le
    Deequ: hasMax
    dbt: dbt_utils.accepted_range(max_value)
    ODCS: logicalTypeOptions.maximum

References
    None; a count.
"""

from mlval.domain.asks import Column
from mlval.domain.limits import Comparable
from mlval.domain.predicate import Above, Predicate
from mlval.domain.rule import RowRule


class Max(RowRule[Comparable]):
    """No value lies above this number or time; the limit itself passes."""

    name = "max"
    tighter = "down"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value that is too large."""
        return Above(column.name, self.root)
