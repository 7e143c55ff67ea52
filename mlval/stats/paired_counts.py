"""Two statistics of confusion tables of the same rows, from the joint counts of truth and both predictions.

How far a statistic moves when one row is added to a cell is its influence there, for every statistic of
counts alike. Rows that no sample has shown yet get their weight from two further rows, spread over all the
ways in which two predictions can disagree: so no interval is of zero width (as Bonett and Price 2012 for
shares).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import Paired, from_error

MOST_CLASSES = 30
FURTHER_ROWS = 2.0

Statistic = Callable[[IntArray], float]


class Joint(NamedTuple):
    """Rows by cell: truth, first and second prediction as codes, how many, and the group that they are of."""

    truth: IntArray
    first: IntArray
    second: IntArray
    counts: IntArray
    groups: IntArray | None = None


def joint(cells: Mapping[tuple[int, int, int], int]) -> Joint:
    """Return the joint counts of a mapping by (truth, first, second).

    >>> joint({(0, 0, 1): 3}).counts
    array([3])
    """
    codes = np.array(sorted(cells), dtype=np.int64).reshape(-1, 3)
    counts = np.array([cells[one] for one in sorted(cells)], dtype=np.int64)
    return Joint(codes[:, 0], codes[:, 1], codes[:, 2], counts)


def confusion(truth: IntArray, prediction: IntArray, counts: IntArray, *, classes: int) -> IntArray:
    """Return the table [truth, prediction] of one of the two predictions."""
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (truth, prediction), counts)
    return matrix


def of_counts(
    cells: Joint,
    statistics: Sequence[Statistic],
    *,
    classes: int,
    confidence: float,
    weight: float = 1.0,
) -> Paired:
    """Return the difference of two statistics of counts, second less first.

    Parameters
    ----------
    cells : the joint counts; codes from 0 below `classes`
    statistics : of the table of the first prediction, and of that of the second
    confidence, weight : as `mlval.stats.paired_estimate.paired`

    Raises
    ------
    Undefined
        If a statistic is not defined, there are no rows, or more than 30 classes.
    """
    if classes > MOST_CLASSES:
        raise Undefined(f"{classes} classes are more than the {MOST_CLASSES} whose tables are compared")
    n = int(cells.counts.sum())
    if n < 2:
        raise Undefined("an interval needs at least two rows")
    tables = [
        confusion(cells.truth, one, cells.counts, classes=classes) for one in (cells.first, cells.second)
    ]
    values = [statistic(table) for statistic, table in zip(statistics, tables, strict=True)]
    first, second = (
        _influence(statistic, table, value)
        for statistic, table, value in zip(statistics, tables, values, strict=True)
    )
    moved = second[cells.truth, cells.second] - weight * first[cells.truth, cells.first]
    if cells.groups is None:
        units, freedom = n, float(n)
        squares = float(np.sum(cells.counts * np.square(moved)))
    else:
        totals = np.bincount(cells.groups, weights=cells.counts * moved)
        units = int(np.unique(cells.groups).size)
        if units < 2:
            raise Undefined("an interval needs at least two groups")
        freedom = units - 1.0
        squares = float(np.sum(np.square(totals))) * units / freedom
    squares += _unseen(first, second, weight)
    return from_error(
        values[0],
        values[1],
        error=squares**0.5 / n,
        freedom=freedom,
        units=units,
        confidence=confidence,
        method="delta method on joint counts",
    )


def _influence(statistic: Statistic, table: IntArray, value: float) -> FloatArray:
    """Return by how much one row more in a cell moves the statistic, times the rows there are then."""
    n = int(table.sum())
    found = np.empty(table.shape)
    more = table.copy()
    for cell in np.ndindex(table.shape):
        more[cell] += 1
        found[cell] = (n + 1) * (statistic(more) - value)
        more[cell] -= 1
    found -= float(np.sum(table * found)) / n
    if not np.isfinite(found).all():
        raise Undefined("the metric is not defined near these counts")
    return found


def _unseen(first: FloatArray, second: FloatArray, weight: float) -> float:
    """Return what the further rows add: each class right with one and any other class with the other."""
    classes = first.shape[0]
    if classes < 2:
        return 0.0
    total = 0.0
    for truth in range(classes):
        for wrong in range(classes):
            if wrong != truth:
                gained = second[truth, truth] - weight * first[truth, wrong]
                lost = second[truth, wrong] - weight * first[truth, truth]
                total += gained * gained + lost * lost
    return float(total * FURTHER_ROWS / (2 * classes * (classes - 1)))
