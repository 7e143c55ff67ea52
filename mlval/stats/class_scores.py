"""How good the scores of several classes are: Brier's score, the area one against the rest, the top classes.

`truth` is the column of the class that came true, 0 to k − 1; `scores` has a row a row and a column a class.
"""

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray, require_finite
from mlval.stats.averages import average_of
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate, mean_estimate
from mlval.stats.intervals import wilson
from mlval.stats.losses import require_class_probabilities
from mlval.stats.ranking import roc_auc


def brier_score_of_classes(truth: IntArray, scores: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean over rows of Σ over classes of (probability − came true)², from 0 to 2.

    As scikit-learn has it for several classes; for two that is twice the binary score.

    Parameters
    ----------
    truth : shape (n,), whole numbers from 0 to k − 1
    scores : shape (n, k), probabilities; each row adds up to 1
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, or the rows are not probabilities.

    Examples
    --------
    >>> brier_score_of_classes(np.array([0, 1]), np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]])).value
    0.25
    """
    return mean_estimate(brier_rows_of_classes(truth, scores), confidence=confidence)


def brier_rows_of_classes(truth: IntArray, scores: FloatArray) -> FloatArray:
    """Return Brier's score of every row, shape (n,); parameters and errors as `brier_score_of_classes`."""
    require_class_probabilities(truth, scores)
    miss = scores.copy()
    miss[np.arange(truth.size), truth] -= 1
    np.square(miss, out=miss)
    rows: FloatArray = miss.sum(axis=1)
    return rows


def roc_auc_of_classes(
    truth: IntArray, scores: FloatArray, *, weighted: bool = False, confidence: float = 0.95
) -> Estimate:
    """Return the mean over the classes of the area under the ROC curve of each against all others.

    The interval joins those of the classes as if all erred together, which is the widest.

    Parameters
    ----------
    weighted : by the rows of the classes, else all alike
    truth, scores, confidence : as `brier_score_of_classes`

    Raises
    ------
    Undefined
        As `brier_score_of_classes`, or if a class has no rows: there is nothing to rank.

    Examples
    --------
    >>> roc_auc_of_classes(np.array([0, 1, 2]), np.eye(3)).value
    1.0
    """
    rows = rows_of_classes(truth, scores)
    parts = [roc_auc(truth == one, scores[:, one], confidence=confidence) for one in range(rows.size)]
    value, interval = average_of(
        [_Area(part) for part in parts],
        rows / truth.size if weighted else np.full(rows.size, 1 / rows.size),
        confidence=confidence,
        correlation=np.ones((rows.size, rows.size)),
    )
    return Estimate(value=value, n=truth.size, interval=interval)


def rows_of_classes(truth: IntArray, scores: FloatArray) -> IntArray:
    """Return how many rows each class has; none is without; errors as `roc_auc_of_classes`."""
    require_class_probabilities(truth, scores)
    rows = np.bincount(truth, minlength=scores.shape[1])
    if empty := int(np.count_nonzero(rows == 0)):
        raise Undefined(f"{empty} of {rows.size} classes have no rows: their areas are undefined")
    return rows


def top_k_accuracy(truth: IntArray, scores: FloatArray, *, k: int, confidence: float = 0.95) -> Estimate:
    """Return the share of rows whose class is among the k with the highest scores.

    Of classes with one score the later column comes first, as in scikit-learn.

    Parameters
    ----------
    k : at least 1 and below the number of classes
    truth, confidence : as `brier_score_of_classes`
    scores : shape (n, k), finite

    Raises
    ------
    Undefined
        If there are no rows, a score is not finite, or all classes are among the top.

    Examples
    --------
    >>> scores = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
    >>> top_k_accuracy(np.array([1, 2]), scores, k=2).value
    0.5
    """
    hits = int(np.count_nonzero(top_k_rows(truth, scores, k=k)))
    interval = wilson(hits, truth.size, confidence=confidence)
    return Estimate(value=hits / truth.size, n=truth.size, interval=interval, successes=hits)


def top_k_rows(truth: IntArray, scores: FloatArray, *, k: int) -> BoolArray:
    """Return in which rows the class is among the top; parameters and errors as `top_k_accuracy`."""
    require_finite(scores.ravel(), "scores")
    classes = scores.shape[1]
    if k >= classes:
        raise Undefined(f"{classes} classes are all among the {k} with the highest scores")
    own = scores[np.arange(truth.size), truth]
    ahead = np.zeros(truth.size, dtype=np.int64)
    for one in range(classes):
        ahead += (scores[:, one] > own) | ((scores[:, one] == own) & (one > truth))
    hits: BoolArray = ahead < k
    return hits


class _Area:
    """The area of one class, as `average_of` reads it."""

    def __init__(self, found: Estimate) -> None:
        self.value, self._interval = found.value, found.interval

    def interval(self, confidence: float) -> tuple[float, float]:  # noqa: ARG002 - it was computed at this one
        """Return the interval of the area."""
        return self._interval or (0.0, 1.0)
