"""How long a CUSUM of standard normal scores runs until it alarms, and the threshold for a wanted run length.

The up side is S = max(0, S + z − k), the down side the same of −z, and the alarm comes when either passes h.
Here k is the slack and h the threshold, both in standard deviations.
"""

import math
from functools import lru_cache

import numpy as np

from mlval.stats.arrays import FloatArray

SHORTEST = 5
"""The fewest runs between false alarms that can be asked for; below, one in four runs would alarm."""

LONGEST = 100_000
"""The most runs between false alarms that can be asked for."""


def cusum_run_length(threshold: float, *, slack: float, shift: float = 0.0) -> float:
    """Return the average number of independent normal scores until a two-sided CUSUM from zero alarms.

    The run length L(s) of the up side that stands at s solves L(s) = 1 + L(0)·Φ(k − μ − s) +
    ∫ L(y) φ(y + k − μ − s) dy over 0 to h (Page 1954); it is solved on Gauss-Legendre nodes. Both sides
    together have 1/L = 1/up + 1/down (Kemp 1961; see Montgomery, Introduction to Statistical Quality Control,
    chapter 9).

    Parameters
    ----------
    threshold : above 0, in standard deviations
    slack : above 0, in standard deviations; half the shift that is to be found soonest
    shift : the mean of the scores; 0 when nothing has changed

    Raises
    ------
    ValueError
        If threshold or slack is not above 0.

    Examples
    --------
    >>> round(cusum_run_length(4, slack=0.5), 1), round(cusum_run_length(5, slack=0.5), 1)
    (167.7, 465.4)
    >>> round(cusum_run_length(4, slack=0.5, shift=1), 2)
    8.38
    """
    if not (0 < threshold < math.inf and 0 < slack < math.inf and math.isfinite(shift)):
        raise ValueError(f"threshold and slack are above 0, not {threshold} and {slack}, shift {shift}")
    up = one_sided_run_length(threshold, slack=slack, shift=shift)
    down = one_sided_run_length(threshold, slack=slack, shift=-shift)
    return 1 / (1 / up + 1 / down)


def one_sided_run_length(threshold: float, *, slack: float, shift: float = 0.0) -> float:
    """Return the average run length of the up side alone; parameters as `cusum_run_length`.

    >>> round(one_sided_run_length(4, slack=0.5), 1)
    335.4
    """
    from scipy.special import ndtr

    nodes, weights = _gauss_legendre(24 + 4 * math.ceil(threshold))
    at = np.concatenate([[0.0], (nodes + 1) * (threshold / 2)])
    reference = slack - shift
    kernel = np.empty((at.size, at.size))
    kernel[:, 0] = ndtr(reference - at)
    kernel[:, 1:] = (weights * (threshold / 2)) * _density(at[None, 1:] + reference - at[:, None])
    return float(np.linalg.solve(np.eye(at.size) - kernel, np.ones(at.size))[0])


@lru_cache(maxsize=64)
def cusum_threshold(false_alarm_every: float, *, slack: float) -> float:
    """Return the threshold at which a two-sided CUSUM alarms once in so many runs when nothing has changed.

    Parameters
    ----------
    false_alarm_every : from 5 to 100,000 runs
    slack : above 0, in standard deviations

    Returns
    -------
    above 0, in standard deviations, rounded to 6 decimals: the last digits of a solved system depend on the
    machine

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> round(cusum_threshold(100, slack=0.5), 2)
    3.5
    """
    if not SHORTEST <= false_alarm_every <= LONGEST:
        raise ValueError(
            f"false alarms come every {SHORTEST} to {LONGEST:,} runs; {false_alarm_every} cannot be asked for"
        )
    low, high = 0.0, 1.0
    while cusum_run_length(high, slack=slack) < false_alarm_every:
        low, high = high, high * 2
    while high - low > 1e-8:
        middle = (low + high) / 2
        enough = one_sided_run_length(middle, slack=slack) / 2 >= false_alarm_every
        low, high = (low, middle) if enough else (middle, high)
    return round(high, 6)


@lru_cache(maxsize=64)
def _gauss_legendre(nodes: int) -> tuple[FloatArray, FloatArray]:
    at, weights = np.polynomial.legendre.leggauss(nodes)
    return at, weights


def _density(values: FloatArray) -> FloatArray:
    densities: FloatArray = np.exp(-values * values / 2) / math.sqrt(2 * math.pi)
    return densities
