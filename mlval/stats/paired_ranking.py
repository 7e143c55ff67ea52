"""Areas under the ROC curve on the same rows, after DeLong, DeLong and Clarke-Pearson (1988)."""

import math

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray, require_aligned, require_finite, require_mask
from mlval.stats.class_scores import rows_of_classes
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


def of_roc_auc_of_classes(truth: IntArray, scores: FloatArray, *, weighted: bool = False) -> Influence:
    """Return the mean over classes of the area of each against the rest, and the influence of every row.

    The variance of a difference is DeLong's with the covariances between the classes, since one row takes
    part in the area of each. Weights are estimated too: a row moves them towards the area of its class.

    Parameters
    ----------
    truth : shape (n,), whole numbers from 0 to k − 1
    scores : shape (n, k), probabilities; each row adds up to 1
    weighted : by the rows of the classes, else all alike

    Raises
    ------
    Undefined
        If the rows are not probabilities, or a class has fewer than two rows.

    Examples
    --------
    >>> of_roc_auc_of_classes(np.array([0, 1, 2, 0, 1, 2]), np.tile(np.eye(3), (2, 1))).value
    1.0
    """
    counts = rows_of_classes(truth, scores)
    parts = [of_roc_auc(truth == one, scores[:, one]) for one in range(counts.size)]
    weights = counts / truth.size if weighted else np.full(counts.size, 1 / counts.size)
    areas = np.array([part.value for part in parts])
    value = math.fsum(weights * areas)
    moved = np.zeros(truth.size)
    for weight, part in zip(weights, parts, strict=True):
        moved += weight * part.rows
    if weighted:
        moved += areas[truth] - value
    return Influence(value=value, rows=moved, freedom=min(part.freedom for part in parts))


def _placements(ours: FloatArray, others: FloatArray) -> FloatArray:
    """Return the share of the others, which are sorted, below each of ours; ties count one half."""
    order = np.argsort(ours, kind="stable")
    ordered = ours[order]
    below = np.searchsorted(others, ordered, side="left") + np.searchsorted(others, ordered, side="right")
    placements = np.empty(ours.size)
    placements[order] = below / (2 * others.size)
    return placements
