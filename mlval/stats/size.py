"""How large a change is: the share of rows that would have to move, less what noise alone shows.

Two samples of one distribution lie a distance E0 apart on average, the more the smaller they are. Noise
that does not depend on the change adds to it in squares, so the size of the change is sqrt(max(0, distance²
− E0²)).
"""

import math
from collections.abc import Iterable
from itertools import compress

from mlval.stats.arrays import Counts, whole_numbers
from mlval.stats.errors import Undefined

NORMAL_MEAN = math.sqrt(2 / math.pi)
"""The mean of |Z| of a standard normal Z."""

KOLMOGOROV_MEAN = math.sqrt(math.pi / 2) * math.log(2)
"""The mean of Kolmogorov's distribution."""


def ks_size(distance: float, *, n: int, m: int) -> float:
    """Return the size of a change of a number from the Kolmogorov-Smirnov distance, 0 to 1.

    Parameters
    ----------
    distance : 0 to 1
    n, m : rows of the two samples, at least 1

    Raises
    ------
    Undefined
        If a sample has no rows.

    Examples
    --------
    >>> round(ks_size(0.1, n=1000, m=1000), 4)
    0.0921
    >>> ks_size(0.1, n=100, m=100)
    0.0
    """
    return without_noise(distance, ks_noise(n, m))


def ks_noise(n: int, m: int) -> float:
    """Return the mean Kolmogorov-Smirnov distance of two samples of one distribution (asymptotic).

    >>> round(ks_noise(1000, 1000), 4)
    0.0389
    """
    return KOLMOGOROV_MEAN * math.sqrt(_inverse_rows(n, m))


def levels_size(reference_counts: Counts, current_counts: Counts) -> float:
    """Return the size of a change of levels from the total variation, 0 to 1.

    Where few of many levels moved, the noise of the others adds to the change as it is, not in squares:
    with 50 levels and 1,000 rows a side, a change of 4% would read as 9%. So levels that moved clearly, by
    more than sqrt(2 log k) standard deviations (the universal threshold of Donoho and Johnstone 1994 for
    the k levels that occur), are counted in full and only the rest is corrected; the smaller of the two
    answers holds.

    Parameters
    ----------
    reference_counts, current_counts : whole numbers on the same levels

    Raises
    ------
    Undefined
        If a sample has no rows.

    Examples
    --------
    >>> round(levels_size([500, 500], [400, 600]), 4)
    0.0984
    """
    moved, noise = _by_level(reference_counts, current_counts)
    beyond = math.sqrt(2 * math.log(max(1, sum(level > 0 for level in noise)))) / NORMAL_MEAN
    clear = [distance > beyond * level for distance, level in zip(moved, noise, strict=True)]
    unclear = [not level for level in clear]
    rest = without_noise(_half_of(compress(moved, unclear)), _half_of(compress(noise, unclear)))
    return min(without_noise(_half_of(moved), _half_of(noise)), _half_of(compress(moved, clear)) + rest)


def levels_noise(reference_counts: Counts, current_counts: Counts) -> float:
    """Return the mean total variation of two samples of one distribution.

    With p the pooled share of a level, the normal approximation gives its |difference| the mean
    sqrt(2/π)·sqrt(p(1 − p)(1/n + 1/m)).

    >>> round(levels_noise([500, 500], [400, 600]), 4)
    0.0178
    """
    return _half_of(_by_level(reference_counts, current_counts)[1])


def proportions_size(k1: int, n1: int, *, k2: int, n2: int) -> float:
    """Return the size of a change of one share, such as that of nulls, 0 to 1.

    Parameters
    ----------
    k1, k2 : rows that count, from 0
    n1, n2 : rows, at least 1

    Raises
    ------
    Undefined
        If a sample has no rows.

    Examples
    --------
    >>> round(proportions_size(0, 1000, k2=100, n2=1000), 4)
    0.0997
    """
    moved, noise = _by_level([k1, n1 - k1], [k2, n2 - k2])
    return without_noise(moved[0], noise[0])


def without_noise(distance: float, noise: float) -> float:
    """Return sqrt(max(0, distance² − noise²)).

    >>> without_noise(0.5, 0.3)
    0.4
    """
    if not (0 <= distance <= 1 and noise >= 0):
        raise ValueError(f"a distance is between 0 and 1 and noise is not negative: {distance}, {noise}")
    return math.sqrt(max(0.0, (distance - noise) * (distance + noise)))


def _by_level(reference_counts: Counts, current_counts: Counts) -> tuple[list[float], list[float]]:
    """Return, for each level, how far its share moved and how far noise moves it on average."""
    reference, current = whole_numbers(reference_counts), whole_numbers(current_counts)
    n, m = sum(reference), sum(current)
    factor = _inverse_rows(n, m)
    levels = list(zip(reference, current, strict=True))
    pooled = [(a + b) / (n + m) for a, b in levels]
    noise = [NORMAL_MEAN * math.sqrt(share * (1 - share) * factor) for share in pooled]
    return [abs(a * m - b * n) / (n * m) for a, b in levels], noise


def _half_of(numbers: Iterable[float]) -> float:
    """Return half the sum, which rounding does not take above 1."""
    return min(1.0, math.fsum(numbers) / 2)


def _inverse_rows(n: int, m: int) -> float:
    if n < 1 or m < 1:
        raise Undefined("one of the two samples has no rows")
    return 1 / n + 1 / m
