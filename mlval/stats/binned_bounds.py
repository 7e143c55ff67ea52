"""What counts on bins leave open about statistics of the values inside of them."""

from typing import NamedTuple

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray
from mlval.stats.errors import Undefined
from mlval.stats.ordered_distances import wasserstein


class Between(NamedTuple):
    """A statistic, and two numbers between which that of the values lies."""

    value: float
    low: float
    high: float


def single_valued(edges: FloatArray, *, whole: bool) -> BoolArray:
    """Tell which bins (low, high] can hold one value only; the two open ones cannot.

    >>> single_valued(np.array([1.0, 2.0, np.nextafter(7.0, 0), 7.0]), whole=False).tolist()
    [False, False, False, True, False]
    """
    low, high = edges[:-1], edges[1:]
    with np.errstate(over="ignore"):
        alone = np.nextafter(low, np.inf) == high
        if whole:
            alone |= np.floor(high) - np.floor(low) <= 1
    return np.concatenate(([False], alone, [False]))


def ks_between(reference: IntArray, current: IntArray, single: BoolArray) -> Between:
    """Return the distance at the edges, and the largest that the values inside of the bins can have.

    Inside of a bin both distribution functions rise, in whatever order; so the distance there is at most that
    of one at the end from the other at the beginning. That is at most the distance at the edges and the mass
    of the heaviest bin.

    Examples
    --------
    >>> ks_between(np.array([5, 5]), np.array([5, 5]), np.array([False, False]))
    Between(value=0.0, low=0.0, high=0.5)
    """
    f, g = (np.cumsum(sample) / sample.sum() for sample in (reference, current))
    before = [np.concatenate(([0.0], each[:-1])) for each in (f, g)]
    at_edges = float(np.abs(f - g).max())
    inside = np.maximum(np.abs(f - before[1]), np.abs(g - before[0]))
    # The first and the last bin: nothing lies below the one, and nothing above the other.
    return Between(at_edges, at_edges, float(max(at_edges, inside[~single].max(initial=0.0))))


def heaviest(reference: IntArray, single: BoolArray) -> float:
    """Return the largest share of the reference in a bin of several values."""
    return float(reference[~single].max(initial=0) / reference.sum())


def wasserstein_between(
    reference: IntArray, current: IntArray, edges: FloatArray, *, ends: tuple[float, float]
) -> Between:
    """Return the scaled Wasserstein distance with rows in the middle of their bins, and its bounds.

    Moving a row from its place to the middle of its bin moves the distance by at most half the width; a
    quartile lies in its bin.

    Parameters
    ----------
    reference, current : counts on bins
    edges : one fewer
    ends : the smallest and the largest value of both samples

    Raises
    ------
    Undefined
        If the quartiles of the reference may be equal, so that the distance has no scale.
    """
    low = np.concatenate(([min(ends[0], edges[0])], edges))
    high = np.concatenate((edges, [max(ends[1], edges[-1])]))
    kept = (reference + current > 0) & (high >= low)
    low, high, p, q = low[kept], high[kept], reference[kept], current[kept]
    middle = low / 2 + high / 2
    apart = np.concatenate(([True], middle[1:] > middle[:-1]))
    starts = np.flatnonzero(apart)
    found = wasserstein(middle[starts], np.add.reduceat(p, starts), np.add.reduceat(q, starts))
    error = float(((p / p.sum() + q / q.sum()) * (high - low) / 2).sum())
    first, third = (int(np.argmax(4 * np.cumsum(p) >= part * p.sum())) for part in (1, 3))
    narrow, wide = (float(low[third] - high[first]) / 1.349, float(high[third] - low[first]) / 1.349)
    if narrow <= 0:
        raise Undefined("the bins are too wide to tell the spread of the reference")
    return Between(found.distance, max(0.0, found.raw - error) / wide, (found.raw + error) / narrow)
