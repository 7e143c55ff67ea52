"""Two samples counted on the same cells: what is demanded of them before anything is computed."""

from collections.abc import Sequence

import numpy as np

from mlval.stats.arrays import Counts, FloatArray, require_finite, whole_numbers
from mlval.stats.errors import Undefined

EXACT = 2**53
"""Whole numbers below this are exact as floating-point numbers."""

Values = Sequence[float] | FloatArray


def cells(counts: Counts) -> FloatArray:
    """Return counts as floating-point numbers, without rounding.

    Two counts are then in the same ratio to their sums exactly where their quotients are equal, so a
    distance of two samples in proportion is 0 and not nearly 0.

    Raises
    ------
    Undefined
        If there are no rows.
    ValueError
        If the counts are not whole numbers from 0, or add up to 2**53 or more.
    """
    numbers = whole_numbers(counts)
    total = sum(numbers)
    if total == 0:
        raise Undefined("one of the two samples has no rows")
    if total >= EXACT:
        raise ValueError(f"{total} rows are more than can be counted exactly")
    return np.array(numbers, dtype=np.float64)


def pair(reference_counts: Counts, current_counts: Counts) -> tuple[FloatArray, FloatArray]:
    """Return the counts of two samples on the same cells.

    Raises
    ------
    Undefined
        If one of the samples has no rows.
    ValueError
        If the numbers of cells differ, or as `cells`.
    """
    if len(reference_counts) != len(current_counts):
        raise ValueError(f"{len(reference_counts)} bins against {len(current_counts)}")
    return cells(reference_counts), cells(current_counts)


def rising(values: Values, length: int) -> FloatArray:
    """Return the values that cells stand for.

    Raises
    ------
    Undefined
        If a value is not finite.
    ValueError
        If there are not as many values as cells, or they do not rise strictly.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (length,):
        raise ValueError(f"values of shape {array.shape} for {length} counts")
    require_finite(array, "values")
    if not np.all(array[1:] > array[:-1]):
        raise ValueError("the values must rise strictly")
    return array
