"""Have two samples the same distribution? Distances and p-values from counts on the same bins or levels."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mlval.stats.arrays import Counts, whole_numbers
from mlval.stats.errors import Undefined

SPARSE = 5


class ChiSquare(NamedTuple):
    """A test of homogeneity: its statistic, its degrees of freedom, its p-value."""

    statistic: float
    df: int
    p_value: float


class Difference(NamedTuple):
    """The second share minus the first, and the two-sided p-value of there being none."""

    difference: float
    p_value: float


def ks_distance(reference_counts: Counts, current_counts: Counts) -> float:
    """Return the largest distance between two distribution functions at the edges of their bins, from 0 to 1.

    It is exact at the edges, so the distance of the unbinned samples is at least this and at most this plus
    the mass of the heaviest bin.

    Parameters
    ----------
    reference_counts, current_counts : whole numbers on the same bins, in the order of the bins

    Raises
    ------
    Undefined
        If one of the samples has no rows.

    Examples
    --------
    >>> ks_distance([10, 10, 0], [5, 10, 5])
    0.25
    """
    reference, current, n, m = samples(reference_counts, current_counts)
    gap = largest = 0
    for a, b in zip(reference, current, strict=True):
        gap += a * m - b * n
        largest = max(largest, abs(gap))
    return largest / (n * m)


def ks_p_value(distance: float, *, n: int, m: int) -> float:
    """Return the asymptotic two-sided p-value of a Kolmogorov-Smirnov distance of n and m rows.

    It is Kolmogorov's limit at sqrt(nm/(n + m)) · distance. It is on the safe side (too large) for small
    samples, and for binned or discrete values, whose distance falls short of the continuous one.

    Parameters
    ----------
    distance : 0 to 1
    n, m : rows, at least 1

    Raises
    ------
    Undefined
        If a sample has no rows.

    Examples
    --------
    >>> round(ks_p_value(0.1, n=500, m=500), 4)
    0.0135
    """
    from scipy.special import kolmogorov

    if n < 1 or m < 1:
        raise Undefined("one of the two samples has no rows")
    if not 0 <= distance <= 1:
        raise ValueError(f"a Kolmogorov-Smirnov distance is between 0 and 1, not {distance}")
    return float(kolmogorov(math.sqrt(n / (n + m) * m) * distance))


def total_variation(p_counts: Counts, q_counts: Counts) -> float:
    """Return half the sum of |p − q|: the share of rows that would have to change their level, from 0 to 1.

    Parameters and errors as `ks_distance`; the order of the levels does not matter.

    Examples
    --------
    >>> total_variation([50, 50, 0], [50, 30, 20])
    0.2
    """
    p, q, n, m = samples(p_counts, q_counts)
    return sum(abs(a * m - b * n) for a, b in zip(p, q, strict=True)) / (2 * n * m)


def chi_square(reference_counts: Counts, current_counts: Counts) -> ChiSquare:
    """Test with Pearson's chi-square whether levels are as frequent in two samples.

    The distribution of the statistic needs cells that are not sparse. Levels with an expected count below 5
    in either sample are merged into one; while that one is itself below 5, the next rarest level joins it.
    Where fewer than two levels remain, nothing can be tested: statistic 0, 0 degrees of freedom, p-value 1.

    Parameters and errors as `ks_distance`; the order of the levels does not matter.

    Examples
    --------
    >>> result = chi_square([50, 30, 20, 0], [30, 50, 19, 1])
    >>> round(result.statistic, 2), result.df, round(result.p_value, 4)
    (10.0, 2, 0.0067)
    """
    from scipy.special import chdtrc

    reference, current, n, m = samples(reference_counts, current_counts)
    levels = pooled(list(zip(reference, current, strict=True)), n=n, m=m)
    df = len(levels) - 1
    if df < 1:
        return ChiSquare(0.0, 0, 1.0)
    statistic = math.fsum((a * m - b * n) ** 2 / (n * m * (a + b)) for a, b in levels)
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)))


def two_proportions(k1: int, n1: int, *, k2: int, n2: int) -> Difference:
    """Test whether two shares k1/n1 and k2/n2 differ.

    Pearson's chi-square of the 2x2 table without correction; where an expected count is below 5, Fisher's
    exact test: the two-sided p-value adds up all tables that are at most as probable as the one seen.

    Parameters
    ----------
    k1, k2 : rows that count, from 0
    n1, n2 : rows, at least 1

    Raises
    ------
    Undefined
        If one of the samples has no rows.

    Examples
    --------
    >>> difference, p_value = two_proportions(10, 100, k2=20, n2=100)
    >>> difference, round(p_value, 4)
    (0.1, 0.0477)
    >>> round(two_proportions(0, 10, k2=4, n2=10).p_value, 4)
    0.0867
    """
    if n1 < 1 or n2 < 1:
        raise Undefined("one of the two samples has no rows")
    if not (0 <= k1 <= n1 and 0 <= k2 <= n2):
        raise ValueError(f"{k1} of {n1} and {k2} of {n2} are not two shares")
    difference = (k2 * n1 - k1 * n2) / (n1 * n2)
    hits, rows = k1 + k2, n1 + n2
    misses = rows - hits
    if hits == 0 or misses == 0:
        return Difference(difference, 1.0)
    if min(hits, misses) * min(n1, n2) < SPARSE * rows:
        return Difference(difference, _fisher(k1, n1, k2=k2, n2=n2))
    statistic = (k2 * n1 - k1 * n2) ** 2 * rows / (n1 * n2 * hits * misses)
    return Difference(difference, math.erfc(math.sqrt(statistic / 2)))


def samples(first: Counts, second: Counts) -> tuple[list[int], list[int], int, int]:
    """Return both samples as whole numbers, and how many rows each has; raises where one has none."""
    reference, current = whole_numbers(first), whole_numbers(second)
    if len(reference) != len(current):
        raise ValueError(f"{len(reference)} bins against {len(current)}")
    n, m = sum(reference), sum(current)
    if n == 0 or m == 0:
        raise Undefined("one of the two samples has no rows")
    return reference, current, n, m


def pooled(levels: Sequence[tuple[int, int]], *, n: int, m: int) -> list[tuple[int, int]]:
    """Merge sparse levels; equally rare ones are told apart by their counts, so order does not matter."""
    rising = sorted((level for level in levels if sum(level)), key=lambda level: (sum(level), level))
    enough = SPARSE * (n + m)
    sparse = [level for level in rising if sum(level) * min(n, m) < enough]
    kept = rising[len(sparse) :]
    if not sparse:
        return kept
    a, b = sum(level[0] for level in sparse), sum(level[1] for level in sparse)
    while kept and (a + b) * min(n, m) < enough:
        nearest = kept.pop(0)
        a, b = a + nearest[0], b + nearest[1]
    return [(a, b), *kept]


def _fisher(k1: int, n1: int, *, k2: int, n2: int) -> float:
    """Sum hypergeometric probabilities; ratios of neighbours keep more digits than log-gammas."""
    hits = k1 + k2
    first = max(0, hits - n1)
    k = np.arange(first, min(hits, n2), dtype=np.float64)
    steps = np.log((hits - k) * (n2 - k)) - np.log((k + 1) * (n1 - hits + k + 1))
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    mass = np.exp(logs - logs.max())
    as_rare = mass <= mass[k2 - first] * (1 + 1e-7)
    return min(1.0, float(mass[as_rare].sum() / mass.sum()))
