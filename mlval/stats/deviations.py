"""How far each value of a series lies from what the values before it say.

A deviation uses earlier values only, so it never changes when later values arrive.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray

NOISE = 1e-12
"""Deviations below this share of the largest value so far are rounding, and count as none."""

PAIRS = 10
"""Neighbouring deviations that must be there before their dependence is estimated."""

STRONGEST = 0.9
"""The strongest dependence on the value before that is taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviations:
    """The deviations of one series, or of many of the same length (one a row).

    Attributes
    ----------
    sizes : shape (..., n), in the unit of the values; NaN where nothing came before
    expected : shape (..., n), the mean that a value is compared with; NaN where nothing came before
    scale : shape (..., n), the standard deviation of the deviations before each one; NaN where there are none
    before : shape (n,), the number of deviations before each one
    """

    sizes: FloatArray
    expected: FloatArray
    scale: FloatArray
    before: IntArray


def deviations(values: FloatArray, phases: Sequence[Hashable] | None = None) -> Deviations:
    """Return how far each value lies from the mean of the earlier ones of its phase.

    The distance is multiplied by sqrt(n/(n + 1)), with n the number of those earlier values. The results are
    the recursive residuals of Brown, Durbin and Evans (1975) for one mean a phase: of independent normal
    values with one standard deviation they are independent and normal with that same one.

    Parameters
    ----------
    values : shape (..., n), finite; along the last axis, oldest first
    phases : n labels, such as days of the week; None where there is no cycle

    Raises
    ------
    ValueError
        If there are not as many phases as values.

    Examples
    --------
    >>> deviations(np.array([1.0, 3.0, 2.0])).sizes.round(3).tolist()
    [nan, 1.414, 0.0]
    """
    length = values.shape[-1]
    if phases is not None and len(phases) != length:
        raise ValueError(f"{length} values need {length} phases, not {len(phases)}")
    if length == 0:
        return _scaled(values.copy(), values.copy())
    sizes, expected = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    first = values[..., :1]
    for places in _places(phases, length):
        of_phase = values[..., places] - first
        count = np.arange(1, places.size)
        mean = np.cumsum(of_phase[..., :-1], axis=-1) / count
        expected[..., places[1:]] = mean + first
        sizes[..., places[1:]] = (of_phase[..., 1:] - mean) * np.sqrt(count / (count + 1))
    largest: FloatArray = np.maximum.accumulate(np.abs(values), axis=-1)
    sizes[np.abs(sizes) <= NOISE * largest] = 0.0
    return _scaled(sizes, expected)


def without_dependence(found: Deviations) -> Deviations:
    """Return the deviations less what each shares with the one before, by an autoregression of first order.

    The coefficient is that of the earlier deviations alone, plus (1 + 3r)/n for its bias in short series
    (Kendall 1954), within ±0.9. A change of level that lasts is smaller in what is left, by 1 − r.

    Parameters
    ----------
    found : what `deviations` returned

    Returns
    -------
    deviations; NaN also where fewer than 10 pairs of neighbours came before
    """
    present = np.nan_to_num(found.sizes)
    product, square = np.zeros_like(present), np.zeros_like(present)
    product[..., 1:] = present[..., 1:] * present[..., :-1]
    square[..., 1:] = present[..., :-1] ** 2
    known = ~np.isnan(found.sizes)
    pairs = np.zeros(known.shape)
    pairs[..., 1:] = known[..., 1:] & known[..., :-1]
    earlier = [_sum_before(part * (pairs > 0)) for part in (product, square)]
    number = np.maximum(_sum_before(pairs), 1)
    raw = np.divide(earlier[0], earlier[1], out=np.zeros_like(present), where=earlier[1] > 0)
    coefficient = np.clip(raw + (1 + 3 * raw) / number, -STRONGEST, STRONGEST)
    coefficient = np.where(earlier[1] > 0, coefficient, 0.0)
    sizes = np.full(present.shape, np.nan)
    sizes[..., 1:] = present[..., 1:] - coefficient[..., 1:] * present[..., :-1]
    usable = (pairs > 0) & (_sum_before(pairs) >= PAIRS)
    return _scaled(np.where(usable, sizes, np.nan), found.expected)


def _scaled(sizes: FloatArray, expected: FloatArray) -> Deviations:
    known = ~np.isnan(sizes)
    before = _sum_before(known.astype(np.float64))
    squares = _sum_before(np.where(known, sizes, 0.0) ** 2)
    variance = np.divide(squares, before, out=np.full(sizes.shape, np.nan), where=before > 0)
    of_one = before.reshape(-1, sizes.shape[-1])[0] if sizes.size else np.zeros(sizes.shape[-1])
    return Deviations(sizes=sizes, expected=expected, scale=np.sqrt(variance), before=of_one.astype(np.int64))


def _sum_before(values: FloatArray) -> FloatArray:
    """Return, for each place, the sum of all that stands before it."""
    sums = np.zeros_like(values)
    np.cumsum(values[..., :-1], axis=-1, out=sums[..., 1:])
    return sums


def _places(phases: Sequence[Hashable] | None, length: int) -> list[IntArray]:
    """Return the places of each phase, in order of first appearance."""
    if phases is None:
        return [np.arange(length)]
    places: dict[Hashable, list[int]] = {}
    for index, phase in enumerate(phases):
        places.setdefault(phase, []).append(index)
    return [np.array(indices) for indices in places.values()]
