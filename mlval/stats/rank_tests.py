"""Kolmogorov-Smirnov's and Cramér-von Mises' tests, which look at the order of the values alone.

Counts of both samples on the same atoms or bins, in rising order, are all that they need: stretching the
values changes nothing. Values in one bin count as equal, so binning can only hide a difference. Equal shares
have the statistic 0 exactly and the largest p-value that the test can give.
"""

import math
from typing import NamedTuple

import numpy as np

from mlval.stats import _atom_batches as batches
from mlval.stats._pairs import pair
from mlval.stats.arrays import Counts, FloatArray
from mlval.stats.two_sample import ks_distance, ks_p_value


class RankTest(NamedTuple):
    """A statistic and the p-value of no difference."""

    statistic: float
    p_value: float


def kolmogorov_smirnov(reference_counts: Counts, current_counts: Counts) -> RankTest:
    """Return the largest distance of the two distribution functions, from 0 to 1, and its asymptotic p-value.

    See `mlval.stats.two_sample.ks_distance` and `ks_p_value`, which err on the safe side for ties.

    Parameters
    ----------
    reference_counts, current_counts : whole numbers from 0 on the same atoms or bins, in rising order

    Raises
    ------
    Undefined
        If one of the samples has no rows.
    ValueError
        If the numbers of atoms differ, or a count is not a whole number from 0.

    Examples
    --------
    >>> result = kolmogorov_smirnov([10, 10, 0], [5, 10, 5])
    >>> result.statistic, round(result.p_value, 4)
    (0.25, 0.5596)
    """
    distance = ks_distance(reference_counts, current_counts)
    n, m = (int(sample.sum()) for sample in pair(reference_counts, current_counts))
    return RankTest(distance, ks_p_value(distance, n=n, m=m))


def cramer_von_mises(reference_counts: Counts, current_counts: Counts) -> RankTest:
    """Return Cramér-von Mises' T = nm/(n + m)² Σ (F − G)² over all rows, from 0, and its asymptotic p-value.

    Where no two rows are equal, T and the p-value are those of Anderson (1962): T is standardised by its
    exact mean and variance under no difference, and read from its limit. At an atom the square is the mean
    of those before and after it, so that T is the same for the values backwards. Ties change the mean and
    the variance that T is standardised by: the mean is exact, the variance is that of no ties times the
    ratio of the two in the limit.

    Parameters and errors as `kolmogorov_smirnov`.

    Examples
    --------
    >>> result = cramer_von_mises([1, 1, 1, 1, 0, 0, 1, 0], [0, 0, 0, 0, 1, 1, 0, 1])
    >>> round(result.statistic, 4), round(result.p_value, 4)
    (0.3625, 0.0921)
    """
    reference, current = pair(reference_counts, current_counts)
    statistic = float(batches.cramer_von_mises(reference, current))
    n, m = float(reference.sum()), float(current.sum())
    mean, variance = _tied_null(reference + current, n, m)
    if statistic == 0 or not variance > 0:
        return RankTest(statistic, 1.0)
    return RankTest(statistic, cvm_tail(1 / 6 + (statistic - mean) / math.sqrt(45 * variance)))


def cvm_tail(value: float) -> float:
    """Return the probability that the limit of Cramér-von Mises' statistic exceeds a value (Smirnov 1936).

    The limit is Σ Z_k²/(kπ)² of independent standard normal Z_k; its tail is the alternating sum over
    k = 1, 2, … of (2/π) ∫ exp(−value·t²/2) / sqrt(t·|sin t|) dt from (2k − 1)π to 2kπ, here by Gauss and
    Chebyshev, whose weight takes in the singular ends. All digits hold in the far tail too.

    Examples
    --------
    >>> [round(cvm_tail(critical), 4) for critical in (0.34730, 0.46136, 0.74346)]
    [0.1, 0.05, 0.01]
    """
    if math.isnan(value):
        raise ValueError("the statistic is not a number")
    if value < 0.01:
        return 1.0
    nodes, pieces = 200, 12
    angles = np.pi * (2 * np.arange(nodes) + 1) / (2 * nodes)
    starts = np.pi * (2 * np.arange(pieces)[:, np.newaxis] + 1)
    within = np.pi / 2 * (1 - np.cos(angles))
    t = starts + within
    weights = np.sqrt(within * (np.pi - within) / np.sin(within))
    integrals = (np.exp(-value * t * t / 2) / np.sqrt(t) * weights).sum(axis=-1) * 2 / nodes
    signs = 1 - 2 * (np.arange(pieces) % 2)
    return min(1.0, max(0.0, float((signs * integrals).sum())))


def _tied_null(pooled: FloatArray, n: float, m: float) -> tuple[float, float]:
    """Return mean and variance of T where rows are dealt to the samples at random."""
    rows = n + m
    shares = pooled[pooled > 0] / rows
    below = np.cumsum(shares)[:-1]
    above = np.cumsum(shares[::-1])[::-1][1:]
    weights = (shares[:-1] + shares[1:]) / 2
    mean = rows / (rows - 1) * float((weights * below * above).sum())
    squares = weights * np.square(below)
    before = np.cumsum(squares) - squares
    trace = float((weights * np.square(above) * (2 * before + squares)).sum())
    untied_trace = (rows * rows - 1) * (2 * rows * rows + 7) / (180 * rows**4)
    untied = (rows + 1) * (4 * n * m * rows - 3 * (n * n + m * m) - 2 * n * m) / (180 * rows * rows * n * m)
    return mean, untied * trace / untied_trace
