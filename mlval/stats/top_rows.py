"""How rich in positive rows the top of a ranking is: average precision and lift."""

import math

import numpy as np

from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import normal_quantile, score_interval
from mlval.stats.score_counts import ScoreCounts, require_both, require_scores


def average_precision(counts: ScoreCounts, *, confidence: float = 0.95) -> Estimate:
    """Return the mean over the positive rows of the precision at their score.

    It is the area of scikit-learn's `average_precision_score`, without interpolation; rows of one score are
    taken together. The interval is that of Boyd, Eng and Page (2013): symmetric on the logit scale, with as
    many trials as there are positive rows; at 0 or 1 it is Wilson's.

    Parameters
    ----------
    counts : of rows whose scores are finite
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, a score is not finite, or no row is positive.

    Examples
    --------
    >>> from mlval.stats.score_counts import score_counts
    >>> round(average_precision(score_counts(np.array([1, 0, 1]) > 0, np.array([0.9, 0.8, 0.7]))).value, 4)
    0.8333
    """
    require_scores(counts)
    positives = int(counts.positives.sum())
    if positives == 0:
        raise Undefined("no row is truly positive: average precision has no denominator")
    found = np.cumsum(counts.positives[::-1])
    taken = np.cumsum(counts.rows[::-1])
    value = float(np.sum(counts.positives[::-1] * (found / taken))) / positives
    if not 0 < value < 1:
        value = min(1.0, value)
        interval = score_interval(value, positives, confidence=confidence)
    else:
        half = normal_quantile(confidence) / math.sqrt(positives * value * (1 - value))
        centre = math.log(value / (1 - value))
        interval = _expit(centre - half), _expit(centre + half)
    return Estimate(value=value, n=int(counts.rows.sum()), interval=interval)


def lift(counts: ScoreCounts, *, share: float, confidence: float = 0.95) -> Estimate:
    """Return how much more often rows are positive at the top of the ranking than among all rows.

    The top has ceil(share · n) rows. Where rows of one score reach across its end, they count in parts: the
    value is the mean over all orders of them. The interval is Wilson's of the share of positives at the top,
    over that of all rows, which is taken as known.

    Parameters
    ----------
    share : above 0, at most 1

    Raises
    ------
    Undefined
        As `average_precision`, or if all rows are positive.

    Examples
    --------
    >>> from mlval.stats.score_counts import score_counts
    >>> counts = score_counts(np.array([True, False, False, False]), np.array([0.9, 0.3, 0.2, 0.1]))
    >>> lift(counts, share=0.25).value
    4.0
    """
    require_scores(counts)
    positives, negatives = require_both(counts, "lift")
    n = positives + negatives
    top = max(1, math.ceil(round(share * n, 9)))
    rows = counts.rows[::-1]
    before = np.cumsum(rows) - rows
    part = np.clip((top - before) / rows, 0, 1)
    hits = min(float(top), float(np.sum(counts.positives[::-1] * part)))
    low, high = score_interval(hits / top, top, confidence=confidence)
    base = positives / n
    return Estimate(value=hits / top / base, n=top, interval=(low / base, high / base))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
