"""How often a statistic reaches a threshold though nothing changed, and the threshold for a wanted rate.

A fixed threshold is a matter of sample size: with 100 rows a side and ten bins, an index of 0.1 is noise.
Nothing changed means here that both samples are drawn, row by row and independently, from the pooled shares
of the two samples seen. The rate is counted in seeded draws; where the smallest expected count is large,
statistics that are a function of chi-square in the limit are read from that instead.

Rows that depend on each other, as those of one customer or one day, alarm more often than is told here.
"""

import math
from typing import NamedTuple

import numpy as np

from mlval.stats._null_draws import Null, Statistic, drawn, null_of
from mlval.stats._pairs import Values
from mlval.stats.arrays import BoolArray, Counts, FloatArray, require_share
from mlval.stats.errors import Undefined
from mlval.stats.intervals import wilson

DRAWS = 2000
DRAWS_OF_MANY_CELLS = 1000
MANY_CELLS = 200
REACHING = 50
"""Draws that are to reach a threshold, so that its rate is known within 1/sqrt(50) = 14%."""
FEWEST_REACHING = 10
MOST_DRAWS = 200_000
MOST_CELLS = 20_000_000
"""Cells of all draws for one threshold: about ten seconds."""
LARGE = 200
"""The smallest expected count from which on the limit in chi-square is used."""
CONFIDENCE = 0.99
TOLERANCE = 1e-9
"""Numbers that differ by less than this share are one number, as in every output."""


class FalseAlarms(NamedTuple):
    """A rate, its 99% interval for chance in the draws, and the number of draws; 0 where it is the limit."""

    rate: float
    low: float
    high: float
    draws: int


class Threshold(NamedTuple):
    """A threshold, the rate of false alarms at it, and the number of draws; 0 where it is the limit."""

    value: float
    rate: float
    draws: int


def false_alarm_rate(
    statistic: Statistic,
    pooled_counts: Counts,
    *,
    n: int,
    m: int,
    threshold: float,
    seed: int,
    values: Values | None = None,
) -> FalseAlarms:
    """Return the probability that a statistic is at least a threshold where nothing changed.

    2,000 draws, 1,000 from 200 cells on: a rate of 5% is known within 1.3%, and none in 2,000 says less
    than 0.4%. `mean_shift` counts in both directions. The same arguments give the same rate.

    Parameters
    ----------
    statistic : by its name in the contract; that of `anderson_darling` is A², not its standardised form
    pooled_counts : counts of both samples together; at least one cell; in rising order for `ks`, `cvm`,
        `anderson_darling`, `wasserstein` and `mean_shift`
    n, m : rows of the reference and of the current sample, at least 1
    threshold : in the unit of the statistic
    seed : from 0
    values : finite and strictly rising, one a cell; for `wasserstein` and `mean_shift` only

    Raises
    ------
    Undefined
        If there are no rows, or a value is not finite.
    ValueError
        If the threshold is not a number, values are missing, or counts and values do not belong together.

    Examples
    --------
    >>> result = false_alarm_rate("psi", [20] * 10, n=100, m=100, threshold=0.1, seed=1)
    >>> 0.75 < result.rate < 0.9
    True
    >>> false_alarm_rate("psi", [20000] * 10, n=100_000, m=100_000, threshold=0.1, seed=1).rate < 1e-9
    True
    """
    if math.isnan(threshold):
        raise ValueError("the threshold is not a number")
    null = null_of(statistic, pooled_counts, n=n, m=m, values=values)
    if threshold <= 0 or null.shares.size == 1:
        rate = float(threshold <= 0)
        return FalseAlarms(rate, rate, rate, 0)
    limit = _limit(null)
    if limit is not None:
        rate = limit.rate(threshold)
        return FalseAlarms(rate, rate, rate, 0)
    draws = DRAWS if null.shares.size < MANY_CELLS else DRAWS_OF_MANY_CELLS
    alarms = sum(int(_reached(batch, threshold).sum()) for batch in drawn(null, draws, seed))
    low, high = wilson(alarms, draws, confidence=CONFIDENCE)
    return FalseAlarms(alarms / draws, low, high, draws)


