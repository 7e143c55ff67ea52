"""How much values depend on earlier ones, and how often a monitor alarms in vain if they do."""

import math
from collections.abc import Hashable, Sequence

import numpy as np

from mlval.stats.arrays import FloatArray, require_finite
from mlval.stats.cycle import deseasonalised
from mlval.stats.errors import Undefined
from mlval.stats.run_length import cusum_run_length, cusum_threshold

FEWEST = 20
"""Pairs of values that are needed to say how they depend on each other."""


def dependence(
    values: FloatArray,
    *,
    lag: int = 1,
    starts: Sequence[int] = (),
    phases: Sequence[Hashable] | None = None,
) -> float:
    """Return the autocorrelation of a series whose level may have changed, −1 to 1.

    Each stretch between two starts is taken about its own mean, and all are pooled; a change of level alone
    would look like dependence. The bias of the short stretches, −(1 + 4r)/n at lag 1 (Marriott and Pope
    1954), is taken out with n the mean length of a stretch.

    Parameters
    ----------
    values : shape (n,), finite
    lag : how many places apart, from 1
    starts : where levels changed, rising, within the series
    phases : n labels of a cycle, which is taken out first

    Raises
    ------
    Undefined
        If values are missing or infinite, fewer than 20 pairs are that far apart, or all values of
        each stretch are equal.
    ValueError
        If lag is below 1, or there are not as many phases as values.

    Examples
    --------
    >>> round(dependence(np.arange(40.0) % 2), 1)
    -1.0
    """
    if lag < 1:
        raise ValueError(f"a lag is at least 1, not {lag}")
    require_finite(values, "values")
    largest = float(np.max(np.abs(values)))
    level = values / largest if largest else values
    if phases is not None:
        level = deseasonalised(level, phases)
    stretches = [part for part in np.split(level, list(starts)) if part.size > lag]
    pairs = sum(part.size - lag for part in stretches)
    if pairs < FEWEST:
        raise Undefined(f"{values.size} values are too few to say how they depend on each other")
    centred = [part - part.mean() for part in stretches]
    squares = math.fsum(float(part @ part) for part in centred)
    if squares <= 1e-24 * values.size:
        raise Undefined("all values are equal")
    raw = math.fsum(float(part[lag:] @ part[:-lag]) for part in centred) / squares
    length = sum(part.size for part in stretches) / len(stretches)
    return max(-1.0, min(1.0, (raw + 1 / length) / max(0.5, 1 - 4 / length) if lag == 1 else raw))


def dependent_run_length(false_alarm_every: float, *, slack: float, autocorrelation: float) -> float:
    """Return about how many values there are between false alarms, if values depend on each other.

    Values that depend on the one before by r count for less: as many of them as g = (1 + r)/(1 − r) carry the
    news of one. Taken in blocks of g values, whose sums have variance g², scores are about independent, and
    the CUSUM is one with the same slack and the threshold h/g. Its run length is told in values, g a block.
    Simulated run lengths for r of 0.3 and 0.6 differ from it by at most a fifth
    (`bench/trend_simulation.py`).

    Parameters
    ----------
    false_alarm_every : what was asked for of independent values, from 5 to 100,000
    slack : above 0, in standard deviations
    autocorrelation : at lag 1, from 0 to below 1; below 0 counts as 0

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> round(dependent_run_length(100, slack=0.25, autocorrelation=0.3))
    37
    """
    if not autocorrelation < 1:
        raise ValueError(f"an autocorrelation is below 1, not {autocorrelation}")
    related = max(0.0, autocorrelation)
    gain = (1 + related) / (1 - related)
    threshold = cusum_threshold(float(false_alarm_every), slack=slack)
    return min(float(false_alarm_every), gain * cusum_run_length(threshold / gain, slack=slack))
