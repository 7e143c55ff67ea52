"""How heavy the tails of a column are.

What it measures
    The fourth standardised moment beyond that of a normal distribution, corrected for small samples
    (G2): 0 for normal values, -1.2 for evenly spread ones. NaN or infinity among the values is an
    error: leave them out with `where:`, and bound them with `nans:`.

Why it matters
    A model that was fitted to thin tails meets values that it has never seen.

When it misleads
    It is ruled by the few farthest values. Fewer than four values, or equal ones, have none, which is
    an error.

Example
    amount: {kurtosis: {max: 10}}

Elsewhere
    Deequ: hasKurtosis

References
    Joanes, Gill (1998): Comparing measures of sample skewness and kurtosis.
"""

from mlval.domain.aggregated import AggregateRule


class Kurtosis(AggregateRule):
    """The excess kurtosis of the values lies within these bounds; 0 is that of normal values."""

    name = "kurtosis"
    function = "kurtosis"
