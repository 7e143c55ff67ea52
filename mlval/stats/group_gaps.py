"""How far groups lie apart: every pair compared, and the gap of the furthest pair with its interval.

The largest of many differences is large by noise alone. So each pair has an interval of a confidence that is
corrected for the number of pairs; all of them hold together with the confidence that was asked for, and so
does what follows from them: the true gap is at least the highest lower end, at most the highest upper end.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from mlval.stats.arrays import require_share
from mlval.stats.errors import Undefined
from mlval.stats.independent import difference, ratio
from mlval.stats.intervals import student_interval, wilson
from mlval.stats.sums import Moments

Ends = tuple[float, float]


class Share(NamedTuple):
    """The share of rows of one group that count: `successes` of `trials`, which are at least 1."""

    successes: int
    trials: int

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.successes / self.trials

    def interval(self, confidence: float) -> Ends:
        """Return Wilson's interval."""
        return wilson(self.successes, self.trials, confidence=confidence)


class Mean(NamedTuple):
    """The mean over the rows of one group, of which there are at least two, not all alike."""

    found: Moments

    @property
    def value(self) -> float:
        """The mean."""
        return self.found.mean

    def interval(self, confidence: float) -> Ends:
        """Return Student's interval."""
        return student_interval(self.found, confidence)


Group = Share | Mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The gap of the furthest pair of groups.

    Attributes
    ----------
    value : finite, from 0
    interval : of the true gap, as sure as all intervals of pairs together
    pair : the places of the two groups, the one with the higher value first
    """

    value: float
    interval: Ends
    pair: tuple[int, int]


def pairs(groups: int) -> int:
    """Return how many pairs there are.

    >>> pairs(8)
    28
    """
    return groups * (groups - 1) // 2


def corrected(confidence: float, comparisons: int) -> float:
    """Return the confidence of each interval with which all of them hold together (Bonferroni).

    >>> round(corrected(0.95, 28), 6)
    0.998214
    """
    require_share(confidence, "confidence")
    return 1 - (1 - confidence) / max(1, comparisons)


def largest_difference(groups: Sequence[Group], *, confidence: float) -> Gap:
    """Return the largest difference of two groups, with Newcombe's intervals (1998) of the pairs.

    Parameters
    ----------
    groups : at least two
    confidence : of the interval of each pair, as `corrected` gives it

    Raises
    ------
    Undefined
        If there are fewer than two groups, or a group has no interval.

    Examples
    --------
    >>> gap = largest_difference([Share(50, 100), Share(30, 100)], confidence=0.95)
    >>> round(gap.value, 3), [round(end, 3) for end in gap.interval]
    (0.2, [0.064, 0.326])
    """
    return _furthest(groups, _apart, confidence=confidence, widest=max)


def smallest_ratio(groups: Sequence[Group], *, confidence: float) -> Gap:
    """Return the smallest ratio of two groups, the lower value over the higher, 0 to 1.

    The intervals of the pairs are those of Donner and Zou (2012) from Wilson's. Parameters as
    `largest_difference`.

    Raises
    ------
    Undefined
        If there are fewer than two groups, a value is negative, or all are zero.

    Examples
    --------
    >>> gap = smallest_ratio([Share(50, 100), Share(30, 100)], confidence=0.95)
    >>> round(gap.value, 3), [round(end, 3) for end in gap.interval], gap.pair
    (0.6, [0.419, 0.852], (0, 1))
    """
    if groups and all(group.value == 0 for group in groups):
        raise Undefined("the rate is zero in every group, so that there is no ratio")
    return _furthest(groups, _relative, confidence=confidence, widest=min)


class _Pair(NamedTuple):
    """What two groups come to: the value, its interval, and whether the first is the higher."""

    value: float
    low: float
    high: float


def _furthest(
    groups: Sequence[Group],
    compare: Callable[[tuple[float, Ends], tuple[float, Ends]], _Pair],
    *,
    confidence: float,
    widest: Callable[[Sequence[float]], float],
) -> Gap:
    if len(groups) < 2:
        raise Undefined("a gap needs two groups")
    told = [(group.value, group.interval(confidence)) for group in groups]
    found = {}
    for one, other in combinations(range(len(told)), 2):
        above, below = (one, other) if told[one][0] >= told[other][0] else (other, one)
        found[above, below] = compare(told[above], told[below])
    value = widest([pair.value for pair in found.values()])
    place = min(places for places, pair in found.items() if pair.value == value)
    low, high = (widest([pair[end] for pair in found.values()]) for end in (1, 2))
    return Gap(value=value, interval=(min(low, value), max(high, value)), pair=place)


def _apart(above: tuple[float, Ends], below: tuple[float, Ends]) -> _Pair:
    found = difference(above[0], below[0], intervals=(above[1], below[1]))
    if found.interval is None:
        raise Undefined("the difference of two groups has no interval")
    low, high = found.interval
    return _Pair(found.value, max(0.0, low), max(high, -low))


def _relative(above: tuple[float, Ends], below: tuple[float, Ends]) -> _Pair:
    if above[0] == 0:
        # Nobody in either group: the ratio of the two may be anything.
        return _Pair(1.0, 0.0, 1.0)
    found = ratio(below[0], above[0], intervals=(below[1], above[1]))
    if found.interval is None:
        return _Pair(found.value, 0.0, 1.0)
    low, high = found.interval
    turned = 1 / high if high > 0 else math.inf
    return _Pair(found.value, max(0.0, min(low, turned)), min(1.0, high))
