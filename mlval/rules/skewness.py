"""How lopsided the values of a column are.

What it measures
    The third standardised moment, corrected for small samples (G1): 0 where both sides mirror one
    another, positive for a long tail of large values. NaN or infinity among the values is an error:
    leave them out with `where:`, and bound them with `nans:`.

Why it matters
    A logarithm that is lost, or a clipped tail, changes the shape before the mean.

When it misleads
    It is ruled by the few farthest values. Fewer than three values, or equal ones, have none, which is
    an error.

Example
    amount: {skewness: [-1, 3]}

Elsewhere
    Deequ: hasSkewness

References
    Joanes, Gill (1998): Comparing measures of sample skewness and kurtosis.
"""

from mlval.domain.aggregated import AggregateRule


class Skewness(AggregateRule):
    """The skewness of the values lies within these bounds."""

    name = "skewness"
    function = "skewness"
