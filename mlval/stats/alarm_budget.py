"""A budget of false alarms: shared among columns, and what a threshold makes of it.

A validation that is to alarm for nothing in one run of a hundred gives each of its 20 columns a twentieth
of that: whatever the columns have to do with one another, the shares add up to the budget at most
(Bonferroni).
"""

import math
from statistics import NormalDist

from mlval.stats._null_draws import Statistic
from mlval.stats.arrays import require_share
from mlval.stats.errors import Undefined
from mlval.stats.false_alarms import false_alarm_rate

TOO_OFTEN = 0.05
"""The rate of false alarms above which a threshold is flagged: one run in twenty."""
BINS = 10
MANY = 10**9
"""Rows of a reference that adds no noise of its own."""


def shared(budget: float, columns: int) -> float:
    """Return the rate of false alarms that each column may have.

    >>> shared(0.01, 20)
    0.0005
    """
    require_share(budget, "budget")
    if columns < 1:
        raise ValueError(f"a budget is shared among at least one column, not {columns}")
    return budget / columns


def alarms_too_often(rate: float, *, columns: int = 1, limit: float = TOO_OFTEN) -> bool:
    """Tell whether a threshold with this rate of false alarms cannot be taken at its word.

    Parameters
    ----------
    rate : of one column, 0 to 1; what is not a number is too often
    columns : so many independent columns with this rate are taken together
    limit : the rate that is still accepted

    Examples
    --------
    >>> alarms_too_often(0.05), alarms_too_often(0.051), alarms_too_often(0.01, columns=20)
    (False, True, True)
    """
    return not 1 - (1 - rate) ** columns <= limit * (1 + 1e-9)


def rate_of_ten_bins(statistic: Statistic, threshold: float, *, m: int) -> float:
    """Return how often a threshold alarms for nothing on numbers in ten bins of equal mass, at best.

    The reference is taken as large, so that all of the noise is that of the m current rows; a smaller one
    alarms more often. Columns with fewer or with uneven cells alarm less often, those with more levels more
    often. For judging a contract before there is any data.

    Parameters
    ----------
    statistic : one that needs no values: not `wasserstein` or `mean_shift`, for which numbers are those of a
        normal distribution at a hundred quantiles
    threshold : in the unit of the statistic
    m : rows of the current sample, at least 1

    Examples
    --------
    >>> 0.3 < rate_of_ten_bins("psi", 0.1, m=100) < 0.5
    True
    >>> rate_of_ten_bins("psi", 0.1, m=1000)
    0.0
    """
    if m < 1:
        raise Undefined("one of the two samples has no rows")
    if statistic in {"wasserstein", "mean_shift"}:
        normal = NormalDist()
        values = [normal.inv_cdf((place + 0.5) / 100) for place in range(100)]
        return false_alarm_rate(
            statistic, [1] * 100, n=MANY, m=m, threshold=threshold, seed=0, values=values
        ).rate
    bins = 100 if statistic in {"ks", "cvm", "anderson_darling"} else BINS
    rate = false_alarm_rate(statistic, [1] * bins, n=MANY, m=m, threshold=threshold, seed=0).rate
    return 1.0 if math.isnan(rate) else rate
