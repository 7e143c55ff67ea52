"""The gap that groups show by chance, where all of them have the same rate."""

from collections.abc import Sequence

import numpy as np

from mlval.stats.arrays import FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.group_gaps import Group, Mean, Share

DRAWS = 2_000
_SEED = 20_240_607


def difference_by_chance(families: Sequence[Sequence[Group]]) -> float:
    """Return the mean of the largest difference between groups of these sizes that do not differ.

    The rate that they share is that of all of them together; rows are drawn with a fixed seed, so that
    the same groups always give the same number.

    Parameters
    ----------
    families : one for each rate whose gaps are taken together, of which the larger counts; each of at
        least two groups

    Examples
    --------
    >>> round(difference_by_chance([[Share(60, 200)] * 8]), 2)
    0.09
    """
    draw = np.random.default_rng(_SEED)
    gaps = [np.ptp(_drawn(draw, family), axis=1) for family in families]
    return float(np.max(gaps, axis=0).mean())


def ratio_by_chance(families: Sequence[Sequence[Share]]) -> float:
    """Return the mean of the smallest ratio between groups of these sizes that do not differ.

    Draws in which no row counts have no ratio and are left out. Parameters as `difference_by_chance`; of
    several rates the smaller ratio counts.

    Raises
    ------
    Undefined
        If no draw has a ratio.

    Examples
    --------
    >>> round(ratio_by_chance([[Share(60, 200)] * 8]), 2)
    0.73
    """
    draw = np.random.default_rng(_SEED)
    ratios = []
    for family in families:
        drawn = _drawn(draw, family)
        highest = drawn.max(axis=1)
        ratios.append(np.where(highest > 0, drawn.min(axis=1) / np.where(highest > 0, highest, 1), np.nan))
    smallest = np.min(ratios, axis=0)
    known = smallest[~np.isnan(smallest)]
    if known.size == 0:
        raise Undefined("no draw has a ratio")
    return float(known.mean())


def _drawn(draw: np.random.Generator, groups: Sequence[Group]) -> FloatArray:
    """Draw the values of all groups, shape (draws, groups)."""
    shares = [group for group in groups if isinstance(group, Share)]
    if len(shares) == len(groups):
        trials = np.array([group.trials for group in shares])
        common = sum(group.successes for group in shares) / int(trials.sum())
        drawn: FloatArray = draw.binomial(trials, common, size=(DRAWS, len(shares))) / trials
        return drawn
    errors = [
        group.found.deviation / group.found.n**0.5 if isinstance(group, Mean) else 0.0 for group in groups
    ]
    return draw.normal(0.0, errors, size=(DRAWS, len(groups)))
