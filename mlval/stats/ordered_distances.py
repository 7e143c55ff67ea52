"""Distances of two samples of numbers in the unit of the numbers: Wasserstein's, and the shift of the mean.

Numbers come as atoms: each different value once, with its count in either sample. Of binned numbers a value
that stands for the bin does, and the distance is then exact up to the width of the bins. Equal shares are
exactly 0 apart.
"""

import math
from typing import Literal, NamedTuple

import numpy as np

from mlval.stats import _atom_batches as batches
from mlval.stats._pairs import Values, pair, rising
from mlval.stats.arrays import Counts
from mlval.stats.errors import Undefined
from mlval.stats.sums import scaled, unscaled

Scale = Literal["iqr", "deviation", "none"]


class Wasserstein(NamedTuple):
    """Wasserstein's distance: scaled, in the unit of the values, the scale, and what it was taken from."""

    distance: float
    raw: float
    scale: float
    scaled_by: Scale


class MeanShift(NamedTuple):
    """The shift in standard deviations and in the unit of the values; Welch's statistic and p-value."""

    shift: float
    raw: float
    statistic: float
    p_value: float


def wasserstein(values: Values, reference_counts: Counts, current_counts: Counts) -> Wasserstein:
    """Return Wasserstein's first distance: how far a row has to move on average, from 0.

    It is the area between the two distribution functions (Vallender 1974), over a spread of the reference:
    the interquartile range over 1.349, which is the standard deviation of a normal and which outliers do
    not move; where that is 0, as with an atom of more than half of the rows, the standard deviation; where
    that is 0 too, 1, so that the distance is in the unit of the values and must not be compared with those
    of other columns: `scaled_by` says so. A quartile is the smallest value that a quarter of the rows do
    not exceed.

    Not robust itself: one row of 10**9 moves it. The unscaled distance is symmetric, the scaled one is not.

    Parameters
    ----------
    values : finite, strictly rising, one a count
    reference_counts, current_counts : whole numbers from 0

    Raises
    ------
    Undefined
        If one of the samples has no rows, a value is not finite, or the distance is too large to be told.
    ValueError
        If values and counts do not belong together, or values do not rise.

    Examples
    --------
    >>> result = wasserstein([0.0, 1.0, 2.0, 3.0, 4.0], [1, 1, 1, 1, 0], [0, 1, 1, 1, 1])
    >>> result.raw, round(result.distance, 4), result.scaled_by
    (1.0, 0.6745, 'iqr')
    >>> wasserstein([5.0, 7.0], [10, 0], [0, 10])
    Wasserstein(distance=2.0, raw=2.0, scale=1.0, scaled_by='none')
    """
    reference, current = pair(reference_counts, current_counts)
    points, exponent = scaled(rising(values, reference.size))
    area = float(batches.area(reference, current, points))
    raw = unscaled(area, exponent)
    robust, deviation = (float(spread) for spread in batches.spread(reference, points))
    chosen: tuple[float, Scale] = (robust, "iqr") if robust > 0 else (deviation, "deviation")
    if not chosen[0] > 0:
        return Wasserstein(raw, raw, 1.0, "none")
    return Wasserstein(_over(area, chosen[0]), raw, unscaled(chosen[0], exponent), chosen[1])


def mean_shift(values: Values, reference_counts: Counts, current_counts: Counts) -> MeanShift:
    """Return how far the mean moved in standard deviations of the reference, and Welch's p-value of no shift.

    The sign is that of current less reference (Glass's delta; n − 1 in the denominator). The p-value is
    two-sided, from Student's t with the degrees of freedom of Welch (1947) and Satterthwaite: the samples may
    vary differently. It sees the mean alone: a change of spread or shape is not "drift" to it; with heavy
    tails and few rows the p-value is rough.

    Where the means are equal the shift is 0 and the p-value 1, whatever the spread.

    Parameters and errors as `wasserstein`; undefined too if the means differ and the reference is constant,
    or either sample has one row.

    Examples
    --------
    >>> result = mean_shift([1.0, 2.0, 3.0, 4.0], [5, 5, 5, 0], [0, 5, 5, 5])
    >>> round(result.shift, 4), result.raw, round(result.p_value, 4)
    (1.1832, 1.0, 0.0031)
    """
    reference, current = pair(reference_counts, current_counts)
    points, exponent = scaled(rising(values, reference.size))
    difference = float(batches.mean_difference(reference, current, points))
    raw = unscaled(difference, exponent)
    if difference == 0:
        return MeanShift(0.0, 0.0, 0.0, 1.0)
    n, m = float(reference.sum()), float(current.sum())
    if min(n, m) < 2:
        raise Undefined("a sample of one row has no spread: a shift of the mean cannot be judged")
    before, after = (float(batches.spread(sample, points).deviation) for sample in (reference, current))
    if before == 0:
        raise Undefined("the reference is constant: a shift of the mean has no unit")
    statistic, df = _welch(difference, (before, n), (after, m))
    return MeanShift(_over(difference, before), raw, statistic, _two_sided(statistic, df))


def _welch(difference: float, first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Return the statistic and its degrees of freedom from deviations and rows."""
    errors = [deviation / math.sqrt(rows) for deviation, rows in (first, second)]
    largest = max(errors)
    shares = np.square(np.array(errors) / largest)
    df = shares.sum() ** 2 / (np.square(shares) / (np.array([first[1], second[1]]) - 1)).sum()
    return _over(difference, largest * math.sqrt(float(shares.sum()))), float(df)


def _two_sided(statistic: float, df: float) -> float:
    from scipy.special import stdtr

    return min(1.0, 2 * float(stdtr(df, -abs(statistic))))


def _over(distance: float, scale: float) -> float:
    quotient = distance / scale
    if not math.isfinite(quotient):
        raise Undefined("the distance is too large to be told")
    return quotient
