"""Two shares of the same rows, such as two accuracies: score interval of their difference, McNemar's test.

Only the rows on which one of the two is right and the other wrong tell them apart: `gained` are those of
the second alone, `lost` those of the first alone.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from mlval.stats.errors import Undefined
from mlval.stats.intervals import normal_quantile


class McNemar(NamedTuple):
    """Two-sided p-values of no difference: exact, and mid-p, which is less conservative."""

    exact: float
    mid_p: float


def tango(gained: int, lost: int, rows: int, *, confidence: float) -> tuple[float, float]:
    """Return Tango's score interval of the difference of two paired shares, (gained − lost) / rows.

    It holds every difference D for which the score statistic (gained − lost − rows·D) /
    sqrt(rows·(2q + D(1 − D))) is within z, where q is the likeliest share of lost rows given D
    (Tango 1998). It is never of zero width.

    Parameters
    ----------
    gained, lost : rows on which the two disagree, from 0
    rows : at least 1 and at least `gained` + `lost`
    confidence : two-sided, strictly between 0 and 1

    Raises
    ------
    Undefined
        If there are no rows.
    ValueError
        If the counts cannot be.

    Examples
    --------
    >>> tuple(round(end, 3) for end in tango(1, 7, 21, confidence=0.95))
    (-0.517, -0.026)
    """
    if rows == 0:
        raise Undefined("no rows: a difference has no interval")
    if min(gained, lost) < 0 or gained + lost > rows:
        raise ValueError(f"{gained} gained and {lost} lost of {rows} rows")
    z, observed = normal_quantile(confidence), (gained - lost) / rows

    def statistic(difference: float) -> float:
        return _statistic(gained, lost, rows=rows, difference=difference)

    low = -1.0 if statistic(-1.0) <= z else _crossing(lambda d: statistic(d) > z, -1.0, observed)
    high = 1.0 if statistic(1.0) >= -z else _crossing(lambda d: statistic(d) >= -z, observed, 1.0)
    return low, high


def mcnemar(gained: int, lost: int) -> McNemar:
    """Return McNemar's test that as many rows are gained as lost, from the binomial distribution.

    Examples
    --------
    >>> tuple(round(p, 4) for p in mcnemar(1, 7))
    (0.0703, 0.0391)
    """
    from scipy.special import bdtr, gammaln

    if min(gained, lost) < 0:
        raise ValueError(f"{gained} gained and {lost} lost rows")
    trials, fewer = gained + lost, min(gained, lost)
    if trials == 0:
        return McNemar(1.0, 1.0)
    tail = float(bdtr(fewer, trials, 0.5))
    logged = gammaln(trials + 1) - gammaln(fewer + 1) - gammaln(trials - fewer + 1) - trials * math.log(2)
    point = math.exp(float(logged))
    mid_p = 1 - point if gained == lost else 2 * tail - point
    return McNemar(min(1.0, 2 * tail), min(1.0, max(0.0, mid_p)))


def cohens_h(first: float, second: float) -> float:
    """Return Cohen's h, the difference of two shares on the arcsine scale, second less first.

    >>> round(cohens_h(0.5, 0.6), 4)
    0.2014
    """
    return 2 * math.asin(math.sqrt(second)) - 2 * math.asin(math.sqrt(first))


def _statistic(gained: int, lost: int, *, rows: int, difference: float) -> float:
    numerator = gained - lost - rows * difference
    a = 2 * rows
    b = -gained - lost + (2 * rows - gained + lost) * difference
    c = -lost * difference * (1 - difference)
    share = (math.sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    variance = rows * (2 * share + difference * (1 - difference))
    if variance <= 0:
        return math.copysign(math.inf, numerator) if numerator else 0.0
    return numerator / math.sqrt(variance)


def _crossing(below: Callable[[float], bool], low: float, high: float) -> float:
    """Bisect for where a condition that holds at `low` stops to hold."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return (low + high) / 2
