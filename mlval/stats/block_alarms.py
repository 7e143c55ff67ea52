"""How often a statistic reaches a threshold though nothing changed, where rows come in periods that differ.

Rows of one week are alike: their counts vary more from week to week than independent rows would, and a
threshold chosen as if rows were independent alarms more often than was wanted. So whole periods are drawn,
with replacement (the block bootstrap of Künsch 1989, with calendar periods as blocks): as many as the
reference has for the one sample, and as many as hold the rows of the current sample for the other.

The periods are taken as exchangeable. A trend or a season over the reference is taken for noise, so that
thresholds come out too large rather than too small; dependence from one period to the next is not seen.
"""

import math
from collections.abc import Sequence

import numpy as np

from mlval.stats._null_draws import CELLS_AT_ONCE, Statistic, _statistic, null_of
from mlval.stats._pairs import Values, cells
from mlval.stats.arrays import Counts, FloatArray, IntArray, require_share
from mlval.stats.errors import Undefined
from mlval.stats.false_alarms import REACHING, TOLERANCE, Threshold

FEWEST_PERIODS = 8
"""Below, the variance between periods is known too badly to choose a threshold by."""
DRAWS = 5000
MOST_DRAWS = 50_000


def block_values(
    statistic: Statistic,
    periods: Sequence[Counts] | IntArray,
    *,
    m: int,
    draws: int = DRAWS,
    seed: int,
    values: Values | None = None,
) -> FloatArray:
    """Return the statistic of pairs of samples that are drawn in whole periods, in rising order.

    The current sample has as many whole periods as come closest to m rows, at least one. Where a single
    period has more than m rows on average, m of the rows of one period are drawn.

    Parameters
    ----------
    statistic, values, seed : as `mlval.stats.false_alarms.false_alarm_rate`
    periods : counts of each period on the same cells; periods without rows are left out
    m : rows of the current sample, at least 1
    draws : at least 1

    Raises
    ------
    Undefined
        If fewer than eight periods have rows, or as `false_alarm_rate`.
    ValueError
        If the numbers of cells differ, or as `false_alarm_rate`.

    Examples
    --------
    >>> calm, wild = [[50, 50]] * 10, [[40, 60], [60, 40]] * 5
    >>> largest = [block_values("total_variation", weeks, m=100, seed=1).max() for weeks in (calm, wild)]
    >>> [round(float(value), 6) for value in largest]
    [0.0, 0.2]
    """
    counts = np.array([cells(one) for one in periods if sum(one)])
    if len(counts) < FEWEST_PERIODS:
        raise Undefined(f"{len(counts)} periods with rows; at least {FEWEST_PERIODS} are needed")
    pooled = counts.sum(axis=0)
    null = null_of(statistic, pooled.astype(np.int64), n=int(pooled.sum()), m=m, values=values)
    counts = counts[:, pooled > 0]
    if counts.shape[1] == 1:
        raise Undefined("all rows have one value: there is no noise to choose a threshold from")
    generator = np.random.default_rng(seed)
    rows = counts.sum(axis=1)
    whole = max(1, round(m / float(rows.mean())))
    found = []
    at_once = max(1, CELLS_AT_ONCE // counts.size)
    for done in range(0, draws, at_once):
        size = min(at_once, draws - done)
        reference = _resampled(counts, len(counts), (generator, size))
        current = _resampled(counts, whole, (generator, size))
        if whole == 1:
            current = np.array([_thinned(one, m, generator) for one in current])
        found.append(_statistic(null, reference, current))
    return np.sort(np.concatenate(found))


def rate_at(rising: FloatArray, threshold: float) -> float:
    """Return the share of drawn values that reach a threshold.

    >>> rate_at(np.array([0.1, 0.2, 0.2, 0.4]), 0.2)
    0.75
    """
    if math.isnan(threshold):
        raise ValueError("the threshold is not a number")
    return float(np.mean(rising >= threshold * (1 - TOLERANCE)))


def threshold_for(rising: FloatArray, rate: float) -> Threshold:
    """Return the smallest drawn value that is reached at most so often.

    Parameters
    ----------
    rising : from `block_values`
    rate : strictly between 0 and 1; at least ten of the draws are to reach the threshold

    Raises
    ------
    Undefined
        If there are too few draws for so small a rate, or the statistic takes too few values.

    Examples
    --------
    >>> threshold_for(np.arange(2000.0), 0.05).value
    1900.0
    """
    require_share(rate, "rate")
    if rate * rising.size < 10:
        raise Undefined(f"a rate of {rate:g} is too small for {rising.size} draws")
    too_often = rising[-1 - math.floor(rate * rising.size)]
    above = rising[rising > too_often * (1 + 2 * TOLERANCE)]
    if above.size == 0:
        raise Undefined("the statistic takes too few values at these sample sizes for so small a rate")
    value = float(above[0])
    return Threshold(value, rate_at(rising, value), rising.size)


def draws_for(rate: float) -> int:
    """Return how many draws are wanted to know a threshold of this rate, within what is affordable.

    >>> draws_for(0.05), draws_for(0.0005)
    (5000, 50000)
    """
    return min(MOST_DRAWS, max(DRAWS, math.ceil(REACHING / rate)))


def _resampled(counts: FloatArray, periods: int, drawing: tuple[np.random.Generator, int]) -> FloatArray:
    """Add up so many periods, drawn with replacement, for each of so many samples."""
    generator, samples = drawing
    times = generator.multinomial(periods, np.full(len(counts), 1 / len(counts)), size=samples)
    drawn: FloatArray = times.astype(np.float64) @ counts
    return drawn


def _thinned(period: FloatArray, m: int, generator: np.random.Generator) -> FloatArray:
    """Draw m rows of a period that has more."""
    if period.sum() <= m:
        return period
    return generator.multivariate_hypergeometric(period.astype(np.int64), m).astype(np.float64)
