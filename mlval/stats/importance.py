"""How much of a model's quality rests on each feature, and how alike two models are in that."""

from collections.abc import Sequence

import numpy as np

from mlval.stats.arrays import FloatArray, require_aligned, require_finite
from mlval.stats.errors import Undefined


def shares(importances: FloatArray) -> FloatArray:
    """Return the share of each importance in their sum; those below 0 are noise, and count as 0.

    Parameters
    ----------
    importances : shape (features,), finite

    Raises
    ------
    Undefined
        If none is above 0.

    Examples
    --------
    >>> shares(np.array([3.0, 1.0, -0.5])).tolist()
    [0.75, 0.25, 0.0]
    """
    require_finite(importances, "importances")
    positive = np.maximum(importances, 0.0)
    largest = float(positive.max())
    if largest == 0:
        raise Undefined("no feature is important: the metric does not fall when any is permuted")
    parts = positive / largest
    return np.asarray(parts / float(np.sum(np.sort(parts))), dtype=np.float64)


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """Return Spearman's rank correlation: Pearson's of mid-ranks, from -1 to 1.

    Parameters
    ----------
    first, second : shape (n,), finite, aligned

    Raises
    ------
    Undefined
        If there are fewer than two values, or all of one side are equal.

    Examples
    --------
    >>> round(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 9.0, 5.0])), 3)
    0.5
    """
    require_aligned(first, second)
    require_finite(first, "importances")
    require_finite(second, "importances")
    a, b = (_doubled_ranks(values) for values in (first, second))
    n = len(first)
    # Twice a rank is a whole number, so that all of this is exact up to the root.
    mean = n + 1
    left, right = [rank - mean for rank in a], [rank - mean for rank in b]
    spread = sum(x * x for x in left) * sum(y * y for y in right)
    if n < 2 or spread == 0:
        raise Undefined("it takes two different importances on both sides to correlate ranks")
    return float(sum(x * y for x, y in zip(left, right, strict=True)) / spread**0.5)


def moved_mass(first: FloatArray, second: FloatArray) -> float:
    """Return the share of all importance that lies on other features: half the sum of |p - q|, from 0 to 1.

    Parameters
    ----------
    first, second : shape (n,), shares of one each

    Examples
    --------
    >>> moved_mass(np.array([0.75, 0.25]), np.array([0.25, 0.75]))
    0.5
    """
    require_aligned(first, second)
    return min(1.0, float(np.sum(np.sort(np.abs(first - second)))) / 2)


def _doubled_ranks(values: FloatArray) -> Sequence[int]:
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    upto = np.searchsorted(ordered, values, side="right")
    ranks: list[int] = (below + upto + 1).tolist()
    return ranks
