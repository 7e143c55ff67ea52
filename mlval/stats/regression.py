"""How far predicted numbers lie from true ones: MAE, RMSE, R². The order of the rows never shows."""

import math

import numpy as np

from mlval.stats.arrays import FloatArray, require_aligned, require_finite
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate, mean_estimate
from mlval.stats.intervals import ratio_interval, student_interval
from mlval.stats.sums import moments, ordered_sum, scaled, unscaled


def mae(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean of |truth − prediction|, in the unit of the target, with Student's interval.

    Parameters
    ----------
    truth, prediction : shape (n,), finite, aligned
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows, or a value is not finite.

    Examples
    --------
    >>> mae(np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 2.0])).value
    1.0
    """
    return mean_estimate(np.abs(errors_of(truth, prediction)), confidence=confidence)


def rmse(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the root of the mean squared error; its interval is the root of Student's for the mean square.

    Parameters and errors as `mae`.

    Examples
    --------
    >>> rmse(np.array([1.0, 2.0]), np.array([2.0, 3.0])).value
    1.0
    """
    errors, exponent = scaled(errors_of(truth, prediction))
    found = moments(np.square(errors))
    interval = None
    try:
        low, high = student_interval(found, confidence)
        interval = unscaled(math.sqrt(max(0.0, low)), exponent), unscaled(math.sqrt(high), exponent)
    except Undefined:
        pass
    return Estimate(value=unscaled(math.sqrt(found.mean), exponent), n=found.n, interval=interval)


def r2(truth: FloatArray, prediction: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return 1 − SSE/SST, the share of the variance of the truth that is explained: at most 1, maybe below 0.

    The interval is that of the ratio of two means by the delta method; to first order the estimated mean
    of the truth adds nothing to its variance.

    Parameters and errors as `mae`; besides:

    Raises
    ------
    Undefined
        If the truth is constant (or a single row): there is no variance to explain.

    Examples
    --------
    >>> r2(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0])).value
    0.5
    """
    errors, exponent = scaled(errors_of(truth, prediction))
    if truth.min() == truth.max():
        raise Undefined("the truth is constant: R2 has no variance to explain")
    spread, base = scaled(errors_of(truth, np.full_like(truth, moments(truth).mean)))
    sse, sst = np.square(errors), np.square(spread)
    unit = unscaled(1.0, 2 * (exponent - base))
    interval = None
    try:
        low, high = ratio_interval(sse, sst, confidence=confidence)
        interval = (1 - high * unit, min(1.0, 1 - low * unit))
    except Undefined:
        pass
    return Estimate(value=1 - ordered_sum(sse) / ordered_sum(sst) * unit, n=truth.size, interval=interval)


def errors_of(truth: FloatArray, prediction: FloatArray) -> FloatArray:
    """Return truth − prediction of every row; errors as `mae`."""
    require_aligned(truth, prediction)
    require_finite(truth, "true values")
    require_finite(prediction, "predictions")
    with np.errstate(over="ignore"):
        errors = truth - prediction
    require_finite(errors, "errors")
    return errors
