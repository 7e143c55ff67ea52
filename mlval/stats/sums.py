"""Sums and moments that are the same, bit for bit, in whatever order the rows arrive."""

import math
from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray, require_finite
from mlval.stats.errors import Undefined


@dataclass(frozen=True, slots=True)
class Moments:
    """Number, mean and standard deviation (n − 1 in the denominator; 0 for one value) of a column."""

    n: int
    mean: float
    deviation: float


def ordered_sum(values: FloatArray) -> float:
    """Add up values after sorting them, so that neither row order nor threads show in the last digits.

    Parameters
    ----------
    values : shape (n,), finite, n >= 1; not changed

    Raises
    ------
    Undefined
        If a value is not finite or the sum is beyond the range of floating-point numbers.

    Examples
    --------
    >>> import numpy as np
    >>> ordered_sum(np.array([1e16, 1.0, -1e16])) == ordered_sum(np.array([1e16, -1e16, 1.0]))
    True
    """
    require_finite(values, "values")
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(np.sum(np.sort(values)))
    if not math.isfinite(total):
        raise Undefined("the values are too large to be added up")
    return total


def scaled(values: FloatArray) -> tuple[FloatArray, int]:
    """Bring values into [−1, 1] by a power of two, so that their squares neither overflow nor vanish.

    Returns
    -------
    a new array and the exponent e: values = array · 2**e, without rounding
    """
    require_finite(values, "values")
    largest = max(abs(float(values.min())), abs(float(values.max())))
    exponent = math.frexp(largest)[1]
    return np.ldexp(values, -exponent), exponent


def unscaled(value: float, exponent: int) -> float:
    """Return value · 2**exponent.

    Raises
    ------
    Undefined
        If that is beyond the range of floating-point numbers.
    """
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        raise Undefined("the values are too large to be added up") from None


def moments(values: FloatArray) -> Moments:
    """Compute mean and standard deviation in two passes over the sorted values.

    Parameters
    ----------
    values : shape (n,), finite, n >= 1; not changed

    Raises
    ------
    Undefined
        If there are no values or some are not finite.

    Examples
    --------
    >>> import numpy as np
    >>> moments(np.array([1.0, 2.0, 3.0]))
    Moments(n=3, mean=2.0, deviation=1.0)
    """
    ordered, exponent = scaled(values)
    ordered.sort()
    n = ordered.size
    if ordered[0] == ordered[-1]:
        return Moments(n, math.ldexp(float(ordered[0]), exponent), 0.0)
    mean = float(np.sum(ordered)) / n
    ordered -= mean
    np.square(ordered, out=ordered)
    deviation = math.sqrt(float(np.sum(ordered)) / (n - 1))
    return Moments(n, unscaled(mean, exponent), unscaled(deviation, exponent))


def counted_moments(values: FloatArray, counts: IntArray) -> Moments:
    """Compute mean and standard deviation of values that occur so often; their order is the caller's.

    Parameters
    ----------
    values : shape (k,), finite, k >= 1
    counts : shape (k,), from 1

    Raises
    ------
    Undefined
        If there are no values or some are not finite.

    Examples
    --------
    >>> counted_moments(np.array([1.0, 3.0]), np.array([2, 2])).mean
    2.0
    """
    require_finite(values, "values")
    n = int(counts.sum())
    if values.min() == values.max():
        return Moments(n, float(values[0]), 0.0)
    mean = float(np.sum(values * counts)) / n
    squares = np.square(values - mean)
    squares *= counts
    return Moments(n, mean, math.sqrt(float(np.sum(squares)) / (n - 1)))
