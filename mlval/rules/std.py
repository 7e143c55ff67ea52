"""The standard deviation of a column.

What it measures
    The root of the mean squared distance from the mean, divided by n - 1; in seconds for times. NaN or
    infinity among the values is an error: leave them out with `where:`, and bound them with `nans:`.

Why it matters
    A sensor that sticks, or a fill with one value, narrows the spread and leaves the mean.

When it misleads
    One far outlier can be all of it. A single value has none, which is an error.

Example
    amount: {std: {min: 1, max: 50}}

Elsewhere
    Great Expectations: expect_column_stdev_to_be_between
    Soda: stddev
    pointblank: col_sd_ge, col_sd_le
    Deequ: hasStandardDeviation
    dbt: dbt_expectations.expect_column_stdev_to_be_between

References
    Chan, Golub, LeVeque (1983): Algorithms for computing the sample variance; the two-pass algorithm.
"""

from mlval.domain.aggregated import AggregateRule


class StandardDeviation(AggregateRule):
    """The standard deviation of the values (n - 1) lies within these bounds."""

    name = "std"
    function = "std"
