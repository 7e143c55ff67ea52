"""The shift of a mean, by moments of two samples: its size as a share of rows, and what would be seen."""

import math
from statistics import NormalDist
from typing import NamedTuple

from mlval.stats.arrays import require_share
from mlval.stats.errors import Undefined
from mlval.stats.ordered_distances import MeanShift, _two_sided, _welch
from mlval.stats.size import NORMAL_MEAN, without_noise

ROUNDED = 2e-9
"""Means that differ by less than this share are one number: they may have been rounded to nine digits."""


class Sample(NamedTuple):
    """A sample by its rows, its mean and its standard deviation (n - 1 in the denominator)."""

    n: int
    mean: float
    deviation: float


def mean_change(reference: Sample, current: Sample) -> MeanShift:
    """Return what `mlval.stats.ordered_distances.mean_shift` returns, from moments in place of values.

    Raises
    ------
    Undefined
        If a moment is not finite; if the means differ and the reference is constant or a sample has one row.

    Examples
    --------
    >>> result = mean_change(Sample(100, 0.0, 1.0), Sample(100, 0.5, 1.0))
    >>> result.shift, round(result.p_value, 5)
    (0.5, 0.00051)
    """
    if not all(map(math.isfinite, (*reference, *current))):
        raise Undefined("a mean or a standard deviation is too large to be told")
    difference = current.mean - reference.mean
    if reference.deviation == 0 and math.isclose(current.mean, reference.mean, rel_tol=ROUNDED):
        difference = 0.0
    if difference == 0:
        return MeanShift(0.0, 0.0, 0.0, 1.0)
    if min(reference.n, current.n) < 2:
        raise Undefined("a sample of one row has no spread: a shift of the mean cannot be judged")
    shift = difference / reference.deviation if reference.deviation > 0 else math.inf
    if not math.isfinite(shift):
        raise Undefined("the reference is constant: a shift of the mean has no unit")
    statistic, df = _welch(
        difference,
        (reference.deviation, float(reference.n)),
        (current.deviation, float(current.n)),
    )
    return MeanShift(shift, difference, statistic, _two_sided(statistic, df))


def mean_size(shift: float, reference: Sample, current: Sample) -> float:
    """Return the size of a shift of the mean: the total variation of two normals that far apart, 0 to 1.

    Two normals that lie d standard deviations apart have the total variation 2Φ(d/2) − 1; what noise alone
    shows on average is taken off in squares.

    >>> round(mean_size(0.2, Sample(10_000, 0.0, 1.0), Sample(10_000, 0.2, 1.0)), 4)
    0.0795
    """
    return without_noise(_moved(abs(shift)), _moved(NORMAL_MEAN * _error(reference, current)))


def mean_detectable(reference: Sample, current: Sample, *, alpha: float, power: float = 0.8) -> float:
    """Return the smallest size of a shift that these samples would show with a probability of `power`.

    Student's quantile at the smaller sample stands for Welch's, which is a little too careful.

    >>> round(mean_detectable(Sample(1000, 0.0, 1.0), Sample(1000, 0.0, 1.0), alpha=0.02), 4)
    0.0565
    """
    from scipy.special import stdtrit

    require_share(alpha, "alpha")
    require_share(power, "power")
    df = min(reference.n, current.n) - 1
    if df < 1:
        return math.inf
    quantiles = float(stdtrit(df, 1 - alpha / 2)) + NormalDist().inv_cdf(power)
    return _moved(quantiles * _error(reference, current))


def _moved(shift: float) -> float:
    return math.erf(shift / math.sqrt(8))


def _error(reference: Sample, current: Sample) -> float:
    """Return the standard error of the shift, in standard deviations of the reference."""
    ratio = current.deviation / reference.deviation if reference.deviation > 0 else 1.0
    return math.sqrt(1 / reference.n + min(ratio, 1e100) ** 2 / current.n)
