"""Tests that two columns of the same rows do not differ: Student's paired t and Wilcoxon's signed rank."""

import math
from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import FloatArray, require_finite
from mlval.stats.errors import Undefined
from mlval.stats.sums import moments

EXACT_ROWS = 50


@dataclass(frozen=True, slots=True)
class PairedTests:
    """Two-sided p-values, and Cohen's d_z: the mean difference in its standard deviations."""

    student: float
    wilcoxon: float
    d_z: float


def paired_tests(differences: FloatArray) -> PairedTests:
    """Test that the mean, and that the middle, of paired differences is zero.

    Wilcoxon's test leaves rows out that do not differ (`zero_method="wilcox"` of scipy) and gives ties their
    mean rank. Up to 50 rows without ties it is exact, beyond it is normal, without correction for
    continuity. It supposes that differences are spread alike to both sides of their middle.

    Raises
    ------
    Undefined
        If there are fewer than two rows, or a difference is not finite.

    Examples
    --------
    >>> found = paired_tests(np.array([0.3, -0.1, 0.4, 0.2, 0.5]))
    >>> round(found.student, 4), found.wilcoxon, round(found.d_z, 4)
    (0.065, 0.125, 1.1294)
    """
    from scipy.special import stdtr

    require_finite(differences, "differences")
    found = moments(differences)
    if found.n < 2:
        raise Undefined("a paired test needs at least two rows")
    if found.deviation == 0:
        if found.mean == 0:
            return PairedTests(1.0, 1.0, 0.0)
        raise Undefined("every row differs by the same: they say nothing about their spread")
    d_z = found.mean / found.deviation
    student = 2 * float(stdtr(found.n - 1, -abs(d_z) * math.sqrt(found.n)))
    return PairedTests(student, _wilcoxon(differences[differences != 0]), d_z)


def _wilcoxon(differences: FloatArray) -> float:
    from scipy.special import ndtr

    n = differences.size
    sizes, places, ties = np.unique(np.abs(differences), return_inverse=True, return_counts=True)
    ranks = np.cumsum(ties) - (ties - 1) / 2
    positive = float(np.sum(ranks[places][differences > 0]))
    if n <= EXACT_ROWS and sizes.size == n:
        return _exact(round(min(positive, n * (n + 1) / 2 - positive)), n)
    tied = float(np.sum(ties.astype(np.float64) ** 3 - ties))
    variance = n * (n + 1) * (2 * n + 1) / 24 - tied / 48
    return min(1.0, 2 * float(ndtr(-abs(positive - n * (n + 1) / 4) / math.sqrt(variance))))


def _exact(smaller: int, n: int) -> float:
    """Return the share of all choices of signs whose smaller rank sum is at most this one."""
    ways = [1] + [0] * (n * (n + 1) // 2)
    for rank in range(1, n + 1):
        for total in range(len(ways) - 1, rank - 1, -1):
            ways[total] += ways[total - rank]
    return float(min(1.0, 2 * sum(ways[: smaller + 1]) / 2**n))
