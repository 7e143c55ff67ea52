"""How well scores rank the rows of each group, such as the items of one query.

Groups without a relevant row tell nothing of a ranking: they are left out. What rows of one score add is the
mean over all their orders, so the order of rows cannot show.
"""

from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray, require_aligned, require_finite
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate, mean_estimate


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows in the order of their groups and then of falling scores.

    Attributes
    ----------
    relevance : of each row, at least 0
    place : of each row in its group, from 0
    group : where each group begins
    run : where each run of rows begins that have one score in one group
    run_group : the runs at which groups begin
    number : of each group, rising
    """

    relevance: FloatArray
    place: IntArray
    group: IntArray
    run: IntArray
    run_group: IntArray
    number: IntArray


def ranked(relevance: FloatArray, score: FloatArray, group: IntArray) -> Ranking:
    """Order rows by group and score.

    Parameters
    ----------
    relevance, score : shape (n,), finite, aligned; relevance from 0
    group : shape (n,), the number of each row's group

    Raises
    ------
    Undefined
        If there are no rows, a value is not finite, a relevance is negative, or no row is relevant.
    """
    require_aligned(relevance, score)
    require_aligned(relevance, group)
    require_finite(relevance, "true values")
    require_finite(score, "scores")
    if below := int(np.count_nonzero(relevance < 0)):
        raise Undefined(f"{below} of {relevance.size} true values are below 0, where relevance begins")
    of_group = np.zeros(int(group.max()) + 1)
    np.maximum.at(of_group, group, relevance)
    kept = of_group[group] > 0
    if not kept.any():
        raise Undefined("no group has a relevant row: there is nothing to rank")
    relevance, score, group = relevance[kept], score[kept], group[kept]
    order = np.lexsort((relevance, -score, group))
    relevance, score, group = relevance[order], score[order], group[order]
    is_group = np.concatenate(([True], group[1:] != group[:-1]))
    is_run = is_group | np.concatenate(([True], score[1:] != score[:-1]))
    begins, runs = np.flatnonzero(is_group), np.flatnonzero(is_run)
    sizes = np.diff(begins, append=group.size)
    place = np.arange(group.size) - np.repeat(begins, sizes)
    return Ranking(relevance, place, begins, runs, np.flatnonzero(is_group[runs]), group[begins])


def over_groups(values: FloatArray, *, confidence: float = 0.95) -> Estimate:
    """Return the mean over groups of values from 0 to 1, with Student's interval."""
    found = mean_estimate(values, confidence=confidence)
    if found.interval is None:
        return found
    return Estimate(value=found.value, n=found.n, interval=(found.interval[0], min(1.0, found.interval[1])))


def ndcg(found: Ranking, *, k: int | None) -> FloatArray:
    """Return for each group the discounted gain of the first k rows, over the largest possible.

    The gain is the relevance itself and the discount log2(place + 1), as scikit-learn's `ndcg_score` has it.

    Parameters
    ----------
    k : how many rows count, at least 1; None for all

    Examples
    --------
    >>> ndcg(ranked(np.array([1.0, 0.0]), np.array([0.9, 0.1]), np.array([0, 0])), k=None)
    array([1.])
    """
    discount = 1 / np.log2(found.place + 2)
    if k is not None:
        discount[found.place >= k] = 0
    gained = _by_group(found, discount)
    sizes = np.diff(found.group, append=found.place.size)
    numbers = np.repeat(np.arange(found.group.size), sizes)
    ideal = found.relevance[np.lexsort((-found.relevance, numbers))]
    return _share(gained / np.add.reduceat(ideal * discount, found.group))


def precision_at_k(found: Ranking, *, k: int) -> FloatArray:
    """Return for each group the relevant rows among the first k, over k.

    A group of fewer rows is divided by k as well. Parameters as `ndcg`; relevance is 0 or 1.

    Examples
    --------
    >>> precision_at_k(ranked(np.array([1.0, 0.0]), np.array([0.9, 0.1]), np.array([0, 0])), k=2)
    array([0.5])
    """
    weights = np.where(found.place < k, 1 / k, 0.0)
    return _share(_by_group(found, weights))


def reciprocal_rank(found: Ranking) -> FloatArray:
    """Return for each group 1 / the place of the first relevant row, from 1.

    Among rows of one score the irrelevant ones are taken to come first: ties gain nothing.
    Relevance is 0 or 1.

    Examples
    --------
    >>> reciprocal_rank(ranked(np.array([1.0, 0.0]), np.array([0.1, 0.9]), np.array([0, 0])))
    array([0.5])
    """
    is_relevant: BoolArray = found.relevance > 0
    sizes = np.diff(found.run, append=found.place.size)
    relevant = np.add.reduceat(is_relevant.astype(np.int64), found.run)
    first = found.place[found.run] + sizes - relevant + 1
    best = np.where(relevant > 0, 1 / first, 0.0)
    return _share(np.maximum.reduceat(best, found.run_group))


def _by_group(found: Ranking, weights: FloatArray) -> FloatArray:
    """Return for each group the sum of relevance · weight, each weight the mean of the run that it is in."""
    sizes = np.diff(found.run, append=found.place.size)
    mean = np.add.reduceat(weights, found.run) / sizes
    gains: FloatArray = np.add.reduceat(np.add.reduceat(found.relevance, found.run) * mean, found.run_group)
    return gains


def _share(values: FloatArray) -> FloatArray:
    """Take away what rounding may have added to a share of 1."""
    return np.minimum(values, 1.0)
