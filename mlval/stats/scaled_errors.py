"""Errors of predicted numbers beyond mean and root: squared, median, largest, relative, pinball."""

import math

import numpy as np

from mlval.stats.arrays import FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate, mean_estimate
from mlval.stats.intervals import normal_quantile, ratio_interval
from mlval.stats.regression import errors_of
from mlval.stats.sums import moments, ordered_sum, scaled, unscaled


def mse(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean squared distance.

    Parameters
    ----------
    truth, prediction : shape (n,), finite, aligned
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, or a value or a square is not finite.

    Examples
    --------
    >>> mse(np.array([1.0, 2.0]), np.array([1.0, 4.0])).value
    2.0
    """
    with np.errstate(over="ignore"):
        squares = np.square(errors_of(truth, prediction))
    return mean_estimate(squares, confidence=confidence)


def median_absolute_error(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the median distance; the interval lies between two of the ordered distances (Conover 1999).

    Parameters and errors as `mse`.

    Examples
    --------
    >>> median_absolute_error(np.array([1.0, 2.0, 9.0]), np.array([1.0, 3.0, 2.0])).value
    1.0
    """
    distances = np.sort(np.abs(errors_of(truth, prediction)))
    n = distances.size
    half = normal_quantile(confidence) * math.sqrt(n) / 2
    low, high = math.floor(n / 2 - half), math.ceil(n / 2 + 1 + half)
    interval = (float(distances[low - 1]), float(distances[high - 1])) if low >= 1 and high <= n else None
    return Estimate(value=float(np.median(distances)), n=n, interval=interval)


def max_error(truth: FloatArray, prediction: FloatArray) -> Estimate:
    """Return the largest distance, which has no interval: more rows can only raise it; errors as `mse`.

    Examples
    --------
    >>> max_error(np.array([1.0, 2.0]), np.array([1.0, 4.0])).value
    2.0
    """
    distances = np.abs(errors_of(truth, prediction))
    return Estimate(value=float(distances.max()), n=distances.size)


def explained_variance(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return 1 − Var(errors)/Var(truth): as R2, but a constant offset costs nothing.

    Parameters and errors as `mse`; besides:

    Raises
    ------
    Undefined
        If the truth is constant: there is no variance to explain.

    Examples
    --------
    >>> explained_variance(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0])).value
    1.0
    """
    errors = errors_of(truth, prediction)
    if truth.min() == truth.max():
        raise Undefined("the truth is constant: there is no variance to explain")
    left, exponent = scaled(_centred(errors))
    spread, base = scaled(_centred(truth))
    left, spread = np.square(left), np.square(spread)
    unit = unscaled(1.0, 2 * (exponent - base))
    interval = None
    try:
        low, high = ratio_interval(left, spread, confidence=confidence)
        interval = (1 - high * unit, min(1.0, 1 - low * unit))
    except Undefined:
        pass
    return Estimate(value=1 - ordered_sum(left) / ordered_sum(spread) * unit, n=truth.size, interval=interval)


def mape(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of |error| / |truth|, a share: 0.1 is ten per cent.

    Parameters and errors as `mse`; besides:

    Raises
    ------
    Undefined
        If a truth is zero, where scikit-learn divides by the smallest step of a double.

    Examples
    --------
    >>> mape(np.array([10.0, -10.0]), np.array([11.0, -10.0])).value
    0.05
    """
    errors = np.abs(errors_of(truth, prediction))
    if zeros := int(np.count_nonzero(truth == 0)):
        raise Undefined(
            f"{zeros} of {truth.size} true values are zero: errors relative to them are undefined"
        )
    with np.errstate(over="ignore"):
        errors /= np.abs(truth)
    return mean_estimate(errors, confidence=confidence)


def msle(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean squared distance of log(1 + value).

    Parameters and errors as `mse`; besides:

    Raises
    ------
    Undefined
        If a value is −1 or below, where there is no logarithm.

    Examples
    --------
    >>> round(msle(np.array([0.0]), np.array([math.e - 1])).value, 9)
    1.0
    """
    errors_of(truth, prediction)
    for values, name in ((truth, "true values"), (prediction, "predictions")):
        if low := int(np.count_nonzero(values <= -1)):
            raise Undefined(f"{low} of {values.size} {name} are −1 or below: they have no logarithm")
    return mse(np.log1p(truth), np.log1p(prediction), confidence=confidence)


def pinball(
    truth: FloatArray, prediction: FloatArray, *, quantile: float, confidence: float = 0.95
) -> Estimate:
    """Return the mean of q · error where the truth lies above, and of (1 − q) · |error| where it lies below.

    Parameters and errors as `mse`; `quantile` is the share of the truth that should lie below.

    Examples
    --------
    >>> pinball(np.array([1.0, 3.0]), np.array([2.0, 2.0]), quantile=0.9).value
    0.5
    """
    errors = errors_of(truth, prediction)
    losses = np.where(errors >= 0, quantile * errors, (quantile - 1) * errors)
    return mean_estimate(losses, confidence=confidence)


def _centred(values: FloatArray) -> FloatArray:
    return values - moments(values).mean
