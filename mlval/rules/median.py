"""The median of a column.

What it measures
    The value that half of those that are there lie below; between two, the middle of them. Times count
    as seconds since 1970. NaN among the values is an error: leave it out with `where:`, and bound it
    with `nans:`.

Why it matters
    The typical value, whatever a few wild ones do.

When it misleads
    It does not move while fewer than half of the values change. A sensitive column is refused, since
    the median is one of its values.

Example
    amount: {median: [15, 40]}

Elsewhere
    Great Expectations: expect_column_median_to_be_between
    Soda: percentile
    Deequ: hasExactQuantile
    dbt: dbt_expectations.expect_column_median_to_be_between

References
    None; exact, whatever the number of rows.
"""

from mlval.domain.aggregated import AggregateRule


class Median(AggregateRule):
    """The median of the values lies within these bounds."""

    name = "median"
    function = "quantile"
    at = 0.5
    is_value = True
