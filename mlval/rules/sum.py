"""The sum of a column.

What it measures
    The sum of the values that are there; truth counts as 0 and 1. NaN or infinity among the values is an
    error: leave them out with `where:`, and bound them with `nans:`.

Why it matters
    A total that must add up: revenue of a day, weights that make one.

When it misleads
    It grows with the rows; give both ends, or bound the `mean`.

Example
    amount: {sum: {min: 100000}}

Elsewhere
    Great Expectations: expect_column_sum_to_be_between
    Soda: sum
    pointblank: col_sum_ge, col_sum_le
    Deequ: hasSum
    dbt: dbt_expectations.expect_column_sum_to_be_between

References
    None; whole numbers and decimals are added up exactly, doubles with compensation (Kahan, 1965).
"""

from mlval.domain.aggregated import AggregateRule


class Sum(AggregateRule):
    """The sum of the values lies within these bounds."""

    name = "sum"
    function = "sum"
