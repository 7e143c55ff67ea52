"""Edges that split numbers into bins of about equal mass, and the counts of numbers on edges.

Bin i holds the values v with edges[i − 1] < v <= edges[i]; the first bin and the last are open.
"""

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.errors import Undefined


def edges(sorted_sample: FloatArray, bins: int) -> FloatArray:
    """Choose edges from a sorted sample.

    * At most `bins` different values: each has its own bin, between an open bin below the smallest and one
      above the largest, both empty in the sample. So a column that was constant shows a change to another
      constant.
    * More: the edges are the values at the quantiles 1/bins, 2/bins, …, so that each bin holds at most
      2/bins of the sample, atoms aside.
    * An atom, a value with more than 1/bins of the sample, has a bin of its own: the next smaller
      floating-point number is an edge too.

    Rounding edges to fewer digits takes an atom's bin away where its two edges become one.

    Parameters
    ----------
    sorted_sample : shape (n,), finite, rising
    bins : at least 2

    Returns
    -------
    strictly rising and finite; at most bins + 1 edges where there are few values, else at most 3·bins

    Raises
    ------
    Undefined
        If the sample is empty.
    ValueError
        If it is not sorted or not finite, or `bins` is below 2.

    Examples
    --------
    >>> edges(np.arange(1.0, 101.0), 4).tolist()
    [25.0, 50.0, 75.0]
    >>> count(np.array([0.0, 2.0, 2.0, 3.0]), edges(np.array([1.0, 2.0]), 10)).tolist()
    [1, 0, 2, 1]
    """
    if bins < 2:
        raise ValueError(f"at least two bins, not {bins}")
    _require_sorted(sorted_sample)
    n = sorted_sample.size
    if n == 0:
        raise Undefined("no finite values: there is nothing to choose bins from")
    if not (np.isfinite(sorted_sample[0]) and np.isfinite(sorted_sample[-1])):
        raise ValueError("the sample holds infinities")
    starts = np.flatnonzero(np.concatenate(([True], sorted_sample[1:] != sorted_sample[:-1])))
    values = sorted_sample[starts]
    if values.size <= bins:
        return _rising(np.append(_just_below(values[:1]), values))
    ranks = -(-np.arange(1, bins) * n // bins) - 1
    atoms = values[np.diff(np.append(starts, n)) * bins > n]
    return _rising(np.concatenate((sorted_sample[ranks], atoms, _just_below(atoms))))


def count(sorted_values: FloatArray, edges: FloatArray) -> IntArray:
    """Count values on edges by bisection: O(k log n) once they are sorted.

    Parameters
    ----------
    sorted_values : shape (n,), rising, no NaN; infinities fall into the open bins
    edges : shape (k,), strictly rising

    Returns
    -------
    shape (k + 1,), adding up to n

    Raises
    ------
    ValueError
        If the values are not sorted or hold NaN, or the edges do not rise.

    Examples
    --------
    >>> count(np.array([1.0, 2.0, 2.0, 5.0]), np.array([1.0, 2.0, 3.0])).tolist()
    [1, 2, 0, 1]
    """
    _require_sorted(sorted_values)
    if not np.all(edges[1:] > edges[:-1]) or np.isnan(edges).any():
        raise ValueError("edges must rise")
    up_to = np.searchsorted(sorted_values, edges, side="right")
    return np.diff(np.concatenate(([0], up_to, [sorted_values.size]))).astype(np.int64, copy=False)


def _require_sorted(values: FloatArray) -> None:
    if not np.all(values[1:] >= values[:-1]) or np.isnan(values[-1:]).any():
        raise ValueError("the values must be sorted, without NaN")


def _just_below(values: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", under="ignore"):
        return np.nextafter(values, -np.inf)


def _rising(chosen: FloatArray) -> FloatArray:
    distinct = np.unique(chosen)
    return distinct[np.isfinite(distinct)]
