"""Scores for the test of Page and Hinkley: deviations in units of a running standard deviation."""

import numpy as np

from mlval.stats.arrays import FloatArray
from mlval.stats.cusum import of_the_largest
from mlval.stats.deviations import Deviations

DELTA = 0.25
"""The size of change, in standard deviations, that is tolerated: half of what is found soonest."""

_LARGEST = 1e6


def page_hinkley_scores(found: Deviations) -> FloatArray:
    """Return each deviation in units of the standard deviation of those before.

    The test (Page 1954, Hinkley 1971) adds up x − running mean − δ and alarms when the sum stands more than λ
    above its smallest value so far; downwards the same with x + δ and the largest value. `excursions` does
    the adding. Here δ and λ are in standard deviations, not in the unit of x, so that one setting serves
    every metric. Implementations that look at the sum alone, without its smallest value, go blind after a
    long run on the other side.

    It is the CUSUM of Hawkins without the step from Student's t to the normal distribution: it is a little
    quicker, and alarms a little more often, while few values are stored.

    Where all before were equal, a value that differs gets the score of the largest of n + 2 values.

    Parameters
    ----------
    found : of one series or of many

    Returns
    -------
    shape (..., n), within ±1,000,000; NaN where no deviation came before

    Examples
    --------
    >>> from mlval.stats.deviations import deviations
    >>> page_hinkley_scores(deviations(np.array([1.0, 3.0, 2.0, 9.0]))).round(2).tolist()
    [nan, nan, 0.0, 6.06]
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = np.clip(found.sizes / found.scale, -_LARGEST, _LARGEST)
    alone = np.sign(found.sizes) * of_the_largest(found.before + 2)
    scores: FloatArray = np.where(found.scale > 0, ratios, alone)
    return np.where(np.isnan(found.scale), np.nan, scores)
