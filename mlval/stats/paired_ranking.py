"""Two areas under the ROC curve on the same rows, after DeLong, DeLong and Clarke-Pearson (1988)."""

import math

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, require_aligned, require_finite, require_mask
from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import Influence


def of_roc_auc(truth: BoolArray, score: FloatArray) -> Influence:
    """Return the area and the influence of every row: its placement among the rows of the other class.

    The variance of a difference of two such areas is exactly DeLong's, with m − 1 and n − 1 in the
    denominators. O(n log n).

    Parameters
    ----------
    truth : shape (n,), True where the row is positive
    score : shape (n,), finite

    Raises
    ------
    Undefined
        If there are no rows, fewer than two of a class, or a score is not finite.

    Examples
    --------
    >>> found = of_roc_auc(np.array([False, False, True, True]), np.array([0.1, 0.4, 0.35, 0.8]))
    >>> found.value, found.freedom
    (0.75, 1)
    """
    require_aligned(truth, score)
    require_mask(truth)
    require_finite(score, "scores")
    positives, negatives = score[truth], score[~truth]
    m, n = positives.size, negatives.size
    if min(m, n) == 0:
        raise Undefined("one class only: ROC AUC needs both")
    if min(m, n) == 1:
        raise Undefined("one row of a class: DeLong's variance needs two")
    won = _placements(positives, np.sort(negatives))
    lost = 1 - _placements(negatives, np.sort(positives))
    area = float(np.sum(won)) / m
    rows = np.empty(score.size)
    rows[truth] = (won - area) * (score.size / math.sqrt(m * (m - 1)))
    rows[~truth] = (lost - area) * (score.size / math.sqrt(n * (n - 1)))
    return Influence(value=area, rows=rows, freedom=min(m, n) - 1)


def _placements(ours: FloatArray, others: FloatArray) -> FloatArray:
    """Return the share of the others, which are sorted, below each of ours; ties count one half."""
    order = np.argsort(ours, kind="stable")
    ordered = ours[order]
    below = np.searchsorted(others, ordered, side="left") + np.searchsorted(others, ordered, side="right")
    placements = np.empty(ours.size)
    placements[order] = below / (2 * others.size)
    return placements
