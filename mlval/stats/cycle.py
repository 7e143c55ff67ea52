"""Regular ups and downs of a series, and how much a value depends on the one before."""

import math
from collections.abc import Hashable, Sequence

import numpy as np

from mlval.stats.arrays import FloatArray, require_finite
from mlval.stats.errors import Undefined


def autocorrelation(values: FloatArray, *, lag: int = 1) -> float:
    """Return how values depend on those `lag` places before, −1 to 1.

    The usual estimate: the sum of products of deviations from the mean, over the sum of squares (Box and
    Jenkins, chapter 2). In short series it is too low, by about (1 + 4r)/n at lag 1. A change of level looks
    like dependence: estimate it where nothing changed.

    Parameters
    ----------
    values : shape (n,), finite
    lag : from 1; 7 shows a weekly cycle of daily values

    Raises
    ------
    Undefined
        If values are missing or infinite, there are fewer than lag + 2, or all are equal.
    ValueError
        If lag is below 1.

    Examples
    --------
    >>> round(autocorrelation(np.array([1.0, 2.0, 3.0, 4.0, 5.0])), 2)
    0.4
    """
    if lag < 1:
        raise ValueError(f"a lag is at least 1, not {lag}")
    require_finite(values, "values")
    if values.size < lag + 2:
        raise Undefined(f"{values.size} values are too few to compare those {lag} apart")
    largest = float(np.max(np.abs(values)))
    scaled = values / largest if largest else values
    centred = scaled - scaled.mean()
    squares = float(centred @ centred)
    if squares <= 1e-24 * values.size:
        raise Undefined("all values are equal")
    return float(centred[lag:] @ centred[:-lag]) / squares


def phase_medians(values: FloatArray, phases: Sequence[Hashable]) -> dict[Hashable, float]:
    """Return the median of each phase of a cycle, such as of each day of the week, in order of appearance.

    Medians, so that a few broken values do not bend the cycle.

    Parameters
    ----------
    values : shape (n,), finite
    phases : n labels

    Raises
    ------
    Undefined
        If values are missing or infinite.
    ValueError
        If there are not as many phases as values.

    Examples
    --------
    >>> phase_medians(np.array([1.0, 5.0, 2.0, 5.0]), ["mon", "sun", "mon", "sun"])
    {'mon': 1.5, 'sun': 5.0}
    """
    require_finite(values, "values")
    if len(phases) != values.size:
        raise ValueError(f"{values.size} values need as many phases, not {len(phases)}")
    members: dict[Hashable, list[float]] = {}
    for phase, value in zip(phases, values.tolist(), strict=True):
        members.setdefault(phase, []).append(value)
    return {phase: _median(of_phase) for phase, of_phase in members.items()}


def deseasonalised(values: FloatArray, phases: Sequence[Hashable]) -> FloatArray:
    """Return the values less the median of their phase, plus the median of all.

    For a look back at a whole series. It uses later values too, so an alarm must not be judged on it:
    `trend` compares with earlier values of the phase.

    Parameters, errors as `phase_medians`.

    Returns
    -------
    shape (n,), in the unit of the values

    Examples
    --------
    >>> deseasonalised(np.array([1.0, 5.0, 2.0, 5.0]), ["mon", "sun", "mon", "sun"]).tolist()
    [3.0, 3.5, 4.0, 3.5]
    """
    cycle = phase_medians(values, phases)
    middle = _median(values.tolist())
    level = np.array([cycle[phase] for phase in phases])
    without: FloatArray = values - level + middle
    return without


def ar1_residuals(values: FloatArray) -> FloatArray:
    """Return what a value does not share with the one before: deviations less r times the deviation before.

    For a look back at a whole series; r is its lag-1 autocorrelation.

    Parameters
    ----------
    values : shape (n,), finite

    Returns
    -------
    shape (n − 1,), in the unit of the values

    Raises
    ------
    Undefined
        As `autocorrelation`.
    """
    shared = autocorrelation(values)
    centred = values - values.mean()
    residuals: FloatArray = centred[1:] - shared * centred[:-1]
    return residuals


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low if low == high else math.fsum((low / 2, high / 2))
