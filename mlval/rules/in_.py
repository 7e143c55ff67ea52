"""The values that a column may hold, and no others.

What it measures
    Values that are not in the list, against all values that are there.

Why it matters
    A new spelling of a category is a level that the model has never seen.

When it misleads
    Lists are exact: case and spaces count. Text is compared with text, numbers with numbers.

Example
    plan: {in: [free, pro, team]}

Elsewhere
    Great Expectations: expect_column_values_to_be_in_set
    Soda: valid values
    pandera: isin
    pointblank: col_vals_in_set
    Deequ: isContainedIn
    dbt: accepted_values
    ODCS: enum, invalidValues(validValues)

References
    None; a count.
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Column
from mlval.domain.limits import Value
from mlval.domain.predicate import NotIn, Predicate
from mlval.domain.rule import RowRule


class In(RowRule[Annotated[tuple[Value, ...], Field(min_length=1, max_length=10_000)]]):
    """Every value is one of these."""

    name = "in"
    tighter = "subset"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of any other value."""
        return NotIn(column.name, self.root)
