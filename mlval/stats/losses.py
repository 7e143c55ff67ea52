"""Log loss, binary and over several classes, with the loss of every row beside it.

Probabilities are clipped as scikit-learn does it, to [eps, 1 − eps] with eps = 2**-52, the spacing of
float64 at 1: a row that was certain and wrong costs 36.04, not infinity. Means do not depend on the order
of the rows.
"""

import numpy as np

from mlval.stats.arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    require_aligned,
    require_finite,
    require_mask,
)
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate, mean_estimate

EPSILON = float(np.finfo(np.float64).eps)
OFF_ONE = float(np.sqrt(np.finfo(np.float32).eps))
"""How far a row may be from adding up to 1: scikit-learn's tolerance for floats of 32 bits, which many models
give and whose type is no longer seen here."""


def log_loss(truth: BoolArray, score: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of −log(probability given to the class that came true), two classes.

    Parameters
    ----------
    truth : shape (n,), True where the row is positive
    score : shape (n,), the probability of positive, from 0 to 1
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, or a score is not finite or not a probability.

    Examples
    --------
    >>> estimate = log_loss(np.array([True, False]), np.array([0.8, 0.4]))
    >>> round(estimate.value, 4)
    0.367
    """
    return mean_estimate(log_loss_rows(truth, score), confidence=confidence)


def log_loss_rows(truth: BoolArray, score: FloatArray) -> FloatArray:
    """Return the log loss of every row, shape (n,); parameters and errors as `log_loss`."""
    require_aligned(truth, score)
    require_mask(truth)
    _require_probabilities(score)
    given = np.where(truth, score, 1 - score)
    return _minus_log(given)


def log_loss_of_classes(truth: IntArray, probabilities: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of −log(probability given to the class that came true), any number of classes.

    Parameters
    ----------
    truth : shape (n,), the column of the class that came true, 0 to k − 1
    probabilities : shape (n, k), each row adding up to 1 within 3.5e-4
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, or the rows are not probabilities.
    ValueError
        If a true class has no column.

    Examples
    --------
    >>> estimate = log_loss_of_classes(np.array([0, 2]), np.array([[0.5, 0.25, 0.25], [0.0, 0.5, 0.5]]))
    >>> round(estimate.value, 4)
    0.6931
    """
    return mean_estimate(log_loss_rows_of_classes(truth, probabilities), confidence=confidence)


def log_loss_rows_of_classes(truth: IntArray, probabilities: FloatArray) -> FloatArray:
    """Return the log loss of every row, shape (n,); parameters and errors as `log_loss_of_classes`."""
    require_class_probabilities(truth, probabilities)
    return _minus_log(probabilities[np.arange(truth.size), truth])


def require_class_probabilities(truth: IntArray, probabilities: FloatArray) -> None:
    """Refuse what are not probabilities of classes of which one is true; errors as `log_loss_of_classes`."""
    if probabilities.ndim != 2 or truth.shape != probabilities.shape[:1] or truth.dtype.kind not in "iu":
        raise ValueError(
            f"{truth.shape} true classes ({truth.dtype}) for probabilities of {probabilities.shape}"
        )
    _require_probabilities(probabilities)
    if truth.min() < 0 or truth.max() >= probabilities.shape[1]:
        raise ValueError("a true class has no column of probabilities")
    off = np.abs(probabilities.sum(axis=1) - 1) > OFF_ONE
    if off.any():
        raise Undefined(f"the probabilities of {int(off.sum())} of {off.size} rows do not add up to 1")


def _require_probabilities(score: FloatArray) -> None:
    require_finite(score, "scores")
    if score.min() < 0 or score.max() > 1:
        raise Undefined("scores are not probabilities: log loss needs values from 0 to 1")


def _minus_log(given: FloatArray) -> FloatArray:
    np.clip(given, EPSILON, 1 - EPSILON, out=given)
    np.log(given, out=given)
    return np.negative(given, out=given)
