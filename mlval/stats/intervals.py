"""Confidence intervals: for a share, for a mean of rows, for a ratio of two means of the same rows."""

import math
from statistics import NormalDist

from mlval.stats.arrays import FloatArray, require_aligned, require_finite, require_share
from mlval.stats.errors import Undefined
from mlval.stats.sums import Moments, moments, ordered_sum

MANY = 1_000
"""Degrees of freedom from which Student's quantile is computed from the normal one."""


def normal_quantile(confidence: float) -> float:
    """Return z such that a standard normal lies in [−z, z] with this probability.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    require_share(confidence, "confidence")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: int, trials: int, *, confidence: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share (Wilson 1927), without continuity correction.

    It stays in [0, 1], is never of zero width, and covers well from a handful of trials on.

    Parameters
    ----------
    successes : 0 to trials
    trials : at least 1
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no trials.
    ValueError
        If successes are not within 0 and trials.

    Examples
    --------
    >>> low, high = wilson(8, 10, confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    """
    if trials == 0:
        raise Undefined("no rows: a share has no interval")
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes of {trials} trials")
    return score_interval(successes / trials, trials, confidence=confidence)


def score_interval(share: float, trials: float, *, confidence: float) -> tuple[float, float]:
    """Return Wilson's interval for a share that need not be a ratio of whole numbers.

    For any mean of values in [0, 1] its variance share·(1 − share)/trials is the largest possible
    one, so the interval is on the safe side.

    Parameters
    ----------
    share : 0 to 1
    trials : above 0
    """
    if not (0 <= share <= 1 and trials > 0):
        raise ValueError(f"a share is between 0 and 1, of more than 0 trials: {share}, {trials}")
    z2 = normal_quantile(confidence) ** 2
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    low = 0.0 if share == 0 else centre - half
    high = 1.0 if share == 1 else centre + half
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def mean_interval(values: FloatArray, confidence: float) -> tuple[float, float]:
    """Return Student's interval of the mean of rows.

    By the central limit theorem it holds for many rows of any distribution. The caller clips it to the
    range of the metric.

    Parameters
    ----------
    values : shape (n,), finite, one per row
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are fewer than two rows, if all values are equal (a width of zero would claim certainty from
        however few rows), or if a value is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = mean_interval(np.array([1.0, 2.0, 3.0, 4.0]), 0.95)
    >>> round(low, 3), round(high, 3)
    (0.446, 4.554)
    """
    return student_interval(moments(values), confidence)


def student_interval(found: Moments, confidence: float) -> tuple[float, float]:
    """Return Student's interval of a mean from the moments of its rows; errors as `mean_interval`."""
    half = _half_width(found, confidence)
    return _finite(found.mean - half, found.mean + half)


def ratio_interval(
    numerators: FloatArray, denominators: FloatArray, *, confidence: float
) -> tuple[float, float]:
    """Return the delta-method interval of mean(numerators) / mean(denominators) over the same rows.

    With R the ratio, its variance is that of the mean of numerators − R·denominators, over the squared mean
    of the denominators (Cochran 1977, chapter 6).

    Parameters
    ----------
    numerators, denominators : shape (n,), finite, aligned
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If the denominators add up to zero, there are fewer than two rows, the ratio is the same in every row,
        or a value is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = ratio_interval(np.array([1.0, 0.0, 1.0, 1.0]), np.ones(4), confidence=0.95)
    >>> round(low, 3), round(high, 3)
    (-0.046, 1.546)
    """
    require_aligned(numerators, denominators)
    require_finite(numerators, "numerators")
    below = ordered_sum(denominators)
    if below == 0:
        raise Undefined("the denominator is zero")
    ratio = ordered_sum(numerators) / below
    found = moments(numerators - ratio * denominators)
    half = _half_width(found, confidence) / abs(below / found.n)
    return _finite(ratio - half, ratio + half)


def student_quantile(df: int, confidence: float) -> float:
    """Return t such that Student's distribution lies in [−t, t] with this probability.

    From 1,000 on by the expansion around the normal quantile (Abramowitz and Stegun 26.7.5): it is exact to
    eleven digits there, and spares the import of scipy.

    >>> round(student_quantile(10, 0.95), 4), round(student_quantile(5_000, 0.95), 4)
    (2.2281, 1.9604)
    """
    if df < MANY:
        from scipy.special import stdtrit

        return float(stdtrit(df, (1 + confidence) / 2))
    z = normal_quantile(confidence)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(term / float(df) ** (power + 1) for power, term in enumerate(terms))


def _half_width(found: Moments, confidence: float) -> float:
    require_share(confidence, "confidence")
    if found.n < 2:
        raise Undefined("an interval needs at least two rows")
    if found.deviation == 0:
        raise Undefined("every row has the same value: they say nothing about their spread")
    return student_quantile(found.n - 1, confidence) * found.deviation / math.sqrt(found.n)


def _finite(low: float, high: float) -> tuple[float, float]:
    if not (math.isfinite(low) and math.isfinite(high)):
        raise Undefined("the values are too large for an interval")
    return low, high
