"""How far predicted classes agree with the truth beyond what their frequencies alone would give.

N is the matrix of counts [truth, prediction], n all rows, c those that are right, t and p the true and
predicted rows by class. The intervals are by the delta method on multinomial cells.
"""

import math

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.averages import average_of
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import normal_quantile
from mlval.stats.parts import Part


def balanced_accuracy(matrix: IntArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean over the classes that occur in the truth of the share of their rows that is right.

    Parameters
    ----------
    matrix : shape (k, k), counts from 0, [truth, prediction]
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If the table holds no rows.

    Examples
    --------
    >>> balanced_accuracy(np.array([[4, 0], [1, 1]])).value
    0.75
    """
    n = _rows(matrix)
    true = matrix.sum(axis=1)
    some = np.flatnonzero(true)
    value, interval = average_of(
        [Part(successes=int(matrix[i, i]), trials=int(true[i])) for i in some],
        np.full(some.size, 1 / some.size),
        confidence=confidence,
        correlation=np.eye(some.size),
    )
    return Estimate(value=value, n=n, interval=interval)


def matthews(matrix: IntArray, *, confidence: float = 0.95) -> Estimate:
    """Return Matthews' correlation, for any number of classes (Gorodkin 2004): (c n − Σ t p) / √(B C).

    B = n² − Σ p², C = n² − Σ t². Parameters as `balanced_accuracy`.

    Raises
    ------
    Undefined
        If there are no rows, or all are truly, or predicted as, one class: there is nothing to correlate.

    Examples
    --------
    >>> matthews(np.array([[3, 0], [0, 3]])).value
    1.0
    """
    n = _rows(matrix)
    true, predicted, right = _margins(matrix)
    spread = n**2 - sum(p * p for p in predicted), n**2 - sum(t * t for t in true)
    if 0 in spread:
        raise Undefined("all rows are truly, or predicted as, one class: there is nothing to correlate")
    root = math.sqrt(spread[0] * spread[1])
    value = (right * n - sum(t * p for t, p in zip(true, predicted, strict=True))) / root
    of_true, of_predicted = np.array(true, dtype=np.float64)[:, None], np.array(predicted, dtype=np.float64)
    above = np.eye(len(true)) * n + right - of_true - of_predicted
    slope = above / root - value / 2 * (
        (2 * n - 2 * of_predicted) / spread[0] + (2 * n - 2 * of_true) / spread[1]
    )
    return _estimate(value, matrix, slope, confidence=confidence)


def kappa(matrix: IntArray, *, confidence: float = 0.95) -> Estimate:
    """Return Cohen's kappa: (c n − Σ t p) / (n² − Σ t p); parameters as `balanced_accuracy`.

    Raises
    ------
    Undefined
        If there are no rows, or truth and prediction are all of the same one class.

    Examples
    --------
    >>> round(kappa(np.array([[20, 5], [10, 15]])).value, 9)
    0.4
    """
    n = _rows(matrix)
    true, predicted, right = _margins(matrix)
    by_chance = sum(t * p for t, p in zip(true, predicted, strict=True))
    below = n**2 - by_chance
    if below == 0:
        raise Undefined("truth and prediction are all of one class: they agree whatever the model does")
    value = (right * n - by_chance) / below
    of_true, of_predicted = np.array(true, dtype=np.float64)[:, None], np.array(predicted, dtype=np.float64)
    above = np.eye(len(true)) * n + right - of_true - of_predicted
    slope = (above - value * (2 * n - of_true - of_predicted)) / below
    return _estimate(value, matrix, slope, confidence=confidence)


def _rows(matrix: IntArray) -> int:
    if not matrix.any():
        raise Undefined("no rows with both a truth and a prediction")
    return int(matrix.sum())


def _margins(matrix: IntArray) -> tuple[list[int], list[int], int]:
    """Return the true and the predicted rows by class, and how many rows are right."""
    return matrix.sum(axis=1).tolist(), matrix.sum(axis=0).tolist(), int(np.trace(matrix))


def _estimate(value: float, matrix: IntArray, slope: FloatArray, *, confidence: float) -> Estimate:
    """Return a value that one more row of a cell would move by `slope`."""
    variance = float(np.sum(matrix * np.square(slope)))
    n = int(matrix.sum())
    if variance <= 1e-12 / n:  # all right or all wrong: the cells say nothing of the spread
        return Estimate(value=value, n=n)
    half = normal_quantile(confidence) * math.sqrt(variance)
    return Estimate(value=value, n=n, interval=(max(-1.0, value - half), min(1.0, value + half)))
