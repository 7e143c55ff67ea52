"""The smallest value of a column, held against bounds.

What it measures
    The smallest value that is there, as one value. Times are told in seconds from the bound. NaN among
    the values is an error: leave it out with `where:`, and bound it with `nans:`. Infinity is
    a value like any other, and no smallest one that could be judged.

Why it matters
    An extract that begins too late, or a price list that starts at nothing.

When it misleads
    One row decides. To bound every value, and tolerate some, use `min`. A sensitive column is
    refused, since this tells one of its values.

Example
    signup_at: {smallest: {max: 2026-01-31}}

Elsewhere
    Great Expectations: expect_column_min_to_be_between
    Soda: min
    Deequ: hasMin
    dbt: dbt_expectations.expect_column_min_to_be_between

References
    None; a value of the column.
"""

from mlval.domain.extent import ExtremeRule


class SmallestValue(ExtremeRule):
    """The smallest value lies within these bounds: numbers, or times such as 2026-01-31T12:00:00."""

    name = "smallest"
    function = "min"
