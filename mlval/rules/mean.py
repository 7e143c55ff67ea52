"""The mean of a column.

What it measures
    The mean of the values that are there; truth counts as 0 and 1, times as seconds since 1970. NaN or
    infinity among the values is an error: leave them out with `where:`, and bound them with `nans:`.

Why it matters
    A unit that changes from euros to cents keeps every type and most ranges, and moves the mean.

When it misleads
    A few outliers move it: `median` stands firm. Whether a mean moved by chance is for `drift` to say.

Example
    amount: {mean: [20, 60]}

Elsewhere
    Great Expectations: expect_column_mean_to_be_between
    Soda: avg
    pointblank: col_avg_ge, col_avg_le
    Deequ: hasMean
    dbt: dbt_expectations.expect_column_mean_to_be_between

References
    None; whole numbers and decimals are added up exactly, doubles with compensation (Kahan, 1965).
"""

from mlval.domain.aggregated import AggregateRule


class Mean(AggregateRule):
    """The mean of the values lies within these bounds."""

    name = "mean"
    function = "mean"
