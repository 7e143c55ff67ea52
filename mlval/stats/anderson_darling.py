"""Anderson-Darling's test of two samples of numbers, ties included, and what is known of its p-value."""

import math
from typing import NamedTuple

import numpy as np

from mlval.stats import _atom_batches as batches
from mlval.stats._pairs import pair
from mlval.stats.arrays import Counts, FloatArray
from mlval.stats.errors import Undefined

LIKE_CONTINUOUS = 100_000
"""So many different values are as good as a continuous distribution."""


class AndersonDarling(NamedTuple):
    """A², its standardised form, and two bounds of the p-value, equal where it is known."""

    statistic: float
    standardised: float
    at_least: float
    at_most: float

    @property
    def p_value(self) -> float:
        """The bound on the safe side: no difference is at most as improbable as this."""
        return self.at_most


def anderson_darling(reference_counts: Counts, current_counts: Counts) -> AndersonDarling:
    """Return Anderson-Darling's A² for two samples with ties, and what is known of its p-value.

    A² weighs the squared gap by 1/(H(1 − H)), H being the pooled distribution function, so that it sees the
    tails better than Cramér-von Mises' T. It needs the order of the values alone. Ties count by midranks
    (Scholz and Stephens 1987, equation 7), which keep its mean at 1.

    The standardised form is (A² − 1)/σ, with their σ where no two rows are equal. Ties make A² vary more;
    with two atoms it is chi-square of one degree of freedom, and their σ reads a p-value of 0.07 as 0.02. So
    σ² is theirs times the ratio of the variances with and without ties in the limit.

    Their table gives critical values for p from 0.25 to 0.001; in between the logarithm of p is a parabola
    fitted to the table; beyond, only a bound is known, and no number is made up.

    Parameters
    ----------
    reference_counts, current_counts : whole numbers from 0 on the same atoms or bins, in rising order

    Raises
    ------
    Undefined
        If one of the samples has no rows, or both have fewer than four.
    ValueError
        If the numbers of atoms differ, or a count is not a whole number from 0.

    Examples
    --------
    >>> result = anderson_darling([5, 5, 5, 5, 0], [2, 3, 5, 5, 5])
    >>> round(result.statistic, 4), round(result.standardised, 4), round(result.p_value, 4)
    (3.5158, 2.6736, 0.0262)
    >>> anderson_darling([9, 1], [9, 1])[2:]
    (0.25, 1.0)
    """
    reference, current = pair(reference_counts, current_counts)
    n, m = float(reference.sum()), float(current.sum())
    if n + m < 4:
        raise Undefined("fewer than four rows: Anderson-Darling's statistic has no scale")
    statistic = float(batches.anderson_darling(reference, current))
    standardised = (statistic - 1) / (_deviation(n, m) * math.sqrt(_variance_ratio(reference + current)))
    return AndersonDarling(statistic, standardised, *_bounds(standardised))


def _deviation(n: float, m: float) -> float:
    """Return σ of A² for two samples (Scholz and Stephens 1987, equation 4, k = 2)."""
    from scipy.special import psi, zeta

    rows = n + m
    inverse = 1 / n + 1 / m
    h = float(psi(rows)) + np.euler_gamma
    g = math.pi**2 / 6 - float(zeta(2, rows)) - 2 * h / rows
    a = (4 * g - 6) + (10 - 6 * g) * inverse
    b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6
    c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h
    d = (2 * h + 6) * 4 - 8 * h
    polynomial = ((a * rows + b) * rows + c) * rows + d
    return math.sqrt(polynomial / ((rows - 1) * (rows - 2) * (rows - 3)))


def _variance_ratio(pooled: FloatArray) -> float:
    """Return the limit of the variance of A² with these ties, over that without ties."""
    occurs = pooled[pooled > 0]
    if occurs.size == 1 or occurs.max() == 1:
        return 1.0
    return _trace(occurs) / _trace(np.ones(int(min(occurs.sum(), LIKE_CONTINUOUS))))


def _trace(pooled: FloatArray) -> float:
    """Return half the variance of A² in the limit: the sum of squared correlations of its gaps.

    The gaps of two atoms have the covariance M(1 − M') of their middles M < M', and A² divides each square
    by its variance.
    """
    shares = pooled / pooled.sum()
    left = np.cumsum(shares) - shares
    right = np.cumsum(shares[::-1])[::-1] - shares
    weighed = shares / (left * right + shares * (left + right) / 4)
    lower = weighed * np.square(left + shares / 2)
    upper = weighed * np.square(right + shares / 2)
    return float(np.square(shares).sum() + 2 * (upper * (np.cumsum(lower) - lower)).sum())


def _bounds(standardised: float) -> tuple[float, float]:
    """Return the p-value twice, or 0 and the smallest of the table, or its largest and 1."""
    levels = np.array([0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001])
    critical = (
        np.array([0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085])
        + np.array([-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615])
        + np.array([-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154])
    )
    if standardised < critical[0]:
        return float(levels[0]), 1.0
    if standardised > critical[-1]:
        return 0.0, float(levels[-1])
    fitted = np.polyval(np.polyfit(critical, np.log(levels), 2), standardised)
    p_value = float(np.exp(fitted))
    return p_value, p_value
