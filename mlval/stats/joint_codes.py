"""Columns of two samples as small codes on the same bins and levels, for what looks at columns together.

Bins and levels are chosen from both samples together, not knowing which row is whose: were they chosen from
one of them, its own chance would show in how the other one falls on them.
"""

import numpy as np

from mlval.stats._trees import BINS, Codes
from mlval.stats.arrays import FloatArray
from mlval.stats.bins import edges

NO_VALUE = 0
"""The code of rows without a value."""

MOST = BINS - 1
"""Codes of rows with a value are from 1 to this."""

_FINENESS = (60, 40, 20)
"""Bins that are tried; values that are frequent have bins of their own beside them."""

Marks = np.ma.MaskedArray[tuple[int], np.dtype[np.uint64]]
"""A number for each level; masked where there is no value."""


def codes_of_numbers(reference: FloatArray, current: FloatArray) -> tuple[Codes, Codes]:
    """Put numbers into at most 63 bins of about equal mass, their codes rising with the value.

    Values that are frequent have a bin of their own, and all have where there are few. Infinities fall into
    the outer bins.

    Parameters
    ----------
    reference, current : shape (n,) and (m,); NaN where there is no value

    Returns
    -------
    shape (n,) and (m,), below 64; 0 where there is no value

    Examples
    --------
    >>> before, after = codes_of_numbers(np.array([5.0, np.nan, 7.0]), np.array([7.0, np.inf]))
    >>> before.tolist(), after.tolist()
    ([2, 0, 3], [3, 4])
    """
    pooled = np.concatenate((reference, current))
    finite = np.sort(pooled[np.isfinite(pooled)])
    bounds = np.empty(0)
    if finite.size:
        tried = (edges(finite, bins) for bins in _FINENESS)
        bounds = next(found for found in tried if found.size < MOST)

    def coded(values: FloatArray) -> Codes:
        codes = np.searchsorted(bounds, values, side="left").astype(np.uint8) + np.uint8(1)
        codes[np.isnan(values)] = NO_VALUE
        return codes

    return coded(reference), coded(current)


def codes_of_levels(
    reference: Marks,
    current: Marks,
) -> tuple[Codes, Codes]:
    """Give the 62 most frequent levels a code each, and all others one together.

    Parameters
    ----------
    reference, current : shape (n,) and (m,), a number for each level; masked where there is no value

    Returns
    -------
    shape (n,) and (m,), below 64; 0 where there is no value

    Examples
    --------
    >>> level = np.ma.array([8, 9, 9], mask=[False, False, False], dtype=np.uint64)
    >>> before, after = codes_of_levels(level, np.ma.array([7, 8], mask=[False, True], dtype=np.uint64))
    >>> before.tolist(), after.tolist()
    ([3, 1, 1], [2, 0])
    """
    there = np.concatenate([side.compressed() for side in (reference, current)])
    levels, counts = np.unique(there, return_counts=True)
    # The smaller mark first among levels as frequent.
    ranked = np.argsort(-counts, kind="stable")
    code_of = np.full(levels.size, MOST, dtype=np.uint8)
    told = ranked[: MOST - 1]
    code_of[told] = np.arange(1, told.size + 1, dtype=np.uint8)

    def coded(side: Marks) -> Codes:
        codes = np.full(side.size, NO_VALUE, dtype=np.uint8)
        codes[~np.ma.getmaskarray(side)] = code_of[np.searchsorted(levels, side.compressed())]
        return codes

    return coded(reference), coded(current)
