"""The value that all values of a column lie above.

What it measures
    Values at or below the limit, against all values that are there. NaN lies beyond every limit.

Why it matters
    A price, a duration or a count in a denominator must be positive: zero is as wrong as minus one.

When it misleads
    The limit itself fails; `min` lets it pass. For floats the two differ by one number in billions.

Example
    amount: {above: 0}

Elsewhere
    Great Expectations: expect_column_values_to_be_between(min_value, strict_min)
    pandera: gt
    pointblank: col_vals_gt
    Deequ: isPositive
    dbt: dbt_utils.accepted_range(min_value, inclusive: false)
    ODCS: logicalTypeOptions.exclusiveMinimum

References
    None; a count.
"""

from mlval.domain.asks import Column
from mlval.domain.limits import Comparable
from mlval.domain.predicate import Below, Predicate
from mlval.domain.rule import RowRule


class AboveLimit(RowRule[Comparable]):
    """Every value lies above this number or time; the limit itself fails."""

    name = "above"
    tighter = "up"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value that is too small."""
        return Below(column.name, self.root, or_equal=True)
