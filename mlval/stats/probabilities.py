"""Losses and calibration of probabilities of two classes, from rows counted by score.

A bin holds the scores above its lower edge up to its upper one (the first also those level with its lower
edge), as scikit-learn's `calibration_curve` has it.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mlval.stats.arrays import FloatArray
from mlval.stats.estimate import Estimate, estimate_of
from mlval.stats.losses import EPSILON
from mlval.stats.score_counts import ScoreCounts, require_scores
from mlval.stats.sums import counted_moments

Strategy = Literal["uniform", "quantile"]


def log_loss_of(counts: ScoreCounts, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of −log(probability given to the class that came true), as `losses.log_loss`.

    Parameters
    ----------
    counts : of rows whose scores are probabilities
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, or a score is not a probability.
    """
    return _mean_loss(counts, _minus_log, confidence=confidence)


def brier_score_of(counts: ScoreCounts, *, confidence: float = 0.95) -> Estimate:
    """Return the mean squared distance of the probability from the truth; errors as `log_loss_of`.

    Examples
    --------
    >>> from mlval.stats.score_counts import score_counts
    >>> brier_score_of(score_counts(np.array([True, False]), np.array([0.5, 0.5]))).value
    0.25
    """
    return _mean_loss(counts, _squared_miss, confidence=confidence)


def expected_calibration_error(
    counts: ScoreCounts, *, bins: int, strategy: Strategy, confidence: float = 0.95
) -> Estimate:
    """Return the mean over rows of |share of positives − mean score| of the bin they are in.

    The interval is Student's of the mean of ±(truth − score), the signs those of the gaps of the bins:
    it takes the signs as known, and the value of a perfectly calibrated model is above 0 by noise alone.

    Parameters
    ----------
    bins : how many, at least 1
    strategy : edges evenly spaced from 0 to 1, or at quantiles of the scores

    Raises
    ------
    Undefined
        As `log_loss_of`.
    """
    require_scores(counts, probabilities=True)
    place = _places(counts, bins=bins, strategy=strategy)
    gaps = np.bincount(place, counts.positives - counts.rows * counts.score, minlength=bins)
    n = int(counts.rows.sum())
    value = float(np.sum(np.abs(gaps))) / n
    signs = np.where(gaps < 0, -1.0, 1.0)[place]
    positive, negative = counts.positives > 0, counts.negatives > 0
    misses = np.concatenate(
        (
            (signs * (1 - counts.score))[positive],
            (-signs * counts.score)[negative],
        )
    )
    rows = np.concatenate((counts.positives[positive], counts.negatives[negative]))
    around = estimate_of(counted_moments(misses, rows), confidence=confidence, least=0.0).interval
    interval = None if around is None else (min(value, around[0]), min(1.0, max(value, around[1])))
    return Estimate(value=value, n=n, interval=interval)


def brier_parts(counts: ScoreCounts, *, bins: int, strategy: Strategy) -> tuple[float, float]:
    """Return reliability and resolution of Murphy's partition of the Brier score (1973) on bins.

    Reliability is the mean squared distance of the share of positives of a bin from its mean score; it is 0
    at best. Resolution is that of the share of a bin from the share of all rows.

    Raises
    ------
    Undefined
        As `log_loss_of`.
    """
    require_scores(counts, probabilities=True)
    place = _places(counts, bins=bins, strategy=strategy)
    rows = np.bincount(place, counts.rows, minlength=bins)
    some = rows > 0
    share = np.bincount(place, counts.positives, minlength=bins)[some] / rows[some]
    mean = np.bincount(place, counts.rows * counts.score, minlength=bins)[some] / rows[some]
    n = float(rows.sum())
    base = int(counts.positives.sum()) / n
    reliability = float(np.sum(rows[some] * np.square(mean - share))) / n
    resolution = float(np.sum(rows[some] * np.square(share - base))) / n
    return reliability, resolution


def _places(counts: ScoreCounts, *, bins: int, strategy: Strategy) -> NDArray[np.intp]:
    edges = np.linspace(0, 1, bins + 1)
    if strategy == "quantile":
        edges = np.asarray(np.quantile(np.repeat(counts.score, counts.rows), edges))
    return np.searchsorted(edges[1:-1], counts.score)


def _mean_loss(
    counts: ScoreCounts, loss: Callable[[FloatArray], FloatArray], *, confidence: float
) -> Estimate:
    require_scores(counts, probabilities=True)
    positive, negative = counts.positives > 0, counts.negatives > 0
    values = np.concatenate((loss(counts.score[positive]), loss(1 - counts.score[negative])))
    rows = np.concatenate((counts.positives[positive], counts.negatives[negative]))
    return estimate_of(counted_moments(values, rows), confidence=confidence, least=0.0)


def _minus_log(given: FloatArray) -> FloatArray:
    np.clip(given, EPSILON, 1 - EPSILON, out=given)
    np.log(given, out=given)
    return np.negative(given, out=given)


def _squared_miss(given: FloatArray) -> FloatArray:
    miss: FloatArray = np.square(1 - given)
    return miss
