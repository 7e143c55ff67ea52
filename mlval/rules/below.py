"""The value that all values of a column lie below.

What it measures
    Values at or above the limit, against all values that are there. NaN lies beyond every limit.

Why it matters
    A probability that must not be certain, a time that lies before an export began.

When it misleads
    The limit itself fails; `max` lets it pass. For floats the two differ by one number in billions.

Example
    p_churn: {below: 1}

Elsewhere
    Great Expectations: expect_column_values_to_be_between(max_value, strict_max)
    pandera: lt
    pointblank: col_vals_lt
    dbt: dbt_utils.accepted_range(max_value, inclusive: false)
    ODCS: logicalTypeOptions.exclusiveMaximum

References
    None; a count.
"""

from mlval.domain.asks import Column
from mlval.domain.limits import Comparable
from mlval.domain.predicate import Above, Predicate
from mlval.domain.rule import RowRule


class BelowLimit(RowRule[Comparable]):
    """Every value lies below this number or time; the limit itself fails."""

    name = "below"
    tighter = "down"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value that is too large."""
        return Above(column.name, self.root, or_equal=True)
