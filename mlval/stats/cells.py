"""Fewer and larger cells in place of many small ones that stand in rising order."""

from typing import NamedTuple

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.errors import Undefined

CELLS = 10


class Cells(NamedTuple):
    """Counts of two samples on the same cells."""

    reference: IntArray
    current: IntArray


def coarse(reference: IntArray, current: IntArray, cells: int = CELLS) -> Cells:
    """Join neighbouring cells into about ten that hold equal shares of the reference.

    A cut falls where a tenth, two tenths, … of the reference are reached. A cell with more than a tenth, such
    as that of an atom, stays alone; so do all where at most ten hold any of it.

    Parameters
    ----------
    reference, current : shape (k,), counts in rising order
    cells : at least 2

    Raises
    ------
    Undefined
        If the reference has no rows.

    Examples
    --------
    >>> coarse(np.repeat(1, 8), np.arange(8), 4)
    Cells(reference=array([2, 2, 2, 2]), current=array([ 1,  5,  9, 13]))
    >>> coarse(np.array([6, 1, 1, 1, 1]), np.array([0, 2, 2, 2, 2]), 2)
    Cells(reference=array([6, 4]), current=array([0, 8]))
    """
    rows = int(reference.sum())
    if rows == 0:
        raise Undefined("one of the two samples has no rows")
    occurs = np.flatnonzero(reference)
    if occurs.size <= cells:
        alone, reached = occurs, np.array([], dtype=np.int64)
    else:
        alone = np.flatnonzero(reference * cells > rows)
        ranks = -(-np.arange(1, cells) * rows // cells)
        reached = np.searchsorted(np.cumsum(reference), ranks)
    starts = np.unique(np.concatenate(([0], alone, alone + 1, reached + 1)))
    starts = starts[starts < reference.size]
    return Cells(np.add.reduceat(reference, starts), np.add.reduceat(current, starts))


def folded(pooled: IntArray, values: FloatArray, cells: int) -> tuple[IntArray, FloatArray]:
    """Join neighbouring atoms into at most `cells` of about equal mass, each at its mean value.

    Examples
    --------
    >>> folded(np.array([1, 1, 2]), np.array([0.0, 1.0, 5.0]), 2)
    (array([2, 2]), array([0.5, 5. ]))
    """
    if pooled.size <= cells:
        return pooled, values
    middle = np.cumsum(pooled) - pooled / 2
    cell = np.minimum((middle * cells / pooled.sum()).astype(np.int64), cells - 1)
    starts = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
    counts = np.add.reduceat(pooled, starts)
    largest = float(np.abs(values).max()) or 1.0
    means = np.add.reduceat(values / largest * pooled, starts) / counts * largest
    distinct = np.concatenate(([True], means[1:] > means[:-1]))
    return np.add.reduceat(counts, np.flatnonzero(distinct)), means[distinct]
