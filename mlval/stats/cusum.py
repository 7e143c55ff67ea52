"""Scores for a CUSUM that needs no training period: by size (Hawkins) and by rank.

Each value is compared with the values before it, so that the scores are independent and about standard normal
from the first one on. Their CUSUM then alarms as rarely as one with known mean and standard deviation.
"""

import math
from bisect import bisect_left, bisect_right
from functools import cache

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.deviations import Deviations

SLACK = 0.5
"""For scores by size: a change by one standard deviation is found soonest."""

RANK_SLACK = 0.25
"""For scores by rank: with few stored values, a lasting change is learnt by the ranks, and a smaller slack
finds it before that."""

_SURE = 1e-300
_STEADY = 500


def self_starting_scores(found: Deviations) -> FloatArray:
    """Return normal scores of deviations in units of the standard deviation of those before (Hawkins 1987).

    A deviation over the standard deviation of the n before it follows Student's t with n degrees of freedom;
    its quantile there is turned into the same quantile of the normal distribution. For independent normal
    values the scores are exactly independent and standard normal.

    Where all before were equal there is no standard deviation: a value that differs gets the score of the
    largest of n + 2 values, since it may as well have been any of them.

    It misleads with heavy tails: a score takes values for normal, and rare large ones alarm too often. Ranks
    do not.

    Parameters
    ----------
    found : of one series or of many

    Returns
    -------
    shape (..., n), finite; NaN where no deviation came before

    Examples
    --------
    >>> from mlval.stats.deviations import deviations
    >>> self_starting_scores(deviations(np.array([1.0, 3.0, 2.0, 9.0]))).round(2).tolist()
    [nan, nan, 0.0, 2.22]
    """
    from scipy.special import ndtri, stdtr

    freedom = np.maximum(found.before, 1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = np.abs(found.sizes) / found.scale
    tail = np.maximum(stdtr(freedom, -np.where(np.isnan(ratios), 0.0, ratios)), _SURE)
    scores = np.where(found.scale > 0, -ndtri(tail), of_the_largest(found.before + 2))
    signed: FloatArray = np.where(np.isnan(found.scale), np.nan, np.sign(found.sizes) * scores + 0.0)
    return signed


def rank_scores(values: FloatArray) -> FloatArray:
    """Return normal scores of the rank of each value among itself and those before (McDonald 1990).

    The ranks of independent values of one continuous distribution, whichever it is, are independent, and
    rank r of n is as likely as any other. Its score is the normal quantile of (r − ½)/n, divided by the
    standard deviation of the n scores. Equal values get their mean rank, and alarm more rarely.

    It misleads where one value is very far off: the score of the largest of 20 is 2.0 however large it is,
    so a broken value is seen after a few runs, not at once.

    Parameters
    ----------
    values : shape (..., n); NaN has no rank and counts for nothing

    Returns
    -------
    shape (..., n); NaN for the first value and where the value is NaN

    Examples
    --------
    >>> rank_scores(np.array([5.0, 7.0, 6.0, 6.0])).round(2).tolist()
    [nan, 1.0, 0.0, 0.0]
    """
    if values.size == 0:
        return values.copy()
    known = ~np.isnan(values)
    among = np.cumsum(known, axis=-1)
    judged = known & (among > 1)
    scores: FloatArray = np.full(values.shape, np.nan)
    scores[judged] = score_of_rank(_ranks(values)[judged], among[judged])
    return scores


def score_of_rank(ranks: FloatArray, among: IntArray) -> FloatArray:
    """Return the normal scores of ranks: mean 0 and standard deviation 1 over the ranks 1 to n.

    Parameters
    ----------
    ranks : from 1, with halves where values are equal
    among : the n that each rank is among, at least 2
    """
    from scipy.special import ndtri

    most = int(np.max(among, initial=2))
    spreads = np.array([_spread(n) for n in range(2, min(most, _STEADY) + 1)])
    scores: FloatArray = ndtri((ranks - 0.5) / among) / spreads[np.minimum(among, _STEADY) - 2]
    return scores


def _ranks(values: FloatArray) -> FloatArray:
    """Return the mean rank, from 1, of each value among itself and those before in its row."""
    twice: list[int] = []
    for row in values.reshape(-1, values.shape[-1]).tolist():
        ordered: list[float] = []
        for value in row:
            below = bisect_left(ordered, value)
            within = bisect_right(ordered, value, below)
            twice.append(below + within)
            if not math.isnan(value):
                ordered.insert(within, value)
    return np.array(twice, dtype=np.float64).reshape(values.shape) / 2 + 1


def of_the_largest(n: IntArray) -> FloatArray:
    """Return the normal score of the largest of n values, the quantile of 1 − 1/(2n)."""
    from scipy.special import ndtri

    scores: FloatArray = -ndtri(1 / (2 * n))
    return scores


@cache
def _spread(n: int) -> float:
    """Return the standard deviation of the scores of the ranks 1 to n; from 500 on it is 1 to within 0.3%."""
    from scipy.special import ndtri

    scores = ndtri((np.arange(n) + 0.5) / n)
    return float(np.sqrt(np.mean(scores * scores)))
