"""Statistics of many pairs of samples of numbers at once: counts of shape (..., atoms) in, shape (...) out.

Arguments are counts as floating-point numbers, reference first, at least one row in every sample; the last
axis runs over the atoms in rising order of their values. An atom that is empty on both sides does not count.
"""

from typing import NamedTuple

import numpy as np

from mlval.stats.arrays import FloatArray

IQR_OF_NORMAL = 1.349
"""The interquartile range of a normal distribution, in standard deviations."""


class Spread(NamedTuple):
    """Spreads of samples: the interquartile range over 1.349, and the standard deviation."""

    robust: FloatArray
    deviation: FloatArray


def kolmogorov_smirnov(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return the largest distance of the two distribution functions."""
    largest: FloatArray = np.abs(_gaps(reference, current)).max(axis=-1)
    return largest


def area(reference: FloatArray, current: FloatArray, values: FloatArray) -> FloatArray:
    """Return the area between the two distribution functions, in the unit of the values."""
    return _sum(np.abs(_gaps(reference, current)[..., :-1]) * np.diff(values))


def spread(counts: FloatArray, values: FloatArray) -> Spread:
    """Return the spreads of samples; the deviation of one row is 0.

    A quartile is the smallest value that a quarter of the rows do not exceed.
    """
    below = np.cumsum(counts, axis=-1)
    rows = below[..., -1:]
    first = values[np.argmax(4 * below >= rows, axis=-1)]
    third = values[np.argmax(4 * below >= 3 * rows, axis=-1)]
    centre = _sum(counts / rows * values)[..., np.newaxis]
    squares = _sum(counts * np.square(values - centre))
    return Spread(
        np.asarray((third - first) / IQR_OF_NORMAL),
        np.sqrt(squares / np.maximum(rows[..., 0] - 1, 1)),
    )


def wasserstein(reference: FloatArray, current: FloatArray, values: FloatArray, *, unit: float) -> FloatArray:
    """Return the area over the robust spread, else over the deviation, else times the unit of the values."""
    robust, deviation = spread(reference, values)
    scale = np.where(robust > 0, robust, deviation)
    distance = area(reference, current, values)
    return np.divide(distance, scale, out=distance * unit, where=scale > 0)


def cramer_von_mises(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return nm/(n + m)² times the sum of squared gaps over all rows.

    The gap at an atom is taken before and after it, and the mean of both squares counts.
    """
    after = np.square(_gaps(reference, current))
    squares = after.copy()
    squares[..., 1:] += after[..., :-1]
    n, m = _sum(reference), _sum(current)
    total = _sum((reference + current) * squares) / 2
    return np.asarray(n * m / np.square(n + m) * total)


def anderson_darling(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return A² of Scholz and Stephens (1987), equation 7 (midranks), for two samples."""
    n, m = reference.sum(axis=-1, keepdims=True), current.sum(axis=-1, keepdims=True)
    rows = n + m
    pooled = reference + current
    gap = _midranks(reference) / n - _midranks(current) / m
    below = np.cumsum(pooled, axis=-1)
    share, left, right = pooled / rows, (below - pooled) / rows, (rows - below) / rows
    weight = left * right + share * (left + right) / 4
    terms = np.divide(pooled * gap * gap, weight, out=np.zeros_like(gap), where=(pooled > 0) & (weight > 0))
    factor = (rows - 1) / rows * (n / rows) * (m / rows)
    return np.asarray(factor[..., 0] * _sum(terms))


def mean_shift(reference: FloatArray, current: FloatArray, values: FloatArray) -> FloatArray:
    """Return the current mean less the reference mean, in standard deviations of the reference.

    Infinite where the means differ and the reference does not vary.
    """
    shift = mean_difference(reference, current, values)
    deviation = spread(reference, values).deviation
    infinite = np.where(shift == 0, 0.0, np.copysign(np.inf, shift))
    standardised: FloatArray = np.divide(shift, deviation, out=np.asarray(infinite), where=deviation > 0)
    return standardised


def mean_difference(reference: FloatArray, current: FloatArray, values: FloatArray) -> FloatArray:
    """Return the current mean less the reference mean; exactly 0 for equal shares."""
    p = reference / reference.sum(axis=-1, keepdims=True)
    q = current / current.sum(axis=-1, keepdims=True)
    centre = (values[0] + values[-1]) / 2
    return _sum((q - p) * (values - centre))


def _sum(terms: FloatArray) -> FloatArray:
    total: FloatArray = np.asarray(terms.sum(axis=-1))
    return total


def _midranks(counts: FloatArray) -> FloatArray:
    """Return the rows below each atom, and half of those at it."""
    ranks: FloatArray = np.cumsum(counts, axis=-1) - counts / 2
    return ranks


def _gaps(reference: FloatArray, current: FloatArray) -> FloatArray:
    """Return F − G after every atom; the last is 0."""
    above, below = np.cumsum(reference, axis=-1), np.cumsum(current, axis=-1)
    gaps: FloatArray = above / above[..., -1:] - below / below[..., -1:]
    return gaps
