"""Jaccard's index and F-beta from a confusion table, with scikit-learn's definitions and averages.

One class (`binary`) or an average over classes as in `mlval.stats.counts`. Jaccard's index of one class is a
share of rows and has Wilson's interval. F-beta has Wilson's for as many trials as give the variance of the
delta method; averages are joined as those of F1.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlval.stats.arrays import IntArray
from mlval.stats.averages import average_of, correlation_of_f1
from mlval.stats.counts import Average, one_class, require_table
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import score_interval
from mlval.stats.parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class FBeta:
    """F-beta of one class: tp / (tp + w fn + v fp), w = β² / (1 + β²) and v = 1 − w.

    Examples
    --------
    >>> FBeta(right=2, missed=1, wrong=3, beta=2.0).value
    0.5882352941176471
    """

    right: int
    missed: int
    wrong: int
    beta: float

    @property
    def value(self) -> float:
        """The value, 0 to 1; 0 where there is no row of the class, as scikit-learn's `zero_division=0`."""
        weight = self.beta**2
        below = (1 + weight) * self.right + weight * self.missed + self.wrong
        return (1 + weight) * self.right / below if below else 0.0

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the interval; all of [0, 1] where there is no row of the class."""
        rows = self.right + self.missed + self.wrong
        if rows == 0:
            return 0.0, 1.0
        weight = self.beta**2 / (1 + self.beta**2)
        below = self.right + weight * self.missed + (1 - weight) * self.wrong
        value = self.value
        moved = self.right * (1 - value) ** 2 + self.missed * (weight * value) ** 2
        moved += self.wrong * ((1 - weight) * value) ** 2
        trials = value * (1 - value) * below**2 / moved if 0 < value < 1 else rows
        return score_interval(value, trials, confidence=confidence)


def jaccard(
    labels: tuple[str, ...],
    matrix: IntArray,
    *,
    average: Average,
    positive: str | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return tp / (tp + fp + fn): of the rows that are truly or predicted of a class, those that are both.

    Parameters
    ----------
    labels : the classes, k of them
    matrix : shape (k, k), counts from 0, [truth, prediction]
    average : over which classes; `binary` needs `positive` and at most two classes
    positive : the class that counts, for `binary`
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If the table holds no rows, or (`binary`) no row is truly or predicted positive.

    Examples
    --------
    >>> jaccard(("no", "yes"), np.array([[5, 1], [2, 2]]), average="binary", positive="yes").value
    0.4
    """
    if average == "binary":
        right, true, predicted = one_class(labels, matrix, positive=positive)
        if true + predicted == 0:
            raise Undefined("no row is truly or predicted positive: Jaccard's index has no denominator")
        part = Part(successes=right, trials=true + predicted - right)
        return Estimate(value=part.value, n=part.trials, interval=part.interval(confidence), successes=right)
    require_table(labels, matrix)
    right_rows, true_rows, predicted_rows = _margins(matrix)
    if average == "micro":
        n, right = int(matrix.sum()), int(right_rows.sum())
        part = Part(successes=right, trials=2 * n - right)
        # A row that is wrong counts twice, as missed of one class and wrong of another: rows, not trials.
        low, high = Part(successes=right, trials=n).interval(confidence)
        return Estimate(value=part.value, n=n, interval=(low / (2 - low), high / (2 - high)))
    parts = [
        Part(successes=int(r), trials=int(t + p - r))
        for r, t, p in zip(right_rows, true_rows, predicted_rows, strict=True)
    ]
    return _mean(parts, matrix, average=average, confidence=confidence)


def fbeta(
    labels: tuple[str, ...],
    matrix: IntArray,
    *,
    beta: float,
    average: Average,
    positive: str | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the weighted harmonic mean of precision and recall, in which recall weighs beta times as much.

    Parameters
    ----------
    beta : above 0
    labels, matrix, average, positive, confidence : as `jaccard`

    Raises
    ------
    Undefined
        As `jaccard`.

    Examples
    --------
    >>> table = np.array([[5, 1], [2, 2]])
    >>> round(fbeta(("no", "yes"), table, beta=2.0, average="binary", positive="yes").value, 4)
    0.5263
    """
    if average == "binary":
        right, true, predicted = one_class(labels, matrix, positive=positive)
        if true + predicted == 0:
            raise Undefined("no row is truly or predicted positive: F-beta has no denominator")
        part = FBeta(right=right, missed=true - right, wrong=predicted - right, beta=beta)
        return Estimate(value=part.value, n=true + predicted - right, interval=part.interval(confidence))
    require_table(labels, matrix)
    right_rows, true_rows, predicted_rows = _margins(matrix)
    if average == "micro":
        share = Part(successes=int(right_rows.sum()), trials=int(matrix.sum()))
        return Estimate(value=share.value, n=share.trials, interval=share.interval(confidence))
    parts = [
        FBeta(right=int(r), missed=int(t - r), wrong=int(p - r), beta=beta)
        for r, t, p in zip(right_rows, true_rows, predicted_rows, strict=True)
    ]
    return _mean(parts, matrix, average=average, confidence=confidence)


def _margins(matrix: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the right, true and predicted rows of the classes that occur."""
    matrix = _occurring(matrix)
    return np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)


def _occurring(matrix: IntArray) -> IntArray:
    present = np.flatnonzero(matrix.any(axis=0) | matrix.any(axis=1))
    return matrix[np.ix_(present, present)]


def _mean(
    parts: list[Part] | list[FBeta],
    matrix: IntArray,
    *,
    average: Literal["macro", "weighted"],
    confidence: float,
) -> Estimate:
    matrix = _occurring(matrix)
    true, n = matrix.sum(axis=1), int(matrix.sum())
    value, interval = average_of(
        parts,
        true / n if average == "weighted" else np.full(true.size, 1 / true.size),
        confidence=confidence,
        correlation=correlation_of_f1(matrix),
    )
    return Estimate(value=value, n=n, interval=interval)
