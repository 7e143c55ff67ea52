"""How well scores rank positive rows above negative ones: the area under the ROC curve, exact with ties."""

import math

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import normal_quantile, score_interval
from mlval.stats.score_counts import ScoreCounts, require_both, require_scores, score_counts

FEW = 200
"""Rows of the smaller class below which the interval does not rest on DeLong's variance alone."""


def roc_auc(truth: BoolArray, score: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the probability that a positive row scores above a negative one; ties count one half.

    Rows are counted by score and class, O(n log n), and wins in whole numbers up to the last division, so
    the order of the rows cannot show.

    The variance is DeLong's (DeLong, DeLong and Clarke-Pearson 1988), from the placements of the rows in
    the other class; the interval is symmetric on the logit scale, which keeps it within (0, 1). A handful
    of rows that are nearly all ranked right understates that variance, so below 200 rows of a class the
    interval is widened to hold Newcombe's method 5 as well (Newcombe 2006). Where DeLong's variance is zero
    or unknown (perfect separation, one row of a class) it is Wilson's interval with as many trials as the
    smaller class has rows: no variance of an AUC is above AUC·(1 − AUC) / min(positives, negatives).

    Parameters
    ----------
    truth : shape (n,), True where the row is positive
    score : shape (n,), finite, larger means more positive; not changed
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, only one class, or a score is not finite.

    Examples
    --------
    >>> roc_auc(np.array([False, False, True, True]), np.array([0.1, 0.4, 0.35, 0.8])).value
    0.75
    """
    return roc_auc_of(score_counts(truth, score), confidence=confidence)


def roc_auc_of(counts: ScoreCounts, *, confidence: float = 0.95) -> Estimate:
    """Return the area under the ROC curve of rows that are counted; errors as `roc_auc`."""
    require_scores(counts)
    m, n = require_both(counts, "ROC AUC")
    wins = _twice_below(counts.negatives)
    total = int(np.sum(counts.positives * wins))
    value = total / (2 * m * n)
    variance = _placement_variance(wins, counts.positives, others=n)
    variance += _placement_variance(_twice_below(counts.positives), counts.negatives, others=m)
    if min(m, n) < 2 or variance == 0:
        interval = score_interval(value, min(m, n), confidence=confidence)
    else:
        low, high = _delong(value, variance, confidence=confidence)
        if min(m, n) < FEW:
            lower, upper = _newcombe(value, m, n=n, confidence=confidence)
            low, high = min(low, lower), max(high, upper)
        interval = low, high
    return Estimate(value=value, n=m + n, interval=interval)


def _twice_below(rows: IntArray) -> IntArray:
    """Count for each score twice the rows below it, and once those level with it."""
    twice: IntArray = np.cumsum(rows) * 2
    twice -= rows
    return twice


def _placement_variance(wins: IntArray, rows: IntArray, *, others: int) -> float:
    """Return the variance of the mean placement; exactly 0 where all placements are the same."""
    some = np.flatnonzero(rows)
    count = int(rows.sum())
    if count < 2 or wins[some[0]] == wins[some[-1]]:
        return 0.0
    placements = wins / (2 * others)
    placements -= int(np.sum(wins * rows)) / (2 * others * count)
    np.square(placements, out=placements)
    placements *= rows
    return float(np.sum(placements)) / (count - 1) / count


def _delong(value: float, variance: float, *, confidence: float) -> tuple[float, float]:
    centre = math.log(value / (1 - value))
    half = normal_quantile(confidence) * math.sqrt(variance) / (value * (1 - value))
    return _expit(centre - half), _expit(centre + half)


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _newcombe(value: float, m: int, *, n: int, confidence: float) -> tuple[float, float]:
    """Return all areas whose distance from the value is at most z standard deviations of their own.

    The variance is that of Hanley and McNeil (1982), with the mean size of the classes for both.
    """
    z2 = normal_quantile(confidence) ** 2
    size = (m + n) / 2 - 1

    def inside(area: float) -> bool:
        spread = 1 + size * ((1 - area) / (2 - area) + area / (1 + area))
        return (value - area) ** 2 <= z2 * area * (1 - area) * spread / (m * n)

    ends = []
    for end in (0.0, 1.0):
        outer, inner = end, value
        for _ in range(60):
            middle = (outer + inner) / 2
            outer, inner = (outer, middle) if inside(middle) else (middle, inner)
        ends.append(inner)
    return ends[0], ends[1]
