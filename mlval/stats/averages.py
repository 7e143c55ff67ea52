"""A weighted mean over the classes of a confusion table, and its interval joined from those of the classes.

The interval is MOVER, the method of variance estimates recovery (Zou and Donner 2008). With v the value of
a class, [l, u] its interval, w its weight and R the correlation between classes, the lower end lies
sqrt(a'R a) below the mean, a = w·(v − l), and the upper end sqrt(b'R b) above it, b = w·(u − v). So a rare
class that happens to be all right still widens the interval; the delta method would take it for certain.

N is the matrix of counts [truth, prediction], T and P its true and predicted rows by class, n all rows.
"""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.intervals import normal_quantile


class ValueOfClass(Protocol):
    """The value of one class, and its interval."""

    @property
    def value(self) -> float:
        """From 0 to 1."""

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the lower and the upper bound."""


def average_of(
    parts: Sequence[ValueOfClass],
    weights: FloatArray,
    *,
    confidence: float,
    correlation: FloatArray,
    variance: float = 0.0,
) -> tuple[float, tuple[float, float]]:
    """Return the weighted mean of the classes and its interval, within [0, 1].

    Parameters
    ----------
    parts : one per class, k >= 1
    weights : shape (k,), from 0, adding up to 1
    confidence : two-sided, strictly between 0 and 1
    correlation : shape (k, k), between the values of the classes. Precisions given the predictions, and
        recalls given the truth, are independent; for F1 see `correlation_of_f1`
    variance : what estimated weights add to that of the mean, see `variance_of_weights`

    Examples
    --------
    >>> from mlval.stats.parts import Part
    >>> halves = [Part(successes=40, trials=50), Part(successes=30, trials=50)]
    >>> value, (low, high) = average_of(halves, np.full(2, 0.5), confidence=0.95, correlation=np.eye(2))
    >>> round(value, 3), round(low, 3), round(high, 3)
    (0.7, 0.605, 0.776)
    """
    values = np.array([part.value for part in parts])
    bounds = np.array([part.interval(confidence) for part in parts])
    free = normal_quantile(confidence) ** 2 * variance
    below = math.sqrt(_joined(weights * (values - bounds[:, 0]), correlation) + free)
    above = math.sqrt(_joined(weights * (bounds[:, 1] - values), correlation) + free)
    mean = math.fsum(weights * values)
    return mean, (max(0.0, mean - below), min(1.0, mean + above))


def correlation_of_f1(matrix: IntArray) -> FloatArray:
    """Return the correlation between the F1 values of the classes: a wrong row counts against two of them.

    With F the F1 values and D = T + P, the delta method on multinomial cells gives

        cov(c, d) = (N_cd + N_dc) F_c F_d / (D_c D_d)
        var(c) = (N_cc (2 − 2 F_c)² + (D_c − 2 N_cc) F_c²) / D_c²

    Where a variance is zero, the errors of the class are taken as spread evenly over the others: 1 / (k − 1).

    Parameters
    ----------
    matrix : shape (k, k), each class with true or predicted rows

    Examples
    --------
    >>> correlation_of_f1(np.array([[5, 1], [2, 2]])).round(3).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    right = np.diag(matrix)
    both = (matrix.sum(axis=0) + matrix.sum(axis=1)).astype(np.float64)
    f1 = 2 * right / both
    variance = (right * (2 - 2 * f1) ** 2 + (both - 2 * right) * f1**2) / both**2
    scale = np.sqrt(np.outer(variance, variance))
    even = np.full(scale.shape, 1 / max(1, f1.size - 1))
    correlation: FloatArray = np.divide(
        (matrix + matrix.T) * np.outer(f1 / both, f1 / both), scale, out=even, where=scale > 0
    )
    np.fill_diagonal(correlation, 1.0)
    return np.minimum(correlation, 1.0)


def variance_of_weights(matrix: IntArray, *, f1: bool) -> float:
    """Return what the weights T / n of a weighted mean add to its variance, as they are estimated too.

    By the delta method a row of truth i and prediction j moves the weighted mean V by (v_i − V) through the
    weights and by g_ij through the values v, all over n. The first squared, and twice their product, summed
    over rows, are what the values alone leave out; a negative sum is left aside. With D = T + P,

        precision: g_ij = ([i = j] − v_j) T_j / P_j
        F1: g_ij = 2 [i = j] T_i / D_i − v_i T_i / D_i − v_j T_j / D_j

    Parameters
    ----------
    matrix : shape (k, k), each class with true or predicted rows
    f1 : whether the values are F1, else precision

    Examples
    --------
    >>> round(variance_of_weights(np.array([[93, 2], [1, 4]]), f1=False), 6)
    4.2e-05
    """
    true, predicted = matrix.sum(axis=1), matrix.sum(axis=0)
    rows = int(matrix.sum())
    same = np.eye(true.size)
    if f1:
        share = true / (true + predicted)
        values = 2 * np.diag(matrix) / (true + predicted)
        through_values = 2 * same * share - (share * values)[:, None] - (share * values)[None, :]
    else:
        values = np.diag(matrix) / np.maximum(predicted, 1)
        through_values = (same - values[None, :]) * (true / np.maximum(predicted, 1))[None, :]
    through_weights = (values - float(np.sum(values * true)) / rows)[:, None]
    left_out = float(np.sum(matrix * through_weights * (through_weights + 2 * through_values)))
    return max(0.0, left_out) / rows**2


def _joined(distances: FloatArray, correlation: FloatArray) -> float:
    return float(np.sum(distances[:, None] * correlation * distances[None, :]))
