"""The largest value of a column, held against bounds.

What it measures
    The largest value that is there, as one value. Times are told in seconds from the bound. NaN among
    the values is an error: leave it out with `where:`, and bound it with `nans:`. Infinity is
    a value like any other, and no largest one that could be judged.

Why it matters
    An extract that stops too early: its latest time lies before the day that it is for.

When it misleads
    One row decides. To bound every value, and tolerate some, use `max`. A sensitive column is
    refused, since this tells one of its values.

Example
    signup_at: {largest: {min: 2026-01-31}}

Elsewhere
    Great Expectations: expect_column_max_to_be_between
    Soda: max
    Deequ: hasMax
    dbt: dbt_expectations.expect_column_max_to_be_between

References
    None; a value of the column.
"""

from mlval.domain.extent import ExtremeRule


class LargestValue(ExtremeRule):
    """The largest value lies within these bounds: numbers, or times such as 2026-01-31T12:00:00."""

    name = "largest"
    function = "max"
