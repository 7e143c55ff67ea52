"""Accuracy, precision, recall and F1 from a confusion table, with scikit-learn's definitions.

A table is the tuple of class labels and the matrix of counts [truth, prediction] in that order.

One class against another (`binary`): a zero denominator raises `Undefined`. An average over classes
(`macro`: all alike; `weighted`: by their rows in truth) leaves out a class with neither true nor predicted
rows; a class whose own denominator is zero counts as 0, as with scikit-learn's `zero_division=0`. `micro`,
and the weighted recall, are the accuracy.

Accuracy, precision and recall are shares of rows and have Wilson's interval; F1 has one carried over from
a share, see `mlval.stats.parts`; for averages see `mlval.stats.averages`.
"""

from typing import Literal

import numpy as np

from mlval.stats.arrays import IntArray
from mlval.stats.averages import average_of, correlation_of_f1, variance_of_weights
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.parts import Part

Average = Literal["binary", "macro", "micro", "weighted"]


def accuracy(labels: tuple[str, ...], matrix: IntArray, *, confidence: float = 0.95) -> Estimate:
    """Return the share of rows whose prediction is the truth.

    Parameters
    ----------
    labels : the classes, k of them
    matrix : shape (k, k), counts from 0, [truth, prediction]
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If the table holds no rows.

    Examples
    --------
    >>> accuracy(("no", "yes"), np.array([[5, 1], [2, 2]])).value
    0.7
    """
    require_table(labels, matrix)
    return _one(Part(successes=int(np.trace(matrix)), trials=int(matrix.sum())), confidence)


def precision(
    labels: tuple[str, ...],
    matrix: IntArray,
    *,
    average: Average,
    positive: str | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the share of rows predicted as a class that belong to it.

    Parameters
    ----------
    labels, matrix, confidence : as `accuracy`
    average : over which classes; `binary` needs `positive` and at most two classes
    positive : the class that counts, for `binary`

    Raises
    ------
    Undefined
        If the table holds no rows, or (`binary`) no row is predicted positive.

    Examples
    --------
    >>> found = precision(("no", "yes"), np.array([[5, 1], [2, 2]]), average="binary", positive="yes")
    >>> found.successes, found.n
    (2, 3)
    """
    if average == "micro":
        return accuracy(labels, matrix, confidence=confidence)
    if average == "binary":
        right, _, predicted = one_class(labels, matrix, positive=positive)
        if predicted == 0:
            raise Undefined("no row is predicted positive: precision has no denominator")
        return _one(Part(successes=right, trials=predicted), confidence)
    return _mean(labels, matrix, metric="precision", average=average, confidence=confidence)


def recall(
    labels: tuple[str, ...],
    matrix: IntArray,
    *,
    average: Average,
    positive: str | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the share of rows of a class that are predicted as it.

    Parameters
    ----------
    labels, matrix, average, positive, confidence : as `precision`

    Raises
    ------
    Undefined
        If the table holds no rows, or (`binary`) no row is truly positive.

    Examples
    --------
    >>> recall(("no", "yes"), np.array([[5, 1], [2, 2]]), average="binary", positive="yes").value
    0.5
    """
    if average in {"micro", "weighted"}:
        return accuracy(labels, matrix, confidence=confidence)
    if average == "binary":
        right, true, _ = one_class(labels, matrix, positive=positive)
        if true == 0:
            raise Undefined("no row is truly positive: recall has no denominator")
        return _one(Part(successes=right, trials=true), confidence)
    return _mean(labels, matrix, metric="recall", average=average, confidence=confidence)


def f1(
    labels: tuple[str, ...],
    matrix: IntArray,
    *,
    average: Average,
    positive: str | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Return the harmonic mean of precision and recall, 2 tp / (2 tp + fp + fn).

    Parameters
    ----------
    labels, matrix, average, positive, confidence : as `precision`

    Raises
    ------
    Undefined
        If the table holds no rows, or (`binary`) no row is truly or predicted positive.

    Examples
    --------
    >>> round(f1(("no", "yes"), np.array([[5, 1], [2, 2]]), average="binary", positive="yes").value, 4)
    0.5714
    """
    if average == "micro":
        return accuracy(labels, matrix, confidence=confidence)
    if average == "binary":
        right, true, predicted = one_class(labels, matrix, positive=positive)
        if true + predicted == 0:
            raise Undefined("no row is truly or predicted positive: F1 has no denominator")
        return _one(Part(successes=right, trials=true + predicted - right, f1=True), confidence)
    return _mean(labels, matrix, metric="f1", average=average, confidence=confidence)


def require_table(labels: tuple[str, ...], matrix: IntArray) -> None:
    """Refuse what is no table of counts, and one without rows.

    Raises
    ------
    Undefined
        If the table holds no rows.
    ValueError
        If labels and counts do not fit, or counts are not whole numbers from 0.
    """
    if len(set(labels)) != len(labels) or matrix.shape != (len(labels), len(labels)):
        raise ValueError(f"{len(labels)} labels for a table of shape {matrix.shape}")
    if matrix.dtype.kind not in "iu" or (matrix.size and matrix.min() < 0):
        raise ValueError("a confusion table holds whole numbers from 0")
    if not matrix.any():
        raise Undefined("no rows with both a truth and a prediction")


def one_class(labels: tuple[str, ...], matrix: IntArray, *, positive: str | None) -> tuple[int, int, int]:
    """Return how many rows of the positive class are right, true and predicted.

    Raises
    ------
    Undefined
        If there are no rows or more than two classes, or the positive class is not known or does not occur.
    """
    require_table(labels, matrix)
    if positive is None:
        raise Undefined("which class is positive is not known: name it, or average over the classes")
    if len(labels) > 2:
        raise Undefined(f"{len(labels)} classes, where binary means two: average over the classes")
    if positive not in labels:
        raise Undefined("the positive class occurs neither in truth nor in predictions")
    index = labels.index(positive)
    return int(matrix[index, index]), int(matrix[index].sum()), int(matrix[:, index].sum())


def _one(part: Part, confidence: float) -> Estimate:
    return Estimate(
        value=part.value,
        n=part.trials,
        interval=part.interval(confidence),
        successes=None if part.f1 else part.successes,
    )


def _mean(
    labels: tuple[str, ...],
    matrix: IntArray,
    *,
    metric: Literal["precision", "recall", "f1"],
    average: Average,
    confidence: float,
) -> Estimate:
    require_table(labels, matrix)
    present = np.flatnonzero(matrix.any(axis=0) | matrix.any(axis=1))
    matrix = matrix[np.ix_(present, present)]
    right, true, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    trials = {"precision": predicted, "recall": true, "f1": true + predicted - right}[metric]
    weighted = average == "weighted"
    value, interval = average_of(
        [
            Part(successes=successes, trials=rows, f1=metric == "f1")
            for successes, rows in zip(right.tolist(), trials.tolist(), strict=True)
        ],
        true / matrix.sum() if weighted else np.full(present.size, 1 / present.size),
        confidence=confidence,
        correlation=correlation_of_f1(matrix) if metric == "f1" else np.eye(present.size),
        variance=variance_of_weights(matrix, f1=metric == "f1") if weighted else 0.0,
    )
    return Estimate(value=value, n=int(matrix.sum()), interval=interval)
