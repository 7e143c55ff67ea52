"""The values that a column must not hold.

What it measures
    Values that are in the list, against all values that are there.

Why it matters
    Sentinels such as -1, 999 or "unknown" pass every null rule.

When it misleads
    Lists are exact: case and spaces count.

Example
    age: {not_in: [-1, 999]}

Elsewhere
    Great Expectations: expect_column_values_to_not_be_in_set
    Soda: invalid values
    pandera: notin
    pointblank: col_vals_not_in_set
    Deequ: satisfies
    dbt: dbt_expectations.expect_column_values_to_not_be_in_set

References
    None; a count.
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Column
from mlval.domain.limits import Value
from mlval.domain.predicate import In, Predicate
from mlval.domain.rule import RowRule


class NotIn(RowRule[Annotated[tuple[Value, ...], Field(min_length=1, max_length=10_000)]]):
    """No value is one of these."""

    name = "not_in"
    tighter = "superset"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a forbidden value."""
        return In(column.name, self.root)
