"""How well sets of labels are predicted, where a row may have several labels or none.

`truth` and `prediction` say for each row and label whether the row has it: shape (n, k), as scikit-learn's
indicator matrices. Labels that no row has on either side are left out. A label, or a row, whose own
denominator is zero counts as 0 in a mean, as with scikit-learn's `zero_division=0`; where there is nothing at
all to divide by, the metric is undefined.

Rows are independent, the labels of one row are not: every metric comes with the influence of each row on it,
from which follow its interval and that of the difference of two models.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray, require_share
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import student_quantile
from mlval.stats.paired_estimate import Influence
from mlval.stats.sums import ordered_sum

_ROWS: Final = 65_536
Average = Literal["binary", "macro", "micro", "weighted", "samples"]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share a·(both) / (b·true + c·predicted + d·both) of labels."""

    name: str
    both: int
    true: int
    predicted: int
    less: int = 0

    def parts(self, true: IntArray, predicted: IntArray, both: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return what is divided, and by what, from counts of labels."""
        above = self.both * both
        below = self.true * true + self.predicted * predicted + self.less * both
        return above.astype(np.float64), below.astype(np.float64)

    def influence(self, truth: BoolArray, prediction: BoolArray, *, average: Average) -> Influence:
        """Return the value with the influence of every row, see `averaged`."""
        return averaged(self, truth, prediction, average=average)

    def estimate(
        self, truth: BoolArray, prediction: BoolArray, *, average: Average, confidence: float
    ) -> Estimate:
        """Return the value with its interval, see `averaged` and `estimate`."""
        return estimate(averaged(self, truth, prediction, average=average), confidence=confidence)


PRECISION: Final = Ratio("precision", 1, 0, 1)
RECALL: Final = Ratio("recall", 1, 1, 0)
F1: Final = Ratio("F1", 2, 1, 1)
JACCARD: Final = Ratio("Jaccard's index", 1, 1, 1, -1)


def averaged(ratio: Ratio, truth: BoolArray, prediction: BoolArray, *, average: Average) -> Influence:
    """Return a ratio of labels over all of them (`micro`), or its mean over labels or rows (`samples`).

    `weighted` is the mean over labels by the rows that truly have them.

    Parameters
    ----------
    truth, prediction : shape (n, k)

    Raises
    ------
    Undefined
        If there are no rows or no labels, no average is chosen (`binary`), the denominator of `micro` is
        zero, no row truly has a label (`weighted`), or a row has a label on neither side (`samples`).

    Examples
    --------
    >>> truth, prediction = np.array([[True, True], [False, True]]), np.array([[True, False], [True, True]])
    >>> round(averaged(JACCARD, truth, prediction, average="micro").value, 4)
    0.5
    """
    if average == "binary":
        raise Undefined("rows have several labels: say `average: micro`, `macro` or `weighted`")
    truth, prediction = _occurring(truth, prediction)
    both, rows = truth & prediction, len(truth)
    if average in {"samples", "micro"}:
        of_row = [one.sum(axis=1) for one in (truth, prediction, both)]
        above, below = ratio.parts(*of_row)
        if average == "micro":
            return _together(ratio, above, below)
        if empty := int(np.count_nonzero(of_row[0] + of_row[1] == 0)):
            raise Undefined(f"{empty:,} of {rows:,} rows have neither a true nor a predicted label")
        return _over_rows(above, below)
    true = truth.sum(axis=0)
    tops, bottoms = ratio.parts(true, *(one.sum(axis=0) for one in (prediction, both)))
    values = np.divide(tops, bottoms, out=np.zeros_like(tops), where=bottoms > 0)
    weights = np.full(values.size, 1 / values.size)
    if average == "weighted":
        if not true.any():
            raise Undefined("no row truly has a label: there is nothing to weigh by")
        weights = true / true.sum()
    value = min(1.0, math.fsum(weights * values))
    slope = np.divide(weights * rows, bottoms, out=np.zeros_like(tops), where=bottoms > 0)
    of_truth = -ratio.true * slope * values
    if average == "weighted":
        of_truth += (values - value) * rows / true.sum()
    moved = _weighed(truth, of_truth)
    moved += _weighed(prediction, -ratio.predicted * slope * values)
    moved += _weighed(both, slope * (ratio.both - ratio.less * values))
    return _corrected(value, moved)


def hamming_loss(truth: BoolArray, prediction: BoolArray) -> Influence:
    """Return the share of rows × labels that are wrong; errors as `averaged`.

    Labels that no row has on either side are left out, so the loss is that of the labels that occur.

    >>> hamming_loss(np.array([[True, True]]), np.array([[True, False]])).value
    0.5
    """
    truth, prediction = _occurring(truth, prediction)
    wrong = (truth ^ prediction).sum(axis=1)
    value = int(wrong.sum()) / truth.size
    return _corrected(value, wrong / truth.shape[1] - value)


def exact_rows(truth: BoolArray, prediction: BoolArray) -> BoolArray:
    """Return which rows have exactly the predicted labels, shape (n,)."""
    right: BoolArray = (truth == prediction).all(axis=1)
    return right


def estimate(found: Influence, *, confidence: float) -> Estimate:
    """Return the value with Student's interval from the influences, within [0, 1].

    Where no row moves the value, as many as 1 − (1 − c)^(1/n) of all rows may differ yet, c the confidence
    of one side.

    >>> found = averaged(F1, np.eye(3) > 0, np.eye(3) > 0, average="micro")
    >>> tuple(round(end, 4) for end in estimate(found, confidence=0.95).interval or ())
    (0.2924, 1.0)
    """
    require_share(confidence, "confidence")
    rows = found.rows.size
    if rows < 2:
        return Estimate(value=found.value, n=rows)
    error = math.sqrt(ordered_sum(np.square(found.rows))) / rows
    if error > 0:
        half = student_quantile(rows - 1, confidence) * error
    else:
        half = 1 - ((1 - confidence) / 2) ** (1 / rows)
    ends = max(0.0, found.value - half), min(1.0, found.value + half)
    return Estimate(value=found.value, n=rows, interval=ends)


def _over_rows(above: FloatArray, below: FloatArray) -> Influence:
    values = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    value = ordered_sum(values) / values.size
    return _corrected(value, values - value)


def _together(ratio: Ratio, above: FloatArray, below: FloatArray) -> Influence:
    total = float(below.sum())
    if not total:
        raise Undefined(f"no row has a label that counts: {ratio.name} has no denominator")
    value = float(above.sum()) / total
    return _corrected(value, (above - value * below) * (above.size / total))


def _weighed(table: BoolArray, weights: FloatArray) -> FloatArray:
    """Return for each row the sum of the weights of its labels, some rows at a time."""
    sums = np.empty(len(table))
    for start in range(0, len(table), _ROWS):
        block = slice(start, start + _ROWS)
        sums[block] = table[block] @ weights
    return sums


def _occurring(truth: BoolArray, prediction: BoolArray) -> tuple[BoolArray, BoolArray]:
    if truth.ndim != 2 or truth.shape != prediction.shape or not truth.dtype == prediction.dtype == np.bool_:
        raise ValueError(f"true labels {truth.shape} and predicted ones {prediction.shape} are not alike")
    if not len(truth):
        raise Undefined("no rows with both a truth and a prediction")
    known = truth.any(axis=0) | prediction.any(axis=0)
    if not known.any():
        raise Undefined("no row has a label, neither true nor predicted")
    return truth[:, known], prediction[:, known]


def _corrected(value: float, moved: FloatArray) -> Influence:
    n = moved.size
    return Influence(value=value, rows=moved * math.sqrt(n / (n - 1)) if n > 1 else moved, freedom=n - 1)