def threshold_at(
    statistic: Statistic,
    pooled_counts: Counts,
    *,
    n: int,
    m: int,
    rate: float,
    seed: int,
    values: Values | None = None,
) -> Threshold:
    """Return the smallest threshold that a statistic reaches at most so often where nothing changed.

    2,000 draws or 50/rate, whichever is more, as far as 200,000 draws and 20 million cells go; so rates are
    known within about 14%, the smallest within 32%. The rate told is that of the draws, at most the one
    wanted: where few rows leave the statistic few values, it can be well below.

    Parameters
    ----------
    statistic, pooled_counts, n, m, seed, values : as `false_alarm_rate`
    rate : strictly between 0 and 1; where it has to be drawn, from 0.00005 on, or 0.0005 for 1,000 cells

    Raises
    ------
    Undefined
        As `false_alarm_rate`; if all rows are in one cell, so that nothing varies; if even the largest value
        of the statistic comes more often than the rate; or if the rate is too small to be drawn.
    ValueError
        As `false_alarm_rate`.

    Examples
    --------
    >>> result = threshold_at("psi", [20000] * 10, n=100_000, m=100_000, rate=0.01, seed=1)
    >>> round(result.value, 6), result.draws
    (0.000433, 0)
    """
    require_share(rate, "rate")
    null = null_of(statistic, pooled_counts, n=n, m=m, values=values)
    if null.shares.size == 1:
        raise Undefined("all rows have one value: there is no noise to choose a threshold from")
    limit = _limit(null)
    if limit is not None and (value := limit.threshold(rate)) > 0:
        return Threshold(value, rate, 0)
    most = min(MOST_DRAWS, MOST_CELLS // null.shares.size)
    draws = min(most, max(DRAWS, math.ceil(REACHING / rate)))
    if rate * draws < FEWEST_REACHING:
        raise Undefined(
            f"a rate of {rate:g} is too small to be drawn for {null.shares.size} different values"
        )
    rising = np.sort(np.concatenate(list(drawn(null, draws, seed))))
    too_often = rising[-1 - math.floor(rate * draws)]
    above = rising[rising > too_often * (1 + 2 * TOLERANCE)]
    if above.size == 0 or not math.isfinite(above[0]):
        raise Undefined("the statistic takes too few values at these sample sizes for so small a rate")
    value = float(above[0])
    return Threshold(value, int(_reached(rising, value).sum()) / draws, draws)


class _Limit(NamedTuple):
    """A statistic whose `power` is `slope`·(chi-square − `start`) in the limit."""

    df: int
    power: int
    slope: float
    start: float = 0.0

    def rate(self, threshold: float) -> float:
        from scipy.special import chdtrc

        powered = threshold if self.power == 1 else threshold * threshold
        return float(chdtrc(self.df, powered / self.slope + self.start))

    def threshold(self, rate: float) -> float:
        from scipy.special import chdtri

        surplus = max(0.0, float(chdtri(self.df, rate)) - self.start)
        return float((surplus * self.slope) ** (1 / self.power))


def _limit(null: Null) -> _Limit | None:
    """Return the limit in chi-square where there is one and the counts are large enough for it."""
    if null.smallest < LARGE:
        return None
    df = null.shares.size - 1
    noise = 1 / null.n + 1 / null.m
    if null.statistic == "cramers_v":
        rows = null.n + null.m
        largest = min(1 - 1 / (rows - 1), df * (1 - df / (rows - 1)))
        return _Limit(df, 2, 1 / (rows * largest), rows * df / (rows - 1))
    slopes = {"psi": noise, "kl": noise / 2, "js": noise / (8 * math.log(2)), "hellinger": noise / 8}
    if null.statistic not in slopes:
        return None
    return _Limit(df, 2 if null.statistic in {"js", "hellinger"} else 1, slopes[null.statistic])


def _reached(drawn: FloatArray, threshold: float) -> BoolArray:
    """Tell which draws alarm; a number that rounding took just below a threshold above 0 does."""
    return drawn >= threshold * (1 - TOLERANCE)
