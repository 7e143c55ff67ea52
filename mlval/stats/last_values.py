"""The value that was known before each row: what a forecast must beat."""

import numpy as np

from mlval.stats.arrays import FloatArray


def last_values(values: FloatArray, times: FloatArray, groups: FloatArray) -> FloatArray:
    """Return for each row the mean of the values at the latest earlier time of its group; NaN without one.

    Parameters
    ----------
    values, times, groups : shape (n,), aligned, without NaN

    Examples
    --------
    >>> last_values(np.array([3.0, 5.0, 7.0]), np.array([1.0, 2.0, 2.0]), np.zeros(3)).tolist()
    [nan, 3.0, 3.0]
    """
    if values.size == 0:
        return values.copy()
    order = np.lexsort((values, times, groups))
    value, time, group = values[order], times[order], groups[order]
    begins_group = np.concatenate(([True], group[1:] != group[:-1]))
    begins = np.flatnonzero(begins_group | np.concatenate(([True], time[1:] != time[:-1])))
    sizes = np.diff(begins, append=value.size)
    means = np.add.reduceat(value, begins) / sizes
    before = np.concatenate(([np.nan], means[:-1]))
    before[begins_group[begins]] = np.nan
    found = np.empty_like(value)
    found[order] = np.repeat(before, sizes)
    return found
