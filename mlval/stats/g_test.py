"""The likelihood-ratio test of levels: the G-test, on the same pooled levels as Pearson's chi-square."""

import math

from mlval.stats.arrays import Counts
from mlval.stats.two_sample import ChiSquare, pooled, samples


def g_test(reference_counts: Counts, current_counts: Counts) -> ChiSquare:
    """Test with G = 2 Σ O ln(O/E) whether levels are as frequent in two samples (Sokal and Rohlf 1981).

    Levels with an expected count below 5 in either sample are merged as `mlval.stats.two_sample.chi_square`
    does. A level that is empty in one sample adds what the other has. G is 0 exactly for counts in
    proportion; symmetric; the order of the levels does not matter.

    Parameters
    ----------
    reference_counts, current_counts : whole numbers from 0 on the same levels

    Raises
    ------
    Undefined
        If one of the samples has no rows.
    ValueError
        If the numbers of levels differ, or a count is not a whole number from 0.

    Examples
    --------
    >>> result = g_test([50, 30, 20, 0], [30, 50, 19, 1])
    >>> round(result.statistic, 2), result.df, round(result.p_value, 4)
    (10.11, 2, 0.0064)
    """
    from scipy.special import chdtrc

    reference, current, n, m = samples(reference_counts, current_counts)
    levels = pooled(list(zip(reference, current, strict=True)), n=n, m=m)
    df = len(levels) - 1
    if df < 1:
        return ChiSquare(0.0, 0, 1.0)
    terms = [
        seen * math.log(seen * (n + m) / (rows * (a + b)))
        for a, b in levels
        for seen, rows in ((a, n), (b, m))
        if seen
    ]
    statistic = max(0.0, 2 * math.fsum(terms))
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)))
