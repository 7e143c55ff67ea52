"""A value with its interval, where it has one, and the rows that it rests on."""

import math
from dataclasses import dataclass

from mlval.stats.arrays import FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.intervals import student_interval
from mlval.stats.sums import Moments, moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a metric came to.

    Attributes
    ----------
    value : finite
    n : rows in the denominator
    interval : (low, high) around the value; None where these rows do not tell (one row, or no spread at all)
    successes : where the value is the share successes / n of rows, else None

    Raises
    ------
    Undefined
        On construction, if the value or a bound is not finite.
    """

    value: float
    n: int
    interval: tuple[float, float] | None = None
    successes: int | None = None

    def __post_init__(self) -> None:
        if not all(math.isfinite(number) for number in (self.value, *(self.interval or ()))):
            raise Undefined("the value is not a finite number")


def mean_estimate(values: FloatArray, *, confidence: float) -> Estimate:
    """Estimate the mean of rows that cannot be below zero, such as losses.

    Parameters
    ----------
    values : shape (n,), finite, from 0
    confidence : two-sided, strictly between 0 and 1

    Examples
    --------
    >>> import numpy as np
    >>> mean_estimate(np.array([0.5]), confidence=0.95)
    Estimate(value=0.5, n=1, interval=None, successes=None)
    """
    return estimate_of(moments(values), confidence=confidence, least=0.0)


def estimate_of(found: Moments, *, confidence: float, least: float = -math.inf) -> Estimate:
    """Estimate a mean from its moments; it cannot be below `least`."""
    try:
        low, high = student_interval(found, confidence)
    except Undefined:
        return Estimate(value=found.mean, n=found.n)
    return Estimate(value=found.mean, n=found.n, interval=(max(least, low), high))
