"""Searching rows for segments on which a model does worse: every condition, and every pair of two columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray

SLACK = 2
"""Standard deviations by which a segment may fall short of its share in a half of the rows by chance."""


@dataclass(frozen=True, slots=True)
class Feature:
    """The cell of every row in one column.

    `codes` are 0 to `cells` - 1. Where the column is `ordered`, neighbouring cells make a condition
    together; the last cell stands for rows without a value, and is a condition of its own.
    """

    codes: IntArray
    cells: int
    ordered: bool


class Condition(NamedTuple):
    """Rows whose cell in the feature of this place lies from `first` to `last`."""

    feature: int
    first: int
    last: int


Segment = tuple[Condition, ...]


class _Found(NamedTuple):
    score: float
    segment: Segment


def members(features: Sequence[Feature], segment: Segment) -> BoolArray:
    """Return which rows are in a segment."""
    rows = np.ones(len(features[0].codes), dtype=np.bool_)
    for feature, first, last in segment:
        codes = features[feature].codes
        rows &= (codes >= first) & (codes <= last)
    return rows


def weakest(
    features: Sequence[Feature], excess: FloatArray, *, min_rows: float, most: int
) -> tuple[Segment, ...]:
    """Return the segments with the largest mean excess for their size, one after the other.

    The score of a segment is its mean excess times the square root of its rows: its distance from none in
    standard errors, where all segments scatter alike. Once one is found, its rows are set aside, so that the
    next is not its shadow. Only segments above zero come back; of equal scores the first in order.

    Parameters
    ----------
    features : of the rows, at least one
    excess : shape (rows,), finite: how much worse a row is than what is allowed
    min_rows : smaller segments do not count; larger than 0
    most : how many segments

    Examples
    --------
    >>> plan = Feature(np.array([0, 0, 1, 1]), 3, ordered=False)
    >>> weakest([plan], np.array([-1.0, -1.0, 1.0, 0.5]), min_rows=2, most=3)
    ((Condition(feature=0, first=1, last=1),),)
    """
    largest = float(np.abs(excess).max(initial=0))
    # In units of the largest, so that rounding hides the order of additions whatever the unit is.
    excess = excess / largest if largest > 0 else excess
    found: list[Segment] = []
    left = np.ones(len(excess), dtype=np.bool_)
    while len(found) < most:
        rest = [Feature(one.codes[left], one.cells, ordered=one.ordered) for one in features]
        segment = _worst(rest, excess[left], min_rows)
        if segment is None:
            break
        found.append(segment)
        left &= ~members(features, segment)
    return tuple(found)


def _worst(features: Sequence[Feature], excess: FloatArray, min_rows: float) -> Segment | None:
    conditions = [_conditions(place, feature) for place, feature in enumerate(features)]
    found: list[_Found] = []
    for place, feature in enumerate(features):
        rows = np.bincount(feature.codes, minlength=feature.cells).astype(np.float64)
        sums = np.bincount(feature.codes, weights=excess, minlength=feature.cells)
        inside = _inside(conditions[place], feature.cells)
        scores = _scores(inside @ rows, inside @ sums, min_rows)
        best = int(scores.argmax())
        found.append(_Found(float(scores[best]), (conditions[place][best],)))
    for one, other in combinations(range(len(features)), 2):
        sides = [(features[place], conditions[place]) for place in (one, other)]
        found.append(_worst_of_pair(sides, excess, min_rows))
    # Of equal scores one condition is preferred to two.
    best_found = max(found, key=lambda each: (each.score, -len(each.segment)))
    return best_found.segment if best_found.score > 0 else None


def _worst_of_pair(
    sides: Sequence[tuple[Feature, Sequence[Condition]]], excess: FloatArray, min_rows: float
) -> _Found:
    (first, own), (second, others) = sides
    codes = first.codes * second.cells + second.codes
    shape, size = (first.cells, second.cells), first.cells * second.cells
    rows = np.bincount(codes, minlength=size).reshape(shape).astype(np.float64)
    sums = np.bincount(codes, weights=excess, minlength=size).reshape(shape)
    left, right = (_inside(conditions, feature.cells) for feature, conditions in sides)
    scores = _scores(left @ rows @ right.T, left @ sums @ right.T, min_rows)
    best = int(scores.argmax())
    return _Found(float(scores.flat[best]), (own[best // len(others)], others[best % len(others)]))


def _conditions(place: int, feature: Feature) -> list[Condition]:
    """Return every cell; of ordered ones every run of neighbours but the whole."""
    missing = feature.cells - 1
    if not feature.ordered:
        return [Condition(place, cell, cell) for cell in range(feature.cells)]
    runs = combinations(range(feature.cells), 2)
    inner = [Condition(place, first, end - 1) for first, end in runs if end - first < missing]
    return [*inner, Condition(place, missing, missing)]


def _inside(conditions: Sequence[Condition], cells: int) -> FloatArray:
    """Return which cells a condition holds, shape (conditions, cells)."""
    bounds = np.array([(one.first, one.last) for one in conditions])
    at = np.arange(cells)
    inside: BoolArray = (at >= bounds[:, :1]) & (at <= bounds[:, 1:])
    return inside.astype(np.float64)


def _scores(rows: FloatArray, sums: FloatArray, min_rows: float) -> FloatArray:
    scores: FloatArray = np.where(rows >= min_rows, sums / np.sqrt(np.maximum(rows, 1)), -np.inf)
    # Digits beyond these depend on the order of additions, and would break ties by chance.
    return np.round(scores, 9)
