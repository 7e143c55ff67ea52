"""Two values of one statistic on the same rows, and an interval of their difference by the delta method.

A statistic moves, when one row more is counted, by that row's influence over the number of rows. The variance
of a difference is then that of the mean of the differences of influences, whatever the statistic is. Rows
that belong together, such as those of one customer, are added up first: whole groups are independent.
"""

import math
from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray, require_finite, require_share
from mlval.stats.errors import Undefined

Interval = tuple[float, float]
LARGEST = 1e140
"""Beyond, the squares of a column of values could not be added up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """A statistic and the influence of every row on it.

    Attributes
    ----------
    value : finite
    rows : shape (n,), about zero in the mean
    freedom : degrees of freedom of the variance
    """

    value: float
    rows: FloatArray
    freedom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Two values and how far they are apart.

    Attributes
    ----------
    first, second : finite
    error : the standard error of second − weight·first, see `paired`
    interval : of second − first, widened or narrowed by what the weight says
    units : independent rows, or groups of them
    method : how the interval was found, in words
    """

    first: float
    second: float
    error: float
    interval: Interval | None
    units: int
    method: str

    @property
    def difference(self) -> float:
        """Second less first."""
        return self.second - self.first


def paired(
    first: Influence,
    second: Influence,
    *,
    confidence: float,
    weight: float = 1.0,
    groups: IntArray | None = None,
    method: str = "delta method",
) -> Paired:
    """Return the difference of two statistics of the same rows with Student's interval.

    Parameters
    ----------
    confidence : two-sided, strictly between 0 and 1
    weight : the interval is that of second − weight·first, moved by (weight − 1)·first. Where a margin is a
        share s of the first value, with weight 1 − s, the error of that value is taken into account
    groups : shape (n,), codes from 0 of the groups that rows belong to

    Raises
    ------
    Undefined
        If an influence is not finite, or there are fewer than two independent rows or groups.
    """
    moved = second.rows - weight * first.rows
    _require_moderate(moved, "influences")
    units, freedom, total = moved.size, min(first.freedom, second.freedom), moved
    if groups is not None:
        total = np.bincount(groups, weights=moved).astype(np.float64)
        units = int(np.unique(groups).size)
        freedom = units - 1
    if units < 2 or freedom < 1:
        raise Undefined("an interval needs at least two rows or groups that are independent")
    widened = units / (units - 1) if groups is not None else 1.0
    error = math.sqrt(float(np.sum(np.square(total))) * widened) / moved.size
    return from_error(
        first.value,
        second.value,
        error=error,
        freedom=freedom,
        units=units,
        confidence=confidence,
        method=method,
    )


def from_error(
    first: float,
    second: float,
    *,
    error: float,
    freedom: float,
    units: int,
    confidence: float,
    method: str = "delta method",
) -> Paired:
    """Return Student's interval of a difference whose standard error is known.

    Where the two have not differed on any of n units, Student's width of zero would claim certainty. As many
    as 1 − (1 − c)^(1/n) of all units may differ yet, c the confidence of one side; the interval supposes that
    on these the whole of the larger value is at stake.
    """
    from scipy.special import stdtrit

    require_share(confidence, "confidence")
    side = (1 + confidence) / 2
    if error > 0:
        half = float(stdtrit(min(freedom, 1e9), side)) * error
    else:
        half = (1 - (1 - side) ** (1 / units)) * max(abs(first), abs(second))
    middle = second - first
    if not all(math.isfinite(number) for number in (first, second, error, half)):
        raise Undefined("the values are too large for an interval")
    return Paired(
        first=first,
        second=second,
        error=error,
        interval=(middle - half, middle + half),
        units=units,
        method=method,
    )


def of_mean(values: FloatArray) -> Influence:
    """Return the mean of rows, such as losses; `paired` is then Student's interval of paired differences.

    Examples
    --------
    >>> found = paired(of_mean(np.array([1.0, 2.0, 4.0])), of_mean(np.array([2.0, 4.0, 5.0])), confidence=0.9)
    >>> round(found.difference, 4), tuple(round(end, 4) for end in found.interval)
    (1.3333, (0.36, 2.3067))
    """
    _require_moderate(values, "values")
    mean = float(np.sum(values)) / values.size
    return _corrected(mean, values - mean)


def of_root_mean_square(errors: FloatArray) -> Influence:
    """Return the root of the mean square of errors.

    Raises
    ------
    Undefined
        If an error is not finite, or all are zero: the root has no slope there.
    """
    _require_moderate(errors, "errors")
    squares = np.square(errors)
    mean = float(np.sum(squares)) / squares.size
    root = math.sqrt(mean)
    if root == 0:
        return Influence(value=0.0, rows=np.zeros(errors.size), freedom=errors.size - 1)
    return _corrected(root, (squares - mean) / (2 * root))


def of_r2(truth: FloatArray, prediction: FloatArray) -> Influence:
    """Return one minus the squared errors over the squared deviations of the truth from its mean.

    Raises
    ------
    Undefined
        If a value is not finite, or the truth is constant.
    """
    _require_moderate(truth, "truths")
    _require_moderate(prediction, "predictions")
    errors = np.square(truth - prediction)
    spread = np.square(truth - float(np.sum(truth)) / truth.size)
    variance = float(np.sum(spread)) / spread.size
    if variance == 0:
        raise Undefined("the truth is constant: R2 is not defined")
    left = float(np.sum(errors)) / errors.size / variance
    return _corrected(1 - left, (left * spread - errors) / variance)


def _require_moderate(values: FloatArray, name: str) -> None:
    require_finite(values, name)
    if max(abs(float(values.min())), abs(float(values.max()))) > LARGEST:
        raise Undefined(f"the {name} are too large for an interval")


def _corrected(value: float, rows: FloatArray) -> Influence:
    n = rows.size
    scale = math.sqrt(n / (n - 1)) if n > 1 else 1.0
    return Influence(value=value, rows=rows * scale, freedom=n - 1)
