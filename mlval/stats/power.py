"""The smallest change that samples of a given size could have shown, as a share of rows moved.

Each function answers for a two-sided test at significance `alpha` that is to find the change with
probability `power`. Where even a change of all rows would not be found so surely, the answer is infinity:
these samples can show nothing.
"""

import math
from collections.abc import Callable
from statistics import NormalDist

from mlval.stats.arrays import require_share
from mlval.stats.errors import Undefined
from mlval.stats.two_sample import two_proportions


def ks_detectable(n: int, m: int, *, alpha: float, power: float = 0.8) -> float:
    """Return the smallest Kolmogorov-Smirnov distance of two shifted samples that n and m rows would show.

    The test rejects where the distribution functions are farther apart than K·s, with K Kolmogorov's quantile
    and s = sqrt(1/n + 1/m). Over the pooled rank, the gap between a distribution and itself shifted is
    concave wherever its density is log-concave (normal, logistic, exponential, uniform, Laplace). Of all
    concave gaps with the peak h, the triangle with its peak at the median is found least often: in units
    of s, a Brownian bridge plus that triangle stays below K with the probability

        E[(1 - exp(-4 K u))² ; u > 0], u normal with the mean K - h and the variance 1/4,

    for given its value at the median, both halves are bridges below a straight line (Siegmund 1985, III.3).
    A change that is no shift may hide better: where all of it happens within a narrow band of values, a
    distance of this size is found in about seven of ten runs instead of eight.

    Parameters
    ----------
    n, m : rows, at least 1
    alpha, power : strictly between 0 and 1

    Returns
    -------
    above 0 and at most 1, or infinity

    Raises
    ------
    Undefined
        If a sample has no rows.

    Examples
    --------
    >>> round(ks_detectable(1000, 1000, alpha=0.02), 4)
    0.0769
    >>> ks_detectable(5, 5, alpha=0.02)
    inf
    """
    from scipy.special import kolmogi, log_ndtr

    _require(n, m, alpha=alpha, power=power)
    critical = float(kolmogi(alpha))

    def missed(peak: float) -> float:
        mean = critical - peak

        def part(rate: float) -> float:
            return math.exp(rate * rate / 8 - rate * mean + float(log_ndtr(2 * mean - rate / 2)))

        return part(0.0) - 2 * part(4 * critical) + part(8 * critical)

    peak = _smallest(lambda peak: missed(peak) <= 1 - power, critical + 10)
    distance = peak * math.sqrt(1 / n + 1 / m)
    return distance if distance <= 1 else math.inf


def levels_detectable(n: int, m: int, *, df: int, alpha: float, power: float = 0.8) -> float:
    """Return the smallest total variation that the chi-square test would show, whichever levels move.

    With p and q the shares of a level in the two populations and r its pooled share, the statistic has the
    noncentrality L = nm/(n + m) · Σ (p − q)²/r. By Cauchy-Schwarz (Σ|p − q|)² <= Σ (p − q)²/r · Σ r, and
    Σ r = 1, so a total variation d = Σ|p − q| / 2 gives L >= 4 d² nm/(n + m), with equality for the least
    favourable change. The L that reaches the power is found by bisection in the noncentral chi-square
    distribution.

    Levels are counted as tested, after sparse ones are merged: a change among merged levels shows less.

    Parameters
    ----------
    n, m : rows, at least 1
    df : degrees of freedom of the test; below 1 nothing is tested, and the answer is infinity
    alpha, power : strictly between 0 and 1

    Returns
    -------
    above 0 and at most 1, or infinity

    Raises
    ------
    Undefined
        If a sample has no rows.

    Examples
    --------
    >>> round(levels_detectable(1000, 1000, df=4, alpha=0.02), 4)
    0.0858
    """
    from scipy.special import chdtri, chndtr

    _require(n, m, alpha=alpha, power=power)
    if df < 1:
        return math.inf
    critical = float(chdtri(df, alpha))

    def found(noncentrality: float) -> bool:
        return float(chndtr(critical, df, noncentrality)) <= 1 - power

    of_all_rows = 4 / (1 / n + 1 / m)
    if not found(of_all_rows):
        return math.inf
    return math.sqrt(_smallest(found, of_all_rows) / of_all_rows)


def proportions_detectable(p: float, *, n: int, m: int, alpha: float, power: float = 0.8) -> float:
    """Return the smallest change of a share p that the test of two proportions would show.

    The change is taken towards one half, where shares scatter most. It is the larger of two answers: the
    normal approximation with the pooled variance under no change and both variances under change (Fleiss,
    Levin and Paik 2003, chapter 4); and, as that is too hopeful where few rows count, the share at which
    the second sample reaches, with the wanted power, the smallest count that the test calls significant
    beside n·p in the first.

    Parameters
    ----------
    p : share in the first sample, 0 to 1
    n, m : rows of the first and the second sample, at least 1
    alpha, power : strictly between 0 and 1

    Returns
    -------
    above 0 and at most max(p, 1 − p), or infinity

    Raises
    ------
    Undefined
        If a sample has no rows.

    Examples
    --------
    >>> round(proportions_detectable(0.5, n=1000, m=1000, alpha=0.05), 4)
    0.0625
    >>> round(proportions_detectable(0.0, n=1000, m=1000, alpha=0.05), 4)
    0.0079
    """
    _require(n, m, alpha=alpha, power=power)
    if not 0 <= p <= 1:
        raise ValueError(f"a share is between 0 and 1, not {p}")
    low = min(p, 1 - p)
    by_normal = _by_normal(low, n=n, m=m, alpha=alpha, power=power)
    return max(by_normal, _by_counts(low, n=n, m=m, alpha=alpha, power=power))


def _by_normal(p: float, *, n: int, m: int, alpha: float, power: float) -> float:
    z_alpha, z_power = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)

    def found(change: float) -> bool:
        q = min(1.0, p + change)
        pooled = (n * p + m * q) / (n + m)
        unchanged = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        changed = math.sqrt(p * (1 - p) / n + q * (1 - q) / m)
        return change > 0 and change >= z_alpha * unchanged + z_power * changed

    return _smallest(found, 1 - p) if found(1 - p) else math.inf


def _by_counts(p: float, *, n: int, m: int, alpha: float, power: float) -> float:
    from scipy.special import betaincinv

    reference = round(n * p)
    low, high = math.floor(m * p), m

    def significant(count: int) -> bool:
        return two_proportions(reference, n, k2=count, n2=m).p_value <= alpha

    if not significant(high):
        return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if significant(middle) else (middle, high)
    return max(0.0, float(betaincinv(high, m - high + 1, power)) - p)


def _smallest(holds: Callable[[float], bool], high: float) -> float:
    """Bisect for the smallest number from 0 from which on a condition holds; it holds at `high`."""
    low = 0.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _require(n: int, m: int, *, alpha: float, power: float) -> None:
    require_share(alpha, "alpha")
    require_share(power, "power")
    if n < 1 or m < 1:
        raise Undefined("one of the two samples has no rows")
